"""The folder of `millworks run`: summary, tidy tables, assumptions, and what precision costs.

Same contract as every run (`millworks.study.run_record`). Nothing in these files depends on when,
how fast or with how many processes a run was made, but for `precision.csv`, whose point that is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millworks.study.effects import Estimate, pairs_needed
from millworks.study.run_record import (
    SCHEMA_VERSION,
    TIDY_COLUMNS,
    plain,
    write_json,
    write_table,
)
from millworks.study.run_results import Effect, RunResult

PRECISION = 0.05
"""Half an interval relative to the effect, for which `precision.csv` gives pairs and seconds."""


def write_results(folder: Path, scenario: str, result: RunResult) -> None:
    """Write summary.json, results.parquet and .csv, paths.csv, assumptions.csv."""
    import polars as pl

    write_json(folder / "summary.json", document(scenario, result))
    missing = {"scenario": pl.lit(scenario), "table": pl.lit(None, dtype=pl.String)}
    tidy = result.tidy.with_columns(
        **missing, schema_version=pl.lit(SCHEMA_VERSION, dtype=pl.Int64)
    ).select(TIDY_COLUMNS)
    tidy.write_csv(folder / "results.csv")
    tidy.write_parquet(folder / "results.parquet", metadata={"schema_version": str(SCHEMA_VERSION)})
    write_table(folder / "assumptions.csv", result.assumptions)
    version = pl.lit(SCHEMA_VERSION, dtype=pl.Int64).alias("schema_version")
    for name in ("paths", "unfilled", "dollars"):
        frame: pl.DataFrame = getattr(result, name)
        frame.with_columns(version).write_csv(folder / f"{name}.csv")


def document(scenario: str, result: RunResult) -> dict[str, Any]:
    """Return the content of summary.json, plain data, which `--json` prints."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "scenario": scenario,
        "title": result.title,
        "district": result.place.slug,
        "effects": [effect_row(effect) for effect in (*result.effects, *result.around)],
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
        "verdict": result.verdict,
        "stopped": result.stopped,
        "levers": result.levers,
        "shocks": result.shocks,
        "run": {
            "place": result.place.name,
            "year": result.year,
            "seeds": result.seeds,
            "pairs": len(result.seeds),
            "weeks": result.weeks,
            "burn_in_weeks": result.burn_in,
            "confidence": result.confidence,
            "agents": result.counts,
            "scale": result.scale,
            "worst_residual": result.worst_residual,
            "notes": result.notes,
        },
    }
    return {key: plain(value) for key, value in content.items()}


def effect_row(effect: Effect) -> dict[str, Any]:
    """Return an effect with the keys of the contract, then what it takes to read it."""
    percent = None
    if effect.mean is not None and effect.baseline:
        percent = 100.0 * effect.mean / abs(effect.baseline)
    return {
        "quantity": effect.quantity,
        "effect": effect.effect,
        "region": effect.region,
        "size_class": effect.size_class,
        "unit": effect.unit,
        "mean": effect.mean,
        "mcse": effect.mcse,
        "low": effect.low,
        "high": effect.high,
        "pairs": effect.pairs,
        "baseline": effect.baseline,
        "percent": percent,
        "detectable": effect.detectable,
        "gain": effect.gain,
    }


def precision_row(effect: Effect, confidence: float) -> dict[str, Any] | None:
    """Return what a ±5 % interval of an effect takes, with common draws and without.

    `gain`: variance with independent draws over that with common ones. None without an interval,
    and for one size class or sector.
    """
    if effect.size_class != "all" or effect.mcse is None or effect.mean is None:
        return None
    found = Estimate(effect.mean, effect.mcse, effect.low, effect.high, effect.pairs, None)
    pairs = pairs_needed(found, PRECISION, confidence)
    return {
        "quantity": effect.quantity,
        "unit": effect.unit,
        "mean": effect.mean,
        "sd_of_pair": effect.mcse * math.sqrt(effect.pairs),
        "gain": effect.gain,
        "pairs_for_5_percent": pairs,
        "pairs_for_5_percent_independent": None
        if pairs is None or effect.gain is None
        else pairs * effect.gain,
    }


def precision_rows(result: RunResult) -> Iterator[dict[str, Any]]:
    """Yield what a ±5 % interval of each effect takes, in pairs and in seconds.

    Seconds are wall-clock with as many processes as this run had; a run without common draws is
    charged nothing for the burn-ins it cannot share.
    """
    run = result.seconds.get("pairs_run", 0.0)
    each = result.seconds.get("pairs", 0.0) / run if run else None
    for effect in result.effects:
        row = precision_row(effect, result.confidence)
        if row is None:
            continue
        pairs, alone = row["pairs_for_5_percent"], row["pairs_for_5_percent_independent"]
        yield {
            **row,
            "seconds_per_pair": each,
            "seconds_for_5_percent": None if pairs is None or each is None else pairs * each,
            "seconds_for_5_percent_independent": (
                None if alone is None or each is None else alone * each
            ),
        }


def write_precision(folder: Path, result: RunResult) -> None:
    """Write precision.csv; its seconds are of the machine that ran, so no rerun repeats them."""
    write_table(folder / "precision.csv", list(precision_rows(result)))
