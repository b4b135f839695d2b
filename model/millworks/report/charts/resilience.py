"""Which policy softens which shock: a cell and its interval for each; what is not told is quiet."""

from __future__ import annotations

import textwrap

import polars as pl

from millworks.report import many_arms, run_words, stress_words
from millworks.report.drawing import Axis, Box, Chart, Drawing, Label, Line, Mark, Panel
from millworks.report.style import (
    ACCENT,
    CHARACTER_WIDTH,
    EFFECT_COLOURS,
    MUTED,
    PAPER,
    RULE,
    Footer,
    Frame,
    mix,
    text_on,
)
from millworks.study.stress_results import NOTHING, SOFTENS, WORSENS, StressResult, UnderShock

SLUG = "resilience"

_SOFT, _WORSE = EFFECT_COLOURS["indirect", "local"], ACCENT
_PALEST = 0.25


def resilience(result: StressResult, footer: Footer) -> Chart | None:
    """Return the chart; None for a study without cells."""
    if not result.cells:
        return None
    pairs = len(result.seeds)
    return Chart(
        slug=SLUG,
        title=stress_words.headline(result).partition(";")[0],
        subtitle=(
            "What a shock costs without the policy less what it costs with it, local value added "
            f"over {result.weeks} weeks, US dollars. Blue-green: the policy softens the shock; "
            "red-brown: it makes it worse; deeper is more. White and grey: cannot be told from "
            f"zero by a {many_arms.confidence(result)} interval over {pairs} pairs of runs, "
            "corrected for how many policies stand in the column; where there is room it stands "
            "below its figure, else in the tables. Under each shock what it costs alone."
            if pairs > 1
            else "One pair of runs: no interval, so any of these may be chance."
        ),
        alt=". ".join(stress_words.cell_sentence(result, cell) for cell in result.cells) + ".",
        numbers=_numbers(result),
        layout=lambda frame: _layout(frame, result),
        footer=footer,
    )


def _numbers(result: StressResult) -> pl.DataFrame:
    rows = [
        {
            "policy": cell.policy,
            "shock": cell.shock,
            "unit": cell.resilience.unit,
            "resilience": cell.resilience.mean,
            "low": cell.resilience.low,
            "high": cell.resilience.high,
            "p_adjusted": cell.adjusted,
            "verdict": cell.verdict,
            "pairs": cell.resilience.pairs,
        }
        for cell in result.cells
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _layout(frame: Frame, result: StressResult) -> Drawing:
    policies, shocks = result.policies, result.shocks
    pitch = frame.text * (2.7 if frame.narrow else 3.1)
    names_width = 104.0 if frame.narrow else 210.0
    head = frame.text * (4.2 if frame.narrow else 4.6)
    width = frame.width - 2 * frame.side - names_width
    column = min(width / len(shocks), 210.0)
    height = pitch * len(policies)
    top = max((abs(c.resilience.mean or 0.0) for c in result.cells if c.told), default=1.0)
    marks: list[Mark] = []
    labels: list[Label] = []
    texts: list[Label] = []
    for x, shock in enumerate(shocks):
        middle = frame.side + names_width + (x + 0.5) * column
        texts.append(
            Label(
                many_arms.shock_head(shock.name, narrow=frame.narrow),
                middle,
                head - (frame.small * 1.9),
                _small(frame) if frame.narrow else frame.text,
                side="center",
                height="bottom",
                bold=True,
            )
        )
        cost = many_arms.level(shock.loss, short=True)
        texts.append(
            Label(cost, middle, head - 6, _small(frame), side="center", height="bottom",
                  colour=MUTED)
        )  # fmt: skip
    for row, policy in enumerate(policies):
        level = len(policies) - row
        size = frame.small if frame.narrow else frame.text
        room = int((names_width - 8) / (CHARACTER_WIDTH * size))
        # A word is not torn apart, however long.
        lines = textwrap.wrap(stress_words.policy_title(policy), room, break_long_words=False)
        texts.append(Label("\n".join(lines[:2]), frame.side, head + (row + 0.5) * pitch, size))
        for x, shock in enumerate(shocks):
            cell = result.cell(policy.name, shock.name)
            colour = _colour(cell, top)
            marks.append(Box(x + 0.02, x + 0.98, level - 0.95, level - 0.05, colour))
            labels += _figures(frame, cell, x + 0.5, level - 0.5, colour, column)
    marks += [
        Line([0, len(shocks)], [level, level], RULE, 0.6) for level in range(len(policies) + 1)
    ]
    texts.append(
        Label(
            "costs alone" if not frame.narrow else "cost",
            frame.side + names_width - 10,
            head - 6,
            _small(frame),
            side="right",
            height="bottom",
            colour=MUTED,
        )
    )
    panel = Panel(
        left=frame.side + names_width,
        top=head,
        width=column * len(shocks),
        height=height,
        x=Axis(0, len(shocks)),
        y=Axis(0, len(policies)),
        marks=marks,
        labels=labels,
    )
    return Drawing(frame.width, head + height + 10, [panel], texts)


def _small(frame: Frame) -> int:
    return 9 if frame.narrow else frame.small


def _colour(cell: UnderShock, top: float) -> str:
    """Paper for what is not told; the hue of its sign, deeper the larger, for what is."""
    hue = {SOFTENS: _SOFT, WORSENS: _WORSE}.get(cell.verdict)
    if hue is None:
        return PAPER
    size = abs(cell.resilience.mean or 0.0) / top
    return mix(PAPER, hue, _PALEST + (1.0 - _PALEST) * size)


def _figures(
    frame: Frame, cell: UnderShock, x: float, y: float, colour: str, column: float
) -> list[Label]:
    """The figure of a cell and, where there is room, its interval below."""
    ink = MUTED if colour == PAPER else text_on(colour)
    if cell.verdict == NOTHING:
        return [Label("0", x, y, _small(frame), side="center", colour=ink)]
    figure = (
        many_arms.brief(cell.resilience)
        if frame.narrow
        else run_words.moved(cell.resilience, short=True)
    )
    ends = many_arms.bare_ends(cell.resilience)
    size = _small(frame) if frame.narrow else frame.text
    if frame.narrow or not ends or 0.5 * frame.small * len(ends) > column:
        return [Label(figure, x, y, size, side="center", colour=ink, bold=bool(cell.told))]
    return [
        Label(figure, x, y, size, dy=-0.55 * size, side="center", colour=ink, bold=bool(cell.told)),
        Label(ends, x, y, frame.small, dy=0.75 * size, side="center", colour=ink),
    ]
