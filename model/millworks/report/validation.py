"""The report of a validation: its chart, its page, and the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from millworks.report.charts.data_beside_model import data_beside_model
from millworks.report.drawing import Chart
from millworks.report.folder import write_folder
from millworks.report.style import Footer
from millworks.report.validation_page import validation_page
from millworks.report.validation_screen import print_validation

if TYPE_CHECKING:
    from millworks_calibration.results import ValidationResult

__all__ = ["print_validation", "validation_charts", "write_report"]

SOURCE_LINE = (
    "facts from federal statistics, surveys and studies named in moments.csv; simulated on BEA "
    "input-output accounts and Census business statistics."
)


def validation_charts(result: ValidationResult, run_id: str) -> list[Chart]:
    """Return the charts of a validation, in the order of the page."""
    return [data_beside_model(result, Footer(SOURCE_LINE, result.year, run_id))]


def write_report(result: ValidationResult, folder: Path, run_id: str) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written.

    What cannot be drawn is left out with a sentence, as `folder.write_folder` says. OutputError
    where the folder cannot be written.
    """
    charts = validation_charts(result, run_id)
    return write_folder(
        charts, lambda pictures: validation_page(result, charts, pictures, run_id), folder
    )
