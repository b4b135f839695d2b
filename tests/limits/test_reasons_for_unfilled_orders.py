"""Every unfilled order carries its one reason, and each reason can be produced alone.

    Σ_reason refused_i = (1 - a_i) D_i          every producer, every week; a_i part granted

The worlds of single reasons start from linear mode, in which nothing is refused, and switch on one
limit. Their capacity is a hundred times demand at a hundredth of its usual price, and customers
bear weeks of sales, not weeks of full use, so that what holds a maker back is that one limit.
Reference: model specification §7.5, §7.8; `hub_queue` waits for hubs.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE
from millworks.agents.producer import REASONS
from millworks.district_model import DistrictModel
from millworks.economy.sectors import MANUFACTURING
from worlds import district, orders, world_parameters

ROOM_TO_SPARE = {"utilisation": 0.0078, "s_dk": 0.01, "kc": 0.004, "ell0": 0.03, "tau_l": 0.06}
LUMPY_ORDERS = {"sigma0": 0.35, "cv_o": 0.6}
PLENTY_IN_STOCK = {"psi": 0.4, "cover_f": 20.0, "cover_in": 30.0, "alpha": 0.05, "ell0": 0.5}
NO_CREDIT = {"cards": 0.0, "a0": -1e9, "adv_AR": 0.0, "adv_IN": 0.0}

CONFIGURATIONS: dict[str, dict[str, float]] = {
    # Orders above what plant can make; hands, inputs and money follow without limit.
    "capacity": {"utilisation": 0.95, "s_dk": 0.2, "ell0": 3.0},
    # Customers pay weeks late, cushions are hours of outflow, and nobody lends.
    "cash": ROOM_TO_SPARE | NO_CREDIT | {"buf": 0.01, "late_p": 1.0, "late_w": 3.0},
    # Half a week's inputs in stock, and orders that jump.
    "inputs": ROOM_TO_SPARE | LUMPY_ORDERS | {"cover_in": 0.5},
    # A twentieth of the missing hands can be hired in a week.
    "labour": ROOM_TO_SPARE | LUMPY_ORDERS | {"eta_h": 0.05, "u0": 0.04, "cover_in": 6.0},
    # Orders treble for good and stock is to grow with them, on floors that fit people only.
    "space": ROOM_TO_SPARE | PLENTY_IN_STOCK | {"explicit_space": 1.0, "floor_reserve": -0.99},
    # Half a week of stock is aimed at, paid for and housed; spot orders jump above it.
    "forecast": ROOM_TO_SPARE | LUMPY_ORDERS | {"psi": 0.6, "cover_f": 0.5, "ell0": 0.5},
}


def refused_by_reason(model: DistrictModel, weeks: int) -> tuple[np.ndarray, float]:
    """Units refused by reason [8] and all units ordered, over some weeks."""
    refused, ordered = np.zeros(len(REASONS)), 0.0
    for _ in range(weeks):
        model.step()
        for letter in "MP":
            firms = model.population(letter)
            refused += firms.refused.sum(axis=0)
            ordered += float(firms.orders.sum())
    return refused, ordered


def linear_but_for(changes: dict[str, float]) -> DistrictModel:
    parameters = world_parameters("linear").replace(unchecked=True, **changes)
    return district(makers=40, parameters=parameters, seed=3, check_every=13)


def treble_orders(model: DistrictModel) -> None:
    """Outside customers ask every week for twice as much again as manufacturers made."""
    made = np.where(MANUFACTURING, model.founding.flows_by_sector, 0.0)
    model.programme = orders(made, 2.0)


@pytest.mark.parametrize("reason", CONFIGURATIONS)
def test_where_one_limit_binds_every_refused_order_names_it(reason):
    model = linear_but_for(CONFIGURATIONS[reason])
    if reason == "space":
        treble_orders(model)
    refused, ordered = refused_by_reason(model, 78)
    named = REASONS.index(reason)
    assert refused[named] > 1e-6 * ordered
    assert refused.sum() - refused[named] == 0.0


@pytest.mark.parametrize("spot", [0.0, 0.6], ids=["to order", "from stock"])
def test_with_room_to_spare_nothing_is_refused(spot):
    """The world in which single limits are tried refuses nothing by itself."""
    refused, ordered = refused_by_reason(linear_but_for(ROOM_TO_SPARE | {"psi": spot}), 78)
    assert ordered > 0.0
    assert refused.sum() == 0.0


def test_with_floors_without_end_orders_can_treble():
    """The space that binds above is what binds: the same orders, no floor, no refusal."""
    model = linear_but_for(ROOM_TO_SPARE | PLENTY_IN_STOCK)
    treble_orders(model)
    refused, ordered = refused_by_reason(model, 78)
    assert ordered > 2.5 * 78.0 * float(model.founding.flows_by_sector[MANUFACTURING].sum())
    assert refused.sum() == 0.0


def test_orders_whose_freight_exceeds_their_worth_are_refused_for_shipping():
    """Freight at its tariff, all else without limit: small customers do not pay for a parcel."""
    model = linear_but_for({"explicit_freight": 1.0})
    refused, ordered = refused_by_reason(model, 26)
    shipping = REASONS.index("shipping")
    assert 0.0 < refused[shipping] < 0.2 * ordered
    assert np.delete(refused, shipping).sum() == 0.0


def test_the_register_of_refusals_leaves_no_remainder_in_any_week():
    """60 makers, two years of the world as it is: to rounding of each firm's own orders."""
    model = district(makers=60, parameters=world_parameters("default"), seed=3, check_every=13)
    reasons_seen = np.zeros(len(REASONS), dtype=np.bool_)
    for _ in range(104):
        model.step()
        for letter in "MP":
            firms = model.population(letter)
            unfilled = firms.orders * (1.0 - firms.accepted)
            booked = firms.refused.sum(axis=1)
            error = np.abs(unfilled - booked)
            assert (error <= 1e-12 * np.maximum(1.0, firms.orders)).all()
            assert (firms.refused >= 0.0).all()
            reasons_seen |= (firms.refused > 0.0).any(axis=0)
    assert reasons_seen.sum() >= 4


def test_a_quarter_of_the_register_is_the_sum_of_its_weeks():
    """What owners look back on: orders and refusals of the quarter that is running."""
    model = district(makers=60, parameters=world_parameters("default"), seed=3, check_every=0)
    makers = model.population("M")
    refused, ordered = np.zeros_like(makers.refused), np.zeros(makers.size)
    for _ in range(26):
        model.step()
        tested = makers.tested == model.week
        # A quarterly test closes the quarter, this week included.
        refused = np.where(tested[:, None], 0.0, refused + makers.refused)
        ordered = np.where(tested, 0.0, ordered + makers.orders)
        trading = makers.status == ACTIVE
        np.testing.assert_allclose(
            makers.refused_year[trading, 0], refused[trading], rtol=1e-9, atol=1e-9
        )
        np.testing.assert_allclose(
            makers.orders_year[trading, 0], ordered[trading], rtol=1e-9, atol=1e-9
        )
    assert makers.refused_year.sum() > 0.0
