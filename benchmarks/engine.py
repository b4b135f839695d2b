"""How fast the engine runs: a decade of weeks of 2,000 makers, and where a whole command goes.

`generic` with 2,000 makers and their retailers in linear mode, about 7,500 agents, one core,
identities checked every 13 weeks as in production.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from millworks.conf.compose import compose
from millworks.conf.schema import MultiplierConfig
from millworks.district_model import WEEK, DistrictModel
from millworks.report.linear import write_report
from millworks.study.linear_multiplier import run

MAKERS = 2_000
DECADE = 520

FOUND = "founding the district"
RUN = "a decade of weeks"
UNCHECKED = "the same, identities never checked"
STUDY = "its study in process: baseline and closures"
REPORT = "its charts and page in process"
COMMAND = "millworks multiplier hickory --linear --sector FURN"

_sizes: dict[str, int] = {}
_stage_seconds: dict[str, float] = {}


def _world(check_every: int) -> DistrictModel:
    parameters = compose("multiplier", overrides=["world=linear"]).world.values()
    return DistrictModel("generic", makers=MAKERS, parameters=parameters, check_every=check_every)


def cases() -> dict[str, Callable[[], object]]:
    """Founding and a decade; compilation is paid before the first round."""
    checked, unchecked = _world(13), _world(0)
    for model in (checked, unchecked):
        for _ in range(13):
            model.step()
    _sizes["agents"] = sum(population.size for population in checked.populations.values())
    _sizes["links"] = len(checked.trade.buyer)
    _profile(unchecked)

    def decade(model: DistrictModel) -> None:
        for _ in range(DECADE):
            model.step()

    def command(*more: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "millworks",
                    "multiplier",
                    "hickory",
                    "--linear",
                    "--sector",
                    "FURN",
                    "--out",
                    folder,
                    *more,
                ],
                capture_output=True,
                check=True,
            )

    config = cast(
        MultiplierConfig, compose("multiplier", {"sector": "FURN"}, overrides=["world=linear"])
    )
    result = run(config, lambda done, total, label: None)

    def report() -> None:
        with tempfile.TemporaryDirectory() as folder:
            write_report(result, Path(folder), "benchmark")

    return {
        FOUND: lambda: _world(0),
        RUN: lambda: decade(checked),
        UNCHECKED: lambda: decade(unchecked),
        COMMAND: lambda: command("--quiet"),
        STUDY: lambda: run(config, lambda done, total, label: None),
        REPORT: report,
    }


def _profile(model: DistrictModel) -> None:
    """Seconds a week by stage, over a quarter."""
    for stage in WEEK:
        _stage_seconds[stage.name] = 0.0
    for _ in range(13):
        for stage, work in zip(WEEK, model.stages, strict=True):
            begin = time.perf_counter()
            work(model)
            _stage_seconds[stage.name] += time.perf_counter() - begin


def figures(medians: Mapping[str, float]) -> dict[str, float]:
    """Agent-weeks per second, the price of checking, and each stage's part of a week."""
    week = sum(_stage_seconds.values())
    result = {
        "agents": float(_sizes["agents"]),
        "links": float(_sizes["links"]),
        "agent-weeks per second": _sizes["agents"] * DECADE / medians[RUN],
        "founding: ratio to a decade": medians[FOUND] / medians[RUN],
        "command: part of it that is the study": medians[STUDY] / medians[COMMAND],
        "command: part of it that is charts and page": medians[REPORT] / medians[COMMAND],
        "checking every 13 weeks: ratio to never": medians[RUN] / medians[UNCHECKED],
    }
    for name, seconds in sorted(_stage_seconds.items(), key=lambda item: -item[1])[:6]:
        result[f"{name}: part of a week"] = seconds / week
    return result
