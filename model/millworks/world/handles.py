"""Handles: a Mesa agent that is a row of a population.

`model.makers[3]` is a `Maker`, a real `mesa.Agent`: it has a `unique_id`, a `model`, methods, and
attributes. It holds no state of its own: each attribute reads and writes one cell of a column. So
a notebook sees agents while the rules run over arrays.

A handle is made when somebody asks for it and forgotten when nobody keeps it; asked twice, it is
the same object. When a firm leaves and a new one takes its row, a handle on the old one is
*stale*: using it raises `StaleHandleError` instead of showing the newcomer's books.

What this leaves out: making and removing agents one by one. Firms are born and leave by the rules
of turnover, so that money and links go with them.
"""

from __future__ import annotations

from typing import Any, NoReturn

import mesa
import numpy as np

from millworks.errors import MillworksError, nearest
from millworks.world.columns import (
    REGISTER,
    RESERVED_NAMES,
    Column,
    Population,
    column,
    declared_columns,
)

#: Ids are words of a random counter (32 bits), so a later holder's unique id never meets them.
IDS_PER_GENERATION = 2**32


class StaleHandleError(MillworksError):
    """A handle was used after its agent had left and another one had taken the row."""


def _register_column(dtype: Any, unit: str, meaning: str) -> Any:
    declared = column(dtype, unit, meaning)
    declared.writer = REGISTER
    return declared


class RowAgent(mesa.Agent):
    """Base of every kind of agent: subclass it and declare columns.

    `row`: where it stands in its population; `identity`: the number that keys its random draws,
    kept by the row; `generation`: how many agents held the row before; `unique_id`: Mesa's id, one
    for each agent that ever was (the identity, plus 2**32 for each earlier holder).
    """

    identity = _register_column(int, "id", "number in the model's register; keys random draws")
    generation = _register_column(int, "agents", "earlier holders of the row")
    occupied = column(bool, "yes or no", "whether anybody holds the row now", default=True)

    pos = None  # Mesa's grids place agents here; districts have coordinates in columns instead

    _population: Population
    _row: int
    _born: int

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        inherited = {name for base in cls.__mro__[1:] for name in declared_columns(base)}
        for name, value in vars(cls).items():
            if isinstance(value, Column):
                if name.startswith("_") or name in RESERVED_NAMES or hasattr(RowAgent, name):
                    raise TypeError(
                        f"{cls.__name__} cannot declare a column {name!r}: the name has another"
                        " use on agents or populations."
                    )
            elif name in inherited:
                raise TypeError(
                    f"{cls.__name__}.{name} would hide the column {name!r} that it inherits."
                )

    def __init__(self, *_: Any, **__: Any) -> None:
        kind = type(self).__name__
        raise TypeError(
            f"A {kind} is not made one by one: Population({kind}, size, model) holds their state,"
            " and model.<population>[i] hands out one."
        )

    @classmethod
    def create_agents(cls, model: mesa.Model, n: int, *args: Any, **kwargs: Any) -> NoReturn:
        """Not offered: `Population(agent_class, size, model)` makes all agents of a kind."""
        raise NotImplementedError(
            f"{cls.__name__} lives in a population: make Population({cls.__name__}, {n}, model) and"
            " model.register it."
        )

    @property
    def row(self) -> int:
        """Where the agent stands in its population."""
        return self._row

    @property
    def population(self) -> Population:
        """The arrays that hold the agent's state."""
        return self._population

    @property
    def model(self) -> Any:  # type: ignore[override]
        """The model that the agent's population is registered in."""
        return self._population.model

    @property
    def unique_id(self) -> int:  # type: ignore[override]
        """Mesa's id: one for each agent that ever was."""
        return int(self._population.identity[self._row]) + IDS_PER_GENERATION * self._born

    @property
    def is_stale(self) -> bool:
        """Whether another agent has taken the row since the handle was made."""
        return int(self._population.generation[self._row]) != self._born

    def remove(self) -> NoReturn:
        """Not offered: an agent leaves through the rules of turnover."""
        raise NotImplementedError(
            f"A {type(self).__name__} leaves only through the rules of exit, which settle its debts"
            " and close its links; it cannot be removed by hand."
        )

    def _require_current(self) -> None:
        if self.is_stale:
            raise StaleHandleError(
                f"{self!r} has left, and its row has been given to another;"
                " take a fresh agent from the model."
            )

    def _read(self, column: Column) -> Any:
        self._require_current()
        value = getattr(self._population, column.name)[self._row]
        return value if column.shape else value.item()

    def _write(self, column: Column, value: Any) -> None:
        kind = type(self).__name__
        column.require_writable(kind)
        self._require_current()
        getattr(self._population, column.name)[self._row] = column.checked(value, kind)

    def __getattr__(self, name: str) -> NoReturn:
        # Reached for unknown names, and when a property stumbles over one: then say which.
        known = getattr(type(self), name, None)
        if isinstance(known, property) and known.fget is not None:
            known.fget(self)
        raise AttributeError(_no_such_attribute(type(self), name))

    def __setattr__(self, name: str, value: Any) -> None:
        known = getattr(type(self), name, None)
        if isinstance(known, Column):
            known.__set__(self, value)
        elif isinstance(known, property) and known.fset is not None:
            known.fset(self, value)
        elif known is None and name != "pos":
            raise AttributeError(_no_such_attribute(type(self), name))
        else:
            raise AttributeError(f"{type(self).__name__}.{name} cannot be set.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be deleted.")

    def __repr__(self) -> str:
        later = f" of generation {self._born}" if self._born else ""
        identity = int(self._population.identity[self._row])
        return f"{type(self).__name__} {identity}{later}"

    def __copy__(self) -> RowAgent:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # The empty handle first, so that a model that keeps handles can hold a cycle.
        return object.__new__, (type(self),), (self._population, self._row, self._born)

    def __setstate__(self, place: tuple[Population, int, int]) -> None:
        population, row, born = place
        for name, value in zip(("_population", "_row", "_born"), place, strict=True):
            object.__setattr__(self, name, value)
        population._cached_handles().setdefault((row, born), self)


def handle_of(population: Population, row: int) -> RowAgent:
    """Return the agent that holds a row now (see `Population.handle`)."""
    row = int(row)
    if not 0 <= row < population.size:
        raise IndexError(f"{population!r} have no row {row}.")
    return past_or_present_handle(population, row, int(population.generation[row]))


def past_or_present_handle(population: Population, row: int, born: int) -> RowAgent:
    """Return the handle on generation `born` of a row: the one in use, or a new one."""
    cached = population._cached_handles().get((row, born))
    if cached is not None:
        return cached
    made = object.__new__(population.agent_class)
    made.__setstate__((population, row, born))
    return made


def _no_such_attribute(kind: type, name: str) -> str:
    if name.startswith("_"):
        return name
    known = [attribute for attribute in dir(kind) if not attribute.startswith("_")]
    return f"{kind.__name__} has no attribute {name!r}.{nearest(name, known)}"


def unique_ids(population: Population, rows: np.ndarray) -> np.ndarray:
    """Return the unique ids (int64) of rows, as their handles would give them."""
    return population.identity[rows] + IDS_PER_GENERATION * population.generation[rows]
