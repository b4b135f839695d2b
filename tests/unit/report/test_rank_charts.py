from __future__ import annotations

import math
from itertools import pairwise

import pytest
from rank_results import KINDS, fake_rank

from millworks.report.charts.effect_against_cost import Warp, _ticks, effect_against_cost
from millworks.report.charts.point_labels import place
from millworks.report.charts.ranking import HARMS, QUIET, WORKS, enlarged, reach, what_works
from millworks.report.charts.who_gains import largest_sectors, relative, who_gains
from millworks.report.drawing import Box, Dots, Line
from millworks.report.rank import rank_charts
from millworks.report.rank_numbers import classes, found, judged, short_title
from millworks.report.style import FILE, FRAMES, PAGE, PAPER, PHONE, Footer

SLUGS = ("what-works", "effect-against-cost", "who-gains", "who-gains-by-sector")
FOOTER = Footer("Simulated, not calibrated.", 2022, "rank-hickory-0123")


@pytest.fixture(scope="module")
def charts():
    return {chart.slug: chart for chart in rank_charts(fake_rank(sectors=True), "rank-hickory-01")}


def dots(panel):
    return [mark for mark in panel.marks if isinstance(mark, Dots)]


def test_there_are_four_charts_and_those_without_figures_are_left_out(charts):
    assert tuple(charts) == SLUGS
    bare = [chart.slug for chart in rank_charts(fake_rank("bare"), "run")]
    assert bare == ["what-works", "effect-against-cost"]
    assert [chart.slug for chart in rank_charts(fake_rank(), "run")] == list(SLUGS[:3])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_result_can_be_laid_out_on_every_sheet(kind):
    for chart in rank_charts(fake_rank(kind, sectors=True), "run"):
        for frame in FRAMES:
            drawing = chart.drawing(frame)
            for panel in drawing.panels:
                assert panel.left >= 0
                assert panel.width > 0
                assert panel.left + panel.width <= drawing.width + 1e-6
                assert panel.top + panel.height <= drawing.height + 1e-6
                assert panel.x.low < panel.x.high
                assert panel.y.low < panel.y.high


@pytest.mark.parametrize("slug", SLUGS)
def test_titles_state_findings_with_intervals_and_footers_source_year_and_run(charts, slug):
    chart = charts[slug]
    assert "interval" in chart.title
    for part in ("not calibrated", "Data year 2022", "rank-hickory-01"):
        assert part in chart.footer.text()


def test_where_nothing_is_told_the_titles_say_so():
    cost, size = rank_charts(fake_rank("nothing"), "run")[1:3]
    assert "no policy has an effect on local value added that can be told" in cost.title
    assert "In no size class does any policy move value added" in size.title
    one = rank_charts(fake_rank("one"), "run")
    assert "nothing can be said" in one[0].title
    assert "One pair of runs tells nothing" in one[1].title
    assert "One pair of runs cannot tell" in one[2].title


def test_dots_are_the_effects_blue_what_works_orange_what_harms_grey_the_rest(charts):
    result = fake_rank()
    panel = charts["what-works"].drawing(FILE).panels[0]
    assert [dot.x[0] for dot in dots(panel)] == [entry.verdict.mean for entry in result.entries]
    for dot, entry in zip(dots(panel), result.entries, strict=True):
        word = entry.verdict.word.value
        assert dot.edge == {"works": WORKS, "harms": HARMS}.get(word, QUIET)
        assert dot.fill == [PAPER if entry.comparator else dot.edge]


def test_bars_are_the_corrected_intervals(charts):
    panel = charts["what-works"].drawing(FILE).panels[0]
    bars = {
        (mark.x[0], mark.x[1]) for mark in panel.marks if isinstance(mark, Line) and mark.width > 2
    }
    for entry in fake_rank().entries:
        assert (entry.verdict.low, entry.verdict.high) in bars


def test_every_policy_is_named_with_its_verdict_and_saturated_ones_with_what_they_spend():
    result = fake_rank("saturated")
    chart = what_works(result, FOOTER)
    assert chart is not None
    for frame in (PAGE, PHONE):
        texts = [text.text for text in chart.drawing(frame).texts]
        for entry in result.entries:
            assert short_title(entry) in texts
        assert sum("spends only 41%" in text for text in texts) == 2


def test_where_one_policy_dwarfs_the_others_they_are_enlarged_and_its_bar_goes_on():
    result = fake_rank("dominated")
    chart = what_works(result, FOOTER)
    assert chart is not None
    whole, closer = chart.drawing(PAGE).panels
    assert len(dots(whole)) == len(result.entries)
    assert len(dots(closer)) == len(result.entries) - 1
    assert "→" in [label.text for label in closer.labels]
    small = [reach(judged(result, entry)) for entry in result.entries[1:]]
    assert closer.x.high >= max(small)
    assert len(chart.drawing(PHONE).panels) == 2


def test_nothing_is_enlarged_where_effects_are_alike():
    for kind in ("usual", "zero", "harms", "one"):
        result = fake_rank(kind)
        assert enlarged([judged(result, entry) for entry in result.entries]) is None
        chart = what_works(result, FOOTER)
        assert chart is not None
        assert len(chart.drawing(PAGE).panels) == 1


def test_points_stand_at_cost_and_effect_of_the_default_size():
    result = fake_rank()
    chart = effect_against_cost(result, FOOTER)
    assert chart is not None
    numbers = chart.numbers
    assert numbers["mean"].to_list() == [
        found(entry.default, "value_added").mean  # type: ignore[union-attr]
        for entry in result.entries
    ]
    cost = dict(zip(numbers["policy"], numbers["cost_usd_of_2022"], strict=True))
    assert cost["Technology transfer"] == 4.2e6
    # What partners pay for stands at the money of all payers.
    assert cost["Partner equity"] == 16.2e6
    assert len(dots(chart.drawing(PAGE).panels[0])) == len(result.entries)


def test_without_default_sizes_points_stand_at_what_equal_cost_came_to():
    result = fake_rank("bare")
    chart = next(one for one in rank_charts(result, "run") if one.slug == "effect-against-cost")
    rows = chart.numbers.to_dicts()
    assert [row["policy"] for row in rows] == [e.title.split(":")[0] for e in result.entries]
    costs = [entry.equal.find(entry.cost_basis).mean for entry in result.entries]
    assert [row["cost_usd_of_2022"] for row in rows] == costs
    assert "At the same cost" in chart.title
    assert "default" not in chart.title + chart.subtitle + chart.heading


def test_intervals_are_drawn_both_ways():
    chart = effect_against_cost(fake_rank("alone"), FOOTER)
    assert chart is not None
    panel = chart.drawing(PAGE).panels[0]
    (dot,) = dots(panel)
    bars = [m for m in panel.marks if isinstance(m, Line) and m.opacity < 1.0]
    assert len(bars) == 2
    assert any(bar.x[0] == bar.x[1] == dot.x[0] for bar in bars)
    assert any(bar.y[0] == bar.y[1] == dot.y[0] for bar in bars)


def test_a_warped_axis_keeps_order_says_so_and_has_ticks_that_stand_apart():
    chart = effect_against_cost(fake_rank("dominated"), FOOTER)
    assert chart is not None
    assert "equal steps are equal ratios" in chart.subtitle
    warp = Warp(1e5)
    assert warp.at(-1e5) < warp.at(0.0) == 0.0 < warp.at(1e5) < warp.at(1e7)
    ticks = _ticks(warp, -2e6, 4e7, 7)
    assert 0.0 in ticks
    assert ticks == sorted(ticks)
    gaps = [warp.at(b) - warp.at(a) for a, b in pairwise(ticks)]
    assert min(gaps) >= (warp.at(4e7) - warp.at(-2e6)) / 8.0 - 1e-12
    alike = effect_against_cost(fake_rank("alone"), FOOTER)
    assert alike is not None
    assert "ratios" not in alike.subtitle


def test_a_phone_numbers_the_points_and_lists_their_names():
    result = fake_rank()
    chart = effect_against_cost(result, FOOTER)
    assert chart is not None
    texts = [text.text for text in chart.drawing(PHONE).texts]
    for number, entry in enumerate(result.entries, 1):
        assert str(number) in texts
        assert f"{number}  {short_title(entry)}" in texts


def overlap(one, other) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0.0) * max(high, 0.0)


def test_labels_of_crowded_points_do_not_cover_each_other():
    points = [(200.0 + 7.0 * k, 150.0 + 5.0 * (k % 3)) for k in range(10)]
    sizes = [(110.0, 15.0)] * len(points)
    boxes = [one.box for one in place(points, sizes, [], (0.0, 0.0, 500.0, 320.0))]
    for k, one in enumerate(boxes):
        assert one[0] >= -1e-9
        assert one[2] <= 500.0 + 1e-9
        assert sum(overlap(one, other) for other in boxes[k + 1 :]) == 0.0


def test_labels_keep_off_the_sheet_s_edge_and_a_lone_one_stands_beside_its_point():
    (one,) = place([(100.0, 100.0)], [(50.0, 14.0)], [], (0.0, 0.0, 400.0, 200.0))
    assert one.box[0] == pytest.approx(110.0)
    assert not one.led
    (edge,) = place([(395.0, 100.0)], [(50.0, 14.0)], [], (0.0, 0.0, 400.0, 200.0))
    assert edge.box[2] <= 400.0


def test_cells_are_percent_of_the_class_and_coloured_only_where_told():
    result = fake_rank()
    chart = who_gains(result, FOOTER)
    assert chart is not None
    panel = chart.drawing(FILE).panels[0]
    boxes = [mark for mark in panel.marks if isinstance(mark, Box)]
    cells = [
        found(entry.equal, "value_added", size)
        for entry in result.entries
        for size in classes(result)
    ]
    assert len(boxes) == len(cells) == len(panel.labels)
    greys = {box.colour for box, c in zip(boxes, cells, strict=True) if c is None or c.covers_zero}
    told = {box.colour for box, c in zip(boxes, cells, strict=True) if c and not c.covers_zero}
    assert len(greys) == 1
    assert told
    assert not greys & told
    first = cells[0]
    assert first is not None
    assert panel.labels[0].text == f"{100 * (relative(first) or math.nan):+.3f}%"


def test_the_largest_sectors_come_first_and_have_a_chart_of_their_own(charts):
    result = fake_rank(sectors=True)
    assert largest_sectors(result)[:2] == ["FURN", "TEXT"]
    texts = [text.text for text in charts["who-gains-by-sector"].drawing(PAGE).texts]
    assert "Furniture" in texts
    assert "sector" in charts["who-gains-by-sector"].numbers.columns


@pytest.mark.parametrize("slug", SLUGS)
def test_alternative_texts_say_the_numbers(charts, slug):
    expected = {
        "what-works": "Technology transfer works: +$1.92 million a year (corrected 95% interval",
        "effect-against-cost": "Hub: +$0.4 million a year (95% interval",
        "who-gains": "In ",
        "who-gains-by-sector": "furniture makers",
    }
    assert expected[slug] in charts[slug].alt


@pytest.mark.parametrize("slug", SLUGS)
def test_numbers_behind_charts_carry_their_units(charts, slug):
    assert charts[slug].numbers["unit"].null_count() == 0


def test_equal_results_give_equal_drawings(charts):
    for again in rank_charts(fake_rank(sectors=True), "rank-hickory-01"):
        assert repr(again.drawing(PAGE)) == repr(charts[again.slug].drawing(PAGE))
