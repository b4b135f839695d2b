from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_linear_result import fake_result
from rich.console import Console

from millworks.economy.sectors import SECTORS
from millworks.report.screen import print_all, print_linear

FOLDER = Path("outputs/multiplier-hickory-FURN-868f96c551")


def lines(show, result, folder, *more) -> list[str]:
    stream = io.StringIO()
    show(result, folder, Console(file=stream, width=80, highlight=False), *more)
    return stream.getvalue().rstrip("\n").split("\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A run's folder with a page in it."""
    path = tmp_path_factory.mktemp("run") / FOLDER.name
    path.mkdir()
    (path / "report.html").write_text("")
    return path


@pytest.fixture(scope="module")
def screen(result, folder):
    return lines(print_linear, result, folder)


def test_the_result_fits_eighty_by_twenty_four(screen):
    assert len(screen) <= 23
    assert max(len(line.rstrip()) for line in screen[:-1]) <= 80


@pytest.mark.parametrize("weeks", [104, 60])
@pytest.mark.parametrize("sector", SECTORS)
def test_the_result_of_every_sector_fits(sector, weeks):
    shown = lines(print_linear, fake_result(sector=sector, nodes=10, weeks=weeks), FOLDER)
    assert "…" not in "\n".join(shown)
    assert len(shown) <= 23
    assert max(len(line.rstrip()) for line in shown) <= 80


def test_the_screen_leads_with_the_finding_and_ends_with_the_folder(screen):
    assert screen[0].startswith("One dollar of furniture orders in Hickory, NC, makes $1.46")
    assert screen[-1].startswith("Report: ")
    assert screen[-1].endswith("multiplier-hickory-FURN-868f96c551/report.html")


def test_a_run_without_a_page_names_its_folder_and_no_page(result, tmp_path):
    assert lines(print_linear, result, tmp_path)[-1] == f"Results: {tmp_path}"


def test_the_screen_says_what_the_local_figure_hangs_on(screen):
    text = " ".join(line.strip() for line in screen)
    assert "$1.46 under flq_goods (used), $1.23 under flq and $1.88 under slq" in text
    assert "estimated local shares" in text


def test_the_screen_tells_what_stayed_what_went_and_what_went_abroad(screen):
    text = " ".join(line.strip() for line in screen)
    assert "It ended: kept here 16¢ (saving 8.0¢, profit 7.0¢, taxes 1.0¢); rest of US 71¢" in text
    assert "abroad 13¢." in text


def test_a_run_that_is_too_short_is_shouted(result):
    text = " ".join(line.strip() for line in lines(print_linear, fake_result(weeks=60), None))
    assert "within 60 weeks, NOT SETTLED." in text
    assert "NOT SETTLED: rounds of pay take about 104 weeks; Leontief has $1.46 here." in text


def test_the_figure_of_manufacturers_is_set_beside_manufactures_only():
    def shown(sector):
        return "\n".join(lines(print_linear, fake_result(sector=sector, nodes=10), None))

    assert "2.68" in shown("FURN")
    assert "2.68" not in shown("WHL")


def test_the_number_of_makers_is_called_an_estimate_where_it_is_one(result):
    assert any(
        line.startswith("612 makers (estimated)") for line in lines(print_linear, result, None)
    )
    generic = SimpleNamespace(name="Generic district", national_share=0.004)
    shown = lines(print_linear, replace(result, place=generic), None)
    assert any(line.startswith("612 makers, ") for line in shown)


def test_the_seconds_shown_are_those_it_is_given(result):
    shown = "\n".join(lines(print_linear, result, None, 12.34))
    assert "12.3 s." in shown


def test_the_screen_sets_agents_beside_leontief_for_every_effect(screen):
    text = "\n".join(screen)
    for effect in ("direct", "indirect", "induced", "total"):
        assert any(line.startswith(effect) for line in screen)
    assert text.count("Leontief") >= 3
    assert "1.4600" in text
    assert "1.4601" in text


def test_the_screen_says_what_is_counted_and_who_pays(screen):
    text = " ".join(screen)
    for part in ("no government, farms", "Paid from outside", "upper reference", "2.68", "IMPLAN"):
        assert part.lower() in text.lower()


def test_no_figure_is_cut(screen):
    assert "…" not in "\n".join(screen)


def test_failed_checks_are_shouted_in_full(result):
    failed = replace(result.checks[0], passed=False)
    shown = " ".join(lines(print_linear, replace(result, checks=[failed]), FOLDER))
    assert "CHECKS FAILED: agents_equal_leontief" in shown


def test_a_long_path_is_printed_whole(result):
    long = Path("/a/very/long/way") / ("x" * 90)
    assert str(long) in lines(print_linear, result, long)[-1]


def test_without_a_folder_no_path_is_named(result):
    assert not any("report.html" in line for line in lines(print_linear, result, None))


def test_all_sectors_fit_eighty_columns():
    results = [fake_result(sector=sector, nodes=10) for sector in SECTORS]
    shown = lines(print_all, results, FOLDER)
    assert max(len(line.rstrip()) for line in shown) <= 80
    assert "…" not in "\n".join(shown)
    for sector in SECTORS:
        assert any(line.startswith(sector) for line in shown)
    assert shown[-1].endswith("868f96c551")


def test_the_distance_shown_for_all_sectors_is_that_of_output(result):
    rows = [
        {**row, "relative_difference": 0.5 if row["quantity"] == "jobs" else -2e-4}
        for row in result.rows
    ]
    shown = lines(print_all, [replace(result, rows=rows)] * 2, None)
    row = next(line for line in shown if line.startswith("FURN"))
    assert row.split()[-1] == "0.02%"


def test_all_sectors_say_between_which_figures_they_lie_under_every_quotient(result):
    other = replace(result, local_output_by_method={"flq_goods": 1.7, "flq": 1.1, "slq": 2.0})
    text = " ".join(line.strip() for line in lines(print_all, [result, other], None))
    assert "1.46 to 1.70 under flq_goods (used), 1.10 to 1.23 under flq" in text
