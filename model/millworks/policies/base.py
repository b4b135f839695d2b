"""What every policy is: who is eligible, what is offered, when, and who pays.

A policy never changes a behaviour or an outcome: it writes prices, limits, terms and entitlements,
and taking them up is the agent's choice under the rules of the week. To add one, write a file with
a subclass of `Policy` in this folder, a YAML file in `scenarios/policy/`, and a test.

Reference: model specification §8; design of the model, §8.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import SECTORS, sector_index
from millworks.economy.size_mix import CLASS_BOUNDS, SIZE_CLASSES
from millworks.settings import Timing, number, text
from millworks.world.measures import Offers, State

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

ACTIVE = 0
"""`Firm.status` of a firm that trades (`millworks.agents.firm`)."""
GROUPS = ("finance", "logistics", "place", "technology")
"""What policies help with; those of a group are switched together in the study of interactions."""
YEARS_OF_COST = 10
DISCOUNT = 0.03
"""Real rate of discount of public cost, 1/year (model specification, §10.4)."""


class PaidSettings(Timing):
    """Settings that every policy has."""

    payer: Literal["levy", "outside"] = text(
        "levy", "levy or outside", "who pays: a levy on local incomes, or somebody outside"
    )


class PolicySettings(PaidSettings):
    """Settings of a policy for firms; sizes, sectors, age and place narrow who is eligible."""

    sizes: list[str] | None = text(
        None, f"a list of {', '.join(SIZE_CLASSES)}, or null", "eligible sizes; null: all"
    )
    sectors: list[str] | None = text(
        None, "a list of sector codes, or null", "eligible sectors; null: all"
    )
    miles: float | None = text(
        None, "a number above 0 and at most 1000, or null",
        "firms within so many miles of the district's centre; null: all", gt=0, le=1000,
    )  # fmt: skip
    max_age: float | None = text(
        None, "a number above 0 and at most 100, or null",
        "firms born at most so many years ago; null: all, also those there at the start",
        gt=0, le=100,
    )  # fmt: skip
    min_age: float = number(0.0, 0.0, 100.0, "firms born at least so many years ago")


class BudgetSettings(PaidSettings):
    """Settings of a policy that pays out a fixed sum a year, to whomever it is."""

    budget: float | None = text(
        None, "a number above 0 and at most 1e+10, or null",
        "USD a year in the whole place at intensity 1; null: the common budget, by makers' sales",
        gt=0, le=1e10,
    )  # fmt: skip


class TargetedBudgetSettings(PolicySettings, BudgetSettings):
    """Settings of a policy that pays out a fixed sum a year to firms."""


class Policy(ABC):
    """One policy as a scenario sets it.

    `name` as users write it; `order` its place in the canonical order; `title` in a line; `group`
    one of `GROUPS`, '' for comparators; `has_overhead` whether running it costs extra; `excludes`
    the policies that cannot be in force at the same time, each with the reason as the end of a
    sentence.
    """

    name: ClassVar[str]
    order: ClassVar[int]
    title: ClassVar[str]
    group: ClassVar[str] = ""
    comparator: ClassVar[bool] = False
    has_overhead: ClassVar[bool] = True
    excludes: ClassVar[Mapping[str, str]] = {}
    Settings: ClassVar[type[PaidSettings]] = PolicySettings

    def __init__(self, settings: PaidSettings) -> None:
        self.settings = settings

    @property
    def paid_by_levy(self) -> bool:
        """Whether a levy on local incomes pays for it, rather than the outside."""
        return self.settings.payer == "levy"

    def strength(self, weeks_in: int) -> float:
        """Return its size in a week of the study: intensity times ramp."""
        return self.settings.strength(weeks_in)

    @abstractmethod
    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Return who may take it up, a flag per row by holder letter."""

    @abstractmethod
    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Write what is offered this week; at strength 0 nothing may differ from no policy."""

    def targeted(self, state: State, letter: str) -> Flags:
        """Makers (M), partners (P) or retailers (R) that trade, of an eligible kind and place.

        The size of a retailer is that of its jobs at the start. Firms of the start, whose age
        nobody knows, are older than any that was born since.
        """
        firms = state.population(letter)
        chosen = np.asarray(firms.status == ACTIVE)
        sizes = getattr(self.settings, "sizes", None)
        sectors = getattr(self.settings, "sectors", None)
        if sizes is not None:
            classes = [SIZE_CLASSES.index(size) for size in sizes]
            of_jobs = np.searchsorted(CLASS_BOUNDS[1:, 0], firms.employment, side="right")
            chosen &= np.isin(of_jobs if letter == "R" else firms.size_class, classes)
        if sectors is not None:
            wanted = [sector_index(code) for code in sectors]
            chosen &= np.isin(firms.sector, wanted)
        miles = getattr(self.settings, "miles", None)
        if miles is not None:
            east, north = state.places(letter)
            chosen &= east * east + north * north <= miles * miles
        max_age = getattr(self.settings, "max_age", None)
        min_age = getattr(self.settings, "min_age", 0.0)
        if max_age is not None or min_age > 0.0:
            years = np.where(firms.born > 0, (state.week - firms.born) / 52.0, np.inf)
            chosen &= (years <= (np.inf if max_age is None else max_age)) & (years >= min_age)
            if max_age is not None:
                chosen &= np.isfinite(years)
        return chosen


def annuity(present_value: float) -> float:
    """USD a year over ten years with this present value, at the discount rate of public cost."""
    return present_value * DISCOUNT / (1.0 - (1.0 + DISCOUNT) ** -YEARS_OF_COST)


def valid_sectors() -> tuple[str, ...]:
    """Codes that `sectors` may name."""
    return SECTORS
