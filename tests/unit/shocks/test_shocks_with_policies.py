"""Every shock beside every policy: named in any order they give the same bits, and books close.

Both registries are read, so that whatever is added is tried as well. Reference: model specification
§8 (all cross with all levers).
"""

from __future__ import annotations

import pytest

from arms import arms, differences
from millworks.policies.registry import levers
from millworks.shocks.registry import shocks

WEEKS = 6
"""A tick of shares and prices, and a quarter of the makers' tests."""
SHOCKS = list(shocks())


@pytest.mark.parametrize("policy", list(levers()))
def test_all_shocks_with_a_policy_in_any_order_give_the_same_bits(policy):
    study = arms()
    first = study.end(WEEKS, {policy: {}}, {name: {} for name in SHOCKS})
    second = study.end(WEEKS, {policy: {}}, {name: {} for name in reversed(SHOCKS)})
    assert differences(first, second) == []
    assert max(study.model.invariants.worst.values()) <= 1e-9


@pytest.mark.parametrize("shock", SHOCKS)
def test_a_shock_with_each_policy_is_another_world_than_the_policy_alone(shock):
    """Otherwise an overlay would have taken back what another wrote."""
    study = arms()
    for policy in levers():
        alone = study.end(WEEKS, {policy: {}})
        both = study.end(WEEKS, {policy: {}}, {shock: {}})
        assert differences(alone, both), f"{shock} does nothing beside {policy}"
        assert max(study.model.invariants.worst.values()) <= 1e-9


@pytest.mark.parametrize("shock", SHOCKS)
def test_a_shock_resumed_from_a_saved_state_runs_on_as_if_it_had_not_been_saved(shock):
    study = arms()
    whole = study.end(WEEKS, shocks={shock: {}})
    study.follow(3, shocks={shock: {}})
    model = study.model
    first, halfway = model.measures.start, model.state()
    model.load_state(halfway)
    model.introduce({}, {shock: {}}, start=first)
    for _ in range(WEEKS - 3):
        model.step()
    assert differences(whole, model.state()) == []
