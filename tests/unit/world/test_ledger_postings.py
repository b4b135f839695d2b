"""Double entry holds only as a whole: leave anything out and an identity of the week breaks.

A district is put under stress so that every posting of the chart of accounts moves money at least
once: thin buffers, a burst of orders for services and goods, a burst of household spending. Then,
in the week in which a posting moves most, it is left out whole, on one side, and movement by
movement; each time the week must end in an InvariantBreach. Reference: model specification §3, §3.1
(I1 to I9); Godley and Lavoie (2007), ch. 2, on the quadruple entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from millworks.district_model import DistrictModel
from millworks.economy.sectors import MANUFACTURING
from millworks.errors import InvariantBreach
from millworks.world import ledger as ledger_module
from millworks.world.accounts import GOODS_INVOICED, GOODS_PAID, HOLDERS, MODES, POSTINGS
from millworks.world.ledger import BUYERS, SELLERS, Ledger
from millworks.world.order_programme import OrderProgramme
from worlds import district, world_parameters

WEEKS = 40
PATIENCE = 4
"""Weeks within which a missing posting must be noticed."""

THIN = {
    "sweep_weeks": 1,
    "buf": 13,
    "buf_sd": 0.9,
    "household_weeks": 26,
    "cover_in": 6,
    "chain_cover": 10,
    "alpha": 0.05,
}
"""Little cash, so that credit lines and owners are called on; ample stocks, so that goods last."""

TWO_SIDED = [name for name, posting in POSTINGS.items() if posting.mode not in ("value", "move")]
GOODS = (GOODS_INVOICED, GOODS_PAID)
WHOLE_LEDGER = {
    "invoice_goods": GOODS_INVOICED,
    "pay_goods": GOODS_PAID,
    "clear_payments": GOODS_PAID,
    "close_income": GOODS_PAID,
}
"""Methods that move money without a named posting -> the flow in whose busiest week to try them."""


@dataclass
class Stress:
    """A stressed run: largest flow of each posting, and the state before that week, USD."""

    model: DistrictModel
    largest: dict[str, float]
    before: dict[str, dict[str, Any]]

    def breach(self, name: str) -> str | None:
        """Run the busiest week of a posting, and a few more; return what broke."""
        self.model.load_state(self.before[name])
        for _ in range(PATIENCE):
            try:
                self.model.step()
            except InvariantBreach as breach:
                return str(breach)
        return None


@pytest.fixture(scope="module")
def stress() -> Stress:
    rates = world_parameters("default").replace(**THIN)
    model = district(parameters=rates, seed=1)
    bought = np.where(MANUFACTURING, 0.3, 3.0) * model.founding.flows_by_sector
    model.programme = OrderProgramme(tuple(bought), start=2, weeks=6)
    households = model.population("H")
    usual = households.base_consumption.copy()
    found = Stress(model, dict.fromkeys((*POSTINGS, *GOODS), 0.0), {})
    for week in range(WEEKS):
        households.base_consumption[:] = usual * (2.0 if 6 <= week < 9 else 1.0)
        before = model.state()
        model.step()
        goods = model.ledger.goods_flows
        flows = dict(model.ledger.flows) | {name: sum(goods[name].values()) for name in GOODS}
        for name, amount in flows.items():
            if abs(amount) > found.largest[name]:
                found.largest[name], found.before[name] = abs(amount), before
    return found


def test_every_posting_moves_money_at_least_once_under_stress(stress):
    """Otherwise leaving it out would prove nothing."""
    idle = [name for name, amount in stress.largest.items() if amount < 1.0]
    assert not idle, f"no money moves by {idle}"


def test_every_posting_stands_between_holders_of_the_chart():
    """Payers and payees are letters of HOLDERS, amounts are columns that the stages decide."""
    for posting in POSTINGS.values():
        assert {posting.payer, posting.payee} <= set(HOLDERS)


@pytest.mark.parametrize("name", [*POSTINGS, *GOODS])
def test_with_all_postings_the_busiest_week_keeps_its_books(stress, name):
    """The weeks in which postings are left out below are sound by themselves."""
    assert stress.breach(name) is None


@contextmanager
def replaced(**methods: Callable[..., Any]) -> Iterator[None]:
    """Replace methods of the ledger for a while."""
    before = {name: getattr(Ledger, name) for name in methods}
    try:
        for name, method in methods.items():
            setattr(Ledger, name, method)
        yield
    finally:
        for name, method in before.items():
            setattr(Ledger, name, method)


def nothing(self: Ledger, *given: Any, **named: Any) -> None:
    """Move no money."""


@contextmanager
def without(method: str, when: Callable[..., bool], **inside: Callable[..., Any]) -> Iterator[None]:
    """Replace methods only inside those calls of `method` for which `when` holds.

    With nothing to replace inside, the call itself is left out.
    """
    original = getattr(Ledger, method)

    def changed(self: Ledger, *given: Any, **named: Any) -> Any:
        if not when(*given):
            return original(self, *given, **named)
        if not inside:
            return None
        with replaced(**inside):
            return original(self, *given, **named)

    with replaced(**{method: changed}):
        yield


def is_posting(name: str) -> Callable[..., bool]:
    return lambda booked, *_: booked == name


def always(*_: Any) -> bool:
    return True


class MovementLeftOut:
    """Counts the movements of one posting that move anything and leaves out the one numbered."""

    def __init__(self, number: int | None) -> None:
        self.number, self.moves, self.left_out = number, 0, ""
        self.original = Ledger._add

    def __call__(self, ledger: Ledger, letter: str, column: str, amounts: np.ndarray) -> None:
        if np.abs(amounts).sum() > 1.0:
            self.moves += 1
            if self.number is not None and self.moves - 1 == self.number:
                self.left_out = f"{letter} {column}"
                return
        self.original(ledger, letter, column, amounts)

    def method(self) -> Callable[..., None]:
        return lambda ledger, letter, column, amounts: self(ledger, letter, column, amounts)


def movements_nobody_missed(
    stress: Stress, flow: str, method: str, when: Callable[..., bool]
) -> tuple[list[str], int]:
    """Leave out each single movement in turn; return the accounts whose gap went unnoticed."""
    counter = MovementLeftOut(None)
    with without(method, when, _add=counter.method()):
        stress.model.load_state(stress.before[flow])
        stress.model.step()
    unnoticed = []
    for number in range(counter.moves):
        gap = MovementLeftOut(number)
        with without(method, when, _add=gap.method()):
            if stress.breach(flow) is None:
                unnoticed.append(gap.left_out)
    return unnoticed, counter.moves


@pytest.mark.parametrize("name", POSTINGS)
def test_leaving_out_a_posting_breaks_an_identity(stress, name):
    with without("book", is_posting(name)):
        assert stress.breach(name) is not None


@pytest.mark.parametrize("side", ["_pay_side", "_receive_side"])
@pytest.mark.parametrize("name", TWO_SIDED)
def test_money_paid_but_not_received_or_received_but_not_paid_breaks_an_identity(
    stress, name, side
):
    with without("book", is_posting(name), **{side: nothing}):
        assert stress.breach(name) is not None


@pytest.mark.parametrize("name", POSTINGS)
def test_leaving_out_any_one_account_of_a_posting_breaks_an_identity(stress, name):
    """Deposits, claims, incomes and the lenders' books, one movement at a time."""
    unnoticed, moves = movements_nobody_missed(stress, name, "book", is_posting(name))
    assert moves >= 2
    assert not unnoticed


def test_a_flow_that_is_recorded_but_not_carried_out_breaks_an_identity(stress):
    """I4: every column of the flow matrix closes, from accumulators and from stocks.

    The flow is counted, as the decision says, but no balance moves on either side.
    """
    unnoticed = []
    for name in POSTINGS:
        sides = dict.fromkeys(("_pay_side", "_receive_side"), nothing)
        with without("book", is_posting(name), **sides):
            if stress.breach(name) is None:
                unnoticed.append(name)
    assert not unnoticed, f"{len(unnoticed)} of {len(POSTINGS)}: {unnoticed}"


@pytest.mark.parametrize(("method", "flow"), WHOLE_LEDGER.items())
def test_leaving_out_goods_clearing_or_closing_breaks_an_identity(stress, method, flow):
    """Invoices of goods, their payment, a week's clearing, the closing of incomes."""
    with without(method, always):
        assert stress.breach(flow) is not None


@pytest.mark.parametrize(("method", "flow"), WHOLE_LEDGER.items())
def test_leaving_out_any_one_account_of_goods_clearing_or_closing_breaks_an_identity(
    stress, method, flow
):
    unnoticed, moves = movements_nobody_missed(stress, flow, method, always)
    assert moves >= 2
    assert not unnoticed


@pytest.mark.parametrize(
    ("side", "letter"),
    [*(("BUYERS", letter) for letter in BUYERS), *(("SELLERS", letter) for letter in SELLERS)],
)
@pytest.mark.parametrize(("method", "flow"), list(WHOLE_LEDGER.items())[:2])
def test_goods_that_one_kind_of_buyer_or_seller_does_not_book_break_an_identity(
    stress, monkeypatch, method, flow, side, letter
):
    """Invoices and payments over the links of the network need both ends, of every kind."""
    letters = getattr(ledger_module, side)
    original = getattr(Ledger, method)

    def one_end_missing(self: Ledger, *given: Any, **named: Any) -> None:
        monkeypatch.setattr(ledger_module, side, letters.replace(letter, ""))
        original(self, *given, **named)
        monkeypatch.setattr(ledger_module, side, letters)

    with replaced(**{method: one_end_missing}):
        assert stress.breach(flow) is not None


@pytest.mark.parametrize(
    ("record", "flow"), [("write_invoices", GOODS_INVOICED), ("pay_links", GOODS_PAID)]
)
def test_invoices_that_are_not_written_on_the_links_break_an_identity(
    stress, monkeypatch, record, flow
):
    """I3: what a firm owes is the sum over its links of what falls due and what is overdue."""
    monkeypatch.setattr(ledger_module, record, lambda *given: None)
    assert stress.breach(flow) is not None


@pytest.mark.parametrize(
    ("mode", "side"), [(mode, side) for mode in MODES for side in (0, 1) if MODES[mode][side]]
)
def test_a_mode_that_forgets_or_turns_round_one_of_its_accounts_breaks_an_identity(
    stress, monkeypatch, mode, side
):
    """Ledger and audit both read the table MODES, so that errors in the table itself must show."""
    named = next(name for name, posting in POSTINGS.items() if posting.mode == mode)
    accounts = MODES[mode][side]
    for number, (account, sign) in enumerate(accounts):
        for entry in ((), ((account, -sign),)):
            wrong = list(MODES[mode])
            wrong[side] = (*accounts[:number], *entry, *accounts[number + 1 :])
            monkeypatch.setitem(MODES, mode, tuple(wrong))
            assert stress.breach(named) is not None, f"{mode}, side {side}: {account} {entry}"
            monkeypatch.undo()
