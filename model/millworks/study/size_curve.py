"""`millworks sizes`: what a dollar of each policy does as the policy grows.

At sizes x of a policy (its intensity over the default), with G(x) the present value of local value
added that it adds over the horizon and C(x) that of what it costs,

    per dollar        G(x) / C(x)                                     ratio of means over pairs
    marginal          (G(x₂) - G(x₁)) / (C(x₂) - C(x₁))               between neighbouring sizes

both discounted alike; the cost is the public's, or that of all who pay for policies of partners.
All sizes of a policy share the draws of a pair, so that neighbours are subtracted pair by pair.

A curve saturates at the smallest size that is told to gain, and over which no larger one is told to
gain more: the interval of the difference holds zero or lies below it. If none of them is told to
cost more either, nobody takes more of what is offered; else more money meets another limit. Which
one is read from the orders that makers refuse there, by reason, from how many firms use what is
offered, and from how fast the outlay still grows with size. With few pairs a curve may seem to
saturate because a gain cannot be told from luck: the smallest step that could have been told stands
beside it.

Source: model specification §8, §10.4. Left out: sizes between those run, and the levy's own effect
at a size other than that of the outlay (each size is levied for what it pays out).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.agents.producer import REASONS
from millworks.conf.levers import is_comparator
from millworks.errors import InputError
from millworks.settings import MOST_INTENSITY
from millworks.study.arms import Arm
from millworks.study.battery import BASELINE, Battery, Workers, run_battery
from millworks.study.effect_table import settings_at
from millworks.study.effects import estimate, ratio_estimate
from millworks.study.many_arms import (
    USD,
    effect_of,
    facts,
    level_effect,
    within,
)
from millworks.study.quantities import PATHS, RUN_QUANTITIES
from millworks.study.ranking.sizing import cost_basis
from millworks.study.run_assembly import SMALLEST_COST
from millworks.study.run_figures import ratio
from millworks.study.run_measures import DISCOUNT, WEEKS_OF_YEAR
from millworks.study.size_files import COMMAND, write
from millworks.study.size_results import (
    GROWS,
    NEVER,
    NO_COST,
    NO_GAIN,
    Reason,
    SizeCurve,
    SizedEffect,
    SizesResult,
    Step,
)
from millworks.study.studies import Study
from millworks.study.users import USERS, Users

if TYPE_CHECKING:
    from millworks.conf.studies import SizesConfig
    from millworks.study.pair_store import PairStore
    from millworks.study.run_results import Effect
    from millworks.study.run_study import Progress

Floats = npt.NDArray[np.float64]

SIZES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Sizes of a policy over its default."""
PER_DOLLAR = "USD of value added per USD of cost"
SHARE = "share of orders"
FIRMS = "firms"
VALUE_ADDED = PATHS.index("value_added")


def sizes_of(name: str, settings: Mapping[str, Any]) -> tuple[float, ...]:
    """Return the sizes a policy is run at: those of `SIZES` that its intensity allows.

    Raises InputError for a policy of size zero.
    """
    own = float(settings["intensity"])
    if own <= 0.0:
        raise InputError(
            f"policies.{name}.intensity is 0; {COMMAND} needs a size above 0 to multiply."
        )
    return tuple(size for size in SIZES if size * own <= MOST_INTENSITY)


def arm_name(policy: str, size: float) -> str:
    """Return the name of the arm of a policy at a size."""
    return f"{policy} x{size:g}"


def arms_of(config: SizesConfig) -> dict[str, Arm]:
    """Return every arm by name; shocks, if there are any, befall all of them.

    Raises InputError without a policy.
    """
    if not config.policies:
        raise InputError(f"{COMMAND} needs a policy at least: policy=NAME.")
    arms = {BASELINE: Arm({}, config.shocks)}
    for name, settings in config.policies.items():
        for size in sizes_of(name, settings):
            arms[arm_name(name, size)] = Arm({name: settings_at(settings, size)}, config.shocks)
    return arms


def run(config: SizesConfig, store: PairStore, workers: Workers, progress: Progress) -> SizesResult:
    """Run what the store does not have, and return every policy's curve."""
    battery = run_battery(config, arms_of(config), store, workers, progress, follow=Users)
    return result_of(battery, config)


def result_of(battery: Battery, config: SizesConfig) -> SizesResult:
    """Return the result of a battery of `arms_of` a configuration."""
    titles = {name: paper["title"] for name, paper in config.policy_papers().items()}
    curves = tuple(
        _curve(battery, name, titles[name], settings) for name, settings in config.policies.items()
    )
    return SizesResult(**facts(battery, COMMAND), curves=curves)


def present_value(path: Floats) -> Floats:
    """Return what flows [pairs, weeks], per year, are worth in the first week, [pairs]."""
    weeks = np.arange(path.shape[1])
    discount = (1.0 + DISCOUNT) ** (-weeks / WEEKS_OF_YEAR)
    return np.asarray(path @ discount / WEEKS_OF_YEAR, np.float64)


def ending_of(
    gains: Sequence[Floats], costs: Sequence[Floats], confidence: float
) -> tuple[str, int | None]:
    """Return how a curve ends, and the place of the size beyond which that is so.

    `gains`, `costs`: of each size against the baseline, smallest first, [pairs] each.
    """
    told = [place for place, gained in enumerate(gains) if _told_above(gained, confidence)]
    if not told:
        return NEVER, None
    ends = (
        place
        for place in told
        if not any(_told_above(later - gains[place], confidence) for later in gains[place + 1 :])
    )
    place = next(ends, told[-1])
    if place == len(gains) - 1:
        return GROWS, None
    spent = costs[place]
    dearer = any(_told_above(later - spent, confidence) for later in costs[place + 1 :])
    paid = _told_above(spent, confidence)
    return (NO_COST if paid and not dearer else NO_GAIN), place


def same_from(steps: Sequence[Step]) -> float | None:
    """Return the size beyond which nothing differs any more, None where something does."""
    found = None
    for step in reversed(steps):
        if not step.same:
            break
        found = step.low
    return found


def _told_above(values: Floats, confidence: float) -> bool:
    found = estimate(values, confidence)
    return found is not None and found.low is not None and found.low > 0.0


# --- one policy


def _curve(battery: Battery, name: str, title: str, settings: Mapping[str, Any]) -> SizeCurve:
    sizes, basis = sizes_of(name, settings), cost_basis(name)
    own = float(settings["intensity"])
    gains = {size: _gained(battery, arm_name(name, size)) for size in sizes}
    costs = {size: battery.difference(arm_name(name, size), basis) for size in sizes}
    spending = {
        size: float(battery.difference(arm_name(name, size), "outlay").mean()) / size
        for size in sizes
    }
    sized = tuple(
        _sized(battery, name, size, own, gains[size], costs[size], _over(spending, size))
        for size in sizes
    )
    steps = tuple(
        _step(battery, low, high, gains[high] - gains[low], costs[high] - costs[low])
        for low, high in pairwise(sizes)
    )
    confidence = battery.config.study.confidence
    ending, place = ending_of(list(gains.values()), list(costs.values()), confidence)
    there = sized[-1 if place is None else place]
    return SizeCurve(
        name=name,
        title=title,
        comparator=is_comparator(name),
        basis=basis,
        sizes=sized,
        steps=steps,
        ending=ending,
        saturates_at=None if place is None else sizes[place],
        same_from=same_from(steps),
        binds=_largest(there.reasons),
        risen=_risen(there.reasons),
    )


def _gained(battery: Battery, arm: str) -> Floats:
    """Present value of what an arm adds to local value added, USD, [pairs]."""
    after, before = (battery.paths(name)[:, :, VALUE_ADDED] for name in (arm, BASELINE))
    return present_value(after - before)


def _over(spending: Mapping[float, float], size: float) -> float | None:
    """Outlay per unit of size over that of the smallest size."""
    first = spending[min(spending)]
    return spending[size] / first if first > 0.0 else None


def _sized(
    battery: Battery,
    name: str,
    size: float,
    own: float,
    gained: Floats,
    cost: Floats,
    spent: float | None,
) -> SizedEffect:
    arm, confidence, pairs = arm_name(name, size), battery.config.study.confidence, battery.pairs
    after, before = battery.figures(arm), battery.figures(BASELINE)
    value_added, jobs, refused = (
        level_effect(
            quantity,
            RUN_QUANTITIES[quantity].unit,
            after[quantity, "all"],
            before[quantity, "all"],
            confidence,
        )
        for quantity in ("value_added", "jobs", "refused")
    )
    job_years = battery.difference(arm, "job_years")
    return SizedEffect(
        intensity=size * own,
        size=size,
        value_added=value_added,
        jobs=jobs,
        gained=_amount(gained, confidence),
        cost=_amount(cost, confidence, quantity=cost_basis(name)),
        per_dollar=effect_of(
            "value_added", PER_DOLLAR, _per(gained, cost, confidence), pairs, kind="ratio"
        ),
        job_years_per_million=effect_of(
            "job_years_per_million",
            RUN_QUANTITIES["job_years_per_million"].unit,
            _per(job_years, cost / 1e6, confidence, 1e-6 * SMALLEST_COST),
            pairs,
            kind="ratio",
        ),
        refused=refused,
        users=within(
            effect_of(USERS, FIRMS, estimate(_users(battery, arm), confidence), pairs), 0.0
        ),
        spent=spent,
        reasons=tuple(_reasons(battery, arm)),
    )


def _users(battery: Battery, arm: str) -> Floats:
    """Firms of the whole place that use what an arm offers, mean over the weeks, [pairs]."""
    counted = [found[USERS][0] for found in battery.extra(arm)]
    return np.asarray(counted, np.float64) / battery.scale


def _step(battery: Battery, low: float, high: float, gained: Floats, cost: Floats) -> Step:
    confidence = battery.config.study.confidence
    return Step(
        low=low,
        high=high,
        gained=_amount(gained, confidence, kind="marginal"),
        cost=_amount(cost, confidence, kind="marginal", quantity="cost"),
        per_dollar=effect_of(
            "value_added",
            PER_DOLLAR,
            _per(gained, cost, confidence),
            battery.pairs,
            kind="marginal ratio",
        ),
    )


def _amount(
    values: Floats, confidence: float, *, kind: str = "present value", quantity: str = "value_added"
) -> Effect:
    return effect_of(quantity, USD, estimate(values, confidence), values.size, kind=kind)


def _per(tops: Floats, bottoms: Floats, confidence: float, least: float = SMALLEST_COST) -> Any:
    """The ratio of two means; None where there is too little below to divide by."""
    if float(bottoms.mean()) < least:
        return None
    return ratio_estimate(tops, bottoms, confidence)


def _reasons(battery: Battery, arm: str) -> Iterator[Reason]:
    """Part of orders refused for each reason in an arm, and how it differs from the baseline."""
    confidence = battery.config.study.confidence
    here, before = battery.window(arm), battery.window(BASELINE)
    for reason in REASONS:
        column = f"refused_{reason}"
        now = ratio(here.of(column), here.of("orders"))
        once = ratio(before.of(column), before.of("orders"))
        share = effect_of(column, SHARE, estimate(now, confidence), battery.pairs)
        change = level_effect(column, SHARE, now, once, confidence)
        yield Reason(reason, within(share, 0.0, 1.0), change)


def _largest(reasons: tuple[Reason, ...]) -> str | None:
    """The reason for which most orders are refused."""
    known = [one for one in reasons if one.share.mean]
    return max(known, key=lambda one: one.share.mean or 0.0).reason if known else None


def _risen(reasons: tuple[Reason, ...]) -> str | None:
    """The reason that rose most of those told to have risen."""
    risen = [one for one in reasons if one.change.low is not None and one.change.low > 0.0]
    return max(risen, key=lambda one: one.change.mean or 0.0).reason if risen else None


STUDY = Study(COMMAND, run, write)
