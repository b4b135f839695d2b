"""Importers who share containers: who joins, what a shipment then costs, and what it does to price.

    v         = weeks · imports of a week by weight / density           m3 in a shipment
    n         = shipments a week of members / part of the place that is simulated
    match     = 1 - 2^(-(n - own)/m_half)
    saved     = match · (o(v) - o(V) v/V)         V = v + match · the others' volume of a week
    handling  = match · price · w/1,000           w lb; the operator has it done at the port

o(v) is ocean freight of a shared container (LCL) or a whole one, whichever is cheaper. Every four
weeks a maker looks at its imports of inputs and joins, stays or leaves as `saved` exceeds
`handling`, with as many shipments as members now have or, while there are none, all who may join.
Between, each unit from abroad costs it

    delivered price = p_W (1 - saved / value)  to the seller abroad,  + handling per unit

on average over shipments that met others and that did not. By the share rule imports then take from
its suppliers here and in the US.

Source: model specification §7.3, §7.10, §8; prices in `data/price_list.csv`. Left out: days that a
shared container takes more, insurance, goods that small makers get from a wholesaler's stock.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.shared_equipment import NOBODY, hand_out_places
from millworks.economy import freight
from millworks.economy.freight import ocean_share
from millworks.programmes import operators
from millworks.programmes.shared_equipment import in_line
from millworks.world.shared_freight import share_containers
from millworks.world.sums import add_all, add_up
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

POLICY: Final[str] = "shared_containers"
ROW: Final[int] = operators.row_of(POLICY)
PAY: Final[float] = 0.6
"""Part of the cost of running it that is pay; the rest buys services here. Assumption."""


def imports_of_inputs(world: World) -> tuple[Floats, Floats, Floats]:
    """What each maker brings in from abroad a week: units, USD at prices there, and lb."""
    trade, makers = world.trade, world.population("M")
    span = trade.spans["M"]
    sector, bought = trade.group_sector, trade.group_abroad
    per_unit = [
        add_up(trade.group_buyer, bought * weight, trade.agents)[span]
        for weight in (1.0, trade.price_abroad[sector], world.pounds_per_unit[sector])
    ]
    units, value, pounds = (part * makers.usage_forecast for part in per_unit)
    return units, value, pounds


def review_containers(world: World) -> None:
    """Every four weeks: makers join, stay or leave, and know what imports cost them."""
    makers, trade = world.population("M"), world.trade
    if not (makers.container_half.any() or makers.container_member.any()):
        return
    offered = (makers.container_half > 0.0) & (makers.status == ACTIVE)
    units, value, pounds = imports_of_inputs(world)
    tariff = freight.price_list()
    weeks = np.maximum(1.0, makers.container_weeks)
    volume = weeks * pounds / tariff.pounds_per_cubic_metre
    saved, handling = np.zeros(makers.size), np.zeros(makers.size)

    def expect(counted: Flags) -> None:
        share_containers(
            volume,
            counted,
            1.0 / weeks,
            np.where(offered, makers.container_half, 0.0),
            makers.container_price,
            float(world.population("X").ocean_rate[0]),
            world.scale,
            tariff,
            saved,
            handling,
        )

    most = weeks * value * _ocean_freight_held(world)
    inside = makers.container_member & offered
    expect(inside if inside.any() else offered)
    _admit(world, offered & (np.minimum(most, saved) > handling) & (value > 0.0))
    expect(makers.container_member)
    member = makers.container_member
    kept = np.where(member, np.minimum(most, saved), 0.0)
    makers.import_saving[:] = _per(kept, weeks * value)
    makers.import_handling[:] = _per(np.where(member, handling, 0.0), weeks * units)
    trade.import_saving[trade.spans["M"]] = makers.import_saving


def _ocean_freight_held(world: World) -> Floats:
    """Ocean freight in the price of each maker's imports, a share: more cannot be saved."""
    trade = world.trade
    sector, span = trade.group_sector, trade.spans["M"]
    priced = trade.group_abroad * trade.price_abroad[sector]
    whole = add_up(trade.group_buyer, priced, trade.agents)[span]
    freight_part = add_up(trade.group_buyer, priced * ocean_share()[sector], trade.agents)[span]
    rate = float(world.population("X").ocean_rate[0])
    return np.minimum(1.0, rate * np.maximum(0.0, _per(freight_part, whole)))


def _per(amount: Floats, base: Floats) -> Floats:
    return np.divide(amount, base, out=np.zeros_like(amount), where=base > 0.0)


def _admit(world: World, wishes: Flags) -> None:
    """Members who still gain keep their place; the others who would gain get one by lot."""
    makers = world.population("M")
    stays = wishes & makers.container_member
    place, asked = np.full(makers.size, NOBODY), np.where(wishes, 0, NOBODY)
    hand_out_places(
        in_line(world, stays, asked),
        asked,
        np.array([int(world.population("O").places[ROW])]),
        place,
    )
    makers.container_member[:] = place != NOBODY


def abroad_edge(world: World, elasticity: float) -> Floats | None:
    """By how much members are drawn more to imports, [agents]; None while nobody is a member."""
    makers, trade = world.population("M"), world.trade
    if not makers.import_saving.any():
        return None
    edge = np.ones(trade.agents)
    delivered = 1.0 - makers.import_saving + makers.import_handling
    edge[trade.spans["M"]] = delivered**-elasticity
    return edge


def handling_per_unit(world: World) -> Floats | float:
    """Handling in a unit of a maker's goods inputs, USD, [makers]; 0 while nobody is a member."""
    makers, trade = world.population("M"), world.trade
    if not makers.import_handling.any():
        return 0.0
    return np.asarray(makers.import_handling * trade.share[trade.abroad_link[trade.spans["M"]]])


def run_containers(world: World) -> None:
    """Members owe handling on what is shipped to them; running it costs the same in every week."""
    makers, trade, operator = world.population("M"), world.trade, world.population("O")
    if makers.import_handling.any():
        if not makers.container_half.any():
            makers.container_member[:] = False
            makers.import_saving[:], makers.import_handling[:] = 0.0, 0.0
            trade.import_saving[:] = 0.0
            trade.refresh_outside_shares()
        sent = trade.shipped[trade.abroad_link[trade.spans["M"]]]
        fees = makers.import_handling * sent
        operators.charge_fees(world, POLICY, fees)
        # Those who move the pallets at the port get what members pay for it.
        operators.incur(world, POLICY, freight_outside=add_all(fees))
    cost = float(operator.running[ROW])
    if cost > 0.0:
        operators.incur(world, POLICY, pay=PAY * cost, services=(1.0 - PAY) * cost)
