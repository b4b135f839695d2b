"""The effect week by week with its band: the headline large, three more small below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from millworks.report import effect_numbers, names, run_words
from millworks.report.drawing import (
    Area,
    Axis,
    Chart,
    Drawing,
    Label,
    Line,
    Mark,
    Panel,
    steps_between,
)
from millworks.report.style import INK, MUTED, PAPER, REGION_COLOURS, RULE, Footer, Frame, mix
from millworks.study.run_results import Effect, RunResult

SLUG = "effect-over-time"

#: Quantities below the headline, in order of preference; as many as have a path, at most three.
_BELOW = ("output", "jobs", "constrained_now", "income")

_COLOUR = REGION_COLOURS["local"]
_BAND = mix(_COLOUR, PAPER, 0.78)


@dataclass(frozen=True)
class _Path:
    """The effect arm of one quantity, week by week; ends are None with a single pair."""

    effect: Effect
    weeks: list[int]
    mean: list[float]
    low: list[float] | None
    high: list[float] | None

    @property
    def reach(self) -> tuple[float, float]:
        """Smallest and largest value drawn, zero included."""
        every = [0.0, *self.mean, *(self.low or ()), *(self.high or ())]
        return min(every), max(every)


def effect_over_time(result: RunResult, footer: Footer) -> Chart | None:
    """Return the chart of the effect by week; None for a study without weekly paths."""
    headline = run_words.headline_effect(result)
    main = _path(result, headline.quantity) if headline else None
    if main is None:
        return None
    small = [path for path in (_path(result, one) for one in _BELOW) if path is not None][:3]
    pairs = len(result.seeds)
    band = (
        f"Line: mean over {pairs} pairs; band: {run_words.confidence(result)} interval of each "
        f"week taken alone."
        if main.low is not None
        else "One pair of runs: no band can be drawn."
    )
    return Chart(
        slug=SLUG,
        title=run_words.verdict(result),
        subtitle=(
            f"{run_words.upper_arm(result)} less baseline, on the same draws, week by week "
            f"(means of 13 weeks; flows at a yearly rate). {band} The title's figure is the mean "
            f"over all weeks."
        ),
        alt=_alt(result, [main, *small]),
        numbers=_numbers(result),
        layout=lambda frame: _layout(frame, result, main, small),
        footer=footer,
        heading=_heading(main, result.confidence),
    )


def _path(result: RunResult, quantity: str) -> _Path | None:
    effect = run_words.found(result, quantity)
    rows = result.paths.filter((pl.col("quantity") == quantity) & (pl.col("arm") == "effect"))
    rows = rows.drop_nulls("mean").sort("week")
    if effect is None or not len(rows):
        return None
    bare = rows["low"].null_count() > 0 or rows["high"].null_count() > 0
    return _Path(
        effect,
        rows["week"].to_list(),
        rows["mean"].to_list(),
        None if bare else rows["low"].to_list(),
        None if bare else rows["high"].to_list(),
    )


def _heading(path: _Path, confidence: float) -> str:
    """Say in which weeks the band lies clear of zero, for a page whose title says the verdict."""
    what = names.run_label(path.effect.quantity)
    if run_words.exactly_nothing(path.effect):
        return f"{what} week by week: nothing differs"
    if path.low is None or path.high is None:
        return f"{what} week by week, in one pair of runs"
    clear = [low > 0.0 or high < 0.0 for low, high in zip(path.low, path.high, strict=True)]
    if not any(clear):
        return f"{what} week by week: in no week can the effect be told from zero"
    part = sum(clear) / len(clear)
    if part > 0.995:
        return f"{what} week by week: in every week the effect can be told from zero"
    chance = 1.0 - confidence
    if part <= 2.0 * chance:
        return (
            f"{what} week by week: the effect can be told from zero in {100 * part:.0f}% of the "
            f"weeks, luck alone gives about {100 * chance:.0f}%"
        )
    first = path.weeks[clear.index(True)]
    return (
        f"{what} week by week: the effect can be told from zero in {100 * part:.0f}% of the weeks, "
        f"first in week {first}"
    )


def _alt(result: RunResult, paths: Sequence[_Path]) -> str:
    said = []
    for path in paths:
        on = effect_numbers.scale(path.effect.unit, path.reach, change=True)
        year = run_words.a_year(path.effect)
        quarter, last = path.mean[: len(path.mean) // 4 or 1], path.mean[-52:]
        said.append(
            f"{run_words.change_sentence(result, path.effect)}; mean of the first quarter of the "
            f"weeks {on.shown(sum(quarter) / len(quarter), sign=True)}{year}, of the last year "
            f"{on.shown(sum(last) / len(last), sign=True)}{year}."
        )
    return f"Lines over weeks {paths[0].weeks[0]} to {paths[0].weeks[-1]}. {' '.join(said)}"


def _numbers(result: RunResult) -> pl.DataFrame:
    units = {effect.quantity: effect.unit for effect in result.effects}
    return result.paths.with_columns(
        unit=pl.col("quantity").replace_strict(units, default="", return_dtype=pl.String)
    )


def _layout(frame: Frame, result: RunResult, main: _Path, small: Sequence[_Path]) -> Drawing:
    room = frame.width - 2 * frame.side
    head, gap = frame.text * 2.6, frame.text * (3.4 if frame.narrow else 2.6)
    tall = 250.0 if frame.narrow else 320.0
    low = 110.0 if frame.narrow else 128.0
    axis = 52.0 if frame.narrow else 76.0
    panels = [_panel(frame, result, main, frame.side, head, room, tall, axis, main_panel=True)]
    top = head + tall + gap + frame.text * 3.6
    columns = 1 if frame.narrow else max(1, len(small))
    between = 34.0
    width = (room - between * (columns - 1)) / columns
    for place, path in enumerate(small):
        column, row = place % columns, place // columns
        panels.append(
            _panel(
                frame,
                result,
                path,
                frame.side + column * (width + between),
                top + row * (low + gap + frame.text * 2.2),
                width,
                low,
                axis,
            )
        )
    rows = -(-len(small) // columns)
    height = top + rows * (low + gap + frame.text * 2.2) - frame.text * 1.6
    return Drawing(frame.width, height, panels)


def _panel(
    frame: Frame,
    result: RunResult,
    path: _Path,
    left: float,
    top: float,
    width: float,
    height: float,
    axis: float,
    *,
    main_panel: bool = False,
) -> Panel:
    low, high = path.reach
    pad = 0.06 * (high - low) or 1.0
    low, high = low - pad, high + pad
    still = path.reach == (0.0, 0.0)
    ticks = [0.0] if still else steps_between(low, high, 6 if main_panel else 3)
    on = effect_numbers.tick_scale(path.effect.unit, ticks)
    first, last = path.weeks[0], path.weeks[-1]
    marks: list[Mark] = []
    if path.low is not None and path.high is not None:
        marks.append(Area(path.weeks, path.low, path.high, _BAND))
    marks.append(Line([first, last], [0.0, 0.0], INK, 1.2))
    marks.append(Line(path.weeks, path.mean, _COLOUR, 2.4 if main_panel else 1.8))
    labels = _heads(frame, result, path, high, first, axis, main_panel)
    for week in _starts(result, first, last) if main_panel else ():
        marks.append(Line([week, week], [low, high], RULE, 1.4, dashed=True))
        labels.append(
            Label(
                f"starts, week {week}",
                week,
                high,
                frame.small,
                dx=5,
                dy=8,
                colour=MUTED,
                backed=True,
            )
        )
    return Panel(
        left=left + axis,
        top=top,
        # Half of the last tick's label hangs over the end.
        width=width - axis - frame.small * 2.0,
        height=height,
        x=Axis(first, last, _years(frame, first, last, wide=main_panel)),
        y=Axis(
            low,
            high,
            [(tick, on.shown(tick, sign=True)) for tick in ticks],
            grid=True,
        ),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )


def _heads(
    frame: Frame,
    result: RunResult,
    path: _Path,
    high: float,
    first: int,
    axis: float,
    main_panel: bool,
) -> list[Label]:
    """Name the panel above it: quantity and unit, in a small one the change over all weeks."""
    effect = path.effect
    unit = effect_numbers.change_unit(effect.unit)
    year = run_words.a_year(effect)
    name = names.run_label(effect.quantity)
    start: dict[str, Any] = {"x": first, "y": high, "dx": -axis, "height": "bottom"}
    if main_panel:
        return [Label(f"{name}: {unit}{year}", dy=-10, size=frame.text, bold=True, **start)]
    ends = run_words.ends(effect, short=True)
    covers = ", covers zero" if effect.covers_zero else ""
    change = run_words.moved(effect, short=True)
    said = f"{change}{year} ({ends}{covers})" if ends != "—" else f"{change}{year}"
    if run_words.exactly_nothing(effect):
        said = "exactly zero"
    return [
        Label(name, dy=-12 - frame.small * 1.3, size=frame.text, bold=True, **start),
        Label(said, dy=-10, size=frame.small, colour=MUTED, **start),
    ]


def _starts(result: RunResult, first: int, last: int) -> list[int]:
    """Return the weeks after the first in which a lever or shock begins."""
    found = {
        int((one.get("settings") or {}).get("start") or 0)
        for one in [*result.levers, *result.shocks]
    }
    return sorted(week for week in found if first < week < last)


def _years(frame: Frame, first: int, last: int, *, wide: bool) -> list[tuple[float, str]]:
    """Return ticks at whole years, few enough to stand apart; a short run has ticks of weeks."""
    most = 11 if wide and not frame.narrow else 5
    years = (last + 1) // 52
    if years < 2:
        return [(float(w), f"week {w}") for w in steps_between(first, last, 4) if w >= first]
    every = next(step for step in (1, 2, 5, 10, 20, 50) if years / step <= most)
    return [
        (float(min(52 * year, last)), f"year {year}" if year else "start")
        for year in range(0, years + 1, every)
        if first <= 52 * year <= last + 1
    ]
