"""The chart of accounts: holders, instruments and every posting the model can make, as data.

The balance-sheet matrix, the transactions-flow matrix, the audit of each week and the printed
accounts all read these tables; a stage of the week can move money only by naming a posting that
stands here. Godley and Lavoie (2007, ch. 2) give the two matrices their form.

A posting has a payer and a payee; its *mode* says which accounts it touches on both sides
(`MODES`).

*Income* is the holder's current account of the week; the week ends by closing it into equity
(firms, imputed to their owners as reinvested earnings) or net worth (households, government,
outside).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["cash", "accrue", "pay", "invest", "lend", "value", "move"]


@dataclass(frozen=True)
class Holder:
    """A column of the matrices: a kind of agent that holds accounts."""

    letter: str
    population: str
    name: str
    receipts: str
    """Column that takes a payment received: firms wait a week for clearing, others do not."""


HOLDERS: dict[str, Holder] = {
    holder.letter: holder
    for holder in (
        Holder("H", "households", "Households", "cleared"),
        Holder("M", "makers", "Makers", "uncleared"),
        Holder("P", "partners", "Partners", "uncleared"),
        Holder("R", "retailers", "Retailers", "uncleared"),
        Holder("C", "chains", "Chains", "uncleared"),
        Holder("S", "services", "Services", "cleared"),
        Holder("B", "lenders", "Lenders", "settlement"),
        Holder("G", "government", "Government", "cleared"),
        Holder("X", "outside", "Outside", "settlement_owed"),
    )
}

FIRMS = "MPRCS"
"""Holders whose equity belongs to owners."""

LOCALLY_OWNED = "MRS"
"""Firms of which district households own a part; chains and partners belong to owners outside."""

OWN_NET_WORTH = "HGX"
"""Holders that keep what they earn as net worth of their own."""

INSTRUMENTS: dict[str, tuple[str, str]] = {
    "inventories": ("Inventories (inputs, finished; cost)", "real"),
    "goods in transit": ("Goods in transit (buyer's from shipment)", "real"),
    "fixed capital": ("Fixed capital (book, net)", "real"),
    "deposits": ("Deposits", "financial"),
    "term loans": ("Term loans", "financial"),
    "revolvers": ("Revolvers, cards", "financial"),
    "trade credit": ("Trade credit", "financial"),
    "wages payable": ("Wages payable", "financial"),
    "taxes payable": ("Taxes payable", "financial"),
    "owners' equity": ("Owners' equity", "financial"),
    "lender equity": ("Lender equity", "financial"),
    "settlement": ("Settlement balance (signed)", "financial"),
    "outside wealth": ("Outside wealth", "financial"),
    "net worth": ("Net worth", "balance"),
}
"""Rows of the balance-sheet matrix: name -> (label, real | financial | balance)."""

CLAIMS: dict[str, tuple[str, str]] = {
    "wages": ("wages_due", "wages_receivable"),
    "taxes": ("taxes_due", "taxes_receivable"),
    "local services": ("services_payable_local", "services_receivable"),
    "outside services": ("services_payable_outside", "services_receivable"),
    "goods": ("goods_payable", "goods_receivable"),
    "equity": ("equity", "equity_held"),
    "outside wealth": ("outside_wealth_owed", "outside_wealth"),
    "revolver": ("revolver", "revolvers"),
}
"""Claim -> (column of the one who owes, column of the one who is owed)."""


MODES: dict[Mode, tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]] = {
    "cash": ((("cash", -1), ("income", -1)), (("cash", 1), ("income", 1))),
    "accrue": ((("owes", 1), ("income", -1)), (("is owed", 1), ("income", 1))),
    "pay": ((("cash", -1), ("owes", -1)), (("cash", 1), ("is owed", -1))),
    "invest": ((("cash", -1), ("fixed capital", 1)), (("cash", 1), ("income", 1))),
    "lend": ((("cash", -1), ("is owed", 1)), (("cash", 1), ("owes", 1))),
    "value": ((("asset", 1), ("income", 1)), ()),
    "move": ((("source", -1), ("target", 1)), ()),
}
"""Mode -> what it does to (the payer, the payee): accounts with the sign of the change."""


@dataclass(frozen=True)
class Posting:
    """One movement of money, claims or real assets between two holders.

    `amount` names the decision column that says how much each row moves; it stands on the payer
    unless `amount_on_payee`. The audit compares what the ledger moved with what that column says.
    `other_row` is the row of the other side that takes all of it; None means that the stage hands
    over an amount per row of the other side. Lenders always stand against their own customers.
    """

    name: str
    row: str
    payer: str
    payee: str
    mode: Mode
    amount: str
    claim: str = ""
    other_row: int | None = 0
    amount_on_payee: bool = False

    def column(self, account: str) -> str:
        """Column that an account of `MODES` (other than cash) stands for in this posting."""
        if account in ("owes", "is owed"):
            return CLAIMS[self.claim][account == "is owed"]
        if account in ("source", "target"):
            return self.claim.split(">")[account == "target"]
        return {"income": "current_account", "fixed capital": "fixed_capital"}.get(
            account, self.claim
        )

    def cash_column(self, letter: str, paying: bool) -> str:
        """Deposit column of one side. Loans and equity come in as good money; a customer's payment
        takes a week to clear.
        """
        spendable = paying or self.mode == "lend"
        return "cleared" if spendable and letter not in "XB" else HOLDERS[letter].receipts


WORKERS, OWNERS = 0, 1
"""Rows of the households' population."""

GOODS_INVOICED = "goods invoiced"
GOODS_PAID = "goods paid"
"""The two postings that run over the edges of the supply network."""


def goods_posting(name: str, payer: str, payee: str) -> Posting:
    """Form of a posting that runs over the links, between two holders."""
    mode: Mode = "accrue" if name == GOODS_INVOICED else "pay"
    return Posting(f"{name} {payer}>{payee}", "Goods", payer, payee, mode, "", claim="goods")


def _postings() -> list[Posting]:
    """Build the table; a family of postings that differ only by payer is written once."""
    table: list[Posting] = []

    def add(name: str, row: str, pairs: str, mode: Mode, amount: str, **more: object) -> None:
        for pair in pairs.split():
            payer, payee = pair.split(">")
            full = f"{name} {payer if mode in ('value', 'move') else pair}"
            table.append(Posting(full, row, payer, payee, mode, amount, **more))  # type: ignore[arg-type]

    def each(payers: str, payee: str) -> str:
        return " ".join(f"{payer}>{payee}" for payer in payers)

    add(
        "wages accrued",
        "Wages (gross)",
        each(FIRMS, "H"),
        "accrue",
        "wage_residents",
        claim="wages",
    )
    add(
        "wages accrued",
        "Wages (gross)",
        each(FIRMS, "X"),
        "accrue",
        "wage_commuters",
        claim="wages",
    )
    add("wages paid", "", each(FIRMS, "H"), "pay", "pay_wages_residents", claim="wages")
    add("wages paid", "", each(FIRMS, "X"), "pay", "pay_wages_commuters", claim="wages")

    add("taxes accrued", "Local taxes", each(FIRMS, "G"), "accrue", "tax_local", claim="taxes")
    add("taxes accrued", "Outside taxes", each(FIRMS, "X"), "accrue", "tax_outside", claim="taxes")
    add("taxes paid", "", each(FIRMS, "G"), "pay", "pay_taxes_local", claim="taxes")
    add("taxes paid", "", each(FIRMS, "X"), "pay", "pay_taxes_outside", claim="taxes")
    add("taxes withheld", "Local taxes", "H>G", "cash", "tax_local")
    add("taxes withheld", "Outside taxes", "H>X", "cash", "tax_outside")

    add(
        "services invoiced",
        "Services",
        each(FIRMS, "S"),
        "accrue",
        "services_local",
        claim="local services",
        other_row=None,
    )
    add(
        "services invoiced",
        "Services",
        each(FIRMS, "X"),
        "accrue",
        "services_outside",
        claim="outside services",
    )
    add(
        "services paid",
        "",
        each(FIRMS, "S"),
        "pay",
        "pay_services_local",
        claim="local services",
        other_row=None,
    )
    add(
        "services paid",
        "",
        each(FIRMS, "X"),
        "pay",
        "pay_services_outside",
        claim="outside services",
    )
    add("services sold outside", "Services", "X>S", "cash", "services_bought", other_row=None)

    add(
        "retail sales",
        "Retail sales (purchaser prices)",
        "H>R",
        "cash",
        "spent_independents",
        other_row=None,
    )
    add("retail sales", "Retail sales (purchaser prices)", "H>C", "cash", "spent_chains")
    add("retail sales", "Retail sales (purchaser prices)", "H>X", "cash", "spent_shops_outside")
    add("household services", "Household services", "H>S", "cash", "spent_services", other_row=None)
    add("household services", "Household services", "H>X", "cash", "spent_services_outside")

    add(
        "government purchases",
        "Government purchases",
        "G>S",
        "cash",
        "purchases_local",
        other_row=None,
    )
    add("government purchases", "Government purchases", "G>X", "cash", "purchases_outside")
    add("transfers", "Transfers", "X>H", "cash", "transfers", other_row=WORKERS)

    add("draws", "Dividends and draws", each("MRS", "H"), "cash", "draw_local", other_row=OWNERS)
    add("draws", "Dividends and draws", each("MRPCS", "X"), "cash", "draw_outside")
    add(
        "equity paid in",
        "",
        "X>P X>C X>S",
        "lend",
        "called_outside",
        claim="equity",
        amount_on_payee=True,
    )
    add(
        "equity paid in",
        "",
        "H>S",
        "lend",
        "called_local",
        claim="equity",
        other_row=OWNERS,
        amount_on_payee=True,
    )
    add(
        "reinvested earnings",
        "Reinvested earnings",
        each("MRS", "H"),
        "accrue",
        "reinvested_local",
        claim="equity",
        other_row=OWNERS,
    )
    add(
        "reinvested earnings",
        "Reinvested earnings",
        each("MPRCS", "X"),
        "accrue",
        "reinvested_outside",
        claim="equity",
    )

    add(
        "inputs shipped",
        "Change in inventories",
        "M>M P>P R>R C>C",
        "value",
        "inputs_shipped",
        claim="in_transit",
    )
    add(
        "inputs received",
        "",
        "M>M P>P R>R C>C",
        "move",
        "inputs_received",
        claim="in_transit>inventory",
    )
    add(
        "inputs used",
        "Change in inventories",
        "M>M P>P R>R C>C",
        "value",
        "inputs_used_up",
        claim="inventory",
    )
    add(
        "capital worn",
        "Capital consumption",
        "M>M P>P",
        "value",
        "capital_worn",
        claim="fixed_capital",
    )
    add("capital replaced", "Fixed investment", "M>X P>X", "invest", "capital_replaced")

    add(
        "revolver drawn",
        "",
        "B>M B>P B>R B>C B>S",
        "lend",
        "revolver_drawn",
        claim="revolver",
        amount_on_payee=True,
    )
    add("saving", "", "H>X", "lend", "saving", claim="outside wealth")
    return table


POSTINGS: dict[str, Posting] = {posting.name: posting for posting in _postings()}
