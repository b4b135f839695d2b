"""Whole firms from fractional counts, without losing the totals.

Rounding each cell of a table by itself loses its sums: nineteen sectors with 0.4 firms each would
have none. `largest_remainder` keeps a total; `controlled_rounding` keeps the rows and the columns
of a table. Both are deterministic: which firms exist is measured, only who they are is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from millworks.errors import InputError


def largest_remainder(
    quotas: NDArray[np.float64], total: int, minimum: int = 0
) -> NDArray[np.int64]:
    """Round quotas to integers that sum to `total`, each within one of its scaled quota.

    Entries with a positive quota get at least `minimum`; what that takes is missing from the
    others in proportion. Ties go to the earlier entry. InputError if the minimum alone exceeds
    the total.
    """
    quotas = np.asarray(quotas, dtype=float)
    result = np.zeros(quotas.shape, dtype=np.int64)
    open_ = quotas > 0
    if minimum * int(open_.sum()) > total:
        raise InputError(
            f"{total} firms cannot give each of {int(open_.sum())} sectors at least {minimum}."
        )
    left = total
    while open_.any():
        scaled = np.where(open_, quotas, 0.0) * (left / quotas[open_].sum())
        lifted = open_ & (scaled < minimum)
        if not lifted.any():
            floor = np.floor(scaled + 1e-9).astype(np.int64)
            order = np.argsort(-(scaled - floor), kind="stable")
            order = order[open_[order]]
            floor[order[: left - int(floor.sum())]] += 1
            result[open_] = floor[open_]
            break
        result[lifted] = minimum
        left -= minimum * int(lifted.sum())
        open_ &= ~lifted
    return result


@dataclass(frozen=True, eq=False)
class Contents:
    """What the units of a table hold, so that rounding can keep that too.

    `rows` [rows]: what each row should hold, e.g. jobs. `least`, `mean`, `most` [columns]: what
    one unit of a column can and usually does hold.
    """

    rows: NDArray[np.float64]
    least: NDArray[np.float64]
    mean: NDArray[np.float64]
    most: NDArray[np.float64]


def controlled_rounding(
    table: NDArray[np.floating], total: int, minimum: int = 0, contents: Contents | None = None
) -> NDArray[np.int64]:
    """Round a table to integers so that rows and columns are kept as well as the cells.

    Row sums are those of `largest_remainder` (with `minimum` for each row that is not empty);
    every cell and, where the rows leave room, every column sum is rounded up or down to a
    neighbouring integer. Many tables do that. The one taken is nearest to the `contents` of the
    rows, so that a sector with one firm and ninety jobs gets a firm of twenty or more; without
    contents, or among equals, it is the one whose rounded-up cells have the largest fractions.
    """
    cells: NDArray[np.float64] = np.asarray(table, dtype=np.float64)
    rows = largest_remainder(cells.sum(axis=1), total, minimum)
    floor, room = _neighbours(cells, rows)
    columns = cells.sum(axis=0) * (total / cells.sum())
    return _nearest_table(cells, floor, room, rows, columns, contents)


def _neighbours(
    table: NDArray[np.float64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower neighbours of the cells, and how far each may rise above."""
    floor = np.floor(table + 1e-9)
    room = np.where(table > 0, np.maximum(np.ceil(table - 1e-9) - floor, 0.0), 0.0)
    # A row that rounding or the minimum pushes beyond its own cells may leave their bounds.
    pushed = (rows < floor.sum(axis=1)) | (rows > (floor + room).sum(axis=1))
    floor[pushed] = 0.0
    room[pushed] = np.where(table[pushed] > 0, rows[pushed].astype(float)[:, None], 0.0)
    return floor, room


def _nearest_table(
    table: NDArray[np.float64],
    floor: NDArray[np.float64],
    room: NDArray[np.float64],
    rows: NDArray[np.int64],
    columns: NDArray[np.float64],
    contents: Contents | None,
) -> NDArray[np.int64]:
    """Solve the rounding as a small integer programme (about a hundred cells, milliseconds)."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    n_rows, n_columns = table.shape
    over_rows = np.kron(np.eye(n_rows), np.ones(n_columns))
    over_columns = np.tile(np.eye(n_columns), n_rows)
    # Unknowns: the cells' additions; what columns exceed and miss; and for each kind of content
    # what rows exceed and miss.
    cost = [-(table - floor).ravel(), np.full(2 * n_columns, 1e4)]
    blocks: list[tuple[NDArray[np.floating], float | None, ArrayLike, ArrayLike]] = [
        (over_rows, None, rows - floor.sum(axis=1), rows - floor.sum(axis=1)),
        (over_columns, -1.0, -np.inf, np.ceil(columns - 1e-9) - floor.sum(axis=0)),
        (over_columns, 1.0, np.floor(columns + 1e-9) - floor.sum(axis=0), np.inf),
    ]
    if contents is not None:
        for unit, sign, weight in (
            (contents.most, 1.0, 10.0),
            (contents.least, -1.0, 10.0),
            (contents.mean, 1.0, 1.0),
            (contents.mean, -1.0, 1.0),
        ):
            held = np.kron(np.eye(n_rows), unit)
            short = contents.rows - floor @ unit
            blocks.append((held, 1.0, short, np.inf) if sign > 0 else (held, -1.0, -np.inf, short))
            cost.append(np.full(n_rows, weight))
    n_cells = n_rows * n_columns
    n_unknowns = sum(len(c) for c in cost)
    constraints, at = [], n_cells
    for coefficients, slack, low, high in blocks:
        full = np.zeros((len(coefficients), n_unknowns))
        full[:, :n_cells] = coefficients
        if slack is not None:
            full[:, at : at + len(coefficients)] = slack * np.eye(len(coefficients))
            at += len(coefficients)
        constraints.append(LinearConstraint(full, low, high))
    upper = np.full(n_unknowns, np.inf)
    upper[:n_cells] = room.ravel()
    whole = np.zeros(n_unknowns)
    whole[:n_cells] = 1
    solution = milp(
        np.concatenate(cost),
        integrality=whole,
        bounds=Bounds(0.0, upper),
        constraints=constraints,
        options={"mip_rel_gap": 0.0},
    )
    if solution.x is None:
        raise InputError(f"no whole table of {rows.sum():,} firms fits: {solution.message}")
    added = np.rint(solution.x[:n_cells]).reshape(table.shape)
    return (floor + added).astype(np.int64)
