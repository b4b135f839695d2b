"""Shared equipment: what a member asks of a hub by the hour, and what the hub can give.

    asked   = (min(want, hands within reach, inputs / g) - K)⁺      if contribution > fee, else 0
    want    = backlog / n + ψ d̂ + (F* - F) / 4                      as in the plan of the week
    granted = asked                                                 up to .85 M
            = .85 M + .15 M (1 - exp(-(asked - .85 M) / .15 M))     beyond, together at most M

Hours are counted in units of output a week and, at the hub, in USD of machines in use: a unit takes
as much capital there as in the member's own works. K own capacity, M machines of the hub; the
others as in `millworks.week.plan`. Above .85 of its machines a hub has a queue: changes of set-up
and members who come at the same time leave ever less of the last hours, and everybody gets the same
part of what was asked. What is not granted stays in the member's order book, whose weeks of work
grow with it. Where a facility has fewer places than firms that want one, who has a place keeps it
and the others are drawn by lot.

Source: model specification §7.8, §8 (queue above 85 % use); the form of the queue is an assumption.
Left out: the way to the hub, machines that fit one sector only, hours sold on.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.kernels import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

QUEUE_FROM = 0.85
"""Part of a hub's machines in use from which on there is a queue."""
STOCK_WEEKS = 4.0
"""Weeks over which a gap in finished stock is made good, as in the plan."""
NOBODY = -1


@compiled
def hours_wanted(
    want: float, capacity: float, hands: float, hiring: float, inputs: float, gain: float
) -> float:
    """Units a week that a member would make on machines of the hub.

    `hiring` part of missing hands found in a week; `inputs` units that its goods suffice for;
    `gain` USD that a unit leaves after the fee.
    """
    if gain <= 0.0 or want <= capacity:
        return 0.0
    reach = hands + min(1.0, hiring) * max(0.0, want - hands)
    return max(0.0, min(min(want, reach), inputs) - capacity)


@compiled
def machines_given(asked: float, machines: float) -> float:
    """USD of machines that a hub lets out when its members ask for so much together."""
    free = QUEUE_FROM * machines
    if asked <= free:
        return asked
    last = machines - free
    if last <= 0.0:
        return 0.0
    return free - last * math.expm1(-(asked - free) / last)


@compiled
def ask_for_hours(
    status: Ints,
    moving: Flags,
    hub: Ints,
    backlog: Floats,
    spot_share: Floats,
    forecast: Floats,
    aim: Floats,
    stock: Floats,
    capacity: Floats,
    hands: Floats,
    inputs: Floats,
    gain: Floats,
    work_weeks: float,
    hiring: float,
    asked: Floats,
) -> None:
    """Each maker near a hub writes what it would like to rent, units a week.

    `backlog` without what stock serves this week, `stock` after it; both in units.
    """
    for firm in range(status.shape[0]):
        asked[firm] = 0.0
        if hub[firm] == NOBODY or status[firm] != ACTIVE or moving[firm]:
            continue
        for_stock = spot_share[firm] * forecast[firm] + (aim[firm] - stock[firm]) / STOCK_WEEKS
        want = backlog[firm] / work_weeks + max(0.0, for_stock)
        asked[firm] = hours_wanted(
            want, capacity[firm], hands[firm], hiring, inputs[firm], gain[firm]
        )


@compiled
def grant_hours(
    member: Ints, asked: Floats, per_unit: Floats, machines: Floats, total: Floats, granted: Floats
) -> None:
    """Each hub adds up what its members ask and gives all of them the same part.

    `per_unit` USD of machines for a unit a week; `machines` USD of each hub; `total` [hubs] is
    overwritten with the USD of machines asked.
    """
    total[:] = 0.0
    for firm in range(member.shape[0]):
        if member[firm] != NOBODY:
            total[member[firm]] += asked[firm] * per_unit[firm]
    for firm in range(member.shape[0]):
        granted[firm] = 0.0
        if member[firm] != NOBODY and total[member[firm]] > 0.0:
            hub = member[firm]
            granted[firm] = asked[firm] * (machines_given(total[hub], machines[hub]) / total[hub])


@compiled
def hand_out_places(order: Ints, wishes: Ints, places: Ints, member: Ints) -> None:
    """Firms take places in the order of `order`: `wishes` is the facility of each, -1 for none.

    `places` [facilities] is used up; `member` is the facility in which each firm has a place.
    """
    member[:] = NOBODY
    for step in range(order.shape[0]):
        firm = order[step]
        wish = wishes[firm]
        if wish != NOBODY and places[wish] > 0:
            places[wish] -= 1
            member[firm] = wish


def in_turn(sitting: Flags, lots: Floats, identity: Ints) -> Ints:
    """Rows in the order in which places are handed out: who has one first, then by lot."""
    return np.asarray(np.lexsort((identity, lots, ~sitting)), np.int64)
