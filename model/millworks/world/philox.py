"""The counter-based random generator Philox4x32-10: a number is a function of its address.

A generator with a state hands out its numbers in the order of asking, so one more firm, or one
policy that asks once, changes everybody's luck. Here a draw is computed from *who* it is for,
*what* it is for and *when* (four 32-bit counter words) and from the seed (two key words). Ten
rounds of two 32x32-bit multiplications mix these six words into four random ones.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). The
known answers published with their Random123 library are checked in the tests.

The functions below are written for one number and for numpy arrays alike, in `uint64` throughout:
a product of two 32-bit words fits, and numba turns `uint64` with `int64` into a float. The same
source is compiled in `keyed_draws`, so there is one algorithm and both uses give the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: Multipliers of the two halves, and what is added to the key between rounds (Salmon et al.).
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_KEY_STEP_0 = np.uint64(0x9E3779B9)
_KEY_STEP_1 = np.uint64(0xBB67AE85)
_LOW_WORD = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_ROUNDS = 10

#: A uniform number takes the upper 26 bits of two words.
_DROPPED_BITS = np.uint64(6)
_KEPT_BITS = np.uint64(26)
_TO_UNIT = 2.0**-52


def philox4x32(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Return the four random 32-bit words of counter (c0, c1, c2, c3) under key (k0, k1).

    Every argument is one whole number in [0, 2**32), or arrays of `uint64` that broadcast; the
    answers are `uint64` below 2**32. Use `keyed_draws.philox4x32` inside compiled code.

    >>> [f"{int(word):08x}" for word in philox4x32(0, 0, 0, 0, 0, 0)]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    key0, key1 = np.uint64(k0), np.uint64(k1)
    for _ in range(_ROUNDS):
        left = x0 * _MULTIPLIER_0
        right = x2 * _MULTIPLIER_1
        x0 = (right >> _HALF) ^ x1 ^ key0
        x1 = right & _LOW_WORD
        x2 = (left >> _HALF) ^ x3 ^ key1
        x3 = left & _LOW_WORD
        key0 = (key0 + _KEY_STEP_0) & _LOW_WORD
        key1 = (key1 + _KEY_STEP_1) & _LOW_WORD
    return x0, x1, x2, x3


def unit_from_words(high: Any, low: Any) -> Any:
    """Return the number strictly between 0 and 1 that two 32-bit words stand for.

    52 random bits k give (k + 1/2) / 2**52: the midpoints of 2**52 equal cells. So neither 0 nor
    1 ever comes (their logarithm would), 1 - u is exact, and u and 1 - u are equally likely. A
    53rd random bit would round the largest cells up to 1.
    """
    bits = ((high >> _DROPPED_BITS) << _KEPT_BITS) | (low >> _DROPPED_BITS)
    return (bits * 1.0 + 0.5) * _TO_UNIT
