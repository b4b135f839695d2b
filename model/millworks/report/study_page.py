"""The page of a study of many policies: verdict, what is not known, sections, checks, sources.

What every such study shows is here: a study fills a `StudyPage` with sentences, tables of text and
the slugs of its charts, and `write_study_report` leaves page and pictures in its folder. The page
invents nothing: numbers come as text, already rounded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from millworks.parameters import register
from millworks.report import names, run_cautions
from millworks.report.drawing import Chart
from millworks.report.folder import write_folder
from millworks.report.page import plate, rendered
from millworks.report.rounding import whole
from millworks.report.sources import source_rows
from millworks.study.results import Check

if TYPE_CHECKING:
    from millworks.study.run_results import RunResult

Cells = tuple[str, ...]

UNSURE = "~"
"""How a cell begins whose interval covers zero; it is shown in grey, and the table says so."""


@dataclass(frozen=True)
class Table:
    """A table of text; the first cell of a row names it.

    What follows a line feed in a cell stands small below it: an interval, a remark. A cell that
    begins with `UNSURE` cannot be told from zero. `quiet`: rows in grey, where all of it cannot.
    `above`: number of a row -> heading above it. `prose`: cells are words and stand to the left.
    `folded`: shown on request only.
    """

    title: str
    note: str
    heads: Cells
    rows: tuple[Cells, ...]
    quiet: frozenset[int] = frozenset()
    above: Mapping[int, str] | None = None
    prose: bool = False
    folded: bool = False

    @property
    def has_unsure(self) -> bool:
        """Whether a cell cannot be told from zero."""
        return any(text.startswith(UNSURE) for row in self.rows for text in row)

    def heading_of(self, row: int) -> str:
        """Return the heading above a row; '' where there is none."""
        return (self.above or {}).get(row, "")


@dataclass(frozen=True)
class Section:
    """A part of the page: paragraphs, points of a list, charts by slug, tables, in this order.

    A chart that was not drawn is left out.
    """

    title: str
    paragraphs: Cells = ()
    charts: Cells = ()
    tables: tuple[Table, ...] = ()
    points: Cells = ()

    @property
    def anchor(self) -> str:
        """The section's id on the page, unlike any chart's: 'Who gains' gives 'part-who-gains'."""
        return "part-" + re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


@dataclass(frozen=True)
class StudyPage:
    """Everything a page says.

    `title`: the finding with its interval; `setting`: what was run; `lead`: what else a hurried
    reader must take away; `unknown`: what the study does not tell. `kind`: what kind of study it is
    and `place` where, for the line at the top; `tiles`: key figures as (number, what it is, its
    interval, '' or 'quiet'). `files`: (file name, what is in it) of tables beside the page.
    """

    title: str
    short_title: str
    setting: str
    lead: Cells
    unknown: Cells
    sections: tuple[Section, ...]
    year: int
    seeds: tuple[int, ...]
    seconds: float
    kind: str = "Study"
    place: str = ""
    tiles: tuple[Cells, ...] = ()
    checks: Sequence[Check] = ()
    worst_residual: float = 0.0
    stopped: str = ""
    assumptions: Sequence[Mapping[str, Any]] = ()
    mix_quality: str = ""
    notes: Cells = ()
    counts: Mapping[str, int] | None = None
    files: tuple[tuple[str, str], ...] = (
        ("summary.json", "summary (JSON)"),
        ("results.csv", "all pairs (CSV)"),
    )


def write_study_report(
    page: StudyPage, charts: Sequence[Chart], folder: Path, run_id: str
) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written.

    What cannot be drawn is left out with a sentence, as `folder.write_folder` says. OutputError
    where the folder cannot be written.
    """
    return write_folder(charts, lambda pictures: study_html(page, charts, pictures, run_id), folder)


def study_html(
    page: StudyPage, charts: Sequence[Chart], pictures: dict[str, str], run_id: str
) -> str | None:
    """Return the page as HTML, None where jinja2 is not installed."""
    return rendered("study", charts, pictures, run_id, _facts(page, charts, pictures))


def _facts(page: StudyPage, charts: Sequence[Chart], pictures: dict[str, str]) -> dict[str, Any]:
    """Return what the template shows."""
    drawn = {chart.slug: plate(chart, pictures) for chart in charts}
    placed = {slug for section in page.sections for slug in section.charts}
    moved, others = assumption_rows(page.assumptions)
    # The sentences on checks read nothing but `checks` and `worst_residual`.
    checked = cast("RunResult", page)
    short_place = names.short_place(page.place)
    return {
        "page": page,
        # A place's name is not torn apart at the end of a line.
        "title": page.title.replace(short_place, short_place.replace(" ", "\N{NO-BREAK SPACE}")),
        "drawn": drawn,
        "unsure": UNSURE,
        # A chart that no section asks for is shown all the same.
        "unplaced": [one for slug, one in drawn.items() if slug not in placed],
        "failed": run_cautions.failures(checked),
        "failed_means": run_cautions.what_failures_mean(checked),
        "passed": f"{run_cautions.passed(checked)}." if page.checks else "",
        "checks": check_rows(page.checks),
        "moved": moved,
        "assumptions": others,
        "counts": [whole(count, kind.rstrip("s")) for kind, count in (page.counts or {}).items()],
        "sources": source_rows(page.year),
        "seeds": seeds_text(page.seeds),
        "seconds": f"{page.seconds:.0f}",
    }


def check_rows(checks: Sequence[Check]) -> list[Cells]:
    """Return the checks as text, those that failed first."""
    return [
        (
            names.plain(check.id),
            f"{check.meaning[:1].upper()}{check.meaning[1:]}",
            "passed" if check.passed else "FAILED",
            f"{check.value:.3g}",
            f"{check.tolerance:.3g}",
        )
        for check in sorted(checks, key=lambda check: check.passed)
    ]


def assumption_rows(
    assumptions: Sequence[Mapping[str, Any]],
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return parameters that differ from the register's default, and all others, as text."""
    defaults = {key: row.default for key, row in register().items()}
    moved, others = [], []
    for row in assumptions:
        shown = {key: plain_cell(value) for key, value in row.items()}
        default = defaults.get(str(row.get("key")))
        if default is not None and row.get("value") != default:
            moved.append({**shown, "default": plain_cell(default)})
        else:
            others.append(shown)
    return moved, others


def seeds_text(seeds: Sequence[int]) -> str:
    """Return seeds as people write them: '1 to 20', or a list where they do not follow."""
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return f"{seeds[0]} to {seeds[-1]}"
    return ", ".join(str(seed) for seed in seeds)


def plain_cell(value: Any) -> str:
    """Return a value of a table as text; nothing for what is missing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
