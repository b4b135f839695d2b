"""Stage 4, consume: households spend, shops and blocks sell.

    C = s_w Y_w + s_o Y_o + base ≤ deposits   Y: gross pay, draws, smoothed with half-life n weeks
    Y ← Y + w (income - Y),                   w = 1 - 2^(-1/n),  w = 1 at n = 0
    G ← G + γ_g (receipts - G)                what the local government spends

s_w is on gross pay: taxes and saving are already out of it, so they never reduce C again. A levy
lowers the income a cohort spends from, and a rebate raises it. Budget
shares are fixed: the part `shop_spending` goes to shops at purchaser prices, of which residents
spend `shop_local_part` in the place, split between independents and chains; the rest goes directly
to blocks, to the rest of the US and abroad. A shop sells units at landed cost plus its margin and
times its price, as far as its stock reaches; what it lacks is bought at the chain, and what the
chain lacks outside the place. Shops use up supplies of their own (packaging, fittings) for last
week's margin. The local government's spending follows its receipts (γ_g, per week; at zero it stays
at the base year's), and what it holds above four weeks of it is spent over a quarter; it is booked
with the sales of the blocks in `produce`. USD a week; units at base-year landed cost.

Source: model specification §7.1, §7.18; basket and margins of BEA (2017, 2022). Left out: wealth
effects, substitution between sectors, government notes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.economy.technology import SERVICE_SECTORS
from millworks.kernels import compiled
from millworks.programmes import levy
from millworks.world.accounts import FIRMS, OWNERS, WORKERS
from millworks.world.averages import newest_weight
from millworks.world.closure import SPENDING
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@compiled
def sell_from_stock(
    demanded: Floats,
    status: Ints,
    price: Floats,
    margin: float,
    goods_rate: Floats,
    last_output: Floats,
    stock: Floats,
    supplies: Floats,
    sold: Floats,
    sales: Floats,
) -> None:
    """Each shop uses its supplies and sells what households want, as far as its stock reaches.

    `demanded`, `sales` USD; `supplies`, `sold`, `stock` units.
    """
    for shop in range(stock.shape[0]):
        supplies[shop] = 0.0
        sold[shop] = 0.0
        sales[shop] = 0.0
        if status[shop] != ACTIVE:
            continue
        supplies[shop] = min(stock[shop], goods_rate[shop] * last_output[shop])
        unit_price = (1.0 + margin) * price[shop]
        wanted = demanded[shop] / unit_price
        left = stock[shop] - supplies[shop]
        if wanted <= left:
            sold[shop] = wanted
            sales[shop] = demanded[shop]
        else:
            sold[shop] = left
            sales[shop] = left * unit_price
        stock[shop] -= sold[shop] + supplies[shop]


@compiled
def cost_of_sales(
    stock: Floats, inventory: Floats, sold: Floats, supplies: Floats, used: Floats, change: Floats
) -> None:
    """Units that left each shop, and what that does to its inventory at average cost, USD.

    `stock` units on hand before, `inventory` what they had cost.
    """
    for shop in range(stock.shape[0]):
        used[shop] = sold[shop] + supplies[shop]
        cost = inventory[shop] / stock[shop] if stock[shop] > 0.0 else 1.0
        change[shop] = -min(used[shop] * cost, inventory[shop])


@compiled
def next_purchases(
    spending: float, receipts: float, deposit: float, keep_weeks: float, speed: float
) -> float:
    """What the local government spends next week, USD."""
    if speed <= 0.0:
        return spending
    level = spending + speed * (receipts - spending)
    surplus = (deposit - keep_weeks * level) / 13.0
    return max(0.0, min(level + speed * surplus, deposit))


def consume(world: World) -> None:
    """Decide spending, and sell it."""
    _spend(world)
    _govern(world)
    _sell_in_shops(world)
    _sell_directly(world)


def _spend(world: World) -> None:
    """What each cohort spends this week."""
    households, rates = world.population("H"), world.parameters
    weight = newest_weight(rates.income_half_life)
    net = households.rebate - households.levy
    income = (households.pay_received + net, households.draws_received + net)
    for row, propensity in ((WORKERS, rates.s_w), (OWNERS, rates.s_o)):
        smoothed = households.smoothed_income
        smoothed[row] += weight * (income[row][row] - smoothed[row])
        wanted = propensity * smoothed[row] + households.base_consumption[row]
        households.consumption[row] = min(wanted, max(0.0, households.cleared[row]))
    own = households.consumption.copy()
    households.consumption[:] = world.closure.path(SPENDING, "households", world.week, own)


def _govern(world: World) -> None:
    """The local government decides what it spends next week, in fixed proportions."""
    government, rates = world.population("G"), world.parameters
    receipts = add_all(world.population("H").tax_local)
    for letter in FIRMS:
        receipts += add_all(world.population(letter).pay_taxes_local)
    spent = float(government.purchases_local[0] + government.purchases_outside[0])
    # What a levy has raised for programmes, before and this week, is not for the budget to spend.
    deposit = float(government.cleared[0] - max(0.0, government.programme_fund[0]))
    deposit -= levy.received(world)
    spending = next_purchases(
        spent, receipts, deposit, rates.government_weeks, rates.government_speed
    )
    planned = np.array([spending])
    spending = float(world.closure.path(SPENDING, "government", world.week, planned)[0])
    if spent > 0.0 and spending != spent:
        part = spending / spent
        government.purchases_local[:] *= part
        government.purchases_outside[:] *= part
        world.population("S").government_sales[:] *= part


def _sell_in_shops(world: World) -> None:
    """Shops in the place sell from stock; the rest of shopping is done outside."""
    households, recipe = world.population("H"), world.technology
    in_shops = households.consumption * recipe.shop_spending
    here = in_shops * recipe.shop_local_part
    total = here[WORKERS] + here[OWNERS]
    to_chains = total * world.chain_share
    retailers, chains = world.population("R"), world.population("C")
    retailers.demanded[:] = retailers.sales_share * (total - to_chains)
    _sell(world, "R")
    missed = (total - to_chains) - add_all(retailers.sales)
    chains.demanded[:] = to_chains + max(0.0, missed)
    _sell(world, "C")
    part = here / total if total > 0.0 else np.zeros_like(here)
    households.spent_independents[:] = part * add_all(retailers.sales)
    households.spent_chains[:] = part * add_all(chains.sales)
    households.spent_shops_outside[:] = (
        in_shops - households.spent_independents - households.spent_chains
    )
    retailers.annual_sales[:] += retailers.sales - retailers.annual_sales / 52.0
    for letter in "RC":
        shops = world.population(letter)
        world.ledger.book(f"retail sales H>{letter}", shops.sales if letter == "R" else None)
        world.ledger.book(f"inputs used {letter}")
    world.ledger.book("retail sales H>X")
    lacked = add_all(chains.demanded - chains.sales)
    world.rest_of_us.purchases += lacked * recipe.shopping_elsewhere


def _sell(world: World, letter: str) -> None:
    """Sales of one kind of shop, and what they cost."""
    shops, recipe = world.population(letter), world.technology
    stock_before = shops.units_on_hand.copy()
    sell_from_stock(
        shops.demanded,
        shops.status,
        shops.price,
        recipe.retail_margin,
        recipe.goods_rate[shops.sector],
        shops.last_output,
        shops.units_on_hand,
        shops.supplies_used,
        shops.units_sold,
        shops.sales,
    )
    shops.output[:] = shops.units_sold * recipe.retail_margin
    cost_of_sales(
        stock_before,
        shops.inventory,
        shops.units_sold,
        shops.supplies_used,
        shops.goods_used,
        shops.inputs_used_up,
    )


def _sell_directly(world: World) -> None:
    """Blocks serve households; the rest of the US and abroad serve what is bought there."""
    households, recipe = world.population("H"), world.technology
    spent = households.consumption
    total = float(spent[WORKERS] + spent[OWNERS])
    blocks = world.population("S")
    blocks.household_sales[:] = total * recipe.direct_local[SERVICE_SECTORS]
    households.spent_services[:] = spent * add_all(recipe.direct_local)
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
