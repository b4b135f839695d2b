"""A policy or shock changes what is offered, never an outcome: nothing else stands in its files.

What the source shows is tested here; that the world refuses a write at run time is tested in
`tests/unit/policies/test_measures.py`. Reference: model specification §8.
"""

from __future__ import annotations

import ast

import pytest
from source_tree import Source, imports, sources

MEASURES = [source for source in sources() if source.room in ("policies", "shocks")]
FORBIDDEN_IMPORTS = {
    "world.ledger",
    "world.postings",
    "world.accounts",
    "world.world",
    "world.trade",
    "world.columns",
    "programmes",
    "week",
    "agents",
    "start",
    "district_model",
}
FORBIDDEN_NAMES = {"_world", "_seen", "_measures", "_population", "writable", "book", "setattr"}
OPEN_TO_WRITE = {"offers", "conditions"}


def test_there_are_policies_and_shocks_to_look_at():
    assert len(MEASURES) >= 10


@pytest.mark.parametrize("source", MEASURES, ids=lambda source: source.name)
def test_a_policy_knows_neither_the_ledger_nor_the_week(source: Source):
    known = set(imports(source))
    wrong = {name for name in known if any(name.startswith(part) for part in FORBIDDEN_IMPORTS)}
    assert not wrong


@pytest.mark.parametrize("source", MEASURES, ids=lambda source: source.name)
def test_a_policy_reaches_behind_no_door(source: Source):
    wrong = [
        node.lineno
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_NAMES)
        or (isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES)
    ]
    assert not wrong


@pytest.mark.parametrize("source", MEASURES, ids=lambda source: source.name)
def test_a_policy_writes_only_what_it_offers(source: Source):
    """Arrays of its own, what `offers` and `conditions` hand out, and its own settings."""
    wrong = [
        target.lineno
        for node in ast.walk(source.tree)
        for target in _targets(node)
        if not _may_be_written(target)
    ]
    assert not wrong


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return [node.target]
    return []


def _may_be_written(target: ast.expr) -> bool:
    if isinstance(target, ast.Name):
        return True
    if isinstance(target, ast.Tuple):
        return all(_may_be_written(part) for part in target.elts)
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        return True  # an array made here; a view of the world refuses it at run time
    return _root(target) in OPEN_TO_WRITE or (
        isinstance(target, ast.Attribute) and ast.unparse(target) == "self.settings"
    )


def _root(target: ast.expr) -> str:
    """The name that `offers.population("M").pay_subsidy[:]` hangs on."""
    inner: ast.AST = target
    while isinstance(inner, ast.Subscript | ast.Attribute | ast.Call):
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return inner.id if isinstance(inner, ast.Name) else ""


@pytest.mark.parametrize(
    "line",
    [
        'state.population("M").cleared[:] = 0.0',
        "makers.output[:] += 1.0",
        "makers.output = other",
        'world.population("M").price[:] = 1.0',
    ],
)
def test_a_write_to_an_outcome_would_be_found(line: str):
    (node,) = ast.parse(line).body
    assert not any(_may_be_written(target) for target in _targets(node))
