"""Drawings as plotly figures."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from millworks.report.drawing import Area, Box, Dots, Drawing, Label, Line, Mark, Panel
from millworks.report.style import FONT, template

if TYPE_CHECKING:
    import plotly.graph_objects as go

_ANCHORS = {"left": "left", "center": "center", "right": "right"}


def to_plotly(drawing: Drawing) -> go.Figure:
    """Return a drawing as a plotly figure of the same size in pixels."""
    import plotly.graph_objects as go

    figure = go.Figure()
    layout: dict[str, Any] = {
        "template": template(),
        "width": drawing.width,
        "height": round(drawing.height),
        "annotations": [],
    }
    for place, panel in enumerate(drawing.panels, start=1):
        suffix = "" if place == 1 else str(place)
        layout[f"xaxis{suffix}"], layout[f"yaxis{suffix}"] = _axes(drawing, panel, suffix)
        for order, mark in enumerate(panel.marks):
            trace = _trace(go, mark, suffix)
            # Plotly would draw a random one, and write it into the picture.
            trace.uid = f"{place}-{order}"
            figure.add_trace(trace)
        layout["annotations"] += [
            _annotation(label, f"x{suffix}", f"y{suffix}", label.x, label.y)
            for label in panel.labels
        ]
    layout["annotations"] += [
        _annotation(
            label,
            "paper",
            "paper",
            label.x / drawing.width,
            1 - label.y / round(drawing.height),
        )
        for label in drawing.texts
    ]
    figure.update_layout(layout)
    return figure


def _axes(drawing: Drawing, panel: Panel, suffix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    height = round(drawing.height)
    shared = {
        "tickmode": "array",
        "tickfont": {"size": panel.tick_size},
        "ticklabelstandoff": 5,
    }
    horizontal = {
        **shared,
        "anchor": f"y{suffix}",
        "domain": [panel.left / drawing.width, (panel.left + panel.width) / drawing.width],
        "range": [panel.x.low, panel.x.high],
        "tickvals": [value for value, _ in panel.x.ticks],
        "ticktext": [html.escape(label) for _, label in panel.x.ticks],
        "showgrid": panel.x.grid,
        "showticklabels": bool(panel.x.ticks),
    }
    vertical = {
        **shared,
        "anchor": f"x{suffix}",
        "domain": [1 - (panel.top + panel.height) / height, 1 - panel.top / height],
        "range": [panel.y.low, panel.y.high],
        "tickvals": [value for value, _ in panel.y.ticks],
        "ticktext": [html.escape(label) for _, label in panel.y.ticks],
        "showgrid": panel.y.grid,
        "showticklabels": bool(panel.y.ticks),
    }
    return horizontal, vertical


def _trace(go: Any, mark: Mark, suffix: str) -> Any:
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "cliponaxis": False}
    match mark:
        case Area():
            return go.Scatter(
                x=[*mark.x, *reversed(mark.x)],
                y=[*mark.high, *reversed(mark.low)],
                mode="lines",
                line={"width": 0},
                fill="toself",
                fillcolor=mark.colour,
                **axes,
            )
        case Line():
            return go.Scatter(
                x=list(mark.x),
                y=list(mark.y),
                mode="lines",
                opacity=mark.opacity,
                line={
                    "color": mark.colour,
                    "width": mark.width,
                    "dash": "4px,4px" if mark.dashed else "solid",
                },
                **axes,
            )
        case Box():
            return go.Scatter(
                x=[mark.x0, mark.x1, mark.x1, mark.x0],
                y=[mark.y0, mark.y0, mark.y1, mark.y1],
                mode="lines",
                line={"width": 0},
                fill="toself",
                fillcolor=mark.colour,
                **axes,
            )
        case Dots():
            return go.Scatter(
                x=list(mark.x),
                y=list(mark.y),
                mode="markers",
                name=mark.name,
                marker={
                    "size": list(mark.diameter),
                    "color": list(mark.fill),
                    "opacity": 1,
                    "line": {"color": mark.edge, "width": mark.edge_width},
                },
                **axes,
            )


def _annotation(label: Label, xref: str, yref: str, x: float, y: float) -> dict[str, Any]:
    text = html.escape(label.text).replace("\n", "<br>")
    return {
        "text": f"<b>{text}</b>" if label.bold else text,
        "xref": xref,
        "yref": yref,
        "x": x,
        "y": y,
        "xanchor": _ANCHORS[label.side],
        "yanchor": label.height,
        "xshift": label.dx,
        "yshift": -label.dy,
        "align": label.side,
        "showarrow": False,
        "borderpad": 1,
        "bgcolor": "rgba(255,255,255,0.78)" if label.backed else "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": label.size, "color": label.colour},
    }
