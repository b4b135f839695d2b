"""The report of a paired study: charts, their numbers and texts, the page, and the screen."""

from __future__ import annotations

from pathlib import Path

from millworks.report.charts.effect_by_size import effect_by_size
from millworks.report.charts.effect_over_time import effect_over_time
from millworks.report.charts.where_dollars_went import where_dollars_went
from millworks.report.charts.why_unfilled import why_unfilled
from millworks.report.drawing import Chart
from millworks.report.folder import write_folder
from millworks.report.run_page import run_page
from millworks.report.run_screen import print_run
from millworks.report.sources import SOURCE_LINE
from millworks.report.style import Footer
from millworks.study.run_results import RunResult

__all__ = ["print_run", "run_charts", "write_report"]

NOT_CALIBRATED = "Simulated, not calibrated, on "


def run_charts(result: RunResult, run_id: str) -> list[Chart]:
    """Return the charts of a study, in the order of the page; those without data are left out."""
    footer = Footer(f"{NOT_CALIBRATED}{SOURCE_LINE}", result.year, run_id)
    makers = (effect_over_time, effect_by_size, why_unfilled, where_dollars_went)
    made = (chart(result, footer) for chart in makers)
    return [chart for chart in made if chart is not None]


def write_report(
    result: RunResult, folder: Path, run_id: str, *, charts: bool = True
) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written.

    Each chart leaves svg, png, csv (the numbers behind it) and txt (its alternative text); with
    `charts` off the page has none. What cannot be drawn is left out with a sentence, as
    `folder.write_folder` says. OutputError where the folder cannot be written.
    """
    drawn = run_charts(result, run_id) if charts else []
    return write_folder(drawn, lambda pictures: run_page(result, drawn, pictures, run_id), folder)
