"""Nested closures with frictions: the same dollars in runs that let through more and more.

    D   orders, spending, investment and turnover held at the baseline's path      direct
    I   orders free                                                       I - D  = indirect
    P'  spending free as well                                             P' - I = induced
    P   all free                                                          P - P' = dynamic

All arms of a seed start from the same bytes after the same burn-in and share every draw; an effect
is the difference to the baseline B. The direct effect of the full week is not one dollar: makers
refuse orders and lose other customers, and what they refuse the rest of the US makes.

Two impulses, each over 52 weeks: dollars *spent* are orders of outside customers to makers, in
proportion to the orders they have; dollars *invested* are equity paid in to makers that lacked
money to grow when the impulse began, in proportion to what they lacked, for capacity only.

Reference: model specification §10.1. What cannot be held exactly: see `millworks.world.closure`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.district_model import DistrictModel
from millworks.economy.sectors import N_SECTORS
from millworks.study.friction_measures import FrictionSeries
from millworks.world.capital_programme import WEEKS as IMPULSE_WEEKS
from millworks.world.capital_programme import CapitalProgramme
from millworks.world.closure import (
    INVESTMENT,
    ORDERS,
    SPENDING,
    TURNOVER,
    Closure,
    FreeClosure,
    HeldClosure,
    RecordingClosure,
)
from millworks.world.measures import Measures, Offers, State
from millworks.world.order_programme import OrderProgramme
from millworks.world.sums import add_up

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

HELD: dict[str, frozenset[str]] = {
    "direct": frozenset({ORDERS, SPENDING, INVESTMENT, TURNOVER}),
    "indirect": frozenset({SPENDING, INVESTMENT, TURNOVER}),
    "induced": frozenset({INVESTMENT, TURNOVER}),
    "dynamic": frozenset(),
}
"""Arm, named for the effect it adds -> responses held at the baseline's path."""
EFFECTS = tuple(HELD)
TOTAL = "dynamic"
"""The arm in which everything is free: its difference to the baseline is the total effect."""

SPENT, INVESTED = "spent", "invested"
OUTSIDE, LEVY = "outside", "levy"
"""Who pays: somebody outside, or a levy of the same amount on local incomes."""


@dataclass(frozen=True, eq=False)
class Impulse:
    """What is put into the district from the week of the fork on, `usd` in all."""

    usd: float
    orders: OrderProgramme
    capital: CapitalProgramme
    sector_weights: Floats
    """[34] shares of the sectors in it."""


@dataclass
class ProgrammeLevy:
    """Levies the impulse on local incomes, week by week; what it raises is paid to the outside."""

    weekly: float
    name: str = "impulse"
    order: int = 0
    paid_by_levy: bool = True
    has_overhead: bool = False

    def strength(self, weeks_in: int) -> float:
        """Return 1 while the impulse lasts."""
        return 1.0 if 0 <= weeks_in < IMPULSE_WEEKS else 0.0

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Nobody in the district is offered anything."""
        return {}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Announce the bill of the week and pay it to the outside, which orders or invests."""
        offers.plan(self.weekly * strength)
        offers.entitle("X", "flat", np.array([self.weekly * strength]))


@dataclass(frozen=True, eq=False)
class Fork:
    """A world at the end of its burn-in: what every arm starts from."""

    model: DistrictModel
    start: dict[str, Any] = field(repr=False)
    week: int
    """First week of the arms."""
    sales: float
    """Sales of the makers that the impulse is meant for, base year, USD a year."""

    def impulse(self, mode: str, usd: float, sector: int | None = None) -> Impulse:
        """Return `usd` dollars spent on makers (of one sector) or invested in them."""
        return _spent(self, usd, sector) if mode == SPENT else _invested(self, usd, sector)


def fork(model: DistrictModel, burn_in: int, sector: int | None = None) -> Fork:
    """Let a founded world burn in, and hand out its state."""
    for _ in range(burn_in):
        model.step()
    makers = model.population("M")
    meant = np.ones(makers.size, np.bool_) if sector is None else makers.sector == sector
    sales = 52.0 * float(makers.base_output[meant].sum())
    return Fork(model, model.state(), model.week + 1, sales)


def run_arm(
    forked: Fork,
    impulse: Impulse | None,
    closure: Closure,
    weeks: int,
    *,
    levy: bool = False,
    tick: Callable[[], None] = lambda: None,
) -> FrictionSeries:
    """Run one arm from the fork and return its series."""
    model = forked.model
    model.load_state(forked.start)
    model.closure = closure
    model.programme = impulse.orders if impulse else OrderProgramme()
    model.capital_programme = impulse.capital if impulse else CapitalProgramme()
    if levy and impulse:
        paid = ProgrammeLevy(impulse.usd / IMPULSE_WEEKS)
        model.measures = Measures([paid], (), forked.week)
    series = FrictionSeries(model, weeks)
    for _ in range(weeks):
        model.step()
        series.record(model)
        tick()
    return series


def nested_arms(
    forked: Fork,
    impulse: Impulse,
    path: RecordingClosure,
    weeks: int,
    effects: Sequence[str] = EFFECTS,
    tick: Callable[[], None] = lambda: None,
) -> dict[str, FrictionSeries]:
    """Run the closures named in `effects` for `weeks` weeks; series by the effect each adds."""
    return {
        effect: run_arm(
            forked,
            impulse,
            HeldClosure(path, HELD[effect]) if HELD[effect] else FreeClosure(),
            weeks,
            tick=tick,
        )
        for effect in effects
    }


def _spent(forked: Fork, usd: float, sector: int | None) -> Impulse:
    """Orders to makers in proportion to the orders they have, through customers they have."""
    model = forked.model
    model.load_state(forked.start)
    makers, trade = model.population("M"), model.trade
    wanted = np.where(makers.status == ACTIVE, makers.potential_forecast, 0.0)
    if sector is not None:
        wanted = np.where(makers.sector == sector, wanted, 0.0)
    customers = trade.outside_customers
    seller = trade.seller[customers]
    usual = trade.base_order[customers]
    of_seller = add_up(seller, usual, trade.agents)
    orders = np.zeros(trade.agents)
    orders[trade.spans["M"]] = np.where(of_seller[trade.spans["M"]] > 0.0, wanted, 0.0)
    per_unit = np.divide(orders, of_seller, out=np.zeros(trade.agents), where=of_seller > 0.0)
    to_customer = per_unit[seller] * usual
    by_sector = add_up(trade.sector[customers], to_customer, N_SECTORS)
    whole = by_sector[trade.sector[customers]]
    shares = np.divide(to_customer, whole, out=np.zeros_like(usual), where=whole > 0.0)
    weights = by_sector / by_sector.sum()
    weekly = tuple(weights * usd / IMPULSE_WEEKS)
    orders_of = OrderProgramme(weekly, forked.week, IMPULSE_WEEKS, shares)
    return Impulse(usd, orders_of, CapitalProgramme(), weights)


def _invested(forked: Fork, usd: float, sector: int | None) -> Impulse:
    """Equity to makers constrained at their last test, in proportion to the money they lack."""
    model = forked.model
    model.load_state(forked.start)
    makers = model.population("M")
    meant = (makers.status == ACTIVE) & makers.constrained
    if sector is not None:
        meant &= makers.sector == sector
    lacking = np.where(meant, makers.money_missing, 0.0)
    total = float(lacking.sum())
    amounts = lacking / total * usd if total > 0.0 else lacking
    programme = CapitalProgramme(amounts, makers.generation.copy(), forked.week)
    by_sector = add_up(makers.sector, amounts, N_SECTORS)
    weights = by_sector / by_sector.sum() if total > 0.0 else by_sector
    return Impulse(usd if total > 0.0 else 0.0, OrderProgramme(), programme, weights)
