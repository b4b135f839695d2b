"""What a policy adds, cell by cell, from each firm's own counterfactual: the sum is the net effect.

    net local = treated + (spillover - displacement) + indirect + induced + dynamic

Every dollar of the district's value added stands in one place of one arm, so that the differences
of the places add up to the effect, whatever the policy. P policy arm, B baseline, on the same
draws; treated are firms of the start that use what the policy offers at any time (`study.take_up`).

    treated    Σ treated firms (P - B), also where one of the arms sees them close, less what
               programmes, their facilities and deals use up, which is what serving them takes
    indirect   orders to suppliers: of each untreated maker and partner the part of its value added
               that it sells to treated makers (by units shipped over the horizon); service blocks'
               part sold to firms and programmes; less what lenders' offices use up
    induced    incomes spent: blocks' part sold to households, government and shops; chains;
               untreated retailers
    dynamic    newcomers; untreated firms from the year on in which they close in one arm and not,
               or later, in the other; blocks' part sold to makers as buildings and technology
    untreated  all that is left: makers and partners by sector and size, blocks' sales outside the
               district by sector

Cells of the untreated are averaged over pairs of runs first, and only then told apart by sign:
displacement is minus the sum of those that fall, spillover the sum of those that rise
(specification, §10.5). Luck makes both too large by the same amount, what is between them is right:
with standard errors s of cells that do not change at all each would be Σ s / √(2π), which is given
beside them (`by_chance`).

How this stands to the closures of §10.1. Holding investment, births and exits at the baseline's
path would hold down what most policies offer, so no arm is run with responses held. Instead the
split is by who gained and who bought, which is what can be observed, and it is an approximation:
capacity that untreated makers build in reply stands with them and not under dynamic; orders of
households to makers through shops stand with the makers; a treated maker's pay is spent under
induced whatever it was paid for; and what a levy takes from households is in induced too, with its
sign.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import N_SECTORS
from millworks.study.additionality.value_added import FIRMS_USE, INCOMES, INVESTMENT, OUTSIDE
from millworks.study.quantities import SIZE_CLASSES
from millworks.study.take_up import FOLLOWED

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Arrays = Mapping[str, npt.NDArray[Any]]

YEAR = 52
TREATED, INDIRECT, INDUCED, DYNAMIC = "treated", "indirect", "induced", "dynamic"
SPILLOVER, DISPLACEMENT, NET = "spillover", "displacement", "net"
TERMS = {TREATED: 1, SPILLOVER: 1, DISPLACEMENT: -1, INDIRECT: 1, INDUCED: 1, DYNAMIC: 1}
"""Term -> sign with which it stands in the sum."""
SUMS = (TREATED, INDIRECT, INDUCED, DYNAMIC)
"""Terms that need no sign of a mean over pairs."""
MAKER_CELLS = N_SECTORS * len(SIZE_CLASSES)


@dataclass(frozen=True, eq=False)
class Split:
    """One pair of runs, policy less baseline, base USD of the part simulated, by year.

    `sums`: term -> [years]; `untreated` [years, cells]: makers and partners by sector and size
    class, then blocks by row; `treated` [years, cells]: treated makers and partners likewise, then
    treated retailers; `serving`: what serving them takes, [years]; `survival` [years]: what treated
    firms add from the year on in which they close in one arm only; `firms`: treated firms of the
    start by letter.
    """

    sums: dict[str, Floats]
    untreated: Floats
    treated: Floats
    serving: Floats
    survival: Floats
    firms: dict[str, int]

    @property
    def net(self) -> Floats:
        """All terms together, [years]."""
        total: Floats = np.sum([self.sums[name] for name in SUMS], axis=0)
        return total + self.untreated.sum(axis=1)


def split(baseline: Arrays, policy: Arrays, weeks: int) -> Split:
    """Return every term of one pair from what `recorder.FirmRecords` left of its two arms."""
    years = len(baseline["chains"])
    sums = {name: np.zeros(years) for name in SUMS}
    blocks = _change(baseline, policy, "blocks")
    untreated = np.zeros((years, MAKER_CELLS + blocks.shape[2]))
    treated = np.zeros((years, MAKER_CELLS + 1))
    survival, firms = np.zeros(years), {}
    for letter in FOLLOWED:
        using = np.asarray(policy[f"{letter}_taken_up"]) >= 0
        change, turnover, sold = _of_firms(letter, baseline, policy, weeks)
        firms[letter] = int(using.sum())
        sums[TREATED] += (change + turnover)[:, using].sum(axis=1)
        survival += turnover[:, using].sum(axis=1)
        sums[DYNAMIC] += turnover[:, ~using].sum(axis=1)
        sums[DYNAMIC] += _change(baseline, policy, f"{letter}_newcomers")
        if letter == "R":
            sums[INDUCED] += change[:, ~using].sum(axis=1)
            treated[:, MAKER_CELLS] += (change + turnover)[:, using].sum(axis=1)
            continue
        sums[INDIRECT] += sold[:, ~using].sum(axis=1)
        cell = _cell(baseline, letter)
        np.add.at(untreated.T, cell[~using], (change - sold)[:, ~using].T)
        np.add.at(treated.T, cell[using], (change + turnover)[:, using].T)
    sums[INDIRECT] += blocks[:, FIRMS_USE].sum(axis=1)
    sums[INDUCED] += blocks[:, INCOMES].sum(axis=1) + _change(baseline, policy, "chains")
    sums[DYNAMIC] += blocks[:, INVESTMENT].sum(axis=1)
    untreated[:, MAKER_CELLS:] += blocks[:, OUTSIDE]
    lenders, deals, programmes = _change(baseline, policy, "deducted").T
    sums[INDIRECT] -= lenders
    sums[TREATED] -= deals + programmes
    return Split(sums, untreated, treated, deals + programmes, survival, firms)


def _change(baseline: Arrays, policy: Arrays, name: str) -> Floats:
    return np.asarray(policy[name], np.float64) - np.asarray(baseline[name], np.float64)


def _cell(arm: Arrays, letter: str) -> Ints:
    """Place of each row among the cells of makers and partners."""
    sector = np.asarray(arm[f"{letter}_sector"], np.int64)
    return sector * len(SIZE_CLASSES) + np.asarray(arm[f"{letter}_size"], np.int64)


def _of_firms(
    letter: str, baseline: Arrays, policy: Arrays, weeks: int
) -> tuple[Floats, Floats, Floats]:
    """Changes [years, rows]: while both arms see a firm trade; from the year on in which only one
    does; and of the first what was sold to treated makers."""
    arms = (baseline, policy)
    before, after = (np.asarray(arm[f"{letter}_value_added"], np.float64) for arm in arms)
    ends = [_last_year(np.asarray(arm[f"{letter}_until"]), weeks, len(before)) for arm in arms]
    year = np.arange(len(before))[:, None]
    both = (year < np.minimum(*ends)) | (ends[0] == ends[1])
    change = np.where(both, after - before, 0.0)
    turnover = np.where(both, 0.0, after - before)
    if letter == "R":
        return change, turnover, np.zeros_like(change)
    treated = np.flatnonzero(np.asarray(policy["M_taken_up"]) >= 0)
    part = [_part_to(arm, letter, treated) for arm in arms]
    sold = np.where(both, after * part[1] - before * part[0], 0.0)
    return change, turnover, sold


def _last_year(until: Floats, weeks: int, years: int) -> Ints:
    """Year in which a firm stops trading; `years` for one that does not."""
    return np.where(until >= weeks, years, until // YEAR).astype(np.int64)


def _part_to(arm: Arrays, letter: str, treated: Ints) -> Floats:
    """Part of what each maker (M) or partner (P) ships that goes to treated makers, [rows].

    Rows of makers come first among the ids of sellers, those of partners follow.
    """
    shipped = np.asarray(arm[f"{letter}_shipped"], np.float64)
    links = np.asarray(arm["to_makers"], np.float64)
    seller, buyer = links[:, 0].astype(np.int64), links[:, 1].astype(np.int64)
    first = 0 if letter == "M" else len(np.asarray(arm["M_shipped"]))
    mine = np.isin(buyer, treated) & (seller >= first) & (seller < first + len(shipped))
    sold = np.bincount(seller[mine] - first, weights=links[mine, 2], minlength=len(shipped))
    part = np.divide(sold, shipped, out=np.zeros_like(shipped), where=shipped > 0.0)
    return np.asarray(np.minimum(part, 1.0))


def by_sign(cells: Floats) -> tuple[Floats, Floats, float]:
    """Return spillover and displacement of each pair, and what luck alone would make of either.

    `cells` [pairs, cells]. A cell belongs to one of the two by the sign of its mean over pairs; so
    the mean over pairs of what is returned is what the module's first lines say.
    """
    rises = cells.mean(axis=0) > 0.0
    risen, fallen = cells[:, rises].sum(axis=1), -cells[:, ~rises].sum(axis=1)
    if len(cells) < 2:
        return risen, fallen, math.nan
    errors = cells.std(axis=0, ddof=1) / math.sqrt(len(cells))
    return risen, fallen, float(errors.sum()) / math.sqrt(2.0 * math.pi)


def residual(splits: Sequence[Split], net: Floats) -> float:
    """Return the largest gap between the effect as runs measure it, [pairs], and the terms' sum."""
    found = np.array([float(one.net.sum()) for one in splits])
    return float(np.max(np.abs(found - net), initial=0.0))
