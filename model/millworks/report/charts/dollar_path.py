"""The dollar's path: how output builds up week by week, by effect and place."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from millworks.report import names, rounding, words
from millworks.report.drawing import Area, Axis, Box, Chart, Drawing, Label, Line, Panel, steps
from millworks.report.figures import (
    NOTHING,
    cumulative_path,
    simulated,
    unsettled_weeks,
    week_reaching,
)
from millworks.report.style import (
    EFFECT_COLOURS,
    EFFECT_ORDER,
    INK,
    MUTED,
    RULE,
    Footer,
    Frame,
    mix,
    spread_labels,
)
from millworks.study.results import LinearResult

#: Colour of the bar beside the last week: how much of the total stays.
REGION_BARS = {"local": INK, "rest_of_us": RULE}

#: Bottom to top: what happens here first, what happens elsewhere on top of it.
STACK = [(effect, region) for region in ("local", "rest_of_us") for effect in EFFECT_ORDER]


def dollar_path(result: LinearResult, footer: Footer) -> Chart:
    """Return the chart of the running total (large) and of the weekly flow (small, below)."""
    place = names.short_place(result.place.name)
    path = cumulative_path(result)
    half, most = week_reaching(result, 0.5), week_reaching(result, 0.95)
    local = simulated(result, "output", "local")
    elsewhere = simulated(result, "output", "rest_of_us")
    last = int(path["week"].max())  # type: ignore[arg-type]
    sums = {key: _series(path, *key, "cumulative")[-1] for key in STACK}
    bands = [key for key in STACK if abs(sums[key]) >= NOTHING]
    parts = words.listed(
        [f"{words.lower_first(_name(*key))} {rounding.money(sums[key])}" for key in bands]
    )
    return Chart(
        slug="dollar-path",
        title=words.headline(result.sector, place, local, elsewhere, unsettled_weeks(result)),
        subtitle=(
            f"Gross output per dollar ordered, running total by week. Orders come "
            f"{words.spread_over(result.order_weeks)}; half of all output is made by week {half}, "
            f"95% by week {most}."
        ),
        alt=(
            f"Stacked areas of output made per dollar of "
            f"{names.order_word(result.sector)} orders in {names.inside(place)} from week 0 to "
            f"week {last}. By then: {parts}; {rounding.dollars(sum(sums.values()))} in all. "
            f"Half of it is made by week {half}. A small chart below shows the cents a week."
        ),
        numbers=path.rename(
            {"value": "output_usd_per_usd_in_week", "cumulative": "output_usd_per_usd_to_date"}
        ),
        layout=lambda frame: _layout(frame, path, bands, result.order_weeks),
        footer=footer,
        heading=words.timing_finding(half, most, unsettled_weeks(result)),
    )


def _series(path: pl.DataFrame, effect: str, region: str, column: str) -> list[float]:
    chosen = path.filter((pl.col("effect") == effect) & (pl.col("region") == region))
    return chosen.sort("week")[column].to_list() or [0.0] * path["week"].n_unique()


def _name(effect: str, region: str) -> str:
    return f"{names.EFFECT_LABELS[effect]} {names.REGION_LABELS[region]}"


def _layout(
    frame: Frame, path: pl.DataFrame, bands: list[tuple[str, str]], order_weeks: int
) -> Drawing:
    weeks = sorted(path["week"].unique().to_list())
    left = frame.side + (34 if frame.narrow else 52)
    labels = 126 if frame.narrow else 318
    width = frame.width - frame.side - left - labels
    tall, small, gap = (300, 74, 54) if frame.narrow else (356, 84, 62)
    top = 26 if frame.narrow else 14
    upper = _stack(path, bands, "cumulative", 1.0)
    lower = _stack(path, bands, "value", 100.0)
    high = max(upper[-1][1])
    ticks = steps(high, 6)
    span = (weeks[0], weeks[-1])
    year = [(float(week), f"{week}" if week else "week 0") for week in range(0, weeks[-1] + 2, 26)]
    panel = Panel(
        left=left,
        top=top,
        width=width,
        height=tall,
        x=Axis(*span),
        y=Axis(0, high * 1.02, [(tick, _tick(tick)) for tick in ticks], grid=True),
        marks=[*_areas(weeks, bands, upper), *_borders(weeks, bands, upper)],
        labels=_end_labels(frame, bands, upper, weeks[-1], tall, high * 1.02),
        tick_size=frame.small,
    )
    bracket = _bracket(panel, bands, upper)
    peak = max(lower[-1][1])
    flow_ticks = steps(peak, 3)
    flow = Panel(
        left=left,
        top=top + tall + gap,
        width=width,
        height=small,
        x=Axis(*span, year),
        y=Axis(0, peak * 1.05, [(tick, f"{tick:g}¢") for tick in flow_ticks], grid=True),
        marks=_areas(weeks, bands, lower),
        labels=[
            Label(
                "Output made each week (cents per dollar ordered)",
                weeks[0],
                peak * 1.05,
                frame.small,
                dy=-6,
                height="bottom",
                colour=MUTED,
            ),
            *_order_window(frame, order_weeks, weeks[-1], peak),
        ],
        tick_size=frame.small,
    )
    return Drawing(frame.width, top + tall + gap + small + 38, [panel, bracket, flow])


def _stack(
    path: pl.DataFrame, bands: list[tuple[str, str]], column: str, factor: float
) -> list[tuple[list[float], list[float]]]:
    """Return (lower edge, upper edge) of every band, stacked in order."""
    base = [0.0] * path["week"].n_unique()
    edges = []
    for band in bands:
        series = _series(path, *band, column)
        upper = [a + factor * b for a, b in zip(base, series, strict=True)]
        edges.append((base, upper))
        base = upper
    return edges


def _areas(
    weeks: list[int],
    bands: list[tuple[str, str]],
    edges: list[tuple[list[float], list[float]]],
) -> list[Area]:
    return [
        Area(weeks, low, high, EFFECT_COLOURS[band])
        for band, (low, high) in zip(bands, edges, strict=True)
    ]


def _borders(
    weeks: list[int],
    bands: list[tuple[str, str]],
    edges: list[tuple[list[float], list[float]]],
) -> list[Line]:
    """Draw white seams between bands and an ink line on top of what stays in the district."""
    seams = [Line(weeks, high, "#ffffff", 1.0) for _, high in edges[:-1]]
    local = [high for band, (_, high) in zip(bands, edges, strict=True) if band[1] == "local"]
    return [*seams, *([Line(weeks, local[-1], INK, 2.0)] if local else [])]


def _bracket(
    panel: Panel,
    bands: list[tuple[str, str]],
    edges: list[tuple[list[float], list[float]]],
) -> Panel:
    """Draw a bar beside the last week: dark for the district, light for the rest of the US."""
    marks = []
    for region in ("local", "rest_of_us"):
        ends = [edge for band, edge in zip(bands, edges, strict=True) if band[1] == region]
        if ends:
            marks.append(Box(0, 1, ends[0][0][-1], ends[-1][1][-1], REGION_BARS[region]))
    return replace(
        panel,
        left=panel.left + panel.width + 8,
        width=5,
        x=Axis(0, 1),
        y=Axis(panel.y.low, panel.y.high),
        marks=marks,
        labels=(),
    )


def _tick(value: float) -> str:
    return rounding.dollars(value) if value else "$0"


def _end_labels(
    frame: Frame,
    bands: list[tuple[str, str]],
    edges: list[tuple[list[float], list[float]]],
    last: int,
    height: float,
    high: float,
) -> list[Label]:
    """Name every band at its right end, and the two sums in bold, without overlaps."""
    entries: list[tuple[float, str, str, bool]] = []
    for band, (low, upper) in zip(bands, edges, strict=True):
        value = upper[-1] - low[-1]
        colour = mix(EFFECT_COLOURS[band[0], "local"], INK, 0.35)
        entries.append(((low[-1] + upper[-1]) / 2, _band_text(frame, band, value), colour, False))
    nation = "in the US" if frame.narrow else "in the United States"
    for region, name in (("local", "in the district"), ("rest_of_us", nation)):
        tops = [top[-1] for band, (_, top) in zip(bands, edges, strict=True) if band[1] == region]
        if tops:
            entries.append((tops[-1], f"{rounding.dollars(tops[-1])} {name}", INK, True))
    entries.sort(key=lambda entry: entry[0])
    gap = frame.text * (1.3 if frame.narrow else 1.42)
    wanted = [entry[0] / high * height for entry in entries]
    placed = spread_labels(wanted, gap, gap * 0.4, height + gap * 0.8)
    return [
        Label(
            text,
            last,
            place / height * high,
            frame.small if frame.narrow else (frame.text + 2 if bold else frame.text),
            dx=24,
            colour=colour,
            bold=bold,
        )
        for place, (_, text, colour, bold) in zip(placed, entries, strict=True)
    ]


def _band_text(frame: Frame, band: tuple[str, str], value: float) -> str:
    effect, region = band
    name = names.EFFECT_LABELS[effect]
    if frame.narrow:
        return f"{rounding.money(value)} {name.lower()}"
    where = "here" if region == "local" else "elsewhere"
    meaning = names.EFFECT_MEANINGS[effect]
    return (
        f"{rounding.money(value)}  {name}, {where}"
        if region == "rest_of_us"
        else f"{rounding.money(value)}  {name}: {meaning}"
    )


def _order_window(frame: Frame, order_weeks: int, last: int, peak: float) -> list[Label]:
    if order_weeks <= 1 or order_weeks >= last:
        return []
    return [
        Label(
            f"orders end, week {order_weeks}",
            order_weeks,
            peak * 1.05,
            frame.small,
            dx=6,
            dy=6,
            height="top",
            colour=MUTED,
        )
    ]
