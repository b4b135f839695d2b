"""Data beside model: every fact on one scale, the band of the data and the model's interval.

Each fact has its own unit, so that its band is drawn as the same width: 0 is the middle of the
band, ±1 its ends. A model interval that meets the shaded strip is inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from millworks.report import rounding, validation_words, words
from millworks.report.drawing import Axis, Box, Chart, Dots, Drawing, Label, Line, Panel
from millworks.report.style import ACCENT, INK, MUTED, PAPER, REGION_COLOURS, RULE, Footer, Frame

if TYPE_CHECKING:
    from millworks_calibration.results import Comparison, ValidationResult

FARTHEST = 6.0
"""Half bands at which the scale ends; what lies beyond is drawn at the end, with an arrow."""
SLUG = "data-beside-model"
GROUPS = (("fit", "Facts to fit"), ("held-out", "Held out"))

Entry = tuple[str, "Comparison | None"]


def data_beside_model(result: ValidationResult, footer: Footer) -> Chart:
    """Return the chart of all facts that the model can be held against."""
    entries = _entries(result)
    rows = [row for _, row in entries if row is not None]
    said = [
        f"{row.target.id} {row.target.name}: "
        f"{validation_words.with_interval(row.model, row.target.unit)} "
        f"against {validation_words.band(row.target)}, {validation_words.off(row)}."
        for row in rows
        if row.model
    ]
    return Chart(
        slug=SLUG,
        title=f"{validation_words.headline(result)}",
        subtitle=(
            "The shaded strip is the band of the data, drawn equally wide for every fact (its "
            "value ± 2 standard errors, or the range its source gives); dot and bar are the "
            f"model's mean and 95% interval over {rounding.whole(len(result.seeds), 'world')}. "
            "Misses stand first; grey is inside only because its interval is wide, or cannot be "
            "told because one world alone shows it."
        ),
        alt="\n".join(said) if said else "No fact can be compared.",
        numbers=_numbers(rows),
        layout=lambda frame: _layout(frame, entries),
        footer=footer,
    )


def _entries(result: ValidationResult) -> list[Entry]:
    """Lines of the chart: a heading (title, None), then its facts, misses first."""
    entries: list[Entry] = []
    for use, title in GROUPS:
        rows = [row for row in result.of_use(use) if row.model is not None]
        if rows:
            entries.append((title, None))
            entries += [(row.target.name, row) for row in rows]
    return entries


def _numbers(rows: Sequence[Comparison]) -> pl.DataFrame:
    records = [
        {
            "id": row.target.id,
            "use": row.target.use,
            "name": row.target.name,
            "unit": row.target.unit,
            "data": row.target.value,
            "data_low": row.target.low,
            "data_high": row.target.high,
            "model": row.model.mean,
            "model_low": row.model.low,
            "model_high": row.model.high,
            "inside": row.inside,
            "inside_by_width_alone": row.loose,
            "half_bands_off": row.miss,
        }
        for row in rows
        if row.model
    ]
    return pl.DataFrame(records, infer_schema_length=None)


def _layout(frame: Frame, entries: Sequence[Entry]) -> Drawing:
    pitch = frame.text * (3.1 if frame.narrow else 1.75)
    head, foot = frame.text * 2.2, 34.0
    names, figures = (0.0, 0.0) if frame.narrow else (330.0, 330.0)
    room = frame.width - 2 * frame.side - names - figures
    height = max(1, len(entries)) * pitch
    marks: list[Box | Line | Dots] = [
        Box(-1, 1, 0, height, "#e3eef0"),
        Line([0, 0], [0, height], RULE, 1.0),
    ]
    labels = _headings(frame, names, figures) if not frame.narrow else []
    for place, (title, row) in enumerate(entries):
        middle = height - (place + 0.5) * pitch
        if row is None:
            labels.append(
                Label(title, -FARTHEST, middle, frame.text, dx=-names, bold=True, backed=True)
            )
        else:
            row_marks, row_labels = _fact(frame, row, middle, pitch, names)
            marks += row_marks
            labels += row_labels
    if not frame.narrow:
        labels = [_at_top(label, height) for label in labels]
    ticks = [
        (-1.0, "low"),
        (0.0, "data"),
        (1.0, "high"),
        *((end, f"{end:+.0f}") for end in (-5.0, -3.0, 3.0, 5.0)),
    ]
    panel = Panel(
        left=frame.side + names,
        top=head,
        width=room,
        height=height,
        x=Axis(-FARTHEST, FARTHEST, ticks),
        y=Axis(0, height),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )
    return Drawing(frame.width, head + height + foot, [panel])


def _headings(frame: Frame, names: float, figures: float) -> list[Label]:
    """Heads of the columns; their height is set when the panel's is known."""
    common = {"size": frame.small, "height": "bottom", "colour": MUTED, "dy": -6}
    return [
        Label("band of the data", FARTHEST, -1.0, dx=18, **common),  # type: ignore[arg-type]
        Label("model", FARTHEST, -1.0, dx=18 + 0.4 * figures, **common),  # type: ignore[arg-type]
    ]


def _at_top(label: Label, height: float) -> Label:
    from dataclasses import replace

    return replace(label, y=height) if label.y == -1.0 else label


def _fact(
    frame: Frame, row: Comparison, middle: float, pitch: float, names: float
) -> tuple[list[Line | Dots | Box], list[Label]]:
    """Lay out one fact: name, interval, dot, band and figure."""
    target, model = row.target, row.model
    assert model is not None
    unsure = row.loose or row.alone
    colour = ACCENT if row.inside is False else REGION_COLOURS["national" if unsure else "local"]
    bar = validation_words.possible(model, target.unit)
    low, mean, high = (_scaled(row, value) for value in (bar[0], model.mean, bar[1]))
    level = middle - pitch * 0.18 if frame.narrow else middle
    ends = [min(max(place, -FARTHEST), FARTHEST) for place in (low, high)]
    marks: list[Line | Dots | Box] = [Line(ends, [level] * 2, colour, 4.0)]
    if abs(mean) <= FARTHEST:
        marks.append(Dots([mean], [level], [11], [colour], edge=PAPER))
    labels = []
    band = validation_words.band(target)
    figure = validation_words.with_interval(model, target.unit)
    if frame.narrow:
        labels.append(
            Label(
                f"{target.id} {target.name}: {figure.split(' (')[0]}, data {band}",
                -FARTHEST,
                middle,
                frame.small,
                dy=-pitch * 0.22,
            )
        )
    else:
        name = words.shortened(f"{target.id}  {target.name}", 46)
        labels += [
            Label(name, -FARTHEST, middle, frame.text, dx=-names),
            Label(band, FARTHEST, middle, frame.small, dx=18, colour=MUTED),
            Label(figure, FARTHEST, middle, frame.small, dx=18 + 132, colour=INK),
        ]
    if abs(mean) > FARTHEST:
        side = 1.0 if mean > 0 else -1.0
        arrow = "▸" if side > 0 else "◂"
        labels.append(
            Label(arrow, side * FARTHEST, level, frame.text, side="center", colour=colour)
        )
    return marks, labels


def _scaled(row: Comparison, value: float) -> float:
    """Place on the common scale: half bands from the middle of the band, cut just off its ends."""
    target = row.target
    middle, half = (target.low + target.high) / 2.0, (target.high - target.low) / 2.0
    place = (value - middle) / half if half > 0.0 else 0.0
    return min(max(place, -FARTHEST - 1.0), FARTHEST + 1.0)
