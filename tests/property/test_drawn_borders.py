"""Drawn worlds of several districts: nothing is lost or made on a border, whatever is in force."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.multi_district_model import MultiDistrictModel

PLACES = ("hickory", "elkhart", "WY", "dalton", "RI")
SHOCKS = ("recession", "credit_crunch")


@st.composite
def drawn(draw) -> dict:
    places = draw(st.lists(st.sampled_from(PLACES), min_size=2, max_size=3, unique=True))
    size = len(places)
    return {
        "places": places,
        "makers": [draw(st.integers(20, 60)) for _ in places],
        "seed": draw(st.integers(0, 2**64 - 1)),
        "part": draw(st.sampled_from([None, 0.0, 0.01, 0.3 / size])),
        "rivals": draw(st.sampled_from([None, 0.0, 1.0 / size])),
        "shocks": draw(st.lists(st.sampled_from(SHOCKS), unique=True)),
        "policies": draw(st.lists(st.sampled_from(["inventory_finance", "wage_subsidy"]))),
    }


def crossing(part: float | None, size: int) -> np.ndarray | None:
    if part is None:
        return None
    shares = np.full((size, size, N_SECTORS), part)
    shares[np.arange(size), np.arange(size)] = 0.0
    return shares


@settings(max_examples=12)
@given(drawn())
def test_what_leaves_a_district_reaches_another_or_the_rest_of_the_us(world):
    size = len(world["places"])
    rivals = crossing(world["rivals"], size)
    model = MultiDistrictModel(
        world["places"],
        makers=world["makers"],
        seed=world["seed"],
        shares=crossing(world["part"], size),
        rivals=None if rivals is None else np.where(MANUFACTURING, rivals, 0.0),
        check_every=1,
    )
    policies = {name: {} for name in world["policies"]}
    model.introduce(policies, {name: {} for name in world["shocks"]})
    sought, sent = np.zeros(N_SECTORS), np.zeros(N_SECTORS)
    for _ in range(10):
        # Before the week: what is on its way, at true size, is what was not asked of the rest.
        on_the_way = sum(one.others.orders / one.scale for one in model.districts)
        lost = sum(
            model.exchange.rivals[number].sum(axis=0) * one.others.lost / one.scale
            for number, one in enumerate(model.districts)
        )
        if model.week >= 0:
            whole = max(1.0, float(sought.sum()))
            assert np.abs(on_the_way - sent - lost).max() <= 1e-9 * whole
        model.step()
        sought, sent = np.zeros(N_SECTORS), np.zeros(N_SECTORS)
        for one in model.districts:
            rest = one.rest_of_us
            left = rest.purchases + rest.capital.purchases
            sought += one.others.sought / one.scale
            sent += (one.others.sought - left) / one.scale
            assert (left >= -1e-9 * one.others.sought.sum()).all()
            assert (one.trade.request >= 0.0).all()
    assert model.worst_residual <= 1e-9
