"""What the page of the study of interactions says: pairs, groups, package, expectations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from millworks.report import interactions_words as say
from millworks.report import names, rounding, run_cautions, run_words
from millworks.report.charts import best_package, group_factorial, synergy_map
from millworks.report.study_page import Section, StudyPage, Table
from millworks.study.expected_signs import SOURCE
from millworks.study.interactions_results import (
    INTERACTION,
    Interaction,
    InteractionsResult,
    PackageRun,
    Single,
    Tested,
)
from millworks.study.ranking.verdicts import Word
from millworks.study.run_results import Effect

COSTS = ("public_cost", "resource_cost")


def interactions_page(result: InteractionsResult) -> StudyPage:
    """Return the content of the page."""
    lead = [say.gain_sentence(result), *say.only_with(result), f"{say.signs_finding(result)}."]
    if result.package is not None:
        lead.insert(0, f"{say.package_finding(result)}.")
    return StudyPage(
        title=say.headline(result),
        short_title=f"Interactions in {names.short_place(result.place.name)}",
        setting=f"{say.setting(result)}.",
        lead=tuple(one for one in lead if one),
        unknown=tuple(_unknown(result)),
        sections=tuple(_sections(result)),
        year=result.year,
        seeds=result.seeds,
        seconds=sum(result.seconds.values()),
        kind="What policies do together",
        place=result.place.name,
        checks=result.checks,
        worst_residual=result.worst_residual,
        assumptions=result.assumptions,
        mix_quality=str(getattr(result.place, "mix_quality", "")),
        notes=result.notes,
        counts=result.counts,
        files=(
            ("summary.json", "summary (JSON)"),
            ("pairs.csv", "pairs (CSV)"),
            *((("factorial.csv", "groups (CSV)"),) if result.terms else ()),
            *((("package.csv", "package (CSV)"),) if result.package else ()),
            ("expectations.csv", "expected signs (CSV)"),
            ("effects.csv", "effects (CSV)"),
            ("results.csv", "all pairs of runs (CSV)"),
        ),
    )


def _unknown(result: InteractionsResult) -> list[str]:
    said = [run_cautions.NOT_CALIBRATED, say.AT_DEFAULT_SIZE, say.LEVIED, run_cautions.LOCAL_ONLY]
    return [*said, run_cautions.INTERVAL_MEANS]


def _sections(result: InteractionsResult) -> list[Section]:
    sections = [_pairs(result)] if result.pairs else []
    if result.terms:
        sections.append(_groups(result))
    sections.append(_package(result))
    sections.append(_signs(result))
    return sections


def _pairs(result: InteractionsResult) -> Section:
    ordered = sorted(result.pairs, key=lambda pair: -(pair.headline.effect.mean or 0.0))
    told = say.told(result.pairs, 1) + say.told(result.pairs, -1)
    points = [f"{say.interaction_sentence(result, pair)}." for pair in told]
    return Section(
        title="Two policies beside each other",
        paragraphs=(say.CORRECTED, *_nonempty(say.only_with_none(result))),
        charts=(synergy_map.SLUG,),
        points=(*points, *say.not_together(result)),
        tables=(
            _alone(result),
            Table(
                title="Every two policies, largest surplus first",
                note=(
                    "What both do together less the sum of each alone, with the corrected "
                    "interval below; cost above zero: together dearer than apart."
                ),
                heads=("Policies", *_heads(result)),
                rows=tuple(_interaction_row(result, pair) for pair in ordered),
                quiet=_quiet(ordered),
                folded=True,
            ),
        ),
    )


def _alone(result: InteractionsResult) -> Table:
    singles = sorted(result.singles, key=lambda one: -(one.find(result.headline).mean or 0.0))
    return Table(
        title="Every policy alone, at its default size",
        note=(
            f"{names.run_label(result.headline)} with its interval corrected for the number of "
            "policies, on which the verdict rests; all else with its own. Policies cost different "
            "sums: for what works per dollar see millworks rank."
        ),
        heads=("Policy", *_heads(result), "Verdict"),
        rows=tuple(
            (
                say.short_name(result, one.name),
                _cell(_judged(one, result.headline)),
                *(_cell(one.find(quantity)) for quantity in _quantities(result)[1:]),
                _verdict(result, one.name),
            )
            for one in singles
        ),
        quiet=frozenset(
            row
            for row, one in enumerate(singles)
            if one.verdict.word not in (Word.WORKS, Word.HARMS)
        ),
    )


def _judged(single: Single, quantity: str) -> Effect:
    """Return the effect that is judged, with the corrected interval."""
    verdict = single.verdict
    return replace(single.find(quantity), low=verdict.low, high=verdict.high)


def _verdict(result: InteractionsResult, name: str) -> str:
    verdict = next(one.verdict for one in result.singles if one.name == name)
    if not verdict.partners:
        return verdict.text
    partners = [say.short_name(result, one).lower() for one in verdict.partners]
    return f"{verdict.word.value} {' or '.join(partners)}"


def _groups(result: InteractionsResult) -> Section:
    terms = list(result.terms)
    return Section(
        title="Groups of policies",
        paragraphs=(
            f"{say.groups_finding(result)}.",
            *((f"{say.all_together(result)}.",) if _told_groups(result) else ()),
            say.TERMS,
        ),
        charts=(group_factorial.SLUG,),
        tables=(
            Table(
                title="Main effects and interactions of groups",
                note=(
                    "Averaged over all settings of the other groups. Main effects are one family "
                    f"of tests, interactions another. {say.groups_are(result)}."
                ),
                heads=("Groups", *_heads(result)),
                rows=tuple(_interaction_row(result, term) for term in terms),
                quiet=_quiet(terms),
                above={
                    0: "Main effects",
                    len(result.main_effects): "Interactions",
                },
            ),
        ),
    )


def _told_groups(result: InteractionsResult) -> bool:
    return any(term.headline.told for term in result.interactions)


def _package(result: InteractionsResult) -> Section:
    title = "The best package under a budget"
    package = result.package
    if package is None:
        return Section(title=title, paragraphs=_nonempty(result.no_package))
    said = (
        f"{say.package_finding(result)}.",
        say.nothing_to_gain(result),
        say.overrun(result),
        say.beyond_pairs(result),
        say.gain_sentence(result),
        f"{say.NEW_SEEDS} {say.optimism_sentence(result)}".strip(),
        say.PACKAGE_COST,
    )
    rows = [_package_row(result, package.best)]
    if package.single.policies != package.best.policies:
        rows.append(_package_row(result, package.single))
    others = tuple(
        (say.listed_names(result, policies), _cell(effect), rounding.amount(cost))
        for policies, effect, cost, _ in package.others
    )
    tables = [
        Table(
            title="Foretold and measured",
            note="Effects with their interval below; cost is what all payers put in.",
            heads=("Package", "Foretold", "Measured", "On new seeds", "Cost", "Of it public"),
            rows=tuple(rows),
        )
    ]
    if others:
        tables.append(
            Table(
                title="The next best, as foretold",
                note="Not run: sums of policies alone and by twos.",
                heads=("Package", "Foretold", "Cost"),
                rows=others,
                folded=True,
            )
        )
    return Section(
        title=title,
        paragraphs=_nonempty(*said),
        charts=(best_package.SLUG,),
        tables=tuple(tables),
    )


def _package_row(result: InteractionsResult, one: PackageRun) -> tuple[str, ...]:
    return (
        say.package_name(result, one),
        _cell(one.foretold[0]),
        _cell(one.measured[0]),
        _cell(one.fresh[0]),
        _cell(one.fresh[1]),
        _cell(one.public),
    )


def _signs(result: InteractionsResult) -> Section:
    return Section(
        title="What was expected",
        paragraphs=(f"{say.signs_finding(result)}.", say.SIGNS_TESTED_APART),
        tables=(
            Table(
                title="Expected signs and what was found",
                note=f"Source: {SOURCE}.",
                heads=("Policies or groups", "Expected", "Because", "Surplus", "Answer"),
                rows=tuple(
                    (
                        say.BESIDE.join(names.plain(name) for name in one.expected.members),
                        "complements" if one.expected.sign > 0 else "substitutes",
                        one.expected.because,
                        "—" if one.tested is None else _tested_cell(one.tested),
                        one.answer,
                    )
                    for one in result.signs
                ),
                quiet=frozenset(
                    row
                    for row, one in enumerate(result.signs)
                    if one.tested is None or one.tested.told == 0
                ),
            ),
        ),
    )


def _quantities(result: InteractionsResult) -> tuple[str, ...]:
    figures = (result.pairs or result.terms)[0].figures
    return tuple(found.effect.quantity for found in figures)


def _heads(result: InteractionsResult) -> tuple[str, ...]:
    figures = (result.pairs or result.terms)[0].figures
    return tuple(
        f"{names.run_label(found.effect.quantity)}{run_words.a_year(found.effect)}"
        for found in figures
    )


def _interaction_row(result: InteractionsResult, one: Interaction) -> tuple[str, ...]:
    return (say.beside(result, one.members), *(_tested_cell(found) for found in one.figures))


def _quiet(interactions: Sequence[Interaction]) -> frozenset[int]:
    return frozenset(row for row, one in enumerate(interactions) if one.headline.told == 0)


def _tested_cell(found: Tested) -> str:
    return _cell(found.effect)


def _cell(effect: Effect) -> str:
    """Return a figure, its interval below it; a cost that is no difference has no plus."""
    if effect.mean is None:
        return "not given"
    if run_words.exactly_nothing(effect):
        return "exactly 0"
    signed = effect.quantity not in COSTS or effect.effect == INTERACTION
    on = run_words.effect_scale(effect, short=True)
    text = on.shown(effect.mean, sign=signed)
    if effect.low is None or effect.high is None:
        return text
    return f"{text}\n{on.shown(effect.low, sign=signed)} to {on.shown(effect.high, sign=signed)}"


def _nonempty(*said: str) -> tuple[str, ...]:
    return tuple(one for one in said if one)
