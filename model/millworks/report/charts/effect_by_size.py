"""The effect by size of firm: a dot and its interval for every class, one column per quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from millworks.report import effect_numbers, names, run_words
from millworks.report.drawing import (
    Axis,
    Chart,
    Dots,
    Drawing,
    Label,
    Line,
    Mark,
    Panel,
    steps_between,
)
from millworks.report.style import INK, MUTED, REGION_COLOURS, RULE, Footer, Frame
from millworks.study.run_results import Effect, RunResult

SLUG = "effect-by-size"

#: Quantities shown, in order of preference; as many as are given by size, at most three.
_SHOWN = ("value_added", "jobs", "constrained_any", "output", "refused", "constrained_now")

_SURE, _UNSURE = REGION_COLOURS["local"], REGION_COLOURS["national"]


@dataclass(frozen=True)
class _Column:
    quantity: str
    effects: list[Effect]


def effect_by_size(result: RunResult, footer: Footer) -> Chart | None:
    """Return the chart; None for a study without effects by size."""
    classes = size_classes(result)
    columns = []
    for quantity in _SHOWN:
        effects = [run_words.found(result, quantity, size) for size in classes]
        known = [effect for effect in effects if effect is not None and effect.mean is not None]
        if known:
            columns.append(_Column(quantity, known))
    if not columns:
        return None
    columns = columns[:3]
    return Chart(
        slug=SLUG,
        title=run_words.size_finding(result, columns[0].quantity, classes),
        subtitle=(
            f"{run_words.upper_arm(result)} less baseline. Dot: mean over "
            f"{len(result.seeds)} pairs of runs; bar: {run_words.confidence(result)} interval. "
            f"Grey: the interval covers zero. Classes are employees at the start; effects in "
            f"dollars and jobs of a large class are large because it is large."
            if len(result.seeds) > 1
            else "One pair of runs: no interval, so any of these may be chance."
        ),
        alt=" ".join(
            f"{names.plain(names.firms_of_size(effect.size_class))}: "
            f"{run_words.change_sentence(result, effect)}."
            for column in columns
            for effect in column.effects
        ),
        numbers=_numbers(result),
        layout=lambda frame: _layout(frame, columns, classes),
        footer=footer,
    )


def size_classes(result: RunResult) -> list[str]:
    """Return the size classes of a result, in its order."""
    found = dict.fromkeys(effect.size_class for effect in result.effects)
    return [size for size in found if size != "all"]


def _numbers(result: RunResult) -> pl.DataFrame:
    rows = [
        {
            "quantity": effect.quantity,
            "size_class": effect.size_class,
            "unit": effect.unit,
            "baseline": effect.baseline,
            "mean": effect.mean,
            "low": effect.low,
            "high": effect.high,
            "pairs": effect.pairs,
        }
        for effect in result.effects
        if effect.size_class != "all"
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _layout(frame: Frame, columns: Sequence[_Column], classes: Sequence[str]) -> Drawing:
    pitch = frame.text * 2.4
    head = frame.text * 3.2
    height = pitch * len(classes)
    room = frame.width - 2 * frame.side
    names_width = 84.0 if frame.narrow else 110.0
    panels, between = [], 30.0
    count = 1 if frame.narrow else len(columns)
    width = (room - names_width - between * (count - 1)) / count
    # Figures stand to the right of their dots, where they cover nothing.
    longest = max(len(_figure(effect)) for column in columns for effect in column.effects)
    figures = longest * frame.small * 0.5 + 10
    top = head
    texts = []
    for place, column in enumerate(columns):
        left = frame.side + names_width + (0 if frame.narrow else place * (width + between))
        plot = width - figures
        panels.append(_panel(frame, column, classes, left, top, plot, height, pitch))
        if frame.narrow or place == 0:
            texts += [
                Label(
                    names.size_label(size),
                    frame.side,
                    top + (row + 0.5) * pitch,
                    frame.text,
                )
                for row, size in enumerate(classes)
            ]
            texts.append(
                Label("employees", frame.side, top - 10, frame.small, height="bottom", colour=MUTED)
            )
        if frame.narrow:
            top += height + head + frame.text * 2.4
    bottom = top - (head if frame.narrow else -height) + frame.text * (0.0 if frame.narrow else 2.2)
    return Drawing(frame.width, bottom, panels, texts)


def _panel(
    frame: Frame,
    column: _Column,
    classes: Sequence[str],
    left: float,
    top: float,
    width: float,
    height: float,
    pitch: float,
) -> Panel:
    ends = [0.0]
    for effect in column.effects:
        ends += [end for end in (effect.mean, effect.low, effect.high) if end is not None]
    low, high = min(ends), max(ends)
    pad = 0.05 * (high - low) or 1.0
    low, high = low - pad, high + pad
    marks: list[Mark] = [Line([0.0, 0.0], [0.0, height], INK, 1.2)]
    labels = _head(frame, column, low, height)
    of_size = {effect.size_class: effect for effect in column.effects}
    for row, size in enumerate(classes):
        middle = height - (row + 0.5) * pitch
        if row:
            marks.append(Line([low, high], [height - row * pitch] * 2, RULE, 0.6))
        one = of_size.get(size)
        if one is None or one.mean is None:
            labels.append(Label("not given", high, middle, frame.small, dx=8, colour=MUTED))
            continue
        colour = _UNSURE if one.covers_zero else _SURE
        if one.low is not None and one.high is not None:
            marks.append(Line([one.low, one.high], [middle] * 2, colour, 4.0))
        marks.append(Dots([one.mean], [middle], [10], [colour], edge=colour))
        labels.append(Label(_figure(one), high, middle, frame.small, dx=8, colour=colour))
    return Panel(
        left=left,
        top=top,
        width=width,
        height=height,
        x=Axis(low, high, _ticks(column, low, high)),
        y=Axis(0, height),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )


def _ticks(column: _Column, low: float, high: float) -> list[tuple[float, str]]:
    """Return ticks with their unit, few enough to stand apart."""
    still = all(run_words.exactly_nothing(effect) for effect in column.effects)
    ticks = [0.0] if still else steps_between(low, high, 2)
    on = effect_numbers.tick_scale(column.effects[0].unit, ticks)
    return [(tick, on.shown(tick, sign=True)) for tick in ticks]


def _figure(effect: Effect) -> str:
    """Return the figure of a class with its interval, the unit once."""
    if run_words.exactly_nothing(effect):
        return "exactly 0"
    text = run_words.moved(effect, short=True)
    if effect.low is None or effect.high is None:
        return text
    on = run_words.effect_scale(effect, short=True)
    return f"{text} ({on.bare(effect.low, sign=True)} to {on.bare(effect.high, sign=True)})"


def _head(frame: Frame, column: _Column, low: float, height: float) -> list[Label]:
    effect = column.effects[0]
    unit = effect_numbers.change_unit(effect.unit)
    label = names.run_label(column.quantity)
    return [
        Label(label, low, height, frame.text, dy=-26, height="bottom", bold=True),
        Label(
            f"{unit}{run_words.a_year(effect)}",
            low,
            height,
            frame.small,
            dy=-9,
            height="bottom",
            colour=MUTED,
        ),
    ]
