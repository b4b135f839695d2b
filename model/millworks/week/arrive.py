"""Stage 2, arrive: goods and capital under way reach their buyers.

A shipment of week t arrives `ship_weeks` weeks later; units on hand rise by it, the inventory
account by its cost, and goods in transit fall by the same. Service blocks use goods up as they come
and hold none. Capital ordered `deliv` weeks ago is installed: capacity and book value rise by it.

Source: model specification §6. Left out: breakage; leases, which start and end in `overhead`.
"""

from __future__ import annotations

from millworks.agents.producer import DELIVERY_WEEKS
from millworks.world.trade import TRANSIT_WEEKS
from millworks.world.world import World


def arrive(world: World) -> None:
    """Empty this week's transit slot into the buyers' stocks; install what was delivered."""
    trade = world.trade
    slot = world.week % TRANSIT_WEEKS
    arrived, cost = trade.receive(slot), trade.transit_cost[slot]
    for letter in "MPRC":
        firms, span = world.population(letter), trade.spans[letter]
        firms.inputs_received[:] = cost[span]
        firms.units_on_hand[:] += arrived[span]
        world.ledger.book(f"inputs received {letter}")
    cost[:] = 0.0
    _install_capital(world)


def _install_capital(world: World) -> None:
    """What was ordered long enough ago becomes capacity, and is to be kept up from now on."""
    makers = world.population("M")
    slot = world.week % DELIVERY_WEEKS
    makers.capital_installed[:] = makers.pending_capital[:, slot]
    makers.capacity[:] += makers.pending_capacity[:, slot]
    makers.base_capital[:] += makers.pending_capital[:, slot]
    makers.pending_capital[:, slot] = 0.0
    makers.pending_capacity[:, slot] = 0.0
    world.ledger.book("capital installed M")
