"""Sentences of an additionality study, shared by screen, chart and page: templates with blanks."""

from __future__ import annotations

from millworks.report import many_arms, names, run_words
from millworks.report.many_arms import level, level_ends, short_title
from millworks.report.rounding import whole
from millworks.report.words import listed, lower_first
from millworks.study.additionality.identity import DISPLACEMENT, NET, SPILLOVER, TREATED
from millworks.study.additionality.results import (
    NATION,
    REST,
    RING,
    Additionality,
    AdditionalityResult,
)
from millworks.study.run_results import Effect

TERM_LABELS = {
    "treated": "Firms that take part",
    "spillover": "Other firms gain",
    "displacement": "Other firms lose",
    "indirect": "Suppliers' orders",
    "induced": "Incomes spent",
    "dynamic": "Entry, exit, building",
}
"""Terms of the net effect, as legends and tables have them."""

TERM_PHRASES = {
    "treated": "firms that take part",
    "indirect": "orders to suppliers",
    "induced": "incomes spent",
    "dynamic": "entry, exit and building",
}

WHAT_TERMS_ARE = (
    "Firms that take part: what they make with the policy less what the same firms make without "
    "it, on the same luck, less what serving them uses up. Those that close in one of the two are "
    "in it.",
    "Other firms: makers, large and small, that do not take part, less what they sell to those "
    "that do; and services sold outside the district. Those groups (sector and size) that lose on "
    "the mean of all pairs are displaced, those that gain are spilled over to.",
    "Suppliers' orders: what makers that do not take part sell to those that do; services bought "
    "by firms and programmes. Incomes spent: services, shops and chains that live from "
    "households, the local government and what a levy leaves them. Entry, exit, building: firms "
    "born since; firms that close earlier or later; buildings and technology ordered here.",
)

UNKNOWN = (
    "Each interval stands for itself: none is corrected for how many policies are looked at. Which "
    "policies work is for millworks rank to say.",
    "Losses and gains of other firms are told apart by the sign of each group's mean, so luck "
    "makes both larger; the table says by how much. Their difference is free of that.",
    "Suppliers, incomes and entry are told apart by who sold to whom, not by holding responses "
    "fixed: capacity that other firms build in reply stands with those firms.",
    "A project that would have come anyway, but smaller, counts as one that would have come.",
    "Policies stand at their default sizes, not at equal cost.",
    many_arms.LUCK_ONLY,
)


def title_of(one: Additionality) -> str:
    """Return the short name of a policy."""
    return short_title(one.title, one.name)


def headline(result: AdditionalityResult) -> str:
    """Say of how many policies the net effect is told, and where the largest comes from."""
    where, levers = names.inside(many_arms.place(result)), result.levers or result.policies
    policies = whole(len(levers), "policy", "policies")
    if len(result.seeds) < 2:
        return f"One pair of runs has no interval: it tells nothing of what {policies} add"
    told = [one for one in levers if one.find(NET).covers_zero is False]
    if not told:
        return f"In {where} the net local effect of none of {policies} can be told from zero"
    largest = max(told, key=lambda one: abs(one.find(NET).mean or 0.0))
    part = largest.find(TREATED)
    net = lower_first(many_arms.change(largest.find(NET)))
    if len(levers) == 1:
        start = f"In {where} {lower_first(title_of(largest))} changes value added by {net}"
    else:
        start = (
            f"In {where} the net local effect of {len(told)} of {policies} is told from zero; "
            f"largest, {lower_first(title_of(largest))}: {net}"
        )
    return f"{start}, of it firms that take part {many_arms.change(part)}"


def net_sentence(one: Additionality) -> str:
    """Say the net effect of a policy and every term of it, with its interval."""
    name = title_of(one)
    if run_words.exactly_nothing(one.find(NET)):
        return f"{name} changes nothing: both arms of every pair are the same"
    taking = "nobody takes part" if one.nobody else taking_part(one)
    parts = [f"{phrase} {_short(one.find(term))}" for term, phrase in TERM_PHRASES.items()]
    parts.append(f"other firms gain {_amount(one.find(SPILLOVER))}")
    parts.append(f"and lose {_amount(one.find(DISPLACEMENT))}")
    return f"{name}, {taking}: {_told(one.find(NET))}; {', '.join(parts)}"


def _told(effect: Effect) -> str:
    """Return a net effect; one whose interval covers zero is called so."""
    change = f"net {many_arms.change(effect, short=True)}"
    return f"{change}, which covers zero" if effect.covers_zero else change


def _short(effect: Effect) -> str:
    return many_arms.change(effect, short=True).replace(" a year", "")


def _amount(effect: Effect) -> str:
    """Return an amount that is never negative with its interval."""
    ends = level_ends(effect, short=True)
    return f"{level(effect, short=True)} ({ends})" if ends else level(effect, short=True)


def taking_part(one: Additionality) -> str:
    """Say how many firms take part, the mean over pairs: '48 firms take part'."""
    firms = one.find("treated", quantity="firms").mean or 0.0
    if 0.0 < firms < 0.5:
        return "hardly a firm takes part"
    count = whole(firms, "firm")
    return f"{count} {'takes' if count == '1 firm' else 'take'} part"


def anyway_sentence(one: Additionality) -> str:
    """Say which part of the projects of those that take part would have come anyway; '' if none."""
    share = one.find("deadweight share", quantity="projects")
    if share.mean is None:
        return ""
    ends = level_ends(share)
    within = f" ({ends})" if ends else ""
    if share.low is not None and share.low == share.high:
        within = " in every pair"
    return (
        f"{title_of(one)}: {level(share)}{within} of the projects of makers that take part would "
        f"have come anyway within half a year"
    )


def credit_sentence(one: Additionality) -> str:
    """Say how far the programme's money replaces private credit; '' where there is none of it."""
    effect = one.find("substitution", quantity="finance")
    if effect.mean is None:
        return ""
    ends = level_ends(effect)
    within = f" ({ends})" if ends else ""
    unsure = ", which covers zero" if effect.covers_zero else ""
    return (
        f"{title_of(one)}: per dollar of programme credit or stakes, {level(effect)}{within} of "
        f"private credit is given up{unsure}"
    )


def nation_sentence(result: AdditionalityResult, one: Additionality) -> str:
    """Say what becomes of the net effect in the ring, the rest of the US and the nation."""
    places = [("the ring", RING)] if result.ring else []
    places.append(("the rest of the US", REST))
    parts = [f"{name} {_short(one.find(NET, region=region))}" for name, region in places]
    displaced = _amount(one.find(DISPLACEMENT, region=REST))
    nation = many_arms.change(one.find(NET, region=NATION), short=True)
    return (
        f"{title_of(one)}: the district {_short(one.find(NET))}, {listed(parts)} (displaced there "
        f"{displaced}); the nation {nation}"
    )


def chance_note(one: Additionality) -> str:
    """Say how large luck alone would make gains and losses of other firms; '' where unknown."""
    if not one.by_chance:
        return ""
    on = run_words.effect_numbers.scale("USD", [one.by_chance], short=True, digits=2)
    return f"by luck {on.shown(one.by_chance)}"
