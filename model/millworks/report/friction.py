"""The report of the multiplier with frictions: charts, page and screen."""

from __future__ import annotations

from pathlib import Path

from millworks.report.charts.bridge import bridge
from millworks.report.charts.multiplier_curves import effects_over_time, multiplier_curves
from millworks.report.drawing import Chart
from millworks.report.folder import write_folder
from millworks.report.friction_page import friction_page
from millworks.report.friction_screen import print_friction
from millworks.report.sources import SOURCE_LINE
from millworks.report.style import Footer
from millworks.study.friction_results import FrictionResult

__all__ = ["friction_charts", "print_friction", "write_report"]


def friction_charts(result: FrictionResult, run_id: str) -> list[Chart]:
    """Return the charts, in the order of the page; the bridge only where there is one."""
    footer = Footer(f"Simulated, not calibrated, on {SOURCE_LINE}", result.year, run_id)
    if result.find("output", "local").mean is None:
        return []  # nobody to invest in: there is nothing to draw
    made = [multiplier_curves(result, footer), effects_over_time(result, footer)]
    across = bridge(result, footer)
    return made if across is None else [*made, across]


def write_report(result: FrictionResult, folder: Path, run_id: str) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written.

    Each chart leaves svg, png, csv (the numbers behind it) and txt (its alternative text). What
    cannot be drawn is left out with a sentence, as `folder.write_folder` says. OutputError where
    the folder cannot be written.
    """
    charts = friction_charts(result, run_id)
    return write_folder(
        charts, lambda pictures: friction_page(result, charts, pictures, run_id), folder
    )
