"""The only place where balances change: double entry over columns.

A stage writes decisions (who pays how much) into decision columns and names a posting; the ledger
reads the amounts there and moves both sides. Lenders are part of every payment: a customer's
deposit is its lender's liability, and what leaves one lender for another, or for the outside,
moves settlement balances, so that nothing is ever computed as a residual.

Flows are accumulated by posting and movements by (holder, column); the invariants compare both
with the decisions and with the balances themselves (`millworks.world.invariants`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from millworks.world.accounts import (
    FIRMS,
    GOODS_INVOICED,
    GOODS_MODES,
    GOODS_PAID,
    GOODS_WRITTEN_OFF,
    HOLDERS,
    MODES,
    ONE_SIDED,
    OWN_NET_WORTH,
    Posting,
    goods_posting,
)
from millworks.world.columns import Population
from millworks.world.link_kernels import pay_links, write_invoices
from millworks.world.postings import POSTINGS
from millworks.world.sums import add_up
from millworks.world.trade import TradeBook

BUYERS, SELLERS = "MPRCSX", "MPSX"
"""Holders that stand as buyers and as sellers on links of the supply network."""

Amounts = npt.NDArray[np.float64]


class Ledger:
    """Moves money between populations, one per holder letter of `accounts.HOLDERS`.

    `flows[name]` is what a posting moved this week in USD; `moves[holder, column]` what the week
    did to a balance, in USD; `revalued[letter]` the revaluations that reached those who own net
    worth. All start at zero in `open_week`.
    """

    def __init__(self, populations: Mapping[str, Population], trade: TradeBook) -> None:
        self.trade = trade
        self.populations = {
            letter: populations[holder.population] for letter, holder in HOLDERS.items()
        }
        self.flows: dict[str, float] = defaultdict(float)
        self.moves: dict[tuple[str, str], float] = defaultdict(float)
        self.revalued: dict[str, float] = {}
        self._goods: dict[str, Amounts] = {}

    def open_account(self, letter: str, column: str, amounts: Amounts) -> None:
        """Write opening balances, USD per row; possible only once per account, at the start."""
        balance = self.populations[letter].writable(column)
        if np.any(balance != 0.0):
            raise ValueError(f"{letter}.{column} is open already; balances change by postings.")
        balance[:] = amounts

    def open_trade(self, due: Amounts) -> None:
        """Write the opening invoices: USD by week due and link, [weeks, links]."""
        self.trade._ring[: len(due)] = due

    def open_week(self) -> None:
        """Start the week's accumulators at zero."""
        self.flows.clear()
        self.moves.clear()
        self.revalued.clear()
        self._goods.clear()

    def book(self, name: str, other: Amounts | None = None) -> None:
        """Carry out posting `name`; `other` gives amounts per row of the side without a decision.

        Raises KeyError for a posting that is not declared.
        """
        posting = POSTINGS[name]
        bearer = posting.payee if posting.amount_on_payee else posting.payer
        population = self.populations[bearer]
        amounts: Amounts = getattr(population, posting.amount)
        total = float(amounts.sum())
        self.flows[name] += total
        if posting.mode in ONE_SIDED:
            self._pay_side(posting, amounts)
            return
        if other is None:
            other = self._spread(posting, amounts, total)
        if posting.amount_on_payee:
            self._pay_side(posting, other)
            self._receive_side(posting, amounts)
        else:
            self._pay_side(posting, amounts)
            self._receive_side(posting, other)

    @property
    def goods_flows(self) -> dict[str, dict[tuple[str, str], float]]:
        """USD of goods invoiced and paid this week, by (payer, payee)."""
        return {
            name: self.trade.pairs(self._goods[name]) if name in self._goods else {}
            for name in GOODS_MODES
        }

    def invoice_goods(
        self, amounts: Amounts, week: int, by_buyer: Amounts, by_seller: Amounts
    ) -> None:
        """Invoice USD per link of the supply network; due after the link's terms.

        `by_buyer`, `by_seller`: the same USD summed over each agent's links.
        """
        trade = self.trade
        write_invoices(amounts, trade.terms, trade.late, week, trade._ring)
        self._goods[GOODS_INVOICED] = amounts
        self._book_goods(GOODS_INVOICED, by_buyer, by_seller)

    def pay_goods(self, paid_part: Amounts, week: int, by_buyer: Amounts) -> None:
        """Pay a part of what each agent owes on its links this week; the rest is overdue.

        `by_buyer`: what each agent pays in all, USD.
        """
        trade = self.trade
        slot = trade._ring[week % len(trade._ring)]
        pay_links(paid_part, trade.buyer, slot, trade._overdue, trade.paid)
        self._goods[GOODS_PAID] = trade.paid
        self._book_goods(GOODS_PAID, by_buyer, trade.of_seller(trade.paid))

    def write_off_goods(self, lost: npt.NDArray[np.bool_]) -> None:
        """Estates `lost` [agents] are over: what they owe, and what customers still owe them, ends.

        The creditor loses it either way.
        """
        trade = self.trade
        gone = np.flatnonzero(lost[trade.buyer] | lost[trade.seller])
        amounts = np.zeros(len(trade.buyer))
        owed = trade._ring[:, gone].sum(axis=0) + trade._overdue[gone]
        amounts[gone] = owed
        trade._ring[:, gone] = 0.0
        trade._overdue[gone] = 0.0
        self._goods[GOODS_WRITTEN_OFF] = amounts
        by_buyer = add_up(trade.buyer[gone], owed, trade.agents)
        by_seller = add_up(trade.seller[gone], owed, trade.agents)
        self._book_goods(GOODS_WRITTEN_OFF, by_buyer, by_seller)

    def _book_goods(self, name: str, by_buyer: Amounts, by_seller: Amounts) -> None:
        """Both sides of a posting over the links, from USD per agent as buyer and as seller."""
        for letter, amounts in self.trade.by_holder(by_buyer).items():
            if letter in BUYERS:
                self._pay_side(goods_posting(name, letter, "X"), amounts)
        for letter, amounts in self.trade.by_holder(by_seller).items():
            if letter in SELLERS:
                self._receive_side(goods_posting(name, "X", letter), amounts)

    def clear_payments(self) -> None:
        """Last week's receipts of firms become spendable (one week of clearing)."""
        for letter in FIRMS:
            if HOLDERS[letter].receipts == "uncleared":
                arrived = self.populations[letter].uncleared.copy()
                self._add(letter, "uncleared", -arrived)
                self._add(letter, "cleared", arrived)

    def close_income(self) -> None:
        """Close the week's income and revaluations of households, government and outside.

        Those of firms and lenders were passed on to their owners by postings.
        """
        for letter in OWN_NET_WORTH:
            self.revalued[letter] = float(self.populations[letter].revaluations.sum())
            for account in ("current_account", "revaluations"):
                gained = getattr(self.populations[letter], account).copy()
                self._add(letter, account, -gained)
                self._add(letter, "net_worth", gained)

    def _spread(self, posting: Posting, amounts: Amounts, total: float) -> Amounts:
        """Amounts of the other side: its one row, or each customer's own bank."""
        letter = posting.payer if posting.amount_on_payee else posting.payee
        population = self.populations[letter]
        if posting.own_lender:
            bearer = posting.payee if posting.amount_on_payee else posting.payer
            lenders = self.populations[bearer].lender
            return add_up(lenders, amounts, population.size)
        if posting.other_row is None:
            raise ValueError(f"posting {posting.name!r} needs an amount per row of {letter}")
        other = np.zeros(population.size)
        other[posting.other_row] = total
        return other

    def _pay_side(self, posting: Posting, amounts: Amounts) -> None:
        for account, sign in MODES[posting.mode][0]:
            self._enter(posting, posting.payer, account, sign * amounts, paying=True)

    def _receive_side(self, posting: Posting, amounts: Amounts) -> None:
        for account, sign in MODES[posting.mode][1]:
            self._enter(posting, posting.payee, account, sign * amounts, paying=False)

    def _enter(
        self, posting: Posting, letter: str, account: str, change: Amounts, *, paying: bool
    ) -> None:
        if account == "cash":
            self._cash(letter, posting.cash_column(letter, paying), change)
        else:
            self._add(letter, posting.column(account), change)

    def _cash(self, letter: str, column: str, change: Amounts) -> None:
        """Deposits of the holder and, with them, the books of its lenders."""
        if letter == "X":
            # What the outside pays, it owes the district's lenders.
            self._add("X", column, -change)
            return
        self._add(letter, column, change)
        if letter == "B":
            return
        lenders = self.populations["B"]
        by_lender = add_up(self.populations[letter].lender, change, lenders.size)
        self._add("B", "deposits_owed", by_lender)
        self._add("B", "settlement", by_lender)

    def _add(self, letter: str, column: str, amounts: Amounts) -> None:
        balance = self.populations[letter].writable(column)
        balance += amounts
        self.moves[letter, column] += float(amounts.sum())
