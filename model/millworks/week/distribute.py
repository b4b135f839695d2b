"""Stage 14, distribute: taxes are filed, owners draw.

    tax filed = t_c (output since the last filing)
    draw      = 13 π_0 draw_planned + draw (deposits - b)⁺

t_c taxes on production per USD of output of sector c; π_0 profit of the base year in USD a week, b
the cash buffer. Makers and independent retailers file and draw every 13 weeks, staggered by
identity; partners, chains and blocks file every week and are swept in `close`. A tax filed is paid
next week.

Source: model specification §7.12, §7.18; TAX row of the table. Left out so far: tax on profit,
programme levies, dividends of lenders, what overdue firms may draw.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.world.kernels import compiled
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

QUARTER = 13


@compiled
def owners_draw(planned: float, deposits: float, buffer: float, share: float) -> float:
    """What an owner draws at a quarter's end, USD: the planned payout and part of spare cash."""
    spare = deposits - planned - buffer
    if spare <= 0.0 or share <= 0.0:
        return planned
    return planned + share * spare


@compiled
def file_taxes(
    week: int,
    every: int,
    identity: Ints,
    rate: Floats,
    tax_base: Floats,
    local_share: float,
    tax_local: Floats,
    tax_outside: Floats,
) -> None:
    """Each firm whose week it is files taxes on its output since the last time."""
    for firm in range(rate.shape[0]):
        tax_local[firm] = 0.0
        tax_outside[firm] = 0.0
        if (week + identity[firm]) % every == 0:
            tax = rate[firm] * tax_base[firm]
            tax_local[firm] = tax * local_share
            tax_outside[firm] = tax - tax_local[firm]
            tax_base[firm] = 0.0


@compiled
def draw_quarterly(
    week: int,
    identity: Ints,
    planned: Floats,
    planned_part: float,
    cleared: Floats,
    buffer: Floats,
    share: float,
    local: Floats,
    draw_local: Floats,
    draw_outside: Floats,
) -> None:
    """Each owner whose quarter ends draws; part of it belongs to owners outside."""
    for firm in range(planned.shape[0]):
        draw_local[firm] = 0.0
        draw_outside[firm] = 0.0
        if (week + identity[firm]) % QUARTER == 0:
            payout = QUARTER * planned[firm] * planned_part
            amount = min(owners_draw(payout, cleared[firm], buffer[firm], share), cleared[firm])
            draw_local[firm] = amount * local[firm]
            draw_outside[firm] = amount - draw_local[firm]


def distribute(world: World) -> None:
    """File taxes, and let the owners of makers and retailers draw."""
    rates, ledger = world.parameters, world.ledger
    for letter in "MPRCS":
        firms = world.population(letter)
        every = QUARTER if letter in "MR" else 1
        file_taxes(
            world.week,
            every,
            firms.identity,
            world.technology.tax[firms.sector],
            firms.tax_base,
            rates.tax_local_share,
            firms.tax_local,
            firms.tax_outside,
        )
        ledger.book(f"taxes accrued {letter}>G")
        ledger.book(f"taxes accrued {letter}>X")
    for letter in "MR":
        firms = world.population(letter)
        draw_quarterly(
            world.week,
            firms.identity,
            firms.planned_draw,
            rates.draw_planned,
            firms.cleared,
            firms.cash_buffer,
            rates.draw,
            firms.local_ownership,
            firms.draw_local,
            firms.draw_outside,
        )
        ledger.book(f"draws {letter}>H")
        ledger.book(f"draws {letter}>X")
