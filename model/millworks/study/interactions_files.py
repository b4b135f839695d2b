"""The tables of `millworks interactions`: pairs, factorial, package, expectations, effects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millworks.study.expected_signs import SOURCE
from millworks.study.interactions_results import (
    CONFIRMED,
    CONTRADICTED,
    UNTOLD,
    Interaction,
    InteractionsResult,
    PackageRun,
    Tested,
)
from millworks.study.many_arms import document_of, write_common
from millworks.study.run_files import effect_row
from millworks.study.run_record import write_table
from millworks.study.run_results import Effect

COMMAND = "interactions"


def write(folder: Path, result: InteractionsResult) -> None:
    """Write summary.json, effects.csv, pairs.csv, factorial.csv, package.csv, expectations.csv.

    Also results.* and assumptions.csv. A table without rows is not written.
    """
    write_common(folder, result, document(result))
    tables = {
        "effects": effect_rows(result),
        "pairs": pair_rows(result),
        "factorial": factorial_rows(result),
        "package": package_rows(result),
        "expectations": expectation_rows(result),
    }
    for name, rows in tables.items():
        listed = list(rows)
        if listed:
            write_table(folder / f"{name}.csv", listed)


def document(result: InteractionsResult) -> dict[str, Any]:
    """Return the content of summary.json, plain data, which `--json` prints."""
    package = result.package
    found = {
        "headline": result.headline,
        "verdicts": {one.name: one.verdict.text for one in result.singles},
        "pairs": list(pair_rows(result)),
        "not_run_together": [
            {"first": one.first, "second": one.second, "reason": one.reason} for one in result.apart
        ],
        "groups": {name: list(members) for name, members in result.groups.items()},
        "factorial": list(factorial_rows(result)),
        "package": list(package_rows(result)),
        "package_budget_usd": None if package is None else package.budget,
        "package_optimism": None if package is None else package.optimism,
        "package_note": result.no_package,
        "expectations": list(expectation_rows(result)),
    }
    return document_of(COMMAND, result, effect_rows(result), verdict(result), found)


def verdict(result: InteractionsResult) -> str:
    """Say in a few words what the study found."""
    more = sum(pair.headline.told > 0 for pair in result.pairs)
    less = sum(pair.headline.told < 0 for pair in result.pairs)
    answers = [one.answer for one in result.signs]
    return (
        f"of {len(result.pairs)} pairs of policies {more} do more together than alone and {less} "
        f"less; of the expected signs {answers.count(CONFIRMED)} are confirmed, "
        f"{answers.count(CONTRADICTED)} contradicted, {answers.count(UNTOLD)} cannot be told"
    )


def effect_rows(result: InteractionsResult) -> Iterator[dict[str, Any]]:
    """Yield the effects of every arm: all of policies alone, the main ones of several."""
    for single in result.singles:
        for effect in single.effects:
            yield {"policies": single.name, "groups": None, **effect_row(effect)}
    for together in (*result.duos, *result.combinations):
        if not together.policies:
            continue
        where = {"policies": "+".join(together.policies), "groups": "+".join(together.groups)}
        for effect in together.effects:
            yield {**where, **effect_row(effect)}


def pair_rows(result: InteractionsResult) -> Iterator[dict[str, Any]]:
    """Yield a row per two policies and quantity, and one per two that were not run together."""
    for pair in result.pairs:
        first, second = pair.members
        for found in pair.figures:
            yield {"first": first, "second": second, **_tested_row(found), "not_run_because": None}
    for apart in result.apart:
        yield {"first": apart.first, "second": apart.second, "not_run_because": apart.reason}


def factorial_rows(result: InteractionsResult) -> Iterator[dict[str, Any]]:
    """Yield a row per set of groups and quantity: the term, and the arm in which they are on."""
    terms = {term.members: term for term in result.terms}
    for arm in result.combinations:
        term: Interaction | None = terms.get(arm.groups)
        for place, effect in enumerate(arm.effects):
            row = {
                "groups": "+".join(arm.groups) or "none",
                "order": len(arm.groups),
                "policies": "+".join(arm.policies),
                "arm_effect": effect.mean,
                "arm_low": effect.low,
                "arm_high": effect.high,
            }
            if term is None:
                yield row | {"quantity": effect.quantity, "unit": effect.unit}
            else:
                yield row | _tested_row(term.figures[place])


def package_rows(result: InteractionsResult) -> Iterator[dict[str, Any]]:
    """Yield what the best package and the best policy alone were foretold to do, and did."""
    if result.package is None:
        return
    for kind, one in (
        ("best package", result.package.best),
        ("best single", result.package.single),
    ):
        yield from _package_rows(kind, one)
    for policies, effect, cost, chosen in result.package.others:
        row = _effect_cells("next best", policies, "foretold", effect)
        yield row | {"cost_usd": cost, "chosen": chosen}


def _package_rows(kind: str, one: PackageRun) -> Iterator[dict[str, Any]]:
    for step, effects in (
        ("foretold", one.foretold),
        ("measured", one.measured),
        ("measured less foretold", one.surprise),
        ("measured on new seeds", (*one.fresh, one.public)),
    ):
        for effect in effects:
            row = _effect_cells(kind, one.policies, step, effect)
            yield row | {"cost_usd": None, "chosen": one.chosen}


def _effect_cells(
    kind: str, policies: tuple[str, ...], step: str, effect: Effect
) -> dict[str, Any]:
    return {
        "package": kind,
        "policies": "+".join(policies),
        "step": step,
        "quantity": effect.quantity,
        "unit": effect.unit,
        "mean": effect.mean,
        "low": effect.low,
        "high": effect.high,
        "pairs": effect.pairs,
    }


def expectation_rows(result: InteractionsResult) -> Iterator[dict[str, Any]]:
    """Yield a row per expected sign: what was expected, why, and what was found."""
    for one in result.signs:
        row = {
            "first": one.expected.first,
            "second": one.expected.second,
            "groups": one.expected.groups,
            "expected": "+" if one.expected.sign > 0 else "-",
            "because": one.expected.because,
            "source": SOURCE,
            "answer": one.answer,
        }
        yield row if one.tested is None else row | _tested_row(one.tested)


def _tested_row(found: Tested) -> dict[str, Any]:
    effect = found.effect
    return {
        "quantity": effect.quantity,
        "unit": effect.unit,
        "mean": effect.mean,
        "low": effect.low,
        "high": effect.high,
        "confidence": found.confidence,
        "p_holm": found.adjusted,
        "told": found.told,
        "detectable": effect.detectable,
        "pairs": effect.pairs,
    }
