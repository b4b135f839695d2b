"""The folder of the multiplier with frictions: summary, tidy tables, the bridge, assumptions.

Same contract as every run (`millworks.study.run_record`). Nothing in these files depends on when,
how fast or with how many processes a run was made.

    multiplier.csv        every figure with its interval
    results.csv, .parquet what each pair left: totals over the weeks, arm less baseline
    reconciliation.csv    steps from Leontief to the full week, with their range over all orders of
                          switching on, and over those in which capacity comes before credit
    bridge_worlds.csv     what each of the worlds of the bridge returned
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from millworks.study.friction_results import FrictionResult, FrictionRow
from millworks.study.run_record import (
    SCHEMA_VERSION,
    TIDY_COLUMNS,
    plain,
    write_json,
    write_table,
)

JOBS_UNIT = "covered private job-years per million USD (of 2022)"


def unit_of(row: FrictionRow) -> str:
    """Return the unit of a figure."""
    return JOBS_UNIT if row.quantity == "jobs" else f"USD per USD {_PER[row.per]}"


_PER = {"ordered": "ordered", "delivered": "net delivered", "invested": "invested"}


def write_results(folder: Path, scenario: str, result: FrictionResult) -> None:
    """Write every table of the run into `folder`."""
    import polars as pl

    write_json(folder / "summary.json", document(scenario, result))
    missing = {"scenario": pl.lit(scenario), "table": pl.lit(None, dtype=pl.String)}
    tidy = result.tidy.with_columns(
        **missing, schema_version=pl.lit(SCHEMA_VERSION, dtype=pl.Int64)
    ).select(TIDY_COLUMNS)
    tidy.write_csv(folder / "results.csv")
    tidy.write_parquet(folder / "results.parquet", metadata={"schema_version": str(SCHEMA_VERSION)})
    write_table(folder / "multiplier.csv", [_figure(row) for row in result.rows])
    write_table(folder / "assumptions.csv", result.assumptions)
    version = pl.lit(SCHEMA_VERSION, dtype=pl.Int64).alias("schema_version")
    result.path.with_columns(version).write_csv(folder / "paths.csv")
    if result.bridge is not None:
        write_table(folder / "reconciliation.csv", _steps(result))
        write_table(folder / "bridge_worlds.csv", result.bridge.worlds)


def document(scenario: str, result: FrictionResult) -> dict[str, Any]:
    """Return the content of summary.json, plain data, which `--json` prints."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "scenario": scenario,
        "district": result.place.slug,
        "mode": result.mode,
        "effects": [_figure(row) for row in result.rows],
        "reconciliation": _steps(result) if result.bridge is not None else None,
        "leontief": None
        if result.leontief is None
        else [
            {"region": region, "quantity": quantity, "value": value}
            for (region, quantity), value in result.leontief.items()
        ],
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
        "verdict": None,
        "run": {
            "place": result.place.name,
            "year": result.year,
            "sector": result.sector,
            "seeds": result.seeds,
            "pairs": len(result.seeds),
            "weeks": result.weeks,
            "burn_in_weeks": result.burn_in,
            "injection": result.injection,
            "usd": result.usd,
            "sales_usd": result.sales,
            "confidence": result.confidence,
            "agents": result.counts,
            "scale": result.scale,
            "facts": result.facts,
            "worst_residual": result.worst_residual,
            "notes": result.notes,
        },
    }
    return {key: plain(value) for key, value in content.items()}


def _figure(row: FrictionRow) -> dict[str, Any]:
    return {
        "quantity": row.quantity,
        "effect": row.effect,
        "region": row.region,
        "size_class": "all",
        "unit": unit_of(row),
        "mean": row.mean,
        "mcse": row.mcse,
        "low": row.low,
        "high": row.high,
        "pairs": row.pairs,
        "per": row.per,
        "weeks": row.weeks,
        "injection": row.injection,
        "payer": row.payer,
    }


def _steps(result: FrictionResult) -> list[dict[str, Any]]:
    """Rows of reconciliation.csv; the last of each quantity and region is the full week."""
    assert result.bridge is not None
    rows: list[dict[str, Any]] = []
    for (quantity, region), total in result.bridge.total.items():
        unit = JOBS_UNIT if quantity == "jobs" else "USD per USD ordered"
        for step in result.bridge.of(quantity, region):
            rows.append(
                {
                    "quantity": quantity,
                    "region": region,
                    "term": step.term,
                    "shapley": step.shapley,
                    "low_over_orders": step.lowest,
                    "high_over_orders": step.highest,
                    "after_capacity": step.value,
                    "low_after_capacity": step.low,
                    "high_after_capacity": step.high,
                    "mcse_after_capacity": step.mcse,
                    "unit": unit,
                    "pairs": result.bridge.pairs,
                }
            )
        full = {"quantity": quantity, "region": region, "term": "full_week", "shapley": total}
        rows.append(full | {"after_capacity": total, "unit": unit, "pairs": result.bridge.pairs})
    return rows
