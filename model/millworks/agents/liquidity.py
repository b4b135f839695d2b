"""What a small firm can spend at its own discretion: on stock, on hours, on a project.

    spare = deposits (cleared and clearing) + room on the line + expected receipts - dues

over the four weeks to come: cash must last until what is bought has been paid for. USD throughout.
Larger firms' parents bridge such weeks, so the rule is for makers and independent retailers.
Reference: model specification §7.2, §7.6; receipts of the four weeks are counted as well as their
dues (docs/deviations.md). Left out: dues beyond four weeks; what customers' lateness may cost.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.maker import LOANS
from millworks.kernels import compiled
from millworks.world.columns import Population
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

HORIZON = 4
"""Weeks that a firm looks ahead."""
EVERY_WEEK: dict[str, tuple[str, ...]] = {"R": ("services_local", "services_outside", "tariff")}
EVERY_WEEK["M"] = (*EVERY_WEEK["R"], "rent", "freight_local", "freight_outside", "space_fees")
"""What a firm pays week after week beside its people, by holder letter."""


@compiled
def spare(deposits: float, line: float, limit: float, weekly_receipts: float, dues: float) -> float:
    """Money a firm can commit today and still pay what falls due in four weeks, USD."""
    room = limit - line
    if room < 0.0:
        room = 0.0
    return deposits + room + HORIZON * weekly_receipts - dues


@compiled
def fill_spare(
    cleared: Floats,
    uncleared: Floats,
    line: Floats,
    limit: Floats,
    annual_sales: Floats,
    dues: Floats,
    money: Floats,
) -> None:
    """Write `spare` of each firm into `money`."""
    for firm in range(cleared.shape[0]):
        deposits = cleared[firm] + uncleared[firm]
        receipts = annual_sales[firm] / 52.0
        money[firm] = spare(deposits, line[firm], limit[firm], receipts, dues[firm])


@compiled
def add_loan_payments(weeks: int, payment: Floats, owed: Floats, due: Floats) -> None:
    """Add what a kind of loan takes over `weeks` to what is `due`, USD: no more than is owed."""
    for firm in range(due.shape[0]):
        due[firm] += min(weeks * payment[firm], owed[firm])


def loan_payments(makers: Population, weeks: int) -> Floats:
    """What makers' loans take over `weeks`, USD: no more than is owed."""
    due = np.zeros(makers.size)
    for kind in LOANS:
        level, owed = getattr(makers, f"{kind}_payment"), getattr(makers, f"{kind}_loan")
        add_loan_payments(weeks, level, owed, due)
    return due


def unpaid(firms: Population) -> Floats:
    """Pay, taxes, levy, services, rent and freight left unpaid at the last settlement, USD."""
    owed = firms.wages_due + firms.taxes_due
    owed += firms.levy_due
    owed += firms.services_payable_local
    owed += firms.services_payable_outside
    for later in ("rent_due", "freight_due", "fees_due"):
        if later in firms.declared:
            owed += getattr(firms, later)
    return np.asarray(owed, np.float64)


def spare_money(world: World, letter: str) -> Floats:
    """Money each maker (M) or independent retailer (R) can commit now, USD."""
    firms, trade = world.population(letter), world.trade
    weekly = firms.wage_residents + firms.wage_commuters
    for running in EVERY_WEEK[letter]:
        weekly += getattr(firms, running)
    weekly *= HORIZON
    dues = trade.due_ahead(letter, world.week, HORIZON)
    dues += weekly
    dues += unpaid(firms)
    if letter == "M":
        dues += loan_payments(firms, HORIZON)
    money = np.empty(firms.size)
    fill_spare(
        firms.cleared,
        firms.uncleared,
        firms.revolver,
        firms.revolver_limit,
        firms.annual_sales,
        dues,
        money,
    )
    return money
