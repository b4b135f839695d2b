"""T3: in a district that buys part of its inputs elsewhere, agents return the local multiplier

    x_local = (I - R∘A - s ρ (r∘h) l')⁻¹ w        per USD of orders w, by sector

R share of inputs bought in the place, r of the basket (no more of a good than residents shop
there), ρ the share of pay that stays with residents. The inverse is written out here once more, so
that agents and table are not both read off the same function. Nothing flows back from the rest of
the US.

References: model specification §9.2, §12 (T3); Miller and Blair (2009), ch. 3.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.district_model import DistrictModel
from millworks.economy.national import national_accounts
from millworks.economy.sectors import MANUFACTURING, SECTORS
from millworks.economy.technology import RET, TRN, WHL
from millworks.parameters import Parameters
from worlds import (
    EVERYTHING_BOUGHT_HERE,
    Experiment,
    district,
    linear,
    manufacturing,
    one_sector,
    one_week_lags,
)

STEADY = 1e-6
MANUFACTURES_QUARTER_REST_SIXTY = np.where(MANUFACTURING, 0.25, 0.60)

QUICK = {"AGR", "FOOD", "PLAS", "MACH", "FURN", "RET", "PBS"}
"""Sectors in which the exchange of shares is tried every time; the others in the slow tests."""

SOLD_IN_SHOPS = MANUFACTURING.copy()
SOLD_IN_SHOPS[[WHL, TRN]] = True


def local_by_hand(
    shares: np.ndarray, weights: np.ndarray, parameters: Parameters, year: int = 2022
) -> np.ndarray:
    """Local output by sector [34], USD per USD of orders, by the formula above."""
    national = national_accounts(year)
    in_basket = np.where(SOLD_IN_SHOPS, np.minimum(shares, shares[RET]), shares)
    spent_here = parameters.s_w * (1.0 - parameters.commuter_share)
    rounds = shares[:, None] * national.A
    rounds += spent_here * np.outer(in_basket * national.basket, national.compensation)
    return np.linalg.solve(np.eye(len(weights)) - rounds, weights)


def shares_of(model: DistrictModel) -> np.ndarray:
    """Regional purchase shares [34] by selling sector, as founded."""
    shares = model.technology.regional_share
    assert not np.ptp(shares, axis=1).any(), "shares differ between buyers"
    return shares[:, 0]


def steady_local(experiment: Experiment, weights: np.ndarray) -> np.ndarray:
    """Local output by sector after the last week, USD per USD of orders that never end."""
    return experiment.steady_multiplier(weights, injection=0.02).local[-1]


def relative(found: np.ndarray, known: np.ndarray) -> float:
    """Largest difference of a sector's output, relative to the whole multiplier."""
    return float(np.abs(found - known).max() / known.sum())


def test_the_local_multiplier_of_the_specification_is_returned_by_agents():
    """T3: R = .25 for manufactures, .60 for the rest; s* makes the nation's multiplier 2.68."""
    national = national_accounts(2022)
    weights = manufacturing(national.output)
    share = national.table.respending_share(2.68, weights)
    assert share == pytest.approx(0.8839, abs=5e-5)
    rates = linear(s_w=share, commuter_share=0.0)
    model = district(parameters=rates, shares=MANUFACTURES_QUARTER_REST_SIXTY)
    path = Experiment(model, 182).steady_multiplier(weights)
    known = local_by_hand(MANUFACTURES_QUARTER_REST_SIXTY, weights, rates)
    assert known.sum() == pytest.approx(1.453, abs=5e-4)
    assert relative(path.local[-1], known) < STEADY
    assert path.national[-1].sum() == pytest.approx(2.68, rel=STEADY)


@pytest.mark.parametrize(
    ("share", "commuters", "same"), [(1.0, 0.0, True), (0.99, 0.0, False), (1.0, 0.01, False)]
)
def test_the_local_multiplier_is_the_national_one_only_if_nothing_leaves(share, commuters, same):
    """T3: local equals national if and only if R = 1 and nobody commutes."""
    rates = one_week_lags(commuter_share=commuters)
    model = district(parameters=rates, shares=share * EVERYTHING_BOUGHT_HERE)
    weights = manufacturing(national_accounts(2022).output)
    path = Experiment(model, 40).steady_multiplier(weights)
    national = national_accounts(2022).table.type_ii("output", weights, respent=rates.s_w)
    assert relative(path.national[-1], national) < STEADY
    gap = 1.0 - path.local[-1].sum() / national.sum()
    assert (gap < STEADY) == same
    assert same or gap > 1e-3


@pytest.mark.parametrize(
    ("place", "makers", "year"),
    [("hickory", 60, 2022), ("elkhart", 60, 2017), ("brooklyn", 80, 2022)],
)
def test_each_place_returns_the_multiplier_of_its_own_table(place, makers, year):
    """T3 with measured shares and commuters: manufacturing in the place's own mix."""
    model = district(place, makers, year=year)
    experiment = Experiment(model, 156)
    weights = manufacturing(model.founding.flows_by_sector)
    found = steady_local(experiment, weights)
    assert relative(found, local_by_hand(shares_of(model), weights, linear(), year)) < STEADY
    table = model.technology.regional_table(linear().commuter_share)
    respent = linear().s_w * (1.0 - linear().commuter_share)
    assert relative(found, table.type_ii("output", weights, respent=respent)) < STEADY


def own_and_exchanged(place: str, other: str) -> tuple[Experiment, Experiment]:
    """A place with its own shares, and the same place with another's."""
    rates = one_week_lags()
    own = Experiment(district(place, parameters=rates), 34)
    others = shares_of(district(other, parameters=rates))
    # What nobody makes in the place cannot be bought there, whoever's shares it is given.
    others = np.where(own.model.founding.flows_by_sector > 0.0, others, 0.0)
    return own, Experiment(district(place, parameters=rates, shares=others), 34)


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Experiment, Experiment]]:
    return [own_and_exchanged("hickory", "elkhart"), own_and_exchanged("elkhart", "hickory")]


@pytest.mark.parametrize(
    "code",
    [code if code in QUICK else pytest.param(code, marks=pytest.mark.slow) for code in SECTORS],
)
def test_exchanging_two_districts_shares_is_noticed_in_every_sector(code, pairs):
    """T3: with its own shares a place returns its multiplier, with the other's it does not.

    The wrong shares must miss by a thousand times the tolerance at least, or the comparison with
    Leontief would not tell one district from another.
    """
    weights, rates = one_sector(code), one_week_lags()
    for own, exchanged in pairs:
        if own.model.founding.flows_by_sector @ weights == 0.0:
            continue
        known = local_by_hand(shares_of(own.model), weights, rates)
        assert relative(steady_local(own, weights), known) < STEADY
        assert relative(steady_local(exchanged, weights), known) > 1000 * STEADY
