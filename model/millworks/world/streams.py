"""Random draws with an address: who, what for, when; the same for every arm of a study.

A draw is the Philox number at counter (id, generation, purpose, week) under the seed as key. It
depends on nothing else: not on the state of the economy, not on how many others draw, not on the
order of asking. So a policy of size zero leaves every bit of a run unchanged, a new firm shifts
nobody's luck, and two scenarios share every draw they can: their difference is the effect.

>>> streams = Streams(seed=7)
>>> twice = [streams.uniform("test", ids) for ids in ([4, 9], [9])]
>>> bool(twice[0][1] == twice[1][0])
True

What this leaves out: draws without an address. Mesa's `model.random` and `model.rng` remain for
shuffling and for users' own code; no rule of the model uses them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError, nearest
from millworks.world.philox import philox4x32, unit_from_words
from millworks.world.purposes import PURPOSES, Purpose

__all__ = ["PURPOSES", "Purpose", "Streams"]

Ids = npt.ArrayLike
Floats = npt.NDArray[np.float64]

_WORD = 2**32
_LARGEST_DRAW = 2**16
_ZERO = np.zeros(1, np.uint64)
#: Rows worked on at a time, so that the ten rounds run in the processor's cache.
_BLOCK = 16_384


class Streams:
    """All random numbers of one run.

    `seed`: a whole number from 0 to 2**64 - 1. Each method takes the name of a purpose (see
    `purposes.PURPOSES`), an array of ids of agents or links, and optionally `week`, `generation`
    (how many earlier holders the id has had) and `draw` (0, 1, ... for several draws of one
    address); these broadcast against `ids`. The answer has the broadcast shape, in float64.

    Raises `InputError` for an unknown purpose, or a number that does not fit its counter word.
    """

    def __init__(self, seed: int) -> None:
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
            raise InputError(f"The seed must be a whole number, and {seed!r} is not one.")
        if not 0 <= seed < 2**64:
            raise InputError(f"The seed must lie between 0 and 2**64 - 1, and {seed} does not.")
        self.seed = int(seed)

    def __repr__(self) -> str:
        return f"Streams(seed={self.seed})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Streams) and other.seed == self.seed

    def __hash__(self) -> int:
        return hash(("Streams", self.seed))

    @property
    def key(self) -> tuple[np.uint64, np.uint64]:
        """The seed as two 32-bit words, for `keyed_draws` inside compiled rules."""
        return np.uint64(self.seed % _WORD), np.uint64(self.seed // _WORD)

    @staticmethod
    def code(purpose: str) -> int:
        """Return the code of a purpose; an unknown one is an `InputError` with the nearest name."""
        try:
            return PURPOSES[purpose].code
        except KeyError:
            raise InputError(
                f"No random purpose is called {purpose!r}.{nearest(purpose, PURPOSES)}"
                " New ones are declared in millworks/world/purposes.py."
            ) from None

    def words(
        self, purpose: str, ids: Ids, week: Ids = 0, generation: Ids = 0, draw: Ids = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return two independent random 32-bit words (`uint64` arrays) for each address."""
        code = self.code(purpose)
        counters = np.broadcast_arrays(
            _counter_word("id", ids, _WORD),
            _counter_word("generation", generation, _WORD),
            _counter_word("draw", draw, _LARGEST_DRAW),
            _counter_word("week", week, _WORD),
        )
        shape = counters[0].shape
        who, which, again, when = (np.ravel(counter) for counter in counters)
        first = np.empty(who.size, np.uint64)
        second = np.empty(who.size, np.uint64)
        for start in range(0, who.size, _BLOCK):
            rows = slice(start, start + _BLOCK)
            purpose_word = (again[rows] << np.uint64(16)) | np.uint64(code)
            first[rows], second[rows], _, _ = philox4x32(
                who[rows], which[rows], purpose_word, when[rows], *self.key
            )
        return first.reshape(shape), second.reshape(shape)

    def uniform(
        self, purpose: str, ids: Ids, week: Ids = 0, generation: Ids = 0, draw: Ids = 0
    ) -> Floats:
        """Return numbers strictly between 0 and 1, all equally likely."""
        from millworks.world.keyed_draws import fill_uniform

        who = _plain_words(ids)
        others = [_plain_words(number) for number in (generation, week, draw)]
        if who is not None and np.ndim(ids) == 1:
            words = [other for other in others if other is not None and other.size in (1, who.size)]
            if len(words) == len(others):
                u = np.empty(who.size)
                if fill_uniform(u, *self.key, self.code(purpose), who, *words):
                    return u
        return unit_from_words(*self.words(purpose, ids, week, generation, draw))

    def normal(
        self, purpose: str, ids: Ids, week: Ids = 0, generation: Ids = 0, draw: Ids = 0
    ) -> Floats:
        """Return standard normal numbers, each from one uniform by inversion."""
        u = self.uniform(purpose, ids, week, generation, draw)
        return _transformed("fill_normal", u)

    def lognormal(
        self,
        purpose: str,
        ids: Ids,
        cv: npt.ArrayLike,
        week: Ids = 0,
        generation: Ids = 0,
        draw: Ids = 0,
    ) -> Floats:
        """Return lognormal numbers of mean one and coefficient of variation `cv` (0 or more)."""
        u = self.uniform(purpose, ids, week, generation, draw)
        return _transformed("fill_lognormal", u, cv=cv)

    def exponential(
        self,
        purpose: str,
        ids: Ids,
        mean: npt.ArrayLike = 1.0,
        week: Ids = 0,
        generation: Ids = 0,
        draw: Ids = 0,
    ) -> Floats:
        """Return exponential numbers of the given mean (0 or more, in any unit)."""
        u = self.uniform(purpose, ids, week, generation, draw)
        return _transformed("fill_exponential", u, mean=mean)

    def poisson(
        self,
        purpose: str,
        ids: Ids,
        mean: npt.ArrayLike,
        week: Ids = 0,
        generation: Ids = 0,
        draw: Ids = 0,
    ) -> npt.NDArray[np.int64]:
        """Return Poisson counts (int64) of the given mean (0 to 700) by inverting one uniform."""
        from millworks.world.keyed_draws import LARGEST_POISSON_MEAN

        if np.max(mean, initial=0.0) > LARGEST_POISSON_MEAN:
            raise InputError(
                f"A Poisson mean of {np.max(mean):g} is above {LARGEST_POISSON_MEAN:g}, where one"
                " uniform can no longer be inverted; draw for smaller groups and add them up."
            )
        u = self.uniform(purpose, ids, week, generation, draw)
        return _transformed("fill_poisson", u, dtype=np.int64, mean=mean)

    def choice_index(
        self,
        purpose: str,
        ids: Ids,
        cumulative: npt.ArrayLike,
        week: Ids = 0,
        generation: Ids = 0,
        draw: Ids = 0,
    ) -> npt.NDArray[np.int64]:
        """Return for each address the index of an option, drawn in proportion to its weight.

        `cumulative`: running sums of the weights, in any unit; one row for all, or one row per
        address (shape of the addresses plus one axis of options). An option of weight zero is
        never chosen. Raises `InputError` if a row falls, or sums to nothing.
        """
        u = self.uniform(purpose, ids, week, generation, draw)
        sums = np.asarray(cumulative, np.float64)
        if sums.ndim == 0 or sums.shape[-1] == 0:
            raise InputError(f"The draw {purpose!r} has no options to choose from.")
        total = sums[..., -1]
        rising = np.all(np.diff(sums, axis=-1) >= 0.0) and np.all(sums[..., 0] >= 0.0)
        if not (rising and np.all(total > 0.0) and np.all(np.isfinite(total))):
            raise InputError(
                f"The cumulative weights of the draw {purpose!r} must rise from 0 or more to a"
                " finite sum above 0."
            )
        # u * total may round up to the total itself, which belongs to the last option with weight
        mark = np.minimum(u * total, np.nextafter(total, 0.0))
        if sums.ndim == 1:
            return np.searchsorted(sums, mark, side="right").astype(np.int64)
        if sums.shape[:-1] != u.shape:
            raise InputError(
                f"The draw {purpose!r} has cumulative weights of shape {sums.shape}, where"
                f" {(*u.shape, sums.shape[-1])} or one row is needed."
            )
        return np.argmax(sums > mark[..., None], axis=-1).astype(np.int64)


def _counter_word(name: str, numbers: Any, bound: int) -> npt.NDArray[np.uint64]:
    """Return whole numbers as `uint64`; one that does not fit its place in the counter raises."""
    array = np.asarray(numbers)
    if array.dtype.kind not in "iu" and array.size:
        raise InputError(f"Random draws need whole numbers as {name}, not {array.dtype}.")
    if array.size and not 0 <= int(array.min()) <= int(array.max()) < bound:
        raise InputError(
            f"Random draws need each {name} between 0 and {bound - 1};"
            f" got {array.min()} to {array.max()}."
        )
    return array.astype(np.uint64)


def _plain_words(numbers: Any) -> npt.NDArray[np.uint64] | None:
    """Return a row of 64-bit whole numbers, None for all else; one below zero is too large."""
    if type(numbers) is int:
        return _ZERO if numbers == 0 else np.array([numbers]).view(np.uint64)
    array = np.asarray(numbers)
    plain = array.ndim < 2 and array.dtype.kind in "iu" and array.dtype.itemsize == 8
    if plain and array.flags.c_contiguous:
        return array.reshape(-1).view(np.uint64)
    return None


def _transformed(
    loop: str, u: Floats, dtype: Any = np.float64, **parameters: npt.ArrayLike
) -> np.ndarray:
    """Return the transform `keyed_draws.<loop>` of each uniform, with its parameter (0 or more)."""
    from millworks.world import keyed_draws

    fill: Callable[..., None] = getattr(keyed_draws, loop)
    flat: Sequence[np.ndarray] = [
        _spread(name, value, u.shape) for name, value in parameters.items()
    ]
    out = np.empty(u.size, dtype)
    fill(out, np.ascontiguousarray(u).ravel(), *flat)
    return out.reshape(u.shape)


def _spread(name: str, value: npt.ArrayLike, shape: tuple[int, ...]) -> Floats:
    """Return one float64 value, 0 or more, for each draw."""
    array = np.asarray(value, np.float64)
    if array.size and not (array.min() >= 0.0 and array.max() < np.inf):
        raise InputError(f"The {name} of a random draw must be finite and 0 or more.")
    if array.shape != shape:
        array = np.broadcast_to(array, shape)
    return np.ascontiguousarray(array).ravel()
