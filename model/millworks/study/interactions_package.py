"""The best package under a budget: picked from what policies do alone and by twos, then run.

What it may cost is held against resource cost, what all payers put in: in a package the money of
partners and that of the public are mixed, and a policy would else seem cheap for being paid by
others (model specification §10.4 for policies of partners). Net public cost stands beside it.

A package that came out on top of thousands did so partly by luck, and the seeds it was picked on
share that luck. So it is run twice: on these seeds, where the difference to what was foretold is
what three or more policies do together; and on as many new ones, whose mean owes nothing to the
choice. The best single policy within the budget is run beside it on the new seeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

from millworks.study.battery import BASELINE, Battery, Workers, run_battery
from millworks.study.effects import Estimate, estimate
from millworks.study.interactions_design import Design, arm_name, arm_of
from millworks.study.interactions_results import BestPackage, PackageRun
from millworks.study.many_arms import effect_of
from millworks.study.quantities import RUN_QUANTITIES
from millworks.study.ranking.package import MOST_POLICIES, Packages, Terms, best_packages
from millworks.study.ranking.sizing import budget_of

if TYPE_CHECKING:
    from millworks.conf.studies import InteractionsConfig, RankConfig
    from millworks.study.arms import Arm
    from millworks.study.pair_store import PairStore
    from millworks.study.run_results import Effect
    from millworks.study.run_study import Progress

Floats = npt.NDArray[np.float64]

COST, PUBLIC = "resource_cost", "public_cost"
TIMES = 5.0
"""Common budgets that a package may cost, if no budget is set."""


@dataclass(frozen=True)
class Chosen:
    """What was picked: `package` and `single` by name, `budget` USD over ten years and `allowed`
    over the horizon; `packages`: what the search found; `effects`, `costs`: its values."""

    package: tuple[str, ...]
    single: str
    budget: float
    allowed: float
    packages: Packages
    effects: Terms
    costs: Terms
    most: int


def pick(config: InteractionsConfig, design: Design, battery: Battery) -> tuple[Chosen | None, str]:
    """Return the best package that can be afforded; None and why where there is none."""
    if not design.pairs:
        return None, "No package is foretold without runs of policies by twos."
    if len(design.policies) > MOST_POLICIES:
        return None, f"No package is foretold for more than {MOST_POLICIES} policies."
    effects = _terms(battery, design, config.study.headline)
    costs = _terms(battery, design, COST)
    if not _complete(effects) or not _complete(costs):
        return None, "No package is foretold: some pair of runs has no value."
    budget, allowed = _budget(config)
    affordable = {
        name: float(effects.alone[name].mean())
        for name in design.policies
        if float(costs.alone[name].mean()) <= allowed
    }
    packages = best_packages(
        effects,
        costs,
        allowed,
        config.largest_package,
        exclusive=[(one.first, one.second) for one in design.apart],
        confidence=config.study.confidence,
    )
    if not packages.best or not affordable:
        return None, "No policy costs as little as the budget allows."
    single = max(affordable, key=lambda name: affordable[name])
    members = packages.best[0].policies
    package = tuple(name for name in design.policies if name in members)
    return (
        Chosen(package, single, budget, allowed, packages, effects, costs, config.largest_package),
        "",
    )


def run_package(
    config: InteractionsConfig,
    arms: Mapping[str, Arm],
    chosen: Chosen,
    store: PairStore,
    workers: Workers,
    progress: Progress,
) -> tuple[Battery, Battery]:
    """Run the package: beside all arms on the study's seeds, and on as many new ones."""
    package = {arm_name(chosen.package): arm_of(config, chosen.package)}
    battery = run_battery(
        config, {**arms, **package}, store, workers, progress, label="the best package"
    )
    both = {
        BASELINE: arms[BASELINE],
        chosen.single: arm_of(config, (chosen.single,)),
        **package,
    }
    pairs = config.study.pairs
    fresh = run_battery(
        config, both, store, workers, progress,
        pairs=range(pairs, 2 * pairs), label="the best package on new seeds",
    )  # fmt: skip
    return battery, fresh


def outcome(chosen: Chosen, battery: Battery, fresh: Battery) -> BestPackage:
    """Return what was foretold beside what was measured."""
    quantity = battery.config.study.headline
    best, single = chosen.package, (chosen.single,)
    found = chosen.packages
    gain = None
    if best != single:
        values = fresh.difference(arm_name(best), quantity, against=chosen.single)
        gain = _effect(fresh, quantity, values)
    return BestPackage(
        budget=chosen.budget,
        allowed=chosen.allowed,
        best=_run(chosen, best, battery, fresh),
        single=_run(chosen, single, battery, fresh),
        gain=gain,
        others=tuple(
            (one.policies, _as_effect(quantity, one.effect), one.cost, one.chosen)
            for one in found.best[1:]
        ),
        optimism=found.optimism,
        considered=found.considered,
        untried=found.untried,
        most=chosen.most,
        fresh_seeds=tuple(record.seed for record in fresh.records),
    )


def foretold(values: Terms, policies: tuple[str, ...]) -> Floats:
    """Return the sum of what policies do alone and by twos, [pairs]."""
    total = np.sum([values.alone[name] for name in policies], axis=0)
    for first, second in combinations(policies, 2):
        total = total + values.together[first, second]
    return np.asarray(total, np.float64)


def _run(chosen: Chosen, policies: tuple[str, ...], battery: Battery, fresh: Battery) -> PackageRun:
    arm, quantity = arm_name(policies), battery.config.study.headline
    kinds = ((quantity, chosen.effects), (COST, chosen.costs))
    said = {name: foretold(values, policies) for name, values in kinds}
    done = {name: battery.difference(arm, name) for name, _ in kinds}
    new = {name: fresh.difference(arm, name) for name, _ in kinds}
    share = next(
        (one.chosen for one in chosen.packages.best if set(one.policies) == set(policies)), None
    )
    return PackageRun(
        policies=policies,
        foretold=_both(battery, said),
        measured=_both(battery, done),
        surprise=_both(battery, {name: done[name] - said[name] for name, _ in kinds}),
        fresh=_both(fresh, new),
        public=_effect(fresh, PUBLIC, fresh.difference(arm, PUBLIC)),
        chosen=share,
    )


def _both(battery: Battery, values: Mapping[str, Floats]) -> tuple[Effect, Effect]:
    first, second = (_effect(battery, name, found) for name, found in values.items())
    return first, second


def _effect(battery: Battery, quantity: str, values: Floats) -> Effect:
    found = estimate(values, battery.config.study.confidence)
    return effect_of(quantity, RUN_QUANTITIES[quantity].unit, found, battery.pairs)


def _as_effect(quantity: str, found: Estimate) -> Effect:
    return effect_of(quantity, RUN_QUANTITIES[quantity].unit, found, found.pairs)


def _terms(battery: Battery, design: Design, quantity: str) -> Terms:
    alone = {name: battery.difference(name, quantity) for name in design.policies}
    return Terms(
        alone=alone,
        together={
            pair: battery.difference(arm_name(pair), quantity) - alone[pair[0]] - alone[pair[1]]
            for pair in design.pairs
        },
    )


def _complete(values: Terms) -> bool:
    samples = [*values.alone.values(), *values.together.values()]
    return all(bool(np.isfinite(sample).all()) for sample in samples)


def _budget(config: InteractionsConfig) -> tuple[float, float]:
    """What a package may cost: USD over ten years, and over the horizon of the study."""
    found = budget_of(cast("RankConfig", config))
    times = TIMES if config.budget is None else 1.0
    return times * found.usd, times * found.horizon
