"""Looking up the figures of a `RankResult`, and writing those of one column on one scale.

Every quantity but the headline is optional: what a study did not measure is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from millworks.policies.base import DISCOUNT
from millworks.report import effect_numbers, names, run_words
from millworks.report.effect_numbers import Scale
from millworks.report.study_page import UNSURE
from millworks.study.quantities import SIZE_CLASSES
from millworks.study.ranking.results import RankEntry, RankResult, Sized
from millworks.study.ranking.verdicts import Word
from millworks.study.run_results import Effect

NOTHING = "—"
COSTS = ("public_cost", "resource_cost")
MOST_DECIMALS = 3
"""Decimals of a column of effects on one scale; what needs more is written on its own."""


TEN_YEARS = 520
"""Weeks for which the budget of a ranking is given."""


def budget_watched(result: RankResult) -> float:
    """Return the part of the ten years' budget that falls to the weeks watched, present value."""
    if result.weeks == TEN_YEARS:
        return result.budget
    years = result.weeks / 52.0
    return result.levy * (1.0 - (1.0 + DISCOUNT) ** -years) / DISCOUNT


def short_title(entry: RankEntry) -> str:
    """Return the name of a policy: what stands before the colon of its title."""
    return entry.title.split(":")[0].strip() or names.plain(entry.name)


def titles(result: RankResult) -> dict[str, str]:
    """Return the name of every policy by its key."""
    return {entry.name: short_title(entry) for entry in result.entries}


def found(sized: Sized | None, quantity: str, size_class: str = "all") -> Effect | None:
    """Return an effect with a value, None where there is none."""
    if sized is None:
        return None
    try:
        effect = sized.find(quantity, size_class=size_class)
    except KeyError:
        return None
    return None if effect.mean is None else effect


def judged(result: RankResult, entry: RankEntry) -> Effect:
    """Return the effect at equal cost on what is ranked, with the corrected interval."""
    verdict = entry.verdict
    return replace(
        entry.equal.find(result.headline),
        mean=verdict.mean,
        low=verdict.low,
        high=verdict.high,
        pairs=verdict.pairs,
        detectable=verdict.detectable,
    )


def counted(entry: RankEntry) -> Effect | None:
    """Return what the policy cost at equal cost, on the basis on which it is held to the budget."""
    return found(entry.equal, entry.cost_basis)


def per_million(entry: RankEntry, sized: Sized | None) -> Effect | None:
    """Return average job-years per $1M of the cost on which a policy is compared."""
    ratio = "job_years_per_million"
    return found(sized, ratio if entry.cost_basis == "public_cost" else f"{ratio}_of_all")


def benefit_cost(entry: RankEntry) -> Effect | None:
    """Return the benefit per dollar at equal cost; of all payers' where partners pay."""
    ratio = "benefit_cost"
    return found(entry.equal, ratio if entry.cost_basis == "public_cost" else f"{ratio}_of_all")


def marginal(entry: RankEntry, quantity: str) -> Effect | None:
    """Return what the last million before the budget brought; None where that was not run."""
    known = (one for one in entry.marginal if one.quantity == quantity and one.mean is not None)
    return next(known, None)


def told(entry: RankEntry) -> bool:
    """Tell whether a policy works or harms beyond doubt of luck."""
    return entry.verdict.word in (Word.WORKS, Word.HARMS)


def classes(result: RankResult) -> list[str]:
    """Return the size classes of which effects at equal cost are given, smallest first."""
    known = _groups(result)
    return [size for size in SIZE_CLASSES if size in known]


def sectors(result: RankResult) -> list[str]:
    """Return the sectors of which effects at equal cost are given; none where none is."""
    return [group for group in _groups(result) if group in names.SHORT_SECTORS]


def _groups(result: RankResult) -> dict[str, None]:
    return dict.fromkeys(
        effect.size_class for entry in result.entries for effect in entry.equal.effects
    )


def signed(effect: Effect) -> bool:
    """Tell whether a figure is a change, written with its sign; a cost and a ratio are not."""
    return effect.effect == "level" and effect.quantity not in COSTS


def column_scale(
    effects: Iterable[Effect | None], *, short: bool = True, coarse: bool = False
) -> Scale | None:
    """Return one scale for figures of one unit, None where one would hide something.

    A figure that can be told from zero must not read as zero. `short`: '$1.2M', for tables;
    `coarse`: two digits of the largest figure, whatever the intervals.
    """
    known = [effect for effect in effects if effect is not None and effect.mean is not None]
    if not known:
        return None
    ends = [e.mean for e in known]
    if not coarse:
        ends += [end for e in known for end in (e.low, e.high)]
    halves = [(e.high - e.low) / 2.0 for e in known if e.low is not None and e.high is not None]
    on = effect_numbers.scale(
        known[0].unit,
        ends,
        half=None if coarse else min((half for half in halves if half > 0.0), default=None),
        change=signed(known[0]),
        short=short,
        digits=2,
    )
    seen = [e.mean for e in known if e.mean and not e.covers_zero]
    for decimals in range(on.decimals, MOST_DECIMALS + 1):
        wider = replace(on, decimals=decimals)
        if all(float(f"{abs(mean * on.factor):.{decimals}f}") > 0.0 for mean in seen):
            return wider
    return None


def figure(effect: Effect | None, on: Scale | None = None) -> str:
    """Return a figure alone: on a column's scale without its unit, else with it."""
    if effect is None or effect.mean is None:
        return NOTHING
    if on is None:
        return own_scale(effect).shown(effect.mean, sign=signed(effect))
    return on.bare(effect.mean, sign=signed(effect))


def within(effect: Effect | None, on: Scale | None = None, *, plus: bool = True) -> str:
    """Return the interval of a figure: '+1.20 to +2.60'; '' where there is none.

    Without `plus` only what is below zero has a sign.
    """
    if effect is None or effect.mean is None or effect.low is None or effect.high is None:
        return ""
    if run_words.exactly_nothing(effect):
        return "exactly zero"
    sign = plus and signed(effect)
    if on is None:
        own = own_scale(effect)
        return f"{own.shown(effect.low, sign=sign)} to {own.shown(effect.high, sign=sign)}"
    return f"{on.bare(effect.low, sign=sign)} to {on.bare(effect.high, sign=sign)}"


def cell(effect: Effect | None, on: Scale | None = None) -> str:
    """Return a figure with its interval below it, as a cell of a table.

    What cannot be told from zero begins with `study_page.UNSURE`.
    """
    text = figure(effect, on)
    if effect is None or run_words.exactly_nothing(effect):
        return text
    interval = within(effect, on)
    mark = UNSURE if effect.covers_zero else ""
    return f"{mark}{text}\n{interval}" if interval else text


def own_scale(effect: Effect) -> Scale:
    """Return the scale on which a figure is written by itself, with its unit, for tables."""
    half = None
    if effect.low is not None and effect.high is not None:
        half = (effect.high - effect.low) / 2.0
    return effect_numbers.scale(
        effect.unit,
        (effect.mean, effect.low, effect.high),
        half=half,
        change=signed(effect),
        short=True,
        digits=2,
    )


def unit_of(effects: Sequence[Effect | None], on: Scale | None) -> str:
    """Return the unit of a column for its head: '$M a year', 'points'; '' where cells carry it."""
    known = next((effect for effect in effects if effect is not None), None)
    if known is None:
        return ""
    year = "a year" if effect_numbers.yearly(known.unit) else ""
    if on is None:
        return year
    unit = f"{on.before}{on.after}".strip()
    if effect_numbers.is_share(known.unit):
        unit = "points" if signed(known) else "%"
    if not unit and known.unit.split()[0] in ("jobs", "job-years", "makers", "weeks"):
        unit = known.unit.split()[0]
    return " ".join(part for part in (unit, year) if part)
