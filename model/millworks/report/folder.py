"""Charts and page of a run's folder: pictures, the numbers behind them, their texts, one page.

Each chart leaves svg, png, csv (its numbers) and txt (its alternative text) in `charts/`. Without
a browser or matplotlib the pictures are missing, without jinja2 the page is; a sentence on standard
error says so, and everything else is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from millworks.errors import OutputError
from millworks.report.drawing import Chart
from millworks.report.page import page_pictures
from millworks.report.render import Picture, notice, render
from millworks.report.style import FILE

FORMATS: tuple[Literal["svg", "png"], ...] = ("svg", "png")
Page = Callable[[dict[str, str]], str | None]
"""From embedded pictures, 'slug-frame' to SVG text, to a page; None where jinja2 is missing."""


def write_folder(charts: Sequence[Chart], page: Page, folder: Path) -> list[Path]:
    """Write charts/ and report.html into an existing folder; return the files written.

    Raises OutputError where the folder cannot be written.
    """
    files = [
        Picture(f"{chart.slug}-file", chart.drawing(FILE), form)
        for chart in charts
        for form in FORMATS
    ]
    embedded = page_pictures(charts)
    drawn = render([*files, *embedded])
    pictures: dict[str, str] = {}
    try:
        (folder / "charts").mkdir(exist_ok=True)
        written = _write_numbers(charts, folder / "charts")
        if drawn is not None:
            for place, picture in enumerate(files):
                chart = charts[place // len(FORMATS)]
                path = folder / "charts" / f"{chart.slug}.{picture.format}"
                path.write_bytes(drawn[place])
                written.append(path)
            pictures = {
                picture.name: made.decode("utf-8")
                for picture, made in zip(embedded, drawn[len(files) :], strict=True)
            }
        text = page(pictures)
        if text is None:
            notice("The page is left out: it needs jinja2 (pip install 'millworks[report]').")
        else:
            path = folder / "report.html"
            path.write_text(text, encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise OutputError(f"The report cannot be written to {folder}: {error.strerror}.") from error
    return sorted(written)


def _write_numbers(charts: Sequence[Chart], folder: Path) -> list[Path]:
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
