"""What each policy adds and who has it: terms stacked from zero, the net effect with its interval.

What adds stands to the right of zero, what is lost to the left; the dot is their sum.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from millworks.report import additionality_words, effect_numbers, many_arms, run_words
from millworks.report.drawing import (
    Axis,
    Box,
    Chart,
    Dots,
    Drawing,
    Label,
    Line,
    Mark,
    Panel,
    steps_between,
)
from millworks.report.style import (
    ACCENT,
    CHARACTER_WIDTH,
    EFFECT_COLOURS,
    INK,
    MUTED,
    PAPER,
    REGION_COLOURS,
    RULE,
    Footer,
    Frame,
)
from millworks.study.additionality.identity import NET, TERMS
from millworks.study.additionality.results import Additionality, AdditionalityResult

SLUG = "additionality"

COLOURS = {
    "treated": EFFECT_COLOURS["direct", "local"],
    "indirect": EFFECT_COLOURS["indirect", "local"],
    "induced": EFFECT_COLOURS["induced", "local"],
    "dynamic": REGION_COLOURS["rest_of_us"],
    "spillover": EFFECT_COLOURS["indirect", "rest_of_us"],
    "displacement": ACCENT,
}
"""Colour of each term, in the order in which they are stacked."""


def additionality(result: AdditionalityResult, footer: Footer) -> Chart | None:
    """Return the chart; None for a study without policies."""
    policies = ordered(result)
    if not policies:
        return None
    pairs = len(result.seeds)
    interval = (
        f"Dot and bar: the net effect with its {many_arms.confidence(result)} interval over "
        f"{pairs} pairs of runs; grey figures: it covers zero."
        if pairs > 1
        else "Dot: the net effect. One pair of runs: no interval, so any of these may be chance."
    )
    return Chart(
        slug=SLUG,
        title=additionality_words.headline(result),
        subtitle=(
            "Local value added, policy less baseline, US dollars of 2022 a year, each policy alone "
            f"at its default size. Stacked: its terms, which add up to its net effect; what adds "
            f"stands to the right of zero, what takes to the left. {interval}"
        ),
        alt=". ".join(additionality_words.net_sentence(one) for one in policies) + ".",
        numbers=_numbers(policies),
        layout=lambda frame: _layout(frame, policies),
        footer=footer,
    )


def ordered(result: AdditionalityResult) -> list[Additionality]:
    """Return levers by their net effect, largest first, then comparators likewise."""
    return sorted(
        result.policies, key=lambda one: (one.comparator, -(one.find(NET).mean or 0.0), one.name)
    )


def _numbers(policies: Sequence[Additionality]) -> pl.DataFrame:
    rows = [
        {
            "policy": one.name,
            "term": term,
            "sign_in_sum": TERMS.get(term, 0),
            "usd_of_2022_a_year": effect.mean,
            "low": effect.low,
            "high": effect.high,
            "pairs": effect.pairs,
        }
        for one in policies
        for term in (*COLOURS, NET)
        for effect in [one.find(term)]
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def stacked(one: Additionality) -> list[tuple[str, float, float]]:
    """Return the bars of a policy (term, from, to): gains to the right of zero, losses left."""
    bars, right, left = [], 0.0, 0.0
    for term in COLOURS:
        value = TERMS[term] * (one.find(term).mean or 0.0)
        if value > 0.0:
            bars.append((term, right, right + value))
            right += value
        elif value < 0.0:
            bars.append((term, left + value, left))
            left += value
    return bars


def _layout(frame: Frame, policies: Sequence[Additionality]) -> Drawing:
    pitch = frame.text * (4.4 if frame.narrow else 2.7)
    names_width = 0.0 if frame.narrow else 200.0
    figures = [_figure(one) for one in policies]
    longest = max(len(figure) for figure in figures)
    figures_width = 0.0 if frame.narrow else longest * frame.small * CHARACTER_WIDTH + 16
    room = frame.width - 2 * frame.side
    texts, legend, head = _legend(frame, room)
    height = pitch * len(policies)
    ends = [0.0]
    for one in policies:
        ends += [end for _, low, high in stacked(one) for end in (low, high)]
        net = one.find(NET)
        ends += [end for end in (net.mean, net.low, net.high) if end is not None]
    pad = 0.03 * (max(ends) - min(ends)) or 1.0
    low, high = min(ends) - pad, max(ends) + pad
    marks: list[Mark] = []
    labels: list[Label] = []
    for row, (one, figure) in enumerate(zip(policies, figures, strict=True)):
        top = height - row * pitch
        middle = top - pitch * (0.68 if frame.narrow else 0.5)
        bar, half = middle + 0.3 * frame.text, 0.52 * frame.text
        if row:
            apart = one.comparator and not policies[row - 1].comparator
            marks.append(Line([low, high], [top, top], RULE, 1.6 if apart else 0.6))
        marks += [
            Box(start, end, bar - half, bar + half, COLOURS[term])
            for term, start, end in stacked(one)
        ]
        # Below the bars, so that neither hides the other.
        marks += _net(one, middle - 0.62 * frame.text)
        labels += _row_labels(frame, one, figure, (low, high), (top, middle))
    marks.append(Line([0.0, 0.0], [0.0, height], INK, 1.2))
    ticks = steps_between(low, high, 3 if frame.narrow else 6)
    on = effect_numbers.tick_scale("USD", ticks)
    panel = Panel(
        left=frame.side + names_width,
        top=head,
        width=room - names_width - figures_width,
        height=height,
        x=Axis(low, high, [(tick, on.shown(tick, sign=True)) for tick in ticks], grid=True),
        y=Axis(0, height),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )
    return Drawing(frame.width, head + height + frame.text * 2.2, [legend, panel], texts)


def _net(one: Additionality, middle: float) -> list[Mark]:
    """The net effect: a line for its interval and a dot."""
    net = one.find(NET)
    marks: list[Mark] = []
    if net.low is not None and net.high is not None:
        marks.append(Line([net.low, net.high], [middle] * 2, INK, 2.0))
    if net.mean is not None:
        marks.append(Dots([net.mean], [middle], [10], [INK], edge=PAPER, edge_width=1.0))
    return marks


def _row_labels(
    frame: Frame,
    one: Additionality,
    figure: str,
    ends: tuple[float, float],
    places: tuple[float, float],
) -> list[Label]:
    """Name and figure of a policy: beside its bars, on a phone above them."""
    (low, high), (top, middle) = ends, places
    name = additionality_words.title_of(one)
    quiet = MUTED if one.find(NET).covers_zero in (True, None) else INK
    if frame.narrow:
        above = top - frame.text * 0.95
        return [
            Label(name, low, above, frame.text, colour=INK, bold=True, backed=True),
            Label(figure, high, above, frame.small, side="right", colour=quiet),
        ]
    lines = "\n".join(frame.wrap(name, frame.text, 190.0)[:2])
    return [
        Label(lines, low, middle, frame.text, dx=-200),
        Label(figure, high, middle, frame.small, dx=12, colour=quiet),
    ]


def _figure(one: Additionality) -> str:
    """Return the net effect with its interval, the unit once."""
    net = one.find(NET)
    if net.mean is None or run_words.exactly_nothing(net):
        return "exactly 0"
    ends = many_arms.bare_ends(net)
    text = run_words.moved(net, short=True)
    return f"{text} ({ends})" if ends else text


def _legend(frame: Frame, room: float) -> tuple[list[Label], Panel, float]:
    """Squares with the names of the terms in rows, and how high they stand."""
    texts: list[Label] = []
    marks: list[Mark] = []
    line = frame.text * 1.75
    x, row = 0.0, 0
    side = frame.text * 0.8
    entries = [*COLOURS.items(), (NET, INK)]
    spots = []
    for term, colour in entries:
        label = "Net effect" if term == NET else additionality_words.TERM_LABELS[term]
        width = side + 8 + len(label) * frame.text * CHARACTER_WIDTH + 22
        if x + width > room and x > 0.0:
            x, row = 0.0, row + 1
        spots.append((x, row, colour, label, term))
        x += width
    height = (row + 1) * line
    for left, at, colour, label, term in spots:
        middle = height - (at + 0.5) * line
        if term == NET:
            marks.append(Dots([left + side / 2], [middle], [11], [INK], edge=PAPER))
        else:
            marks.append(Box(left, left + side, middle - side / 2, middle + side / 2, colour))
        texts.append(Label(label, frame.side + left + side + 8, height - middle, frame.text))
    panel = Panel(
        left=frame.side,
        top=0.0,
        width=room,
        height=height,
        x=Axis(0.0, room),
        y=Axis(0.0, height),
        marks=marks,
    )
    return texts, panel, height + frame.text * 0.8
