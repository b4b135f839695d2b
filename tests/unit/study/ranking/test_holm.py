"""Holm's correction against numbers worked by hand, and the intervals that go with it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from millworks.errors import InputError
from millworks.study.ranking.holm import corrected_interval, holm, holm_adjusted, p_value
from millworks.world.streams import Streams


def luck(rows: int, pairs: int, seed: int = 11) -> np.ndarray:
    return Streams(seed).normal("test", np.arange(rows * pairs)).reshape(rows, pairs)


def test_the_smallest_p_value_is_multiplied_by_all_and_the_largest_by_one():
    # Sorted: .01 x 4 = .04, .02 x 3 = .06, .022 x 2 = .044 -> .06, .5 x 1
    assert holm_adjusted([0.02, 0.5, 0.01, 0.022]) == pytest.approx([0.06, 0.5, 0.04, 0.06])
    assert holm_adjusted([0.5, 0.9]) == [1.0, 1.0]
    assert holm_adjusted([]) == []


def test_few_pairs_have_the_p_value_of_the_paired_t_test():
    values = np.array([1.0, 2.0, 3.0, 6.0])
    assert p_value(values) == pytest.approx(ttest_1samp(values, 0.0).pvalue)
    assert p_value(-values) == pytest.approx(p_value(values))


def test_many_pairs_have_the_larger_of_both_p_values():
    # Nineteen pairs do nothing and one does much: a third of all resamples have a mean of zero.
    lopsided = np.zeros(20)
    lopsided[3] = 1.0
    assert p_value(lopsided) > ttest_1samp(lopsided, 0.0).pvalue
    clear = 5.0 + luck(1, 20)[0]
    assert p_value(clear) == pytest.approx(ttest_1samp(clear, 0.0).pvalue)


def test_a_p_value_is_where_the_interval_touches_zero():
    for sample in 0.4 + luck(20, 14):
        p = p_value(sample)
        assert corrected_interval(sample, 1.0 - 0.99 * p).covers_zero
        assert not corrected_interval(sample, 1.0 - 1.01 * p).covers_zero


def test_a_policy_that_never_differs_has_a_p_value_of_one_and_an_interval_of_zero():
    found = holm({"idle": np.zeros(20), "other": 9.0 + luck(1, 20)[0]}, 0.05)
    assert (found["idle"].p, found["idle"].adjusted) == (1.0, 1.0)
    assert (found["idle"].low, found["idle"].high) == (0.0, 0.0)
    assert not found["idle"].rejected
    assert found["other"].sign == 1


def test_a_difference_that_is_always_the_same_is_told_from_zero():
    found = holm({"sure": np.full(4, -2.0)}, 0.05)["sure"]
    assert (found.p, found.low, found.high, found.sign) == (0.0, -2.0, -2.0, -1)


def test_a_single_pair_or_a_missing_value_tests_nothing_and_still_counts():
    sample = 1.0 + luck(1, 6)[0]
    alone = holm({"a": sample}, 0.05)["a"]
    among = holm({"a": sample, "one": np.array([3.0]), "gap": np.array([1.0, np.nan])}, 0.05)
    assert among["a"].confidence == pytest.approx(1.0 - 0.05 / 3)
    assert among["a"].adjusted == pytest.approx(min(1.0, 3.0 * alone.p))
    assert (among["one"].mean, among["one"].p, among["one"].low) == (3.0, None, None)
    assert (among["gap"].mean, among["gap"].p, among["gap"].rejected) == (None, None, False)


def test_steps_stop_at_the_first_effect_that_is_not_told():
    """Shifts leave p-values near 0, .02, .03 at m = 3: the second stops, and the third with it."""
    values = np.array([-1.0, 0.0, 1.0, 0.5, -0.5])
    spread = {"a": 100.0, "b": 1.12, "c": 1.0}
    found = holm({name: shift + values for name, shift in spread.items()}, 0.05)
    own = {name: tested.p for name, tested in found.items()}
    assert 0.05 / 2 < own["b"] < own["c"] < 0.05
    assert [found[name].rejected for name in "abc"] == [True, False, False]
    assert found["a"].confidence == pytest.approx(1.0 - 0.05 / 3)
    assert found["b"].confidence == found["c"].confidence == pytest.approx(1.0 - 0.05 / 2)
    # Alone, the third would have been told.
    assert holm({"c": values + 1.0}, 0.05)["c"].rejected


def test_one_hypothesis_is_not_corrected():
    sample = 0.7 + luck(1, 20)[0]
    found = holm({"a": sample}, 0.05)["a"]
    assert found.adjusted == found.p
    assert found.confidence == 0.95


@pytest.mark.parametrize(("pairs", "studies"), [(4, 400), (20, 400)])
def test_twelve_idle_policies_are_seldom_told_apart_from_nothing(pairs: int, studies: int):
    """At α = 5 %, 20 of 400 studies may err, give or take 13 (three standard deviations)."""
    drawn = luck(studies * 12, pairs).reshape(studies, 12, pairs)
    wrong = sum(
        any(tested.rejected for tested in holm(dict(enumerate(study)), 0.05).values())
        for study in drawn
    )
    assert 3 <= wrong <= 33


def test_the_order_of_names_is_kept():
    values = dict(zip("cab", luck(3, 5), strict=True))
    assert list(holm(values, 0.05)) == ["c", "a", "b"]
    assert holm({}, 0.05) == {}


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, float("nan")])
def test_a_level_that_is_no_chance_is_refused(alpha: float):
    with pytest.raises(InputError, match="alpha is"):
        holm({"a": np.ones(3)}, alpha)
