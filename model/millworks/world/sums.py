"""Sums over rows in a fixed order, so that they have the same bits on every machine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled

LANES = 8
HALVED_ABOVE = 128
"""Rows above which `add_by_halves` splits a vector: a shorter one is added up in eight lanes."""
DEEPEST = 60
"""Times that a vector can be halved."""


def add_up(
    group: npt.NDArray[np.int64], amounts: npt.NDArray[np.float64], groups: int
) -> npt.NDArray[np.float64]:
    """Sum `amounts` by group number, row after row; [groups]."""
    return np.bincount(group, weights=amounts, minlength=groups).astype(np.float64, copy=False)


@compiled
def add_all(amounts: npt.NDArray[np.float64]) -> float:
    """Sum of a vector, row after row."""
    total = 0.0
    for row in range(amounts.shape[0]):
        total += amounts[row]
    return total


@compiled
def add_by_halves(amounts: npt.NDArray[np.float64]) -> float:
    """Sum of a vector by halves: as exact as numpy's own sum, and with the same bits."""
    first, rows, depth = 0, amounts.shape[0], 0
    if rows <= HALVED_ABOVE:
        return add_in_lanes(amounts, 0, rows)
    # Right halves that wait for their left halves, and the sums of the left ones.
    waiting = np.empty((DEEPEST, 2), dtype=np.int64)
    left = np.empty(DEEPEST)
    left_done = np.zeros(DEEPEST, dtype=np.bool_)
    while True:
        while rows > HALVED_ABOVE:
            half = rows // 2
            half -= half % LANES
            waiting[depth, 0], waiting[depth, 1] = first + half, rows - half
            left_done[depth] = False
            rows = half
            depth += 1
        total = add_in_lanes(amounts, first, rows)
        while depth > 0 and left_done[depth - 1]:
            depth -= 1
            total = left[depth] + total
        if depth == 0:
            return total
        left[depth - 1], left_done[depth - 1] = total, True
        first, rows = waiting[depth - 1, 0], waiting[depth - 1, 1]


@compiled
def add_in_lanes(amounts: npt.NDArray[np.float64], first: int, rows: int) -> float:
    """Sum of a part of a vector in eight lanes: no addition waits for the one before it."""
    last = first + rows
    if rows < LANES:
        total = 0.0
        for row in range(first, last):
            total += amounts[row]
        return total
    a, b, c, d = amounts[first], amounts[first + 1], amounts[first + 2], amounts[first + 3]
    e, f, g, h = amounts[first + 4], amounts[first + 5], amounts[first + 6], amounts[first + 7]
    whole = last - rows % LANES
    for row in range(first + LANES, whole, LANES):
        a += amounts[row]
        b += amounts[row + 1]
        c += amounts[row + 2]
        d += amounts[row + 3]
        e += amounts[row + 4]
        f += amounts[row + 5]
        g += amounts[row + 6]
        h += amounts[row + 7]
    total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for row in range(whole, last):
        total += amounts[row]
    return total


@compiled
def times_vector(
    matrix: npt.NDArray[np.float64], vector: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Product of a matrix and a vector, column after column within each row."""
    product = np.zeros(matrix.shape[0])
    for row in range(matrix.shape[0]):
        total = 0.0
        for column in range(matrix.shape[1]):
            total += matrix[row, column] * vector[column]
        product[row] = total
    return product
