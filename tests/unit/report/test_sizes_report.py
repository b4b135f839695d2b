"""The report of programme sizes: its sentences, its chart, its screen."""

from __future__ import annotations

import io

from fake_many_arms import fake_sizes
from rich.console import Console

from millworks.report import size_words
from millworks.report.sizes import print_sizes, sizes_charts, sizes_page, write_report
from millworks.report.style import ACCENT, FRAMES


def curve_of(name: str):
    return next(curve for curve in fake_sizes().curves if curve.name == name)


def test_the_headline_counts_every_ending_once():
    assert size_words.headline(fake_sizes()) == (
        "Of 4 policies in Hickory, NC, 2 are not seen to gain more beyond some size, 1 is still "
        "seen to gain at the largest size run and 1 is not seen to gain at any size; most per "
        "dollar at the default size, hub of shared equipment: $4.20 (3.40 to $5.00)"
    )


def test_money_without_effect_is_told_with_the_limit_that_binds_and_the_one_that_grew():
    said = size_words.ending(curve_of("hub"))
    assert said.startswith(
        "Hub of shared equipment: beyond size 1 it costs more but is not seen to gain more. There "
        "more orders are refused for capacity than for anything else (1.2% of all, interval 1.10 "
        "to 1.30%)"
    )
    assert "labor grew most, by +0.090 points" in said


def test_only_what_nobody_takes_is_said_to_saturate():
    said = {name: size_words.ending(curve_of(name)) for name in ("inventory_finance", "hub")}
    assert "saturates at size 0.5" in said["inventory_finance"]
    assert "from size 2 on nothing differs at all" in said["inventory_finance"]
    assert "saturates" not in said["hub"]


def test_a_policy_without_gain_has_no_limit_that_binds_and_tells_who_uses_it():
    said = size_words.ending(curve_of("modernization_support"))
    assert said.startswith(
        "Modernization support: at no size is a gain in value added told from zero. 3 firms use it"
    )
    assert "refused" not in said


def test_a_policy_that_costs_nothing_has_no_figure_per_dollar():
    free = curve_of("inventory_finance")
    assert "not clear of zero" in size_words.size_sentence(free, free.sizes[0])
    assert "covers zero" in size_words.size_sentence(
        curve_of("modernization_support"), curve_of("modernization_support").sizes[0]
    )


def test_take_up_is_told_at_both_ends():
    assert size_words.take_up(curve_of("hub")).startswith(
        "3 firms use it in an average week at size 0.25, 48 firms at size 4; a unit of size 4 pays "
        "out 0.71 times"
    )


def test_the_chart_marks_where_no_more_gain_is_seen():
    result = fake_sizes()
    chart = sizes_charts(result, "sizes-0123abcd")[0]
    for frame in FRAMES:
        panels = chart.layout(frame).panels
        assert len(panels) == len(result.curves)
        marked = [any(getattr(m, "colour", "") == ACCENT for m in p.marks) for p in panels]
        assert marked == [True, False, False, False]
    assert len(chart.numbers) == 20


def test_the_screen_has_no_line_beyond_80_characters():
    out = io.StringIO()
    print_sizes(fake_sizes(), None, Console(file=out, width=200), 12.0)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert any("Hub of shared equipment" in line and "$4.20*" in line for line in lines)


def test_the_screen_has_the_interval_of_the_default_size_and_where_a_curve_ends():
    out = io.StringIO()
    print_sizes(fake_sizes(), None, Console(file=out, width=200), 12.0)
    lines = out.getvalue().splitlines()
    hub = next(line for line in lines if line.startswith("Hub of shared equipment "))
    assert hub.split()[-2:] == ["±0.80", "x1"]
    assert "—: what it costs is not clear of zero." in lines
    text = " ".join(lines)
    assert "beyond 1: no more gain seen; most refused for capacity (1.2%), labor grew most." in text


def test_a_policy_without_gain_names_no_limit_in_its_row():
    table = sizes_page(fake_sizes()).sections[1].tables[0]
    rows = {row[0]: row[3:] for row in table.rows}
    assert rows["Modernization support"] == ("", "")
    assert rows["Hub of shared equipment"] == ("capacity", "labor")


def test_the_page_shows_sizes_steps_and_reasons(tmp_path):
    page = sizes_page(fake_sizes())
    titles = [table.title for section in page.sections for table in section.tables]
    assert "Hub of shared equipment: sizes" in titles
    assert "Hub of shared equipment: steps" in titles
    write_report(fake_sizes(), tmp_path, "sizes-0123abcd", charts=False)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "nobody takes more" in text
    assert "is not proof that it does not" in text
