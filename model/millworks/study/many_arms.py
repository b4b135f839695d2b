"""What studies of many arms have in common: the facts of a run, and effects made from pairs.

Money is in USD of 2022. Present values are of the study's first week, at the rate of public cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.study.effects import Estimate, estimate, gain
from millworks.study.results import Check
from millworks.study.run_results import Effect

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from millworks.economy.places import Place
    from millworks.study.battery import Battery
    from millworks.study.ranking.holm import Tested

Floats = npt.NDArray[np.float64]

USD = "USD of 2022"
ONE_PAIR = "One pair of runs has no interval; what differs may be chance."


@dataclass(frozen=True, kw_only=True)
class ManyArmsResult:
    """Facts of a study of many arms; what it found stands in its subclasses.

    `tidy`: the frame of results.parquet, a row per arm, pair and quantity over the horizon.
    """

    place: Place
    year: int
    seeds: tuple[int, ...]
    weeks: int
    burn_in: int
    confidence: float
    makers: int
    scale: float
    counts: dict[str, int]
    arms: int
    checks: list[Check]
    worst_residual: float
    seconds: dict[str, float]
    assumptions: list[dict[str, Any]]
    tidy: pl.DataFrame
    notes: tuple[str, ...]


def facts(battery: Battery, command: str) -> dict[str, Any]:
    """Return the fields that every result of many arms has, by name."""
    from millworks.economy.places import load_place
    from millworks.study.baseline_health import books_check
    from millworks.study.battery import BASELINE
    from millworks.study.effect_table import tidy_of_arms
    from millworks.study.run_assembly import assumptions_of, baseline_checks

    config, first = battery.config, battery.records[0]
    place = load_place(config.district, config.makers, year=config.year)
    baseline = battery.paired(BASELINE, BASELINE)
    return {
        "place": place,
        "year": config.year,
        "seeds": tuple(record.seed for record in battery.records),
        "weeks": battery.weeks,
        "burn_in": config.study.burn_in,
        "confidence": config.study.confidence,
        "makers": first.counts["makers"],
        "scale": first.scale,
        "counts": first.counts,
        "arms": len(battery.names),
        "checks": [books_check(battery.residual), *baseline_checks(baseline)],
        "worst_residual": battery.residual,
        "seconds": {"arms": battery.seconds, "pairs_run": float(battery.pairs_run)},
        "assumptions": assumptions_of(config),
        "tidy": tidy_of_arms(battery, command, place),
        "notes": tuple(_notes(battery)),
    }


def _notes(battery: Battery) -> Iterator[str]:
    from millworks.study.battery import BASELINE

    if battery.pairs == 1:
        yield ONE_PAIR
    base = battery.arms[BASELINE]
    if in_force := [name.replace("_", " ") for name in (*base.policies, *base.shocks)]:
        yield f"In force in every arm, the baseline too: {', '.join(in_force)}."


def level_effect(
    quantity: str,
    unit: str,
    after: Floats,
    before: Floats,
    confidence: float,
    *,
    kind: str = "level",
    size_class: str = "all",
) -> Effect:
    """Return the mean difference of two figures [pairs] with its interval."""
    known = bool(np.isfinite(before).all())
    return effect_of(
        quantity,
        unit,
        estimate(after - before, confidence),
        int(np.size(after)),
        kind=kind,
        size_class=size_class,
        baseline=float(before.mean()) if known else None,
        common=gain(after, before),
    )


def effect_of(
    quantity: str,
    unit: str,
    found: Estimate | None,
    pairs: int,
    *,
    kind: str = "level",
    size_class: str = "all",
    baseline: float | None = None,
    common: float | None = None,
) -> Effect:
    """Return an estimate as an effect; without a value where there is none."""
    return Effect(
        quantity=quantity,
        effect=kind,
        region="local",
        size_class=size_class,
        unit=unit,
        baseline=baseline,
        mean=found.mean if found else None,
        mcse=found.mcse if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        pairs=pairs,
        detectable=found.detectable if found else None,
        gain=common,
    )


def as_tested(effect: Effect, tested: Tested) -> Effect:
    """Return an effect with the interval of its test among several: it tells what the test does."""
    return replace(effect, low=tested.low, high=tested.high, detectable=tested.detectable)


def within(effect: Effect, least: float, most: float = math.inf) -> Effect:
    """Return an effect whose interval ends where its quantity does, as a share does at 0 and 1.

    The interval of few pairs is symmetric and knows nothing of such bounds; cutting off what cannot
    be leaves its coverage as it is.
    """
    if effect.low is None or effect.high is None:
        return effect
    low, high = max(effect.low, least), min(effect.high, most)
    return replace(effect, low=low, high=high)


def document_of(
    command: str,
    result: ManyArmsResult,
    effects: Iterable[Mapping[str, Any]],
    verdict: str,
    found: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the content of summary.json: the contract's keys, then what this study found."""
    from millworks.study.run_record import SCHEMA_VERSION, plain

    content = {
        "schema_version": SCHEMA_VERSION,
        "scenario": command,
        "district": result.place.slug,
        "effects": list(effects),
        "checks": [
            {
                "id": check.id,
                "passed": check.passed,
                "value": check.value,
                "tolerance": check.tolerance,
                "meaning": check.meaning,
            }
            for check in result.checks
        ],
        "verdict": verdict,
        **found,
        "run": {
            "place": result.place.name,
            "year": result.year,
            "seeds": result.seeds,
            "pairs": len(result.seeds),
            "weeks": result.weeks,
            "burn_in_weeks": result.burn_in,
            "confidence": result.confidence,
            "arms": result.arms,
            "agents": result.counts,
            "scale": result.scale,
            "worst_residual": result.worst_residual,
            "notes": result.notes,
        },
    }
    return {key: plain(value) for key, value in content.items()}


def write_common(folder: Path, result: ManyArmsResult, document: Mapping[str, Any]) -> None:
    """Write summary.json, results.csv and .parquet, assumptions.csv."""
    from millworks.study.effect_table import write_tidy
    from millworks.study.run_record import write_json, write_table

    write_json(folder / "summary.json", document)
    write_tidy(folder, result.tidy)
    write_table(folder / "assumptions.csv", result.assumptions)
