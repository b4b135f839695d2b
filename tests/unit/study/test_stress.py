"""Policies under shocks: the area between paths, its identities, and who is told from luck."""

from __future__ import annotations

import json

import numpy as np
import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.errors import InputError
from millworks.study import stress
from millworks.study.battery import Workers
from millworks.study.pair_store import PairStore
from millworks.study.run_results import Effect
from millworks.study.stress_results import (
    GAINED,
    LOST,
    NEITHER,
    NOTHING,
    SOFTENS,
    STILL,
    TURNED,
    UNTOLD,
    WORSENS,
    GoodTimes,
    UnderShock,
)

SMALL = {"makers": 40, "study.pairs": 2, "study.weeks": 26, "study.burn_in": 10}


def config(*words: str):
    given = words or (
        "policy=inventory_finance,untargeted_grant",
        "shock=recession,credit_crunch",
        "policies.inventory_finance.intensity=0",
    )
    return compose("stress", SMALL, list(given), packaged_scenarios())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two policies, one of size zero, under two shocks; the result and its folder."""
    folder = tmp_path_factory.mktemp("stress")
    with PairStore(folder, "run") as store:
        result = stress.run(config(), store, Workers(), lambda done, total, label: None)
    stress.write(folder, result)
    return result, folder


# --- areas


def test_the_area_of_a_yearly_flow_is_what_it_adds_up_to():
    """52 USD a year for 26 weeks are 26 USD."""
    assert stress.area(np.full((2, 26), 52.0)) == pytest.approx([26.0, 26.0])


def test_a_policy_that_halves_a_loss_has_the_other_half_as_resilience():
    """100 a year; the shock takes 40 for a year, with the policy 20, on a level of 110."""
    base, shocked = np.full((1, 104), 100.0), np.full((1, 104), 100.0)
    policy, both = np.full((1, 104), 110.0), np.full((1, 104), 110.0)
    shocked[:, :52] -= 40.0
    both[:, :52] -= 20.0
    assert stress.resilience(base, shocked, policy, both) == pytest.approx([20.0])
    assert stress.resilience(base, shocked, policy, policy - (base - shocked)) == pytest.approx(
        [0.0]
    )


def test_a_rebound_counts_against_the_loss():
    """Areas are signed: what is lost in one half and won in the other is no loss."""
    base = np.full((1, 52), 100.0)
    shocked = base + np.where(np.arange(52) < 26, -10.0, 10.0)
    assert stress.area(base - shocked) == pytest.approx([0.0])
    nothing = np.zeros((1, 52))
    assert stress.resilience(base, shocked, nothing, nothing) == pytest.approx([0.0])


def test_between_equal_paths_there_is_no_area():
    """Whatever the path: a policy without effect, or one whose effect a shock leaves as it is."""
    paths = np.random.default_rng(5).lognormal(size=(4, 78))
    assert stress.area(paths - paths).tolist() == [0.0] * 4
    assert stress.resilience(paths, 0.5 * paths, paths, 0.5 * paths).tolist() == [0.0] * 4


def test_without_a_loss_nothing_is_missing_in_any_quarter():
    base = np.full((2, 8), 10.0)
    assert stress.deepest(base, base) == (0.0, 8)


def test_the_deepest_quarter_is_found_with_its_last_week():
    """One quarter at half: weeks 20 to 32, counted from 0, end after week 33."""
    base = np.full((3, 52), 10.0)
    shocked = base.copy()
    shocked[:, 20:33] = 5.0
    assert stress.deepest(base, shocked) == (pytest.approx(0.5), 33)


# --- a run


def test_a_policy_of_size_zero_has_a_resilience_of_exactly_zero(run):
    result, _ = run
    for shock in ("recession", "credit_crunch"):
        cell = result.cell("inventory_finance", shock)
        assert cell.resilience.mean == 0.0
        assert (cell.resilience.low, cell.resilience.high) == (0.0, 0.0)
        assert cell.verdict == NOTHING
        assert cell.value_added.mean == 0.0


def test_resilience_is_the_effect_under_the_shock_less_that_in_good_times(run):
    """Added up over the half year that the study lasts."""
    result, _ = run
    good = next(one for one in result.policies if one.name == "untargeted_grant")
    for shock in ("recession", "credit_crunch"):
        cell = result.cell("untargeted_grant", shock)
        gap = 0.5 * (cell.value_added.mean - good.value_added.mean)
        assert cell.resilience.mean == pytest.approx(gap, rel=1e-6, abs=1.0)


def test_areas_between_the_paths_that_are_left_are_the_resilience_and_the_loss(run):
    """Sum over quarters of value added a year times weeks over 52, of four arms."""
    result, folder = run
    total: dict[str, float] = {}
    for arm, _, _, _, _, weeks, flow in result.paths:
        total[arm] = total.get(arm, 0.0) + flow * weeks / 52.0
    for shock in result.shocks:
        lost = total["baseline"] - total[stress.alone(shock.name)]
        assert lost == pytest.approx(shock.loss.mean, rel=1e-9)
        for cell in (one for one in result.cells if one.shock == shock.name):
            both = total[stress.together(cell.policy, shock.name)]
            assert lost - (total[cell.policy] - both) == pytest.approx(
                cell.resilience.mean, rel=1e-6, abs=1e-3
            )
    lines = (folder / "paths.csv").read_text().splitlines()
    assert len(lines) == 1 + 2 * result.arms


def test_the_verdict_counts_what_softens_and_what_makes_worse(run):
    result, _ = run
    assert stress.verdict(result).startswith("of 4 combinations of a policy and a shock, ")


def test_a_recession_costs_value_added_and_job_years(run):
    result, _ = run
    loss = result.shocks[0]
    assert loss.name == "recession"
    assert loss.loss.low > 0.0
    assert loss.job_years.mean > 0.0
    assert 0.0 < loss.deepest < 0.5
    assert 13 <= loss.deepest_week <= 26


def test_an_interval_excludes_zero_only_where_holm_rejects(run):
    result, _ = run
    for cell in result.cells:
        told = cell.told != 0
        assert told == (cell.resilience.covers_zero is False)
        assert told == (cell.adjusted is not None and cell.adjusted <= 0.05)


def test_every_arm_is_run_once_and_every_cell_is_there(run):
    """A baseline, two shocks, two policies and four pairs of both."""
    result, _ = run
    assert result.arms == 9
    assert [(cell.shock, cell.policy) for cell in result.cells] == [
        (shock, policy)
        for shock in ("recession", "credit_crunch")
        for policy in ("inventory_finance", "untargeted_grant")
    ]


def test_the_folder_has_the_contract_and_a_row_per_cell(run):
    result, folder = run
    summary = json.loads((folder / "summary.json").read_text())
    assert {"effects", "checks", "verdict", "schema_version"} <= set(summary)
    lines = (folder / "resilience.csv").read_text().splitlines()
    assert len(lines) == 1 + len(result.cells)
    assert lines[0].endswith("schema_version")
    assert "shock recession" in (folder / "results.csv").read_text()


def test_without_a_shock_there_is_nothing_to_stress():
    with pytest.raises(InputError, match="needs a shock"):
        stress.arms_of(config("policy=placebo"))


# --- what is said of a cell


def effect(mean: float, low: float, high: float) -> Effect:
    return Effect("value_added", "level", "local", "all", "USD", 1.0, mean, 1.0, low, high, 9)


def cell(told: int, effect_told: int, mean: float = 1.0, low: float = 0.5) -> UnderShock:
    found = effect(mean, low, 2.0 if mean else 0.0)
    return UnderShock("hub", "recession", found, 0.01, told, found, found, found, effect_told)


@pytest.mark.parametrize(
    ("told", "mean", "low", "verdict"),
    [
        (1, 1.0, 0.5, SOFTENS),
        (-1, 1.0, 0.5, WORSENS),
        (0, 1.0, -1.0, UNTOLD),
        (0, 0.0, 0.0, NOTHING),
    ],
)
def test_a_verdict_follows_the_test(told, mean, low, verdict):
    assert cell(told, 0, mean, low).verdict == verdict


@pytest.mark.parametrize(
    ("good", "under", "survival"),
    [
        (1, 1, STILL),
        (-1, -1, STILL),
        (1, -1, TURNED),
        (1, 0, LOST),
        (0, 1, GAINED),
        (0, 0, NEITHER),
    ],
)
def test_an_effect_survives_a_shock_only_with_its_sign(good, under, survival):
    usual = effect(1.0, 0.5, 2.0)
    assert (
        cell(0, under).survival(GoodTimes("hub", "Hub", False, usual, usual, usual, good))
        == survival
    )
