"""A ranking on the screen: one line per policy, comparators below, then what is not known.

Eighty characters; a wider screen shows the chance to be first and intervals of jobs per dollar too.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.text import Text

from millworks.report import names, rank_words, run_cautions, run_words, words
from millworks.report.effect_numbers import Scale
from millworks.report.rank_numbers import (
    NOTHING,
    column_scale,
    counted,
    figure,
    found,
    judged,
    per_million,
    short_title,
    told,
    unit_of,
    within,
)
from millworks.report.rank_precision import lone_pairs
from millworks.study.ranking.results import RankEntry, RankResult
from millworks.study.ranking.verdicts import Word
from millworks.study.run_results import Effect, RunResult

WIDTH, WIDEST = 80, 110

NARROWEST_NAME = 14
"""Characters to which names of policies may be cut where figures are long."""

UNSURE, SATURATED, ALL_PAYERS = "~", "*", "+"

Styled = tuple[str, str]
"""A line and its style."""


@dataclass(frozen=True)
class Column:
    """One column of the table; those with a `need` above 0 go first where room is short."""

    head: str
    cells: list[str]
    left: bool = False
    need: int = 0

    @property
    def width(self) -> int:
        """Characters of the widest cell."""
        return max(len(text) for text in (self.head, *self.cells))


def print_rank(
    result: RankResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print a ranking; `folder`: of the study, `seconds`: of the whole command.

    No line is longer than the console, nor than 110 characters, but for a path.
    """
    width = min(max(console.width, WIDTH), WIDEST)
    lines = [*_folded(f"{rank_words.headline(result)}.", "bold", width), *_failed(result, width)]
    lines += _folded(rank_words.setting_short(result), "dim", width)
    lines += [("", ""), *_table(result, width), ("", "")]
    lines += _legend(result, width)
    lines += _health(result, seconds, width)
    lines += _folded(rank_words.NOT_KNOWN_SHORT, "yellow", width)
    if folder is not None:
        page = folder / "report.html"
        # Without the extras a study writes no page. A path that is cut cannot be copied.
        lines.append((f"Report: {page}" if page.is_file() else f"Results: {folder}", "bold"))
    for text, style in lines:
        console.print(Text(text, style=style), soft_wrap=True)


def _folded(text: str, style: str, width: int) -> list[Styled]:
    return [(line, style) for line in textwrap.wrap(text, width, break_on_hyphens=False)]


def _failed(result: RankResult, width: int) -> list[Styled]:
    failed = [check for check in result.checks if not check.passed]
    if not failed:
        return []
    said = "; ".join(check.meaning or check.id.replace("_", " ") for check in failed)
    text = f"{len(failed)} of {len(result.checks)} CHECKS FAILED: {said}."
    return _folded(text, "red bold", width)


def _table(result: RankResult, width: int) -> list[Styled]:
    effects = [judged(result, entry) for entry in result.entries]
    columns = _fitting(_columns(result, effects), width)
    on = column_scale(effects)
    unit = unit_of(effects, on)
    costs = [counted(entry) for entry in result.entries]
    cost_unit = unit_of(costs, column_scale(costs, coarse=True))
    caption = (
        f"Change of local {names.run_phrase(result.headline)}{f' in {unit}' if on else ''}, each "
        f"policy alone; cost{f' in {cost_unit}' if cost_unit else ''}; job-years per $1M."
    )
    lines = _folded(caption, "dim", width)
    lines.append((_line(columns, None), "bold"))
    for number, entry in enumerate(result.entries):
        if entry.comparator and number == len(result.levers):
            indent = " " * (columns[0].width + 1)
            lines.append((f"{indent}Comparators: the same money without aim", "dim"))
        style = "" if told(entry) else "dim"
        lines.append((_line(columns, number), style))
    return lines


def _columns(result: RankResult, effects: list[Effect]) -> list[Column]:
    """Return every column, the optional ones with their need of room."""
    entries = result.entries
    on = column_scale(effects)
    jobs = [found(entry.equal, "jobs") for entry in entries]
    costs = [counted(entry) for entry in entries]
    per = [per_million(entry, entry.equal) for entry in entries]
    jobs_on, cost_on, per_on = (column_scale(one, coarse=True) for one in (jobs, costs, per))
    ranks = [
        "" if entry.comparator else rank_words.ranks(entry).replace(" to ", "-")
        for entry in entries
    ]
    first = ["" if entry.comparator else rank_words.first(entry) for entry in entries]
    return [
        Column("rank", ranks, left=True),
        Column("policy", [short_title(entry) for entry in entries], left=True),
        Column("verdict", [_verdict(result, entry) for entry in entries], left=True),
        Column("change", [figure(effect, on) for effect in effects]),
        Column("corrected", [_interval(effect, on) for effect in effects]),
        Column("jobs", [_unsure(effect, jobs_on) for effect in jobs], need=1),
        Column("cost", [_cost(*one, cost_on) for one in zip(entries, costs, strict=True)]),
        Column("per $1M", [_unsure(effect, per_on) for effect in per]),
        Column("interval", [within(effect, per_on, plus=False) for effect in per], need=3),
        Column("first", first, need=2),
    ]


def _fitting(columns: list[Column], width: int) -> list[Column]:
    """Leave out optional columns, then cut names, until a line fits."""
    while _length(columns) > width and any(one.need > 1 for one in columns):
        columns = [one for one in columns if one.need < max(other.need for other in columns)]
    spare = columns[1].width - (_length(columns) - width)
    if spare < columns[1].width:
        if spare < NARROWEST_NAME:
            columns = [one for one in columns if not one.need]
            spare = columns[1].width - max(0, _length(columns) - width)
        cut = [words.shortened(text, max(spare, NARROWEST_NAME)) for text in columns[1].cells]
        columns = [columns[0], replace(columns[1], cells=cut), *columns[2:]]
    return columns


def _length(columns: list[Column]) -> int:
    return sum(one.width + 1 for one in columns) - 1


def _line(columns: list[Column], row: int | None) -> str:
    """Return one line of the table; the heads where no row is named."""
    cells = [
        f"{text:<{one.width}}" if one.left else f"{text:>{one.width}}"
        for one in columns
        for text in [one.head if row is None else one.cells[row]]
    ]
    return " ".join(cells).rstrip()


def _interval(effect: Effect, on: Scale | None) -> str:
    text = within(effect, on, plus=False)
    return text.replace("exactly zero", "exactly 0") or "no interval"


def _verdict(result: RankResult, entry: RankEntry) -> str:
    if run_words.exactly_nothing(judged(result, entry)):
        return "nothing"
    return rank_words.SHORT_VERDICTS[entry.verdict.word]


def _unsure(effect: Effect | None, on: Scale | None) -> str:
    """Return a figure, marked where its interval covers zero or where it has none."""
    if effect is None:
        return NOTHING
    if run_words.exactly_nothing(effect):
        return "0"
    mark = "" if effect.covers_zero is False else UNSURE
    # Millions of jobs carry their letter: their column has no unit in its head.
    return f"{mark}{figure(effect, on)}{on.after if on else ''}"


def _cost(entry: RankEntry, cost: Effect | None, on: Scale | None) -> str:
    marks = SATURATED * entry.saturated + ALL_PAYERS * (entry.cost_basis == "resource_cost")
    return f"{figure(cost, on)}{marks}"


def _legend(result: RankResult, width: int) -> list[Styled]:
    """Say what marks mean, and beside what a policy works that does not alone."""
    said = [f"rank: between which ranks; {UNSURE} not told from zero"]
    if any(entry.verdict.word is Word.NO_EFFECT for entry in result.entries):
        said.insert(0, "none: no detectable effect")
    if any(entry.saturated for entry in result.entries):
        said.append(f"{SATURATED} cannot spend it all")
    if any(entry.cost_basis == "resource_cost" for entry in result.entries):
        said.append(f"{ALL_PAYERS} of all payers")
    lines = _folded(f"{'; '.join(said)}.", "dim", width)
    for entry in result.levers:
        if entry.verdict.word is Word.ONLY_WITH:
            text = f"{short_title(entry)} works only with {rank_words.partners(result, entry)}."
            lines += _folded(text, "", width)
    lone = lone_pairs(result)
    if lone:
        lines += _folded(lone, "yellow", width)
    placebo = rank_words.placebo_sentence(result)
    if "NOT" in placebo:
        lines += _folded(placebo, "yellow", width)
    return lines


def _health(result: RankResult, seconds: float | None, width: int) -> list[Styled]:
    took = result.seconds.get("pairs", 0.0) if seconds is None else seconds
    # The sentence reads nothing but checks and the worst residual.
    text = f"{run_cautions.passed(cast('RunResult', result))}; {took:.0f} s."
    return _folded(text, "", width)
