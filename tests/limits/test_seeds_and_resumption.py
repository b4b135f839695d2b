"""What luck may change, and what it may not; runs cut in two, forked, and given nothing to do.

Draws are keyed by seed, purpose and agent. Another seed draws other firms and other links, but in
linear mode everybody uses the recipe of the sector, so that multipliers are the same. The same seed
gives the same bits, a run put together from two halves is the run in one piece, and orders of size
zero or a parameter set to its own default change no bit (T15).
Reference: model specification §11, §12 (T15, T18).
"""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.economy.national import national_accounts
from millworks.parameters import register
from worlds import (
    Experiment,
    district,
    fingerprint,
    linear,
    manufacturing,
    one_sector,
    orders,
    run,
    world_parameters,
)


def after(weeks: int, seed: int, world: str = "default", **settings) -> str:
    """Fingerprint of a small district after some weeks with extra orders."""
    model = district(makers=40, parameters=world_parameters(world), seed=seed, **settings)
    model.programme = orders(one_sector("FURN"), 1e4, 8)
    run(model, weeks)
    return fingerprint(model.state())


def test_seeds_draw_other_firms_but_the_same_multiplier():
    """T18: outputs of single makers differ between seeds; the path per USD of orders does not."""
    weights = manufacturing(national_accounts(2022).output)
    paths, makers = [], []
    for seed in (1, 2, 12345):
        world = Experiment(district(seed=seed), 52)
        paths.append(world.steady_multiplier(weights))
        makers.append(np.array(world.model.populations["makers"].base_output))
    for path, outputs in zip(paths[1:], makers[1:], strict=True):
        np.testing.assert_allclose(path.national, paths[0].national, rtol=0.0, atol=1e-9)
        np.testing.assert_allclose(path.local, paths[0].local, rtol=0.0, atol=1e-9)
        assert np.abs(np.sort(outputs) / np.sort(makers[0]) - 1.0).max() > 0.01


def test_the_multiplier_does_not_depend_on_the_number_of_makers():
    """In linear mode a district of 30 makers and one of 120 are the same economy."""
    weights = manufacturing(national_accounts(2022).output)
    rates = linear(commuter_share=0.0)
    few, many = (
        Experiment(
            district(makers=makers, parameters=rates, shares=np.ones(34)), 52
        ).steady_multiplier(weights)
        for makers in (30, 120)
    )
    np.testing.assert_allclose(few.local, many.local, rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("world", ["linear", "default"])
def test_the_same_seed_twice_gives_the_same_bits(world):
    """T18: founding and twenty weeks, every column of every agent and link."""
    assert after(20, 7, world) == after(20, 7, world)


def test_another_seed_gives_other_bits():
    """A seed that changed nothing would make the test above empty."""
    assert after(2, 7) != after(2, 8)


def test_checking_the_books_changes_nothing():
    """Invariants only look: with and without them the same bits."""
    assert after(20, 7, check_every=1) == after(20, 7, check_every=0)


@pytest.mark.parametrize("world", ["linear", "default"])
def test_ten_weeks_and_ten_weeks_are_twenty_weeks(world):
    """State saved, carried into a world founded anew, and resumed: bit for bit the same end."""
    rates = world_parameters(world)
    whole = district(makers=40, parameters=rates, seed=5)
    half = district(makers=40, parameters=rates, seed=5)
    resumed = district(makers=40, parameters=rates, seed=5)
    for model in (whole, half, resumed):
        model.programme = orders(one_sector("FURN"), 1e4, 15)
    run(whole, 20)
    run(half, 10)
    resumed.load_state(pickle.loads(pickle.dumps(half.state())))
    run(resumed, 10)
    assert resumed.week == whole.week == 19
    assert fingerprint(resumed.state()) == fingerprint(whole.state())


def test_going_back_to_the_start_forgets_what_happened():
    """All arms of a study start from the same bytes: nothing of the first arm is left over."""
    model = district(makers=40, parameters=world_parameters("default"))
    start = model.state()
    run(model, 15)
    first = fingerprint(model.state())
    model.load_state(start)
    model.programme = orders(one_sector("FOOD"), 1e5, None)
    run(model, 15)
    assert fingerprint(model.state()) != first
    model.load_state(start)
    model.programme = type(model.programme)()
    run(model, 15)
    assert fingerprint(model.state()) == first


def test_two_arms_of_one_start_differ_only_by_what_was_asked_of_them():
    """A second world, given the first one's bytes in mid-run, takes either arm to the same bits."""
    rates = world_parameters("default")
    first = district(makers=40, parameters=rates, seed=5)
    run(first, 15)
    fork = pickle.dumps(first.state())
    ends: dict[float, set[str]] = {0.0: set(), 1e5: set()}
    for model in (first, district(makers=40, parameters=rates, seed=5)):
        for weekly, found in ends.items():
            model.load_state(pickle.loads(fork))
            model.programme = orders(one_sector("FURN"), weekly)
            run(model, 20)
            found.add(fingerprint(model.state()))
    assert len(ends[0.0]) == len(ends[1e5]) == 1
    assert ends[0.0] != ends[1e5]


def test_a_pickled_world_goes_on_as_if_nothing_had_happened():
    """The whole model, not only its state: populations, links, books, streams."""
    model = district(makers=40, parameters=world_parameters("default"), seed=5)
    run(model, 10)
    copy = pickle.loads(pickle.dumps(model))
    run(model, 15)
    run(copy, 15)
    assert fingerprint(copy.state()) == fingerprint(model.state())


def test_orders_of_size_zero_change_no_bit():
    """T15: a programme that asks for nothing is no programme."""
    model = district(makers=40, parameters=world_parameters("default"), seed=5)
    start = model.state()
    run(model, 20)
    without = fingerprint(model.state())
    model.load_state(start)
    model.programme = orders(one_sector("FURN"), 0.0)
    run(model, 20)
    assert fingerprint(model.state()) == without


def overridden(*changes: str):
    """Parameters of the default world with overrides as on the command line."""
    chosen = compose("multiplier", None, ["world=default", *changes], packaged_scenarios())
    return chosen.world.values()


@pytest.mark.parametrize("key", list(register()))
def test_overriding_a_parameter_with_its_default_changes_no_value(key):
    """T15, one by one: whatever is read of a world afterwards is read of the same numbers."""
    same = overridden(f"world.parameters.{key}={register()[key].default!r}")
    assert same == world_parameters("default")


def test_overriding_every_parameter_with_its_default_changes_no_bit():
    """T15, all at once, over half a year."""
    values = {key: row.default for key, row in register().items()}
    ends = set()
    for rates in (
        world_parameters("default"),
        overridden(*(f"world.parameters.{key}={value!r}" for key, value in values.items())),
        world_parameters("default").replace(**values),
    ):
        model = district(makers=40, parameters=rates, seed=5)
        run(model, 26)
        ends.add(fingerprint(model.state()))
    assert len(ends) == 1
