"""The report of binding constraints: its sentences, its charts, its screen."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from fake_many_arms import YEARLY, effect, fake_constraints
from rich.console import Console

from millworks.agents.producer import REASONS
from millworks.report import constraint_words
from millworks.report.constraints import (
    constraints_charts,
    constraints_page,
    print_constraints,
    write_report,
)
from millworks.report.style import FRAMES


def test_the_headline_names_the_limit_of_most_orders_and_the_one_worth_most():
    assert constraint_words.headline(fake_constraints()) == (
        "In Hickory, NC, 3.1% of manufacturers' orders are refused, most for capacity (1.2%); 10% "
        "more of one limit adds most for cash: +$4.0 million a year (+$2.4 to +$5.6 million)"
    )


def test_a_worth_that_cannot_be_told_is_called_so():
    result = fake_constraints("untold")
    assert "is not seen to add value" in constraint_words.headline(result)
    for one in result.relaxed:
        assert "not told from zero" in constraint_words.worth_sentence(one)


def test_a_worth_that_lets_no_order_in_is_told_as_such():
    """What is made for a larger stock is value added, though not one order more is served."""
    result = fake_constraints()
    forecast = replace(result.relaxed[-1], told=1, value_added=effect(9e6, 1e6, YEARLY))
    assert not forecast.reaches
    said = constraint_words.headline(replace(result, relaxed=(*result.relaxed[:-1], forecast)))
    assert "adds most for forecast: +$9.0 million" in said
    assert said.endswith("though no fewer orders are seen to be refused for it")


def test_a_district_that_refuses_nothing_has_no_bars():
    result = fake_constraints("none")
    assert "no order of manufacturers is refused" in constraint_words.headline(result)
    assert [chart.slug for chart in constraints_charts(result, "c-0123")] == ["worth-of-relaxing"]


def test_an_experiment_is_told_with_its_parameters_and_what_it_misses():
    labour = next(one for one in fake_constraints().relaxed if one.reason == "labour")
    said = constraint_words.experiment(labour)
    assert said.startswith("Labor: hands follow orders 10% faster (eta_h 0.15 to 0.165).")
    assert "Makers pay for it." in said
    assert "Not captured: nobody is trained" in said


def test_a_limit_that_does_not_reach_its_own_orders_is_told_so():
    relaxed = fake_constraints().relaxed
    assert "fewer orders are refused for capacity" in constraint_words.reach(relaxed[0])
    assert "it is not seen to change" in constraint_words.reach(relaxed[-1])


def test_every_reason_is_relaxed_or_left_out_with_its_why():
    result = fake_constraints()
    said = " ".join(constraint_words.left_out(result))
    assert "Shipping: not relaxed" in said
    assert len(result.relaxed) + len(result.left_out) == len(REASONS)


def test_stacked_bars_end_where_all_reasons_end():
    """Segments of a bar add up to the share of all reasons, in every frame."""
    result = fake_constraints()
    chart = constraints_charts(result, "c-0123")[0]
    for frame in FRAMES:
        panels = chart.layout(frame).panels
        ends = max(mark.x1 for mark in panels[0].marks)
        assert ends == pytest.approx(result.share("all", "<5").mean)
        assert ends <= panels[0].x.high
        newcomers = max(mark.x1 for mark in panels[1].marks)
        assert newcomers == pytest.approx(result.share("all", "newcomers").mean)


def test_every_bar_has_its_interval_in_every_frame():
    chart = constraints_charts(fake_constraints(), "c-0123")[0]
    for frame in FRAMES:
        panels = chart.layout(frame).panels
        said = [label.text for panel in panels for label in panel.labels]
        assert sum(" to " in text and "(" in text for text in said) == 6


def test_the_screen_has_an_interval_for_every_size():
    out = io.StringIO()
    print_constraints(fake_constraints(), None, Console(file=out, width=200), 12.0)
    line = next(one for one in out.getvalue().splitlines() if one.startswith("95% interval"))
    assert line.split()[2:5] == ["2.8-3.4%", "12-15%", "8-10%"]
    assert len(line.split()) == 2 + 7


def test_the_legend_names_every_reason_with_orders():
    result = fake_constraints()
    texts = constraints_charts(result, "c-0123")[0].layout(FRAMES[0]).texts
    shown = {text.text for text in texts}
    assert {"Capacity", "Cash", "Inputs", "Labor", "Space", "Shipping", "Forecast"} <= shown
    assert not any(text.startswith("Queue") for text in shown)


@pytest.mark.parametrize("kind", ["usual", "untold", "none"])
def test_the_screen_has_no_line_beyond_80_characters(kind):
    out = io.StringIO()
    print_constraints(fake_constraints(kind), None, Console(file=out, width=200), 12.0)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert any("No policy" in line for line in lines)


def test_the_page_says_that_this_is_no_policy(tmp_path):
    page = constraints_page(fake_constraints())
    assert "None of this is a policy" in page.unknown[0]
    write_report(fake_constraints(), tmp_path, "c-0123", charts=False)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "no public dollar is spent" in text
    assert "Limits relaxed, one at a time" in text
