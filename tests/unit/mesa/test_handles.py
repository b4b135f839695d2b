"""One agent at a time: a Mesa agent that is a row."""

import copy
import gc
import pickle
import weakref

import mesa
import pytest
from workshop_model import Firm, Maker, Workshop

from millworks.errors import MillworksError
from millworks.world.columns import ReadOnlyColumnError
from millworks.world.handles import StaleHandleError


def test_an_agent_is_a_mesa_agent_that_reads_and_writes_its_row():
    model = Workshop()
    maker = model.makers[3]
    assert isinstance(maker, mesa.Agent)
    assert type(maker) is Maker
    assert maker.model is model
    assert (maker.row, maker.unique_id, maker.employment) == (3, 3, 40.0)
    maker.employment += 2
    model.populations["makers"].capacity[3] = 9.0
    assert model.populations["makers"].employment[3] == 42.0
    assert maker.capacity == 9.0
    assert maker.hire(3.0) == 45.0
    assert maker.random is model.random
    assert maker.rng is model.rng


def test_unique_ids_go_through_all_populations():
    model = Workshop()
    assert model.agents.get("unique_id") == list(range(16))
    assert model.shops[0].unique_id == 12
    assert repr(model.shops[0]) == "Shop 12"


def test_values_are_plain_numbers_of_the_declared_kind():
    maker = Workshop().makers[0]
    assert [type(v) for v in (maker.employment, maker.sector, maker.exports)] == [float, int, bool]
    maker.employment = 5
    assert type(maker.employment) is float
    maker.stock[1] = 2.5
    assert maker.stock.tolist() == [0.0, 2.5, 0.0]
    maker.stock = [1, 2, 3]
    assert maker.population.stock[0].tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("name", "value"),
    [("sector", 2.5), ("sector", "FOOD"), ("exports", 1), ("employment", "3"), ("sector", None)],
)
def test_a_value_the_column_cannot_hold_is_refused(name, value):
    maker = Workshop().makers[0]
    with pytest.raises(TypeError, match=rf"Maker\.{name} holds"):
        setattr(maker, name, value)


def test_the_same_agent_is_the_same_object_while_somebody_keeps_it():
    model = Workshop()
    kept = model.makers[3]
    assert kept is model.makers[3]
    assert kept is model.populations["makers"].handle(3)
    assert kept is model.agents[3]
    assert {kept: 1}[model.makers[3]] == 1
    forgotten = weakref.ref(model.makers[4])
    gc.collect()
    assert forgotten() is None


def test_mesa_does_not_remember_agents_that_nobody_keeps():
    before = len(mesa.Agent._ids)
    model = Workshop()
    model.agents.do("hire")
    assert len(mesa.Agent._ids) == before
    assert model._agents == {}


def test_money_of_an_agent_is_moved_by_the_ledger_only():
    maker = Workshop().makers[3]
    assert maker.cash == 300.0
    with pytest.raises(ReadOnlyColumnError, match=r"Maker\.cash is money"):
        maker.cash = 1e6
    with pytest.raises(ReadOnlyColumnError, match="post a payment"):
        maker.cash += 1
    assert maker.cash == 300.0


def test_identity_belongs_to_the_register():
    maker = Workshop().makers[3]
    for name in ("identity", "generation"):
        with pytest.raises(ReadOnlyColumnError, match="kept by the register"):
            setattr(maker, name, 99)
    for name in ("unique_id", "row", "model", "hire", "pos"):
        with pytest.raises(AttributeError, match="cannot be set"):
            setattr(maker, name, 99)


def test_an_unknown_attribute_is_named_with_its_nearest_neighbour():
    maker = Workshop().makers[3]
    with pytest.raises(AttributeError, match=r"Maker has no attribute 'employmnt'.*'employment'"):
        maker.employmnt  # noqa: B018
    with pytest.raises(AttributeError, match="'employment'"):
        maker.employmnt = 3
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del maker.employment
    assert not hasattr(maker, "energy")


def test_a_property_that_asks_for_an_unknown_attribute_says_which():
    class Muddled(Firm):
        @property
        def wealth(self):
            return self.cahs

    from millworks.world.columns import Population

    with pytest.raises(AttributeError, match="'cahs'"):
        Population(Muddled, 1).handle(0).wealth  # noqa: B018


def test_an_agent_that_has_left_is_not_mistaken_for_the_next():
    model = Workshop()
    makers = model.populations["makers"]
    makers.writable("cash")[3] = 0.0
    old = model.makers[3]
    makers.renew([3])
    new = model.makers[3]
    assert new is not old
    assert new.unique_id != old.unique_id
    assert new.unique_id == 3 + 2**32
    assert old.is_stale
    for use in (
        lambda: old.employment,
        lambda: old.hire(),
        lambda: setattr(old, "employment", 1.0),
        lambda: getattr(old, "employment", None),
    ):
        with pytest.raises(StaleHandleError, match="Maker 3 has left"):
            use()
    assert isinstance(StaleHandleError(), MillworksError)
    assert new.employment == 0.0
    assert repr(new) == "Maker 3 of generation 1"


def test_agents_are_neither_made_nor_removed_by_hand():
    model = Workshop()
    with pytest.raises(TypeError, match="not made one by one"):
        Maker(model)
    with pytest.raises(NotImplementedError, match="lives in a population"):
        Maker.create_agents(model, 5)
    with pytest.raises(NotImplementedError, match="rules of exit"):
        model.makers[0].remove()
    with pytest.raises(IndexError):
        model.populations["makers"].handle(12)


def test_a_copied_agent_belongs_to_a_copied_model():
    maker = Workshop().makers[3]
    assert copy.copy(maker) is maker
    for twin in (copy.deepcopy(maker), pickle.loads(pickle.dumps(maker))):
        assert twin.model is not maker.model
        assert twin is twin.model.makers[3]
        twin.employment = 1.0
        assert maker.employment == 40.0
