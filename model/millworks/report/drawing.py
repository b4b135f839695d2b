"""A chart described once, in marks and pixels, and drawn by plotly or by matplotlib.

A `Chart` knows its finding, its numbers and how to lay itself out in a `Frame`; the layout is a
`Drawing`: panels with axes, marks in data units, labels. Both drawers read the same drawing, so
the picture without a browser differs from the one with a browser in rendering only. Pixels count
from the top left corner; y axes point up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from millworks.report.style import INK, MUTED, Footer, Frame

Side = Literal["left", "center", "right"]
Height = Literal["top", "middle", "bottom"]


@dataclass(frozen=True)
class Axis:
    """A linear axis: range, ticks as (value, label), whether the ticks have grid lines."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]] = ()
    grid: bool = False


@dataclass(frozen=True)
class Area:
    """The surface between two curves."""

    x: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    colour: str


@dataclass(frozen=True)
class Line:
    """A line; a NaN lifts the pen."""

    x: Sequence[float]
    y: Sequence[float]
    colour: str
    width: float = 2.0
    dashed: bool = False
    opacity: float = 1.0


@dataclass(frozen=True)
class Box:
    """A filled rectangle, in data units."""

    x0: float
    x1: float
    y0: float
    y1: float
    colour: str


@dataclass(frozen=True)
class Dots:
    """Circles: diameters in pixels, one fill each; `name` lets the page find them again."""

    x: Sequence[float]
    y: Sequence[float]
    diameter: Sequence[float]
    fill: Sequence[str]
    edge: str = "#ffffff"
    edge_width: float = 1.0
    name: str = ""


@dataclass(frozen=True)
class Label:
    """A text at a point of a panel (data units) or of the drawing (pixels), moved by pixels.

    `dy` moves down. Lines are separated by a line feed.
    """

    text: str
    x: float
    y: float
    size: int
    dx: float = 0.0
    dy: float = 0.0
    side: Side = "left"
    height: Height = "middle"
    colour: str = INK
    bold: bool = False
    backed: bool = False


Mark = Area | Line | Box | Dots


@dataclass(frozen=True)
class Panel:
    """One pair of axes on a rectangle of pixels; marks are drawn in order, labels on top."""

    left: float
    top: float
    width: float
    height: float
    x: Axis
    y: Axis
    marks: Sequence[Mark] = ()
    labels: Sequence[Label] = ()
    tick_size: int = 13


@dataclass(frozen=True)
class Drawing:
    """Panels and free texts on a sheet of `width` x `height` pixels."""

    width: float
    height: float
    panels: Sequence[Panel]
    texts: Sequence[Label] = ()


@dataclass(frozen=True)
class Chart:
    """One chart: its finding, its numbers, its words, and its layout for any frame."""

    slug: str
    title: str
    subtitle: str
    alt: str
    numbers: pl.DataFrame
    layout: Callable[[Frame], Drawing] = field(repr=False)
    footer: Footer
    #: Further tables behind the picture, by the end of their file name.
    more: dict[str, pl.DataFrame] = field(default_factory=dict)
    #: Title on a page whose own heading says the chart's title already.
    heading: str = ""
    _drawn: dict[Frame, Drawing] = field(default_factory=dict, repr=False, compare=False)

    def drawing(self, frame: Frame) -> Drawing:
        """Return the layout for a frame, with title and footer where the frame carries them."""
        if frame not in self._drawn:
            body = self.layout(frame)
            self._drawn[frame] = titled(self, frame, body) if frame.titled else body
        return self._drawn[frame]


def titled(chart: Chart, frame: Frame, body: Drawing) -> Drawing:
    """Put title and subtitle above a drawing, the footer below."""
    room = frame.width - 2 * frame.side
    top = 26.0
    texts = []
    for text, size, leading, colour, bold in (
        (chart.title, frame.title, 1.22, INK, True),
        (chart.subtitle, frame.subtitle, 1.35, MUTED, False),
    ):
        lines = frame.wrap(text, size, room, bold=bold)
        texts.append(
            Label("\n".join(lines), frame.side, top, size, height="top", colour=colour, bold=bold)
        )
        top += len(lines) * size * leading + 8
    head = top + 12
    foot_lines = frame.wrap(chart.footer.text(), frame.small, room)
    foot_top = head + body.height + 16
    texts.append(
        Label("\n".join(foot_lines), frame.side, foot_top, frame.small, height="top", colour=MUTED)
    )
    return Drawing(
        width=frame.width,
        height=foot_top + len(foot_lines) * frame.small * 1.35 + 14,
        panels=[replace(panel, top=panel.top + head) for panel in body.panels],
        texts=[*texts, *(replace(text, y=text.y + head) for text in body.texts)],
    )


def steps(high: float, most: int = 6) -> list[float]:
    """Return round tick values from zero up to `high`, at most `most` of them beyond zero."""
    if high <= 0:
        return [0.0]
    power = 10.0 ** (math.floor(math.log10(high)) - 1)
    while True:
        for factor in (1, 2, 5):
            step = factor * power
            if high / step <= most + 1e-9:
                return [round(step * k, 12) for k in range(int(high / step + 1e-9) + 1)]
        power *= 10


def steps_between(low: float, high: float, most: int = 5) -> list[float]:
    """Return round tick values from `low` to `high`, zero among them where it lies between."""
    if high <= low:
        return [low]
    power = 10.0 ** (math.floor(math.log10(high - low)) - 1)
    step = next(
        factor * power
        for factor in (1, 2, 5, 10, 20, 50, 100)
        if (high - low) / (factor * power) <= most + 1e-9
    )
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(step * k, 12) + 0.0 for k in range(first, last + 1)]
