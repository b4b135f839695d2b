"""Stage 14, distribute: taxes are filed, owners draw, lenders bear their costs and pay dividends.

    tax filed = t_c (output since the last filing) + τ (profit since the last filing)⁺
    draw      = 13 π_0 draw_planned + draw (deposits - b)⁺

t_c taxes on production per USD of output of sector c, τ tax on profit; a part of both goes to the
local government. π_0 profit of the base year in USD a week, b the cash buffer. Makers and
independent retailers file and draw every 13 weeks, staggered by identity; partners, chains and
blocks file every week and are swept in `close`. A tax filed is paid next week. No owner draws while
something due is unpaid; none takes spare cash while capital is on order. A closed firm that owes
nothing hands over what is left, every week. The stake of a maker's buyer has its part of all this
(`agents.stakes`).

    cost of a lender = cost_l loans / 52, half pay, half services
    dividend         = (capital - .10 max(loans, book it keeps capital for))⁺        every 13 weeks
    lost elsewhere   = what a credit crunch takes from its capital
    insured          = hole in its capital, filled by deposit insurance              every week

Loans are term loans and credit lines in use. The community lender and the online lender keep
capital for a book in proportion to makers' sales, so that they can start to lend.

Source: model specification §7.12, §7.14, §7.18; TAX row of the table. Left out:
losses carried forward, tax of lenders and owners, interest on deposits.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.lender import BANKS
from millworks.agents.stakes import share_out
from millworks.kernels import compiled
from millworks.programmes import levy, outlays, stakes
from millworks.programmes.commitment_fees import pay_commitment_fees
from millworks.world.columns import CENT, Population, declared_columns
from millworks.world.handles import RowAgent
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

QUARTER = 13
NOTHING_OWED = 0.005
"""Debt below half a cent is rounding, USD."""


@compiled
def owners_draw(planned: float, deposits: float, buffer: float, share: float) -> float:
    """What an owner draws at a quarter's end, USD: the planned payout and part of spare cash."""
    spare = deposits - planned - buffer
    if spare <= 0.0 or share <= 0.0:
        return planned
    return planned + share * spare


@compiled
def files_now(week: int, every: int, identity: int, at_once: bool) -> bool:
    """Whether a firm files this week: every so many weeks, and at once when it has closed."""
    return at_once or (week + identity) % every == 0


@compiled
def filed_profits(
    week: int, every: int, identity: Ints, at_once: Flags, profit: Floats, filed: Floats
) -> None:
    """Profit that each firm files this week, USD, not below zero; arguments of `file_taxes`."""
    for firm in range(profit.shape[0]):
        filed[firm] = 0.0
        if files_now(week, every, identity[firm], at_once[firm]):
            filed[firm] = max(0.0, profit[firm])


@compiled
def file_taxes(
    week: int,
    every: int,
    identity: Ints,
    at_once: Flags,
    rate: Floats,
    tax_base: Floats,
    profit_rate: float,
    profit: Floats,
    local_share: float,
    tax_local: Floats,
    tax_outside: Floats,
) -> None:
    """Each firm whose week it is files taxes on its output and profit since the last time.

    `at_once`: closed firms file every week, or their last taxes would never be due.
    """
    for firm in range(rate.shape[0]):
        tax_local[firm] = 0.0
        tax_outside[firm] = 0.0
        if files_now(week, every, identity[firm], at_once[firm]):
            on_profit = profit_rate * max(0.0, profit[firm])
            tax = rate[firm] * tax_base[firm] + on_profit
            tax_local[firm] = tax * local_share
            tax_outside[firm] = tax - tax_local[firm]
            tax_base[firm] = 0.0
            # The books of the week will deduct it; taxed profit is before this tax.
            profit[firm] = on_profit


@compiled
def draw_quarterly(
    week: int,
    identity: Ints,
    may_draw: Flags,
    waits: Flags,
    leaves: Flags,
    planned: Floats,
    planned_part: float,
    cleared: Floats,
    buffer: Floats,
    share: float,
    local: Floats,
    draw_local: Floats,
    draw_outside: Floats,
) -> None:
    """Each owner whose quarter ends draws, those who leave take all; part is owned outside.

    `may_draw`: trades and has nothing overdue; `waits`: a project needs the spare cash; `leaves`:
    closed, and nobody has a claim on it.
    """
    for firm in range(planned.shape[0]):
        amount = 0.0
        if leaves[firm]:
            amount = max(0.0, cleared[firm])
        elif may_draw[firm] and (week + identity[firm]) % QUARTER == 0:
            payout = QUARTER * planned[firm] * planned_part
            part = 0.0 if waits[firm] else share
            wanted = owners_draw(payout, cleared[firm], buffer[firm], part)
            # Where the base year was a loss, owners of the linear world pay in what it planned.
            amount = min(wanted, max(0.0, cleared[firm]))
        draw_local[firm] = amount * local[firm]
        draw_outside[firm] = amount - draw_local[firm]


@compiled
def lender_dividend(capital: float, loans: float, book: float, kept: float) -> float:
    """Capital of a lender above the part `kept` of its loans, or of the book it is meant for."""
    return max(0.0, capital - kept * max(loans, book))


@compiled
def pay_out_capital(
    week: int,
    identity: Ints,
    capital: Floats,
    loans: Floats,
    book_of_others: float,
    kept: float,
    dividend: Floats,
) -> None:
    """Each lender whose quarter ends pays out what it does not need; those after banks keep more.

    `book_of_others`: loans that the community and the online lender keep capital for, USD.
    """
    for row in range(capital.shape[0]):
        dividend[row] = 0.0
        if (week + identity[row]) % QUARTER == 0:
            book = book_of_others if row >= BANKS else 0.0
            dividend[row] = lender_dividend(capital[row], loans[row], book, kept)


def distribute(world: World) -> None:
    """File taxes, let owners draw, pay what programmes owe, and settle the lenders' accounts."""
    levy.remember_income(world)
    for letter in "MPRCS":
        _file(world, letter)
    for letter in "MR":
        _draw(world, letter)
    outlays.pay_entitlements(world)
    pay_commitment_fees(world)
    _lenders_costs(world)
    _lenders_capital(world)


def _file(world: World, letter: str) -> None:
    """Taxes of one kind of firm."""
    firms, rates = world.population(letter), world.parameters
    every = QUARTER if letter in "MR" else 1
    closed, filed = firms.status != ACTIVE, np.empty(firms.size)
    filed_profits(world.week, every, firms.identity, closed, firms.profit_quarter, filed)
    file_taxes(
        world.week,
        every,
        firms.identity,
        closed,
        world.technology.tax[firms.sector],
        firms.tax_base,
        rates.tau_pi,
        firms.profit_quarter,
        rates.tax_local_share,
        firms.tax_local,
        firms.tax_outside,
    )
    world.ledger.book(f"taxes accrued {letter}>G")
    world.ledger.book(f"taxes accrued {letter}>X")
    levy.charge_firms(world, letter, filed)


def _draw(world: World, letter: str) -> None:
    """Draws of the owners of makers or retailers."""
    firms, rates = world.population(letter), world.parameters
    active = firms.status == ACTIVE
    draw_quarterly(
        world.week,
        firms.identity,
        active & (firms.late_weeks == 0),
        _waits_for_a_project(firms) if letter == "M" else np.zeros(firms.size, dtype=np.bool_),
        _free_of_claims(firms, ~active),
        firms.planned_draw,
        rates.draw_planned,
        firms.cleared,
        firms.cash_buffer,
        rates.draw,
        firms.local_ownership,
        firms.draw_local,
        firms.draw_outside,
    )
    if letter == "M" and stakes.any_were_bought(world):
        _serve_stakes(world)
    world.ledger.book(f"draws {letter}>H")
    world.ledger.book(f"draws {letter}>X")


def _serve_stakes(world: World) -> None:
    """Part of what makers distribute goes to the stakes of their buyers."""
    makers = world.population("M")
    dividend, repaid = np.zeros(makers.size), np.zeros(makers.size)
    share_out(
        makers.stake,
        makers.equity,
        makers.status != ACTIVE,
        makers.draw_local,
        makers.draw_outside,
        dividend,
        repaid,
    )
    stakes.pay_out(world, dividend, repaid)


def _waits_for_a_project(makers: Population) -> Flags:
    """Makers whose project is under way."""
    return np.asarray(makers.capital_on_order > CENT)


def _free_of_claims(firms: Population, closed: Flags) -> Flags:
    """Which of the firms that have closed owe nothing to others than their owners."""
    if not closed.any():
        return closed
    owed = np.zeros(firms.size)
    for name in _debts(firms.agent_class):  # type: ignore[arg-type]  # a class is hashable
        owed += getattr(firms, name)
    return closed & (owed < NOTHING_OWED)


@cache
def _debts(kind: type[RowAgent]) -> tuple[str, ...]:
    """Columns of what a kind of firm owes to others than its owners, from its declared accounts."""
    accounts = {name: column.account or "" for name, column in declared_columns(kind).items()}
    return tuple(
        name
        for name, account in accounts.items()
        if account.startswith("-") and not account.endswith(("equity", "stakes", "net worth"))
    )


def _loans(lenders: Population) -> Floats:
    return np.asarray(lenders.term_loans + lenders.revolvers, np.float64)


def _lenders_costs(world: World) -> None:
    """Lenders pay staff here, and an office that serves them."""
    lenders = world.population("B")
    cost = world.parameters.cost_l * _loans(lenders) / 52.0
    lenders.pay[:] = 0.5 * cost
    lenders.services[:] = cost - lenders.pay
    world.ledger.book("lender pay B>H")
    world.ledger.book("lender services B>S")


def _lenders_capital(world: World) -> None:
    """Capital beyond need goes to the owners; a hole is filled by deposit insurance."""
    lenders, rates = world.population("B"), world.parameters
    lenders.lost_elsewhere[:] = lenders.capital_shock * _loans(lenders)
    if world.measures.shocks:
        world.ledger.book("losses elsewhere B>X")
    pay_out_capital(
        world.week,
        lenders.identity,
        lenders.lender_equity,
        _loans(lenders),
        rates.book_other * add_all(world.population("M").annual_sales),
        rates.capital_pay,
        lenders.dividend,
    )
    world.ledger.book("lender dividends B>X")
    after = lenders.lender_equity + lenders.current_account + lenders.revaluations
    lenders.insured[:] = np.maximum(0.0, -after)
    world.ledger.book("deposit insurance X>B")
