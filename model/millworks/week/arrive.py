"""Stage 2, arrive: goods under way reach their buyers.

A shipment of week t arrives `ship_weeks` weeks later; units on hand and the inventory account rise
by it at cost, and goods in transit fall by the same. Service blocks use goods up as they come and
hold none.

Left out so far: capital on order and leases, which have no rule in linear mode.
"""

from __future__ import annotations

from millworks.world.trade import TRANSIT_WEEKS
from millworks.world.world import World


def arrive(world: World) -> None:
    """Empty this week's transit slot into the buyers' stocks; count what is still on order."""
    trade = world.trade
    slot = trade.transit[world.week % TRANSIT_WEEKS]
    trade.arriving[:] = slot
    slot[:] = 0.0
    arrived = trade.by_holder(trade.by_buyer(trade.arriving))
    trade.on_order[:] = trade.by_buyer(trade.backlog)
    for letter in "MPRC":
        firms = world.population(letter)
        firms.inputs_received[:] = arrived[letter]
        firms.units_on_hand[:] += arrived[letter]
        world.ledger.book(f"inputs received {letter}")
