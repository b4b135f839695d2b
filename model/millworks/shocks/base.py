"""What every shock is: a path of conditions that all arms of a study share.

A shock changes parameters of the week, demand from outside, or what lenders lose elsewhere; what
follows from it is the model's. Reference: model specification §8.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from millworks.settings import Timing
from millworks.world.measures import Conditions, State


class Shock(ABC):
    """One shock as a scenario sets it; `name`, `order` and `title` as for policies."""

    name: ClassVar[str]
    order: ClassVar[int]
    title: ClassVar[str]
    Settings: ClassVar[type[Timing]] = Timing

    def __init__(self, settings: Timing) -> None:
        self.settings = settings

    def strength(self, weeks_in: int) -> float:
        """Return its size in a week of the study; a shock may add a path of recovery."""
        return self.settings.strength(weeks_in)

    @abstractmethod
    def apply(self, state: State, conditions: Conditions, strength: float) -> None:
        """Write the conditions of this week; at strength 0 they are the base's."""
