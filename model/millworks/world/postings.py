"""Every posting the model can make, as data: who pays whom, for what, which column says how much.

A stage of the week can move money only by naming a posting that stands here. The forms (`Posting`,
modes, claims) are those of `millworks.world.accounts`.
"""

from __future__ import annotations

from collections.abc import Callable

from millworks.world.accounts import (
    BUILDER,
    CARRIER,
    FIRMS,
    LANDLORD,
    LOANS,
    OFFICE,
    ONE_SIDED,
    OWNERS,
    WORKERS,
    Mode,
    Posting,
)


def _postings() -> list[Posting]:
    """Build the table; a family of postings that differ only by payer is written once."""
    table: list[Posting] = []

    def add(name: str, row: str, pairs: str, mode: Mode, amount: str, **more: object) -> None:
        for pair in pairs.split():
            payer, payee = pair.split(">")
            full = f"{name} {payer if mode in ONE_SIDED else pair}"
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

    for what, landlord, row in (("rent", LANDLORD, "Space: rent"), ("freight", CARRIER, "Freight")):
        amount = "rent" if what == "rent" else "freight_local"
        pairs = each("MP", "S")
        add(f"{what} charged", row, pairs, "accrue", amount, claim=what, other_row=landlord)
        add(f"{what} paid", "", pairs, "pay", f"pay_{what}", claim=what, other_row=landlord)
    add("freight charged outside", "Freight", each("MP", "X"), "accrue", "freight_outside",
        claim="outside services")  # fmt: skip

    add("tariffs charged", "Tariffs", each(FIRMS, "X"), "accrue", "tariff",
        claim="outside services")  # fmt: skip

    add("draws", "Dividends and draws", each("MRS", "H"), "cash", "draw_local", other_row=OWNERS)
    add("draws", "Dividends and draws", each("MRPCS", "X"), "cash", "draw_outside")
    add(
        "equity paid in",
        "",
        "X>M X>R X>P X>C X>S",
        "lend",
        "called_outside",
        claim="equity",
        amount_on_payee=True,
    )
    add(
        "equity paid in",
        "",
        "H>M H>R H>S",
        "lend",
        "called_local",
        claim="equity",
        other_row=OWNERS,
        amount_on_payee=True,
    )
    add(
        "equity invested",
        "",
        "X>M",
        "lend",
        "equity_invested",
        claim="equity",
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
    add(
        "finished goods",
        "Change in inventories",
        "M>M P>P",
        "value",
        "finished_change",
        claim="finished",
    )
    _add_investment(add)
    _add_credit(add)
    _add_estates(add)
    _add_programmes(add)
    _add_operators(add)
    add("saving", "", "H>X", "lend", "saving", claim="outside wealth")
    add(
        "revaluations",
        "",
        each("MRS", "H"),
        "revalue",
        "revalued_local",
        claim="equity",
        other_row=OWNERS,
    )
    add("revaluations", "", each("MPRCS", "X"), "revalue", "revalued_outside", claim="equity")
    return table


def _add_investment(add: Callable[..., None]) -> None:
    """Capital: replaced, ordered and paid, installed; and the landlord's deposit."""
    row = "Fixed investment"
    add("capital replaced", row, "M>X P>X", "invest", "capital_replaced", claim="fixed_capital")
    for payee, amount in (("S", "capital_ordered_local"), ("X", "capital_ordered_outside")):
        add(
            "capital ordered",
            row,
            f"M>{payee}",
            "invest",
            amount,
            claim="capital_on_order",
            other_row=BUILDER if payee == "S" else 0,
        )
    for payee, amount in (("S", "technology_local"), ("X", "technology_outside")):
        office = OFFICE if payee == "S" else 0
        add("technology bought", row, f"M>{payee}", "invest", amount, claim="technology",
            other_row=office)  # fmt: skip
    worn = "Capital consumption"
    add("technology worn", worn, "M>M", "value", "technology_worn", claim="technology")
    add(
        "capital installed",
        "",
        "M>M",
        "move",
        "capital_installed",
        claim="capital_on_order>fixed_capital",
    )
    deposit = {"claim": "lease deposit", "other_row": LANDLORD}
    add("lease deposit paid", "", "M>S", "lend", "deposit_paid", **deposit)
    add("lease deposit returned", "", "S>M", "pay", "deposit_returned", amount_on_payee=True,
        **deposit)  # fmt: skip


def _add_credit(add: Callable[..., None]) -> None:
    """Lines and loans: interest is charged to the balance, payments reduce it."""
    add(
        "revolver drawn",
        "",
        "B>M B>P B>R B>C B>S",
        "lend",
        "revolver_drawn",
        claim="revolver",
        amount_on_payee=True,
        own_lender=True,
    )
    interest = {"claim": "revolver", "own_lender": True}
    add("revolver interest", "Loan interest", "M>B R>B", "accrue", "revolver_interest", **interest)
    add("revolver written off", "", "M>B R>B", "write off", "revolver_written_off", **interest)
    for kind, lender in LOANS.items():
        side = {"claim": f"{kind} loan", "own_lender": lender is None, "other_row": lender or 0}
        add(f"{kind} loan lent", "", "B>M", "lend", f"{kind}_lent", amount_on_payee=True, **side)
        add(f"{kind} loan interest", "Loan interest", "M>B", "accrue", f"{kind}_interest", **side)
        add(f"{kind} loan repaid", "", "M>B", "pay", f"{kind}_repaid", **side)
        add(f"{kind} loan written off", "", "M>B", "write off", f"{kind}_written_off", **side)
    add("lender pay", "Wages (gross)", "B>H", "cash", "pay", other_row=WORKERS)
    add("lender services", "Services", "B>S", "cash", "services", other_row=OFFICE)
    add("lender dividends", "Dividends and draws", "B>X", "cash", "dividend")
    row = "Deposit insurance"
    add("deposit insurance", row, "X>B", "cash", "insured", amount_on_payee=True, other_row=0)
    equity = {"claim": "lender equity"}
    add("reinvested earnings", "Reinvested earnings", "B>X", "accrue", "reinvested", **equity)
    add("revaluations", "", "B>X", "revalue", "revalued", **equity)


def _add_estates(add: Callable[..., None]) -> None:
    """A firm that closes: what is sold off, what is lost, who is never paid."""
    for asset, column, sellers in (
        ("capital", "fixed_capital", "M"),
        ("finished", "finished", "M"),
        ("inventory", "inventory", "MR"),
    ):
        sold = " ".join(f"X>{letter}" for letter in sellers)
        lost = " ".join(f"{letter}>{letter}" for letter in sellers)
        add(f"{asset} sold off", "Used capital", sold, "divest", f"{asset}_sold", claim=column,
            amount_on_payee=True)  # fmt: skip
        add(f"{asset} devalued", "", lost, "devalue", f"{asset}_devalued", claim=column)
    add("orders devalued", "", "M>M", "devalue", "orders_devalued", claim="capital_on_order")
    add("technology devalued", "", "M>M", "devalue", "technology_devalued", claim="technology")
    for claim, payees in (
        ("wages", {"H": ("residents", WORKERS), "X": ("commuters", 0)}),
        ("taxes", {"G": ("local", 0), "X": ("outside", 0)}),
        ("services", {"S": ("local", None), "X": ("outside", 0)}),
    ):
        for payee, (part, row) in payees.items():
            add(
                f"{claim} written off",
                "",
                f"M>{payee} R>{payee}",
                "write off",
                f"{claim}_written_off_{part}",
                claim=f"{part} services" if claim == "services" else claim,
                other_row=row,
            )
    for claim, creditor in (("rent", LANDLORD), ("freight", CARRIER)):
        add(f"{claim} written off", "", "M>S", "write off", f"{claim}_written_off", claim=claim,
            other_row=creditor)  # fmt: skip
    add("lease deposit forfeited", "", "S>M", "write off", "deposit_forfeited",
        claim="lease deposit", amount_on_payee=True, other_row=LANDLORD)  # fmt: skip


def _add_programmes(add: Callable[..., None]) -> None:
    """Programmes: who pays for them, and who is paid by them."""
    row, firms = "Programme levy", "MPRCS"
    add("levy charged", row, " ".join(f"{k}>G" for k in firms), "accrue", "levy", claim="levy")
    add("levy paid", "", " ".join(f"{k}>G" for k in firms), "pay", "pay_levy", claim="levy")
    add("levy written off", "", "M>G R>G", "write off", "levy_written_off", claim="levy")
    add("levy withheld", row, "H>G", "cash", "levy")
    paid = {"amount_on_payee": True}
    add("programme funded", "Transfers", "X>G", "cash", "funded", **paid)
    row = "Subsidies and grants"
    add("programme subsidy", row, " ".join(f"G>{k}" for k in firms), "cash", "subsidy", **paid)
    add("programme grant", row, "G>M", "cash", "grant", **paid)
    add("programme rebate", row, "G>H", "cash", "rebate", **paid)
    add("programme purchases", "Government purchases", "G>X", "cash", "programme_purchases", **paid)
    add("programme fee", row, "G>P G>X", "cash", "contract_fee", **paid)
    add("contract penalty", "Contract penalties", "P>M", "cash", "contract_penalty", other_row=None)
    add("programme guarantee", "Guarantees", "G>B", "cash", "guaranteed", **paid)
    add("programme pay", "Wages (gross)", "G>H", "cash", "programme_pay", other_row=WORKERS)
    add("programme services", "Services", "G>S", "cash", "programme_services", other_row=OFFICE)
    advice = {"mode": "cash", "row": "Services", "other_row": OFFICE}
    add("programme engagements", pairs="G>S", amount="engagement_part", **advice)
    add("engagements", pairs="X>S", amount="engagement_part", **advice)
    add("engagements", pairs="M>S", amount="engagement_fee", **advice)
    add("notes issued", "", "X>G", "lend", "notes_issued", claim="notes", **paid)
    add("notes repaid", "", "G>X", "pay", "notes_repaid", claim="notes")
    add("notes interest", "Notes' interest", "G>X", "cash", "notes_interest")
    add("losses elsewhere", "Losses of lenders", "B>X", "cash", "lost_elsewhere")
    _add_stakes(add)


def _add_stakes(add: Callable[..., None]) -> None:
    """Equity of a maker's buyer, what it brings, and what the programme bears of its loss."""
    for holder, part, row in (("P", "partner", None), ("X", "outside", 0)):
        side = {"claim": "stake", "other_row": row}
        add("stakes bought", "", f"{holder}>M", "lend", f"stake_bought_{part}",
            amount_on_payee=True, **side)  # fmt: skip
        add("stake dividends", "Dividends and draws", f"M>{holder}", "cash",
            f"stake_dividend_{part}", **side)  # fmt: skip
        add("stakes repaid", "", f"M>{holder}", "pay", f"stake_repaid_{part}", **side)
        add("stakes written off", "", f"M>{holder}", "write off", f"stake_written_off_{part}",
            **side)  # fmt: skip
    add("deal costs", "Services", "P>S X>S", "cash", "deal_cost", other_row=OFFICE)
    add("programme first loss", "Guarantees", "G>P G>X", "cash", "first_loss", amount_on_payee=True)


def _add_operators(add: Callable[..., None]) -> None:
    """Operators of shared facilities: what members pay them, what running them takes."""
    fees = {"claim": "fees", "other_row": None}
    add("operator fees", "Operators' fees", "M>O", "accrue", "fees", **fees)
    add("operator fees paid", "", "M>O", "pay", "pay_fees", **fees)
    add("operator fees written off", "", "M>O", "write off", "fees_written_off", **fees)
    add("operator pay", "Wages (gross)", "O>H", "cash", "pay", other_row=WORKERS)
    add("operator services", "Services", "O>S", "cash", "services", other_row=OFFICE)
    add("operator rent", "Space: rent", "O>S", "cash", "rent", other_row=LANDLORD)
    add("operator rent", "Space: rent", "O>X", "cash", "rent_outside")
    add("operator freight", "Freight", "O>S", "cash", "freight_local", other_row=CARRIER)
    add("operator freight", "Freight", "O>X", "cash", "freight_outside")
    add("operator purchases", "Services", "O>X", "cash", "purchases")
    capital = {"claim": "fixed_capital"}
    row = "Fixed investment"
    add("operator capital", row, "O>S", "invest", "capital_local", other_row=BUILDER, **capital)
    add("operator capital", row, "O>X", "invest", "capital_outside", **capital)
    add("capital worn", "Capital consumption", "O>O", "value", "capital_worn", **capital)
    paid = {"amount_on_payee": True}
    add("programme support", "Subsidies and grants", "G>O", "cash", "support", **paid)
    add("programme returned", "Transfers", "O>G", "cash", "returned")
    add("operator granted", "Transfers", "X>O", "cash", "granted", **paid)


POSTINGS: dict[str, Posting] = {posting.name: posting for posting in _postings()}

OUTLAYS: tuple[str, ...] = tuple(
    name
    for name, posting in POSTINGS.items()
    if name.startswith("programme") and posting.payer == "G"
)
"""Postings with which the local government pays what programmes cost."""
