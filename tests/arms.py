"""Arms of a study for tests: one small world, followed again and again under policies and shocks.

An arm starts from the bytes of the burn-in, with books checked every week.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from millworks.district_model import DistrictModel
from worlds import district, run, world_parameters

Settings = Mapping[str, Mapping[str, Any]]

BEFORE = 66
"""Weeks of burn-in: every link has four full quarters behind it."""


class Arms:
    """A district after its burn-in; `follow` runs an arm from there."""

    def __init__(self, model: DistrictModel, weeks: int = BEFORE) -> None:
        run(model, weeks)
        self.model = model
        self.start = model.state()

    def follow(
        self,
        weeks: int,
        policies: Settings | None = None,
        shocks: Settings | None = None,
        each: Callable[[DistrictModel], Any] | None = None,
    ) -> list[Any]:
        """Run an arm; return what `each` saw at the end of every week."""
        model = self.model
        model.load_state(self.start)
        model.introduce(policies, shocks)
        seen = []
        for _ in range(weeks):
            model.step()
            if each is not None:
                seen.append(each(model))
        return seen

    def end(
        self, weeks: int, policies: Settings | None = None, shocks: Settings | None = None
    ) -> dict[str, Any]:
        """Run an arm; return the state in which it ends."""
        self.follow(weeks, policies, shocks)
        return self.model.state()


def arms(place: str = "hickory", makers: int = 60, seed: int = 5, **changes: float) -> Arms:
    """Arms of a small default world with parameters changed; made once per set of arguments."""
    return _arms(place, makers, seed, tuple(sorted(changes.items())))


@cache
def _arms(place: str, makers: int, seed: int, changes: tuple[tuple[str, float], ...]) -> Arms:
    rates = world_parameters("default").replace(unchecked=True, **dict(changes))
    return Arms(district(place, makers, parameters=rates, seed=seed))


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two states differ by at least one bit."""
    if isinstance(one, dict):
        found = [] if one.keys() == other.keys() else [f"{path}: keys"]
        for key in one.keys() & other.keys():
            found += differences(one[key], other[key], f"{path}/{key}")
        return found
    if isinstance(one, np.ndarray):
        same = one.dtype == other.dtype and one.tobytes() == other.tobytes()
        return [] if same else [path]
    return [] if repr(one) == repr(other) else [path]
