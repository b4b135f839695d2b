"""Drawings as matplotlib figures: what is drawn where no browser is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from millworks.report.drawing import Area, Box, Dots, Drawing, Label, Line, Mark, Panel
from millworks.report.style import FONT_FAMILIES, GRID, MUTED, PAPER

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Drawings are in CSS pixels of 1/96 inch; matplotlib thinks in points of 1/72 inch.
_DPI = 96
_POINTS = 72 / _DPI


def to_matplotlib(drawing: Drawing) -> Figure:
    """Return a drawing as a matplotlib figure of the same size, made without a display."""
    import logging

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # Families that a machine lacks are passed over without a warning each.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    width, height = drawing.width, round(drawing.height)
    figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    for panel in drawing.panels:
        _panel(figure, panel, width, height)
    for label in drawing.texts:
        _text(figure, label, label.x / width, 1 - label.y / height, figure.transFigure)
    return figure


def _panel(figure: Any, panel: Panel, width: float, height: float) -> None:
    axes = figure.add_axes(
        (
            panel.left / width,
            1 - (panel.top + panel.height) / height,
            panel.width / width,
            panel.height / height,
        )
    )
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlim(panel.x.low, panel.x.high)
    axes.set_ylim(panel.y.low, panel.y.high)
    axes.tick_params(length=0, colors=MUTED, labelsize=panel.tick_size * _POINTS, pad=6)
    for axis, made in ((panel.x, axes.xaxis), (panel.y, axes.yaxis)):
        made.set_ticks([value for value, _ in axis.ticks], [label for _, label in axis.ticks])
        if axis.grid:
            made.grid(visible=True, color=GRID, linewidth=1)
        for tick in made.get_ticklabels():
            tick.set_fontfamily(list(FONT_FAMILIES))
    axes.set_axisbelow(True)
    for order, mark in enumerate(panel.marks):
        _mark(axes, mark, order + 2)
    for label in panel.labels:
        _text(figure, label, label.x, label.y, axes.transData, axes)


def _mark(axes: Any, mark: Mark, order: int) -> None:
    shared = {"zorder": order, "clip_on": False}
    match mark:
        case Area():
            axes.fill_between(mark.x, mark.low, mark.high, color=mark.colour, linewidth=0, **shared)
        case Line():
            axes.plot(
                mark.x,
                mark.y,
                color=mark.colour,
                linewidth=mark.width * _POINTS,
                linestyle=(0, (4, 4)) if mark.dashed else "-",
                alpha=mark.opacity,
                solid_capstyle="butt",
                **shared,
            )
        case Box():
            axes.fill(
                [mark.x0, mark.x1, mark.x1, mark.x0],
                [mark.y0, mark.y0, mark.y1, mark.y1],
                color=mark.colour,
                linewidth=0,
                **shared,
            )
        case Dots():
            axes.scatter(
                mark.x,
                mark.y,
                s=(np.asarray(mark.diameter, dtype=float) * _POINTS) ** 2,
                c=list(mark.fill),
                edgecolors=mark.edge,
                linewidths=mark.edge_width * _POINTS,
                gid=mark.name or None,
                **shared,
            )


def _text(
    figure: Any, label: Label, x: float, y: float, transform: Any, axes: Any | None = None
) -> None:
    from matplotlib.transforms import ScaledTranslation

    moved = transform + ScaledTranslation(label.dx / _DPI, -label.dy / _DPI, figure.dpi_scale_trans)
    backing = {"boxstyle": "square,pad=0.1", "color": PAPER, "alpha": 0.78, "linewidth": 0}
    (axes or figure).text(
        x,
        y,
        # A dollar sign would start a formula.
        label.text.replace("$", r"\$"),
        transform=moved,
        ha=label.side,
        va={"middle": "center"}.get(label.height, label.height),
        multialignment=label.side,
        fontsize=label.size * _POINTS,
        fontweight="bold" if label.bold else "normal",
        fontfamily=list(FONT_FAMILIES),
        color=label.colour,
        linespacing=1.3,
        bbox=backing if label.backed else None,
        zorder=10_000,
    )
