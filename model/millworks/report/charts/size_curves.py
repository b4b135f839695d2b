"""What a dollar of each policy does as the policy grows: one small panel for each policy."""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from millworks.report import effect_numbers, many_arms, size_words
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
from millworks.report.style import ACCENT, INK, MUTED, REGION_COLOURS, Footer, Frame
from millworks.study.run_results import Effect
from millworks.study.size_results import SizeCurve, SizesResult

SLUG = "size-curves"

_SURE, _UNSURE = REGION_COLOURS["local"], REGION_COLOURS["rest_of_us"]


def size_curves(result: SizesResult, footer: Footer) -> Chart | None:
    """Return the chart; None for a study without curves."""
    if not result.curves:
        return None
    pairs = len(result.seeds)
    return Chart(
        slug=SLUG,
        title=size_words.headline(result).partition(";")[0],
        subtitle=(
            "Present value of local value added per dollar of present value of cost, by size of "
            f"the programme (1: default). Dot: ratio of means over {pairs} pairs of runs; bar: "
            f"{many_arms.confidence(result)} interval; light: it covers zero. Each panel has its "
            "own scale. Red line: the size beyond which no more gain is seen."
            if pairs > 1
            else "One pair of runs: no interval, so any of these may be chance."
        ),
        alt=". ".join(
            size_words.size_sentence(curve, one) for curve in result.curves for one in curve.sizes
        )
        + ".",
        numbers=_numbers(result),
        layout=lambda frame: _layout(frame, result),
        footer=footer,
    )


def _numbers(result: SizesResult) -> pl.DataFrame:
    rows = [
        {
            "policy": curve.name,
            "size": one.size,
            "unit": one.per_dollar.unit,
            "per_dollar": one.per_dollar.mean,
            "low": one.per_dollar.low,
            "high": one.per_dollar.high,
            "saturates_at": curve.saturates_at,
            "pairs": one.per_dollar.pairs,
        }
        for curve in result.curves
        for one in curve.sizes
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


@dataclass(frozen=True)
class _Grid:
    """Where the panels stand."""

    columns: int
    left: float
    width: float
    height: float
    pitch: float
    head: float

    def corner(self, frame: Frame, place: int) -> tuple[float, float]:
        """Left and top of the panel of a policy."""
        column, row = place % self.columns, place // self.columns
        each = (frame.width - 2 * frame.side) / self.columns
        return frame.side + column * each + self.left, self.head + row * self.pitch


def _grid(frame: Frame, curves: int) -> _Grid:
    columns = min(2 if frame.narrow else 4, curves)
    each = (frame.width - 2 * frame.side) / columns
    left = frame.small * (3.2 if frame.narrow else 3.8)
    height = 88.0 if frame.narrow else 132.0
    head = frame.text * (3.8 if frame.narrow else 3.2)
    return _Grid(columns, left, each - left - 18.0, height, height + head + 40.0, head)


def _layout(frame: Frame, result: SizesResult) -> Drawing:
    grid = _grid(frame, len(result.curves))
    panels = [
        _panel(frame, curve, grid, *grid.corner(frame, place))
        for place, curve in enumerate(result.curves)
    ]
    rows = math.ceil(len(result.curves) / grid.columns)
    return Drawing(frame.width, rows * grid.pitch + 6, panels)


def _panel(frame: Frame, curve: SizeCurve, grid: _Grid, left: float, top: float) -> Panel:
    known = [one for one in curve.sizes if one.per_dollar.mean is not None]
    ends = [0.0, *(end for one in known for end in _ends(one.per_dollar))]
    low, high = min(ends), max(ends)
    pad = 0.08 * (high - low) or 1.0
    low, high = low - pad, high + pad
    places = {one.size: float(place) for place, one in enumerate(curve.sizes)}
    last = len(curve.sizes) - 1
    marks: list[Mark] = [Line([-0.4, last + 0.4], [0.0, 0.0], INK, 1.0)]
    if curve.saturates_at is not None and known:
        x = places[curve.saturates_at]
        marks.append(Line([x, x], [low, high], ACCENT, 1.6, dashed=True))
    if len(known) > 1:
        over = [places[one.size] for one in known]
        marks.append(Line(over, [one.per_dollar.mean or 0.0 for one in known], _UNSURE, 1.2))
    for one in known:
        colour = _UNSURE if one.per_dollar.covers_zero is not False else _SURE
        if one.per_dollar.low is not None and one.per_dollar.high is not None:
            bar = [one.per_dollar.low, one.per_dollar.high]
            marks.append(Line([places[one.size]] * 2, bar, colour, 3.5))
        marks.append(
            Dots([places[one.size]], [one.per_dollar.mean or 0.0], [9], [colour], edge=colour)
        )
    room = grid.left + grid.width
    lines = frame.wrap(size_words.title_of(curve), frame.text, room, bold=True)[:2]
    labels = [
        Label("\n".join(lines), -0.4, high, frame.text, dx=-grid.left, dy=-8, height="bottom",
              bold=True)
    ]  # fmt: skip
    ticks: list[tuple[float, str]] = []
    if known:
        values = steps_between(low, high, 3)
        on = effect_numbers.tick_scale(curve.sizes[0].per_dollar.unit, values)
        ticks = [(value, on.shown(value)) for value in values]
    else:
        text = "\n".join(frame.wrap("what it costs cannot be told from zero", frame.small, room))
        labels.append(
            Label(text, last / 2, high - 0.25 * (high - low), frame.small, side="center",
                  colour=MUTED)
        )  # fmt: skip
    return Panel(
        left=left,
        top=top,
        width=grid.width,
        height=grid.height,
        x=Axis(-0.4, last + 0.4, [(places[one.size], f"{one.size:g}") for one in curve.sizes]),
        y=Axis(low, high, ticks, grid=True),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )


def _ends(effect: Effect) -> list[float]:
    return [end for end in (effect.mean, effect.low, effect.high) if end is not None]
