"""Who signs a contract over years: a maker that can keep it, with a customer that trusts it.

Once a quarter, staggered by identity, a maker that is offered contracts goes through its partners
and large outside customers and signs with each that wants to, for the part f of what it delivered
a week over the last year, as long as

    Σ c ≤ use · K                  it can make all it binds itself to, at its normal use
    backlog ≤ ℓ_0 K                it is not behind with its orders

The customer signs if it has bought from the maker for five quarters and the maker is reliable: more
than .9 of orders are delivered in time. A contract that has ended is renewed by the same test.

Source: model specification §7.17, §8; the customer's .9 is that of partners' equity. Left out:
bargaining over f and the price, and a customer's own forecast of its needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.kernels import compiled
from millworks.world.contracts import HISTORY
from millworks.world.sums import add_up

if TYPE_CHECKING:
    from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

QUARTER = 13
RELIABLE = 0.9
"""Part of orders delivered in time from which a customer binds itself for years."""


@compiled
def choose_contracts(
    maker: Ints,
    known: Ints,
    volume: Floats,
    committed: Floats,
    too_small: Flags,
    reviews: Flags,
    offered: Floats,
    fill: Floats,
    backlog: Floats,
    capacity: Floats,
    room: Floats,
    bearable: float,
    signed: Floats,
) -> None:
    """Units a week that each maker and customer sign now, 0 for none; arrays over links.

    `maker` [links]: its row, -1 for other sellers. `reviews`, `offered`, `fill`, `backlog`,
    `capacity`, `room` [makers]: whether it is its quarter, f, part delivered in time, units of work
    in hand and a week, and units a week it can still bind itself to, which are used up.
    """
    for link in range(maker.shape[0]):
        signed[link] = 0.0
        row = maker[link]
        if row < 0 or not reviews[row] or offered[row] <= 0.0:
            continue
        if committed[link] > 0.0 or known[link] < HISTORY or too_small[link]:
            continue
        if fill[row] <= RELIABLE or backlog[row] > bearable * capacity[row]:
            continue
        wanted = offered[row] * volume[link]
        if 0.0 < wanted <= room[row]:
            signed[link] = wanted
            room[row] -= wanted


def review_contracts(world: World) -> None:
    """Note deliveries; let contracts whose weeks are over end, and makers sign new ones."""
    trade, makers = world.trade, world.population("M")
    contracts = trade.contracts
    contracts.remember(trade, makers.status, ACTIVE, world.week, trade.shipped)
    if contracts.open:
        contracts.expire(trade, world.week)
    if world.measures.policies and makers.commitment_offered.any():
        _sign(world)


def _sign(world: World) -> None:
    trade, makers, rates = world.trade, world.population("M"), world.parameters
    contracts = trade.contracts
    row = trade.seller[contracts.links] - trade.spans["M"].start
    row = np.where((row >= 0) & (row < makers.size), row, -1)
    held = add_up(np.maximum(row, 0), contracts.committed, makers.size)
    signed = np.empty(len(row))
    choose_contracts(
        row,
        contracts.known,
        contracts.volume,
        contracts.committed,
        trade.too_small[contracts.links],
        (makers.status == ACTIVE) & ((world.week + makers.identity) % QUARTER == 0),
        makers.commitment_offered,
        makers.fill,
        makers.backlog,
        makers.capacity,
        rates.use_target * makers.capacity - held,
        rates.ell0,
        signed,
    )
    places = np.flatnonzero(signed > 0.0)
    if places.size:
        with_whom = row[places]
        contracts.sign(
            trade,
            places,
            signed[places],
            makers.commitment_offered[with_whom],
            world.week + makers.commitment_weeks[with_whom],
            makers.commitment_terms[with_whom],
        )
