"""What works: the effect of every policy at the same cost, a dot and its corrected interval each.

Where one policy dwarfs the others a second column shows the rest enlarged, so that a small effect
and none can be told apart; what lies beyond its edge is cut and marked with an arrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from millworks.report import effect_numbers, names, rank_words, rounding, run_words
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
from millworks.report.effect_numbers import Scale
from millworks.report.rank_numbers import (
    column_scale,
    counted,
    figure,
    judged,
    short_title,
    unit_of,
    within,
)
from millworks.report.style import ACCENT, INK, MUTED, PAPER, REGION_COLOURS, RULE, Footer, Frame
from millworks.study.ranking.results import RankEntry, RankResult
from millworks.study.ranking.verdicts import Word
from millworks.study.run_results import Effect

SLUG = "what-works"

WORKS, HARMS, QUIET = REGION_COLOURS["local"], REGION_COLOURS["abroad"], REGION_COLOURS["national"]

DWARFED = 4.0
"""How many times further the largest must reach than most others for these to be enlarged."""
MOST = 0.6
"""Part of the policies that must fit the enlarged column."""
ARROW = 16.0
"""Room for an arrow beside a column, pixels."""


@dataclass(frozen=True)
class Row:
    """One policy: its name, a remark below it, its effect, its colour, filled or hollow."""

    name: str
    remark: str
    effect: Effect
    colour: str
    hollow: bool

    @property
    def quiet(self) -> bool:
        """Whether nothing can be told of it."""
        return self.colour == QUIET

    @property
    def text_colour(self) -> str:
        """The colour of its words: small type needs more contrast than a bar."""
        return ACCENT if self.colour == HARMS else self.colour


def what_works(result: RankResult, footer: Footer) -> Chart | None:
    """Return the chart; None where no policy has a value in every pair."""
    levers = rows_of(result, result.levers)
    others = rows_of(result, result.comparators)
    if not levers and not others:
        return None
    hollow = " Hollow: comparators, the same money without aim." if others else ""
    bar = (
        f"bar: its {rank_words.confidence(result)} interval, corrected for how many policies are "
        f"asked about. Blue: works. Orange: harms. Grey: it covers zero or cannot be told."
        if any(row.effect.low is not None for row in (*levers, *others))
        else "one pair of runs has no interval, so any of these may be chance."
    )
    return Chart(
        slug=SLUG,
        title=rank_words.finding(result),
        heading=(
            f"Net local {names.run_phrase(result.headline)}, every policy at "
            f"{rank_words.same_cost(result)}"
        ),
        subtitle=f"Policy less baseline on the same draws. Dot: mean over pairs; {bar}{hollow}",
        alt=_alt(result),
        numbers=_numbers(result),
        layout=lambda frame: _layout(frame, levers, others),
        footer=footer,
    )


def rows_of(result: RankResult, entries: Sequence[RankEntry]) -> list[Row]:
    """Return the rows of policies that have a value, in the order given."""
    made = []
    for entry in entries:
        effect = judged(result, entry)
        if effect.mean is None:
            continue
        remarks = [rank_words.verdict_text(result, entry), spends(entry)]
        made.append(
            Row(
                name=short_title(entry),
                remark=", ".join(part for part in remarks if part),
                effect=effect,
                colour=verdict_colour(entry),
                hollow=entry.comparator,
            )
        )
    return made


def verdict_colour(entry: RankEntry) -> str:
    """Return blue for what works, orange for what harms, grey for all else."""
    return {Word.WORKS: WORKS, Word.HARMS: HARMS}.get(entry.verdict.word, QUIET)


def spends(entry: RankEntry) -> str:
    """Say what part of the budget a saturated policy spends; '' for any other."""
    return f"spends only {rounding.percent(1.0 - entry.unspent)}" if entry.saturated else ""


def _alt(result: RankResult) -> str:
    sentences = [f"{rank_words.verdict_sentence(result, entry)}." for entry in result.levers]
    sentences.append(rank_words.comparators_sentence(result))
    sentences.append(rank_words.placebo_sentence(result))
    return " ".join(sentence for sentence in sentences if sentence)


def _numbers(result: RankResult) -> pl.DataFrame:
    rows = []
    for entry in result.entries:
        effect, cost = judged(result, entry), counted(entry)
        rows.append(
            {
                "policy": entry.name,
                "comparator": entry.comparator,
                "verdict": entry.verdict.text,
                "quantity": effect.quantity,
                "unit": effect.unit,
                "mean": effect.mean,
                "corrected_low": effect.low,
                "corrected_high": effect.high,
                "corrected_confidence": entry.verdict.confidence,
                "p_holm": entry.verdict.p,
                "pairs": effect.pairs,
                "cost_basis": entry.cost_basis,
                "cost_usd_of_2022": cost.mean if cost else None,
                "saturated": entry.saturated,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def reach(effect: Effect) -> float:
    """Return how far from zero a figure and its interval reach."""
    ends = (effect.mean, effect.low, effect.high)
    return max(abs(end) for end in ends if end is not None)


def enlarged(effects: Sequence[Effect]) -> float | None:
    """Return how far the enlarged column must reach; None where one scale serves all."""
    reaches = sorted(reach(effect) for effect in effects)
    # Without intervals there is nothing that small effects could be told from.
    without = all(effect.low is None for effect in effects)
    if without or len(reaches) < 3 or reaches[-1] <= 0.0:
        return None
    fits = reaches[int(MOST * (len(reaches) - 1) + 0.999)]
    # All that is not much larger than what must fit may stand whole, too.
    fits = max(one for one in reaches if one <= 2.0 * fits)
    return fits if fits > 0.0 and reaches[-1] >= DWARFED * fits else None


def _layout(frame: Frame, levers: Sequence[Row], others: Sequence[Row]) -> Drawing:
    rows = [*levers, *others]
    effects = [row.effect for row in rows]
    on = column_scale(effects)
    closer = enlarged(effects)
    spans = [_span(effects)]
    if closer is not None:
        spans.append((-1.08 * closer, 1.08 * closer))
    return (_narrow if frame.narrow else _wide)(frame, levers, others, on, spans)


def _span(effects: Sequence[Effect]) -> tuple[float, float]:
    """Return the ends of an axis that holds every figure and zero."""
    ends = [0.0]
    for effect in effects:
        ends += [end for end in (effect.mean, effect.low, effect.high) if end is not None]
    pad = 0.04 * (max(ends) - min(ends)) or 1.0
    return min(ends) - pad, max(ends) + pad


def _heads(effects: Sequence[Effect], on: Scale | None, count: int) -> list[str]:
    unit = effect_numbers.change_unit(effects[0].unit)
    whole = f"{unit}{run_words.a_year(effects[0])}"
    return [whole, "the smaller ones enlarged; → goes on"][:count]


def _wide(
    frame: Frame,
    levers: Sequence[Row],
    others: Sequence[Row],
    on: Scale | None,
    spans: Sequence[tuple[float, float]],
) -> Drawing:
    """Names to the left, one or two columns of dots, figures to the right."""
    effects = [row.effect for row in (*levers, *others)]
    pitch, gap = frame.text * 2.5, frame.text * 2.2 if levers and others else 0.0
    head = frame.text * 2.6
    height = pitch * (len(levers) + len(others)) + gap
    names_width = 15.0 * frame.text
    unit = unit_of(effects, on) or "effect"
    longest = max(len(text) for text in (unit, *(_figure(effect, on) for effect in effects)))
    figures = longest * frame.small * 0.54 + ARROW + 8
    room = frame.width - 2 * frame.side - names_width - figures
    between = 2 * ARROW + 6
    width = (room - between * (len(spans) - 1)) / len(spans)
    places = _places(levers, others, height, pitch, gap)
    panels, texts = [], []
    for number, (span, text) in enumerate(zip(spans, _heads(effects, on, len(spans)), strict=True)):
        left = frame.side + names_width + number * (width + between)
        panels.append(_panel(frame, places, span, left, head, width, height, height))
        texts.append(Label(text, left, head - 10, frame.small, height="bottom", colour=MUTED))
    right = frame.width - frame.side - figures + ARROW + 8
    texts.append(
        Label(
            unit,
            right,
            head - 10,
            frame.small,
            height="bottom",
            colour=MUTED,
        )
    )
    for row, middle in places:
        top = head + height - middle
        texts += [
            Label(row.name, frame.side, top, frame.text, dy=-frame.text * 0.5, bold=not row.quiet),
            Label(
                row.remark,
                frame.side,
                top,
                frame.small,
                dy=frame.text * 0.6,
                colour=row.text_colour,
            ),
            Label(_figure(row.effect, on), right, top, frame.small, colour=row.text_colour),
        ]
    if gap:
        top = head + height - places[len(levers)][1] - pitch * 0.5 - gap * 0.42
        texts.append(_between(frame, top))
    return Drawing(frame.width, head + height + frame.text * 2.4, panels, texts)


def _narrow(
    frame: Frame,
    levers: Sequence[Row],
    others: Sequence[Row],
    on: Scale | None,
    spans: Sequence[tuple[float, float]],
) -> Drawing:
    """Name and figure above each mark: a phone has no room beside it."""
    effects = [row.effect for row in (*levers, *others)]
    pitch, gap = frame.text * 3.5, frame.text * 2.4 if levers and others else 0.0
    head = frame.text * 3.0
    height = pitch * (len(levers) + len(others)) + gap
    # Arrows stand beside the columns.
    side = ARROW if len(spans) > 1 else 0.0
    room = frame.width - 2 * (frame.side + side)
    between = 2 * ARROW
    width = (room - between * (len(spans) - 1)) / len(spans)
    places = _places(levers, others, height, pitch, gap)
    # The mark stands in the lower third of its row, below the two lines of text.
    lowered = [(row, middle - pitch * 0.3) for row, middle in places]
    panels, texts = [], []
    for number, (span, text) in enumerate(zip(spans, _heads(effects, on, len(spans)), strict=True)):
        left = frame.side + side + number * (width + between)
        panels.append(_panel(frame, lowered, span, left, head, width, height, 0.2 * pitch))
        lines = frame.wrap(text, frame.small, width)
        texts.append(
            Label("\n".join(lines), left, head - 8, frame.small, height="bottom", colour=MUTED)
        )
    for row, middle in places:
        top = head + height - middle
        texts += [
            Label(
                row.name, frame.side, top, frame.text, dy=-pitch * 0.34, bold=not row.quiet,
            ),
            Label(
                _with_unit(row.effect, on),
                frame.width - frame.side, top, frame.small, dy=-pitch * 0.34, side="right",
                colour=row.text_colour,
            ),
            Label(
                row.remark, frame.side, top, frame.small, dy=-pitch * 0.05, colour=row.text_colour,
            ),
            Label(
                within(row.effect, on), frame.width - frame.side, top, frame.small,
                dy=-pitch * 0.05, side="right", colour=row.text_colour,
            ),
        ]  # fmt: skip
    if gap:
        top = head + height - places[len(levers)][1] - pitch * 0.5 - gap * 0.42
        texts.append(_between(frame, top))
    return Drawing(frame.width, head + height + frame.text * 2.2, panels, texts)


def _between(frame: Frame, top: float) -> Label:
    return Label("Comparators: money without aim", frame.side, top, frame.small, colour=MUTED)


def _places(
    levers: Sequence[Row], others: Sequence[Row], height: float, pitch: float, gap: float
) -> list[tuple[Row, float]]:
    """Return each row with the middle of its place, in pixels from the bottom."""
    found = []
    for number, row in enumerate((*levers, *others)):
        down = (number + 0.5) * pitch + (gap if number >= len(levers) else 0.0)
        found.append((row, height - down))
    return found


def _panel(
    frame: Frame,
    places: Sequence[tuple[Row, float]],
    span: tuple[float, float],
    left: float,
    top: float,
    width: float,
    height: float,
    rule: float,
) -> Panel:
    """Draw the marks of one column; `rule`: how far grid lines go on beside each mark, pixels."""
    low, high = span
    marks: list[Mark] = []
    labels: list[Label] = []
    ticks = steps_between(low, high, 3 if width < 240 else 5)
    still = all(run_words.exactly_nothing(row.effect) for row, _ in places)
    ticks = [0.0] if still else ticks
    pieces = [(0.0, height)]
    if rule < height:
        # Between them stand words.
        pieces = [(middle - rule, middle + rule) for _, middle in places]
    for tick in ticks:
        look = (RULE, 0.6) if tick else (INK, 1.2)
        marks += [Line([tick, tick], [down, up], *look) for down, up in pieces]
    for row, middle in places:
        effect = row.effect
        assert effect.mean is not None
        thick, dot = (2.5, 9) if row.quiet else (4.0, 11)
        if effect.low is not None and effect.high is not None:
            start, end = max(effect.low, low), min(effect.high, high)
            if start < end:
                marks.append(Line([start, end], [middle] * 2, row.colour, thick))
            if effect.high > high:
                labels.append(_arrow(frame, "→", high, middle, row.colour))
            if effect.low < low:
                labels.append(_arrow(frame, "←", low, middle, row.colour))
        if low <= effect.mean <= high:
            fill = PAPER if row.hollow else row.colour
            marks.append(Dots([effect.mean], [middle], [dot], [fill], row.colour, 2.0))
        elif effect.low is None:
            side = high if effect.mean > high else low
            labels.append(
                _arrow(frame, "→" if effect.mean > high else "←", side, middle, row.colour)
            )
    on = effect_numbers.tick_scale(places[0][0].effect.unit, ticks)
    return Panel(
        left=left,
        top=top,
        width=width,
        height=height,
        x=Axis(low, high, [(tick, on.shown(tick, sign=True)) for tick in ticks]),
        y=Axis(0.0, height),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )


def _arrow(frame: Frame, text: str, x: float, y: float, colour: str) -> Label:
    """Point beyond the edge of an enlarged column."""
    if text == "→":
        return Label(text, x, y, frame.text, dx=1.0, side="left", colour=colour, bold=True)
    return Label(text, x, y, frame.text, dx=-1.0, side="right", colour=colour, bold=True)


def _with_unit(effect: Effect, on: Scale | None) -> str:
    if on is None or effect.mean is None:
        return figure(effect)
    return f"{on.shown(effect.mean, sign=True)}{run_words.a_year(effect)}"


def _figure(effect: Effect, on: Scale | None) -> str:
    """Return a figure with its interval, on the column's scale."""
    if run_words.exactly_nothing(effect):
        return "exactly 0"
    interval = within(effect, on)
    return f"{figure(effect, on)} ({interval})" if interval else figure(effect, on)
