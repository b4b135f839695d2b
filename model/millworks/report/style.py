"""The look of every chart: one palette, one type scale, one plotly template, one footer.

The palette is declared once and read by plotly, matplotlib and the page. Effects differ in hue
and in lightness, so they stay apart for colour-blind readers and in black and white (a test
simulates three kinds of colour blindness); the rest of the US wears a light tint of the hue the
district wears.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

INK = "#16212c"
MUTED = "#566573"
RULE = "#c9d1d9"
GRID = "#e8ecf0"
PAPER = "#ffffff"
ACCENT = "#9a3412"

EFFECT_ORDER = ("direct", "indirect", "induced")

#: Colour of an effect in a region. Solid is the district, light is the rest of the US.
EFFECT_COLOURS = {
    ("direct", "local"): "#14375e",
    ("indirect", "local"): "#1d8a99",
    ("induced", "local"): "#d9822b",
    ("direct", "rest_of_us"): "#b3c2d6",
    ("indirect", "rest_of_us"): "#b5dade",
    ("induced", "rest_of_us"): "#f6d9b3",
}

#: Colour of a place, where a chart tells places apart and not effects.
REGION_COLOURS = {
    "local": "#14375e",
    "rest_of_us": "#9db4cf",
    "national": "#566573",
    "abroad": "#d9822b",
    "under_way": "#c9d1d9",
}

#: Light to dark, for what grows with size (received dollars); its lightness falls evenly.
SEQUENTIAL = ("#dfe9ee", "#a9d0d6", "#5fadb9", "#1d7f93", "#145272", "#0f2a4d")

#: Families that exist on most machines and have the same widths, so that a picture made on one
#: machine keeps its line breaks on another.
FONT_FAMILIES = ("Helvetica Neue", "Helvetica", "Arial", "Liberation Sans", "sans-serif")
FONT = ", ".join(FONT_FAMILIES)

#: Mean width of a character in em, for line breaks made before the text is drawn.
CHARACTER_WIDTH = 0.48
BOLD_WIDTH = 0.535


@dataclass(frozen=True)
class Frame:
    """Where a chart is drawn: width in pixels, type sizes in pixels, with or without title.

    `file` is the picture that travels alone (slides, print): it carries title and footer. `page`
    and `phone` stand in the HTML page, which has the title and the footer in its own text.
    """

    name: str
    width: int
    side: int
    titled: bool
    text: int
    small: int
    title: int
    subtitle: int

    @property
    def narrow(self) -> bool:
        """Whether labels must stand above the marks and not beside them."""
        return self.width < 600

    def wrap(
        self, text: str, size: int, width: float | None = None, *, bold: bool = False
    ) -> list[str]:
        """Break a text into lines that fit `width` pixels (default: the frame) at a type size.

        The lines are made about equally long, so that no word stands alone on the last one.
        """
        room = (width or self.width) / ((BOLD_WIDTH if bold else CHARACTER_WIDTH) * size)
        characters = max(10, int(room))
        lines = textwrap.wrap(text, characters) or [""]
        for fewer in range(characters - 1, 9, -1):
            tighter = textwrap.wrap(text, fewer)
            if len(tighter) > len(lines):
                break
            lines = tighter
        return lines


FILE = Frame("file", 1200, 40, True, 16, 13, 27, 17)
PAGE = Frame("page", 1040, 4, False, 15, 13, 0, 0)
PHONE = Frame("phone", 380, 2, False, 13, 11, 0, 0)
FRAMES = (FILE, PAGE, PHONE)


@dataclass(frozen=True)
class Footer:
    """What stands under every picture: source, data year, run id."""

    source: str
    year: int
    run_id: str

    def text(self) -> str:
        """Return the line as it is printed."""
        return (
            f"Source: {self.source} Data year {self.year}; money in US dollars of 2022. "
            f"Millworks run {self.run_id}."
        )


def template() -> Any:
    """Return the plotly template that every chart uses."""
    import plotly.graph_objects as go

    axis = {
        "showline": False,
        "zeroline": False,
        "gridcolor": GRID,
        "gridwidth": 1,
        "ticks": "",
        "tickfont": {"color": MUTED},
        "automargin": False,
        "fixedrange": True,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "color": INK},
            "paper_bgcolor": PAPER,
            "plot_bgcolor": PAPER,
            "colorway": [EFFECT_COLOURS[effect, "local"] for effect in EFFECT_ORDER],
            "showlegend": False,
            "hovermode": False,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "xaxis": axis,
            "yaxis": axis,
        }
    )


def mix(colour: str, other: str, share: float) -> str:
    """Return the colour `share` of the way from one colour to another (both '#rrggbb')."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of '#rrggbb', 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def sequential(position: float) -> str:
    """Return the colour at a position from 0 (lightest) to 1 (darkest) of the sequential scale."""
    place = min(max(position, 0.0), 1.0) * (len(SEQUENTIAL) - 1)
    step = min(int(place), len(SEQUENTIAL) - 2)
    return mix(SEQUENTIAL[step], SEQUENTIAL[step + 1], place - step)


def text_on(colour: str) -> str:
    """Return the text colour (ink or white) that reads better on a colour."""
    red, green, blue = (channel / 255 for channel in channels(colour))
    return INK if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 > 0.3 else PAPER


def spread_labels(positions: list[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart until neighbours stand at least `gap` from each other within [low, high].

    Positions must be ascending; they move as little as that takes: neighbours that would touch
    form a block, which stands at the mean of what its members want. Where the range is too short
    for all the gaps, labels are spaced evenly over it.
    """
    count = len(positions)
    if count == 0:
        return []
    if gap * (count - 1) >= high - low:
        step = (high - low) / max(1, count - 1)
        return [low + step * k for k in range(count)]
    blocks: list[tuple[float, int]] = []  # (sum of wanted starts, members)
    for position in positions:
        # A member's wanted start of its block is its own place less the gaps before it.
        blocks.append((position, 1))
        while len(blocks) > 1 and _start(blocks[-1]) < _start(blocks[-2]) + gap * blocks[-2][1]:
            (right, many), (left, few) = blocks.pop(), blocks.pop()
            blocks.append((left + right - gap * few * many, few + many))
    placed: list[float] = []
    for block in blocks:
        start = min(max(_start(block), low), high - gap * (block[1] - 1))
        placed += [start + gap * k for k in range(block[1])]
    # Blocks pushed back from an end may touch their neighbours again: settle from both ends.
    for k in range(1, count):
        placed[k] = max(placed[k], placed[k - 1] + gap)
    if placed[-1] > high:
        placed[-1] = high
        for k in range(count - 2, -1, -1):
            placed[k] = min(placed[k], placed[k + 1] - gap)
    return placed


def _start(block: tuple[float, int]) -> float:
    return block[0] / block[1]
