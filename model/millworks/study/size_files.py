"""The folder of `millworks sizes`: every size, every step to the next, every reason of refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from millworks.study.many_arms import document_of, write_common
from millworks.study.run_files import effect_row
from millworks.study.run_results import Effect
from millworks.study.size_results import SizeCurve, SizesResult

COMMAND = "sizes"


def document(result: SizesResult) -> dict[str, Any]:
    """Return the content of summary.json, plain data, which `--json` prints."""
    effects = []
    for curve in result.curves:
        for one in curve.sizes:
            where = {"policy": curve.name, "size": one.size}
            shown = (one.value_added, one.jobs, one.cost, one.gained, one.per_dollar)
            effects += [effect_row(e) | where for e in (*shown, one.job_years_per_million)]
    found = {"curves": [_ending(curve) for curve in result.curves]}
    return document_of(COMMAND, result, effects, verdict(result), found)


def _ending(curve: SizeCurve) -> dict[str, Any]:
    return {
        "policy": curve.name,
        "cost_basis": curve.basis,
        "ending": curve.ending,
        "saturates_at": curve.saturates_at,
        "same_from": curve.same_from,
        "most_orders_refused_for": curve.binds,
        "reason_that_rose_most": curve.risen,
    }


def verdict(result: SizesResult) -> str:
    """Say in a few words what the study found."""
    ended = sum(curve.saturates_at is not None for curve in result.curves)
    return f"{ended} of {len(result.curves)} policies saturate within the sizes tried"


def size_rows(result: SizesResult) -> list[dict[str, Any]]:
    """Return a row per policy and size, as sizes.csv has them."""
    rows = []
    for curve in result.curves:
        for one in curve.sizes:
            row: dict[str, Any] = {
                "policy": curve.name,
                "size": one.size,
                "intensity": one.intensity,
                "cost_basis": curve.basis,
            }
            for key in ("value_added", "jobs", "gained", "cost", "per_dollar"):
                row |= _with_ends(key, getattr(one, key))
            row |= _with_ends("job_years_per_million", one.job_years_per_million)
            row |= _with_ends("users", one.users)
            rows.append(row | {"spent_per_size": one.spent, "pairs": one.cost.pairs})
    return rows


def step_rows(result: SizesResult) -> list[dict[str, Any]]:
    """Return a row per step from one size to the next, as steps.csv has them."""
    return [
        {"policy": curve.name, "from_size": step.low, "to_size": step.high}
        | _with_ends("gained", step.gained)
        | {"smallest_gain_that_would_be_found": step.gained.detectable}
        | _with_ends("cost", step.cost)
        | _with_ends("per_dollar", step.per_dollar)
        for curve in result.curves
        for step in curve.steps
    ]


def reason_rows(result: SizesResult) -> list[dict[str, Any]]:
    """Return a row per policy, size and reason of a refused order, as reasons.csv has them."""
    return [
        {"policy": curve.name, "size": one.size, "reason": reason.reason}
        | _with_ends("share_of_orders", reason.share)
        | _with_ends("change", reason.change)
        for curve in result.curves
        for one in curve.sizes
        for reason in one.reasons
    ]


def _with_ends(key: str, effect: Effect) -> dict[str, Any]:
    return {key: effect.mean, f"{key}_low": effect.low, f"{key}_high": effect.high}


def write(folder: Path, result: SizesResult) -> None:
    """Write summary.json, the tidy tables, sizes.csv, steps.csv, reasons.csv, assumptions.csv."""
    from millworks.study.run_record import write_table

    write_common(folder, result, document(result))
    write_table(folder / "sizes.csv", size_rows(result))
    write_table(folder / "steps.csv", step_rows(result))
    write_table(folder / "reasons.csv", reason_rows(result))
