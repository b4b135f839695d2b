"""The files of a validation's folder: summary, the tables of the comparison, tidy results.

Same contract as every run (`millworks.study.run_record`): each file carries `schema_version`,
money is in USD of 2022, and nothing in them depends on when or how fast the run was. Figures of
the place at full scale where the model is a scale model.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millworks.study.run_record import ALL_SIZES, SCHEMA_VERSION, TIDY_COLUMNS, write_json
from millworks_calibration.constrained import DEFINITIONS
from millworks_calibration.intervals import Interval
from millworks_calibration.results import (
    ONE_WORLD,
    Comparison,
    SeedMeasures,
    ValidationResult,
)
from millworks_calibration.targets import FIT, HELD_OUT, load_targets, targets_folder

if TYPE_CHECKING:
    import polars as pl

SCENARIO = "baseline"
Row = dict[str, Any]


def document(result: ValidationResult) -> dict[str, Any]:
    """Return what `millworks validate --json` prints: `{"moments": […], …}`, misses first."""
    place = result.place
    return {
        "moments": [moment_row(row) for row in result.comparisons],
        "constrained": constrained_rows(result),
        "claims": claim_rows(result),
        "health": health_rows(result),
        "verdict": result.verdict,
        "counts": {use: result.tally(use) for use in (FIT, HELD_OUT)},
        "place": {"slug": place.slug, "name": place.name},
        "year": result.year,
        "seeds": result.seeds,
        "years": result.years,
        "burn_in": result.burn_in,
        "scale": result.scale,
        "agents": result.counts,
        "notes": result.every_note,
        "schema_version": SCHEMA_VERSION,
    }


def write_results(folder: Path, result: ValidationResult) -> None:
    """Write summary.json, moments, claims, health, constrained, results and assumptions."""
    import polars as pl

    write_json(folder / "summary.json", _summary(result))
    tables = {
        "moments": [moment_row(row) | _described(row) for row in result.comparisons],
        "claims": claim_rows(result),
        "health": health_rows(result),
        "constrained": constrained_rows(result),
        "assumptions": result.assumptions,
    }
    for name, rows in tables.items():
        table = pl.DataFrame(rows, infer_schema_length=None)
        _versioned(table).write_csv(folder / f"{name}.csv")
    tidy = _tidy(result)
    tidy.write_csv(folder / "results.csv")
    tidy.write_parquet(folder / "results.parquet", metadata={"schema_version": str(SCHEMA_VERSION)})


def moment_row(row: Comparison) -> Row:
    """Return a comparison with the keys of the contract, then what it takes to read it."""
    target = row.target
    return {
        "id": target.id,
        "use": target.use,
        "value": _finite(target.value),
        "low": _finite(target.low),
        "high": _finite(target.high),
        "model": row.model.mean if row.model else None,
        "model_low": row.model.low if row.model else None,
        "model_high": row.model.high if row.model else None,
        "inside": row.inside,
        "source": target.source,
        "inside_by_width_alone": row.loose,
        "name": target.name,
        "unit": target.unit,
        "seeds": row.model.seeds if row.model else 0,
        "not_available": row.reason or (ONE_WORLD if row.alone else None),
    }


def _described(row: Comparison) -> Row:
    target = row.target
    return {
        "moment": target.moment,
        "half_widths_off": row.miss,
        "definition": target.definition,
        "denominator": target.denominator,
        "year": target.year,
        "identifies": target.identifies,
        "world": target.world,
        "note": target.note,
    }


def constrained_rows(result: ValidationResult) -> list[Row]:
    """Return the constrained shares and the gap, by size class and by binding term."""
    return [
        {
            "measure": key.measure,
            "size_class": key.size_class,
            "term": key.term or None,
            **_interval(interval),
            "unit": key.unit,
            "definition": DEFINITIONS[key.measure],
        }
        for key, interval in result.constrained.items()
    ]


def claim_rows(result: ValidationResult) -> list[Row]:
    """Return public claims with the figure of the model that stands beside them; no verdict."""
    return [
        {
            "id": row.claim.id,
            "claim": row.claim.claim,
            "claimed": row.claim.value,
            "unit": row.claim.unit,
            "said_by": row.claim.said_by,
            "what_it_is": row.claim.what_it_is,
            "beside": row.claim.beside,
            **_interval(row.model),
            "note": row.claim.note,
            "source": row.claim.source,
        }
        for row in result.claims
    ]


def health_rows(result: ValidationResult) -> list[Row]:
    """Return the baseline's health; `sound` is null where nothing is demanded."""
    return [
        {
            "name": row.name,
            "meaning": row.meaning,
            **_interval(row.model),
            "unit": row.unit,
            "must_be_zero": row.zero,
            "sound": row.sound,
        }
        for row in result.health
    ]


def _interval(interval: Interval | None) -> Row:
    return {
        "model": interval.mean if interval else None,
        "model_low": interval.low if interval else None,
        "model_high": interval.high if interval else None,
        "seeds": interval.seeds if interval else 0,
    }


def _summary(result: ValidationResult) -> Row:
    return {
        "scenario": SCENARIO,
        "district": result.place.slug,
        "effects": [],
        "checks": [
            {
                "id": "accounting_identities",
                "passed": result.worst_residual <= 1e-9,
                "value": result.worst_residual,
                "tolerance": 1e-9,
            }
        ],
        **document(result),
        "run": {
            "year": result.year,
            "seeds": result.seeds,
            "years": result.years,
            "burn_in_weeks": result.burn_in,
            "agents": result.counts,
            "scale": result.scale,
            "notes": result.every_note,
        },
        "targets_sha256": {
            name: hashlib.sha256((targets_folder() / name).read_bytes()).hexdigest()
            for name in ("moments.csv", "comparators.csv")
        },
    }


def _tidy(result: ValidationResult) -> pl.DataFrame:
    """One row per seed and figure, in the columns of the contract.

    `arm` is the world, `pair` the seed, `week` the last week of a year of a yearly series (counted
    from the end of the burn-in) and empty where a value covers the whole observation; `effect` is
    the family of the figure.
    """
    import polars as pl

    rows = [
        {
            "scenario": SCENARIO,
            "arm": seed.world,
            "pair": seed.seed,
            "district": result.place.slug,
            "size_class": ALL_SIZES,
            "sector": "MFG",
            "schema_version": SCHEMA_VERSION,
            **record,
        }
        for seed in result.by_seed
        for record in _records(seed)
    ]
    types = {"pair": pl.UInt64, "week": pl.Int64, "value": pl.Float64, "schema_version": pl.Int64}
    schema = {name: types.get(name, pl.String) for name in TIDY_COLUMNS}
    return pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in TIDY_COLUMNS}, schema=schema
    )


UNITS_OF_SERIES: Mapping[str, str] = {
    "output": "base USD/week",
    "price": "ratio",
    "D1": "share of makers",
    "lender_equity": "USD",
}


def _records(seed: SeedMeasures) -> Iterator[Row]:
    units = {target.measure: target.unit for target in load_targets()}
    for name, value in seed.moments.items():
        yield {"quantity": name, "effect": "moment", "value": value, "unit": units[name]}
    for key, value in seed.constrained.items():
        quantity = f"{key.measure}:{key.term}" if key.term else key.measure
        yield {
            "quantity": quantity,
            "effect": "constrained",
            "value": value,
            "unit": key.unit,
            "size_class": key.size_class,
        }
    for name, value in seed.health.items():
        yield {"quantity": name, "effect": "health", "value": value, "unit": ""}
    for name, series in seed.yearly.items():
        for year, value in enumerate(series, start=1):
            yield {
                "quantity": name,
                "effect": "yearly mean",
                "week": 52 * year,
                "value": value,
                "unit": UNITS_OF_SERIES[name],
            }


def _versioned(table: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return table.with_columns(pl.lit(SCHEMA_VERSION).alias("schema_version"))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
