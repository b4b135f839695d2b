"""What every two policies do together beyond the sum of each: a lower triangle of cells.

The name at the end of a row is that of the row and, standing on top of it, of the column below. A
cell is coloured only where its corrected interval excludes zero; all others are hatched.
"""

from __future__ import annotations

import math

import polars as pl

from millworks.report import effect_numbers, run_words
from millworks.report import interactions_words as say
from millworks.report.drawing import Axis, Box, Chart, Drawing, Label, Line, Mark, Panel
from millworks.report.effect_numbers import Scale
from millworks.report.style import (
    INK,
    MUTED,
    PAPER,
    REGION_COLOURS,
    RULE,
    SEQUENTIAL,
    Footer,
    Frame,
    mix,
    text_on,
)
from millworks.study.interactions_results import Interaction, InteractionsResult

SLUG = "synergy-of-pairs"

MORE, LESS, QUIET = SEQUENTIAL[4], REGION_COLOURS["abroad"], "#f3f5f7"
"""Colour of two that do more together than apart, of less, and of what is not told from zero."""
FAINTEST = 0.3
"""Share of its full colour that the smallest interaction told from zero has."""
_MANY = ((1e-12, "trillions"), (1e-9, "billions"), (1e-6, "millions"), (1e-3, "thousands"))
_PHONE_TEXT = 9
GAP, HATCH = 1.5, 7.0
"""Pixels around a cell, and between the lines of its hatch."""


def synergy_map(result: InteractionsResult, footer: Footer) -> Chart | None:
    """Return the chart; None where no two policies were run together."""
    if not result.pairs:
        return None
    return Chart(
        slug=SLUG,
        title=say.headline(result),
        subtitle=(
            f"Effect of both less the sum of each alone, {_unit(result)}, mean over "
            f"{len(result.seeds)} pairs of runs. Blue: more together than apart; orange: less. "
            f"Hatched: the corrected {say.confidence(result)} interval covers zero, so the number "
            f"may be luck. {_apart(result)}A row is named at its end, a column on top."
        ),
        alt=" ".join(f"{say.interaction_sentence(result, pair)}." for pair in result.pairs),
        numbers=_numbers(result),
        layout=lambda frame: _layout(frame, result),
        footer=footer,
        heading="What every two policies do together beyond the sum of each",
    )


def value_scale(result: InteractionsResult, *, narrow: bool = False) -> Scale:
    """Return the scale on which all cells are written."""
    effects = [pair.headline.effect for pair in result.pairs]
    means = [effect.mean for effect in effects]
    digits = 2 if narrow else 3
    return effect_numbers.scale(effects[0].unit, means, change=True, short=True, digits=digits)


def _unit(result: InteractionsResult) -> str:
    """Return in what cells are counted: 'in millions of US dollars a year'."""
    first, factor = result.pairs[0].headline.effect, value_scale(result).factor
    many = next((word for size, word in _MANY if factor <= size), "")
    if not effect_numbers.is_money(first.unit):
        return f"in {f'{many} of ' if many else ''}{first.unit}"
    money = f"{many} of US dollars" if many else "US dollars"
    return f"in {money}{run_words.a_year(first)}"


def _apart(result: InteractionsResult) -> str:
    return "Apart: two that exclude each other. " if result.apart else ""


def _numbers(result: InteractionsResult) -> pl.DataFrame:
    rows = [
        {
            "first": pair.members[0],
            "second": pair.members[1],
            "quantity": found.effect.quantity,
            "unit": found.effect.unit,
            "mean": found.effect.mean,
            "low": found.effect.low,
            "high": found.effect.high,
            "p_holm": found.adjusted,
            "told": found.told,
            "pairs": found.effect.pairs,
        }
        for pair in result.pairs
        for found in pair.figures[:1]
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _layout(frame: Frame, result: InteractionsResult) -> Drawing:
    on = value_scale(result, narrow=frame.narrow)
    policies = [single.name for single in result.singles]
    room = frame.width - 2 * frame.side
    text = frame.small if frame.narrow else frame.text
    longest = max(len(say.short_name(result, name)) for name in policies)
    label_room = longest * text * 0.53 + 12.0
    cell = min(96.0, (room - label_room) / max(1, len(policies) - 1))
    pitch = 26.0 if frame.narrow else 36.0
    height = pitch * len(policies)
    marks: list[Mark] = []
    labels: list[Label] = []
    largest = max((abs(p.headline.effect.mean or 0.0) for p in result.pairs), default=0.0)
    for row, name in enumerate(policies):
        bottom = height - (row + 1) * pitch
        labels.append(
            Label(
                say.short_name(result, name), row * cell, bottom + pitch / 2, text, dx=6,
                bold=not frame.narrow,
            )
        )  # fmt: skip
        for column, other in enumerate(policies[:row]):
            found = result.pair(name, other)
            box = (
                column * cell + GAP, (column + 1) * cell - GAP, bottom + GAP, bottom + pitch - GAP
            )  # fmt: skip
            drawn, label = _cell(frame, found, box, largest, on)
            marks += drawn
            labels.append(label)
    panel = Panel(
        left=frame.side,
        top=4.0,
        width=room,
        height=height,
        x=Axis(0.0, room),
        y=Axis(0.0, height),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )
    legend, under = _legend(frame, room, height)
    return Drawing(frame.width, height + 8.0 + under, [panel, legend])


def _cell(
    frame: Frame,
    found: Interaction | None,
    box: tuple[float, float, float, float],
    largest: float,
    on: Scale,
) -> tuple[list[Mark], Label]:
    """One cell: its marks and its value, on a phone without a plus."""
    left, right, bottom, top = box
    x, y = (left + right) / 2, (bottom + top) / 2
    size = _PHONE_TEXT if frame.narrow else frame.small

    def value(text: str, colour: str, *, bold: bool = False) -> Label:
        return Label(text, x, y, size, side="center", colour=colour, bold=bold)

    if found is None:
        blank: list[Mark] = [Box(left, right, bottom, top, PAPER)]
        return blank, value("×" if frame.narrow else "apart", MUTED)
    mean, told = found.headline.effect.mean, found.headline.told
    if mean is None:
        return [Box(left, right, bottom, top, QUIET)], value("—", MUTED)
    text = on.bare(mean, sign=not frame.narrow)
    if told == 0:
        marks: list[Mark] = [Box(left, right, bottom, top, QUIET), hatch(left, right, bottom, top)]
        return marks, value(text, MUTED)
    share = FAINTEST + (1.0 - FAINTEST) * abs(mean) / largest if largest else FAINTEST
    colour = mix(PAPER, MORE if told > 0 else LESS, share)
    full: list[Mark] = [Box(left, right, bottom, top, colour)]
    return full, value(text, text_on(colour), bold=not frame.narrow)


def hatch(left: float, right: float, bottom: float, top: float) -> Line:
    """Return lines at 45 degrees that fill a rectangle."""
    xs: list[float] = []
    ys: list[float] = []
    width, height = right - left, top - bottom
    offset = HATCH - height
    while offset < width:
        start, end = max(0.0, offset), min(width, offset + height)
        xs += [left + start, left + end, math.nan]
        ys += [bottom + start - offset, bottom + end - offset, math.nan]
        offset += HATCH
    return Line(xs, ys, RULE, 0.6)


def _legend(frame: Frame, room: float, height: float) -> tuple[Panel, float]:
    """Return what the colours mean, in the empty corner or below, and the room it takes below."""
    entries = (
        (MORE, "more together than apart"),
        (LESS, "less together than apart"),
        (QUIET, "not told from zero"),
    )
    marks: list[Mark] = []
    labels: list[Label] = []
    pitch, side = frame.small * 1.9, frame.small * 1.2
    tall = pitch * len(entries)
    for row, (colour, meaning) in enumerate(entries):
        bottom = tall - (row + 1) * pitch
        marks.append(Box(0.0, side, bottom, bottom + side, colour))
        if colour == QUIET:
            marks.append(hatch(0.0, side, bottom, bottom + side))
        labels.append(Label(meaning, side, bottom + side / 2, frame.small, dx=8, colour=INK))
    width = 220.0
    below = frame.narrow
    panel = Panel(
        left=frame.side if below else frame.side + room - width,
        top=height + 14.0 if below else 8.0,
        width=width,
        height=tall,
        x=Axis(0.0, width),
        y=Axis(0.0, tall),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )
    return panel, tall + 12.0 if below else 0.0
