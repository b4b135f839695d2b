"""The tables of `millworks additionality`: summary, terms, effects, cells, years, results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millworks.study.additionality.identity import NET, TERMS
from millworks.study.additionality.results import Additionality, AdditionalityResult
from millworks.study.many_arms import document_of, write_common
from millworks.study.run_files import effect_row
from millworks.study.run_record import write_table

COMMAND = "additionality"


def write(folder: Path, result: AdditionalityResult) -> None:
    """Write summary.json, the four tables of this study, and what all studies leave."""
    write_common(folder, result, document(result))
    write_table(folder / "terms.csv", list(term_rows(result)))
    write_table(folder / "effects.csv", list(effect_rows(result)))
    write_table(folder / "cells.csv", list(cell_rows(result)))
    write_table(folder / "years.csv", list(year_rows(result)))


def document(result: AdditionalityResult) -> dict[str, Any]:
    """Return the content of summary.json, plain data, which `--json` prints."""
    found = {
        "ring": result.ring,
        "policies": [
            {
                "policy": one.name,
                "comparator": one.comparator,
                "treated_firms": one.find("treated", quantity="firms").mean,
                "spillover_and_displacement_by_chance": one.by_chance,
                "residual": one.residual,
            }
            for one in result.policies
        ],
    }
    return document_of(COMMAND, result, effect_rows(result), verdict(result), found)


def verdict(result: AdditionalityResult) -> str:
    """Say in a few words what the study found."""
    told = [one for one in result.levers if one.find(NET).covers_zero is False]
    return f"the net local effect of {len(told)} of {len(result.levers)} policies is told from zero"


def effect_rows(result: AdditionalityResult) -> Iterator[dict[str, Any]]:
    """Yield every effect of every policy."""
    for one in result.policies:
        for effect in one.effects:
            yield {"policy": one.name, **effect_row(effect)}


def term_rows(result: AdditionalityResult) -> Iterator[dict[str, Any]]:
    """Yield the terms of each policy's net effect with the sign that they have in the sum."""
    for one in result.policies:
        for term, sign in (*TERMS.items(), (NET, 0)):
            effect = one.find(term)
            yield {
                "policy": one.name,
                "term": term,
                "sign_in_sum": sign,
                "unit": effect.unit,
                "mean": effect.mean,
                "mcse": effect.mcse,
                "low": effect.low,
                "high": effect.high,
                "pairs": effect.pairs,
                "by_chance": _by_chance(one, term),
            }


def _by_chance(one: Additionality, term: str) -> float | None:
    return one.by_chance if term in ("spillover", "displacement") else None


def cell_rows(result: AdditionalityResult) -> Iterator[dict[str, Any]]:
    """Yield every cell of every policy: place, holder, sector, size, treated or not."""
    for one in result.policies:
        for cell in one.cells:
            yield {
                "policy": one.name,
                "region": cell.region,
                "holder": cell.holder,
                "sector": cell.sector,
                "size_class": cell.size_class,
                "treated": cell.treated,
                "unit": cell.value.unit,
                "mean": cell.value.mean,
                "mcse": cell.value.mcse,
                "low": cell.value.low,
                "high": cell.value.high,
                "pairs": cell.value.pairs,
            }


def year_rows(result: AdditionalityResult) -> Iterator[dict[str, Any]]:
    """Yield the terms of each policy year by year."""
    for one in result.policies:
        for year, term, effect in one.years:
            yield {
                "policy": one.name,
                "year": year,
                "term": term,
                "unit": effect.unit,
                "mean": effect.mean,
                "low": effect.low,
                "high": effect.high,
            }
