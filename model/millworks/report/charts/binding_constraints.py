"""Which limit stops which orders by size of maker, and what a little more of each is worth."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from millworks.report import constraint_words, effect_numbers, many_arms, names, run_words
from millworks.report.drawing import (
    Axis,
    Box,
    Chart,
    Dots,
    Drawing,
    Label,
    Line,
    Mark,
    Panel,
    steps,
    steps_between,
)
from millworks.report.style import EFFECT_COLOURS, INK, MUTED, REGION_COLOURS, RULE, Footer, Frame
from millworks.report.words import upper_first
from millworks.study.constraint_results import ConstraintsResult, Relaxed
from millworks.study.quantities import SIZE_CLASSES

REFUSED_SLUG, WORTH_SLUG = "refused-by-size", "worth-of-relaxing"
ALL, NEWCOMERS = constraint_words.ALL, SIZE_CLASSES[-1]

_COLOURS = {
    "capacity": EFFECT_COLOURS["direct", "local"],
    "cash": EFFECT_COLOURS["induced", "local"],
    "inputs": EFFECT_COLOURS["indirect", "local"],
    "labour": EFFECT_COLOURS["direct", "rest_of_us"],
    "space": EFFECT_COLOURS["indirect", "rest_of_us"],
    "shipping": REGION_COLOURS["national"],
    "hub_queue": "#16212c",
    "forecast": EFFECT_COLOURS["induced", "rest_of_us"],
}
_SURE, _UNSURE = REGION_COLOURS["local"], REGION_COLOURS["rest_of_us"]


# --- refused orders by size


def refused_by_size(result: ConstraintsResult, footer: Footer) -> Chart | None:
    """Return stacked bars of refused orders; None where none is refused."""
    if not constraint_words.ranked_reasons(result):
        return None
    return Chart(
        slug=REFUSED_SLUG,
        title=constraint_words.headline(result).partition(";")[0],
        subtitle=(
            "Part of all units ordered of makers of a size, by the limit that stopped the order; "
            f"each refused unit has one reason. Baseline, {len(result.seeds)} runs, all weeks. "
            f"Beside a bar: all reasons and their {many_arms.confidence(result)} interval. "
            "Newcomers are makers born while the study watches: they start with little."
        ),
        alt=". ".join(constraint_words.size_sentences(result)) + ".",
        numbers=pl.DataFrame(
            [
                {
                    "size_class": one.size_class,
                    "reason": one.reason,
                    "unit": one.share.unit,
                    "share": one.share.mean,
                    "low": one.share.low,
                    "high": one.share.high,
                    "pairs": one.share.pairs,
                }
                for one in result.shares
            ],
            infer_schema_length=None,
        ),
        layout=lambda frame: _refused_layout(frame, result),
        footer=footer,
    )


def _refused_layout(frame: Frame, result: ConstraintsResult) -> Drawing:
    legend, top = _legend(frame, constraint_words.ranked_reasons(result))
    sizes = [size for size in SIZE_CLASSES if result.share(ALL, size).mean is not None]
    # Newcomers refuse many times what others do: on one scale nothing else could be seen.
    apart = [size for size in sizes if size == NEWCOMERS]
    panels = [_bars(frame, result, [size for size in sizes if size not in apart], top)]
    bottom = top + panels[0].height + 34
    if apart:
        head = bottom + frame.text
        legend.append(
            Label(f"{upper_first(NEWCOMERS)}, on a scale of their own", frame.side, head,
                  frame.small, colour=MUTED)
        )  # fmt: skip
        panels.append(_bars(frame, result, apart, head + frame.text))
        bottom = head + frame.text + panels[1].height + 34
    return Drawing(frame.width, bottom, panels, legend)


def _bars(frame: Frame, result: ConstraintsResult, sizes: Sequence[str], top: float) -> Panel:
    """Stacked bars of some sizes on one scale."""
    reasons = constraint_words.ranked_reasons(result)
    pitch = frame.text * (3.4 if frame.narrow else 2.5)
    names_width = 0.0 if frame.narrow else 170.0
    ends_width = frame.small * (1.0 if frame.narrow else 12.0)
    high = max((result.share(ALL, size).mean or 0.0 for size in sizes), default=0.0) or 1.0
    height = pitch * len(sizes)
    marks: list[Mark] = []
    labels: list[Label] = []
    for row, size in enumerate(sizes):
        middle = height - (row + 0.5) * pitch
        bar = middle - (frame.text * 0.6 if frame.narrow else 0.0)
        thick = frame.text * 0.62
        name = upper_first(names.size_label(size))
        if row == 0 and size != NEWCOMERS:
            name = f"{name} employees"
        total = result.share(ALL, size)
        text, ends = many_arms.share_text(total), many_arms.level_ends(total)
        if ends:
            text = f"{text} ({ends})"
        if frame.narrow:
            name = f"{name}: {text}"
            labels.append(Label(name, 0.0, middle, frame.text, dy=-frame.text * 0.7))
        else:
            labels.append(Label(name, 0.0, middle, frame.text, dx=-12, side="right"))
        start = 0.0
        for reason in reasons:
            part = result.share(reason, size).mean or 0.0
            if part > 0.0:
                colour = _COLOURS.get(reason, MUTED)
                marks.append(Box(start, start + part, bar - thick, bar + thick, colour))
            start += part
        if not frame.narrow:
            labels.append(Label(text, start, bar, frame.small, dx=7, colour=INK))
    return Panel(
        left=frame.side + names_width,
        top=top,
        width=frame.width - 2 * frame.side - names_width - ends_width,
        height=height,
        # A sum of parts may exceed their total by a last bit, and its label would be cut off.
        x=Axis(0.0, 1.001 * high, _share_ticks(high), grid=True),
        y=Axis(0.0, height),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )


def _legend(frame: Frame, reasons: Sequence[str]) -> tuple[list[Label], float]:
    """The reasons in their colours, in as many lines as they take, and the pixels below them."""
    labels: list[Label] = []
    x, y, line = float(frame.side), frame.text * 0.9, frame.text * 1.7
    for reason in reasons:
        name = upper_first(constraint_words.reason(reason))
        width = frame.text * (0.52 * len(name) + 3.0)
        if x + width > frame.width - frame.side and x > frame.side:
            x, y = float(frame.side), y + line
        colour = _COLOURS.get(reason, MUTED)
        labels.append(Label("\N{BLACK SQUARE}", x, y, frame.text + 4, dy=-1, colour=colour))
        labels.append(Label(name, x + frame.text * 1.3, y, frame.text))
        x += width
    return labels, y + line


def _share_ticks(high: float) -> list[tuple[float, str]]:
    return [(tick, f"{100.0 * tick:g}%") for tick in steps(high, 4)]


# --- worth of relaxing


def worth_of_relaxing(result: ConstraintsResult, footer: Footer) -> Chart | None:
    """Return the effect on value added of relaxing each limit; None where none was."""
    if not result.relaxed:
        return None
    return Chart(
        slug=WORTH_SLUG,
        title=upper_first(constraint_words.best_worth(result)),
        subtitle=(
            "Local value added a year with one limit relaxed for all makers from the first week, "
            f"less baseline. Dot: mean over {len(result.seeds)} pairs of runs; bar: "
            f"{many_arms.confidence(result)} interval, corrected for how many limits are tried; "
            "light: it covers zero. No policy: nobody outside pays."
        ),
        alt=". ".join(constraint_words.worth_sentence(one) for one in result.relaxed) + ".",
        numbers=pl.DataFrame(
            [
                {
                    "relaxed": one.reason,
                    "what": one.what,
                    "unit": one.value_added.unit,
                    "value_added": one.value_added.mean,
                    "low": one.value_added.low,
                    "high": one.value_added.high,
                    "refused_for_it": one.own_reason.mean,
                    "pairs": one.value_added.pairs,
                }
                for one in result.relaxed
            ],
            infer_schema_length=None,
        ),
        layout=lambda frame: _worth_layout(frame, result.relaxed),
        footer=footer,
    )


def _worth_layout(frame: Frame, relaxed: Sequence[Relaxed]) -> Drawing:
    pitch = frame.text * (4.6 if frame.narrow else 3.9)
    names_width = 0.0 if frame.narrow else 330.0
    figures = 0.0 if frame.narrow else frame.small * 13.0
    ends = [0.0]
    for one in relaxed:
        effect = one.value_added
        ends += [end for end in (effect.mean, effect.low, effect.high) if end is not None]
    low, high = min(ends), max(ends)
    pad = 0.05 * (high - low) or 1.0
    low, high = low - pad, high + pad
    height = pitch * len(relaxed)
    marks: list[Mark] = [Line([0.0, 0.0], [0.0, height], INK, 1.2)]
    labels: list[Label] = []
    for row, one in enumerate(relaxed):
        effect = one.value_added
        middle = height - (row + 0.5) * pitch
        bar = middle - (frame.text * 0.9 if frame.narrow else 0.0)
        if row:
            marks.append(Line([low, high], [height - row * pitch] * 2, RULE, 0.6))
        labels += _row_names(frame, one, low, middle, names_width)
        if effect.mean is None:
            continue
        colour = _UNSURE if effect.covers_zero is not False else _SURE
        ink = MUTED if colour == _UNSURE else INK
        if effect.low is not None and effect.high is not None:
            marks.append(Line([effect.low, effect.high], [bar] * 2, colour, 4.0))
        marks.append(Dots([effect.mean], [bar], [10], [colour], edge=colour))
        text = run_words.moved(effect, short=True)
        if frame.narrow:
            labels.append(
                Label(text, high, middle, frame.small, dy=-frame.text * 1.2, side="right",
                      colour=ink)
            )  # fmt: skip
        else:
            within = many_arms.bare_ends(effect)
            text = f"{text} ({within})" if within else text
            labels.append(Label(text, high, bar, frame.small, dx=8, colour=ink))
    ticks = steps_between(low, high, 3 if frame.narrow else 5) if any(ends) else [0.0]
    on = effect_numbers.tick_scale(relaxed[0].value_added.unit, ticks)
    panel = Panel(
        left=frame.side + names_width,
        top=6,
        width=frame.width - 2 * frame.side - names_width - figures,
        height=height,
        x=Axis(low, high, [(tick, on.shown(tick, sign=True)) for tick in ticks]),
        y=Axis(0.0, height),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )
    return Drawing(frame.width, height + 40, [panel])


def _row_names(frame: Frame, one: Relaxed, low: float, middle: float, width: float) -> list[Label]:
    """The limit, and below it what was done."""
    name = upper_first(constraint_words.reason(one.reason))
    if frame.narrow:
        return [Label(name, low, middle, frame.text, dy=-frame.text * 1.2, bold=True)]
    lines = frame.wrap(one.what, frame.small, width - 16)[:2]
    shift = -0.62 * frame.text * len(lines)
    return [
        Label(name, low, middle, frame.text, dx=-width, dy=shift, bold=True),
        Label(
            "\n".join(lines), low, middle, frame.small, dx=-width, dy=0.62 * frame.text,
            colour=MUTED,
        ),
    ]  # fmt: skip
