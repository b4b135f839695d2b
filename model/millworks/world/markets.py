"""One share rule for every market: who gives customers more for their money wins them from others.

    v_k = (fill_k / fill_base_k)^β (p_k / q_k)^(-ε)       pull of supplier k
    share_k → θ_k v_k / Σ_m θ_m v_m                       of what a buyer spends on a sector's goods
    share ← share + q (its aim - share)                   at every tick of 4 weeks

θ is the base share (what the place's supply network is measured to be), fill the part of orders
delivered in time, p delivered price, q quality, all relative to the start; β and ε are the
elasticities of shares in reliability and price. The rest of the US (U) and abroad (W) compete with
their prices. The sum runs over all suppliers, so demand is conserved: what one gains, others lose.
Outside the district the market of a sector is split in the same way between its makers here and U,
whose price answers to its own sales and to what its goods inputs cost:

    p_U = c_U (x_U / x_U0)^ζ
    c_U,s → 1 + [Σ_j A_js (c_U,j - 1) + Σ_j M_js (p_W,j - 1)] / (1 - m̄)      at the speed of prices

A_js, M_js domestic and imported goods per unit of output, p_W price of imports with duty, m̄ mean
mark-up. So dearer imports raise the cost of rivals as they raise that of makers here. Imports also
take from the home market as a whole, by the same rule: of it domestic sellers keep, over the start,

    d_s → [(1 - m_s) V_s + m_s] / [(1 - m_s) V_s + m_s p_W,s^(-ε)]

m_s imports' share of the home market, V_s mean pull of domestic sellers. It is 1 while prices
abroad are; what a maker gains by its own price and service is then taken from U alone.

A supplier that has left pulls nobody; its outside customers are served by U as long as it is gone.

Source: model specification §7.3. Left out: bargaining, substitution between sectors, and the cost
of changing supplier, which the speed q stands for.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled
from millworks.world.sums import times_vector

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@compiled
def pull(
    fill: float, fill_base: float, price: float, quality: float, reliance: float, elasticity: float
) -> float:
    """How strongly a supplier attracts customers, 1 at the start; all arguments are ratios."""
    reliability = (fill / fill_base) ** reliance
    return reliability * (price / quality) ** (-elasticity)


@compiled
def write_pull(
    trading: Flags,
    fill: Floats,
    fill_base: Floats,
    price: Floats,
    quality: Floats,
    reliance: float,
    elasticity: float,
    out: Floats,
) -> None:
    """Pull of each supplier; 0 for one that no longer trades."""
    for firm in range(out.shape[0]):
        out[firm] = 0.0
        if trading[firm]:
            out[firm] = pull(
                fill[firm], fill_base[firm], price[firm], quality[firm], reliance, elasticity
            )


@compiled
def write_outside_pull(price: Floats, elasticity: float, out: Floats) -> None:
    """Pull of the rest of the US or of abroad by sector, from the price there."""
    for sector in range(out.shape[0]):
        out[sector] = price[sector] ** (-elasticity)


@compiled
def remember_reliability(
    trading: Flags,
    accepted: Floats,
    backlog: Floats,
    capacity: Floats,
    bearable: float,
    weight: float,
    fill: Floats,
) -> None:
    """Each supplier's part of orders delivered in time, smoothed with the weight of this week.

    In time is what was accepted, and of that the part that a queue of ℓ weeks leaves to a promise
    of `bearable` weeks: all up to that length, then bearable / ℓ.
    """
    for firm in range(fill.shape[0]):
        if trading[firm] and capacity[firm] > 0.0:
            lead = backlog[firm] / capacity[firm]
            in_time = accepted[firm]
            if lead > bearable:
                in_time *= bearable / lead
            fill[firm] += weight * (in_time - fill[firm])


@compiled
def move_shares(
    group_start: Ints,
    group_end: Ints,
    group_sector: Ints,
    group_local_base: Floats,
    group_us_base: Floats,
    group_abroad_base: Floats,
    seller: Ints,
    share_base: Floats,
    seller_pull: Floats,
    us_pull: Floats,
    abroad_pull: Floats,
    speed: float,
    share: Floats,
    group_us: Floats,
    group_abroad: Floats,
) -> None:
    """Each buyer moves its shares of each sector's goods toward the share rule.

    A group is a buyer's purchases of one sector: local links `group_start` to `group_end`, with
    base shares `share_base`, the rest of the US and abroad. `us_pull`, `abroad_pull` by sector.
    Without an open local link the rest of the US has the local part as well. What is split is what
    the buyer spends there now, so that rounding adds nothing to it.
    """
    for group in range(group_us.shape[0]):
        sector = group_sector[group]
        first, last = group_start[group], group_end[group]
        weight, local = 0.0, 0.0
        total = group_us[group] + group_abroad[group]
        for link in range(first, last):
            total += share[link]
            local += share_base[link]
            weight += share_base[link] * seller_pull[seller[link]]
        us_base = group_us_base[group]
        if local == 0.0:
            us_base += group_local_base[group]
        us = us_base * us_pull[sector]
        abroad = group_abroad_base[group]
        # The table of 2022 has three cells of negative imports; no price moves what is no purchase.
        if abroad > 0.0:
            abroad *= abroad_pull[sector]
        weight += us + abroad
        if weight > 0.0:
            scale = total / weight
            for link in range(first, last):
                aim = share_base[link] * seller_pull[seller[link]] * scale
                share[link] += speed * (aim - share[link])
            group_us[group] += speed * (us * scale - group_us[group])
            group_abroad[group] += speed * (abroad * scale - group_abroad[group])


@compiled
def move_market_shares(
    sector: Ints,
    base_sales: Floats,
    trading: Flags,
    seller_pull: Floats,
    us_base_sales: Floats,
    us_pull: Floats,
    speed: float,
    market_share: Floats,
    us_sales: Floats,
) -> None:
    """Each seller's share of its sector's outside market, relative to the start, and U's sales.

    `sector`, `base_sales` (units a week to outside customers at the start), `trading`,
    `seller_pull`, `market_share` [sellers]; `us_base_sales`, `us_pull`, `us_sales` [sectors].
    Written are `market_share` of those that trade, and `us_sales`, what is left to U.
    """
    sectors = us_sales.shape[0]
    weight, total = np.zeros(sectors), np.zeros(sectors)
    for index in range(sectors):
        total[index] = us_base_sales[index]
        weight[index] = us_base_sales[index] * us_pull[index]
    for firm in range(sector.shape[0]):
        index = sector[firm]
        total[index] += base_sales[firm]
        attraction = seller_pull[firm] if trading[firm] else us_pull[index]
        weight[index] += base_sales[firm] * attraction
    for index in range(sectors):
        us_sales[index] = us_base_sales[index]
    for firm in range(sector.shape[0]):
        index = sector[firm]
        if not trading[firm]:
            us_sales[index] += base_sales[firm]
        elif weight[index] > 0.0:
            aim = seller_pull[firm] * total[index] / weight[index]
            market_share[firm] += speed * (aim - market_share[firm])
            us_sales[index] += base_sales[firm] * (1.0 - market_share[firm])


@compiled
def rivals_price(
    sales: Floats, base_sales: Floats, elasticity: float, cost: Floats, price: Floats
) -> None:
    """Price of the rest of the US by sector, from its sales over those of the start, times cost."""
    for index in range(price.shape[0]):
        if sales[index] > 0.0 and base_sales[index] > 0.0:
            price[index] = (sales[index] / base_sales[index]) ** elasticity * cost[index]


def rivals_cost(
    domestic: Floats, imported: Floats, cost: Floats, abroad: Floats, markup: float
) -> Floats:
    """Where the price of rivals comes to rest by what goods cost them, [34], 1 at the start.

    `domestic`, `imported` [goods, 34] per unit of output; `cost`, `abroad` [goods] prices over the
    start's; `markup` share of price.
    """
    dearer = times_vector(domestic.T.copy(), cost - 1.0)
    dearer = dearer + times_vector(imported.T.copy(), abroad - 1.0)
    return np.asarray(1.0 + dearer / (1.0 - markup), np.float64)


def kept_from_imports(import_share: Floats, domestic_pull: Floats, abroad_pull: Floats) -> Floats:
    """Part of the home market that domestic sellers keep, over what they have at base prices.

    `import_share` of the base, `domestic_pull` mean of domestic sellers, `abroad_pull`; all [34].
    """
    own = (1.0 - import_share) * domestic_pull
    return np.asarray((own + import_share) / (own + import_share * abroad_pull), np.float64)


@compiled
def split_between(base_share: float, price: float, rival_price: float, elasticity: float) -> float:
    """Share of a seller with base share θ against one rival: the share rule for two."""
    own = base_share * price ** (-elasticity)
    rival = (1.0 - base_share) * rival_price ** (-elasticity)
    return own / (own + rival)
