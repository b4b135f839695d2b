"""Effects made from pairs, as all studies of many arms have them."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.study.many_arms import as_tested, effect_of, level_effect, within
from millworks.study.ranking.holm import holm

BEFORE = np.array([10.0, 12.0, 11.0, 13.0])


def test_an_effect_is_the_mean_difference_of_pairs_on_their_baseline():
    """Pairs differ by 1, 2, 1, 2: mean 1.5 on 11.5; t of 3 degrees times the standard error."""
    found = level_effect("jobs", "jobs", BEFORE + [1.0, 2.0, 1.0, 2.0], BEFORE, 0.95)
    error = np.std([1, 2, 1, 2], ddof=1) / 2.0
    assert (found.mean, found.baseline, found.pairs) == (1.5, 11.5, 4)
    assert found.high - found.low == pytest.approx(2.0 * 3.18245 * error, rel=1e-5)


def test_equal_arms_have_an_effect_of_exactly_zero():
    found = level_effect("jobs", "jobs", BEFORE, BEFORE, 0.95)
    assert (found.mean, found.low, found.high) == (0.0, 0.0, 0.0)


def test_one_pair_has_a_mean_and_no_interval():
    found = level_effect("jobs", "jobs", BEFORE[:1] + 2.0, BEFORE[:1], 0.95)
    assert found.mean == 2.0
    assert found.low is None
    assert found.covers_zero is None


def test_a_figure_that_is_not_there_leaves_an_effect_without_value():
    unknown = np.array([1.0, np.nan, 1.0, 1.0])
    found = level_effect("price", "index", unknown, BEFORE, 0.95)
    assert found.mean is None
    assert effect_of("price", "index", None, 4).low is None


def test_an_interval_ends_where_its_quantity_does():
    found = level_effect("refused", "share", np.array([0.2, 0.9]), np.zeros(2), 0.95)
    assert found.low < 0.0 < 1.0 < found.high
    bounded = within(found, 0.0, 1.0)
    assert (bounded.low, bounded.high, bounded.mean) == (0.0, 1.0, found.mean)


def test_an_interval_inside_its_bounds_stays_as_it_is():
    found = level_effect("refused", "share", np.array([0.40, 0.41]), np.zeros(2), 0.95)
    assert within(found, 0.0, 1.0) == found
    alone = level_effect("refused", "share", np.array([0.4]), np.zeros(1), 0.95)
    assert within(alone, 0.0, 1.0) == alone


def test_a_tested_effect_excludes_zero_only_where_its_test_does():
    """Clear alone, drowned among ten that are tried with it."""
    rng = np.random.default_rng(3)
    values = {str(place): rng.normal(size=8) for place in range(9)}
    values["one"] = np.array([1.0, 2.0, 0.5, 1.5, -0.4, 2.2, 0.1, 1.1])
    own = level_effect("jobs", "jobs", values["one"], np.zeros(8), 0.95)
    tested = holm(values, 0.05)["one"]
    shown = as_tested(own, tested)
    assert own.covers_zero is False
    assert shown.high - shown.low > own.high - own.low
    assert (shown.covers_zero is False) == (tested.sign != 0)
