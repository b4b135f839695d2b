"""Names of points in a scatter: each beside its point, where it covers least of what is drawn.

Greedy and repeatable: points, the most crowded first, take, of many places around them, the one
that overlaps least with labels already placed, with points and with lines, and that is nearest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

ANGLES = (0, 180, 45, 135, 315, 225, 90, 270, 22, 158, 338, 202, 68, 112, 292, 248)
RADII = (10.0, 18.0, 28.0, 40.0, 54.0, 70.0, 90.0)

ON_LABEL, ON_POINT, ON_LINE, OUTSIDE, FAR = 40.0, 30.0, 2.5, 60.0, 0.6
"""What a pixel of overlap costs (of a line: of its length), and a pixel of distance."""


@dataclass(frozen=True)
class Placed:
    """Where a label stands: its rectangle, and whether it is so far off that a line must lead."""

    box: Rectangle
    led: bool


def place(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    lines: Sequence[Rectangle],
    sheet: Rectangle,
    radius: float = 6.0,
) -> list[Placed]:
    """Return the place of each label, in the order given.

    `points` in pixels from the top left; `sizes`: width and height of the labels; `lines`: thin
    rectangles that labels had better not cover; `sheet`: where labels may stand.
    """
    dots = [(x - radius, y - radius, x + radius, y + radius) for x, y in points]
    taken: list[Rectangle] = []
    found: dict[int, Placed] = {}
    for number in sorted(range(len(points)), key=lambda one: -_crowd(points, one)):
        (x, y), size = points[number], sizes[number]
        best: tuple[float, Rectangle, float] | None = None
        for reach in RADII:
            for angle in ANGLES:
                box = _beside(x, y, size, reach, math.radians(angle))
                cost = _cost(box, taken, dots, lines, sheet) + FAR * reach
                if best is None or cost < best[0]:
                    best = (cost, box, reach)
        assert best is not None
        taken.append(best[1])
        found[number] = Placed(best[1], best[2] > RADII[0])
    return [found[number] for number in range(len(points))]


def _crowd(points: Sequence[tuple[float, float]], which: int) -> float:
    """Return how crowded a point is: neighbours count by how near they are."""
    x, y = points[which]
    return sum(
        1.0 / (10.0 + math.hypot(x - other_x, y - other_y))
        for number, (other_x, other_y) in enumerate(points)
        if number != which
    )


def _beside(x: float, y: float, size: tuple[float, float], reach: float, angle: float) -> Rectangle:
    """Return a label's rectangle in a direction from its point, touching a circle around it."""
    width, height = size
    across, up = math.cos(angle), math.sin(angle)
    middle_x = x + across * reach + (width / 2.0) * _lean(across)
    middle_y = y - up * reach - (height / 2.0) * _lean(up)
    return (
        middle_x - width / 2.0,
        middle_y - height / 2.0,
        middle_x + width / 2.0,
        middle_y + height / 2.0,
    )


def _lean(part: float) -> float:
    """Return -1, 0 or 1: to which side of its point a label leans."""
    return 0.0 if abs(part) < 0.3 else math.copysign(1.0, part)


def _cost(
    box: Rectangle,
    taken: Sequence[Rectangle],
    dots: Sequence[Rectangle],
    lines: Sequence[Rectangle],
    sheet: Rectangle,
) -> float:
    left, top, right, bottom = box
    outside = max(0.0, sheet[0] - left) + max(0.0, right - sheet[2])
    outside += max(0.0, sheet[1] - top) + max(0.0, bottom - sheet[3])
    cost = OUTSIDE * outside
    cost += ON_LABEL * sum(_root(box, other) for other in taken)
    cost += ON_POINT * sum(_root(box, other) for other in dots)
    return cost + ON_LINE * sum(_longest(box, other) for other in lines)


def _root(one: Rectangle, other: Rectangle) -> float:
    """Return the side of a square as large as what two rectangles share."""
    wide, high = _shared(one, other)
    return math.sqrt(wide * high)


def _longest(one: Rectangle, other: Rectangle) -> float:
    wide, high = _shared(one, other)
    return max(wide, high) if wide > 0.0 and high > 0.0 else 0.0


def _shared(one: Rectangle, other: Rectangle) -> tuple[float, float]:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return (wide, high) if wide > 0.0 and high > 0.0 else (0.0, 0.0)
