from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from fake_run_result import fake_run
from rich.console import Console

from millworks.report.run_screen import print_run
from millworks.study.results import Check

FOLDER = Path("outputs/hickory_inventory_finance-868f96c551")
KINDS = (
    "usual", "covers", "negative", "huge", "tiny", "one", "free", "shock", "both", "placebo",
    "zero",
)  # fmt: skip


def lines(result, folder=FOLDER, seconds=14.2) -> list[str]:
    stream = io.StringIO()
    print_run(result, folder, Console(file=stream, width=80, highlight=False), seconds)
    return stream.getvalue().rstrip("\n").split("\n")


@pytest.mark.parametrize("kind", KINDS)
def test_every_result_fits_eighty_by_twenty_four(kind):
    shown = lines(fake_run(kind))
    assert len(shown) <= 24
    assert max(map(len, shown)) <= 80
    assert "…" not in "\n".join(shown)


def test_a_long_place_several_levers_and_failed_checks_still_fit():
    base = fake_run("covers")
    failed = [
        Check(f"baseline_{k}_trend", False, 1.0, 0.1, f"series {k} drifts by +2 % a year")
        for k in range(6)
    ]
    place = replace(base.place, name="Los Angeles-Long Beach-Anaheim-Santa Ana-Irvine, CA")
    levers = [{**base.levers[0], "title": f"A lever with a long name {k}"} for k in range(5)]
    shown = lines(replace(base, place=place, levers=levers, checks=failed, scale=0.1))
    assert len(shown) <= 24
    assert max(map(len, shown)) <= 80
    # What has no room is cut visibly, never in the middle of a sentence without a mark.
    cost = next(k for k, line in enumerate(shown) if line.startswith("Net public cost"))
    after = next(k for k, line in enumerate(shown) if line.startswith("Baseline and books"))
    assert shown[after - 1].endswith((".", "…")) or cost == after


def test_the_screen_leads_with_the_verdict_and_ends_with_the_folder(tmp_path):
    shown = lines(fake_run())
    assert shown[0].startswith("Inventory finance raised value added in Hickory, NC,")
    assert shown[-1] == f"Results: {FOLDER}"
    (tmp_path / "report.html").write_text("")
    assert lines(fake_run(), tmp_path)[-1] == f"Report: {tmp_path}/report.html"
    assert not any("outputs" in line for line in lines(fake_run(), None))


def test_every_headline_figure_has_its_line():
    shown = lines(fake_run())
    for start in (
        "Value added", "Gross output", "Jobs", "Residents' income", "D1", "D2", "D3", "D4",
        "Want to grow", "Finance gap", "Net public cost", "Net job-years per $1M",
    ):  # fmt: skip
        assert any(line.startswith(start) for line in shown), start


def test_figures_stand_in_their_columns():
    row = next(line for line in lines(fake_run()) if line.startswith("Value added"))
    assert row.split() == ["Value", "added", "$15.2B", "+0.12%", "+$18.4M", "+13.2", "to", "+23.6"]
    row = next(line for line in lines(fake_run()) if line.startswith("D2"))
    assert row.split()[-6:] == ["39.5%", "-5.20", "pt", "-6.00", "to", "-4.40"]


def test_what_covers_zero_says_so_on_its_line():
    covering = [line for line in lines(fake_run()) if line.endswith("covers zero")]
    assert [line.split("  ")[0] for line in covering] == ["Residents' income", "Want to grow"]


def test_precision_and_health_are_told():
    text = " ".join(lines(fake_run()))
    for part in (
        "The smallest effect 20 pairs would find is $7.3 million a year",
        "common draws cut the variance 38-fold",
        "all 4 checks passed",
        "Not calibrated",
        "612 makers, 20 pairs, 520 weeks (burn-in 156)",
        "14 s",
    ):
        assert part in text


def test_failed_checks_stand_right_under_the_verdict():
    failed = Check("baseline_output_trend", False, 0.02, 0.001, "output drifts by +2 % a year")
    shown = lines(replace(fake_run(), checks=[failed, *fake_run().checks[:3]]))
    assert shown[2] == "1 CHECK FAILED of 4: output drifts by +2 % a year."
    assert any("3 checks passed" in line and "all" not in line for line in shown)


def test_one_pair_shows_no_interval_and_says_why():
    text = "\n".join(lines(fake_run("one")))
    assert "95%" not in text
    assert "One pair has no interval: run at least 2" in text


def test_shocks_alone_have_no_cost_and_their_own_column():
    text = "\n".join(lines(fake_run("shock")))
    assert "public cost" not in text
    assert "baseline    shock" in text


def test_a_placebo_is_told_apart():
    assert any("A placebo hands its levy back" in line for line in lines(fake_run("placebo")))


def test_a_result_without_some_quantities_shows_the_others():
    base = fake_run()
    only = [effect for effect in base.effects if effect.quantity in ("value_added", "jobs")]
    shown = lines(replace(base, effects=only))
    assert any(line.startswith("Jobs") for line in shown)
    assert not any(line.startswith("D1") for line in shown)
