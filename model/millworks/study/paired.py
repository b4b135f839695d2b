"""Paired runs: the arms of each seed side by side, whoever ran them, and from wherever they are.

A scenario with policies is compared with its shocks alone, one with shocks only with nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError
from millworks.study.arms import Arm, ArmRun, Arrays, Plan, run_arms
from millworks.study.run_figures import ArmRecord
from millworks.study.workers import Backend, on_this_machine, pieces_of

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.study.pair_store import PairStore

Floats = npt.NDArray[np.float64]


def arms_of(config: RunConfig) -> tuple[Arm, Arm]:
    """Return baseline and policy arm of a scenario.

    Raises InputError for a scenario with neither policy nor shock: there is nothing to compare.
    """
    if config.policies:
        return Arm({}, config.shocks), Arm(config.policies, config.shocks)
    if config.shocks:
        return Arm({}, {}), Arm({}, config.shocks)
    raise InputError(
        f"{config.title or 'the scenario'}: it has neither a policy nor a shock; "
        "name one under policies: or shocks:."
    )


@dataclass(frozen=True, eq=False)
class SeedRecord:
    """What the arms of one seed left: `arms` in the order of the plan.

    `counts`: agents by kind; `scale`: part of the place simulated; `residual`: largest residual of
    the accounting identities, relative to all deposits; `around`: for each arm sums [periods, 8] of
    the ring and the rest of the US (`study.around`), none without a ring; `extra`: for each arm
    what the plan's recorder left.
    """

    seed: int
    arms: tuple[ArmRecord, ...]
    counts: dict[str, int]
    scale: float
    residual: float
    around: tuple[Floats, ...] = ()
    extra: tuple[Arrays, ...] = ()


def side_by_side(seed: int, runs: Iterable[ArmRun]) -> SeedRecord:
    """Return the record of a seed from those of its arms."""
    arms = list(runs)
    return SeedRecord(
        seed=seed,
        arms=tuple(run.record for run in arms),
        counts=arms[0].counts,
        scale=arms[0].scale,
        residual=max(run.residual for run in arms),
        around=tuple(run.around for run in arms if run.around is not None),
        extra=tuple(run.extra for run in arms),
    )


def run_seed(plan: Plan, seed: int) -> SeedRecord:
    """Found a world, let it burn in, and run every arm from there, in this process."""
    return side_by_side(seed, run_arms(plan, seed, range(len(plan.arms))))


def missing_arms(plan: Plan, seed: int, store: PairStore) -> list[int]:
    """Return the places of the arms of a seed that the store does not have."""
    keys = [arm.key for arm in plan.arms]
    return [place for place, key in enumerate(keys) if not store.has(seed, key)]


def weeks_to_run(plan: Plan, pairs: Iterable[int], store: PairStore) -> int:
    """Return how many weeks are still to be simulated for these pairs."""
    weeks = 0
    for pair in pairs:
        seed = plan.seed(pair)
        arms = len(missing_arms(plan, seed, store))
        burn_in = 0 if not arms or store.has_start(seed) else plan.burn_in
        weeks += burn_in + arms * plan.weeks
    return weeks


def run_pairs(
    plan: Plan,
    pairs: Iterable[int],
    store: PairStore,
    jobs: int,
    backend: Backend = on_this_machine,
) -> Iterator[tuple[int, SeedRecord]]:
    """Yield (pair, record) as pairs end: those that the store keeps first, then the others.

    What is yielded does not depend on `jobs` or on the backend, but for its order.
    """
    number = {plan.seed(pair): pair for pair in pairs}
    missing = {seed: missing_arms(plan, seed, store) for seed in number}
    for seed in [seed for seed, places in missing.items() if not places]:
        yield number[seed], _read(plan, seed, store)
        del missing[seed]
    arms = sum(len(places) for places in missing.values())
    left = {seed: len(places) for seed, places in missing.items()}
    for piece in backend(plan, pieces_of(missing, min(jobs, arms)), store, min(jobs, arms)):
        left[piece.seed] -= len(piece.places)
        if left[piece.seed] == 0:
            yield number[piece.seed], _read(plan, piece.seed, store)
            store.forget_start(piece.seed)


def _read(plan: Plan, seed: int, store: PairStore) -> SeedRecord:
    runs = [store.read(seed, arm.key) for arm in plan.arms]
    if any(run is None for run in runs):
        # Cut off in the writing by a kill, and found only now: run once more, here.
        return run_seed(plan, seed)
    return side_by_side(seed, [run for run in runs if run is not None])
