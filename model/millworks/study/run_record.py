"""The files of a run's folder: summary, tidy tables, assumptions and manifest.

The format is a contract that users' scripts rely on; `SCHEMA_VERSION` counts its breaking
changes and stands in every file. Money is in USD of 2022.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
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
from millworks.discovery import GROUPS, own_files
from millworks.economy.embedded import data_bytes, data_names
from millworks.study.quantities import QUANTITIES, USD_PER_USD
from millworks.study.store import fingerprint

if TYPE_CHECKING:
    import polars as pl

    from millworks.conf.schema import DistrictConfig
    from millworks.study.results import LinearResult

SCHEMA_VERSION = 2
"""2: table in results and effects; leakages by region; income by who paid; unit in rows."""
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
    "unit",
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
    "table",
    "schema_version",
)
ALL_SIZES = "all"
PACKAGES = ("mesa", "numpy", "scipy", "networkx", "polars", "numba", "plotly")
PACKAGES_OF_SETTINGS = ("hydra-core", "pydantic", "typer")


def run_name(command: str, config: DistrictConfig, scenario: str = "") -> str:
    """Return `<command>-<district>[-<sector>]-<hash>`: the same run has the same name.

    The run of a scenario has the scenario's name in place of the first words. The hash covers the
    settings, every parameter and the version of millworks.
    """
    content = {
        "command": command,
        "config": config.model_dump(mode="json"),
        "parameters": config.world.values().as_dict(),
        "millworks": millworks.__version__,
    }
    words = [scenario] if scenario else [command, config.district, getattr(config, "sector", None)]
    return "-".join([*(word for word in words if word), fingerprint(content)])


def linear_document(results: Sequence[LinearResult]) -> dict[str, Any]:
    """Return what `millworks multiplier --linear --json` prints: `{"rows": […], …}`.

    `meanings` says what each quantity counts (which jobs are covered), `settled` whether the
    run was long enough for the rounds of spending to have died away.
    """
    rows = [_row(row) for run in results for row in run.rows]
    meanings = {row["quantity"]: QUANTITIES[row["quantity"]].meaning for row in rows}
    return {
        "rows": rows,
        "meanings": meanings,
        "settled": all(run.settled for run in results),
        "schema_version": SCHEMA_VERSION,
    }


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A figure with its unit, the keys in the order of the contract."""
    full = {**row, "unit": QUANTITIES[row["quantity"]].unit}
    return {key: plain(full[key]) for key in ROW_KEYS}


def write_results(folder: Path, scenario: str, results: Sequence[LinearResult]) -> None:
    """Write summary.json, results.parquet and .csv, assumptions.csv and local_shares.csv."""
    import polars as pl

    write_json(folder / "summary.json", _summary(scenario, results))
    tidy = pl.concat([_tidy(scenario, run) for run in results])
    tidy.write_csv(folder / "results.csv")
    tidy.write_parquet(folder / "results.parquet", metadata={"schema_version": str(SCHEMA_VERSION)})
    write_table(folder / "assumptions.csv", results[0].assumptions)
    write_table(folder / "local_shares.csv", results[0].local_shares)


def write_manifest(
    folder: Path,
    command: str,
    scenario: str,
    config: DistrictConfig,
    results: Sequence[LinearResult] = (),
    *,
    seeds: Sequence[int] | None = None,
    seconds: Mapping[str, Any] | None = None,
    varied: Mapping[str, Any] | None = None,
) -> None:
    """Write manifest.json: all it takes to repeat the run, and hashes of what it left.

    `seeds` are those that were used, by default those the settings ask for; `seconds` what took how
    long; `varied` the setting and the values of a sweep. To be called last: the hashes cover every
    file that is in `folder` by then.
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
        "seeds": list(seeds_of(config) if seeds is None else seeds),
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "source_sha256": source_sha256(),
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
        "seconds": {run.sector: run.seconds for run in results} if seconds is None else seconds,
    }
    write_json(folder / "manifest.json", manifest | ({"varied": varied} if varied else {}))


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """Write `content` with its `schema_version`; numbers that are not finite become null."""
    document = {"schema_version": SCHEMA_VERSION, **content}
    text = json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False)
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
        "table": row["table"],
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
        "settled": run.settled,
        "regionalisation": run.regionalisation,
        "local_output_by_method": run.local_output_by_method,
        "notes": run.notes,
    }


def _tidy(scenario: str, run: LinearResult) -> pl.DataFrame:
    """One row per value, all of a run's figures in the columns of the contract.

    `district` is the slug of the place, `rest_of_us`, `national`, `abroad` or `under_way`; `week`
    is empty where a value covers the whole horizon; `table` says whether a figure leaves out what
    households spend (type_i) or not (type_ii), and is empty where that is not the question.
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
                    "table": row["table"],
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
            "district": _district(run, row["region"]),
            "quantity": "leakage",
            "effect": row["leakage"],
            "value": float(row["value"]),
            "unit": USD_PER_USD,
        }


def _district(run: LinearResult, region: str) -> str:
    return run.place.slug if region == "local" else region


def write_table(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as CSV with their `schema_version`; columns in the order of their first use."""
    header = list(dict.fromkeys(key for row in rows for key in row))
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow([*header, "schema_version"])
        writer.writerows([*(row.get(key) for key in header), SCHEMA_VERSION] for row in rows)


def versions() -> dict[str, str]:
    """Return the versions of millworks and of the packages that figures and files depend on."""
    found = {"millworks": millworks.__version__}
    for name in (*PACKAGES, *PACKAGES_OF_SETTINGS):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def seeds_of(config: Any, pairs: int | None = None) -> list[int]:
    """Return the seeds that a study with these settings draws from.

    `pairs`: how many a study of pairs ran, where that was decided on the way.
    """
    if hasattr(config, "seed_of"):
        return [config.seed_of(pair) for pair in range(pairs or config.study.pairs)]
    return list(getattr(config, "seeds_used", (config.seed,)))


def source_sha256() -> str:
    """Return one hash of the rules: all Python files of both packages, the register, one's own.

    It tells two states of the source apart that carry the same version.
    """
    packages = [Path(millworks.__file__).parent]
    if found := importlib.util.find_spec("millworks_calibration"):
        packages += [Path(place) for place in found.submodule_search_locations or ()]
    files = [packages[0] / "parameters.csv"]
    for package in packages:
        files += package.rglob("*.py")
    listed = sorted((_within(packages, file), file) for file in files)
    listed += [(f.path.as_posix(), f.path) for group in GROUPS for f in own_files(group)]
    lines = [f"{name} {_sha256(file.read_bytes())}\n" for name, file in listed]
    return _sha256("".join(lines).encode())


def _within(packages: list[Path], file: Path) -> str:
    """Path of a file from the folder that holds its package."""
    home = next(package for package in packages if file.is_relative_to(package))
    return file.relative_to(home.parent).as_posix()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def plain(value: Any) -> Any:
    """Return plain data fit for JSON: numpy scalars become Python's, not-finite becomes None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str | bool) or value is None:
        return value
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
