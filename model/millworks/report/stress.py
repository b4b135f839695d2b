"""The report of a stress study: the chart, the page and the screen."""

from __future__ import annotations

from pathlib import Path

from millworks.report import many_arms, stress_words
from millworks.report.charts.resilience import SLUG, resilience
from millworks.report.drawing import Chart
from millworks.report.rounding import percent
from millworks.report.sources import SOURCE_LINE
from millworks.report.stress_screen import print_stress
from millworks.report.study_page import Section, StudyPage, Table, write_study_report
from millworks.report.style import Footer
from millworks.report.words import upper_first
from millworks.study.stress_results import StressResult

__all__ = ["print_stress", "stress_charts", "stress_page", "write_report"]


FEW_SHOCKS = 3
"""Up to so many shocks, tables of what policies still do stand open."""


def stress_charts(result: StressResult, run_id: str) -> list[Chart]:
    """Return the charts of the study, those without data left out."""
    footer = Footer(f"{many_arms.NOT_CALIBRATED}{SOURCE_LINE}", result.year, run_id)
    made = (resilience(result, footer),)
    return [chart for chart in made if chart is not None]


def write_report(
    result: StressResult, folder: Path, run_id: str, *, charts: bool = True
) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written."""
    drawn = stress_charts(result, run_id) if charts else []
    return write_study_report(stress_page(result), drawn, folder, run_id)


def stress_page(result: StressResult) -> StudyPage:
    """Return what the page says."""
    return StudyPage(
        title=stress_words.headline(result),
        short_title=f"Policies under stress in {many_arms.place(result)}",
        setting=f"{many_arms.setting(result)}.",
        lead=_lead(result),
        unknown=(*many_arms.too_few(result), *stress_words.UNKNOWN),
        sections=(
            Section(
                "Which policy softens which shock",
                (
                    "A policy softens a shock if the district loses less to it with the policy in "
                    "force than without: the gap between the shocked and the unshocked path of "
                    "local value added, added up over the weeks, is smaller. A policy that does "
                    "the same good before and during a shock has a resilience of zero and is no "
                    "worse for it: the second part shows what it still does.",
                ),
                charts=(SLUG,),
                tables=tuple(_resilience(result, loss.name) for loss in result.shocks),
            ),
            Section(
                "Does it still do what it did",
                (
                    "Effects on local value added a year, with the shock in both arms, beside "
                    "those without any shock. An effect is told from zero where it is so after "
                    "correction for how many policies stand in its column (Holm).",
                ),
                tables=tuple(_survival(result, loss.name) for loss in result.shocks),
            ),
            Section(
                "What the shocks cost alone",
                points=tuple(
                    f"{stress_words.loss_sentence(result, loss)}." for loss in result.shocks
                ),
                tables=(_losses(result),),
            ),
        ),
        year=result.year,
        seeds=result.seeds,
        seconds=sum(value for key, value in result.seconds.items() if key == "arms"),
        kind="Stress",
        place=many_arms.place(result),
        checks=result.checks,
        worst_residual=result.worst_residual,
        assumptions=result.assumptions,
        notes=result.notes,
        counts=result.counts,
        files=(
            ("summary.json", "summary (JSON)"),
            ("resilience.csv", "policies under shocks (CSV)"),
            ("shocks.csv", "shocks alone (CSV)"),
            ("paths.csv", "paths by quarter (CSV)"),
            ("results.csv", "all arms and pairs (CSV)"),
        ),
    )


def _lead(result: StressResult) -> tuple[str, ...]:
    """Whether policies still do what they did: shock by shock, or of many shocks in a line."""
    if len(result.shocks) > FEW_SHOCKS:
        return (stress_words.survival_line(result),)
    return tuple(f"{stress_words.survival_sentence(result, loss.name)}." for loss in result.shocks)


def _resilience(result: StressResult, shock: str) -> Table:
    cells = [cell for cell in result.cells if cell.shock == shock]
    good = {one.name: one for one in result.policies}
    title = next(one.title for one in result.shocks if one.name == shock)
    note = stress_words.detectable(result, shock)
    return Table(
        title=f"Under {many_arms.inside(title, shock)}",
        note=f"{note}." if note else "",
        heads=("policy", "resilience, USD over the study", "p (Holm)", "verdict"),
        rows=tuple(
            (
                stress_words.policy_title(good[cell.policy]),
                many_arms.cell(cell.resilience),
                "" if cell.adjusted is None else f"{cell.adjusted:.3f}",
                stress_words.VERDICTS[cell.verdict],
            )
            for cell in cells
        ),
        quiet=frozenset(place for place, cell in enumerate(cells) if not cell.told),
        folded=True,
    )


def _survival(result: StressResult, shock: str) -> Table:
    cells = [cell for cell in result.cells if cell.shock == shock]
    good = {one.name: one for one in result.policies}
    title = next(one.title for one in result.shocks if one.name == shock)
    return Table(
        title=upper_first(many_arms.inside(title, shock)),
        note="",
        heads=("policy", "in good times, a year", "under the shock, a year", "told from zero"),
        rows=tuple(
            (
                stress_words.policy_title(good[cell.policy]),
                many_arms.cell(good[cell.policy].value_added),
                many_arms.cell(cell.value_added),
                stress_words.SURVIVALS[cell.survival(good[cell.policy])],
            )
            for cell in cells
        ),
        quiet=frozenset(
            place
            for place, cell in enumerate(cells)
            if not cell.effect_told and not good[cell.policy].told
        ),
        folded=len(result.shocks) > FEW_SHOCKS,
    )


def _losses(result: StressResult) -> Table:
    return Table(
        title="Shocks alone",
        note="Losses over the whole study; the worst quarter is of the mean path.",
        heads=("shock", "value added lost", "job-years lost", "worst quarter", "which ends in"),
        rows=tuple(
            (
                many_arms.short_title(loss.title, loss.name),
                many_arms.level_cell(loss.loss),
                many_arms.level_cell(loss.job_years),
                f"{percent(loss.deepest)} below" if loss.deepest > 0.0 else "never below",
                f"week {loss.deepest_week}" if loss.deepest > 0.0 else "",
            )
            for loss in result.shocks
        ),
        quiet=frozenset(place for place, loss in enumerate(result.shocks) if loss.loss.covers_zero),
    )
