"""How fast the engine runs: a decade of 2,000 makers, cost against size, and where the time goes.

`generic` with 2,000 makers and their retailers in the default world, all sixteen stages, about
7,500 agents, one core, identities checked every 13 weeks as in production. A round times a year;
the decade is ten times the median year of one world that goes on from round to round. Sizes go from
300 to 30,000 makers (about 112,000 agents); 600 is the district of a study of pairs, for which the
seconds of its weeks are projected. The engine has no threads of its own: what two cores bring is
measured with two processes, each with a world and a seed of its own, side by side through joblib.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import joblib
import numpy as np

from millworks.conf.compose import compose
from millworks.conf.schema import MultiplierConfig
from millworks.district_model import WEEK, DistrictModel
from millworks.report.linear import write_report
from millworks.study.linear_multiplier import run

MAKERS = 2_000
LARGE = 30_000
DISTRICT = 600
"""Makers of a district that a study of pairs is measured on."""
PAIRS, PAIR_WEEKS = 20, 156 + 2 * 520
"""A usual study: pairs, and weeks of each: one burn-in and a decade of both arms."""
DECADE = 520
YEAR = 52
WEEKS_BY_MAKERS = {300: 52, DISTRICT: 52, 3_000: 12, LARGE: 4}
"""Weeks timed in a round; whole ticks of four weeks."""

FOUND = "founding the district"
FORK = f"noting the state of {DISTRICT:,} makers and putting it back"
RUN = "a year of weeks, a tenth of a decade"
UNCHECKED = "the same, identities never checked"
LINEAR = "the same in the linear world"
ONE_CORE = f"{LARGE:,} makers, {WEEKS_BY_MAKERS[LARGE]} weeks, one process"
TWO_CORES = f"{LARGE:,} makers, {WEEKS_BY_MAKERS[LARGE]} weeks, two side by side"
STUDY = "its study in process: baseline and closures"
REPORT = "its charts and page in process"
COMMAND = "millworks multiplier hickory --linear --sector FURN"

_sizes: dict[str, int] = {}
_stage_seconds: dict[str, float] = {}
_worlds: dict[str, DistrictModel] = {}


def _world(makers: int = MAKERS, *, world: str = "default", check_every: int = 13,
           seed: int = 1) -> DistrictModel:  # fmt: skip
    parameters = compose("multiplier", overrides=[f"world={world}"]).world.values()
    return DistrictModel(
        "generic", makers=makers, parameters=parameters, check_every=check_every, seed=seed
    )


def _weeks(model: DistrictModel, weeks: int) -> None:
    for _ in range(weeks):
        model.step()


def _in_a_process(seed: int, weeks: int) -> tuple[float, int]:
    """Seconds that weeks of this process's own large world take, and its agents.

    The first call founds it with the seed, which is not counted.
    """
    if "large" not in _worlds:
        _worlds["large"] = _world(LARGE, seed=seed, check_every=0)
        _weeks(_worlds["large"], WEEKS_BY_MAKERS[LARGE])
    model = _worlds["large"]
    begin = time.perf_counter()
    _weeks(model, weeks)
    agents = sum(population.size for population in model.populations.values())
    return time.perf_counter() - begin, agents


def cases() -> dict[str, Callable[[], object]]:
    """Founding and weeks; compilation and the settling of the first quarter are paid before."""
    checked, unchecked, linear = _world(), _world(check_every=0), _world(world="linear")
    small, middle = (_world(makers, check_every=0) for makers in (300, 3_000))
    district = _world(DISTRICT)
    for model in (checked, unchecked, linear, small, middle, district):
        _weeks(model, 13)
    _sizes["agents"] = sum(population.size for population in checked.populations.values())
    _sizes["links"] = len(checked.trade.buyer)
    _profile(unchecked)
    processes = joblib.Parallel(n_jobs=2)

    def side_by_side(number: int) -> float:
        """Seconds of the slower of so many processes, each with a world of its own."""
        weeks = WEEKS_BY_MAKERS[LARGE]
        done = processes(joblib.delayed(_in_a_process)(seed + 1, weeks) for seed in range(number))
        _sizes["agents of the large world"] = done[0][1]
        return max(seconds for seconds, _ in done)

    side_by_side(2)

    def command(*more: str) -> None:
        words = ["multiplier", "hickory", "--linear", "--sector", "FURN", "--out"]
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-m", "millworks", *words, folder, *more],
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
        FOUND: lambda: _world(check_every=0),
        RUN: lambda: _weeks(checked, YEAR),
        UNCHECKED: lambda: _weeks(unchecked, YEAR),
        LINEAR: lambda: _weeks(linear, YEAR),
        _size_case(300): lambda: _weeks(small, WEEKS_BY_MAKERS[300]),
        _size_case(DISTRICT): lambda: _weeks(district, WEEKS_BY_MAKERS[DISTRICT]),
        FORK: lambda: district.load_state(district.state()),
        _size_case(3_000): lambda: _weeks(middle, WEEKS_BY_MAKERS[3_000]),
        ONE_CORE: lambda: side_by_side(1),
        TWO_CORES: lambda: side_by_side(2),
        COMMAND: lambda: command("--quiet"),
        STUDY: lambda: run(config, lambda done, total, label: None),
        REPORT: report,
    }


def _size_case(makers: int) -> str:
    return ONE_CORE if makers == LARGE else f"{makers:,} makers, {WEEKS_BY_MAKERS[makers]} weeks"


def _profile(model: DistrictModel) -> None:
    """Seconds by stage, over a year: some stages do most of their work every fourth week."""
    for stage in WEEK:
        _stage_seconds[stage.name] = 0.0
    for _ in range(YEAR):
        for stage, work in zip(WEEK, model.stages, strict=True):
            begin = time.perf_counter()
            work(model)
            _stage_seconds[stage.name] += time.perf_counter() - begin


def figures(medians: Mapping[str, float]) -> dict[str, float]:
    """Rates, the exponent of size, what a second core brings, and each stage's part of a week."""
    seconds_a_week = {
        makers: medians[_size_case(makers)] / weeks for makers, weeks in WEEKS_BY_MAKERS.items()
    }
    logs = np.log(list(seconds_a_week)), np.log(list(seconds_a_week.values()))
    large = _sizes["agents of the large world"] * WEEKS_BY_MAKERS[LARGE]
    result = {
        "agents": float(_sizes["agents"]),
        "links": float(_sizes["links"]),
        "a decade, seconds": medians[RUN] * DECADE / YEAR,
        "a decade in the linear world, seconds": medians[LINEAR] * DECADE / YEAR,
        "agent-weeks per second": _sizes["agents"] * YEAR / medians[RUN],
        "founding: ratio to a decade": medians[FOUND] * YEAR / (medians[RUN] * DECADE),
        "checking every 13 weeks: ratio to never": medians[RUN] / medians[UNCHECKED],
        "linear world: ratio to the default": medians[LINEAR] / medians[RUN],
        **{f"{makers:,} makers: milliseconds a week": 1e3 * seconds
           for makers, seconds in seconds_a_week.items()},
        "cost grows with makers to the power": float(np.polyfit(*logs, 1)[0]),
        "agents of the large world": float(_sizes["agents of the large world"]),
        "large: agent-weeks per second, one process": large / medians[ONE_CORE],
        "large: agent-weeks per second, two": 2.0 * large / medians[TWO_CORES],
        "20 pairs of decades on two cores, seconds of their weeks alone":
            PAIRS * PAIR_WEEKS * seconds_a_week[DISTRICT] / 2.0,
        "large: what a second process brings": 2.0 * medians[ONE_CORE] / medians[TWO_CORES],
        "command: part of it that is the study": medians[STUDY] / medians[COMMAND],
        "command: part of it that is charts and page": medians[REPORT] / medians[COMMAND],
    }  # fmt: skip
    week = sum(_stage_seconds.values())
    for name, seconds in sorted(_stage_seconds.items(), key=lambda item: -item[1]):
        result[f"{name}: part of a week"] = seconds / week
    return result
