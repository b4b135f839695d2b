"""What a programme of orders and given purchase shares may not be."""

from __future__ import annotations

import numpy as np
import pytest

from millworks import DistrictModel, OrderProgramme
from millworks.economy.sectors import N_SECTORS, SECTORS
from millworks.errors import InputError


@pytest.mark.parametrize("amount", [-1.0, float("nan"), float("inf")])
def test_orders_that_are_no_amount_are_refused(amount):
    with pytest.raises(InputError, match=r"orders of AGR: .* must be a number of 0 or more"):
        OrderProgramme((amount, *[0.0] * (N_SECTORS - 1)))


def test_orders_for_what_nobody_makes_are_refused_not_lost():
    model = DistrictModel("hickory", makers=60)
    weekly = np.zeros(N_SECTORS)
    weekly[SECTORS.index("PETR")] = 1.0
    model.programme = OrderProgramme(tuple(weekly))
    with pytest.raises(InputError, match="orders of PETR: nobody makes that in this district"):
        model.step()


def test_shares_of_a_sector_nobody_makes_are_refused():
    with pytest.raises(InputError, match=r"shares: 0\.5 of PETR is bought in the district"):
        DistrictModel("hickory", makers=60, shares=np.full(N_SECTORS, 0.5))


def test_a_matrix_of_shares_needs_the_households_too():
    with pytest.raises(InputError, match="household_shares: give them too"):
        DistrictModel("generic", makers=60, shares=np.full((N_SECTORS, N_SECTORS), 0.5))
    model = DistrictModel(
        "generic",
        makers=60,
        shares=np.full((N_SECTORS, N_SECTORS), 0.3),
        household_shares=np.full(N_SECTORS, 0.5),
    )
    assert model.technology.regional_share.shape == (N_SECTORS, N_SECTORS)
    assert (model.technology.household_share == 0.5).all()
