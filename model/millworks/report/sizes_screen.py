"""A study of programme sizes on the screen: the effect per dollar of every policy and size."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from millworks.report import many_arms, size_words
from millworks.report.many_arms import Screen
from millworks.study.size_results import SizeCurve, SizesResult

NAME, COLUMN = 25, 8


def print_sizes(
    result: SizesResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print the study; `folder`: of the run, `seconds`: of the whole command."""
    screen = Screen(console)
    screen.head(result, size_words.headline(result))
    sizes = list(dict.fromkeys(one.size for curve in result.curves for one in curve.sizes))
    heads = [(f"size {size:g}", COLUMN + (size < 1)) for size in sorted(sizes)]
    screen.columns([("Value added per $ cost", NAME), *heads, ("no more gain", 13)], "bold")
    for curve in result.curves:
        cells = [(_figure(curve, float(head.split()[1])), width) for head, width in heads]
        end = "" if curve.saturates_at is None else f"beyond {curve.saturates_at:g}"
        told = any(one.per_dollar.covers_zero is False for one in curve.sizes)
        row = [(size_words.title_of(curve), NAME), *cells, (end, 13)]
        screen.columns(row, "" if told else "dim")
    screen.line("*: told from zero. Present values of the first week; own interval each.", "dim")
    screen.line("")
    for curve in result.curves:
        if curve.saturates_at is not None:
            screen.fold(f"{size_words.ending(curve)}.", most=3)
    screen.foot(result, folder, seconds)


def _figure(curve: SizeCurve, size: float) -> str:
    """Return the effect per dollar at a size, with a star where it is told from zero."""
    try:
        found = curve.at(size).per_dollar
    except KeyError:
        return ""
    if found.mean is None:
        return many_arms.NOT_GIVEN
    return f"{many_arms.level(found, short=True)}{'*' if found.covers_zero is False else ''}"
