r"""Stage 3, settle: the payment waterfall, the only place where firms pay what they owe.

Means are the cleared deposit and the undrawn part of the credit line. Classes of debt are paid in
order, each in full before the next, pro rata within the class that runs short:

    1 payroll of last week   2 taxes due   3 services due   4 goods invoices due

    part_k = min(1, (means - Σ_{j<k} due_j)⁺ / due_k)

Deposits are used before the credit line V; afterwards deposits above the buffer b repay it:

    ΔV = (paid - cleared)⁺ - min(V, (cleared - paid - b)⁺)

All in USD. Receipts of firms land as `uncleared`. Households receive pay, from which τ_w is
withheld, and transfers.

Source: model specification §6, payment waterfall; parameters tau_w. Left out so far: interest and
principal, rent and freight, lateness by habit, and limits of the credit line.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.world.accounts import FIRMS, WORKERS
from millworks.world.kernels import compiled
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

CLASSES = 4
PAYROLL, TAXES, SERVICES, GOODS = range(CLASSES)


@compiled
def paid_part(due: float, means: float) -> float:
    """Part of a class of debt that the means left can pay, 0 to 1; nothing due counts as paid."""
    if due <= 0.0:
        return 1.0
    if means >= due:
        return 1.0
    if means <= 0.0:
        return 0.0
    return means / due


@compiled
def line_drawn(paid: float, cleared: float, line: float, buffer: float) -> float:
    """Credit line drawn (+) for payments or repaid (-) from deposits above the buffer, USD."""
    if paid > cleared:
        return paid - cleared
    spare = cleared - paid - buffer
    if spare <= 0.0 or line <= 0.0:
        return 0.0
    if spare >= line:
        return -line
    return -spare


@compiled
def run_waterfall(
    due: Floats,
    cleared: Floats,
    line: Floats,
    limit: Floats,
    buffer: Floats,
    part: Floats,
    drawn: Floats,
) -> None:
    """Each firm pays its classes of debt in order; `due` and `part` are [classes, firms]."""
    for firm in range(cleared.shape[0]):
        room = limit[firm] - line[firm]
        if room < 0.0:
            room = 0.0
        means = cleared[firm] + room
        total = 0.0
        for kind in range(CLASSES):
            share = paid_part(due[kind, firm], means)
            amount = share * due[kind, firm]
            part[kind, firm] = share
            means -= amount
            total += amount
        drawn[firm] = line_drawn(total, cleared[firm], line[firm], buffer[firm])


def settle(world: World) -> None:
    """Every firm pays what is due, as far as its means reach; households are paid."""
    trade = world.trade
    due = trade.due_by_buyer(world.week)
    goods_due = trade.by_holder(due)
    goods_part = np.ones(trade.agents)
    parts = trade.by_holder(goods_part)
    for letter in FIRMS:
        parts[letter][:] = _decide(world, letter, goods_due[letter])
    for letter in FIRMS:
        _pay(world, letter)
    world.ledger.pay_goods(goods_part, world.week, goods_part * due)
    _pay_households(world)


def _decide(world: World, letter: str, goods_due: Floats) -> Floats:
    """Write the payments of one kind of firm; return the part of goods invoices it can pay."""
    firms = world.population(letter)
    due = np.empty((CLASSES, firms.size))
    due[PAYROLL] = firms.wages_due
    due[TAXES] = firms.taxes_due
    due[SERVICES] = firms.services_payable_local + firms.services_payable_outside
    due[GOODS] = goods_due
    part = np.empty_like(due)
    run_waterfall(
        due,
        firms.cleared,
        firms.revolver,
        firms.revolver_limit,
        firms.cash_buffer,
        part,
        firms.revolver_drawn,
    )
    residents = 1.0 - world.parameters.commuter_share
    local_taxes = world.parameters.tax_local_share
    firms.pay_wages_residents[:] = part[PAYROLL] * due[PAYROLL] * residents
    firms.pay_wages_commuters[:] = part[PAYROLL] * due[PAYROLL] * (1.0 - residents)
    firms.pay_taxes_local[:] = part[TAXES] * due[TAXES] * local_taxes
    firms.pay_taxes_outside[:] = part[TAXES] * due[TAXES] * (1.0 - local_taxes)
    firms.pay_services_local[:] = part[SERVICES] * firms.services_payable_local
    firms.pay_services_outside[:] = part[SERVICES] * firms.services_payable_outside
    firms.pay_goods[:] = part[GOODS] * due[GOODS]
    return part[GOODS]


def _pay(world: World, letter: str) -> None:
    """Carry out the payments of one kind of firm, the credit line first."""
    book = world.ledger.book
    firms = world.population(letter)
    book(f"revolver drawn B>{letter}")
    for debt in ("wages", "taxes", "services"):
        for payee in {"wages": "HX", "taxes": "GX", "services": "SX"}[debt]:
            other = None
            if payee == "S":
                other = _blocks_share(world, letter, firms.pay_services_local)
            book(f"{debt} paid {letter}>{payee}", other)


def _blocks_share(world: World, letter: str, paid: Floats) -> Floats:
    """What each block receives of the services that firms of one kind pay, by their recipes."""
    return world.services_by_block(world.by_sector(letter, paid))


def _pay_households(world: World) -> None:
    """Withhold taxes on pay; pay transfers."""
    households, rates = world.population("H"), world.parameters
    pay = 0.0
    for letter in FIRMS:
        pay += float(world.population(letter).pay_wages_residents.sum())
    households.pay_received[WORKERS] = pay
    households.tax_local[WORKERS] = pay * rates.tau_w * rates.tax_local_share
    households.tax_outside[WORKERS] = pay * rates.tau_w * (1.0 - rates.tax_local_share)
    for posting in ("taxes withheld H>G", "taxes withheld H>X", "transfers X>H"):
        world.ledger.book(posting)
