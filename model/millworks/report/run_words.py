"""Sentences of a paired study, shared by screen, charts and page.

An effect is named with its interval; one whose interval covers zero is called so; a single pair has
no interval and is called so too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from millworks.report import effect_numbers, names
from millworks.report.dollar_flows import flows, paid_by
from millworks.report.effect_numbers import Scale
from millworks.report.rounding import whole
from millworks.report.words import listed, lower_first
from millworks.study.run_results import Effect, RunResult

HEADLINE = ("value_added", "output", "jobs", "income")
"""What a study is about, in the order shown."""

CONSTRAINED = (
    "constrained_now",
    "constrained_any",
    "constrained_of_wanting",
    "constrained_always",
    "want_share",
    "finance_gap",
)
"""Who lacks the money to grow, in the order shown."""

COST = "public_cost"


def subject(result: RunResult) -> str:
    """Name what the study tries: its levers, or its shocks where it has no lever."""
    tried = result.levers or result.shocks
    titles = [str(one.get("title") or names.plain(str(one["name"]))) for one in tried]
    if not titles:
        return "The scenario"
    return listed([titles[0], *(lower_first(title) for title in titles[1:])])


def arm_name(result: RunResult) -> str:
    """Name the arm that is compared with the baseline."""
    return "policy" if result.levers else "shock"


def upper_arm(result: RunResult) -> str:
    """Name that arm at the start of a sentence."""
    return arm_name(result).capitalize()


def circumstances(result: RunResult) -> str:
    """Say which shocks both arms share; '' where there are none."""
    if not (result.levers and result.shocks):
        return ""
    shared = [lower_first(str(one.get("title") or one["name"])) for one in result.shocks]
    return f"with {listed(shared)} in both arms"


def found(result: RunResult, quantity: str, size_class: str = "all") -> Effect | None:
    """Return an effect, None where the study has none of that name and size."""
    try:
        return result.find(quantity, size_class=size_class)
    except KeyError:
        return None


def headline_effect(result: RunResult) -> Effect | None:
    """Return the effect that the study is named by: value added, or the first that it has."""
    return found(result, HEADLINE[0]) or next(iter(result.effects), None)


def effect_scale(effect: Effect, *, short: bool = False) -> Scale:
    """Return the scale on which a change and its interval are written."""
    half = None
    if effect.low is not None and effect.high is not None:
        half = (effect.high - effect.low) / 2.0
    ends = (effect.mean, effect.low, effect.high)
    change = effect.effect != "ratio"
    return effect_numbers.scale(effect.unit, ends, half=half, change=change, short=short, digits=2)


def level_scale(effect: Effect, *, short: bool = False) -> Scale:
    """Return the scale on which baseline and policy are written."""
    return effect_numbers.scale(effect.unit, (effect.baseline, policy_level(effect)), short=short)


def policy_level(effect: Effect) -> float | None:
    """Return the level of the policy arm."""
    if effect.baseline is None or effect.mean is None:
        return None
    return effect.baseline + effect.mean


def a_year(effect: Effect) -> str:
    """Return ' a year' for what is counted per year."""
    return " a year" if effect_numbers.yearly(effect.unit) else ""


def interval(result: RunResult, effect: Effect, *, short: bool = False) -> str:
    """Return '95% interval $8.1 to $16.2 million', or that there is none."""
    if exactly_nothing(effect):
        return "exactly zero in every pair"
    if effect.low is None or effect.high is None:
        return "one pair: no interval" if effect.pairs < 2 else "no interval"
    return f"{confidence(result)} interval {ends(effect, short=short)}"


def ends(effect: Effect, *, short: bool = False) -> str:
    """Return both ends of an interval with their sign: '+$8.1 to +$16.2 million'.

    A unit that is a word stands once; a letter stands at both ends, '$117k to $254k', since '$117'
    alone would read as dollars.
    """
    if effect.low is None or effect.high is None:
        return "—"
    on = effect_scale(effect, short=short)
    sign = _signed(effect)
    low = on.shown(effect.low, sign=sign)
    if on.after.startswith(" "):
        low = low.removesuffix(on.after)
    return f"{low} to {on.shown(effect.high, sign=sign)}"


def _signed(effect: Effect) -> bool:
    """Tell whether a figure is a change, written with its sign; a cost and a ratio are not."""
    return effect.effect != "ratio" and effect.quantity != COST


def moved(effect: Effect, *, short: bool = False) -> str:
    """Return a change with its sign and unit: '+$12.1 million'; an em dash where there is none."""
    if effect.mean is None:
        return "—"
    return effect_scale(effect, short=short).shown(effect.mean, sign=_signed(effect))


def confidence(result: RunResult) -> str:
    """Return the confidence of the intervals: '95%'."""
    return f"{100 * result.confidence:g}%"


def exactly_nothing(effect: Effect) -> bool:
    """Tell whether both arms are the same in every pair, as under a policy of size zero."""
    return effect.mean == 0.0 and not effect.low and not effect.high


def change_sentence(result: RunResult, effect: Effect) -> str:
    """Return a change with its interval: 'Jobs: +152 (95% interval +90 to +214)'."""
    name = names.run_label(effect.quantity)
    if effect.mean is None:
        return f"{name}: not given"
    if exactly_nothing(effect):
        return f"{name}: exactly no change"
    change, within = f"{moved(effect)}{a_year(effect)}", interval(result, effect)
    if effect.covers_zero:
        return f"{name}: no detectable effect ({change}, {within})"
    return f"{name}: {change} ({within})"


def verdict(result: RunResult) -> str:
    """Say the main finding: raised, lowered, nothing detectable, or nothing at all."""
    effect = headline_effect(result)
    if effect is None or effect.mean is None:
        return result.verdict.rstrip(".") or "This study reports no effect"
    who, what = subject(result), names.run_phrase(effect.quantity)
    place, shared = names.short_place(result.place.name), circumstances(result)
    # The place ends a clause before a colon, and stands between commas elsewhere.
    ending = f"{names.inside(place)} {shared}" if shared else place
    inside = f"{ending}," if shared else names.inside(place)
    if exactly_nothing(effect):
        pairs = "the one pair" if effect.pairs < 2 else f"all {effect.pairs} pairs"
        return (
            f"{who} changed nothing in {ending}: the arms of {pairs} are the same to the last bit"
        )
    on = effect_scale(effect)
    size, year = on.shown(abs(effect.mean)), a_year(effect)
    word = "raised" if effect.mean > 0 else "lowered"
    part = effect_numbers.relative(effect.mean, effect.baseline)
    part = f", {part} of its baseline" if part != "—" else ""
    if effect.covers_zero is None:
        return (
            f"In one pair of runs {lower_first(who)} {word} {what} in {inside} by {size}{year}"
            f"{part}; one pair has no interval, so this may be chance"
        )
    if effect.covers_zero:
        return (
            f"No detectable effect of {lower_first(who)} on {what} in {ending}: "
            f"{moved(effect)}{year} ({interval(result, effect)})"
            f"{_least(effect)}"
        )
    return f"{who} {word} {what} in {inside} by {size}{year}{part} ({interval(result, effect)})"


def _least(effect: Effect) -> str:
    return f"; {detectable(effect)}" if effect.detectable is not None else ""


def detectable(effect: Effect) -> str:
    """Say the smallest effect that so many pairs would find."""
    if effect.detectable is None:
        return "one pair has no smallest detectable effect"
    on = effect_numbers.scale(effect.unit, [effect.detectable], change=True, digits=2)
    return (
        f"the smallest effect {whole(effect.pairs, 'pair')} would find is "
        f"{on.shown(effect.detectable)}{a_year(effect)}"
    )


def gain(effect: Effect) -> str:
    """Say what common draws bring; '' where that is not known."""
    if effect.gain is None or not math.isfinite(effect.gain):
        return ""
    return f"common draws cut the variance {times(effect.gain)}-fold"


def times(gain: float) -> str:
    """Return a gain with as many digits as mean anything: '3.4', '38', 'over 1,000'."""
    if gain >= 1000.0:
        return "over 1,000"
    return f"{gain:.1f}" if gain < 9.95 else f"{gain:.0f}"


def horizon(result: RunResult) -> str:
    """Return the horizon in words: '10 years', '78 weeks'."""
    years = result.weeks / 52.0
    return (
        whole(years, "year") if years >= 1 and years.is_integer() else whole(result.weeks, "week")
    )


def setting(result: RunResult) -> str:
    """Say what was run."""
    scale = f" (scale model 1:{1 / result.scale:.1f})" if result.scale < 1.0 - 1e-9 else ""
    return (
        f"{whole(result.makers, 'maker')}{scale}, {whole(len(result.seeds), 'pair')} of runs, "
        f"{result.weeks} weeks after {result.burn_in} of burn-in"
    )


def setting_short(result: RunResult) -> str:
    """Say the same with the district in a line of a screen."""
    scale = f" (1:{1 / result.scale:.0f})" if result.scale < 1.0 - 1e-9 else ""
    ran = (
        f"{whole(result.makers, 'maker')}{scale}, {whole(len(result.seeds), 'pair')}, "
        f"{result.weeks} weeks"
    )
    missed = result.stopped.endswith("not reached")
    ran += "; precision not reached" if missed else f" (burn-in {result.burn_in})"
    full = f"{result.place.name}: {ran}"
    return full if len(full) <= 80 else f"{names.short_place(result.place.name)}: {ran}"


def public_cost(result: RunResult) -> str:
    """Say what the programme cost and who paid; '' where no public dollar is at stake."""
    effect = found(result, COST)
    if not result.levers:
        return ""
    if effect is None or effect.mean is None or exactly_nothing(effect):
        return "Net public cost: none; no public dollar is spent"
    text = (
        f"Net public cost over {horizon(result)}: {moved(effect, short=True)} "
        f"({interval(result, effect, short=True)})"
    )
    paid = flows(result.dollars)
    if paid.total <= 0.0:
        return text
    if any("operators" in fund.lower() for fund in paid.funds):
        # Users of a facility pay fees to who runs it: they pay no part of the net public cost.
        return f"{text}; of all that runs through it, users' fees too, {paid_by(paid, 'paid')}"
    return f"{text}, paid by {paid_by(paid)}"


def job_years(result: RunResult) -> str:
    """Say net job-years per $1M of public cost with its interval, or why there is no such figure.

    '' for a study without a lever.
    """
    if not result.levers:
        return ""
    name = "Net job-years per $1M"
    effect = found(result, "job_years_per_million")
    if _others_pay(result):
        every = found(result, "job_years_per_million_of_all")
        resources = found(result, "resource_cost")
        if every is not None and every.mean is not None and resources is not None:
            covers = "; covers zero" if every.covers_zero else ""
            put_in = f"{moved(resources, short=True).lstrip('+')}, buyers' money too"
            text = f"{name} of all resources ({put_in}): {moved(every)}"
            text += f" ({interval(result, every)}{covers})"
            return text
    if effect is not None and effect.mean is not None:
        covers = "; covers zero" if effect.covers_zero else ""
        return f"{name} of public cost: {moved(effect)} ({interval(result, effect)}{covers})"
    return f"{name} of public cost: not given; {_why_no_ratio(result)}"


def _others_pay(result: RunResult) -> bool:
    """Whether what others put in exceeds the public cost: the public dollar is the smaller part."""
    public, every = found(result, COST), found(result, "resource_cost")
    if public is None or every is None or public.mean is None or every.mean is None:
        return False
    return every.mean > 2.0 * max(public.mean, 0.0) and every.mean > 0.0


def _why_no_ratio(result: RunResult) -> str:
    cost = found(result, COST)
    if cost is None or cost.mean is None or exactly_nothing(cost):
        return "no public dollar is spent"
    if cost.covers_zero:
        return "the cost cannot be told from zero"
    if cost.mean < 0:
        return "the public purse gains"
    return "the cost is too near zero"


def size_finding(result: RunResult, quantity: str, classes: Sequence[str]) -> str:
    """Say which size class the effect on a quantity is largest in, with its interval."""
    what = names.run_phrase(quantity)
    effects = [e for e in (found(result, quantity, size) for size in classes) if e is not None]
    effects = [effect for effect in effects if effect.mean is not None]
    if not effects:
        return f"No effect on {what} by size of firm is given"
    if all(exactly_nothing(effect) for effect in effects):
        return f"In no size class does {what} change at all"
    sure = [effect for effect in effects if not effect.covers_zero]
    if not sure:
        return f"In no size class is there a detectable effect on {what}"
    best = max(sure, key=lambda effect: abs(effect.mean or 0.0))
    return (
        f"The largest effect on {what} that can be told from zero is in "
        f"{names.firms_of_size(best.size_class)}: "
        f"{moved(best)}{a_year(best)} ({interval(result, best)})"
    )


def settings_of(lever: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the settings of a lever or shock as (name, value), nothings left out."""
    settings = lever.get("settings") or {}
    return [
        (key.replace("_", " "), _setting(value))
        for key, value in dict(settings).items()
        if value is not None
    ]


def _setting(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, list | tuple):
        return listed([str(one) for one in value])
    return str(value)
