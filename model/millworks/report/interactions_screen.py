"""The study of interactions on the screen: verdict, strongest pairs, groups, package, signs.

One page of 80 x 24, a failed check right under the verdict.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.text import Text

from millworks.report import interactions_words as say
from millworks.report import run_cautions, run_words
from millworks.report.words import shortened
from millworks.study.interactions_results import Interaction, InteractionsResult
from millworks.study.run_results import Effect, RunResult

WIDTH, HEIGHT = 80, 24
NAME, CHANGE, INTERVAL = 42, 10, 18
STRONGEST = 5
"""Pairs and terms of groups that are shown, by how surely they are told from zero."""

Styled = tuple[str, str]


def print_interactions(
    result: InteractionsResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print the study; `folder`: of the run, `seconds`: of the whole command."""
    # The sentences on checks read nothing but `checks` and `worst_residual`.
    checked = cast("RunResult", result)
    failed = run_cautions.failures(checked)
    lines = _folded(f"{say.headline(result)}.", "bold", 4)
    lines += _folded(f"{failed}.", "red bold", 2) if failed else []
    lines += _folded(f"{result.place.name}: {say.setting(result)}.", "dim", 2)
    tables = [*_table(result, "Two policies beside each other", strongest(result.pairs))]
    if result.interactions:
        tables += _table(result, "Groups beside each other", strongest(result.interactions, 2))
    ends = [*_package(result)]
    ends += _folded(f"{say.signs_finding(result)}.", "", 1)
    took = sum(result.seconds.values()) if seconds is None else seconds
    ends += _folded(
        f"{run_cautions.passed(checked)}; {took:.0f} s.", "red bold" if failed else "", 1
    )
    ends += [(run_cautions.NOT_CALIBRATED_SHORT, "dim")]
    if folder is not None:
        page = folder / "report.html"
        ends += [(f"Report: {page}" if page.is_file() else f"Results: {folder}", "bold")]
    room = HEIGHT - 1 - len(lines) - len(ends)
    for text, style in [*lines, *tables[: max(0, room)], *ends]:
        console.print(Text(text, style=style), soft_wrap=True)


def strongest(interactions: tuple[Interaction, ...], most: int = STRONGEST) -> list[Interaction]:
    """Return interactions that are told from zero, then those nearest to it, largest first."""

    def order(one: Interaction) -> tuple[float, float]:
        tested = one.headline
        p = 1.0 if tested.adjusted is None else tested.adjusted
        return p, -abs(tested.effect.mean or 0.0)

    moving = [one for one in interactions if one.headline.effect.mean]
    return sorted(moving, key=order)[:most]


def _table(result: InteractionsResult, title: str, shown: list[Interaction]) -> list[Styled]:
    if not shown:
        return []
    first = shown[0].headline.effect
    head = _columns(
        title, f"surplus{run_words.a_year(first).replace(' a year', '/y')}", "corrected"
    )
    return [
        (head, "bold"),
        *(_line(say.beside(result, one.members), one.headline.effect) for one in shown),
    ]


def _line(name: str, effect: Effect) -> Styled:
    on = run_words.effect_scale(effect, short=True)
    within = "—"
    if effect.low is not None and effect.high is not None:
        within = f"{on.bare(effect.low, sign=True)} to {on.bare(effect.high, sign=True)}"
    covers = " covers 0" if effect.covers_zero else ""
    line = _columns(name, run_words.moved(effect, short=True), within) + covers
    return line, "dim" if effect.covers_zero else ""


def _columns(name: str, change: str, within: str) -> str:
    return f"{shortened(name, NAME - 1):<{NAME}}{change:>{CHANGE}}{within:>{INTERVAL}}"


def _package(result: InteractionsResult) -> list[Styled]:
    if result.package is None:
        return _folded(result.no_package, "", 1) if result.no_package else []
    return _folded(f"{say.package_finding(result)}.", "", 4)


def _folded(text: str, style: str, most: int) -> list[Styled]:
    """Fold a text into at most so many lines; what is too long ends in an ellipsis."""
    folded = textwrap.wrap(text, WIDTH, break_on_hyphens=False) or [""]
    if len(folded) > most:
        rest = shortened(" ".join(folded[most - 1 :]), WIDTH)
        folded = [*folded[: most - 1], rest]
    return [(line, style) for line in folded]
