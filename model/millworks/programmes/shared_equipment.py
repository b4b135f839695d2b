"""A hub's week: its machines are bought and run, members rent hours, and pay for them.

    fee per unit   = fee · capital per unit of weekly capacity                USD per unit
    capacity       = own + rented                       in plan, acceptance and reliability
    usual hours h̄ ← h̄ + α (rented - h̄)                 in unit cost, price, and plans to grow
    unit cost      = variable + (fixed + fee h̄) / (.8 K + h̄)

A maker near a hub that is short of its own capacity asks for hours, becomes a member if there is a
place, and keeps it until it has rented nothing for a year. It pays for hours that were granted,
which are no more than it has hands and inputs for. Whoever gets fewer hours than it asked for and
makes less for it books the orders it refuses as `hub_queue`. The hub pays its people, office
services here, and supplies from outside, whether anybody comes or not.

Rules: `millworks.agents.shared_equipment`. Source: model specification §8. Left out: repair and
replacement of machines beyond the running cost.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.contribution import contribution_before_freight
from millworks.agents.firm import ACTIVE
from millworks.agents.pricing import NORMAL_USE
from millworks.agents.producer import CAPACITY, HUB_QUEUE
from millworks.agents.shared_equipment import (
    NOBODY,
    ask_for_hours,
    grant_hours,
    hand_out_places,
    in_turn,
)
from millworks.programmes import operators
from millworks.world.columns import Population
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

POLICY = "hub"
ROW = operators.row_of(POLICY)
MEMBER_WEEKS = 52
"""Weeks without a rented hour after which a member has left."""
SUPPLIES, SERVICES = 0.25, 0.25
"""Parts of the running cost that buy supplies outside and services here; the rest is pay."""
SHORT = 1.0 - 1e-9
"""Part of the hours asked below which somebody was kept waiting."""


def open_hubs(world: World) -> None:
    """Buy the facility that is paid for, and run it for a week."""
    hub = world.population("O")
    missing = float(hub.facility[ROW] - hub.cost_of_capital[ROW])
    if missing > 0.0:
        local = world.parameters.capital_local * missing
        operators.buy_capital(
            world,
            POLICY,
            local=local,
            outside=missing - local,
            years=float(hub.facility_life[ROW]),
        )
    cost = float(hub.running[ROW])
    if cost > 0.0:
        operators.incur(
            world,
            POLICY,
            pay=(1.0 - SUPPLIES - SERVICES) * cost,
            services=SERVICES * cost,
            purchases=SUPPLIES * cost,
        )


def rent_hours(world: World, stock: Floats, inputs: Floats, hiring: float) -> None:
    """Makers ask, hubs give, makers owe the fee.

    `stock` finished units free for spot orders, `inputs` units that goods on hand suffice for,
    `hiring` part of missing hands found in a week.
    """
    makers = world.population("M")
    served, sitting = makers.hub != NOBODY, makers.hub_member != NOBODY
    if not (served.any() or sitting.any() or makers.hours_usual.any()):
        return
    fee = fee_per_unit(makers)
    contribution = contribution_before_freight(world, "M", world.parameters.vshare)
    ask_for_hours(
        makers.status,
        makers.moving_until > world.week,
        makers.hub,
        makers.backlog - makers.spot_served,
        makers.spot_share,
        makers.demand_forecast,
        makers.finished_aim,
        stock - makers.spot_served,
        makers.capacity,
        makers.staff,
        inputs,
        contribution - makers.freight_units - fee,
        world.parameters.work_weeks,
        world.parameters.eta_h * hiring,
        makers.hours_asked,
    )
    _admit(world)
    hub = world.population("O")
    sites = max(1, int(hub.sites[ROW]))
    grant_hours(
        makers.hub_member,
        makers.hours_asked,
        makers.capital_per_unit,
        np.full(sites, float(hub.machines[ROW])),
        np.zeros(sites),
        makers.hours_rented,
    )
    makers.hub_week[makers.hours_rented > 0.0] = world.week
    alpha = world.parameters.alpha
    usual = makers.hours_usual + alpha * (makers.hours_rented - makers.hours_usual)
    makers.hours_usual[:] = np.where(makers.hub_member != NOBODY, usual, 0.0)
    if makers.hours_rented.any():
        operators.charge_fees(world, POLICY, fee * makers.hours_rented)


def _admit(world: World) -> None:
    """Members who still come keep their place; the others who ask get one by lot."""
    makers, hub = world.population("M"), world.population("O")
    recent = (makers.hub_week >= 0) & (world.week - makers.hub_week <= MEMBER_WEEKS)
    stays = (makers.hub_member != NOBODY) & (makers.hub_member == makers.hub) & recent
    stays &= makers.status == ACTIVE
    wishes = np.where(stays | (makers.hours_asked > 0.0), makers.hub, NOBODY)
    hand_out_places(
        in_line(world, stays, wishes),
        wishes,
        np.full(max(1, int(hub.sites[ROW])), int(hub.places[ROW])),
        makers.hub_member,
    )


def in_line(world: World, stays: Flags, wishes: Ints) -> Ints:
    """Makers that wish for a place in a facility, in the order in which places are handed out."""
    makers, rows = world.population("M"), np.flatnonzero(wishes != NOBODY)
    identity = makers.identity[rows]
    lots = world.streams.uniform("facility_place", identity, generation=makers.generation[rows])
    return rows[in_turn(stays[rows], lots, identity)]


def name_queue(world: World) -> None:
    """Members whose plan the machines bound, and who asked for more, wait for the hub."""
    makers = world.population("M")
    if (makers.hub_member == NOBODY).all():
        return
    waits = makers.hours_rented < SHORT * makers.hours_asked
    waits &= (makers.hub_member != NOBODY) & (makers.bind == CAPACITY)
    makers.bind[waits] = HUB_QUEUE


def fee_per_unit(makers: Population) -> Floats:
    """What a unit made at the hub costs its maker in fees, USD."""
    return np.asarray(makers.hub_fee * makers.capital_per_unit, np.float64)


def usual_fees(makers: Population) -> Floats:
    """Fees of a usual week, USD."""
    return np.asarray(fee_per_unit(makers) * makers.hours_usual, np.float64)


def earned_at_hub(world: World) -> Floats:
    """What hours of a usual week leave after pay, inputs and fees, USD."""
    makers = world.population("M")
    if not makers.hours_usual.any():
        return np.zeros(makers.size)
    margin = contribution_before_freight(world, "M", 1.0) - makers.freight_units
    sold = np.minimum(makers.demand_forecast, makers.capacity + makers.hours_usual)
    sold -= np.minimum(makers.demand_forecast, makers.capacity)
    return np.asarray(margin * sold - usual_fees(makers), np.float64)


def spread_over(makers: Population) -> Floats:
    """Capacity that at normal use makes what is made in own works and the usual hours, units."""
    return np.asarray(makers.capacity + makers.hours_usual / NORMAL_USE, np.float64)
