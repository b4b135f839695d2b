"""Effects of a factorial of two levels: what switches do alone, and what they do to each other.

With f(S) the outcome where the switches of S are on and k switches, the term of a set T of switches
is the |T|-fold difference, averaged over all settings of the others:

    term(A)    = mean over others of   f(A) - f(0)                          main effect
    term(AB)   = mean over others of   f(AB) - f(A) - f(B) + f(0)           and so on
    term(none) = mean of f over all 2^k settings

Each switch in turn takes the two halves (off, on) to (mean, difference): Yates' table, or the
Walsh-Hadamard transform with the divisors that let a term of two switches read like the interaction
of two policies. Yates's own effects are smaller by 2^(|T| - 1); tests do not change by that.

Going back, f(S) = Σ over T of term(T) · Π over t in T of (½ if t is in S, else -½).

Source: Yates 1937, The Design and Analysis of Factorial Experiments; model specification §8.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Halves = Callable[[Floats, Floats], tuple[Floats, Floats]]


def settings(switches: Sequence[str]) -> list[tuple[str, ...]]:
    """Return all 2^k sets of switches that are on, none first; the first switch turns fastest."""
    return [
        tuple(name for place, name in enumerate(switches) if number >> place & 1)
        for number in range(2 ** len(switches))
    ]


def terms(outcomes: Floats) -> Floats:
    """Return the term of every set of switches [2^k, pairs], from outcomes in that same order.

    Raises ValueError where the number of outcomes is no power of two.
    """
    return _transformed(outcomes, lambda off, on: ((off + on) / 2.0, on - off))


def outcomes(found: Floats) -> Floats:
    """Return the outcomes that have these terms: the inverse of `terms`."""
    return _transformed(found, lambda mean, change: (mean - change / 2.0, mean + change / 2.0))


def _transformed(values: Floats, both: Halves) -> Floats:
    """Apply to each switch in turn what makes of its two halves two others."""
    found = np.array(values, dtype=float)
    if found.shape[0] & (found.shape[0] - 1) or not found.shape[0]:
        raise ValueError("a factorial has 2^k outcomes")
    step = 1
    while step < found.shape[0]:
        halves = found.reshape(-1, 2, step, *found.shape[1:])
        first, second = both(halves[:, 0], halves[:, 1])
        found = np.stack([first, second], axis=1).reshape(found.shape)
        step *= 2
    return found
