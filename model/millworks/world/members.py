"""Who belongs to a set of agents: rows of populations, and how to read their columns at once.

Kept apart from `agent_sets` so that the surface users know from Mesa stands in one file and the
bookkeeping of rows in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from millworks.world.columns import Population
from millworks.world.handles import RowAgent, past_or_present_handle, unique_ids


@dataclass(eq=False)
class Members:
    """An ordered list of agents, each as (population, row, generation), in three int64 arrays.

    `which`: index into `populations`; `rows`: row there; `born`: generation of the row when the
    agent was taken in, so that a later holder of the row is not mistaken for it.
    """

    populations: list[Population]
    which: np.ndarray
    rows: np.ndarray
    born: np.ndarray

    @classmethod
    def all_of(cls, populations: Sequence[Population]) -> Members:
        """Return everybody who holds a row of these populations now."""
        nobody = np.empty(0, np.int64)
        rows = [np.flatnonzero(population.occupied) for population in populations]
        born = [p.generation[part] for p, part in zip(populations, rows, strict=True)]
        which = np.repeat(np.arange(len(rows)), [len(part) for part in rows])
        return cls(
            list(populations),
            which.astype(np.int64),
            np.concatenate([*rows, nobody]),
            np.concatenate([*born, nobody]),
        )

    @classmethod
    def from_handles(cls, agents: Iterable[RowAgent]) -> Members:
        """Return these agents in their order, each once; `TypeError` for another kind of agent."""
        agents = list(dict.fromkeys(agents))
        for agent in agents:
            if not isinstance(agent, RowAgent):
                raise TypeError(f"A set of rows holds agents of populations, not {agent!r}.")
        populations = list(dict.fromkeys(agent.population for agent in agents))
        number = {population: i for i, population in enumerate(populations)}
        return cls(
            populations,
            np.array([number[agent.population] for agent in agents], np.int64),
            np.array([agent.row for agent in agents], np.int64),
            np.array([agent._born for agent in agents], np.int64),
        )

    def at(self, places: Any) -> Members:
        """Return the members at these places, in that order."""
        return Members(self.populations, self.which[places], self.rows[places], self.born[places])

    def parts(self) -> Iterator[tuple[Population, Any]]:
        """Yield each population with the places of its members (a slice where it is the only)."""
        if len(self.populations) == 1:
            yield self.populations[0], slice(None)
            return
        for number, population in enumerate(self.populations):
            mine = np.flatnonzero(self.which == number)
            if mine.size:
                yield population, mine

    def present(self) -> Members:
        """Return those who have not left."""
        here = np.ones(self.rows.size, bool)
        for population, mine in self.parts():
            rows = self.rows[mine]
            same = population.generation[rows] == self.born[mine]
            here[mine] = population.occupied[rows] & same
        return self if here.all() else self.at(here)

    def __len__(self) -> int:
        return self.rows.size

    def __iter__(self) -> Iterator[RowAgent]:
        for number, row, born in zip(
            self.which.tolist(), self.rows.tolist(), self.born.tolist(), strict=True
        ):
            population = self.populations[number]
            # one that left while the loop was running is passed over
            if population.generation[row] == born and population.occupied[row]:
                yield past_or_present_handle(population, row, born)

    def handle_at(self, place: int) -> RowAgent:
        """Return the agent at a place (from the end if negative); `IndexError` beyond."""
        population = self.populations[self.which[place]]
        return past_or_present_handle(population, int(self.rows[place]), int(self.born[place]))

    def places_of(self, agent: object) -> np.ndarray:
        """Return the places (none or one) where an agent stands."""
        if not isinstance(agent, RowAgent) or agent.population not in self.populations:
            return np.empty(0, np.int64)
        number = self.populations.index(agent.population)
        same = (self.rows == agent.row) & (self.which == number) & (self.born == agent._born)
        return np.flatnonzero(same)

    def values(self, name: str) -> np.ndarray | None:
        """Return a column, or `unique_id`, of the members; None unless it is plain for all."""
        if name == "unique_id":
            dtypes = {np.dtype(np.int64)}
        else:
            columns = [population.declared.get(name) for population in self.populations]
            # by identity: a column compares into a condition
            if not columns or any(column is None or column.shape for column in columns):
                return None
            dtypes = {column.dtype for column in columns if column is not None}
        if len(dtypes) > 1:
            return None
        found = np.empty(self.rows.size, dtypes.pop())
        for population, mine in self.parts():
            rows = self.rows[mine]
            if name == "unique_id":
                found[mine] = unique_ids(population, rows)
            else:
                found[mine] = getattr(population, name)[rows]
        return found
