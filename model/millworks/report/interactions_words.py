"""Sentences of the study of interactions, shared by screen, charts and page: tested templates.

No interaction is named without its interval, corrected for how many were asked about; one that
covers zero is called so. What a package was foretold to do never stands without what it did.
"""

from __future__ import annotations

from collections.abc import Sequence

from millworks.report import effect_numbers, names, rounding, run_words
from millworks.report.rounding import whole
from millworks.report.words import listed, lower_first
from millworks.study.interactions_results import (
    CONFIRMED,
    CONTRADICTED,
    NOT_RUN,
    UNTOLD,
    Interaction,
    InteractionsResult,
    PackageRun,
    Tested,
)
from millworks.study.run_results import Effect

CORRECTED = (
    "Intervals of interactions are corrected (Holm) for how many are asked about at once: the "
    "chance that luck alone makes one or more seem real is that of a single test."
)

AT_DEFAULT_SIZE = (
    "Every policy has its default size, alone and beside others; at other sizes two may get along "
    "differently. What each costs differs, so this is no ranking."
)

LEVIED = (
    "Each arm is levied for what its own policies pay out, so two policies together also bring a "
    "larger levy."
)

TERMS = (
    "Each group is switched as a whole. The main effect of a group is what it does on average over "
    "all settings of the others; an interaction of two groups is what the second adds to the "
    "effect of the first, on average over the others; and so on for three and four."
)

PACKAGE_COST = (
    "What a package may cost is held against resource cost, what all payers put in, so that no "
    "policy is cheap for being paid by partners."
)

NEW_SEEDS = (
    "The best of many sums is partly the luckiest, and its luck lies in the seeds it was picked "
    "on; what counts is what it does on new ones."
)

SIGNS_TESTED_APART = (
    "Expected signs stand in the specification and were fixed before anything ran. They are tested "
    "as a family of their own, smaller than that of all pairs, so their intervals are narrower."
)

BESIDE = "\N{NO-BREAK SPACE}× "
"""Between the names of two policies."""


def short_name(result: InteractionsResult, name: str) -> str:
    """Return the name of a policy: what stands before the colon of its title."""
    return result.title(name).split(":")[0].strip() or names.plain(name)


def listed_names(result: InteractionsResult, policies: Sequence[str]) -> str:
    """Return policies as a sentence begins: 'Hub, ports and rail and placebo'."""
    said = [short_name(result, name) for name in policies]
    return listed([said[0], *(lower_first(name) for name in said[1:])]) if said else ""


def beside(result: InteractionsResult, members: Sequence[str]) -> str:
    """Return policies or groups beside each other: 'Hub × technology transfer'.

    No line ends before the sign.
    """
    known = {single.name for single in result.singles}
    said = [short_name(result, one) if one in known else names.plain(one) for one in members]
    return BESIDE.join([said[0], *(lower_first(name) for name in said[1:])])


def amount(effect: Effect) -> str:
    """Return a change with its sign, unit and 'a year'."""
    return f"{run_words.moved(effect)}{run_words.a_year(effect)}"


def within(result: InteractionsResult, effect: Effect, *, corrected: bool = True) -> str:
    """Return 'corrected 95% interval …' of an interaction, '95% interval …' of an effect."""
    if run_words.exactly_nothing(effect):
        return "exactly zero in every pair"
    if effect.low is None or effect.high is None:
        return "no interval"
    kind = "corrected " if corrected else ""
    return f"{kind}{confidence(result)} interval {run_words.ends(effect)}"


def confidence(result: InteractionsResult) -> str:
    """Return the confidence of the study: '95%'."""
    return f"{100 * result.confidence:g}%"


def horizon(result: InteractionsResult) -> str:
    """Return the horizon in words: '10 years', '78 weeks'."""
    years = result.weeks / 52.0
    if years >= 1 and years.is_integer():
        return whole(years, "year")
    return whole(result.weeks, "week")


def setting(result: InteractionsResult) -> str:
    """Say what was run."""
    scale = f" (scale model 1:{1 / result.scale:.1f})" if result.scale < 1.0 - 1e-9 else ""
    return (
        f"{whole(result.arms - 1, 'arm')} against one baseline, "
        f"{whole(result.makers, 'maker')}{scale}, {whole(len(result.seeds), 'pair')} of runs, "
        f"{result.weeks} weeks after {result.burn_in} of burn-in"
    )


def told(interactions: Sequence[Interaction], sign: int) -> list[Interaction]:
    """Return interactions that are told from zero with a sign, largest first."""
    chosen = [one for one in interactions if one.headline.told == sign]
    return sorted(chosen, key=lambda one: -abs(one.headline.effect.mean or 0.0))


def what(result: InteractionsResult) -> str:
    """Return the quantity that is judged, inside a sentence: 'local value added'."""
    return f"local {names.run_phrase(result.headline)}"


def too_few(result: InteractionsResult) -> bool:
    """Whether there are too few pairs to tell any sign."""
    return len(result.seeds) < result.fewest


def headline(result: InteractionsResult) -> str:
    """Say how many pairs of policies do more or less together than alone, and the largest."""
    if not result.pairs:
        return groups_finding(result) if result.terms else "No policies were run together"
    place = names.inside(names.short_place(result.place.name))
    of = whole(len(result.pairs), "pair")
    if too_few(result):
        return (
            f"In {place} no interaction is told from luck: of {of} of policies "
            f"{whole(len(result.seeds), 'pair')} of runs say too little, {result.fewest} are needed"
        )
    more, less = told(result.pairs, 1), told(result.pairs, -1)
    if not more and not less:
        return (
            f"In {place} none of {of} of policies is seen to do more or less for {what(result)} "
            f"together than apart{_missed([pair.headline for pair in result.pairs])}"
        )
    largest = max(more + less, key=lambda one: abs(one.headline.effect.mean or 0.0))
    return (
        f"In {place} of {of} of policies {len(more)} "
        f"{'does' if len(more) == 1 else 'do'} more for {what(result)} together than apart, "
        f"{len(less)} less; {_largest(result, largest, len(more) + len(less))}"
    )


def _largest(result: InteractionsResult, one: Interaction, of: int) -> str:
    found = one.headline.effect
    start = "the largest, " if of > 1 else ""
    name = lower_first(beside(result, one.members))
    return f"{start}{name}: {amount(found)} ({within(result, found)})"


def _missed(tested: Sequence[Tested]) -> str:
    """Say what may have been missed: the middle one of the smallest interactions found."""
    known = sorted(one.effect.detectable for one in tested if one.effect.detectable is not None)
    if not known or not known[-1]:
        return ""
    first = tested[0].effect
    on = effect_numbers.scale(first.unit, [known[len(known) // 2]], change=True, digits=2)
    return (
        f"; half of them would be found, with a chance of 80%, only from "
        f"{on.shown(known[len(known) // 2])}{run_words.a_year(first)} on"
    )


def interaction_sentence(result: InteractionsResult, one: Interaction) -> str:
    """Say what two policies or some groups are to each other, with the interval."""
    found = one.headline.effect
    name = beside(result, one.members)
    if found.mean is None:
        return f"{name}: not given, a pair of runs has no value"
    if run_words.exactly_nothing(found):
        return f"{name}: nothing beyond the sum of each, exactly"
    measured = f"{amount(found)} ({within(result, found)})"
    if one.headline.told == 0:
        return f"{name}: not told from zero, {measured}{_smallest(found)}"
    if len(one.members) == 1:
        return f"{name}: {measured}"
    word = "more" if one.headline.told > 0 else "less"
    return f"{name}: {word} together than apart, {measured}"


def _smallest(found: Effect) -> str:
    if found.detectable is None:
        return ""
    on = effect_numbers.scale(found.unit, [found.detectable], change=True, digits=2)
    return f"; {on.shown(found.detectable)}{run_words.a_year(found)} would be found"


def only_with(result: InteractionsResult) -> list[str]:
    """Say of each policy that works only beside others, beside which; one sentence each."""
    said = []
    for single in result.singles:
        if single.verdict.partners:
            partners = [lower_first(short_name(result, one)) for one in single.verdict.partners]
            beside_which = " or ".join(partners)
            said.append(
                f"{short_name(result, single.name)} works only with {beside_which}: alone its "
                f"effect on {what(result)} cannot be told from zero."
            )
    return said


def only_with_none(result: InteractionsResult) -> str:
    """Say that no policy is seen to work only beside another; '' where some are."""
    if only_with(result) or not result.pairs:
        return ""
    return "No policy is seen to work only beside another."


def not_together(result: InteractionsResult) -> list[str]:
    """Say which policies were not run together or stand in no group, and why."""
    said = [
        f"{beside(result, (one.first, one.second))} was not run: {one.reason}."
        for one in result.apart
    ]
    return said + [
        f"{short_name(result, name)} is in no group: {reason.replace('_', ' ')}."
        for name, reason in result.left_out
    ]


# --- groups


def groups_finding(result: InteractionsResult) -> str:
    """Say how many interactions of groups are told from zero, and the largest.

    Where none is: what all groups do together.
    """
    count = len(result.interactions)
    sure = told(result.interactions, 1) + told(result.interactions, -1)
    if not sure:
        few = f" with {whole(len(result.seeds), 'pair')} of runs" if too_few(result) else ""
        first = (
            f"None of {whole(count, 'interaction')} of groups is told from zero{few}"
            if count > 1
            else f"The interaction of both groups is not told from zero{few}"
        )
    else:
        largest = max(sure, key=lambda one: abs(one.headline.effect.mean or 0.0))
        return (
            f"Of {whole(count, 'interaction')} of groups {len(sure)} "
            f"{'is' if len(sure) == 1 else 'are'} told from zero; "
            f"{_largest(result, largest, len(sure))}"
        )
    return f"{first}. {all_together(result)}"


def all_together(result: InteractionsResult) -> str:
    """Set what all groups do together beside the sum of what each does alone."""
    everything = result.combinations[-1].effects[0]
    if everything.mean is None:
        return "What all groups do together is not given"
    alone = [arm.effects[0].mean or 0.0 for arm in result.combinations if len(arm.groups) == 1]
    on = run_words.effect_scale(everything)
    covers = ", covers zero" if everything.covers_zero else ""
    return (
        f"All groups together: {amount(everything)} "
        f"({within(result, everything, corrected=False)}{covers}); "
        f"each alone adds up to {on.shown(sum(alone), sign=True)}"
    )


def groups_are(result: InteractionsResult) -> str:
    """Say which policies each group has."""
    return "; ".join(
        f"{names.plain(group)}: {lower_first(listed_names(result, members))}"
        for group, members in result.groups.items()
    )


# --- the best package


def package_finding(result: InteractionsResult) -> str:
    """Say what the best package did on new seeds, and beside it what was foretold."""
    package = result.package
    if package is None:
        return result.no_package.rstrip(".") or "No package was run"
    best = package.best
    effect, cost = best.fresh
    name = package_name(result, best)
    limit = f"for at most {rounding.amount(package.allowed)} over {horizon(result)}"
    told_apart = "" if not effect.covers_zero else ", not told from zero"
    return (
        f"Best {limit}: {lower_first(name)}. Foretold {amount(best.foretold[0])}, measured on new "
        f"seeds {amount(effect)} ({within(result, effect, corrected=False)}{told_apart}), "
        f"for {costing(cost)}"
    )


def costing(cost: Effect) -> str:
    """Return a cost as a sum: '$7.69 million'; 'nothing' for none."""
    if cost.mean is None:
        return "a cost not given"
    return rounding.amount(cost.mean) if cost.mean else "nothing"


def package_name(result: InteractionsResult, one: PackageRun) -> str:
    """Return the policies of a package; a single one is called so."""
    said = listed_names(result, one.policies)
    return f"{said} alone" if len(one.policies) == 1 else said


def overrun(result: InteractionsResult) -> str:
    """Say that the package costs more than it may on seeds it was not picked on; '' else."""
    if result.package is None:
        return ""
    cost = result.package.best.fresh[1].mean
    if cost is None or cost <= result.package.allowed:
        return ""
    return (
        f"On new seeds it costs {rounding.amount(cost)}, more than the "
        f"{rounding.amount(result.package.allowed)} to which the foretold cost was held."
    )


def beyond_pairs(result: InteractionsResult) -> str:
    """Say how far the package's run is from what was foretold, on the same seeds; '' for none."""
    if result.package is None or len(result.package.best.policies) < 3:
        return ""
    surprise = result.package.best.surprise[0]
    if run_words.exactly_nothing(surprise):
        return "Three and more of them do exactly what they do alone and by twos."
    measured = f"{amount(surprise)} ({within(result, surprise, corrected=False)})"
    if surprise.covers_zero is not False:
        return f"What three and more of them do together cannot be told from zero: {measured}."
    word = "more" if (surprise.mean or 0.0) > 0.0 else "less"
    return f"Three and more of them do {word} than foretold from pairs: {measured}."


def gain_sentence(result: InteractionsResult) -> str:
    """Set the package against the best single policy within the budget; '' without a package."""
    package = result.package
    if package is None:
        return ""
    single = lower_first(short_name(result, package.single.policies[0]))
    if package.gain is None:
        return f"No package is foretold to do better than {single} alone."
    measured = f"{amount(package.gain)} ({within(result, package.gain, corrected=False)})"
    start = f"Against {single}, the best single policy within the budget, on new seeds: {measured}"
    return f"{start}, not told from zero." if package.gain.covers_zero is not False else f"{start}."


def optimism_sentence(result: InteractionsResult) -> str:
    """Say how sure the choice is and by how much it is overstated; '' where not known."""
    package = result.package
    if package is None or package.optimism is None or package.best.chosen is None:
        return ""
    foretold = package.best.foretold[0]
    on = effect_numbers.scale(foretold.unit, [package.optimism], change=True, digits=2)
    return (
        f"Of {whole(package.considered, 'set')} of at most {package.most} policies that the budget "
        f"allows, it is the best in {100.0 * package.best.chosen:.0f}% of resamples; for having "
        f"been picked, what is foretold is too high by about "
        f"{on.shown(max(0.0, package.optimism))}{run_words.a_year(foretold)}."
    )


def nothing_to_gain(result: InteractionsResult) -> str:
    """Say that even the best package is not foretold to raise anything; '' where it is."""
    if result.package is None or (result.package.best.foretold[0].mean or 0.0) > 0.0:
        return ""
    return f"No package within the budget is foretold to raise {what(result)}."


# --- expectations


def signs_finding(result: InteractionsResult) -> str:
    """Say how many of the specification's expected signs are confirmed."""
    run = [one for one in result.signs if one.answer != NOT_RUN]
    if not run:
        return "None of the interactions that the specification expects was run"
    count = {
        answer: sum(one.answer == answer for one in run)
        for answer in (CONFIRMED, CONTRADICTED, UNTOLD)
    }
    return (
        f"Of {whole(len(run), 'expected sign')} {count[CONFIRMED]} "
        f"{'is' if count[CONFIRMED] == 1 else 'are'} confirmed, "
        f"{count[CONTRADICTED]} contradicted, {count[UNTOLD]} cannot be told"
    )
