"""The second half of a ranking's page: cost and payers, how sure it is, what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from millworks.report import effect_numbers, names, rank_words, rounding, run_cautions, run_words
from millworks.report.charts.effect_against_cost import SLUG as AGAINST_COST
from millworks.report.rank_numbers import (
    NOTHING,
    cell,
    column_scale,
    found,
    judged,
    short_title,
    unit_of,
)
from millworks.report.rank_tables import above, columns_of, quiet, ranked, rows_of
from millworks.report.study_page import Section, Table
from millworks.report.words import listed
from millworks.study.ranking.results import RankEntry, RankResult
from millworks.study.run_results import Effect

PAYERS = {"levy": "a levy on local incomes", "outside": "payers outside the district"}

UNIT_COST_KEYS = "policies."
"""How keys of the assumptions begin that belong to a policy."""


def cost(result: RankResult) -> Section:
    """Say what every policy costs at the compared size, who pays, and which sizes were tried."""
    entries = ranked(result)
    columns = columns_of(
        [
            ("net public cost", [found(one.equal, "public_cost") for one in entries]),
            ("cost to all payers", [found(one.equal, "resource_cost") for one in entries]),
            ("public outlay", [found(one.equal, "outlay") for one in entries]),
        ]
    )
    sizes = [f"{entry.equal.intensity:.3g}" for entry in entries]
    payers = [_payer(entry) for entry in entries]
    columns += [("size, default 1", sizes), ("public part paid by", payers)]
    partners = [short_title(one).lower() for one in entries if one.cost_basis == "resource_cost"]
    said = [
        f"Policies are held against {rank_words.money_watched(result)} of present value at "
        f"3% a year over {rank_words.horizon(result)}; public capital counts with its yearly "
        f"charge."
    ]
    if partners:
        said.append(
            f"What partners pay for ({listed(partners)}) is held against it with the money of all "
            f"payers: by public cost alone they would look nearly free."
        )
    said.append(rank_words.marginal_sentence(result))
    tries = [
        (short_title(entry), f"{size:.3g}", rounding.amount(usd))
        for entry in entries
        for size, usd in entry.tries
    ]
    return Section(
        title="What it costs, and who pays",
        paragraphs=tuple(text for text in said if text),
        charts=() if result.at_default_size else (AGAINST_COST,),
        tables=(
            Table(
                title="Costs at the compared size",
                note="",
                heads=("policy", *(head for head, _ in columns)),
                rows=rows_of(columns, [short_title(entry) for entry in entries]),
                above=above(result),
            ),
            Table(
                title=f"{len(tries)} sizes tried to meet the budget",
                note="",
                heads=("policy", "size, default 1", "cost"),
                rows=tuple(tries),
                folded=True,
            ),
        ),
    )


def _payer(entry: RankEntry) -> str:
    text = PAYERS.get(entry.payer, entry.payer or NOTHING)
    levy = entry.equal.levy
    return f"{text}\n{rounding.amount(levy)} a year" if levy else text


def not_at_budget(result: RankResult) -> Section | None:
    """Say which policies stand at another cost than the budget; None where all are at it."""
    said = tuple(rank_words.unspent_sentences(result))
    if not said:
        return None
    return Section(title="Policies that are not at the budget, and why", points=said)


def how_sure(result: RankResult) -> Section:
    """The band of luck and, apart from it, the band of parameters."""
    effects = [judged(result, entry) for entry in result.entries]
    errors = [found(entry.equal, result.headline) for entry in result.entries]
    on = column_scale(effects)
    luck = tuple(
        (
            short_title(entry),
            cell(effect, on),
            NOTHING if one is None or one.mcse is None else _bare(one.mcse, one, on),
            NOTHING if effect.detectable is None else _bare(effect.detectable, effect, on),
            NOTHING if entry.verdict.p is None else _p(entry.verdict.p),
            NOTHING if one is None or not one.gain else run_words.times(one.gain),
        )
        for entry, effect, one in zip(result.entries, effects, errors, strict=True)
    )
    unit = unit_of(effects, on)
    tables = [
        Table(
            title=f"Luck: other draws of the same world{f', {unit}' if unit else ''}",
            note=(
                f"Smallest found: the effect that {rounding.whole(len(result.seeds), 'pair')} "
                f"would find with a chance of 80% after the correction. Gain: how many times the "
                f"variance would be larger with independent seeds."
            ),
            heads=(
                "policy",
                f"{names.run_phrase(result.headline)}, corrected interval",
                "standard error",
                "smallest found",
                "p, corrected",
                "gain",
            ),
            rows=luck,
            quiet=quiet(result),
            above=above(result),
        )
    ]
    banded = [entry for entry in result.entries if entry.band]
    if banded:
        tables.append(_band_table(result, banded))
    text = rank_words.PARTS_KEPT_APART if banded else rank_words.NO_PARAMETER_BAND
    return Section(title="How sure", paragraphs=(text,), tables=tuple(tables))


def _bare(value: float, effect: Effect, on: Any) -> str:
    """Return a size without sign on the column's scale."""
    if on is not None:
        return str(on.bare(value))
    return effect_numbers.scale(effect.unit, [value], short=True, digits=2).shown(value)


def _p(p: float) -> str:
    return "under 0.001" if p < 0.001 else f"{p:.2g}"


def _band_table(result: RankResult, entries: Sequence[RankEntry]) -> Table:
    """Return the band of parameters: what the effect would be under other assumptions."""
    unit = judged(result, entries[0]).unit
    rows = []
    for entry in entries:
        band: Mapping[str, Any] = entry.band or {}
        ends = [band.get(key) for key in ("mean", "low", "high")]
        on = effect_numbers.scale(unit, ends, change=True, short=True, digits=3)
        variance = band.get("variance") or {}
        followed = [
            f"{driver['key']} ({driver['correlation']:+.2f})"
            for driver in band.get("drivers", ())
            if driver["told"]
        ]
        rows.append(
            (
                short_title(entry),
                NOTHING if band.get("mean") is None else on.shown(band["mean"], sign=True),
                _span(on, band.get("low"), band.get("high")),
                _span(on, band.get("own_low"), band.get("own_high")),
                NOTHING if variance.get("share") is None else rounding.percent(variance["share"]),
                listed(followed) if followed else "none told",
            )
        )
    first: Mapping[str, Any] = entries[0].band or {}
    narrow = "" if first.get("wide_enough", True) else " So few draws have no tails: extremes seen."
    return Table(
        title="Parameters: the same policy under other assumptions",
        note=(
            f"{first.get('draws', 0)} draws of all free parameters within their ranges, "
            f"{first.get('seeds', 0)} pairs each; {rank_words.confidence(result)} of draws lie in "
            f"the band.{narrow} Share: of the variance of single runs. Followed: parameters whose "
            f"rank correlation with the effect is told from zero (Holm)."
        ),
        heads=(
            "policy",
            "mean over draws",
            "band as run",
            "band without luck",
            "share of parameters",
            "parameters it follows",
        ),
        rows=tuple(rows),
    )


def _span(on: Any, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return NOTHING
    return f"{on.shown(low, sign=True)} to {on.shown(high, sign=True)}"


def not_known(result: RankResult) -> Section:
    """List what the study does not tell."""
    points = [
        run_cautions.NOT_CALIBRATED,
        rank_words.ONE_DISTRICT,
        run_cautions.LOCAL_ONLY,
        rank_words.UNIT_COSTS,
        rank_words.ONLY_TEN_YEARS,
        run_cautions.INTERVAL_MEANS,
    ]
    if not any(entry.band for entry in result.entries):
        points.append(rank_words.NO_PARAMETER_BAND)
    failed = [check for check in result.checks if not check.passed]
    if failed:
        points.append("Checks of the baseline failed; they stand below.")
    return Section(title="What is not known", points=tuple(points))


def unit_costs(result: RankResult) -> Section | None:
    """Every setting of every policy, unit costs among them."""
    by_policy = {entry.name: short_title(entry) for entry in result.entries}
    rows = []
    for row in result.assumptions:
        key = str(row.get("key", ""))
        if not key.startswith(UNIT_COST_KEYS) or row.get("value") is None:
            continue
        policy, _, setting = key.removeprefix(UNIT_COST_KEYS).partition(".")
        value = row["value"]
        shown = f"{value:,g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)
        if isinstance(value, float) and abs(value) >= 1e6:
            shown = f"{value:,.0f}"
        rows.append(
            (
                by_policy.get(policy, names.plain(policy)),
                setting.replace("_", " "),
                shown,
                str(row.get("meaning", "")),
            )
        )
    if not rows:
        return None
    return Section(
        title="What each policy is assumed to be",
        paragraphs=(rank_words.UNIT_COSTS,),
        tables=(
            Table(
                title=f"{len(rows)} settings of {len(by_policy)} policies and comparators",
                note="Settings at default size; at equal cost the size alone differs.",
                heads=("policy", "setting", "value", "meaning"),
                rows=tuple(rows),
                prose=True,
                folded=True,
            ),
        ),
    )
