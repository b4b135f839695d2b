"""Closures: which responses of a run may leave the path of its baseline.

Effects are told apart by nested runs. With orders held at the baseline's path, inputs beyond it
come from a sink that nobody produces for: what remains is the direct effect. With orders free but
household spending held, the indirect effect joins; with both free, the induced effect.

A closure is asked once a week for each response, by name. `FreeClosure` lets all pass, and the
baseline run records its path with `RecordingClosure`; there is no branch for it in the rules.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ORDERS, SPENDING = "orders", "spending"
"""The two groups of responses a closure can hold."""


class Closure(Protocol):
    """Splits a desired amount into what follows the rules and what is diverted to the sink."""

    def route(self, group: str, name: str, week: int, desired: Floats) -> tuple[Floats, Floats]:
        """Return (what goes the normal way, what is diverted); they sum to `desired`."""
        ...


class FreeClosure:
    """All responses are free: everything goes the normal way."""

    def route(self, group: str, name: str, week: int, desired: Floats) -> tuple[Floats, Floats]:
        """Return `desired` and nothing diverted."""
        return desired, np.zeros_like(desired)


class RecordingClosure(FreeClosure):
    """Free, and remembers the path for the closures that will be held to it."""

    def __init__(self) -> None:
        self.path: dict[tuple[str, str, int], Floats] = {}

    def route(self, group: str, name: str, week: int, desired: Floats) -> tuple[Floats, Floats]:
        """Record `desired` and return it with nothing diverted."""
        self.path[group, name, week] = desired.copy()
        return super().route(group, name, week, desired)


class HeldClosure(FreeClosure):
    """Holds some groups of responses at the recorded path of the baseline."""

    def __init__(self, baseline: RecordingClosure, held: frozenset[str]) -> None:
        self.baseline, self.held = baseline, held

    def route(self, group: str, name: str, week: int, desired: Floats) -> tuple[Floats, Floats]:
        """Return the baseline's amount and divert the difference, if the group is held."""
        if group not in self.held:
            return super().route(group, name, week, desired)
        normal = self.baseline.path[group, name, week]
        return normal, desired - normal
