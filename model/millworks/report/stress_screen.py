"""A stress study on the screen: the finding, what shocks cost, and a mark for every combination."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from millworks.report import effect_numbers, many_arms, stress_words
from millworks.report.many_arms import Screen
from millworks.study.stress_results import NOTHING, StressResult, UnderShock

NAME, COLUMN = 24, 8


def print_stress(
    result: StressResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print the study; `folder`: of the run, `seconds`: of the whole command."""
    screen = Screen(console)
    screen.head(result, stress_words.headline(result))
    shocks = result.shocks
    heads = [(many_arms.shock_word(shock.name), COLUMN) for shock in shocks]
    screen.columns([("Resilience, USD", NAME), *heads], "bold")
    costs = [(many_arms.level(shock.loss, short=True), COLUMN) for shock in shocks]
    screen.columns([("the shock alone costs", NAME), *costs], "dim")
    for policy in result.policies:
        cells = [result.cell(policy.name, shock.name) for shock in shocks]
        row = [(_figure(cell), COLUMN) for cell in cells]
        told = any(cell.told for cell in cells)
        screen.columns([(stress_words.policy_title(policy), NAME), *row], "" if told else "dim")
    screen.line(
        "*: told from zero, corrected for the policies of a column; + softens the shock.", "dim"
    )
    screen.line("")
    screen.fold(stress_words.survival_line(result), most=3)
    screen.foot(result, folder, seconds)


def _figure(cell: UnderShock) -> str:
    """Return a resilience in two digits without its interval, with a star if told from zero."""
    effect = cell.resilience
    if cell.verdict == NOTHING:
        return "0"
    if effect.mean is None:
        return many_arms.NOT_GIVEN
    on = effect_numbers.scale(effect.unit, [effect.mean], change=True, short=True, digits=2)
    return f"{on.shown(effect.mean, sign=True)}{'*' if cell.told else ''}"
