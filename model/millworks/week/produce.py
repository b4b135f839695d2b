"""Stage 9, produce: output is made, inputs drawn, services used, pay earned.

    goods used = g_i output,   pay = w l_i hours,   jobs = j_i hours
    finished stock  F ← F + output,   valued at the inputs and the pay that went into it

g_i stocked goods, l_i gross pay and j_i jobs per unit of output: the coefficients of the sector's
column times the firm's own factors, l_i and j_i over its productivity; w wage index; hours are
what the hands paid this week can make. Inputs leave the stock at their average cost. Blocks serve
everyone who asks: their output is the sum of what households, firms, shops' margins, government,
builders' customers and outside buyers take, at their price. Services are invoiced as they are used
and paid a week later; pay is owed until the next week. Jobs are covered private jobs.

Source: model specification §7.8, §9.1 (output at base-year prices). Left out: lot-size effects,
substitution between inputs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled
from millworks.programmes import operators
from millworks.programmes.engagements import advice
from millworks.world.accounts import BUILDER, CARRIER, FIRMS, LANDLORD, OFFICE
from millworks.world.closure import ORDERS
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]


@compiled
def producible(planned: float, on_hand: float, goods_rate: float) -> float:
    """Units that can be made of what is planned: inputs are needed in fixed proportion."""
    if goods_rate * planned > on_hand:
        return max(0.0, on_hand / goods_rate)
    return planned


@compiled
def make_goods(
    planned: Floats,
    goods_rate: Floats,
    output: Floats,
    used: Floats,
    used_cost: Floats,
    on_hand: Floats,
    inventory: Floats,
) -> None:
    """Each producer makes what is planned and draws its inputs at their average cost."""
    for firm in range(planned.shape[0]):
        output[firm] = producible(planned[firm], on_hand[firm], goods_rate[firm])
        used[firm] = min(goods_rate[firm] * output[firm], on_hand[firm])
        used_cost[firm] = 0.0
        if on_hand[firm] > 0.0:
            used_cost[firm] = min(used[firm] * (inventory[firm] / on_hand[firm]), inventory[firm])
        on_hand[firm] -= used[firm]


@compiled
def earn_pay(
    pay: Floats,
    jobs_per_unit: Floats,
    units: Floats,
    output: Floats,
    commuters: float,
    residents_pay: Floats,
    commuters_pay: Floats,
    jobs: Floats,
    tax_base: Floats,
) -> float:
    """Each firm's pay, by where its people live, and jobs; returns the pay of commuters, USD.

    `units`: what the hours paid can make in a week; `commuters`: their share of pay; `output` joins
    what taxes are still to be filed on.
    """
    total = 0.0
    for firm in range(units.shape[0]):
        jobs[firm] = jobs_per_unit[firm] * units[firm] * 52.0
        residents_pay[firm] = pay[firm] * (1.0 - commuters)
        commuters_pay[firm] = pay[firm] * commuters
        tax_base[firm] += output[firm]
        total += commuters_pay[firm]
    return total


def produce(world: World) -> None:
    """Producers make goods, blocks serve, and everybody who works earns pay."""
    pay = {}
    for letter in "MP":
        firms = world.population(letter)
        used_cost = np.empty(firms.size)
        make_goods(
            firms.planned,
            world.goods_per_unit(letter),
            firms.output,
            firms.goods_used,
            used_cost,
            firms.units_on_hand,
            firms.inventory,
        )
        firms.inputs_used_up[:] = -used_cost
        firms.finished_units[:] += firms.output
        pay[letter] = world.pay_per_unit(letter) * firms.hours
        firms.finished_cost[:] = used_cost + pay[letter]
        world.ledger.book(f"inputs used {letter}")
    _serve(world)
    for letter in FIRMS:
        _earn(world, letter, pay.get(letter))


def _serve(world: World) -> None:
    """Blocks serve firms, government and outside buyers; output is at base-year prices."""
    blocks = world.population("S")
    blocks.firm_sales[:] = 0.0
    for letter in FIRMS:
        asked = world.by_sector(letter, world.population(letter).services_local)
        taken = world.services_by_block(asked)
        # In a closure run what is asked beyond the path is paid for, but nobody produces it.
        served = world.closure.path(ORDERS, f"services {letter}", world.week, asked)
        blocks.firm_sales[:] += taken if served is asked else world.services_by_block(served)
        world.ledger.book(f"services invoiced {letter}>S", taken)
        world.ledger.book(f"services invoiced {letter}>X")
    world.population("X").services_bought[0] = add_all(blocks.outside_sales)
    world.ledger.book("services sold outside X>S", blocks.outside_sales)
    world.ledger.book("government purchases G>S", blocks.government_sales)
    world.ledger.book("government purchases G>X")
    makers, partners = world.population("M"), world.population("P")
    # Freight, building and lenders' offices: what was shipped, ordered and bought last week.
    rent = add_all(makers.rent) + add_all(partners.rent)
    freight = add_all(makers.freight_local) + add_all(partners.freight_local)
    office = add_all(world.population("B").services)
    asked = np.array([freight, rent, office])
    freight, rent, office = world.closure.path(ORDERS, "blocks", world.week, asked)
    blocks.firm_sales[LANDLORD] += rent
    blocks.firm_sales[CARRIER] += freight
    blocks.firm_sales[BUILDER] += add_all(makers.capital_ordered_local)
    blocks.firm_sales[OFFICE] += office
    blocks.firm_sales[OFFICE] += add_all(world.population("G").programme_services)
    blocks.firm_sales[OFFICE] += add_all(partners.deal_cost)
    blocks.firm_sales[OFFICE] += add_all(world.population("X").deal_cost)
    blocks.firm_sales[OFFICE] += add_all(makers.technology_local)
    blocks.firm_sales[OFFICE] += advice(world)
    operators.add_orders(world, blocks.firm_sales)
    blocks.output[:] = (
        blocks.household_sales
        + blocks.firm_sales
        + blocks.margin_orders
        + blocks.government_sales
        + blocks.outside_sales
    ) / blocks.price


def _earn(world: World, letter: str, pay: Floats | None) -> None:
    """Pay earned this week by residents and in-commuters, owed until next week.

    `pay` USD, where hours are paid and not output.
    """
    firms, recipe = world.population(letter), world.technology
    if pay is not None:
        units = firms.hours
        jobs_per_unit = recipe.jobs[firms.sector] * firms.jobs_factor / firms.productivity
    else:
        units = firms.output
        pay = recipe.wage[firms.sector] * units * world.wage
        jobs_per_unit = recipe.jobs[firms.sector]
    world.rest_of_us.commuter_pay += earn_pay(
        pay,
        jobs_per_unit,
        units,
        firms.output,
        world.parameters.commuter_share,
        firms.wage_residents,
        firms.wage_commuters,
        firms.jobs,
        firms.tax_base,
    )
    world.ledger.book(f"wages accrued {letter}>H")
    world.ledger.book(f"wages accrued {letter}>X")
