"""Sums over rows in a fixed order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def add_up(
    group: npt.NDArray[np.int64], amounts: npt.NDArray[np.float64], groups: int
) -> npt.NDArray[np.float64]:
    """Sum `amounts` by group number, row after row; [groups]."""
    return np.bincount(group, weights=amounts, minlength=groups).astype(np.float64, copy=False)
