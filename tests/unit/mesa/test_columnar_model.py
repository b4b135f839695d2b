"""The model is a Mesa model: its surface, Mesa's own collector, copies."""

import copy
import pickle

import mesa
import numpy as np
import pytest
from workshop_model import Firm, Maker, Shop, StockMaker, Workshop

from millworks.errors import InputError
from millworks.world.columns import Population


def total_cash(model):
    return float(model.populations["makers"].cash.sum())


def test_a_model_over_populations_is_a_mesa_model():
    model = Workshop(rng=3)
    assert isinstance(model, mesa.Model)
    assert model.agent_types == [Maker, Shop]
    assert set(model.agents_by_type) == {Maker, Shop}
    assert model.agents_by_type[Shop] == model.shops
    model.step()
    assert model.steps == 1
    assert isinstance(model.rng, np.random.Generator)


def test_populations_of_one_class_are_one_kind_of_agent():
    model = Workshop()
    model.register("makers_next_door", Population(Maker, 3))
    assert len(model.agents_by_type[Maker]) == 15
    assert model.agent_types == [Maker, Shop]
    assert model.makers_next_door.get("unique_id") == [16, 17, 18]
    assert model.makers_next_door[0].model is model


def test_identities_can_be_those_of_another_numbering():
    model = Workshop()
    model.register("banks", Population(Firm, 2), first_identity=100)
    assert model.banks.get("unique_id") == [100, 101]
    model.register("nobody", Population(Shop, 0))
    assert len(model.nobody) == 0


@pytest.mark.parametrize("name", ["makers", "agents", "step", "two words", "_hidden", ""])
def test_a_population_needs_a_name_of_its_own(name):
    with pytest.raises(InputError, match="cannot be called"):
        Workshop().register(name, Population(Maker, 1))


def test_an_unknown_population_is_named_with_its_nearest_neighbour():
    with pytest.raises(AttributeError, match=r"no attribute or population 'maker'.*'makers'"):
        Workshop().maker  # noqa: B018


def test_what_is_not_offered_says_so():
    model = Workshop()
    with pytest.raises(NotImplementedError, match="outside the accounts"):
        StockMaker(model, 1.0, 2)
    with pytest.raises(NotImplementedError, match="rules of exit"):
        model.deregister_agent(model.makers[0])
    with pytest.raises(NotImplementedError, match="make a new model"):
        model.remove_all_agents()
    with pytest.raises(AttributeError, match="cannot be set"):
        model.agents = []


def test_mesas_own_collector_works():
    model = Workshop(rng=5)
    collector = mesa.DataCollector(
        model_reporters={
            "jobs": "total_jobs_now",
            "cash": total_cash,
            "makers": lambda m: len(m.makers),
            "method": model.total_jobs,
            "listed": [total_cash, [model]],
        },
        agent_reporters={"employment": "employment", "double": lambda a: 2 * a.employment},
        agenttype_reporters={
            Maker: {"sector": "sector", "capacity": "capacity", "exports": "exports"},
            Firm: {"small": lambda a: a.is_small},
        },
    )
    model.total_jobs_now = model.total_jobs()
    collector.collect(model)
    model.step()
    model.total_jobs_now = model.total_jobs()
    collector.collect(model)

    by_week = collector.get_model_vars_dataframe()
    assert by_week["makers"].tolist() == [12, 12]
    assert by_week["cash"].tolist() == by_week["listed"].tolist() == [6600.0, 6600.0]
    assert by_week["jobs"].tolist() == by_week["method"].tolist()
    assert by_week["jobs"][1] == pytest.approx(440.0 * 1.1 + 6.0)

    agents = collector.get_agent_vars_dataframe()
    assert agents.index.names == ["Step", "AgentID"]
    assert len(agents) == 32
    assert agents["employment"].dtype == np.float64
    assert agents.loc[(0, 3), "employment"] == 40.0
    assert (agents["double"] == 2 * agents["employment"]).all()

    makers = collector.get_agenttype_vars_dataframe(Maker)
    assert [makers[name].dtype for name in makers] == [np.int64, np.float64, bool]
    assert len(makers) == 24
    assert len(collector.get_agenttype_vars_dataframe(Firm)) == 32


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["copy", "pickle"]
)
def test_a_copied_model_goes_its_own_way_and_the_same_way(copied):
    model = Workshop(rng=9)
    model.step()
    model.favourite = model.makers[3]
    model.chosen = model.makers.select(Maker.sector == 4)
    twin = copied(model)
    assert twin.favourite is twin.makers[3]
    assert twin.favourite.model is twin is not model
    assert twin.chosen[0] is twin.makers[0]
    assert twin.populations["makers"].model is twin
    before = model.populations["makers"].state()
    for _ in range(3):
        twin.step()
    for name, values in model.populations["makers"].state().items():
        assert np.array_equal(values, before[name])
    for _ in range(3):
        model.step()
    assert model.steps == twin.steps == 4
    for name, population in model.populations.items():
        for column, values in population.state().items():
            assert np.array_equal(values, twin.populations[name].state()[column])
    assert model.random.random() == twin.random.random()


def test_the_same_seed_gives_the_same_model():
    def jobs(rng):
        model = Workshop(rng=rng)
        model.makers.shuffle_do(lambda maker: maker.hire(model.random.random()))
        return model.makers.get("employment")

    assert jobs(4) == jobs(4) != jobs(5)
    assert jobs(np.random.default_rng(4)) == jobs(np.random.default_rng(4))
