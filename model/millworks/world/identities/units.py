"""Goods, orders and people: made, used, shipped, received; granted, refused; at work."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from millworks.world.accounts import FIRMS
from millworks.world.identities.books import ACTIVE, STOCKS, Books, Finding, totals
from millworks.world.trade import OUTSIDE_CUSTOMER, TradeBook

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def goods(books: Books) -> Iterator[Finding]:
    """I6: stocks and goods under way change by what is made, used, shipped and received."""
    world, trade = books.world, books.world.trade
    on_road = books.transit + trade.shipped - trade.arriving
    yield Finding("I6", "units under way", trade.transit.sum(axis=0), on_road, "base USD")
    under_way = trade.by_holder(trade.transit_cost.sum(axis=0))
    arrived = trade.by_holder(trade.by_buyer(trade.arriving))
    shipped = trade.by_holder(trade.of_seller(trade.shipped))
    for letter in STOCKS:
        firms = world.population(letter)
        yield Finding("I6", f"{letter} in transit", firms.in_transit, under_way[letter])
        used = arrived[letter] - firms.goods_used
        # A closing firm sells off its stock; what it then has is nothing, not a residual.
        kept = np.where(firms.status == ACTIVE, books.units[letter, "units_on_hand"] + used, 0.0)
        yield Finding("I6", f"{letter} units on hand", firms.units_on_hand, kept, "base USD")
    for letter in "MP":
        firms = world.population(letter)
        made = firms.output - shipped[letter]
        kept = np.where(firms.status == ACTIVE, books.units[letter, "finished_units"] + made, 0.0)
        yield Finding("I6", f"{letter} finished units", firms.finished_units, kept, "base USD")


def orders(books: Books) -> Iterator[Finding]:
    """I7: order books change by what is taken, made ready and cancelled; refusals have reasons."""
    world, trade = books.world, books.world.trade
    backlog = trade.by_holder(trade.of_seller(trade.backlog))
    for letter in "MP":
        firms = world.population(letter)
        yield Finding("I7", f"{letter} backlog", firms.backlog, backlog[letter], "base USD")
        refused = firms.orders * (1.0 - firms.accepted)
        reasons = firms.refused.sum(axis=1)
        yield Finding("I7", f"{letter} orders refused", refused, reasons, "base USD")
    kept = books.backlog + trade.taken - trade.made - trade.cancelled
    buyers = trade.us_link >= 0
    kept[trade.us_link[buyers]] += trade.turned_outside[buyers]
    account = "backlog of each link, by orders"
    yield Finding("I7", account, trade.backlog, kept, "base USD")


def markets(books: Books) -> Iterator[Finding]:
    """I10: what is sold is bought; orders on links are those decided, and nothing is left over."""
    world, trade = books.world, books.world.trade
    bought, sold = trade.by_buyer(trade.shipped), trade.of_seller(trade.shipped)
    compared = [("goods bought and sold", float(bought.sum()), float(sold.sum()))]
    wanted = float(trade.request[trade.outside_customers].sum())
    for letter in FIRMS:
        firms = world.population(letter)
        wanted += float((firms.goods_ordered + firms.goods_diverted).sum())
    for letter in "RC":
        wanted += books.sums[letter]["supplies_used"]
    compared.append(("orders on links and orders decided", float(trade.request.sum()), wanted))
    yield totals("I10", compared, "base USD")
    placed = _shares_placed(trade)
    yield Finding("I10", "shares of each buyer's orders", placed, 1.0, "share", 1.0)


def people(books: Books) -> Iterator[Finding]:
    """I14: jobs in the district that residents hold are what the labour market counts."""
    world = books.world
    jobs = sum(books.sums[letter]["jobs"] for letter in FIRMS)
    held = jobs * (1.0 - world.parameters.commuter_share)
    scale = max(1.0, world.labour.force)
    yield totals("I14", [("residents at work", held, world.labour.employed)], "persons", scale)


def _shares_placed(trade: TradeBook) -> Floats:
    """Parts of a buyer's goods that its links carry, [agents]; one for who buys nothing."""
    placed = trade.by_buyer(np.where(trade.kind == OUTSIDE_CUSTOMER, 0.0, trade.share))
    return np.where(trade.us_link >= 0, placed, 1.0)
