"""Sentences of a stress study, shared by screen, chart and page: templates with blanks."""

from __future__ import annotations

from collections.abc import Sequence

from millworks.report import many_arms, names, run_words
from millworks.report.many_arms import inside, short_title
from millworks.report.rounding import percent, whole
from millworks.report.words import listed, upper_first
from millworks.study.stress_results import (
    GAINED,
    LOST,
    NEITHER,
    NOTHING,
    SOFTENS,
    STILL,
    TURNED,
    UNTOLD,
    WORSENS,
    GoodTimes,
    ShockLoss,
    StressResult,
    UnderShock,
)

VERDICTS = {
    SOFTENS: "softens it",
    WORSENS: "makes it worse",
    UNTOLD: "cannot be told",
    NOTHING: "changes nothing",
}
"""What can be said of a policy under a shock, as tables have it."""

SURVIVALS = {
    STILL: "in good times and under the shock",
    LOST: "in good times only",
    GAINED: "under the shock only",
    TURNED: "with another sign under the shock",
    NEITHER: "in neither",
}
"""Where an effect on value added is told from zero, as tables have it."""

UNKNOWN = (
    "What cannot be told from luck is not zero: more pairs may show it. Each table says how large "
    "a resilience this many pairs would find.",
    "Policies and shocks begin in the first week unless their settings say otherwise. What a "
    "policy does that begins when the shock is seen was not run; set its start.",
    "Policies stand at their default sizes, not at equal cost: a large one can soften more because "
    "it is large.",
    many_arms.ONE_DISTRICT,
    many_arms.LUCK_ONLY,
)


def headline(result: StressResult) -> str:
    """Say how many policies soften or worsen a shock, and which does most."""
    where, cells = names.inside(many_arms.place(result)), result.cells
    policies = whole(len(result.policies), "policy", "policies")
    one = len(result.shocks) == 1
    shock = _shock(result, result.shocks[0].name) if one else "a shock"
    under = shock if one else f"{len(result.shocks)} shocks, each alone"
    if cells[0].resilience.pairs < 2:
        return f"One pair of runs has no interval: it tells nothing of {policies} under {under}"
    soft, worse = _of(cells, SOFTENS), _of(cells, WORSENS)
    if not soft and not worse:
        if len(_of(cells, NOTHING)) == len(cells):
            return f"In {where} {policies} under {under} change nothing: all pairs are the same"
        return (
            f"In {where} none of {policies} is seen to soften {shock} or to make it worse, once "
            f"corrected for how many are tried"
        )
    what = "policies" if one else "combinations of a policy and a shock"
    softened = f"{len(soft)} of {len(cells)} {what} {'softens' if len(soft) == 1 else 'soften'}"
    parts = [f"{softened} {shock if one else 'the shock'}"] if soft else []
    if worse:
        of = "" if soft else f" of {len(cells)} {what}"
        which = "it" if soft else shock if one else "the shock"
        parts.append(f"{len(worse)}{of} {'makes' if len(worse) == 1 else 'make'} {which} worse")
    best = max(soft or worse, key=lambda cell: abs(cell.resilience.mean or 0.0))
    text = f"In {where} {listed(parts)}"
    return f"{text}; most, {pair_of(result, best)}: {many_arms.change(best.resilience)}"


def pair_of(result: StressResult, cell: UnderShock) -> str:
    """Return 'inventory finance under recession'."""
    return f"{_policy(result, cell.policy)} under {_shock(result, cell.shock)}"


def loss_sentence(result: StressResult, loss: ShockLoss) -> str:
    """Say what a shock costs alone."""
    name = upper_first(inside(loss.title, loss.name))
    years = f"{result.weeks / 52.0:g} years"
    effect = loss.loss
    if effect.mean is None or run_words.exactly_nothing(effect):
        return f"{name} alone costs exactly nothing"
    amount = run_words.effect_scale(effect)
    if effect.covers_zero is not False:
        within = many_arms.change(effect)
        return f"{name} alone: no loss of value added that can be told from zero ({within})"
    part = percent(abs(effect.mean) / effect.baseline) if effect.baseline else ""
    verb = "costs" if effect.mean > 0.0 else "adds"
    ends = many_arms.level_ends(effect) if effect.mean > 0.0 else run_words.ends(effect)
    deepest = f", and {percent(loss.deepest)} in its worst quarter" if effect.mean > 0.0 else ""
    return (
        f"{name} alone {verb} {amount.shown(abs(effect.mean))} of value added over {years} "
        f"({many_arms.confidence(result)} interval {ends}): {part} of it{deepest}"
    )


def cell_sentence(result: StressResult, cell: UnderShock) -> str:
    """Say the resilience a policy brings under a shock."""
    who = upper_first(pair_of(result, cell))
    if cell.resilience.mean is None:
        return f"{who}: not given"
    if cell.verdict == NOTHING:
        return f"{who}: exactly zero"
    words = {SOFTENS: "softens", WORSENS: "makes worse", UNTOLD: "not told from zero"}
    return f"{who}: {words[cell.verdict]}, {many_arms.change(cell.resilience, short=True)}"


def survival_sentence(result: StressResult, shock: str) -> str:
    """Say of how many policies with an effect in good times it is still told under a shock."""
    good = {one.name: one for one in result.policies}
    cells = [cell for cell in result.cells if cell.shock == shock]
    told = [cell for cell in cells if good[cell.policy].told]
    name = _shock(result, shock)
    if not told:
        return f"Under {name}: no policy had an effect in good times that could be told from luck"
    kept = [cell for cell in told if cell.survival(good[cell.policy]) == STILL]
    text = (
        f"Under {name} the effect on value added is still told of {len(kept)} of the "
        f"{len(told)} policies that had one in good times"
    )
    if len(told) == 1:
        only = upper_first(_policy(result, told[0].policy))
        text = f"{only}, the one policy with an effect in good times, has {_still(kept)} {name}"
    turned = [cell for cell in told if cell.survival(good[cell.policy]) == TURNED]
    return f"{text}; of {len(turned)} it has the other sign" if turned else text


def survival_line(result: StressResult) -> str:
    """Say the same of all shocks in a few words."""
    told = [good.name for good in result.policies if good.told]
    if not told:
        return "In good times no policy has an effect on value added that can be told from luck."
    parts = []
    for shock in result.shocks:
        cells = [result.cell(name, shock.name) for name in told]
        good = {one.name: one for one in result.policies}
        kept = sum(cell.survival(good[cell.policy]) == STILL for cell in cells)
        parts.append(f"{inside(shock.title, shock.name)} {kept}")
    who = whole(len(told), "policy", "policies")
    return (
        f"Effects on value added told in good times: {who}. Still told under the shock: "
        f"{', '.join(parts)}."
    )


def _still(kept: Sequence[UnderShock]) -> str:
    return "it still under" if kept else "none that can be told under"


def detectable(result: StressResult, shock: str) -> str:
    """Say between which sizes a resilience under a shock would have been found."""
    found = [
        cell.resilience.detectable
        for cell in result.cells
        if cell.shock == shock and cell.resilience.detectable
    ]
    if not found:
        return ""
    effect = result.cells[0].resilience
    ends = (min(found), max(found))
    low, high = (
        run_words.effect_numbers.scale(effect.unit, [end], short=True, digits=2).shown(end)
        for end in ends
    )
    pairs = whole(effect.pairs, "pair")
    if low == high:
        return f"A resilience of {low} would be found by {pairs} with a chance of 80%"
    return (
        f"The smallest resilience that {pairs} would find with a chance of 80% is {low} to {high}, "
        f"by policy"
    )


def _of(cells: Sequence[UnderShock], verdict: str) -> list[UnderShock]:
    return [cell for cell in cells if cell.verdict == verdict]


def _policy(result: StressResult, name: str) -> str:
    return next(inside(one.title, name) for one in result.policies if one.name == name)


def _shock(result: StressResult, name: str) -> str:
    return next(inside(one.title, name) for one in result.shocks if one.name == name)


def policy_title(good: GoodTimes) -> str:
    """Return the name of a policy as a row's head."""
    return short_title(good.title, good.name)
