"""Small worlds for tests, and what an order sets in motion in them.

Parameters come from the declarations a user edits (`scenarios/world/`): no test knows by itself
what linear mode is. Worlds check their books every week unless a test says otherwise.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.district_model import DistrictModel
from millworks.economy.places import GENERIC, load_place
from millworks.economy.sectors import MANUFACTURING, N_SECTORS, sector_index
from millworks.parameters import Parameters
from millworks.study.closures import HELD
from millworks.world.accounts import FIRMS
from millworks.world.closure import Closure, FreeClosure, HeldClosure, RecordingClosure
from millworks.world.order_programme import OrderProgramme
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

EVERYTHING_BOUGHT_HERE = np.ones(N_SECTORS)
"""Regional purchase shares of a district that is the nation."""


@cache
def world_parameters(world: str = "linear") -> Parameters:
    """Return the values of a world that scenarios/world/ declares: linear or default."""
    chosen = compose("multiplier", None, [f"world={world}"], packaged_scenarios())
    return chosen.world.values()


def linear(**changes: float) -> Parameters:
    """Return the parameters of linear mode with changes inside their bounds."""
    return world_parameters("linear").replace(**changes)


def one_week_lags(**changes: float) -> Parameters:
    """Return linear mode without smoothing: whoever earns or uses answers a week later (T4)."""
    lags = {"income_half_life": 0.0, "alpha": 0.0}
    return world_parameters("linear").replace(unchecked=True, **(lags | changes))


def district(
    place: str = GENERIC,
    makers: int = 60,
    *,
    parameters: Parameters | None = None,
    year: int = 2022,
    check_every: int = 1,
    **settings: Any,
) -> DistrictModel:
    """Found a small world: the generic place of that many makers, or a scale model of another."""
    where = load_place(place, makers, year=year)
    return DistrictModel(
        where,
        parameters=parameters or linear(),
        year=year,
        check_every=check_every,
        makers=None if place == GENERIC else makers,
        **settings,
    )


def run(model: DistrictModel, weeks: int) -> None:
    """Let weeks pass."""
    for _ in range(weeks):
        model.step()


def one_sector(code: str) -> Floats:
    """Return the weights [34] of orders that go to one sector only."""
    return np.eye(N_SECTORS)[sector_index(code)]


def manufacturing(output: Floats) -> Floats:
    """Return the weights [34] of orders for all manufacturing in proportion to an output [34]."""
    weights = np.where(MANUFACTURING, output, 0.0)
    return weights / weights.sum()


def orders(weights: Floats, weekly: float, weeks: int | None = None) -> OrderProgramme:
    """Return orders of `weekly` USD a week from the first week on; for ever if no end is given."""
    return OrderProgramme(tuple(weights * weekly), 0, weeks)


@dataclass(frozen=True)
class Path:
    """What happened week by week: outputs and purchases [weeks, 34], pay [weeks]; USD a week."""

    local: Floats
    rest_of_us: Floats
    purchases_outside: Floats
    commuters_pay: Floats

    @property
    def national(self) -> Floats:
        """Output of the district and of the rest of the US."""
        return self.local + self.rest_of_us

    def __sub__(self, other: Path) -> Path:
        return Path(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))

    def __truediv__(self, amount: float) -> Path:
        return Path(*(getattr(self, f.name) / amount for f in fields(self)))


def output_by_sector(world: World) -> Floats:
    """Return the district's gross output of the week by sector [34]."""
    outputs = (world.by_sector(letter, world.population(letter).output) for letter in FIRMS)
    return np.sum(list(outputs), axis=0)


class Experiment:
    """One world, followed again and again from the same bytes under different orders."""

    def __init__(self, model: DistrictModel, weeks: int) -> None:
        self.model, self.weeks = model, weeks
        self.start = model.state()
        self.recorded = RecordingClosure()
        self.baseline = self.follow(OrderProgramme(), self.recorded)

    def weekly_sales(self, weights: Floats) -> float:
        """Output in a week of the base year of the sectors that get orders, USD."""
        return float(self.model.founding.flows_by_sector @ (weights > 0.0))

    def follow(self, programme: OrderProgramme, closure: Closure) -> Path:
        """Run from the start and return what happened."""
        model = self.model
        model.load_state(self.start)
        model.programme, model.closure = programme, closure
        weeks: list[tuple[Floats, ...]] = []
        for _ in range(self.weeks):
            model.step()
            outside = model.rest_of_us
            weeks.append(
                (
                    output_by_sector(model),
                    outside.output.copy(),
                    outside.purchases.copy(),
                    np.array(outside.commuter_pay),
                )
            )
        return Path(*(np.array(series) for series in zip(*weeks, strict=True)))

    def effect(self, programme: OrderProgramme, arm: str = "induced") -> Path:
        """Return the difference to the baseline with the responses of an arm of the closures."""
        held = HELD[arm]
        closure = HeldClosure(self.recorded, held) if held else FreeClosure()
        return self.follow(programme, closure) - self.baseline

    def steady_multiplier(
        self, weights: Floats, *, arm: str = "induced", injection: float = 0.01
    ) -> Path:
        """Return the path per USD of orders that never end, worth `injection` of the sales."""
        weekly = injection * self.weekly_sales(weights)
        return self.effect(orders(weights, weekly), arm) / weekly


def fingerprint(state: Any) -> str:
    """Return a SHA-256 over every bit of a nested state of arrays and numbers."""
    digest = hashlib.sha256()

    def add(value: Any) -> None:
        if isinstance(value, dict):
            for key in sorted(value):
                digest.update(str(key).encode())
                add(value[key])
        elif isinstance(value, np.ndarray):
            digest.update(f"{value.dtype}{value.shape}".encode())
            digest.update(np.ascontiguousarray(value).tobytes())
        else:
            digest.update(repr(value).encode())

    add(state)
    return digest.hexdigest()
