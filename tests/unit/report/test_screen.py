from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from fake_linear_result import fake_result
from rich.console import Console

from millworks.economy.sectors import SECTORS
from millworks.report.screen import print_all, print_linear

FOLDER = Path("outputs/multiplier-hickory-FURN-868f96c551")


def lines(show, *arguments) -> list[str]:
    stream = io.StringIO()
    show(*arguments, Console(file=stream, width=80, highlight=False))
    return stream.getvalue().rstrip("\n").split("\n")


@pytest.fixture(scope="module")
def screen(result):
    return lines(print_linear, result, FOLDER)


def test_the_result_fits_eighty_by_twenty_four(screen):
    assert len(screen) <= 23
    assert max(len(line.rstrip()) for line in screen) <= 80


@pytest.mark.parametrize("sector", SECTORS)
def test_the_result_of_every_sector_fits(sector):
    shown = lines(print_linear, fake_result(sector=sector, nodes=10), FOLDER)
    assert len(shown) <= 23
    assert max(len(line.rstrip()) for line in shown) <= 80


def test_the_screen_leads_with_the_finding_and_ends_with_the_folder(screen):
    assert screen[0].startswith("One dollar of furniture orders in Hickory, NC, makes $1.46")
    assert screen[-1].endswith("outputs/multiplier-hickory-FURN-868f96c551/report.html")


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
    assert str(long / "report.html") in lines(print_linear, result, long)[-1]


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
