"""Blocks of labelled horizontal bars: the building brick of every comparison of sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from millworks.report.drawing import Axis, Box, Label, Line, Panel
from millworks.report.style import CHARACTER_WIDTH, INK, MUTED, RULE, Frame
from millworks.report.words import shortened


@dataclass(frozen=True)
class Bar:
    """One bar from `start` to `end` (data units) with the label and the text of its value."""

    label: str
    start: float
    end: float
    value: str
    colour: str


@dataclass(frozen=True)
class Block:
    """A heading, a remark beside it, and its bars."""

    heading: str
    remark: str
    bars: Sequence[Bar]

    def height(self, frame: Frame) -> float:
        """Return the pixels the block takes."""
        return _heading(frame) + len(self.bars) * _pitch(frame) + 4


def _heading(frame: Frame) -> float:
    return frame.text * (3.1 if frame.narrow else 1.9)


def _pitch(frame: Frame) -> float:
    return frame.text * 2.65 if frame.narrow else frame.text * 1.62


def panel(
    frame: Frame,
    block: Block,
    *,
    left: float,
    top: float,
    width: float,
    label_width: float,
    high: float,
) -> Panel:
    """Lay a block out on a column; `high` is the value at which a bar would fill its room.

    Labels stand to the left of the bars, in a narrow frame above them. Room for the text of the
    value is kept at the right end.
    """
    pitch, head = _pitch(frame), _heading(frame)
    height = block.height(frame)
    labels_left = 0.0 if frame.narrow else label_width
    longest = int((labels_left or width) / (CHARACTER_WIDTH * frame.text))
    room = width - labels_left - frame.text * 3.6
    # Data units per pixel, so that labels can be placed on the same axis as the bars.
    unit = high / room
    origin = -labels_left * unit
    marks: list[Box | Line] = [
        Line([origin, origin + width * unit], [height - head + 7] * 2, RULE, 1.0)
    ]
    labels = [Label(block.heading, origin, height, frame.text, height="top", bold=True)]
    if block.remark:
        labels.append(
            Label(
                block.remark,
                origin if frame.narrow else origin + width * unit,
                height,
                frame.small,
                dy=frame.text * 1.35 if frame.narrow else 2,
                side="left" if frame.narrow else "right",
                height="top",
                colour=MUTED,
            )
        )
    for row, bar in enumerate(block.bars):
        name = shortened(bar.label, longest)
        middle = height - head - (row + 0.5) * pitch
        thick = frame.text * (0.42 if frame.narrow else 0.56)
        shift = frame.text * 0.78 if frame.narrow else 0.0
        middle_bar = middle - shift
        # A sliver stays visible where a value is too small to draw.
        end = max(bar.end, bar.start + unit)
        marks.append(Box(bar.start, end, middle_bar - thick, middle_bar + thick, bar.colour))
        if frame.narrow:
            labels.append(Label(name, origin, middle, frame.text, dy=-frame.text * 0.5))
        else:
            labels.append(Label(name, 0.0, middle, frame.text, dx=-10, side="right"))
        labels.append(
            Label(bar.value, max(bar.end, bar.start), middle_bar, frame.text, dx=6, colour=INK)
        )
    return Panel(
        left=left,
        top=top,
        width=width,
        height=height,
        x=Axis(origin, origin + width * unit),
        y=Axis(0, height),
        marks=marks,
        labels=labels,
    )
