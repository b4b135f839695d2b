"""Panels made by hand, small enough to know every answer: no engine is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from millworks_calibration.panel import FLOWS, KEPT, WEEKLY, Firms, Panel

REASONS = ("capacity", "cash")
TERMS = ("score", "collateral")
_FLAGS = {"active", "tested", "wants", "constrained", "indivisible", "discouraged"}
_NUMBERS = {"generation", "born", "sector", "missing_term"}


def firms(kind: str, rows: int, snapshots: int) -> Firms:
    """Firms that trade throughout and whose other columns are zero (flags False)."""
    columns: dict[str, np.ndarray] = {}
    for name in KEPT[kind]:
        dtype = np.bool_ if name in _FLAGS else np.int64 if name in _NUMBERS else np.float64
        columns[name] = np.zeros((snapshots, rows), dtype)
    columns["active"][:] = True
    return Firms(columns)


def panel(
    years: int = 1, *, makers: int = 4, partners: int = 1, retailers: int = 2, **weekly: float
) -> Panel:
    """A panel of so many years; series of the district are constant, zero unless given."""
    quarters, weeks = 4 * years, 52 * years
    series: dict[str, np.ndarray] = {name: np.full(weeks, weekly.get(name, 0.0)) for name in WEEKLY}
    series["refused"] = np.zeros((weeks, len(REASONS)))
    return Panel(
        seed=1,
        scale=1.0,
        weeks=np.arange(quarters + 1) * 13 + 155,
        makers=firms("makers", makers, quarters + 1),
        partners=firms("partners", partners, quarters + 1),
        retailers=firms("retailers", retailers, quarters + 1),
        weekly=series,
        terms=TERMS,
        reasons=REASONS,
    )


def set_flow(kind: Firms, name: str, per_quarter: Any) -> None:
    """Write a flow of each quarter; nothing has flowed at snapshot 0."""
    assert name in FLOWS
    kind.columns[name][1:] = per_quarter


def scaled(made: Panel, scale: float) -> Panel:
    """The same panel as that of a scale model."""
    return replace(made, scale=scale)
