"""What it costs to ship: the cheapest of parcel, shared truck, whole truck and rail, by weight.

    parcel(w) = (5.5 + .71 w)(D/500)^.2       LTL(w) = (120 + .20 w)(D/500)^.5
    truck     = max(450, 2.26 D/(1 − .167))   rail   = 600 + 20 · .044 D,  D ≥ 500 miles
    e(w) = min(parcel, LTL, truck)            w ≤ F = 40,000 lb
    c(w) = max(e(F), min(e(F), rail) w/F)     w > F

w pounds in one shipment, D miles, prices in USD of 2022. e is concave, a minimum of straight lines;
at 500 miles it breaks at 225 and 6,180 lb. Beyond a full truck the cost grows by shares of a load,
not by whole trucks: what does not fill the last one waits for the next shipment. So c is continuous
and never falls, c(w)/w never rises, and merging shipments never costs more than sending them
apart. Rail takes whole containers only. Just above F a container by rail costs less than the truck
that a slightly lighter shipment needs; the maximum holds the price at the truck's until rail's
share has grown to it, so that adding weight never saves money. c(0) = 0; the first pound pays the
fixed price.

Ocean freight is the same envelope in cubic metres: a shared container (LCL) up to 15.2 m³, a whole
one (FCL) above, shares of one above its volume. A shipper with weekly flow W sends every n weeks:

    min over n = 1 … 4 of  c(nW)/n + n · value of W · h_c/104

Where a terminal takes single pallets, a shipment that rail could carry as a container may also go
by the pallet, one at least: a shared truck to the terminal and one from it, t miles each, the line
haul of rail by weight, and handling at both ends,

    pallet(w) = 2 (120 + .20 v)(t/500)^.5 + (rail - 600) v/F + 2 · 12 v/1,000,   v = max(w, 1,000)

Its cost never falls with weight, and its cost per pound never rises, so merging stays worth it.

Source: `data/price_list.csv`; model specification §7.10. The freight prices are quotes of 2020 to
2025 that the specification rounds and takes as dollars of 2022: the breaks depend on ratios only,
and a factor per sector sets the level. Left out: routes, seasons, dimensional weight, fuel
surcharges, carriers' discounts, and the choice of rail by the value of time.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from millworks.economy.embedded import read_rows
from millworks.economy.prices import in_base_dollars, sector_price_ratio
from millworks.economy.sectors import GOODS, sector_index
from millworks.errors import InputError, nearest
from millworks.kernels import compiled

Floats = npt.NDArray[np.float64]

PRICE_LIST: Final[str] = "price_list.csv"
MOST_WEEKS: Final[int] = 4
"""Longest time in weeks that a shipper gathers goods for one shipment."""
MOST_OCEAN_SHARE: Final[float] = 0.10
"""Part of an import's price above which nobody pays for a container (assumption)."""


class Tariff(NamedTuple):
    """Prices and sizes of freight, named as in `data/price_list.csv`, which gives their units.

    Money is in USD of 2022. A named tuple of floats, so that compiled rules can take it.
    """

    reference_miles: float
    shortest_miles: float
    parcel_fixed: float
    parcel_per_pound: float
    parcel_distance_power: float
    ltl_fixed: float
    ltl_per_pound: float
    ltl_distance_power: float
    truck_per_mile: float
    truck_empty_share: float
    truck_minimum: float
    truck_pounds: float
    rail_fixed: float
    rail_per_ton_mile: float
    rail_tons: float
    rail_shortest_miles: float
    lcl_fixed: float
    lcl_per_cubic_metre: float
    lcl_extra_days: float
    fcl_per_container: float
    container_cubic_metres: float
    pounds_per_cubic_metre: float
    handling_per_pallet: float
    pool_extra_days: float
    usd_per_pound_unknown: float
    pounds_per_pallet: float


def listed(key: str) -> float:
    """Return one number of the price list; money in USD of 2022, by the GDP deflator.

    InputError with the nearest key if there is no such row.
    """
    rows = {row["key"]: row for row in read_rows(PRICE_LIST)}
    if key not in rows:
        raise InputError(f"{PRICE_LIST}: no key {key!r}.{nearest(key, rows)}")
    value, year = float(rows[key]["value"]), rows[key]["dollar_year"]
    return in_base_dollars(value, int(year)) if year else value


@cache
def price_list() -> Tariff:
    """Return the freight prices of the embedded price list."""
    return Tariff(*(listed(key) for key in Tariff._fields))


def _hauls(miles: npt.ArrayLike, tariff: Tariff) -> Floats:
    hauls = np.asarray(miles, dtype=np.float64)
    if not np.all(np.isfinite(hauls) & (hauls >= 0.0)):
        raise InputError("freight: a distance is negative or not a number; it must be in miles.")
    return np.maximum(hauls, tariff.shortest_miles)


def distance_factors(
    miles: npt.ArrayLike, tariff: Tariff | None = None
) -> tuple[Floats, Floats, Floats]:
    """Return (parcel factor, LTL factor, cost of a truck in USD) by haul in miles, set up once.

    The factors are (D/500)^g, so that no power is taken in the weekly loop. Hauls below
    `shortest_miles` cost as much as that. InputError for distances below zero or not finite.
    """
    tariff = tariff or price_list()
    hauls = _hauls(miles, tariff)
    relative = hauls / tariff.reference_miles
    loaded = tariff.truck_per_mile / (1.0 - tariff.truck_empty_share)
    truck = np.maximum(tariff.truck_minimum, loaded * hauls)
    return relative**tariff.parcel_distance_power, relative**tariff.ltl_distance_power, truck


def rail_costs(miles: npt.ArrayLike, tariff: Tariff | None = None) -> Floats:
    """Return the cost of a whole container by rail in USD; inf where the haul is too short.

    InputError for distances below zero or not finite.
    """
    tariff = tariff or price_list()
    hauls = _hauls(miles, tariff)
    cost = tariff.rail_fixed + tariff.rail_tons * tariff.rail_per_ton_mile * hauls
    return np.where(hauls >= tariff.rail_shortest_miles, cost, np.inf)


@compiled
def road_cost(
    pounds: float, parcel_factor: float, ltl_factor: float, truck_cost: float, tariff: Tariff
) -> float:
    """Cost in USD of a shipment of at most a full truck: e(w), concave in weight."""
    parcel = (tariff.parcel_fixed + tariff.parcel_per_pound * pounds) * parcel_factor
    ltl = (tariff.ltl_fixed + tariff.ltl_per_pound * pounds) * ltl_factor
    return min(parcel, ltl, truck_cost)


@compiled
def domestic_cost(
    pounds: float,
    parcel_factor: float,
    ltl_factor: float,
    truck_cost: float,
    tariff: Tariff,
    rail_cost: float = math.inf,
) -> float:
    """Cost in USD of one shipment, c(w); by rail too where its cost per container is given."""
    if pounds <= 0.0:
        return 0.0
    if pounds <= tariff.truck_pounds:
        return road_cost(pounds, parcel_factor, ltl_factor, truck_cost, tariff)
    full = road_cost(tariff.truck_pounds, parcel_factor, ltl_factor, truck_cost, tariff)
    return max(full, min(full, rail_cost) * (pounds / tariff.truck_pounds))


@compiled
def ocean_cost(cubic_metres: float, tariff: Tariff) -> float:
    """Cost in USD of one ocean shipment: a shared container, a whole one, shares of one above."""
    if cubic_metres <= 0.0:
        return 0.0
    shared = tariff.lcl_fixed + tariff.lcl_per_cubic_metre * cubic_metres
    whole = tariff.fcl_per_container
    if cubic_metres <= tariff.container_cubic_metres:
        return min(shared, whole)
    full = min(tariff.lcl_fixed + tariff.lcl_per_cubic_metre * tariff.container_cubic_metres, whole)
    return full * (cubic_metres / tariff.container_cubic_metres)


@compiled
def cubic_metres_of(pounds: float, tariff: Tariff) -> float:
    """Volume of goods in cubic metres, all goods taken to be equally dense."""
    return pounds / tariff.pounds_per_cubic_metre


@compiled
def rail_by_pallet(
    pounds: float, terminal_factor: float, rail_cost: float, tariff: Tariff
) -> float:
    """Cost in USD of one shipment by rail, by the pallet; inf where rail does not go.

    `terminal_factor`: LTL factor of the haul between a terminal and its users; `rail_cost` of a
    whole container.
    """
    if pounds <= 0.0:
        return 0.0
    charged = max(pounds, tariff.pounds_per_pallet)
    trucks = 2.0 * (tariff.ltl_fixed + tariff.ltl_per_pound * charged) * terminal_factor
    line = (rail_cost - tariff.rail_fixed) * (charged / tariff.truck_pounds)
    return trucks + line + 2.0 * tariff.handling_per_pallet * (charged / tariff.pounds_per_pallet)


@compiled
def weeks_between_shipments(
    pounds_per_week: float,
    value_per_week: float,
    holding_rate: float,
    parcel_factor: float,
    ltl_factor: float,
    truck_cost: float,
    tariff: Tariff,
    rail_cost: float = math.inf,
) -> int:
    """Weeks n in 1 … 4 that make freight and holding cheapest; the smallest n among equals.

    `holding_rate` is h_c a year on `value_per_week` in USD: goods wait n/2 weeks on average.
    """
    best = 1
    least = math.inf
    for weeks in range(1, MOST_WEEKS + 1):
        shipment = weeks * pounds_per_week
        freight = domestic_cost(shipment, parcel_factor, ltl_factor, truck_cost, tariff, rail_cost)
        cost = freight / weeks + weeks * value_per_week * holding_rate / 104.0
        # Costs that differ only by rounding are equal, and the shorter wait wins.
        if cost < least * (1.0 - 1e-12):
            best = weeks
            least = cost
    return best


@compiled
def merged_share(
    pounds: float,
    merged_pounds: float,
    parcel_factor: float,
    ltl_factor: float,
    truck_cost: float,
    tariff: Tariff,
    rail_cost: float = math.inf,
) -> float:
    """Cost in USD of one member's part of a merged shipment: by weight, plus handling by pallet.

    `merged_pounds` is the weight of all parts. A part of a pallet is handled at a part of the
    price. n equal parts that need a truck for themselves pay a nth of it each.
    """
    if pounds <= 0.0:
        return 0.0
    together = domestic_cost(
        merged_pounds, parcel_factor, ltl_factor, truck_cost, tariff, rail_cost
    )
    handling = tariff.handling_per_pallet * (pounds / tariff.pounds_per_pallet)
    return together * (pounds / merged_pounds) + handling


@compiled
def merged_cost(
    pounds: Floats,
    parcel_factor: float,
    ltl_factor: float,
    truck_cost: float,
    tariff: Tariff,
    rail_cost: float = math.inf,
) -> Floats:
    """Cost in USD [n] of each of n shipments, of weights `pounds` [n], merged into one."""
    merged_pounds = 0.0
    for member in range(pounds.shape[0]):
        merged_pounds += pounds[member]
    costs = np.zeros(pounds.shape[0])
    for member in range(pounds.shape[0]):
        costs[member] = merged_share(
            pounds[member],
            merged_pounds,
            parcel_factor,
            ltl_factor,
            truck_cost,
            tariff,
            rail_cost,
        )
    return costs


@cache
def ocean_share() -> Floats:
    """Return the part of the price of imports that is ocean freight in the base year, [34].

    A container's price over the value of what fills it, both by weight, and at most
    `MOST_OCEAN_SHARE`: what is worth less goes in bulk.
    """
    tariff = price_list()
    per_pound = tariff.fcl_per_container / (
        tariff.container_cubic_metres * tariff.pounds_per_cubic_metre
    )
    return np.minimum(MOST_OCEAN_SHARE, per_pound * pounds_per_dollar())


@cache
def pounds_per_dollar() -> Floats:
    """Return the weight of a base-year dollar's worth of goods at producers' prices, lb/USD [34].

    Values per pound are in prices of 2017 and are moved to 2022 by each sector's own price index:
    a quantity worth 1 USD in 2022 weighs 1/(v P(2022)/P(2017)) lb. Goods without a value (TEXT,
    APPL, PRNT; AGR and MIN, which are blocks) are taken at 2.5 USD of 2022 per pound, services
    weigh nothing. Source: `data/value_density.csv`, where 13 sectors are proxies or missing.
    """
    weights = np.where(GOODS, 1.0 / price_list().usd_per_pound_unknown, 0.0)
    for row in read_rows("value_density.csv"):
        if row["usd_per_lb_2017"]:
            value = float(row["usd_per_lb_2017"]) * sector_price_ratio(row["sector"], 2017)
            weights[sector_index(row["sector"])] = 1.0 / value
    weights.flags.writeable = False
    return weights
