from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from fake_friction_result import fake_friction
from rich.console import Console

from millworks.report import friction_words as say
from millworks.report.friction import friction_charts, write_report
from millworks.report.friction_page import friction_page
from millworks.report.friction_screen import print_friction
from millworks.report.style import FRAMES
from millworks.study.results import Check

FOLDER = Path("outputs/multiplier-hickory-868f96c551")
KINDS = ("spent", "invested", "one", "wide", "nobody")


def lines(result, folder=FOLDER) -> list[str]:
    stream = io.StringIO()
    print_friction(result, folder, Console(file=stream, width=80, highlight=False), 141.0)
    return stream.getvalue().rstrip("\n").split("\n")


@pytest.mark.parametrize("kind", KINDS)
def test_every_result_fits_eighty_by_twenty_four(kind):
    shown = lines(fake_friction(kind))
    assert len(shown) <= 24
    assert max(map(len, shown)) <= 80
    assert "…" not in "\n".join(shown)


def test_a_scale_model_of_one_sector_fits_too():
    base = fake_friction()
    place = replace(base.place, name="Los Angeles-Long Beach-Anaheim-Santa Ana-Irvine, CA")
    shown = lines(replace(base, place=place, sector="FOOD", scale=0.01))
    assert len(shown) <= 24
    assert max(map(len, shown)) <= 80


def test_a_failed_check_stands_under_the_finding_and_still_fits():
    failed = [Check("accounting_identities", False, 1e-3, 1e-9, "books balance")]
    shown = lines(replace(fake_friction(), checks=failed))
    assert len(shown) <= 24
    assert any(line.startswith("CHECKS FAILED: accounting_identities") for line in shown[:4])


def test_the_screen_leads_with_output_here_and_in_the_nation():
    text = " ".join(lines(fake_friction()))
    assert text.startswith("$1 spent on makers of Hickory, NC, makes $")
    assert "in the US, net." in text
    assert "Leontief" in text


def test_only_the_national_figure_without_frictions_is_set_beside_nams():
    spent, invested = (say.comparison(fake_friction(kind)) for kind in ("spent", "invested"))
    assert "its like is Leontief's 2.66" in spent
    assert "local figures do not compare" in spent
    assert "Nothing here compares" in invested


def test_dollars_beyond_what_was_lacking_are_called_so():
    result = fake_friction("invested")
    assert "beyond that it buys capacity nobody asked for" in say.saturation(result)
    enough = replace(result, facts={**result.facts, "lacking": 1.4})
    assert "nobody asked for" not in say.saturation(enough)


def test_an_effect_whose_interval_covers_zero_is_called_so():
    assert "covers zero" in say.headline(fake_friction("wide"))
    assert "covers zero" not in say.headline(fake_friction())


def test_the_bridge_names_the_mechanism_that_moves_most():
    finding = say.bridge_finding(fake_friction())
    assert finding.startswith("Capacity takes $0.42 of the dollar's output here (-0.54 to -0.30")
    assert "from Leontief's $1.54 to $1.12" in finding


def test_a_mechanism_of_two_words_takes_the_plural():
    result = fake_friction()
    moved = tuple(
        replace(step, value=-0.9) if step.term == "prices" else step for step in result.bridge.steps
    )
    finding = say.bridge_finding(replace(result, bridge=replace(result.bridge, steps=moved)))
    assert finding.startswith("Prices and pay take $0.90")


def test_the_names_of_the_lines_stand_clear_of_both_lines_and_of_each_other():
    curves = friction_charts(fake_friction(), "run")[0]
    for frame in FRAMES:
        for panel in curves.drawing(frame).panels:
            first, second = sorted(panel.labels, key=lambda label: label.y)
            assert first.x == second.x > len(panel.x.ticks) - 1
            apart = (second.y - first.y) / (panel.y.high - panel.y.low) * panel.height
            assert apart >= frame.small


def test_a_negative_tick_has_its_sign_before_the_currency():
    result = fake_friction()
    rows = tuple(
        replace(row, low=-9.0) if row.low is not None and row.quantity == "output" else row
        for row in result.rows
    )
    panel = friction_charts(replace(result, rows=rows), "run")[0].drawing(FRAMES[0]).panels[0]
    written = [text for _, text in panel.y.ticks]
    assert any(text.startswith("-$") for text in written)
    assert not any(text.startswith("$-") for text in written)


@pytest.mark.parametrize("kind", KINDS)
def test_charts_have_a_finding_numbers_and_words_in_every_frame(kind):
    charts = friction_charts(fake_friction(kind), "run")
    assert len(charts) == {"invested": 2, "nobody": 0}.get(kind, 3)
    for chart in charts:
        assert chart.title
        assert chart.alt
        assert len(chart.numbers)
        for frame in FRAMES:
            drawing = chart.drawing(frame)
            assert drawing.width == frame.width
            for panel in drawing.panels:
                assert panel.left >= 0.0
                assert panel.left + panel.width <= frame.width


@pytest.mark.parametrize("kind", ["spent", "invested", "nobody"])
def test_the_page_says_finding_comparison_and_bridge(kind):
    result = fake_friction(kind)
    page = friction_page(result, friction_charts(result, "run"), {}, "run")
    assert page is not None
    assert "How to read it" in page
    assert ("From Leontief to the full week, step by step" in page) == (kind == "spent")
    assert "None" not in page


def test_a_folder_has_the_page_and_each_charts_numbers_and_words(tmp_path):
    written = write_report(fake_friction("invested"), tmp_path, "run")
    names = {file.name for file in written}
    assert "report.html" in names
    assert {f"over-time-and-size.{end}" for end in ("csv", "txt")} <= names
