"""Sentences of a ranking, shared by screen, charts and page: templates with blanks, each tested.

No policy is named for its effect without the interval, corrected for how many were asked about;
what covers zero is called so; a rank is given as the ranks between which it lies.
"""

from __future__ import annotations

from collections.abc import Sequence

from millworks.report import names, rounding, run_words
from millworks.report.effect_numbers import Scale
from millworks.report.rank_numbers import (
    budget_watched,
    column_scale,
    counted,
    figure,
    judged,
    marginal,
    per_million,
    short_title,
    titles,
    within,
)
from millworks.report.rounding import whole
from millworks.report.words import listed, lower_first, upper_first
from millworks.study.ranking.results import RankEntry, RankResult
from millworks.study.ranking.verdicts import Word
from millworks.study.run_results import Effect

PLACEBO = "placebo"

VERDICTS = {
    Word.WORKS: "works",
    Word.HARMS: "harms",
    Word.ONLY_WITH: "works only with",
    Word.NO_EFFECT: "no detectable effect",
    Word.CANNOT_TELL: "cannot be told",
}
"""Verdicts as tables have them."""

SHORT_VERDICTS = {
    Word.WORKS: "works",
    Word.HARMS: "harms",
    Word.ONLY_WITH: "only with…",
    Word.NO_EFFECT: "none",
    Word.CANNOT_TELL: "not told",
}
"""Verdicts as a narrow column has them."""

CORRECTED = (
    "The interval is corrected (Holm) for how many policies are asked about: the chance that luck "
    "alone makes one or more of them seem to work or to harm is that of a single test."
)

ONE_DISTRICT = (
    "One district alone: what its makers win from rivals elsewhere counts as gain, so a local "
    "effect is not a national one."
)

PARTS_KEPT_APART = (
    "The band of luck (other draws of orders, births, closures) and the band of parameters (other "
    "assumptions) answer different questions and are never made one."
)

NO_PARAMETER_BAND = (
    "The intervals hold for one set of assumptions. How the ranking moves with them was not run; "
    "draws=N adds it."
)

UNIT_COSTS = (
    "What a policy costs per firm, site or engagement is an assumption with a wide range; at equal "
    "cost a policy twice as dear is half as large. The settings below have every unit cost."
)

ONLY_TEN_YEARS = (
    "What a policy brings after the last week is not in it; public capital counts with its yearly "
    "charge, so what outlasts the study is not charged to it either."
)

NOT_KNOWN_SHORT = "Not known: nothing is calibrated; gains here may be losses elsewhere."


def headline(result: RankResult) -> str:
    """Say how many policies work, harm, or show nothing, and what the first of them brings."""
    said, rest = finding(result), others(result)
    return f"{said}; {rest}" if rest else said


def finding(result: RankResult) -> str:
    """Say how many policies work and what the first of them brings, with its interval."""
    place = names.short_place(result.place.name)
    levers = result.levers
    if not levers:
        return f"No policy is ranked in {place}"
    few = [entry for entry in levers if entry.verdict.word is Word.CANNOT_TELL]
    if len(few) == len(levers):
        return (
            f"In {names.inside(place)} nothing can be said of "
            f"{whole(len(levers), 'policy', 'policies')} from "
            f"{whole(len(result.seeds), 'pair')} of runs: too few to tell an effect from luck"
        )
    said = f"In {names.inside(place)} {_how_many(result)} at {same_cost(result)}"
    works = _of(levers, Word.WORKS)
    if works:
        best = works[0]
        most = "the most, " if len(works) > 1 else ""
        return f"{said}; {most}{lower_first(short_title(best))}, by {_size(result, best)}"
    if _all_the_same(result):
        return f"{said}: the arms of every pair are the same"
    return said


def _all_the_same(result: RankResult) -> bool:
    return all(run_words.exactly_nothing(judged(result, entry)) for entry in result.levers)


def _how_many(result: RankResult) -> str:
    """Return '4 of 12 policies raise local value added'."""
    count, of = len(_of(result.levers, Word.WORKS)), len(result.levers)
    what = f"local {names.run_phrase(result.headline)}"
    if result.headline not in ("value_added", "output", "jobs"):
        what = names.run_phrase(result.headline)
    if of == 1:
        return f"the one policy asked about {'raises' if count else 'is not seen to raise'} {what}"
    if not count:
        return f"none of {of} policies is seen to raise {what}"
    every = "both policies" if of == 2 else f"all {of} policies"
    who = every if count == of else f"{count} of {of} policies"
    return f"{who} {'raises' if count == 1 else 'raise'} {what}"


def harm_sentence(result: RankResult) -> str:
    """Name the policies that do harm, each with its interval; '' where none does."""
    harm = [
        f"{lower_first(short_title(entry))} {measured(result, judged(result, entry))}"
        for entry in _of(result.levers, Word.HARMS)
    ]
    return f"What lowers it: {listed(harm)}." if harm else ""


def others(result: RankResult, *, harm_is_named: bool = False) -> str:
    """Say how many harm, depend on others, show nothing, or cannot be told; '' for all alike.

    With `harm_is_named` those that harm are left out: a sentence of their own names them.
    """
    levers, parts = result.levers, []
    if _all_the_same(result) or len(_of(levers, Word.CANNOT_TELL)) == len(levers):
        return ""
    harm = len(_of(levers, Word.HARMS))
    if harm and not harm_is_named:
        parts.append(f"{harm} {'lowers' if harm == 1 else 'lower'} it")
    only = len(_of(levers, Word.ONLY_WITH))
    if only:
        parts.append(f"{only} {'does' if only == 1 else 'do'} so only beside another")
    none = len(_of(levers, Word.NO_EFFECT))
    if none == len(levers):
        parts.append("what they do cannot be told from luck")
    elif none:
        parts.append(f"of {none} no effect can be told from luck")
    unknown = len(_of(levers, Word.CANNOT_TELL))
    if unknown:
        parts.append(f"of {unknown} nothing can be said")
    return ", and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _of(entries: Sequence[RankEntry], word: Word) -> list[RankEntry]:
    return [entry for entry in entries if entry.verdict.word is word]


def same_cost(result: RankResult) -> str:
    """Return 'the same public cost of $2 million over 10 years'."""
    public = all(entry.cost_basis == "public_cost" for entry in result.levers)
    kind = "public cost" if public else "cost"
    return f"the same {kind} of {money_watched(result)} over {horizon(result)}"


def money_watched(result: RankResult) -> str:
    """Return the part of the budget that falls to the weeks watched, three digits of it."""
    return rounding.amount(float(f"{budget_watched(result):.3g}"))


def horizon(result: RankResult) -> str:
    """Return the horizon in words: '10 years', '78 weeks'."""
    years = result.weeks / 52.0
    if years >= 1 and years.is_integer():
        return whole(years, "year")
    return whole(result.weeks, "week")


def confidence(result: RankResult) -> str:
    """Return the confidence of the study: '95%'."""
    return f"{100 * result.confidence:g}%"


def _size(result: RankResult, entry: RankEntry) -> str:
    """Return an effect without sign, with the corrected interval."""
    effect = judged(result, entry)
    return f"{change(result, effect, sign=False)} ({corrected(result, effect)})"


def word_scale(result: RankResult) -> Scale | None:
    """Return the scale on which sentences have effects at equal cost, so that they compare."""
    return column_scale((judged(result, entry) for entry in result.entries), short=False)


def change(result: RankResult, effect: Effect, *, sign: bool = True) -> str:
    """Return an effect with its unit: '+$1.92 million a year'."""
    if effect.mean is None:
        return "—"
    on = word_scale(result) or run_words.effect_scale(effect)
    value = effect.mean if sign else abs(effect.mean)
    return f"{on.shown(value, sign=sign)}{run_words.a_year(effect)}"


def corrected(result: RankResult, effect: Effect) -> str:
    """Return 'corrected 95% interval +$1.2 to +$2.6 million', or that there is none."""
    if run_words.exactly_nothing(effect):
        return "exactly zero in every pair"
    if effect.low is None or effect.high is None:
        return "no interval"
    on = word_scale(result) or run_words.effect_scale(effect)
    low = on.shown(effect.low, sign=True)
    if on.after.startswith(" "):
        low = low.removesuffix(on.after)
    return f"corrected {confidence(result)} interval {low} to {on.shown(effect.high, sign=True)}"


def measured(result: RankResult, effect: Effect) -> str:
    """Return an effect at equal cost with its interval, called so where that covers zero."""
    covers = "; covers zero" if effect.covers_zero else ""
    if run_words.exactly_nothing(effect):
        return "exactly nothing"
    return f"{change(result, effect)} ({corrected(result, effect)}{covers})"


def verdict_sentence(result: RankResult, entry: RankEntry) -> str:
    """Say what can be said of one policy at equal cost, with its interval."""
    name, word = short_title(entry), entry.verdict.word
    effect = judged(result, entry)
    if effect.mean is None:
        return f"{name} cannot be told: a pair has no value"
    if run_words.exactly_nothing(effect):
        return f"{name} changes nothing: both arms of every pair are the same"
    # That it covers zero is what the word says already.
    figures = f"{change(result, effect)} ({corrected(result, effect)})"
    if word is Word.CANNOT_TELL:
        return f"{name} cannot be told from luck with {whole(effect.pairs, 'pair')}: {figures}"
    if word is Word.NO_EFFECT:
        return f"{name}: no detectable effect, {figures}{_missed(effect)}"
    if word is Word.ONLY_WITH:
        return f"{name} works only with {partners(result, entry)}; alone {figures}"
    return f"{name} {VERDICTS[word]}: {figures}{_bought(entry)}"


def _missed(effect: Effect) -> str:
    """Say what size of effect may have been missed."""
    if effect.detectable is None:
        return ""
    return f"; {run_words.detectable(effect)}, with a chance of 80%"


def _bought(entry: RankEntry) -> str:
    """Say cost and job-years per $1M at equal cost, each with its interval."""
    parts = []
    cost, jobs = counted(entry), per_million(entry, entry.equal)
    if cost is not None:
        parts.append(f"for {figure(cost)}")
    if jobs is not None:
        covers = ", covers zero" if jobs.covers_zero else ""
        interval = f" ({within(jobs)}{covers})" if within(jobs) else ""
        parts.append(f"{figure(jobs)} job-years per $1M{interval}")
    return f"; {', '.join(parts)}" if parts else ""


def partners(result: RankResult, entry: RankEntry) -> str:
    """Name those beside which a policy works: 'hub or technology transfer'."""
    known = titles(result)
    said = [lower_first(known.get(name, names.plain(name))) for name in entry.verdict.partners]
    return " or ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def verdict_text(result: RankResult, entry: RankEntry) -> str:
    """Return the verdict of a policy as a cell of a table."""
    word = entry.verdict.word
    if word is Word.ONLY_WITH:
        return f"{VERDICTS[word]} {partners(result, entry)}"
    if run_words.exactly_nothing(judged(result, entry)):
        return "changes nothing"
    return VERDICTS[word]


def ranks(entry: RankEntry) -> str:
    """Return the ranks between which a policy lies; an em dash where too few pairs tell none."""
    if entry.places is None or entry.verdict.word is Word.CANNOT_TELL:
        return "—"
    low, high = entry.places
    return str(low) if low == high else f"{low} to {high}"


def first(entry: RankEntry) -> str:
    """Return the chance that a policy does most; an em dash where too few pairs tell none."""
    return "—" if entry.verdict.word is Word.CANNOT_TELL else chance(entry.best)


def chance(share: float | None) -> str:
    """Return a share of resamples as a whole percentage: 'under 1%', '37%', 'over 99%'."""
    if share is None:
        return "—"
    if 0.0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1.0:
        return "over 99%"
    return f"{100.0 * share:.0f}%"


def best_sentence(result: RankResult) -> str:
    """Say how sure the first place is; '' where no policy works or ranks are not known."""
    works = _of(result.levers, Word.WORKS)
    known = [entry for entry in works if entry.best is not None]
    if not known or len(result.levers) < 2:
        return ""
    best = max(known, key=lambda entry: entry.best or 0.0)
    text = (
        f"{short_title(best)} comes first in {chance(best.best)} of resampled pairs; its rank "
        f"among {len(result.levers)} is {ranks(best)}"
    )
    close = [
        lower_first(short_title(entry))
        for entry in result.levers
        if entry is not best and entry.places is not None and entry.places[0] == 1
    ]
    if close:
        return f"{text}; {listed(close)} may be first too."
    return f"{text}."


def comparators_sentence(result: RankResult) -> str:
    """Set the same money without aim beside the policies; '' without comparators."""
    said = []
    for entry in result.comparators:
        effect = judged(result, entry)
        if entry.name == PLACEBO or effect.mean is None:
            continue
        text = f"{lower_first(short_title(entry))} {measured(result, effect)}"
        # Said once, before the first of them.
        said.append(text.replace(f"corrected {confidence(result)} interval ", ""))
    if not said:
        return ""
    known = f", with corrected {confidence(result)} intervals" if len(result.seeds) > 1 else ""
    return f"The same money without aim{known}: {listed(said)}."


def placebo_sentence(result: RankResult) -> str:
    """Say what the placebo shows: a check of the method; '' where it did not run."""
    entry = next((one for one in result.comparators if one.name == PLACEBO), None)
    if entry is None:
        return ""
    effect = judged(result, entry)
    if run_words.exactly_nothing(effect):
        return "The placebo, a levy handed back, changes nothing at all."
    if effect.mean is None or effect.covers_zero is None:
        return "The placebo, a levy handed back, has no interval here."
    figures = f"{change(result, effect)} ({corrected(result, effect)})"
    if effect.covers_zero:
        return f"The placebo, a levy handed back, covers zero as it should: {figures}."
    return (
        f"The placebo, a levy handed back, does NOT cover zero: {figures}. Effects of this size "
        f"are not to be believed here; run more pairs."
    )


def unspent_sentences(result: RankResult) -> list[str]:
    """Say of each policy that is not at the budget why, and where it stands instead."""
    said = []
    for entry in result.entries:
        name = short_title(entry)
        if entry.saturated:
            said.append(
                f"{name} is saturated: at the largest size it can have (intensity "
                f"{entry.equal.intensity:.3g}) it leaves {rounding.percent(entry.unspent)} of the "
                f"budget unspent. It stands at that size; nothing is extrapolated, and its effect "
                f"is that of a smaller sum."
            )
        elif entry.lumpy:
            said.append(
                f"{name} comes in whole pieces: no size costs the budget, so the nearest one that "
                f"can be had stands here (intensity {entry.equal.intensity:.3g}, "
                f"{figure(counted(entry))})."
            )
    return said


def saturated_short(result: RankResult) -> str:
    """Name the policies that cannot spend the budget; '' where all can."""
    full = [lower_first(short_title(entry)) for entry in result.levers if entry.saturated]
    if not full:
        return ""
    stand = "stands" if len(full) == 1 else "stand"
    return f"{upper_first(listed(full))} cannot spend that much and {stand} at less."


def marginal_sentence(result: RankResult) -> str:
    """Say whether the last million of a policy that works brings jobs, with its interval."""
    for entry in _of(result.levers, Word.WORKS):
        last, mean = marginal(entry, "job_years"), per_million(entry, entry.equal)
        if last is None or mean is None or not within(last):
            continue
        covers = "; covers zero" if last.covers_zero else ""
        return (
            f"{short_title(entry)} brings {figure(mean)} job-years per $1M on average; between "
            f"half the budget and all of it {figure(last)} ({confidence(result)} interval "
            f"{within(last)}{covers})."
        )
    return ""


def setting(result: RankResult) -> str:
    """Say what was run and how policies were made comparable."""
    scale = f" (scale model 1:{1 / result.scale:.1f})" if result.scale < 1.0 - 1e-9 else ""
    return (
        f"{whole(result.makers, 'maker')}{scale}, {whole(len(result.seeds), 'pair')} of runs, "
        f"{whole(result.weeks, 'week')} after {result.burn_in} of burn-in. Each policy alone, made "
        f"as large as {rounding.amount(result.budget)} of present value over ten years pays for; "
        f"policies that the public pays for have the same levy, {rounding.amount(result.levy)} a "
        f"year"
    )


def setting_short(result: RankResult) -> str:
    """Say the same in a line of a screen."""
    scale = f" (1:{1 / result.scale:.0f})" if result.scale < 1.0 - 1e-9 else ""
    ran = (
        f"{whole(result.makers, 'maker')}{scale}, {whole(len(result.seeds), 'pair')}, "
        f"{result.weeks} weeks (burn-in {result.burn_in})"
    )
    full = f"{result.place.name}: {ran}"
    return full if len(full) <= 80 else f"{names.short_place(result.place.name)}: {ran}"
