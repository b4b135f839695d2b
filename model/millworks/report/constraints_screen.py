"""A study of binding constraints on the screen: refused orders by size, what limits are worth."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from millworks.report import constraint_words, many_arms
from millworks.report.many_arms import Screen
from millworks.report.rounding import percent
from millworks.report.words import upper_first
from millworks.study.constraint_results import ConstraintsResult
from millworks.study.quantities import SIZE_CLASSES
from millworks.study.run_results import Effect

NAME, COLUMN, LAST = 15, 9, 11


def print_constraints(
    result: ConstraintsResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print the study; `folder`: of the run, `seconds`: of the whole command."""
    screen = Screen(console)
    screen.head(result, constraint_words.headline(result))
    sizes = ("all", *SIZE_CLASSES)
    heads = [(size, _width(size)) for size in sizes]
    screen.columns([("Orders refused", NAME), *heads], "bold")
    for code in (*constraint_words.ranked_reasons(result), "all"):
        shares = ((size, result.share(code, size)) for size in sizes)
        cells = [(many_arms.share_text(share), _width(size)) for size, share in shares]
        name = "all reasons" if code == "all" else constraint_words.reason(code)
        screen.columns([(upper_first(name), NAME), *cells])
    ends = [(_ends(result.share("all", size)), _width(size)) for size in sizes]
    screen.columns([(f"{many_arms.confidence(result)} interval", NAME), *ends], "dim")
    screen.line("")
    head = f"{percent(result.part)} more of a limit"
    screen.columns(
        [(head, 22), ("value added/y", 14), ("interval", 20), ("refused for it", 18)], "bold"
    )
    for one in result.relaxed:
        row = [
            (upper_first(constraint_words.reason(one.reason)), 22),
            (many_arms.figure(one.value_added, short=True), 14),
            (many_arms.bare_ends(one.value_added), 20),
            (many_arms.figure(one.own_reason, short=True), 18),
        ]
        screen.columns(row, "" if one.told else "dim")
    screen.line(
        f"Intervals corrected for {len(result.relaxed)} limits; grey: it holds zero, so untold.",
        "dim",
    )
    screen.line("No policy: nobody outside pays, and what makers aim at they pay for.", "dim")
    screen.foot(result, folder, seconds)


def _width(size: str) -> int:
    return LAST if size == SIZE_CLASSES[-1] else COLUMN


def _ends(share: Effect) -> str:
    """Return both ends of the interval of a share, in eight characters: '0.4-1.9%'."""
    if share.low is None or share.high is None:
        return ""
    if not share.high:
        return "0%"
    low, high = 100.0 * share.low, 100.0 * share.high
    digits = 0 if high >= 9.95 else 1 if high >= 0.95 else 2
    return f"{low:.{digits}f}-{high:.{digits}f}%"
