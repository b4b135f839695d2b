"""The model: a district founded from data, and the week as a table of contents."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.economy.national import national_accounts
from millworks.economy.places import Place, load_place
from millworks.model_inputs import (
    checked_makers,
    checked_parameters,
    checked_seed,
    checked_shares,
    checked_weeks_between,
    checked_year,
)
from millworks.parameters import Parameters, load_parameters
from millworks.start.founding import found
from millworks.world.invariants import Invariants
from millworks.world.measures import Measures
from millworks.world.streams import Streams
from millworks.world.world import World


@dataclass(frozen=True)
class Stage:
    """One stage of the week: what happens, in which file."""

    number: int
    name: str
    summary: str
    module: str

    @property
    def run(self) -> Callable[[World], None]:
        """The function that carries the stage out."""
        return getattr(importlib.import_module(f"millworks.week.{self.module}"), self.module)


WEEK: tuple[Stage, ...] = (
    Stage(1, "open", "a new week; last week's receipts clear; the season turns", "open_week"),
    Stage(2, "arrive", "goods and capital under way reach their buyers", "arrive"),
    Stage(3, "settle", "every firm pays what is due, in order; households are paid", "settle"),
    Stage(4, "consume", "households spend; shops and blocks sell", "consume"),
    Stage(5, "restock", "retailers and chains decide what to order", "restock"),
    Stage(6, "order", "makers, partners, blocks and outside customers ask for goods", "order"),
    Stage(7, "accept", "sellers grant or refuse, and say why; buyers collect", "accept"),
    Stage(8, "plan", "producers decide how much to make, with how many hands", "plan"),
    Stage(9, "produce", "output is made, inputs drawn, services used, pay earned", "produce"),
    Stage(10, "ship", "goods leave their makers; freight is charged, buyers invoiced", "ship"),
    Stage(11, "overhead", "rent is charged; capital wears and is replaced", "overhead"),
    Stage(12, "adjust", "every 4 weeks: prices, shares, links, pay, reliability", "adjust"),
    Stage(13, "invest", "credit lines; makers test what stops them, and invest", "invest"),
    Stage(14, "distribute", "taxes are filed; owners draw; lenders pay and earn", "distribute"),
    Stage(15, "turnover", "firms close, estates are settled, firms are born", "turnover"),
    Stage(16, "close", "sweeps, saving, the rest of the US; the books are closed", "close"),
)
"""The week in economic order."""


class DistrictModel(World):
    """A district of makers, partners, retailers, lenders and what surrounds them.

    `place`: a `Place` or its name; `year`: of the input-output table; `parameters`: by default
    those of the register; `method` of regionalisation, unless `shares` gives regional purchase
    shares ([34] by seller, or [34, 34] by seller and buyer with `household_shares` [34]);
    `makers`: fewer than the place has, for a scale model; `check_every`: weeks between checks of
    the accounting identities, 0 for never.
    """

    def __init__(
        self,
        place: Place | str = "hickory",
        *,
        year: int = 2022,
        seed: int = 1,
        parameters: Parameters | None = None,
        method: str = "flq_goods",
        makers: int | None = None,
        shares: npt.NDArray[np.float64] | None = None,
        household_shares: npt.NDArray[np.float64] | None = None,
        check_every: int = 13,
    ) -> None:
        super().__init__(rng=checked_seed(seed))
        year, makers = checked_year(year), checked_makers(makers)
        shares, household_shares = checked_shares(shares, household_shares)
        parameters = checked_parameters(parameters)
        check_every = checked_weeks_between(check_every)
        place = load_place(place, makers) if isinstance(place, str) else place
        self.streams = Streams(seed)
        self.founding = found(
            self,
            place,
            national_accounts(year),
            self.streams,
            parameters or load_parameters({}),
            method=method,
            makers=makers,
            shares=shares,
            household_shares=household_shares,
        )
        self.scale = self.founding.district.scale
        self.invariants = Invariants(self)
        self.check_every = check_every
        self.stages = tuple(stage.run for stage in WEEK)

    @property
    def worst_residual(self) -> float:
        """Largest residual of an accounting identity seen so far, relative to its scale."""
        return max(self.invariants.worst.values(), default=0.0)

    def forget_residuals(self) -> None:
        """Look for the largest residual anew."""
        self.invariants.worst.clear()

    def introduce(
        self,
        policies: Mapping[str, Any] | None = None,
        shocks: Mapping[str, Any] | None = None,
        *,
        start: int | None = None,
        levy: float | None = None,
    ) -> None:
        """Put policies and shocks in force, in place of any before.

        Name -> settings (a mapping of keys that differ from the defaults, or a settings object);
        their weeks count from `start`, by default next week. `levy`: USD a year of the whole place
        that are levied evenly; by default as much as policies turn out to need. Raises InputError
        for an unknown name.
        """
        from millworks.policies.registry import make_policies
        from millworks.shocks.registry import make_shocks

        first = self.week + 1 if start is None else start
        weekly = None if levy is None else levy * self.scale / 52.0
        self.measures = Measures(
            make_policies(policies or {}), make_shocks(shocks or {}), first, weekly
        )
        self.measures.begin(self)

    def step(self) -> None:
        """Let one week pass."""
        checking = self.check_every > 0 and (self.week + 1) % self.check_every == 0
        if checking:
            self.invariants.open_week()
        for stage in self.stages:
            stage(self)
        if checking:
            self.invariants.check()
