"""A validation on the screen, in the chart and on the page."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from millworks.report.drawing import Dots
from millworks.report.style import FRAMES, PHONE
from millworks.report.validation import validation_charts, write_report
from millworks.report.validation_screen import print_validation
from millworks.report.validation_words import (
    band,
    drift_sentence,
    number,
    shown,
    with_interval,
)
from millworks_calibration.intervals import Interval
from millworks_calibration.targets import load_targets

DRIFT = "constrained_trend"


def printed(result) -> list[str]:
    console = Console(width=80, record=True, highlight=False, file=io.StringIO())
    print_validation(result, None, console, 12.0)
    return console.export_text().splitlines()


@pytest.fixture(scope="module")
def screen(result) -> list[str]:
    return printed(result)


@pytest.fixture(scope="module")
def chart(result):
    (chart,) = validation_charts(result, "validate-hickory-0123abcd")
    return chart


def test_the_screen_is_80_characters_wide(screen):
    assert max(map(len, screen)) <= 80


def test_verdict_and_misses_stand_in_the_first_24_lines(screen, result):
    head = "\n".join(screen[:24])
    assert " ".join(head.split()).startswith("Hickory")
    assert "facts to fit" in head
    worst = result.comparisons[0]
    assert worst.inside is False
    assert head.index("Outside their bands") < head.index(worst.target.id)


def test_every_fact_stands_on_the_screen_once(screen):
    text = "\n".join(screen)
    for target in load_targets():
        assert len(re.findall(rf"(?<!\w){target.id}(?!\w)", text)) == 1, target.id


def test_public_claims_stand_beside_the_model_and_the_defects_are_not_hidden(screen):
    text = " ".join(" ".join(screen).split())
    assert "71 % of small manufacturers lack the capital" in text
    assert "(D2)" in text
    assert "Refused, share of orders: capacity 2.0%, cash 1.0%." in text
    assert "Nothing was fitted" in text
    assert "was found that says it of small manufacturers" in text
    assert "so that agreement proves nothing" in text


def test_the_columns_stand_under_their_heads(screen):
    heads = [line.index("model") for line in screen if re.search(r"\S {2,}.*model$", line)]
    assert len(heads) > 3
    assert len(set(heads)) == 1


def test_the_screen_explains_the_constrained_shares_and_the_place(screen, result):
    text = " ".join(" ".join(screen).split())
    assert "It is constrained if own money above half its buffer" in text
    assert "What constrained makers lack, added up, at any one date: " in text
    assert text.index(result.place.mix_quality) < text.index("Nothing was fitted")


def test_the_chart_draws_every_fact_that_has_a_figure(chart, result):
    compared = [row for row in result.comparisons if row.model is not None]
    assert chart.numbers.height == len(compared)
    near = [
        row
        for row in compared
        if abs(row.model.mean - (row.target.low + row.target.high) / 2)
        <= 3 * (row.target.high - row.target.low)
    ]
    for frame in FRAMES:
        (panel,) = chart.drawing(frame).panels
        assert sum(isinstance(mark, Dots) for mark in panel.marks) == len(near)


def test_the_chart_says_its_finding_in_words(chart):
    assert "facts to fit" in chart.title
    (line,) = [line for line in chart.alt.splitlines() if "capacity utilisation" in line]
    assert line.startswith("M6 ")
    assert len(chart.alt.splitlines()) == chart.numbers.height
    assert chart.drawing(PHONE).width == PHONE.width


def test_the_report_leaves_page_picture_numbers_and_text(result, tmp_path):
    names = {file.name for file in write_report(result, tmp_path, "validate-hickory-0123abcd")}
    wanted = {f"data-beside-model.{form}" for form in ("svg", "png", "csv", "txt")}
    assert names == wanted | {"report.html"}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "What limits the best offer to constrained makers" in page
    assert 'data-head="definition and source"' in page
    assert "unsourced" in page
    assert not re.search(r'(?:src|href)="https?:', page)


def test_figures_are_written_in_their_units():
    assert shown(0.41, "share") == "41%"
    assert shown(27.0, "days") == "27 days"
    assert shown(1.47, "months of sales") == "1.47 mo"
    assert shown(1.25e6, "USD of 2022") == "$1.25 million"
    assert number(-0.00001, "share") == "0"
    assert number(-0.0004, "1/year") == "-0.04"
    target = next(target for target in load_targets() if target.id == "M3")
    assert band(target) == "37 to 45%"
    assert with_interval(Interval(0.2, 0.15, 0.25, 4), "share") == "20% (15 to 25)"
    assert with_interval(Interval(0.2, 0.2, 0.2, 1), "share") == "20% (1 world)"


def test_an_interval_is_cut_to_what_its_figure_can_be():
    wide = Interval(0.5, -0.2, 1.2, 3)
    assert with_interval(wide, "share") == "50% (0 to 100)"
    assert with_interval(wide, "1/year") == "50% (0 to 120)"
    assert with_interval(wide, "1/year", change=True) == "50% (-20 to 120)"
    assert with_interval(wide, "share of sales") == "50% (-20 to 120)"
    assert with_interval(Interval(1e6, -1e6, 3e6, 3), "USD").endswith("($0 to $3 million)")
    assert with_interval(Interval(1.1, 1.0, 1.2, 3), "share") == "110% (100 to 110)"


def test_a_drift_of_the_constrained_share_is_said(result):
    assert drift_sentence(result) == ""
    rows = tuple(
        replace(row, model=Interval(0.01, 0.005, 0.015, 4)) if row.name == DRIFT else row
        for row in result.health
    )
    assert drift_sentence(replace(result, health=rows)).startswith("D1 drifts")


def test_the_screen_of_one_world_says_that_it_cannot_be_told(result):
    comparisons = tuple(
        replace(row, model=row.model and replace(row.model, seeds=1)) for row in result.comparisons
    )
    text = "\n".join(printed(replace(result, comparisons=comparisons)))
    assert "Cannot be told: one world, to fit" in text
    assert "Outside their bands" not in text
