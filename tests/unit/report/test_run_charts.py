from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from fake_run_result import fake_rows, fake_run

from millworks.report.charts.effect_over_setting import effect_over_setting
from millworks.report.drawing import Area, Box, Dots, Line, steps_between
from millworks.report.run import run_charts
from millworks.report.style import FILE, FRAMES, PAGE, REGION_COLOURS, Footer

SLUGS = ("effect-over-time", "effect-by-size", "why-unfilled", "where-dollars-went")
KINDS = ("usual", "covers", "negative", "huge", "tiny", "one", "free", "shock", "placebo", "zero")


@pytest.fixture(scope="module")
def charts():
    return {chart.slug: chart for chart in run_charts(fake_run(), "hickory-0123abcd")}


def test_there_are_four_charts(charts):
    assert tuple(charts) == SLUGS


def test_without_a_public_dollar_there_is_no_chart_of_dollars():
    for kind in ("free", "shock", "zero"):
        slugs = [chart.slug for chart in run_charts(fake_run(kind), "run")]
        assert slugs == list(SLUGS[:3])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_result_can_be_laid_out_on_every_sheet(kind):
    for chart in run_charts(fake_run(kind), "run"):
        for frame in FRAMES:
            drawing = chart.drawing(frame)
            assert drawing.width == frame.width
            for panel in drawing.panels:
                assert panel.left >= 0
                assert panel.top >= 0
                assert panel.width > 0
                assert panel.left + panel.width <= drawing.width + 1e-6
                assert panel.top + panel.height <= drawing.height + 1e-6
                assert panel.x.low < panel.x.high
                assert panel.y.low < panel.y.high


@pytest.mark.parametrize("slug", SLUGS)
def test_titles_state_findings_and_footers_state_source_year_and_run(charts, slug):
    chart = charts[slug]
    assert len(chart.title.split()) > 8
    for part in ("not calibrated", "Bureau of Economic Analysis", "Data year 2022", "hickory-0123"):
        assert part in chart.footer.text()
    if slug != "why-unfilled":  # reasons have no interval of their own; the subtitle says so
        assert "95% interval" in chart.title
    else:
        assert "no interval of their own" in chart.subtitle


def test_an_effect_that_covers_zero_is_called_so_in_the_titles():
    over_time, by_size, *_ = run_charts(fake_run("covers"), "run")
    assert over_time.title.startswith("No detectable effect")
    assert "In no size class is there a detectable effect" in by_size.title


def test_few_weeks_clear_of_zero_are_set_beside_what_luck_alone_gives():
    base = fake_run("covers")
    ours = (pl.col("quantity") == "value_added") & (pl.col("arm") == "effect")
    some = ours & (pl.col("week") % 20 == 0)
    low = pl.when(some).then(1.0).when(ours).then(-1.0).otherwise(pl.col("low"))
    high = pl.when(ours).then(2.0).otherwise(pl.col("high"))
    paths = base.paths.with_columns(low=low, high=high)
    heading = run_charts(replace(base, paths=paths), "run")[0].heading
    assert "in 5% of the weeks, luck alone gives about 5%" in heading


def test_the_line_over_time_is_the_effect_of_the_result(charts):
    panel = charts["effect-over-time"].drawing(FILE).panels[0]
    path = fake_run().paths.filter(
        (pl.col("quantity") == "value_added") & (pl.col("arm") == "effect")
    )
    line = max((mark for mark in panel.marks if isinstance(mark, Line)), key=lambda m: len(m.x))
    band = next(mark for mark in panel.marks if isinstance(mark, Area))
    assert list(line.y) == path["mean"].to_list()
    assert list(band.low) == path["low"].to_list()
    assert list(band.high) == path["high"].to_list()


def test_one_pair_has_no_band():
    panel = run_charts(fake_run("one"), "run")[0].drawing(FILE).panels[0]
    assert not any(isinstance(mark, Area) for mark in panel.marks)


def test_a_policy_that_starts_later_is_marked_in_its_week():
    base = fake_run()
    late = {**base.levers[0], "settings": {"start": 104}}
    panel = run_charts(replace(base, levers=[late]), "run")[0].drawing(FILE).panels[0]
    assert any(label.text == "starts, week 104" for label in panel.labels)


def test_dots_by_size_are_the_effects_and_grey_where_zero_is_covered(charts):
    panel = charts["effect-by-size"].drawing(FILE).panels[1]
    dots = [mark for mark in panel.marks if isinstance(mark, Dots)]
    jobs = [e for e in fake_run().effects if e.quantity == "jobs" and e.size_class != "all"]
    assert [dot.x[0] for dot in dots] == [effect.mean for effect in jobs]
    for dot, effect in zip(dots, jobs, strict=True):
        expected = REGION_COLOURS["national" if effect.covers_zero else "local"]
        assert dot.fill == [expected]


def test_bars_of_reasons_are_the_shares_of_both_arms(charts):
    panel = charts["why-unfilled"].drawing(FILE).panels[0]
    drawn = [mark.x1 - mark.x0 for mark in panel.marks if isinstance(mark, Box)]
    assert len(drawn) == 16
    assert sum(drawn) == pytest.approx(fake_run().unfilled["share"].sum())
    assert "what moves most is cash, 1.3 points fewer" in charts["why-unfilled"].title


def test_every_reason_has_a_label_of_its_own(charts):
    texts = {label.text for label in charts["why-unfilled"].drawing(FILE).panels[0].labels}
    for start in ("Capacity", "Cash", "Inputs", "Labor", "Space", "Shipping", "Queue", "Forecast"):
        assert any(text.startswith(start) for text in texts), start


def test_bars_of_dollars_have_one_scale_and_equal_sums(charts):
    panel = charts["where-dollars-went"].drawing(PAGE).panels[0]
    bars = [mark for mark in panel.marks if isinstance(mark, Box)]
    heights = {
        side: sum(bar.y1 - bar.y0 for bar in bars if bar.colour == REGION_COLOURS[colour])
        for side, colour in (("from", "abroad"), ("to", "local"), ("fund", "national"))
    }
    # The smallest bars are drawn a pixel high so that they can be seen.
    assert heights["fund"] == pytest.approx(230.0)
    assert heights["from"] == pytest.approx(230.0, abs=2.0)
    assert heights["to"] == pytest.approx(230.0, abs=2.0)


def test_streams_of_direct_payments_fill_both_ends():
    rows = [("outside", "makers", "grant", 4e6), ("partners", "makers", "stakes", 1e6)]
    frame = pl.DataFrame(
        [(*row, None, None) for row in rows], schema=fake_run().dollars.schema, orient="row"
    )
    chart = run_charts(replace(fake_run(), dollars=frame), "run")[-1]
    areas = [m for m in chart.drawing(PAGE).panels[0].marks if isinstance(m, Area)]
    assert len(areas) == 2
    for area in areas:
        widths = [high - low for low, high in zip(area.low, area.high, strict=True)]
        assert max(widths) == pytest.approx(min(widths))


def test_the_rest_of_many_payees_is_summed():
    rows = [("households", f"group {k}", "grant", 1e6 * (k + 1), None, None) for k in range(15)]
    frame = pl.DataFrame(rows, schema=fake_run().dollars.schema, orient="row")
    chart = run_charts(replace(fake_run(), dollars=frame), "run")[-1]
    texts = [label.text for label in chart.drawing(PAGE).panels[0].labels]
    assert any(text == "7 others together" for text in texts)


@pytest.mark.parametrize("slug", SLUGS)
def test_alternative_texts_say_the_numbers(charts, slug):
    expected = {
        "effect-over-time": "Value added: +$18.4 million a year (95% interval",
        "effect-by-size": "Firms with 20 to 99 employees: Value added: +$8.1 million a year",
        "why-unfilled": "no money for inputs or pay 2.2% and 0.90%",
        "where-dollars-went": "lenders: losses on loans made good $21.9 million",
    }
    assert expected[slug] in charts[slug].alt


def test_numbers_behind_charts_carry_their_units(charts):
    for slug in SLUGS[:3]:
        assert "unit" in charts[slug].numbers.columns
        assert charts[slug].numbers["unit"].null_count() == 0
    assert "usd_of_2022" in charts["where-dollars-went"].numbers.columns


def test_equal_results_give_equal_drawings(charts):
    for again in run_charts(fake_run(), "hickory-0123abcd"):
        assert repr(again.drawing(PAGE)) == repr(charts[again.slug].drawing(PAGE))


def test_results_without_paths_sizes_or_orders_leave_their_charts_out():
    base = fake_run()
    whole = [effect for effect in base.effects if effect.size_class == "all"]
    bare = replace(base, effects=whole, paths=base.paths.clear(), unfilled=base.unfilled.clear())
    assert [chart.slug for chart in run_charts(bare, "run")] == ["where-dollars-went"]


def test_a_sweep_draws_every_value_and_names_the_largest_sure_effect():
    chart = effect_over_setting(fake_rows("setting"), Footer("x", 2022, "run"))
    assert chart is not None
    assert chart.title.startswith("Value added changes most at intensity 1: +$18.4 million a year")
    panel = chart.drawing(FILE).panels[0]
    assert [m.x[0] for m in panel.marks if isinstance(m, Dots)] == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert "intensity 0.5: -$1.8 million a year (interval" in chart.alt
    assert "covers zero" in chart.alt
    assert effect_over_setting(fake_rows("setting"), Footer("", 2022, ""), quantity="none") is None


@pytest.mark.parametrize(
    ("low", "high", "most"), [(-7.0, 3.0, 5), (0.0, 1e9, 2), (-2e-6, 3.0, 3), (4.0, 4.5, 2)]
)
def test_ticks_between_two_ends_are_round_few_and_inside(low, high, most):
    ticks = steps_between(low, high, most)
    assert 1 <= len(ticks) <= most + 1
    assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)
    if low <= 0 <= high:
        assert 0.0 in ticks
