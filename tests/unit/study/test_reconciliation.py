from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from millworks.conf.schema import MultiplierConfig
from millworks.parameters import register
from millworks.study.friction_measures import QUANTITIES
from millworks.study.reconciliation import (
    DETAIL,
    MECHANISMS,
    PRECEDENCE,
    REGIONS,
    TERMS,
    bridge_of,
    bridge_tasks,
    over_orders,
    parameters_with,
    shapley,
    subsets,
)
from worlds import world_parameters

PLAYERS = ["a", "b", "c"]
GLOVES = {s: float("a" in s and ("b" in s or "c" in s)) for s in subsets(PLAYERS)}
"""One left glove (a), two right ones: a pair is worth one."""


def test_a_game_worked_by_hand_has_its_shapley_values():
    found = shapley(PLAYERS, GLOVES)
    assert found == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6})


def test_the_mean_over_all_orders_is_the_shapley_value_between_least_and_most():
    found = over_orders(PLAYERS, GLOVES)
    for player, value in shapley(PLAYERS, GLOVES).items():
        mean, low, high = found[player]
        assert mean == pytest.approx(value)
        assert (low, high) == ((0.0, 1.0))
        assert low <= mean <= high


def test_orders_that_break_a_precedence_do_not_count():
    """With the left glove first, whoever brings the first right one makes the pair."""
    found = over_orders(PLAYERS, GLOVES, [("a", "b"), ("a", "c")])
    assert found == {"a": (0.0, 0.0, 0.0), "b": (0.5, 0.0, 1.0), "c": (0.5, 0.0, 1.0)}


@pytest.mark.parametrize("precedence", [(), PRECEDENCE])
def test_shares_of_any_game_add_up(precedence):
    players = list(MECHANISMS)
    worth = {s: math.sin(1.0 + 7.3 * k) for k, s in enumerate(subsets(players))}
    total = worth[frozenset(players)] - worth[frozenset()]
    found = over_orders(players, worth, precedence)
    assert sum(mean for mean, _, _ in found.values()) == pytest.approx(total, abs=1e-12)
    assert all(low <= mean <= high for mean, low, high in found.values())
    assert sum(shapley(players, worth).values()) == pytest.approx(total, abs=1e-12)


def test_every_parameter_that_can_be_off_belongs_to_one_mechanism_or_to_the_detail():
    named = [key for keys in (*MECHANISMS.values(), DETAIL) for key in keys]
    assert sorted(named) == sorted({*named}), "a parameter is named twice"
    switched = {
        key
        for key, row in register().items()
        if row.off is not None and world_parameters("linear")[key] == row.off
    }
    assert set(named) == switched


def test_the_ends_of_the_bridge_are_linear_mode_and_the_world_asked_for():
    values = world_parameters("default")
    assert parameters_with(values, frozenset(MECHANISMS)).as_dict() == values.as_dict()
    assert parameters_with(values, None).as_dict() == world_parameters("linear").as_dict()


def test_a_mechanism_that_the_world_has_off_stays_off():
    values = world_parameters("default").replace(q_sw=0.0)
    assert parameters_with(values, frozenset(MECHANISMS)).q_sw == 0.0


def test_the_bridge_adds_up_whatever_the_worlds_return():
    config = MultiplierConfig(mode="spent", bridge_pairs=2, seed=5)
    tasks = bridge_tasks(config)
    assert len(tasks) == 2 * 33
    rng = np.array([math.sin(3.1 * k) for k in range(len(tasks))])
    outcomes = [
        {
            (region, quantity): (100.0 + luck * (1 + place), 50.0 + number % 2)
            for place, (region, quantity) in enumerate(itertools.product(REGIONS, QUANTITIES))
        }
        for number, luck in enumerate(rng)
    ]
    known = {(region, quantity): 1.5 for region in REGIONS for quantity in QUANTITIES}
    bridge = bridge_of(config, tasks, outcomes, known)
    assert bridge.gap < 1e-9
    for quantity, region in itertools.product(QUANTITIES, REGIONS):
        steps = bridge.of(quantity, region)
        assert tuple(step.term for step in steps) == TERMS
        for whole in (sum(s.value for s in steps), sum(s.shapley for s in steps)):
            assert whole == pytest.approx(bridge.total[quantity, region], rel=1e-12)
        for step in steps:
            if step.low is not None and step.high is not None:
                assert step.low <= step.value + 1e-12
                assert step.value <= step.high + 1e-12
