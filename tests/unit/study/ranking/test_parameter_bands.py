"""Variance of draws and seeds against a layout worked by hand, and known truths."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from millworks.errors import InputError
from millworks.study.ranking.bands import band, decompose, drivers
from millworks.world.streams import Streams

THREE = np.array([[1.0, 3.0], [5.0, 7.0], [9.0, 11.0]])
"""Means 2, 6, 10 (variance 16), variance within 2: between 16 - 2/2 = 15."""


def layout(draws: int, seeds: int, spread: float, key: int = 2) -> np.ndarray:
    """Return effects with a variance of 1 between seeds and spread² between draws."""
    streams = Streams(key)
    moved = streams.normal("test", np.arange(draws))
    luck = streams.normal("test", np.arange(draws * seeds), week=1).reshape(draws, seeds)
    return spread * moved[:, None] + luck


def test_variance_splits_as_worked_by_hand():
    found = decompose(THREE, 0.95)
    assert (found.luck, found.parameters, found.clipped) == (2.0, 15.0, False)
    assert found.share == pytest.approx(15.0 / 17.0)
    assert found.low is found.high is None


def test_draws_that_differ_less_than_luck_allows_are_clipped_and_said_so():
    found = decompose(np.array([[0.0, 4.0], [4.0, 0.0], [1.0, 3.0]]), 0.95)
    assert (found.parameters, found.clipped, found.share) == (0.0, True, 0.0)


def test_shares_are_recovered_and_their_intervals_hold_them():
    """True shares .8 and 0: the interval of 100 draws holds the first in 90 of 100 or more."""
    held, shares = 0, []
    for key in range(60):
        found = decompose(layout(100, 2, 2.0, key), 0.95)
        shares.append(found.share)
        held += found.low <= 0.8 <= found.high
    assert np.mean(shares) == pytest.approx(0.8, abs=0.02)
    assert held >= 52
    nothing = decompose(layout(100, 2, 0.0), 0.95)
    assert nothing.low == 0.0
    assert nothing.high < 0.35


def test_the_band_holds_the_draws_and_without_luck_it_is_narrower():
    found = band(layout(100, 2, 1.0), 0.90)
    inside = np.mean(
        (layout(100, 2, 1.0).mean(axis=1) >= found.low)
        & (layout(100, 2, 1.0).mean(axis=1) <= found.high)
    )
    assert inside == pytest.approx(0.90, abs=0.02)
    assert found.low < found.own_low < found.mean < found.own_high < found.high
    # Variance 1 of parameters against 1 + 1/2 as run
    narrower = (found.own_high - found.own_low) / (found.high - found.low)
    assert narrower == pytest.approx((1.0 / 1.5) ** 0.5, abs=0.12)
    assert found.wide_enough


def test_more_seeds_do_not_narrow_what_the_parameters_do():
    few, many = band(layout(200, 2, 1.0), 0.9), band(layout(200, 50, 1.0), 0.9)
    assert few.own_high - few.own_low == pytest.approx(many.own_high - many.own_low, rel=0.25)
    assert few.high - few.low > 1.1 * (many.high - many.low)


def test_few_draws_have_their_extremes_as_band():
    found = band(THREE, 0.95)
    assert (found.low, found.mean, found.high) == (2.0, 6.0, 10.0)
    assert not found.wide_enough


def test_one_seed_or_one_draw_cannot_be_split():
    seedless = band(THREE[:, :1], 0.95)
    assert (seedless.variance, seedless.own_low, seedless.low) == (None, None, 1.0)
    single = band(THREE[:1], 0.95)
    assert (single.mean, single.low, single.error, single.variance) == (2.0, None, None, None)


def test_draws_without_a_value_are_left_out_and_counted():
    holed = np.vstack([THREE, [[np.nan, 100.0]]])
    found = band(holed, 0.95)
    assert (found.draws, found.left_out, found.mean) == (3, 1, 6.0)
    assert decompose(holed, 0.95) is None
    assert band(np.full((2, 2), np.nan), 0.95) is None


def test_effects_that_never_vary_have_no_share():
    found = band(np.full((12, 2), 3.0), 0.95)
    assert (found.variance.share, found.low, found.own_high) == (None, 3.0, 3.0)


def test_the_parameter_behind_an_effect_is_found_and_others_are_not():
    streams = Streams(8)
    moved = streams.uniform("test", np.arange(60 * 20)).reshape(60, 20)
    effect = np.exp(4.0 * moved[:, [7]]) + streams.normal("test", np.arange(120), week=3).reshape(
        60, 2
    )
    settings = [{f"p{at}": value for at, value in enumerate(row)} | {"fixed": 1.0} for row in moved]
    found = drivers(effect, settings, 0.05)
    assert found[0].key == "p7"
    assert found[0].correlation > 0.9
    assert [driver.key for driver in found if driver.told] == ["p7"]
    known = spearmanr(moved[:, 3], effect.mean(axis=1))
    third = next(driver for driver in found if driver.key == "p3")
    assert third.correlation == pytest.approx(known.statistic)
    fixed = next(driver for driver in found if driver.key == "fixed")
    assert (fixed.correlation, fixed.p, fixed.told) == (0.0, 1.0, False)


def test_an_effect_that_follows_a_parameter_in_every_draw_leaves_no_doubt():
    settings = [{"a": float(draw)} for draw in range(6)]
    found = drivers(-(np.arange(6.0)[:, None] ** 3), settings, 0.05)[0]
    assert found.correlation == pytest.approx(-1.0)
    assert found.p < 1e-6


def test_drivers_need_draws():
    assert drivers(THREE, [{"a": 1.0}] * 3, 0.05) == []
    with pytest.raises(InputError, match="3 draws of effects and 2"):
        drivers(THREE, [{"a": 1.0}] * 2, 0.05)
    with pytest.raises(InputError, match=r"\[draws, seeds\]"):
        band(np.ones(3), 0.95)
