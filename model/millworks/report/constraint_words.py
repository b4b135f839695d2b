"""Sentences of a study of binding constraints, shared by screen, charts and page."""

from __future__ import annotations

from millworks.report import many_arms, names, run_words
from millworks.report.rounding import percent
from millworks.report.words import listed, lower_first, upper_first
from millworks.study.constraint_results import ConstraintsResult, Relaxed
from millworks.study.quantities import SIZE_CLASSES
from millworks.study.relaxations import AIMS
from millworks.study.run_results import Effect

ALL = "all"

UNKNOWN = (
    "None of this is a policy: nobody outside pays, no public dollar is spent, and it does not say "
    "how a limit could be moved. What makers want more of they pay for themselves.",
    "Limits stand one behind the other. Worths do not add up, and a limit that is worth nothing "
    "alone may be worth much once another is gone.",
    "Making and buying the stock and machines that makers aim at is itself value added, once. "
    "Where no fewer orders are seen to be refused for a limit, its worth is that, and not orders "
    "let in.",
    "The same part more of one limit and of another is not the same in money or effort.",
    many_arms.ONE_DISTRICT,
    many_arms.LUCK_ONLY,
)

KINDS = {"terms": "others grant more", "aims": "makers want more, and pay"}


def reason(code: str) -> str:
    """Return a reason as it stands in a sentence: 'capacity', 'queue at the shared hub'."""
    return lower_first(names.reason_label(code).partition(":")[0])


def headline(result: ConstraintsResult) -> str:
    """Say for what most orders are refused, and which limit is worth most."""
    where = names.inside(many_arms.place(result))
    total = result.share(ALL)
    if not total.mean:
        return f"In {where} no order of manufacturers is refused for any reason"
    most = ranked_reasons(result)[0]
    share = result.share(most)
    text = (
        f"In {where} {many_arms.share_text(total)} of manufacturers' orders are refused, most for "
        f"{reason(most)} ({many_arms.share_text(share)})"
    )
    return f"{text}; {best_worth(result)}"


def best_worth(result: ConstraintsResult) -> str:
    """Say which relaxation adds most of those told from zero."""
    more = percent(result.part)
    if result.relaxed[0].value_added.pairs < 2:
        return "one pair of runs tells nothing of what relaxing a limit is worth"
    gains = [one for one in result.relaxed if one.told > 0]
    if not gains:
        losses = [one for one in result.relaxed if one.told < 0]
        if not losses:
            return f"relaxing one limit by {more} is not seen to add value, whichever it is"
        who = listed([reason(one.reason) for one in losses])
        return f"relaxing one limit by {more} is not seen to add value, and takes some for {who}"
    best = max(gains, key=lambda one: one.value_added.mean or 0.0)
    text = (
        f"{more} more of one limit adds most for {reason(best.reason)}: "
        f"{many_arms.change(best.value_added)}"
    )
    return text if best.reaches else f"{text}, though no fewer orders are seen to be refused for it"


def ranked_reasons(result: ConstraintsResult) -> list[str]:
    """Return the reasons, that of most refused orders first; reasons of no order left out."""
    reasons = dict.fromkeys(one.reason for one in result.shares if one.reason != ALL)
    shares = {code: result.share(code).mean or 0.0 for code in reasons}
    return sorted((code for code in shares if shares[code] > 0.0), key=lambda code: -shares[code])


def size_sentence(result: ConstraintsResult, size: str) -> str:
    """Say what part of the orders of makers of a size is refused, and mostly for what."""
    who = upper_first(names.firms_of_size(size))
    total = result.share(ALL, size)
    if total.mean is None:
        return f"{who}: no orders"
    if total.mean == 0.0:
        return f"{who}: no order is refused"
    codes = dict.fromkeys(one.reason for one in result.shares if one.reason != ALL)
    most = max(codes, key=lambda code: result.share(code, size).mean or 0.0)
    return (
        f"{who}: {_share(total)} of orders refused; most for {reason(most)}, "
        f"{_share(result.share(most, size))}"
    )


def _share(share: Effect) -> str:
    """Return a share with its interval: '8.4% (0 to 19%)'."""
    ends = many_arms.level_ends(share)
    return f"{many_arms.share_text(share)} ({ends})" if ends else many_arms.share_text(share)


def size_sentences(result: ConstraintsResult) -> list[str]:
    """Return that sentence for every size."""
    return [size_sentence(result, size) for size in SIZE_CLASSES]


def worth_sentence(one: Relaxed) -> str:
    """Say what relaxing one limit does to value added, and whether it reaches its own orders."""
    name = upper_first(reason(one.reason))
    text = f"{name} ({one.what}): value added {many_arms.change(one.value_added)}"
    if not one.told and not run_words.exactly_nothing(one.value_added):
        text += ", not told from zero"
    return f"{text}; {reach(one)}"


def reach(one: Relaxed) -> str:
    """Say whether fewer orders are refused for the reason whose limit was relaxed."""
    name = reason(one.reason)
    if one.own_reason.mean is None:
        return f"orders refused for {name} are not given"
    change = many_arms.change(one.own_reason)
    if one.reaches:
        return f"fewer orders are refused for {name}, {change}"
    if one.own_reason.low is not None and one.own_reason.low > 0.0:
        return f"more orders are refused for {name}, {change}"
    return f"it is not seen to change how many orders are refused for {name}, {change}"


def experiment(one: Relaxed) -> str:
    """Say what was done, how it reaches orders, and what it misses."""
    moved = listed([f"{key} {was:g} to {now:g}" for key, was, now in one.parameters])
    paid = " Makers pay for it." if one.kind == AIMS else ""
    return (
        f"{upper_first(reason(one.reason))}: {one.what} ({moved}). {upper_first(one.mechanism)}."
        f"{paid} Not captured: {one.misses}."
    )


def left_out(result: ConstraintsResult) -> list[str]:
    """Say which limits were not relaxed, and why."""
    return [
        f"{upper_first(reason(code))}: not relaxed; {why}." for code, why in result.left_out.items()
    ]
