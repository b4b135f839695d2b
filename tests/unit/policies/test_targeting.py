"""Whom a policy is for: size, sector, place and age, read off what firms are."""

from __future__ import annotations

import numpy as np
import pytest

from arms import arms
from millworks.conf.targets import count_reached
from millworks.errors import InputError
from millworks.policies.registry import make_policies
from millworks.world.measures import State


def eligible(**settings: object) -> np.ndarray:
    """Makers that a wage subsidy so aimed is for, in a small district after its burn-in."""
    world = arms().model
    world.load_state(arms().start)
    (policy,) = make_policies({"wage_subsidy": settings})
    return policy.eligible(State(world, world.week))["M"]


def makers():
    """The makers after the burn-in, and their distance from the centre."""
    world = arms().model
    world.load_state(arms().start)
    return world, world.population("M"), world.miles_from_centre("M")


def test_a_policy_for_a_place_reaches_those_within_so_many_miles():
    _, firms, away = makers()
    middle = float(np.median(away))
    expected = (firms.status == 0) & (away <= middle)
    assert 0 < expected.sum() < (firms.status == 0).sum()
    np.testing.assert_array_equal(eligible(miles=middle), expected)


def test_a_policy_for_the_young_reaches_those_born_since_and_none_of_the_start():
    world, firms, _ = makers()
    world.population("M").born[:5] = [world.week - 20, world.week - 60, world.week - 200, 0, 0]
    (policy,) = make_policies({"wage_subsidy": {"max_age": 1.0}})
    found = policy.eligible(State(world, world.week))["M"]
    trades = firms.status[:5] == 0
    np.testing.assert_array_equal(found[:5], trades & [True, False, False, False, False])
    (policy,) = make_policies({"wage_subsidy": {"max_age": 2.0, "min_age": 1.0}})
    found = policy.eligible(State(world, world.week))["M"]
    np.testing.assert_array_equal(found[:5], trades & [False, True, False, False, False])


def test_firms_of_the_start_count_as_older_than_any_bound():
    _, firms, _ = makers()
    there = (firms.status == 0) & (firms.born == 0)
    assert there.any()
    assert eligible(min_age=50.0)[there].all()
    assert not eligible(max_age=100.0)[there].any()


def test_size_sector_place_and_age_must_all_hold():
    settings = {"sizes": ["<5", "5-9"], "miles": 30.0, "min_age": 2.0}
    expected = eligible(sizes=["<5", "5-9"]) & eligible(miles=30.0) & eligible(min_age=2.0)
    np.testing.assert_array_equal(eligible(**settings), expected)


def test_a_place_without_makers_is_refused_with_the_distance_of_the_nearest():
    _, firms, away = makers()
    near = float(away.min()) / 2.0
    policies = {"wage_subsidy": {"miles": near}}
    with pytest.raises(InputError, match=r"the nearest is \d+\.\d miles away"):
        count_reached(policies, "hickory", firms.sector, firms.size_class, away)
