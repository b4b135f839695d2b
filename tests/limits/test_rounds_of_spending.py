"""T4: with lags of one week, round k of spending happens in week k.

Orders of one week in week 0, income and use of inputs answered a week later and nothing smoothed:

    x(k) = A_II^k w        district and rest of the US together, k = 0 … 8, to 1e-9
    x(k) = (R∘A_II)^k w    the district alone

The powers are taken here, matrix by matrix. Stocks are held at a constant level, so that they pass
every order on in the same week. Reference: model specification §12 (T4); Miller and Blair (2009),
§2.4 (power series of the inverse).
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.economy.national import national_accounts
from worlds import (
    EVERYTHING_BOUGHT_HERE,
    Experiment,
    district,
    manufacturing,
    one_sector,
    one_week_lags,
    orders,
)

ROUNDS = 9
EXACT = 1e-9
CODES = ("AGR", "FOOD", "PETR", "FURN", "WHL", "RET", "TRN", "EHS", "GOV")


def powers(matrix: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Rounds M^k w for k = 0 … 8, [9, 34]."""
    rounds = [weights]
    for _ in range(ROUNDS - 1):
        rounds.append(matrix @ rounds[-1])
    return np.array(rounds)


def national_round(year: int, share: float) -> np.ndarray:
    """A_II = A + s h l', [34, 34]."""
    national = national_accounts(year)
    return national.A + share * np.outer(national.basket, national.compensation)


@pytest.fixture(scope="module", params=[2017, 2022])
def nation(request) -> tuple[int, Experiment]:
    rates = one_week_lags(commuter_share=0.0)
    model = district(parameters=rates, year=request.param, shares=EVERYTHING_BOUGHT_HERE)
    return request.param, Experiment(model, ROUNDS)


@pytest.fixture(scope="module", params=["generic", "hickory"])
def place(request) -> Experiment:
    return Experiment(district(request.param, 60, parameters=one_week_lags()), ROUNDS)


@pytest.mark.parametrize("code", CODES)
def test_round_k_of_a_dollar_is_the_kth_power_of_the_table(nation, code):
    """T4 with everything bought in the place: the district makes every round itself."""
    year, world = nation
    path = world.effect(orders(one_sector(code), 1e5, 1)) / 1e5
    known = powers(national_round(year, world.model.parameters.s_w), one_sector(code))
    np.testing.assert_allclose(path.local, known, rtol=0.0, atol=EXACT)
    assert not path.rest_of_us.any()


def test_rounds_of_the_place_and_of_the_rest_of_the_us_add_up_to_the_nations(place):
    """T4 with regional shares and commuters: no round is early or late across the border."""
    weights = manufacturing(place.model.founding.flows_by_sector)
    path = place.effect(orders(weights, 1e5, 1)) / 1e5
    known = powers(national_round(2022, place.model.parameters.s_w), weights)
    np.testing.assert_allclose(path.national, known, rtol=0.0, atol=EXACT)


def test_local_rounds_are_powers_of_the_regional_table(place):
    """T4 in the district alone: what leaks to the rest of the US does not come back."""
    rates = place.model.parameters
    table = place.model.technology.regional_table(rates.commuter_share)
    matrix = table.closed_matrix(rates.s_w * (1.0 - rates.commuter_share))
    weights = manufacturing(place.model.founding.flows_by_sector)
    path = place.effect(orders(weights, 1e5, 1)) / 1e5
    np.testing.assert_allclose(path.local, powers(matrix, weights), rtol=0.0, atol=EXACT)


def test_without_household_spending_the_rounds_are_those_of_type_i(nation):
    """T4, spending held: x(k) = A^k w."""
    year, world = nation
    weights = manufacturing(national_accounts(year).output)
    path = world.effect(orders(weights, 1e5, 1), "indirect") / 1e5
    known = powers(national_round(year, 0.0), weights)
    np.testing.assert_allclose(path.local, known, rtol=0.0, atol=EXACT)


def test_smoothed_incomes_put_later_rounds_into_later_weeks():
    """T4 needs its lags: with incomes smoothed over four weeks, week 1 has less than round 1."""
    rates = one_week_lags(commuter_share=0.0, income_half_life=4.0)
    world = Experiment(district(parameters=rates, shares=EVERYTHING_BOUGHT_HERE), ROUNDS)
    weights = manufacturing(national_accounts(2022).output)
    path = world.effect(orders(weights, 1e5, 1)) / 1e5
    known = powers(national_round(2022, rates.s_w), weights).sum(axis=1)
    assert path.local[1].sum() < known[1] - 0.05
