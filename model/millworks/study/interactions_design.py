"""Which arms the study of interactions runs: policies alone, by twos, and by groups.

Comparators take no part: what a rebate does beside a policy is no question of policy. Two policies
that exclude each other (`Policy.excludes`, as they are set) are not run together. In the factorial
a group is switched as a whole; a policy that excludes one before it in canonical order is left out
of its group, so that every combination can be run and all sixteen switch the same policies.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from millworks.conf.levers import group_of, incompatible, is_comparator
from millworks.errors import InputError
from millworks.policies.base import GROUPS
from millworks.study.arms import Arm
from millworks.study.battery import BASELINE
from millworks.study.factorial import settings
from millworks.study.interactions_results import Apart

if TYPE_CHECKING:
    from millworks.conf.studies import InteractionsConfig

COMMAND = "interactions"
FEWEST_GROUPS = 2


@dataclass(frozen=True)
class Design:
    """What is run.

    `policies`: those that take part, in canonical order; `pairs`: those run by twos; `apart`: those
    that exclude each other; `groups`: group -> its policies, empty without a factorial; `left_out`:
    (policy, reason) of those that are in no group.
    """

    policies: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    apart: tuple[Apart, ...]
    groups: dict[str, tuple[str, ...]]
    left_out: tuple[tuple[str, str], ...]

    @property
    def combinations(self) -> list[tuple[str, ...]]:
        """Sets of groups that are switched on, in the order of `factorial.settings`."""
        return settings(tuple(self.groups)) if self.groups else []

    def members(self, groups: tuple[str, ...]) -> tuple[str, ...]:
        """Return the policies of groups, in canonical order."""
        chosen = {name for group in groups for name in self.groups[group]}
        return tuple(name for name in self.policies if name in chosen)


def design_of(config: InteractionsConfig) -> Design:
    """Return what a study runs. Raises InputError with fewer than two policies."""
    names = tuple(name for name in config.policies if not is_comparator(name))
    if len(names) < 2:
        raise InputError(
            f"{COMMAND} needs two policies that are no comparators: policy=NAME,NAME; there "
            f"{'is only ' + names[0] if names else 'is none'}."
        )
    apart = _apart(config, names)
    barred = {frozenset((one.first, one.second)) for one in apart}
    duos = [pair for pair in combinations(names, 2) if frozenset(pair) not in barred]
    groups, left_out = _groups(names, apart)
    return Design(
        policies=names,
        pairs=tuple(duos) if config.pairwise else (),
        apart=apart,
        groups=groups if config.factorial and len(groups) >= FEWEST_GROUPS else {},
        left_out=left_out if config.factorial else (),
    )


def arms_of(config: InteractionsConfig, design: Design) -> dict[str, Arm]:
    """Return every arm by name; shocks, if there are any, befall all of them."""
    sets: list[tuple[str, ...]] = [(name,) for name in design.policies]
    sets += [*design.pairs, *(design.members(groups) for groups in design.combinations)]
    arms = {BASELINE: Arm({}, config.shocks)}
    return arms | {arm_name(chosen): arm_of(config, chosen) for chosen in sets if chosen}


def arm_of(config: InteractionsConfig, policies: tuple[str, ...]) -> Arm:
    """Return the arm in which some policies are in force, each at its own size."""
    chosen = {name: config.policies[name] for name in config.policies if name in policies}
    return Arm(chosen, config.shocks)


def arm_name(policies: tuple[str, ...]) -> str:
    """Return the name of the arm of policies in canonical order; the baseline's for none."""
    return "+".join(policies) or BASELINE


def _apart(config: InteractionsConfig, names: tuple[str, ...]) -> tuple[Apart, ...]:
    known, found = config.lever_settings(), []
    for first, second in combinations(names, 2):
        clash = incompatible({first: known[first], second: known[second]})
        if clash:
            found.append(Apart(first, second, clash[2]))
    return tuple(found)


def _groups(
    names: tuple[str, ...], apart: tuple[Apart, ...]
) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, str], ...]]:
    """Return group -> policies, and (policy, reason) of those in none."""
    kept: list[str] = []
    left_out: list[tuple[str, str]] = []
    for name in names:
        if group_of(name) not in GROUPS:
            left_out.append((name, "it belongs to no group"))
            continue
        clash = next(
            (one for one in apart if name in (one.first, one.second)
             and ({one.first, one.second} - {name}) <= set(kept)),
            None,
        )  # fmt: skip
        if clash:
            other = clash.first if clash.second == name else clash.second
            left_out.append((name, f"it cannot be combined with {other}: {clash.reason}"))
            continue
        kept.append(name)
    groups = {
        group: tuple(name for name in kept if group_of(name) == group)
        for group in GROUPS
        if any(group_of(name) == group for name in kept)
    }
    return groups, tuple(left_out)
