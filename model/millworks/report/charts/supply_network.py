"""The district's supply network: who is linked to whom, and what the orders brought each."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from millworks.report import names, rounding, words
from millworks.report.charts.network_groups import SERVICES, Group, grouped, ranking, service_name
from millworks.report.charts.network_layout import curve, pack, place_around
from millworks.report.drawing import Axis, Chart, Dots, Drawing, Label, Line, Panel
from millworks.report.style import INK, MUTED, PAPER, RULE, Footer, Frame, sequential
from millworks.study.results import LinearResult

#: More than this makes the picture heavier and no clearer; the largest receivers are kept.
MOST_NODES, MOST_LINKS, MOST_FLOWS = 600, 500, 70

#: Discs may be drawn this many times larger than the scale of the legend, if there is room.
LARGEST_SCALE, SMALLEST_SCALE = 2.4, 0.4

#: Line width (pixels) and opacity of links, weakest first; the shares of links below each step.
STRENGTHS = ((0.6, 0.25), (0.9, 0.4), (1.6, 0.6))
STRENGTH_STEPS = (0.6, 0.9)

_LINK_COLOUR = "#8197ab"
_NOTHING_COLOUR = "#eef1f3"


def supply_network(result: LinearResult, footer: Footer) -> Chart:
    """Return the chart of the neighbourhood that the result carries."""
    place = names.short_place(result.place.name)
    nodes = (
        result.nodes.filter(pl.col("kind") != "outside")
        .sort("received", "id", descending=[True, False])
        .head(MOST_NODES)
    )
    groups = grouped(nodes, result.sector)
    known = nodes["id"].to_list()
    all_links = result.edges.filter(pl.col("buyer").is_in(known) & pl.col("seller").is_in(known))
    blocks = nodes.filter(pl.col("kind") == "block")["id"].to_list()
    between_firms = all_links.filter(~pl.col("seller").is_in(blocks))
    links = between_firms.sort("received", descending=True, maintain_order=True).head(MOST_LINKS)
    flows = _flows(all_links.filter(pl.col("seller").is_in(blocks)), nodes, groups)
    received = nodes["received"].to_numpy()
    got = {group.key: float(received[group.rows].sum()) for group in groups}
    firms = sum(len(group.rows) for group in groups if group.key != SERVICES)
    top = [name for name, _ in ranking(nodes, groups, got, result.sector)[:2]]
    said = words.listed(
        [
            f"{words.lower_first(group.heading)} ({group.count}) "
            f"{rounding.per_thousand(got[group.key])}"
            for group in groups
        ]
    )
    return Chart(
        slug="supply-network",
        title=words.network_finding(result.sector, place, top),
        subtitle=(
            f"{rounding.whole(firms, 'firm')} and what each received per $1,000 ordered. Thin "
            f"lines: the {rounding.whole(len(links), 'link')} between them, of "
            f"{len(between_firms):,}, that moved most; lines to services are summed by "
            f"sector. What households spend reaches shops and services without a line."
        ),
        alt=(
            f"Network of {rounding.whole(firms, 'firm')} in {names.inside(place)} grouped "
            f"by sector. Received per $1,000 of {names.order_word(result.sector)} orders: {said}."
        ),
        numbers=nodes.select(
            "id",
            "label",
            "kind",
            "sector",
            sales_usd_per_year="sales",
            received_usd_per_usd="received",
        ),
        layout=lambda frame: _layout(frame, nodes, links, flows, groups, got),
        footer=footer,
        more={"links": links.select("buyer", "seller", "sector", received_usd_per_usd="received")},
    )


def _flows(links: pl.DataFrame, nodes: pl.DataFrame, groups: list[Group]) -> pl.DataFrame:
    """Sum the purchases from services over the buyers of each group, largest first."""
    ids = nodes["id"].to_numpy()
    home = {int(ids[row]): group.key for group in groups for row in group.rows}
    return (
        links.with_columns(group=pl.Series([home[b] for b in links["buyer"]], dtype=pl.String))
        .group_by("group", "seller", maintain_order=True)
        .agg(pl.col("received").sum())
        .filter(pl.col("received") > 0)
        .sort("received", descending=True, maintain_order=True)
        .head(MOST_FLOWS)
    )


def _layout(
    frame: Frame,
    nodes: pl.DataFrame,
    links: pl.DataFrame,
    flows: pl.DataFrame,
    groups: list[Group],
    got: dict[str, float],
) -> Drawing:
    width = frame.width - 2 * frame.side
    height = 620.0 if frame.narrow else 580.0
    in_column = [group for group in groups if group.key == SERVICES and not frame.narrow]
    packed = [group for group in groups if group not in in_column]
    room = width - (262.0 if in_column else 0.0)
    points = np.zeros((len(nodes), 2))
    diameter = _diameter(nodes["sales"].to_numpy())
    labels, centres, scale = _discs(frame, packed, got, diameter, points, room, height)
    diameter = diameter * scale
    for group in in_column:
        labels += _column(frame, nodes, group, diameter, points, room + 36, height)
        centres[group.key] = np.array([room + 36, height / 2])
    low, high = _decades(nodes["received"].to_numpy())
    panel = Panel(
        left=frame.side,
        top=0,
        width=width,
        height=height,
        # Pixels count downwards here, so the y axis is turned over.
        x=Axis(0, width),
        y=Axis(height, 0),
        marks=[
            *_flow_lines(flows, nodes, centres, points),
            *_link_lines(links, nodes, groups, centres, points),
            Dots(
                points[:, 0].round(1).tolist(),
                points[:, 1].round(1).tolist(),
                diameter.round(1).tolist(),
                [_colour(value, low, high) for value in nodes["received"].to_list()],
                edge=PAPER,
                edge_width=0.7,
                name="firms",
            ),
        ],
        labels=labels,
    )
    key = _legend(frame, width, height + 14, low, high, scale)
    return Drawing(frame.width, key.top + key.height, [panel, key])


def _diameter(sales: np.ndarray) -> np.ndarray:
    """Return the cube root of sales in pixels, 2 at a million dollars, never a speck."""
    return np.clip(2.0 * np.cbrt(np.maximum(sales, 0) / 1e6), 1.6, 24.0)


def _discs(
    frame: Frame,
    groups: list[Group],
    got: dict[str, float],
    diameter: np.ndarray,
    points: np.ndarray,
    width: float,
    height: float,
) -> tuple[list[Label], dict[str, np.ndarray], float]:
    """Pack the groups as large as the sheet allows; return labels, centres and the scale."""
    text = frame.small
    heads = [
        (
            group.heading,
            f"{group.count} · {rounding.per_thousand(got[group.key])}",
        )
        for group in groups
    ]
    offsets = [pack(diameter[group.rows] / 2, gap=0.7) for group in groups]
    reach = [
        (np.abs(offset) + diameter[group.rows, None] / 2).max(axis=0)
        for group, offset in zip(groups, offsets, strict=True)
    ]
    scale = LARGEST_SCALE
    while True:
        boxes = [
            (
                max(2 * extent[0] * scale, 0.54 * text * max(map(len, head))) + 14,
                2 * extent[1] * scale + 2.6 * text + 16,
            )
            for extent, head in zip(reach, heads, strict=True)
        ]
        middles, overlap = place_around(boxes, width, height)
        if overlap < 2 or scale < SMALLEST_SCALE:
            break
        scale *= 0.95
    labels, centres = [], {}
    for group, offset, extent, middle, head in zip(
        groups, offsets, reach, middles, heads, strict=True
    ):
        # The label takes the top of the box, the disc the rest.
        centre = middle + np.array([0, 1.3 * text])
        points[group.rows] = centre + offset * scale
        centres[group.key] = centre
        top = centre[1] - extent[1] * scale - 3
        for line, part in enumerate(head):
            labels.append(
                Label(
                    part,
                    float(centre[0]),
                    float(top),
                    text,
                    dy=-1.2 * text * (1 - line),
                    side="center",
                    height="bottom",
                    colour=MUTED if line else INK,
                    bold=line == 0,
                    backed=True,
                )
            )
    return labels, centres, scale


def _column(
    frame: Frame,
    nodes: pl.DataFrame,
    group: Group,
    diameter: np.ndarray,
    points: np.ndarray,
    left: float,
    height: float,
) -> list[Label]:
    """Set the services in a column of equal discs, the largest receiver on top."""
    received = nodes["received"].to_numpy()
    order = group.rows[np.argsort(-received[group.rows], kind="stable")]
    pitch = min(34.0, (height - 40) / max(1, len(order)))
    diameter[order] = pitch * 0.66
    top = 30 + (height - 40 - pitch * len(order)) / 2
    labels = [Label("Services", left, top - 6, frame.small, dx=-11, height="bottom", bold=True)]
    for place, row in enumerate(order.tolist()):
        points[row] = (left, top + (place + 0.5) * pitch)
        labels.append(
            Label(
                f"{service_name(nodes, row)}  {rounding.per_thousand(float(received[row]))}",
                left,
                float(points[row][1]),
                frame.small,
                dx=18,
            )
        )
    return labels


def _decades(received: np.ndarray) -> tuple[int, int]:
    """Return the decades (powers of ten of USD per USD) between which colours run."""
    positive = received[received > 0]
    if len(positive) == 0:
        return -5, -1
    high = math.ceil(math.log10(positive.max()) - 1e-9)
    low = math.floor(math.log10(np.quantile(positive, 0.05)))
    return min(max(low, high - 5), high - 2), high


def _colour(value: float, low: int, high: int) -> str:
    if value <= 0:
        return _NOTHING_COLOUR
    return sequential((math.log10(value) - low) / (high - low))


def _flow_lines(
    flows: pl.DataFrame,
    nodes: pl.DataFrame,
    centres: dict[str, np.ndarray],
    points: np.ndarray,
) -> list[Line]:
    """Draw one line per group of buyers and service, as wide as the root of what it moved."""
    row_of = {node: row for row, node in enumerate(nodes["id"].to_list())}
    most = flows["received"].max() if len(flows) else 1.0
    lines = []
    for group, seller, value in flows.iter_rows():
        start, end = centres[group], points[row_of[seller]]
        pull = np.array([start[0] * 0.45 + end[0] * 0.55, end[1]])
        path = curve(start, end, pull).round(1)
        thick = 0.7 + 9.0 * math.sqrt(value / most)
        lines.append(
            Line(path[:, 0].tolist(), path[:, 1].tolist(), _LINK_COLOUR, thick, opacity=0.22)
        )
    return lines


def _link_lines(
    links: pl.DataFrame,
    nodes: pl.DataFrame,
    groups: list[Group],
    centres: dict[str, np.ndarray],
    points: np.ndarray,
) -> list[Line]:
    """Draw links between firms in three strengths, bent towards the line between their discs."""
    if links.is_empty():
        return []
    row_of = {node: row for row, node in enumerate(nodes["id"].to_list())}
    home = {int(row): centres[group.key] for group in groups for row in group.rows}
    received = links["received"].to_numpy()
    strength = np.searchsorted(np.quantile(received, STRENGTH_STEPS), received)
    lines = []
    for level, (thick, opacity) in enumerate(STRENGTHS):
        xs: list[float] = []
        ys: list[float] = []
        for buyer, seller in links.filter(strength == level).select("buyer", "seller").iter_rows():
            one, two = row_of[buyer], row_of[seller]
            path = curve(points[one], points[two], (home[one] + home[two]) / 2).round(1)
            xs += [*path[:, 0].tolist(), math.nan]
            ys += [*path[:, 1].tolist(), math.nan]
        if xs:
            lines.append(Line(xs, ys, _LINK_COLOUR, thick, opacity=opacity))
    return lines


def _legend(frame: Frame, width: float, top: float, low: int, high: int, scale: float) -> Panel:
    """Explain colour (received per $1,000 of orders) and size (sales a year)."""
    text = frame.small
    swatch = 46.0
    marks: list[Dots] = []
    labels = [Label("Received per $1,000 ordered", 0, 8, text, colour=MUTED)]
    for place, power in enumerate(range(low, high + 1)):
        x = 10 + place * swatch
        marks.append(Dots([x], [30], [15], [_colour(10.0**power, low, high)], edge=RULE))
        labels.append(
            Label(
                rounding.per_thousand(10.0**power),
                x,
                41,
                text,
                side="center",
                height="top",
                colour=MUTED,
            )
        )
    left = 0.0 if frame.narrow else 10 + (high - low + 1) * swatch + 40
    title, line = (76.0, 100.0) if frame.narrow else (8.0, 33.0)
    heading = "Sales a year (cube root)"
    labels.append(Label(heading, left, title, text, colour=MUTED))
    x = left
    for sales, name in ((1e6, "$1M"), (1e7, "$10M"), (1e8, "$100M"), (1e9, "$1B")):
        size = float(_diameter(np.array([sales]))[0]) * scale
        marks.append(Dots([x + size / 2], [line], [size], ["#c3ccd4"], edge=PAPER))
        labels.append(Label(name, x + size, line, text, dx=5, colour=MUTED))
        x += size + 0.62 * text * len(name) + 18
    height = 128.0 if frame.narrow else 62.0
    return Panel(
        left=frame.side,
        top=top,
        width=width,
        height=height,
        x=Axis(0, width),
        y=Axis(height, 0),
        marks=marks,
        labels=labels,
    )
