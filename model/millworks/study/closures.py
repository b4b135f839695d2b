"""Nested closures: the same orders in three runs that let through more and more responses.

    D  orders of inputs and household spending held at the baseline's path       direct
    I  orders free, spending held                                  I - D =     indirect
    P  all free                                                    P - I =      induced

All arms start from the same bytes and share every draw; an effect is the difference to the baseline
B. Investment and turnover, which would split off a dynamic effect, have no rule in linear mode.
Reference: Miller and Blair (2009), ch. 6; design of the model, §9.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from millworks.district_model import DistrictModel
from millworks.study.recorder import Recorder
from millworks.world.closure import ORDERS, SPENDING, FreeClosure, HeldClosure, RecordingClosure
from millworks.world.order_programme import OrderProgramme

HELD: dict[str, frozenset[str]] = {
    "direct": frozenset({ORDERS, SPENDING}),
    "indirect": frozenset({SPENDING}),
    "induced": frozenset(),
}
"""Arm, named for the effect it adds -> responses held at the baseline's path."""

Tick = Callable[[str], None]


@dataclass
class Baseline:
    """A baseline run: its starting bytes, its path and its series."""

    start: dict[str, Any]
    path: RecordingClosure
    record: Recorder


def run_baseline(model: DistrictModel, weeks: int, tick: Tick = lambda arm: None) -> Baseline:
    """Run `weeks` weeks without a programme, recording what closures will be held to."""
    start = model.state()
    path = RecordingClosure()
    model.closure, model.programme = path, OrderProgramme()
    return Baseline(start, path, _run(model, weeks, "baseline", tick))


def run_arms(
    model: DistrictModel,
    baseline: Baseline,
    programme: OrderProgramme,
    weeks: int,
    tick: Tick = lambda arm: None,
) -> dict[str, Recorder]:
    """Run the three closures of a programme from the baseline's start; series by arm."""
    records = {}
    for arm, held in HELD.items():
        model.load_state(baseline.start)
        model.programme = programme
        model.closure = HeldClosure(baseline.path, held) if held else FreeClosure()
        records[arm] = _run(model, weeks, arm, tick)
    model.load_state(baseline.start)
    model.closure, model.programme = FreeClosure(), OrderProgramme()
    return records


def _run(model: DistrictModel, weeks: int, arm: str, tick: Tick) -> Recorder:
    record = Recorder(model, weeks)
    for _ in range(weeks):
        model.step()
        record.record(model)
        tick(arm)
    return record
