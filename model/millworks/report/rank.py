"""The report of a ranking: charts, their numbers and texts, the page, and the screen."""

from __future__ import annotations

from pathlib import Path

from millworks.report.charts.effect_against_cost import effect_against_cost
from millworks.report.charts.ranking import what_works
from millworks.report.charts.who_gains import who_gains, who_gains_by_sector
from millworks.report.drawing import Chart
from millworks.report.rank_page import rank_page
from millworks.report.rank_screen import print_rank
from millworks.report.run import NOT_CALIBRATED
from millworks.report.sources import SOURCE_LINE
from millworks.report.study_page import write_study_report
from millworks.report.style import Footer
from millworks.study.ranking.results import RankResult

__all__ = ["print_rank", "rank_charts", "write_report"]


def rank_charts(result: RankResult, run_id: str) -> list[Chart]:
    """Return the charts of a ranking, in the order of the page; those without data are left out."""
    footer = Footer(f"{NOT_CALIBRATED}{SOURCE_LINE}", result.year, run_id)
    makers = (what_works, effect_against_cost, who_gains, who_gains_by_sector)
    made = (chart(result, footer) for chart in makers)
    return [chart for chart in made if chart is not None]


def write_report(
    result: RankResult, folder: Path, run_id: str, *, charts: bool = True
) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written.

    With `charts` off the page has none. What cannot be drawn is left out with a sentence, as
    `folder.write_folder` says. OutputError where the folder cannot be written.
    """
    drawn = rank_charts(result, run_id) if charts else []
    return write_study_report(rank_page(result), drawn, folder, run_id)
