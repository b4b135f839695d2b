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
            received += flows[f"contract penalty P>{letter}"] if letter == "M" else 0.0
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
    paid = np.array(sum(flows[name] for name in OUTLAYS))
    reported = np.array(sum(measures.cost.values()))
    yield Finding("I13", "programmes: outlays and their cost by policy", paid, reported)
    received = 0.0
    for name in OUTLAYS:
        posting = POSTINGS[name]
        bearer = posting.payee if posting.amount_on_payee else posting.payer
        received += float(getattr(world.population(bearer), posting.amount).sum())
    yield Finding("I13", "programmes: outlays and what reached them", paid, np.array(received))
    from_outside = sum(measures.cost[p.name] for p in measures.policies if not p.paid_by_levy)
    funded = np.array(flows[FUNDED])
    yield Finding("I13", "programmes: what the outside pays for", funded, np.array(from_outside))
    levied = sum(flows[name] for name in LEVIES)
    gained = np.array(levied + float(funded) - float(paid) - flows["notes interest G>X"])
    gained += flows["programme returned O>G"]
    change = np.array(float(government.programme_fund.sum()) - books.fund)
    yield Finding("I13", "programmes: change of the fund", change, gained)
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
    yield Finding(
        "I9", "value added: production and income", np.array(production), np.array(income)
    )
    yield Finding(
        "I9",
        "value added: production and expenditure",
        np.array(production),
        np.array(expenditure),
    )
