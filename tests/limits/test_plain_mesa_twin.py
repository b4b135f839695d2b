"""Plain Mesa agents that call the same rules reach the same district, column by column.

The benchmark of columns against plain Mesa objects compares nothing unless both do the same work:
200 makers over 26 weeks, every column, link and invoice to 1e-9. What is left of a week's income
after payouts is rounding of large sums, so money is compared to 1e-9 of 100 USD at least.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from worlds import district, world_parameters

ROOT = Path(__file__).resolve().parents[2]
RELATIVE = 1e-9
LEAST_MONEY = 100.0


@pytest.fixture
def plain_world(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of `benchmarks`, which stands beside the package and is not installed."""
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("benchmarks.plain_world")


def twins(plain_world: Any, world: str) -> tuple[Any, Any]:
    """A district on columns, and one of the same seed whose trade plain agents carry out."""
    columns, other = (
        district(makers=200, parameters=world_parameters(world), check_every=0) for _ in range(2)
    )
    return columns, plain_world.PlainDistrict(other)


def arrays(state: dict[str, Any], before: str = "") -> dict[str, np.ndarray]:
    """Every array of a state by its full name."""
    found: dict[str, np.ndarray] = {}
    for name, value in state.items():
        if isinstance(value, dict):
            found |= arrays(value, f"{before}{name}.")
        else:
            found[before + name] = np.asarray(value)
    return found


def differences(one: Any, other: Any) -> dict[str, float]:
    """What differs beyond the tolerance: name of the array, and by how many tolerances."""
    money = {
        f"populations.{name}.{column.name}"
        for name, population in one.populations.items()
        for column in population.declared.values()
        if column.unit.startswith("USD")
    }
    found, theirs = {}, arrays(other.state())
    for name, values in arrays(one.state()).items():
        least = LEAST_MONEY if name in money else 1.0
        tolerance = RELATIVE * np.maximum(least, np.abs(values.astype(float)))
        apart = values != theirs[name]
        off = np.abs(values[apart].astype(float) - theirs[name][apart]) / tolerance[apart]
        if off.size and not off.max() <= 1.0:
            found[name] = float(off.max())
    return found


@pytest.mark.parametrize(("world", "weeks"), [("default", 26), ("linear", 9)])
def test_plain_agents_and_columns_reach_the_same_state(plain_world, world, weeks):
    columns, plain = twins(plain_world, world)
    for _ in range(weeks):
        columns.step()
        plain.step()
    assert len(arrays(columns.state())) > 300
    assert differences(columns, plain.columns) == {}


def test_a_rule_that_differs_on_one_side_shows(plain_world):
    columns, plain = twins(plain_world, "default")
    plain.rates.alpha *= 1.001
    for _ in range(2):
        columns.step()
        plain.step()
    found = differences(columns, plain.columns)
    assert "populations.makers.demand_forecast" in found
    assert "populations.retailers.goods_ordered" in found


def test_rules_of_plain_agents_are_the_rules_of_the_week(plain_world):
    """`plain` changes neither a rule nor its result, only who carries it out."""
    agents = importlib.import_module("benchmarks.plain_agents")
    producers = importlib.import_module("benchmarks.plain_producers")
    from millworks.economy import freight
    from millworks.week.plan import least_limit

    arguments = (5.0, 4.0, 3.0, 2.0, np.inf, True)
    assert producers.least_limit is agents.plain(least_limit)
    assert producers.least_limit(*arguments) == least_limit(*arguments)
    # A rule that calls another one calls it as Python as well.
    road = agents.plain(freight.domestic_cost).__globals__["road_cost"]
    assert not hasattr(road, "py_func")
    haul = (5_000.0, 1.2, 1.1, 900.0, freight.price_list())
    assert agents.plain(freight.domestic_cost)(*haul) == freight.domestic_cost(*haul)
