"""Stage 8, plan: producers decide how much to make, with how many hands, and what binds them.

    F*   = cover_f ψ d̂ (season ahead)            finished stock aimed at for spot orders, cut to
                                                 what spare money and leased space allow
    want = backlog / n + ψ d̂ + (F* - F) / 4      units wanted this week
    Q    = min(want, K, hands, inputs / g, money / w)
    hands ← hands + η_h min(1, u/u_0) (want* - hands)⁺ - ⅔ η_h (hands - want*)⁺
    want* = min(want, K)

n weeks over which the order book is worked off, d̂ forecast of orders (EWMA, α), K capacity, g
inputs and w pay per unit. K counts hours rented at a hub (`millworks.programmes.shared_equipment`).
`bind` is the limit that is smallest when Q falls short of what is wanted; hands within `near` of
capacity count as capacity, a hub that lets them wait as its queue, inputs that money kept from
being ordered count as cash. A firm that cannot pay all its hands next week sends some home (hours).
Large firms have no limit of money. A maker that stands still (a shock) makes nothing; its hands
stay.

Source: model specification §7.6, §7.8, §7.9. Left out: overtime, learning by doing, lot sizes,
substitutes for missing inputs (a supplier's refusal is made good from outside at once).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.liquidity import loan_payments, spare_money, unpaid
from millworks.agents.producer import CAPACITY, CASH, INPUTS, LABOUR, SPACE
from millworks.economy import space
from millworks.economy.seasons import season_ahead
from millworks.kernels import compiled
from millworks.programmes import rented_space, shared_equipment
from millworks.world.labour_market import hiring_factor
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STOCK_WEEKS = 4.0
"""Weeks over which a gap in finished stock is made good."""
SEASON_WEEKS = 8
"""Weeks of season to come for which stock is built ahead."""
NEAR = 0.98
"""Part of capacity from which hands no longer count as what binds."""


@compiled
def stock_aimed_at(
    wanted: float, held: float, unit_cost: float, money: float, room: float
) -> tuple[float, int]:
    """Finished stock aimed at, in units, and what cut it (cash, space, or -1 for nothing).

    `money` in USD and `room` in units limit the building up, not what is there already.
    """
    aim, why = wanted, -1
    growth = wanted - held
    if growth <= 0.0:
        return aim, why
    affordable = max(0.0, money / unit_cost)
    if growth > affordable:
        aim, why = held + affordable, CASH
    if aim > held and aim - held > max(0.0, room):
        aim, why = held + max(0.0, room), SPACE
    return aim, why


@compiled
def next_hands(hands: float, wanted: float, speed: float, hiring: float) -> float:
    """Hands (units of output a week) after a week's hiring or leaving."""
    if wanted > hands:
        return hands + min(1.0, speed * hiring) * (wanted - hands)
    return hands - min(1.0, speed * 2.0 / 3.0) * (hands - wanted)


@compiled
def least_limit(
    want: float, capacity: float, hands: float, inputs: float, payable: float, inputs_cut: bool
) -> tuple[float, int]:
    """Units to make and the limit that binds (-1 for none); limits in units."""
    made, why = want, -1
    if capacity < made:
        made, why = capacity, CAPACITY
    if hands < made:
        made = hands
        why = CAPACITY if hands >= NEAR * capacity else LABOUR
    if inputs < made:
        made, why = inputs, CASH if inputs_cut else INPUTS
    if payable < made:
        made, why = payable, CASH
    return max(0.0, made), why


@compiled
def plan_week(
    status: Ints,
    moving: npt.NDArray[np.bool_],
    orders: Floats,
    accepted: Floats,
    backlog: Floats,
    spot_served: Floats,
    spot_share: Floats,
    free_stock: Floats,
    capacity: Floats,
    inputs: Floats,
    pay_per_unit: Floats,
    unit_cost: Floats,
    money: Floats,
    payable: Floats,
    room: Floats,
    inputs_cut: npt.NDArray[np.bool_],
    staff: Floats,
    demand_forecast: Floats,
    potential_forecast: Floats,
    finished_aim: Floats,
    order_part: Floats,
    planned: Floats,
    hours: Floats,
    bind: Ints,
    stock_bind: Ints,
    alpha: float,
    cover: float,
    season: float,
    work_weeks: float,
    speed: float,
    hiring: float,
) -> None:
    """Each producer forecasts, hires and plans its week; amounts in units, money in USD."""
    for firm in range(status.shape[0]):
        planned[firm] = 0.0
        hours[firm] = 0.0
        bind[firm] = -1
        stock_bind[firm] = -1
        if status[firm] != ACTIVE:
            staff[firm] = 0.0
            finished_aim[firm] = 0.0
            continue
        taken = accepted[firm] * orders[firm]
        demand_forecast[firm] += alpha * (taken - demand_forecast[firm])
        potential_forecast[firm] += alpha * (orders[firm] - potential_forecast[firm])
        stock = free_stock[firm] - spot_served[firm]
        aim = cover * spot_share[firm] * potential_forecast[firm] * season
        finished_aim[firm], stock_bind[firm] = stock_aimed_at(
            aim, stock, unit_cost[firm], money[firm], room[firm]
        )
        due = (backlog[firm] - spot_served[firm]) / work_weeks
        # Stock is kept by making what will be sold from it, and its gap closed over some weeks.
        usual = spot_share[firm] * demand_forecast[firm]
        for_stock = max(0.0, usual + (finished_aim[firm] - stock) / STOCK_WEEKS)
        want = due + for_stock
        order_part[firm] = due / want if want > 0.0 else 1.0
        staff[firm] = next_hands(staff[firm], min(want, capacity[firm]), speed, hiring)
        hours[firm] = staff[firm]
        affordable = math.inf
        if pay_per_unit[firm] > 0.0:
            affordable = max(0.0, payable[firm] / pay_per_unit[firm])
        if affordable < hours[firm]:
            hours[firm] = affordable
        if moving[firm]:
            bind[firm] = SPACE
            continue
        planned[firm], bind[firm] = least_limit(
            want, capacity[firm], staff[firm], inputs[firm], affordable, inputs_cut[firm]
        )


@compiled
def fill_makeable(on_hand: Floats, goods_rate: Floats, units: Floats) -> None:
    """Units that each producer's goods on hand suffice for; `goods_rate` goods per unit."""
    for firm in range(units.shape[0]):
        units[firm] = on_hand[firm] / goods_rate[firm] if goods_rate[firm] > 0.0 else math.inf


@compiled
def room_on_floor(
    floor: Floats,
    jobs: Floats,
    inputs: Floats,
    finished: Floats,
    sector: Ints,
    pounds_per_unit: Floats,
    prices: space.SpacePrices,
    room: Floats,
) -> None:
    """Units of finished goods that each maker's floor has room for beside people and goods held.

    `floor` sq ft; `inputs`, `finished` units on hand; `pounds_per_unit` by sector.
    """
    for firm in range(floor.shape[0]):
        left = floor[firm] - prices.square_feet_per_worker * jobs[firm]
        pounds = left / prices.square_feet_per_pallet * prices.pounds_per_pallet
        weight = pounds_per_unit[sector[firm]]
        held = (inputs[firm] + finished[firm]) * weight
        room[firm] = (pounds - held) / weight


def plan(world: World) -> None:
    """Plan the week of makers and partners."""
    trade, rates = world.trade, world.parameters
    ahead = season_ahead(world.week, SEASON_WEEKS) if rates.seasons > 0.0 else 1.0
    season = 1.0 + rates.seasons * (ahead - 1.0)
    hiring = hiring_factor(world.labour)
    shared_equipment.open_hubs(world)
    for letter in "MP":
        firms = world.population(letter)
        inputs = np.empty(firms.size)
        fill_makeable(firms.units_on_hand, world.goods_per_unit(letter), inputs)
        free_stock = firms.finished_units - trade.ready_at_seller[trade.spans[letter]]
        if letter == "M":
            shared_equipment.rent_hours(world, free_stock, inputs, hiring)
        unlimited = np.full(firms.size, np.inf)
        money = spare_money(world, "M") if letter == "M" else unlimited
        if letter == "M":
            rented_space.store_goods(
                world, free_stock - firms.spot_served, money - 0.5 * firms.cash_buffer, season
            )
        plan_week(
            firms.status,
            firms.moving_until > world.week,
            firms.orders,
            firms.accepted,
            firms.backlog,
            firms.spot_served,
            firms.spot_share,
            free_stock,
            world.capacity_at_hand(letter),
            inputs,
            world.pay_per_unit(letter),
            firms.unit_cost,
            money - 0.5 * firms.cash_buffer,
            _payable(world) if letter == "M" else unlimited,
            _room(world) if letter == "M" else unlimited,
            firms.inputs_cut,
            firms.staff,
            firms.demand_forecast,
            firms.potential_forecast,
            firms.finished_aim,
            firms.order_part,
            firms.planned,
            firms.hours,
            firms.bind,
            firms.stock_bind,
            rates.alpha,
            rates.cover_f,
            season,
            rates.work_weeks,
            rates.eta_h,
            hiring,
        )
    shared_equipment.name_queue(world)
    _stand_still(world)


def _stand_still(world: World) -> None:
    """Makers that cannot work make nothing; their hands stay, paid as far as money reaches."""
    makers = world.population("M")
    if makers.stopped.any():
        still = makers.stopped & (makers.status == ACTIVE)
        makers.planned[still] = 0.0
        makers.bind[still] = CAPACITY


def _payable(world: World) -> Floats:
    """Pay of this week that makers can meet next week after all else that falls due, USD."""
    makers, trade = world.population("M"), world.trade
    goods = trade.due_from("M", world.week + 1)
    # Rent and freight of this week are not charged yet: those of last week stand for them.
    running = makers.services_local + makers.services_outside
    for later in ("rent", "freight_local", "freight_outside", "fees", "space_fees"):
        running += getattr(makers, later)
    dues = goods + loan_payments(makers, 1)
    dues += running
    dues += unpaid(makers)
    room = np.maximum(0.0, makers.revolver_limit - makers.revolver)
    return makers.cleared + makers.uncleared + room - dues


def _room(world: World) -> Floats:
    """Units of finished goods for which the leased floor still has room."""
    makers = world.population("M")
    if world.parameters.explicit_space <= 0.0:
        return np.full(makers.size, np.inf)
    room = np.empty(makers.size)
    room_on_floor(
        makers.floor_space,
        makers.jobs,
        makers.units_on_hand,
        makers.finished_units,
        makers.sector,
        world.pounds_per_unit,
        space.price_list(),
        room,
    )
    rented_space.add_stored_room(world, room)
    return room
