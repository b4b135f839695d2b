"""Sets of agents: Mesa's `AgentSet` as a view on rows, answered from columns.

`model.makers.select(Maker.employment < 20).agg("output", sum)` reads as in Mesa, and costs an
array operation instead of a loop over objects: `get`, `agg`, `sort`, `groupby`, `set` and `select`
with a `Condition` go to the columns. Functions of the agent work as well, one handle at a time.

A set remembers *which* agents it holds and reads what they are *now*. One that leaves drops out,
as in Mesa; one that arrives is in the next set taken from the model. Shuffling draws from the
model's own generator and gives Mesa's order for the same seed.

What this leaves out: adding and removing members by hand. A set is chosen with `select`, and
agents come and go by the rules of turnover. Money columns cannot be `set`.
"""

from __future__ import annotations

import random as standard_random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

import numpy as np
from mesa.agent import Agent, AgentSet, GroupBy

from millworks.world.conditions import Condition
from millworks.world.handles import RowAgent
from millworks.world.members import Members

_EVERYBODY = float("inf")


class RowAgentSet(AgentSet):
    """An ordered set of agents, each a row of a population.

    `agents`: handles, as for Mesa's set; `random`: the generator that shuffles, by default that
    of the agents' model. Take `model.makers` or `model.agents` instead of making one.
    """

    def __init__(
        self, agents: Iterable[RowAgent], random: standard_random.Random | None = None
    ) -> None:
        self._held = Members.from_handles(agents)
        if random is None and len(self._held):
            random = self._held.populations[0].model.random
        # Nobody to shuffle, so the generator of an empty set never draws.
        self.random = standard_random.Random(0) if random is None else random

    @classmethod
    def of(cls, members: Members, random: standard_random.Random) -> RowAgentSet:
        """Return a set of these members that shuffles with `random`."""
        made = cls([], random)
        made._held = members
        return made

    # --- members

    @property
    def _members(self) -> Members:
        self._held = self._held.present()
        return self._held

    def _picked(self, places: Any, inplace: bool = False) -> RowAgentSet:
        """Return the members at these places, in that order, as a set."""
        members = self._members.at(places)
        if not inplace:
            return RowAgentSet.of(members, self.random)
        self._held = members
        return self

    @property
    def rows(self) -> np.ndarray:
        """Rows of the members, for indexing columns; only for agents of one population."""
        if len(self._held.populations) != 1:
            raise NotImplementedError(
                "This set holds agents of several populations, so rows alone do not name them;"
                " take the agents of one population, such as model.makers."
            )
        return self._members.rows.copy()

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[RowAgent]:
        return iter(self._members)

    def __reversed__(self) -> Iterator[RowAgent]:
        return iter(self._members.at(slice(None, None, -1)))

    def __contains__(self, agent: object) -> bool:
        return self._members.places_of(agent).size > 0

    def index(self, agent: Any, start: int = 0, stop: int | None = None) -> int:
        """Return the place of an agent in the set; `ValueError` if it is not there."""
        place = self._members.places_of(agent)
        if not place.size or place[0] not in range(len(self))[start:stop]:
            raise ValueError(f"{agent!r} is not in this part of the set.")
        return int(place[0])

    def __getitem__(self, item: Any) -> Any:
        members = self._members
        return list(members.at(item)) if isinstance(item, slice) else members.handle_at(item)

    def add(self, agent: Agent) -> NoReturn:
        """Not offered: a set of rows is chosen with `select`."""
        raise NotImplementedError(
            "A set of agents is a view of the model: choose its members with select(); agents"
            " are born and leave by the rules of turnover."
        )

    discard = remove = add

    # --- reading and writing

    def get(
        self,
        attr_names: Any,
        handle_missing: str = "error",
        default_value: Any = None,
    ) -> list[Any]:
        """Return an attribute of every member, or a list of lists for several names.

        `handle_missing`: "error" raises `AttributeError` for an attribute that an agent lacks,
        "default" puts `default_value` there.
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(
                f"handle_missing must be 'error' or 'default', and {handle_missing!r} is neither."
            )
        if not isinstance(attr_names, str):
            each = [self.get(name, handle_missing, default_value) for name in attr_names]
            return [list(values) for values in zip(*each, strict=True)] or [[] for _ in self]
        values = self._members.values(attr_names)
        if values is not None:
            return values.tolist()
        if handle_missing == "error":
            return [getattr(agent, attr_names) for agent in self]
        return [getattr(agent, attr_names, default_value) for agent in self]

    def agg(self, attribute: str, func: Any) -> Any:
        """Return `func` of the list of the members' values, or a list for several functions.

        Functions of numpy get the same values as an array.
        """
        values = self._members.values(attribute)

        def answer(one: Callable[[Any], Any]) -> Any:
            if values is None:
                return one(self.get(attribute))
            return one(values if _is_numpy(one) else values.tolist())

        return answer(func) if callable(func) else [answer(one) for one in func]

    def set(self, attr_name: str, value: Any) -> RowAgentSet:
        """Give all members the same value of an attribute; nothing changes if one refuses.

        Raises `ReadOnlyColumnError` for money, `AttributeError` for an unknown name, `TypeError`
        for a value the column cannot hold.
        """
        members = self._members
        parts = list(members.parts())
        declared = [population.declared.get(attr_name) for population, _ in parts]
        for (population, _), column in zip(parts, declared, strict=True):
            kind = population.agent_class.__name__
            if column is None:
                if not isinstance(getattr(population.agent_class, attr_name, None), property):
                    getattr(population, attr_name)  # raises with the nearest name
                continue
            column.require_writable(kind)
            if np.shape(value) not in ((), column.shape):
                raise TypeError(
                    f"set() gives every {kind} the same {attr_name}; for different values write"
                    f" into the column: population.{attr_name}[rows] = values."
                )
            column.checked(value, kind)
        for (population, mine), column in zip(parts, declared, strict=True):
            if column is None:
                for row in members.rows[mine]:
                    setattr(population.handle(row), attr_name, value)
            else:
                getattr(population, attr_name)[members.rows[mine]] = value
        return self

    # --- choosing and ordering

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = _EVERYBODY,
        inplace: bool = False,
        agent_type: type[Agent] | None = None,
    ) -> RowAgentSet:
        """Return the members that satisfy a condition, in their order.

        `filter_func`: a `Condition` such as `Maker.employment < 20`, answered from the columns, or
        a function of the agent; `at_most`: how many at most, or a fraction of the set if a float
        up to 1; `agent_type`: only agents of that class; `inplace`: narrow this set itself.
        """
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        members = self._members
        chosen = np.ones(len(members), bool)
        for population, mine in members.parts():
            if agent_type is not None and not issubclass(population.agent_class, agent_type):
                chosen[mine] = False
            elif isinstance(filter_func, Condition):
                chosen[mine] = filter_func.mask(population)[members.rows[mine]]
        places = np.flatnonzero(chosen)
        if filter_func is not None and not isinstance(filter_func, Condition):
            kept: list[int] = []
            for place, agent in zip(places.tolist(), members.at(places), strict=True):
                if len(kept) >= at_most:
                    break
                if filter_func(agent):
                    kept.append(place)
            places = np.array(kept, np.int64)
        if at_most < places.size:
            places = places[: int(at_most)]
        return self._picked(places, inplace)

    def sort(
        self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> RowAgentSet:
        """Return the members ordered by an attribute or a function, largest first by default.

        Equals keep their order, as in Mesa.
        """
        values = self._members.values(key) if isinstance(key, str) else None
        if values is None:
            keys = self.get(key) if isinstance(key, str) else [key(agent) for agent in self]
            places = sorted(range(len(keys)), key=keys.__getitem__, reverse=not ascending)
            order = np.array(places, np.int64)
        elif ascending:
            order = np.argsort(values, kind="stable")
        else:
            order = len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]
        return self._picked(order, inplace)

    def shuffle(self, inplace: bool = False) -> RowAgentSet:
        """Return the members in a random order, drawn from the model's generator."""
        order = list(range(len(self)))
        self.random.shuffle(order)
        return self._picked(np.array(order, np.int64), inplace)

    def groupby(self, by: Callable[[Any], Any] | str, result_type: str = "agentset") -> GroupBy:
        """Return the members grouped by an attribute or a function of the agent.

        `result_type`: "agentset" for sets, "list" for lists of agents. Groups stand in the order
        in which they first occur.
        """
        values = self._members.values(by) if isinstance(by, str) else None
        if values is not None:
            keys = values.tolist()
        else:
            keys = self.get(by) if isinstance(by, str) else [by(agent) for agent in self]
        places = defaultdict(list)
        for place, key in enumerate(keys):
            places[key].append(place)
        groups = {key: self._picked(np.array(mine, np.int64)) for key, mine in places.items()}
        if result_type == "list":
            return RowGroupBy({key: list(group) for key, group in groups.items()})
        return RowGroupBy(groups)

    # --- acting

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> RowAgentSet:
        """Call a method (by name) or a function on every member, in order; return the set."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(
        self, method: str | Callable[..., Any], *args: Any, **kwargs: Any
    ) -> RowAgentSet:
        """Call a method or a function on every member in a random order; return the set."""
        self.shuffle().map(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method (by name) or a function on every member; return the list of answers."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]

    def __repr__(self) -> str:
        kinds = " and ".join(p.agent_class.__name__ for p in self._held.populations)
        return f"<RowAgentSet of {len(self)} agents ({kinds or 'no kind'})>"

    def __getstate__(self) -> dict[str, Any]:
        return {"members": self._members, "random": self.random}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._held = state["members"]
        self.random = state["random"]


class RowGroupBy(GroupBy):
    """Mesa's groups, aggregated from columns."""

    def agg(self, attr_name: str, func: Any) -> dict[Any, Any]:
        """Return for each group `func` of the list of its members' values."""
        return {
            key: group.agg(attr_name, func)
            if isinstance(group, RowAgentSet)
            else func([getattr(agent, attr_name) for agent in group])
            for key, group in self.groups.items()
        }


def _is_numpy(function: Callable[..., Any]) -> bool:
    """Tell whether a function is numpy's own, which gives the same answer for list and array."""
    owner = getattr(function, "__self__", function)
    module = getattr(function, "__module__", None) or ""
    return isinstance(owner, np.ufunc) or module.split(".")[0] == "numpy"
