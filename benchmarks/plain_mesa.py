"""The same week on columns and on plain Mesa agents that call the same rules.

2,000 makers of `generic` in the default world, about 7,500 agents and 260,000 links. Compared are
the stages 2 to 10, arrive to ship, which every firm goes through every week (`benchmarks.
plain_world` says what that covers); what the plain agents take over from columns before and hand
back after is not timed. A round is four weeks of each side, so that what happens every fourth week
is in it once. That both sides reach the same state is a test (`tests/limits`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from benchmarks.plain_world import COVERED, PlainDistrict

from millworks.conf.compose import compose
from millworks.district_model import WEEK, DistrictModel

MAKERS = 2_000
WEEKS = 4
COLUMNS = f"columns: {WEEKS} weeks of arrive to ship"
PLAIN = f"plain Mesa agents: the same {WEEKS} weeks"
WHOLE = f"columns: {WEEKS} whole weeks"

_sizes: dict[str, int] = {}


def cases() -> dict[str, Callable[[], object]]:
    """Two worlds of one seed; each case tells by itself how long its stages took."""
    parameters = compose("multiplier", overrides=["world=default"]).world.values()
    columns, other = (
        DistrictModel("generic", makers=MAKERS, parameters=parameters, check_every=0)
        for _ in range(2)
    )
    for _ in range(8):
        columns.step()
        other.step()
    plain = PlainDistrict(other)
    _sizes["agents"] = sum(population.size for population in columns.populations.values())
    _sizes["links"] = len(columns.trade.buyer)
    whole: list[float] = []

    def on_columns() -> float:
        covered = total = 0.0
        for _ in range(WEEKS):
            for stage, work in zip(WEEK, columns.stages, strict=True):
                begin = time.perf_counter()
                work(columns)
                seconds = time.perf_counter() - begin
                total += seconds
                covered += seconds if stage.name in COVERED else 0.0
        whole.append(total)
        return covered

    def on_plain_agents() -> float:
        return sum(plain.timed_step() for _ in range(WEEKS))

    return {COLUMNS: on_columns, PLAIN: on_plain_agents, WHOLE: whole.pop}


def figures(medians: Mapping[str, float]) -> dict[str, float]:
    """How many times as long plain Mesa takes, and agent-weeks per second of either."""
    agent_weeks = _sizes["agents"] * WEEKS
    return {
        "agents": float(_sizes["agents"]),
        "links": float(_sizes["links"]),
        "plain Mesa: ratio to columns": medians[PLAIN] / medians[COLUMNS],
        "columns: agent-weeks per second": agent_weeks / medians[COLUMNS],
        "plain Mesa: agent-weeks per second": agent_weeks / medians[PLAIN],
        "part of a whole week that is compared": medians[COLUMNS] / medians[WHOLE],
    }
