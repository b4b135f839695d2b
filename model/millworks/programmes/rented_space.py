"""Space that makers rent beside their usual lease: storage by the pallet, floors by the quarter.

    storage     fee · pallets stored                                  USD a week, M>O
                rent of the floor of all Q pallets, used or not       O>S
                handling · pallets stored                             O>H
    floors      agreed rent · flexible floor / 52                     M>O
                (1 - public part) · usual rent of what stands / 52    O>X, to the investor
                running / 52                                          O>H
    building    1/weeks of what is still missing of it, each week     O>S, X>O its part

An operator runs each of the two. Makers ask for storage when they plan the week and choose their
floor at their dates (`millworks.programmes.storage` and `leases`); they pay what they have taken
from the same week on, like rent. The building is put up by firms here; the investor who puts in the
part that is not public stands outside, and has his part of the usual rent for it. A floor that is
flexible pays no usual rent.

Source: model specification §7.11, §8. Left out: repair of the building, a term for storage.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.contribution import contribution_before_freight
from millworks.agents.firm import ACTIVE
from millworks.economy import space
from millworks.programmes import leases, operators, storage
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STORAGE, FLOORS = "flexible_warehousing", "flexible_real_estate"
STORAGE_ROW, FLOORS_ROW = operators.row_of(STORAGE), operators.row_of(FLOORS)


def store_goods(world: World, stock: Floats, money: Floats, season: float) -> None:
    """Makers ask for storage, the warehouse grants what it has.

    `stock` finished units free for spot orders after this week's are served, `money` USD that can
    be put into stock.
    """
    makers, rates = world.population("M"), world.parameters
    if rates.explicit_space <= 0.0:
        return
    if not (makers.storage_fee.any() or makers.pallets_stored.any()):
        return
    storage.ask_for_storage(
        makers.status,
        makers.storage_fee,
        makers.floor_space,
        makers.jobs,
        makers.units_on_hand,
        makers.finished_units,
        stock,
        makers.orders,
        makers.potential_forecast,
        makers.spot_share,
        makers.unit_cost,
        money,
        contribution_before_freight(world, "M", rates.vshare) - makers.freight_units,
        world.pounds_per_unit[makers.sector],
        rates.alpha,
        rates.cover_f,
        season,
        space.price_list(),
        makers.pallets_asked,
    )
    capacity = float(world.population("O").pallets[STORAGE_ROW])
    storage.grant_storage(makers.pallets_asked, capacity, makers.pallets_stored)


def add_stored_room(world: World, room: Floats) -> None:
    """Room for finished goods, units, where part of the goods is stored outside."""
    makers = world.population("M")
    if makers.pallets_stored.any():
        storage.room_with_storage(
            makers.floor_space,
            makers.jobs,
            makers.pallets_stored,
            makers.units_on_hand + makers.finished_units,
            world.pounds_per_unit[makers.sector],
            space.price_list(),
            room,
        )


def offered(world: World) -> bool:
    """Whether anybody can take another floor than the usual lease has, or has done so."""
    makers = world.population("M")
    columns = (makers.storage_fee, makers.flexible_rent, makers.flexible_rate)
    return any(column.any() for column in columns)


def review_leases(world: World, pallets: Floats) -> None:
    """Makers whose date it is choose between the usual lease, storage and a flexible floor.

    `pallets` [makers] that the stocks aimed at fill.
    """
    makers, prices, rates = world.population("M"), space.price_list(), world.parameters
    due = np.flatnonzero((world.week + makers.identity) % leases.FLEXIBLE_WEEKS == 0)
    lots = world.streams.uniform(
        "facility_place", makers.identity[due], week=world.week, generation=makers.generation[due]
    )
    earned = contribution_before_freight(world, "M", rates.vshare) - makers.freight_units
    weekly = np.maximum(0.0, earned) * np.minimum(makers.demand_forecast, makers.capacity)
    stored_for = rates.cover_f * makers.storage_fee * world.pounds_per_unit[makers.sector]
    worth = earned * prices.pounds_per_pallet > stored_for
    leases.review_all_leases(
        world.week,
        due[np.lexsort((makers.identity[due], lots))],
        makers.identity,
        makers.status,
        makers.jobs,
        pallets,
        makers.cleared,
        prices.moving_weeks * weekly,
        np.where(worth, makers.storage_fee, 0.0),
        makers.flexible_rent,
        np.array([_vacant_pallets(world), vacant_floor(world)]),
        leases.LeaseRules(rates.floor_reserve, rates.rate_line),
        prices,
        makers.floor_space,
        makers.flexible_rate,
        makers.lease_deposit,
        makers.lease_end,
        makers.moving_until,
        makers.pallets_stored,
        makers.deposit_paid,
        makers.deposit_returned,
    )


def start_leases(world: World, rows: Ints, need: Floats) -> None:
    """Newcomers on `rows` take a flexible floor where it is cheaper; `need` sq ft."""
    makers = world.population("M")
    if not makers.flexible_rent[rows].any():
        return
    vacant, prices = vacant_floor(world), space.price_list()
    for row, wanted in zip(rows, need, strict=True):
        ratio = float(makers.flexible_rent[row])
        size = leases.start_on_flexible(
            wanted, float(makers.floor_space[row]), ratio, vacant, prices
        )
        if size > 0.0:
            vacant -= size
            makers.floor_space[row] = size
            makers.flexible_rate[row] = space.rent_rate(size, prices) * ratio
            makers.lease_end[row] = world.week + leases.FLEXIBLE_WEEKS


def usual_floor(world: World) -> Floats:
    """Floor of each maker on which the usual rent is paid, sq ft."""
    makers = world.population("M")
    if not makers.flexible_rate.any():
        return makers.floor_space
    return np.where(makers.flexible_rate > 0.0, 0.0, makers.floor_space)


def _vacant_pallets(world: World) -> float:
    capacity = float(world.population("O").pallets[STORAGE_ROW])
    return max(0.0, capacity - add_all(world.population("M").pallets_stored))


def _let(world: World) -> float:
    """Flexible floor that has tenants, sq ft."""
    makers = world.population("M")
    return add_all(np.where(makers.flexible_rate > 0.0, makers.floor_space, 0.0))


def standing_floor(world: World) -> float:
    """Flexible floor that has been built and is offered, sq ft."""
    operator = world.population("O")
    cost = float(operator.facility[FLOORS_ROW])
    if cost <= 0.0:
        return 0.0
    built = min(1.0, float(operator.cost_of_capital[FLOORS_ROW]) / cost)
    return float(operator.floor[FLOORS_ROW]) * built


def vacant_floor(world: World) -> float:
    """Flexible floor that stands empty, sq ft; below zero while more is let than is offered."""
    return standing_floor(world) - _let(world)


def charge(world: World) -> None:
    """Charge storage and flexible rents, and note what the two operators pay this week."""
    makers = world.population("M")
    storing, letting = makers.storage_fee.any(), makers.flexible_rate.any()
    if storing or letting or makers.space_fees.any():
        trading = makers.status == ACTIVE
        stored = np.where(trading, makers.storage_fee * makers.pallets_stored, 0.0)
        rents = np.where(trading, makers.floor_space * makers.flexible_rate / 52.0, 0.0)
        makers.space_fees[:] = stored + rents
        if storing:
            operators.charge_fees(world, STORAGE, stored)
        if letting:
            operators.charge_fees(world, FLOORS, rents)
    _run_warehouse(world)
    _build(world)
    _run_floors(world)


def _run_warehouse(world: World) -> None:
    """The warehouse rents the floor of all its pallets and pays for those that are handled."""
    operator, prices = world.population("O"), space.price_list()
    pallets = float(operator.pallets[STORAGE_ROW])
    if pallets <= 0.0:
        return
    floor = leases.space_of(pallets, prices)
    stored = add_all(world.population("M").pallets_stored)
    operators.incur(
        world,
        STORAGE,
        rent=space.rent_per_week(floor, space.rent_rate(floor / world.scale, prices)),
        pay=float(operator.handling[STORAGE_ROW]) * stored,
    )


def _build(world: World) -> None:
    """Put up what is still missing of the building, in equal parts over its weeks."""
    operator, row = world.population("O"), FLOORS_ROW
    cost = float(operator.facility[row])
    missing = cost - float(operator.cost_of_capital[row])
    # What rounding leaves of the last part is not built for.
    if missing <= storage.ROUNDING * cost:
        return
    spent = min(missing, cost / float(operator.facility_weeks[row]))
    private = float(operator.facility_private[row]) * spent
    operators.buy_capital(
        world,
        FLOORS,
        local=spent,
        outside=0.0,
        years=float(operator.facility_life[row]),
        from_outside=private,
    )


def _run_floors(world: World) -> None:
    """The investor has his part of the usual rent of what stands, and people run the building."""
    operator, prices, row = world.population("O"), space.price_list(), FLOORS_ROW
    floor = max(standing_floor(world), _let(world))
    if floor <= 0.0:
        return
    rate = space.rent_rate(prices.lease_step_small, prices)
    rent = float(operator.facility_private[row]) * space.rent_per_week(floor, rate)
    operators.incur(world, FLOORS, rent_outside=rent, pay=float(operator.floor_pay[row]) * floor)
    # What the investor put in is charged to others as an annuity; this he has back.
    world.measures.resource_cost[FLOORS] -= rent
