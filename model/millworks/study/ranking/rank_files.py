"""The tables of `millworks rank`: summary, ranking, effects, what each size costs, results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millworks.study.effect_table import write_tidy
from millworks.study.ranking.results import RankEntry, RankResult
from millworks.study.run_files import effect_row, precision_row
from millworks.study.run_record import SCHEMA_VERSION, plain, write_json, write_table


def write(folder: Path, result: RankResult) -> None:
    """Write summary.json, results.*, assumptions.csv, and a table of each thing that is told."""
    write_json(folder / "summary.json", document(result))
    write_table(folder / "ranking.csv", list(ranking_rows(result)))
    write_table(folder / "effects.csv", list(effect_rows(result)))
    write_table(folder / "sizes.csv", list(size_rows(result)))
    write_table(folder / "precision.csv", list(precision_rows(result)))
    drivers = list(driver_rows(result))
    if drivers:
        write_table(folder / "parameters_that_matter.csv", drivers)
    write_tidy(folder, result.tidy)
    write_table(folder / "assumptions.csv", result.assumptions)


def document(result: RankResult) -> dict[str, Any]:
    """Return the content of summary.json, plain data, which `--json` prints."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "scenario": "rank",
        "district": result.place.slug,
        "budget_usd": result.budget,
        "levy_usd_a_year": result.levy,
        "headline": result.headline,
        "ranking": list(ranking_rows(result)),
        "effects": list(effect_rows(result)),
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
        "verdict": {entry.name: entry.verdict.text for entry in result.entries},
        "bands": {entry.name: entry.band for entry in result.entries if entry.band},
        "stopped": result.stopped,
        "run": {
            "place": result.place.name,
            "year": result.year,
            "seeds": result.seeds,
            "pairs": len(result.seeds),
            "weeks": result.weeks,
            "burn_in_weeks": result.burn_in,
            "confidence": result.confidence,
            "agents": result.counts,
            "scale": result.scale,
            "worst_residual": result.worst_residual,
            "notes": result.notes,
        },
    }
    return {key: plain(value) for key, value in content.items()}


def ranking_rows(result: RankResult) -> Iterator[dict[str, Any]]:
    """Yield one row per policy, in the order of the ranking; the interval is the corrected one."""
    for place, entry in enumerate(result.entries, start=1):
        verdict, cost = entry.verdict, entry.equal.find(entry.cost_basis)
        yield {
            "rank": None if entry.comparator else place,
            "policy": entry.name,
            "comparator": entry.comparator,
            "verdict": verdict.text,
            "quantity": result.headline,
            "unit": entry.equal.find(result.headline).unit,
            "mean": verdict.mean,
            "low": verdict.low,
            "high": verdict.high,
            "confidence": verdict.confidence,
            "p_holm": verdict.p,
            "median": entry.median,
            "largest_pair": entry.largest_pair,
            "detectable": verdict.detectable,
            "pairs": verdict.pairs,
            "intensity": entry.equal.intensity,
            "cost_basis": entry.cost_basis,
            "cost_usd": cost.mean,
            "cost_low": cost.low,
            "cost_high": cost.high,
            "saturated": entry.saturated,
            "lumpy": entry.lumpy,
            "unspent": entry.unspent,
            "probability_best": entry.best,
            "rank_low": entry.places[0] if entry.places else None,
            "rank_high": entry.places[1] if entry.places else None,
        }


def effect_rows(result: RankResult) -> Iterator[dict[str, Any]]:
    """Yield every effect of every policy at every size it was run at."""
    for entry in result.entries:
        for sized in entry.sized:
            head = {"policy": entry.name, "sizing": sized.sizing, "intensity": sized.intensity}
            for effect in sized.effects:
                yield {**head, **effect_row(effect)}
        for effect in entry.marginal:
            yield {"policy": entry.name, "sizing": "marginal", "intensity": None} | effect_row(
                effect
            )


def size_rows(result: RankResult) -> Iterator[dict[str, Any]]:
    """Yield what each policy cost at each size that was tried, in the order tried."""
    for entry in result.entries:
        for number, (intensity, cost) in enumerate(entry.tries, start=1):
            yield {
                "policy": entry.name,
                "try": number,
                "intensity": intensity,
                "cost_basis": entry.cost_basis,
                "cost_usd": cost,
                "chosen": intensity == entry.equal.intensity,
            }


def precision_rows(result: RankResult) -> Iterator[dict[str, Any]]:
    """Yield how many pairs an interval of 5 % takes, for every policy at equal cost and outcome."""
    for entry in result.entries:
        for effect in entry.equal.effects:
            row = precision_row(effect, result.confidence)
            if row is not None:
                yield {"policy": entry.name, **row}


def driver_rows(result: RankResult) -> Iterator[dict[str, Any]]:
    """Yield which parameters each policy's effect follows; nothing without draws."""
    for entry in result.entries:
        for driver in _drivers(entry):
            yield {"policy": entry.name, **driver}


def _drivers(entry: RankEntry) -> list[dict[str, Any]]:
    return list((entry.band or {}).get("drivers", ()))
