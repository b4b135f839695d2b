"""Scenarios beside each other, a setting varied, and what precision takes: tables on the screen.

Rows are effects as `summary.json` has them (quantity, unit, mean, low, high, pairs, baseline), with
`scenario` where scenarios are compared, and with `setting` and `value` where one is varied.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from millworks.report import effect_numbers, names, run_cautions, run_words
from millworks.report.words import shortened
from millworks.study.run_results import Effect

WIDTH = 80

NAME, CHANGE, INTERVAL, PART = 30, 11, 20, 9

Row = Mapping[str, Any]


def effect_of(row: Row) -> Effect:
    """Return a row as an effect; KeyError where quantity, unit or mean is missing."""
    return Effect(
        quantity=str(row["quantity"]),
        effect=str(row.get("effect") or "level"),
        region=str(row.get("region") or "local"),
        size_class=str(row.get("size_class") or "all"),
        unit=str(row["unit"]),
        baseline=row.get("baseline"),
        mean=row["mean"],
        mcse=row.get("mcse"),
        low=row.get("low"),
        high=row.get("high"),
        pairs=int(row.get("pairs") or 1),
        detectable=row.get("detectable"),
        gain=row.get("gain"),
    )


def print_compare(rows: Sequence[Row], console: Console) -> None:
    """Print effects of scenarios beside each other, one block per quantity, in the order given."""
    _print_blocks(rows, console, lambda row: str(row["scenario"]))


def print_sweep(rows: Sequence[Row], console: Console) -> None:
    """Print effects over the values of one setting, one block per quantity."""
    _print_blocks(rows, console, lambda row: f"{short_setting(row)} {row['value']:g}")


def short_setting(row: Row) -> str:
    """Return the last part of a setting's key: 'intensity' of 'policies.placebo.intensity'."""
    return str(row["setting"]).rpartition(".")[2].replace("_", " ")


def print_precision(rows: Sequence[Row], console: Console) -> None:
    """Print what a ±5% interval takes, with common draws and with independent seeds.

    Rows as in `precision.csv`: quantity, gain, pairs_for_5_percent, seconds_for_5_percent and both
    with `_independent`.
    """
    heads = (("gain", 8), ("pairs", 9), ("seconds", 10), ("pairs", 11), ("seconds", 12))
    _say(console, f"{'For an interval of ±5%':<30}{'common draws':>27}{'independent':>23}", "bold")
    _say(console, f"{'':<30}{''.join(f'{name:>{width}}' for name, width in heads)}", "dim")
    for row in rows:
        cells = (
            _count(row.get("gain"), 1),
            _count(row.get("pairs_for_5_percent"), 0),
            _count(row.get("seconds_for_5_percent"), 0),
            _count(row.get("pairs_for_5_percent_independent"), 0),
            _count(row.get("seconds_for_5_percent_independent"), 0),
        )
        line = "".join(f"{cell:>{width}}" for cell, (_, width) in zip(cells, heads, strict=True))
        _say(console, f"{shortened(names.run_label(str(row['quantity'])), 29):<30}{line}")
    _say(console, "Gain: variance with independent seeds over that with common draws.", "dim")


def _print_blocks(rows: Sequence[Row], console: Console, name: Callable[[Row], str]) -> None:
    quantities = dict.fromkeys(str(row["quantity"]) for row in rows)
    for quantity in quantities:
        chosen = [row for row in rows if row["quantity"] == quantity]
        title = f"{names.run_label(quantity)}{run_words.a_year(effect_of(chosen[0]))}"
        _say(console, _columns(title, "change", "interval", "of it", ""), "bold")
        for row in chosen:
            effect = effect_of(row)
            _say(console, _effect_line(name(row), effect), "dim" if effect.covers_zero else "")
        console.print()
    if rows and all(effect_of(row).low is None for row in rows):
        _say(console, "One pair has no interval: any difference may be chance.", "yellow")
    _say(console, run_cautions.NOT_CALIBRATED_SHORT, "dim")


def _effect_line(name: str, effect: Effect) -> str:
    if effect.mean is None:
        return _columns(name, "—", "not given", "", "")
    if run_words.exactly_nothing(effect):
        return _columns(name, run_words.moved(effect, short=True), "", "0%", "exactly 0")
    on = run_words.effect_scale(effect, short=True)
    within = "—"
    if effect.low is not None and effect.high is not None:
        within = f"{on.bare(effect.low, sign=True)} to {on.bare(effect.high, sign=True)}"
    part = effect_numbers.relative(effect.mean, effect.baseline)
    covers = "covers 0" if effect.covers_zero else ""
    return _columns(name, run_words.moved(effect, short=True), within, part, covers)


def _columns(name: str, change: str, within: str, part: str, remark: str) -> str:
    cells = f"{shortened(name, NAME - 1):<{NAME}}{change:>{CHANGE}}{within:>{INTERVAL}}"
    return f"{cells}{part:>{PART}} {remark}".rstrip()


def _count(value: Any, decimals: int) -> str:
    if value is None or not math.isfinite(float(value)):
        return "—"
    return f"{float(value):,.{decimals}f}"


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style), soft_wrap=True)
