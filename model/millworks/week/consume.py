"""Stage 4, consume: households spend, shops and blocks sell.

    C = s_w Y_w + s_o Y_o + base          Y: gross pay, draws, smoothed with half-life n weeks
    Y ← Y + w (income - Y),               w = 1 - 2^(-1/n),  w = 1 at n = 0

s_w is on gross pay: taxes and saving are already out of it, so they never reduce C again. Budget
shares are fixed: the part `shop_spending` goes to shops at purchaser prices, of which residents
spend `shop_local_part` in the place, split between independents and chains; the rest goes directly
to blocks, to the rest of the US and abroad. A shop sells units at landed cost plus its margin,
and uses up supplies of its own (packaging, fittings) for last week's margin. All in USD a week.

Source: model specification §7.1; basket and margins of BEA (2017, 2022). Left out so far: prices,
stock-outs, wealth effects, substitution between sectors.
"""

from __future__ import annotations

from millworks.economy.technology import SERVICE_SECTORS
from millworks.world.accounts import OWNERS, WORKERS
from millworks.world.averages import newest_weight
from millworks.world.closure import SPENDING
from millworks.world.world import World


def consume(world: World) -> None:
    """Decide spending, and sell it."""
    _spend(world)
    _sell_in_shops(world)
    _sell_directly(world)


def _spend(world: World) -> None:
    """What each cohort spends this week."""
    households, rates = world.population("H"), world.parameters
    weight = newest_weight(rates.income_half_life)
    income = (households.pay_received, households.draws_received)
    for row, propensity in ((WORKERS, rates.s_w), (OWNERS, rates.s_o)):
        smoothed = households.smoothed_income
        smoothed[row] += weight * (income[row][row] - smoothed[row])
        households.consumption[row] = propensity * smoothed[row] + households.base_consumption[row]
    spending, _ = world.closure.route(
        SPENDING, "households", world.week, households.consumption.copy()
    )
    households.consumption[:] = spending


def _sell_in_shops(world: World) -> None:
    """Shops in the place sell from stock; the rest of shopping is done outside."""
    households, recipe = world.population("H"), world.technology
    in_shops = households.consumption * recipe.shop_spending
    here = in_shops * recipe.shop_local_part
    households.spent_chains[:] = here * world.parameters.chain_share
    households.spent_independents[:] = here - households.spent_chains
    households.spent_shops_outside[:] = in_shops - here
    for letter, spent in (("R", households.spent_independents), ("C", households.spent_chains)):
        shops = world.population(letter)
        shops.sales[:] = shops.sales_share * (spent[WORKERS] + spent[OWNERS])
        shops.cost_of_sales[:] = shops.sales / (1.0 + recipe.retail_margin)
        shops.output[:] = shops.sales - shops.cost_of_sales
        shops.supplies_used[:] = recipe.goods_rate[shops.sector] * shops.last_output
        shops.goods_used[:] = shops.cost_of_sales + shops.supplies_used
        shops.units_on_hand[:] -= shops.goods_used
        shops.inputs_used_up[:] = -shops.goods_used
        world.ledger.book(f"retail sales H>{letter}", shops.sales if letter == "R" else None)
        world.ledger.book(f"inputs used {letter}")
    world.ledger.book("retail sales H>X")


def _sell_directly(world: World) -> None:
    """Blocks serve households; the rest of the US and abroad serve what is bought there."""
    households, recipe = world.population("H"), world.technology
    spent = households.consumption
    total = float(spent[WORKERS] + spent[OWNERS])
    blocks = world.population("S")
    blocks.household_sales[:] = total * recipe.direct_local[SERVICE_SECTORS]
    households.spent_services[:] = spent * recipe.direct_local.sum()
    households.spent_services_outside[:] = (
        spent
        - households.spent_services
        - households.spent_independents
        - households.spent_chains
        - households.spent_shops_outside
    )
    world.ledger.book("household services H>S", blocks.household_sales)
    world.ledger.book("household services H>X")
    world.rest_of_us.purchases += total * recipe.direct_us
