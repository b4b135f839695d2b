"""Every notebook runs from top to bottom and shows what it promises."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.py"))


def test_there_is_a_notebook():
    assert [file.name for file in NOTEBOOKS] == ["first_policy.py"]


@pytest.fixture(scope="module")
def first_policy():
    """The values that the cells of the first notebook leave, after a full run."""
    pytest.importorskip("marimo")
    found = importlib.util.spec_from_file_location("first_policy", NOTEBOOKS[0])
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    outputs, values = module.app.run()
    return outputs, values


def test_the_first_notebook_reaches_an_effect_per_pair(first_policy):
    _, values = first_policy
    assert len(values["effects"]) == len(values["SEEDS"])
    assert all(math.isfinite(effect) for effect in values["effects"])


def test_the_first_notebook_draws_one_maker_and_its_partners(first_policy):
    _, values = first_policy
    figure, graph = values["figure"], values["graph"]
    drawn = sum(len(trace.x) for trace in figure.data if "markers" in trace.mode)
    assert drawn == graph.number_of_nodes() > 5
    assert figure.layout.title.text.startswith(f"{graph.number_of_nodes() - 1} trading partners")


def test_the_first_notebook_says_whether_its_interval_covers_zero(first_policy):
    outputs, _ = first_policy
    texts = [getattr(output, "text", "") for output in outputs]
    told = [text for text in texts if "interval" in text]
    assert any("covers zero" in text or "does not cover zero" in text for text in told)
