"""Balances against each other: lenders, claims, net worth, bounds, rows nobody holds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from millworks.world.accounts import FIRMS, HOLDERS, INSTRUMENTS, LOANS
from millworks.world.identities.books import FREE, Books, Finding, totals
from millworks.world.sums import add_up
from millworks.world.trade import LINK_KINDS, SUPPLY, TO_CHAIN, TO_RETAILER, TO_SERVICES
from millworks.world.world import World

CENT = 0.01
"""A claim below it is what rounding leaves, USD."""
TICK_WEEKS = 4
"""Weeks between the days on which links close (`millworks.week.adjust`)."""

NOT_NEGATIVE = (
    "cleared",
    "uncleared",
    "inventory",
    "in_transit",
    "finished",
    "fixed_capital",
    "capital_on_order",
    "technology",
    "goods_payable",
    "services_payable_local",
    "services_payable_outside",
    "wages_due",
    "levy_due",
    "notes",
    "rent_due",
    "freight_due",
    "fees_due",
    "lease_deposit",
    "stake",
    "bank_loan",
    "cdfi_loan",
    "online_loan",
    "revolver",
    "deposits_owed",
    "backlog",
    "finished_units",
    "units_on_hand",
)
"""Deposits, debts and stocks; a debt below zero was paid twice. (Taxes due may be a subsidy.)"""

FROM_DISTRICT = np.isin(np.arange(len(LINK_KINDS)), (SUPPLY, TO_RETAILER, TO_CHAIN, TO_SERVICES))
"""By kind of link: whether its seller is a firm of the district that can leave."""


def lenders(books: Books) -> Iterator[Finding]:
    """I1: a lender's deposits are its loans, its settlement balance, less its capital."""
    world = books.world
    banks = world.population("B")
    yield Finding(
        "I1",
        "lenders' balance sheet",
        banks.deposits_owed,
        banks.term_loans + banks.revolvers + banks.settlement - banks.lender_equity,
    )
    held = np.zeros(banks.size)
    for letter in HOLDERS:
        customers = world.population(letter)
        for name, line in books.accounts[letter].items():
            if line == "+deposits":
                held += add_up(customers.lender, getattr(customers, name), banks.size)
    yield Finding("I1", "deposits of customers", banks.deposits_owed, held)


def movements(books: Books) -> Iterator[Finding]:
    """I2: every balance changed by exactly what the ledger moved."""
    moves = books.world.ledger.moves
    yield totals(
        "I2",
        (
            (f"{letter} {name}", closing - books.opening[letter, name], moves[letter, name])
            for (letter, name), closing in books.closing.items()
        ),
    )


def claims(books: Books) -> Iterator[Finding]:
    """I3: what one side owes the other is owed, in total and link by link."""
    world, on_line = books.world, books.by_line()
    yield totals(
        "I3",
        (
            (label, on_line[f"+{instrument}"], on_line[f"-{instrument}"])
            for instrument, (label, kind) in INSTRUMENTS.items()
            if kind == "financial"
        ),
    )
    trade = world.trade
    outstanding = trade.outstanding()
    by_buyer = trade.by_holder(trade.by_buyer(outstanding))
    by_seller = trade.by_holder(trade.of_seller(outstanding))
    for letter in trade.spans:
        firms = world.population(letter)
        yield Finding("I3", f"{letter} goods payable", firms.goods_payable, by_buyer[letter])
        yield Finding("I3", f"{letter} goods receivable", firms.goods_receivable, by_seller[letter])
    yield from _claims_of_lenders(world)
    yield from _stakes_of_partners(world)


def _claims_of_lenders(world: World) -> Iterator[Finding]:
    """Loans and lines lender by lender: a total could hide a wrong one."""
    banks, makers = world.population("B"), world.population("M")
    lines, loans = np.zeros(banks.size), np.zeros(banks.size)
    for letter in FIRMS:
        firms = world.population(letter)
        lines += add_up(firms.lender, firms.revolver, banks.size)
    for kind, row in LOANS.items():
        lender = makers.lender if row is None else np.full(makers.size, row)
        loans += add_up(lender, getattr(makers, f"{kind}_loan"), banks.size)
    yield Finding("I3", "credit lines of each lender", banks.revolvers, lines)
    yield Finding("I3", "term loans of each lender", banks.term_loans, loans)


def _stakes_of_partners(world: World) -> Iterator[Finding]:
    """Stakes partner by partner."""
    partners, makers = world.population("P"), world.population("M")
    local = np.where(makers.stake_holder >= 0, makers.stake, 0.0)
    held = add_up(np.maximum(makers.stake_holder, 0), local, partners.size)
    yield Finding("I3", "stakes of each partner", partners.stakes_held, held)


def net_worth(books: Books) -> Iterator[Finding]:
    """I5: each agent's assets less debts are its equity or net worth, and income is closed."""
    for letter in HOLDERS:
        population = books.world.population(letter)
        sheet = np.zeros(population.size)
        for name, line in books.accounts[letter].items():
            if line.startswith("+"):
                sheet += getattr(population, name)
            else:
                sheet -= getattr(population, name)
        names = ("balance sheet", "current_account not closed", "revaluations not closed")
        left = np.array([sheet, population.current_account, population.revaluations])
        yield Finding("I5", [f"{letter} {name}" for name in names], left, 0.0)


def bounds(books: Books) -> Iterator[Finding]:
    """I8: nobody's deposit, debt or stock is negative; the credit line keeps its limit."""
    world = books.world
    for letter in HOLDERS:
        population = world.population(letter)
        names = [name for name in NOT_NEGATIVE if name in population.declared]
        below = np.minimum(population.table(names), 0.0)
        yield Finding("I8", [f"{letter} {name}" for name in names], below, 0.0)
    for letter in FIRMS:
        firms = world.population(letter)
        interest = firms.revolver_interest if letter in "MR" else 0.0
        allowed = np.maximum(firms.revolver_limit, books.line[letter]) + interest
        over = np.maximum(firms.revolver - allowed, 0.0)
        yield Finding("I8", f"{letter} credit line", over, 0.0)


def free_rows(books: Books) -> Iterator[Finding]:
    """I12: a row nobody holds owns and owes nothing, and nobody's orders point at it.

    Links close in the weeks of a tick, before firms leave: rows that were free before are tested.
    """
    world, trade = books.world, books.world.trade
    gone = np.zeros(trade.agents, dtype=np.bool_)
    for letter in FIRMS:
        firms = world.population(letter)
        free = firms.status == FREE
        gone[trade.spans[letter]] = free & (books.status[letter] == FREE)
        names = list(books.accounts[letter])
        left = np.maximum(np.abs(firms.table(names)) - CENT, 0.0)
        held = np.where(free, left, 0.0)
        yield Finding("I12", [f"free {letter} {name}" for name in names], held, 0.0)
    if world.week % TICK_WEEKS == 0:
        share = np.where(FROM_DISTRICT[trade.kind] & gone[trade.seller], trade.share, 0.0)
        yield Finding("I12", "shares of free rows", share, 0.0, "share", 1.0)
