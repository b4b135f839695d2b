"""`millworks additionality`: what each policy adds beyond what would have happened anyway.

Every policy runs alone at its default size against one baseline, on the same draws, and every firm
is set beside itself in the baseline: `identity` has the terms of the sum, `counterfactual` what
treated firms would have done anyway. Around the district:

    ring         change by sector and size, what falls is displaced; with ring=true
    rest of US   change of what the district sets in motion there, by sector and by whether it buys
                 current inputs, capital goods, or takes customers: what falls is displaced
    national     district, ring and rest of the US together
    leakage      of the dollars that programmes and their operators pay, the part paid outside; and
                 the change in the rest of the US, which lies outside the ring

Source: model specification §10.5. Left out: firms outside the ring one by one; interactions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from millworks.conf.levers import is_comparator
from millworks.errors import InputError
from millworks.study.additionality.cells import cells_of
from millworks.study.additionality.counterfactual import (
    Finance,
    Projects,
    finance_of_treated,
    projects_of_treated,
)
from millworks.study.additionality.files import write
from millworks.study.additionality.identity import (
    DISPLACEMENT,
    NET,
    SPILLOVER,
    SUMS,
    Floats,
    Split,
    by_sign,
    residual,
    split,
)
from millworks.study.additionality.recorder import FirmRecords
from millworks.study.additionality.results import (
    LOCAL,
    NATION,
    REST,
    RING,
    VALUE_ADDED,
    Additionality,
    AdditionalityResult,
)
from millworks.study.arms import Arm
from millworks.study.battery import BASELINE, Battery, Workers, run_battery
from millworks.study.effects import Estimate, estimate, ratio_estimate
from millworks.study.many_arms import USD, effect_of, facts
from millworks.study.quantities import YEARLY
from millworks.study.results import Check
from millworks.study.run_measures import FLOW, PROGRAMME_FLOWS, WEEKS_OF_YEAR
from millworks.study.run_results import Effect
from millworks.study.studies import Study
from millworks.world.postings import POSTINGS

if TYPE_CHECKING:
    from millworks.conf.studies import AdditionalityConfig
    from millworks.study.pair_store import PairStore
    from millworks.study.run_study import Progress

COMMAND = "additionality"
TOLERANCE = 1e-9
"""Gap between the net effect and its terms, relative to the district's value added."""
PAID_TO_OTHERS = tuple(
    name
    for name in PROGRAMME_FLOWS
    if name.startswith(("programme", "operator"))
    and POSTINGS[name].payer in "GO"
    and POSTINGS[name].payee not in "GO"
)
"""Postings with which programmes and their operators pay others than each other."""
PAID_OUTSIDE = tuple(name for name in PAID_TO_OTHERS if POSTINGS[name].payee == "X")
FIRMS_UNIT, SHARE = "firms", "share"


def arms_of(config: AdditionalityConfig) -> dict[str, Arm]:
    """Return every arm by name; shocks, if there are any, befall all of them.

    Raises InputError without a policy.
    """
    if not config.policies:
        raise InputError(f"{COMMAND} needs a policy at least: policy=NAME.")
    alone = {name: Arm({name: own}, config.shocks) for name, own in config.policies.items()}
    return {BASELINE: Arm({}, config.shocks), **alone}


def run(
    config: AdditionalityConfig, store: PairStore, workers: Workers, progress: Progress
) -> AdditionalityResult:
    """Run what the store does not have; InvariantBreach where the books do not balance."""
    battery = run_battery(config, arms_of(config), store, workers, progress, follow=FirmRecords)
    return result_of(battery, config)


def result_of(battery: Battery, config: AdditionalityConfig) -> AdditionalityResult:
    """Return the result of a battery of `arms_of` a configuration whose firms were recorded."""
    titles = {name: paper["title"] for name, paper in config.policy_papers().items()}
    found = tuple(_policy(battery, name, titles[name]) for name in config.policies)
    common = facts(battery, COMMAND)
    common["checks"] = [_check(found), *common["checks"]]
    return AdditionalityResult(**common, policies=found, ring=config.ring)


def _check(found: tuple[Additionality, ...]) -> Check:
    worst = max(one.residual for one in found)
    return Check(
        "terms_add_up",
        worst <= TOLERANCE,
        worst,
        TOLERANCE,
        "net local effect of every policy less the sum of its terms, relative to value added",
    )


def _policy(battery: Battery, name: str, title: str) -> Additionality:
    """Return what one policy adds."""
    before, after = battery.extra(BASELINE), battery.extra(name)
    splits = [split(*arms, battery.weeks) for arms in zip(before, after, strict=True)]
    factor = WEEKS_OF_YEAR / (battery.weeks * battery.scale)
    net = battery.difference(name, VALUE_ADDED)
    level = battery.figures(BASELINE)[VALUE_ADDED, "all"]
    untreated = factor * np.stack([one.untreated.sum(axis=0) for one in splits])
    risen, fallen, chance = by_sign(untreated)
    around = {region: _changes(battery, name, region) for region in _regions(battery)}
    effects = [
        *_firms(battery, splits, after),
        *_local(battery, splits, factor, net, (risen, fallen), float(level.mean())),
        *_around(battery, around, net),
        *_projects(battery, name),
        *_finance(battery, name),
        *_leakage(battery, name),
    ]
    return Additionality(
        name=name,
        title=title,
        comparator=is_comparator(name),
        effects=tuple(effects),
        cells=tuple(cells_of(battery, splits, around)),
        years=tuple(_years(battery, splits)),
        by_chance=None if math.isnan(chance) else chance,
        residual=residual(splits, net / factor) * factor / float(np.abs(level).min()),
    )


def _effect(
    battery: Battery,
    values: Floats,
    effect: str,
    *,
    quantity: str = VALUE_ADDED,
    unit: str = YEARLY,
    region: str = LOCAL,
    baseline: float | None = None,
) -> Effect:
    """Return the mean of one value per pair with its interval."""
    found = estimate(values, battery.config.study.confidence)
    return _named(battery, found, effect, quantity, unit, region, baseline)


def _named(
    battery: Battery,
    found: Estimate | None,
    effect: str,
    quantity: str,
    unit: str,
    region: str = LOCAL,
    baseline: float | None = None,
) -> Effect:
    made = effect_of(quantity, unit, found, battery.pairs, kind=effect, baseline=baseline)
    return Effect(**{**vars(made), "region": region})


def _firms(battery: Battery, splits: list[Split], after: list[Any]) -> Iterator[Effect]:
    """How many firms of the start are treated, by holder, and how many newcomers."""
    counts = {letter: np.array([s.firms[letter] for s in splits], float) for letter in "MPR"}
    counts["all"] = np.sum(list(counts.values()), axis=0)
    counts["newcomers"] = np.array(
        [sum(float(arm[f"{letter}_newcomers_treated"][0]) for letter in "MPR") for arm in after]
    )
    for key, effect in (
        ("all", "treated"),
        ("M", "treated makers"),
        ("P", "treated partners"),
        ("R", "treated retailers"),
        ("newcomers", "treated newcomers"),
    ):
        values = counts[key] / battery.scale
        yield _effect(battery, values, effect, quantity="firms", unit=FIRMS_UNIT)


def _local(
    battery: Battery,
    splits: list[Split],
    factor: float,
    net: Floats,
    untreated: tuple[Floats, Floats],
    level: float,
) -> Iterator[Effect]:
    """The terms of the net effect in the district, and two parts of what the treated add."""
    yield _effect(battery, net, NET, baseline=level)
    for name in SUMS:
        values = factor * np.array([one.sums[name].sum() for one in splits])
        yield _effect(battery, values, name)
    yield _effect(battery, untreated[0], SPILLOVER)
    yield _effect(battery, untreated[1], DISPLACEMENT)
    for part in ("serving", "survival"):
        values = factor * np.array([getattr(one, part).sum() for one in splits])
        yield _effect(battery, values, part)


def _regions(battery: Battery) -> tuple[str, ...]:
    return (RING, REST) if battery.config.ring else (REST,)


def _changes(battery: Battery, name: str, region: str) -> Floats:
    """Change of each cell of the ring or the rest of the US, USD a year, [pairs, cells]."""
    pairs = zip(battery.extra(BASELINE), battery.extra(name), strict=True)
    change = [(after[region] - before[region]).sum(axis=0).ravel() for before, after in pairs]
    return WEEKS_OF_YEAR / battery.weeks * np.stack(change)


def _around(battery: Battery, around: Mapping[str, Floats], net: Floats) -> Iterator[Effect]:
    """Change, spillover and displacement in the ring and in the rest of the US, and the nation."""
    nation = net.copy()
    for region, cells in around.items():
        total = cells.sum(axis=1)
        risen, fallen, _ = by_sign(cells)
        nation += total
        yield _effect(battery, total, NET, region=region)
        yield _effect(battery, risen, SPILLOVER, region=region)
        yield _effect(battery, fallen, DISPLACEMENT, region=region)
    yield _effect(battery, nation, NET, region=NATION)


def _ratio(
    battery: Battery,
    tops: Floats,
    bottoms: Floats,
    effect: str,
    quantity: str,
    *,
    part: bool = True,
) -> Effect:
    """Return a ratio of two means; without a value where there is nothing to divide by.

    `part`: what is above is a part of what is below, and so is every end of the interval.
    """
    found = None
    if float(bottoms.mean()) > 0.0:
        found = ratio_estimate(tops, bottoms, battery.config.study.confidence)
    if found is not None and part and found.low is not None and found.high is not None:
        found = replace(found, low=max(0.0, found.low), high=min(1.0, found.high))
    return _named(battery, found, effect, quantity, SHARE)


def _projects(battery: Battery, name: str) -> Iterator[Effect]:
    """Projects of treated makers, and which of them are deadweight."""
    pairs = zip(battery.extra(BASELINE), battery.extra(name), strict=True)
    found = [projects_of_treated(*arms) for arms in pairs]

    def of(read: str) -> Floats:
        return np.array([float(getattr(one, read)) for one in found]) / battery.scale

    for quantity, unit, ending in (("projects", "projects", ""), ("project_cost", USD, "usd")):
        names = Projects.__dataclass_fields__
        number, anyway, baseline = (key for key in names if key.endswith("usd") == bool(ending))
        for effect, values in (
            ("treated", of(number)),
            ("deadweight", of(anyway)),
            ("additional", of(number) - of(baseline)),
        ):
            yield _effect(battery, values, effect, quantity=quantity, unit=unit)
        yield _ratio(battery, of(anyway), of(number), "deadweight share", quantity)


def _finance(battery: Battery, name: str) -> Iterator[Effect]:
    """What treated firms owe under the programme, privately, and how the one replaces the other."""
    pairs = zip(battery.extra(BASELINE), battery.extra(name), strict=True)
    found = [finance_of_treated(*arms) for arms in pairs]
    of: Mapping[str, Floats] = {
        key: np.array([getattr(one, key) for one in found]) / battery.scale
        for key in Finance.__dataclass_fields__
    }
    change = of["private"] - of["private_baseline"]
    level = float(of["private_baseline"].mean())
    for key in ("programme", "stakes", "grants", "windfall"):
        yield _effect(battery, of[key], key, quantity="finance", unit=USD)
    yield _effect(battery, change, "private change", quantity="finance", unit=USD, baseline=level)
    offered = of["programme"] + of["stakes"]
    yield _ratio(battery, -change, offered, "substitution", "finance", part=False)
    yield _ratio(battery, of["windfall"], of["grants"], "windfall share", "finance")


def _leakage(battery: Battery, name: str) -> Iterator[Effect]:
    """Dollars that programmes and their operators pay, and the part that goes outside."""
    window = battery.window(name)

    def paid(names: tuple[str, ...]) -> Floats:
        return window.a_year(sum((window.of(FLOW + one) for one in names), np.zeros(battery.pairs)))

    total, outside = paid(PAID_TO_OTHERS), paid(PAID_OUTSIDE)
    yield _effect(battery, total, "paid", quantity="programme_money")
    yield _effect(battery, outside, "paid outside", quantity="programme_money")
    yield _ratio(battery, outside, total, "leakage", "programme_money")


def _years(battery: Battery, splits: list[Split]) -> Iterator[tuple[int, str, Effect]]:
    """The terms year by year, a year; a last year that is cut short counts for what it is."""
    weeks = np.full(len(splits[0].serving), WEEKS_OF_YEAR)
    weeks[-1] = battery.weeks - WEEKS_OF_YEAR * (len(weeks) - 1)
    factor = WEEKS_OF_YEAR / (weeks * battery.scale)
    terms = {NET: np.stack([one.net for one in splits])}
    terms |= {name: np.stack([one.sums[name] for one in splits]) for name in SUMS}
    terms["untreated"] = np.stack([one.untreated.sum(axis=1) for one in splits])
    for term, values in terms.items():
        for year in range(len(weeks)):
            yield year + 1, term, _effect(battery, factor[year] * values[:, year], term)


STUDY = Study(COMMAND, run, write)
