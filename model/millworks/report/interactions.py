"""The report of the study of interactions: charts, page and screen."""

from __future__ import annotations

from pathlib import Path

from millworks.report.charts.best_package import best_package
from millworks.report.charts.group_factorial import group_factorial
from millworks.report.charts.synergy_map import synergy_map
from millworks.report.drawing import Chart
from millworks.report.interactions_page import interactions_page
from millworks.report.interactions_screen import print_interactions
from millworks.report.run import NOT_CALIBRATED
from millworks.report.sources import SOURCE_LINE
from millworks.report.study_page import write_study_report
from millworks.report.style import Footer
from millworks.study.interactions_results import InteractionsResult

__all__ = ["interactions_charts", "print_interactions", "write_report"]


def interactions_charts(result: InteractionsResult, run_id: str) -> list[Chart]:
    """Return the charts, in the order of the page; those without data are left out."""
    footer = Footer(f"{NOT_CALIBRATED}{SOURCE_LINE}", result.year, run_id)
    made = (chart(result, footer) for chart in (synergy_map, group_factorial, best_package))
    return [chart for chart in made if chart is not None]


def write_report(
    result: InteractionsResult, folder: Path, run_id: str, *, charts: bool = True
) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written.

    With `charts` off the page has none. OutputError where the folder cannot be written.
    """
    drawn = interactions_charts(result, run_id) if charts else []
    return write_study_report(interactions_page(result), drawn, folder, run_id)
