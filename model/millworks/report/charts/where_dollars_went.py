"""Where the programme's dollars went: payers to the left, payees to the right, one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

from millworks.report import run_words
from millworks.report.dollar_flows import Flows, Side, flows, paid_by
from millworks.report.drawing import Area, Axis, Box, Chart, Drawing, Label, Mark, Panel
from millworks.report.drawing import Side as Where
from millworks.report.effect_numbers import scale
from millworks.report.style import INK, MUTED, PAPER, REGION_COLOURS, Footer, Frame, mix
from millworks.report.words import listed, lower_first, shortened, upper_first
from millworks.study.run_results import RunResult

SLUG = "where-dollars-went"

_FROM, _TO, _FUND = REGION_COLOURS["abroad"], REGION_COLOURS["local"], REGION_COLOURS["national"]

#: Sides drawn one by one; the smaller are summed.
_MOST = 9

_End = tuple[Sequence[Side], Sequence[tuple[float, float]], float, str, Where, float]
"""Sides, spans of their bars, place of the bars, colour, side of the labels, how far off."""

_CURVE = 24
"""Points of the edge of a stream."""


def where_dollars_went(result: RunResult, footer: Footer) -> Chart | None:
    """Return the chart; None where no dollar of a programme moved."""
    found = _fewer(flows(result.dollars))
    if found.total <= 0.0:
        return None
    through = (
        f" Money runs through the {lower_first(listed(found.funds))}, so that no payer's dollar "
        f"can be followed to one payee."
        if found.funds
        else ""
    )
    several = len(result.seeds) > 1
    spread = (
        f"means over {len(result.seeds)} pairs of runs, in brackets the "
        f"{run_words.confidence(result)} interval of what is one payment"
        if several
        else "one pair of runs"
    )
    return Chart(
        slug=SLUG,
        title=_title(result, found),
        subtitle=(
            f"US dollars of 2022 over {run_words.horizon(result)}, {spread}. Both sides add up to "
            f"{_usd(found.total)}; heights are in proportion.{through}"
        ),
        alt=(
            f"Streams of dollars over {run_words.horizon(result)}. Paid by: "
            f"{_said(found.payers)}. Paid to: {_said(found.payees)}. Each side adds up to "
            f"{_usd(found.total)}."
        ),
        numbers=result.dollars.rename(
            {"usd": "usd_of_2022", "usd_low": "usd_of_2022_low", "usd_high": "usd_of_2022_high"},
            strict=False,
        ),
        layout=lambda frame: _bars(frame, found) if frame.narrow else _streams(frame, found),
        footer=footer,
    )


def _fewer(found: Flows) -> Flows:
    """Sum the smallest sides into one where there are too many to draw."""

    def cut(sides: list[Side]) -> tuple[list[Side], dict[int, int]]:
        if len(sides) <= _MOST:
            return sides, {place: place for place in range(len(sides))}
        rest = sides[_MOST - 1 :]
        summed = Side(f"{len(rest)} others together", sum(side.usd for side in rest))
        return [*sides[: _MOST - 1], summed], {
            place: min(place, _MOST - 1) for place in range(len(sides))
        }

    payers, left = cut(found.payers)
    payees, right = cut(found.payees)
    links = [(left[one], right[other], usd) for one, other, usd in found.links]
    return Flows(payers, payees, links, found.funds)


def _title(result: RunResult, found: Flows) -> str:
    """Say who paid, and where most of it went, with its interval."""
    total = _usd(found.total)
    who = f"{upper_first(paid_by(found, 'paid'))} of {total}"
    if len(found.payers) == 1:
        who = f"{found.payers[0].name} paid {total}"
    most = found.payees[0]
    within = _within(most)
    interval = f" ({run_words.confidence(result)} interval {within})" if within else ""
    part = f"most, {_usd(most.usd)}{interval}," if len(found.payees) > 1 else "all of it"
    what = f" ({most.what})" if most.what else ""
    return f"{who}; {part} went to {lower_first(most.name)}{what}"


def _usd(value: float) -> str:
    return scale("USD", [value]).shown(value)


def _short(value: float) -> str:
    return scale("USD", [value], short=True).shown(value)


def _within(side: Side) -> str:
    """Return the interval of one side: '$20.0 to $23.8 million'; '' where there is none."""
    if side.low is None or side.high is None:
        return ""
    on = scale("USD", [side.low, side.high])
    return f"{on.shown(side.low).removesuffix(on.after)} to {on.shown(side.high)}"


def _said(sides: Sequence[Side]) -> str:
    return listed([f"{lower_first(side.label)} {_usd(side.usd)}" for side in sides])


def _value(side: Side) -> str:
    if side.low is None or side.high is None:
        return _short(side.usd)
    half = (side.high - side.low) / 2.0
    on = scale("USD", [side.usd, side.low, side.high], half=half, short=True)
    return f"{on.shown(side.usd)} ({on.bare(side.low)} to {on.bare(side.high)})"


def _streams(frame: Frame, found: Flows) -> Drawing:
    """Lay out bars on both sides and the streams between them, all on one scale."""
    room = frame.width - 2 * frame.side
    head, gap = frame.text * 2.6, frame.text * 3.7
    tallest = max(len(found.payers), len(found.payees))
    label_width, bar = 250.0, 18.0
    # Dollars per pixel: what is drawn of them is as high whatever the gaps between.
    unit = found.total / 230.0
    height = 230.0 + gap * (tallest - 1)
    left = _stack(found.payers, unit, gap, height)
    right = _stack(found.payees, unit, gap, height)
    inner = room - 2 * label_width
    x0, x1 = bar, inner - bar
    marks: list[Mark] = []
    if found.funds or not found.links:
        marks += _through_fund(found, left, right, unit, height, x0, x1, bar)
    else:
        marks += _direct(found, left, right, unit, x0, x1)
    labels: list[Label] = []
    ends: tuple[_End, ...] = (
        (found.payers, left, 0.0, _FROM, "right", -10.0),
        (found.payees, right, inner - bar, _TO, "left", bar + 10.0),
    )
    for sides, spans, x, colour, side, dx in ends:
        for one, (low, top) in zip(sides, spans, strict=True):
            marks.append(Box(x, x + bar, low, max(top, low + 1.0), colour))
            middle = (low + top) / 2.0
            lines = [one.name, *([one.what] if one.what else []), _value(one)]
            for row, text in enumerate(lines):
                first = row == 0
                labels.append(
                    Label(
                        shortened(text, 32 if first else 40),
                        x,
                        middle,
                        frame.text if first else frame.small,
                        dx=dx,
                        dy=(row - (len(lines) - 1) / 2.0) * frame.text * 1.15,
                        side=side,
                        colour=INK if first else MUTED,
                    )
                )
    panel = Panel(
        left=frame.side + label_width,
        top=head,
        width=inner,
        height=height,
        x=Axis(0.0, inner),
        y=Axis(0.0, height),
        marks=marks,
        labels=labels,
    )
    texts = [
        Label(
            "Who paid",
            frame.side + label_width - 10,
            6,
            frame.text,
            side="right",
            height="top",
            bold=True,
        ),
        Label(
            "Who was paid",
            frame.side + room - label_width + 10,
            6,
            frame.text,
            height="top",
            bold=True,
        ),
    ]
    if found.funds:
        middle = frame.side + room / 2.0
        name = f"{listed(found.funds)}: {_usd(found.total)}"
        texts.append(Label(name, middle, 6, frame.text, side="center", height="top", bold=True))
    return Drawing(frame.width, head + height + 16, [panel], texts)


def _stack(
    sides: Sequence[Side], unit: float, gap: float, height: float
) -> list[tuple[float, float]]:
    """Return (bottom, top) of each bar in pixels, from the top down, centred on the height."""
    total = sum(side.usd for side in sides) / unit + gap * (len(sides) - 1)
    top = height - (height - total) / 2.0
    spans = []
    for side in sides:
        spans.append((top - side.usd / unit, top))
        top -= side.usd / unit + gap
    return spans


def _through_fund(
    found: Flows,
    left: Sequence[tuple[float, float]],
    right: Sequence[tuple[float, float]],
    unit: float,
    height: float,
    x0: float,
    x1: float,
    bar: float,
) -> list[Mark]:
    """Draw every stream into the bar of the fund, and out of it."""
    thick = found.total / unit
    low = (height - thick) / 2.0
    middle = (x0 + x1) / 2.0
    marks: list[Mark] = []
    for spans, x, towards, colour in (
        (left, x0, middle - bar / 2, _FROM),
        (right, x1, middle + bar / 2, _TO),
    ):
        top = low + thick
        for under, over in spans:
            size = over - under
            marks.append(_stream(x, (under, over), towards, (top - size, top), colour))
            top -= size
    marks.append(Box(middle - bar / 2, middle + bar / 2, low, low + thick, _FUND))
    return marks


def _direct(
    found: Flows,
    left: Sequence[tuple[float, float]],
    right: Sequence[tuple[float, float]],
    unit: float,
    x0: float,
    x1: float,
) -> list[Mark]:
    """Draw a stream for every payment from its payer to its payee."""
    tops_left, tops_right = [top for _, top in left], [top for _, top in right]
    marks: list[Mark] = []
    for payer, payee, usd in sorted(found.links):
        size = usd / unit
        one, other = tops_left[payer], tops_right[payee]
        marks.append(_stream(x0, (one - size, one), x1, (other - size, other), _TO))
        tops_left[payer] -= size
        tops_right[payee] -= size
    return marks


def _stream(
    x0: float, start: tuple[float, float], x1: float, end: tuple[float, float], colour: str
) -> Area:
    """Return a stream of even height from one span to another."""
    xs, lows, highs = [], [], []
    for step in range(_CURVE + 1):
        part = step / _CURVE
        bend = 0.5 - 0.5 * math.cos(math.pi * part)
        xs.append(x0 + (x1 - x0) * part)
        lows.append(start[0] + (end[0] - start[0]) * bend)
        highs.append(start[1] + (end[1] - start[1]) * bend)
    return Area(xs, lows, highs, mix(colour, PAPER, 0.72))


def _bars(frame: Frame, found: Flows) -> Drawing:
    """Lay both sides out as bars below each other: a phone has no room for streams."""
    from millworks.report.charts.bars import Bar, Block, panel

    # A little room, so that the longest bar's figure stays on the sheet.
    high = 1.1 * max(side.usd for side in (*found.payers, *found.payees))
    top, panels = 4.0, []
    for heading, sides, colour in (
        ("Who paid", found.payers, _FROM),
        ("Who was paid", found.payees, _TO),
    ):
        bars = [Bar(side.label, 0.0, side.usd, _short(side.usd), colour) for side in sides]
        block = Block(heading, f"{_usd(found.total)} in all", bars)
        panels.append(
            panel(
                frame,
                block,
                left=frame.side,
                top=top,
                width=frame.width - 2 * frame.side,
                label_width=0.0,
                high=high,
            )
        )
        top += block.height(frame) + frame.text * 1.7
    return Drawing(frame.width, top, panels)
