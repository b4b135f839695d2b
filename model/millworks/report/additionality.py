"""The report of an additionality study: the chart, the page and the screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from millworks.report import additionality_words as words
from millworks.report import many_arms
from millworks.report.additionality_screen import print_additionality
from millworks.report.charts.additionality import SLUG, additionality, ordered
from millworks.report.drawing import Chart
from millworks.report.sources import SOURCE_LINE
from millworks.report.study_page import Section, StudyPage, Table, write_study_report
from millworks.report.style import Footer
from millworks.study.additionality.identity import DISPLACEMENT, NET, SPILLOVER
from millworks.study.additionality.results import (
    NATION,
    REST,
    RING,
    Additionality,
    AdditionalityResult,
)

__all__ = ["additionality_charts", "additionality_page", "print_additionality", "write_report"]


def additionality_charts(result: AdditionalityResult, run_id: str) -> list[Chart]:
    """Return the charts of the study, those without data left out."""
    footer = Footer(f"{many_arms.NOT_CALIBRATED}{SOURCE_LINE}", result.year, run_id)
    made = (additionality(result, footer),)
    return [chart for chart in made if chart is not None]


def write_report(
    result: AdditionalityResult, folder: Path, run_id: str, *, charts: bool = True
) -> list[Path]:
    """Write report.html and charts/ into an existing folder; return the files written."""
    drawn = additionality_charts(result, run_id) if charts else []
    return write_study_report(additionality_page(result), drawn, folder, run_id)


def additionality_page(result: AdditionalityResult) -> StudyPage:
    """Return what the page says."""
    policies = ordered(result)
    return StudyPage(
        title=words.headline(result),
        short_title=f"What policies add in {many_arms.place(result)}",
        setting=f"{many_arms.setting(result)}.",
        lead=tuple(f"{words.net_sentence(one)}." for one in policies[:3]),
        unknown=_unknown(result),
        sections=(
            Section(
                "Who has the effect",
                words.WHAT_TERMS_ARE,
                charts=(SLUG,),
                tables=(_terms(result, policies), _counts(result, policies)),
            ),
            Section(
                "What would have happened anyway",
                (
                    "A project of a maker that takes part is called deadweight if the same maker "
                    "carries out one of the same kind in the baseline within half a year. A "
                    "dollar of programme credit replaces private credit as far as those that take "
                    "part owe less to private lenders than in the baseline; a negative figure "
                    "says that it brings more.",
                ),
                points=tuple(
                    f"{text}."
                    for one in policies
                    for text in (words.anyway_sentence(one), words.credit_sentence(one))
                    if text and not one.comparator
                ),
                tables=(_anyway(result, policies),),
            ),
            Section(
                "Beyond the district",
                (
                    "The rest of the US is followed as far as the district sets it in motion: it "
                    "sells less where makers here win customers from it, and more where they buy "
                    "there. What a sector and kind of demand loses is displaced.",
                ),
                points=tuple(
                    f"{words.nation_sentence(result, one)}."
                    for one in policies
                    if not one.comparator
                ),
                tables=(_beyond(result, policies),),
            ),
        ),
        year=result.year,
        seeds=result.seeds,
        seconds=sum(value for key, value in result.seconds.items() if key == "arms"),
        kind="Additionality",
        place=many_arms.place(result),
        checks=result.checks,
        worst_residual=result.worst_residual,
        assumptions=result.assumptions,
        notes=result.notes,
        counts=result.counts,
        files=(
            ("summary.json", "summary (JSON)"),
            ("terms.csv", "terms of the net effect (CSV)"),
            ("effects.csv", "all figures (CSV)"),
            ("cells.csv", "by place, sector, size, taking part or not (CSV)"),
            ("years.csv", "terms year by year (CSV)"),
            ("results.csv", "all arms and pairs (CSV)"),
        ),
    )


def _unknown(result: AdditionalityResult) -> tuple[str, ...]:
    return words.UNKNOWN if result.ring else (*words.UNKNOWN, many_arms.ONE_DISTRICT)


def _quiet(policies: Sequence[Additionality]) -> frozenset[int]:
    return frozenset(
        place for place, one in enumerate(policies) if one.find(NET).covers_zero is not False
    )


def _terms(result: AdditionalityResult, policies: Sequence[Additionality]) -> Table:
    order = ("treated", "indirect", "induced", "dynamic")
    return Table(
        title="The net effect and its terms",
        note=(
            "Change of local value added, US dollars a year. Net is the sum of the others, what "
            "other firms lose taken off; it is exact, to rounding. By luck: what gains and losses "
            "of other firms would each be if no group of them changed at all."
        ),
        heads=(
            "policy",
            "net",
            *(words.TERM_LABELS[term] for term in order),
            words.TERM_LABELS[SPILLOVER],
            words.TERM_LABELS[DISPLACEMENT],
        ),
        rows=tuple(
            (
                words.title_of(one),
                many_arms.cell(one.find(NET)),
                *(many_arms.cell(one.find(term)) for term in order),
                many_arms.level_cell(one.find(SPILLOVER)),
                _with_luck(one),
            )
            for one in policies
        ),
        quiet=_quiet(policies),
    )


def _with_luck(one: Additionality) -> str:
    cell, luck = many_arms.level_cell(one.find(DISPLACEMENT)), words.chance_note(one)
    return f"{cell}\n{luck}" if luck else cell


def _counts(result: AdditionalityResult, policies: Sequence[Additionality]) -> Table:
    kinds = ("treated makers", "treated partners", "treated retailers", "treated newcomers")
    return Table(
        title="How many take part",
        note="Firms, mean over pairs. Newcomers are born in the study and have no counterfactual.",
        heads=("policy", "makers", "large makers", "shops", "newcomers", "what serving them takes"),
        rows=tuple(
            (
                words.title_of(one),
                *(f"{one.find(kind, quantity='firms').mean or 0.0:,.0f}" for kind in kinds),
                many_arms.level_cell(one.find("serving")),
            )
            for one in policies
        ),
        folded=True,
    )


def _anyway(result: AdditionalityResult, policies: Sequence[Additionality]) -> Table:
    return Table(
        title="Projects and credit of those that take part",
        note="Over the whole study. An em dash: nothing to divide by, or not told from zero.",
        heads=(
            "policy",
            "projects",
            "come anyway",
            "of their cost",
            "projects more than without",
            "programme credit and stakes",
            "private credit replaced, per $",
            "grants that were a windfall",
        ),
        rows=tuple(
            (
                words.title_of(one),
                many_arms.level(one.find("treated", quantity="projects")),
                many_arms.level_cell(one.find("deadweight share", quantity="projects")),
                many_arms.level_cell(one.find("deadweight share", quantity="project_cost")),
                many_arms.cell(one.find("additional", quantity="projects")),
                _offered(one),
                many_arms.level_cell(one.find("substitution", quantity="finance")),
                many_arms.level_cell(one.find("windfall share", quantity="finance")),
            )
            for one in policies
        ),
    )


def _offered(one: Additionality) -> str:
    """Return mean programme credit and stakes outstanding, each if there is any."""
    parts = [
        f"{many_arms.level(effect, short=True)} {name}"
        for key, name in (("programme", "credit"), ("stakes", "stakes"))
        for effect in [one.find(key, quantity="finance")]
        if effect.mean
    ]
    return "\n".join(parts) or many_arms.NOT_GIVEN


def _beyond(result: AdditionalityResult, policies: Sequence[Additionality]) -> Table:
    ring = ("ring", "ring: displaced") if result.ring else ()
    return Table(
        title="Ring, rest of the US, nation",
        note=(
            "Change of value added, US dollars a year. Leaks: part of what programmes and their "
            "operators pay that goes outside the district."
        ),
        heads=(
            "policy",
            "district",
            *ring,
            "rest of the US",
            "there: gained",
            "there: displaced",
            "nation",
            "programme money that leaks",
        ),
        rows=tuple(
            (
                words.title_of(one),
                many_arms.cell(one.find(NET)),
                *(_ring(one) if result.ring else ()),
                many_arms.cell(one.find(NET, region=REST)),
                many_arms.level_cell(one.find(SPILLOVER, region=REST)),
                many_arms.level_cell(one.find(DISPLACEMENT, region=REST)),
                many_arms.cell(one.find(NET, region=NATION)),
                many_arms.level_cell(one.find("leakage", quantity="programme_money")),
            )
            for one in policies
        ),
    )


def _ring(one: Additionality) -> tuple[str, str]:
    return (
        many_arms.cell(one.find(NET, region=RING)),
        many_arms.level_cell(one.find(DISPLACEMENT, region=RING)),
    )
