"""The books of a district in a week, to be read: balance sheet and transactions flow.

The matrices are those of `millworks.world.matrices`; here they are computed for a configuration,
checked, and set in type.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from millworks.district_model import DistrictModel
from millworks.errors import InvariantBreach
from millworks.world.accounts import HOLDERS, INSTRUMENTS
from millworks.world.invariants import RELATIVE_TOLERANCE
from millworks.world.matrices import (
    CAPITAL,
    FLOW_ROWS,
    Matrix,
    balance_sheet,
    transactions_flow,
)

if TYPE_CHECKING:
    from millworks.conf.schema import AccountsConfig

Progress = Callable[[int, int, str], None]

SCHEMA_VERSION = 1

UNITS = ((1e6, "million USD of 2022"), (1e3, "thousand USD of 2022"))
"""Size and name of the units a table can be printed in; the smaller one for small districts."""

SMALLEST_LARGEST_ENTRY = 10.0
"""A unit is used if the largest entry of a week's flows, or of the opening, reaches this many."""

REAL_ROWS = sum(kind == "real" for _, kind in INSTRUMENTS.values())
"""Rows of the balance sheet that nobody owes; they come first."""

LEAST_SHOWN = 0.5
"""USD below which a cell is left empty."""

PROSE_WIDTH = 100
"""Columns after which the sentences around the tables are folded."""

BALANCE_NOTE = (
    "+ owned, − owed, at the end of the week. Nobody owes a real asset: the first"
    f" {REAL_ROWS} rows add up to what there is, and net worth to minus that."
)
FLOW_NOTE = (
    "+ received, − paid. Under the line, + is a source of funds (debts and equity issued, deposits"
    " drawn down), − a use (claims acquired, debts paid off). k marks the capital account of a firm"
    " with stocks: its current account, beside it, closes by reinvested earnings, which the capital"
    " account takes in as owners' equity."
)
NOTHING_YET = "Week 0 is the opening: nothing has been paid yet, so there are no transactions."


@dataclass(frozen=True)
class AccountsView:
    """The matrices of one week, with what is needed to name them.

    `week`: 0 is the opening, 1 the first week; `flow`: None at the opening; `deposits`: all
    deposits, USD; `makers`, `makers_of_place`: simulated and real makers; `scale`: their ratio;
    `counts`: rows by population.
    """

    district: str
    name: str
    year: int
    seed: int
    week: int
    world: str
    makers: int
    makers_of_place: int
    scale: float
    counts: dict[str, int]
    deposits: float
    balance: Matrix
    flow: Matrix | None

    @property
    def matrices(self) -> Iterator[Matrix]:
        """The matrices there are."""
        yield self.balance
        if self.flow is not None:
            yield self.flow

    @property
    def residual(self) -> tuple[str, float]:
        """The sum farthest from zero among those that must be zero: where, USD."""
        return max((matrix.residual() for matrix in self.matrices), key=lambda found: found[1])

    def text(self) -> str:
        """Return both tables with their headings and notes, for a screen."""
        unit, unit_name = self._unit()
        balance = _table(self.balance, unit, self.balance.columns, ruled=(REAL_ROWS, -1))
        parts = [
            f"{self.name}: {self._when()}, {unit_name}",
            _folded(self._about()),
            _folded(", ".join(f"{letter} {h.name.lower()}" for letter, h in HOLDERS.items())),
            f"Balance sheet\n{balance}",
            _folded(BALANCE_NOTE),
        ]
        if self.flow is None:
            parts.append(NOTHING_YET)
        else:
            heads = [column.replace(CAPITAL, "k") for column in self.flow.columns]
            flow = _table(self.flow, unit, heads, ruled=(len(FLOW_ROWS),))
            parts += [f"Transactions of the week\n{flow}", _folded(FLOW_NOTE)]
        where, size = self.residual
        parts.append(
            _folded(
                "Every column, and every row of a claim or a transaction, adds up to zero: the"
                f" largest residual is {size:.1g} USD ({where}), {size / self.deposits:.0e} of all"
                " deposits. A cell with less than a dollar is left empty."
            )
        )
        return "\n\n".join(parts)

    def document(self) -> dict[str, Any]:
        """Return the same as plain data: money in USD, flows in USD of the week."""
        where, size = self.residual
        return {
            "schema_version": SCHEMA_VERSION,
            "district": self.district,
            "name": self.name,
            "year": self.year,
            "seed": self.seed,
            "week": self.week,
            "world": self.world,
            "unit": "USD of 2022",
            "makers": self.makers,
            "makers_of_place": self.makers_of_place,
            "scale": self.scale,
            "counts": self.counts,
            "holders": {letter: holder.name for letter, holder in HOLDERS.items()},
            "residual": {"where": where, "value": size, "of_deposits": size / self.deposits},
            "balance_sheet": _plain(self.balance),
            "transactions_flow": None if self.flow is None else _plain(self.flow),
        }

    def _unit(self) -> tuple[float, str]:
        """The largest unit in which the flows, or the opening balances, are not all small."""
        largest = np.abs((self.flow or self.balance).values).max()
        fitting = [unit for unit in UNITS if largest >= SMALLEST_LARGEST_ENTRY * unit[0]]
        return fitting[0] if fitting else UNITS[-1]

    def _when(self) -> str:
        return f"the books of week {self.week}" if self.week else "the opening books"

    def _about(self) -> str:
        shown = ("makers", "partners", "retailers")
        firms = ", ".join(_count(self.counts[kind], kind) for kind in shown)
        about = f"{firms}; table of {self.year}, seed {self.seed}."
        if self.world:
            about = f"{self.world}; {about}"
        if self.scale < 1.0:
            about += (
                f" A scale model: {self.makers:,} of the {self.makers_of_place:,} makers, and"
                f" every volume times {self.scale:.3g}."
            )
        return about


def run(config: AccountsConfig, progress: Progress) -> AccountsView:
    """Found the district, let `config.week` weeks pass, and return its books.

    Raises InvariantBreach if a row or column does not close, or an identity of the last week does
    not hold.
    """
    progress(0, config.week + 1, "founding the district")
    model = DistrictModel(
        config.district,
        year=config.year,
        seed=config.seed,
        parameters=config.world.values(),
        method=config.world.regionalisation,
        makers=config.makers,
    )
    for week in range(1, config.week + 1):
        progress(week, config.week + 1, f"week {week}")
        if week == config.week:
            model.check_every = 1
        model.step()
    view = view_of(model, world=config.world.title)
    where, size = view.residual
    if not size <= RELATIVE_TOLERANCE * max(1.0, view.deposits):
        raise InvariantBreach(f"the accounts do not close: {where} is off by {size:.6g} USD.")
    return view


def view_of(model: DistrictModel, *, world: str = "") -> AccountsView:
    """Return the books of a model as it stands; `world` names its beliefs, if they have a name."""
    place, district = model.founding.place, model.founding.district
    week = model.week + 1
    return AccountsView(
        district=place.slug,
        name=place.name,
        year=model.technology.national.year,
        seed=model.streams.seed,
        week=week,
        world=world,
        makers=len(district.makers),
        makers_of_place=place.small_makers,
        scale=district.scale,
        counts={name: population.size for name, population in model.populations.items()},
        deposits=float(model.population("B").deposits_owed.sum()),
        balance=balance_sheet(model),
        flow=transactions_flow(model) if week > 0 else None,
    )


def _table(matrix: Matrix, unit: float, heads: Sequence[str], ruled: Sequence[int]) -> str:
    """Set a matrix in columns as wide as needed, with sums and a rule before rows in `ruled`.

    A holder that holds nothing (no facility is open) has no column.
    """
    used = np.abs(matrix.values).max(axis=0, initial=0.0) > 0.0
    heads = [head for head, shown in zip(heads, used, strict=True) if shown]
    values = np.column_stack([matrix.values[:, used], matrix.row_sums])
    sums = np.append(matrix.column_sums[used], matrix.values.sum())
    names = [name.partition(" (")[0] for name in matrix.rows]
    body = [
        [name, *(_cell(value, unit) for value in row[:-1]), _number(row[-1], unit)]
        for name, row in zip(names, values, strict=True)
    ]
    foot = ["Σ", *(_number(value, unit) for value in sums)]
    lines = [["", *heads, "Σ"], *body, foot]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    rule = "─" * (sum(widths) + 2 * len(widths) - 2)
    before = {1, len(body) + 1, *(1 + row % len(body) for row in ruled)}
    text = []
    for number, line in enumerate(lines):
        if number in before:
            text.append(rule)
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        text.append("  ".join(cells).rstrip())
    return "\n".join(text)


def _cell(usd: float, unit: float) -> str:
    return "" if abs(usd) < LEAST_SHOWN else _number(usd, unit)


def _number(usd: float, unit: float) -> str:
    """One decimal, thousands separated; what rounds to zero has no sign."""
    text = f"{abs(usd) / unit:,.1f}"
    return f"−{text}" if usd < 0.0 and text != "0.0" else text


def _count(number: int, kind: str) -> str:
    return f"{number:,} {kind[:-1] if number == 1 else kind}"


def _folded(text: str) -> str:
    return textwrap.fill(text, PROSE_WIDTH)


def _plain(matrix: Matrix) -> dict[str, Any]:
    return {
        "columns": list(matrix.columns),
        "rows": [
            {"row": row, "values": [float(v) for v in values], "sum": float(total)}
            for row, values, total in zip(matrix.rows, matrix.values, matrix.row_sums, strict=True)
        ],
        "column_sums": [float(total) for total in matrix.column_sums],
    }
