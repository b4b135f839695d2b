"""What treated firms would have done anyway: their projects, and their private credit.

Deadweight: of the projects that a treated maker carries out from the week on in which it uses what
the policy offers, those that the same maker carries out in the baseline, too, of the same kind and
within 26 weeks; each project of the baseline stands for one at most. More capacity and technology
are the two kinds.

Substitution: treated firms' debt to private lenders in the baseline less that in the policy arm,
over what they owe under the programme or have sold as stakes: a dollar of public credit that
replaces one of private credit adds nothing.

Source: model specification §10.5. Left out: projects of partners and shops, which have none;
projects that are larger than they would have been (their cost is matched as a whole).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from millworks.study.additionality.identity import Arrays, Floats, Ints

WINDOW = 26
"""Weeks by which a project may come earlier or later and still be the same."""


@dataclass(frozen=True)
class Projects:
    """Projects of treated makers, number and USD: in the policy arm, of them those that happen
    anyway, and in the baseline from the week on in which the maker uses what is offered."""

    number: int
    usd: float
    anyway: int
    anyway_usd: float
    baseline: int
    baseline_usd: float


@dataclass(frozen=True)
class Finance:
    """Money of treated firms of the start, USD: mean debt and stakes over the horizon; `grants`
    and the part of them that was a windfall are what was paid in all."""

    programme: float
    stakes: float
    private: float
    private_baseline: float
    grants: float
    windfall: float


def projects_of_treated(baseline: Arrays, policy: Arrays) -> Projects:
    """Return what treated makers carry out, and what of it they would have anyway."""
    since = np.asarray(policy["M_taken_up"], np.int64)
    here, there = (_of_treated(np.asarray(arm["projects"]), since) for arm in (policy, baseline))
    after = here[here[:, 0] >= since[here[:, 1].astype(np.int64)]]
    anyway = matched(after, there)
    usual = there[there[:, 0] >= since[there[:, 1].astype(np.int64)]]
    return Projects(
        number=len(after),
        usd=float(after[:, 3].sum()),
        anyway=int(anyway.sum()),
        anyway_usd=float(after[anyway, 3].sum()),
        baseline=len(usual),
        baseline_usd=float(usual[:, 3].sum()),
    )


def _of_treated(projects: Floats, since: Ints) -> Floats:
    """Projects of treated makers in the order of makers, kinds and weeks."""
    mine = projects[since[projects[:, 1].astype(np.int64)] >= 0]
    return mine[np.lexsort((mine[:, 0], mine[:, 2], mine[:, 1]))]


def matched(projects: Floats, others: Floats) -> np.ndarray:
    """Return which projects have a partner among `others`, as many as can be, flags.

    Both [projects, 4] as `recorder` leaves them, sorted by maker, kind and week. Taking the
    earliest partner that will do leaves the most for those that follow.
    """
    found = np.zeros(len(projects), np.bool_)
    place = 0
    for number, (week, maker, kind, _) in enumerate(projects):
        while place < len(others) and _too_early(others[place], maker, kind, week):
            place += 1
        if place == len(others):
            break
        other_week, other_maker, other_kind, _ = others[place]
        if (other_maker, other_kind) == (maker, kind) and other_week <= week + WINDOW:
            found[number] = True
            place += 1
    return found


def _too_early(other: Floats, maker: float, kind: float, week: float) -> bool:
    """Whether a project of the baseline can be no partner of this one or of any that follows."""
    key = (other[1], other[2])
    return key < (maker, kind) or (key == (maker, kind) and other[0] < week - WINDOW)


def finance_of_treated(baseline: Arrays, policy: Arrays) -> Finance:
    """Return what treated makers and retailers owe in either arm, and what they were given."""
    using = {letter: np.asarray(policy[f"{letter}_taken_up"]) >= 0 for letter in "MR"}

    def total(arm: Arrays, name: str, letters: str = "MR") -> float:
        return float(sum(np.asarray(arm[f"{k}_{name}"])[using[k]].sum() for k in letters))

    return Finance(
        programme=total(policy, "programme"),
        stakes=total(policy, "stake", "M"),
        private=total(policy, "private"),
        private_baseline=total(baseline, "private"),
        grants=total(policy, "grant", "M"),
        windfall=total(policy, "windfall", "M"),
    )
