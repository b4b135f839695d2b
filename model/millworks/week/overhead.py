"""Stage 11, overhead: rent is charged, leases start and end, capital wears and is replaced.

    rent = rate · floor / 52,      floor in whole steps of the lease
    need = (500 sq ft · jobs + 14 sq ft · pallets of the stocks aimed at) (1 + reserve)
    wear = dep K / 52,   replacement = min(cash above ½ b, K_0 - K + wear)          USD a week
    capacity = K / capital per unit of weekly capacity

Once a year a maker compares its floor with its need. A floor too small is left for a larger one as
soon as the deposit is at hand; one too large is given up only when the lease ends. Moving stops
production for two weeks. K is the book value of plant and equipment, K_0 what is to be kept up: all
of it, or as much as keeps orders at `idle_use` of capacity: nobody replaces idle machines.
Replacement is bought outside and paid at once from deposits; what cash does not reach is made good
later.

Source: model specification §7.11, §7.13 (dep); price list of space. Storage and floors that
policies open beside the usual lease stand in `millworks.programmes.rented_space`. Left out: space
of shops, which stays in the RRE row of the table.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.economy import space
from millworks.kernels import compiled
from millworks.programmes import operators, rented_space
from millworks.programmes.terminals import build_terminals
from millworks.world.closure import INVESTMENT
from millworks.world.freight_terms import input_cover
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

YEAR = 52


@compiled
def wear_and_replace(
    capital: Floats,
    kept_up: Floats,
    cash: Floats,
    use: Floats,
    per_unit: Floats,
    status: Ints,
    wear_rate: float,
    idle_use: float,
    worn: Floats,
    replaced: Floats,
) -> None:
    """Each producer's capital wears; it replaces what is missing as far as its cash reaches.

    `use` units a week that orders call for; `capacity` units a week.
    """
    for firm in range(capital.shape[0]):
        wear = wear_rate * capital[firm] / 52.0
        worn[firm] = -wear
        replaced[firm] = 0.0
        if status[firm] == ACTIVE:
            aim = kept_up[firm]
            if idle_use > 0.0:
                aim = min(aim, use[firm] / idle_use * per_unit[firm])
            missing = aim - (capital[firm] - wear)
            replaced[firm] = max(0.0, min(missing, cash[firm]))


@compiled
def review_leases(
    week: int,
    identity: Ints,
    status: Ints,
    need: Floats,
    cash: Floats,
    floor: Floats,
    held: Floats,
    lease_end: Ints,
    moving_until: Ints,
    paid: Floats,
    returned: Floats,
    prices: space.SpacePrices,
) -> None:
    """Each maker whose year is over looks for another floor if its own does not fit."""
    for firm in range(need.shape[0]):
        paid[firm] = 0.0
        returned[firm] = 0.0
        if status[firm] != ACTIVE or (week + identity[firm]) % YEAR != 0:
            continue
        fitting = space.fitting(need[firm], prices)
        grows = fitting > floor[firm]
        shrinks = fitting < floor[firm] and week >= lease_end[firm]
        if not (grows or shrinks):
            continue
        deposit = space.deposit(fitting, space.rent_rate(fitting, prices), prices)
        if deposit - held[firm] > cash[firm]:
            continue
        paid[firm] = max(0.0, deposit - held[firm])
        returned[firm] = max(0.0, held[firm] - deposit)
        floor[firm] = fitting
        lease_end[firm] = week + int(prices.lease_years * YEAR)
        moving_until[firm] = week + 1 + int(prices.moving_weeks)


def overhead(world: World) -> None:
    """Charge rent, review leases, book wear and its replacement."""
    _leases(world)
    rates = world.parameters
    for letter in "MP":
        firms = world.population(letter)
        _charge_rent(world, letter)
        wear_and_replace(
            firms.fixed_capital,
            firms.base_capital,
            np.maximum(0.0, firms.cleared - 0.5 * firms.cash_buffer),
            firms.potential_forecast,
            firms.capital_per_unit,
            firms.status,
            rates.dep,
            rates.idle_use if letter == "M" else 0.0,
            firms.capital_worn,
            firms.capital_replaced,
        )
        _follow_closure(world, letter)
        world.ledger.book(f"capital worn {letter}")
        world.ledger.book(f"capital replaced {letter}>X")
        follow_capital(firms.fixed_capital, firms.capital_per_unit, firms.capacity)
    rented_space.charge(world)
    build_terminals(world)
    operators.run(world)


def _follow_closure(world: World, letter: str) -> None:
    """Where a closure holds investment, capital is kept at its path as far as cash reaches."""
    firms = world.population(letter)
    left = firms.fixed_capital + firms.capital_worn
    own = left + firms.capital_replaced
    aim = world.closure.path(INVESTMENT, f"capital {letter}", world.week, own)
    if aim is not own:
        missing = np.minimum(aim - left, firms.cleared)
        firms.capital_replaced[:] = np.where(firms.status == ACTIVE, np.maximum(0.0, missing), 0.0)


@compiled
def follow_capital(capital: Floats, per_unit: Floats, capacity: Floats) -> None:
    """Capacity is what the capital on hand can do; without a price of capacity it has no bound."""
    for firm in range(capital.shape[0]):
        if per_unit[firm] > 0.0:
            capacity[firm] = capital[firm] / per_unit[firm]


def _charge_rent(world: World, letter: str) -> None:
    """A week's rent of the floor, owed to the landlord until next week."""
    firms = world.population(letter)
    firms.rent[:] = weekly_rent(
        rented_space.usual_floor(world) if letter == "M" else firms.floor_space
    )
    world.ledger.book(f"rent charged {letter}>S")


@compiled
def fill_rent(floor: Floats, prices: space.SpacePrices, rent: Floats) -> None:
    """Each tenant's rent in USD a week of its floor in sq ft."""
    for firm in range(floor.shape[0]):
        rate = space.rent_rate(floor[firm], prices)
        rent[firm] = space.rent_per_week(floor[firm], rate)


def weekly_rent(floor: Floats) -> Floats:
    """Rent in USD a week of floors in sq ft."""
    rent = np.empty(len(floor))
    fill_rent(floor, space.price_list(), rent)
    return rent


def _leases(world: World) -> None:
    """Makers whose year is over compare their floor with what they need."""
    makers, prices = world.population("M"), space.price_list()
    if world.parameters.explicit_space > 0.0:
        rates = world.parameters
        cover = input_cover(world, rates.cover_in, rates.z_s, rates.lead_sd)
        inputs = cover * makers.usage_forecast
        finished = rates.cover_f * makers.spot_share * makers.potential_forecast
        pounds = (inputs + finished) * world.pounds_per_unit[makers.sector]
        if rented_space.offered(world):
            rented_space.review_leases(world, pounds / prices.pounds_per_pallet)
        else:
            need = space_needed(makers.jobs, pounds, prices) * (1.0 + rates.floor_reserve)
            review_leases(
                world.week,
                makers.identity,
                makers.status,
                need,
                makers.cleared,
                makers.floor_space,
                makers.lease_deposit,
                makers.lease_end,
                makers.moving_until,
                makers.deposit_paid,
                makers.deposit_returned,
                prices,
            )
    world.ledger.book("lease deposit paid M>S")
    world.ledger.book("lease deposit returned S>M")


def space_needed(jobs: Floats, pounds: Floats, prices: space.SpacePrices) -> Floats:
    """Floor that people and stocks need, sq ft."""
    pallets = pounds / prices.pounds_per_pallet
    return prices.square_feet_per_worker * jobs + prices.square_feet_per_pallet * pallets
