"""What moves money without a named posting, and the table of modes: nothing can be left out.

Invoices of goods, their payment and their loss run over the links; a week's receipts clear and its
incomes are closed. Reference: model specification §3, §3.1.
"""

from __future__ import annotations

from typing import Any

import pytest
from stressed import Stress, always, movements_nobody_missed, replaced, stressed, without

from millworks.world import ledger as ledger_module
from millworks.world.accounts import GOODS_INVOICED, GOODS_PAID, GOODS_WRITTEN_OFF, MODES
from millworks.world.ledger import BUYERS, SELLERS, Ledger
from millworks.world.postings import POSTINGS

WHOLE_LEDGER = {
    "invoice_goods": GOODS_INVOICED,
    "pay_goods": GOODS_PAID,
    "write_off_goods": GOODS_WRITTEN_OFF,
    "clear_payments": GOODS_PAID,
    "close_income": GOODS_PAID,
}
"""Methods that move money without a named posting -> the flow in whose busiest week to try them."""

OVER_LINKS = list(WHOLE_LEDGER.items())[:3]


@pytest.fixture(scope="module")
def stress() -> Stress:
    return stressed()


@pytest.mark.parametrize(("method", "flow"), WHOLE_LEDGER.items())
def test_leaving_out_goods_clearing_or_closing_breaks_an_identity(stress, method, flow):
    with without(method, always):
        assert stress.breach(flow) is not None


@pytest.mark.parametrize(("method", "flow"), WHOLE_LEDGER.items())
def test_leaving_out_any_one_account_of_goods_clearing_or_closing_breaks_an_identity(
    stress, method, flow
):
    unnoticed, moves = movements_nobody_missed(stress, flow, method, always)
    assert moves >= 2
    assert not unnoticed


WEEK_OF_DEBTOR = {"M": "services written off M>X", "R": GOODS_WRITTEN_OFF, "C": "revaluations C>X"}
"""Kind of firm that does not pay for goods -> the flow in whose busiest week it is tried."""
ENDS = [
    (method, flow, side, letter, WEEK_OF_DEBTOR.get(letter, flow) if lost else flow)
    for method, flow in OVER_LINKS
    for side, letters in (("BUYERS", BUYERS), ("SELLERS", SELLERS))
    for letter in letters
    # Partners, blocks and the outside pay for all their goods.
    for lost in [flow == GOODS_WRITTEN_OFF and side == "BUYERS"]
    if not lost or letter in WEEK_OF_DEBTOR
]


@pytest.mark.parametrize(("method", "flow", "side", "letter", "week"), ENDS)
def test_goods_that_one_kind_of_buyer_or_seller_does_not_book_break_an_identity(
    stress, monkeypatch, method, flow, side, letter, week
):
    """Invoices, payments and losses over the links need both ends, of every kind."""
    letters = getattr(ledger_module, side)
    original = getattr(Ledger, method)

    def one_end_missing(self: Ledger, *given: Any, **named: Any) -> None:
        monkeypatch.setattr(ledger_module, side, letters.replace(letter, ""))
        original(self, *given, **named)
        monkeypatch.setattr(ledger_module, side, letters)

    with replaced(**{method: one_end_missing}):
        assert stress.breach(week) is not None


@pytest.mark.parametrize(
    ("record", "flow"), [("write_invoices", GOODS_INVOICED), ("pay_links", GOODS_INVOICED)]
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
