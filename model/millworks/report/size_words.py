"""Sentences of a study of programme sizes, shared by screen, chart and page."""

from __future__ import annotations

from collections.abc import Sequence

from millworks.report import many_arms, names, run_words
from millworks.report.many_arms import inside, short_title
from millworks.report.rounding import whole
from millworks.report.words import listed, lower_first, upper_first
from millworks.study.run_results import Effect
from millworks.study.size_results import (
    GROWS,
    NEVER,
    NO_COST,
    NO_GAIN,
    SizeCurve,
    SizedEffect,
    SizesResult,
)

UNKNOWN = (
    "A policy is run at a few sizes only: where it saturates lies between the size named and the "
    "next.",
    "That a larger size is not told to gain more is not proof that it does not: each table says "
    "how large a step this many pairs would find.",
    "Which limit binds is read from the orders that makers refuse. It is where the next order "
    "stops, not what a larger programme would have to lift.",
    "Each size is levied for what it pays out; how the money is raised is part of its effect.",
    many_arms.ONE_DISTRICT,
    many_arms.LUCK_ONLY,
)

COSTS = {
    "public_cost": "public cost",
    "resource_cost": "cost to all who pay",
}

ENDINGS = {
    GROWS: "still gains",
    NO_COST: "nobody takes more",
    NO_GAIN: "no more gain seen",
    NEVER: "no gain told",
}
"""How a curve ends, as tables have it."""


def title_of(curve: SizeCurve) -> str:
    """Return the name of a policy as a head."""
    return short_title(curve.title, curve.name)


def headline(result: SizesResult) -> str:
    """Say how many policies saturate within the sizes run, still grow, or show nothing."""
    where, curves = names.inside(many_arms.place(result)), result.curves
    if curves[0].sizes[0].gained.pairs < 2:
        return f"One pair of runs has no interval: it tells nothing of sizes in {where[:-1]}"
    by = {
        ending: [curve for curve in curves if curve.ending == ending]
        for ending in (GROWS, NO_COST, NO_GAIN, NEVER)
    }
    ended = by[NO_COST] + by[NO_GAIN]
    of = whole(len(curves), "policy", "policies")
    parts = []
    if ended:
        parts.append(f"{_count(ended)} not seen to gain more beyond some size")
    if by[GROWS]:
        parts.append(f"{_count(by[GROWS])} still seen to gain at the largest size run")
    if by[NEVER]:
        parts.append(f"{_count(by[NEVER])} not seen to gain at any size")
    text = f"Of {of} in {where} {listed(parts)}"
    clear = [curve for curve in curves if (_usual(curve).covers_zero is False)]
    if not clear:
        return f"{text}; at the default size no effect per dollar is told from zero"
    best = max(clear, key=lambda curve: _usual(curve).mean or 0.0)
    return (
        f"{text}; most per dollar at the default size, {inside(best.title, best.name)}: "
        f"{per_dollar(_usual(best))}"
    )


def _usual(curve: SizeCurve) -> Effect:
    """The effect per dollar at the default size, or at the largest run where that is smaller."""
    return max((one for one in curve.sizes if one.size <= 1.0), key=lambda one: one.size).per_dollar


def _count(curves: Sequence[SizeCurve]) -> str:
    return f"{len(curves)} {'is' if len(curves) == 1 else 'are'}"


def per_dollar(effect: Effect) -> str:
    """Return '$1.81 (95% interval …)' without the confidence: '$1.81 ($0.27 to $3.40)'."""
    if effect.mean is None:
        return "not given"
    ends = many_arms.level_ends(effect)
    text = many_arms.level(effect)
    return f"{text} ({ends})" if ends else text


def ending(curve: SizeCurve) -> str:
    """Say where a policy saturates, why, and which limit stands there."""
    name = title_of(curve)
    if curve.ending == NEVER:
        said = (
            f"{name}: at no size is a gain in value added told from zero. "
            f"{upper_first(take_up(curve))}"
        )
    elif curve.ending == GROWS:
        said = (
            f"{name}: still gains at size {curve.sizes[-1].size:g}, the largest run; it does not "
            f"saturate within the sizes tried"
        )
    elif curve.ending == NO_COST:
        said = (
            f"{name} saturates at size {curve.saturates_at:g}: beyond it neither gain nor cost is "
            f"told to grow, so nobody takes more of it"
        )
    else:
        dearer = any(
            step.cost.low is not None and step.cost.low > 0.0
            for step in curve.steps
            if step.low >= (curve.saturates_at or 0.0)
        )
        costs = "it costs more but is not" if dearer else "it is not"
        said = f"{name}: beyond size {curve.saturates_at:g} {costs} seen to gain more"
    if curve.same_from is not None:
        said += f"; from size {curve.same_from:g} on nothing differs at all"
    return f"{said}{binding(curve)}"


def binding(curve: SizeCurve) -> str:
    """Say which limit stops most orders at the end of a curve, and which rose most."""
    if curve.ending == NEVER or curve.binds is None:
        return ""
    there = curve.at(curve.saturates_at or curve.sizes[-1].size)
    reasons = {one.reason: one for one in there.reasons}
    most = reasons[curve.binds]
    ends = many_arms.level_ends(most.share)
    within = f", interval {ends}" if ends else ""
    text = (
        f". There more orders are refused for {reason(curve.binds)} than for anything else "
        f"({many_arms.share_text(most.share)} of all{within})"
    )
    if curve.risen is None:
        return f"{text}; no reason is told to have grown"
    risen = reasons[curve.risen].change
    who = "and that" if curve.risen == curve.binds else reason(curve.risen)
    return f"{text}; {who} grew most, by {many_arms.change(risen)}"


def ending_line(curve: SizeCurve) -> str:
    """Say in a line where a policy saturates and which limit stands there."""
    there = curve.at(curve.saturates_at or curve.sizes[-1].size)
    said = f"{title_of(curve)}, beyond {there.size:g}: {ENDINGS[curve.ending]}"
    if curve.binds is None:
        return said
    most = next(one.share for one in there.reasons if one.reason == curve.binds)
    said += f"; most refused for {reason(curve.binds)} ({many_arms.share_text(most)})"
    return said if curve.risen is None else f"{said}, {reason(curve.risen)} grew most"


def take_up(curve: SizeCurve) -> str:
    """Say how many firms use a policy as it grows, and what a unit of its size pays out."""
    first, last = curve.sizes[0], curve.sizes[-1]
    if not last.users.mean:
        said = "No firm uses what is offered"
    elif first is last:
        said = f"{_firms(last)} use it in an average week"
    else:
        said = (
            f"{_firms(first)} use it in an average week at size {first.size:g}, {_firms(last)} at "
            f"size {last.size:g}"
        )
    if last.spent is None or first is last:
        return said
    return (
        f"{said}; a unit of size {last.size:g} pays out {last.spent:.2f} times what one of size "
        f"{first.size:g} does"
    )


def _firms(one: SizedEffect) -> str:
    return whole(one.users.mean or 0.0, "firm")


def usual_half(curve: SizeCurve) -> str:
    """Return half the width of the interval at the default size, per dollar; '' without one."""
    found = _usual(curve)
    if found.mean is None or found.low is None or found.high is None:
        return ""
    half = (found.high - found.low) / 2.0
    return f"±{many_arms.level_scale(found, short=True).bare(half)}"


def reason(code: str) -> str:
    """Return a reason as it stands in a sentence: 'capacity'."""
    return lower_first(names.reason_label(code).partition(":")[0])


def size_sentence(curve: SizeCurve, one: SizedEffect) -> str:
    """Say what a policy does per dollar at a size."""
    text = f"{title_of(curve)} at size {one.size:g}: "
    if one.per_dollar.mean is None:
        return f"{text}no figure per dollar, for its {COSTS[curve.basis]} is not clear of zero"
    covers = ", covers zero" if one.per_dollar.covers_zero else ""
    return f"{text}{per_dollar(one.per_dollar)} per dollar{covers}"


def cost_head(curve: SizeCurve) -> str:
    """Return what the cost of a policy is, as a column's head."""
    return upper_first(COSTS[curve.basis])


def step_note(curve: SizeCurve) -> str:
    """Say how large a step would have been found."""
    found = [step.gained.detectable for step in curve.steps if step.gained.detectable]
    if not found:
        return ""
    unit = curve.steps[0].gained.unit
    shown = [
        run_words.effect_numbers.scale(unit, [end], short=True, digits=2).shown(end)
        for end in (min(found), max(found))
    ]
    return (
        f"The smallest steps that {whole(curve.steps[0].gained.pairs, 'pair')} would find with a "
        f"chance of 80%: {' to '.join(dict.fromkeys(shown))}."
    )
