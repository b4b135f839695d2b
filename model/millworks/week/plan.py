"""Stage 8, plan: producers decide how much to make.

    planned = backlog

Everything is made to order while the part of spot orders ψ is zero.

Source: model specification §7.8. Left out so far: finished stock for spot orders, hours, hiring,
and what the firm can afford.
"""

from __future__ import annotations

from millworks.world.world import World


def plan(world: World) -> None:
    """Plan to make all accepted orders."""
    for letter in "MP":
        firms = world.population(letter)
        firms.planned[:] = firms.backlog
