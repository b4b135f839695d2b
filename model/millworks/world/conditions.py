"""Conditions on columns: who is meant, as something that can be printed, asked and combined.

`(Maker.employment < 100) & (Maker.sector == 17)` says who; asked of one agent it answers True or
False, asked of a population it answers for all rows at once, and printed it reads as it was
written. A policy's eligibility is one.

What this leaves out: arithmetic between columns. For that, use a function of the agent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Condition:
    """A yes-or-no question about the columns of an agent; `Column` comparisons make it."""

    def __init__(self, words: str, answer: Callable[[Any], Any]) -> None:
        self._words = words
        self._answer = answer

    @classmethod
    def comparison(
        cls, name: str, sign: str, compare: Callable[[Any, Any], Any], other: Any
    ) -> Condition:
        """Return the condition that column `name` compares so with `other`, a value or a column."""
        other_name = getattr(other, "name", None)
        if isinstance(other_name, str):
            return cls(
                f"{name} {sign} {other_name}",
                lambda who: compare(getattr(who, name), getattr(who, other_name)),
            )
        return cls(f"{name} {sign} {other!r}", lambda who: compare(getattr(who, name), other))

    def __call__(self, agent: Any) -> bool:
        """Return whether the condition holds for one agent."""
        return bool(self._answer(agent))

    def mask(self, population: Any) -> np.ndarray:
        """Return a bool array, one answer for each row of a population.

        Raises `AttributeError` if the population lacks one of the columns.
        """
        return np.asarray(self._answer(population), dtype=bool)

    def __and__(self, other: Condition) -> Condition:
        return self._joined("and", np.logical_and, other)

    def __or__(self, other: Condition) -> Condition:
        return self._joined("or", np.logical_or, other)

    def __invert__(self) -> Condition:
        return Condition(f"not ({self._words})", lambda who: np.logical_not(self._answer(who)))

    def _joined(self, word: str, join: Callable[[Any, Any], Any], other: Condition) -> Condition:
        if not isinstance(other, Condition):
            return NotImplemented
        return Condition(
            f"({self._words}) {word} ({other._words})",
            lambda who: join(self._answer(who), other._answer(who)),
        )

    def __bool__(self) -> bool:
        raise TypeError(
            f"The condition '{self._words}' is true or false only for an agent; join conditions"
            " with & and |, negate with ~, and put each in brackets."
        )

    def __repr__(self) -> str:
        return self._words
