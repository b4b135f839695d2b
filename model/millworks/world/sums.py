"""Sums over rows in a fixed order, so that they have the same bits on every machine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled


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
