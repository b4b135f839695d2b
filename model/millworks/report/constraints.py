"""The report of a study of binding constraints: charts, the page and the screen."""

from __future__ import annotations

from pathlib import Path

from millworks.report import constraint_words, many_arms, names
from millworks.report.charts.binding_constraints import (
    REFUSED_SLUG,
    WORTH_SLUG,
    refused_by_size,
    worth_of_relaxing,
)
from millworks.report.constraints_screen import print_constraints
from millworks.report.drawing import Chart
from millworks.report.rounding import percent
from millworks.report.sources import SOURCE_LINE
from millworks.report.study_page import Section, StudyPage, Table, write_study_report
from millworks.report.style import Footer
from millworks.report.words import upper_first
from millworks.study.constraint_results import ConstraintsResult
from millworks.study.quantities import SIZE_CLASSES

__all__ = ["constraints_charts", "constraints_page", "print_constraints", "write_report"]


def constraints_charts(result: ConstraintsResult, run_id: str) -> list[Chart]:
    """Return the charts of the study, those without data left out."""
    footer = Footer(f"{many_arms.NOT_CALIBRATED}{SOURCE_LINE}", result.year, run_id)
    made = (refused_by_size(result, footer), worth_of_relaxing(result, footer))
    return [chart for chart in made if chart is not None]


def write_report(
    result: ConstraintsResult, folder: Path, run_id: str, *, charts: bool = True
) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written."""
    drawn = constraints_charts(result, run_id) if charts else []
    return write_study_report(constraints_page(result), drawn, folder, run_id)


def constraints_page(result: ConstraintsResult) -> StudyPage:
    """Return what the page says."""
    return StudyPage(
        title=constraint_words.headline(result),
        short_title=f"Binding constraints in {many_arms.place(result)}",
        setting=f"{many_arms.setting(result)}.",
        lead=(
            "What stops an order is the limit that bound its maker's last plan. What relaxing that "
            "limit is worth is another question: behind it may stand the next one.",
        ),
        unknown=(*many_arms.too_few(result), *constraint_words.UNKNOWN),
        sections=(
            Section(
                "Which limit stops which orders",
                (
                    f"Of all units ordered; in brackets {many_arms.confidence(result)} intervals "
                    "over pairs.",
                ),
                charts=(REFUSED_SLUG,),
                points=tuple(f"{text}." for text in constraint_words.size_sentences(result)),
                tables=(_refused(result),),
            ),
            Section(
                f"What {percent(result.part)} more of a limit is worth",
                (
                    "One limit is relaxed for all makers from the first week, the others stay. "
                    "This is an experiment of thought, not a policy.",
                ),
                charts=(WORTH_SLUG,),
                points=tuple(f"{constraint_words.worth_sentence(one)}." for one in result.relaxed),
                tables=(_worth(result),),
            ),
            Section(
                "What was done, and what it does not capture",
                points=(
                    *(constraint_words.experiment(one) for one in result.relaxed),
                    *constraint_words.left_out(result),
                ),
            ),
        ),
        year=result.year,
        seeds=result.seeds,
        seconds=result.seconds.get("arms", 0.0),
        kind="Constraints",
        place=many_arms.place(result),
        checks=result.checks,
        worst_residual=result.worst_residual,
        assumptions=result.assumptions,
        notes=result.notes,
        counts=result.counts,
        files=(
            ("summary.json", "summary (JSON)"),
            ("refused.csv", "refused orders (CSV)"),
            ("relaxed.csv", "limits relaxed (CSV)"),
            ("results.csv", "all arms and pairs (CSV)"),
        ),
    )


def _refused(result: ConstraintsResult) -> Table:
    sizes = ("all", *SIZE_CLASSES)
    reasons = constraint_words.ranked_reasons(result)
    heads = ["all" if size == "all" else names.size_label(size) for size in sizes]
    return Table(
        title="Part of orders refused, by size of maker",
        note="Of all units ordered of manufacturers of a size, in the baseline.",
        heads=("reason", *heads),
        rows=tuple(
            (
                upper_first("all reasons" if code == "all" else constraint_words.reason(code)),
                *(many_arms.level_cell(result.share(code, size)) for size in sizes),
            )
            for code in (*reasons, "all")
        ),
        folded=True,
    )


def _worth(result: ConstraintsResult) -> Table:
    return Table(
        title="Limits relaxed, one at a time",
        note="Changes against the baseline. The interval of value added is corrected for how many "
        "limits are tried; the others are their own. pt: percentage points of all orders.",
        heads=(
            "limit",
            "value added, a year",
            "jobs",
            "all refused",
            "refused for it",
            "who gives",
        ),
        rows=tuple(
            (
                upper_first(constraint_words.reason(one.reason)),
                many_arms.cell(one.value_added),
                many_arms.cell(one.jobs),
                many_arms.cell(one.refused),
                many_arms.cell(one.own_reason),
                constraint_words.KINDS[one.kind],
            )
            for one in result.relaxed
        ),
        quiet=frozenset(place for place, one in enumerate(result.relaxed) if not one.told),
    )
