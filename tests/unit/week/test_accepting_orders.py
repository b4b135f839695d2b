"""What a seller takes, what it refuses and why: stage accept; figures by hand.

Reference: model specification §7.5; T9 gives the lead time at which demand above capacity settles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, CLOSING, FREE
from millworks.agents.producer import CAPACITY, CASH, FORECAST, LABOUR, REASONS, SHIPPING, SPACE
from millworks.week.accept import accepted_part, grant, weeks_of_work


@dataclass
class Seller:
    """One maker before and after it answers the orders of a week, in units."""

    orders: float = 100.0
    status: int = ACTIVE
    spot_share: float = 0.0
    too_small: float = 0.0
    free_stock: float = 0.0
    aim: float = 0.0
    backlog: float = 0.0
    capacity: float = 100.0
    bind: int = -1
    stock_bind: int = -1

    def __post_init__(self) -> None:
        self.accepted = self.spot_served = math.nan
        self.refused = np.full((1, len(REASONS)), 7.0)
        self.orders_year = np.zeros((1, 4))
        self.refused_year = np.zeros((1, 4, len(REASONS)))

    def answer(self, patience_from: float = 3.0, patience: float = 6.0) -> Seller:
        def column(value, kind=np.float64):
            return np.array([value], dtype=kind)

        accepted, served, backlog = column(-1.0), column(-1.0), column(self.backlog)
        grant(
            column(self.orders),
            column(self.status, np.int64),
            column(self.spot_share),
            column(self.too_small),
            column(self.free_stock),
            column(self.aim),
            backlog,
            column(self.capacity),
            column(self.bind, np.int64),
            column(self.stock_bind, np.int64),
            accepted,
            column(-1.0),
            served,
            self.refused,
            self.orders_year,
            self.refused_year,
            patience_from,
            patience,
        )
        self.accepted, self.spot_served = float(accepted[0]), float(served[0])
        self.backlog = float(backlog[0])
        return self

    def reasons(self) -> dict[int, float]:
        """Units refused by reason, those with none left out."""
        return {reason: units for reason, units in enumerate(self.refused[0]) if units != 0.0}


def test_every_order_is_accepted_within_the_lead_time_nobody_minds():
    assert accepted_part(0.0, 3.0, 6.0) == 1.0
    assert accepted_part(3.0, 3.0, 6.0) == 1.0


def test_acceptance_falls_by_a_factor_e_for_each_patience_of_further_waiting():
    assert accepted_part(9.0, 3.0, 6.0) == pytest.approx(math.exp(-1.0), rel=1e-15)


@pytest.mark.parametrize(
    ("backlog", "capacity", "weeks"), [(250, 100, 2.5), (0, 0, 0.0), (1, 0, math.inf), (9, 1e9, 0)]
)
def test_work_in_hand_is_counted_in_weeks_of_full_use(backlog, capacity, weeks):
    assert weeks_of_work(float(backlog), float(capacity)) == pytest.approx(weeks, abs=1e-7)


@pytest.mark.parametrize("excess", [1.05, 1.3, 2.0])
def test_demand_above_capacity_settles_at_the_lead_time_customers_bear(excess):
    """T9: ℓ* = ℓ_0 + τ ln(D/K), weeks of work in hand before the orders of the week; 1 %."""
    seller = Seller(orders=100.0 * excess)
    for _ in range(2000):
        before = seller.backlog
        seller.answer(3.0, 40.0)
        seller.backlog -= min(100.0, seller.backlog)
    assert before / 100.0 == pytest.approx(3.0 + 40.0 * math.log(excess), rel=0.01)


def test_a_maker_with_room_takes_everything_and_refuses_nothing():
    seller = Seller().answer()
    assert (seller.accepted, seller.backlog, seller.reasons()) == (1.0, 100.0, {})


@pytest.mark.parametrize(("bind", "reason"), [(-1, CAPACITY), (LABOUR, LABOUR), (CASH, CASH)])
def test_orders_refused_for_a_long_book_are_put_down_to_what_bound_the_last_plan(bind, reason):
    """Nine weeks of work: e^-1 of the orders is taken."""
    seller = Seller(backlog=900.0, bind=bind).answer()
    assert seller.accepted == pytest.approx(math.exp(-1.0))
    assert seller.reasons() == {reason: pytest.approx(100.0 * (1.0 - math.exp(-1.0)))}


@pytest.mark.parametrize(("stock_bind", "reason"), [(-1, FORECAST), (CASH, CASH), (SPACE, SPACE)])
def test_spot_orders_beyond_the_stock_are_refused_for_what_kept_the_stock_small(stock_bind, reason):
    """Half of 100 must come from stock; the 20 aimed at are there: 30 are refused."""
    seller = Seller(
        spot_share=0.5, free_stock=20.0, aim=20.0, stock_bind=stock_bind, bind=LABOUR
    ).answer()
    assert seller.spot_served == 20.0
    assert seller.accepted == pytest.approx(0.7)
    assert seller.reasons() == {reason: pytest.approx(30.0)}


@pytest.mark.parametrize(
    ("stock", "bind", "reason"),
    [
        (20, LABOUR, LABOUR),  # 25 aimed at, hands were missing to make them
        (20, -1, FORECAST),  # 25 aimed at, nothing kept them from being made but the plan
        (24.6, LABOUR, FORECAST),  # within 2 % of the aim: more was asked than was aimed at
    ],
)
def test_stock_that_was_aimed_at_and_not_made_is_missing_for_what_bound_the_plan(
    stock, bind, reason
):
    seller = Seller(spot_share=0.5, free_stock=stock, aim=25.0, bind=bind).answer()
    assert seller.reasons() == {reason: pytest.approx(50.0 - stock)}


def test_stock_promised_to_others_serves_no_spot_order():
    seller = Seller(spot_share=0.5, free_stock=-40.0).answer()
    assert seller.spot_served == 0.0
    assert seller.accepted == pytest.approx(0.5)


def test_orders_that_freight_makes_unprofitable_are_refused_for_shipping():
    """A tenth is not worth its freight; of the other 90 the maker takes all."""
    seller = Seller(too_small=10.0).answer()
    assert seller.accepted == pytest.approx(0.9)
    assert seller.reasons() == {SHIPPING: pytest.approx(10.0)}


def test_reasons_add_up_to_what_is_refused():
    seller = Seller(
        spot_share=0.4, too_small=20.0, free_stock=5.0, backlog=700.0, bind=LABOUR, stock_bind=CASH
    ).answer()
    assert set(seller.reasons()) == {SHIPPING, LABOUR, CASH}
    assert seller.refused.sum() == pytest.approx(100.0 * (1.0 - seller.accepted), rel=1e-12)
    assert seller.backlog == pytest.approx(700.0 + 100.0 * seller.accepted, rel=1e-12)


def test_the_running_quarter_remembers_orders_and_refusals_by_reason():
    seller = Seller(backlog=900.0)
    for _ in range(3):
        seller.backlog = 900.0
        seller.answer()
    assert seller.orders_year.tolist() == [[300.0, 0.0, 0.0, 0.0]]
    refused = 300.0 * (1.0 - math.exp(-1.0))
    assert seller.refused_year[0, 0, CAPACITY] == pytest.approx(refused)
    assert seller.refused_year[0, 1:].sum() == 0.0


@pytest.mark.parametrize("status", [CLOSING, FREE])
def test_a_firm_that_does_not_trade_takes_nothing_for_want_of_capacity(status):
    seller = Seller(status=status).answer()
    assert (seller.accepted, seller.backlog) == (0.0, 0.0)
    assert set(seller.reasons()) == {CAPACITY}
    assert seller.orders_year.sum() == 0.0


def test_a_maker_nobody_asks_has_refused_nobody():
    seller = Seller(orders=0.0, backlog=1e6).answer()
    assert (seller.accepted, seller.reasons()) == (1.0, {})
