"""Stage 1, open: a new week begins, last week's receipts clear, the season turns.

Receipts of firms land as `uncleared` and can be spent one week later (spec: the money a customer
pays in week t can be used in week t+1). Last week's output becomes the basis of this week's orders.
Orders from outside carry the season of the month, a factor of mean one over the year.

Policies and shocks then say what holds this week: what is offered, and under which conditions
(`millworks.world.measures`); the levy that pays for programmes is set.

Source: model specification §6, §7.12, §8; seasonal factors of the Census Bureau (manufacturers'
shipments, not adjusted). Left out: a
season of its own for each sector, for which no shipments were found.
"""

from __future__ import annotations

from millworks.economy.seasons import season_of_week
from millworks.programmes import operators
from millworks.programmes.levy import set_rate
from millworks.world.accounts import FIRMS
from millworks.world.world import World


def open_week(world: World) -> None:
    """Advance the week, clear payments, and set aside what last week's decisions were."""
    world.week += 1
    world.ledger.open_week()
    world.ledger.clear_payments()
    world.rest_of_us.open_week()
    world.season = 1.0 + world.parameters.seasons * (season_of_week(world.week) - 1.0)
    for letter in FIRMS:
        firms = world.population(letter)
        firms.last_output[:] = firms.output
    for letter in "MPRC":
        firms = world.population(letter)
        firms.last_used[:] = firms.goods_used
    operators.open_week(world)
    world.measures.open_week(world)
    set_rate(world)
