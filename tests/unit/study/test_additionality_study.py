"""The study of additionality in small worlds: what is exact there, and what its folder holds."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from millworks.conf.compose import compose
from millworks.errors import InputError
from millworks.report.additionality import (
    additionality_charts,
    additionality_page,
    print_additionality,
)
from millworks.report.additionality_words import anyway_sentence, headline
from millworks.report.charts.additionality import stacked
from millworks.study.additionality.identity import NET, TERMS
from millworks.study.additionality.recorder import FirmRecords
from millworks.study.additionality.study import STUDY, arms_of
from millworks.study.arms import NOTHING, Arm, Plan, run_arms
from millworks.study.battery import Workers
from millworks.study.pair_store import PairStore

SMALL = {"makers": 40, "study.pairs": 2, "study.weeks": 60, "study.burn_in": 30}
POLICIES = "policy=small_batch_shipping,modernization_support,household_rebate"
OFF = "policies.modernization_support.intensity=0"
SILENT = lambda done, total, label: None  # noqa: E731


def config(*words, **settings):
    return compose("additionality", {**SMALL, "district": "hickory", **settings}, [*words])


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    with PairStore(tmp_path_factory.mktemp("additionality"), "run") as store:
        return STUDY.run(config(POLICIES, OFF), store, Workers(), SILENT)


def of(result, name):
    return next(one for one in result.policies if one.name == name)


def test_terms_add_up_to_the_net_effect_exactly(result):
    for one in result.policies:
        terms = sum(sign * one.find(term).mean for term, sign in TERMS.items())
        assert terms == pytest.approx(one.find(NET).mean, abs=1e-9 * one.find(NET).baseline)
        assert one.residual < 1e-12
    assert result.checks[0].id == "terms_add_up"
    assert result.checks[0].passed


def test_a_policy_of_size_zero_adds_nothing_anywhere(result):
    off = of(result, "modernization_support")
    assert off.nobody
    assert off.cells == ()
    values = [one.mean for one in off.effects if one.mean is not None]
    assert len(values) > 20
    assert not any(values)


def test_shippers_that_share_trucks_are_treated_and_nobody_else(result):
    shipping, rebate = of(result, "small_batch_shipping"), of(result, "household_rebate")
    assert shipping.find("treated makers", quantity="firms").mean > 10
    assert shipping.find("treated").mean > 0.0
    assert rebate.nobody
    assert rebate.find("treated").mean == 0.0
    assert rebate.find("induced").mean > 0.0


def test_cells_add_up_to_what_they_are_cells_of(result):
    one = of(result, "small_batch_shipping")
    untreated = sum(c.value.mean for c in one.cells if c.region == "local" and not c.treated)
    wanted = one.find("spillover").mean - one.find("displacement").mean
    assert untreated == pytest.approx(wanted)
    treated = sum(c.value.mean for c in one.cells if c.region == "local" and c.treated)
    assert treated - one.find("serving").mean == pytest.approx(one.find("treated").mean)
    rest = sum(c.value.mean for c in one.cells if c.region == "rest_of_us")
    assert rest == pytest.approx(one.find(NET, region="rest_of_us").mean)


def test_the_nation_is_the_district_and_what_lies_around_it(result):
    for one in result.policies:
        total = one.find(NET).mean + one.find(NET, region="rest_of_us").mean
        assert one.find(NET, region="national").mean == pytest.approx(total)
        with pytest.raises(KeyError):
            one.find(NET, region="ring")


def test_years_add_up_to_the_whole(result):
    one = of(result, "small_batch_shipping")
    weeks = {1: 52, 2: 8}
    total = sum(weeks[year] * found.mean for year, term, found in one.years if term == NET)
    assert total / 60 == pytest.approx(one.find(NET).mean)


def test_shares_lie_between_nothing_and_all(result):
    for one in result.policies:
        for effect in one.effects:
            if effect.effect in ("deadweight share", "leakage", "windfall share"):
                ends = [v for v in (effect.mean, effect.low, effect.high) if v is not None]
                assert all(0.0 <= end <= 1.0 for end in ends)


def test_the_folder_holds_every_term_with_its_sign(result, tmp_path):
    STUDY.write(tmp_path, result)
    rows = list(csv.DictReader((tmp_path / "terms.csv").open()))
    assert {row["policy"] for row in rows} == {one.name for one in result.policies}
    mine = [row for row in rows if row["policy"] == "small_batch_shipping"]
    net = next(float(row["mean"]) for row in mine if row["term"] == NET)
    total = sum(int(row["sign_in_sum"]) * float(row["mean"]) for row in mine)
    assert total == pytest.approx(net)
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert {"effects", "checks", "verdict"} <= set(summary)
    for name in ("cells.csv", "years.csv", "effects.csv", "results.csv", "assumptions.csv"):
        assert "schema_version" in (tmp_path / name).read_text().splitlines()[0]


def test_what_the_store_keeps_is_what_ran(tmp_path):
    policies = config(POLICIES).policies
    arms = (NOTHING, Arm({"small_batch_shipping": policies["small_batch_shipping"]}, {}))
    plan = Plan(config(POLICIES, **{"study.weeks": 26}), arms, FirmRecords)
    with PairStore(tmp_path, "run") as store:
        for one, run in zip(arms, run_arms(plan, 1, (0, 1)), strict=True):
            store.keep(1, one.key, run)
            kept = store.read(1, one.key)
            assert kept is not None
            assert set(kept.extra) == set(run.extra)
            for name, values in run.extra.items():
                assert np.array_equal(kept.extra[name], values), name


def test_following_firms_changes_nothing(tmp_path):
    plain = Plan(config(POLICIES, **{"study.weeks": 26}), (NOTHING,))
    followed = Plan(plain.config, (NOTHING,), FirmRecords)
    one, other = (next(iter(run_arms(plan, 1, (0,)))) for plan in (plain, followed))
    assert one.extra == {}
    assert np.array_equal(one.record.periods, other.record.periods)


def test_the_ring_is_followed_cell_by_cell(tmp_path):
    """Cells of the ring and the rest of the US add up to what `study.around` measures there."""
    words = (POLICIES, "ring=true", "ring_makers=30")
    here = config(*words, **{"makers": 30, "study.weeks": 26, "study.burn_in": 8})
    plan = Plan(here, tuple(arms_of(here).values())[:2], FirmRecords)
    for run in run_arms(plan, 1, (0, 1)):
        ring, rest = run.around.sum(axis=0).reshape(2, 4)[:, 1]
        assert run.extra["ring"].sum() == pytest.approx(ring)
        assert run.extra["rest_of_us"].sum() == pytest.approx(rest)


def test_without_a_policy_there_is_nothing_to_study():
    with pytest.raises(InputError, match="needs a policy"):
        arms_of(config(POLICIES).model_copy(update={"policies": {}}))


def test_bars_of_the_chart_end_where_the_terms_do(result):
    one = of(result, "small_batch_shipping")
    bars = stacked(one)
    assert sum(end - start for _, start, end in bars if start >= 0.0) == pytest.approx(
        sum(max(0.0, sign * one.find(term).mean) for term, sign in TERMS.items())
    )
    assert sum(start - end for _, start, end in bars if end <= 0.0) == pytest.approx(
        sum(min(0.0, sign * one.find(term).mean) for term, sign in TERMS.items())
    )


def test_headlines_say_what_can_be_told(result):
    assert "none of 2 policies can be told from zero" in headline(result)
    one_pair = replace(result, seeds=(1,))
    assert headline(one_pair).startswith("One pair of runs has no interval")
    sure = of(result, "small_batch_shipping")
    effects = tuple(
        replace(e, mean=2e6, low=1e6, high=3e6) if e.effect == NET and e.region == "local" else e
        for e in sure.effects
    )
    alone = replace(result, policies=(replace(sure, effects=effects),))
    assert headline(alone).startswith(
        "In Hickory, NC, small-batch shipping changes value added by +$2.0 million a year "
        "(+$1.0 to +$3.0 million), of it firms that take part"
    )


def test_what_comes_anyway_is_given_with_its_interval(result):
    sure = of(result, "small_batch_shipping")
    share = sure.find("deadweight share", quantity="projects")

    def told(**ends):
        others = tuple(e for e in sure.effects if e != share)
        return anyway_sentence(replace(sure, effects=(*others, replace(share, **ends))))

    assert "80% (60% to 90%)" in told(mean=0.8, low=0.6, high=0.9).replace("60 to", "60% to")
    assert "100% in every pair of the projects" in told(mean=1.0, low=1.0, high=1.0)
    assert told(mean=None, low=None, high=None) == ""


def test_page_chart_and_screen_give_every_net_effect_with_its_interval(result):
    page = additionality_page(result)
    chart = additionality_charts(result, "run-1")[0]
    names = {"Small-batch shipping", "Modernization support", "Household rebate"}
    assert {row[0] for row in page.sections[0].tables[0].rows} == names
    assert "Modernization support changes nothing" in chart.alt
    assert "other firms gain" in chart.alt
    console = Console(width=100, record=True, file=io.StringIO(), highlight=False)
    print_additionality(result, None, console)
    lines = console.export_text().splitlines()
    assert [line for line in lines if len(line) > 80] == []
    for name in names:
        assert sum(line.startswith(name[:14]) for line in lines) == 2
