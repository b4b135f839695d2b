"""Stage 9, produce: output is made, inputs drawn, services used, pay earned.

    output = min(planned, capacity, stock of inputs / g_c)
    goods used = g_c output,    pay = l_c output

g_c stocked goods and l_c gross pay per USD of output of sector c; base USD a week. Blocks serve
everyone who asks: their output is the sum of what households, firms, shops' margins, government and
outside buyers take. Services are invoiced as they are used and paid a week later; pay is owed until
the next week. Jobs are covered private jobs at the sector's jobs per dollar.

Source: model specification §7.8, linear mode §9.4: every agent uses its sector's column. Left out
so far: labour as a limit, lot-size effects, substitution of missing inputs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.world.accounts import FIRMS
from millworks.world.kernels import compiled
from millworks.world.world import World

Floats = npt.NDArray[np.float64]


@compiled
def producible(planned: float, capacity: float, on_hand: float, goods_rate: float) -> float:
    """Units that can be made of what is planned: inputs are needed in fixed proportion."""
    units = min(planned, capacity)
    if goods_rate * units > on_hand:
        return max(0.0, on_hand / goods_rate)
    return units


@compiled
def make_goods(
    planned: Floats,
    capacity: Floats,
    goods_rate: Floats,
    output: Floats,
    used: Floats,
    on_hand: Floats,
) -> None:
    """Each producer makes what is planned within capacity and draws its inputs."""
    for firm in range(planned.shape[0]):
        output[firm] = producible(planned[firm], capacity[firm], on_hand[firm], goods_rate[firm])
        used[firm] = goods_rate[firm] * output[firm]
        on_hand[firm] -= used[firm]


def produce(world: World) -> None:
    """Producers make goods, blocks serve, and everybody who works earns pay."""
    for letter in "MP":
        firms = world.population(letter)
        make_goods(
            firms.planned,
            firms.capacity,
            world.technology.goods_rate[firms.sector],
            firms.output,
            firms.goods_used,
            firms.units_on_hand,
        )
        firms.inputs_used_up[:] = -firms.goods_used
        world.ledger.book(f"inputs used {letter}")
    _serve(world)
    for letter in FIRMS:
        _earn(world, letter)


def _serve(world: World) -> None:
    """Blocks serve firms, government and outside buyers."""
    blocks = world.population("S")
    blocks.firm_sales[:] = 0.0
    for letter in FIRMS:
        taken = world.services_by_block(
            world.by_sector(letter, world.population(letter).services_local)
        )
        blocks.firm_sales[:] += taken
        world.ledger.book(f"services invoiced {letter}>S", taken)
        world.ledger.book(f"services invoiced {letter}>X")
    world.population("X").services_bought[0] = blocks.outside_sales.sum()
    world.ledger.book("services sold outside X>S", blocks.outside_sales)
    world.ledger.book("government purchases G>S", blocks.government_sales)
    world.ledger.book("government purchases G>X")
    blocks.output[:] = (
        blocks.household_sales
        + blocks.firm_sales
        + blocks.margin_orders
        + blocks.government_sales
        + blocks.outside_sales
    )


def _earn(world: World, letter: str) -> None:
    """Pay earned this week by residents and in-commuters, owed until next week."""
    firms, recipe = world.population(letter), world.technology
    pay = recipe.wage[firms.sector] * firms.output
    commuters = world.parameters.commuter_share
    firms.wage_residents[:] = pay * (1.0 - commuters)
    firms.wage_commuters[:] = pay * commuters
    firms.jobs[:] = recipe.jobs[firms.sector] * firms.output * 52.0
    firms.tax_base[:] += firms.output
    world.rest_of_us.commuter_pay += float(firms.wage_commuters.sum())
    world.ledger.book(f"wages accrued {letter}>H")
    world.ledger.book(f"wages accrued {letter}>X")
