"""The best package: foretold beside measured, effect and cost, and the best policy alone."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from millworks.report import effect_numbers, names, rounding, run_words
from millworks.report import interactions_words as say
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
from millworks.report.style import ACCENT, INK, MUTED, PAPER, REGION_COLOURS, RULE, Footer, Frame
from millworks.study.interactions_results import InteractionsResult, PackageRun
from millworks.study.run_results import Effect

COST = "resource_cost"

SLUG = "best-package"

_SURE, _UNSURE = REGION_COLOURS["local"], REGION_COLOURS["national"]
STEPS = ("foretold", "measured", "on new seeds")
"""What is shown of a package; a single policy is foretold to do just what it did."""


@dataclass(frozen=True)
class Row:
    """A line of the chart: what it is of, which step, effect and cost."""

    package: str
    step: str
    effect: Effect
    cost: Effect


def best_package(result: InteractionsResult, footer: Footer) -> Chart | None:
    """Return the chart; None where no package was run."""
    if result.package is None:
        return None
    rows = rows_of(result)
    return Chart(
        slug=SLUG,
        title=say.package_finding(result),
        subtitle=(
            f"Hollow: the sum of policies alone and by twos. Filled: the run itself, on the seeds "
            f"the package was picked on and on {len(result.package.fresh_seeds)} new ones. Bar: "
            f"{say.confidence(result)} interval; grey covers zero. Cost is what all payers put in, "
            f"over {say.horizon(result)}; red line: the budget, "
            f"{rounding.amount(result.package.allowed)}."
        ),
        alt=" ".join(
            f"{row.package}, {row.step}: {say.amount(row.effect)} "
            f"({say.within(result, row.effect, corrected=False)}), for "
            f"{say.costing(row.cost)}."
            for row in rows
        ),
        numbers=_numbers(rows),
        layout=lambda frame: _layout(frame, rows, result),
        footer=footer,
        heading="The best package, foretold and measured",
    )


def rows_of(result: InteractionsResult) -> list[Row]:
    """Return the lines: three of the package, two of the best policy alone if that is another."""
    assert result.package is not None
    best, single = result.package.best, result.package.single
    rows = _steps(
        say.package_name(result, best), best, STEPS if len(best.policies) > 1 else STEPS[1:]
    )
    if single.policies != best.policies:
        rows += _steps(say.package_name(result, single), single, STEPS[1:])
    return rows


def _steps(name: str, one: PackageRun, steps: tuple[str, ...]) -> list[Row]:
    known = dict(zip(STEPS, (one.foretold, one.measured, one.fresh), strict=True))
    return [Row(name, step, *known[step]) for step in steps]


def _numbers(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "package": row.package,
                "step": row.step,
                "quantity": effect.quantity,
                "unit": effect.unit,
                "mean": effect.mean,
                "low": effect.low,
                "high": effect.high,
                "pairs": effect.pairs,
            }
            for row in rows
            for effect in (row.effect, row.cost)
        ],
        infer_schema_length=None,
    )


def _layout(frame: Frame, rows: list[Row], result: InteractionsResult) -> Drawing:
    assert result.package is not None
    pitch, head = frame.text * 2.1, frame.text * 3.0
    room = frame.width - 2 * frame.side
    named = 104.0 if frame.narrow else 124.0
    heads = _name_rows(frame, rows, room)
    tall = pitch * len(rows) + sum(heads)
    between = 36.0
    # Names stand above the first column alone, over its whole width.
    width = (room - named) if frame.narrow else (room - named - between) / 2
    panels: list[Panel] = []
    texts: list[Label] = []
    top = head
    for place, (kind, limit) in enumerate((("effect", None), ("cost", result.package.allowed))):
        left = frame.side + named + (0.0 if frame.narrow else place * (width + between))
        panels.append(_panel(frame, rows, heads, kind, limit, left, top, width, pitch, tall))
        if frame.narrow or place == 0:
            texts += _names(frame, rows, heads, top, pitch)
        if frame.narrow:
            top += tall + head + frame.text * 2.4
    bottom = (top - head) if frame.narrow else top + tall + frame.text * 2.4
    return Drawing(frame.width, bottom, panels, texts)


def _name_rows(frame: Frame, rows: list[Row], room: float) -> list[float]:
    """Return the pixels above each row that the name of its package takes; 0 for no name."""
    found = []
    for place, row in enumerate(rows):
        new = place == 0 or rows[place - 1].package != row.package
        lines = len(frame.wrap(row.package, frame.text, room, bold=True)) if new else 0
        found.append(lines * frame.text * 1.3 + frame.text * 0.9 if new else 0.0)
    return found


def _middle(heads: list[float], row: int, pitch: float) -> float:
    """Pixels from the top to the middle of a row."""
    return sum(heads[: row + 1]) + (row + 0.5) * pitch


def _names(
    frame: Frame, rows: list[Row], heads: list[float], top: float, pitch: float
) -> list[Label]:
    room = frame.width - 2 * frame.side
    texts = []
    for row, one in enumerate(rows):
        y = top + _middle(heads, row, pitch)
        texts.append(Label(one.step, frame.side, y, frame.small, colour=MUTED))
        if heads[row]:
            name = "\n".join(frame.wrap(one.package, frame.text, room, bold=True))
            above = y - pitch / 2 - heads[row] + frame.text * 0.6
            texts.append(Label(name, frame.side, above, frame.text, height="top", bold=True))
    return texts


def _panel(
    frame: Frame,
    rows: list[Row],
    heads: list[float],
    kind: str,
    limit: float | None,
    left: float,
    top: float,
    width: float,
    pitch: float,
    tall: float,
) -> Panel:
    effects = [row.effect if kind == "effect" else row.cost for row in rows]
    ends = [0.0] + ([] if limit is None else [limit])
    for effect in effects:
        ends += [end for end in (effect.mean, effect.low, effect.high) if end is not None]
    low, high = min(ends), max(ends)
    pad = 0.04 * (high - low) or 1.0
    low, high = low - pad, high + pad
    figures = max(len(_figure(effect)) for effect in effects) * frame.small * 0.52 + 12
    first = tall - heads[0]
    marks: list[Mark] = []
    labels: list[Label] = [
        Label(
            _head(kind, effects[0]), low, tall, frame.text, dy=-8, height="bottom", bold=True
        )
    ]  # fmt: skip
    for row, effect in enumerate(effects):
        y = tall - _middle(heads, row, pitch)
        marks.append(Line([0.0, 0.0], [y - pitch / 2, y + pitch / 2], INK, 1.2))
        if limit is not None:
            marks.append(Line([limit] * 2, [y - pitch / 2, y + pitch / 2], ACCENT, 1.6))
        if heads[row] and y < first - pitch:
            marks.append(Line([low, high], [y + pitch / 2 + heads[row]] * 2, RULE, 0.8))
        if effect.mean is None:
            labels.append(Label("not given", high, y, frame.small, dx=8, colour=MUTED))
            continue
        colour = _UNSURE if effect.covers_zero is not False else _SURE
        if effect.low is not None and effect.high is not None:
            marks.append(Line([effect.low, effect.high], [y, y], colour, 4.0))
        fill = PAPER if rows[row].step == STEPS[0] else colour
        marks.append(
            Dots(
                [effect.mean], [y], [8 if frame.narrow else 10], [fill], edge=colour, edge_width=2.0
            )
        )
        labels.append(Label(_figure(effect), high, y, frame.small, dx=8, colour=colour))
    ticks = steps_between(low, high, 2)
    on = effect_numbers.tick_scale(effects[0].unit, ticks)
    signed = kind == "effect"
    return Panel(
        left=left,
        top=top,
        width=width - figures,
        height=tall,
        x=Axis(low, high, [(tick, on.shown(tick, sign=signed)) for tick in ticks]),
        y=Axis(0.0, tall),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )


def _head(kind: str, effect: Effect) -> str:
    if kind == "cost":
        return "Cost to all payers"
    return f"{names.run_label(effect.quantity)}{run_words.a_year(effect)}"


def _figure(effect: Effect) -> str:
    """Return a change with its interval, the unit once."""
    if run_words.exactly_nothing(effect):
        return "exactly 0"
    if effect.mean is None:
        return "not given"
    signed = effect.quantity != COST
    on = run_words.effect_scale(effect, short=True)
    text = on.shown(effect.mean, sign=signed)
    if effect.low is None or effect.high is None:
        return text
    return f"{text} ({on.bare(effect.low, sign=signed)} to {on.bare(effect.high, sign=signed)})"
