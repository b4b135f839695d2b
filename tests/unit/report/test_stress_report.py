"""The report of policies under stress: its sentences, its chart, its screen."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from fake_many_arms import POLICIES, SHOCKS, fake_stress
from rich.console import Console

from millworks.report import stress_words
from millworks.report.stress import print_stress, stress_charts, stress_page, write_report
from millworks.report.style import FRAMES, PAPER


def test_the_headline_counts_what_is_told_and_names_the_largest_with_its_interval():
    assert stress_words.headline(fake_stress()) == (
        "In Hickory, NC, 7 of 35 combinations of a policy and a shock soften the shock and 1 makes "
        "it worse; most, inventory finance under credit crunch: +$36 million (+$18 to +$54 million)"
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("untold", "none of 5 policies is seen to soften a shock or to make it worse"),
        ("same", "change nothing: all pairs are the same"),
        ("one", "One pair of runs has no interval"),
    ],
)
def test_what_cannot_be_told_is_called_so(kind, words):
    assert words in stress_words.headline(fake_stress(kind))


def test_an_effect_that_covers_zero_is_never_said_to_soften():
    result = fake_stress()
    for cell in result.cells:
        said = stress_words.cell_sentence(result, cell)
        assert ("softens" in said or "makes worse" in said) == (cell.told != 0)


def test_a_shock_is_told_with_what_it_costs_or_adds():
    result = fake_stress()
    recession, tariff = (
        next(one for one in result.shocks if one.name == name) for name in ("recession", "tariff")
    )
    assert stress_words.loss_sentence(result, recession).startswith(
        "Recession alone costs $3.00 billion of value added over 10 years (95% interval 2.80 to "
        "$3.20 billion): 2.0% of it, and 4.1% in its worst quarter"
    )
    assert "no loss of value added that can be told from zero" in stress_words.loss_sentence(
        result, tariff
    )


def test_survival_counts_only_policies_with_an_effect_in_good_times():
    result = fake_stress()
    assert stress_words.survival_sentence(result, "import_competition") == (
        "Hub of shared equipment, the one policy with an effect in good times, has it still under "
        "import competition"
    )
    assert "none that can be told under credit crunch" in stress_words.survival_sentence(
        result, "credit_crunch"
    )
    assert "import competition 1" in stress_words.survival_line(result)
    assert "credit crunch 0" in stress_words.survival_line(result)


def test_the_chart_colours_only_what_is_told():
    result = fake_stress()
    chart = stress_charts(result, "stress-0123abcd")[0]
    for frame in FRAMES:
        boxes = [mark for mark in chart.layout(frame).panels[0].marks if hasattr(mark, "x0")]
        assert len(boxes) == len(POLICIES) * len(SHOCKS)
        coloured = [box for box in boxes if box.colour != PAPER]
        assert len(coloured) == sum(cell.told != 0 for cell in result.cells)
    assert len(chart.numbers) == len(result.cells)


def test_no_name_of_a_policy_is_torn_apart():
    chart = stress_charts(fake_stress(), "stress-0123abcd")[0]
    for frame in FRAMES:
        shown = " ".join(text.text.replace("\n", " ") for text in chart.layout(frame).texts)
        assert "Modernization support" in shown


def screen_of(result) -> list[str]:
    out = io.StringIO()
    print_stress(result, None, Console(file=out, width=200), 12.0)
    return out.getvalue().splitlines()


def under_two_shocks():
    result = fake_stress()
    two = ("recession", "credit_crunch")
    return replace(
        result,
        shocks=tuple(one for one in result.shocks if one.name in two),
        cells=tuple(one for one in result.cells if one.shock in two),
    )


def test_under_few_shocks_a_figure_stands_beside_its_interval():
    lines = screen_of(under_two_shocks())
    assert any("credit crunch" in line and "recession" in line for line in lines)
    finance = next(line for line in lines if line.startswith("Inventory finance"))
    assert finance.endswith("+$36M* (+18 to +54)")
    assert not any(line.startswith("95% interval") for line in lines)


def test_under_many_shocks_a_column_says_how_wide_its_intervals_are():
    lines = screen_of(fake_stress())
    assert sum(line.startswith("95% interval, about") for line in lines) == 1
    assert "±$" in next(line for line in lines if line.startswith("95% interval"))


def test_a_shock_made_worse_is_named():
    result = under_two_shocks()
    worse = tuple(
        replace(one, told=-1 if (one.policy, one.shock) == ("hub", "recession") else 0)
        for one in result.cells
    )
    assert "1 of 10 combinations of a policy and a shock makes the shock worse" in (
        stress_words.headline(replace(result, cells=worse))
    )


def test_few_shocks_have_their_tables_open_and_a_sentence_each():
    few, many = stress_page(under_two_shocks()), stress_page(fake_stress())
    assert not any(table.folded for table in few.sections[1].tables)
    assert all(table.folded for table in many.sections[1].tables)
    assert (len(few.lead), len(many.lead)) == (2, 1)


@pytest.mark.parametrize("kind", ["usual", "untold", "same", "one"])
def test_the_screen_has_no_line_beyond_80_characters(kind):
    lines = screen_of(fake_stress(kind))
    assert max(map(len, lines)) <= 80
    assert any("Not calibrated" in line for line in lines)


def test_the_page_has_a_table_for_every_shock_and_says_what_it_does_not_tell(tmp_path):
    page = stress_page(fake_stress())
    assert len(page.sections[0].tables) == len(SHOCKS)
    assert any("not zero" in text for text in page.unknown)
    write_report(fake_stress(), tmp_path, "stress-0123abcd", charts=False)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "7 of 35 combinations" in text
    assert "under credit crunch" in text
