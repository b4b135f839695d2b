"""Other districts as one district meets them: orders that come in, purchases that go out.

A district buys goods and services in the rest of the US and sells to customers outside. In a world
of several districts a part of either is trade with the others:

    orders of customers outside = (1 - W) usual orders + what other districts order here
    purchases in the rest of the US = (1 - Φ) of what is sought there; the others serve Φ of it
    sales lost to rivals beyond the usual: a part Λ is won by the others, the rest by the US

W part of base-year outside demand that other districts make up, Φ the sum of their shares now, Λ
the part of a seller's rivals that are explicit; all by sector. What other districts order is split
over the sellers in proportion to the week's orders of their usual customers, so it adds up to what
was ordered and is as lumpy as theirs. Orders that other districts' makers win from here are
negative; they take at most `MOST_LOST` of a week's usual orders, and the rest is won from the US.

Vectors are [34] by sector, units (USD of the base year) a week at the scale of this district's
model; `millworks.borders` carries them from district to district once all have closed their week.

Reference: model specification §5.4, §7.3, §9.2. Left out: commuters between districts, firms that
buy from a known firm elsewhere, freight by that distance.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import N_SECTORS
from millworks.economy.technology import SERVICE_SECTORS
from millworks.kernels import compiled
from millworks.world.sums import add_up

if TYPE_CHECKING:
    from millworks.world.rest_of_us import RestOfUS
    from millworks.world.trade import TradeBook

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_LOST = 0.9
"""Part of a sector's usual outside orders that other districts' makers can win in a week."""


@compiled
def split_orders(
    customers: Ints,
    seller: Ints,
    sector: Ints,
    base_order: Floats,
    market_share: Floats,
    state: Floats,
    lumps: Floats,
    kept: Floats,
    orders: Floats,
    most_lost: float,
    extra: Floats,
) -> None:
    """Split what other districts order over outside customers' links, as their own orders stand.

    `lumps` [customers] factor of the week; `kept`, `orders` [sectors]; `extra` [customers] units,
    which is written.
    """
    usual = np.zeros(orders.shape[0])
    asked = np.zeros(orders.shape[0])
    for row in range(customers.shape[0]):
        link = customers[row]
        weight = base_order[link] * market_share[seller[link]] * math.exp(state[row]) * lumps[row]
        extra[row] = weight
        usual[sector[link]] += weight
    for index in range(orders.shape[0]):
        least = -most_lost * kept[index] * usual[index]
        asked[index] = max(orders[index], least) if usual[index] > 0.0 else 0.0
    for row in range(customers.shape[0]):
        index = sector[customers[row]]
        if usual[index] > 0.0:
            extra[row] = extra[row] * (asked[index] / usual[index])


class OtherDistricts:
    """What one district's world knows of the others.

    `sold_part` W, `bought_part` Φ, `rivals_part` Λ; `usual_rivals`: orders left to rivals in a week
    of the base year; `orders`: what the others order this week. Of this week: `asked`, what of that
    sellers were asked for; `sought`, what was sought in the rest of the US before the others had
    their part; `lost`, what sellers here left to rivals beyond the usual.
    """

    STATE = ("bought_part", "orders", "asked", "sought", "lost")

    def __init__(self, usual_rivals: Floats) -> None:
        self.usual_rivals = usual_rivals
        self.sold_part, self.bought_part, self.rivals_part = (np.zeros(N_SECTORS) for _ in range(3))
        self.orders, self.asked, self.sought, self.lost = (np.zeros(N_SECTORS) for _ in range(4))

    def split(self, trade: TradeBook, lumps: Floats) -> tuple[Floats, Floats]:
        """Return the factor of usual orders and the units from other districts, [customers].

        `lumps` [customers]: factor of the week of orders that come from no district.
        """
        customers = trade.outside_customers
        extra = np.zeros(len(customers))
        kept = 1.0 - self.sold_part
        split_orders(
            customers,
            trade.seller,
            trade.sector,
            trade.base_order,
            trade.market_share,
            trade.demand_state,
            lumps,
            kept,
            self.orders,
            MOST_LOST,
            extra,
        )
        self.asked[:] = add_up(trade.sector[customers], extra, N_SECTORS)
        self.asked[SERVICE_SECTORS] = self.orders[SERVICE_SECTORS]
        return lumps * kept[trade.sector[customers]], extra

    def serve(self, rest: RestOfUS) -> None:
        """Take out of the rest of the US what other districts serve, and what they win or lose."""
        self.sought[:] = rest.purchases + rest.capital.purchases
        kept = 1.0 - self.bought_part
        rest.purchases *= kept
        rest.capital.purchases *= kept
        self.lost[:] = rest.sales.purchases - self.usual_rivals
        rest.sales.purchases += (self.orders - self.asked) - self.rivals_part * self.lost

    def state(self) -> dict[str, Any]:
        """Copies of what changes from week to week."""
        return {name: getattr(self, name).copy() for name in self.STATE}

    def load_state(self, state: dict[str, Any]) -> None:
        """Put back what `state` returned."""
        for name in self.STATE:
            getattr(self, name)[:] = state[name]
