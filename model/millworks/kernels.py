"""One place that says how rules are compiled.

The rules of the week are plain Python functions. `compiled` hands them to numba; with the
environment variable `NUMBA_DISABLE_JIT=1` the same source runs uncompiled, and a test demands the
same bits from both. What keeps them equal: float64 arithmetic, int64 ids, `math.*` only, sums in a
fixed order, no array reductions and no fast-math inside a compiled function.
"""

from __future__ import annotations

from numba import njit

compiled = njit(cache=True, error_model="numpy", fastmath=False)
