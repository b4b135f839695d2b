"""Flows against decisions, balances and each other: postings, transactions, value added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import numpy as np

from millworks.world.accounts import (
    FIRMS,
    GOODS_INVOICED,
    GOODS_PAID,
    LOANS,
    MODES,
    OWN_NET_WORTH,
    goods_posting,
)
from millworks.world.identities.books import STOCKS, Books, Finding, totals
from millworks.world.postings import OUTLAYS, POSTINGS

FUNDED = "programme funded X>G"
LEVIES = tuple(name for name in POSTINGS if name.startswith(("levy paid", "levy withheld")))
"""Postings with which programmes are paid for."""
ENGAGEMENTS = ("programme engagements G>S", "engagements X>S", "engagements M>S")
"""Postings with which advice on technology is paid."""
OPERATORS_USE = tuple(f"operator {what} O>S" for what in ("services", "rent", "freight"))
OPERATORS_BUY = (*OPERATORS_USE, "operator capital O>S")
"""Postings with which operators of shared facilities buy from blocks: for use, and at all."""
OPERATORS_IMPORT = ("operator freight O>X", "operator purchases O>X")

Account = tuple[str, str]
"""A balance: holder letter and column."""


def decisions(books: Books) -> Iterator[Finding]:
    """I4: each posting moved what the decision column of the week says."""
    trade, flows, goods = books.world.trade, books.world.ledger.flows, books.goods
    sent = trade.by_holder(trade.by_buyer(trade.invoiced))

    def compared() -> Iterator[tuple[str, float, float]]:
        for name, posting in POSTINGS.items():
            yield name, flows[name], books.decided(posting)
        for letter in trade.spans:
            invoiced = _of_buyer(goods[GOODS_INVOICED], letter)
            yield f"{GOODS_INVOICED} {letter}", invoiced, float(sent[letter].sum())
        for letter in FIRMS:
            paid = _of_buyer(goods[GOODS_PAID], letter)
            yield f"{GOODS_PAID} {letter}", paid, books.sums[letter]["pay_goods"]
        for letter in STOCKS:
            if letter in "RC":
                received = flows[f"retail sales H>{letter}"]
            else:
                received = _of_seller(goods[GOODS_PAID], letter)
                received += flows[f"contract penalty P>{letter}"] if letter == "M" else 0.0
            yield f"{letter} payments clearing", books.sums[letter]["uncleared"], received

    yield totals("I4", compared())


def _of_buyer(pairs: dict[tuple[str, str], float], letter: str) -> float:
    return sum(amount for (buyer, _), amount in pairs.items() if buyer == letter)


def _of_seller(pairs: dict[tuple[str, str], float], letter: str) -> float:
    return sum(amount for (_, seller), amount in pairs.items() if seller == letter)


def transactions(books: Books) -> Iterator[Finding]:
    """I4: every balance changed by what the week's flows imply."""
    implied = _implied_by_flows(books)
    yield totals(
        "I4",
        (
            (f"{key[0]} {key[1]}, by flows", closing - books.opening[key], implied.get(key, 0.0))
            for key, closing in books.closing.items()
        ),
    )


def _implied_by_flows(books: Books) -> dict[Account, float]:
    """What the week's flows must have done to each balance, from `accounts.MODES` alone."""
    implied: dict[Account, float] = defaultdict(float)
    for name, flow in books.world.ledger.flows.items():
        if flow != 0.0:
            for account, sign in _entries(name):
                implied[account] += sign * flow
    for name, pairs in books.goods.items():
        for pair, flow in pairs.items():
            for account, sign in _entries(name, *pair):
                implied[account] += sign * flow
    for letter in STOCKS:
        arrived = books.opening[letter, "uncleared"]
        implied[letter, "uncleared"] -= arrived
        implied[letter, "cleared"] += arrived
    for letter in OWN_NET_WORTH:
        for closed in ("current_account", "revaluations"):
            implied[letter, "net_worth"] += implied.pop((letter, closed), 0.0)
    return implied


@cache
def _entries(name: str, payer: str = "", payee: str = "") -> tuple[tuple[Account, int], ...]:
    """The balances that a flow changes on both sides and at their lenders, with the sign.

    Payer and payee are given for a posting over the links.
    """
    posting = goods_posting(name, payer, payee) if payer else POSTINGS[name]
    found: list[tuple[Account, int]] = []
    sides = ((posting.payer, True), (posting.payee, False))
    for (letter, paying), entries in zip(sides, MODES[posting.mode], strict=True):
        for account, sign in entries:
            if account != "cash":
                found.append(((letter, posting.column(account)), sign))
                continue
            column = posting.cash_column(letter, paying)
            found.append(((letter, column), -sign if letter == "X" else sign))
            if letter not in "XB":
                found += [(("B", "deposits_owed"), sign), (("B", "settlement"), sign)]
    return tuple(found)


def _sales(books: Books, letter: str) -> float:
    """What a kind of firm sold this week, USD."""
    flows = books.world.ledger.flows
    goods = books.goods[GOODS_INVOICED]
    sold = _of_seller(goods, letter)
    if letter in "RC":
        return sold + flows[f"retail sales H>{letter}"]
    if letter == "S":
        sold += sum(flows[f"services invoiced {buyer}>S"] for buyer in FIRMS)
        for name in (
            "rent charged M>S",
            "rent charged P>S",
            "freight charged M>S",
            "freight charged P>S",
            "lender services B>S",
            "household services H>S",
            "government purchases G>S",
            "services sold outside X>S",
            "programme services G>S",
            "deal costs P>S",
            "deal costs X>S",
            "capital ordered M>S",
            "technology bought M>S",
            *ENGAGEMENTS,
            *OPERATORS_BUY,
        ):
            sold += flows[name]
    return sold


def programmes(books: Books) -> Iterator[Finding]:
    """I13: what programmes paid, policy by policy and dollar by dollar, and what paid for them."""
    world, flows = books.world, books.world.ledger.flows
    government, measures = world.population("G"), world.measures
    paid, funded = sum(flows[name] for name in OUTLAYS), flows[FUNDED]
    received = sum(books.decided(POSTINGS[name]) for name in OUTLAYS)
    from_outside = sum(measures.cost[p.name] for p in measures.policies if not p.paid_by_levy)
    levied = sum(flows[name] for name in LEVIES)
    gained = levied + funded - paid - flows["notes interest G>X"]
    gained += flows["programme returned O>G"]
    change = books.sums["G"]["programme_fund"] - books.fund
    compared = (
        ("programmes: outlays and their cost by policy", paid, sum(measures.cost.values())),
        ("programmes: outlays and what reached them", paid, received),
        ("programmes: what the outside pays for", funded, from_outside),
        ("programmes: change of the fund", change, gained),
    )
    yield totals("I13", compared)
    bridged = np.maximum(0.0, -government.programme_fund)
    yield Finding("I13", "programmes: notes and the hole in the fund", government.notes, bridged)


def value_added(books: Books) -> Iterator[Finding]:
    """I9: value added by production, by income and by expenditure."""
    flows = books.world.ledger.flows
    goods = books.goods[GOODS_INVOICED]

    def moved(name: str, *pairs: str) -> float:
        return sum(flows.get(f"{name} {pair}", 0.0) for pair in pairs)

    production = income = stocks = 0.0
    for letter in FIRMS:
        services = moved("services invoiced", f"{letter}>S", f"{letter}>X")
        space = moved("rent charged", f"{letter}>S") + moved("freight charged", f"{letter}>S")
        space += moved("freight charged outside", f"{letter}>X")
        space += moved("deal costs", f"{letter}>S") + moved("operator fees", f"{letter}>O")
        space += moved("engagements", f"{letter}>S") if letter == "M" else 0.0
        change = moved("finished goods", letter)
        used = -moved("inputs used", letter)
        if letter == "S":
            used = _of_buyer(goods, "S") + moved("tariffs charged", "S>X")
        production += _sales(books, letter) + change - used - services - space
        stocks += moved("inputs shipped", letter) - used * (letter != "S") + change
        for name in ("wages accrued", "taxes accrued", "draws", "reinvested earnings"):
            income += moved(name, *(f"{letter}>{payee}" for payee in "HGX"))
        income += moved("levy charged", f"{letter}>G")
        income -= moved("programme subsidy", f"G>{letter}") + moved("programme fee", f"G>{letter}")
        income -= moved("programme first loss", f"G>{letter}")
        income -= moved("capital worn", letter) + moved("technology worn", letter)
        income -= moved("programme grant", f"G>{letter}")
        income += moved("revolver interest", f"{letter}>B")
    income += sum(moved(f"{kind} loan interest", "M>B") for kind in LOANS)
    operators_made = moved("operator fees", "M>O", "R>O")
    operators_made -= sum(flows[name] for name in (*OPERATORS_USE, *OPERATORS_IMPORT))
    production += operators_made
    income += flows["operator pay O>H"] - flows["capital worn O"] + flows["operator rent O>X"]
    income += books.world.ledger.moves.get(("O", "net_worth"), 0.0)
    income -= books.world.ledger.revalued["O"]
    income -= flows["programme support G>O"] + flows["operator granted X>O"]
    income += flows["programme returned O>G"]
    # A lender's product is not counted as output: its services are bought, its pay is earned.
    production -= flows["lender services B>S"]
    interest = sum(moved(f"{kind} loan interest", "M>B") for kind in LOANS)
    interest += moved("revolver interest", "M>B", "R>B") + flows["deposit insurance X>B"]
    income += flows["lender pay B>H"] + flows["lender dividends B>X"]
    # What partners get of their stakes is in what they retain.
    income += flows["stake dividends M>X"]
    income += flows["losses elsewhere B>X"] - flows["programme guarantee G>B"]
    income += flows["reinvested earnings B>X"] - interest
    exports = sum(v for (buyer, seller), v in goods.items() if buyer == "X" != seller)
    imports = sum(v for (buyer, seller), v in goods.items() if seller == "X" != buyer)
    imports += sum(moved("services invoiced", f"{letter}>X") for letter in FIRMS)
    imports += moved("freight charged outside", "M>X", "P>X")
    # A duty is part of what goods cost landed, and leaves the district as their price does.
    imports += sum(moved("tariffs charged", f"{letter}>X") for letter in FIRMS)
    imports += sum(flows[name] for name in OPERATORS_IMPORT)
    spending = sum(flows[f"retail sales H>{letter}"] for letter in "RC")
    spending += flows["household services H>S"] + flows["government purchases G>S"]
    spending += flows["capital ordered M>S"] + flows["programme services G>S"]
    spending += flows["operator capital O>S"]
    expenditure = spending + stocks + exports + flows["services sold outside X>S"] - imports
    expenditure += flows["deal costs X>S"] + flows["technology bought M>S"]
    expenditure += flows["programme engagements G>S"] + flows["engagements X>S"]
    yield totals(
        "I9",
        (
            ("value added: production and income", production, income),
            ("value added: production and expenditure", production, expenditure),
        ),
    )
