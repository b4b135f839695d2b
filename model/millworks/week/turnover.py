"""Stage 15, turnover: firms are born, firms close, estates are settled.

    birth     Poisson by sector; takes the row and the market of a firm that has left
    exit      arrears, book equity too low at two quarterly tests, or the owner gives up
    estate    capital and stocks are sold off, customers pay, debts are paid as they fall due;
              when nothing more comes in, what is still owed is written off and the row is free

A firm that closes loses its orders: what its customers wait for they ask of the rest of the US, and
what it waits for is cancelled. Its loans fall due at once, its credit line is closed (`settle`),
its floor is given up. What is left at the end goes to its owners: `distribute` pays out a closing
firm without debts. The rules stand in `agents/estate.py`, `agents/estate_debts.py` and
`agents/newcomer.py`; USD and base USD a week. With hazards, arrears and the bound of equity at
their limits nobody leaves and no balance moves.

Source: model specification §7.15. Left out: reorganisation, mergers, moves to other places,
customers who follow an owner to another firm, the deposit of a newcomer's first lease.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents import estate, estate_debts, newcomer
from millworks.agents.firm import ACTIVE, CLOSING, FREE
from millworks.agents.pricing import unit_cost
from millworks.economy import space
from millworks.economy.sectors import N_SECTORS
from millworks.economy.size_mix import CLASS_BOUNDS
from millworks.programmes import operators, rented_space, stakes
from millworks.programmes.guarantees import bear_losses
from millworks.world.cancellations import cancel_orders_of
from millworks.world.closure import TURNOVER
from millworks.world.columns import Population
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

KINDS = "MR"
"""Makers and independent retailers come and go; partners, chains and blocks stay."""

BURN_IN = 156
"""Week in which the margins are noted to which births answer."""

KEPT = {
    "M": (
        "input_factor",
        "labour_factor",
        "jobs_factor",
        "capital_per_unit",
        "spot_share",
        "fill_base",
        "freight_units",
        "entry_margin",
        "flexible_rent",
    ),
    "R": ("sales_share", "employment"),
}
"""What a newcomer takes over with the row, besides sector, bank and the row's share of owners."""
KEPT_BY_ALL = ("sector", "lender", "local_ownership", "base_output")

STOPPED = {
    "R": ("weeks_closing", "staff", "planned_draw"),
    "M": (
        "weeks_closing",
        "staff",
        "planned_draw",
        "planned",
        "hours",
        "capacity",
        "base_capital",
        "floor_space",
        "flexible_rate",
        "pallets_stored",
        "pending_capacity",
        "pending_capital",
    ),
}
"""What a firm that closes no longer has or plans, by holder letter."""


def turnover(world: World) -> None:
    """Let firms begin, close and leave."""
    trade = world.trade
    if world.turnover:
        # Nobody's orders were cancelled in a week in which nobody came or went.
        trade.cancelled[:] = 0.0
    world.turnover.clear()
    if world.week == BURN_IN:
        _note_margins(world)
    closed = np.zeros(trade.agents, dtype=np.bool_)
    for letter in KINDS:
        _begin(world, letter)
        closed[trade.spans[letter]] = _close(world, letter)
    if closed.any():
        cancel_orders_of(world, closed)
    settled = np.zeros(trade.agents, dtype=np.bool_)
    for letter in KINDS:
        settled[trade.spans[letter]] = _sell_off(world, letter)
    for letter in KINDS:
        estate_debts.write_off(world, letter, settled[trade.spans[letter]])
    operators.write_off_fees(world, settled[trade.spans["M"]])
    bear_losses(world)
    if settled.any():
        world.ledger.write_off_goods(settled)
    for letter in KINDS:
        _leave(world, letter, settled[trade.spans[letter]])


# --- births


def _margins(world: World) -> Floats:
    """Realised margin of each sector's active makers, weighted with their sales, [34]."""
    makers, margin = world.population("M"), np.empty(N_SECTORS)
    newcomer.sector_margins(
        makers.status,
        makers.sector,
        makers.annual_sales,
        makers.price,
        makers.unit_cost,
        margin,
    )
    return margin


def _note_margins(world: World) -> None:
    makers = world.population("M")
    makers.entry_margin[:] = _margins(world)[makers.sector]


def _begin(world: World, letter: str) -> None:
    """Firms are born on rows that are free, and their owners pay equity in."""
    firms = world.population(letter)
    firms.called_local[:] = 0.0
    firms.called_outside[:] = 0.0
    rows, demand = _births(world, letter)
    if not rows.size:
        return
    _take_over(firms, rows, KEPT_BY_ALL + KEPT[letter], world.week)
    weekly_sales = (_equip_maker if letter == "M" else _equip_retailer)(world, rows, demand)
    capital = firms.base_capital[rows] if letter == "M" else np.zeros(rows.size)
    equity = newcomer.paid_in(capital, weekly_sales, world.parameters.start_weeks)
    firms.called_local[rows] = equity * firms.local_ownership[rows]
    firms.called_outside[rows] = equity - firms.called_local[rows]
    world.ledger.book(f"equity paid in H>{letter}")
    world.ledger.book(f"equity paid in X>{letter}")
    world.turnover[f"births {letter}"] = rows.size


def _births(world: World, letter: str) -> tuple[Ints, Floats]:
    """Rows on which a firm is born, by the rules or where a closure's path has one; the markets.

    The markets are those of the rows returned, in units a week.
    """
    firms = world.population(letter)
    vacant = np.flatnonzero(firms.status == FREE)
    demand = _market(world, letter, vacant)
    vacant, demand = vacant[demand > 0.0], demand[demand > 0.0]
    trading = (firms.status == ACTIVE).astype(np.float64)
    trading[_openings(world, letter, vacant)] = 1.0
    path = world.closure.path(TURNOVER, f"after births {letter}", world.week, trading)
    born = path[vacant] > 0.0
    return vacant[born], demand[born]


def _market(world: World, letter: str, rows: Ints) -> Floats:
    """Orders a week that belong to `rows`, in units: their customers' or their part of shopping."""
    firms, trade = world.population(letter), world.trade
    if letter == "R":
        return np.asarray(firms.base_output[rows] / world.technology.retail_margin, np.float64)
    orders = np.empty(rows.size)
    newcomer.present_orders(
        trade.spans[letter].start + rows,
        trade.by_seller,
        trade.seller_start,
        trade.outside_customers,
        trade.base_order,
        trade.demand_state,
        orders,
    )
    return orders


def _openings(world: World, letter: str, free: Ints) -> Ints:
    """Rows on which a firm is born this week: a keyed number by sector, the luckiest rows."""
    firms, rates, streams = world.population(letter), world.parameters, world.streams
    if not free.size:
        return free
    sector, born = firms.sector[free], np.empty(N_SECTORS, dtype=np.int64)
    now, usual = np.zeros(N_SECTORS), np.zeros(free.size)
    if letter == "M":
        now, usual = _margins(world), firms.entry_margin[free]
    most = newcomer.draw_births(
        sector,
        usual,
        now,
        rates.entry_rate,
        rates.e_m,
        world.week,
        *streams.key,
        streams.code("birth_count"),
        born,
    )
    newcomer.require_few_births(most)
    if not born.any():
        return np.zeros(0, dtype=np.int64)
    luck = streams.uniform(
        "birth_size", firms.identity[free], week=world.week, generation=firms.generation[free]
    )
    chosen = [
        free[sector == one][np.argsort(luck[sector == one], kind="stable")[:number]]
        for one, number in enumerate(born)
        if number
    ]
    return np.sort(np.concatenate(chosen))


def _take_over(firms: Population, rows: Ints, kept: tuple[str, ...], week: int) -> None:
    """Give rows to new holders, who keep what belongs to the row and not to the firm."""
    values = {name: getattr(firms, name)[rows].copy() for name in kept}
    firms.renew(rows)
    for name, held in values.items():
        getattr(firms, name)[rows] = held
    firms.occupied[rows] = True
    firms.status[rows] = ACTIVE
    firms.born[rows] = week


def _equip_maker(world: World, rows: Ints, demand: Floats) -> Floats:
    """Draw new makers and give them capacity for part of their market; their weekly sales, USD."""
    makers, rates, recipe = world.population("M"), world.parameters, world.technology
    streams, trade = world.streams, world.trade
    identity, generation = makers.identity[rows], makers.generation[rows]
    sector = makers.sector[rows]
    served = rates.start * demand
    makers.capacity[rows] = newcomer.starting_capacity(demand, rates.start, rates.use_target)
    makers.base_capital[rows] = rates.kc * 52.0 * makers.capacity[rows]
    jobs = recipe.jobs[sector] * makers.jobs_factor[rows] * served * 52.0
    makers.employment[rows] = jobs
    makers.size_class[rows] = np.searchsorted(CLASS_BOUNDS[1:, 0], jobs, side="right")
    makers.ambition[rows] = newcomer.ambitions(
        streams, identity, generation, makers.size_class[rows], rates.noamb
    )
    _draw_costs(world, rows, _lease(world, rows, served))
    makers.usage_forecast[rows] = recipe.goods_rate[sector] * makers.input_factor[rows] * served
    makers.demand_forecast[rows] = makers.potential_forecast[rows] = served
    makers.fill[rows] = makers.fill_base[rows]
    makers.market_share[rows] = 1.0
    trade.market_share[trade.spans["M"].start + rows] = 1.0
    makers.bind[rows] = makers.stock_bind[rows] = -1
    _draw_owner(world, makers, rows, served)
    return served


def _draw_costs(world: World, rows: Ints, rent: Floats) -> None:
    """Draw productivity and mark-up; inputs make up the rest of a price of one, within bounds.

    `rent` [rows] USD a week.
    """
    makers, rates, recipe = world.population("M"), world.parameters, world.technology
    identity, generation = makers.identity[rows], makers.generation[rows]
    sector = makers.sector[rows]
    step = newcomer.productivity_steps(
        world.streams, identity, generation, rates.sd_A * rates.cost_spread
    )
    makers.labour_factor[rows] /= step
    makers.jobs_factor[rows] /= step
    services = recipe.services_local.sum(axis=0) + recipe.services_us.sum(axis=0)
    inputs = (recipe.goods_rate + services + recipe.services_abroad)[sector]
    others = unit_cost(
        labour=recipe.wage[sector] * makers.labour_factor[rows],
        goods=0.0,
        services=0.0,
        taxes=recipe.tax[sector],
        freight=makers.freight_units[rows],
        fixed=rent + rates.dep * makers.base_capital[rows] / 52.0,
        capacity=makers.capacity[rows],
    )
    aimed = newcomer.markups(world.streams, identity, generation, rates.m_bar, rates.m_sd)
    makers.input_factor[rows] = newcomer.input_factors(
        (1.0 - aimed - others) / inputs, rates.cost_spread
    )
    makers.unit_cost[rows] = others + inputs * makers.input_factor[rows]
    makers.markup[rows] = 1.0 - makers.unit_cost[rows]


def _lease(world: World, rows: Ints, served: Floats) -> Floats:
    """New makers lease the floor that their people and stocks will need; rent, USD a week."""
    makers, rates, recipe = world.population("M"), world.parameters, world.technology
    rent = np.zeros(rows.size)
    if rates.explicit_space <= 0.0:
        return rent
    prices = space.price_list()
    sector = makers.sector[rows]
    # Goods per unit of output as in its sector: what it needs itself is drawn after its rent.
    stock = rates.cover_in * recipe.goods_rate[sector] + rates.cover_f * makers.spot_share[rows]
    pallets = stock * served * world.pounds_per_unit[sector] / prices.pounds_per_pallet
    need = np.empty(rows.size)
    for place, row in enumerate(rows):
        need[place] = space.square_feet_needed(makers.employment[row], pallets[place], prices)
        floor = space.fitting(need[place], prices)
        rent[place] = space.rent_per_week(floor, space.rent_rate(floor, prices))
        makers.floor_space[row] = floor
    makers.lease_end[rows] = world.week + int(prices.lease_years * 52)
    # Their inputs are drawn to go with the usual rent, whatever floor they take.
    rented_space.start_leases(world, rows, need)
    return rent


def _equip_retailer(world: World, rows: Ints, demand: Floats) -> Floats:
    """Draw new retailers; their weekly sales at purchaser prices, USD."""
    shops, rates = world.population("R"), world.parameters
    shops.usage_forecast[rows] = rates.start * demand
    sales = shops.usage_forecast[rows] * (1.0 + world.technology.retail_margin)
    _draw_owner(world, shops, rows, sales)
    return np.asarray(sales, np.float64)


def _draw_owner(world: World, firms: Population, rows: Ints, weekly_sales: Floats) -> None:
    """What an owner brings: habits of cash, a reputation, and sales to be expected."""
    rates, streams = world.parameters, world.streams
    identity, generation = firms.identity[rows], firms.generation[rows]
    firms.cash_buffer[rows] = newcomer.cash_buffers(
        streams, identity, generation, weekly_sales, rates.buf, rates.buf_sd
    )
    firms.soft_information[rows] = streams.normal(
        "maker_soft_information", identity, generation=generation
    )
    firms.annual_sales[rows] = 52.0 * weekly_sales


# --- exits


def _close(world: World, letter: str) -> Flags:
    """Decide which firms close; they stop at once. Returns [firms] who does."""
    firms, rates, streams = world.population(letter), world.parameters, world.streams
    reason = np.empty(firms.size, dtype=np.int64)
    key0, key1 = streams.key
    estate.decide_exits(
        world.week,
        firms.status,
        firms.identity,
        firms.generation,
        firms.late_weeks,
        firms.equity + firms.stake if letter == "M" else firms.equity,
        firms.annual_sales,
        firms.insolvent_quarters,
        rates.arrears,
        rates.insolvency,
        rates.hv0,
        rates.hv1,
        rates.exit_sales,
        key0,
        key1,
        streams.code("voluntary_exit"),
        reason,
    )
    active = firms.status == ACTIVE
    stays = (active & (reason == estate.STAYS)).astype(np.float64)
    path = world.closure.path(TURNOVER, f"after exits {letter}", world.week, stays)
    closes = active & (path == 0.0)
    rows = np.flatnonzero(closes)
    if rows.size:
        firms.status[rows] = CLOSING
        firms.failed[rows] = (reason[rows] == estate.ARREARS) | (reason[rows] == estate.INSOLVENT)
        for name in STOPPED[letter]:
            getattr(firms, name)[rows] = 0
        failed = int(np.count_nonzero(firms.failed[rows]))
        world.turnover[f"failed {letter}"] = failed
        world.turnover[f"voluntary {letter}"] = rows.size - failed
    return closes


# --- estates


def _sell_off(world: World, letter: str) -> Flags:
    """Closing firms sell what they hold and call in what they owe; [firms] whose estate is over."""
    firms, rates, book = world.population(letter), world.parameters, world.ledger.book
    settled, rows = np.zeros(firms.size, dtype=np.bool_), np.flatnonzero(firms.status == CLOSING)
    if not rows.size:
        for name in estate.SOLD_OFF[letter]:
            getattr(firms, name)[:] = 0.0
        return settled
    held = {"inventory": rates.stock_resale}
    if letter == "M":
        held |= {"capital": rates.recov, "finished": rates.stock_resale}
    for asset, part in held.items():
        estate.goods_sold_off(
            firms.status,
            firms.fixed_capital if asset == "capital" else getattr(firms, asset),
            part,
            getattr(firms, f"{asset}_sold"),
            getattr(firms, f"{asset}_devalued"),
        )
    if letter == "M":
        for name in ("orders_devalued", "deposit_forfeited", "technology_devalued"):
            getattr(firms, name)[:] = 0.0
        firms.orders_devalued[rows] = -firms.capital_on_order[rows]
        firms.deposit_forfeited[rows] = firms.lease_deposit[rows]
        firms.technology_devalued[rows] = -firms.technology[rows]
    for asset in held:
        book(f"{asset} sold off X>{letter}")
        book(f"{asset} devalued {letter}")
    firms.units_on_hand[rows] = 0.0
    if letter == "M":
        book("orders devalued M")
        book("lease deposit forfeited S>M")
        book("technology devalued M")
        firms.finished_units[rows] = 0.0
    firms.revolver_limit[rows] = firms.revolver[rows]
    firms.weeks_closing[rows] += 1
    estate.estates_settled(
        firms.status,
        firms.weeks_closing,
        firms.goods_receivable + firms.in_transit + firms.uncleared,
        firms.tax_base,
        estate_debts.debts(firms, letter),
        firms.cleared,
        rates.estate_weeks,
        settled,
    )
    return settled


def _leave(world: World, letter: str, settled: Flags) -> None:
    """Rows of firms that own and owe nothing any more are free."""
    firms, gone = world.population(letter), settled
    if settled.any():
        left = firms.cleared + firms.uncleared + firms.goods_receivable + firms.in_transit
        gone = settled & (np.abs(left) <= estate.CENT)
    if letter == "M":
        stakes.write_off(world, gone)
    firms.status[gone] = FREE
    firms.occupied[gone] = False
