"""`millworks constraints`: which limit stops which orders, and what a little more of it is worth.

Of the baseline, by size of maker and reason,

    share = Σ units refused for the reason / Σ units ordered      over weeks, mean over pairs

and for each reason that has a clean experiment (`study.relaxations`) an arm in which that one limit
is relaxed by a part r for all makers from the first week, the others as they are:

    worth = local value added, jobs, orders refused in that arm less those of the baseline

The share says what stands at the door when an order is turned away; the worth says whether opening
that door lets it in, or only shows the next one. They need not agree: an order refused for cash may
meet full machines behind it; and what is made for a larger stock, or built for a larger capacity,
is value added once even where it lets no order in. Worths do not add up, and none is a policy: it
has no cost and says nothing of how a limit could be moved. All relaxations are tested at once
(Holm 1979).

Source: model specification §7.5, §10.3; REASONS of `millworks.agents.producer`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.agents.producer import REASONS
from millworks.study.arms import Arm
from millworks.study.battery import BASELINE, Battery, Workers, run_battery
from millworks.study.constraint_results import ConstraintsResult, RefusedShare, Relaxed
from millworks.study.effects import estimate
from millworks.study.many_arms import (
    as_tested,
    document_of,
    effect_of,
    facts,
    level_effect,
    within,
    write_common,
)
from millworks.study.quantities import RUN_QUANTITIES, SIZE_CLASSES
from millworks.study.ranking.holm import Tested, holm
from millworks.study.relaxations import NO_EXPERIMENT, RELAXATIONS, Relaxation
from millworks.study.run_figures import Window, ratio
from millworks.study.run_files import effect_row
from millworks.study.studies import Study

if TYPE_CHECKING:
    from millworks.conf.studies import ConstraintsConfig
    from millworks.study.pair_store import PairStore
    from millworks.study.run_study import Progress

Floats = npt.NDArray[np.float64]

COMMAND = "constraints"
ALL = "all"
SHARE = "share of orders"


def arm_name(reason: str) -> str:
    """Return the name of the arm in which the limit behind a reason is relaxed."""
    return f"{reason} relaxed"


def arms_of(config: ConstraintsConfig) -> dict[str, Arm]:
    """Return every arm by name; policies and shocks of the settings are in force in all of them."""
    base = config.world.values()
    arms = {BASELINE: Arm(config.policies, config.shocks)}
    for one in RELAXATIONS:
        world = one.world(base, config.relaxed)
        arms[arm_name(one.reason)] = Arm(config.policies, config.shocks, world=world)
    return arms


def run(
    config: ConstraintsConfig, store: PairStore, workers: Workers, progress: Progress
) -> ConstraintsResult:
    """Run what the store does not have, and return shares and worths."""
    battery = run_battery(config, arms_of(config), store, workers, progress)
    return result_of(battery, config)


def result_of(battery: Battery, config: ConstraintsConfig) -> ConstraintsResult:
    """Return the result of a battery of `arms_of` a configuration."""
    alpha = 1.0 - config.study.confidence
    gains = {
        one.reason: battery.difference(arm_name(one.reason), "value_added") for one in RELAXATIONS
    }
    tested = holm(gains, alpha)
    return ConstraintsResult(
        **facts(battery, COMMAND),
        part=config.relaxed,
        shares=tuple(refused_shares(battery.window(BASELINE), config.study.confidence)),
        relaxed=tuple(_relaxed(battery, config, one, tested[one.reason]) for one in RELAXATIONS),
        left_out=dict(NO_EXPERIMENT),
    )


def refused_shares(horizon: Window, confidence: float) -> Iterator[RefusedShare]:
    """Yield the part of orders refused for each reason, and for all, of all sizes and of each.

    A share is a mean over pairs; without a value where a size had no orders in one of them. Its
    interval stays between 0 and 1.
    """
    for size in (ALL, *SIZE_CLASSES):
        group = "" if size == ALL else size
        window = Window(horizon.sums, horizon.columns, horizon.weeks, horizon.scale, group)
        orders = window.of("orders")
        parts = {reason: window.of(f"refused_{reason}") for reason in REASONS}
        for reason, refused in {**parts, ALL: window.refused()}.items():
            found = estimate(ratio(refused, orders), confidence)
            effect = effect_of(
                f"refused_{reason}", SHARE, found, orders.size, kind="share", size_class=size
            )
            yield RefusedShare(reason, size, within(effect, 0.0, 1.0))


def _relaxed(
    battery: Battery, config: ConstraintsConfig, one: Relaxation, tested: Tested
) -> Relaxed:
    arm, confidence, base = arm_name(one.reason), config.study.confidence, config.world.values()
    after, before = battery.figures(arm), battery.figures(BASELINE)
    value_added, jobs, refused = (
        level_effect(
            quantity,
            RUN_QUANTITIES[quantity].unit,
            after[quantity, ALL],
            before[quantity, ALL],
            confidence,
        )
        for quantity in ("value_added", "jobs", "refused")
    )
    here, once = (_share(battery.window(name), one.reason) for name in (arm, BASELINE))
    return Relaxed(
        reason=one.reason,
        kind=one.kind,
        what=one.what.format(more=f"{100.0 * config.relaxed:g}%"),
        mechanism=one.mechanism,
        misses=one.misses,
        parameters=tuple((key, base[key], value) for key, value in one.world(base, config.relaxed)),
        value_added=as_tested(value_added, tested),
        jobs=jobs,
        refused=refused,
        own_reason=level_effect(f"refused_{one.reason}", SHARE, here, once, confidence),
        adjusted=tested.adjusted,
        told=tested.sign,
    )


def _share(window: Window, reason: str) -> Floats:
    return ratio(window.of(f"refused_{reason}"), window.of("orders"))


# --- files


def document(result: ConstraintsResult) -> dict[str, Any]:
    """Return the content of summary.json, plain data, which `--json` prints."""
    effects = [effect_row(one.share) | {"relaxed": None} for one in result.shares]
    for one in result.relaxed:
        shown = (one.value_added, one.jobs, one.refused, one.own_reason)
        effects += [effect_row(effect) | {"relaxed": one.reason} for effect in shown]
    found = {"relaxed_by": result.part, "worth": worth_rows(result), "left_out": result.left_out}
    return document_of(COMMAND, result, effects, verdict(result), found)


def verdict(result: ConstraintsResult) -> str:
    """Say in a few words what the study found."""
    known = [one for one in result.shares if one.size_class == ALL and one.reason != ALL]
    most = max(known, key=lambda one: one.share.mean or 0.0).reason.replace("_", " ")
    worth = [one for one in result.relaxed if one.told > 0]
    text = f"most refused orders are refused for {most}"
    if not worth:
        return f"{text}; relaxing no limit is told to add value"
    best = max(worth, key=lambda one: one.value_added.mean or 0.0)
    text = f"{text}; relaxing {best.reason.replace('_', ' ')} adds most"
    return text if best.reaches else f"{text}, though no fewer orders are seen to be refused for it"


def share_rows(result: ConstraintsResult) -> list[dict[str, Any]]:
    """Return a row per size and reason, as refused.csv has them."""
    return [
        {
            "size_class": one.size_class,
            "reason": one.reason,
            "share_of_orders": one.share.mean,
            "low": one.share.low,
            "high": one.share.high,
            "pairs": one.share.pairs,
        }
        for one in result.shares
    ]


def worth_rows(result: ConstraintsResult) -> list[dict[str, Any]]:
    """Return a row per relaxed limit, as relaxed.csv has them."""
    rows = []
    for one in result.relaxed:
        row: dict[str, Any] = {
            "reason": one.reason,
            "kind": one.kind,
            "what": one.what,
            "mechanism": one.mechanism,
            "misses": one.misses,
            "parameters": "; ".join(
                f"{key} {was:g} to {now:g}" for key, was, now in one.parameters
            ),
        }
        for key in ("value_added", "jobs", "refused", "own_reason"):
            effect = getattr(one, key)
            row |= {key: effect.mean, f"{key}_low": effect.low, f"{key}_high": effect.high}
        rows.append(row | {"p_adjusted": one.adjusted, "told": one.told})
    return rows


def write(folder: Path, result: ConstraintsResult) -> None:
    """Write summary.json, the tidy tables, refused.csv, relaxed.csv, assumptions.csv."""
    from millworks.study.run_record import write_table

    write_common(folder, result, document(result))
    write_table(folder / "refused.csv", share_rows(result))
    write_table(folder / "relaxed.csv", worth_rows(result))


STUDY = Study(COMMAND, run, write)
