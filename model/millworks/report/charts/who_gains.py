"""Who gains: the effect of every policy by size of firm and by sector, relative to the class.

A class gains or loses in percent of what it makes without the policy, so that classes of unlike
size compare; dollars and jobs stand in the tables beside the picture. Intervals of single cells are
not corrected for how many cells there are, and the subtitle says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from millworks.report import effect_numbers, names, rank_words, run_words
from millworks.report.charts.ranking import HARMS, QUIET, WORKS
from millworks.report.drawing import Axis, Box, Chart, Drawing, Label, Mark, Panel
from millworks.report.rank_numbers import classes, figure, found, sectors, short_title, within
from millworks.report.style import MUTED, PAPER, Footer, Frame, mix, text_on
from millworks.report.words import lower_first, shortened
from millworks.study.ranking.results import RankEntry, RankResult
from millworks.study.run_results import Effect

BY_SIZE, BY_SECTOR = "who-gains", "who-gains-by-sector"

QUANTITIES = ("value_added", "jobs")
MOST_SECTORS = 6

_EMPTY = mix(QUIET, PAPER, 0.93)


@dataclass(frozen=True)
class Block:
    """One quantity: cells [policy][group], None where there is no figure."""

    quantity: str
    cells: list[list[Effect | None]]

    @property
    def known(self) -> list[Effect]:
        """All figures there are."""
        return [effect for row in self.cells for effect in row if effect is not None]


def who_gains(result: RankResult, footer: Footer) -> Chart | None:
    """Return the chart by size of firm; None where no effect by size is given."""
    groups = classes(result)
    return _chart(BY_SIZE, result, footer, groups, _size_head, names.firms_of_size, "size class")


def who_gains_by_sector(result: RankResult, footer: Footer) -> Chart | None:
    """Return the chart by sector of the makers; None where no effect by sector is given."""
    return _chart(
        BY_SECTOR, result, footer, largest_sectors(result), _sector_head, _sector_phrase, "sector"
    )


def largest_sectors(result: RankResult) -> list[str]:
    """Return the sectors whose makers make most without any policy, largest first."""

    def level(sector: str) -> float:
        known = (found(entry.equal, QUANTITIES[0], sector) for entry in result.entries)
        return max((effect.baseline or 0.0 for effect in known if effect is not None), default=0.0)

    return sorted(sectors(result), key=lambda sector: -level(sector))[:MOST_SECTORS]


def _sector_phrase(sector: str) -> str:
    return f"{names.order_word(sector)} makers"


def _size_head(size: str) -> str:
    return names.size_label(size).replace("or more", "+")


def _sector_head(sector: str) -> str:
    return names.group_label(sector)


def _chart(
    slug: str,
    result: RankResult,
    footer: Footer,
    groups: Sequence[str],
    head: Callable[[str], str],
    phrase: Callable[[str], str],
    kind: str,
) -> Chart | None:
    entries = result.entries
    blocks = [
        Block(
            quantity,
            [[found(entry.equal, quantity, group) for group in groups] for entry in entries],
        )
        for quantity in QUANTITIES
    ]
    blocks = [block for block in blocks if block.known]
    if not blocks:
        return None
    cells = sum(len(block.known) for block in blocks)
    luck = (
        f"Grey: the {rank_words.confidence(result)} interval covers zero. These intervals are not "
        f"corrected for {cells} cells: about one in twenty is clear of zero by luck alone."
        if any(effect.low is not None for block in blocks for effect in block.known)
        else "One pair of runs has no interval, so any of these may be chance."
    )
    return Chart(
        slug=slug,
        title=_title(result, entries, blocks[0], groups, phrase, kind),
        subtitle=(
            f"Change at equal cost, in percent of what the {kind} makes or employs without the "
            f"policy. Blue: gains. Orange: loses. {luck}"
        ),
        alt=_alt(result, entries, blocks, groups, phrase),
        numbers=_numbers(entries, blocks, groups, kind.replace(" ", "_")),
        layout=lambda frame: _layout(frame, entries, blocks, [head(group) for group in groups]),
        footer=footer,
    )


def relative(effect: Effect) -> float | None:
    """Return a change as a part of its baseline; None without one."""
    if effect.mean is None or not effect.baseline:
        return None
    return effect.mean / abs(effect.baseline)


def _title(
    result: RankResult,
    entries: Sequence[RankEntry],
    block: Block,
    groups: Sequence[str],
    phrase: Callable[[str], str],
    kind: str,
) -> str:
    """Name the largest change for its size that can be told from zero, with its interval."""
    what = names.run_phrase(block.quantity)
    sure = [
        (abs(relative(effect) or 0.0), entry, group, effect)
        for entry, row in zip(entries, block.cells, strict=True)
        for group, effect in zip(groups, row, strict=True)
        if effect is not None and effect.covers_zero is False and not entry.comparator
    ]
    if not sure:
        if all(effect.low is None for effect in block.known):
            return f"One pair of runs cannot tell which {kind} gains"
        return f"In no {kind} does any policy move {what} by more than luck"
    _, entry, group, effect = max(sure, key=lambda one: one[0])
    word = "gain" if (effect.mean or 0.0) > 0.0 else "lose"
    return (
        f"For their size {phrase(group)} {word} most, from {lower_first(short_title(entry))}: "
        f"{what} {figure(effect)}{run_words.a_year(effect)}, "
        f"{effect_numbers.relative(effect.mean, effect.baseline)} "
        f"({rank_words.confidence(result)} interval {within(effect)})"
    )


def _alt(
    result: RankResult,
    entries: Sequence[RankEntry],
    blocks: Sequence[Block],
    groups: Sequence[str],
    phrase: Callable[[str], str],
) -> str:
    """Say every cell that can be told from zero, and how many cannot."""
    sentences = []
    for block in blocks:
        said = []
        for entry, row in zip(entries, block.cells, strict=True):
            told = [
                f"{phrase(group)} {figure(effect)}{run_words.a_year(effect)} ({within(effect)})"
                for group, effect in zip(groups, row, strict=True)
                if effect is not None and effect.covers_zero is False
            ]
            if told:
                said.append(f"{short_title(entry)}: {', '.join(told)}")
        label = names.run_label(block.quantity)
        quiet = sum(effect.covers_zero is not False for effect in block.known)
        text = f"{label}, {rank_words.confidence(result)} intervals. {'. '.join(said)}"
        sentences.append(
            f"{text.rstrip('. ')}. In {quiet} of {len(block.known)} cells nothing can be told."
        )
    return " ".join(sentences)


def _numbers(
    entries: Sequence[RankEntry], blocks: Sequence[Block], groups: Sequence[str], kind: str
) -> pl.DataFrame:
    rows = [
        {
            "policy": entry.name,
            "quantity": block.quantity,
            kind: group,
            "unit": effect.unit,
            "baseline": effect.baseline,
            "mean": effect.mean,
            "low": effect.low,
            "high": effect.high,
            "pairs": effect.pairs,
        }
        for block in blocks
        for entry, row in zip(entries, block.cells, strict=True)
        for group, effect in zip(groups, row, strict=True)
        if effect is not None
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _layout(
    frame: Frame, entries: Sequence[RankEntry], blocks: Sequence[Block], heads: Sequence[str]
) -> Drawing:
    """Set the blocks beside each other, on a phone below each other."""
    pitch = frame.text * (2.35 if frame.narrow else 1.9)
    names_width = frame.text * (7.4 if frame.narrow else 12.2)
    count = 1 if frame.narrow else len(blocks)
    between = 26.0
    room = frame.width - 2 * frame.side - names_width
    width = (room - between * (count - 1)) / count
    size = frame.small if width / len(heads) > 52 else frame.small - 2
    folded = [frame.wrap(head, size, width / len(heads) - 2) for head in heads]
    head = frame.text * 2.2 + max(len(lines) for lines in folded) * size * 1.3
    gap = frame.text * 1.6 if any(entry.comparator for entry in entries) else 0.0
    levers = sum(not entry.comparator for entry in entries)
    height = pitch * len(entries) + (gap if levers else 0.0)
    panels, texts, top = [], [], head
    for number, block in enumerate(blocks):
        left = frame.side + names_width + (0 if frame.narrow else number * (width + between))
        rows = [
            height - (row + 0.5) * pitch - (gap if row >= levers and levers else 0.0)
            for row in range(len(entries))
        ]
        panels.append(_panel(frame, block, rows, left, top, width, height, pitch, size))
        label = names.run_label(block.quantity)
        texts.append(
            Label(f"{label}, change", left, top - head + 2, frame.text, height="top", bold=True)
        )
        for column, lines in enumerate(folded):
            middle = left + (column + 0.5) * width / len(heads)
            texts.append(
                Label("\n".join(lines), middle, top - 7, size, side="center", height="bottom",
                      colour=MUTED)
            )  # fmt: skip
        if frame.narrow or number == 0:
            texts += _names(frame, entries, rows, top + height, names_width, levers, gap)
        if frame.narrow:
            top += height + head + frame.text * 1.6
    bottom = top - head - frame.text * 1.6 if frame.narrow else top + height
    return Drawing(frame.width, bottom + 10, panels, texts)


def _names(
    frame: Frame,
    entries: Sequence[RankEntry],
    rows: Sequence[float],
    bottom: float,
    width: float,
    levers: int,
    gap: float,
) -> list[Label]:
    longest = int(width / (frame.small * 0.5))
    made = [
        Label(
            shortened(short_title(entry), longest) if not frame.narrow else _two_lines(entry),
            frame.side,
            bottom - row,
            frame.small - 1 if frame.narrow else frame.text,
        )
        for entry, row in zip(entries, rows, strict=True)
    ]
    if gap and levers and levers < len(entries):
        middle = (rows[levers - 1] + rows[levers]) / 2.0
        made.append(Label("Comparators", frame.side, bottom - middle, frame.small, colour=MUTED))
    return made


def _two_lines(entry: RankEntry) -> str:
    """Break a name in two for a narrow column."""
    name = short_title(entry)
    if len(name) <= 14 or " " not in name:
        return name
    breaks = [place for place, letter in enumerate(name) if letter == " "]
    middle = min(breaks, key=lambda place: abs(place - len(name) / 2.0))
    return f"{name[:middle]}\n{name[middle + 1 :]}"


def _panel(
    frame: Frame,
    block: Block,
    rows: Sequence[float],
    left: float,
    top: float,
    width: float,
    height: float,
    pitch: float,
    size: int,
) -> Panel:
    columns = len(block.cells[0])
    wide = width / columns
    told = [abs(relative(e) or 0.0) for e in block.known if e.covers_zero is False]
    most = max(told, default=0.0)
    marks: list[Mark] = []
    labels: list[Label] = []
    for middle, row in zip(rows, block.cells, strict=True):
        for column, effect in enumerate(row):
            x = column * wide
            fill = _colour(effect, most)
            marks.append(
                Box(x + 1, x + wide - 1, middle - pitch / 2 + 1, middle + pitch / 2 - 1, fill)
            )
            colour = MUTED if fill in (_EMPTY, PAPER) else text_on(fill)
            labels.append(
                Label(_text(effect), x + wide / 2, middle, size, side="center", colour=colour)
            )
    return Panel(
        left=left,
        top=top,
        width=width,
        height=height,
        x=Axis(0.0, width),
        y=Axis(0.0, height),
        marks=marks,
        labels=labels,
        tick_size=frame.small,
    )


def _text(effect: Effect | None) -> str:
    if effect is None:
        return "—"
    if run_words.exactly_nothing(effect):
        return "0"
    return effect_numbers.relative(effect.mean, effect.baseline)


def _colour(effect: Effect | None, most: float) -> str:
    """Return blue for a gain and orange for a loss, deeper the larger; grey for what is not told.

    The square root keeps small changes apart where one policy dwarfs the others.
    """
    if effect is None:
        return PAPER
    change = relative(effect)
    if effect.covers_zero is not False or change is None or most <= 0.0:
        return _EMPTY
    deep = 0.22 + 0.63 * (abs(change) / most) ** 0.5
    return mix(PAPER, WORKS if change > 0.0 else HARMS, deep)
