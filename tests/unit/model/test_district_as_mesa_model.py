"""The district is a Mesa model: what users of Mesa write works on it."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from millworks.agents.government import Government
from millworks.agents.households import Household
from millworks.agents.lender import Lender
from millworks.agents.maker import Maker
from millworks.agents.operator import Operator
from millworks.agents.outside import Outside
from millworks.agents.partner import Partner
from millworks.agents.retailer import Chain, Retailer
from millworks.agents.services import ServiceBlock
from millworks.district_model import DistrictModel
from millworks.economy.places import load_place
from millworks.world.accounts import HOLDERS
from millworks.world.columns import ReadOnlyColumnError

MAKERS = 60
KINDS = {Maker, Partner, Retailer, Chain, ServiceBlock, Outside, Household, Government, Lender}
KINDS |= {Operator}


@pytest.fixture
def model():
    return DistrictModel(load_place("generic", MAKERS), seed=3)


def test_a_district_is_a_model_of_agents_in_sets(model):
    assert isinstance(model, mesa.Model)
    assert set(model.agents_by_type) == KINDS == set(model.agent_types)
    for holder in HOLDERS.values():
        agents = getattr(model, holder.population)
        assert isinstance(agents, AgentSet)
        assert len(agents) == model.populations[holder.population].size
        assert all(isinstance(agent, mesa.Agent) for agent in agents)
    assert isinstance(model.makers[0], Maker)
    assert isinstance(model.agents, AgentSet)
    assert len(model.agents) == sum(population.size for population in model.populations.values())


def test_every_agent_has_an_id_of_its_own(model):
    ids = model.agents.get("unique_id")
    assert len(set(ids)) == len(ids)
    # ids of those who trade are those of the supply network
    assert model.makers.get("unique_id") == list(range(MAKERS))
    assert model.outside[0].unique_id == model.trade.agents - 1


def test_makers_are_selected_by_columns_and_by_functions(model):
    small = model.makers.select(Maker.employment < 20.0)
    assert small == model.makers.select(lambda maker: maker.employment < 20.0)
    assert 0 < len(small) < MAKERS
    assert all(maker.employment < 20.0 for maker in small)
    largest = model.makers.sort("annual_sales").select(at_most=3)
    assert largest.get("annual_sales") == sorted(model.makers.get("annual_sales"))[:-4:-1]


def test_groups_of_makers_add_up_to_all(model):
    model.step()
    by_sector = model.makers.groupby("sector").agg("output", sum)
    assert sum(by_sector.values()) == pytest.approx(model.makers.agg("output", sum))
    assert model.makers.groupby("sector").count() == {
        sector: int((model.populations["makers"].sector == sector).sum()) for sector in by_sector
    }
    assert model.makers.agg("output", np.max) == model.populations["makers"].output.max()


def test_deposits_of_all_agents_are_what_lenders_owe(model):
    model.step()
    held = sum(
        kind.agg(name, sum)
        for population in ("makers", "partners", "retailers", "chains")
        for kind in (getattr(model, population),)
        for name in ("cleared", "uncleared")
    )
    held += sum(
        getattr(model, population).agg("cleared", sum)
        for population in ("services", "households", "government")
    )
    assert held == pytest.approx(model.lenders.agg("deposits_owed", sum), rel=1e-12)


def test_users_cannot_mint_money(model):
    with pytest.raises(ReadOnlyColumnError, match="only the ledger moves money"):
        model.makers[0].cleared = 1e9
    with pytest.raises(ReadOnlyColumnError, match="only the ledger moves money"):
        model.makers.set("cleared", 1e9)
    with pytest.raises(NotImplementedError, match="rules of exit"):
        model.makers[0].remove()


def test_what_users_may_change_the_week_uses(model):
    twin = DistrictModel(load_place("generic", MAKERS), seed=3)
    twin.makers.set("base_capital", 0.0)  # nobody keeps its plant up any more
    model.step()
    twin.step()
    assert twin.ledger.flows["capital replaced M>X"] == 0.0
    assert model.ledger.flows["capital replaced M>X"] > 0.0


def test_mesas_own_collector_follows_a_district(model):
    collector = mesa.DataCollector(
        model_reporters={
            "week": "week",
            "output": lambda m: float(m.populations["makers"].output.sum()),
            "makers": lambda m: len(m.makers),
        },
        agenttype_reporters={
            Maker: {"output": "output", "cash": "cleared", "small": lambda a: a.employment < 20.0},
            Lender: {"deposits": "deposits_owed"},
        },
    )
    for _ in range(3):
        model.step()
        collector.collect(model)
    weeks = collector.get_model_vars_dataframe()
    assert weeks["week"].tolist() == [0, 1, 2]
    assert weeks["makers"].tolist() == [MAKERS] * 3
    makers = collector.get_agenttype_vars_dataframe(Maker)
    assert len(makers) == 3 * MAKERS
    last = makers.loc[model.steps]
    assert last["output"].sum() == pytest.approx(weeks["output"].iloc[-1])
    assert last["cash"].tolist() == model.makers.get("cleared")
    lenders = collector.get_agenttype_vars_dataframe(Lender)
    assert lenders["deposits"].groupby("Step").sum().min() > 0.0


def test_steps_and_weeks_go_together(model):
    assert (model.steps, model.week) == (0, -1)
    model.step()
    assert (model.steps, model.week) == (1, 0)


def test_an_unknown_name_is_answered_with_the_nearest(model):
    with pytest.raises(AttributeError, match="'makers'"):
        model.maker  # noqa: B018
    with pytest.raises(AttributeError, match="'employment'"):
        model.makers[0].employmnt  # noqa: B018
