"""Orders that are cancelled because a firm at one end of the link has closed.

What a closed seller was to deliver its customers ask of the rest of the US, in the same week and at
the ordinary price; customers outside the district turn to rivals there. What a closed buyer had
ordered is struck from its suppliers' books. Goods made for a link and not yet sent stay in their
maker's stock, which a closed seller sells off. What is under way arrives.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@compiled
def cancel_orders(
    closed: Flags,
    buyer_start: Ints,
    seller: Ints,
    sector: Ints,
    us_link: Ints,
    backlog: Floats,
    ready: Floats,
    cancelled: Floats,
    turned: Floats,
    to_rivals: Floats,
) -> None:
    """Strike the orders of closed firms; each buyer reads and writes its own links.

    `closed` [agents]; `backlog`, `ready` [links] in units; `us_link` [agents] the buyer's link to
    the rest of the US, -1 for none. `cancelled` [links]: units taken off the backlog, negative
    where they were added; `turned` [sectors]: units asked of the rest of the US instead, and
    `to_rivals` [sectors] those that customers outside ask of rivals there.
    """
    for buyer in range(buyer_start.shape[0] - 1):
        lost = 0.0
        for link in range(buyer_start[buyer], buyer_start[buyer + 1]):
            if closed[buyer]:
                cancelled[link] = backlog[link]
                backlog[link] = 0.0
                ready[link] = 0.0
            elif closed[seller[link]]:
                cancelled[link] = backlog[link]
                if us_link[buyer] >= 0:
                    lost += backlog[link] + ready[link]
                    turned[sector[link]] += backlog[link] + ready[link]
                else:
                    to_rivals[sector[link]] += backlog[link] + ready[link]
                backlog[link] = 0.0
                ready[link] = 0.0
        if lost > 0.0:
            cancelled[us_link[buyer]] -= lost
            backlog[us_link[buyer]] += lost


def cancel_orders_of(world: World, closed: Flags) -> None:
    """Cancel the orders of firms that closed this week, and their contracts; `closed` [agents].

    `trade.cancelled` holds what left each link's backlog, for the check of the order books.
    """
    trade = world.trade
    turned, to_rivals = (np.zeros(int(trade.sector.max()) + 1) for _ in range(2))
    cancel_orders(
        closed,
        trade.buyer_start,
        trade.seller,
        trade.sector,
        trade.us_link,
        trade.backlog,
        trade.ready,
        trade.cancelled,
        turned,
        to_rivals,
    )
    trade.contracts.end_of_closed(trade, closed)
    # Links to the rest of the US and abroad stand behind the sectors, and nobody there closes.
    world.rest_of_us.purchases += turned[: len(world.rest_of_us.purchases)]
    world.rest_of_us.sales.purchases += to_rivals[: len(world.rest_of_us.purchases)]
    backlog = trade.by_holder(trade.of_seller(trade.backlog))
    for letter in "MP":
        world.population(letter).backlog[:] = backlog[letter]
