"""The page of a validation: verdict, chart, every fact with its definition and source."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from millworks.report import validation_words
from millworks.report.drawing import Chart
from millworks.report.page import rendered

if TYPE_CHECKING:
    from millworks_calibration.intervals import Interval
    from millworks_calibration.results import ClaimRow, Comparison, ValidationResult

Cells = tuple[str, ...]


def validation_page(
    result: ValidationResult, charts: Sequence[Chart], pictures: dict[str, str], run_id: str
) -> str | None:
    """Return the page as HTML, None where jinja2 is not installed."""
    facts = {
        "year": result.year,
        "place": result.place.name,
        "title": f"{validation_words.headline(result)}.",
        "setting": validation_words.setting(result),
        "not_fitted": validation_words.NOT_FITTED,
        "never_targets": validation_words.NEVER_TARGETS,
        "facts": [_fact(row) for row in result.comparisons],
        "finding": f"{validation_words.constrained_finding(result)}.",
        "explained": validation_words.CONSTRAINED_EXPLAINED,
        "gap": validation_words.gap_sentence(result),
        "drift": validation_words.drift_sentence(result),
        "shares": _shares(result),
        "terms": _terms(result),
        "claims": _claims(result),
        "health": _health(result),
        "residual": f"{result.worst_residual:.1e}",
        "notes": result.every_note,
        "seeds": ", ".join(str(seed) for seed in result.seeds),
    }
    return rendered("validation", charts, pictures, run_id, facts)


def _fact(row: Comparison) -> Cells:
    """One fact: id and use, name, band, model, verdict, and what it is with its source."""
    target = row.target
    numbered = not math.isnan(target.low)
    model = validation_words.with_interval(row.model, target.unit) if row.model else row.reason
    definition = f"{target.definition[:1].upper()}{target.definition[1:]}; of {target.denominator}."
    note = f" {target.note[:1].upper()}{target.note[1:]}." if target.note else ""
    year = f" ({target.year})" if target.year else ""
    return (
        f"{target.id}, {'to fit' if target.use == 'fit' else 'held out'}",
        target.name,
        validation_words.band(target) if numbered else "—",
        model,
        f"OUTSIDE: {validation_words.off(row)}" if row.inside is False else row.verdict,
        f"{definition}{note} Source: {target.source}{year}.",
    )


def _shares(result: ValidationResult) -> list[Cells]:
    """Constrained shares by size class: label, then one cell per class."""
    sizes = list(dict.fromkeys(key.size_class for key in result.constrained))
    found = {
        (key.measure, key.size_class): interval
        for key, interval in result.constrained.items()
        if not key.term
    }
    lines: list[Cells] = [("", *(f"{size} employees" if size != "all" else size for size in sizes))]
    for measure, meaning in validation_words.DEFINITIONS_SHORT.items():
        label = f"{measure}: {meaning}" if len(measure) == 2 else meaning
        lines.append((label, *(_cell(found.get((measure, size)), "share") for size in sizes)))
    lines.append(
        ("what they lack, added up", *(_cell(found.get(("gap", size)), "USD") for size in sizes))
    )
    return lines


def _terms(result: ValidationResult) -> list[Cells]:
    """What binds the best offer: term, part of the constrained, money out of reach."""
    found = {
        (key.measure, key.term): interval
        for key, interval in result.constrained.items()
        if key.size_class == "all" and key.term
    }
    names = dict.fromkeys(term for _, term in found)
    return [
        (
            term,
            _cell(found.get(("bound_by", term)), "share"),
            _cell(found.get(("gap", term)), "USD"),
        )
        for term in names
    ]


def _claims(result: ValidationResult) -> list[Cells]:
    return [
        (
            row.claim.claim,
            row.claim.said_by,
            row.claim.what_it_is,
            _beside(row),
            row.claim.note,
        )
        for row in result.claims
    ]


def _beside(row: ClaimRow) -> str:
    if row.model is None:
        return row.claim.beside
    figure = validation_words.with_interval(row.model, validation_words.unit_beside(row.claim))
    return f"{figure}, {row.claim.beside}"


def _health(result: ValidationResult) -> list[Cells]:
    verdicts = {True: "holds zero", False: "DOES NOT HOLD ZERO", None: ""}
    return [
        (row.meaning, _cell(row.model, row.unit, row.zero), row.unit, verdicts[row.sound])
        for row in result.health
    ]


def _cell(interval: Interval | None, unit: str, change: bool = False) -> str:
    return "—" if interval is None else validation_words.with_interval(interval, unit, change)
