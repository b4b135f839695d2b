"""Rent, leases, and capital that wears: stage overhead; figures by hand.

Reference: model specification §7.11, §7.13.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, CLOSING
from millworks.economy import space
from millworks.week.overhead import (
    follow_capital,
    review_leases,
    space_needed,
    wear_and_replace,
    weekly_rent,
)

PRICES = space.price_list()


def wear(capital, cash, *, kept_up=52_000.0, use=100.0, status=ACTIVE, idle_use=0.65):
    """(worn, replaced) in a week of a producer whose units of capacity cost 520, at 7 % a year."""
    worn, replaced = np.array([-1.0]), np.array([-1.0])
    wear_and_replace(
        *(np.array([float(v)]) for v in (capital, kept_up, cash, use, 520.0)),
        np.array([status]),
        0.07,
        idle_use,
        worn,
        replaced,
    )
    return float(worn[0]), float(replaced[0])


@pytest.mark.parametrize(
    ("capital", "cash", "replaced"),
    [
        (52_000, 1e6, 70),  # what wore in a week
        (52_000, 30, 30),  # as far as the cash reaches
        (52_000, 0, 0),
        (51_000, 1e6, 1000 + 0.07 * 51_000 / 52),  # and what was not replaced before
    ],
)
def test_capital_that_wears_is_replaced_as_far_as_cash_reaches(capital, cash, replaced):
    """7 % a year of 52,000 is 70 a week."""
    worn, found = wear(capital, cash)
    assert worn == pytest.approx(-0.07 * capital / 52)
    assert found == pytest.approx(replaced)


@pytest.mark.parametrize(("use", "replaced"), [(64, 0), (65, 70), (90, 70)])
def test_machines_that_stand_idle_are_not_replaced(use, replaced):
    """52,000 is capacity for 100 units; below 65 units of work no part of the wear is needed."""
    assert wear(52_000, 1e6, use=use)[1] == pytest.approx(replaced)


def test_with_the_limit_of_idle_use_at_zero_everything_is_replaced():
    assert wear(52_000, 1e6, use=0.0, idle_use=0.0)[1] == pytest.approx(70.0)


def test_a_firm_that_closes_lets_its_capital_wear():
    worn, replaced = wear(52_000, 1e6, status=CLOSING)
    assert (worn, replaced) == (pytest.approx(-70.0), 0.0)


def test_capital_above_what_is_kept_up_is_not_sold():
    assert wear(60_000, 1e6)[1] == 0.0


def test_capacity_follows_capital_where_capital_has_a_price_per_unit():
    capacity = np.array([1.0, 1.0])
    follow_capital(np.array([52_000.0, 52_000.0]), np.array([20.8, 0.0]), capacity)
    assert capacity.tolist() == [2500.0, 1.0]


def test_people_and_pallets_need_floor():
    """4 jobs and 3.5 pallets of goods."""
    pounds = np.array([3.5 * PRICES.pounds_per_pallet])
    need = space_needed(np.array([4.0]), pounds, PRICES)
    by_hand = 4 * PRICES.square_feet_per_worker + 3.5 * PRICES.square_feet_per_pallet
    assert need[0] == pytest.approx(by_hand)


def test_rent_is_charged_by_the_week_and_large_floors_are_cheaper_by_the_foot():
    rent = weekly_rent(np.array([0.0, 5000.0, 200_000.0]))
    assert rent[0] == 0.0
    assert rent[1] == pytest.approx(5000 * space.rent_rate(5000.0, PRICES) / 52)
    assert rent[2] / 200_000 < rent[1] / 5000


@dataclass
class Tenant:
    """A maker with identity 0 before and after its yearly look at its floor."""

    need: float
    floor: float = 10_000.0
    cash: float = 1e9
    lease_end: int = 500
    status: int = ACTIVE
    held: float = 0.0

    def review(self, week: int = 104) -> Tenant:
        floor, end, moving = np.array([self.floor]), np.array([self.lease_end]), np.array([0])
        paid, returned = np.array([-1.0]), np.array([-1.0])
        review_leases(
            week,
            np.array([0]),
            np.array([self.status]),
            np.array([self.need]),
            np.array([self.cash]),
            floor,
            np.array([self.held]),
            end,
            moving,
            paid,
            returned,
            PRICES,
        )
        self.floor, self.lease_end = float(floor[0]), int(end[0])
        self.moving_until = int(moving[0])
        self.paid, self.returned = float(paid[0]), float(returned[0])
        return self


def deposit_of(floor: float) -> float:
    return space.deposit(floor, space.rent_rate(floor, PRICES), PRICES)


def test_a_floor_too_small_is_left_for_whole_steps_that_cover_the_need():
    tenant = Tenant(need=12_000.0).review()
    assert tenant.floor == 15_000.0
    assert tenant.paid == pytest.approx(deposit_of(15_000.0))
    assert tenant.lease_end == 104 + int(PRICES.lease_years * 52)


def test_moving_stops_production_for_two_weeks():
    """Stage plan reads `moving_until > week`: weeks 105 and 106 are lost."""
    assert Tenant(need=12_000.0).review().moving_until == 105 + int(PRICES.moving_weeks)


def test_the_deposit_already_held_counts():
    held = deposit_of(10_000.0)
    tenant = Tenant(need=12_000.0, held=held, cash=deposit_of(15_000.0) - held).review()
    assert tenant.floor == 15_000.0
    assert tenant.paid == pytest.approx(deposit_of(15_000.0) - held)


def test_who_cannot_pay_the_deposit_stays():
    tenant = Tenant(need=12_000.0, cash=0.99 * deposit_of(15_000.0)).review()
    assert (tenant.floor, tenant.paid, tenant.moving_until) == (10_000.0, 0.0, 0)


def test_a_floor_too_large_is_given_up_only_when_the_lease_ends():
    """Below one usual step of 5,000 sq ft there are units of 1,000 in divided buildings."""
    assert Tenant(need=3000.0, lease_end=105).review().floor == 10_000.0
    tenant = Tenant(need=3000.0, lease_end=104, held=deposit_of(10_000.0)).review()
    assert tenant.floor == 3000.0
    assert tenant.returned == pytest.approx(deposit_of(10_000.0) - deposit_of(3000.0))
    assert tenant.paid == 0.0


def test_a_floor_that_fits_is_kept_even_when_the_lease_ends():
    tenant = Tenant(need=9000.0, lease_end=0).review()
    assert (tenant.floor, tenant.paid, tenant.returned) == (10_000.0, 0.0, 0.0)


@pytest.mark.parametrize(("week", "status"), [(105, ACTIVE), (104, CLOSING)])
def test_only_firms_that_trade_look_and_only_once_a_year(week, status):
    tenant = Tenant(need=12_000.0, status=status).review(week)
    assert (tenant.floor, tenant.paid) == (10_000.0, 0.0)
