"""The effect over the values of one setting: a dot and its interval for every value tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
from millworks.report.study_tables import effect_of, short_setting
from millworks.report.style import INK, MUTED, REGION_COLOURS, Footer, Frame
from millworks.study.run_results import Effect

SLUG = "effect-over-setting"

_SURE, _UNSURE = REGION_COLOURS["local"], REGION_COLOURS["national"]

Point = tuple[float, Effect]


def effect_over_setting(
    rows: Sequence[Mapping[str, Any]], footer: Footer, *, quantity: str = "value_added"
) -> Chart | None:
    """Return the chart of one quantity over a setting; None where no row has it.

    Rows: effects as `summary.json` has them, with `setting` and `value`.
    """
    chosen = [row for row in rows if row["quantity"] == quantity and row["mean"] is not None]
    if not chosen:
        return None
    setting = short_setting(chosen[0])
    points = sorted(
        ((float(row["value"]), effect_of(row)) for row in chosen), key=lambda point: point[0]
    )
    return Chart(
        slug=SLUG,
        title=_title(points, setting),
        subtitle=(
            "Policy less baseline, on the same draws. Dot: mean over pairs of runs; bar: its "
            "interval. Grey: the interval covers zero."
        ),
        alt=" ".join(f"{setting} {value:g}: {_said(effect)}." for value, effect in points),
        numbers=pl.DataFrame([dict(row) for row in chosen], infer_schema_length=None),
        layout=lambda frame: _layout(frame, points, setting),
        footer=footer,
    )


def _said(effect: Effect) -> str:
    """Return an effect with its interval, called so where that covers zero."""
    if run_words.exactly_nothing(effect):
        return "exactly zero"
    text = f"{run_words.moved(effect)}{run_words.a_year(effect)}"
    if effect.low is None:
        return f"{text}, one pair, no interval"
    covers = ", covers zero" if effect.covers_zero else ""
    return f"{text} (interval {run_words.ends(effect)}{covers})"


def _title(points: Sequence[Point], setting: str) -> str:
    """State the largest effect that can be told from zero, with its interval."""
    what = names.run_label(points[0][1].quantity)
    sure = [point for point in points if not point[1].covers_zero]
    if not sure:
        return f"{what}: at no value of {setting} is there a detectable effect"
    value, best = max(sure, key=lambda point: abs(point[1].mean or 0.0))
    return f"{what} changes most at {setting} {value:g}: {_said(best)}"


def _layout(frame: Frame, points: Sequence[Point], setting: str) -> Drawing:
    ends = [0.0]
    for _, effect in points:
        ends += [end for end in (effect.mean, effect.low, effect.high) if end is not None]
    pad = 0.1 * (max(ends) - min(ends)) or 1.0
    low, high = min(ends) - pad, max(ends) + pad
    ticks = steps_between(low, high, 6) if any(ends) else [0.0]
    unit = points[0][1].unit
    on = effect_numbers.tick_scale(unit, ticks)
    values = [value for value, _ in points]
    side = 0.08 * (values[-1] - values[0]) or 1.0
    first, last = values[0] - side, values[-1] + side
    marks: list[Mark] = [Line([first, last], [0.0, 0.0], INK, 1.2)]
    labels = [_head(frame, points[0][1], first, high)]
    for value, effect in points:
        assert effect.mean is not None
        colour = _UNSURE if effect.covers_zero else _SURE
        top = effect.mean
        if effect.low is not None and effect.high is not None:
            marks.append(Line([value, value], [effect.low, effect.high], colour, 4.0))
            top = effect.high
        marks.append(Dots([value], [effect.mean], [11], [colour], edge=colour))
        text = run_words.moved(effect, short=True)
        labels.append(
            Label(text, value, top, frame.small, dy=-10, side="center", height="bottom",
                  colour=colour, backed=True)
        )  # fmt: skip
    every = max(1, -(-len(values) // (5 if frame.narrow else 12)))
    axis = 56.0 if frame.narrow else 84.0
    head, height = frame.text * 2.4, 240.0 if frame.narrow else 340.0
    panel = Panel(
        left=frame.side + axis,
        top=head,
        width=frame.width - 2 * frame.side - axis,
        height=height,
        x=Axis(first, last, [(value, f"{value:g}") for value in values[::every]]),
        y=Axis(low, high, [(tick, on.shown(tick, sign=True)) for tick in ticks], grid=True),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )
    middle = frame.side + axis + panel.width / 2.0
    below = Label(
        setting, middle, head + height + 30, frame.small, side="center", height="top", colour=MUTED
    )
    return Drawing(frame.width, head + height + 56, [panel], [below])


def _head(frame: Frame, effect: Effect, first: float, high: float) -> Label:
    text = f"{names.run_label(effect.quantity)}: {effect_numbers.change_unit(effect.unit)}"
    axis = 56.0 if frame.narrow else 84.0
    return Label(
        f"{text}{run_words.a_year(effect)}", first, high, frame.text, dx=-axis, dy=-10,
        height="bottom", bold=True,
    )  # fmt: skip
