"""From Leontief to the full week, step by step, with the range of each over all orders."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from millworks.report import friction_words as say
from millworks.report import rounding
from millworks.report.drawing import (
    Axis,
    Box,
    Chart,
    Drawing,
    Label,
    Line,
    Mark,
    Panel,
    steps_between,
)
from millworks.report.style import INK, MUTED, REGION_COLOURS, RULE, Footer, Frame
from millworks.study.friction_results import FrictionResult
from millworks.study.reconciliation import REGIONS, Step

SLUG = "bridge-from-leontief"

HEADINGS = {"local": "Output in the district", "national": "Output in the US, net"}
_FIRST, _MORE, _LESS = REGION_COLOURS["national"], REGION_COLOURS["local"], "#d9822b"


def bridge(result: FrictionResult, footer: Footer) -> Chart | None:
    """Return the chart; None for a run without a bridge."""
    if result.bridge is None:
        return None
    return Chart(
        slug=SLUG,
        title=say.bridge_finding(result),
        subtitle=(
            f"US dollars of output per dollar ordered, {result.weeks} weeks after the first order. "
            "Bars: mean over the orders in which the mechanisms can be switched on, capacity "
            "before money (Shapley values), so they add up; thin lines: from the least to the most "
            "in any order. "
            f"{rounding.whole(result.bridge.pairs, 'pair')} of runs for each of 33 worlds."
        ),
        alt=" ".join(_alt(result, region) for region in REGIONS),
        numbers=_numbers(result),
        layout=lambda frame: _layout(frame, result),
        footer=footer,
    )


def _alt(result: FrictionResult, region: str) -> str:
    return f"{HEADINGS[region]}. {say.bridge(result, region)}."


def _numbers(result: FrictionResult) -> pl.DataFrame:
    assert result.bridge is not None
    rows = [
        (
            s.quantity,
            s.region,
            s.term,
            s.value,
            s.low,
            s.high,
            s.mcse,
            s.shapley,
            s.lowest,
            s.highest,
        )
        for s in result.bridge.steps
    ]
    schema = ["quantity", "region", "term", "value", "low", "high", "mcse"]
    schema += ["all_orders", "low_all_orders", "high_all_orders"]
    return pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None)


def _layout(frame: Frame, result: FrictionResult) -> Drawing:
    assert result.bridge is not None
    room = frame.width - 2 * frame.side
    head, pitch, between = frame.text * 2.6, frame.text * 2.1, frame.text * 3.4
    names = 150.0 if frame.narrow else 190.0
    columns = 1 if frame.narrow else len(REGIONS)
    width = (room - 40.0 * (columns - 1)) / columns
    panels, texts, top = [], [], head
    height = 0.0
    for place, region in enumerate(REGIONS):
        steps = result.bridge.of("output", region)
        height = pitch * (len(steps) + 1)
        left = frame.side + (0.0 if frame.narrow else place * (width + 40.0))
        texts.append(
            Label(HEADINGS[region], left, top - head + 4, frame.text, height="top", bold=True)
        )
        labels = [*(say.TERMS[step.term] for step in steps), "the full week"]
        texts += [
            Label(text, left, top + (row + 0.5) * pitch, frame.small, bold=row in (0, len(steps)))
            for row, text in enumerate(labels)
        ]
        total = result.bridge.total["output", region]
        panels.append(_panel(frame, steps, total, left + names, top, width - names, height, pitch))
        if frame.narrow:
            top += height + between + head
    bottom = top - (between + head) if frame.narrow else top + height
    return Drawing(frame.width, bottom + frame.text * 2.4, panels, texts)


def _panel(
    frame: Frame,
    steps: Sequence[Step],
    total: float,
    left: float,
    top: float,
    width: float,
    height: float,
    pitch: float,
) -> Panel:
    """A waterfall: each bar starts where the one above ended."""
    bars: list[tuple[float, float, str, Step | None]] = []
    reached = 0.0
    for number, step in enumerate(steps):
        colour = _FIRST if number == 0 else _MORE if step.value >= 0 else _LESS
        bars.append((reached, reached + step.value, colour, step if number else None))
        reached += step.value
    bars.append((0.0, total, _FIRST, None))
    ends = [0.0]
    for start, end, _, part in bars:
        ends += [start, end]
        if part is not None and part.low is not None and part.high is not None:
            ends += [start + part.low, start + part.high]
    low, high = min(ends), max(ends)
    reach = 0.22 * (high - low)  # room for the figures right of the bars
    marks: list[Mark] = [Line([0.0, 0.0], [0.0, height], INK, 1.2)]
    labels = []
    for row, (start, end, colour, part) in enumerate(bars):
        middle = height - (row + 0.5) * pitch
        thick = pitch * 0.3
        marks.append(Box(min(start, end), max(start, end), middle - thick, middle + thick, colour))
        right = max(start, end)
        if part is not None and part.low is not None and part.high is not None:
            span = [start + part.low, start + part.high]
            marks.append(Line(span, [middle] * 2, INK, 1.4))
            right = max(right, *span)
        if row + 1 < len(bars):
            marks.append(Line([end, end], [middle - pitch + thick, middle - thick], RULE, 1.0))
        text = f"{end:.2f}" if part is None else f"{part.value:+.2f}"
        colour_of_text = INK if part is None else MUTED
        labels.append(Label(text, right, middle, frame.small, dx=6, colour=colour_of_text))
    ticks = [(tick, f"${tick:g}") for tick in steps_between(low, high, 4)]
    return Panel(
        left=left,
        top=top,
        width=width,
        height=height,
        x=Axis(low - 0.02 * (high - low), high + reach, ticks, grid=True),
        y=Axis(0, height),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )
