"""From paired arms to what a study reports: effects, paths, dollars, checks, a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.economy.places import load_place
from millworks.parameters import register
from millworks.study.around import effects_around, ring_note
from millworks.study.baseline_health import YEARS_FOR_A_TREND, books_check, health_checks
from millworks.study.benefit_cost import benefit_effects, evaluation_rows
from millworks.study.effects import Estimate, estimate, gain, ratio_estimate
from millworks.study.quantities import HEADLINE, RUN_QUANTITIES
from millworks.study.results import Check
from millworks.study.run_figures import WEEKS_OF_PERIOD, by_sector, costs, figures
from millworks.study.run_measures import DISCOUNT, SMALLEST_COST, WEEKS_OF_YEAR
from millworks.study.run_results import Effect, RunResult
from millworks.study.run_study import Outcome, PairedArms
from millworks.study.run_tables import (
    ALL,
    LEVEL,
    dollar_table,
    path_table,
    tidy_table,
    unfilled_table,
)

Floats = npt.NDArray[np.float64]

RATIO = "ratio"
TOLERANCE_OF_DOLLARS = 1e-9


def results_of(outcome: Outcome) -> list[RunResult]:
    """Return the result of each scenario that was run."""
    return [_result(arms, outcome) for arms in outcome.scenarios]


def _result(arms: PairedArms, outcome: Outcome) -> RunResult:
    config, first = arms.config, arms.records[0]
    effects = effects_of(arms)
    dollars, balance = dollar_table(arms)
    place = load_place(config.district, config.makers, year=config.year)
    checks = list(_checks(arms, balance))
    return RunResult(
        title=config.title,
        about=config.about,
        place=place,
        year=config.year,
        seeds=tuple(record.seed for record in arms.records),
        weeks=arms.weeks,
        burn_in=config.study.burn_in,
        confidence=config.study.confidence,
        makers=first.counts["makers"],
        scale=first.scale,
        counts=first.counts,
        effects=effects,
        paths=path_table(arms),
        unfilled=unfilled_table(arms),
        dollars=dollars,
        tidy=tidy_table(arms, place),
        levers=_levers(arms),
        shocks=_shocks(config),
        checks=checks,
        verdict=verdict(effects, config.study.headline),
        worst_residual=max(record.residual for record in arms.records),
        seconds={"pairs": outcome.seconds, "pairs_run": float(outcome.pairs_run)},
        assumptions=assumptions_of(config),
        notes=_notes(arms),
        around=effects_around(arms),
        stopped=outcome.stopped,
    )


JOB_YEARS_PER = {
    "job_years_per_million": "public_cost",
    "job_years_per_million_of_all": "resource_cost",
}
"""Ratio -> the cost that job-years are set against."""


def effects_of(arms: PairedArms) -> list[Effect]:
    """Return every effect: the headline ones first, then the rest, then size classes."""
    before, after = figures(arms.horizon(0)), figures(arms.horizon(1))
    found = {key: _effect(arms, key, before[key], after[key]) for key in after}
    for name, cost in JOB_YEARS_PER.items():
        found[name, ALL] = _job_years_per_million(arms, before, after, name, cost)
    order = [name for name in HEADLINE if (name, ALL) in found]
    order += [name for name in RUN_QUANTITIES if name not in order]
    whole = [found.pop((name, ALL)) for name in order]
    around = (arms.around(1), arms.around(0)) if arms.config.ring else None
    worth = benefit_effects(
        arms.by_period(1), arms.by_period(0), arms.config.study.confidence, around
    )
    return whole + list(worth) + list(found.values())


def sector_effects_of(arms: PairedArms) -> list[Effect]:
    """Return the effects on manufacturers by sector: `size_class` has the sector."""
    before, after = by_sector(arms.horizon(0)), by_sector(arms.horizon(1))
    return [_effect(arms, key, before[key], after[key]) for key in after if key in before]


def _effect(arms: PairedArms, key: tuple[str, str], before: Floats, after: Floats) -> Effect:
    difference = estimate(after - before, arms.config.study.confidence)
    return _filled(
        key,
        LEVEL,
        difference,
        arms.pairs,
        baseline=float(before.mean()) if np.isfinite(before).all() else None,
        common=gain(after, before),
    )


def _job_years_per_million(
    arms: PairedArms,
    before: dict[tuple[str, str], Floats],
    after: dict[tuple[str, str], Floats],
    name: str,
    of: str,
) -> Effect:
    """The ratio of two mean effects; without value where the cost is not clear, small or a gain."""
    jobs, cost = (after[key, ALL] - before[key, ALL] for key in ("job_years", of))
    found = None
    if float(cost.mean()) >= SMALLEST_COST:
        found = ratio_estimate(jobs, cost / 1e6, arms.config.study.confidence)
    return _filled((name, ALL), RATIO, found, arms.pairs)


def _filled(
    key: tuple[str, str],
    kind: str,
    found: Estimate | None,
    pairs: int,
    *,
    baseline: float | None = None,
    common: float | None = None,
) -> Effect:
    quantity, size = key
    return Effect(
        quantity=quantity,
        effect=kind,
        region="local",
        size_class=size,
        unit=RUN_QUANTITIES[quantity].unit,
        baseline=baseline,
        mean=found.mean if found else None,
        mcse=found.mcse if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        pairs=pairs,
        detectable=found.detectable if found else None,
        gain=common,
    )


def verdict(effects: Sequence[Effect], headline: str) -> str:
    """Say in a few words what the study found on its headline quantity."""
    if all(not effect.mean and not effect.low and not effect.high for effect in effects):
        return "changes nothing at all"
    effect = next(e for e in effects if (e.quantity, e.size_class) == (headline, ALL))
    name = headline.replace("_", " ")
    if effect.mean is None or effect.covers_zero is None:
        return f"one pair tells nothing of {name}"
    if effect.covers_zero:
        return f"no detectable effect on {name}"
    return f"{'raises' if effect.mean > 0.0 else 'lowers'} {name}"


def _levers(arms: PairedArms) -> list[dict[str, Any]]:
    config, paid = arms.config, costs(arms.horizon(1))
    papers = config.policy_papers()
    return [
        {
            "name": name,
            **papers[name],
            "settings": settings,
            "payer": settings.get("payer", ""),
            "cost_usd": float(paid[name].mean()),
        }
        for name, settings in config.policies.items()
    ]


def _shocks(config: Any) -> list[dict[str, Any]]:
    papers = config.shock_papers()
    return [
        {"name": name, **papers[name], "settings": settings}
        for name, settings in config.shocks.items()
    ]


def _checks(arms: PairedArms, dollars_missed: float) -> Iterator[Check]:
    yield books_check(max(record.residual for record in arms.records))
    if arms.config.policies:
        yield Check(
            "dollars_of_programme",
            dollars_missed <= TOLERANCE_OF_DOLLARS,
            dollars_missed,
            TOLERANCE_OF_DOLLARS,
            "what policies cost, less what programmes paid out, relative to the cost",
        )
    yield from baseline_checks(arms)


def baseline_checks(arms: PairedArms) -> Iterator[Check]:
    """Yield the checks of the baseline's health."""
    yield from health_checks(
        arms.periods(0)[:, : arms.weeks // WEEKS_OF_PERIOD],
        arms.columns(0),
        arms.scale,
        arms.records[0].counts["partners"],
        arms.config.study.confidence,
    )


def assumptions_of(config: Any) -> list[dict[str, Any]]:
    """Return every parameter, every setting of the scenario, the conventions of the evaluation."""
    values = config.world.values()
    rows = [
        {
            "key": key,
            "value": values[key],
            "unit": spec.unit,
            "meaning": spec.meaning,
            "source": spec.source,
        }
        for key, spec in register().items()
    ]
    for kind, settings in (
        ("policies", config.lever_settings()),
        ("shocks", config.shock_settings()),
    ):
        for name, chosen in settings.items():
            for key, field in type(chosen).model_fields.items():
                rows.append(
                    {
                        "key": f"{kind}.{name}.{key}",
                        "value": getattr(chosen, key),
                        "unit": "",
                        "meaning": field.description or "",
                        "source": "scenario",
                    }
                )
    rows.append(
        {
            "key": "discount_rate",
            "value": DISCOUNT,
            "unit": "1/year",
            "meaning": "real rate at which public cost is discounted to the first week",
            "source": "convention",
        }
    )
    rows.extend(evaluation_rows())
    return rows


def _notes(arms: PairedArms) -> list[str]:
    notes = []
    if arms.weeks < YEARS_FOR_A_TREND * WEEKS_OF_YEAR:
        notes.append(
            f"The baseline is watched for {arms.weeks} weeks, too few to say whether it drifts."
        )
    if arms.config.ring:
        notes.append(ring_note(arms.config))
    if arms.pairs == 1:
        notes.append("One pair of runs has no interval; what differs may be chance.")
    before, after = figures(arms.horizon(0)), figures(arms.horizon(1))
    silent = [
        key[0]
        for key, values in after.items()
        if key[1] == ALL and not (np.isfinite(values) & np.isfinite(before[key])).all()
    ]
    if silent:
        named = ", ".join(name.replace("_", " ") for name in silent)
        notes.append(f"Not measured in every pair, for too few were there to be counted: {named}.")
    return notes
