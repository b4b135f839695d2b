"""`millworks check`: what a scenario is and how long it takes, before it runs."""

from __future__ import annotations

import math
import os
import shlex
import time
from typing import TYPE_CHECKING, Any, cast

from millworks.commands.options import (
    Jobs,
    Json,
    Quiet,
    Scenarios,
    ScenarioWords,
    split_scenario,
)

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.district_model import DistrictModel

WARM_UP = 5
"""Weeks before time is taken: the first compiles, one in four moves shares."""
TIMED = 8
ARMS = 2


def check(
    words: ScenarioWords = None,
    jobs: Jobs = None,
    scenarios: Scenarios = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Say in words what a scenario does, and how long it will take.

    Nothing is written. The district is founded and a few weeks pass, so that what is said of it is
    so. Exit code 2, with one sentence, for a scenario that cannot run.

    Example: millworks check hickory_inventory_finance study.pairs=32
    """
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import print_json
    from millworks.conf.compose import compose
    from millworks.conf.targets import count_reached

    scenario, overrides = split_scenario(words, "check")
    config = cast("RunConfig", compose("run", {}, overrides, scenarios, scenario=scenario))
    with ProgressBar("founding the district", quiet):
        from millworks.study.local_shares import founded

        started = time.perf_counter()
        model = founded(config)
        founding = time.perf_counter() - started
        makers = model.population("M")
        reached = count_reached(config.policies, config.district, makers.sector, makers.size_class)
        seconds = estimated_seconds(config, model, founding, jobs or os.cpu_count() or 1)
    if as_json:
        print_json(_document(scenario, config, reached, seconds))
    elif not quiet:
        print(_text(scenario, config, model, reached, seconds))
        print(f"\nRun it: millworks run {shlex.join([scenario, *overrides])}")


def estimated_seconds(
    config: RunConfig, model: DistrictModel, founding: float, processes: int
) -> float:
    """Seconds that the study will take, from its own founding and weeks of its own policies.

    `founding`: seconds that founding took. Left out: start of the processes, tables and charts.
    """
    model.introduce(config.policies, config.shocks)
    for _ in range(WARM_UP):
        model.step()
    started = time.perf_counter()
    for _ in range(TIMED):
        model.step()
    week = (time.perf_counter() - started) / TIMED
    study = config.study
    pair = founding + week * (study.burn_in + ARMS * study.weeks)
    return pair * math.ceil(study.pairs / min(processes, study.pairs))


def _document(
    scenario: str, config: RunConfig, reached: dict[str, int], seconds: float
) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "config": config.model_dump(mode="json"),
        "makers_reached": reached,
        "seconds": round(seconds, 1),
    }


def _text(
    scenario: str,
    config: RunConfig,
    model: DistrictModel,
    reached: dict[str, int],
    seconds: float,
) -> str:
    from millworks.commands.screen import paragraph
    from millworks.conf import explain

    place, count = model.founding.district.place, model.population("M").size
    of = f"all {count:,}" if count == place.small_makers else f"{count:,} of {place.small_makers:,}"
    horizon = config.study.weeks
    lines = [paragraph(config.title or scenario)]
    if config.about:
        lines.append(paragraph(config.about, indent=2))
    entries: list[tuple[str, str | None]] = [
        ("District", f"{place.name}: {of} makers, table of {config.year}")
    ]
    for name, settings in config.policies.items():
        paper = config.policy_papers()[name]
        entries += [
            ("Policy", f"{name}: {paper['what']}"),
            ("for", explain.for_whom(settings, reached[name], count)),
            ("when", explain.when(settings, horizon)),
            ("size", explain.how_strong(settings, explain.size(settings, paper["size"]))),
            ("paid by", explain.PAYERS[settings["payer"]]),
            ("settings", explain.others(settings)),
            ("left out", paper["leaves_out"]),
        ]
    for name, settings in config.shocks.items():
        paper = config.shock_papers()[name]
        entries += [
            ("Shock", f"{name}: {paper['what']}"),
            ("when", explain.when(settings, horizon)),
            ("size", explain.how_strong(settings, paper["size"])),
            ("settings", explain.others(settings)),
        ]
    entries += [
        ("World", _world(config)),
        ("Compared", explain.arms(config)),
        ("Study", explain.study(config)),
        ("Time", f"{explain.duration(seconds)} on this machine, from {TIMED} weeks of it"),
    ]
    for label, words in entries:
        if words:
            own = label if label[0].isupper() else f"  {label}"
            lines.append(paragraph(" ".join(words.split()), hanging=own.ljust(12)))
    return "\n".join(lines)


def _world(config: RunConfig) -> str:
    moved = ", ".join(f"{key} {value:g}" for key, value in config.world.parameters.items())
    return f"{config.world.title or 'untitled'}{f'; differs in {moved}' if moved else ''}"
