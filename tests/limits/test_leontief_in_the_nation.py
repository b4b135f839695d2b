"""T2: agents in linear mode return Leontief's national multipliers.

A permanent step of orders in week 0 raises output, once everyone has answered, by

    x = (I - A_II)⁻¹ w,    A_II = A + s h l'        per USD of orders, w by sector

A domestic inputs, h basket of domestic goods, l pay per USD of output, s the share of pay respent;
with household spending held at the baseline s = 0 (Type I), with orders held too x = w (direct).

(a) everything is bought in the place and nobody commutes: the district is the nation, the rest of
    the US stays unused;
(b) a place with its own regional shares; the rest of the US answers in explicit weekly rounds;
(c) the same place; what it bought in the rest of the US is multiplied by the solved inverse.

References: model specification §9.2, §9.4, §12 (T2); Miller and Blair (2009), ch. 2 and 6.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from millworks.economy.national import national_accounts
from millworks.economy.sectors import SECTORS
from millworks.parameters import Parameters
from millworks.study.closures import HELD
from worlds import (
    EVERYTHING_BOUGHT_HERE,
    Experiment,
    Path,
    district,
    linear,
    manufacturing,
    one_sector,
    one_week_lags,
    orders,
)

STEADY, IMPULSE = 1e-6, 5e-4
"""Tolerances of T2, relative to the national multiplier: steady state; sum over 104 weeks."""

YEARS = (2017, 2022)
ARMS = tuple(HELD)
PLACES = ("nation", "generic", "hickory")


def respent(arm: str, parameters: Parameters) -> float | None:
    """Share of pay that an arm lets households spend: none while their spending is held."""
    return parameters.s_w if arm == "induced" else None


def leontief(arm: str, weights: np.ndarray, year: int, parameters: Parameters) -> np.ndarray:
    """What the table says an arm should return, [34] USD of output per USD of orders."""
    if arm == "direct":
        return weights
    table = national_accounts(year).table
    return table.effect("output", weights, respent(arm, parameters))


def solved_rest_of_us(path: Path, arm: str, year: int, parameters: Parameters) -> np.ndarray:
    """L (purchases + s h commuters' pay): rest of the US by the inverse, rows as in the path."""
    national = national_accounts(year)
    spent = respent(arm, parameters) or 0.0
    inverse = national.table.leontief(spent)
    commuters = spent * np.multiply.outer(path.commuters_pay, national.basket)
    return (path.purchases_outside + commuters) @ inverse.T


@cache
def experiment(
    place: str, year: int, weeks: int, *, usual_lags: bool = True, check_every: int = 1
) -> Experiment:
    """A place in linear mode; the nation is the generic place that buys everything from itself."""
    rates = linear() if usual_lags else one_week_lags()
    shares = None
    if place == "nation":
        place, shares = "generic", EVERYTHING_BOUGHT_HERE
        rates = rates.replace(unchecked=True, commuter_share=0.0)
    model = district(place, 60, year=year, parameters=rates, shares=shares, check_every=check_every)
    return Experiment(model, weeks)


def assert_steady(found, known, tolerance: float = STEADY):
    """Outputs by sector agree, relative to the whole multiplier."""
    assert np.abs(found - known).max() / known.sum() < tolerance
    assert abs(found.sum() / known.sum() - 1.0) < tolerance


def mixed(world: Experiment, place: str) -> np.ndarray:
    """Weights of orders [34]: national output, or the place's own where it does not make all."""
    if place == "hickory":
        return manufacturing(world.model.founding.flows_by_sector)
    return manufacturing(world.model.technology.national.output)


def assert_ends_at_leontief(place: str, year: int, weeks: int, arms) -> None:
    """A permanent step of mixed orders ends at the table's answer, in ways (a), (b) and (c)."""
    world = experiment(place, year, weeks)
    weights, rates = mixed(world, place), world.model.parameters
    for arm in arms:
        path = world.steady_multiplier(weights, arm=arm)
        known = leontief(arm, weights, year, rates)
        assert_steady(path.national[-1], known)
        assert_steady(path.local[-1] + solved_rest_of_us(path, arm, year, rates)[-1], known)


@pytest.mark.parametrize("place", ["nation", "hickory"])
def test_a_permanent_step_ends_at_leontiefs_answer(place):
    """T2 (a), (b), (c): orders for all manufacturing that never end, after 182 weeks."""
    assert_ends_at_leontief(place, 2022, 182, ARMS)


@pytest.mark.slow
@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("place", PLACES)
def test_a_permanent_step_stays_at_leontiefs_answer(place, year):
    """T2 (a), (b), (c): the same after six years, with the tables of both years."""
    assert_ends_at_leontief(place, year, 312, ARMS)


@pytest.mark.parametrize(
    ("place", "year"),
    [
        ("nation", 2017),
        ("hickory", 2022),
        pytest.param("nation", 2022, marks=pytest.mark.slow),
        pytest.param("hickory", 2017, marks=pytest.mark.slow),
    ],
)
def test_a_year_of_orders_adds_up_to_leontiefs_answer_after_two_years(place, year):
    """T2: output summed over 104 weeks, of which 52 have orders; rest of the US both ways."""
    world = experiment(place, year, 104)
    weights, rates = mixed(world, place), world.model.parameters
    weekly = 0.01 * world.weekly_sales(weights)
    for arm in ARMS:
        path = world.effect(orders(weights, weekly, 52), arm) / (52 * weekly)
        known = leontief(arm, weights, year, rates)
        assert_steady(path.national.sum(axis=0), known, IMPULSE)
        solved = solved_rest_of_us(path, arm, year, rates)
        assert_steady(path.local.sum(axis=0) + solved.sum(axis=0), known, IMPULSE)
        if arm == "induced":
            under_way = 1.0 - path.national[:52].sum() / known.sum()
            assert 0.03 < under_way < 0.09, "a year is too short for the whole multiplier"


@pytest.mark.parametrize("place", ["nation", "hickory"])
def test_with_all_responses_held_a_dollar_of_orders_is_a_dollar_of_output_every_week(place):
    """T2, D: the direct effect is exactly one, from the first week on, and stays in the place."""
    world = experiment(place, 2022, 104)
    weights = mixed(world, place)
    path = world.steady_multiplier(weights, arm="direct")
    np.testing.assert_allclose(path.local, np.tile(weights, (104, 1)), atol=1e-12)
    assert not path.rest_of_us.any()


def test_the_rest_of_the_us_stays_unused_where_everything_is_bought_in_the_place():
    """T2 (a): with shares of one and no commuters not a dollar goes to the satellite."""
    path = experiment("nation", 2022, 104).baseline
    assert not path.purchases_outside.any()
    assert not path.commuters_pay.any()
    assert not path.rest_of_us.any()


def test_most_of_hickorys_rounds_are_made_in_the_rest_of_the_us():
    """T2 (b) would say little if the satellite had little to do."""
    world = experiment("hickory", 2022, 104)
    path = world.steady_multiplier(mixed(world, "hickory"))
    rounds = path.national[-1].sum() - 1.0
    assert path.rest_of_us[-1].sum() > 0.5 * rounds


@pytest.mark.parametrize(("place", "year"), [("nation", 2022), ("hickory", 2017)])
def test_the_multiplier_does_not_depend_on_the_size_of_the_orders(place, year):
    """T2: orders of 0.1, 5 and 20 % of sales have the same effect per dollar, week by week."""
    world = experiment(place, year, 104)
    weights = mixed(world, place)
    small, middle, large = (
        world.steady_multiplier(weights, injection=injection) for injection in (0.001, 0.05, 0.2)
    )
    for other in (middle, large):
        np.testing.assert_allclose(other.national, small.national, rtol=0.0, atol=1e-9)
        np.testing.assert_allclose(other.local, small.local, rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("code", SECTORS)
@pytest.mark.parametrize(
    ("place", "year"), [("nation", 2022), ("generic", 2017), ("generic", 2022)]
)
def test_every_sectors_orders_have_that_columns_multiplier(place, year, code):
    """T2, 34 columns: Type II of each sector's own column, ways (a), (b) and (c).

    With lags of one week the steady state, which lags do not move, is reached in 34 weeks.
    """
    world = experiment(place, year, 34, usual_lags=False, check_every=13)
    assert_column(world, code, year, ("induced",))


@pytest.mark.slow
@pytest.mark.parametrize("code", SECTORS)
@pytest.mark.parametrize(("place", "year"), [("nation", 2017), ("generic", 2022)])
def test_every_sectors_orders_have_that_columns_multiplier_at_the_usual_lags(place, year, code):
    """T2, 34 columns, Type I and II, with smoothing and stocks as linear mode has them."""
    world = experiment(place, year, 182, check_every=13)
    assert_column(world, code, year, ("indirect", "induced"))


def assert_column(world: Experiment, code: str, year: int, arms) -> None:
    """A step of one sector's orders ends at the column's answer in each arm."""
    weights, rates = one_sector(code), world.model.parameters
    for arm in arms:
        path = world.steady_multiplier(weights, arm=arm, injection=0.05)
        known = leontief(arm, weights, year, rates)
        assert_steady(path.national[-1], known)
        assert_steady(path.local[-1] + solved_rest_of_us(path, arm, year, rates)[-1], known)
