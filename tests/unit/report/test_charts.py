from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from fake_linear_result import fake_result

from millworks.report import names, rounding, words
from millworks.report.charts.network_layout import pack, place_around
from millworks.report.drawing import Box, Dots
from millworks.report.figures import simulated
from millworks.report.linear import linear_charts
from millworks.report.style import FRAMES, REGION_COLOURS
from millworks.study.quantities import QUANTITIES
from millworks.study.results import Check

SLUGS = ("dollar-path", "where-it-went", "supply-network", "against-leontief")


def test_there_is_a_path_a_destination_a_network_and_a_comparison(charts):
    assert tuple(charts) == SLUGS


def test_the_path_ends_at_the_multiplier(result, charts):
    last = charts["dollar-path"].numbers.filter(pl.col("week") == pl.col("week").max())
    for region in ("local", "rest_of_us"):
        total = last.filter(pl.col("region") == region)["output_usd_per_usd_to_date"].sum()
        # The fixture's agents miss Leontief by up to 1e-4 and its path does not.
        assert total == pytest.approx(simulated(result, "output", region), rel=2e-4)


def test_the_numbers_of_the_path_are_those_of_the_result(result, charts):
    numbers = charts["dollar-path"].numbers
    joined = numbers.join(result.path, on=["week", "effect", "region"])
    assert len(joined) == len(result.path) == len(numbers)
    assert (joined["output_usd_per_usd_in_week"] - joined["value"]).abs().max() == 0


def test_the_numbers_of_the_destination_are_those_of_the_result(result, charts):
    numbers = charts["where-it-went"].numbers
    made = numbers.filter(pl.col("block") == "received_output")["usd_per_usd"].sum()
    left = numbers.filter(pl.col("block") == "came_to_rest")["usd_per_usd"].sum()
    assert made == pytest.approx(
        result.recipients.filter(pl.col("quantity") == "output")["value"].sum()
    )
    assert left == pytest.approx(1.0)


def test_bars_of_producers_add_up_to_the_output_of_the_district(charts):
    drawing = charts["where-it-went"].drawing(FRAMES[0])
    bars = [mark for mark in drawing.panels[0].marks if isinstance(mark, Box)]
    local = charts["where-it-went"].numbers.filter(
        (pl.col("block") == "received_output") & (pl.col("region") == "local")
    )["usd_per_usd"]
    assert sum(bar.x1 - bar.x0 for bar in bars) == pytest.approx(local.sum(), rel=1e-6)


def test_the_numbers_of_the_network_are_those_of_its_firms(result, charts):
    numbers = charts["supply-network"].numbers
    inside = result.nodes.filter(pl.col("kind") != "outside")
    assert sorted(numbers["id"]) == sorted(inside["id"])
    assert numbers["received_usd_per_usd"].sum() == pytest.approx(inside["received"].sum())


def test_the_numbers_of_the_comparison_are_the_rows_of_the_result(result, charts):
    numbers = charts["against-leontief"].numbers
    assert numbers.drop("unit", "counts").to_dicts() == result.rows


def test_every_number_of_a_chart_has_a_unit_and_jobs_say_what_they_count(charts):
    for chart in charts.values():
        for table in (chart.numbers, *chart.more.values()):
            plain = {"id", "buyer", "seller", "week", "year"}
            numeric = [name for name in table.columns if table[name].dtype.is_numeric()]
            bare = [name for name in numeric if name not in plain and "usd" not in name]
            assert not bare or "unit" in table.columns, (chart.slug, bare)
    jobs = charts["against-leontief"].numbers.filter(pl.col("quantity") == "jobs")
    assert jobs["unit"].unique().to_list() == [QUANTITIES["jobs"].unit]
    assert "no self-employed" in jobs["counts"][0]
    for text in (charts["against-leontief"].subtitle, charts["against-leontief"].alt):
        assert words.JOBS_COVERAGE in text


def test_bars_of_the_paid_add_up_and_wear_the_colour_of_their_place(result, charts):
    paid = result.recipients.filter(pl.col("quantity") == "income")
    panels = charts["where-it-went"].drawing(FRAMES[0]).panels
    panel = next(p for p in panels if p.labels[0].text == "Paid by producers in the district")
    bars = [mark for mark in panel.marks if isinstance(mark, Box)]
    for region in ("local", "rest_of_us"):
        drawn = sum(bar.x1 - bar.x0 for bar in bars if bar.colour == REGION_COLOURS[region])
        there = paid.filter(pl.col("region") == region)["value"].sum()
        assert drawn == pytest.approx(there, rel=0.02)


def test_what_came_to_rest_is_told_by_place_and_its_bars_end_at_one_dollar(charts):
    panels = charts["where-it-went"].drawing(FRAMES[0]).panels
    headings = list(names.RESTING_PLACES.values())
    found = [panel for panel in panels if panel.labels[0].text in headings]
    assert [panel.labels[0].text for panel in found] == headings[:3]
    ends = [mark.x1 for panel in found for mark in panel.marks if isinstance(mark, Box)]
    assert ends == sorted(ends)
    assert ends[-1] == pytest.approx(1.0)
    title = charts["where-it-went"].title
    assert "16¢ stayed here unspent, 71¢ went to the rest of the US and 13¢ abroad" in title


def test_makers_and_partners_of_a_group_are_counted_apart(result):
    makers = result.nodes.filter((pl.col("sector") == "FURN") & (pl.col("kind") == "maker"))["id"]
    grown = pl.when(pl.col("id") == makers[0]).then(pl.lit("partner")).otherwise("kind")
    nodes = result.nodes.with_columns(kind=grown)
    alt = linear_charts(replace(result, nodes=nodes), "run")[2].alt
    assert f"furniture makers ({len(makers) - 1} makers, 1 partner)" in alt


def test_a_run_that_is_too_short_is_called_so_in_its_headline():
    path = linear_charts(fake_result(weeks=60), "run")[0]
    assert path.title.endswith("elsewhere in the US within 60 weeks, NOT SETTLED")
    assert path.heading.startswith("Half of the output of these 60 weeks")


@pytest.mark.parametrize("slug", SLUGS)
def test_alternative_texts_say_the_numbers(result, charts, slug):
    alt = charts[slug].alt
    if slug == "supply-network":
        furniture = result.nodes.filter(
            (pl.col("sector") == "FURN") & pl.col("kind").is_in(["maker", "partner"])
        )
        assert f"furniture makers ({(furniture['kind'] == 'maker').sum()} maker" in alt
        assert rounding.per_thousand(furniture["received"].sum()) in alt
        return
    assert rounding.dollars(simulated(result, "output", "local")) in alt or slug == "dollar-path"
    expected = {
        "dollar-path": rounding.money(simulated(result, "output", "local", "indirect")),
        "where-it-went": "gone abroad 13¢",
        "against-leontief": rounding.money(simulated(result, "output", "national")),
    }
    assert expected[slug] in alt


@pytest.mark.parametrize("slug", SLUGS)
def test_titles_state_the_finding_and_footers_state_source_year_and_run(charts, slug):
    chart = charts[slug]
    assert len(chart.title.split()) > 6
    for part in (
        "Bureau of Economic Analysis",
        "Data year 2022",
        "dollars of 2022",
        "hickory-0123",
    ):
        assert part in chart.footer.text()


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
@pytest.mark.parametrize("slug", SLUGS)
def test_panels_stay_on_their_sheet(charts, slug, frame):
    drawing = charts[slug].drawing(frame)
    assert drawing.width == frame.width
    for panel in drawing.panels:
        assert panel.left >= 0
        assert panel.top >= 0
        assert panel.left + panel.width <= drawing.width + 1e-6
        assert panel.top + panel.height <= drawing.height + 1e-6


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_firms_of_the_network_stand_inside_and_hardly_overlap(frame):
    chart = linear_charts(fake_result(nodes=300), "run")[2]
    panel = chart.drawing(frame).panels[0]
    firms = next(mark for mark in panel.marks if isinstance(mark, Dots) and mark.name == "firms")
    at = np.stack([firms.x, firms.y], axis=1)
    radius = np.array(firms.diameter) / 2
    assert (at - radius[:, None] >= -2).all()
    assert (at + radius[:, None] <= [panel.width + 2, panel.height + 2]).all()
    gap = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) - radius[:, None] - radius[None]
    np.fill_diagonal(gap, 0)
    assert gap.min() > -2.5


def test_equal_results_give_equal_drawings(result, charts):
    again = {chart.slug: chart for chart in linear_charts(fake_result(), "hickory-0123abcd")}
    for slug in SLUGS:
        for frame in FRAMES:
            one, two = charts[slug].drawing(frame), again[slug].drawing(frame)
            assert repr(one) == repr(two)


def test_packed_circles_do_not_touch():
    radii = [20.0, 11.0, 11.0, *[3.0] * 60]
    points = pack(radii)
    for one, two in itertools.combinations(range(len(radii)), 2):
        assert math.dist(points[one], points[two]) > radii[one] + radii[two] - 0.6
    assert pack([]).shape == (0, 2)


def test_boxes_are_placed_without_overlap_where_there_is_room():
    points, overlap = place_around([(100, 80), *[(60, 50)] * 8], 800, 500)
    assert overlap < 0.5
    assert points[0].tolist() == [400, 250]


def test_orders_for_the_own_mix_or_for_a_service_draw_as_well():
    for sector in ("MFG", "WHL"):
        base = fake_result(nodes=60)
        result = replace(base, sector=sector)
        for chart in linear_charts(result, "run"):
            for frame in FRAMES:
                assert chart.drawing(frame).panels


def test_a_result_without_a_neighbourhood_has_no_network(result):
    bare = replace(result, nodes=result.nodes.clear(), edges=result.edges.clear())
    assert [chart.slug for chart in linear_charts(bare, "run")] == [SLUGS[0], SLUGS[1], SLUGS[3]]


def test_a_run_that_misses_leontief_says_so_in_the_title(result):
    failed = replace(result, checks=[Check("agents_equal_leontief", False, 7e-4, 5e-4)])
    assert "do NOT return" in linear_charts(failed, "run")[-1].title


def test_a_run_too_short_for_the_comparison_is_not_judged(result):
    short = replace(result, horizon_weeks=60, checks=result.checks[1:])
    title = linear_charts(short, "run")[-1].title
    assert title.startswith("After 60 weeks")
    assert "return Leontief" not in title
