"""Why orders went unfilled, in both arms: eight reasons, without remainder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from millworks.report import names, run_words
from millworks.report.drawing import Axis, Box, Chart, Drawing, Label, Line, Mark, Panel
from millworks.report.style import INK, MUTED, REGION_COLOURS, RULE, Footer, Frame
from millworks.report.words import lower_first
from millworks.study.run_results import RunResult

SLUG = "why-unfilled"

_BEFORE, _AFTER = REGION_COLOURS["rest_of_us"], REGION_COLOURS["local"]


@dataclass(frozen=True)
class _Reason:
    label: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


def why_unfilled(result: RunResult, footer: Footer) -> Chart | None:
    """Return the chart; None for a study that has no orders in one of its arms."""
    reasons = _reasons(result)
    if not reasons:
        return None
    arm = run_words.arm_name(result)
    filled = run_words.found(result, "fill_rate")
    refused = run_words.found(result, "refused")
    known = [run_words.change_sentence(result, one) for one in (refused, filled) if one is not None]
    beside = f" {'. '.join(known)}." if known else ""
    return Chart(
        slug=SLUG,
        title=_title(reasons, arm),
        subtitle=(
            f"Part of all units ordered of manufacturers, by the limit that stood in the way; each "
            f"unfilled unit has one reason. Means over {len(result.seeds)} "
            f"{'pair' if len(result.seeds) == 1 else 'pairs'} of runs and all weeks; reasons have "
            f"no interval of their own.{beside}"
        ),
        alt=(
            f"Bars, baseline and {arm}, of all units ordered: "
            + "; ".join(
                f"{lower_first(one.label)} {_percent(one.before)} and {_percent(one.after)}"
                for one in reasons
            )
            + f"; all reasons {_percent(sum(one.before for one in reasons))} and "
            f"{_percent(sum(one.after for one in reasons))}."
        ),
        numbers=result.unfilled.with_columns(unit=pl.lit("share of orders")),
        layout=lambda frame: _layout(frame, reasons, arm),
        footer=footer,
    )


def _reasons(result: RunResult) -> list[_Reason]:
    """Return every reason with both shares, the commonest of the baseline first."""
    frame = result.unfilled
    if not len(frame):
        return []
    arms = list(dict.fromkeys(frame["arm"].to_list()))
    first = "baseline" if "baseline" in arms else arms[0]
    second = next((arm for arm in arms if arm != first), None)
    if second is None:
        return []
    shares = {
        (arm, reason): share
        for arm, reason, share in frame.select("arm", "reason", "share").iter_rows()
    }
    found = [
        _Reason(
            names.reason_label(reason),
            float(shares.get((first, reason)) or 0.0),
            float(shares.get((second, reason)) or 0.0),
        )
        for reason in dict.fromkeys(frame["reason"].to_list())
    ]
    return sorted(found, key=lambda one: -max(one.before, one.after))


def _title(reasons: Sequence[_Reason], arm: str) -> str:
    before, after = (sum(one.before for one in reasons), sum(one.after for one in reasons))
    moved = max(reasons, key=lambda one: abs(one.change))
    if _percent(before) == _percent(after):
        total = f"{_percent(before)} of orders go unfilled in the baseline, as many under"
    else:
        total = f"{_percent(before)} of orders go unfilled in the baseline, {_percent(after)} under"
    if abs(moved.change) < 5e-5:
        return f"{total} the {arm}; no reason moves by 0.01 points"
    word = "fewer" if moved.change < 0 else "more"
    short = lower_first(moved.label.partition(":")[0])
    return f"{total} the {arm}; what moves most is {short}, {_points(moved.change)} {word}"


def _percent(share: float) -> str:
    """Return a share in percent: one decimal from one percent up, else two."""
    size = 100.0 * share
    if size == 0.0:
        return "0%"
    return f"{size:.1f}%" if size >= 0.995 else f"{size:.2f}%" if size >= 0.005 else "under 0.01%"


def _points(change: float) -> str:
    size = abs(100.0 * change)
    return f"{size:.1f} points" if size >= 0.995 else f"{size:.2f} points"


def _layout(frame: Frame, reasons: Sequence[_Reason], arm: str) -> Drawing:
    pitch = frame.text * (4.2 if frame.narrow else 2.9)
    head = frame.text * 2.4
    height = pitch * len(reasons)
    room = frame.width - 2 * frame.side
    label_width = 0.0 if frame.narrow else 290.0
    high = max(max(one.before, one.after) for one in reasons) or 1.0
    value_width = frame.text * (9 if frame.narrow else 11)
    width = room - label_width - value_width
    marks: list[Mark] = []
    labels: list[Label] = []
    thick = frame.text * 0.42
    for row, one in enumerate(reasons):
        middle = height - (row + 0.5) * pitch
        below = frame.text * 0.8 if frame.narrow else 0.0
        if row:
            marks.append(Line([0.0, high], [height - row * pitch] * 2, RULE, 0.6))
        if frame.narrow:
            labels.append(Label(one.label, 0.0, middle, frame.text, dy=-frame.text * 1.15))
        else:
            labels.append(Label(one.label, 0.0, middle, frame.text, dx=-12, side="right"))
        for value, colour, shift, name in (
            (one.before, _BEFORE, 1.05, "baseline"),
            (one.after, _AFTER, -1.05, arm),
        ):
            level = middle - below + shift * thick
            marks.append(Box(0.0, value, level - thick * 0.9, level + thick * 0.9, colour))
            text = f"{_percent(value)} {name}" if row == 0 else _percent(value)
            dark = colour == _AFTER
            labels.append(
                Label(text, value, level, frame.small, dx=6, colour=INK if dark else MUTED)
            )
    panel = Panel(
        left=frame.side + label_width,
        top=head,
        width=width,
        height=height,
        x=Axis(0.0, high),
        y=Axis(0.0, height),
        marks=marks,
        labels=labels,
    )
    before, after = (sum(one.before for one in reasons), sum(one.after for one in reasons))
    texts = [
        Label(
            f"All reasons: {_percent(before)} of orders in the baseline, {_percent(after)} under "
            f"the {arm}"
            if not frame.narrow
            else f"All reasons: {_percent(before)}, {arm} {_percent(after)}",
            frame.side,
            4,
            frame.text,
            height="top",
            bold=True,
        )
    ]
    return Drawing(frame.width, head + height + 10, [panel], texts)
