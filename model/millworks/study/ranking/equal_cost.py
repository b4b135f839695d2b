"""The intensity at which a policy costs what all others cost.

Policies are compared at one public cost C* (model-spec.md, 10.4): the intensity x with cost(x) = C*
is solved for each. A cost is a simulation, so few are run. From a known cost at x = 1, assuming
cost in proportion, x = C* / cost(1) comes next; then, between the nearest known intensities that
cost too little and too much, the secant in logs,

    log x = log x1 + (log C* - log c1) (log x2 - log x1) / (log c2 - log c1)

(in levels where a cost is not above zero), and half of the ratio where costs show steps or fall on
the same side again and again (regula falsi: Dahlquist and Björck 1974, Numerical Methods, chapter
6). While nothing brackets C* the secant through the two nearest goes on outwards, by a factor of at
most 10; the last call then asks what the largest intensity costs.

Whatever comes out has been run: an intensity is rounded to three digits before it is measured, and
the answer is one of those measured. Costs that rise in steps (a facility is built or it is not) may
have no intensity at C*; the answer is then the dearest that stays within it, and said to be lumpy.
A policy that cannot spend C* at its largest is saturated, and stands at its largest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from millworks.errors import InputError

Try = tuple[float, float]

FURTHEST = 10.0
"""Factor by which an intensity may move while nothing brackets the budget."""
FLATTEST, STEEPEST = 0.25, 4.0
"""Elasticities of cost that a secant outside the bracket may assume."""
EDGE = 0.1
"""Share of a bracket, in logs, that a new intensity keeps from each of its ends."""
SAME_COST = 1e-4
"""Relative difference of costs up to which two intensities buy the same thing."""
NARROW = 1.02
"""Ratio of two intensities between which a jump of the cost is a step, not a slope."""


@dataclass(frozen=True)
class EqualCost:
    """The intensity that was settled on, and what led to it; costs in the unit of the budget.

    `reached`: its cost is within the tolerance. `saturated`: even the largest intensity costs less.
    `lumpy`: costs jump over the budget, and this is the dearest within it (or, where even the
    smallest tried costs more, the cheapest: `cost` is then above `budget`). `monotone` is False
    where cost fell somewhere while intensity rose. `tries`: all (intensity, cost) known, in the
    order measured.
    """

    intensity: float
    cost: float
    budget: float
    reached: bool
    saturated: bool
    lumpy: bool
    monotone: bool
    tries: tuple[Try, ...]


class Search:
    """A policy's way to the intensity in (0, `most`] that costs `budget`.

    `tries`: all (intensity, cost) known, at least one to begin with, usually at 1; `tolerance`:
    share of the budget by which a cost may miss it; `calls`: how many more may be measured. The
    same known costs lead to the same next intensity, so a study that was stopped goes on. Raises
    InputError for a budget, tolerance or intensity that makes no sense, and where a cost is not a
    number.
    """

    def __init__(
        self,
        budget: float,
        known: Sequence[Try],
        most: float,
        tolerance: float = 0.05,
        calls: int = 4,
    ) -> None:
        _refuse(budget, known, most, tolerance)
        self.budget, self.most, self.tolerance, self.calls = budget, most, tolerance, calls
        self.tries = [(float(x), _number(x, cost)) for x, cost in known]

    def wanted(self) -> float | None:
        """Return the intensity to measure next; None where the search is at its end."""
        met = any(_within(cost, self.budget, self.tolerance) for _, cost in self.tries)
        if met or not self.calls:
            return None
        guess = _next(self.tries, self.budget, self.most, last=self.calls == 1)
        return None if any(guess == x for x, _ in self.tries) else guess

    def measured(self, intensity: float, cost: float) -> None:
        """Learn what an intensity costs."""
        self.tries.append((intensity, _number(intensity, cost)))
        self.calls -= 1

    def settled(self) -> EqualCost:
        """Return the measured intensity that answers best."""
        return _settled(self.tries, self.budget, self.most, self.tolerance)


def solve_equal_costs(
    searches: Mapping[str, Search], measure: Callable[[dict[str, float]], Mapping[str, float]]
) -> dict[str, EqualCost]:
    """Return the intensity of each policy that meets its budget.

    All that still search are measured together: `measure` takes intensity by name and returns cost
    by name.
    """
    while True:
        wanted = {name: search.wanted() for name, search in searches.items()}
        asked = {name: intensity for name, intensity in wanted.items() if intensity is not None}
        if not asked:
            return {name: search.settled() for name, search in searches.items()}
        costs = measure(asked)
        for name, intensity in asked.items():
            searches[name].measured(intensity, costs[name])


def rounded(intensity: float, most: float) -> float:
    """Return an intensity with three significant digits, not above `most`."""
    near = float(f"{min(intensity, most):.3g}")
    if near <= most:
        return near
    unit = 10.0 ** (math.floor(math.log10(most)) - 2)
    return float(f"{math.floor(most / unit + 1e-9) * unit:.3g}")


def _next(tries: list[Try], budget: float, most: float, last: bool) -> float | None:
    """Return the intensity to measure next; None where none can help."""
    ordered = sorted(tries)
    largest = rounded(most, most)
    bracket = _bracket(ordered, budget)
    if bracket is not None:
        low, high = bracket
        if high[0] <= low[0] * NARROW:
            return None
        share = 0.5 if _stuck(tries, budget) else _crossing(low, high, budget)
        return rounded(low[0] * (high[0] / low[0]) ** share, most)
    if ordered[-1][1] < budget:
        if ordered[-1][0] >= largest:
            return None
        # With one call left, or where more of it buys nothing more, what matters is whether the
        # largest can spend it at all.
        return (
            largest
            if last or _steps(tries)
            else rounded(_outwards(ordered[::-1], budget, largest), most)
        )
    return rounded(_outwards(ordered, budget, largest), most)


def _bracket(ordered: list[Try], budget: float) -> tuple[Try, Try] | None:
    """Return the neighbours between which cost crosses the budget, upwards if it can be."""
    found = [
        (low, high) for low, high in pairwise(ordered) if (low[1] < budget) != (high[1] < budget)
    ]
    return max(found, key=lambda ends: ends[1][1] - ends[0][1]) if found else None


def _crossing(low: Try, high: Try, budget: float) -> float:
    """Return where between two intensities the secant meets the budget: 0 to 1, in logs of x."""
    (x1, c1), (x2, c2) = low, high
    if c1 > 0.0 and c2 > 0.0:
        share = math.log(budget / c1) / math.log(c2 / c1)
    else:
        level = x1 + (x2 - x1) * (budget - c1) / (c2 - c1)
        share = math.log(level / x1) / math.log(x2 / x1)
    return min(max(share, EDGE), 1.0 - EDGE)


def _stuck(tries: list[Try], budget: float) -> bool:
    """Whether cost shows steps, or three measurements running fell on the same side."""
    sides = {cost < budget for _, cost in tries[-3:]}
    return _steps(tries) or (len(tries) > 3 and len(sides) == 1)


def _outwards(nearest: list[Try], budget: float, largest: float) -> float:
    """Return an intensity beyond all known ones, `nearest` the budget first, along their secant."""
    x, cost = nearest[0]
    if cost <= 0.0:
        return largest
    if len(nearest) == 1:
        return x * budget / cost
    other_x, other = nearest[1]
    elasticity = math.log(other / cost) / math.log(other_x / x) if other > 0.0 else 1.0
    # A cost that falls with intensity foretells nothing: proportion again.
    elasticity = min(max(elasticity, FLATTEST), STEEPEST) if elasticity >= 0.0 else 1.0
    return x * min(max((budget / cost) ** (1.0 / elasticity), 1.0 / FURTHEST), FURTHEST)


def _settled(tries: list[Try], budget: float, most: float, tolerance: float) -> EqualCost:
    """Return the measured intensity that answers best."""
    ordered = sorted(tries)
    reached = any(_within(cost, budget, tolerance) for _, cost in tries)
    saturated = ordered[-1][0] >= rounded(most, most) and all(
        cost < budget * (1.0 - tolerance) for _, cost in tries
    )
    lumpy = not reached and not saturated and _jumps(tries, ordered, budget)
    chosen = min(tries, key=lambda known: abs(known[1] - budget))
    if saturated:
        chosen = ordered[-1]
    elif lumpy:
        inside = [known for known in tries if known[1] <= budget]
        chosen = max(inside or [min(tries, key=lambda k: k[1])], key=lambda known: known[1])
    return EqualCost(
        intensity=chosen[0],
        cost=chosen[1],
        budget=budget,
        reached=reached,
        saturated=saturated,
        lumpy=lumpy,
        monotone=all(
            high[1] >= low[1] or _same(low[1], high[1]) for low, high in pairwise(ordered)
        ),
        tries=tuple(tries),
    )


def _jumps(tries: list[Try], ordered: list[Try], budget: float) -> bool:
    """Whether cost leaps over the budget, or rises in steps."""
    bracket = _bracket(ordered, budget)
    return _steps(tries) or (bracket is not None and bracket[1][0] <= bracket[0][0] * NARROW)


def _steps(tries: list[Try]) -> bool:
    """Whether two neighbouring intensities buy the same thing."""
    ordered = sorted(tries)
    return any(_same(low[1], high[1]) for low, high in pairwise(ordered))


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= SAME_COST * max(abs(one), abs(other))


def _within(cost: float, budget: float, tolerance: float) -> bool:
    return abs(cost - budget) <= tolerance * budget


def _number(intensity: float, cost: float) -> float:
    if not math.isfinite(cost):
        raise InputError(f"the cost at intensity {intensity:g} is {cost}, which is not an amount.")
    return float(cost)


def _refuse(budget: float, known: Sequence[Try], most: float, tolerance: float) -> None:
    """Raise InputError for what no intensity could solve."""
    if not (math.isfinite(budget) and budget > 0.0):
        raise InputError(f"the budget is {budget:g}; it must be above zero.")
    if not 0.0 < tolerance < 1.0:
        raise InputError(f"the tolerance is {tolerance:g}; it must be between 0 and 1, as 0.05.")
    if not known:
        raise InputError("an equal cost needs the cost of at least one intensity to start from.")
    for intensity, _ in known:
        if not 0.0 < intensity <= most:
            raise InputError(f"intensity {intensity:g}: it must be above 0 and at most {most:g}.")
