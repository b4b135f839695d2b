"""The page of a ranking: what works, beside what, for whom, at whose cost, and how surely."""

from __future__ import annotations

from millworks.report import (
    effect_numbers,
    names,
    rank_words,
    run_cautions,
)
from millworks.report.charts.effect_against_cost import SLUG as AGAINST_COST
from millworks.report.charts.ranking import SLUG as WHAT_WORKS
from millworks.report.charts.who_gains import BY_SECTOR, BY_SIZE, largest_sectors
from millworks.report.rank_evidence import (
    cost,
    how_sure,
    not_at_budget,
    not_known,
    unit_costs,
)
from millworks.report.rank_numbers import (
    NOTHING,
    benefit_cost,
    cell,
    classes,
    column_scale,
    counted,
    found,
    judged,
    marginal,
    per_million,
    short_title,
    unit_of,
)
from millworks.report.rank_precision import lone_pairs, precision
from millworks.report.rank_tables import above, columns_of, quiet, ranked, rows_of
from millworks.report.study_page import Section, StudyPage, Table
from millworks.report.words import upper_first
from millworks.study.ranking.results import RankResult

WAYS = (
    "output",
    "jobs",
    "income",
    "constrained_now",
    "constrained_any",
    "constrained_of_wanting",
    "constrained_always",
    "want_share",
    "finance_gap",
    "fill_rate",
    "lead_time",
    "survival",
    "survival_1",
    "survival_3",
    "survival_5",
    "retention",
)
"""Quantities beside the headline, in the order of their tables; what is not there is left out."""

MOST_COLUMNS = 6
"""Columns of such a table beside its names; more go into a second."""


def rank_page(result: RankResult) -> StudyPage:
    """Return everything the page of a ranking says."""
    rest = rank_words.others(result, harm_is_named=True)
    lead = [
        rank_words.harm_sentence(result),
        f"{upper_first(rest)}." if rest else "",
        rank_words.best_sentence(result),
        rank_words.saturated_short(result),
        rank_words.comparators_sentence(result),
        rank_words.placebo_sentence(result),
        lone_pairs(result),
    ]
    sections = (
        _what_works(result),
        _sentences(result),
        _default_size(result),
        _who_gains(result),
        _in_other_ways(result),
        cost(result),
        not_at_budget(result),
        how_sure(result),
        precision(result),
        not_known(result),
        unit_costs(result),
    )
    return StudyPage(
        title=f"{rank_words.finding(result)}.",
        short_title=f"What works · {names.short_place(result.place.name)}",
        setting=f"{rank_words.setting(result)}.",
        lead=tuple(text for text in lead if text),
        unknown=_unknown(result),
        sections=tuple(section for section in sections if section is not None),
        year=result.year,
        seeds=result.seeds,
        seconds=result.seconds.get("pairs", 0.0),
        kind="What works: every policy at the same cost",
        place=result.place.name,
        checks=tuple(result.checks),
        worst_residual=result.worst_residual,
        stopped=result.stopped,
        assumptions=result.assumptions,
        mix_quality=str(getattr(result.place, "mix_quality", "")),
        notes=(*result.notes, *(str(note) for note in getattr(result.place, "notes", ()))),
        counts=result.counts,
        files=(
            ("ranking.csv", "the ranking (CSV)"),
            ("effects.csv", "every effect at every size (CSV)"),
            ("sizes.csv", "what each size cost (CSV)"),
            ("precision.csv", "pairs that precision takes (CSV)"),
            ("summary.json", "summary (JSON)"),
            ("results.csv", "all pairs (CSV)"),
        ),
    )


def _unknown(result: RankResult) -> tuple[str, ...]:
    banded = any(entry.band for entry in result.entries)
    means = rank_words.PARTS_KEPT_APART if banded else rank_words.NO_PARAMETER_BAND
    few = () if len(result.seeds) > 1 else ("One pair of runs has no interval: all may be chance.",)
    return (run_cautions.NOT_CALIBRATED, *few, means, rank_words.ONE_DISTRICT)


def _what_works(result: RankResult) -> Section:
    entries = ranked(result)
    what = names.run_phrase(result.headline)
    policies = [
        f"{short_title(entry)}\n{rank_words.verdict_text(result, entry)}" for entry in entries
    ]
    figures = columns_of(
        [
            (f"local {what}, corrected interval", [judged(result, entry) for entry in entries]),
            ("jobs", [found(entry.equal, "jobs") for entry in entries]),
            ("cost", [counted(entry) for entry in entries]),
            ("job-years per $1M, average", [per_million(one, one.equal) for one in entries]),
            (
                "job-years per $1M, second half of the money",
                [marginal(entry, "job_years") for entry in entries],
            ),
            ("benefit per $ of cost", [benefit_cost(entry) for entry in entries]),
        ]
    )
    ranks = [
        NOTHING
        if entry.comparator or rank_words.ranks(entry) == NOTHING
        else f"{rank_words.ranks(entry)}\nfirst: {rank_words.first(entry)}"
        for entry in entries
    ]
    columns = [("rank\nchance to be first", ranks), *figures]
    return Section(
        title="What works at the same cost",
        paragraphs=(
            f"{rank_words.CORRECTED} Works and harms: it lies above or below zero. Ranks and the "
            f"chance to come first are those of pairs drawn again; they know of luck only. All "
            f"other intervals are {rank_words.confidence(result)} intervals of single figures, not "
            f"corrected.",
        ),
        charts=(WHAT_WORKS,),
        tables=(
            Table(
                title="The ranking",
                note=(
                    "Grey: no effect can be told. Costs and what is per dollar: net public cost; "
                    "for policies that partners pay for, what all payers put in."
                ),
                heads=("policy, verdict", *(head for head, _ in columns)),
                rows=rows_of(columns, policies),
                quiet=quiet(result),
                above=above(result),
            ),
        ),
    )


def _sentences(result: RankResult) -> Section:
    return Section(
        title="Every policy in a sentence",
        points=tuple(f"{rank_words.verdict_sentence(result, one)}." for one in result.levers),
    )


def _default_size(result: RankResult) -> Section | None:
    entries = [entry for entry in ranked(result) if entry.default is not None]
    if not result.at_default_size:
        return None
    columns = columns_of(
        [
            (
                f"local {names.run_phrase(result.headline)}",
                [found(one.default, result.headline) for one in entries],
            ),
            ("jobs", [found(one.default, "jobs") for one in entries]),
            ("net public cost", [found(one.default, "public_cost") for one in entries]),
            ("cost to all payers", [found(one.default, "resource_cost") for one in entries]),
            ("job-years per $1M", [per_million(one, one.default) for one in entries]),
        ]
    )
    sizes = [f"{entry.equal.intensity:.3g}" for entry in entries]
    columns.append(("size at equal cost, default 1", sizes))
    return Section(
        title="At its own default size",
        paragraphs=(
            "Every policy at the size its own file gives it, so that costs differ. Nothing here is "
            "a comparison between policies: a larger programme does more because it is larger.",
        ),
        charts=(AGAINST_COST,),
        tables=(
            Table(
                title="Effects at default size",
                note=f"{rank_words.confidence(result)} intervals, not corrected.",
                heads=("policy", *(head for head, _ in columns)),
                rows=rows_of(columns, [short_title(entry) for entry in entries]),
                above=above(result) if len(entries) == len(result.entries) else None,
            ),
        ),
    )


def _who_gains(result: RankResult) -> Section | None:
    """By size of firm, and by sector where that is known."""
    entries, tables = ranked(result), []
    for groups, label, what in (
        (classes(result), names.size_label, "size of firm, employees"),
        (largest_sectors(result), names.group_label, "sector"),
    ):
        for quantity in ("value_added", "jobs"):
            columns = [
                (label(group), [found(entry.equal, quantity, group) for entry in entries])
                for group in groups
            ]
            # One scale for all classes, so that they compare.
            on = column_scale([effect for _, effects in columns for effect in effects])
            shown = [
                (head, [cell(effect, on) for effect in effects])
                for head, effects in columns
                if any(effect is not None for effect in effects)
            ]
            if not shown:
                continue
            unit = unit_of([effect for _, effects in columns for effect in effects], on)
            name = names.run_label(quantity)
            unit = f", {unit}" if unit and unit != quantity else ""
            tables.append(
                Table(
                    title=f"{name} by {what}{unit}",
                    note=f"{rank_words.confidence(result)} intervals, not corrected.",
                    heads=("policy", *(head for head, _ in shown)),
                    rows=rows_of(shown, [short_title(entry) for entry in entries]),
                    above=above(result),
                    folded=True,
                )
            )
    if not tables:
        return None
    return Section(
        title="Who gains",
        paragraphs=(
            "At equal cost. A firm stays in the class it had when its world began; newcomers are "
            "born while the study watches.",
        ),
        charts=(BY_SIZE, BY_SECTOR),
        tables=tuple(tables),
    )


def _in_other_ways(result: RankResult) -> Section | None:
    """What else moves at equal cost: money to grow, deliveries, survival, what stays local."""
    entries = ranked(result)
    known = [
        quantity
        for quantity in WAYS
        if quantity != result.headline
        and any(found(entry.equal, quantity) is not None for entry in entries)
    ]
    if not known:
        return None
    tables = []
    for start in range(0, len(known), MOST_COLUMNS):
        chosen = known[start : start + MOST_COLUMNS]
        columns = columns_of(
            [
                (names.run_label(one), [found(entry.equal, one) for entry in entries])
                for one in chosen
            ]
        )
        levels = [_level(result, one) for one in chosen]
        rows = (
            ("Without any policy", *levels),
            *rows_of(columns, [short_title(entry) for entry in entries]),
        )
        # The level without any policy stands first.
        lower = {row + 1: text for row, text in above(result).items()}
        tables.append(
            Table(
                title="" if start else "Jobs, money to grow, deliveries, survival",
                note="" if start else f"{rank_words.confidence(result)} intervals, not corrected.",
                heads=("policy", *(head for head, _ in columns)),
                rows=rows,
                above=lower,
            )
        )
    return Section(
        title="What else moves at the same cost",
        paragraphs=(
            f"{run_cautions.CONSTRAINED_MEANS} D1 to D4 are that share now, in any of four tests, "
            f"among those that want to grow, and in all four. {run_cautions.JOBS_ARE}",
        ),
        tables=tuple(tables),
    )


def _level(result: RankResult, quantity: str) -> str:
    """Return the baseline's level of a quantity."""
    unit = next(
        effect.unit
        for entry in result.entries
        for effect in entry.equal.effects
        if effect.quantity == quantity
    )
    level = result.baseline.get(quantity)
    if level is None:
        return NOTHING
    return effect_numbers.scale(unit, [level], short=True).shown(level)
