"""How parameters move the effects: a band of its own beside that of luck.

Every draw of the free parameters is a world of its own, with a few seeds of its own, its own
baseline and its own burn-ins. Policies have the sizes that cost the budget with the scenario's own
parameters: what they cost in a drawn world is part of what is uncertain about them.

Source: model specification §13.3.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.study.battery import BASELINE, Workers, run_battery
from millworks.study.ranking.bands import band, drivers
from millworks.study.ranking.draws import parameter_draws
from millworks.study.ranking.results import EQUAL
from millworks.study.ranking.sizing import Sizing, arm_name

if TYPE_CHECKING:
    from millworks.conf.studies import RankConfig
    from millworks.study.pair_store import PairStore
    from millworks.study.run_study import Progress

Floats = npt.NDArray[np.float64]

DRIVERS_TOLD = 5
"""Parameters named beside a band: those the effect follows most closely."""


def drawn_world(config: RankConfig, draw: dict[str, float]) -> RankConfig:
    """Return the study in a world with drawn parameters; those the scenario sets stay as set."""
    chosen = {**draw, **config.world.parameters}
    world = config.world.model_copy(update={"parameters": chosen})
    return config.model_copy(update={"world": world})


def parameter_bands(
    config: RankConfig, sizing: Sizing, store: PairStore, workers: Workers, progress: Progress
) -> dict[str, dict[str, Any]]:
    """Return for every policy how its effect at equal cost spreads over draws; {} without draws."""
    if config.draws == 0:
        return {}
    arms = {arm_name(name, EQUAL): sizing.arms[arm_name(name, EQUAL)] for name in config.policies}
    arms[BASELINE] = sizing.arms[BASELINE]
    draws = parameter_draws(config.draws, config.seed)
    values: dict[str, list[Floats]] = {name: [] for name in config.policies}
    for number, draw in enumerate(draws):
        first = config.study.pairs + number * config.seeds_of_draw
        battery = run_battery(
            drawn_world(config, draw),
            arms,
            store.of_world(f"draw-{number}"),
            workers,
            progress,
            pairs=range(first, first + config.seeds_of_draw),
            label=f"parameters, draw {number + 1} of {config.draws}",
        )
        for name in config.policies:
            found = battery.difference(arm_name(name, EQUAL), config.study.headline)
            values[name].append(found)
    return {
        name: _band(np.array(found), draws, config.study.confidence)
        for name, found in values.items()
    }


def _band(values: Floats, draws: list[dict[str, float]], confidence: float) -> dict[str, Any]:
    """The band as plain data, with the parameters that the effect follows most closely."""
    found = band(values, confidence)
    followed = drivers(values, draws, 1.0 - confidence)
    return {
        **(asdict(found) if found is not None else {}),
        "drivers": [asdict(driver) for driver in followed[:DRIVERS_TOLD]],
    }
