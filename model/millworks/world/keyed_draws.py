"""Keyed draws for use inside compiled rules, one number at a time.

`keyed_uniform(key0, key1, purpose, identity, generation, week, draw)` is the number that
`Streams.uniform` gives for the same address, bit for bit, compiled or not. Take the key from
`Streams.key` and the purpose's code from `Streams.code(name)` *outside* the compiled loop.

Every other distribution is a transform of one uniform and never rejects, so each draw costs one
address and rises with its uniform: two scenarios that share the uniform share the luck. The
transforms live here only; `Streams` runs them over arrays through the `fill_...` loops below.

What this leaves out: distributions of several variables, and correlated draws.
"""

from __future__ import annotations

import math

import numpy as np

from millworks.kernels import compiled
from millworks.world import philox

philox4x32 = compiled(philox.philox4x32)
unit_from_words = compiled(philox.unit_from_words)

_DRAW_SHIFT = np.uint64(16)

LARGEST_WORD = np.uint64(2**32 - 1)
LARGEST_DRAW = np.uint64(2**16 - 1)

#: How far from one half a uniform lies whose normal number is not in a tail.
_MIDDLE = 0.425

#: Above this mean exp(-mean) leaves the range of float64, and inversion from zero with it.
LARGEST_POISSON_MEAN = 700.0


@compiled
def keyed_uniform(key0, key1, purpose, identity, generation, week, draw):  # type: ignore[no-untyped-def]
    """Return the uniform number in (0, 1) at one address (see `Streams.uniform`)."""
    third = np.uint64(purpose) | (np.uint64(draw) << _DRAW_SHIFT)
    words = philox4x32(identity, generation, third, week, key0, key1)
    return unit_from_words(words[0], words[1])


@compiled
def normal_from_uniform(u: float) -> float:
    """Return the standard normal number below which a share `u` in (0, 1) of all numbers lies.

    Rational approximations in three zones, relative error about 1e-16: algorithm AS 241 (PPND16)
    of Wichura, Applied Statistics 37 (1988). One uniform gives one normal and the largest uniform
    the largest normal, which pairs of uniforms (Box-Muller) and rejection do not.
    """
    q = u - 0.5
    return normal_in_the_middle(q) if abs(q) <= _MIDDLE else normal_in_a_tail(u)


@compiled
def normal_in_the_middle(q: float) -> float:
    """Return the normal number of a uniform 0.5 + `q`, for `q` from -0.425 to 0.425."""
    r = 0.180625 - q * q
    top = 2509.0809287301226727
    top = top * r + 33430.575583588128105
    top = top * r + 67265.770927008700853
    top = top * r + 45921.953931549871457
    top = top * r + 13731.693765509461125
    top = top * r + 1971.5909503065514427
    top = top * r + 133.14166789178437745
    top = top * r + 3.387132872796366608
    low = 5226.495278852545925
    low = low * r + 28729.085735721942674
    low = low * r + 39307.89580009271061
    low = low * r + 21213.794301586595867
    low = low * r + 5394.1960214247511077
    low = low * r + 687.1870074920579083
    low = low * r + 42.313330701600911252
    low = low * r + 1.0
    return q * top / low


@compiled
def normal_in_a_tail(u: float) -> float:
    """Return the normal number of a uniform further than 0.425 from one half."""
    tail = u if u < 0.5 else 1.0 - u
    r = math.sqrt(-math.log(tail))
    if r <= 5.0:
        r = r - 1.6
        top = 7.7454501427834140764e-4
        top = top * r + 0.0227238449892691845833
        top = top * r + 0.24178072517745061177
        top = top * r + 1.27045825245236838258
        top = top * r + 3.64784832476320460504
        top = top * r + 5.7694972214606914055
        top = top * r + 4.6303378461565452959
        top = top * r + 1.42343711074968357734
        low = 1.05075007164441684324e-9
        low = low * r + 5.475938084995344946e-4
        low = low * r + 0.0151986665636164571966
        low = low * r + 0.14810397642748007459
        low = low * r + 0.68976733498510000455
        low = low * r + 1.6763848301838038494
        low = low * r + 2.05319162663775882187
        low = low * r + 1.0
    else:
        r = r - 5.0
        top = 2.01033439929228813265e-7
        top = top * r + 2.71155556874348757815e-5
        top = top * r + 0.0012426609473880784386
        top = top * r + 0.026532189526576123093
        top = top * r + 0.29656057182850489123
        top = top * r + 1.7848265399172913358
        top = top * r + 5.4637849111641143699
        top = top * r + 6.6579046435011037772
        low = 2.04426310338993978564e-15
        low = low * r + 1.4215117583164458887e-7
        low = low * r + 1.8463183175100546818e-5
        low = low * r + 7.868691311456132591e-4
        low = low * r + 0.0148753612908506148525
        low = low * r + 0.13692988092273580531
        low = low * r + 0.59983220655588793769
        low = low * r + 1.0
    size = top / low
    return -size if u < 0.5 else size


@compiled
def lognormal_from_uniform(u: float, cv: float) -> float:
    """Return a lognormal number of mean one and coefficient of variation `cv` (0 gives one)."""
    variance = math.log(1.0 + cv * cv)
    return math.exp(math.sqrt(variance) * normal_from_uniform(u) - 0.5 * variance)


@compiled
def exponential_from_uniform(u: float, mean: float) -> float:
    """Return an exponential number of the given mean, rising with `u`."""
    return -mean * math.log(1.0 - u)


@compiled
def poisson_from_uniform(u: float, mean: float) -> int:
    """Return the smallest count k with P(count <= k) > u, for a mean of 0 to 700.

    The chances are added up from zero, so the count rises with `u` and with `mean`.
    """
    chance = math.exp(-mean)
    below = chance
    count = 0
    while u >= below:
        chance = chance * mean / (count + 1)
        # Rounding may leave the sum of all chances a little below a `u` next to one.
        if below + chance == below and count > mean:
            break
        count += 1
        below += chance
    return count


@compiled
def fill_uniform(  # type: ignore[no-untyped-def]
    out, key0, key1, purpose, identity, generation, week, draw
) -> bool:
    """Write the uniform number of each address into `out`; False if a word has no place in it.

    `identity`, `generation`, `week`, `draw` (uint64): one for each number, or one for all.
    """
    one_generation, one_week, one_draw = generation.size == 1, week.size == 1, draw.size == 1
    fits = True
    for i in range(out.size):
        which = generation[0] if one_generation else generation[i]
        when = week[0] if one_week else week[i]
        again = draw[0] if one_draw else draw[i]
        if identity[i] > LARGEST_WORD or which > LARGEST_WORD:
            fits = False
        if when > LARGEST_WORD or again > LARGEST_DRAW:
            fits = False
        out[i] = keyed_uniform(key0, key1, purpose, identity[i], which, when, again)
    return fits


@compiled
def fill_normal(out: np.ndarray, u: np.ndarray) -> None:
    """Write the standard normal number of each uniform into `out`."""
    # First as if all lay in the middle: without branches, several numbers are done at a time.
    far, in_tails = np.empty(u.size, np.int64), 0
    for i in range(u.size):
        out[i] = normal_in_the_middle(u[i] - 0.5)
    for i in range(u.size):
        far[in_tails] = i
        in_tails += abs(u[i] - 0.5) > _MIDDLE
    for which in far[:in_tails]:
        out[which] = normal_in_a_tail(u[which])


@compiled
def fill_lognormal(out: np.ndarray, u: np.ndarray, cv: np.ndarray) -> None:
    """Write the lognormal number of each uniform and coefficient of variation into `out`."""
    for i in range(u.size):
        out[i] = lognormal_from_uniform(u[i], cv[i])


@compiled
def fill_exponential(out: np.ndarray, u: np.ndarray, mean: np.ndarray) -> None:
    """Write the exponential number of each uniform and mean into `out`."""
    for i in range(u.size):
        out[i] = exponential_from_uniform(u[i], mean[i])


@compiled
def fill_poisson(out: np.ndarray, u: np.ndarray, mean: np.ndarray) -> None:
    """Write the Poisson count of each uniform and mean into `out` (int64)."""
    for i in range(u.size):
        out[i] = poisson_from_uniform(u[i], mean[i])
