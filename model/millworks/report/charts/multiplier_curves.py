"""The figure over the horizon, over the size of the dollars, and by effect week by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from millworks.report import friction_words as say
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
from millworks.report.style import INK, MUTED, REGION_COLOURS, Footer, Frame, spread_labels
from millworks.study.friction_closures import EFFECTS
from millworks.study.friction_results import FrictionResult, FrictionRow

SLUG = "over-time-and-size"
PATH_SLUG = "by-effect-over-time"

REGIONS = {"national": "US, net", "local": "district"}
_COLOURS = {"local": REGION_COLOURS["local"], "national": "#d9822b"}
_EFFECTS = {
    "direct": "#14375e",
    "indirect": "#1d8a99",
    "induced": "#d9822b",
    "dynamic": "#8a6fb0",
}


@dataclass(frozen=True)
class _Points:
    """Figures over one axis: what the axis is, and (label, row) by region."""

    heading: str
    ticks: Sequence[str]
    rows: dict[str, list[FrictionRow]]


def multiplier_curves(result: FrictionResult, footer: Footer) -> Chart:
    """Return the chart of output per dollar over horizons and sizes, with intervals."""
    points = [_horizons(result), _sizes(result)]
    interval = (
        f"bars: {100 * result.confidence:.0f}% intervals"
        if len(result.seeds) > 1
        else "one pair of runs has no interval"
    )
    return Chart(
        slug=SLUG,
        title=say.curves_finding(result),
        subtitle=(
            f"US dollars of output per dollar {result.mode}. Dots: ratio of means over "
            f"{len(result.seeds)} pairs; {interval}. Left at {100 * result.injection:g}% of "
            f"makers' annual sales, right {result.weeks} weeks after the first dollar."
        ),
        alt=" ".join(_alt(one) for one in points),
        numbers=_numbers(result),
        layout=lambda frame: _layout(frame, points),
        footer=footer,
    )


def effects_over_time(result: FrictionResult, footer: Footer) -> Chart:
    """Return the chart of output accumulated week by week, by effect, here and in the US."""
    return Chart(
        slug=PATH_SLUG,
        title=say.path_finding(result),
        subtitle=(
            "Output accumulated since the first dollar, US dollars per dollar "
            f"{result.mode}, mean over {len(result.seeds)} pairs. "
            + "; ".join(f"{name}: {text}" for name, text in say.EFFECT_MEANINGS.items())
            + "."
        ),
        alt=_path_alt(result),
        numbers=result.path,
        layout=lambda frame: _path_layout(frame, result),
        footer=footer,
    )


def _horizons(result: FrictionResult) -> _Points:
    weeks = sorted(
        {
            row.weeks
            for row in result.rows
            if row.effect == "total" and row.injection == result.injection
        }
    )
    rows = {
        region: [result.find("output", region, weeks=week) for week in weeks] for region in REGIONS
    }
    return _Points("after so many weeks", [str(week) for week in weeks], rows)


def _sizes(result: FrictionResult) -> _Points:
    sizes = sorted({row.injection for row in result.rows})
    rows = {
        region: [result.find("output", region, injection=size) for size in sizes]
        for region in REGIONS
    }
    return _Points("share of makers' annual sales", [f"{100 * size:g}%" for size in sizes], rows)


def _alt(points: _Points) -> str:
    said = [
        f"{name}: "
        + ", ".join(
            f"{tick} {say.interval(row)}"
            for tick, row in zip(points.ticks, points.rows[region], strict=True)
        )
        for region, name in REGIONS.items()
    ]
    return f"Output per dollar, {points.heading}. {'; '.join(said)}."


def _numbers(result: FrictionResult) -> pl.DataFrame:
    rows = [
        (row.region, row.weeks, row.injection, row.mean, row.mcse, row.low, row.high, row.pairs)
        for row in result.rows
        if row.quantity == "output"
        and row.effect == "total"
        and row.per == result.per
        and row.payer == "outside"
    ]
    schema = ["region", "weeks", "injection", "mean", "mcse", "low", "high", "pairs"]
    return pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None)


def _layout(frame: Frame, points: Sequence[_Points]) -> Drawing:
    room = frame.width - 2 * frame.side
    columns = 1 if frame.narrow else len(points)
    axis, head = 46.0, frame.text * 2.4
    height = 220.0 if frame.narrow else 300.0
    between = frame.text * 4.4
    width = (room - 60.0 * (columns - 1)) / columns - axis
    every = [0.0]
    for one in points:
        for rows in one.rows.values():
            every += [v for row in rows for v in (row.mean, row.low, row.high) if v is not None]
    low, high = min(every), max(every)
    pad = 0.06 * (high - low) or 1.0
    panels, texts = [], []
    for place, one in enumerate(points):
        left = frame.side + axis + (0.0 if frame.narrow else place * (width + axis + 60.0))
        top = head + (place * (height + between) if frame.narrow else 0.0)
        panels.append(_panel(frame, one, (low - pad, high + pad), left, top, width, height))
        texts.append(
            Label(
                one.heading,
                left + width / 2,
                top + height + frame.small * 2.4,
                frame.small,
                side="center",
                colour=MUTED,
            )
        )
    bottom = panels[-1].top + height + frame.small * 4.0
    return Drawing(frame.width, bottom, panels, texts)


def _dollars(tick: float) -> str:
    """Return a tick with the sign before the currency: '-$10'."""
    return f"{'-' if tick < 0 else ''}${abs(tick):g}"


def _panel(
    frame: Frame,
    points: _Points,
    reach: tuple[float, float],
    left: float,
    top: float,
    width: float,
    height: float,
) -> Panel:
    low, high = reach
    count = len(points.ticks)
    marks: list[Mark] = [Line([-0.5, count - 0.1], [0.0, 0.0], INK, 1.2)]
    last = []
    for shift, region in zip((-0.07, 0.07), REGIONS, strict=True):
        rows = points.rows[region]
        known = [(place, row) for place, row in enumerate(rows) if row.mean is not None]
        x = [place + shift for place, _ in known]
        y = [row.mean for _, row in known if row.mean is not None]
        colour = _COLOURS[region]
        marks.append(Line(x, y, colour, 1.6))
        for place, row in known:
            if row.low is not None and row.high is not None:
                marks.append(Line([place + shift] * 2, [row.low, row.high], colour, 3.0))
        marks.append(Dots(x, y, [9] * len(x), [colour] * len(x)))
        if known:
            last.append((y[-1], region))
    # Both names stand right of both intervals, apart from each other and clear of the lines.
    last.sort()
    gap = frame.small * 1.25 / height * (high - low)
    places = spread_labels([value for value, _ in last], gap, low, high)
    labels = [
        Label(
            REGIONS[region],
            count - 1 + 0.07,
            at,
            frame.small,
            dx=12,
            colour=_COLOURS[region],
            backed=True,
        )
        for (_, region), at in zip(last, places, strict=True)
    ]
    return Panel(
        left=left,
        top=top,
        width=width,
        height=height,
        x=Axis(-0.5, count - 0.1, list(enumerate(points.ticks))),
        y=Axis(low, high, [(t, _dollars(t)) for t in steps_between(low, high, 5)], grid=True),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )


def _path_alt(result: FrictionResult) -> str:
    said = []
    for region, name in (("local", "In the district"), ("national", "In the US, net")):
        parts = [
            f"{effect} {say.interval(result.find('output', region, effect))}" for effect in EFFECTS
        ]
        said.append(f"{name} after {result.weeks} weeks: {', '.join(parts)}.")
    return f"Lines over weeks 1 to {result.weeks}. {' '.join(said)}"


def _path_layout(frame: Frame, result: FrictionResult) -> Drawing:
    room = frame.width - 2 * frame.side
    columns = 1 if frame.narrow else 2
    axis, head, names = 46.0, frame.text * 2.6, 84.0
    height = 220.0 if frame.narrow else 300.0
    width = (room - 50.0 * (columns - 1)) / columns - axis - names
    panels, texts = [], []
    for place, (region, name) in enumerate(
        (("local", "In the district"), ("national", "In the US, net"))
    ):
        left = frame.side + axis
        left += 0.0 if frame.narrow else place * (width + axis + names + 50.0)
        top = head + (place * (height + head + frame.text * 3) if frame.narrow else 0.0)
        texts.append(Label(name, left - axis, top - head + 4, frame.text, height="top", bold=True))
        panels.append(_path_panel(frame, result, region, left, top, width, height))
    bottom = panels[-1].top + height + frame.text * 2.6
    return Drawing(frame.width, bottom, panels, texts)


def _path_panel(
    frame: Frame,
    result: FrictionResult,
    region: str,
    left: float,
    top: float,
    width: float,
    height: float,
) -> Panel:
    rows = result.path.filter(pl.col("region") == region)
    series = {
        effect: rows.filter(pl.col("effect") == effect).sort("week")["value"].to_list()
        for effect in EFFECTS
    }
    weeks = list(range(1, result.weeks + 1))
    every = [0.0, *(value for values in series.values() for value in values)]
    low, high = min(every), max(every)
    pad = 0.06 * (high - low) or 1.0
    low, high = low - pad, high + pad
    marks: list[Mark] = [Line([1, result.weeks], [0.0, 0.0], INK, 1.2)]
    marks += [Line(weeks, series[effect], _EFFECTS[effect], 2.2) for effect in EFFECTS]
    ends = sorted(EFFECTS, key=lambda effect: series[effect][-1])
    gap = frame.small * 1.25 / height * (high - low)
    places = spread_labels([series[effect][-1] for effect in ends], gap, low, high)
    labels = [
        Label(effect, result.weeks, place, frame.small, dx=8, colour=_EFFECTS[effect])
        for effect, place in zip(ends, places, strict=True)
    ]
    quarter = max(1, result.weeks // 4)
    ticks = [
        (float(week), f"week {week}" if week == quarter else str(week))
        for week in range(quarter, result.weeks + 1, quarter)
    ]
    return Panel(
        left=left,
        top=top,
        width=width,
        height=height,
        x=Axis(1, result.weeks, ticks),
        y=Axis(low, high, [(t, _dollars(t)) for t in steps_between(low, high, 5)], grid=True),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )
