"""A study of binding constraints on the screen: refused orders by size, what limits are worth."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from millworks.report import constraint_words, many_arms, run_words
from millworks.report.many_arms import Screen
from millworks.report.rounding import percent
from millworks.report.words import upper_first
from millworks.study.constraint_results import ConstraintsResult
from millworks.study.quantities import SIZE_CLASSES

NAME, COLUMN = 16, 9


def print_constraints(
    result: ConstraintsResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print the study; `folder`: of the run, `seconds`: of the whole command."""
    screen = Screen(console)
    screen.head(result, constraint_words.headline(result))
    heads = [("all", COLUMN), *((_size(size), COLUMN) for size in SIZE_CLASSES)]
    screen.columns([("Orders refused", NAME), *heads], "bold")
    sizes = ("all", *SIZE_CLASSES)
    for code in (*constraint_words.ranked_reasons(result), "all"):
        cells = [(many_arms.share_text(result.share(code, size)), COLUMN) for size in sizes]
        name = "all reasons" if code == "all" else constraint_words.reason(code)
        screen.columns([(upper_first(name), NAME), *cells])
    screen.line("")
    head = f"{percent(result.part)} more of a limit"
    screen.columns(
        [(head, 22), ("value added/y", 14), ("interval", 20), ("refused for it", 18)], "bold"
    )
    for one in result.relaxed:
        row = [
            (upper_first(constraint_words.reason(one.reason)), 22),
            (run_words.moved(one.value_added, short=True), 14),
            (many_arms.bare_ends(one.value_added), 20),
            (run_words.moved(one.own_reason, short=True), 18),
        ]
        screen.columns(row, "" if one.told else "dim")
    screen.line("Grey: not told from zero. No policy: what makers aim at they pay for.", "dim")
    screen.foot(result, folder, seconds)


def _size(size: str) -> str:
    return "newborn" if size == "newcomers" else size
