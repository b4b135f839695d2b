"""Sentences: templates with blanks, never free text, so that each can be tested.

Names come from `names`, numbers from `rounding`; an effect whose interval covers zero is called
so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from millworks.report.names import (
    ORDER_WORDS,
    QUANTITY_LABELS,
    REGION_LABELS,
    SHORT_SECTORS,
    inside,
    is_manufacturing,
    order_word,
)
from millworks.report.rounding import bound, cents, difference, dollars, money, signed_dollars

JOBS_COVERAGE = (
    "Jobs are covered private jobs: no government, no farm, railroad or household jobs, "
    "no self-employed."
)

JOBS_COVERAGE_SHORT = "(covered private; no government, farms)."

PAID_FROM_OUTSIDE = (
    "The orders are paid from outside the district: nobody here is taxed for them, and nothing "
    "else is bought less."
)

LINEAR_LIMITS = (
    "Linear mode has no limit of capacity, labor, credit or inputs and no price moves: an upper "
    "reference, not a forecast, and not calibrated."
)

MAKERS_ESTIMATED = (
    "How many makers and partners there are is an estimate: firms are counted by county (2017), "
    "and their sizes are fitted to jobs by sector."
)

OWNERS_ELSEWHERE = "No table says where owners outside live; they count as the rest of the US."

PAID_FROM_OUTSIDE_SHORT = "Paid from outside the district: no levy, and nothing else bought less."

LINEAR_LIMITS_SHORT = "Linear: no limit of capacity, labor, credit, no prices. An upper reference."


def listed(items: Sequence[str]) -> str:
    """Join as in a sentence: 'a', 'a and b', 'a, b and c'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def headline(
    sector: str, place: str, local: float, elsewhere: float, unsettled_weeks: int | None = None
) -> str:
    """Say the main finding of a linear multiplier; a run that is too short is called so.

    `unsettled_weeks` is the length of a run whose rounds of spending have not died away.
    """
    found = (
        f"One dollar of {order_word(sector)} orders in {inside(place)} makes {dollars(local)} of "
        f"output in the district and {dollars(elsewhere)} elsewhere in the US"
    )
    return f"{found} within {unsettled_weeks} weeks, NOT SETTLED" if unsettled_weeks else found


def unsettled(weeks: int, order_weeks: int, analytic: float | None) -> str:
    """Say that a run ended before its rounds of spending did, and what output they come to."""
    end = f" (district {dollars(analytic)})" if analytic is not None else ""
    return (
        f"Not settled after {weeks} weeks, {weeks - order_weeks} after the last order: spending of "
        f"pay takes about 104, so figures are not yet Leontief's{end}."
    )


def unsettled_short(analytic: float | None) -> str:
    """Say the same in a line of a screen."""
    end = f"; Leontief has {dollars(analytic)} here" if analytic is not None else ""
    return f"NOT SETTLED: rounds of pay take about 104 weeks{end}."


def shares_matter(used: str, local: Mapping[str, float], orders: str) -> str:
    """Say what the local figure would be under every quotient that local shares come from.

    `local`: quotient -> Leontief's output in the district, USD per USD of the same orders.
    """
    return (
        f"The local figure hangs on the local shares, which no survey counts and which are "
        f"estimated from jobs: by Leontief, a dollar of {orders} makes "
        f"{_by_quotient(used, local)} in the district."
    )


def shares_matter_short(used: str, local: Mapping[str, float]) -> str:
    """Say the same in two lines of a screen."""
    return (
        f"The local figure hangs on estimated local shares (local_shares.csv): by Leontief "
        f"{_by_quotient(used, local)}."
    )


def _by_quotient(used: str, local: Mapping[str, float]) -> str:
    return listed(
        [
            f"{dollars(value)} under {method}{' (used)' if method == used else ''}"
            for method, value in local.items()
        ]
    )


def shares_matter_for_all(used: str, runs: Sequence[Mapping[str, float]]) -> str:
    """Say between which local figures the sectors lie under every quotient."""
    spans = [
        f"{min(run[method] for run in runs):.2f} to {max(run[method] for run in runs):.2f} under "
        f"{method}{' (used)' if method == used else ''}"
        for method in runs[0]
    ]
    return (
        f"District figures hang on estimated local shares (local_shares.csv): by Leontief "
        f"{listed(spans)}."
    )


def timing_finding(half: int, most: int, unsettled_weeks: int | None = None) -> str:
    """Say when the output is made; of a run that is too short, when what it saw of it."""
    output = f"output of these {unsettled_weeks} weeks" if unsettled_weeks else "output"
    return f"Half of the {output} is made by week {half}, 95% by week {most}"


def where_finding(made: float, local: float, rest: Mapping[str, float]) -> str:
    """Say what manufacturers made of the local output, and where a dollar came to rest.

    `rest`: resting place -> part of the dollar.
    """
    start = f"Manufacturers made {money(made)} of the {dollars(local)} of output in the district"
    if not rest:
        return start
    phrases = {
        "local": "{} stayed here unspent",
        "rest_of_us": "{} went to the rest of the US",
        "abroad": "{} abroad",
        "under_way": "{} is still on its way",
    }
    parts = [phrases[place].format(cents(value)) for place, value in rest.items()]
    return f"{start}; of each dollar {listed(parts)}"


def network_finding(sector: str, place: str, receivers: Sequence[str]) -> str:
    """Say who received most, beside those who were ordered from where these are one sector."""
    if not receivers:
        return f"No other firm of {inside(place)} received any of the orders"
    then = f" then {lower_first(receivers[1])}" if len(receivers) > 1 else ""
    where = f"{place},{then}" if then else place
    if sector not in ORDER_WORDS:
        return f"{receivers[0]} received most in {where}"
    beyond = (
        f"{order_word(sector)} makers"
        if is_manufacturing(sector)
        else lower_first(SHORT_SECTORS[sector])
    )
    return f"Beyond {beyond}, {lower_first(receivers[0])} received most in {where}"


def leontief_finding(worst: float | None, tolerance: float | None, weeks: int) -> str:
    """Say whether agents return Leontief's answer for output in the district and in the US.

    `worst` is the larger relative difference of the two, `tolerance` what the run's check allows;
    without one the run is too short to be judged.
    """
    if worst is None:
        return "No figure of this run has a Leontief counterpart to compare with"
    if tolerance is None:
        return (
            f"After {weeks} weeks agents are within {bound(worst)} of Leontief's answer; a longer "
            f"run comes closer"
        )
    if worst <= tolerance:
        return (
            f"Agents return Leontief's answer: output in the district and in the US agrees within "
            f"{bound(worst)}"
        )
    return (
        f"Agents do NOT return Leontief's answer: output is off by {difference(worst)}, more than "
        f"the {difference(tolerance)} allowed"
    )


def furthest_figure(quantity: str, effect: str, region: str, relative: float) -> str:
    """Say which of all figures is furthest from Leontief's."""
    return (
        f"The figure furthest apart is {effect} {lower_first(QUANTITY_LABELS[quantity])} "
        f"{REGION_LABELS[region]}, by {difference(relative)}."
    )


def effect_finding(
    subject: str, mean: float, low: float, high: float, verb: tuple[str, str] = ("adds", "takes")
) -> str:
    """Say an effect with its interval; one whose interval covers zero is called so.

    `verb` is the pair of words for a positive and a negative effect.
    """
    interval = f"{signed_dollars(low)} to {signed_dollars(high)}"
    if low <= 0 <= high:
        return (
            f"{subject}: no effect that can be told from zero "
            f"({signed_dollars(mean)}, interval {interval})"
        )
    word = verb[0] if mean > 0 else verb[1]
    return f"{subject} {word} {dollars(abs(mean))} (interval {interval})"


def comparator(sector: str, national: float, manufacturing: float, year: int) -> str:
    """Set the national figure beside the 2.68 of the National Association of Manufacturers."""
    return (
        f"NAM's 2.68 (IMPLAN data of 2020) is output in all of the US, direct, indirect and "
        f"induced, per $1 spent on US-made manufactures; its like here is {national:.2f} "
        f"({order_word(sector)}, Type II), and {manufacturing:.2f} for all manufacturing in the "
        f"{year} table with 80% of pay respent. It is not a figure of a district, nor of GDP."
    )


def comparator_short(national: float, manufacturing: float) -> str:
    """Say the same in two lines of a screen."""
    return (
        f"NAM's 2.68 (IMPLAN) is US output per $1 spent: compare the {national:.2f} above, or "
        f"{manufacturing:.2f}, all manufacturing of this table (80% of pay respent)."
    )


def spread_over(weeks: int) -> str:
    """Say when the orders come."""
    return "all in week 0" if weeks <= 1 else f"evenly over the first {weeks} weeks"


def lower_first(text: str) -> str:
    """Lower the first letter, but leave names that keep their capital (US …) alone."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Raise the first letter and leave the others alone."""
    return text[:1].upper() + text[1:]


def shortened(text: str, width: int) -> str:
    """Cut a text at a word so that it fits, marking the cut with an ellipsis."""
    if len(text) <= width:
        return text
    return text[: width - 1].rsplit(" ", 1)[0].rstrip(",;") + "…"


def running_list(pairs: Iterable[tuple[str, str]], width: int) -> str:
    """Join 'label amount' pairs with ' · ' for as many as fit the width (in characters)."""
    line = ""
    for label, value in pairs:
        longer = f"{line} · {label} {value}" if line else f"{label} {value}"
        if len(longer) > width:
            break
        line = longer
    return line
