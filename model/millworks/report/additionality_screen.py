"""An additionality study on the screen: the net effect of each policy, and who has it."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from millworks.report import additionality_words, effect_numbers, many_arms, run_words
from millworks.report.charts.additionality import ordered
from millworks.report.many_arms import Screen, level, share_text
from millworks.study.additionality.identity import NET, TERMS
from millworks.study.additionality.results import Additionality, AdditionalityResult
from millworks.study.run_results import Effect

NAME, COLUMN = 22, 8
HEADS = {
    "treated": "part",
    "spillover": "gain",
    "displacement": "lose",
    "indirect": "supply",
    "induced": "spent",
    "dynamic": "entry",
}


def print_additionality(
    result: AdditionalityResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print the study; `folder`: of the run, `seconds`: of the whole command."""
    screen = Screen(console)
    screen.head(result, additionality_words.headline(result))
    heads = [("net", COLUMN), *((HEADS[term], COLUMN) for term in TERMS)]
    screen.columns([("Local, USD a year", NAME), *heads], "bold")
    for one in ordered(result):
        row = [(_figure(one.find(NET), told=True), COLUMN)]
        row += [(text, COLUMN) for text in _terms(one)]
        quiet = one.find(NET).covers_zero is not False
        screen.columns([(additionality_words.title_of(one), NAME), *row], "dim" if quiet else "")
    screen.fold(
        "*: the interval of the net effect leaves zero out. part: firms that take part; gain, "
        "lose: other firms; supply: orders to suppliers; spent: incomes; entry: births, closures, "
        "building.",
        "dim",
        3,
    )
    screen.line("")
    heads = [("firms", COLUMN), ("anyway", COLUMN), ("credit", COLUMN), ("leaks", COLUMN)]
    screen.columns([("Taking part", NAME), *heads, ("nation a year", 2 * COLUMN)], "bold")
    for one in ordered(result):
        screen.columns(_second(one))
    screen.line(
        "anyway: of projects; credit: private per $ of programme; leaks: of its money",
        "dim",
    )
    screen.foot(result, folder, seconds)


def _second(one: Additionality) -> list[tuple[str, int]]:
    nation = one.find(NET, region="national")
    firms = one.find("treated", quantity="firms").mean or 0.0
    return [
        (additionality_words.title_of(one), NAME),
        (f"{firms:,.0f}", COLUMN),
        (share_text(one.find("deadweight share", quantity="projects")), COLUMN),
        (level(one.find("substitution", quantity="finance"), short=True), COLUMN),
        (share_text(one.find("leakage", quantity="programme_money")), COLUMN),
        (_figure(nation, told=True), 2 * COLUMN),
    ]


def _terms(one: Additionality) -> list[str]:
    """Return the terms on one scale, without intervals, with the signs they have in the sum."""
    values = {term: one.find(term).mean for term in TERMS}
    on = effect_numbers.scale("USD", values.values(), short=True, digits=2)
    return [
        many_arms.NOT_GIVEN if value is None else on.shown(TERMS[term] * value, sign=True)
        for term, value in values.items()
    ]


def _figure(effect: Effect, *, told: bool) -> str:
    """Return a change without its interval, with a star where that leaves zero out."""
    if run_words.exactly_nothing(effect):
        return "0"
    star = "*" if told and effect.covers_zero is False else ""
    return f"{run_words.moved(effect, short=True)}{star}"
