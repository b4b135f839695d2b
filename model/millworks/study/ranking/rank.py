"""What works: every policy alone, at its default size and at equal cost, against one baseline.

One burn-in and one baseline of each seed serve all policies, and all share every draw they can. The
question is put once and for all before anything runs: a policy *works* where the interval of its
effect on local value added at equal cost, corrected for the number of policies asked about (Holm
1979), lies above zero. Parameters move effects in a second band, which is never merged with that of
luck (`millworks.study.ranking.bands`).

Source: model specification §8 (comparators), §10.4 (equal cost), §13.3 (bands).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.conf.levers import is_comparator
from millworks.economy.places import load_place
from millworks.study.baseline_health import books_check
from millworks.study.battery import BASELINE, Battery, Workers, run_battery
from millworks.study.effect_table import (
    baseline_levels,
    effects_of_arm,
    sector_effects_of_arm,
    tidy_of_arms,
)
from millworks.study.effects import pairs_needed, ratio_estimate, single_pair_share
from millworks.study.ranking.best import places
from millworks.study.ranking.parameters import parameter_bands
from millworks.study.ranking.rank_files import write
from millworks.study.ranking.results import DEFAULT, EQUAL, HALF, RankEntry, RankResult, Sized
from millworks.study.ranking.sizing import Budget, Sizing, arm_name, budget_of, cost_basis
from millworks.study.ranking.verdicts import Rules, verdicts
from millworks.study.run_assembly import assumptions_of, baseline_checks
from millworks.study.run_results import Effect
from millworks.study.run_tables import ALL
from millworks.study.studies import Study

if TYPE_CHECKING:
    from millworks.conf.studies import RankConfig
    from millworks.study.pair_store import PairStore
    from millworks.study.run_study import Progress

Floats = npt.NDArray[np.float64]

MARGINAL = "marginal"
SMALLEST_STEP = 1e4
"""USD of cost between half the budget and the budget below which there is no marginal effect."""


def run(config: RankConfig, store: PairStore, workers: Workers, progress: Progress) -> RankResult:
    """Run the study; InvariantBreach where the books do not balance."""
    budget = budget_of(config)
    sizing = Sizing(config, budget)
    sizing.search(store, workers, progress)
    battery, stopped = _until_precise(config, sizing, store, workers, progress)
    bands = parameter_bands(config, sizing, store, workers, progress)
    return _result(config, budget, sizing, battery, bands, stopped)


def _until_precise(
    config: RankConfig, sizing: Sizing, store: PairStore, workers: Workers, progress: Progress
) -> tuple[Battery, str]:
    """Run all arms; with a precision go on until every interval is that narrow.

    Half of each interval at equal cost is then at most `study.precision` of the largest effect of
    any policy, which is what telling policies apart takes.
    """
    study, pairs = config.study, config.study.pairs
    while True:
        battery = run_battery(config, sizing.arms, store, workers, progress, pairs=range(pairs))
        if study.precision is None:
            return battery, f"all {pairs} pairs run"
        wanted = f"{100.0 * study.precision:g} % of the largest effect"
        found = [
            battery.effect(arm_name(name, EQUAL), study.headline)
            for name in config.policies
            if not is_comparator(name)
        ]
        known = [one for one in found if one is not None and one.half_width is not None]
        largest = max((abs(one.mean) for one in known), default=0.0)
        widest = max(known, key=lambda one: one.half_width or 0.0, default=None)
        if widest is not None and (widest.half_width or 0.0) <= study.precision * largest:
            return battery, f"precision of {wanted} reached with {pairs} pairs"
        if pairs >= study.most_pairs:
            return battery, f"most pairs allowed ({pairs}) run; {wanted} not reached"
        more: float | None = math.inf
        if widest is not None and widest.mean:
            more = pairs_needed(
                widest, study.precision * largest / abs(widest.mean), study.confidence
            )
        # At most doubled: an interval of few pairs is a poor guess of what many will show.
        pairs = min(2 * pairs, max(pairs + 1, math.ceil(min(more or math.inf, 1e6))))
        pairs = min(pairs, study.most_pairs)


def _result(
    config: RankConfig,
    budget: Budget,
    sizing: Sizing,
    battery: Battery,
    bands: Mapping[str, dict[str, Any]],
    stopped: str,
) -> RankResult:
    place = load_place(config.district, config.makers, year=config.year)
    first = battery.records[0]
    entries = _entries(config, budget, sizing, battery, bands)
    return RankResult(
        place=place,
        year=config.year,
        seeds=tuple(record.seed for record in battery.records),
        weeks=battery.weeks,
        burn_in=config.study.burn_in,
        confidence=config.study.confidence,
        makers=first.counts["makers"],
        scale=first.scale,
        counts=first.counts,
        budget=budget.usd,
        levy=budget.levy,
        headline=config.study.headline,
        entries=entries,
        baseline=baseline_levels(battery),
        checks=[
            books_check(battery.residual),
            *baseline_checks(battery.paired(BASELINE)),
        ],
        worst_residual=battery.residual,
        seconds={"pairs": battery.seconds, "pairs_run": float(battery.pairs_run)},
        assumptions=assumptions_of(config),
        tidy=tidy_of_arms(battery, config.district, place),
        notes=list(_notes(config, entries)),
        stopped=stopped,
    )


def _entries(
    config: RankConfig,
    budget: Budget,
    sizing: Sizing,
    battery: Battery,
    bands: Mapping[str, dict[str, Any]],
) -> tuple[RankEntry, ...]:
    """The levers, largest effect at equal cost first, then the comparators."""
    headline, names = config.study.headline, tuple(config.policies)
    values = {name: battery.difference(arm_name(name, EQUAL), headline) for name in names}
    rules = Rules(1.0 - config.study.confidence, config.fewest_pairs)
    levers = {name: found for name, found in values.items() if not is_comparator(name)}
    others = {name: found for name, found in values.items() if is_comparator(name)}
    judged = verdicts(levers, rules=rules) | verdicts(others, rules=rules)
    stand = places(levers, config.study.confidence) | places(others, config.study.confidence)
    papers = config.policy_papers()
    found = []
    for name in names:
        solved, at = sizing.solved[name], stand.get(name)
        equal = _sized(sizing, battery, name, EQUAL)
        assert equal is not None
        found.append(
            RankEntry(
                name=name,
                title=papers[name]["title"],
                comparator=is_comparator(name),
                payer=str(config.policies[name].get("payer", "")),
                cost_basis=cost_basis(name),
                saturated=solved.saturated,
                lumpy=solved.lumpy,
                unspent=max(0.0, 1.0 - solved.cost / budget.horizon),
                tries=solved.tries,
                default=_sized(sizing, battery, name, DEFAULT),
                equal=equal,
                half=_sized(sizing, battery, name, HALF),
                marginal=tuple(_marginal(battery, name)),
                verdict=judged[name],
                best=None if at is None else at.best,
                places=None if at is None or at.low is None else (at.low, at.high or at.low),
                median=_median(values[name]),
                largest_pair=single_pair_share(values[name]),
                band=bands.get(name),
            )
        )
    return tuple(sorted(found, key=_order))


def _median(values: Floats) -> float | None:
    return float(np.median(values)) if np.isfinite(values).all() else None


def _order(entry: RankEntry) -> tuple[bool, float]:
    """Levers before comparators, the largest effect first; those without one stand last."""
    mean = entry.verdict.mean
    return entry.comparator, math.inf if mean is None else -mean


def _sized(sizing: Sizing, battery: Battery, name: str, sizing_name: str) -> Sized | None:
    arm = arm_name(name, sizing_name)
    if arm not in sizing.arms:
        return None
    intensity = {
        DEFAULT: 1.0,
        EQUAL: sizing.solved[name].intensity,
        HALF: sizing.half_size(name),
    }[sizing_name]
    effects = effects_of_arm(battery, arm)
    if sizing_name == EQUAL:
        effects += sector_effects_of_arm(battery, arm)
    return Sized(sizing_name, intensity, sizing.arms[arm].levy, effects)


def _marginal(battery: Battery, name: str) -> Iterator[Effect]:
    """Job-years and value added per million between half the budget and the budget."""
    half, whole = arm_name(name, HALF), arm_name(name, EQUAL)
    if half not in battery.arms:
        return
    cost = battery.difference(whole, cost_basis(name), against=half) / 1e6
    if float(cost.mean()) * 1e6 < SMALLEST_STEP:
        return
    years = battery.weeks / 52.0
    for quantity, factor, unit in (
        ("job_years", 1.0, "job-years per million USD of 2022"),
        ("value_added", years, "USD of value added per million USD of cost"),
    ):
        change = factor * battery.difference(whole, quantity, against=half)
        ratio = ratio_estimate(change, cost, battery.config.study.confidence)
        if ratio is not None:
            yield Effect(
                quantity=quantity,
                effect=MARGINAL,
                region="local",
                size_class=ALL,
                unit=unit,
                baseline=None,
                mean=ratio.mean,
                mcse=ratio.mcse,
                low=ratio.low,
                high=ratio.high,
                pairs=ratio.pairs,
                detectable=ratio.detectable,
            )


def _notes(config: RankConfig, entries: tuple[RankEntry, ...]) -> Iterator[str]:
    """What a reader must know beside the figures."""
    if config.study.pairs < config.fewest_pairs:
        yield (
            f"With {config.study.pairs} pairs nothing is said to work or to do harm; "
            f"{config.fewest_pairs} are needed."
        )
    for entry in entries:
        if entry.saturated:
            yield (
                f"{entry.title.split(':')[0]} cannot spend the budget at any size it can have: "
                f"{100.0 * entry.unspent:.0f} % of it is left."
            )
        if entry.lumpy:
            yield f"{entry.title.split(':')[0]} comes in steps; the nearest below the budget ran."


STUDY = Study("rank", run, write)
