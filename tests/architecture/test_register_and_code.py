"""The register of parameters and the code that reads it say the same.

`parameters.csv` declares every number a rule may use; it is the source of range checks, of the
documentation and of the record of a run, so it must neither promise what nobody reads nor lack
what somebody does. Reference: design of the model, §7.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest
from source_tree import Source, attributes, sources

from millworks.district_model import WEEK
from millworks.parameters import Parameters, register

HOLDERS_OF_VALUES = {"parameters", "rates"}
"""Names under which code holds a set of parameter values."""

METHODS = {name for name in dir(Parameters) if not name.startswith("_")}
METHODS_OF_MAPPINGS = set(dir(dict))
STAGE_OF_MODULE = {f"week.{stage.module}": stage.name for stage in WEEK} | {
    "agents.estate_debts": "turnover",
    "agents.adoption": "invest",
    "programmes.levy": "open",
    "programmes.shared_equipment": "plan",
    "programmes.outlays": "close",
}
"""Module -> the stage it is, or that reads parameters through it."""


def reads(source: Source) -> Iterator[tuple[str, int]]:
    """Names read off a set of parameter values in a file, with their lines."""
    for node in attributes(source):
        held = node.value
        name = held.attr if isinstance(held, ast.Attribute) else getattr(held, "id", "")
        if name in HOLDERS_OF_VALUES:
            yield node.attr, node.lineno


@cache
def readers() -> dict[str, set[str]]:
    """Parameter -> modules that read it."""
    found = defaultdict(set)
    for source in sources():
        for key, _ in reads(source):
            found[key].add(source.name)
    return found


@pytest.mark.parametrize("key", register())
def test_every_parameter_of_the_register_is_read_by_a_rule(key):
    assert readers()[key], f"{key} is declared, but no code reads it"


def test_every_parameter_that_code_reads_stands_in_the_register():
    missing = [
        f"{source.name}:{line} reads {key}"
        for source in sources()
        for key, line in reads(source)
        if key not in register() and key not in METHODS | METHODS_OF_MAPPINGS
    ]
    assert not missing


def stages_that_read(key: str) -> set[str]:
    """Stages of the week that read a parameter, and `start` if the founding does."""
    stages = {STAGE_OF_MODULE[module] for module in readers()[key] if module in STAGE_OF_MODULE}
    founding = any(module.startswith("start.") for module in readers()[key])
    return stages | ({"start"} if founding else set())


def test_the_register_names_the_stages_that_read_a_parameter():
    """Column `stage`: the stages of the week, and `start` for the founding, no more and no less."""
    wrong = [
        f"{key}: says {row.stage!r}, is read in {' '.join(sorted(stages_that_read(key)))!r}"
        for key, row in register().items()
        if set(row.stage.split()) != stages_that_read(key)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", register())
def test_every_parameter_says_what_it_is_and_where_it_comes_from(key):
    row = register()[key]
    assert row.low <= row.default <= row.high or row.default == row.off
    assert row.unit
    assert row.meaning
    assert row.source
    assert row.confidence in {"high", "medium", "low"}
    assert row.used_in_rule
