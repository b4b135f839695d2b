"""Draws of all free parameters at once, spread evenly over their ranges and the same for ever.

A parameter is free when the register gives it a range and does not mark it as a convention. Its
draws are a Latin hypercube (McKay, Beckman and Conover 1979, Technometrics 21, 239-245) that grows
by doubling (Sallaberry, Helton and Hora 2008, Reliability Engineering and System Safety 93,
1047-1059): n draws lie one in each of n equal slices of the range; the slices are halved, and the
next n draws take the n empty halves, in an order drawn for each parameter by itself.

So at 1, 2, 4, 8, ... draws each slice of each range holds exactly one; and draw k does not depend
on how many are asked for, so that a longer study continues a shorter one, which a Latin hypercube
laid out for one number of draws cannot. Orders and places within a slice are keyed draws
(`streams`), addressed by the parameter's name: a parameter added to the register moves no other.
Sobol's sequence was tried and not taken: at 100 draws some of its 74 coordinates are correlated by
0.9, against 0.4 here, and two parameters that move together cannot be told apart.

Within its range a parameter is uniform; its logarithm is, where the range is above zero and spans a
factor of ten or more; whole numbers are equally likely. The range of one that another bounds is
narrowed first, so that no draw has to be refused: pay that is spent and pay that is taxed never
exceed pay. Ranges are those of the register, most of them assumptions: these are priors for asking
what follows, not what is known.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError
from millworks.parameters import ParameterSpec, register
from millworks.world.streams import Streams

Floats = npt.NDArray[np.float64]

PURPOSE = "parameter_draw"
BITS = 30
"""Binary places of a share of a range: finer than any range matters."""
MOST_DRAWS = 2**16
LOG_SPAN = 10.0
"""Ranges whose ends differ by this factor or more are drawn on a log scale."""

ROOM: Mapping[str, tuple[str, float]] = {"s_w": ("tau_w", 1.0)}
"""Parameter -> (another, the most that the two may add up to)."""


def free_parameters() -> dict[str, ParameterSpec]:
    """Return the parameters that have a prior: a range, and no mark as a convention."""
    return {key: row for key, row in register().items() if row.low < row.high and not row.fixed}


def parameter_draws(count: int, seed: int, first: int = 0) -> list[dict[str, float]]:
    """Return draws `first`, `first + 1`, ... of all free parameters, key to value.

    `seed` keys the study: 0 to 2**64 - 1. Each draw is what `load_parameters` accepts; parameters
    that are not free are not in it, and keep their defaults. Raises InputError for a number of
    draws below 0 or above 65,536.
    """
    if min(count, first) < 0 or first + count > MOST_DRAWS:
        raise InputError(f"draws {first} to {first + count}: from 0 to {MOST_DRAWS} can be asked.")
    rows = free_parameters()
    points = even_points(list(rows), first + count, seed)[first:]
    return [_placed(rows, dict(zip(rows, point, strict=True))) for point in points]


def even_points(names: Sequence[str], count: int, seed: int) -> Floats:
    """Return [count, names] shares of a range, strictly between 0 and 1, evenly spread and keyed.

    Row k is the same for all counts, and a column the same whatever other names there are.
    """
    streams = Streams(seed)
    column = np.array([zlib.crc32(name.encode()) for name in names], dtype=np.int64)
    placed = _fine(streams, column, np.arange(1))
    while len(placed) < count:
        size = len(placed)
        level = size.bit_length()
        empty = (placed >> (BITS - level)) ^ 1
        turn = streams.uniform(PURPOSE, np.arange(size)[:, None], week=level, generation=column)
        taken = np.take_along_axis(empty, np.argsort(turn, axis=0, kind="stable"), axis=0)
        within = _fine(streams, column, np.arange(size, 2 * size)) >> level
        placed = np.concatenate([placed, (taken << (BITS - level)) | within])
    return np.asarray((placed[:count] + 0.5) / 2.0**BITS, dtype=np.float64)


def _fine(
    streams: Streams, column: npt.NDArray[np.int64], draws: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return [draws, columns]: where within its slice each draw lies, in steps of 2**-BITS."""
    luck = streams.uniform(PURPOSE, draws[:, None], generation=column, draw=1)
    return (luck * 2.0**BITS).astype(np.int64)


def _placed(rows: Mapping[str, ParameterSpec], point: Mapping[str, float]) -> dict[str, float]:
    """Return the values at a point of the unit cube; those that bound others come first."""
    values = {key: value_at(row, row.high, point[key]) for key, row in rows.items()}
    for key, (other, total) in ROOM.items():
        if key in rows and other in values:
            high = min(rows[key].high, total - values[other])
            values[key] = value_at(rows[key], high, point[key])
    return values


def value_at(row: ParameterSpec, high: float, u: float) -> float:
    """Return the value of a parameter at share `u` of its range, which ends at `high`."""
    low = row.low
    if row.whole:
        return float(math.floor(low + u * (math.floor(high) - low + 1.0)))
    if low > 0.0 and high / low >= LOG_SPAN:
        value = low * (high / low) ** u
    else:
        value = low + u * (high - low)
    return min(max(value, low), high)
