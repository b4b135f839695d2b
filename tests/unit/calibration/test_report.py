"""A validation on the screen, in the chart and on the page."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from millworks.report.drawing import Dots
from millworks.report.style import FRAMES, PHONE
from millworks.report.validation import validation_charts, write_report
from millworks.report.validation_screen import print_validation
from millworks.report.validation_words import band, number, shown, with_interval
from millworks_calibration.intervals import Interval
from millworks_calibration.targets import load_targets


@pytest.fixture(scope="module")
def screen(result) -> list[str]:
    console = Console(width=80, record=True, highlight=False, file=io.StringIO())
    print_validation(result, None, console, 12.0)
    return console.export_text().splitlines()


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
    assert "capacity utilisation" in chart.alt
    assert chart.drawing(PHONE).width == PHONE.width


def test_the_report_leaves_page_picture_numbers_and_text(result, tmp_path):
    names = {file.name for file in write_report(result, tmp_path, "validate-hickory-0123abcd")}
    wanted = {f"data-beside-model.{form}" for form in ("svg", "png", "csv", "txt")}
    assert names == wanted | {"report.html"}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "What binds the best offer" in page
    assert "unsourced" in page
    assert not re.search(r'(?:src|href)="https?:', page)


def test_figures_are_written_in_their_units():
    assert shown(0.41, "share") == "41%"
    assert shown(27.0, "days") == "27 days"
    assert shown(1.47, "months of sales") == "1.47 mo"
    assert shown(1.25e6, "USD of 2022") == "$1.25 million"
    assert number(-0.0001, "share") == "0"
    target = next(target for target in load_targets() if target.id == "M3")
    assert band(target) == "37 to 45%"
    assert with_interval(Interval(0.2, 0.15, 0.25, 4), "share") == "20% (15 to 25)"
    assert with_interval(Interval(0.2, 0.2, 0.2, 1), "share") == "20% (1 seed)"
