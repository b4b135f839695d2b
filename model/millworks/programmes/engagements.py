"""Advice on technology: who is advised, and who pays for it.

Places come up at an even rate, so many a week; a maker that is offered advice applies if

    it is not being advised, and no technology's gain is still to come in
    its part of the cost is there above the part of its buffer that investment leaves
    adopting would be worth more to it than that part

and those who were advised least often come first, then by a place in the queue that is drawn once.
Advice lasts a year, during which there is a technology to adopt on the day of each quarterly test.
A place that nobody takes stays open for a quarter.

Advisers charge by the day, and more days go into a larger maker: what an engagement costs is that
of a maker of the national mean size times (n/n̄)^k, and it takes up as many places (n, n̄ employees,
`millworks.agents.adoption`; k `engagement_scale`). So a budget buys more engagements of small
makers than of large ones. One that takes more than the place there is uses up places to come.

    engagements   M>S  the client's part, at once and in cash       G>S  the programme's
                  X>S  the part of federal and state government

Source: model specification §8 (`technology_transfer`: a third each). Left out: advisers of
different quality, travel to advisers elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from millworks.agents.adoption import size_factor
from millworks.programmes.outlays import spend
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

POLICY = "technology_transfer"
LASTS = 52
"""Weeks that advice lasts. Assumption."""
OPEN_WEEKS = 13.0
"""Weeks in which a place can be taken. Assumption."""


def engage(world: World, worth: Callable[[Ints], Floats]) -> None:
    """Give this week's places to those whose turn it is; `worth` appraises an adoption, USD."""
    makers, government, outside = (world.population(letter) for letter in "MGX")
    makers.engagement_fee[:] = 0.0
    government.engagement_part[:] = outside.engagement_part[:] = 0.0
    if not makers.engagement_cost.any():
        return
    rate = float(government.engagement_rate[0])
    open_now = float(government.engagement_places[0]) + rate
    government.engagement_places[0] = min(open_now, max(1.0, OPEN_WEEKS * rate))
    left, taken = float(government.engagement_places[0]), 0
    queue = _queue(world, worth) if left > 0.0 else np.zeros(0, np.int64)
    places = size_factor(world, queue, float(government.engagement_scale[0]))
    while taken < queue.size and left >= min(1.0, float(places[taken])):
        left -= float(places[taken])
        taken += 1
    rows, places = queue[:taken], places[:taken]
    if not rows.size:
        return
    government.engagement_places[0] = left
    makers.engaged_until[rows] = world.week + LASTS
    makers.engagements[rows] += 1
    cost = makers.engagement_cost[rows] * places
    makers.engagement_fee[rows] = makers.engagement_client[rows] * cost
    total, clients = add_all(cost), add_all(makers.engagement_fee)
    outside.engagement_part[0] = float(government.engagement_federal[0]) * total
    government.engagement_part[0] = total - clients - float(outside.engagement_part[0])
    world.ledger.book("engagements M>S")
    world.ledger.book("engagements X>S")
    world.ledger.book("programme engagements G>S")
    spend(world, POLICY, float(government.engagement_part[0]))
    world.measures.resource_cost[POLICY] += clients + float(outside.engagement_part[0])


def advice(world: World) -> float:
    """What all who pay for advice bought of it when it was last given, USD."""
    government, outside = world.population("G"), world.population("X")
    paid = add_all(world.population("M").engagement_fee)
    return paid + float(government.engagement_part[0]) + float(outside.engagement_part[0])


def _queue(world: World, worth: Callable[[Ints], Floats]) -> Ints:
    """Makers that apply, in the order in which they are served."""
    makers, scale = world.population("M"), float(world.population("G").engagement_scale[0])
    fee = makers.engagement_client * makers.engagement_cost
    fee *= size_factor(world, np.arange(makers.size), scale)
    free = makers.cleared - world.parameters.buffer_kept * makers.cash_buffer
    applies = (makers.engagement_cost > 0.0) & (makers.engaged_until <= world.week)
    applies &= (makers.technology_left <= 0.0) & (free >= fee)
    rows = np.flatnonzero(applies)
    rows = rows[worth(rows) > fee[rows]] if rows.size else rows
    luck = world.streams.uniform(
        "engagement_queue", makers.identity[rows], generation=makers.generation[rows]
    )
    return np.asarray(rows[np.lexsort((luck, makers.engagements[rows]))])
