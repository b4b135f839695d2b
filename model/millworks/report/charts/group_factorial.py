"""All combinations of the groups: which are switched on, and what they do together.

A dot and its interval for every combination, and a tick where the separate effects of its groups
would add up to: the distance between both is what the groups do to each other.
"""

from __future__ import annotations

import polars as pl

from millworks.report import effect_numbers, names, run_words
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
from millworks.study.interactions_results import InteractionsResult, Together
from millworks.study.run_results import Effect

SLUG = "groups-together"

_SURE, _UNSURE = REGION_COLOURS["local"], REGION_COLOURS["national"]
_SHORT = {"finance": "fin.", "logistics": "log.", "technology": "tech."}


def group_factorial(result: InteractionsResult, footer: Footer) -> Chart | None:
    """Return the chart; None without a factorial."""
    arms = shown(result)
    if not arms:
        return None
    return Chart(
        slug=SLUG,
        title=say.groups_finding(result),
        subtitle=(
            f"Effect on {say.what(result)} against the baseline. Dots on the left: groups of "
            f"policies switched on. Dot and bar: mean over {len(result.seeds)} pairs of runs and "
            f"{say.confidence(result)} interval, not corrected; grey covers zero. "
            "Red tick: the effects of its groups alone, added up. "
            f"{say.groups_are(result)}."
        ),
        alt=" ".join(_sentence(result, arm) for arm in arms),
        numbers=_numbers(result, arms),
        layout=lambda frame: _layout(frame, result, arms),
        footer=footer,
        heading="What groups of policies do, alone and together",
    )


def shown(result: InteractionsResult) -> list[Together]:
    """Return the combinations that switch something on, fewest groups first."""
    arms = [arm for arm in result.combinations if arm.groups]
    return sorted(arms, key=lambda arm: len(arm.groups))


def added_up(result: InteractionsResult, arm: Together) -> float | None:
    """Return the sum of the effects of each group of an arm alone; None where one has none."""
    alone = {one.groups[0]: one.effects[0].mean for one in shown(result) if len(one.groups) == 1}
    parts = [alone[group] for group in arm.groups]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _sentence(result: InteractionsResult, arm: Together) -> str:
    effect, name = arm.effects[0], say.beside(result, arm.groups)
    if effect.mean is None:
        return f"{name}: not given."
    covers = ", covers zero" if effect.covers_zero else ""
    text = f"{name}: {say.amount(effect)} ({say.within(result, effect, corrected=False)}{covers})"
    total = added_up(result, arm)
    if len(arm.groups) > 1 and total is not None:
        on = run_words.effect_scale(effect)
        text += f", each alone adds up to {on.shown(total, sign=True)}"
    return f"{text}."


def _numbers(result: InteractionsResult, arms: list[Together]) -> pl.DataFrame:
    rows = [
        {
            "groups": "+".join(arm.groups),
            "quantity": arm.effects[0].quantity,
            "unit": arm.effects[0].unit,
            "mean": arm.effects[0].mean,
            "low": arm.effects[0].low,
            "high": arm.effects[0].high,
            "each_alone_added_up": added_up(result, arm),
            "pairs": arm.effects[0].pairs,
        }
        for arm in arms
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _layout(frame: Frame, result: InteractionsResult, arms: list[Together]) -> Drawing:
    groups = list(result.groups)
    column = 34.0 if frame.narrow else 86.0
    pitch = frame.text * (1.9 if frame.narrow else 1.8)
    head, height = frame.text * 2.2, pitch * len(arms)
    room = frame.width - 2 * frame.side
    figures = max(len(_figure(frame, arm.effects[0])) for arm in arms) * frame.small * 0.52 + 12
    switches = column * len(groups)
    left = frame.side + switches + 14.0
    wide = room - switches - 14.0 - figures
    panels = [
        _switches(frame, groups, arms, column, pitch, head),
        _effects(frame, result, arms, left, wide, pitch, head),
    ]
    return Drawing(frame.width, head + height + frame.text * 2.4, panels)


def _switches(
    frame: Frame, groups: list[str], arms: list[Together], column: float, pitch: float, head: float
) -> Panel:
    width, height = column * len(groups), pitch * len(arms)
    marks: list[Mark] = []
    labels: list[Label] = []
    for place, group in enumerate(groups):
        name = _SHORT.get(group, group) if frame.narrow else names.plain(group)
        labels.append(
            Label(
                name, (place + 0.5) * column, height, frame.small, dy=-8, side="center",
                height="bottom", colour=MUTED,
            )
        )  # fmt: skip
    for row, arm in enumerate(arms):
        y = height - (row + 0.5) * pitch
        places = [place for place, group in enumerate(groups) if group in arm.groups]
        if len(places) > 1:
            ends = [(places[0] + 0.5) * column, (places[-1] + 0.5) * column]
            marks.append(Line(ends, [y, y], _SURE, 2.0))
        on = [group in arm.groups for group in groups]
        marks.append(
            Dots(
                [(place + 0.5) * column for place in range(len(groups))],
                [y] * len(groups),
                [9.0 if switched else 6.0 for switched in on],
                [_SURE if switched else RULE for switched in on],
                edge=PAPER,
            )
        )
    return Panel(
        left=frame.side, top=head, width=width, height=height, x=Axis(0.0, width),
        y=Axis(0.0, height), marks=marks, labels=labels, tick_size=frame.small,
    )  # fmt: skip


def _effects(
    frame: Frame,
    result: InteractionsResult,
    arms: list[Together],
    left: float,
    width: float,
    pitch: float,
    head: float,
) -> Panel:
    height = pitch * len(arms)
    ends = [0.0]
    for arm in arms:
        effect = arm.effects[0]
        ends += [
            end for end in (effect.mean, effect.low, effect.high, added_up(result, arm))
            if end is not None
        ]  # fmt: skip
    low, high = min(ends), max(ends)
    pad = 0.04 * (high - low) or 1.0
    low, high = low - pad, high + pad
    marks: list[Mark] = [Line([0.0, 0.0], [0.0, height], INK, 1.2)]
    labels: list[Label] = []
    for row, arm in enumerate(arms):
        y = height - (row + 0.5) * pitch
        if row and len(arm.groups) != len(arms[row - 1].groups):
            marks.append(Line([low, high], [y + pitch / 2] * 2, RULE, 0.8))
        effect = arm.effects[0]
        if effect.mean is None:
            labels.append(Label("not given", high, y, frame.small, dx=8, colour=MUTED))
            continue
        colour = _UNSURE if effect.covers_zero is not False else _SURE
        if effect.low is not None and effect.high is not None:
            marks.append(Line([effect.low, effect.high], [y, y], colour, 4.0))
        marks.append(Dots([effect.mean], [y], [7 if frame.narrow else 10], [colour], edge=colour))
        total = added_up(result, arm)
        if len(arm.groups) > 1 and total is not None:
            marks.append(Line([total] * 2, [y - 0.36 * pitch, y + 0.36 * pitch], ACCENT, 2.5))
        labels.append(Label(_figure(frame, effect), high, y, frame.small, dx=8, colour=colour))
    ticks = steps_between(low, high, 3 if frame.narrow else 5)
    on = effect_numbers.tick_scale(arms[0].effects[0].unit, ticks)
    return Panel(
        left=left, top=head, width=width, height=height,
        x=Axis(low, high, [(tick, on.shown(tick, sign=True)) for tick in ticks]),
        y=Axis(0.0, height), marks=marks, labels=labels, tick_size=frame.small,
    )  # fmt: skip


def _figure(frame: Frame, effect: Effect) -> str:
    """Return a change, with its interval where there is room."""
    if run_words.exactly_nothing(effect):
        return "exactly 0"
    text = run_words.moved(effect, short=True)
    if frame.narrow or effect.low is None or effect.high is None:
        return text
    on = run_words.effect_scale(effect, short=True)
    return f"{text} ({on.bare(effect.low, sign=True)} to {on.bare(effect.high, sign=True)})"
