"""What the tables of a ranking's page have in common: rows per policy, columns with one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from millworks.report.rank_numbers import cell, column_scale, told, unit_of
from millworks.study.ranking.results import RankEntry, RankResult
from millworks.study.run_results import Effect


def ranked(result: RankResult) -> list[RankEntry]:
    """Return policies, then comparators, in the order of the ranking."""
    return [*result.levers, *result.comparators]


def above(result: RankResult) -> Mapping[int, str]:
    """Return the headings above policies and comparators, where both are there."""
    if not result.levers or not result.comparators:
        return {}
    return {0: "Policies", len(result.levers): "Comparators: the same money without aim"}


def quiet(result: RankResult) -> frozenset[int]:
    """Return the rows of policies of which no effect can be told."""
    return frozenset(row for row, entry in enumerate(ranked(result)) if not told(entry))


def columns_of(
    columns: Sequence[tuple[str, Sequence[Effect | None]]],
) -> list[tuple[str, list[str]]]:
    """Return head and cells of each column that has a figure, its unit in the head."""
    made = []
    for head, effects in columns:
        if not any(effect is not None for effect in effects):
            continue
        on = column_scale(effects)
        unit = unit_of(effects, on)
        named = f"{head}\n{unit}" if unit and unit not in head.lower() else head
        made.append((named, [cell(effect, on) for effect in effects]))
    return made


def rows_of(
    heads: Sequence[tuple[str, Sequence[str]]], first: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table from the names of its rows and its columns."""
    cells = [column for _, column in heads]
    return tuple((name, *row) for name, *row in zip(first, *cells, strict=True))
