"""A stress study on the screen: the finding, what shocks cost, and a mark for every combination."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from rich.console import Console

from millworks.report import effect_numbers, many_arms, stress_words
from millworks.report.many_arms import Screen
from millworks.study.stress_results import ShockLoss, StressResult, UnderShock

NAME, COLUMN, WIDEST = 24, 8, 26


def print_stress(
    result: StressResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print the study; `folder`: of the run, `seconds`: of the whole command."""
    screen = Screen(console)
    screen.head(result, stress_words.headline(result))
    shocks = result.shocks
    wide = min(max((many_arms.WIDTH - NAME) // len(shocks), COLUMN), WIDEST)
    heads = [(head, wide) for head in _heads(shocks, wide)]
    screen.columns([("Resilience, USD", NAME), *heads], "bold")
    costs = [(many_arms.level(shock.loss, short=True), wide) for shock in shocks]
    screen.columns([("the shock alone costs", NAME), *costs], "dim")
    # Where there is room a figure has its interval beside it, else a column says how wide it is.
    room = all(len(_figure(cell, ends=True)) < wide for cell in result.cells)
    for policy in result.policies:
        cells = [result.cell(policy.name, shock.name) for shock in shocks]
        row = [(_figure(cell, ends=room), wide) for cell in cells]
        told = any(cell.told for cell in cells)
        screen.columns([(stress_words.policy_title(policy), NAME), *row], "" if told else "dim")
    if not room:
        halves = [(_half(result, shock.name), wide) for shock in shocks]
        screen.columns([(f"{many_arms.confidence(result)} interval, about", NAME), *halves], "dim")
    screen.line(
        "*: told from zero, corrected for the policies of a column; + softens the shock.", "dim"
    )
    screen.line("")
    screen.fold(stress_words.survival_line(result), most=3)
    screen.foot(result, folder, seconds)


def _heads(shocks: Sequence[ShockLoss], wide: int) -> list[str]:
    """Return the names of shocks where all of them fit, else a short word for each."""
    full = [many_arms.inside(shock.title, shock.name) for shock in shocks]
    if all(len(name) < wide for name in full):
        return full
    return [many_arms.shock_word(shock.name) for shock in shocks]


def _figure(cell: UnderShock, *, ends: bool) -> str:
    """Return a resilience, with a star if told from zero; with `ends` its interval too."""
    effect = cell.resilience
    star = "*" if cell.told else ""
    within = many_arms.bare_ends(effect) if effect.low or effect.high else ""
    if ends and within:
        return f"{many_arms.figure(effect, short=True)}{star} ({within})"
    return f"{many_arms.brief(effect)}{star}"


def _half(result: StressResult, shock: str) -> str:
    """Return half the width of the interval in the middle of a column; '' where there is none."""
    widths = [
        (cell.resilience.high - cell.resilience.low) / 2.0
        for cell in result.cells
        if cell.shock == shock
        and cell.resilience.low is not None
        and cell.resilience.high is not None
    ]
    if not any(widths):
        return ""
    middle, unit = median(widths), result.cells[0].resilience.unit
    return f"±{effect_numbers.scale(unit, [middle], short=True, digits=2).shown(middle)}"
