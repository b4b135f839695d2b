"""Runs beside each other: what they were told to do differently, and what came of it.

Where runs share seeds, the effects of a pair are compared pair by pair, so that luck they have in
common cancels; else their difference is left out. The interaction of two policies is what
both together do beyond the sum of what each does:

    I = Δ(A and B) - Δ(A) - Δ(B)

Everything is read from the folders of the runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from millworks.conf.levers import incompatible
from millworks.errors import InputError
from millworks.study.effects import Estimate, estimate
from millworks.study.quantities import HEADLINE, RUN_QUANTITIES
from millworks.study.run_study import shared_world
from millworks.study.verify import Record, read_record

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig

COMPARED = tuple(name for name in HEADLINE if name != "job_years_per_million")
"""Quantities whose effects are set beside each other."""
WORDS = ("title", "about", "papers", "report")
"""Settings that change no figure."""


@dataclass(frozen=True, eq=False)
class StoredRun:
    """A run as its folder has it: `effects[quantity]` maps each seed to the effect of its pair,
    `baseline[quantity]` is the mean of the baseline arms.
    """

    name: str
    folder: Path
    config: RunConfig
    effects: Mapping[str, Mapping[int, float]]
    baseline: Mapping[str, float]


def read_run(folder: Path) -> StoredRun:
    """Return the run in a folder.

    Raises InputError where it is the folder of another study, of another version, or damaged.
    """
    import polars as pl

    record: Record = read_record(folder)
    if record.command != "run":
        raise InputError(
            f"{folder}: it is the folder of millworks {record.command}; only runs of scenarios "
            "are compared."
        )
    file = folder / "results.parquet"
    try:
        table = pl.read_parquet(file)
        whole = table.filter(pl.col("week").is_null() & (pl.col("size_class") == "all"))
        arms = {
            arm: whole.filter(pl.col("arm") == arm).select("quantity", "pair", "value")
            for arm in ("baseline", "policy")
        }
    except (OSError, pl.exceptions.PolarsError):
        raise InputError(
            f"{file}: it cannot be read; the folder was changed after the run."
        ) from None
    both = arms["policy"].join(arms["baseline"], on=("quantity", "pair"), suffix="_before")
    effects: dict[str, dict[int, float]] = {}
    before: dict[str, list[float]] = {}
    for row in both.sort("pair").iter_rows(named=True):
        if row["value"] is not None and row["value_before"] is not None:
            change = row["value"] - row["value_before"]
            effects.setdefault(row["quantity"], {})[row["pair"]] = change
            before.setdefault(row["quantity"], []).append(row["value_before"])
    if not effects:
        raise InputError(f"{file}: it holds no pairs; the folder was changed after the run.")
    baseline = {quantity: float(np.mean(values)) for quantity, values in before.items()}
    config = cast("RunConfig", record.config)
    return StoredRun(record.scenario, folder, config, effects, baseline)


def settings_that_differ(runs: Sequence[StoredRun]) -> list[dict[str, Any]]:
    """Return one row per setting that is not the same in all runs: `key`, then a value per run.

    A setting that a run does not have (of a policy it does not use) is None there.
    """
    return settings_between([run.config for run in runs])


def settings_between(configs: Sequence[RunConfig]) -> list[dict[str, Any]]:
    """Return `settings_that_differ` of settings, whatever study they are of."""
    flat = [dict(_leaves(_told(config))) for config in configs]
    keys = dict.fromkeys(key for settings in flat for key in settings)
    return [
        {"key": key, "values": [settings.get(key) for settings in flat]}
        for key in keys
        if any(settings.get(key) != flat[0].get(key) for settings in flat)
    ]


def _told(config: RunConfig) -> dict[str, Any]:
    content = config.model_dump(mode="json")
    for key in WORDS:
        content.pop(key)
    return content


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def effects_beside(runs: Sequence[StoredRun]) -> list[dict[str, Any]]:
    """Return rows by quantity: the effect in each run, each run's difference to the first, and the
    interaction where there is one.

    Rows have the keys of `summary.json`; `scenario` says what is looked at: a label of the run, as
    B, or B - A. A difference of runs of other worlds, or without common seeds, is left out.
    """
    labels, union = labels_of(runs), find_union(runs)
    rows = []
    for quantity in COMPARED:
        if not all(quantity in run.effects for run in runs):
            continue
        for label, run in zip(labels, runs, strict=True):
            confidence = run.config.study.confidence
            own = estimate(np.array(list(run.effects[quantity].values())), confidence)
            rows.append(_row(f"{label}  {run.name}", quantity, own, run.baseline[quantity]))
        for label, run in zip(labels[1:], runs[1:], strict=True):
            found = combined((runs[0], run), (-1, 1), quantity)
            rows.append(_row(f"{label} - {labels[0]}", quantity, found))
        if union is not None:
            found = combined(union, (1, -1, -1), quantity)
            both, one, other = (labels[runs.index(run)] for run in union)
            rows.append(_row(f"{both} - {one} - {other}: interaction", quantity, found))
    return [row for row in rows if row["pairs"]]


def labels_of(runs: Sequence[object]) -> list[str]:
    """Return a letter for each run, a number behind the letters of the alphabet."""
    return [chr(ord("A") + place) if place < 26 else str(place + 1) for place in range(len(runs))]


def _row(
    scenario: str, quantity: str, found: Estimate | None, baseline: float | None = None
) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "quantity": quantity,
        "unit": RUN_QUANTITIES[quantity].unit,
        "mean": found.mean if found else None,
        "mcse": found.mcse if found else None,
        "low": found.low if found else None,
        "high": found.high if found else None,
        "pairs": found.pairs if found else 0,
        "baseline": baseline,
    }


def combined(runs: Sequence[StoredRun], signs: Sequence[int], quantity: str) -> Estimate | None:
    """Return the mean over common seeds of a signed sum of effects.

    None without common seeds, or where the worlds differ: then the same seed is not the same luck.
    """
    if any(_luck(run) != _luck(runs[0]) for run in runs[1:]):
        return None
    common = set.intersection(*(set(run.effects[quantity]) for run in runs))
    if not common:
        return None
    total = np.zeros(len(common))
    for run, sign in zip(runs, signs, strict=True):
        total += sign * np.array([run.effects[quantity][seed] for seed in sorted(common)])
    return estimate(total, runs[0].config.study.confidence)


def _luck(run: StoredRun) -> dict[str, object]:
    """What makes the same seed the same luck: the place, its makers, the world and the horizon."""
    world = shared_world(run.config)
    study = world["study"]
    assert isinstance(study, dict)
    weeks = {key: study[key] for key in ("weeks", "burn_in")}
    return {key: value for key, value in world.items() if key not in ("seed", "study")} | weeks


def find_union(runs: Sequence[StoredRun]) -> tuple[StoredRun, StoredRun, StoredRun] | None:
    """Return (A and B, A, B) among the runs, None unless there are just these three."""
    if len(runs) != 3:
        return None
    for both, one, other in ((runs[2], *runs[:2]), (runs[1], runs[0], runs[2]), tuple(runs)):
        mine, others = one.config.policies, other.config.policies
        apart = bool(mine) and bool(others) and not set(mine) & set(others)
        together = {**mine, **others} == dict(both.config.policies)
        if apart and together and same_but_policies((both, one, other)):
            return both, one, other
    return None


def same_but_policies(runs: Sequence[StoredRun]) -> bool:
    """Whether runs differ in nothing but their policies, so that an interaction means something."""
    told = [_told(run.config) for run in runs]
    for content in told:
        content.pop("policies")
        content["study"] = {**content["study"], "pairs": None, "precision": None}
    return all(content == told[0] for content in told)


def union_of(one: RunConfig, other: RunConfig) -> RunConfig:
    """Return the scenario with the policies of both.

    Raises InputError where a policy is in both, where two exclude each other, or where scenarios
    differ in more than their policies.
    """
    shared = sorted(set(one.policies) & set(other.policies))
    if shared:
        raise InputError(
            f"{one.title} and {other.title}: both have {shared[0]}; an interaction is that of "
            "different policies."
        )
    if not one.policies or not other.policies:
        raise InputError(
            f"{one.title} and {other.title}: one of them has no policy; there is no interaction."
        )
    told = [_told(config) | {"policies": None} for config in (one, other)]
    for key, value in told[0].items():
        if value != told[1][key]:
            raise InputError(
                f"{one.title} and {other.title}: they differ in {key}; an interaction is that of "
                "policies in one world."
            )
    content = one.model_dump() | {
        "title": f"{one.title} and {other.title}",
        "policies": {**one.policies, **other.policies},
        "papers": {**one.model_dump()["papers"], **other.model_dump()["papers"]},
    }
    both = type(one).model_validate(content)
    clash = incompatible(both.lever_settings())
    if clash:
        name, beside, reason = clash
        raise InputError(
            f"{both.title}: policies.{name} and policies.{beside} cannot be combined: {reason}; "
            "there is no interaction."
        )
    return both
