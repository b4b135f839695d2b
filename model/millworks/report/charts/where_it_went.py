"""Where the dollar went: who produced, who was paid, and where it came to rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from millworks.report import names, rounding, words
from millworks.report.charts.bars import Bar, Block, panel
from millworks.report.drawing import Chart, Drawing
from millworks.report.figures import NOTHING, leakages, recipients, resting, simulated
from millworks.report.style import REGION_COLOURS, Footer, Frame
from millworks.study.results import LinearResult

#: Rows shown per block before the rest is summed into one.
MOST_LOCAL, MOST_ELSEWHERE = 14, 8

_is_manufacturer = pl.col("group").str.starts_with("maker") | (pl.col("group") == "partner")


class _Placed(NamedTuple):
    """A block, its column on a wide sheet, and the blocks it shares a scale with, by name."""

    block: Block
    column: int
    scale: str


def where_it_went(result: LinearResult, footer: Footer) -> Chart:
    """Return the chart of producers, of the paid and of where the dollar came to rest."""
    here = _families(recipients(result, "output", "local"))
    there = _families(recipients(result, "output", "rest_of_us"))
    made = float(recipients(result, "output", "local").filter(_is_manufacturer)["value"].sum())
    leaks = leakages(result)
    local = simulated(result, "output", "local")
    blocks = [
        _Placed(_producers("Made in the district", here, MOST_LOCAL, "local"), 0, "made"),
        _Placed(_paid("Paid by producers in the district", result, "income"), 0, "paid"),
        *(_Placed(block, 1, "rest") for block in _resting(leaks)),
        _Placed(
            _producers("Made elsewhere in the US", there, MOST_ELSEWHERE, "rest_of_us"), 1, "made"
        ),
        _Placed(
            _paid("Paid by producers elsewhere in the US", result, "income_elsewhere"), 0, "paid"
        ),
    ]
    return Chart(
        slug="where-it-went",
        title=words.where_finding(made, local, resting(result)),
        subtitle=(
            f"Per dollar of {names.order_word(result.sector)} orders. Output counts every sale on "
            f"the way, so it adds to more than a dollar; what came to rest, here or elsewhere, "
            f"adds to exactly one. Dark: in the district; light: elsewhere in the US. "
            f"{words.OWNERS_ELSEWHERE}"
        ),
        alt=_alt(result, here, there, leaks),
        numbers=_numbers(result, leaks),
        layout=lambda frame: _layout(frame, [placed for placed in blocks if placed.block.bars]),
        footer=footer,
    )


def _families(groups: pl.DataFrame) -> pl.DataFrame:
    """Sum sectors into families: columns label, value, largest first."""
    return (
        groups.with_columns(label=pl.Series([names.family_label(g) for g in groups["group"]]))
        .group_by("label", maintain_order=True)
        .agg(pl.col("value").sum())
        .sort("value", descending=True, maintain_order=True)
    )


def _producers(heading: str, groups: pl.DataFrame, most: int, region: str) -> Block:
    shown = _folded(groups, most)
    total = float(groups["value"].sum())
    return Block(
        heading,
        f"{rounding.dollars(total)} of output per dollar ordered",
        [
            Bar(label, 0.0, value, rounding.money(value), REGION_COLOURS[region])
            for label, value in shown
        ],
    )


def _folded(groups: pl.DataFrame, most: int) -> list[tuple[str, float]]:
    """Return the largest groups by label, the rest summed into one."""
    rows = [(label, value) for label, value in groups.iter_rows() if abs(value) >= NOTHING]
    if len(rows) <= most:
        return rows
    rest = rows[most - 1 :]
    return [*rows[: most - 1], (f"{len(rest)} others together", sum(value for _, value in rest))]


def _resting(leaks: pl.DataFrame) -> list[Block]:
    """Return one block per place where the dollar came to rest; the bars run on through all."""
    blocks, reached = [], 0.0
    for place, heading in names.RESTING_PLACES.items():
        bars = []
        for leakage, value in _parts(leaks, place):
            bars.append(
                Bar(
                    names.leakage_label(leakage),
                    reached,
                    reached + value,
                    rounding.cents(value),
                    REGION_COLOURS[place],
                )
            )
            reached += value
        total = sum(bar.end - bar.start for bar in bars)
        blocks.append(Block(heading, f"{rounding.cents(total)} of the dollar", bars))
    return blocks


def _parts(leaks: pl.DataFrame, place: str) -> list[tuple[str, float]]:
    """Return as what the dollar came to rest in a place, with the part of each."""
    return leaks.filter(pl.col("region") == place).select("leakage", "value").rows()


def _paid(heading: str, result: LinearResult, quantity: str) -> Block:
    """Return who was paid by producers of one region, each in the colour of where it is."""
    paid = recipients(result, quantity)
    bars = [
        Bar(_paid_label(group, region, quantity), 0.0, value, rounding.money(value), colour)
        for group, region, value in paid.iter_rows()
        for colour in [REGION_COLOURS[region]]
        if abs(value) >= NOTHING
    ]
    return Block(heading, f"{rounding.dollars(float(paid['value'].sum()))} of value added", bars)


def _paid_label(group: str, region: str, quantity: str) -> str:
    labels = names.PAID_LABELS if quantity == "income" else names.PAID_ELSEWHERE_LABELS
    return labels.get((group, region)) or names.group_label(group)


def _numbers(result: LinearResult, leaks: pl.DataFrame) -> pl.DataFrame:
    got = result.recipients.select(
        block=pl.lit("received_") + pl.col("quantity"),
        item="group",
        region="region",
        usd_per_usd="value",
    )
    left = leaks.select(
        block=pl.lit("came_to_rest"),
        item="leakage",
        region="region",
        usd_per_usd="value",
    )
    return pl.concat([got, left], how="vertical_relaxed")


def _alt(result: LinearResult, here: pl.DataFrame, there: pl.DataFrame, leaks: pl.DataFrame) -> str:
    place = names.short_place(result.place.name)

    def said(pairs: Sequence[tuple[str, float]]) -> str:
        return words.listed(
            [f"{words.lower_first(label)} {rounding.money(value)}" for label, value in pairs]
        )

    def paid(quantity: str) -> str:
        return said(
            [
                (_paid_label(group, region, quantity), value)
                for group, region, value in recipients(result, quantity).iter_rows()
            ]
        )

    rest = "; ".join(
        f"{words.lower_first(heading)} {rounding.cents(sum(value for _, value in parts))} "
        f"({said([(names.leakage_label(leakage), value) for leakage, value in parts])})"
        for region, heading in names.RESTING_PLACES.items()
        for parts in [_parts(leaks, region)]
        if parts
    )
    return (
        f"Bars. Of the {rounding.dollars(simulated(result, 'output', 'local'))} of output made in "
        f"{names.inside(place)} per dollar of {names.order_word(result.sector)} orders: "
        f"{said(_folded(here, MOST_LOCAL))}. "
        f"Of the {rounding.dollars(simulated(result, 'output', 'rest_of_us'))} made elsewhere in "
        f"the US: {said(_folded(there, MOST_ELSEWHERE))}. "
        f"Paid by producers in the district: {paid('income')}. "
        f"Paid by producers elsewhere in the US: {paid('income_elsewhere')}. "
        f"Where the dollar came to rest: {rest}."
    )


def _layout(frame: Frame, blocks: list[_Placed]) -> Drawing:
    room = frame.width - 2 * frame.side
    gap = frame.text * 1.7
    column, label_width = (room, 0.0) if frame.narrow else (room * 0.475, room * 0.235)
    lefts = (frame.side, frame.side if frame.narrow else frame.side + room - column)
    tops = [4.0, 4.0]
    panels = []
    for placed in blocks:
        stack = 0 if frame.narrow else placed.column
        peers = [peer.block for peer in blocks if peer.scale == placed.scale]
        panels.append(
            panel(
                frame,
                placed.block,
                left=lefts[stack],
                top=tops[stack],
                width=column,
                label_width=label_width,
                high=max(bar.end for peer in peers for bar in peer.bars),
            )
        )
        tops[stack] += placed.block.height(frame) + gap
    return Drawing(frame.width, max(tops) - gap + 8, panels)
