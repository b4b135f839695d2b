"""A new firm: how many are born, and who they are.

A birth takes over the row and the market of a firm of its sector that has left, so births never
create demand. Their number in a week is Poisson with mean

    entry_rate / 52 x rows left in the sector x (margin / margin_0)^e_m

margin: sales-weighted mean of (price - unit cost)/price of the sector's makers, margin_0 the same
when the burn-in ended. A newcomer starts with capacity for the part `start` of its market's orders
D at normal use,

    K = start D / use,      equity = kc 52 K + start_weeks x start D,

and is drawn as incumbents were: productivity and days of cash lognormal, mark-up normal and cut at
-.05 and .20, inputs what is left of a price of one, what lenders know of it normal, and whether its
owner wants to grow.

Source: model specification §7.15, §7.7, §7.16; docs/deviations.md for the pool of markets. Left
out: how founders learn of an opening, and that many newcomers were employees of those who left.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.errors import InputError
from millworks.kernels import compiled
from millworks.world.keyed_draws import (
    LARGEST_POISSON_MEAN,
    keyed_uniform,
    normal_from_uniform,
    poisson_from_uniform,
)
from millworks.world.streams import Streams

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Amounts = TypeVar("Amounts", float, Floats)

LEAST_MARKUP, MOST_MARKUP = -0.05, 0.20
"""Bounds of the mark-up aimed at, share of price."""
LEAST_INPUTS, MOST_INPUTS = 0.25, 1.6
"""Bounds of a firm's inputs over its sector's. Assumption."""
FIRST_WITHOUT_DOUBT = 3
"""First size class (20 employees) whose owners all want to grow."""


@compiled
def expected_births(rate: float, free: float, margin: float, base: float, exponent: float) -> float:
    """Mean number of births of a sector in a week.

    `rate`: births per free row and year. A sector whose margin was not measured, or was not
    positive, counts as it was; one that earns nothing now draws nobody (if `exponent` > 0).
    """
    appeal = 1.0
    if base > 0.0:
        appeal = (max(0.0, margin) / base) ** exponent
    return rate / 52.0 * free * appeal


def require_few_births(mean: float) -> None:
    """Raise `InputError` where a sector expects more births in a week than a draw can give."""
    if not mean <= LARGEST_POISSON_MEAN:
        raise InputError(
            f"{mean:g} firms of one sector would be born in a week, and at most"
            f" {LARGEST_POISSON_MEAN:g} can be drawn; lower entry_rate or simulate fewer makers."
        )


def starting_capacity(demand: Amounts, start: float, use: float) -> Amounts:
    """Capacity of a newcomer in units a week, for the part `start` of its market at normal use."""
    return start * demand / use


def paid_in(capital: Amounts, weekly_sales: Amounts, weeks: float) -> Amounts:
    """Equity that owners pay in: the cost of the capital and weeks of sales, USD."""
    return capital + weeks * weekly_sales


def input_factors(fitting: Floats, spread: float) -> Floats:
    """Inputs per unit over the sector's, from the ones that would fit; within bounds.

    `spread`: how far firms differ from their sector's column at all, 0 to 1.
    """
    bounded = np.minimum(MOST_INPUTS, np.maximum(LEAST_INPUTS, fitting))
    return 1.0 + spread * (bounded - 1.0)


@compiled
def share_below(z: float) -> float:
    """Part of standard normal numbers below `z`."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@compiled
def markup_from_uniform(u: float, mean: float, deviation: float) -> float:
    """Mark-up aimed at: normal, cut at its bounds; rises with `u` in (0, 1)."""
    if deviation <= 0.0:
        return min(MOST_MARKUP, max(LEAST_MARKUP, mean))
    low = share_below((LEAST_MARKUP - mean) / deviation)
    high = share_below((MOST_MARKUP - mean) / deviation)
    drawn = mean + deviation * normal_from_uniform(low + u * (high - low))
    return min(MOST_MARKUP, max(LEAST_MARKUP, drawn))


@compiled
def fill_markups(out: Floats, u: Floats, mean: float, deviation: float) -> None:
    """Write the mark-up of each uniform into `out`."""
    for i in range(u.shape[0]):
        out[i] = markup_from_uniform(u[i], mean, deviation)


@compiled
def wants_to_grow(u: float, size_class: int, reluctant: float) -> bool:
    """Whether an owner wants to grow.

    `reluctant`: share of owners with fewer than five employees who do not; half of it from 5 to 19
    employees, none above.
    """
    if size_class >= FIRST_WITHOUT_DOUBT:
        return True
    share = reluctant if size_class == 0 else 0.5 * reluctant
    return u >= share


@compiled
def fill_ambitions(out: npt.NDArray[np.bool_], u: Floats, size: Ints, reluctant: float) -> None:
    """Write the wish of each owner into `out`."""
    for i in range(u.shape[0]):
        out[i] = wants_to_grow(u[i], size[i], reluctant)


@compiled
def fill_cash_buffers(
    out: Floats, z: Floats, weekly_outflow: Floats, days: float, spread: float
) -> None:
    """Write the deposit each owner wants to keep on top of a week's receipts, USD.

    `z`: standard normal numbers; `days` of outflow that the median owner holds; `spread` in log
    points.
    """
    for i in range(z.shape[0]):
        weeks = days * math.exp(spread * z[i]) / 7.0
        out[i] = max(0.0, weeks - 1.0) * weekly_outflow[i]


@compiled
def fill_productivity_steps(out: Floats, before: Floats, now: Floats, spread: float) -> None:
    """Write the ratio of a newcomer's productivity to its predecessor's on the row.

    `before`, `now`: standard normal draws of the two; `spread` in log points.
    """
    for i in range(before.shape[0]):
        out[i] = math.exp(spread * (now[i] - before[i]))


@compiled
def present_orders(
    sellers: Ints,
    by_seller: Ints,
    seller_start: Ints,
    customers: Ints,
    base_order: Floats,
    state: Floats,
    orders: Floats,
) -> None:
    """Write what the outside customers of each seller would order in a mean week, in units.

    `by_seller` [links] lists each seller's own links, in their order, from `seller_start` on;
    `customers`: links of outside customers, in their order; `base_order` [links]; `state`
    [customers]: logarithm of demand over the base year's.
    """
    for place in range(sellers.shape[0]):
        orders[place] = 0.0
        first, last = seller_start[sellers[place]], seller_start[sellers[place] + 1]
        for position in range(first, last):
            link = by_seller[position]
            row = np.searchsorted(customers, link)
            if row < customers.shape[0] and customers[row] == link:
                orders[place] += base_order[link] * math.exp(state[row])


@compiled
def sector_margins(
    status: Ints, sector: Ints, sales: Floats, price: Floats, cost: Floats, margin: Floats
) -> None:
    """Write the margin, share of price, of each sector's active makers, weighted with sales.

    `sales` USD a year, `cost` USD a unit; a sector without sales has none.
    """
    total, earned = np.zeros(margin.shape[0]), np.zeros(margin.shape[0])
    for firm in range(status.shape[0]):
        if status[firm] == ACTIVE:
            total[sector[firm]] += sales[firm]
            earned[sector[firm]] += sales[firm] * ((price[firm] - cost[firm]) / price[firm])
    for number in range(margin.shape[0]):
        margin[number] = earned[number] / total[number] if total[number] > 0.0 else 0.0


@compiled
def draw_births(
    sector: Ints,
    usual: Floats,
    margin: Floats,
    rate: float,
    exponent: float,
    week: int,
    key0: np.uint64,
    key1: np.uint64,
    purpose: int,
    births: Ints,
) -> float:
    """Draw the number of births of each sector in a week; returns the largest mean of a sector.

    `sector`, `usual` [free rows]: the row's sector and its margin when the burn-in ended; `margin`
    by sector; `rate`, `exponent` as for `expected_births`.
    """
    free, base, largest = np.zeros(births.shape[0]), np.zeros(births.shape[0]), 0.0
    for row in range(sector.shape[0]):
        free[sector[row]] += 1.0
        base[sector[row]] = usual[row]
    for number in range(births.shape[0]):
        births[number] = 0
        if free[number] > 0.0:
            mean = expected_births(rate, free[number], margin[number], base[number], exponent)
            luck = keyed_uniform(key0, key1, purpose, number, 0, week, 0)
            births[number] = poisson_from_uniform(luck, min(mean, LARGEST_POISSON_MEAN))
            largest = max(largest, mean)
    return largest


def markups(
    streams: Streams, identity: Ints, generation: Ints, mean: float, deviation: float
) -> Floats:
    """Draw mark-ups aimed at, share of price, for firms by identity and generation."""
    u = streams.uniform("maker_markup", identity, generation=generation)
    drawn = np.empty(u.size)
    fill_markups(drawn, u, mean, deviation)
    return drawn


def ambitions(
    streams: Streams, identity: Ints, generation: Ints, size_class: Ints, reluctant: float
) -> npt.NDArray[np.bool_]:
    """Draw which owners want to grow, for firms by identity and generation."""
    u = streams.uniform("maker_ambition", identity, generation=generation)
    drawn = np.empty(u.size, dtype=np.bool_)
    fill_ambitions(drawn, u, size_class, reluctant)
    return drawn


def cash_buffers(
    streams: Streams,
    identity: Ints,
    generation: Ints,
    weekly_outflow: Floats,
    days: float,
    spread: float,
) -> Floats:
    """Draw deposits that owners want to keep, USD, for firms by identity and generation."""
    z = streams.normal("maker_cash_buffer", identity, generation=generation)
    drawn = np.empty(z.size)
    fill_cash_buffers(drawn, z, weekly_outflow, days, spread)
    return drawn


def productivity_steps(streams: Streams, identity: Ints, generation: Ints, spread: float) -> Floats:
    """Draw productivity over the predecessor's on the row (whose draw is the generation before)."""
    before = streams.normal("maker_productivity", identity, generation=generation - 1)
    now = streams.normal("maker_productivity", identity, generation=generation)
    steps = np.empty(now.size)
    fill_productivity_steps(steps, before, now, spread)
    return steps
