"""A ranking beside studies of one policy each: what sharing burn-in and baseline saves.

Sixteen policies and comparators at their default sizes in a scale model of Hickory, two pairs. The
speed aimed at for `millworks rank` (600 makers, twenty pairs, ten years, sixteen arms and a
baseline) is a minute on two cores; `weeks a second` says how far that is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from millworks.conf.compose import compose
from millworks.conf.levers import lever_names
from millworks.study.arms import Arm
from millworks.study.battery import Workers, run_battery
from millworks.study.pair_store import PairStore

MAKERS, PAIRS, WEEKS, BURN_IN = 60, 2, 52, 52
WANTED_WEEKS = 17 * 20 * 520 + 20 * 156
"""Weeks of the ranking that is to take a minute."""
TOGETHER, ALONE, TWO = "sixteen policies, one study", "sixteen studies", "one study, two processes"


def cases() -> Mapping[str, Callable[[], None]]:
    """The same arms in one study, in a study each, and in one study on two cores."""
    settings = {
        "makers": MAKERS,
        "study.pairs": PAIRS,
        "study.weeks": WEEKS,
        "study.burn_in": BURN_IN,
    }
    words = ["policy=" + ",".join(lever_names("policies"))]
    config = compose("rank", {**settings, "district": "hickory"}, words, None)
    arms = {name: Arm({name: dict(kept)}, {}) for name, kept in config.policies.items()}

    def study(wanted: Mapping[str, Arm], jobs: int) -> None:
        with tempfile.TemporaryDirectory() as folder, PairStore(Path(folder), "bench") as store:
            run_battery(config, wanted, store, Workers(jobs), lambda done, total, label: None)
            store.discard()

    def alone() -> None:
        for name, arm in arms.items():
            study({name: arm}, 1)

    study(arms, 2)
    return {TOGETHER: lambda: study(arms, 1), ALONE: alone, TWO: lambda: study(arms, 2)}


def figures(medians: Mapping[str, float]) -> dict[str, float]:
    """Ratios of the medians, and the weeks that one process runs in a second."""
    weeks = PAIRS * (BURN_IN + 17 * WEEKS)
    return {
        "sixteen studies: ratio to one": medians[ALONE] / medians[TOGETHER],
        "two processes: ratio to one": medians[TOGETHER] / medians[TWO],
        "weeks a second, one process": weeks / medians[TOGETHER],
        "weeks a second, two processes": weeks / medians[TWO],
        "weeks a second that a minute would need": WANTED_WEEKS / 60.0,
    }
