"""The page of a paired study: verdict first, then effects, cost, papers of the levers, checks."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from millworks.parameters import register
from millworks.report import effect_numbers, names, rounding, run_around, run_cautions, run_words
from millworks.report.charts.effect_by_size import size_classes
from millworks.report.dollar_flows import Side, flows
from millworks.report.drawing import Chart
from millworks.report.page import rendered
from millworks.report.sources import source_rows
from millworks.study.quantities import BENEFIT_QUANTITIES, RUN_QUANTITIES
from millworks.study.run_results import Effect, RunResult

Cells = tuple[str, ...]

#: Columns of the table of effects after its name.
EFFECT_HEADS = (
    "change",
    "interval",
    "baseline",
    "of baseline",
    "standard error",
    "smallest found",
    "pairs",
    "gain",
)


def run_page(
    result: RunResult, charts: Sequence[Chart], pictures: dict[str, str], run_id: str
) -> str | None:
    """Return the page as HTML, None where jinja2 is not installed."""
    return rendered("run", charts, pictures, run_id, _facts(result))


def _facts(result: RunResult) -> dict[str, Any]:
    """Return every number and sentence of the page outside the charts."""
    place = names.short_place(result.place.name)
    verdict = f"{run_words.verdict(result)}."
    money = flows(result.dollars)
    moved, others = _assumptions(result)
    return {
        # A place's name is not torn apart at the end of a line.
        "title": verdict.replace(place, place.replace(" ", "\N{NO-BREAK SPACE}")),
        "short_title": f"{result.title or run_words.subject(result)} · {place}",
        "about": result.about,
        "place": result.place.name,
        "year": result.year,
        "setting": f"{run_words.setting(result)}.",
        "unknown": [
            run_cautions.NOT_CALIBRATED,
            run_cautions.INTERVAL_MEANS
            if len(result.seeds) > 1
            else "One pair of runs has no interval: any difference may be chance.",
            run_cautions.LOCAL_ONLY,
        ],
        "comparator": run_cautions.comparator_note(result),
        "arm": run_words.upper_arm(result),
        "failed": run_cautions.failures(result),
        "failed_means": run_cautions.what_failures_mean(result),
        "tiles": _tiles(result),
        "confidence": run_words.confidence(result),
        "heads": EFFECT_HEADS,
        "blocks": _blocks(result),
        "precision": _precision(result),
        "sizes": [names.size_label(size) for size in size_classes(result)],
        "by_size": _by_size(result),
        "jobs_note": run_cautions.JOBS_ARE,
        "constrained_means": run_cautions.CONSTRAINED_MEANS,
        "levers": [_paper(one, "lever") for one in result.levers],
        "shocks": [_paper(one, "shock") for one in result.shocks],
        "shocks_in": (
            "Both arms have them." if result.levers else "The baseline has none of them."
        ),
        "cost": [
            text for text in (run_words.public_cost(result), run_words.job_years(result)) if text
        ],
        "payers": _sides(money.payers),
        "payees": _sides(money.payees),
        "horizon": run_words.horizon(result),
        "checks": _checks(result),
        "passed": f"{run_cautions.passed(result)}.",
        "moved": moved,
        "assumptions": others,
        "notes": [*result.notes, *(str(note) for note in getattr(result.place, "notes", ()))],
        "mix_quality": str(getattr(result.place, "mix_quality", "")),
        "counts": [
            rounding.whole(count, kind.rstrip("s")) for kind, count in result.counts.items()
        ],
        "sources": source_rows(result.year),
        "seeds": _seeds(result.seeds),
        "seconds": f"{sum(result.seconds.values()):.0f}",
        "stopped": result.stopped,
    }


def _tiles(result: RunResult) -> list[Cells]:
    """Return the key figures: number, what it is, its interval, how it is shown."""
    tiles: list[Cells] = []
    for quantity in ("value_added", "jobs", "income", "constrained_any"):
        effect = run_words.found(result, quantity)
        if effect is None or effect.mean is None:
            continue
        within = run_words.interval(result, effect, short=True)
        covers = ": no detectable effect" if effect.covers_zero else ""
        if run_words.exactly_nothing(effect):
            covers = ""
        name = f"{names.run_phrase(effect.quantity)}{run_words.a_year(effect)}"
        quiet = "quiet" if effect.covers_zero else ""
        tiles.append((run_words.moved(effect, short=True), name, f"{within}{covers}", quiet))
    return tiles


def _blocks(result: RunResult) -> list[dict[str, Any]]:
    """Return the table of effects in three blocks: of the district, of finance, and the rest."""
    known = list(dict.fromkeys(effect.quantity for effect in result.effects))
    rest = [
        quantity
        for quantity in known
        if quantity not in (*run_words.HEADLINE, *run_words.CONSTRAINED)
    ]
    blocks = []
    for title, quantities in (
        ("The district", run_words.HEADLINE),
        ("Who lacks the money to grow", run_words.CONSTRAINED),
        ("Cost, and everything else", rest),
    ):
        effects = [run_words.found(result, quantity) for quantity in quantities]
        rows = [_row(effect) for effect in effects if effect is not None]
        if rows:
            blocks.append({"name": title, "rows": rows})
    around = [
        _row(effect) | {"name": f"{_row(effect)['name']}, {run_around.REGIONS[effect.region]}"}
        for _, effects in run_around.around_rows(result)
        for effect in effects[1:]
    ]
    if around:
        blocks.insert(1, {"name": "Around the district", "rows": around})
    return blocks


def _row(effect: Effect) -> dict[str, Any]:
    declared = RUN_QUANTITIES.get(effect.quantity) or BENEFIT_QUANTITIES.get(effect.quantity)
    return {
        "name": f"{names.run_label(effect.quantity)}{run_words.a_year(effect)}",
        # D1 to D4 have their number in their name.
        "meaning": re.sub(r"^D[1-4]: ", "", declared.meaning) if declared else "",
        "zero": bool(effect.covers_zero),
        "cells": _cells(effect),
    }


def _cells(effect: Effect) -> Cells:
    on = run_words.effect_scale(effect, short=True)
    level = "—"
    if effect.baseline is not None:
        level = run_words.level_scale(effect, short=True).shown(effect.baseline)
    within = run_words.ends(effect, short=True)
    if run_words.exactly_nothing(effect):
        within = "exactly zero"
    elif effect.covers_zero:
        within = f"{within}, covers zero"
    least = "—"
    if effect.detectable is not None:
        few = effect_numbers.scale(
            effect.unit, [effect.detectable], change=True, short=True, digits=2
        )
        least = few.shown(effect.detectable)
    return (
        run_words.moved(effect, short=True),
        within,
        level,
        effect_numbers.relative(effect.mean, effect.baseline),
        "—" if effect.mcse is None else on.shown(effect.mcse),
        least,
        str(effect.pairs),
        "—"
        if effect.gain is None or not math.isfinite(effect.gain)
        else run_words.times(effect.gain),
    )


def _precision(result: RunResult) -> str:
    """Say what the columns of precision are, and what the pairs can tell."""
    effect = run_words.headline_effect(result)
    if effect is None or effect.covers_zero is None:
        return "One pair of runs: no interval, no standard error, no smallest effect found."
    least = ""
    if effect.detectable is not None:
        least = f"; for {names.run_phrase(effect.quantity)}, {run_words.detectable(effect)}"
    return (
        f"Smallest found: the effect that this number of pairs would find with a chance of 80%"
        f"{least}. Gain: how many times the variance would be larger with independent seeds."
    )


def _by_size(result: RunResult) -> list[dict[str, Any]]:
    classes = size_classes(result)
    rows = []
    for quantity in dict.fromkeys(e.quantity for e in result.effects if e.size_class != "all"):
        cells = []
        for size in classes:
            effect = run_words.found(result, quantity, size)
            if effect is None or effect.mean is None:
                cells.append(("—", ""))
                continue
            remark = run_words.ends(effect, short=True).replace(" to ", "\N{NO-BREAK SPACE}to ")
            if run_words.exactly_nothing(effect):
                remark = "exactly zero"
            elif effect.covers_zero:
                remark = f"{remark}, covers zero"
            cells.append((run_words.moved(effect, short=True), "" if remark == "—" else remark))
        year = " a year" if effect_numbers.yearly(_unit(result, quantity)) else ""
        rows.append({"name": f"{names.run_label(quantity)}{year}", "cells": cells})
    return rows


def _unit(result: RunResult, quantity: str) -> str:
    return next(effect.unit for effect in result.effects if effect.quantity == quantity)


def _paper(one: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the paper of a lever or shock: what, who pays, evidence, what it leaves out."""
    heads = {
        "what": "What it does",
        "size": "At intensity 1",
        "evidence": "Evidence",
        "cost": "Unit cost and its source",
        "leaves_out": "What it leaves out",
    }
    said = [(head, _prose(one[key])) for key, head in heads.items() if one.get(key)]
    cost = one.get("cost_usd")
    if kind == "lever":
        payer = {"levy": "a levy on local incomes", "outside": "payers outside the district"}
        said.append(("Who pays", _prose(payer.get(str(one.get("payer")), one.get("payer") or "—"))))
        if cost is not None:
            said.append(("Public outlay over the run", rounding.amount(float(cost))))
    return {
        "title": str(one.get("title") or names.plain(str(one["name"]))),
        "name": str(one["name"]),
        "said": said,
        "settings": run_words.settings_of(one),
    }


def _prose(text: Any) -> str:
    """Return a text or a list of texts as sentences that begin with a capital."""
    parts = [str(part) for part in text] if isinstance(text, list | tuple) else [str(text)]
    whole = [part.strip().rstrip(".") for part in parts if part.strip()]
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in whole)


def _sides(sides: Sequence[Side]) -> list[tuple[str, str, str]]:
    total = sum(side.usd for side in sides)
    return [
        (side.label, rounding.amount(side.usd), rounding.percent(side.usd / total))
        for side in sides
        if total > 0
    ]


def _checks(result: RunResult) -> list[Cells]:
    """Return the checks, those that failed first."""
    return [
        (
            names.plain(check.id),
            f"{check.meaning[:1].upper()}{check.meaning[1:]}",
            "passed" if check.passed else "FAILED",
            f"{check.value:.3g}",
            f"{check.tolerance:.3g}",
        )
        for check in sorted(result.checks, key=lambda check: check.passed)
    ]


def _assumptions(result: RunResult) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return parameters that differ from the register's default, and all others, as text."""
    defaults = {key: row.default for key, row in register().items()}
    moved, others = [], []
    for row in result.assumptions:
        shown = {key: _cell(value) for key, value in row.items()}
        default = defaults.get(str(row.get("key")))
        if default is not None and row.get("value") != default:
            moved.append({**shown, "default": _cell(default)})
        else:
            others.append(shown)
    return moved, others


def _seeds(seeds: Sequence[int]) -> str:
    """Return seeds as people write them: '1 to 20', or a list where they do not follow."""
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return f"{seeds[0]} to {seeds[-1]}"
    return ", ".join(str(seed) for seed in seeds)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
