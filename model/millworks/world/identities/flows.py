"""Flows against decisions, balances and each other: postings, transactions, value added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from millworks.world.accounts import (
    FIRMS,
    GOODS_INVOICED,
    GOODS_PAID,
    LOANS,
    MODES,
    OWN_NET_WORTH,
    Posting,
    goods_posting,
)
from millworks.world.identities.books import STOCKS, Books, Finding
from millworks.world.postings import POSTINGS


def decisions(books: Books) -> Iterator[Finding]:
    """I4: each posting moved what the decision column of the week says."""
    world, flows, goods = books.world, books.world.ledger.flows, books.goods
    for posting in POSTINGS.values():
        bearer = posting.payee if posting.amount_on_payee else posting.payer
        decided = np.array(getattr(world.population(bearer), posting.amount).sum())
        yield Finding("I4", posting.name, np.array(flows[posting.name]), decided)
    sent = world.trade.by_holder(world.trade.by_buyer(world.trade.invoiced))
    for letter in world.trade.spans:
        invoiced = _of_buyer(goods[GOODS_INVOICED], letter)
        asked = np.array(sent[letter].sum())
        yield Finding("I4", f"{GOODS_INVOICED} {letter}", np.array(invoiced), asked)
    for letter in FIRMS:
        paid = np.array(_of_buyer(goods[GOODS_PAID], letter))
        decided = np.array(world.population(letter).pay_goods.sum())
        yield Finding("I4", f"{GOODS_PAID} {letter}", paid, decided)
    for letter in STOCKS:
        if letter in "RC":
            received = flows[f"retail sales H>{letter}"]
        else:
            received = _of_seller(goods[GOODS_PAID], letter)
        landed = np.array(world.population(letter).uncleared.sum())
        yield Finding("I4", f"{letter} payments clearing", landed, np.array(received))


def _of_buyer(pairs: dict[tuple[str, str], float], letter: str) -> float:
    return sum(amount for (buyer, _), amount in pairs.items() if buyer == letter)


def _of_seller(pairs: dict[tuple[str, str], float], letter: str) -> float:
    return sum(amount for (_, seller), amount in pairs.items() if seller == letter)


def transactions(books: Books) -> Iterator[Finding]:
    """I4: every balance changed by what the week's flows imply."""
    implied = _implied_by_flows(books)
    for key, closing in books.closing.items():
        change = np.array(closing - books.opening[key])
        found = np.array(implied.get(key, 0.0))
        yield Finding("I4", f"{key[0]} {key[1]}, by flows", change, found)


def _implied_by_flows(books: Books) -> dict[tuple[str, str], float]:
    """What the week's flows must have done to each balance, from `accounts.MODES` alone."""
    implied: dict[tuple[str, str], float] = defaultdict(float)
    for name, flow in books.world.ledger.flows.items():
        _enter(implied, POSTINGS[name], flow)
    for name, pairs in books.goods.items():
        for (payer, payee), flow in pairs.items():
            _enter(implied, goods_posting(name, payer, payee), flow)
    for letter in STOCKS:
        arrived = books.opening[letter, "uncleared"]
        implied[letter, "uncleared"] -= arrived
        implied[letter, "cleared"] += arrived
    for letter in OWN_NET_WORTH:
        for account in ("current_account", "revaluations"):
            implied[letter, "net_worth"] += implied.pop((letter, account), 0.0)
    return implied


def _enter(implied: dict[tuple[str, str], float], posting: Posting, flow: float) -> None:
    """Add to `implied` what a flow does to the balances of both sides and of their lenders."""
    sides = ((posting.payer, True), (posting.payee, False))
    for (letter, paying), entries in zip(sides, MODES[posting.mode], strict=True):
        for account, sign in entries:
            if account != "cash":
                implied[letter, posting.column(account)] += sign * flow
                continue
            column = posting.cash_column(letter, paying)
            implied[letter, column] += -sign * flow if letter == "X" else sign * flow
            if letter not in "XB":
                implied["B", "deposits_owed"] += sign * flow
                implied["B", "settlement"] += sign * flow


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
            "capital ordered M>S",
        ):
            sold += flows[name]
    return sold


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
        change = moved("finished goods", letter)
        used = -moved("inputs used", letter)
        if letter == "S":
            used = _of_buyer(goods, "S")
        production += _sales(books, letter) + change - used - services - space
        stocks += moved("inputs shipped", letter) - used * (letter != "S") + change
        for name in ("wages accrued", "taxes accrued", "draws", "reinvested earnings"):
            income += moved(name, *(f"{letter}>{payee}" for payee in "HGX"))
        income -= moved("capital worn", letter)
        income += moved("revolver interest", f"{letter}>B")
    income += sum(moved(f"{kind} loan interest", "M>B") for kind in LOANS)
    # A lender's product is not counted as output: its services are bought, its pay is earned.
    production -= flows["lender services B>S"]
    interest = sum(moved(f"{kind} loan interest", "M>B") for kind in LOANS)
    interest += moved("revolver interest", "M>B", "R>B") + flows["deposit insurance X>B"]
    income += flows["lender pay B>H"] + flows["lender dividends B>X"]
    income += flows["reinvested earnings B>X"] - interest
    exports = sum(v for (buyer, seller), v in goods.items() if buyer == "X" != seller)
    imports = sum(v for (buyer, seller), v in goods.items() if seller == "X" != buyer)
    imports += sum(moved("services invoiced", f"{letter}>X") for letter in FIRMS)
    imports += moved("freight charged outside", "M>X", "P>X")
    spending = sum(flows[f"retail sales H>{letter}"] for letter in "RC")
    spending += flows["household services H>S"] + flows["government purchases G>S"]
    spending += flows["capital ordered M>S"]
    expenditure = spending + stocks + exports + flows["services sold outside X>S"] - imports
    yield Finding(
        "I9", "value added: production and income", np.array(production), np.array(income)
    )
    yield Finding(
        "I9",
        "value added: production and expenditure",
        np.array(production),
        np.array(expenditure),
    )
