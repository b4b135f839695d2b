"""`millworks check`: what a scenario is and how long it takes, before it runs."""

from __future__ import annotations

import math
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
    from millworks.multi_district_model import MultiDistrictModel

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
    from millworks.commands.screen import paragraph, print_json
    from millworks.conf import explain
    from millworks.conf.compose import compose
    from millworks.conf.targets import count_reached
    from millworks.study.workers import cores

    scenario, overrides = split_scenario(words, "check")
    config = cast("RunConfig", compose("run", {}, overrides, scenarios, scenario=scenario))
    with ProgressBar("founding the district", quiet):
        from millworks.study.around import founded_world, home_of

        started = time.perf_counter()
        world = founded_world(config)
        model = home_of(world)
        founding = time.perf_counter() - started
        makers, away = model.population("M"), model.miles_from_centre("M")
        reached = count_reached(
            config.policies, config.district, makers.sector, makers.size_class, away
        )
        processes = min(jobs or cores(), config.study.pairs)
        seconds = estimated_seconds(config, world, founding, processes)
        eligible = _eligible(model)
    if as_json:
        print_json(_document(scenario, config, reached, eligible, seconds))
    elif not quiet:
        time_taken = explain.time_taken(seconds, processes, config)
        print(_text(scenario, config, model, reached, eligible))
        print(paragraph(f"{time_taken}, from {TIMED} weeks of it", hanging="Time".ljust(12)))
        print(f"\nRun it: millworks run {shlex.join([scenario, *overrides])}")


def estimated_seconds(
    config: RunConfig,
    world: DistrictModel | MultiDistrictModel,
    founding: float,
    processes: int,
) -> float:
    """Seconds that the study will take, from its own founding and weeks of its own policies.

    `founding`: seconds that founding took. Left out: start of the processes, tables and charts.
    """
    world.introduce(config.policies, config.shocks)
    for _ in range(WARM_UP):
        world.step()
    started = time.perf_counter()
    for _ in range(TIMED):
        world.step()
    week = (time.perf_counter() - started) / TIMED
    study = config.study
    pair = founding + week * (study.burn_in + ARMS * study.weeks)
    return pair * math.ceil(study.pairs / min(processes, study.pairs))


def _eligible(model: DistrictModel) -> dict[str, dict[str, int]]:
    """Policy -> how many rows of each holder letter could take it up this week."""
    from millworks.world.measures import State

    state = State(model, model.measures.start)
    return {
        policy.name: {letter: int(rows.sum()) for letter, rows in policy.eligible(state).items()}
        for policy in model.measures.policies
    }


def _document(
    scenario: str,
    config: RunConfig,
    reached: dict[str, int],
    eligible: dict[str, dict[str, int]],
    seconds: float,
) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "config": config.model_dump(mode="json"),
        "makers_reached": reached,
        "eligible": eligible,
        "seconds": round(seconds, 1),
    }


def _text(
    scenario: str,
    config: RunConfig,
    model: DistrictModel,
    reached: dict[str, int],
    eligible: dict[str, dict[str, int]],
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
            ("eligible", explain.eligible(eligible[name]) if "sizes" in settings else None),
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
    ]
    for label, words in entries:
        if words:
            own = label if label[0].isupper() else f"  {label}"
            lines.append(paragraph(" ".join(words.split()), hanging=own.ljust(12)))
    return "\n".join(lines)


def _world(config: RunConfig) -> str:
    moved = ", ".join(f"{key} {value:g}" for key, value in config.world.parameters.items())
    return f"{config.world.title or 'untitled'}{f'; differs in {moved}' if moved else ''}"
