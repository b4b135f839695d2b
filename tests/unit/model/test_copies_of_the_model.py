"""A model can be copied and stored: it goes on as if nothing had happened, bit by bit."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from millworks.agents.maker import Maker
from millworks.district_model import DistrictModel
from millworks.economy.national import national_accounts
from millworks.economy.places import load_place
from millworks.world.order_programme import OrderProgramme
from millworks.world.world import World

COPIES = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
}


def district(weeks: int = 0) -> DistrictModel:
    model = DistrictModel(load_place("generic", 60), seed=7, check_every=1)
    for _ in range(weeks):
        model.step()
    return model


def same(one, other) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return np.array_equal(one, other)


@pytest.fixture(params=COPIES.values(), ids=COPIES)
def copied(request):
    return request.param


def test_a_copy_continues_bit_for_bit(copied):
    model = district(weeks=3)
    twin = copied(model)
    assert same(twin.state(), model.state())
    for _ in range(14):
        model.step()
        twin.step()
    assert same(twin.state(), model.state())
    assert twin.week == model.week == 16
    assert dict(twin.ledger.flows) == dict(model.ledger.flows)


def test_a_copy_does_not_move_the_original(copied):
    model = district(weeks=1)
    before = model.state()
    twin = copied(model)
    twin.programme = OrderProgramme(tuple(np.full(34, 1e3)), start=1, weeks=None)
    for _ in range(4):
        twin.step()
    assert same(model.state(), before)
    assert not same(twin.state(), before)


def test_a_copy_keeps_its_own_books(copied):
    twin = copied(district(weeks=2))
    assert twin.ledger.populations["M"] is twin.populations["makers"]
    assert twin.ledger.trade is twin.trade
    assert twin.invariants.world is twin
    assert twin.makers[0].model is twin
    twin.step()
    assert max(twin.invariants.worst.values()) < 1e-12


def test_a_copy_guards_its_money(copied):
    twin = copied(district())
    with pytest.raises(ValueError, match="read-only"):
        twin.populations["makers"].cleared[0] = 1e6
    with pytest.raises(ValueError, match="read-only"):
        twin.trade.ring[0, 0] = 1e6


def test_a_copy_of_a_copy_is_a_copy():
    model = district(weeks=1)
    twin = pickle.loads(pickle.dumps(copy.deepcopy(copy.deepcopy(model))))
    model.step()
    twin.step()
    assert same(twin.state(), model.state())


def test_an_agent_taken_along_stays_the_same_agent(copied):
    model = district(weeks=1)
    model.favourite = model.makers.select(Maker.employment > 10)[0]
    twin = copied(model)
    assert twin.favourite is twin.makers[twin.favourite.row]
    assert twin.favourite.unique_id == model.favourite.unique_id
    assert twin.favourite.cleared == model.favourite.cleared


def test_the_nations_accounts_come_back_as_they_were():
    accounts = national_accounts(2022)
    assert copy.deepcopy(accounts) is accounts
    stored = pickle.loads(pickle.dumps(accounts))
    assert stored.year == 2022
    assert np.array_equal(stored.A, accounts.A)
    assert dict(stored.final_demand).keys() == dict(accounts.final_demand).keys()
    for array in (stored.A, stored.output, stored.final_demand["exports"]):
        assert not array.flags.writeable
    with pytest.raises(TypeError):
        stored.final_demand["exports"] = stored.output


def test_a_copy_is_a_world_with_all_its_parts(copied):
    model = district()
    twin = copied(model)
    assert isinstance(twin, World)
    assert type(twin.founding) is type(model.founding)
    assert twin.parameters == model.parameters
    assert twin.technology.national.year == 2022
    assert [stage.__name__ for stage in twin.stages] == [stage.__name__ for stage in model.stages]
