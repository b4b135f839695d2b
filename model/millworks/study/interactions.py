"""`millworks interactions`: what policies do together that they do not do alone.

With D_S the effect of the policies S on a figure, against the baseline of the same draws,

    I_ab = D_ab - D_a - D_b        of every two policies, each at its default size

and the factorial of the groups finance, logistics, place and technology, each switched as a whole,
gives main effects and interactions of up to four groups (`millworks.study.factorial`). Above zero
the two are complements, below zero substitutes. Values are formed pair by pair and only then
averaged, so that what all arms of a pair share cancels. Interactions of pairs are one family of
tests for each quantity, those of groups another, main effects a third; each is corrected by Holm
(1979). With few pairs of runs no sign is told.

The best package under a budget is foretold from policies alone and by twos, then run, on the seeds
it was picked on and on new ones: what counts is what it does, not what was foretold
(`millworks.study.interactions_package`).

Source: model specification §8. Left out: interactions at other sizes than the default, and at equal
cost; policies that begin one after the other.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from millworks.conf.levers import group_of
from millworks.study.battery import BASELINE, Battery, Workers, run_battery
from millworks.study.effect_table import effects_of_arm
from millworks.study.expected_signs import EXPECTED, Expected
from millworks.study.factorial import terms
from millworks.study.interactions_design import COMMAND, Design, arm_name, arms_of, design_of
from millworks.study.interactions_files import write
from millworks.study.interactions_package import Chosen, outcome, pick, run_package
from millworks.study.interactions_results import (
    CONFIRMED,
    CONTRADICTED,
    INTERACTION,
    MAIN,
    NOT_RUN,
    UNTOLD,
    Interaction,
    InteractionsResult,
    SignFound,
    Single,
    Tested,
    Together,
)
from millworks.study.many_arms import facts, level_effect
from millworks.study.quantities import RUN_QUANTITIES
from millworks.study.ranking import holm as testing
from millworks.study.ranking.verdicts import Rules, Verdict, verdicts
from millworks.study.run_results import Effect
from millworks.study.studies import Study

if TYPE_CHECKING:
    from millworks.conf.studies import InteractionsConfig
    from millworks.study.pair_store import PairStore
    from millworks.study.run_study import Progress

Floats = npt.NDArray[np.float64]
Pair = tuple[str, str]
Name = TypeVar("Name", bound=Hashable)

JOBS, PUBLIC_COST, RESOURCE_COST = "jobs", "public_cost", "resource_cost"
ROUNDING = 1e-12
"""An interaction this small beside the figures it is made of is what adding them up leaves."""


def run(
    config: InteractionsConfig, store: PairStore, workers: Workers, progress: Progress
) -> InteractionsResult:
    """Run what the store does not have, and return what all arms show.

    InvariantBreach where the books do not balance, InputError with fewer than two policies.
    """
    design = design_of(config)
    # Comparators take no part: they are neither run nor listed among the assumptions.
    own = {name: config.policies[name] for name in design.policies}
    config = config.model_copy(update={"policies": own})
    arms = arms_of(config, design)
    battery = run_battery(config, arms, store, workers, progress, label=f"{len(arms)} arms")
    chosen, why = pick(config, design, battery)
    if chosen is None:
        return result_of(battery, config, design, None, why)
    battery, fresh = run_package(config, arms, chosen, store, workers, progress)
    return result_of(battery, config, design, chosen, why, fresh)


def result_of(
    battery: Battery,
    config: InteractionsConfig,
    design: Design,
    chosen: Chosen | None,
    no_package: str,
    fresh: Battery | None = None,
) -> InteractionsResult:
    """Return the result of a battery of the arms of a design."""
    rules = Rules(1.0 - config.study.confidence)
    shown = reported(config.study.headline)
    surplus = {pair: synergy(battery, pair, shown[0]) for pair in design.pairs}
    alone = {name: battery.difference(name, shown[0]) for name in design.policies}
    judged = verdicts(alone, surplus, rules)
    by_group = {quantity: group_terms(battery, design, quantity) for quantity in shown}
    common = facts(battery, COMMAND)
    common["notes"] += _notes(battery.pairs, rules)
    package = None
    if chosen is not None and fresh is not None:
        package = outcome(chosen, battery, fresh)
    return InteractionsResult(
        **common,
        headline=shown[0],
        singles=_singles(battery, config, judged),
        pairs=_tested_pairs(battery, design, shown, rules),
        duos=tuple(_together(battery, pair, shown) for pair in design.pairs),
        apart=design.apart,
        groups=design.groups,
        left_out=design.left_out,
        combinations=tuple(
            _together(battery, design.members(groups), shown, groups)
            for groups in design.combinations
        ),
        terms=_tested_terms(by_group, rules),
        signs=_signs(surplus, by_group[shown[0]], rules, shown[0]),
        package=package,
        no_package=no_package,
        fewest=rules.fewest_pairs,
    )


def reported(headline: str) -> tuple[str, ...]:
    """Return the quantities in which interactions are given, the headline first."""
    return tuple(dict.fromkeys((headline, JOBS, PUBLIC_COST, RESOURCE_COST)))


def synergy(battery: Battery, pair: Pair, quantity: str) -> Floats:
    """Return what two policies do together beyond the sum of what each does, [pairs]."""
    both, first, second = (
        battery.difference(arm_name(chosen), quantity) for chosen in (pair, pair[:1], pair[1:])
    )
    level = battery.figures(BASELINE)[quantity, "all"]
    return without_rounding(both - first - second, level, both, first, second)


def group_terms(battery: Battery, design: Design, quantity: str) -> dict[tuple[str, ...], Floats]:
    """Return what groups do and do to each other, [pairs] by the groups concerned."""
    sets = design.combinations
    if not sets:
        return {}
    level = battery.figures(BASELINE)[quantity, "all"]
    found = np.array(
        [battery.difference(arm_name(design.members(groups)), quantity) for groups in sets]
    )
    values = terms(found)
    order = sorted(range(1, len(sets)), key=lambda place: len(sets[place]))
    return {sets[at]: without_rounding(values[at], level, *found) for at in order}


def without_rounding(values: Floats, *parts: Floats) -> Floats:
    """Return differences, zero where they are no more than what adding up their parts leaves."""
    largest = np.max([np.abs(part) for part in parts], axis=0)
    return np.where(np.abs(values) <= ROUNDING * largest, 0.0, values)


# --- tests


def corrected(
    values: Mapping[Name, Floats], quantity: str, rules: Rules, kind: str
) -> dict[Name, Tested]:
    """Test a family at once; below the fewest pairs no sign is told."""
    unit = RUN_QUANTITIES[quantity].unit
    found = {}
    for name, one in testing.holm(values, rules.alpha).items():
        effect = Effect(
            quantity=quantity,
            effect=kind,
            region="local",
            size_class="all",
            unit=unit,
            baseline=None,
            mean=one.mean,
            mcse=one.error,
            low=one.low,
            high=one.high,
            pairs=one.pairs,
            detectable=one.detectable,
        )
        told = one.sign if one.pairs >= rules.fewest_pairs else 0
        found[name] = Tested(effect, one.adjusted, one.confidence, told)
    return found


def _tested_pairs(
    battery: Battery, design: Design, shown: tuple[str, ...], rules: Rules
) -> tuple[Interaction, ...]:
    by_quantity = [
        corrected(
            {pair: synergy(battery, pair, quantity) for pair in design.pairs},
            quantity, rules, INTERACTION,
        )
        for quantity in shown
    ]  # fmt: skip
    return tuple(
        Interaction(pair, tuple(found[pair] for found in by_quantity)) for pair in design.pairs
    )


def _tested_terms(
    by_group: Mapping[str, Mapping[tuple[str, ...], Floats]], rules: Rules
) -> tuple[Interaction, ...]:
    """Main effects as one family, interactions as another."""
    found = []
    for quantity, values in by_group.items():
        main = {groups: one for groups, one in values.items() if len(groups) == 1}
        more = {groups: one for groups, one in values.items() if len(groups) > 1}
        found.append(
            corrected(main, quantity, rules, MAIN) | corrected(more, quantity, rules, INTERACTION)
        )
    return tuple(Interaction(groups, tuple(one[groups] for one in found)) for groups in found[0])


def _signs(
    surplus: Mapping[Pair, Floats],
    by_group: Mapping[tuple[str, ...], Floats],
    rules: Rules,
    headline: str,
) -> tuple[SignFound, ...]:
    """Test the expected signs, fixed beforehand, as a family of their own."""
    values = {}
    for one in EXPECTED:
        known = dict(by_group) if one.groups else surplus
        sample = next((v for k, v in known.items() if set(k) == set(one.members)), None)
        if sample is not None:
            values[one] = sample
    found = corrected(values, headline, rules, INTERACTION)
    return tuple(SignFound(one, found.get(one), _answer(one, found.get(one))) for one in EXPECTED)


def _answer(expected: Expected, found: Tested | None) -> str:
    if found is None:
        return NOT_RUN
    if found.told == 0:
        return UNTOLD
    return CONFIRMED if found.told == expected.sign else CONTRADICTED


# --- arms


def _singles(
    battery: Battery, config: InteractionsConfig, judged: Mapping[str, Verdict]
) -> tuple[Single, ...]:
    papers = config.policy_papers()
    return tuple(
        Single(name, papers[name]["title"], group_of(name), effects_of_arm(battery, name), verdict)
        for name, verdict in judged.items()
    )


def _together(
    battery: Battery,
    policies: tuple[str, ...],
    shown: tuple[str, ...],
    groups: tuple[str, ...] = (),
) -> Together:
    after, before = battery.figures(arm_name(policies)), battery.figures(BASELINE)
    effects = tuple(
        level_effect(
            quantity,
            RUN_QUANTITIES[quantity].unit,
            after[quantity, "all"],
            before[quantity, "all"],
            battery.config.study.confidence,
        )
        for quantity in shown
    )
    return Together(policies, effects, groups)


def _notes(pairs: int, rules: Rules) -> tuple[str, ...]:
    if pairs < rules.fewest_pairs:
        return (
            f"With {pairs} pairs no interaction is told from zero; {rules.fewest_pairs} are "
            "needed.",
        )
    return ()


STUDY = Study(COMMAND, run, write)
