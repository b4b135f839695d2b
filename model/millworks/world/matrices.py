"""The two matrices of the accounts, computed from balances and postings of a world.

*Balance sheet*: what each holder owns (+) and owes (−) at the end of a week, read off the money
columns by the account each declares. A claim is one holder's asset and another's debt, so
financial rows add up to zero; real assets are owed by nobody, and net worth, the balance, is minus
their sum. Every column adds up to zero.

*Transactions flow*: what each holder received (+) and paid (−) during a week, then the change of
each financial stock as a source (+, a debt or equity issued) or a use (−, a claim acquired) of
funds. Firms that hold real assets have a current and a capital account:

    current   sales − purchases − pay − taxes − draws + Δ inventories − wear − reinvested = 0
    capital   wear − Δ inventories − investment + Δ debts + Δ equity − Δ claims = 0

The mode of a posting (`millworks.world.accounts`) says which account each side uses. The flows come
from the ledger's postings and the changes of stocks from the balances it moved, so that a column
closes only if both are right; a row closes only if both sides of it were booked.

Write-offs and losses on what a closing firm sells off are revaluations, not flows. They stand in a
row of their own, so that the changes of stocks beside them still close: what debtors gain and
creditors lose, and what real assets lost, as it reached those who own net worth.

Reference: Godley and Lavoie (2007), ch. 2 (revaluations: ch. 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millworks.world.accounts import GOODS_INVOICED, HOLDERS, INSTRUMENTS, Mode
from millworks.world.postings import POSTINGS
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

FLOW_ROWS = (
    "Retail sales (purchaser prices)",
    "Household services",
    "Goods",
    "Services",
    "Government purchases",
    "Wages (gross)",
    "Local taxes",
    "Outside taxes",
    "Tariffs",
    "Programme levy",
    "Subsidies and grants",
    "Guarantees",
    "Contract penalties",
    "Transfers",
    "Dividends and draws",
    "Reinvested earnings",
    "Capital consumption",
    "Change in inventories",
    "Fixed investment",
    "Used capital",
    "Space: rent",
    "Operators' fees",
    "Freight",
    "Loan interest",
    "Notes' interest",
    "Deposit insurance",
    "Losses of lenders",
    "Revaluations",
)
"""Rows of the transactions-flow matrix before the changes of stocks, in the order printed."""

WITH_CAPITAL_ACCOUNT = "MPRCO"
"""Holders of real assets: they have two columns in the transactions-flow matrix."""

CURRENT, CAPITAL = "", " capital"
"""What stands behind the holder's letter in the name of an account's column."""

_ACCOUNTS: dict[Mode, tuple[str, str]] = {
    "cash": (CURRENT, CURRENT),
    "accrue": (CURRENT, CURRENT),
    "invest": (CAPITAL, CURRENT),
    "divest": (CURRENT, CAPITAL),
    "value": (CAPITAL, CURRENT),
}
"""Mode of a posting -> account of the payer, account of the payee; other modes carry no income."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix of the accounts.

    `values` [rows, columns]: USD (balance sheet) or USD in the week (flows). `closes` [rows]: the
    row must add up to zero. Columns are letters of `accounts.HOLDERS`, of a capital account with
    ` capital` behind; every column must add up to zero.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Floats
    closes: npt.NDArray[np.bool_]

    @property
    def row_sums(self) -> Floats:
        """[rows] sums, USD."""
        return self.values.sum(axis=1)

    @property
    def column_sums(self) -> Floats:
        """[columns] sums, USD."""
        return self.values.sum(axis=0)

    def residual(self) -> tuple[str, float]:
        """Name and size (USD) of the sum farthest from zero among those that must be zero."""
        sums = dict(zip((f"column {name}" for name in self.columns), self.column_sums, strict=True))
        sums |= {
            f"row {name}": total
            for name, total, closes in zip(self.rows, self.row_sums, self.closes, strict=True)
            if closes
        }
        # Not a number is farther from zero than anything.
        worst = max(sums, key=lambda name: np.inf if np.isnan(sums[name]) else abs(sums[name]))
        return worst, abs(float(sums[worst]))

    def at(self, row: str, column: str) -> float:
        """Return one entry, USD; KeyError for a row or column that is not there."""
        if row not in self.rows or column not in self.columns:
            raise KeyError(f"no entry {row!r}, {column!r}")
        return float(self.values[self.rows.index(row), self.columns.index(column)])


def balance_sheet(world: World) -> Matrix:
    """Return what each holder owns and owes now, by instrument."""
    columns = tuple(HOLDERS)
    rows = {instrument: np.zeros(len(columns)) for instrument in INSTRUMENTS}
    for letter, instrument, sign, name in declared_accounts(world):
        balance = getattr(world.population(letter), name)
        rows[instrument][columns.index(letter)] += sign * float(balance.sum())
    return Matrix(
        rows=tuple(label for label, _ in INSTRUMENTS.values()),
        columns=columns,
        values=np.array(list(rows.values())),
        closes=np.array([kind == "financial" for _, kind in INSTRUMENTS.values()]),
    )


def transactions_flow(world: World) -> Matrix:
    """Return what each holder received and paid in the week that has ended.

    The ledger keeps the flows of the last week that was run: none before the first, and after
    `load_state` still those of the run before.
    """
    columns = flow_columns()
    stocks = {i: f"Δ {i}" for i, (_, kind) in INSTRUMENTS.items() if kind == "financial"}
    rows = {row: np.zeros(len(columns)) for row in (*FLOW_ROWS, *stocks.values())}
    for row, column, amount in _flows(world):
        rows[row][columns.index(column)] += amount
    for letter, instrument, sign, name in declared_accounts(world):
        if instrument in stocks:
            moved = world.ledger.moves.get((letter, name), 0.0)
            rows[stocks[instrument]][columns.index(_column(letter, CAPITAL))] -= sign * moved
    return Matrix(tuple(rows), columns, np.array(list(rows.values())), np.ones(len(rows), np.bool_))


def flow_columns() -> tuple[str, ...]:
    """Columns of the transactions-flow matrix: each holder, and its capital account if any."""
    return tuple(
        column for letter in HOLDERS for column in dict.fromkeys((letter, _column(letter, CAPITAL)))
    )


def declared_accounts(world: World) -> Iterator[tuple[str, str, float, str]]:
    """Yield (holder letter, instrument, sign, money column) of every account of a world."""
    for letter in HOLDERS:
        for name, column in world.population(letter).declared.items():
            if column.account:
                sign, instrument = column.account[0], column.account[1:]
                yield letter, instrument, 1.0 if sign == "+" else -1.0, name


def goods_row(seller: str) -> str:
    """Row of an invoice on a link: blocks sell the margins that shops' goods carry, a service."""
    return "Services" if seller == "S" else "Goods"


def _flows(world: World) -> Iterator[tuple[str, str, float]]:
    """Yield (row, column, USD) of both sides of every flow of the week."""
    ledger = world.ledger
    for name, moved in ledger.flows.items():
        posting = POSTINGS[name]
        if posting.mode in _ACCOUNTS:
            paying, receiving = _ACCOUNTS[posting.mode]
            yield posting.row, _column(posting.payer, paying), -moved
            yield posting.row, _column(posting.payee, receiving), moved
        elif posting.mode == "devalue":
            yield "Revaluations", _column(posting.payer, CAPITAL), -moved
    for letter, gained in ledger.revalued.items():
        yield "Revaluations", letter, gained
    for (buyer, seller), moved in ledger.goods_flows[GOODS_INVOICED].items():
        yield goods_row(seller), buyer, -moved
        yield goods_row(seller), seller, moved


def _column(letter: str, account: str) -> str:
    """Column of a holder's account; who has one account only uses it for both."""
    return letter + account if letter in WITH_CAPITAL_ACCOUNT else letter
