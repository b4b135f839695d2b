"""The multiplier with frictions on the screen: one page of 80 x 24."""

from __future__ import annotations

import textwrap
from pathlib import Path

from rich.console import Console
from rich.text import Text

from millworks.report import friction_words as say
from millworks.report.words import shortened
from millworks.study.friction_closures import EFFECTS
from millworks.study.friction_results import FrictionResult

WIDTH = 80
NAME = 21

ROWS = (
    ("output, here", "output", "local"),
    ("output, US net", "output", "national"),
    ("value added, here", "value_added", "local"),
    ("pay, here", "labour_income", "local"),
    ("job-years/$1M, here", "jobs", "local"),
    ("job-years/$1M, US net", "jobs", "national"),
)


def print_friction(
    result: FrictionResult, folder: Path | None, console: Console, seconds: float
) -> None:
    """Print a multiplier with frictions within 80 x 24; `seconds`: of the whole command."""
    headline, failed = f"{say.headline(result)}.", say.failures(result)
    _say(console, headline, "bold", 3)
    crowded = bool(failed) or len(textwrap.wrap(headline, WIDTH)) > 2
    if failed:
        _say(console, f"{failed}.", "red bold", 2)
    _table(console, result)
    if result.mode == "spent":
        _say(console, f"{say.delivered(result)}.", "", 2)
    else:
        _say(console, f"{say.saturation(result)}.", "", 2)
    _say(console, f"{say.levied(result)}.")
    if not failed:
        _say(console, f"{say.curve(result)}.")
    if not crowded:
        _say(console, f"{say.sizes(result)}.")
    if result.bridge is not None:
        _say(console, f"{say.bridge(result)}.", "", 3)
    _say(console, say.comparison(result), "dim", 3)
    _say(console, f"{say.setting(result)}; {seconds:.0f} s.", "dim", 2)
    _say(console, say.NOT_CALIBRATED, "dim")
    if folder is not None:
        page = folder / "report.html"
        name, path = ("Report", page) if page.is_file() else ("Results", folder)
        console.print(Text(f"{name}: {path}", style="bold"), soft_wrap=True)


def _table(console: Console, result: FrictionResult) -> None:
    """Effects in columns, quantities in rows; Leontief beside the total where he has a figure."""
    heads = "".join(f"{effect:>9}" for effect in EFFECTS)
    last = "  Leontief" if result.leontief else ""
    head = f"{f'per $1 {result.mode}':<{NAME}}{heads}{'total':>7}{last}"
    console.print(Text(head, style="bold"), soft_wrap=True)
    for label, quantity, region in ROWS:
        digits = 1 if quantity == "jobs" else 2
        cells = "".join(
            f"{_number(result.find(quantity, region, effect).mean, digits):>9}"
            for effect in EFFECTS
        )
        total = _number(result.find(quantity, region).mean, digits)
        known = ""
        if result.leontief:
            known = f"{_number(result.leontief[region, quantity], digits):>10}"
        console.print(Text(f"{label:<{NAME}}{cells}{total:>7}{known}"), soft_wrap=True)


def _number(value: float | None, digits: int) -> str:
    return "—" if value is None else f"{value:.{digits}f}"


def _say(console: Console, text: str, style: str = "", lines: int = 1) -> None:
    """Print a text on at most so many lines of 80 characters, cut at a word."""
    folded = textwrap.wrap(text, WIDTH, break_on_hyphens=False)
    if len(folded) > lines:
        rest = " ".join(folded[lines - 1 :])
        folded = [*folded[: lines - 1], shortened(rest, WIDTH)]
    for line in folded:
        console.print(Text(line, style=style), soft_wrap=True)
