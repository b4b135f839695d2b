"""Statistics of paired runs, against numbers worked out by hand or known from theory."""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.study.effects import (
    detectable,
    estimate,
    gain,
    outlying_share,
    pairs_needed,
    ratio_estimate,
    resample_weights,
    single_pair_share,
    slope,
)
from millworks.world.streams import Streams

FOUR = np.array([1.0, 2.0, 3.0, 6.0])
"""Mean 3, variance 14/3: the standard error is the root of 7/6."""


def drawn(rows: int, pairs: int, *, purpose: str = "test") -> np.ndarray:
    ids = np.arange(rows * pairs)
    return Streams(11).normal(purpose, ids).reshape(rows, pairs)


def test_few_pairs_have_students_interval():
    found = estimate(FOUR, 0.95)
    assert found.mean == 3.0
    assert found.mcse == pytest.approx(math.sqrt(7.0 / 6.0))
    # t(.975, 3 degrees) = 3.18245
    assert found.high - found.mean == pytest.approx(3.182446 * math.sqrt(7.0 / 6.0), rel=1e-6)
    assert found.mean - found.low == pytest.approx(found.high - found.mean)
    assert found.covers_zero


def test_one_pair_has_a_value_and_no_interval():
    found = estimate(np.array([5.0]), 0.95)
    assert (found.mean, found.pairs) == (5.0, 1)
    assert found.mcse is found.low is found.high is found.detectable is None
    assert found.covers_zero


def test_a_pair_without_a_value_leaves_the_effect_without_one():
    assert estimate(np.array([1.0, np.nan, 2.0]), 0.95) is None
    assert estimate(np.array([]), 0.95) is None


def test_arms_that_never_differ_have_an_effect_of_exactly_zero():
    found = estimate(np.zeros(20), 0.95)
    assert (found.mean, found.mcse, found.low, found.high, found.detectable) == (0.0,) * 5
    assert gain(np.arange(4.0), np.arange(4.0)) is None


def test_the_smallest_detectable_effect_adds_the_quantiles_of_both_errors():
    # t(.975, 19) = 2.09302 and t(.80, 19) = .86095
    assert detectable(1.0, 20, 0.95) == pytest.approx(2.09302 + 0.86095, abs=1e-4)


def test_bootstrap_intervals_hold_the_truth_as_often_as_they_say():
    """400 studies of 12 pairs: 95 % intervals should miss zero 20 times, give or take 9."""
    missed = 0
    for sample in drawn(400, 12):
        found = estimate(sample, 0.95)
        missed += not found.low <= 0.0 <= found.high
    assert 8 <= missed <= 32


def test_resamples_are_keyed_and_draw_every_pair_as_often():
    weights = resample_weights(20)
    assert weights.shape == (2000, 20)
    assert np.allclose(weights.sum(axis=1), 1.0)
    assert np.abs(weights.mean(axis=0) - 0.05).max() < 0.005
    resample_weights.cache_clear()
    assert np.array_equal(resample_weights(20), weights)


def test_a_ratio_is_the_ratio_of_means_not_the_mean_of_ratios():
    tops, bottoms = np.array([1.0, 3.0]), np.array([1.0, 1.5])
    found = ratio_estimate(tops, bottoms, 0.5)
    assert found.mean == pytest.approx(4.0 / 2.5)
    # Residuals (1 - 1.6) / 1.25 = -.48 and (3 - 2.4) / 1.25 = .48: error .48
    assert found.mcse == pytest.approx(0.48)


def test_a_ratio_over_what_may_be_zero_is_not_given():
    assert ratio_estimate(np.ones(4), np.array([-1.0, 1.0, -1.0, 1.5]), 0.95) is None
    assert ratio_estimate(np.ones(3), np.zeros(3), 0.95) is None
    many = drawn(1, 30)[0]
    assert ratio_estimate(np.ones(30), many, 0.95) is None
    assert ratio_estimate(2.0 * (many + 9.0), many + 9.0, 0.95).mean == pytest.approx(2.0)


def test_common_draws_gain_what_they_take_out_of_the_variance():
    luck, own = drawn(2, 40)
    policy = 10.0 * luck + own
    assert gain(policy, 10.0 * luck) == pytest.approx(
        (np.var(policy, ddof=1) + 100.0 * np.var(luck, ddof=1)) / np.var(own, ddof=1)
    )


def test_the_pairs_needed_reach_the_precision():
    found = estimate(10.0 + drawn(1, 20)[0], 0.95)
    pairs = pairs_needed(found, 0.05, 0.95)
    spread = found.mcse * math.sqrt(20)
    assert 1.9 * spread / math.sqrt(pairs) < 0.05 * found.mean < 2.3 * spread / math.sqrt(pairs)
    assert pairs_needed(estimate(np.zeros(5), 0.95), 0.05, 0.95) is None


def test_a_slope_is_the_change_per_step():
    assert slope(np.array([1.0, 3.0, 5.0])) == pytest.approx(2.0)
    assert math.isnan(slope(np.array([1.0])))


def test_the_part_of_the_spread_that_one_pair_holds():
    assert single_pair_share(np.array([1.0, 3.0])) == pytest.approx(0.5)
    assert single_pair_share(np.array([0.0] * 9 + [10.0])) == pytest.approx(0.9)
    assert single_pair_share(np.array([2.0, 2.0, 2.0])) is None
    assert single_pair_share(np.array([2.0, np.nan])) is None


def test_a_pair_of_normal_luck_passes_the_outlying_share_once_in_a_hundred():
    for pairs in (5, 10, 20):
        draws = drawn(20_000, pairs)
        shares = np.array([single_pair_share(row) for row in draws])
        assert np.mean(shares > outlying_share(pairs)) == pytest.approx(0.01, abs=0.003)
    assert outlying_share(2) == 1.0
