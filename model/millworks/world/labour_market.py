"""The labour market of the district: who works, who looks for work, and what that does to pay.

    u = 1 - employed / labour force
    ln w ← ln w + n (-b ln(max(u, f u0) / u0) - ln w),   n = 1 - 2^(-weeks/52)   wage curve
    force ← force (1 + mig (u0 - u) weeks/52)                                    migration
    hiring is slower by min(1, u / u0)

All local employers, services included, draw on one pool of residents and pay one wage index w (1 in
the base year): when makers hire, services find workers harder to get and dearer, and the other way
round. In-commuters are a fixed part of every payroll. u0 is normal unemployment, b the elasticity
of the wage curve, whose half-life is a year; f bounds what an empty pool can do to pay.

Source: model specification §7.9; the wage curve of Blanchflower and Oswald (1994), from memory.
Left out: skills, hours, commuting that answers to pay, and the trend of wages.
"""

from __future__ import annotations

import math

from millworks.kernels import compiled
from millworks.world.averages import newest_weight

WEEKS_A_YEAR = 52.0


@compiled
def next_wage(
    wage: float, unemployment: float, base: float, elasticity: float, least: float, weeks: float
) -> float:
    """Wage index `weeks` later; `unemployment` and its `base` as shares of the labour force.

    `least`: ratio of unemployment to its base below which pay rises no further.
    """
    gap = math.log(max(unemployment, least * base) / base)
    level = math.log(wage)
    # A year's half-life, seen in steps of `weeks`.
    weight = newest_weight(WEEKS_A_YEAR / weeks)
    return wage * math.exp(weight * (-elasticity * gap - level))


@compiled
def next_force(force: float, unemployment: float, base: float, mig: float, weeks: float) -> float:
    """Labour force `weeks` later, in persons: people come where work is easy to find."""
    return force * (1.0 + mig * (base - unemployment) * weeks / WEEKS_A_YEAR)


class LabourMarket:
    """Residents' labour force and employment, persons, in one district.

    `force`, `employed`: residents; `base_unemployment`: share of the force at the start.
    """

    def __init__(self, employed: float, base_unemployment: float) -> None:
        self.base_unemployment = base_unemployment
        self.employed = float(employed)
        self.force = employed / (1.0 - base_unemployment)

    @property
    def unemployment(self) -> float:
        """Share of the labour force without work; zero when all hands are taken."""
        if self.force <= 0.0:
            return self.base_unemployment
        return max(0.0, 1.0 - self.employed / self.force)

    def state(self) -> dict[str, float]:
        """Numbers that change from week to week."""
        return {"employed": self.employed, "force": self.force}

    def load_state(self, state: dict[str, float]) -> None:
        """Put back what `state` returned."""
        self.employed, self.force = state["employed"], state["force"]


def hiring_factor(labour: LabourMarket) -> float:
    """Part of the usual hiring speed that unemployment leaves, 0 to 1."""
    return min(1.0, labour.unemployment / labour.base_unemployment)
