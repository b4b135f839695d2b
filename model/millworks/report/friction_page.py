"""The page of the multiplier with frictions: finding first, then what it may be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from millworks.report import friction_words as say
from millworks.report import names, rounding
from millworks.report.drawing import Chart
from millworks.report.page import rendered
from millworks.report.sources import source_rows
from millworks.report.words import JOBS_COVERAGE
from millworks.study.friction_closures import EFFECTS
from millworks.study.friction_measures import QUANTITIES
from millworks.study.friction_results import FrictionResult

REGIONS = {
    "local": "in the district",
    "national": "in the US, net",
    "displaced": "of it: sales that rivals elsewhere in the US lose (-) or win",
}


def friction_page(
    result: FrictionResult, charts: Sequence[Chart], pictures: dict[str, str], run_id: str
) -> str | None:
    """Return the page as HTML, None where jinja2 is not installed."""
    return rendered("friction", charts, pictures, run_id, _facts(result))


def _facts(result: FrictionResult) -> dict[str, Any]:
    """Return every number and sentence of the page outside the charts."""
    spent = result.mode == "spent"
    place = names.short_place(result.place.name)
    return {
        "title": f"{say.headline(result)}.",
        "short_title": f"$1 {result.mode} in {place}",
        "place": result.place.name,
        "year": result.year,
        "setting": f"{say.setting(result)}.",
        "failed": say.failures(result),
        "unknown": [say.NOT_CALIBRATED, say.comparison(result), say.NO_LIMITS_ELSEWHERE],
        "mode": result.mode,
        "effects": [(effect, say.EFFECT_MEANINGS[effect]) for effect in EFFECTS],
        "rows": _table(result),
        "notes": [
            JOBS_COVERAGE,
            say.PAY_INCLUDES,
            f"{say.delivered(result) if spent else say.saturation(result)}.",
            f"{say.levied(result)}.",
        ],
        "steps": _steps(result),
        "money_after_capacity": say.MONEY_AFTER_CAPACITY,
        "step_quantities": ["output, district", "output, US", "jobs, district"],
        "term_meanings": [(say.TERMS[term], text) for term, text in say.TERM_MEANINGS.items()],
        "bridge_pairs": result.bridge.pairs if result.bridge else 0,
        "checks": [
            (
                check.meaning or check.id,
                "passed" if check.passed else "FAILED",
                f"{check.value:.3g}",
                f"{check.tolerance:.3g}",
            )
            for check in result.checks
        ],
        "assumptions": [
            {key: _cell(value) for key, value in row.items()} for row in result.assumptions
        ],
        "place_notes": result.notes,
        "counts": [
            rounding.whole(count, kind.rstrip("s")) for kind, count in result.counts.items()
        ],
        "sources": source_rows(result.year),
        "seeds": f"{result.seeds[0]} to {result.seeds[-1]}",
    }


def _table(result: FrictionResult) -> list[dict[str, Any]]:
    """One row per quantity and region: effects, total with its interval, Leontief."""
    rows = []
    for quantity in QUANTITIES:
        digits = 1 if quantity == "jobs" else 2
        for region, where in REGIONS.items():
            total = result.find(quantity, region)
            known = (result.leontief or {}).get((region, quantity))
            rows.append(
                {
                    "name": names.QUANTITY_LABELS[quantity],
                    "where": where,
                    "cells": [
                        _bare(result.find(quantity, region, effect).mean, digits)
                        for effect in EFFECTS
                    ]
                    + [say.interval(total, digits), _bare(known, digits)],
                    "zero": total.covers_zero,
                }
            )
    return rows


def _steps(result: FrictionResult) -> list[tuple[str, list[str]]]:
    """Rows of the bridge: the step, its value and range for three figures."""
    if result.bridge is None:
        return []
    shown = (("output", "local", 2), ("output", "national", 2), ("jobs", "local", 1))
    columns = [result.bridge.of(quantity, region) for quantity, region, _ in shown]
    rows = []
    for place, step in enumerate(columns[0]):
        cells = []
        for column, (_, _, digits) in zip(columns, shown, strict=True):
            one = column[place]
            text = f"{one.value:.{digits}f}" if place == 0 else f"{one.value:+.{digits}f}"
            if one.low is not None and one.high is not None:
                text += f" ({one.low:+.{digits}f} to {one.high:+.{digits}f})"
            cells.append(text)
        rows.append((say.TERMS[step.term], cells))
    totals = [
        f"{result.bridge.total[quantity, region]:.{digits}f}" for quantity, region, digits in shown
    ]
    return [*rows, ("the full week", totals)]


def _bare(value: float | None, digits: int) -> str:
    return "—" if value is None else f"{value:.{digits}f}"


def _cell(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
