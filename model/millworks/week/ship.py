"""Stage 10, ship: goods leave their makers and are invoiced.

    shipped = backlog of the link x (output of the seller / its backlog)

Units are under way for `ship_weeks` weeks and belong to the buyer from shipment; the invoice falls
due after the link's terms (trade credit). Shops' margins are shipped by the wholesale and transport
blocks with the goods; the rest of the US ships what is asked of it, which makes it produce.

Source: model specification §7.10-11. Left out so far: freight tariffs and consolidation; transport
is the TRN row of the table.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.economy.technology import RET
from millworks.world.kernels import compiled
from millworks.world.trade import TRANSIT_WEEKS, ship_links
from millworks.world.world import World

Floats = npt.NDArray[np.float64]


@compiled
def part_to_ship(available: Floats, backlog: Floats, part: Floats) -> None:
    """Part of each producer's backlog that this week's output covers, 0 to 1."""
    for firm in range(backlog.shape[0]):
        part[firm] = 1.0
        if backlog[firm] > available[firm]:
            part[firm] = available[firm] / backlog[firm]


def ship(world: World) -> None:
    """Ship, invoice, and let the rest of the US produce for its part."""
    trade, ledger = world.trade, world.ledger
    part = np.ones(trade.agents)
    by_holder = trade.by_holder(part)
    for letter in "MP":
        firms = world.population(letter)
        part_to_ship(firms.output, firms.backlog, by_holder[letter])
        firms.shipped[:] = by_holder[letter] * firms.backlog
        firms.backlog[:] -= firms.shipped
    slot = trade.transit[(world.week + int(world.parameters.ship_weeks)) % TRANSIT_WEEKS]
    ship_links(part, trade.seller, trade.backlog, slot, trade.shipped)
    by_buyer, by_seller = trade.by_buyer(trade.shipped), trade.of_seller(trade.shipped)
    ledger.invoice_goods(trade.shipped, world.week, by_buyer, by_seller)
    invoiced, sent = trade.by_holder(by_seller), trade.by_holder(by_buyer)
    for letter in "MP":
        world.population(letter).invoiced[:] = invoiced[letter]
    for letter in "MPRC":
        world.population(letter).inputs_shipped[:] = sent[letter]
        ledger.book(f"inputs shipped {letter}")
    blocks = world.population("S")
    blocks.goods_used[:] = sent["S"]
    _buy_from_rest_of_us(world)


def _buy_from_rest_of_us(world: World) -> None:
    """Add what the links to the rest of the US carry to its orders, by selling sector."""
    trade = world.trade
    bought = trade.by_holder(trade.bought_from_rest_of_us(trade.shipped))
    for letter in "MPS":
        mix = world.mix_of_rest_of_us
        world.rest_of_us.purchases += mix @ world.by_sector(letter, bought[letter])
    for letter in "RC":
        shops = world.population(letter)
        world.rest_of_us.purchases += world.shop_mix_of_rest_of_us[letter] * float(
            shops.goods_ordered.sum()
        ) + world.technology.goods_us[:, RET] * float(shops.supplies_used.sum())
