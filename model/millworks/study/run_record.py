"""The files of a run's folder: summary, tidy tables, assumptions and manifest.

The format is a contract that users' scripts rely on; `SCHEMA_VERSION` counts its breaking
changes and stands in every file. Money is in USD of 2022.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import millworks
from millworks.economy.embedded import data_bytes, data_names
from millworks.study.quantities import QUANTITIES, USD_PER_USD
from millworks.study.store import fingerprint

if TYPE_CHECKING:
    import polars as pl

    from millworks.conf.schema import DistrictConfig
    from millworks.study.results import LinearResult

SCHEMA_VERSION = 1
ROW_KEYS = (
    "year",
    "sector",
    "quantity",
    "region",
    "effect",
    "table",
    "simulated",
    "analytic",
    "relative_difference",
)
TIDY_COLUMNS = (
    "scenario",
    "arm",
    "pair",
    "week",
    "district",
    "size_class",
    "sector",
    "quantity",
    "effect",
    "value",
    "unit",
    "schema_version",
)
ALL_SIZES = "all"
PACKAGES = ("mesa", "numpy", "scipy", "networkx", "polars", "numba", "plotly")
PACKAGES_OF_SETTINGS = ("hydra-core", "pydantic", "typer")


def run_name(command: str, config: DistrictConfig) -> str:
    """Return `<command>-<district>[-<sector>]-<hash>`: the same run has the same name.

    The hash covers the settings, every parameter and the version of millworks.
    """
    content = {
        "command": command,
        "config": config.model_dump(mode="json"),
        "parameters": config.world.values().as_dict(),
        "millworks": millworks.__version__,
    }
    words = [command, config.district, getattr(config, "sector", None)]
    return "-".join([*(word for word in words if word), fingerprint(content)])


def linear_document(results: Sequence[LinearResult]) -> dict[str, Any]:
    """Return what `millworks multiplier --linear --json` prints: `{"rows": […]}`."""
    rows = [{key: _plain(row[key]) for key in ROW_KEYS} for run in results for row in run.rows]
    return {"rows": rows}


def write_results(folder: Path, scenario: str, results: Sequence[LinearResult]) -> None:
    """Write summary.json, results.parquet, results.csv and assumptions.csv into `folder`."""
    import polars as pl

    write_json(folder / "summary.json", _summary(scenario, results))
    tidy = pl.concat([_tidy(scenario, run) for run in results])
    tidy.write_csv(folder / "results.csv")
    tidy.write_parquet(folder / "results.parquet", metadata={"schema_version": str(SCHEMA_VERSION)})
    _write_table(folder / "assumptions.csv", results[0].assumptions)


def write_manifest(
    folder: Path,
    command: str,
    scenario: str,
    config: DistrictConfig,
    results: Sequence[LinearResult],
) -> None:
    """Write manifest.json: all it takes to repeat the run, and hashes of what it left.

    To be called last: the hashes cover every file that is in `folder` by then.
    `results_sha256` is that of results.csv, whose bytes depend on nothing but the figures.
    """
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    hashes = {file.relative_to(folder).as_posix(): _sha256(file.read_bytes()) for file in files}
    manifest = {
        "run": folder.name,
        "command": command,
        "scenario": scenario,
        "config": config.model_dump(mode="json"),
        "parameters": config.world.values().as_dict(),
        "seeds": [config.seed],
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": _versions(),
        "platform": {
            "python": platform.python_version(),
            "implementation": platform.python_implementation(),
            "system": platform.platform(),
            "machine": platform.machine(),
            "byte_order": sys.byteorder,
        },
        "data_sha256": {name: _sha256(data_bytes(name)) for name in data_names()},
        "results_sha256": hashes["results.csv"],
        "files_sha256": hashes,
        "seconds": {run.sector: run.seconds for run in results},
    }
    write_json(folder / "manifest.json", manifest)


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """Write `content` with its `schema_version`; numbers that are not finite become null."""
    document = {"schema_version": SCHEMA_VERSION, **content}
    text = json.dumps(_plain(document), indent=2, ensure_ascii=False, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8")


def _summary(scenario: str, results: Sequence[LinearResult]) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "district": results[0].place.slug,
        "effects": [_effect(run, row) for run in results for row in run.rows],
        "checks": [
            {
                "id": check.id,
                "passed": check.passed,
                "value": check.value,
                "tolerance": check.tolerance,
            }
            for run in results
            for check in run.checks
        ],
        "verdict": None,
        "rows": linear_document(results)["rows"],
        "runs": [_run_facts(run) for run in results],
    }


def _effect(run: LinearResult, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "quantity": row["quantity"],
        "effect": effect_name(row),
        "region": row["region"],
        "size_class": ALL_SIZES,
        "unit": QUANTITIES[row["quantity"]].unit,
        "mean": row["simulated"],
        "mcse": None,
        "low": None,
        "high": None,
        "pairs": None,
        "sector": row["sector"],
        "year": row["year"],
    }


def effect_name(row: Mapping[str, Any]) -> str:
    """Return the effect of a row; the total of Type I leaves out what households spend."""
    without_households = row["effect"] == "total" and row["table"] == "type_i"
    return "direct_and_indirect" if without_households else str(row["effect"])


def _run_facts(run: LinearResult) -> dict[str, Any]:
    return {
        "sector": run.sector,
        "year": run.year,
        "seed": run.seed,
        "horizon_weeks": run.horizon_weeks,
        "order_weeks": run.order_weeks,
        "injection_usd": run.injection_usd,
        "makers": run.makers,
        "scale": run.scale,
        "counts": run.counts,
        "worst_residual": run.worst_residual,
        "notes": run.notes,
    }


def _tidy(scenario: str, run: LinearResult) -> pl.DataFrame:
    """One row per value, all of a run's figures in the columns of the contract.

    `district` is the slug of the place, `rest_of_us`, `national` or `outside`; `week` is empty
    where a value covers the whole horizon.
    """
    import polars as pl

    records = [*_figure_records(run), *_frame_records(run)]
    types = {"pair": pl.Int64, "week": pl.Int64, "value": pl.Float64, "schema_version": pl.Int64}
    schema = {name: types.get(name, pl.String) for name in TIDY_COLUMNS}
    common = {
        "scenario": scenario,
        "sector": run.sector,
        "schema_version": SCHEMA_VERSION,
        "size_class": ALL_SIZES,
        "arm": "simulated",
    }
    rows = [{**common, **record} for record in records]
    return pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in TIDY_COLUMNS}, schema=schema
    )


def _figure_records(run: LinearResult) -> Iterable[dict[str, Any]]:
    for row in run.rows:
        for arm in ("simulated", "analytic"):
            if row[arm] is not None:
                yield {
                    "arm": arm,
                    "district": _district(run, row["region"]),
                    "sector": row["sector"],
                    "quantity": row["quantity"],
                    "effect": effect_name(row),
                    "value": float(row[arm]),
                    "unit": QUANTITIES[row["quantity"]].unit,
                }


def _frame_records(run: LinearResult) -> Iterable[dict[str, Any]]:
    for row in run.path.iter_rows(named=True):
        yield {
            "week": int(row["week"]),
            "district": _district(run, row["region"]),
            "quantity": "output",
            "effect": row["effect"],
            "value": float(row["value"]),
            "unit": f"{USD_PER_USD}, in that week",
        }
    for row in run.recipients.iter_rows(named=True):
        yield {
            "district": _district(run, row["region"]),
            "size_class": row["group"],
            "quantity": row["quantity"],
            "effect": "received",
            "value": float(row["value"]),
            "unit": USD_PER_USD,
        }
    for row in run.leakages.iter_rows(named=True):
        yield {
            "district": run.place.slug,
            "quantity": "leakage",
            "effect": row["leakage"],
            "value": float(row["value"]),
            "unit": USD_PER_USD,
        }


def _district(run: LinearResult, region: str) -> str:
    return run.place.slug if region == "local" else region


def _write_table(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    header = list(dict.fromkeys(key for row in rows for key in row))
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow([*header, "schema_version"])
        writer.writerows([*(row.get(key) for key in header), SCHEMA_VERSION] for row in rows)


def _versions() -> dict[str, str]:
    found = {"millworks": millworks.__version__}
    for name in (*PACKAGES, *PACKAGES_OF_SETTINGS):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plain(value: Any) -> Any:
    """Return plain data fit for JSON: numpy scalars become Python's, not-finite becomes None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, str | bool) or value is None:
        return value
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
