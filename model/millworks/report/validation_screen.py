"""A validation on the screen, 80 characters wide: verdict and misses first, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from millworks.report import rounding, validation_words
from millworks.report.words import shortened

if TYPE_CHECKING:
    from millworks_calibration.results import ClaimRow, Comparison, ValidationResult

WIDTH = 80
IDS, FACTS, BANDS = 5, 32, 18
"""Width of the columns; the model's figure has the rest of the line."""


def print_validation(
    result: ValidationResult, folder: Path | None, console: Console, seconds: float
) -> None:
    """Print a validation; `folder`: of the run, `seconds`: of the whole command."""
    _say(console, f"{validation_words.headline(result)}.", "bold")
    _say(console, validation_words.setting(result), "dim")
    _comparisons(console, result.comparisons)
    _constrained(console, result)
    _claims(console, result)
    _health(console, result)
    for note in result.every_note:
        _say(console, note, "dim")
    _say(console, validation_words.NOT_FITTED, "dim")
    _say(
        console,
        f"Books balance to {result.worst_residual:.0e} of deposits; {seconds:.0f} s.",
        "dim" if result.worst_residual <= 1e-9 else "red bold",
    )
    if folder is not None:
        page = folder / "report.html"
        name, path = ("Report", page) if page.is_file() else ("Results", folder)
        console.print(Text(f"{name}: {path}", style="bold"), soft_wrap=True)


def _comparisons(console: Console, rows: Sequence[Comparison]) -> None:
    uses = (("fit", "to fit"), ("held-out", "held out"))
    parts = (
        ("Outside their bands", lambda row: row.inside is False),
        ("Only by a wide interval", lambda row: row.loose),
        ("Inside", lambda row: row.inside and not row.loose),
        ("Cannot be told: one world", lambda row: row.alone),
    )
    for title, belongs in parts:
        for use, words in uses:
            chosen = [row for row in rows if belongs(row) and row.target.use == use]
            if chosen:
                _heading(console, f"{title}, {words}", "data", "model")
                for row in chosen:
                    _comparison(console, row)
    absent = [row for row in rows if row.model is None]
    if absent:
        console.print()
        said: dict[str, list[str]] = {}
        for row in absent:
            said.setdefault(row.reason, []).append(row.target.id)
        text = "; ".join(f"{', '.join(ids)} ({reason})" for reason, ids in said.items())
        _say(console, f"Not yet available: {text}.")


def _comparison(console: Console, row: Comparison) -> None:
    target, model = row.target, row.model
    assert model is not None
    _row(
        console,
        target.id,
        target.name,
        validation_words.band(target),
        validation_words.with_interval(model, target.unit),
        "yellow" if row.inside is False else "",
    )


def _constrained(console: Console, result: ValidationResult) -> None:
    _heading(console, "Who lacks money to grow", "never fitted", "model")
    _say(console, validation_words.CONSTRAINED_EXPLAINED, "dim")
    shares = {
        key.measure: interval
        for key, interval in result.constrained.items()
        if key.size_class == "all" and not key.term
    }
    for measure, meaning in validation_words.DEFINITIONS_SHORT.items():
        if measure in shares:
            name = measure if measure.startswith("D") and len(measure) == 2 else ""
            text = validation_words.with_interval(shares[measure], "share")
            _row(console, name, meaning, "", text)
    _say(console, validation_words.gap_sentence(result))
    _say(console, validation_words.drift_sentence(result), "yellow")


def _claims(console: Console, result: ValidationResult) -> None:
    _heading(console, "Public claims, beside the model", "", "")
    for row in result.claims:
        claim = row.claim
        model = (
            f"Model: {_beside(row)}, {claim.beside}."
            if row.model
            else f"{claim.beside[:1].upper()}{claim.beside[1:]}."
        )
        origin = validation_words.claim_words(claim)
        _say(console, f"- {claim.claim} ({claim.said_by}). {model} {origin}", hanging=2)


def _beside(row: ClaimRow) -> str:
    assert row.model is not None
    return validation_words.with_interval(row.model, validation_words.unit_beside(row.claim))


def _health(console: Console, result: ValidationResult) -> None:
    _heading(console, "Health of the baseline", "should hold 0", "model")
    refused: list[tuple[float, str]] = []
    for row in result.health:
        if row.model is None:
            continue
        reason = row.name.removeprefix("refused_")
        if reason != row.name:
            refused.append((row.model.mean, reason.replace("_", " ")))
            continue
        verdict = {True: "yes", False: "NO", None: ""}[row.sound]
        text = validation_words.with_interval(row.model, row.unit, change=row.zero)
        label = validation_words.HEALTH_SHORT.get(row.name, row.meaning)
        _row(console, "", label, verdict, text, "yellow" if row.sound is False else "")
    parts = [
        f"{reason} {rounding.percent(part)}"
        for part, reason in sorted(refused, reverse=True)
        if part > 0.0
    ]
    _say(console, f"Refused, share of orders: {', '.join(parts) or 'none'}.")


def _heading(console: Console, title: str, middle: str, last: str) -> None:
    console.print()
    room = IDS + FACTS
    line = f"{title:<{room}}{middle:<{BANDS}}{last}"
    console.print(Text(line.rstrip(), style="bold"))


def _row(console: Console, name: str, fact: str, middle: str, last: str, style: str = "") -> None:
    cells = f"{name:<{IDS}}{shortened(fact, FACTS - 1):<{FACTS}}{middle:<{BANDS}}{last}"
    console.print(Text(cells.rstrip(), style=style), soft_wrap=True)


def _say(console: Console, text: str, style: str = "", hanging: int = 0) -> None:
    for line in _folded(text, hanging):
        console.print(Text(line, style=style), soft_wrap=True)


def _folded(text: str, hanging: int) -> Iterable[str]:
    import textwrap

    return textwrap.wrap(text, WIDTH, subsequent_indent=" " * hanging, break_on_hyphens=False)
