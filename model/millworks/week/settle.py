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
Ints = npt.NDArray[np.int64]

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


@compiled
def sum_up_dues(
    wages: Floats,
    taxes: Floats,
    levy: Floats,
    services_local: Floats,
    services_outside: Floats,
    goods: Floats,
    due: Floats,
) -> None:
    """What each firm must pay this week by class of debt, USD; `due` [classes, firms].

    Loans and interest, rent, freight and fees join it where there are any.
    """
    for firm in range(wages.shape[0]):
        due[PAYROLL, firm] = wages[firm]
        due[TAXES, firm] = taxes[firm] + levy[firm]
        due[DEBTS, firm] = 0.0
        due[SERVICES, firm] = services_local[firm] + services_outside[firm]
        due[GOODS, firm] = goods[firm]


@compiled
def while_trading(status: Ints, amounts: Floats) -> Floats:
    """A line or a buffer of firms that trade, USD; those who are closing have neither."""
    kept = np.zeros(amounts.shape[0])
    for firm in range(amounts.shape[0]):
        if status[firm] == ACTIVE:
            kept[firm] = amounts[firm]
    return kept


@compiled
def loan_due(status: Ints, owed: Floats, payment: Floats, due: Floats, debts: Floats) -> None:
    """What each firm must pay on a kind of loan this week, USD: all of it once it closes.

    It joins the firm's other `debts` due.
    """
    for firm in range(owed.shape[0]):
        level = payment[firm] if status[firm] == ACTIVE else owed[firm]
        due[firm] = min(owed[firm], level)
        debts[firm] += due[firm]


@compiled
def write_payments(
    part: Floats,
    due: Floats,
    taxes_due: Floats,
    levy_due: Floats,
    services_local: Floats,
    services_outside: Floats,
    residents: float,
    local_taxes: float,
    pay_residents: Floats,
    pay_commuters: Floats,
    pay_taxes_local: Floats,
    pay_taxes_outside: Floats,
    pay_levy: Floats,
    pay_services_local: Floats,
    pay_services_outside: Floats,
    pay_goods: Floats,
) -> None:
    """What the parts that `run_waterfall` found come to, by whom it is paid to, USD.

    `residents`: share of pay that residents earn; `local_taxes`: share of taxes that stays here.
    """
    for firm in range(taxes_due.shape[0]):
        payroll = part[PAYROLL, firm] * due[PAYROLL, firm]
        pay_residents[firm] = payroll * residents
        pay_commuters[firm] = payroll * (1.0 - residents)
        taxes = part[TAXES, firm] * taxes_due[firm]
        pay_taxes_local[firm] = taxes * local_taxes
        pay_taxes_outside[firm] = taxes * (1.0 - local_taxes)
        pay_levy[firm] = part[TAXES, firm] * levy_due[firm]
        pay_services_local[firm] = part[SERVICES, firm] * services_local[firm]
        pay_services_outside[firm] = part[SERVICES, firm] * services_outside[firm]
        pay_goods[firm] = part[GOODS, firm] * due[GOODS, firm]


@compiled
def count_late_weeks(part: Floats, due: Floats, late_weeks: Ints) -> None:
    """Another week for each firm that left something unpaid; the others are in time again."""
    for firm in range(late_weeks.shape[0]):
        late = False
        for kind in range(CLASSES):
            # Fractions of a cent that rounding left are nobody's arrears.
            if part[kind, firm] < SETTLED and due[kind, firm] > CENT:
                late = True
        late_weeks[firm] = late_weeks[firm] + 1 if late else 0


def settle(world: World) -> None:
    """Every firm pays what is due, as far as its means reach; households are paid."""
    trade = world.trade
    _charge_interest(world)
    due, goods_part = trade.due_by_buyer(world.week), np.ones(trade.agents)
    for letter in FIRMS:
        span = trade.spans[letter]
        goods_part[span] = _decide(world, letter, due[span])
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


def _decide(world: World, letter: str, goods_due: Floats) -> Floats:
    """Write the payments of one kind of firm; return the part of goods invoices it can pay."""
    firms = world.population(letter)
    due = np.empty((CLASSES, firms.size))
    sum_up_dues(
        firms.wages_due,
        firms.taxes_due,
        firms.levy_due,
        firms.services_payable_local,
        firms.services_payable_outside,
        goods_due,
        due,
    )
    loans = {kind: np.empty(firms.size) for kind in LOANS} if letter == "M" else {}
    for kind, amount in loans.items():
        owed, level = getattr(firms, f"{kind}_loan"), getattr(firms, f"{kind}_payment")
        loan_due(firms.status, owed, level, amount, due[DEBTS])
    line_interest = firms.revolver_interest if letter in "MR" else np.zeros(firms.size)
    due[DEBTS] += line_interest
    if letter in "MP":
        due[SERVICES] += firms.rent_due + firms.freight_due
    if letter == "M":
        due[SERVICES] += firms.fees_due
    part = np.empty_like(due)
    run_waterfall(
        due,
        firms.cleared,
        firms.revolver,
        while_trading(firms.status, firms.revolver_limit),
        while_trading(firms.status, firms.cash_buffer),
        line_interest,
        part,
        firms.revolver_drawn,
    )
    write_payments(
        part,
        due,
        firms.taxes_due,
        firms.levy_due,
        firms.services_payable_local,
        firms.services_payable_outside,
        1.0 - world.parameters.commuter_share,
        world.parameters.tax_local_share,
        firms.pay_wages_residents,
        firms.pay_wages_commuters,
        firms.pay_taxes_local,
        firms.pay_taxes_outside,
        firms.pay_levy,
        firms.pay_services_local,
        firms.pay_services_outside,
        firms.pay_goods,
    )
    for kind, amount in loans.items():
        getattr(firms, f"{kind}_repaid")[:] = part[DEBTS] * amount
    if letter in "MP":
        firms.pay_rent[:] = part[SERVICES] * firms.rent_due
        firms.pay_freight[:] = part[SERVICES] * firms.freight_due
    if letter == "M":
        operators.decide_fees(world, part[SERVICES])
    if letter in "MR":
        count_late_weeks(part, due, firms.late_weeks)
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
