"""Closures: which responses of a run may leave the path of its baseline.

Effects are told apart by nested runs. With orders held at the baseline's path, inputs beyond it
come from a sink that nobody produces for: what remains is the direct effect. With orders free but
household spending held, the indirect effect joins; with both free, the induced effect; with
investment and turnover free as well, the dynamic one.

    orders       goods, services, freight and floor that firms ask for; inputs in the rest of the US
    spending     of households here and in the rest of the US, and of the local government
    investment   projects with their loans, and the replacement of worn capital
    turnover     who is in business: births and exits

A closure is asked once a week for each response, by name. `FreeClosure` lets all pass, and the
baseline run records its path with `RecordingClosure`; there is no branch for it in the rules.

What cannot be held to the last unit: a firm whose cash does not reach replaces its capital later
than in the baseline; a firm is born later where its predecessor's estate takes longer to settle. A
project the baseline's owner could pay for and this one cannot is paid for by equity from outside.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ORDERS, SPENDING, INVESTMENT, TURNOVER = "orders", "spending", "investment", "turnover"
"""The groups of responses a closure can hold."""


class Closure(Protocol):
    """Says what a response follows: the rules, or the path of the baseline."""

    def path(self, group: str, name: str, week: int, own: Floats) -> Floats:
        """Return what is to be done in place of `own`, which is what the rules say."""
        ...


class FreeClosure:
    """All responses are free: everything goes the normal way."""

    def path(self, group: str, name: str, week: int, own: Floats) -> Floats:
        """Return `own`."""
        return own


class RecordingClosure(FreeClosure):
    """Free, and remembers the path for the closures that will be held to it."""

    def __init__(self) -> None:
        self.recorded: dict[tuple[str, str, int], Floats] = {}

    def path(self, group: str, name: str, week: int, own: Floats) -> Floats:
        """Record `own` and return it."""
        self.recorded[group, name, week] = own.copy()
        return own


class HeldClosure(FreeClosure):
    """Holds some groups of responses at the recorded path of the baseline."""

    def __init__(self, baseline: RecordingClosure, held: frozenset[str]) -> None:
        self.baseline, self.held = baseline, held

    def path(self, group: str, name: str, week: int, own: Floats) -> Floats:
        """Return the baseline's, if the group is held."""
        return self.baseline.recorded[group, name, week] if group in self.held else own
