"""One source of the rules: compiled by numba or run as plain Python, the same bits.

A second interpreter with NUMBA_DISABLE_JIT=1 founds the same worlds, one of them with all policies
and shocks in force, lets 26 weeks pass and prints a fingerprint of every column, link and outside
sector. Reference: model specification §11; design
of the model, §2.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import numba
import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

from millworks.district_model import DistrictModel
from millworks.multi_district_model import MultiDistrictModel
from millworks.policies.registry import levers
from millworks.shocks.registry import shocks
from millworks.world.accounts import FIRMS
from millworks.world.contracts import HISTORY
from worlds import district, fingerprint, orders, run, world_parameters

UPHEAVAL = {"hv0": 3.0, "estate_weeks": 4.0, "entry_rate": 26.0}
"""Hazards at which firms leave and are born within weeks; beyond the register's bounds."""
WORLDS = {
    "linear": world_parameters("linear"),
    "default": world_parameters("default"),
    "upheaval": world_parameters("default").replace(unchecked=True, **UPHEAVAL),
    "measures": world_parameters("default").replace(unchecked=True, **UPHEAVAL, buf=2.0),
}
POLICIES: dict[str, dict[str, Any]] = {name: {} for name in levers()} | {
    "partner_equity": {
        "least_sales": 0.0,
        "least_fill": 0.0,
        "least_weeks": 0,
        "sales_share": 0.1,
    },
    "hub": {"build": 0},
    "small_batch_shipping": {"stop_fee": 5.0},
}
"""All policies; some stakes are bought within weeks, hours of the hub are rented, and stops are
cheap enough for so few makers to share trucks."""
WEEKS, WEEKS_OF_NEIGHBOURS = 26, 6
ROOMS = ("start", "week", "agents", "programmes", "world")
"""Packages whose loops the running week calls."""


def bits(state: Any) -> Any:
    """A state in which numbers of numpy and of Python are written alike: compiled sums return one
    kind, uncompiled sums the other, and only their value counts.
    """
    if isinstance(state, dict):
        return {key: bits(value) for key, value in state.items()}
    return float(state) if isinstance(state, np.floating) else state


def put_measures_in_force(model: DistrictModel) -> None:
    """All policies and shocks; customers know their makers long enough to sign contracts."""
    model.introduce(POLICIES, {name: {} for name in shocks()})
    model.trade.contracts.known[:] = HISTORY


def assert_measures_were_taken_up(model: DistrictModel) -> None:
    """Otherwise the loops of policies ran over nothing but zeros."""
    makers = model.population("M")
    assert makers.stake.sum() > 0.0
    assert makers.programme_credit.sum() + model.population("R").programme_credit.sum() > 0.0
    assert model.trade.contracts.committed.sum() > 0.0
    assert makers.hours_usual.sum() > 0.0


def fingerprints(makers: int) -> dict[str, str]:
    """Fingerprints of each world at its founding and after the weeks, with extra orders."""
    found = {}
    for world, parameters in WORLDS.items():
        model = district(makers=makers, parameters=parameters, seed=3, check_every=13)
        found[f"{world} founded"] = fingerprint(bits(model.state()))
        sales = model.founding.flows_by_sector
        model.programme = orders(sales / sales.sum(), 0.2 * float(sales.sum()), 10)
        if world == "measures":
            put_measures_in_force(model)
        run(model, WEEKS)
        if world == "measures":
            assert_measures_were_taken_up(model)
        assert sum(float(model.population(letter).output.sum()) for letter in FIRMS) > 0.0
        found[f"{world} after {WEEKS} weeks"] = fingerprint(bits(model.state()))
    return found | fingerprints_of_neighbours(makers // 2)


def fingerprints_of_neighbours(makers: int) -> dict[str, str]:
    """Fingerprints of two districts that trade with each other, after the first weeks."""
    model = MultiDistrictModel(
        ["hickory", "elkhart"], makers=makers, parameters=WORLDS["default"], seed=3
    )
    for _ in range(WEEKS_OF_NEIGHBOURS):
        model.step()
    assert all(one.others is not None and one.others.asked.any() for one in model.districts)
    state = model.state()
    found = {
        f"{one.founding.place.slug} beside another": fingerprint(bits(kept))
        for one, kept in zip(model.districts, state["districts"], strict=True)
    }
    between = {
        key: dict(enumerate(value)) if isinstance(value, list) else value
        for key, value in state["exchange"].items()
    }
    return found | {"between the two": fingerprint(bits(between))}


def compiled_loops() -> dict[str, Dispatcher]:
    """Compiled loops over rows or links that Python calls, by module and name.

    What only other compiled functions call comes with them and has no signature of its own.
    """
    found: dict[str, Dispatcher] = {}
    inside: set[str] = set()
    for room in ROOMS:
        package = import_module(f"millworks.{room}")
        for entry in iter_modules(package.__path__, f"{package.__name__}."):
            module = import_module(entry.name)
            for name, value in vars(module).items():
                if isinstance(value, Dispatcher) and value.__module__ == module.__name__:
                    inside |= set(value.py_func.__code__.co_names)
                    takes = value.py_func.__annotations__.values()
                    if any("Floats" in str(kind) for kind in takes):
                        found[f"{module.__name__}.{name}"] = value
    return {path: loop for path, loop in found.items() if path.split(".")[-1] not in inside}


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled here")
@pytest.mark.parametrize("makers", [40, pytest.param(100, marks=pytest.mark.slow)])
def test_compiled_and_uncompiled_rules_give_the_same_bits(makers):
    """26 weeks: linear mode, the world as it is, one where firms come and go, all policies."""
    here = Path(__file__).resolve().parent
    environment = os.environ | {
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join([str(here), str(here.parent), *sys.path]),
    }
    script = (
        "import json, sys, numba; assert numba.config.DISABLE_JIT; "
        "from test_compiled_rules import fingerprints; "
        "print(json.dumps(fingerprints(int(sys.argv[1]))))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script, str(makers)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == fingerprints(makers)
    loops = compiled_loops()
    assert len(loops) >= 40
    never_ran = [name for name, loop in loops.items() if not loop.signatures]
    assert not never_ran, "the comparison says nothing about loops that did not run"
