"""Verdicts in words: what the intervals of several policies let one say, and no more.

    works              the corrected interval of its effect lies above zero
    harms              it lies below zero
    works only with X  it covers zero, but together with X the two do more than the sum of each, the
                       interval of that surplus (the interaction) lies above zero, and beside X the
                       effect is above zero on average
    no detectable effect   neither; the smallest detectable effect says what may have been missed
    cannot be told     too few pairs, or a pair without a value

Effects are one family of hypotheses, interactions another; each is corrected by Holm's procedure
(`holm`) at the chance of error that the study states. Nothing here is chosen after seeing results.
Where interactions are tried, a chance of error α stands for each family, not for both together.

The effect is the net local value added a year at equal public cost, but any quantity with one value
per pair can be judged (model-spec.md, 10.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError, nearest
from millworks.study.effects import FEWEST_TO_RESAMPLE
from millworks.study.ranking.holm import Tested, holm, refuse_level

Floats = npt.NDArray[np.float64]
Pair = tuple[str, str]


class Word(StrEnum):
    """What can be said of a policy."""

    WORKS = "works"
    HARMS = "harms"
    ONLY_WITH = "works only with"
    NO_EFFECT = "no detectable effect"
    CANNOT_TELL = "cannot be told"


@dataclass(frozen=True)
class Rules:
    """What a study fixes before it runs.

    `alpha`: chance of one wrong verdict or more. `fewest_pairs`: below it nothing is said; 2 or
    more. Its default is where the bootstrap begins: single pairs hold much of the spread, and with
    fewer Student's intervals miss the truth too often (docs/effects.md).
    """

    alpha: float = 0.05
    fewest_pairs: int = FEWEST_TO_RESAMPLE

    def __post_init__(self) -> None:
        refuse_level(self.alpha)
        if self.fewest_pairs < 2:
            raise InputError(
                f"fewest_pairs is {self.fewest_pairs}; it must be 2 or more, since one pair has no"
                " spread."
            )


@dataclass(frozen=True)
class Verdict:
    """A word, and the corrected interval it rests on, in the unit of the effects.

    `p` is Holm's adjusted p-value, `confidence` the level of the interval, `partners` the policies
    it works with, strongest interaction first; `detectable` the smallest effect found at that level
    with a chance of 80 %. Numbers are None where they cannot be given.
    """

    word: Word
    mean: float | None
    low: float | None
    high: float | None
    p: float | None
    partners: tuple[str, ...]
    detectable: float | None
    confidence: float
    pairs: int

    @property
    def text(self) -> str:
        """The verdict as it is printed: 'works only with X or Y'."""
        if self.word is not Word.ONLY_WITH:
            return self.word.value
        *others, last = self.partners
        names = f"{', '.join(others)} or {last}" if others else last
        return f"{self.word.value} {names}"


def verdicts(
    effects: Mapping[str, Floats],
    interactions: Mapping[Pair, Floats] | None = None,
    rules: Rules | None = None,
) -> dict[str, Verdict]:
    """Return the verdict on each policy, in the order given.

    `effects`: [pairs] for each policy, the difference of its arm from the baseline; `interactions`:
    [pairs] for each two policies that were also run together, f(AB) - f(A) - f(B) + f(0). Raises
    InputError where an interaction names a policy that has no effect of its own, or twice the same.
    """
    rules = rules or Rules()
    interactions = interactions or {}
    _refuse_strangers(effects, interactions)
    alone = holm(effects, rules.alpha)
    surplus = holm(interactions, rules.alpha)
    return {
        name: _verdict(found, _partners(name, alone, surplus, rules), rules)
        for name, found in alone.items()
    }


def _verdict(found: Tested, partners: tuple[str, ...], rules: Rules) -> Verdict:
    word = Word.NO_EFFECT
    if _untold(found, rules):
        word, partners = Word.CANNOT_TELL, ()
    elif found.rejected:
        word, partners = (Word.WORKS if found.sign > 0 else Word.HARMS), ()
    elif partners:
        word = Word.ONLY_WITH
    return Verdict(
        word=word,
        mean=found.mean,
        low=found.low,
        high=found.high,
        p=found.adjusted,
        partners=partners,
        detectable=found.detectable,
        confidence=found.confidence,
        pairs=found.pairs,
    )


def _partners(
    name: str, alone: Mapping[str, Tested], surplus: Mapping[Pair, Tested], rules: Rules
) -> tuple[str, ...]:
    """Return those beside which `name` does more, and something, strongest interaction first."""
    own = alone[name].mean
    found = []
    for pair, tested in surplus.items():
        if name not in pair or tested.sign <= 0 or _untold(tested, rules):
            continue
        assert tested.mean is not None
        if own is not None and own + tested.mean > 0.0:
            found.append((tested.mean, pair[0] if pair[1] == name else pair[1]))
    return tuple(partner for _, partner in sorted(found, key=lambda entry: -entry[0]))


def _untold(found: Tested, rules: Rules) -> bool:
    return found.p is None or found.pairs < rules.fewest_pairs


def _refuse_strangers(effects: Mapping[str, Floats], interactions: Mapping[Pair, Floats]) -> None:
    for pair in interactions:
        if pair[0] == pair[1]:
            raise InputError(f"interactions: {pair[0]} is paired with itself.")
        for name in pair:
            if name not in effects:
                raise InputError(
                    f"interactions: {name} has no effect of its own.{nearest(name, effects)}"
                )
