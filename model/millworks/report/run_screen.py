"""A scenario against its baseline on the screen: verdict, effects, cost, precision, health.

One page of 80 x 24, a failed check right under the verdict.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.text import Text

from millworks.report import effect_numbers, names, run_cautions, run_words, words
from millworks.report.run_around import around_lines
from millworks.study.run_results import Effect, RunResult

WIDTH, HEIGHT = 80, 24

NAME, LEVEL, SECOND, CHANGE, INTERVAL = 21, 9, 9, 10, 19
"""Width of the columns; what covers zero is said in the rest of the line."""

Styled = tuple[str, str]
"""A line and its style."""


def print_run(
    result: RunResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print a paired study; `folder`: of the run, `seconds`: of the whole command.

    At most 24 lines of 80 characters, but for a path, which is never cut.
    """
    tops = [*_lines(f"{run_words.verdict(result)}.", "bold", 3), *_remarks(result)]
    tops += _lines(run_words.setting_short(result), "dim", 1)
    # With a ring, who is short of money is left to the page: where it comes from goes first.
    tables = [*_effects(result), *(around_lines(result) or _constrained(result))]
    last = [*_health(result, seconds), (run_cautions.NOT_CALIBRATED_SHORT, "dim"), *_folder(folder)]
    # The prompt that follows needs a line too.
    room = HEIGHT - 1 - sum(map(len, (tops, tables, last)))
    ends = _cost(result, room)
    ends += _precision(result, room - len(ends))
    blank: list[Styled] = [("", "")]
    spare = room - len(ends)
    shown = [*tops, *(blank if spare > 0 else []), *tables, *(blank if spare > 1 else [])]
    for text, style in [*shown, *ends, *last]:
        console.print(Text(text, style=style), soft_wrap=True)


def _lines(text: str, style: str, most: int) -> list[Styled]:
    """Fold a text into at most so many lines; what is too long ends in an ellipsis."""
    folded = textwrap.wrap(text, WIDTH, break_on_hyphens=False) or [""]
    if len(folded) > most:
        rest = words.shortened(" ".join(folded[most - 1 :]), WIDTH)
        folded = [*folded[: most - 1], rest]
    return [(line, style) for line in folded]


def _remarks(result: RunResult) -> list[Styled]:
    """Say what must be known before any figure is read: failed checks, and that it is a placebo."""
    failed = run_cautions.failures(result)
    lines = _lines(f"{failed}.", "red bold", 2) if failed else []
    return lines + [(text, "yellow") for text in [run_cautions.placebo_short(result)] if text]


def _effects(result: RunResult) -> list[Styled]:
    rows = _found(result, run_words.HEADLINE)
    head = _row("Net local, a year", "baseline", "of it", "change", _interval_head(result), "")
    return [
        (head, "bold"),
        *(_effect(e, effect_numbers.relative(e.mean, e.baseline)) for e in rows),
    ]


def _constrained(result: RunResult) -> list[Styled]:
    rows = _found(result, run_words.CONSTRAINED)
    if not rows:
        return []
    arm = run_words.arm_name(result)
    head = _row("Lack money to grow", "baseline", arm, "change", _interval_head(result), "")
    return [
        (head, "bold"),
        *(_effect(one, _level(one, run_words.policy_level(one))) for one in rows),
    ]


def _effect(effect: Effect, second: str) -> Styled:
    """One line: name, baseline, percent of it or the other level, change, interval, remark."""
    name = names.run_label(effect.quantity)
    on = run_words.effect_scale(effect, short=True)
    change = run_words.moved(effect, short=True)
    within = "—"
    if effect.low is not None and effect.high is not None:
        within = f"{on.bare(effect.low, sign=True)} to {on.bare(effect.high, sign=True)}"
    remark = "covers zero" if effect.covers_zero else ""
    if run_words.exactly_nothing(effect):
        within, remark = "", "exactly 0"
    line = _row(name, _level(effect, effect.baseline), second, change, within, remark)
    return line, "dim" if effect.covers_zero else ""


def _level(effect: Effect, value: float | None) -> str:
    return "—" if value is None else run_words.level_scale(effect, short=True).shown(value)


def _row(name: str, level: str, second: str, change: str, within: str, remark: str) -> str:
    cells = f"{words.shortened(name, NAME):<{NAME}}{level:>{LEVEL}}{second:>{SECOND}}"
    return f"{cells}{change:>{CHANGE}}{within:>{INTERVAL}} {remark}".rstrip()


def _interval_head(result: RunResult) -> str:
    if len(result.seeds) < 2:
        return "no interval"
    return f"{run_words.confidence(result)} interval"


def _found(result: RunResult, quantities: Iterable[str]) -> list[Effect]:
    chosen = (run_words.found(result, quantity) for quantity in quantities)
    return [effect for effect in chosen if effect is not None]


def _cost(result: RunResult, room: int) -> list[Styled]:
    """Say the cost and what it brought; a sentence that has no room ends in an ellipsis."""
    lines: list[Styled] = []
    for text in (run_words.public_cost(result), run_words.job_years(result)):
        if text and len(lines) < room:
            lines += _lines(f"{text}.", "", min(2, room - len(lines)))
    return lines


def _precision(result: RunResult, room: int) -> list[Styled]:
    """Say what the pairs can tell: smallest effect found, gain of common draws, why they ended.

    As many of the three as have room.
    """
    effect = run_words.headline_effect(result)
    if effect is None or run_words.exactly_nothing(effect):
        return []
    if effect.covers_zero is None:
        return _lines("One pair has no interval: run at least 2, better 20.", "yellow", 1)[:room]
    # The verdict of an effect that covers zero has said the first of them.
    least = "" if effect.covers_zero else run_words.detectable(effect)
    parts = [part for part in (least, run_words.gain(effect), result.stopped) if part]
    for most in range(len(parts), 0, -1):
        lines = _lines(f"{words.upper_first('; '.join(parts[:most]))}.", "", 9)
        if len(lines) <= min(room, 2):
            return lines
    return []


def _health(result: RunResult, seconds: float | None) -> list[Styled]:
    took = sum(result.seconds.values()) if seconds is None else seconds
    bad = bool(run_cautions.failures(result))
    return _lines(f"{run_cautions.passed(result)}; {took:.0f} s.", "red bold" if bad else "", 1)


def _folder(folder: Path | None) -> list[Styled]:
    if folder is None:
        return []
    page = folder / "report.html"
    # Without the extras a run writes no page. A path that is cut cannot be copied.
    return [(f"Report: {page}" if page.is_file() else f"Results: {folder}", "bold")]
