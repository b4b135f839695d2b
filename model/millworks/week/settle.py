r"""Stage 3, settle: the payment waterfall, the only place where firms pay what they owe.

Means are the cleared deposit and the undrawn part of the credit line. Classes of debt are paid in
order, each in full before the next, pro rata within the class that runs short:

    1 payroll of last week   2 taxes and levy due   3 loans: level payments, interest on the line
    4 services, rent and freight due   5 goods invoices due

    part_k = min(1, (means - Σ_{j<k} due_j)⁺ / due_k)

Deposits are used before the credit line V; afterwards deposits above the buffer b repay it:

    ΔV = (paid - cleared)⁺ - min(V, (cleared - paid - b)⁺)

Interest is charged to the balance of a loan or line first (r L / 52), so that what goes unpaid
grows. A firm that is closing owes its loans at once and has neither line nor buffer. `late_weeks`
counts the weeks in a row in which a small firm left something unpaid. All in USD. Receipts of firms
land as `uncleared`. Households receive pay, from which τ_w is withheld, and transfers.

Source: model specification §6 (waterfall), §7.14. Left out: renegotiation and rescue; priority of
secured lenders over others in the last class.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.credit import weekly_interest
from millworks.agents.firm import ACTIVE
from millworks.agents.programme_credit import follow_lines, line_interest
from millworks.kernels import compiled
from millworks.programmes import operators
from millworks.programmes.levy import withhold
from millworks.world.accounts import FIRMS, LOANS, WORKERS
from millworks.world.columns import CENT
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

CLASSES = 5
PAYROLL, TAXES, DEBTS, SERVICES, GOODS = range(CLASSES)
SETTLED = 1.0 - 1e-9
"""Part of what is due that counts as all of it."""


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
    line_interest: Floats,
    part: Floats,
    drawn: Floats,
) -> None:
    """Each firm pays its classes of debt in order; `due` and `part` are [classes, firms].

    `line` includes this week's `line_interest`, which is among the debts due; its payment reduces
    the line.
    """
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
        repaid = part[DEBTS, firm] * line_interest[firm]
        drawn[firm] = line_drawn(total, cleared[firm], line[firm] - repaid, buffer[firm]) - repaid


def settle(world: World) -> None:
    """Every firm pays what is due, as far as its means reach; households are paid."""
    trade = world.trade
    _charge_interest(world)
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


def _charge_interest(world: World) -> None:
    """A week's interest joins the balance of each loan and line."""
    rate = world.parameters.rate_line
    for letter in "MR":
        firms = world.population(letter)
        yearly = line_interest(firms.revolver, firms.programme_credit, rate, firms.programme_rate)
        firms.revolver_interest[:] = yearly / 52.0
        world.ledger.book(f"revolver interest {letter}>B")
    makers = world.population("M")
    for kind in LOANS:
        interest = getattr(makers, f"{kind}_interest")
        interest[:] = weekly_interest(
            getattr(makers, f"{kind}_loan"), getattr(makers, f"{kind}_rate")
        )
        world.ledger.book(f"{kind} loan interest M>B")


def _loans_due(world: World) -> dict[str, Floats]:
    """What makers must pay on each kind of loan this week, USD: all of it once they close."""
    makers = world.population("M")
    due = {}
    for kind in LOANS:
        owed = getattr(makers, f"{kind}_loan")
        level = np.where(makers.status == ACTIVE, getattr(makers, f"{kind}_payment"), owed)
        due[kind] = np.minimum(owed, level)
    return due


def _decide(world: World, letter: str, goods_due: Floats) -> Floats:
    """Write the payments of one kind of firm; return the part of goods invoices it can pay."""
    firms = world.population(letter)
    due = np.zeros((CLASSES, firms.size))
    due[PAYROLL] = firms.wages_due
    due[TAXES] = firms.taxes_due + firms.levy_due
    loans = _loans_due(world) if letter == "M" else {}
    for amount in loans.values():
        due[DEBTS] += amount
    line_interest = firms.revolver_interest if letter in "MR" else np.zeros(firms.size)
    due[DEBTS] += line_interest
    due[SERVICES] = firms.services_payable_local + firms.services_payable_outside
    if letter in "MP":
        due[SERVICES] += firms.rent_due + firms.freight_due
    if letter == "M":
        due[SERVICES] += firms.fees_due
    due[GOODS] = goods_due
    trading = firms.status == ACTIVE
    part = np.empty_like(due)
    run_waterfall(
        due,
        firms.cleared,
        firms.revolver,
        np.where(trading, firms.revolver_limit, 0.0),
        np.where(trading, firms.cash_buffer, 0.0),
        line_interest,
        part,
        firms.revolver_drawn,
    )
    residents = 1.0 - world.parameters.commuter_share
    local_taxes = world.parameters.tax_local_share
    firms.pay_wages_residents[:] = part[PAYROLL] * due[PAYROLL] * residents
    firms.pay_wages_commuters[:] = part[PAYROLL] * due[PAYROLL] * (1.0 - residents)
    taxes = part[TAXES] * firms.taxes_due
    firms.pay_taxes_local[:] = taxes * local_taxes
    firms.pay_taxes_outside[:] = taxes * (1.0 - local_taxes)
    firms.pay_levy[:] = part[TAXES] * firms.levy_due
    firms.pay_services_local[:] = part[SERVICES] * firms.services_payable_local
    firms.pay_services_outside[:] = part[SERVICES] * firms.services_payable_outside
    firms.pay_goods[:] = part[GOODS] * due[GOODS]
    for kind, amount in loans.items():
        getattr(firms, f"{kind}_repaid")[:] = part[DEBTS] * amount
    if letter in "MP":
        firms.pay_rent[:] = part[SERVICES] * firms.rent_due
        firms.pay_freight[:] = part[SERVICES] * firms.freight_due
    if letter == "M":
        operators.decide_fees(world, part[SERVICES])
    if letter in "MR":
        # Fractions of a cent that rounding left are nobody's arrears.
        late = ((part < SETTLED) & (due > CENT)).any(axis=0)
        firms.late_weeks[:] = np.where(late, firms.late_weeks + 1, 0)
    return part[GOODS]


def _pay(world: World, letter: str) -> None:
    """Carry out the payments of one kind of firm, the credit line first."""
    book = world.ledger.book
    firms = world.population(letter)
    book(f"revolver drawn B>{letter}")
    if letter in "MR" and firms.programme_limit.any():
        follow_lines(
            firms.status,
            firms.revolver - firms.revolver_drawn - firms.revolver_interest,
            firms.revolver,
            firms.private_limit,
            firms.programme_limit,
            world.parameters.rate_line,
            firms.programme_rate,
            firms.programme_credit,
        )
    for debt in ("wages", "taxes", "services"):
        for payee in {"wages": "HX", "taxes": "GX", "services": "SX"}[debt]:
            other = None
            if payee == "S":
                other = _blocks_share(world, letter, firms.pay_services_local)
            book(f"{debt} paid {letter}>{payee}", other)
    if world.measures.running:
        book(f"levy paid {letter}>G")
    if letter in "MP":
        book(f"rent paid {letter}>S")
        book(f"freight paid {letter}>S")
    if letter == "M":
        operators.pay_fees(world)
    if letter == "M":
        for kind in LOANS:
            book(f"{kind} loan repaid M>B")


def _blocks_share(world: World, letter: str, paid: Floats) -> Floats:
    """What each block receives of the services that firms of one kind pay, by their recipes."""
    return world.services_by_block(world.by_sector(letter, paid))


def _pay_households(world: World) -> None:
    """Withhold taxes on pay; pay transfers."""
    households, rates = world.population("H"), world.parameters
    pay = add_all(world.population("B").pay) + add_all(world.population("G").programme_pay)
    pay += add_all(world.population("O").last_pay)
    for letter in FIRMS:
        pay += add_all(world.population(letter).pay_wages_residents)
    households.pay_received[WORKERS] = pay
    households.tax_local[WORKERS] = pay * rates.tau_w * rates.tax_local_share
    households.tax_outside[WORKERS] = pay * rates.tau_w * (1.0 - rates.tax_local_share)
    for posting in ("taxes withheld H>G", "taxes withheld H>X", "transfers X>H"):
        world.ledger.book(posting)
    withhold(world)
