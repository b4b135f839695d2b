"""Who takes up what each policy offers, in a small world in which somebody should."""

from __future__ import annotations

import numpy as np
import pytest

import worlds
from millworks.conf.levers import lever_names
from millworks.policies.registry import comparators, lever_settings
from millworks.study.take_up import FOLLOWED, TAKE_UP, taking_up

BURN_IN = 70
"""Weeks: no contract is made before a year of deliveries is known."""
WEEKS = {"hub": 60, "technology_transfer": 60, "inventory_finance": 104}
QUICKLY = {"hub": {"build": 0}, "flexible_real_estate": {"build": 1}}


@pytest.fixture(scope="module")
def world():
    """A scale model of Hickory, and its state at the end of a burn-in."""
    parameters = worlds.world_parameters("default")
    model = worlds.district("hickory", 80, parameters=parameters, check_every=13)
    worlds.run(model, BURN_IN)
    return model, model.state()


def users(world, name, weeks, **settings):
    """Rows that take up a policy at any time, by letter."""
    model, start = world
    model.load_state(start)
    model.introduce({name: lever_settings(name)(**settings)})
    found = {letter: np.zeros(model.population(letter).size, bool) for letter in FOLLOWED}
    for _ in range(weeks):
        model.step()
        for policy in model.measures.policies:
            for letter, flags in taking_up(model, policy).items():
                assert flags.dtype == np.bool_
                assert flags.shape == found[letter].shape
                found[letter] |= flags
    return found


def test_every_lever_has_its_own_function_and_nothing_else_has():
    assert set(TAKE_UP) == set(lever_names("policies")) - set(comparators())


@pytest.mark.parametrize("name", sorted(TAKE_UP))
def test_somebody_takes_up_what_a_lever_offers_but_not_everybody_is_treated(world, name):
    found = users(world, name, WEEKS.get(name, 40), **QUICKLY.get(name, {}))
    assert found["M"].any()
    assert not found["R"].any() or name == "inventory_finance"
    if name == "ports_and_rail":
        assert found["P"].all()
    else:
        assert not found["P"].any()
        assert not found["M"].all()


@pytest.mark.parametrize("name", sorted(TAKE_UP))
def test_a_lever_of_size_zero_is_taken_up_by_nobody(world, name):
    found = users(world, name, 6, intensity=0.0)
    assert not any(flags.any() for flags in found.values())


def test_the_eligible_are_treated_by_a_comparator_while_it_is_in_force(world):
    found = users(world, "wage_subsidy", 3)
    makers = world[0].population("M")
    assert np.array_equal(found["M"], makers.status == 0)
    later = users(world, "wage_subsidy", 3, start=20)
    assert not later["M"].any()


def test_a_rebate_to_households_treats_no_firm(world):
    assert not any(flags.any() for flags in users(world, "household_rebate", 3).values())
