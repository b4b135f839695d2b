"""A Mesa model whose agents are rows: populations by name, agents on demand.

`model.register("makers", Population(Maker, 1000, model))` gives the model `model.makers` (a set of
agents as in Mesa), `model.populations["makers"]` (the arrays, for the rules), and a part in
`model.agents` and `model.agents_by_type[Maker]`. Mesa's `DataCollector` works on it as it is.

What this leaves out: Mesa's registration of single agents, and removing all agents at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import mesa
import numpy as np

from millworks.errors import InputError, nearest
from millworks.world.agent_sets import RowAgentSet
from millworks.world.columns import Population
from millworks.world.members import Members


class ColumnarModel(mesa.Model):
    """Base of a model over populations; call `super().__init__(rng=seed)` first.

    `rng`: seed (or numpy generator) of `model.random` and `model.rng`, which serve shuffles and
    users' own code. The rules draw from `Streams` instead.
    """

    populations: dict[str, Population]

    def __init__(self, *args: Any, rng: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, rng=rng, **kwargs)
        self.populations = {}

    def register(
        self, name: str, population: Population, first_identity: int | None = None
    ) -> Population:
        """Make a population part of the model under a plural name, and return it.

        Its rows get the identities `first_identity`, + 1, ..., by default those after the highest
        given so far: populations registered in the order of the supply network's ids share them.
        Raises `InputError` for a name that is taken or is no name.
        """
        if not name.isidentifier() or name.startswith("_") or hasattr(self, name):
            raise InputError(
                f"A population cannot be called {name!r}: the model has that name already, or it"
                " is not a plain word."
            )
        if first_identity is None:
            first_identity = 1 + max(
                (int(p.identity.max()) for p in self.populations.values() if p.size), default=-1
            )
        population.model = self
        population.name = name
        population.identity[:] = first_identity + np.arange(population.size)
        self.populations[name] = population
        return population

    def _set_of(self, populations: list[Population]) -> RowAgentSet:
        return RowAgentSet.of(Members.all_of(populations), self.random)

    if not TYPE_CHECKING:  # a model declares its own populations for type checkers

        def __getattr__(self, name: str) -> RowAgentSet:
            populations = self.__dict__.get("populations", {})
            if name in populations:
                return self._set_of([populations[name]])
            if name.startswith("_"):
                raise AttributeError(name)
            known = [*populations, *(word for word in dir(self) if not word.startswith("_"))]
            raise AttributeError(
                f"{type(self).__name__} has no attribute or population {name!r}."
                f"{nearest(name, known)}"
            )

    @property
    def agents(self) -> RowAgentSet:
        """All agents of all populations, in the order of registration."""
        return self._set_of(list(self.populations.values()))

    @agents.setter
    def agents(self, agents: Any) -> NoReturn:
        raise AttributeError("model.agents is made from the populations and cannot be set.")

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], RowAgentSet]:  # type: ignore[override]
        """Agents by class; populations of one class, as of several districts, are one set."""
        kinds: dict[type[mesa.Agent], list[Population]] = {}
        for population in self.populations.values():
            kinds.setdefault(population.agent_class, []).append(population)
        return {kind: self._set_of(populations) for kind, populations in kinds.items()}

    @property
    def agent_types(self) -> list[type]:
        """Classes of the populations, in the order of registration."""
        return list(dict.fromkeys(p.agent_class for p in self.populations.values()))

    def register_agent(self, agent: mesa.Agent) -> NoReturn:
        """Not offered: an agent outside the populations would have no part in the accounts."""
        raise NotImplementedError(
            f"A {type(agent).__name__} cannot join this model by itself, for it would stand outside"
            " the accounts: declare columns on a RowAgent and register a Population."
        )

    def deregister_agent(self, agent: mesa.Agent) -> NoReturn:
        """Not offered: agents leave through the rules of exit."""
        raise NotImplementedError(
            f"{agent!r} leaves only through the rules of exit, which settle its debts."
        )

    def remove_all_agents(self) -> NoReturn:
        """Not offered: without agents the accounts of the district would not close."""
        raise NotImplementedError(
            "The agents of this model hold its money and cannot be removed all at once;"
            " make a new model instead."
        )
