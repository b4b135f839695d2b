"""A budget that is used up is a queue, never a crash; and one nobody can use up is not spent.

For every policy there is that has a budget: a dollar a year, and ten billion. Reference: model
specification §8.
"""

from __future__ import annotations

import numpy as np
import pytest

from arms import arms
from millworks.policies.registry import lever_settings, levers

WEEKS = 39
WITH_BUDGET = [name for name in levers() if "budget" in lever_settings(name).model_fields]
DOLLAR, ALL_THE_MONEY = 1.0, 1e10


def spent(name: str, budget: float, **settings: float) -> float:
    """What a policy costs the public in 39 weeks of checked books, USD."""
    study = arms()
    costs = study.follow(
        WEEKS, {name: {"budget": budget} | settings}, each=lambda m: m.measures.cost[name]
    )
    assert max(study.model.invariants.worst.values()) <= 1e-9
    for population in study.model.populations.values():
        for column, values in population.state().items():
            if column not in ("capacity", "revolver_limit"):
                assert np.isfinite(values).all(), column
    return float(sum(costs))


@pytest.mark.parametrize("name", WITH_BUDGET)
def test_a_dollar_a_year_is_not_exceeded(name):
    """Its part for the makers simulated and for the weeks passed; running it costs 8 % more."""
    study = arms()
    most = DOLLAR * study.model.scale * (1.0 + study.model.parameters.programme_overhead)
    assert 0.0 <= spent(name, DOLLAR) <= most


@pytest.mark.parametrize("name", WITH_BUDGET)
def test_a_budget_beyond_all_needs_stops_nobody_and_breaks_nothing(name):
    assert spent(name, ALL_THE_MONEY) >= spent(name, DOLLAR)
