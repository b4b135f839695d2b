"""The folder of a linear multiplier: charts, their numbers and texts, and the page."""

from __future__ import annotations

from pathlib import Path

from millworks.errors import OutputError
from millworks.report.charts.against_leontief import against_leontief
from millworks.report.charts.dollar_path import dollar_path
from millworks.report.charts.supply_network import supply_network
from millworks.report.charts.where_it_went import where_it_went
from millworks.report.drawing import Chart
from millworks.report.page import linear_page, page_pictures
from millworks.report.render import Picture, notice, render
from millworks.report.sources import SOURCE_LINE
from millworks.report.style import FILE, Footer
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
    files = [
        Picture(f"{chart.slug}-file", chart.drawing(FILE), form)
        for chart in charts
        for form in ("svg", "png")
    ]
    embedded = page_pictures(charts)
    drawn = render([*files, *embedded])
    try:
        (folder / "charts").mkdir(exist_ok=True)
        written = _write_numbers(charts, folder / "charts")
        for place, picture in enumerate(files if drawn is not None else []):
            chart = charts[place // 2]
            path = folder / "charts" / f"{chart.slug}.{picture.format}"
            path.write_bytes(drawn[place])  # type: ignore[index]
            written.append(path)
        pictures = (
            {
                picture.name: made.decode("utf-8")
                for picture, made in zip(embedded, drawn[len(files) :], strict=True)
            }
            if drawn is not None
            else {}
        )
        page = linear_page(result, charts, pictures, run_id)
        if page is None:
            notice("The page is left out: it needs jinja2 (pip install 'millworks[report]').")
        else:
            path = folder / "report.html"
            path.write_text(page, encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise OutputError(f"The report cannot be written to {folder}: {error.strerror}.") from error
    return sorted(written)


def _write_numbers(charts: list[Chart], folder: Path) -> list[Path]:
    written = []
    for chart in charts:
        tables = {"": chart.numbers, **{f"-{name}": table for name, table in chart.more.items()}}
        for suffix, table in tables.items():
            path = folder / f"{chart.slug}{suffix}.csv"
            table.write_csv(path)
            written.append(path)
        path = folder / f"{chart.slug}.txt"
        path.write_text(f"{chart.title}\n\n{chart.alt}\n\n{chart.footer.text()}\n", "utf-8")
        written.append(path)
    return written
