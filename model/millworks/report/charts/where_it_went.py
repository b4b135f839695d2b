"""Where the dollar went: who produced, who was paid, and through which door it left."""

from __future__ import annotations

import polars as pl

from millworks.report import names, rounding, words
from millworks.report.charts.bars import Bar, Block, panel
from millworks.report.drawing import Chart, Drawing
from millworks.report.figures import NOTHING, leakages, recipients, simulated
from millworks.report.style import EFFECT_COLOURS, REGION_COLOURS, Footer, Frame
from millworks.study.results import LinearResult

#: Rows shown per block before the rest is summed into one.
MOST_LOCAL, MOST_ELSEWHERE, MOST_PAID = 14, 8, 7

_LEAK_COLOUR = EFFECT_COLOURS["induced", "local"]
_PAID_COLOUR = EFFECT_COLOURS["indirect", "local"]


_is_manufacturer = pl.col("group").str.starts_with("maker") | (pl.col("group") == "partner")


def where_it_went(result: LinearResult, footer: Footer) -> Chart:
    """Return the chart of producers, of leakages and of the paid."""
    here = _families(recipients(result, "output", "local"))
    there = _families(recipients(result, "output", "rest_of_us"))
    made = float(recipients(result, "output", "local").filter(_is_manufacturer)["value"].sum())
    paid = recipients(result, "income")
    leaks = leakages(result)
    local = simulated(result, "output", "local")
    elsewhere = simulated(result, "output", "rest_of_us")
    # Left and right column in turn.
    blocks = [
        _producers("Made in the district", here, MOST_LOCAL, "local"),
        _doors(leaks),
        _paid(paid),
        _producers("Made elsewhere in the US", there, MOST_ELSEWHERE, "rest_of_us"),
    ]
    return Chart(
        slug="where-it-went",
        title=words.where_finding(
            made,
            local,
            (names.leakage_label(leaks["leakage"][0]), leaks["value"][0]) if len(leaks) else None,
        ),
        subtitle=(
            f"Per dollar of {names.order_word(result.sector)} orders. Output counts every sale on "
            f"the way, so it adds to more than a dollar; what leaves the district adds to "
            f"exactly one."
        ),
        alt=_alt(result, here, there, leaks, local, elsewhere),
        numbers=_numbers(result, leaks),
        layout=lambda frame: _layout(frame, [block for block in blocks if block.bars]),
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


def _doors(leaks: pl.DataFrame) -> Block:
    bars, reached = [], 0.0
    for leakage, value in leaks.iter_rows():
        bars.append(
            Bar(
                names.leakage_label(leakage),
                reached,
                reached + value,
                rounding.cents(value),
                _LEAK_COLOUR,
            )
        )
        reached += value
    return Block("Where it left the district", f"{rounding.dollars(reached)} in all", bars)


def _paid(paid: pl.DataFrame) -> Block:
    bars = []
    for group, region, value in paid.head(MOST_PAID).iter_rows():
        label = names.PAID_LABELS.get((group, region)) or names.group_label(group)
        bars.append(Bar(label, 0.0, value, rounding.money(value), _PAID_COLOUR))
    return Block("Who was paid", "pay and profit per dollar ordered", bars)


def _numbers(result: LinearResult, leaks: pl.DataFrame) -> pl.DataFrame:
    got = result.recipients.select(
        block=pl.lit("received_") + pl.col("quantity"),
        item="group",
        region="region",
        usd_per_usd="value",
    )
    left = leaks.select(
        block=pl.lit("left_the_district"),
        item="leakage",
        region=pl.lit("outside"),
        usd_per_usd="value",
    )
    return pl.concat([got, left], how="vertical_relaxed")


def _alt(
    result: LinearResult,
    here: pl.DataFrame,
    there: pl.DataFrame,
    leaks: pl.DataFrame,
    local: float,
    elsewhere: float,
) -> str:
    place = names.short_place(result.place.name)

    def said(frame: pl.DataFrame, most: int) -> str:
        return words.listed(
            [
                f"{words.lower_first(label)} {rounding.money(value)}"
                for label, value in _folded(frame, most)
            ]
        )

    doors = words.listed(
        [
            f"{words.lower_first(names.leakage_label(leakage))} {rounding.cents(value)}"
            for leakage, value in leaks.iter_rows()
        ]
    )
    return (
        f"Bars. Of the {rounding.dollars(local)} of output made in {names.inside(place)} "
        f"per dollar of {names.order_word(result.sector)} orders: {said(here, MOST_LOCAL)}. "
        f"Of the {rounding.dollars(elsewhere)} made elsewhere in the US: "
        f"{said(there, MOST_ELSEWHERE)}. The dollar left the district as: {doors}."
    )


def _layout(frame: Frame, blocks: list[Block]) -> Drawing:
    room = frame.width - 2 * frame.side
    producers = [block for block in blocks if block.heading.startswith("Made")]
    gap = frame.text * 1.7
    column, label_width = (room, 0.0) if frame.narrow else (room * 0.475, room * 0.235)
    columns = (
        [(frame.side, blocks)]
        if frame.narrow
        else [
            (frame.side, blocks[0::2]),
            (frame.side + room - column, blocks[1::2]),
        ]
    )
    panels, height = [], 0.0
    for left, stack in columns:
        top = 4.0
        for block in stack:
            high = max(bar.end for peer in _peers(block, producers) for bar in peer.bars)
            panels.append(
                panel(
                    frame,
                    block,
                    left=left,
                    top=top,
                    width=column,
                    label_width=label_width,
                    high=high,
                )
            )
            top += block.height(frame) + gap
        height = max(height, top - gap)
    return Drawing(frame.width, height + 8, panels)


def _peers(block: Block, producers: list[Block]) -> list[Block]:
    """Return the blocks that share a block's scale: producers here and elsewhere do."""
    return producers if block in producers else [block]
