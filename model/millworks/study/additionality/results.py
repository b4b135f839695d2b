"""What `millworks additionality` hands to the report and the command line: plain data, no engine.

Money is in USD of 2022, of the whole place; value added is a flow a year. `Effect.effect` names the
term: those of `identity.TERMS`, whose sum with their signs is `net`; displacement is given as a
positive amount. `Effect.region` says where: local, ring, rest_of_us or national.
"""

from __future__ import annotations

from dataclasses import dataclass

from millworks.study.many_arms import ManyArmsResult
from millworks.study.run_results import Effect

VALUE_ADDED = "value_added"
LOCAL, RING, REST, NATION = "local", "ring", "rest_of_us", "national"


@dataclass(frozen=True)
class Cell:
    """The effect on one cell, a year: where, whose, of which size, whether treated.

    `holder`: makers (partners among them, by size), retailers, services or all; `sector`: code of
    the table, or all.
    """

    region: str
    holder: str
    sector: str
    size_class: str
    treated: bool
    value: Effect


@dataclass(frozen=True)
class Additionality:
    """What one policy adds at its default size.

    `effects`: every term, where, how many are treated, deadweight, substitution, leakage. `cells`:
    those that are not zero in every pair. `years`: (year from 1, term, effect) of the local terms,
    with `untreated` for spillover less displacement. `by_chance`: what luck alone would make of
    spillover and of displacement, USD a year, None with a single pair; `residual`: largest gap
    between the net effect and the sum of its terms in any pair, relative to the value added.
    """

    name: str
    title: str
    comparator: bool
    effects: tuple[Effect, ...]
    cells: tuple[Cell, ...]
    years: tuple[tuple[int, str, Effect], ...]
    by_chance: float | None
    residual: float

    def find(self, effect: str, *, quantity: str = VALUE_ADDED, region: str = LOCAL) -> Effect:
        """Return one effect; KeyError where there is none of that name there."""
        for one in self.effects:
            if (one.quantity, one.effect, one.region) == (quantity, effect, region):
                return one
        raise KeyError(quantity, effect, region)

    @property
    def nobody(self) -> bool:
        """Whether nobody uses what it offers, in any pair."""
        return self.find("treated", quantity="firms").mean == 0.0


@dataclass(frozen=True, kw_only=True)
class AdditionalityResult(ManyArmsResult):
    """Every policy's effect by who has it; `ring`: whether the neighbouring counties are in it."""

    policies: tuple[Additionality, ...]
    ring: bool

    @property
    def levers(self) -> tuple[Additionality, ...]:
        """The policies that are no comparators."""
        return tuple(one for one in self.policies if not one.comparator)
