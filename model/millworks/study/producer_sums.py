"""Sums of a week over manufacturers: by size class, by sector, and how many stay in business.

Reading must cost next to nothing beside the week itself, so manufacturers are added up in two
compiled loops, one pass each. Values added are at prices of the base year, each input deflated by
its own price:

    value added = output - goods used - services / their price - rent, freight / their price

so that a cheaper input is not taken for more product (model specification, §9.1). Manufacturers
stand in the size class they had when the study began; whoever is born later is a newcomer.

An order waits in the books, then ready for a shipment to share, then under way. With all units that
wait and all that leave, Little's law (Little 1961) gives the mean wait of a unit,

    lead time = (units in the books + units ready + units shipped · weeks under way) / units shipped

whatever the order of service; what is sold from stock in the week it is asked for has no wait in
the books. Newcomers are followed from birth, by weeks of age: so many at risk, so many lost.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.producer import REASONS
from millworks.economy.sectors import MANUFACTURING_SECTORS
from millworks.kernels import compiled
from millworks.study.quantities import SIZE_CLASSES, SURVIVAL_YEARS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

GROUPS = len(SIZE_CLASSES)
PARTNERS, NEWCOMERS = GROUPS - 2, GROUPS - 1
GROUP_OF_CLASS = np.array((0, 1, 1, 2, 3, PARTNERS))
"""Group of each `Producer.size_class`."""

BY_GROUP = (
    "output",
    "value_added",
    "jobs",
    "labour_income",
    "orders",
    "fill_orders",
    "capacity",
    "price_output",
    "investment",
    "waiting",
    "shipped",
    *(f"refused_{reason}" for reason in REASONS),
    "active",
    "births",
    "exits",
    "tested",
    "wants",
    "constrained",
    "constrained_any",
    "wanted_any",
    "constrained_always",
    "money_missing",
    "started",
    "lost",
)
"""Sums of a week by group of manufacturers: base USD, USD, jobs, makers. `fill_orders` and
`price_output` are a rate times its weight; `waiting` units ordered and not delivered. From `active`
on only makers count: `started` that traded when the study began, `lost` of them this week."""

(OUTPUT, VALUE_ADDED, JOBS, PAY, ORDERS, FILL, CAPACITY, PRICE, INVESTMENT, WAITING, SHIPPED) = (
    range(11)
)
REFUSED = 11
(MAKERS, BIRTHS, EXITS, TESTED, WANTS, HELD, HELD_ANY, WANTED_ANY, HELD_ALL, MISSING) = range(
    REFUSED + len(REASONS), len(BY_GROUP) - 2
)
STARTED, LOST = len(BY_GROUP) - 2, len(BY_GROUP) - 1

OF_GROUP, OF_SECTOR = "@", "%"
"""Mark a sum by size class and one by sector in the names of a table's columns."""

BY_SECTOR = ("value_added", "output", "jobs")
"""Sums by sector of manufacturers, as those by group of the same names."""

AGES = np.array(SURVIVAL_YEARS, dtype=np.int64) * 52
"""Weeks of age at which one band of newcomers ends and the next begins."""

OF_NEWCOMERS = tuple(
    f"newcomers_{what}_{years}" for years in SURVIVAL_YEARS for what in ("at_risk", "lost")
)
"""Newcomers that traded a week ago and those of them that no longer do, by band of age."""

GROUP_COLUMNS = tuple(f"{name}{OF_GROUP}{group}" for group in SIZE_CLASSES for name in BY_GROUP)
SECTOR_COLUMNS = tuple(
    f"{name}{OF_SECTOR}{sector}" for sector in MANUFACTURING_SECTORS for name in BY_SECTOR
)


@compiled
def add_producers(
    group: Ints,
    sector: Ints,
    output: Floats,
    goods_used: Floats,
    services_local: Floats,
    services_outside: Floats,
    rent: Floats,
    freight_local: Floats,
    freight_outside: Floats,
    freight_surcharge: Floats,
    service_price: Floats,
    rent_price: float,
    freight_price: float,
    jobs: Floats,
    pay_residents: Floats,
    pay_commuters: Floats,
    orders: Floats,
    fill: Floats,
    capacity: Floats,
    price: Floats,
    replaced: Floats,
    backlog: Floats,
    ready: Floats,
    shipped: Floats,
    weeks_under_way: float,
    refused: Floats,
    sums: Floats,
    of_sector: Floats,
) -> None:
    """Add each manufacturer of one kind to the sums of its group and of its sector.

    `sums` [groups, len(BY_GROUP)], `of_sector` [34, len(BY_SECTOR)].
    """
    for i in range(group.shape[0]):
        row, made = sums[group[i]], of_sector[sector[i]]
        used = goods_used[i] + services_local[i] / service_price[sector[i]] + services_outside[i]
        hauled = freight_outside[i] - freight_surcharge[i]
        used += rent[i] / rent_price + freight_local[i] / freight_price + hauled
        row[OUTPUT] += output[i]
        row[VALUE_ADDED] += output[i] - used
        row[JOBS] += jobs[i]
        row[PAY] += pay_residents[i] + pay_commuters[i]
        row[ORDERS] += orders[i]
        row[FILL] += fill[i] * orders[i]
        row[CAPACITY] += capacity[i]
        row[PRICE] += price[i] * output[i]
        row[INVESTMENT] += replaced[i]
        row[WAITING] += backlog[i] + ready[i] + shipped[i] * weeks_under_way
        row[SHIPPED] += shipped[i]
        for reason in range(refused.shape[1]):
            row[REFUSED + reason] += refused[i, reason]
        made[0] += output[i] - used
        made[1] += output[i]
        made[2] += jobs[i]


@compiled
def add_newcomer(age: int, exits: bool, ages: Ints, newcomers: Floats) -> None:
    """Add a newcomer of `age` weeks that traded a week ago to its band [bands, (at risk, lost)]."""
    for band in range(ages.shape[0]):
        if age < ages[band]:
            newcomers[band, 0] += 1.0
            newcomers[band, 1] += 1.0 if exits else 0.0
            return


@compiled
def add_tests(
    group: Ints,
    status: Ints,
    generation: Ints,
    was_active: Flags,
    last_generation: Ints,
    age: Ints,
    ages: Ints,
    tested: Ints,
    wants: Flags,
    constrained: Flags,
    wanted_year: Flags,
    constrained_year: Flags,
    missing: Floats,
    bought_local: Floats,
    bought_outside: Floats,
    sums: Floats,
    newcomers: Floats,
) -> None:
    """Count makers, their births and exits, and what their last tests found.

    `was_active`, `last_generation`, `age` (weeks since a newcomer's birth) hold last week's state
    and are brought up to date. A row whose generation changes belongs to a newcomer from then on.
    """
    for i in range(group.shape[0]):
        active = status[i] == ACTIVE
        renewed = generation[i] != last_generation[i]
        if was_active[i]:
            exits = renewed or not active
            if exits:
                sums[group[i], EXITS] += 1.0
            if group[i] == NEWCOMERS:
                add_newcomer(age[i], exits, ages, newcomers)
                age[i] += 1
            elif exits:
                sums[group[i], LOST] += 1.0
        if renewed:
            group[i] = NEWCOMERS
            age[i] = 0
        row = sums[group[i]]
        row[INVESTMENT] += bought_local[i] + bought_outside[i]
        if active:
            row[MAKERS] += 1.0
            if renewed or not was_active[i]:
                row[BIRTHS] += 1.0
            if tested[i] >= 0:
                any_held = False
                any_wanted = False
                all_held = True
                for quarter in range(constrained_year.shape[1]):
                    any_held = any_held or constrained_year[i, quarter]
                    any_wanted = any_wanted or wanted_year[i, quarter]
                    all_held = all_held and constrained_year[i, quarter]
                row[TESTED] += 1.0
                row[WANTS] += 1.0 if wants[i] else 0.0
                row[HELD] += 1.0 if constrained[i] else 0.0
                row[HELD_ANY] += 1.0 if any_held else 0.0
                row[WANTED_ANY] += 1.0 if any_wanted else 0.0
                row[HELD_ALL] += 1.0 if all_held else 0.0
                row[MISSING] += missing[i] if constrained[i] else 0.0
        was_active[i] = active
        last_generation[i] = generation[i]
