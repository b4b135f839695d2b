"""How many firms use what the policies of an arm offer."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from millworks.study import users


@pytest.fixture
def counting(monkeypatch):
    """A world of two policies, in which firms take up what `using` says of the week."""
    using: dict[str, dict[str, np.ndarray]] = {"hub": {}, "grant": {}}
    home = SimpleNamespace(measures=SimpleNamespace(policies=("hub", "grant")))
    monkeypatch.setattr(users, "home_of", lambda world: home)
    monkeypatch.setattr(users, "taking_up", lambda world, policy: using[policy])
    return using


def test_users_are_their_mean_number_over_the_weeks(counting):
    """Two makers in the first week; one and a partner, of another policy too, in the second."""
    follower = users.Users(None, weeks=2)
    counting["hub"] = {"M": np.array([True, False, True])}
    follower.record()
    counting["hub"] = {"M": np.array([True, False, False]), "P": np.array([True])}
    counting["grant"] = {"M": np.array([True, False, False])}
    follower.record()
    assert follower.arrays()[users.USERS].tolist() == [2.5]


def test_without_a_policy_nobody_uses_one(counting):
    follower = users.Users(None, weeks=4)
    for _ in range(4):
        follower.record()
    assert follower.arrays()[users.USERS].tolist() == [0.0]
