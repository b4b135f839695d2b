"""A study of programme sizes on the screen: the effect per dollar of every policy and size."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from millworks.report import many_arms, size_words
from millworks.report.many_arms import Screen
from millworks.study.size_results import SizeCurve, SizesResult

NAME, COLUMN = 24, 8


def print_sizes(
    result: SizesResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print the study; `folder`: of the run, `seconds`: of the whole command."""
    screen = Screen(console)
    screen.head(result, size_words.headline(result))
    sizes = sorted({one.size for curve in result.curves for one in curve.sizes})
    heads = [(f"x{size:g}", COLUMN) for size in sizes]
    screen.columns(
        [("Value added per $ cost", NAME), *heads, ("± at x1", COLUMN), ("until", COLUMN)], "bold"
    )
    for curve in result.curves:
        cells = [(_figure(curve, size), COLUMN) for size in sizes]
        end = "" if curve.saturates_at is None else f"x{curve.saturates_at:g}"
        told = any(one.per_dollar.covers_zero is False for one in curve.sizes)
        row = [(size_words.title_of(curve), NAME), *cells]
        row += [(size_words.usual_half(curve), COLUMN), (end, COLUMN)]
        screen.columns(row, "" if told else "dim")
    screen.line(
        "x1: default size. *: told from zero. ±: half its interval. until: no more gain.", "dim"
    )
    if any(one.per_dollar.mean is None for curve in result.curves for one in curve.sizes):
        screen.line(f"{many_arms.NOT_GIVEN}: what it costs is not clear of zero.", "dim")
    screen.line("")
    for curve in result.curves:
        if curve.saturates_at is not None:
            screen.fold(f"{size_words.ending_line(curve)}.", most=2)
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
