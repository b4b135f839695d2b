"""What an input-output table must be before any algebra: shapes, ranges, a productive matrix.

Each function returns the checked array or raises InputError with one sentence that names the
argument, the bound and the sector. Millworks never repairs a table silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from millworks.errors import InputError, nearest

Vector = NDArray[np.float64]

COLUMN_TOLERANCE: Final[float] = 1e-3
"""Shares of a whole may exceed one by this much: published tables are rounded."""


def numbers(name: str, values: ArrayLike) -> Vector:
    """Return an array of finite numbers."""
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name}: every entry must be a number.") from None
    if not np.isfinite(array).all():
        raise InputError(f"{name}: every entry must be a finite number, some are nan or infinite.")
    return array


def checked_sectors(sectors: Sequence[str]) -> tuple[str, ...]:
    """Return the sector codes; InputError if there is none or one appears twice."""
    codes = tuple(str(code) for code in sectors)
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise InputError(f"sectors: {twice[0]!r} appears more than once.")
    if not codes:
        raise InputError("sectors: a table needs at least one sector.")
    return codes


def checked_commodities(
    commodities: Sequence[str] | None, n: int, no_producer: Sequence[str]
) -> tuple[str, ...]:
    """Return the codes of n commodities, numbers where none are given."""
    if commodities is None:
        if no_producer:
            raise InputError("no_producer: give the codes of all commodities as well.")
        return tuple(f"number {k + 1}" for k in range(n))
    codes = tuple(str(code) for code in commodities)
    if len(codes) != n:
        raise InputError(f"commodities: {len(codes)} codes for the {n} columns of make.")
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise InputError(f"commodities: {twice[0]!r} appears more than once.")
    unknown = [code for code in no_producer if code not in codes]
    if unknown:
        raise InputError(f"no_producer: no commodity {unknown[0]!r}.{nearest(unknown[0], codes)}")
    return codes


def vector(name: str, values: ArrayLike, n: int, what: str) -> Vector:
    """Return a vector of n numbers, one for each of `what`."""
    array = numbers(name, values)
    if array.shape != (n,):
        got = len(array) if array.ndim == 1 else f"shape {array.shape}"
        raise InputError(f"{name}: {got} entries for {n} {what}.")
    return array


def square(name: str, values: ArrayLike, sectors: Sequence[str]) -> Vector:
    """Return a non-negative [n, n] matrix over the sectors."""
    matrix = numbers(name, values)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        shape = " x ".join(str(k) for k in matrix.shape)
        raise InputError(f"{name}: the table must be square, it is {shape}.")
    if len(matrix) != len(sectors):
        raise InputError(f"{name}: the table has {len(matrix)} columns for {len(sectors)} sectors.")
    if (matrix < 0).any():
        row, column = np.argwhere(matrix < 0)[0]
        raise InputError(
            f"{name}: the input of {sectors[row]} into {sectors[column]} is "
            f"{matrix[row, column]:.6g}, it must not be negative."
        )
    return matrix


def by_sector(name: str, values: ArrayLike | None, sectors: Sequence[str]) -> Vector | None:
    """Return a vector [n] over the sectors, or None where nothing was given."""
    if values is None:
        return None
    vector = numbers(name, values)
    if vector.shape != (len(sectors),):
        got = len(vector) if vector.ndim == 1 else f"shape {vector.shape}"
        raise InputError(f"{name}: {got} entries for {len(sectors)} sectors.")
    return vector


def not_negative(name: str, values: ArrayLike | None, sectors: Sequence[str]) -> Vector | None:
    """Return a vector [n] without negative entries, or None where nothing was given."""
    vector = by_sector(name, values, sectors)
    if vector is not None and (vector < 0).any():
        worst = int(np.argmin(vector))
        raise InputError(f"{name}: {sectors[worst]} has {vector[worst]:.6g}, it must be 0 or more.")
    return vector


def basket(values: ArrayLike | None, sectors: Sequence[str]) -> Vector | None:
    """Return what households spend per USD [n], at most one in all; what is missing is imported."""
    vector = not_negative("basket", values, sectors)
    if vector is not None and vector.sum() > 1.0 + COLUMN_TOLERANCE:
        raise InputError(
            f"basket: it adds up to {vector.sum():.4f} per dollar spent, it must not exceed one."
        )
    return vector


def share(name: str, value: float | None) -> float | None:
    """Return a number between 0 and 1, or None where nothing was given."""
    if value is None:
        return None
    number = float(numbers(name, value))
    if not 0.0 <= number <= 1.0:
        raise InputError(f"{name}: {number:g} is not a share between 0 and 1.")
    return number


def shares(name: str, values: ArrayLike, sectors: Sequence[str], shape: tuple[int, ...]) -> Vector:
    """Return shares between 0 and 1 spread to `shape`; a vector [n] is by selling sector."""
    array = numbers(name, values)
    if array.shape not in {(), (len(sectors),), shape}:
        raise InputError(
            f"{name}: give one number, one per sector ({len(sectors)}) or an array {shape}, "
            f"not an array {array.shape}."
        )
    if ((array < 0) | (array > 1)).any():
        worst = array.flat[np.argmax(np.abs(array - 0.5))]
        raise InputError(f"{name}: {worst:g} is not a share between 0 and 1.")
    if array.ndim == 1 and len(shape) == 2:
        array = array[:, None]
    return np.broadcast_to(array, shape).copy()


def import_shares(values: Vector, n: int) -> Vector:
    """Return the imported shares of n commodities, each between 0 and 1."""
    if len(values) != n:
        raise InputError(f"imports: {len(values)} shares for the {n} commodities of use.")
    if ((values < 0) | (values > 1)).any():
        worst = values[np.argmax(np.abs(values - 0.5))]
        raise InputError(f"imports: {worst:g} is not a share between 0 and 1.")
    return values


def import_coefficients(technical: Vector, value_added: Vector, sectors: Sequence[str]) -> Vector:
    """Return what is left of each column after inputs and value added: imports, 1 − Σ A − v."""
    imports = 1.0 - technical.sum(axis=0) - value_added
    worst = int(np.argmin(imports))
    if imports[worst] < -COLUMN_TOLERANCE:
        raise InputError(
            f"column {sectors[worst]}: inputs and value added come to {1 - imports[worst]:.4f} of "
            f"output, they must not exceed one."
        )
    return imports


def refuse_unproductive(matrix: Vector) -> None:
    """Raise InputError if I − matrix has no non-negative inverse (Hawkins and Simon)."""
    radius = float(np.abs(np.linalg.eigvals(matrix)).max())
    if radius >= 1.0:
        raise InputError(
            f"technical: producing a dollar's worth uses up {radius:.4f} dollars of inputs round "
            f"after round (largest eigenvalue), it must be below one."
        )


def refuse_runaway(respent: float, pay_from_pay: float) -> None:
    """Raise InputError if a dollar of pay, respent, calls forth a dollar of pay or more."""
    if respent < 0:
        raise InputError(f"respent: {respent:g} is negative, it is a share of pay.")
    if respent * pay_from_pay >= 1.0:
        raise InputError(
            f"respent: at {respent:g} each dollar of pay calls forth {respent * pay_from_pay:.4f} "
            f"dollars of pay; the multiplier is finite only below {1 / pay_from_pay:.4f}."
        )
