"""What `millworks constraints` hands to the report and the command line: plain data, no engine.

Shares are of all units ordered of manufacturers of a size; each refused unit has one reason. Money
is in USD of 2022, of the whole place.
"""

from __future__ import annotations

from dataclasses import dataclass

from millworks.study.many_arms import ManyArmsResult
from millworks.study.run_results import Effect


@dataclass(frozen=True)
class RefusedShare:
    """Part of the orders of makers of a size that is refused for a reason, in the baseline.

    `size_class`: all or one of `SIZE_CLASSES`; `share` without a value where that size had no
    orders in some pair. The reason 'all' is the sum of the eight.
    """

    reason: str
    size_class: str
    share: Effect


@dataclass(frozen=True)
class Relaxed:
    """What relaxing one limit does.

    `kind`: terms (others grant more) or aims (makers want more and pay for it); `parameters`: key,
    value of the world, value of the arm. `value_added` a year, `jobs`, `refused` (all reasons) and
    `own_reason` (the part refused for this one): effects against the baseline. `told`: sign of the
    effect on value added where Holm's test over all relaxations tells it from zero, else 0;
    `adjusted`: its p-value, None with a single pair.
    """

    reason: str
    kind: str
    what: str
    mechanism: str
    misses: str
    parameters: tuple[tuple[str, float, float], ...]
    value_added: Effect
    jobs: Effect
    refused: Effect
    own_reason: Effect
    adjusted: float | None
    told: int

    @property
    def reaches(self) -> bool:
        """Whether fewer orders are told to be refused for the reason that was relaxed."""
        return self.own_reason.high is not None and self.own_reason.high < 0.0


@dataclass(frozen=True, kw_only=True)
class ConstraintsResult(ManyArmsResult):
    """Which limit stops which orders, and what a little more of each would be worth.

    `part`: by which each limit was relaxed; `left_out`: reason -> why it was not. `shares`: by
    size, then by reason; of the sum of all reasons too.
    """

    part: float
    shares: tuple[RefusedShare, ...]
    relaxed: tuple[Relaxed, ...]
    left_out: dict[str, str]

    def share(self, reason: str, size_class: str = "all") -> Effect:
        """Return a part of orders refused; KeyError where there is no such reason and size."""
        for one in self.shares:
            if one.reason == reason and one.size_class == size_class:
                return one.share
        raise KeyError(reason, size_class)
