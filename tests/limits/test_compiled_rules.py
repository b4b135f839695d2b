"""One source of the rules: compiled by numba or run as plain Python, the same bits.

A second interpreter with NUMBA_DISABLE_JIT=1 founds the same worlds of 100 makers, lets 26 weeks
pass and prints a fingerprint of every column, link and outside sector. Reference: model
specification §11; design of the model, §2.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numba
import pytest
from numba.core.dispatcher import Dispatcher

import millworks.week
from millworks.world import trade
from millworks.world.accounts import FIRMS
from worlds import district, fingerprint, orders, run, world_parameters

WORLDS = ("linear", "default")
WEEKS = 26


def fingerprints() -> dict[str, str]:
    """Fingerprints of each world at its founding and after the weeks, with extra orders."""
    found = {}
    for world in WORLDS:
        model = district(makers=100, parameters=world_parameters(world), seed=3, check_every=13)
        found[f"{world} founded"] = fingerprint(model.state())
        sales = model.founding.flows_by_sector
        model.programme = orders(sales / sales.sum(), 0.2 * float(sales.sum()), 10)
        run(model, WEEKS)
        assert sum(float(model.population(letter).output.sum()) for letter in FIRMS) > 0.0
        found[f"{world} after {WEEKS} weeks"] = fingerprint(model.state())
    return found


def compiled_loops() -> dict[str, Dispatcher]:
    """Compiled loops over rows or links, by module and name; they are called from Python."""
    stages = iter_modules(millworks.week.__path__, "millworks.week.")
    modules = [import_module(stage.name) for stage in stages]
    found = {}
    for module in [*modules, trade]:
        for name, value in vars(module).items():
            if isinstance(value, Dispatcher) and value.__module__ == module.__name__:
                takes = value.py_func.__annotations__.values()
                if any("Floats" in str(kind) for kind in takes):
                    found[f"{module.__name__}.{name}"] = value
    return found


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled here")
def test_compiled_and_uncompiled_rules_give_the_same_bits():
    """100 makers, 26 weeks, linear mode and the world as it is."""
    here = Path(__file__).resolve().parent
    environment = os.environ | {
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)]),
    }
    script = (
        "import json, numba; assert numba.config.DISABLE_JIT; "
        "from test_compiled_rules import fingerprints; print(json.dumps(fingerprints()))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == fingerprints()
    loops = compiled_loops()
    assert len(loops) >= 15
    never_ran = [name for name, loop in loops.items() if not loop.signatures]
    assert not never_ran, "the comparison says nothing about loops that did not run"
