"""T11: with every limit of finance lifted nobody is constrained and no order is refused for cash;
without any lender makers invest their own funds and nothing else.

Limits lifted: score, advances, credit line, smallest loan, down payment, coverage, arrears, capital
of lenders. Reference: model specification §12 (T11), §10.2.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE
from millworks.agents.maker import LOANS
from millworks.agents.producer import CASH
from millworks.district_model import WEEK, DistrictModel
from worlds import district, world_parameters

WEEKS = 39
CENT = 0.01
LIFTED = {
    "a0": 1e9,
    "adv_AR": 1e9,
    "adv_IN": 1e9,
    "adv_K": 1e9,
    "cards": 1e9,
    "minloan": 0.0,
    "cdfi_limit": 1e300,
    "down": 0.0,
    "dscr": 1e-9,
    "late_limit": 1e9,
    "capital_stop": -1e9,
    "capital_full": -1e8,
}
NO_LENDER = {"a0": -1e9, "cards": 0.0, "capital_stop": 1e8, "capital_full": 1e9}


def founded(changes: dict[str, float]) -> DistrictModel:
    parameters = world_parameters("default").replace(unchecked=True, **changes)
    return district(makers=120, parameters=parameters, seed=5)


def weeks_of(model: DistrictModel) -> Iterator[np.ndarray]:
    """Let weeks pass; each time hand over what makers' deposits were before `invest`."""
    for _ in range(WEEKS):
        before = np.empty(0)
        model.invariants.open_week()
        for stage in WEEK:
            if stage.name == "invest":
                before = model.population("M").cleared.copy()
            stage.run(model)
        model.invariants.check()
        yield before


def test_unlimited_credit_removes_the_finance_gap_and_every_refusal_for_cash():
    model = founded(LIFTED)
    makers = model.population("M")
    wanted, borrowed = 0, 0.0
    for _ in weeks_of(model):
        active = makers.status == ACTIVE
        assert not makers.constrained[active].any()
        assert float(makers.money_missing[active].sum()) == 0.0
        assert float(makers.refused[:, CASH].sum()) == 0.0
        wanted += int(makers.wants[active].sum())
        borrowed += sum(float(getattr(makers, f"{kind}_lent").sum()) for kind in LOANS)
    assert wanted > 0
    assert borrowed > 0.0
    asked = makers.request > 0.0
    assert asked.any()
    np.testing.assert_array_equal(makers.offer[asked], makers.request[asked])


def test_without_lenders_makers_invest_what_they_have_above_half_their_buffer():
    model = founded(NO_LENDER)
    makers, kept = model.population("M"), model.parameters.buffer_kept
    invested = 0.0
    for before in weeks_of(model):
        cost = makers.capital_ordered_local + makers.capital_ordered_outside
        bought = cost > 0.0
        spare = before - kept * makers.cash_buffer
        assert (cost[bought] <= spare[bought] * (1.0 + 1e-12)).all()
        for kind in LOANS:
            assert float(getattr(makers, f"{kind}_lent").sum()) == 0.0
        assert float(makers.revolver_drawn.max()) <= CENT
        invested += float(cost.sum())
    assert invested > 0.0
    assert float(makers.offer.max()) <= CENT


@pytest.mark.parametrize("changes", [LIFTED, NO_LENDER], ids=["lifted", "no lender"])
def test_with_expansion_off_neither_world_buys_or_borrows_anything(changes):
    model = founded(changes | {"expansion": 0.0})
    makers = model.population("M")
    for _ in weeks_of(model):
        assert not makers.capital_ordered_local.any()
        assert not makers.capital_ordered_outside.any()
        assert not any(getattr(makers, f"{kind}_lent").any() for kind in LOANS)
