"""The report of a study of programme sizes: the chart, the page and the screen."""

from __future__ import annotations

from pathlib import Path

from millworks.report import many_arms, size_words
from millworks.report.charts.size_curves import SLUG, size_curves
from millworks.report.drawing import Chart
from millworks.report.sizes_screen import print_sizes
from millworks.report.sources import SOURCE_LINE
from millworks.report.study_page import Section, StudyPage, Table, write_study_report
from millworks.report.style import Footer
from millworks.study.size_results import NEVER, SizeCurve, SizedEffect, SizesResult

__all__ = ["print_sizes", "sizes_charts", "sizes_page", "write_report"]


def sizes_charts(result: SizesResult, run_id: str) -> list[Chart]:
    """Return the charts of the study, those without data left out."""
    footer = Footer(f"{many_arms.NOT_CALIBRATED}{SOURCE_LINE}", result.year, run_id)
    made = (size_curves(result, footer),)
    return [chart for chart in made if chart is not None]


def write_report(
    result: SizesResult, folder: Path, run_id: str, *, charts: bool = True
) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written."""
    drawn = sizes_charts(result, run_id) if charts else []
    return write_study_report(sizes_page(result), drawn, folder, run_id)


def sizes_page(result: SizesResult) -> StudyPage:
    """Return what the page says."""
    return StudyPage(
        title=size_words.headline(result),
        short_title=f"Sizes of policies in {many_arms.place(result)}",
        setting=f"{many_arms.setting(result)}.",
        lead=(
            "Size 1 is a policy at its default; what that is, and what a unit costs, stands in the "
            "table of assumptions.",
        ),
        unknown=(*many_arms.too_few(result), *size_words.UNKNOWN),
        sections=(
            Section(
                "What a dollar does as a programme grows",
                (
                    "Value added and cost are both present values of the first week at 3% a year. "
                    "Where the public pays the least part, the cost is that of all who pay.",
                ),
                charts=(SLUG,),
            ),
            Section(
                "Where it saturates, and what binds there",
                points=tuple(f"{size_words.ending(curve)}." for curve in result.curves),
                tables=(_endings(result),),
            ),
            Section(
                "Every size, and every step to the next",
                tables=tuple(
                    table for curve in result.curves for table in (_sizes(curve), _steps(curve))
                ),
            ),
            Section(
                "Why orders go unfilled at each size",
                (
                    "Part of all units ordered of manufacturers, and below it the change from the "
                    "baseline with its interval (pt: percentage points).",
                ),
                tables=tuple(_reasons(curve) for curve in result.curves),
            ),
        ),
        year=result.year,
        seeds=result.seeds,
        seconds=result.seconds.get("arms", 0.0),
        kind="Sizes",
        place=many_arms.place(result),
        checks=result.checks,
        worst_residual=result.worst_residual,
        assumptions=result.assumptions,
        notes=result.notes,
        counts=result.counts,
        files=(
            ("summary.json", "summary (JSON)"),
            ("sizes.csv", "every size (CSV)"),
            ("steps.csv", "every step (CSV)"),
            ("reasons.csv", "reasons of refused orders (CSV)"),
            ("results.csv", "all arms and pairs (CSV)"),
        ),
    )


def _endings(result: SizesResult) -> Table:
    return Table(
        title="Where policies saturate",
        note="Most refused for: the reason of most refused orders at that size. Grew most: the "
        "reason told to have grown most from the baseline to there.",
        heads=("policy", "beyond size", "what ends", "most refused for", "grew most"),
        rows=tuple(
            (
                size_words.title_of(curve),
                "" if curve.saturates_at is None else f"{curve.saturates_at:g}",
                size_words.ENDINGS[curve.ending],
                *_limits(curve),
            )
            for curve in result.curves
        ),
    )


def _limits(curve: SizeCurve) -> tuple[str, str]:
    """The limit that stops most orders at the end of a curve, and the one that grew most."""
    if curve.ending == NEVER:
        return "", ""
    grew = size_words.reason(curve.risen) if curve.risen else "none told"
    return size_words.reason(curve.binds) if curve.binds else "", grew


def _sizes(curve: SizeCurve) -> Table:
    note = size_words.take_up(curve)
    return Table(
        title=f"{size_words.title_of(curve)}: sizes",
        note=f"{note}." if note else "",
        heads=(
            "size",
            "value added, a year",
            "jobs",
            "users",
            size_words.cost_head(curve),
            "value added per $",
            "job-years per $1M",
        ),
        rows=tuple(_row(one) for one in curve.sizes),
        quiet=frozenset(
            place for place, one in enumerate(curve.sizes) if one.value_added.covers_zero
        ),
        folded=True,
    )


def _row(one: SizedEffect) -> tuple[str, ...]:
    return (
        f"{one.size:g}",
        many_arms.cell(one.value_added),
        many_arms.cell(one.jobs),
        many_arms.level_cell(one.users),
        many_arms.level_cell(one.cost),
        many_arms.level_cell(one.per_dollar),
        many_arms.level_cell(one.job_years_per_million),
    )


def _steps(curve: SizeCurve) -> Table:
    return Table(
        title=f"{size_words.title_of(curve)}: steps",
        note=size_words.step_note(curve),
        heads=("from size to size", "more value added", "more cost", "value added per $ more"),
        rows=tuple(
            (
                f"{step.low:g} to {step.high:g}",
                many_arms.cell(step.gained),
                many_arms.cell(step.cost),
                many_arms.level_cell(step.per_dollar),
            )
            for step in curve.steps
        ),
        quiet=frozenset(place for place, step in enumerate(curve.steps) if step.gained.covers_zero),
        folded=True,
    )


def _reasons(curve: SizeCurve) -> Table:
    shown = [
        one.reason
        for one in curve.sizes[0].reasons
        if any(_share(s, one.reason) for s in curve.sizes)
    ]
    return Table(
        title=size_words.title_of(curve),
        note="",
        heads=("size", *(size_words.reason(reason) for reason in shown)),
        rows=tuple(
            (f"{one.size:g}", *(_reason_cell(one, reason) for reason in shown))
            for one in curve.sizes
        ),
        folded=True,
    )


def _share(one: SizedEffect, reason: str) -> float:
    return next(found.share.mean or 0.0 for found in one.reasons if found.reason == reason)


def _reason_cell(one: SizedEffect, reason: str) -> str:
    found = next(each for each in one.reasons if each.reason == reason)
    return f"{many_arms.share_text(found.share)}\n{many_arms.change(found.change, short=True)}"
