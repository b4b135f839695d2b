"""How often a policy comes out first, and between which ranks it lies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.errors import InputError
from millworks.study.ranking.best import places
from millworks.world.streams import Streams


def luck(rows: int, pairs: int) -> np.ndarray:
    return Streams(3).normal("test", np.arange(rows * pairs)).reshape(rows, pairs)


def test_a_policy_far_ahead_is_the_best_for_sure():
    a, b, c = luck(3, 20)
    found = places({"low": a, "top": b + 50.0, "middle": c + 20.0}, 0.95)
    assert [found[name].rank for name in ("top", "middle", "low")] == [1, 2, 3]
    assert found["top"].best == 1.0
    assert all(place.low == place.high == place.rank for place in found.values())


def test_twins_share_the_first_place():
    a, b = luck(2, 20)
    found = places({"one": a, "other": a.copy(), "worse": b - 40.0}, 0.95)
    assert found["one"].best == found["other"].best == 0.5
    assert (found["one"].rank, found["other"].rank, found["worse"].rank) == (1, 1, 3)
    assert (found["one"].low, found["one"].high) == (1, 2)


def test_policies_that_do_nothing_share_everything():
    found = places({name: np.zeros(20) for name in "abcd"}, 0.95)
    assert {place.best for place in found.values()} == {0.25}
    assert {(place.rank, place.low, place.high) for place in found.values()} == {(1, 1, 4)}


def test_what_all_share_does_not_blur_their_order():
    a, b, common = luck(3, 20)
    alike = places({"a": 0.1 * a + 0.5, "b": 0.1 * b}, 0.95)
    shaken = places({"a": 0.1 * a + 0.5 + 100.0 * common, "b": 0.1 * b + 100.0 * common}, 0.95)
    assert shaken["a"].best == pytest.approx(alike["a"].best, abs=1e-9)
    assert shaken["a"].low == shaken["a"].high == 1


def test_the_chance_of_being_best_is_that_of_a_mean_above_the_other():
    """Two policies whose difference lies 1 standard error from zero: Φ(1) = .84."""
    difference = luck(1, 40)[0]
    difference = difference - difference.mean()
    difference += difference.std(ddof=1) / math.sqrt(40)
    found = places({"a": difference, "b": np.zeros(40)}, 0.95)
    assert found["a"].best == pytest.approx(0.841, abs=0.03)
    assert found["a"].best + found["b"].best == pytest.approx(1.0)
    assert (found["a"].low, found["a"].high) == (1, 2)


def test_rank_intervals_hold_the_true_rank():
    """200 studies of 4 policies, true effects 0 to 3 half standard errors: 95 % or more hold."""
    drawn = luck(800, 12).reshape(200, 4, 12)
    truth = 0.5 * np.arange(4) / math.sqrt(12)
    held = 0
    for study in drawn:
        found = places(dict(enumerate(study + truth[:, None])), 0.95)
        held += sum(found[at].low <= 4 - at <= found[at].high for at in range(4))
    assert held / 800 > 0.94


def test_one_pair_has_an_order_and_nothing_more():
    found = places({"a": np.array([1.0]), "b": np.array([2.0])}, 0.95)
    assert (found["b"].rank, found["b"].best, found["b"].low) == (1, None, None)


def test_few_pairs_are_called_coarse():
    rows = luck(2, 20)
    assert places({"a": rows[0][:9], "b": rows[1][:9]}, 0.95)["a"].coarse
    assert not places({"a": rows[0][:10], "b": rows[1][:10]}, 0.95)["a"].coarse


def test_a_policy_without_all_values_is_left_out():
    rows = luck(2, 12)
    rows[0, 4] = np.nan
    found = places({"gap": rows[0], "whole": rows[1]}, 0.95)
    assert list(found) == ["whole"]
    assert found["whole"].best == 1.0
    assert places({}, 0.95) == {}


def test_different_pairs_cannot_be_ranked():
    with pytest.raises(InputError, match="4 to 5"):
        places({"a": np.ones(5), "b": np.ones(4)}, 0.95)
