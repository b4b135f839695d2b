"""The best package under a budget, as single effects and those of two together foretell it.

To second order, the effect of a set S of policies is (Fisher 1935, The Design of Experiments,
chapter 6, on factorial effects)

    E(S) = Σ_{i in S} e_i + Σ_{i<j in S} g_ij,        g_ij = f(ij) - f(i) - f(j) + f(none)

and so is its cost. All subsets are looked at (4,096 of twelve policies): the best is exact for
these numbers. Each pair of runs gives every e_i and g_ij at once, so the error of a sum is that of
the sums of pairs; errors of single terms cannot be added up, since g_ij holds e_i with a minus.

Why it must be run to be believed: what three or more do together is not in it; and the best of
thousands of noisy sums is partly the luckiest. That optimism is estimated by drawing pairs again,

    optimism = mean over resamples of  E*(S*) - E(S*),        S* the best of the resample

(Efron 1983, Journal of the American Statistical Association 78, 316-331), beside how often each
package is chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError, nearest
from millworks.study.effects import Estimate, estimate, resample_weights

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Pair = tuple[str, str]

MOST_POLICIES = 14
"""Sixteen thousand subsets, drawn again 2,000 times, still fit a laptop."""
_ROWS = 100
"""Resamples worked on at a time, so that subsets x resamples fit in memory."""
WARNING = (
    "Foretold from policies run alone and by twos; what three or more do together is not in it. "
    "Run the package before believing it."
)


@dataclass(frozen=True)
class Terms:
    """Values [pairs] of each policy alone and of each interaction, in one unit."""

    alone: Mapping[str, Floats]
    together: Mapping[Pair, Floats]


@dataclass(frozen=True)
class Package:
    """A set of policies with its foretold effect and cost.

    `chosen`: share of resamples in which it is the best, None with a single pair.
    """

    policies: tuple[str, ...]
    effect: Estimate
    cost: float
    chosen: float | None


@dataclass(frozen=True)
class Packages:
    """The best packages, best first, and how far to believe the first.

    `optimism`: by how much the first is overstated for having been picked, in the unit of the
    effect, None with a single pair; `considered`: subsets that could be afforded; `untried`:
    subsets left out because some two of them were never run together.
    """

    best: tuple[Package, ...]
    optimism: float | None
    considered: int
    untried: int
    warning: str = WARNING


def best_packages(
    effects: Terms,
    costs: Terms,
    budget: float,
    most: int,
    *,
    exclusive: Collection[Pair] = (),
    top: int = 5,
    confidence: float = 0.95,
) -> Packages:
    """Return the `top` sets of 1 to `most` policies with the largest effect within `budget`.

    `effects` and `costs` (USD) have the same pairs for all terms; a cost interaction that is not
    given is zero. Two policies that are `exclusive` are never together. Raises InputError for names
    without an effect or a cost, more than 14 policies, and values that are missing.
    """
    names = list(effects.alone)
    _refuse(names, effects, costs, exclusive)
    if not names:
        return Packages((), None, 0, 0)
    members = _subsets(len(names), most)
    duos = list(combinations(range(len(names)), 2))
    both = np.array([[row[i] and row[j] for i, j in duos] for row in members], dtype=bool)
    both = both.reshape(len(members), len(duos))
    known = _by_duo(names, duos, effects.together)
    apart = {frozenset(pair) for pair in exclusive}
    barred = np.array([frozenset((names[i], names[j])) in apart for i, j in duos], dtype=bool)
    missing = np.array([sample is None for sample in known], dtype=bool)
    allowed = ~(both & barred).any(axis=1)
    untried = allowed & (both & missing).any(axis=1)
    spent = _sums(members, both, names, costs.alone, _by_duo(names, duos, costs.together))
    affordable = np.flatnonzero(allowed & ~untried & (spent.mean(axis=1) <= budget))
    foretold = _sums(members[affordable], both[affordable], names, effects.alone, known)
    chosen, optimism = _picked(foretold)
    order = np.argsort(-foretold.mean(axis=1), kind="stable")[:top]
    return Packages(
        best=tuple(
            Package(
                policies=tuple(np.array(names)[members[affordable[at]]].tolist()),
                effect=_estimated(foretold[at], confidence),
                cost=float(spent[affordable[at]].mean()),
                chosen=None if chosen is None else float(chosen[at]),
            )
            for at in order
        ),
        optimism=optimism,
        considered=int(affordable.size),
        untried=int(untried.sum()),
    )


def _subsets(policies: int, most: int) -> Bools:
    """Return [subsets, policies] of 1 to `most` members, in the order of their binary numbers."""
    numbers = np.arange(1, 2**policies)
    members = (numbers[:, None] >> np.arange(policies)) & 1 == 1
    return members[members.sum(axis=1) <= most]


def _by_duo(
    names: list[str], duos: list[tuple[int, int]], together: Mapping[Pair, Floats]
) -> list[Floats | None]:
    """Return the interaction of each two policies, whichever is named first; None if not tried."""
    found = {frozenset(pair): np.asarray(sample, float) for pair, sample in together.items()}
    return [found.get(frozenset((names[i], names[j]))) for i, j in duos]


def _sums(
    members: Bools,
    both: Bools,
    names: list[str],
    alone: Mapping[str, Floats],
    together: list[Floats | None],
) -> Floats:
    """Return [subsets, pairs]: single terms and interactions added up; None is zero."""
    singles = np.array([alone[name] for name in names], dtype=float)
    total = members.astype(float) @ singles
    if together:
        nothing = np.zeros(singles.shape[1])
        total += both.astype(float) @ np.array([nothing if s is None else s for s in together])
    return total


def _picked(foretold: Floats) -> tuple[Floats | None, float | None]:
    """Return how often each subset is the best of a resample, and the optimism of picking."""
    subsets, pairs = foretold.shape
    if pairs < 2 or not subsets:
        return None, None
    means, weights = foretold.mean(axis=1), resample_weights(pairs)
    counts, excess = np.zeros(subsets), 0.0
    for start in range(0, len(weights), _ROWS):
        drawn = weights[start : start + _ROWS] @ foretold.T
        best = drawn.argmax(axis=1)
        counts += np.bincount(best, minlength=subsets)
        excess += float((drawn.max(axis=1) - means[best]).sum())
    return counts / len(weights), excess / len(weights)


def _estimated(values: Floats, confidence: float) -> Estimate:
    found = estimate(values, confidence)
    assert found is not None
    return found


def _refuse(names: list[str], effects: Terms, costs: Terms, exclusive: Collection[Pair]) -> None:
    """Raise InputError for what does not fit together."""
    if len(names) > MOST_POLICIES:
        raise InputError(
            f"{len(names)} policies: packages of at most {MOST_POLICIES} can be compared."
        )
    for name in names:
        if name not in costs.alone:
            raise InputError(f"{name} has no cost.{nearest(name, costs.alone)}")
    for pair in [*effects.together, *costs.together, *exclusive]:
        for name in pair:
            if name not in effects.alone:
                raise InputError(
                    f"{' with '.join(pair)}: {name} has no effect of its own."
                    f"{nearest(name, effects.alone)}"
                )
    terms = [*effects.alone.values(), *effects.together.values()]
    terms += [*(costs.alone[name] for name in names), *costs.together.values()]
    if len({np.shape(term) for term in terms}) > 1:
        raise InputError("a package needs the same pairs in all its effects and costs.")
    if not all(np.isfinite(term).all() for term in terms):
        raise InputError("a package needs a value in every pair of all its effects and costs.")
