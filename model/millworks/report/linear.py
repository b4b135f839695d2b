"""The folder of a linear multiplier: charts, their numbers and texts, and the page."""

from __future__ import annotations

from pathlib import Path

from millworks.report.charts.against_leontief import against_leontief
from millworks.report.charts.dollar_path import dollar_path
from millworks.report.charts.supply_network import supply_network
from millworks.report.charts.where_it_went import where_it_went
from millworks.report.drawing import Chart
from millworks.report.folder import write_folder
from millworks.report.page import linear_page
from millworks.report.sources import SOURCE_LINE
from millworks.report.style import Footer
from millworks.study.results import LinearResult


def linear_charts(result: LinearResult, run_id: str) -> list[Chart]:
    """Return the charts of a linear multiplier, in the order of the page."""
    footer = Footer(SOURCE_LINE, result.year, run_id)
    charts = [dollar_path(result, footer), where_it_went(result, footer)]
    if len(result.nodes) and len(result.edges):
        charts.append(supply_network(result, footer))
    return [*charts, against_leontief(result, footer)]


def write_report(result: LinearResult, folder: Path, run_id: str) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written.

    Each chart leaves svg, png, csv (the numbers behind it) and txt (its alternative text). Without
    a browser or matplotlib the pictures are missing, without jinja2 the page is; a sentence on
    standard error says so, and everything else is written. OutputError where the folder cannot be
    written.
    """
    charts = linear_charts(result, run_id)
    return write_folder(
        charts, lambda pictures: linear_page(result, charts, pictures, run_id), folder
    )
