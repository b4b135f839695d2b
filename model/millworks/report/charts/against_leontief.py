"""Agents against Leontief: the same figures computed twice, and how far they are apart."""

from __future__ import annotations

import math

import polars as pl

from millworks.report import names, rounding, words
from millworks.report.drawing import Axis, Chart, Dots, Drawing, Label, Line, Panel, steps
from millworks.report.figures import (
    EFFECTS,
    REGIONS,
    Figure,
    figure,
    furthest,
    has,
    leontief_check,
    leontief_distance,
)
from millworks.report.style import (
    ACCENT,
    EFFECT_COLOURS,
    INK,
    MUTED,
    PAPER,
    Footer,
    Frame,
    mix,
)
from millworks.study.quantities import QUANTITIES
from millworks.study.results import LinearResult

#: Relative differences below this are drawn at it: rounding, not economics.
FLOOR = 1e-9


def against_leontief(result: LinearResult, footer: Footer) -> Chart:
    """Return the chart of output by effect and region, agents beside Leontief."""
    place = names.short_place(result.place.name)
    keys = [
        (region, effect)
        for region in REGIONS
        for effect in (*EFFECTS, "total")
        if has(result, "output", region, effect)
        and figure(result, "output", region, effect).analytic
    ]
    check = leontief_check(result)
    tolerance = check.tolerance if check else None
    allowed = (
        f", and the {rounding.difference(tolerance)} allowed for output in the district and in "
        f"the US"
        if tolerance
        else ""
    )
    said = words.listed(
        [
            f"{effect} {names.REGION_LABELS[region]} {rounding.money(one.simulated)} against "
            f"{rounding.money(one.analytic or 0.0)}"
            for region, effect in keys
            for one in [figure(result, "output", region, effect)]
        ]
    )
    return Chart(
        slug="against-leontief",
        title=leontief_sentence(result),
        subtitle=(
            f"Left: output per dollar ordered; a ring is Leontief's answer, the dot inside it what "
            f"agents did in {result.horizon_weeks} weeks. Right: relative difference, on a scale "
            f"of powers of ten{allowed}. {furthest_sentence(result)} {words.JOBS_COVERAGE}"
        ),
        alt=(
            f"Output per dollar of {names.order_word(result.sector)} orders in "
            f"{names.inside(place)} by agents against Leontief: {said}. "
            f"{leontief_sentence(result)}. {furthest_sentence(result)} {words.JOBS_COVERAGE}"
        ),
        numbers=_numbers(result),
        layout=lambda frame: _layout(frame, result, keys, tolerance),
        footer=footer,
    )


def _numbers(result: LinearResult) -> pl.DataFrame:
    """Return the rows of the result with the unit of each figure and what it counts."""
    rows = [
        {**row, "unit": quantity.unit, "counts": quantity.meaning}
        for row in result.rows
        for quantity in [QUANTITIES[row["quantity"]]]
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def leontief_sentence(result: LinearResult) -> str:
    """Return the finding of this chart, which the page repeats beside its table."""
    check = leontief_check(result)
    return words.leontief_finding(
        leontief_distance(result), check.tolerance if check else None, result.horizon_weeks
    )


def furthest_sentence(result: LinearResult) -> str:
    """Name the figure that is furthest from Leontief's, whatever its size."""
    row = furthest(result)
    if row is None:
        return ""
    return words.furthest_figure(
        row["quantity"], row["effect"], row["region"], row["relative_difference"]
    )


def _layout(
    frame: Frame, result: LinearResult, keys: list[tuple[str, str]], tolerance: float | None
) -> Drawing:
    rows = _rows(keys)
    figures = {key: figure(result, "output", *key) for key in keys}
    height = len(rows) * frame.text * 1.75
    head, foot, gap = frame.text * 2.0, 34.0, 18.0
    room = frame.width - 2 * frame.side
    if frame.narrow:
        values = _values(frame, rows, figures, frame.side, head, room, height)
        second = head + height + foot + gap + head
        apart = _apart(frame, rows, figures, frame.side, second, room, height, tolerance)
        return Drawing(frame.width, second + height + foot, [values, apart])
    values = _values(frame, rows, figures, frame.side, head, room * 0.6, height)
    apart = _apart(
        frame, rows, figures, frame.side + room * 0.63, head, room * 0.37, height, tolerance
    )
    return Drawing(frame.width, head + height + foot, [values, apart])


def _rows(keys: list[tuple[str, str]]) -> list[tuple[str, str | None]]:
    """Return the lines of the chart: a heading (region, None), then the region's effects."""
    rows: list[tuple[str, str | None]] = []
    for region, effect in keys:
        if not rows or rows[-1][0] != region:
            rows.append((region, None))
        rows.append((region, effect))
    return rows


def _names(
    frame: Frame, rows: list[tuple[str, str | None]], x: float, label_width: float, height: float
) -> list[Label]:
    labels = []
    for middle, (region, effect) in _placed(rows, height):
        if effect is None:
            name = names.plain(names.REGION_LABELS[region])
            labels.append(
                Label(name, x, middle, frame.text, dx=-label_width, dy=2, bold=True, backed=True)
            )
        else:
            labels.append(
                Label(names.EFFECT_LABELS[effect], x, middle, frame.text, dx=-12, side="right")
            )
    return labels


def _placed(
    rows: list[tuple[str, str | None]], height: float
) -> list[tuple[float, tuple[str, str | None]]]:
    pitch = height / max(1, len(rows))
    return [((place + 0.5) * pitch, row) for place, row in enumerate(rows)]


def _values(
    frame: Frame,
    rows: list[tuple[str, str | None]],
    figures: dict[tuple[str, str], Figure],
    left: float,
    top: float,
    width: float,
    height: float,
) -> Panel:
    """Lay out the figures themselves: a ring for Leontief, a dot for the agents."""
    label_width, text_width = (78.0, 132.0) if frame.narrow else (100.0, 176.0)
    high = 1.04 * max(one.simulated for one in figures.values())
    marks: list[Line | Dots] = []
    labels = _names(frame, rows, 0.0, label_width, height)
    labels.append(
        Label(
            "agents · Leontief",
            high,
            0,
            frame.small,
            dx=12,
            dy=-4,
            height="bottom",
            colour=MUTED,
        )
    )
    for middle, (region, effect) in _placed(rows, height):
        if effect is None:
            continue
        one = figures[region, effect]
        analytic = one.analytic or 0.0
        colour = EFFECT_COLOURS.get((effect, "local"), INK)
        marks += [
            Line([0, analytic], [middle] * 2, mix(colour, PAPER, 0.7), 3.0),
            Dots([analytic], [middle], [15], [PAPER], edge=colour, edge_width=1.6),
            Dots([one.simulated], [middle], [8], [colour], edge=colour, edge_width=0),
        ]
        both = f"{one.simulated:.5f} · {analytic:.5f}"
        labels.append(Label(both, high, middle, frame.small, dx=12, colour=MUTED))
    ticks = [
        (tick, rounding.dollars(tick) if tick else "$0")
        for tick in steps(high, 3 if frame.narrow else 6)
    ]
    return Panel(
        left=left + label_width,
        top=top,
        width=width - label_width - text_width,
        height=height,
        x=Axis(0, high, ticks, grid=True),
        y=Axis(height, 0),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )


def _apart(
    frame: Frame,
    rows: list[tuple[str, str | None]],
    figures: dict[tuple[str, str], Figure],
    left: float,
    top: float,
    width: float,
    height: float,
    tolerance: float | None,
) -> Panel:
    """Lay out the relative differences by powers of ten, and the line that is allowed."""
    label_width, text_width = (78.0, 64.0) if frame.narrow else (4.0, 84.0)
    low, high = math.log10(FLOOR), -2.0
    marks: list[Line | Dots] = []
    labels = _names(frame, rows, low, label_width, height) if frame.narrow else []
    labels.append(Label("difference", low, 0, frame.small, dy=-4, height="bottom", colour=MUTED))
    if tolerance is not None:
        allowed = math.log10(tolerance)
        marks.append(Line([allowed] * 2, [0, height], ACCENT, 1.5, dashed=True))
        labels.append(
            Label(
                f"allowed: {rounding.difference(tolerance)}",
                allowed,
                0,
                frame.small,
                dy=-4,
                side="center",
                height="bottom",
                colour=ACCENT,
            )
        )
    for middle, (region, effect) in _placed(rows, height):
        if effect is None:
            continue
        relative = figures[region, effect].relative_difference
        # Anything worse than the scale shows is drawn at its end; the text has the number.
        place = math.log10(min(max(abs(relative or 0.0), FLOOR), 1e-2))
        colour = EFFECT_COLOURS.get((effect, "local"), INK)
        marks += [
            Line([low, place], [middle] * 2, mix(colour, PAPER, 0.7), 3.0),
            Dots([place], [middle], [10], [colour], edge=PAPER),
        ]
        labels.append(
            Label(rounding.difference(relative), high, middle, frame.small, dx=12, colour=MUTED)
        )
    ticks = [(float(power), rounding.difference(10.0**power)) for power in (-8, -6, -4, -2)]
    return Panel(
        left=left + label_width,
        top=top,
        width=width - label_width - text_width,
        height=height,
        x=Axis(low, high, ticks, grid=True),
        y=Axis(height, 0),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )
