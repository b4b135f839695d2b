"""Terminals for ports and rail: built as soon as they are offered, to the size that is offered.

    bought = (offered size - what stands)⁺          USD, part from builders here, part from outside

A part is granted by the outside; the programme pays the rest (`millworks.programmes.operators`).
Source: model specification §8. Left out: years of construction, and traffic that pays for itself.
"""

from __future__ import annotations

from typing import Final

from millworks.programmes import operators
from millworks.world.world import World

POLICY: Final[str] = "ports_and_rail"
ROW: Final[int] = operators.row_of(POLICY)


def build_terminals(world: World) -> None:
    """Buy what is missing of the facility that the policy offers."""
    operator = world.population("O")
    missing = float(operator.facility[ROW] - operator.cost_of_capital[ROW])
    if missing <= 0.0:
        return
    local = world.parameters.capital_local * missing
    operators.buy_capital(
        world,
        POLICY,
        local=local,
        outside=missing - local,
        years=float(operator.facility_life[ROW]),
        from_outside=float(operator.facility_granted[ROW]) * missing,
    )
