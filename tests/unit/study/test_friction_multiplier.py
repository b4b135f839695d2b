from __future__ import annotations

import json
from dataclasses import replace

import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.conf.schema import MultiplierConfig
from millworks.errors import InputError
from millworks.study import friction_files
from millworks.study.friction_closures import EFFECTS
from millworks.study.friction_measures import QUANTITIES
from millworks.study.friction_multiplier import assembled, check, leontief
from millworks.study.friction_pairs import PairRecord, horizons_shown, run_pair
from millworks.study.friction_results import FrictionResult
from millworks.study.reconciliation import MECHANISMS, run_world

SMALL = MultiplierConfig(
    makers=30,
    mode="spent",
    pairs=2,
    burn_in=6,
    weeks=52,
    horizons=[26, 52],
    injections=[0.01],
    bridge_pairs=0,
)


@pytest.fixture(scope="module")
def pairs() -> list[PairRecord]:
    return [run_pair(SMALL, seed) for seed in SMALL.seeds_used]


@pytest.fixture(scope="module")
def result(pairs) -> FrictionResult:
    return assembled(SMALL, pairs, leontief(SMALL, pairs), None)


def test_nested_effects_sum_to_the_total(result):
    for quantity in QUANTITIES:
        for region in ("local", "rest_of_us", "national", "displaced"):
            parts = [result.find(quantity, region, effect).mean for effect in EFFECTS]
            total = result.find(quantity, region).mean
            assert sum(parts) == pytest.approx(total, rel=1e-9, abs=1e-9)


def test_the_nation_is_the_district_and_the_rest_of_the_us(result):
    for row in result.rows:
        if row.region == "national" and row.mean is not None:
            parts = [
                result.find(row.quantity, region, row.effect, per=row.per, weeks=row.weeks,
                            injection=row.injection, payer=row.payer).mean
                for region in ("local", "rest_of_us")
            ]  # fmt: skip
            assert sum(parts) == pytest.approx(row.mean, rel=1e-9)


def test_the_same_seed_returns_the_same_pair_bit_by_bit(pairs):
    again = run_pair(SMALL, pairs[0].seed)
    assert again.arms == pairs[0].arms
    assert again.base == pairs[0].base


def test_the_last_world_of_the_bridge_is_the_free_arm(pairs):
    """All mechanisms on is the world asked for, founded and burnt in again with the same seed."""
    seed = pairs[0].seed
    found = run_world(SMALL, seed, frozenset(MECHANISMS))
    free, base = pairs[0].arms["dynamic"][52], pairs[0].base[52]
    for key, (change, usd) in found.items():
        assert change == free[key] - base[key]
        assert usd == pairs[0].usd[0.05]


def test_a_figure_per_net_delivered_dollar_is_that_per_ordered_over_what_was_delivered(pairs):
    single = SMALL.model_copy(update={"pairs": 1})
    alone = assembled(single, pairs[:1], leontief(single, pairs[:1]), None)
    ordered, net = alone.find("output", "local"), alone.find("delivered", "local")
    assert (ordered.low, ordered.high, ordered.mcse) == (None, None, None)
    found = alone.find("output", "local", per="delivered").mean
    assert found == pytest.approx(ordered.mean / net.mean)


def test_where_nobody_lacks_money_nothing_is_given(pairs):
    """Dollars invested that nobody could take: no figure, instead of a division by nothing."""
    config = SMALL.model_copy(update={"mode": "invested"})
    nobody = [replace(pair, usd=dict.fromkeys(pair.usd, 0.0)) for pair in pairs]
    found = assembled(config, nobody, None, None)
    assert all(row.mean is None and row.covers_zero for row in found.rows)


def test_two_pairs_have_intervals_that_hold_their_mean(result):
    row = result.find("output", "local")
    assert row.low < row.mean < row.high
    assert row.mcse > 0.0


def test_every_size_payer_and_horizon_has_its_figure(result):
    for options in ({"injection": 0.01}, {"payer": "levy"}, {"weeks": 26}):
        assert result.find("output", "national", **options).mean is not None
    with pytest.raises(KeyError):
        result.find("output", "local", weeks=27)


def test_nothing_beyond_four_years_is_shown_below_two_hundred_pairs():
    few, many = (MultiplierConfig(mode="spent", pairs=pairs) for pairs in (20, 200))
    assert horizons_shown(few) == [26, 52, 104, 208]
    assert horizons_shown(many) == [26, 52, 104, 208, 520]
    assert 78 in horizons_shown(MultiplierConfig(mode="spent", weeks=78))


def test_files_repeat_bit_by_bit_and_say_their_units(result, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        friction_files.write_results(tmp_path / name, "multiplier_spent", result)
    for file in ("summary.json", "results.csv", "multiplier.csv", "paths.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    summary = json.loads((tmp_path / "a" / "summary.json").read_text())
    keys = {"quantity", "effect", "region", "size_class", "unit", "mean", "mcse", "low", "high"}
    assert all(keys <= set(row) for row in summary["effects"])
    assert summary["reconciliation"] is None
    assert {row["unit"] for row in summary["effects"] if row["quantity"] == "jobs"} == {
        friction_files.JOBS_UNIT
    }


def test_what_only_linear_mode_answers_is_refused():
    with pytest.raises(InputError, match="sector by sector only with --linear"):
        check(SMALL.model_copy(update={"sector": "all"}))
    with pytest.raises(InputError, match="dollars come over 52 weeks"):
        check(SMALL.model_copy(update={"order_weeks": 26}))


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("horizons=[0,52]", "a list of whole numbers between 1 and 1560"),
        ("injections=[2.0]", "a list of numbers above 0 and at most 1"),
        ("mode=saved", "spent, invested or null"),
        ("bridge_pairs=-1", "a whole number between 0 and 1000"),
    ],
)
def test_settings_out_of_bounds_get_one_sentence(word, sentence):
    with pytest.raises(InputError) as refused:
        compose("multiplier", {}, [word], packaged_scenarios())
    assert sentence in str(refused.value)


def test_horizons_and_sizes_are_put_in_order_once():
    config = MultiplierConfig(mode="spent", horizons=[104, 26, 104], injections=[0.2, 0.01])
    assert config.horizons == [26, 104]
    assert config.injections == [0.01, 0.2]
    assert MultiplierConfig(seed=3).seeds_used == (3,)
    assert MultiplierConfig(seed=3, mode="spent", pairs=2).seeds_used == (3, 4)
