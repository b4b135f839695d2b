"""`millworks stress`: every policy under every shock, and whether it softens it.

With V the path of local value added at prices of the base year, 0 the baseline, s a shock, l a
policy, and weeks t of the horizon,

    loss(s)          = Σ_t V_0 - V_s                                  the shock alone
    loss(s | l)      = Σ_t V_l - V_ls                                 with the policy in both arms
    resilience(l, s) = loss(s) - loss(s | l)                          area between paths, less with

which equals the policy's effect under the shock less its effect in good times, added up: a policy
that does as much in a recession as before it has a resilience of zero, however useful it is. Areas
are signed, so that a rebound after the shock counts against the loss; an area of absolute values
would count luck as loss. All arms of a pair share their draws, and the four paths of one figure are
subtracted pair by pair. Within each shock all policies are tested at once (Holm 1979), and what is
tested has the interval of its step.

Source: model specification §8. Left out: policies that begin when the shock is seen (set their
`start`), shocks that come together, and how large the shock of a given year is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.conf.levers import is_comparator
from millworks.errors import InputError
from millworks.study.arms import Arm
from millworks.study.battery import BASELINE, Battery, Workers, run_battery
from millworks.study.effects import estimate
from millworks.study.many_arms import (
    USD,
    as_tested,
    document_of,
    effect_of,
    facts,
    level_effect,
    write_common,
)
from millworks.study.quantities import PATHS, RUN_QUANTITIES
from millworks.study.ranking.holm import Tested, holm
from millworks.study.run_figures import WEEKS_OF_PERIOD
from millworks.study.run_files import effect_row
from millworks.study.run_measures import WEEKS_OF_YEAR
from millworks.study.stress_results import (
    GoodTimes,
    PathRow,
    ShockLoss,
    StressResult,
    UnderShock,
)
from millworks.study.studies import Study

if TYPE_CHECKING:
    from millworks.conf.studies import StressConfig
    from millworks.study.pair_store import PairStore
    from millworks.study.run_results import Effect
    from millworks.study.run_study import Progress

Floats = npt.NDArray[np.float64]

COMMAND = "stress"
VALUE_ADDED = PATHS.index("value_added")


def alone(shock: str) -> str:
    """Return the name of the arm of a shock without a policy."""
    return f"shock {shock}"


def together(policy: str, shock: str) -> str:
    """Return the name of the arm of a policy under a shock."""
    return f"{policy} under {shock}"


def arms_of(config: StressConfig) -> dict[str, Arm]:
    """Return every arm by name: shocks alone, policies alone, every policy under every shock.

    Raises InputError without a policy or without a shock.
    """
    for kind, chosen in (("policy", config.policies), ("shock", config.shocks)):
        if not chosen:
            raise InputError(f"{COMMAND} needs a {kind} at least: {kind}=NAME.")
    shocks = {name: {name: given} for name, given in config.shocks.items()}
    policies = {name: {name: given} for name, given in config.policies.items()}
    arms = {alone(name): Arm({}, shock) for name, shock in shocks.items()}
    arms |= {name: Arm(policy, {}) for name, policy in policies.items()}
    for shock, befalls in shocks.items():
        arms |= {together(name, shock): Arm(given, befalls) for name, given in policies.items()}
    return arms


def run(
    config: StressConfig, store: PairStore, workers: Workers, progress: Progress
) -> StressResult:
    """Run what the store does not have, and return what all arms show."""
    battery = run_battery(config, arms_of(config), store, workers, progress)
    return result_of(battery, config)


def result_of(battery: Battery, config: StressConfig) -> StressResult:
    """Return the result of a battery of `arms_of` a configuration."""
    alpha = 1.0 - config.study.confidence
    titles = {name: paper["title"] for name, paper in config.policy_papers().items()}
    named = {name: paper["title"] for name, paper in config.shock_papers().items()}
    policies = tuple(config.policies)
    tested = holm({name: battery.difference(name, "value_added") for name in policies}, alpha)
    cells = [cell for shock in config.shocks for cell in _under(battery, shock, policies, alpha)]
    return StressResult(
        **facts(battery, COMMAND),
        shocks=tuple(_loss(battery, name, named[name]) for name in config.shocks),
        policies=tuple(_good(battery, name, titles[name], tested[name]) for name in policies),
        cells=tuple(cells),
        paths=tuple(_paths(battery, config)),
    )


def _paths(battery: Battery, config: StressConfig) -> Iterator[PathRow]:
    """Mean path of every arm by quarter."""
    policies, shocks = tuple(config.policies), tuple(config.shocks)
    arms: dict[str, tuple[str | None, str | None]] = {BASELINE: (None, None)}
    arms |= {alone(shock): (shock, None) for shock in shocks}
    arms |= {policy: (None, policy) for policy in policies}
    arms |= {together(policy, shock): (shock, policy) for shock in shocks for policy in policies}
    for arm, (shock, policy) in arms.items():
        mean = _path(battery, arm).mean(axis=0)
        for quarter, first in enumerate(range(0, mean.size, WEEKS_OF_PERIOD), start=1):
            part = mean[first : first + WEEKS_OF_PERIOD]
            last = first + part.size
            yield arm, shock, policy, quarter, last, part.size, float(part.mean())


# --- areas


def area(path: Floats) -> Floats:
    """Return what flows [pairs, weeks], per year, add up to over the weeks [pairs]."""
    return np.asarray(path.sum(axis=1) / WEEKS_OF_YEAR, np.float64)


def resilience(baseline: Floats, shocked: Floats, policy: Floats, both: Floats) -> Floats:
    """Return what a shock costs without a policy less what it costs with it, [pairs].

    Paths [pairs, weeks] of a flow per year: nothing in force, the shock, the policy, both.
    """
    # Week by week first: where the policy changes nothing the difference is exactly zero.
    return area((baseline - shocked) - (policy - both))


def deepest(baseline: Floats, shocked: Floats) -> tuple[float, int]:
    """Return the largest part of a flow missing in a quarter of a year, and its last week.

    Paths [pairs, weeks]; means over pairs. A horizon shorter than a quarter is one quarter.
    """
    before, after = baseline.mean(axis=0), shocked.mean(axis=0)
    width = min(WEEKS_OF_PERIOD, before.size)
    quarter = np.ones(width)
    missing = np.convolve(before - after, quarter, "valid")
    whole = np.convolve(before, quarter, "valid")
    part = np.divide(missing, whole, out=np.zeros_like(missing), where=whole > 0.0)
    place = int(np.argmax(part))
    return float(part[place]), place + width


def _path(battery: Battery, name: str) -> Floats:
    return np.asarray(battery.paths(name)[:, :, VALUE_ADDED], np.float64)


def _loss(battery: Battery, shock: str, title: str) -> ShockLoss:
    confidence = battery.config.study.confidence
    before, after = _path(battery, BASELINE), _path(battery, alone(shock))
    worst, week = deepest(before, after)
    lost = estimate(area(before - after), confidence)
    level = float(area(before).mean())
    jobs = estimate(-battery.difference(alone(shock), "job_years"), confidence)
    years = float(battery.figures(BASELINE)["job_years", "all"].mean())
    return ShockLoss(
        name=shock,
        title=title,
        loss=effect_of("value_added", USD, lost, battery.pairs, kind="loss", baseline=level),
        job_years=effect_of(
            "job_years", "job-years", jobs, battery.pairs, kind="loss", baseline=years
        ),
        deepest=worst,
        deepest_week=week,
    )


def _good(battery: Battery, name: str, title: str, tested: Tested) -> GoodTimes:
    value_added, jobs, cost = _effects(battery, name, BASELINE)
    shown = as_tested(value_added, tested)
    return GoodTimes(name, title, is_comparator(name), shown, jobs, cost, tested.sign)


def _effects(battery: Battery, name: str, against: str) -> tuple[Effect, Effect, Effect]:
    """Effects on value added and jobs, and the public cost."""
    after, before = battery.figures(name), battery.figures(against)
    value_added, jobs, cost = (
        level_effect(
            quantity,
            RUN_QUANTITIES[quantity].unit,
            after[quantity, "all"],
            before[quantity, "all"],
            battery.config.study.confidence,
        )
        for quantity in ("value_added", "jobs", "public_cost")
    )
    return value_added, jobs, cost


def _under(
    battery: Battery, shock: str, policies: tuple[str, ...], alpha: float
) -> list[UnderShock]:
    """Every policy under a shock, tested at once."""
    base, shocked = _path(battery, BASELINE), _path(battery, alone(shock))
    kept = {
        name: resilience(base, shocked, _path(battery, name), _path(battery, together(name, shock)))
        for name in policies
    }
    effects = {
        name: battery.difference(together(name, shock), "value_added", against=alone(shock))
        for name in policies
    }
    tested, effective = holm(kept, alpha), holm(effects, alpha)
    return [
        _cell(battery, shock, name, kept[name], tested[name], effective[name]) for name in policies
    ]


def _cell(
    battery: Battery, shock: str, name: str, kept: Floats, tested: Tested, effective: Tested
) -> UnderShock:
    value_added, jobs, cost = _effects(battery, together(name, shock), alone(shock))
    found = estimate(kept, battery.config.study.confidence)
    effect = effect_of("value_added", USD, found, battery.pairs, kind="resilience")
    return UnderShock(
        policy=name,
        shock=shock,
        resilience=as_tested(effect, tested),
        adjusted=tested.adjusted,
        told=tested.sign,
        value_added=as_tested(value_added, effective),
        jobs=jobs,
        public_cost=cost,
        effect_told=effective.sign,
    )


# --- files


def document(result: StressResult) -> dict[str, Any]:
    """Return the content of summary.json, plain data, which `--json` prints."""
    effects: list[dict[str, Any]] = []
    for loss in result.shocks:
        where = {"policy": None, "shock": loss.name}
        effects += [effect_row(one) | where for one in (loss.loss, loss.job_years)]
    for good in result.policies:
        where = {"policy": good.name, "shock": None}
        effects += [
            effect_row(one) | where for one in (good.value_added, good.jobs, good.public_cost)
        ]
    for cell in result.cells:
        where = {"policy": cell.policy, "shock": cell.shock}
        shown = (cell.resilience, cell.value_added, cell.jobs, cell.public_cost)
        effects += [effect_row(one) | where for one in shown]
    found = {"resilience": cell_rows(result)}
    return document_of(COMMAND, result, effects, verdict(result), found)


def verdict(result: StressResult) -> str:
    """Say in a few words what the study found."""
    counts = {
        word: sum(cell.verdict == word for cell in result.cells) for word in ("softens", "worsens")
    }
    return (
        f"of {len(result.cells)} combinations of a policy and a shock, {counts['softens']} soften "
        f"the shock and {counts['worsens']} make it worse"
    )


def cell_rows(result: StressResult) -> list[dict[str, Any]]:
    """Return a row per policy and shock, as resilience.csv has them."""
    good = {one.name: one for one in result.policies}
    return [
        {
            "policy": cell.policy,
            "shock": cell.shock,
            "resilience_usd": cell.resilience.mean,
            "low": cell.resilience.low,
            "high": cell.resilience.high,
            "p_adjusted": cell.adjusted,
            "verdict": cell.verdict,
            "effect_in_good_times": good[cell.policy].value_added.mean,
            "effect_in_good_times_low": good[cell.policy].value_added.low,
            "effect_in_good_times_high": good[cell.policy].value_added.high,
            "effect_under_shock": cell.value_added.mean,
            "effect_under_shock_low": cell.value_added.low,
            "effect_under_shock_high": cell.value_added.high,
            "effect_under_shock_is": cell.survival(good[cell.policy]),
            "public_cost_under_shock": cell.public_cost.mean,
            "pairs": cell.resilience.pairs,
        }
        for cell in result.cells
    ]


def shock_rows(result: StressResult) -> list[dict[str, Any]]:
    """Return a row per shock alone, as shocks.csv has them."""
    return [
        {
            "shock": loss.name,
            "loss_usd": loss.loss.mean,
            "low": loss.loss.low,
            "high": loss.loss.high,
            "baseline_usd": loss.loss.baseline,
            "job_years_lost": loss.job_years.mean,
            "job_years_low": loss.job_years.low,
            "job_years_high": loss.job_years.high,
            "deepest_quarter": loss.deepest,
            "deepest_quarter_ends_in_week": loss.deepest_week,
            "pairs": loss.loss.pairs,
        }
        for loss in result.shocks
    ]


def path_rows(result: StressResult) -> list[dict[str, Any]]:
    """Return a row per arm and quarter, as paths.csv has them."""
    heads = ("arm", "shock", "policy", "quarter", "ends_in_week", "weeks", "value_added")
    return [dict(zip(heads, row, strict=True)) for row in result.paths]


def write(folder: Path, result: StressResult) -> None:
    """Write summary.json, the tidy tables, resilience.csv, shocks.csv, paths.csv, assumptions.csv.

    Areas between the paths of paths.csv are the means of resilience.csv and shocks.csv.
    """
    from millworks.study.run_record import write_table

    write_common(folder, result, document(result))
    write_table(folder / "resilience.csv", cell_rows(result))
    write_table(folder / "shocks.csv", shock_rows(result))
    write_table(folder / "paths.csv", path_rows(result))


STUDY = Study(COMMAND, run, write)
