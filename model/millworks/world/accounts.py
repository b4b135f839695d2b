"""The chart of accounts: holders, instruments, claims, and the forms of a posting, as data.

The balance-sheet matrix, the transactions-flow matrix, the audit of each week and the printed
accounts all read these tables and `millworks.world.postings`. Godley and Lavoie (2007, ch. 2) give
the two matrices their form.

A posting has a payer and a payee; its *mode* says which accounts it touches on both sides
(`MODES`).

*Income* is the holder's current account of the week; the week ends by closing it into equity
(firms, imputed to their owners as reinvested earnings) or net worth (households, government,
outside).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from millworks.economy.sectors import MANUFACTURING, SECTORS

Mode = Literal[
    "cash",
    "accrue",
    "pay",
    "invest",
    "divest",
    "lend",
    "value",
    "move",
    "devalue",
    "write off",
    "revalue",
]


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
        Holder("O", "operators", "Operators", "cleared"),
        Holder("B", "lenders", "Lenders", "settlement"),
        Holder("G", "government", "Government", "cleared"),
        Holder("X", "outside", "Outside", "settlement_owed"),
    )
}

FIRMS = "MPRCS"
"""Holders whose equity belongs to owners."""

LOCALLY_OWNED = "MRS"
"""Firms of which district households own a part; chains and partners belong to owners outside."""

OWN_NET_WORTH = "HOGX"
"""Holders that keep what they earn as net worth of their own."""

INSTRUMENTS: dict[str, tuple[str, str]] = {
    "inventories": ("Inventories (inputs, finished; cost)", "real"),
    "goods in transit": ("Goods in transit (buyer's from shipment)", "real"),
    "fixed capital": ("Fixed capital (book, net)", "real"),
    "capital on order": ("Capital on order (paid, not installed)", "real"),
    "deposits": ("Deposits", "financial"),
    "term loans": ("Term loans", "financial"),
    "revolvers": ("Revolvers, cards", "financial"),
    "trade credit": ("Trade credit", "financial"),
    "wages payable": ("Wages payable", "financial"),
    "taxes payable": ("Taxes payable", "financial"),
    "lease deposits": ("Lease deposits", "financial"),
    "partner stakes": ("Partner stakes (book)", "financial"),
    "owners' equity": ("Owners' equity", "financial"),
    "lender equity": ("Lender equity", "financial"),
    "settlement": ("Settlement balance (signed)", "financial"),
    "local notes": ("Local notes", "financial"),
    "outside wealth": ("Outside wealth", "financial"),
    "net worth": ("Net worth", "balance"),
}
"""Rows of the balance-sheet matrix: name -> (label, real | financial | balance)."""

CLAIMS: dict[str, tuple[str, str]] = {
    "wages": ("wages_due", "wages_receivable"),
    "taxes": ("taxes_due", "taxes_receivable"),
    "levy": ("levy_due", "levy_receivable"),
    "notes": ("notes", "notes_held"),
    "local services": ("services_payable_local", "services_receivable"),
    "outside services": ("services_payable_outside", "services_receivable"),
    "goods": ("goods_payable", "goods_receivable"),
    "rent": ("rent_due", "rent_receivable"),
    "freight": ("freight_due", "freight_receivable"),
    "fees": ("fees_due", "fees_receivable"),
    "lease deposit": ("lease_deposits_owed", "lease_deposit"),
    "stake": ("stake", "stakes_held"),
    "equity": ("equity", "equity_held"),
    "lender equity": ("lender_equity", "lender_equity_held"),
    "outside wealth": ("outside_wealth_owed", "outside_wealth"),
    "revolver": ("revolver", "revolvers"),
    "bank loan": ("bank_loan", "term_loans"),
    "cdfi loan": ("cdfi_loan", "term_loans"),
    "online loan": ("online_loan", "term_loans"),
}
"""Claim -> (column of the one who owes, column of the one who is owed)."""


MODES: dict[Mode, tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]] = {
    "cash": ((("cash", -1), ("income", -1)), (("cash", 1), ("income", 1))),
    "accrue": ((("owes", 1), ("income", -1)), (("is owed", 1), ("income", 1))),
    "pay": ((("cash", -1), ("owes", -1)), (("cash", 1), ("is owed", -1))),
    "invest": ((("cash", -1), ("asset", 1)), (("cash", 1), ("income", 1))),
    "divest": ((("cash", -1), ("income", -1)), (("cash", 1), ("asset", -1))),
    "lend": ((("cash", -1), ("is owed", 1)), (("cash", 1), ("owes", 1))),
    "value": ((("asset", 1), ("income", 1)), ()),
    "move": ((("source", -1), ("target", 1)), ()),
    "devalue": ((("asset", 1), ("revaluation", 1)), ()),
    "write off": ((("owes", -1), ("revaluation", 1)), (("is owed", -1), ("revaluation", -1))),
    "revalue": ((("owes", 1), ("revaluation", -1)), (("is owed", 1), ("revaluation", 1))),
}
"""Mode -> what it does to (the payer, the payee): accounts with the sign of the change.

A write-off, a loss on stock or capital sold off and their passing on to owners (`revalue`) are
revaluations, not flows: no payment answers them.
"""

ONE_SIDED: tuple[Mode, ...] = ("value", "move", "devalue")
"""Modes that concern one holder only."""


@dataclass(frozen=True)
class Posting:
    """One movement of money, claims or real assets between two holders.

    `amount` names the decision column that says how much each row moves; it stands on the payer
    unless `amount_on_payee`. The audit compares what the ledger moved with what that column says.
    `other_row` is the row of the other side that takes all of it; None means that the stage hands
    over an amount per row of the other side. With `own_lender` each customer stands against the
    bank that keeps its deposits.
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
    own_lender: bool = False

    def column(self, account: str) -> str:
        """Column that an account of `MODES` (other than cash) stands for in this posting."""
        if account in ("owes", "is owed"):
            return CLAIMS[self.claim][account == "is owed"]
        if account in ("source", "target"):
            return self.claim.split(">")[account == "target"]
        return {"income": "current_account", "revaluation": "revaluations"}.get(account, self.claim)

    def cash_column(self, letter: str, paying: bool) -> str:
        """Deposit column of one side. Loans, equity, the proceeds of an estate and what the
        government pays come in as good money; a customer's payment takes a week to clear.
        """
        good = self.mode in ("lend", "divest") or self.claim in ("lease deposit", "stake")
        spendable = paying or good or self.payer == "G"
        return "cleared" if spendable and letter not in "XB" else HOLDERS[letter].receipts


WORKERS, OWNERS = 0, 1
"""Rows of the households' population."""

_BLOCKS = [code for code, made in zip(SECTORS, MANUFACTURING, strict=True) if not made]
LANDLORD, CARRIER, BUILDER, OFFICE = (_BLOCKS.index(c) for c in ("RRE", "TRN", "CON", "PBS"))
"""Rows of the service blocks that let space, carry goods, build, and serve lenders."""

CDFI_ROW, ONLINE_ROW = 6, 7
"""Rows of the community lender and the online lender, behind six banks."""

OPERATORS = (
    "hub",
    "small_batch_shipping",
    "flexible_warehousing",
    "ports_and_rail",
    "shared_containers",
    "shared_facility_costs",
    "flexible_real_estate",
)
"""Rows of the operators: the policy whose facility each runs."""

LOANS: dict[str, int | None] = {"bank": None, "cdfi": CDFI_ROW, "online": ONLINE_ROW}
"""Kinds of term loan -> row of the lender; None: the customer's own bank."""

GOODS_INVOICED = "goods invoiced"
GOODS_PAID = "goods paid"
GOODS_WRITTEN_OFF = "goods written off"
"""The postings that run over the edges of the supply network."""

GOODS_MODES: dict[str, Mode] = {
    GOODS_INVOICED: "accrue",
    GOODS_PAID: "pay",
    GOODS_WRITTEN_OFF: "write off",
}


def goods_posting(name: str, payer: str, payee: str) -> Posting:
    """Form of a posting that runs over the links, between two holders."""
    return Posting(
        f"{name} {payer}>{payee}", "Goods", payer, payee, GOODS_MODES[name], "", claim="goods"
    )
