"""Columns: what an agent's state is, declared once on its class, held as arrays.

An agent class says what it knows, in one line per fact:

    class Maker(RowAgent):
        cash = money("USD of 2022", "deposits at its lender", account="deposits")
        capacity = column(float, "base dollars a week", "output at full use")
        sector = column(int, "index of sector", "row of the input-output table")

A `Population` holds the state of all agents of one class as one array per column, so that a
compiled rule runs over them. The declaration is the single source for allocation, documentation,
checkpoints, exports and checks. `Maker.capacity < 100.0` is a `Condition`: it can be printed, asked
of one agent, and answered for a whole population at once.

Money columns are read-only everywhere but in the ledger: an amount changes by a posting that has
two sides, or not at all.

What this leaves out: columns of text, of other widths than 64 bits, and populations that grow. A
new firm takes the row of one that has left.
"""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from millworks.errors import InputError, MillworksError, nearest
from millworks.world.conditions import Condition

if TYPE_CHECKING:
    import mesa
    import polars as pl

    from millworks.world.handles import RowAgent

#: Money below which a balance is what rounding left, USD.
CENT = 0.01

#: Who may change a column: the rules, the ledger (money), the register of agents (identity), or
#: policies and shocks (what they offer).
RULES, LEDGER, REGISTER, MEASURES = "rules", "ledger", "register", "measures"

#: What a column may hold, and the kinds of numpy values that go into it unchanged.
_FITTING_KINDS = {np.dtype(np.float64): "fiub", np.dtype(np.int64): "iu", np.dtype(np.bool_): "b"}


class ReadOnlyColumnError(MillworksError, AttributeError):
    """A money or identity column was written from outside the ledger or the register."""


@dataclass(eq=False)
class Column:
    """One fact about each agent of a class; `column` and `money` make it.

    On the class it is the declaration, and compares into a `Condition`; on a handle it reads and
    writes the agent's own cell.
    """

    dtype: np.dtype
    unit: str
    meaning: str
    default: float = 0
    shape: tuple[int, ...] = ()
    writer: str = RULES
    account: str | None = None
    name: str = field(default="", init=False)

    @property
    def is_money(self) -> bool:
        """Whether only the ledger may change the column."""
        return self.writer == LEDGER

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, handle: RowAgent | None, owner: type | None = None) -> Any:
        if handle is None:
            return self
        return handle._read(self)

    def __set__(self, handle: RowAgent, value: Any) -> None:
        handle._write(self, value)

    def require_writable(self, owner: str) -> None:
        """Raise `ReadOnlyColumnError` if rules and users may not write the column of `owner`."""
        if self.writer == LEDGER:
            raise ReadOnlyColumnError(
                f"{owner}.{self.name} is money, and only the ledger moves money:"
                " post a payment instead of setting the balance."
            )
        if self.writer == MEASURES:
            raise ReadOnlyColumnError(
                f"{owner}.{self.name} is what policies offer; introduce a policy instead of setting"
                " it."
            )
        if self.writer == REGISTER:
            raise ReadOnlyColumnError(
                f"{owner}.{self.name} is kept by the register of agents and cannot be set."
            )

    def checked(self, value: Any, owner: str) -> Any:
        """Return `value` if the column can hold it as it is; numpy would cut 2.5 down to 2."""
        given = np.asarray(value)
        fits = given.dtype.kind in _FITTING_KINDS[self.dtype]
        if not fits and self.dtype.kind == "i" and given.dtype.kind == "f":
            fits = bool(np.all(given == np.floor(given)))
        if not fits:
            raise TypeError(f"{owner}.{self.name} holds {self.dtype} ({self.unit}), not {value!r}.")
        return value

    def _compare(self, sign: str, compare: Callable[[Any, Any], Any], other: Any) -> Condition:
        if self.shape:
            raise NotImplementedError(
                f"{self.name} holds {self.shape} numbers for each agent; compare one of them in a"
                " function of the agent instead."
            )
        return Condition.comparison(self.name, sign, compare, other)

    def __lt__(self, other: Any) -> Condition:
        return self._compare("<", operator.lt, other)

    def __le__(self, other: Any) -> Condition:
        return self._compare("<=", operator.le, other)

    def __gt__(self, other: Any) -> Condition:
        return self._compare(">", operator.gt, other)

    def __ge__(self, other: Any) -> Condition:
        return self._compare(">=", operator.ge, other)

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compare("==", operator.eq, other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compare("!=", operator.ne, other)

    __hash__ = object.__hash__

    def isin(self, values: Iterable[Any]) -> Condition:
        """Return the condition that the column holds one of `values`."""
        return self._compare("in", np.isin, tuple(values))


def column(
    dtype: Any, unit: str, meaning: str, *, default: float = 0, shape: tuple[int, ...] = ()
) -> Any:
    """Declare a column on an agent class.

    `dtype`: float, int or bool (64-bit, as compiled rules need them); `unit`: in words, with the
    year for money amounts; `meaning`: one clause; `default`: what a new row holds; `shape`: for
    several numbers per agent, the array is then `(rows, *shape)`. Raises `TypeError` for another
    dtype.
    """
    try:
        held = np.dtype(dtype)
    except TypeError:
        held = np.dtype(object)
    if held not in _FITTING_KINDS:
        raise TypeError(f"A column holds float, int or bool of 64 bits, not {dtype!r}.")
    return Column(held, unit, meaning, default, tuple(shape))


def money(
    unit: str, meaning: str, *, account: str | None = None, shape: tuple[int, ...] = ()
) -> Any:
    """Declare a balance, in float64, that only the ledger may change.

    `account`: the line of the balance sheet it belongs to, with the sign of an asset (+) or a
    liability (-). It starts at zero: whatever an agent owns at the start is posted too.
    """
    return Column(np.dtype(np.float64), unit, meaning, 0.0, tuple(shape), LEDGER, account)


def offered(dtype: Any, unit: str, meaning: str, *, default: float = 0) -> Any:
    """Declare what a policy or shock may offer an agent: a price, a limit, a term, an entitlement.

    Only policies and shocks write it (`millworks.world.measures`), anew every week; at its default
    it offers nothing. Arguments as for `column`.
    """
    declared = column(dtype, unit, meaning, default=default)
    declared.writer = MEASURES
    return declared


def declared_columns(agent_class: type) -> dict[str, Column]:
    """Return the columns of a class by name: those of its bases first, in order of declaration."""
    found: dict[str, Column] = {}
    for base in reversed(agent_class.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, Column):
                found[name] = value
    return found


_ROWS_A_LINE = 8
"""Numbers of float64 in a cache line."""


def _in_block(base: np.ndarray) -> bool:
    return base.ndim == 1 and base.dtype == np.float64


@dataclass(frozen=True)
class _FreshRow:
    """What a row falls back to for a new holder.

    `money`: columns that must be empty; `places` of columns in the block and their `defaults`
    [columns, 1]; `others`: defaults of columns outside it.
    """

    money: list[str]
    places: np.ndarray
    defaults: np.ndarray
    others: dict[str, float]

    @classmethod
    def of(cls, declared: Mapping[str, Column], places: Mapping[str, int]) -> _FreshRow:
        """Look up the columns that rules and policies write; `places`: those in the block."""
        fresh = {name: c.default for name, c in declared.items() if c.writer in (RULES, MEASURES)}
        inside = [name for name in fresh if name in places]
        return cls(
            [name for name, column in declared.items() if column.is_money],
            np.array([places[name] for name in inside], dtype=np.int64),
            np.array([[fresh[name]] for name in inside]).reshape(-1, 1),
            {name: default for name, default in fresh.items() if name not in places},
        )


class Population:
    """All agents of one class as arrays, one per column, C-contiguous and never reallocated.

    `population.name` is the array of column `name`, shape `(size, *shape)`. Write into it
    (`population.capacity[:] = ...`); it cannot be replaced. The arrays of money columns are
    read-only views.

    `agent_class`: a subclass of `RowAgent`; `size`: number of rows; `model`: the model they live
    in, or None until it is registered there. Raises `InputError` for a size below zero.
    """

    _own: ClassVar[frozenset[str]] = frozenset(
        {
            "agent_class",
            "size",
            "model",
            "declared",
            "name",
            "_bases",
            "_block",
            "_places",
            "_fresh",
            "_handles",
        }
    )

    agent_class: type[RowAgent]
    size: int
    declared: dict[str, Column]

    def __init__(
        self, agent_class: type[RowAgent], size: int, model: mesa.Model | None = None
    ) -> None:
        if size < 0 or size != int(size):
            raise InputError(f"A population of {agent_class.__name__} cannot have {size} rows.")
        declared = declared_columns(agent_class)
        bases = {
            name: np.full((int(size), *column.shape), column.default, column.dtype)
            for name, column in declared.items()
        }
        self._adopt(agent_class, model, bases, name="")
        bases["identity"][:] = np.arange(size)

    def _adopt(
        self, agent_class: type[RowAgent], model: Any, bases: dict[str, np.ndarray], name: str
    ) -> None:
        """Take arrays as the state; they are the bases, what users see of money are views."""
        own = self.__dict__
        own["agent_class"] = agent_class
        own["model"] = model
        own["name"] = name
        own["declared"] = declared_columns(agent_class)
        own["size"] = len(bases["identity"])
        own["_bases"] = bases
        in_block = (column_name for column_name, base in bases.items() if _in_block(base))
        own["_places"] = {column_name: number for number, column_name in enumerate(in_block)}
        own["_block"] = self._one_block(bases)
        own["_fresh"] = _FreshRow.of(self.declared, self._places)
        for column_name, base in bases.items():
            shown = base.view()
            shown.flags.writeable = not self.declared[column_name].is_money
            own[column_name] = shown

    def _one_block(self, bases: dict[str, np.ndarray]) -> np.ndarray:
        """Move the columns of one float64 a row into one block, [columns, rows and a margin].

        A compiled rule is handed the block and reaches any column by its number (`place`). Columns
        begin an odd number of cache lines apart, so that they do not share places in the cache.
        """
        rows = len(bases["identity"])
        lines = -(-rows // _ROWS_A_LINE) | 1
        block = np.zeros((len(self._places), lines * _ROWS_A_LINE))
        for name, number in self._places.items():
            block[number, :rows] = bases[name]
            bases[name] = block[number, :rows]
        return block

    def place(self, name: str) -> int:
        """Return the number of a column in the block; `KeyError` if it is not in the block."""
        if name not in self._places:
            raise KeyError(f"{name!r} does not hold one float64 for each row.")
        return self._places[name]

    def sums(self) -> dict[str, float]:
        """Sum of each column of the block over all rows, by name."""
        totals = self._block[:, : self.size].sum(axis=1)
        return dict(zip(self._places, totals.tolist(), strict=True))

    def table(self, names: Iterable[str]) -> np.ndarray:
        """Copies of columns of the block, [names, rows]."""
        places = [self.place(name) for name in names]
        table: np.ndarray = self._block[places, : self.size]
        return table

    def __len__(self) -> int:
        return self.size

    def __repr__(self) -> str:
        return f"<{self.size} rows of {self.agent_class.__name__}>"

    def __getattr__(self, name: str) -> Any:
        # Reached for unknown names only: arrays stand in the instance's own dictionary.
        if name.startswith("__"):
            raise AttributeError(name)
        known = self.__dict__.get("declared", {})
        kind = self.__dict__.get("agent_class", Population).__name__
        raise AttributeError(f"{kind} has no column {name!r}.{nearest(name, known)}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("model", "name"):
            self.__dict__[name] = value
            return
        column = self.declared.get(name)
        if column is None:
            if name in self._own:
                raise AttributeError(f"{name!r} of a population is fixed when it is made.")
            self.__getattr__(name)
        elif value is not self.__dict__[name]:  # `population.x += 1` hands back the array itself
            column.require_writable(self.agent_class.__name__)
            raise AttributeError(
                f"The array of column {name!r} cannot be replaced; write into it:"
                f" population.{name}[:] = ..."
            )

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{name!r} of a population cannot be deleted.")

    def writable(self, name: str) -> np.ndarray:
        """Return the array of a column for writing, money included.

        For the ledger only: a test of the architecture forbids the call elsewhere.
        """
        if name not in self._bases:
            self.__getattr__(name)
        return self._bases[name]

    def _cached_handles(self) -> weakref.WeakValueDictionary[tuple[int, int], RowAgent]:
        # Also asked while a pickled model is being put together, before the state is there.
        return self.__dict__.setdefault("_handles", weakref.WeakValueDictionary())

    def handle(self, row: int) -> RowAgent:
        """Return the agent in a row; the same object for as long as anybody keeps it.

        Raises `IndexError` for a row that does not exist.
        """
        from millworks.world.handles import handle_of

        return handle_of(self, row)

    def renew(self, rows: Any) -> None:
        """Give rows to new holders: their columns fall back to the defaults.

        Whoever held a handle on one of them finds it stale. Money must have left before, but for
        fractions of a cent that rounding left, which stay with the row: `InputError` names a
        column that still holds some.
        """
        rows = np.atleast_1d(np.arange(self.size)[rows])
        fresh = self._fresh
        held = [np.zeros(0), *(self._bases[name][rows].ravel() for name in fresh.money)]
        if (np.abs(np.concatenate(held)) > CENT).any():
            name = next(n for n in fresh.money if (np.abs(self._bases[n][rows]) > CENT).any())
            raise InputError(
                f"A {self.agent_class.__name__} that has left still holds {name};"
                " its books are closed before its row is given away."
            )
        self._block[np.ix_(fresh.places, rows)] = fresh.defaults
        for name, default in fresh.others.items():
            self._bases[name][rows] = default
        self._bases["generation"][rows] += 1

    def state(self) -> dict[str, np.ndarray]:
        """Return a copy of every column by name: a checkpoint."""
        return {name: base.copy() for name, base in self._bases.items()}

    def load_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Put back what `state` returned; nothing is changed if it does not fit (`InputError`)."""
        kind = self.agent_class.__name__
        for name in state:
            if name not in self._bases:
                raise InputError(
                    f"The checkpoint has a column {name!r} that {kind} does not declare."
                    f"{nearest(name, self._bases)}"
                )
        for name, base in self._bases.items():
            if name not in state:
                raise InputError(f"The checkpoint of {kind} lacks the column {name!r}.")
            saved = np.asarray(state[name])
            if saved.shape != base.shape or saved.dtype != base.dtype:
                raise InputError(
                    f"The checkpoint holds {kind}.{name} as {saved.dtype} of shape {saved.shape},"
                    f" where {base.dtype} of shape {base.shape} is needed."
                )
        for name, base in self._bases.items():
            base[...] = state[name]

    def to_polars(self, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """Return columns (all by default) as a polars frame, one row per agent, copied."""
        import polars as pl

        names = list(self.declared if columns is None else columns)
        return pl.DataFrame({name: np.array(getattr(self, name)) for name in names})

    def __getstate__(self) -> dict[str, Any]:
        own = self.__dict__
        return {key: own[key] for key in ("agent_class", "model", "name", "_bases")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._adopt(state["agent_class"], state["model"], state["_bases"], state["name"])


#: Names a column may not take, because a population or Mesa uses them.
RESERVED_NAMES = frozenset(dir(Population)) | Population._own
