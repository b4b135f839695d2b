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


def loan_payments(makers: Population, weeks: int) -> Floats:
    """What makers' loans take over `weeks`, USD: no more than is owed."""
    due = np.zeros(makers.size)
    for kind in LOANS:
        level, owed = getattr(makers, f"{kind}_payment"), getattr(makers, f"{kind}_loan")
        due += np.minimum(weeks * level, owed)
    return due


def unpaid(firms: Population) -> Floats:
    """Pay, taxes, levy, services, rent and freight left unpaid at the last settlement, USD."""
    owed = firms.wages_due + firms.taxes_due + firms.levy_due
    owed = owed + firms.services_payable_local + firms.services_payable_outside
    if "rent_due" in firms.declared:
        owed = owed + firms.rent_due + firms.freight_due
    if "fees_due" in firms.declared:
        owed = owed + firms.fees_due
    return np.asarray(owed, np.float64)


def spare_money(world: World, letter: str) -> Floats:
    """Money each maker (M) or independent retailer (R) can commit now, USD."""
    firms, trade = world.population(letter), world.trade
    goods = trade.due_ahead(letter, world.week, HORIZON)
    weekly = firms.wage_residents + firms.wage_commuters
    weekly = weekly + firms.services_local + firms.services_outside + firms.tariff
    if letter == "M":
        weekly = weekly + firms.rent + firms.freight_local + firms.freight_outside
        weekly = weekly + firms.space_fees
    dues = goods + HORIZON * weekly + unpaid(firms)
    if letter == "M":
        dues = dues + loan_payments(firms, HORIZON)
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
