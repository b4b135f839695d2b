"""Who was paid and where a dollar came to rest, in a small district: the parts are the whole."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.study import linear_multiplier
from millworks.study.results import LinearResult


def followed(*words: str) -> LinearResult:
    settings = {"district": "hickory", "makers": 60, "sector": "FURN"}
    config = compose("multiplier", settings, ["world=linear", *words], packaged_scenarios())
    return linear_multiplier.run(config, lambda done, total, what: None)


@pytest.fixture(scope="module")
def result() -> LinearResult:
    return followed()


def value_added(result: LinearResult, region: str) -> float:
    return next(
        row["simulated"]
        for row in result.rows
        if (row["quantity"], row["region"], row["effect"], row["table"])
        == ("value_added", region, "total", "type_ii")
    )


def total(frame: pl.DataFrame, **where: str) -> float:
    for column, wanted in where.items():
        frame = frame.filter(pl.col(column) == wanted)
    return float(frame["value"].sum())


def test_a_dollar_comes_to_rest_in_the_district_elsewhere_and_abroad_and_nowhere_else(result):
    assert total(result.leakages) == pytest.approx(1.0, abs=1e-12)
    regions = result.leakages["region"].unique(maintain_order=True).to_list()
    assert regions == ["local", "rest_of_us", "abroad", "under_way"]
    assert abs(total(result.leakages, region="under_way")) < 1e-3
    assert not result.leakages.select("region", "leakage").is_duplicated().any()


def test_what_owners_workers_and_government_of_the_place_keep_has_not_left_it(result):
    kept = {
        leakage: value
        for region, leakage, value in result.leakages.iter_rows()
        if region == "local"
    }
    assert set(kept) == {"other_value_added", "taxes_on_production", "household_tax", "saving"}
    assert all(value > 0.0 for value in kept.values())


def test_what_producers_here_paid_is_the_value_added_of_the_district(result):
    paid = total(result.recipients, quantity="income")
    assert paid == pytest.approx(value_added(result, "local"), rel=1e-9)


def test_what_producers_elsewhere_paid_is_the_value_added_there(result):
    paid = total(result.recipients, quantity="income_elsewhere")
    assert paid == pytest.approx(value_added(result, "rest_of_us"), rel=1e-9)
    regions = result.recipients.filter(pl.col("quantity") == "income_elsewhere")["region"]
    assert regions.unique().to_list() == ["rest_of_us"]


def test_profit_and_commuters_pay_rest_where_their_owners_and_homes_are(result):
    for region in ("local", "rest_of_us"):
        paid = total(result.recipients, quantity="income", group="owners", region=region)
        rested = total(result.leakages, leakage="other_value_added", region=region)
        assert paid == rested > 0.0
    commuters = total(result.recipients, quantity="income", group="commuters")
    assert commuters == total(result.leakages, leakage="commuters", region="rest_of_us")


def test_a_third_of_taxes_is_local_where_the_parameter_says_so(result):
    parameters = {row["key"]: row["value"] for row in result.assumptions}
    for leakage in ("taxes_on_production", "household_tax"):
        here = total(result.leakages, leakage=leakage, region="local")
        everywhere = total(result.leakages, leakage=leakage)
        assert here / everywhere == pytest.approx(parameters["tax_local_share"], rel=1e-9)


def test_a_short_run_is_not_settled_and_not_judged():
    short = followed("weeks=60")
    assert not short.settled
    assert [check.id for check in short.checks] == ["accounting_identities"]
    assert total(short.leakages, region="under_way") > 1e-3


def test_orders_until_the_last_week_leave_a_long_run_unsettled():
    late = followed("order_weeks=104")
    assert not late.settled
    assert not any("leontief" in check.id for check in late.checks)


def test_a_full_run_is_settled_and_judged(result):
    assert result.settled
    assert [check.passed for check in result.checks if "leontief" in check.id] == [True]


def test_the_local_figure_under_a_quotient_is_the_one_a_run_with_it_is_measured_against(result):
    """The sentence on screen is no other figure than that of a run of its own."""
    for method in ("flq", "slq"):
        own = followed(f"world.regionalisation={method}", "weeks=60")
        analytic = next(
            row["analytic"]
            for row in own.rows
            if (row["quantity"], row["region"], row["effect"], row["table"])
            == ("output", "local", "total", "type_ii")
        )
        assert result.local_output_by_method[method] == pytest.approx(analytic, rel=1e-12)
        assert own.regionalisation == method
        assert own.local_output_by_method == pytest.approx(result.local_output_by_method)


def test_local_shares_are_those_the_recipes_use(result):
    shares = pl.DataFrame(result.local_shares)
    assert len(shares) == 34
    assert shares["firms_share"].to_list() == shares["firms_share_flq_goods"].to_list()
    for column in ("firms_share", "households_share", "firms_share_flq", "firms_share_slq"):
        assert shares[column].is_between(0.0, 0.9).all()
    capped = shares.filter(pl.col("limited_by") == "cap of 0.9")
    assert (capped["firms_share"] == 0.9).all()
    assert "FURN" in capped["sector"].to_list()
    # Under the simple quotient nothing is bought less here than under Flegg's.
    assert (shares["firms_share_slq"] >= shares["firms_share_flq"]).all()


def test_a_share_cut_to_the_supply_of_the_place_says_so():
    from millworks.study.local_shares import _limit

    assert _limit(0.4, 0.6) == "what the place makes"
    assert _limit(0.9, 0.9) == "cap of 0.9"
    assert _limit(0.6, 0.6) == ""


def test_orders_of_the_own_mix_are_spread_over_all_a_place_makes():
    from millworks.economy.sectors import MANUFACTURING
    from millworks.study.local_shares import founded, own_mix

    config = compose("shares", {"district": "hickory", "makers": 60}, [], packaged_scenarios())
    mix = own_mix(founded(config))
    assert mix.sum() == pytest.approx(1.0)
    assert np.all(mix[~MANUFACTURING] == 0.0)
    assert mix.max() < 1.0
