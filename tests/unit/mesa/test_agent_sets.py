"""Sets of agents: what users of Mesa write works, and gives what Mesa gives."""

import copy
import pickle
import statistics

import numpy as np
import pytest
from mesa.agent import Agent, AgentSet
from workshop_model import SIZE, Firm, Maker, Shop, StockWorkshop, Workshop

from millworks.world.agent_sets import RowAgentSet
from millworks.world.columns import ReadOnlyColumnError


def places(agents):
    """Return where agents stand: rows here, creation order in stock Mesa."""
    return [getattr(agent, "row", agent.unique_id - 1) for agent in agents]


def big(agent):
    return agent.employment > 10


def size_word(agent):
    return "small" if agent.employment < 10 else "large"


SAME_AS_MESA = {
    "iteration": lambda s: places(s),
    "reversed": lambda s: places(reversed(s)),
    "length": len,
    "first": lambda s: places([s[0]]),
    "last": lambda s: places([s[-1]]),
    "slice": lambda s: places(s[2:9:3]),
    "contains": lambda s: [s[3] in s, s[3] in s.select(big), "x" in s],
    "count": lambda s: s.count(s[3]),
    "index": lambda s: s.index(s[5]),
    "select function": lambda s: places(s.select(big)),
    "select nothing": lambda s: places(s.select()),
    "select at most": lambda s: places(s.select(big, at_most=2)),
    "select fraction": lambda s: places(s.select(at_most=0.3)),
    "select more than there are": lambda s: places(s.select(big, at_most=99)),
    "select type": lambda s: places(s.select(agent_type=Agent)),
    "select inplace": lambda s: places(s.select().select(big, inplace=True)),
    "sort by name": lambda s: places(s.sort("employment")),
    "sort ascending": lambda s: places(s.sort("employment", ascending=True)),
    "sort by flag": lambda s: places(s.sort("is_small")),
    "sort by function": lambda s: places(s.sort(lambda a: (a.sector, -a.employment))),
    "sort inplace": lambda s: places(s.select().sort("sector", inplace=True)),
    "shuffle": lambda s: places(s.shuffle()),
    "shuffle twice": lambda s: places(s.shuffle().shuffle()),
    "shuffle inplace": lambda s: places(s.select().shuffle(inplace=True)),
    "get": lambda s: s.get("employment"),
    "get property": lambda s: s.get("is_small"),
    "get several": lambda s: s.get(["employment", "sector"]),
    "get default": lambda s: s.get("energy", handle_missing="default", default_value=-1),
    "get several default": lambda s: s.get(["sector", "energy"], handle_missing="default"),
    "agg sum": lambda s: s.agg("employment", sum),
    "agg numpy": lambda s: s.agg("employment", np.mean),
    "agg several": lambda s: s.agg("employment", [min, max, np.median, statistics.mean]),
    "agg property": lambda s: s.agg("is_small", sum),
    "agg list method": lambda s: s.agg("sector", lambda values: values.count(4)),
    "group by name": lambda s: {k: places(v) for k, v in s.groupby("sector")},
    "group by function": lambda s: {k: places(v) for k, v in s.groupby(size_word)},
    "group order": lambda s: list(s.groupby("sector").groups),
    "group lists": lambda s: {k: places(v) for k, v in s.groupby("sector", result_type="list")},
    "group count": lambda s: s.groupby("sector").count(),
    "group agg": lambda s: s.groupby("sector").agg("employment", sum),
    "group list agg": lambda s: s.groupby("sector", result_type="list").agg("employment", max),
    "group map": lambda s: s.groupby("sector").map(len),
    "group map method": lambda s: s.groupby("sector").map("get", "employment"),
    "group length": lambda s: len(s.groupby("sector")),
    "group do": lambda s: s.groupby("sector").do("do", "hire", 2.0) and s.get("employment"),
    "map": lambda s: s.map("hire", 2.0),
    "map function": lambda s: s.map(size_word),
    "do": lambda s: s.do("hire", number=2.0).get("employment"),
    "do function": lambda s: s.do(lambda a: a.hire(a.sector)).get("employment"),
    "set": lambda s: s.set("employment", 3.5).get("employment"),
    "chain": lambda s: s.select(big).sort("employment").groupby("sector").agg("employment", sum),
    "union": lambda s: places(s.select(big) | s.select(lambda a: a.sector == 4)),
    "intersection": lambda s: places(s.select(big) & s.select(lambda a: a.sector == 4)),
    "difference": lambda s: places(s - s.select(big)),
    "equality": lambda s: [s == s.select(), s == s.select(big), s.select(big) <= s],
}


@pytest.mark.parametrize("call", SAME_AS_MESA.values(), ids=SAME_AS_MESA.keys())
def test_sets_of_rows_answer_as_mesa_does(call):
    ours, stock = Workshop(rng=42), StockWorkshop(rng=42)
    assert call(ours.makers) == call(stock.makers)
    assert ours.random.getstate() == stock.random.getstate()


def test_random_order_of_action_is_mesas_for_the_same_seed():
    def visited(model):
        order = []
        model.makers.shuffle_do(lambda agent: order.extend(places([agent])))
        model.makers.shuffle_do("hire")
        return order, model.makers.get("employment"), model.random.random()

    assert visited(Workshop(rng=7)) == visited(StockWorkshop(rng=7))
    assert visited(Workshop(rng=7)) != visited(Workshop(rng=8))


def test_sets_are_mesa_sets_of_mesa_agents():
    model = Workshop()
    for agents in (model.makers, model.agents, model.agents_by_type[Maker], model.makers.shuffle()):
        assert isinstance(agents, AgentSet)
        assert all(isinstance(agent, Agent) for agent in agents)
        assert agents.random is model.random


def test_a_condition_on_columns_selects_as_the_same_function_does():
    model = Workshop()
    by_column = model.makers.select((Maker.employment > 10) & (Maker.sector == 1))
    by_function = model.makers.select(lambda m: m.employment > 10 and m.sector == 1)
    assert places(by_column) == places(by_function) == [4, 5]
    assert places(model.makers.select(Maker.employment > 10, at_most=2)) == [3, 4]
    assert len(model.agents.select(Firm.employment < 5)) == 6
    with pytest.raises(AttributeError, match="Shop has no column 'capacity'"):
        model.agents.select(Maker.capacity > 1)
    assert len(model.agents.select(Maker.capacity > 1, agent_type=Maker)) == SIZE


def test_agents_of_all_populations_are_one_set():
    model = Workshop()
    assert len(model.agents) == 16
    assert model.agents.select(agent_type=Shop) == model.shops
    assert model.agents.select(agent_type=Firm) == model.agents
    assert model.agents.agg("employment", sum) == sum(model.agents.get("employment")) == 460.0
    assert model.agents.get("floor", handle_missing="default")[:13] == [None] * 12 + [0]
    with pytest.raises(AttributeError, match="Maker has no attribute 'floor'"):
        model.agents.get("floor")
    assert set(model.agents.groupby(lambda a: type(a).__name__).count().items()) == {
        ("Maker", 12),
        ("Shop", 4),
    }
    assert [type(a) for a in model.agents.sort("employment")[-5:]].count(Shop) == 1
    model.agents.set("employment", 1.0)
    assert model.shops.agg("employment", sum) == 4.0
    assert model.makers | model.shops == model.agents


def test_rows_of_a_set_index_the_columns():
    model = Workshop()
    rows = model.makers.select(Maker.sector == 2).rows
    assert rows.tolist() == [3, 7, 8]
    model.populations["makers"].capacity[rows] = 0.0
    assert model.makers.agg("capacity", sum) == 1.5 * 9
    with pytest.raises(NotImplementedError, match="several populations"):
        model.agents.rows  # noqa: B018


def test_a_column_of_several_numbers_comes_agent_by_agent():
    model = Workshop()
    model.makers.set("stock", [1.0, 2.0, 3.0])
    stocks = model.makers.get("stock")
    assert [stock.tolist() for stock in stocks] == [[1.0, 2.0, 3.0]] * SIZE


def test_money_cannot_be_set_on_a_set():
    model = Workshop()
    with pytest.raises(ReadOnlyColumnError, match="only the ledger moves money"):
        model.makers.set("cash", 5.0)
    with pytest.raises(ReadOnlyColumnError, match="register"):
        model.agents.set("identity", 5)
    assert model.makers.agg("cash", sum) == 6600.0


def test_a_value_that_does_not_fit_changes_nobody():
    model = Workshop()
    before = model.agents.get("sector")
    for name, value, error, sentence in [
        ("sector", 2.5, TypeError, "holds int64"),
        ("sector", list(range(12)), TypeError, "the same sector"),
        ("sectr", 3, AttributeError, "'sector'"),
        ("unique_id", 3, AttributeError, "cannot be set"),
    ]:
        with pytest.raises(error, match=sentence):
            model.makers.set(name, value)
    with pytest.raises(AttributeError, match="Shop has no column 'capacity'"):
        model.agents.set("capacity", 0.0)
    assert model.agents.get("sector") == before
    assert model.makers.agg("capacity", min) == 1.5


@pytest.mark.parametrize("method", ["add", "discard", "remove"])
def test_members_are_not_added_or_removed_by_hand(method):
    model = Workshop()
    with pytest.raises(NotImplementedError, match="choose its members with select"):
        getattr(model.makers, method)(model.shops[0])
    with pytest.raises(NotImplementedError):
        model.makers.clear()
    with pytest.raises(TypeError, match="agents of populations"):
        RowAgentSet(["a maker"])
    with pytest.raises(ValueError, match="handle_missing"):
        model.makers.get("sector", handle_missing="ignore")
    with pytest.raises(ValueError, match="not in this part"):
        model.makers.index(model.shops[0])
    with pytest.raises(IndexError):
        model.makers[12]


def test_one_that_leaves_drops_out_of_every_set_and_its_successor_stays_out():
    model = Workshop()
    makers = model.populations["makers"]
    held = model.makers.select(Maker.sector == 2)
    makers.writable("cash")[[7, 8]] = 0.0
    makers.occupied[7] = False
    makers.renew([8])
    assert places(held) == [3]
    assert held.agg("employment", sum) == 40.0
    assert len(model.makers) == len(model.agents_by_type[Maker]) == 11
    assert 8 in places(model.makers)
    assert 7 not in places(model.agents)


def test_one_that_leaves_while_others_act_is_passed_over():
    model = Workshop()
    acted = []

    def close_the_next(maker):
        acted.append(maker.row)
        maker.population.occupied[maker.row + 1 : maker.row + 2] = False

    model.makers.do(close_the_next)
    assert acted == [0, 2, 4, 6, 8, 10]


def test_nobody_is_a_set_too():
    nobody = Workshop().makers.select(Maker.employment < 0)
    assert list(nobody) == nobody.get("sector") == nobody.map("hire") == []
    assert nobody.agg("employment", sum) == 0
    assert len(nobody.shuffle().sort("sector").groupby("sector")) == 0
    assert len(RowAgentSet([])) == 0
    assert not nobody


def test_sets_survive_copying_and_pickling():
    model = Workshop()
    chosen = model.agents.select(Firm.employment > 5).shuffle()
    shallow = copy.copy(chosen)
    assert places(shallow) == places(chosen)
    assert shallow[0] is chosen[0]
    for twin in (copy.deepcopy(chosen), pickle.loads(pickle.dumps(chosen))):
        assert twin.get("unique_id") == chosen.get("unique_id")
        assert twin[0].model is not model
        assert twin.random is twin[0].model.random
        twin.set("employment", 0.0)
        assert chosen.agg("employment", min) > 5


def test_a_set_says_what_it_holds():
    model = Workshop()
    assert repr(model.makers) == "<RowAgentSet of 12 agents (Maker)>"
    assert repr(model.agents) == "<RowAgentSet of 16 agents (Maker and Shop)>"
