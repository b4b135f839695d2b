"""The effect of every policy against what it costs, intervals both ways.

At default sizes; in a study without them at the sizes that were to cost the same.

Costs and effects of policies lie orders of magnitude apart. Where one scale would crush most of
them into a corner an axis is drawn on the inverse hyperbolic sine, even near zero and in equal
ratios beyond (Johnson 1949), and says so in words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from millworks.report import effect_numbers, names, rank_words, run_words
from millworks.report.charts.point_labels import Placed, Rectangle, place
from millworks.report.charts.ranking import DWARFED, HARMS, QUIET, enlarged, reach, verdict_colour
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
from millworks.report.rank_numbers import budget_watched, figure, found, short_title, within
from millworks.report.style import (
    ACCENT,
    CHARACTER_WIDTH,
    GRID,
    INK,
    MUTED,
    PAPER,
    Footer,
    Frame,
)
from millworks.report.words import lower_first
from millworks.study.ranking.results import RankEntry, RankResult
from millworks.study.run_results import Effect

SLUG = "effect-against-cost"

EVEN = 3.0
"""How many times the even part of a warped axis the bulk of the figures reaches."""


@dataclass(frozen=True)
class Point:
    """One policy at one size."""

    name: str
    effect: Effect
    cost: Effect
    colour: str
    hollow: bool


@dataclass(frozen=True)
class Warp:
    """A scale: even throughout (`even` None), or even up to about `even` and in ratios beyond."""

    even: float | None

    def at(self, value: float) -> float:
        """Return where a value stands."""
        return value if self.even is None else math.asinh(value / self.even)


def effect_against_cost(result: RankResult, footer: Footer) -> Chart | None:
    """Return the chart; None where no policy has both effect and cost."""
    points = _points(result)
    if not points:
        return None
    paid = (
        " Policies that partners pay for stand at what all payers put in."
        if any(entry.cost_basis == "resource_cost" for entry in result.entries)
        else ""
    )
    bars = (
        f"Bars: {rank_words.confidence(result)} intervals of both, not corrected for how many "
        f"policies there are."
        if any(point.effect.low is not None for point in points)
        else "One pair of runs has no interval, so any of these may be chance."
    )
    warped = any(one.even is not None for one in _warps(points))
    return Chart(
        slug=SLUG,
        title=_title(result, points),
        heading=(
            "At their default sizes policies differ in cost as much as in effect"
            if result.at_default_size
            else "What was to cost the same, and what it came to cost"
        ),
        subtitle=(
            f"Every policy alone, {_at_which_size(result)}. {bars} Blue and orange: works "
            f"and harms at equal cost{', too' if result.at_default_size else ''}. Hollow: "
            f"comparators.{paid}"
            + (
                " Axes are even near zero; beyond, equal steps are equal ratios, so distances "
                "between large figures look smaller than they are."
                if warped
                else ""
            )
        ),
        alt=" ".join(f"{_said(result, point)}." for point in points),
        numbers=_numbers(points),
        layout=lambda frame: _layout(frame, result, points),
        footer=footer,
    )


def _at_which_size(result: RankResult) -> str:
    """Say at which size policies are drawn."""
    if result.at_default_size:
        return "at the size its own file gives it"
    return (
        f"at the size that was to cost {rank_words.money_watched(result)}, searched in few pairs; "
        f"what it came to cost in all of them is where it stands"
    )


def _points(result: RankResult) -> list[Point]:
    made = []
    for entry in result.entries:
        sized = entry.default if result.at_default_size else entry.equal
        effect, cost = found(sized, result.headline), found(sized, entry.cost_basis)
        if effect is not None and cost is not None:
            made.append(
                Point(short_title(entry), effect, cost, _colour(entry, effect), entry.comparator)
            )
    return made


def _colour(entry: RankEntry, effect: Effect) -> str:
    """Return the verdict's colour, grey where the effect drawn here covers zero."""
    return QUIET if effect.covers_zero is not False else verdict_colour(entry)


def _title(result: RankResult, points: Sequence[Point]) -> str:
    """State the largest effect at default size that can be told from zero, with cost, intervals."""
    what = f"local {names.run_phrase(result.headline)}"
    sizes = "default sizes" if result.at_default_size else "the same cost"
    sure = [point for point in points if point.effect.covers_zero is False and not point.hollow]
    if not sure:
        if all(point.effect.low is None for point in points):
            return f"One pair of runs tells nothing of {what} at {sizes}"
        return f"At {sizes} no policy has an effect on {what} that can be told from luck"
    first = max(sure, key=lambda point: abs(point.effect.mean or 0.0))
    effect, cost = first.effect, first.cost
    return (
        f"At {sizes} {lower_first(first.name)} moves {what} most: "
        f"{run_words.moved(effect)}{run_words.a_year(effect)} ({rank_words.confidence(result)} "
        f"interval {run_words.ends(effect)}) for {figure(cost)}{_range(cost)}"
    )


def _range(cost: Effect) -> str:
    return f" ({within(cost)})" if within(cost) else ""


def _said(result: RankResult, point: Point) -> str:
    effect = point.effect
    if run_words.exactly_nothing(effect):
        return f"{point.name}: exactly nothing, for {figure(point.cost)}"
    text = f"{run_words.moved(effect)}{run_words.a_year(effect)}"
    if effect.low is not None:
        covers = ", covers zero" if effect.covers_zero else ""
        text += f" ({rank_words.confidence(result)} interval {run_words.ends(effect)}{covers})"
    return f"{point.name}: {text}, for {figure(point.cost)}{_range(point.cost)}"


def _numbers(points: Sequence[Point]) -> pl.DataFrame:
    rows = [
        {
            "policy": point.name,
            "comparator": point.hollow,
            "quantity": point.effect.quantity,
            "unit": point.effect.unit,
            "mean": point.effect.mean,
            "low": point.effect.low,
            "high": point.effect.high,
            "pairs": point.effect.pairs,
            "cost_basis": point.cost.quantity,
            "cost_usd_of_2022": point.cost.mean,
            "cost_low": point.cost.low,
            "cost_high": point.cost.high,
        }
        for point in points
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _warps(points: Sequence[Point]) -> tuple[Warp, Warp]:
    """Return the scales of cost and of effect: warped only where some would dwarf the others."""
    closer = enlarged([point.effect for point in points])
    costs = sorted(reach(point.cost) for point in points)
    middle = costs[len(costs) // 2]
    dear = middle > 0.0 and costs[-1] > DWARFED * middle
    return (
        Warp(middle / EVEN if dear else None),
        Warp(closer / EVEN if closer is not None else None),
    )


def _ticks(warp: Warp, low: float, high: float, most: int) -> list[float]:
    """Return round values whose places are far enough apart."""
    if warp.even is None or high <= low:
        return steps_between(low, high, most) if high > low else [0.0]
    ladder = [0.0]
    power = 10.0 ** math.floor(math.log10(warp.even))
    while power <= max(abs(low), abs(high)):
        ladder += [sign * factor * power for factor in (1.0, 3.0) for sign in (1.0, -1.0)]
        power *= 10.0
    apart = (warp.at(high) - warp.at(low)) / (most + 1.0)
    kept: list[float] = []
    # Zero first, then from the far ends inwards: the ends say how far the axis goes.
    for tick in sorted(ladder, key=lambda one: (one != 0.0, -abs(one))):
        if low <= tick <= high and all(
            abs(warp.at(tick) - warp.at(other)) >= apart for other in kept
        ):
            kept.append(tick)
    return sorted(kept)


def _ends(effects: Sequence[Effect], warp: Warp) -> tuple[float, float]:
    """Return the ends of an axis that holds all intervals and zero, on the axis' own scale."""
    ends = [0.0]
    for effect in effects:
        ends += [end for end in (effect.mean, effect.low, effect.high) if end is not None]
    low, high = warp.at(min(ends)), warp.at(max(ends))
    pad = 0.06 * (high - low) or 1.0
    return low - pad, high + pad


def _layout(frame: Frame, result: RankResult, points: Sequence[Point]) -> Drawing:
    across, up = _warps(points)
    x_low, x_high = _ends([point.cost for point in points], across)
    y_low, y_high = _ends([point.effect for point in points], up)
    left = frame.side + (52.0 if frame.narrow else 72.0)
    head = frame.text * 2.4
    width = frame.width - left - frame.side - 8.0
    height = 330.0 if frame.narrow else 520.0

    def at(point: tuple[float, float]) -> tuple[float, float]:
        """Return the pixels of a point in the panel, from its top left corner."""
        x = (across.at(point[0]) - x_low) / (x_high - x_low) * width
        y = (y_high - up.at(point[1])) / (y_high - y_low) * height
        return x, y

    x_ticks = _ticks(across, *_values(result, points, "cost"), 4 if frame.narrow else 7)
    y_ticks = _ticks(up, *_values(result, points, "effect"), 6 if frame.narrow else 8)
    marks: list[Mark] = [
        *(Line([x_low, x_high], [up.at(tick)] * 2, GRID, 1.0) for tick in y_ticks if tick),
        *(Line([across.at(tick)] * 2, [y_low, y_high], GRID, 1.0) for tick in x_ticks),
        Line([x_low, x_high], [up.at(0.0)] * 2, INK, 1.2),
    ]
    budget = across.at(budget_watched(result))
    labels = []
    if x_low < budget < x_high:
        marks.append(Line([budget] * 2, [y_low, y_high], MUTED, 1.2, dashed=True))
        labels.append(
            Label(
                f"{rank_words.money_watched(result)}: compared here",
                budget,
                y_low,
                frame.small,
                dx=5,
                dy=-9,
                colour=MUTED,
                backed=True,
            )
        )
    zero, there = at((0.0, 0.0))[1], at((budget_watched(result), 0.0))[0]
    lines: list[Rectangle] = [
        (0.0, zero - 1.0, width, zero + 1.0),
        (there - 1.0, 0.0, there + 1.0, height),
        (there, height - 20.0, there + 170.0, height),
    ]
    for point in points:
        marks += _marks(point, across, up)
        lines += _bars(point, at)
    texts_of = [str(number) if frame.narrow else p.name for number, p in enumerate(points, 1)]
    marks_of = [at((point.cost.mean or 0.0, point.effect.mean or 0.0)) for point in points]
    sizes = [(_wide(text, frame.small), frame.small * 1.2) for text in texts_of]
    placed = place(marks_of, sizes, lines, (0.0, 0.0, width + 8.0, height))
    texts = [
        _name(frame, point, text, box, (left, head), mark[0])
        for text, box, point, mark in zip(texts_of, placed, points, marks_of, strict=True)
    ]
    marks[3:3] = _leaders(placed, marks_of, x_low, x_high, y_low, y_high, width, height)
    on_x = effect_numbers.tick_scale("USD", x_ticks)
    on_y = effect_numbers.tick_scale(points[0].effect.unit, y_ticks)
    panel = Panel(
        left=left,
        top=head,
        width=width,
        height=height,
        x=Axis(x_low, x_high, [(across.at(tick), on_x.shown(tick)) for tick in x_ticks]),
        y=Axis(y_low, y_high, [(up.at(tick), on_y.shown(tick, sign=True)) for tick in y_ticks]),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )
    effect = points[0].effect
    texts += [
        Label(
            f"Local {names.run_phrase(effect.quantity)}: "
            f"{effect_numbers.change_unit(effect.unit)}{run_words.a_year(effect)}",
            frame.side, 2, frame.small, height="top", colour=MUTED,
        ),
        Label(
            f"Cost over {rank_words.horizon(result)}, present value, US dollars of 2022",
            left + width, head + height + 26, frame.small, side="right", height="top",
            colour=MUTED,
        ),
    ]  # fmt: skip
    bottom = head + height + 26 + frame.small * 1.8
    if frame.narrow:
        key, bottom = _key(frame, points, bottom + 6)
        texts += key
    return Drawing(frame.width, bottom, [panel], texts)


def _values(result: RankResult, points: Sequence[Point], which: str) -> tuple[float, float]:
    """Return the least and the largest value that an axis must show; zero lies within."""
    ends = [0.0]
    for point in points:
        effect = point.cost if which == "cost" else point.effect
        ends += [end for end in (effect.mean, effect.low, effect.high) if end is not None]
    return min(ends), max(ends)


def _marks(point: Point, across: Warp, up: Warp) -> list[Mark]:
    """Draw a point with its intervals both ways."""
    effect, cost = point.effect, point.cost
    assert effect.mean is not None
    assert cost.mean is not None
    x, y = across.at(cost.mean), up.at(effect.mean)
    quiet = point.colour == QUIET
    width = 1.4 if quiet else 2.4
    marks: list[Mark] = []
    if effect.low is not None and effect.high is not None:
        ends = [up.at(effect.low), up.at(effect.high)]
        marks.append(Line([x, x], ends, point.colour, width, opacity=0.75))
    if cost.low is not None and cost.high is not None:
        ends = [across.at(cost.low), across.at(cost.high)]
        marks.append(Line(ends, [y, y], point.colour, width, opacity=0.75))
    fill = PAPER if point.hollow else point.colour
    marks.append(Dots([x], [y], [9 if quiet else 11], [fill], point.colour, 2.0))
    return marks


def _bars(point: Point, at: object) -> list[Rectangle]:
    """Return the intervals of a point as thin rectangles, in pixels."""
    assert callable(at)
    effect, cost = point.effect, point.cost
    mean = (cost.mean or 0.0, effect.mean or 0.0)
    bars = []
    for low, high in (
        ((mean[0], effect.low), (mean[0], effect.high)),
        ((cost.low, mean[1]), (cost.high, mean[1])),
    ):
        if None in (*low, *high):
            continue
        (x0, y0), (x1, y1) = at(low), at(high)
        bars.append((min(x0, x1) - 1.0, min(y0, y1) - 1.0, max(x0, x1) + 1.0, max(y0, y1) + 1.0))
    return bars


def _leaders(
    placed: Sequence[Placed],
    points: Sequence[tuple[float, float]],
    x_low: float,
    x_high: float,
    y_low: float,
    y_high: float,
    width: float,
    height: float,
) -> list[Mark]:
    """Draw thin lines from points to labels that stand far off."""

    def back(x: float, y: float) -> tuple[float, float]:
        return x_low + x / width * (x_high - x_low), y_high - y / height * (y_high - y_low)

    made: list[Mark] = []
    for one, (x, y) in zip(placed, points, strict=True):
        if not one.led:
            continue
        left, top, right, bottom = one.box
        near = (min(max(x, left), right), min(max(y, top), bottom))
        (x0, y0), (x1, y1) = back(x, y), back(*near)
        made.append(Line([x0, x1], [y0, y1], MUTED, 0.8))
    return made


def _name(
    frame: Frame, point: Point, text: str, box: Placed, corner: tuple[float, float], x: float
) -> Label:
    """Return the name of a point in its place, its nearer end towards the point."""
    before = box.box[2] <= x
    return Label(
        text,
        corner[0] + (box.box[2] if before else box.box[0]),
        corner[1] + (box.box[1] + box.box[3]) / 2.0,
        frame.small,
        side="right" if before else "left",
        colour=_ink(point),
        bold=point.colour != QUIET,
        backed=True,
    )


def _ink(point: Point) -> str:
    """Return the colour of a name: small type needs more contrast than a dot."""
    return {QUIET: INK, HARMS: ACCENT}.get(point.colour, point.colour)


def _wide(text: str, size: int) -> float:
    return len(text) * size * CHARACTER_WIDTH * 1.12 + 4.0


def _key(frame: Frame, points: Sequence[Point], top: float) -> tuple[list[Label], float]:
    """List the names behind the numbers of a phone's chart in two columns."""
    rows = -(-len(points) // 2)
    pitch = frame.small * 1.55
    labels = [
        Label(
            f"{number + 1}  {point.name}",
            frame.side + (number // rows) * frame.width / 2.0,
            top + (number % rows + 0.5) * pitch,
            frame.small,
            colour=_ink(point),
            bold=point.colour != QUIET,
        )
        for number, point in enumerate(points)
    ]
    return labels, top + rows * pitch + 4
