"""Stage 1, open: a new week begins, last week's receipts clear.

Receipts of firms land as `uncleared` and can be spent one week later (spec: the money a customer
pays in week t can be used in week t+1). Last week's output becomes the basis of this week's orders.

Left out so far: seasons, shocks and policy windows, which have no value but one in linear mode.
"""

from __future__ import annotations

from millworks.world.accounts import FIRMS
from millworks.world.world import World


def open_week(world: World) -> None:
    """Advance the week, clear payments, and set aside what last week's decisions were."""
    world.week += 1
    world.ledger.open_week()
    world.ledger.clear_payments()
    world.rest_of_us.open_week()
    for letter in FIRMS:
        firms = world.population(letter)
        firms.last_output[:] = firms.output
    for letter in "MPRC":
        firms = world.population(letter)
        firms.last_used[:] = firms.goods_used
