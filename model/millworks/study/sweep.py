"""A scenario at several values of one setting: how its effect follows the setting.

All values share seeds, and where they share a world they share each seed's burn-in and baseline, so
that the line between them is smoother than each point's interval suggests.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millworks.errors import InputError
from millworks.study.pair_store import PairStore
from millworks.study.run_assembly import results_of
from millworks.study.run_files import effect_row
from millworks.study.run_record import (
    SCHEMA_VERSION,
    TIDY_COLUMNS,
    plain,
    run_name,
    write_json,
    write_manifest,
    write_table,
)
from millworks.study.run_study import Progress, run_scenarios, shared_world
from millworks.study.store import RunFolder, fingerprint
from millworks.study.workers import cores

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.study.run_results import RunResult
    from millworks.study.verify import Record

MOST_VALUES = 50


@dataclass(frozen=True)
class Range:
    """A setting and the values it takes: `key=low:high:step`, both ends included."""

    key: str
    values: tuple[int | float, ...]


def read_range(text: str) -> Range:
    """Return what `key=low:high:step` says; InputError in one sentence where it says nothing."""
    how = f"--vary {text}: write key=low:high:step, as policies.inventory_finance.intensity=0:2:0.5"
    key, equal, span = text.partition("=")
    parts = span.split(":")
    if not (key.strip() and equal and len(parts) == 3):
        raise InputError(f"{how}.")
    try:
        low, high, step = (_number(part) for part in parts)
    except ValueError:
        raise InputError(f"{how}; {span} is not three numbers.") from None
    if not all(map(math.isfinite, (low, high, step))) or step <= 0 or high <= low:
        raise InputError(f"--vary {text}: low must be below high, and step above zero.")
    count = math.floor((high - low) / step + 1e-9) + 1
    if count > MOST_VALUES:
        raise InputError(f"--vary {text}: these are {count} values; at most {MOST_VALUES} are run.")
    # What rounding leaves of 0.1 + 0.2 is no setting anybody means.
    return Range(key.strip(), tuple(_tidy(low + place * step) for place in range(count)))


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def _tidy(value: int | float) -> int | float:
    return value if isinstance(value, int) else float(f"{value:.12g}")


@dataclass(frozen=True)
class Sweep:
    """A scenario at the values of a setting: `configs` stand in the order of `varied.values`."""

    scenario: str
    varied: Range
    configs: tuple[RunConfig, ...]

    @property
    def run_id(self) -> str:
        """Name of its folder: the same settings and values have the same name."""
        names = [run_name("sweep", config, self.scenario) for config in self.configs]
        return f"sweep-{self.scenario}-{fingerprint({'key': self.varied.key, 'runs': names})}"


def run_sweep(sweep: Sweep, out: Path, jobs: int, progress: Progress) -> tuple[Path, list[Any]]:
    """Run a sweep, leave its folder in `out`; return it and the results in order of the values.

    Finished pairs are kept until the folder stands. Raises as `run_into_folders` does.
    """
    groups = _groups(sweep.configs)
    stores = [PairStore(out, f"{sweep.run_id}-{place}") for place in range(len(groups))]
    with RunFolder(out, sweep.run_id) as folder:
        ordered = _run_groups(sweep, groups, stores, jobs, progress)
        write_files(folder.path, sweep, ordered)
        write_manifest(
            folder.path,
            "sweep",
            sweep.scenario,
            sweep.configs[0],
            seeds=ordered[0].seeds,
            seconds={
                str(value): result.seconds
                for value, result in zip(sweep.varied.values, ordered, strict=True)
            },
            varied={"key": sweep.varied.key, "values": sweep.varied.values},
        )
    for store in stores:
        store.discard()
    return folder.final, ordered


def _run_groups(
    sweep: Sweep,
    groups: Sequence[Sequence[int]],
    stores: Sequence[PairStore],
    jobs: int,
    progress: Progress,
) -> list[RunResult]:
    """Run the values that share a world together, group after group; results by value."""
    results: dict[int, RunResult] = {}
    for group, store in zip(groups, stores, strict=True):
        with store:
            configs = [sweep.configs[place] for place in group]
            found = results_of(run_scenarios(configs, store, jobs, progress))
        results |= dict(zip(group, found, strict=True))
    return [results[place] for place in range(len(sweep.configs))]


def repeat_sweep(record: Record, folder: Path, progress: Progress) -> None:
    """Write the tables of `millworks sweep` again; InputError where the manifest lacks its values.

    The configuration recorded is that of the first value, with every setting explicit.
    """
    from millworks.conf.schema import RunConfig

    config, varied = record.config, record.varied
    assert isinstance(config, RunConfig)
    if not (isinstance(varied.get("key"), str) and varied.get("values")):
        raise InputError(f"{record.folder}: its manifest does not say what was varied.")
    chosen = Range(varied["key"], tuple(varied["values"]))
    configs = tuple(_with_value(config, chosen.key, value) for value in chosen.values)
    sweep, groups = Sweep(record.scenario, chosen, configs), _groups(configs)
    with tempfile.TemporaryDirectory(prefix="millworks-verify-") as temporary:
        stores = [PairStore(Path(temporary), str(place)) for place in range(len(groups))]
        write_files(folder, sweep, _run_groups(sweep, groups, stores, cores(), progress))


def _with_value(config: RunConfig, key: str, value: int | float) -> RunConfig:
    """The configuration with another value of a setting, by dotted key."""
    content = config.model_dump()
    part: dict[str, Any] = content
    *path, last = key.split(".")
    for step in path:
        part = part[step]
    part[last] = value
    return type(config).model_validate(content)


def _groups(configs: Sequence[RunConfig]) -> list[list[int]]:
    """Places of the configurations that share a world, group by group."""
    groups: list[list[int]] = []
    for place, config in enumerate(configs):
        for group in groups:
            if shared_world(configs[group[0]]) == shared_world(config):
                group.append(place)
                break
        else:
            groups.append([place])
    return groups


def write_files(folder: Path, sweep: Sweep, results: Sequence[RunResult]) -> None:
    """Write summary.json, sweep.csv (a row per value and effect), results.* and assumptions.csv."""
    import polars as pl

    rows = sweep_rows(sweep, results)
    write_json(folder / "summary.json", document(sweep, results))
    write_table(folder / "sweep.csv", rows)
    frames = []
    for value, result in zip(sweep.varied.values, results, strict=True):
        label = pl.lit(f"{sweep.scenario} {sweep.varied.key}={value}").alias("scenario")
        frames.append(result.tidy.with_columns(label))
    tidy = pl.concat(frames).with_columns(
        pl.lit(None, dtype=pl.String).alias("table"),
        pl.lit(SCHEMA_VERSION, dtype=pl.Int64).alias("schema_version"),
    )
    tidy = tidy.select(TIDY_COLUMNS)
    tidy.write_csv(folder / "results.csv")
    tidy.write_parquet(folder / "results.parquet", metadata={"schema_version": str(SCHEMA_VERSION)})
    write_table(folder / "assumptions.csv", results[0].assumptions)


def sweep_rows(sweep: Sweep, results: Sequence[RunResult]) -> list[dict[str, Any]]:
    """Return one row per value and effect of the whole place."""
    return [
        {"setting": sweep.varied.key, "value": value, **effect_row(effect)}
        for value, result in zip(sweep.varied.values, results, strict=True)
        for effect in result.effects
        if effect.size_class == "all"
    ]


def document(sweep: Sweep, results: Sequence[RunResult]) -> dict[str, Any]:
    """Return the content of summary.json, plain data, which `--json` prints."""
    content = {
        "scenario": sweep.scenario,
        "district": results[0].place.slug,
        "varied": {"key": sweep.varied.key, "values": sweep.varied.values},
        "effects": sweep_rows(sweep, results),
        "checks": [
            {
                "id": check.id,
                "passed": check.passed,
                "value": check.value,
                "tolerance": check.tolerance,
                "meaning": f"{check.meaning} ({sweep.varied.key}={value})",
            }
            for value, result in zip(sweep.varied.values, results, strict=True)
            for check in result.checks
        ],
        "verdict": None,
        "stopped": [result.stopped for result in results],
    }
    return {"schema_version": SCHEMA_VERSION} | {key: plain(part) for key, part in content.items()}
