"""What a unit costs and what it is sold at: the rules of price, for one firm or for columns.

    uc = labour + goods + services + taxes + freight + fixed / (.8 K)     USD per unit
    p* = uc / (1 - m),   p ← p + γ (p* - p);   no cut while ℓ > ℓ_0        makers
    p ← p + γ (landed cost - p)                                            shops
    p = 1 + comp (w - 1)                                                   service blocks

Fixed cost is rent, storage, interest and capital consumption, USD a week, spread over normal use of
capacity K (units a week); m is the mark-up aimed at, ℓ the weeks of work in the order book, w the
wage index and comp pay per USD of a block's output. Prices are ratios to the base year. A maker
whose book is full does not cut its price: it would sell no more, only wait longer.

Source: model specification §7.7. Taxes on production, which the specification does not list, are
part of the cost: they are paid on every unit. Left out: bargaining, prices by customer, and
anticipation of costs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled

Floats = npt.NDArray[np.float64]
Amounts = float | Floats

NORMAL_USE = 0.8
"""Part of capacity over which a firm spreads its fixed cost (convention, specification §7.7)."""

SMALLEST_STOCK = 1e-6
"""Units below which a stock is what rounding left, and its cost per unit means nothing."""


def unit_cost(
    *,
    labour: Amounts,
    goods: Amounts,
    services: Amounts,
    taxes: Amounts,
    freight: Amounts,
    fixed: Amounts,
    capacity: Amounts,
) -> Floats:
    """Full cost of a unit at normal use, USD per unit.

    `labour`, `goods`, `services`, `taxes` and `freight` in USD per unit; `fixed` in USD a week;
    `capacity` in units a week: a firm without any has no fixed cost per unit. Numbers or arrays,
    which broadcast.
    """
    fixed_cost, spread = np.broadcast_arrays(fixed, NORMAL_USE * np.asarray(capacity))
    per_unit = np.divide(fixed_cost, spread, out=np.zeros(spread.shape), where=spread > 0.0)
    return np.asarray(labour + goods + services + taxes + freight + per_unit, np.float64)


@compiled
def next_price(
    price: float, cost: float, markup: float, speed: float, lead: float, bearable: float
) -> float:
    """A maker's price after one move toward cost and mark-up; no cut while the book is full.

    `cost` USD per unit, `markup` share of price, `speed` part of the gap closed, `lead` and
    `bearable` weeks of work in the order book and weeks nobody minds.
    """
    change = speed * (cost / (1.0 - markup) - price)
    if change < 0.0 and lead > bearable:
        return price
    return price + change


@compiled
def move_prices(
    active: npt.NDArray[np.bool_],
    cost: Floats,
    markup: Floats,
    backlog: Floats,
    capacity: Floats,
    speed: float,
    bearable: float,
    price: Floats,
) -> None:
    """Each active maker moves its price; one without capacity leaves it."""
    for firm in range(price.shape[0]):
        if active[firm] and capacity[firm] > 0.0:
            lead = backlog[firm] / capacity[firm]
            price[firm] = next_price(price[firm], cost[firm], markup[firm], speed, lead, bearable)


def average_cost(inventory: Floats, units: Floats, otherwise: Amounts = 1.0) -> Floats:
    """Cost of a unit on hand, USD per unit; `otherwise` where nothing is on hand."""
    in_stock = (units > SMALLEST_STOCK) & (inventory > 0.0)
    empty = np.broadcast_to(np.asarray(otherwise, np.float64), units.shape).copy()
    return np.divide(inventory, units, out=empty, where=in_stock)


def block_price(pay_per_output: Amounts, wage: float) -> Floats:
    """Price of a service block: its pay follows the wage index, its other costs do not."""
    return np.asarray(1.0 + pay_per_output * (wage - 1.0), np.float64)
