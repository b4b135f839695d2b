from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rank_results import KINDS, fake_rank
from rich.console import Console

from millworks.report.rank_numbers import short_title
from millworks.report.rank_screen import print_rank
from millworks.study.results import Check

FOLDER = Path("outputs/rank-hickory-868f96c551")


def lines(result, width=80, folder=FOLDER) -> list[str]:
    stream = io.StringIO()
    print_rank(result, folder, Console(file=stream, width=width, highlight=False), 52.3)
    return stream.getvalue().rstrip("\n").split("\n")


def row(shown: list[str], name: str) -> str:
    return next(line for line in shown if f" {name} " in f" {line[:40]} ")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_longer_than_the_screen(kind, width):
    shown = lines(fake_rank(kind), width)
    assert max(map(len, shown)) <= width
    assert len(shown) <= 36


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "tiny"])
def test_every_policy_has_a_line_of_its_own_with_its_whole_name(kind):
    result = fake_rank(kind)
    shown = lines(result)
    for entry in result.entries:
        assert sum(f" {short_title(entry)} " in line for line in shown) == 1


def test_figures_stand_in_their_columns():
    shown = lines(fake_rank())
    cells = row(shown, "Technology transfer").split()
    assert cells == [
        "1-4", "Technology", "transfer", "works", "+1.92", "0.96", "to", "2.88", "+17", "2.0", "86",
    ]  # fmt: skip
    head = next(line for line in shown if line.startswith("rank"))
    assert head.split() == [
        "rank", "policy", "verdict", "change", "corrected", "jobs", "cost", "per", "$1M",
    ]  # fmt: skip
    assert "Change of local value added in $M a year" in " ".join(shown)


def test_columns_stand_under_their_heads():
    shown = lines(fake_rank("dominated"))
    head = next(line for line in shown if line.startswith("rank"))
    end = head.index("cost") + len("cost")
    for name in ("Technology transfer", "Hub", "Placebo"):
        line = row(shown, name)
        assert line[end - 1] in "0123456789+*"
        assert line[end : end + 1] in ("", " ")


def test_verdicts_marks_and_comparators():
    result = fake_rank("saturated")
    shown = lines(result)
    assert " 0.8* " in row(shown, "Small-batch shipping")
    assert " 2.0+ " in row(shown, "Partner equity")
    assert " ~+2 " in row(shown, "Hub")
    assert "cannot spend it all" in " ".join(shown)
    heads = [k for k, line in enumerate(shown) if line.strip().startswith("Comparators")]
    placebo = next(k for k, line in enumerate(shown) if " Placebo " in line)
    rail = next(k for k, line in enumerate(shown) if " Ports and rail " in line)
    assert rail < heads[0] < placebo
    assert row(shown, "Placebo").startswith("     ")


def test_ranks_are_given_as_the_ranks_between_which_a_policy_lies():
    result = fake_rank()
    shown = lines(result)
    for entry in result.levers:
        assert entry.places is not None
        low, high = entry.places
        assert row(shown, short_title(entry)).split()[0] == f"{low}-{high}"


def test_one_pair_shows_no_interval_no_rank_and_no_verdict():
    shown = lines(fake_rank("one"))
    cells = row(shown, "Technology transfer")
    assert cells.startswith("—")
    assert "not told" in cells
    assert "no interval" in cells


def test_a_wide_screen_adds_the_chance_to_be_first_and_intervals():
    wide, narrow = lines(fake_rank(), 100), lines(fake_rank(), 80)
    assert row(wide, "Technology transfer").endswith("93%")
    assert "54 to 118" in row(wide, "Technology transfer")
    assert "93%" not in " ".join(narrow)


def test_what_a_policy_works_with_is_said_below():
    assert "Hub works only with technology transfer." in lines(fake_rank())
    assert "only with…" in row(lines(fake_rank()), "Hub")


def test_the_screen_ends_with_what_is_not_known_and_the_folder(tmp_path):
    shown = lines(fake_rank())
    assert shown[-2] == "Not known: nothing is calibrated; gains here may be losses elsewhere."
    assert shown[-1] == f"Results: {FOLDER}"
    (tmp_path / "report.html").write_text("")
    assert lines(fake_rank(), folder=tmp_path)[-1] == f"Report: {tmp_path}/report.html"
    assert not any("outputs" in line for line in lines(fake_rank(), folder=None))


def test_failed_checks_stand_above_the_table():
    failed = Check("baseline_output_trend", False, 0.02, 0.001, "output drifts by +2 % a year")
    shown = lines(replace(fake_rank(), checks=[failed]))
    text = next(k for k, line in enumerate(shown) if "1 of 1 CHECKS FAILED" in line)
    assert text < next(k for k, line in enumerate(shown) if line.startswith("rank"))


def test_a_placebo_that_moves_something_is_told():
    result = fake_rank()
    odd = tuple(
        replace(e, verdict=replace(e.verdict, mean=2e6, low=1e6, high=3e6))
        if e.name == "placebo"
        else e
        for e in result.entries
    )
    assert "does NOT cover zero" in " ".join(lines(replace(result, entries=odd)))
