"""Arms that start from the same bytes on the same draws: nothing differs but the policy."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.errors import InputError
from millworks.study.arms import Plan
from millworks.study.pair_store import PairStore
from millworks.study.paired import arms_of, run_seed
from millworks.study.run_assembly import results_of
from millworks.study.run_files import document, precision_rows
from millworks.study.run_study import run_scenarios

SMALL = {"makers": 40, "study.pairs": 2, "study.weeks": 30, "study.burn_in": 20}


def scenario(name: str = "hickory_placebo", *words: str, **settings):
    return compose("run", SMALL | settings, list(words), packaged_scenarios(), scenario=name)


def study(tmp_path, *configs):
    with PairStore(tmp_path, "run") as store:
        outcome = run_scenarios(configs, store, 1, lambda done, total, label: None)
    return outcome, results_of(outcome)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A policy of size zero, its full size, and a recession, run together."""
    zero = scenario("hickory_placebo", "policies.placebo.intensity=0")
    configs = (zero, scenario(), scenario("hickory_recession"))
    return study(tmp_path_factory.mktemp("many"), *configs)


def test_a_policy_of_size_zero_changes_exactly_nothing(many):
    """T15: not one quantity of one pair differs by one bit."""
    outcome, results = many
    arms = outcome.scenarios[0]
    assert np.array_equal(arms.paths(0), arms.paths(1), equal_nan=True)
    shared = [name for name in arms.columns(1) if name in arms.columns(0)]
    before = arms.periods(0)[:, :, [arms.columns(0)[name] for name in shared]]
    after = arms.periods(1)[:, :, [arms.columns(1)[name] for name in shared]]
    assert np.array_equal(before, after)
    for effect in results[0].effects:
        assert effect.mean in (0.0, None), effect.quantity
        assert not effect.low
        assert not effect.high
    assert results[0].verdict == "changes nothing at all"
    assert results[0].find("job_years_per_million").mean is None


def test_scenarios_of_one_world_share_burn_in_and_equal_arms(many):
    """Two placebos and a recession are four arms: one baseline serves all three."""
    outcome, _ = many
    assert len(outcome.scenarios[0].records[0].arms) == 4
    assert [arms.places for arms in outcome.scenarios] == [(0, 1), (0, 2), (0, 3)]


def test_arms_run_together_are_those_run_alone(many, tmp_path):
    outcome, _ = many
    alone = run_seed(Plan(scenario("hickory_recession"), arms_of(scenario("hickory_recession"))), 2)
    together = outcome.scenarios[2].records[1]
    assert together.seed == 2
    for place, arm in zip(outcome.scenarios[2].places, alone.arms, strict=True):
        assert np.array_equal(together.arms[place].periods, arm.periods)
        assert np.array_equal(together.arms[place].paths, arm.paths, equal_nan=True)


def test_a_recession_lowers_output_and_costs_the_public_nothing(many):
    _, results = many
    recession = results[2]
    assert recession.find("output").mean < 0.0
    assert recession.find("public_cost").mean == 0.0
    assert recession.levers == []
    assert recession.shocks[0]["name"] == "recession"


def test_every_dollar_into_the_fund_comes_out_of_it_or_stays(many):
    _, results = many
    placebo = results[1]
    dollars = placebo.dollars
    given = dollars.filter(dollars["payee"] == "programme_fund")["usd"].sum()
    taken = dollars.filter(dollars["payer"] == "programme_fund")["usd"].sum()
    assert given > 0.0
    assert abs(given - taken) < 0.2 * given
    check = next(check for check in placebo.checks if check.id == "dollars_of_programme")
    assert check.passed
    assert sum(lever["cost_usd"] for lever in placebo.levers) == pytest.approx(
        placebo.find("outlay").mean * 30 / 52
    )


def test_summary_has_the_keys_of_the_contract(many):
    _, results = many
    summary = document("hickory_placebo", results[1])
    contract = "quantity effect region size_class unit mean mcse low high pairs"
    assert list(summary["effects"][0])[:10] == contract.split()
    first = [row["quantity"] for row in summary["effects"][:4]]
    assert first == ["value_added", "output", "jobs", "income"]
    assert all(check["passed"] for check in summary["checks"][:2])
    tidy = results[1].tidy
    whole = tidy.filter(tidy["week"].is_null() & (tidy["size_class"] == "all"))
    jobs = whole.filter(whole["quantity"] == "jobs")
    change = {
        arm: jobs.filter(jobs["arm"] == arm)["value"].mean() for arm in ("baseline", "policy")
    }
    assert change["policy"] - change["baseline"] == pytest.approx(results[1].find("jobs").mean)


def test_what_precision_takes_is_given_for_every_effect_with_an_interval(many):
    _, results = many
    rows = {row["quantity"]: row for row in precision_rows(results[2])}
    output = rows["output"]
    assert output["gain"] == results[2].find("output").gain
    assert output["pairs_for_5_percent_independent"] == pytest.approx(
        output["pairs_for_5_percent"] * output["gain"]
    )
    assert output["seconds_for_5_percent"] > 0.0


def test_pairs_are_added_until_the_precision_is_reached(tmp_path):
    words = ("hickory_recession", "study.precision=0.5", "study.most_pairs=7")
    outcome, (result,) = study(tmp_path, scenario(*words))
    found = result.find("value_added")
    assert (found.high - found.low) / 2.0 <= 0.5 * abs(found.mean)
    assert outcome.stopped == f"precision of 50 % reached with {found.pairs} pairs"
    exact = scenario("hickory_recession", "study.precision=1e-6", "study.most_pairs=7")
    outcome, (result,) = study(tmp_path, exact)
    assert result.seeds == (1, 2, 3, 4, 5, 6, 7)
    assert outcome.stopped == "most pairs allowed (7) run; 0.0001 % not reached"


def test_one_pair_has_no_interval(tmp_path):
    _, (result,) = study(tmp_path, scenario(**{"study.pairs": 1}))
    value_added = result.find("value_added")
    assert value_added.mean is not None
    assert value_added.low is value_added.mcse is value_added.gain is None
    assert result.verdict == "one pair tells nothing of value added"


def test_scenarios_of_two_worlds_are_not_run_together(tmp_path):
    elsewhere = scenario("hickory_placebo", **{"study.burn_in": 30})
    with pytest.raises(InputError, match="compared in one world"):
        study(tmp_path, scenario(), elsewhere)


def test_a_scenario_that_changes_nothing_is_refused():
    with pytest.raises(InputError, match="neither a policy nor a shock"):
        arms_of(scenario("hickory_placebo", "policy=none"))
