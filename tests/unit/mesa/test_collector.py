"""The collector of columns keeps what Mesa's keeps, without visiting agents."""

import mesa
import pytest
from workshop_model import Maker, Workshop

from millworks.errors import InputError
from millworks.world.collector import ColumnCollector


def test_columns_are_collected_as_mesas_collector_does():
    model = Workshop()
    ours = ColumnCollector(
        measures={"jobs": Workshop.total_jobs}, columns={"makers": ["employment", "sector"]}
    )
    stock = mesa.DataCollector(
        model_reporters={"jobs": model.total_jobs},
        agenttype_reporters={Maker: {"employment": "employment", "sector": "sector"}},
    )
    for _ in range(3):
        ours.collect(model)
        stock.collect(model)
        model.step()
    frame = ours.agent_frame("makers")
    theirs = stock.get_agenttype_vars_dataframe(Maker).reset_index()
    assert frame.columns == ["week", "unique_id", "employment", "sector"]
    assert frame["week"].to_list() == theirs["Step"].tolist()
    assert frame["unique_id"].to_list() == theirs["AgentID"].tolist()
    assert frame["employment"].to_list() == theirs["employment"].tolist()
    measures = ours.model_frame()
    assert measures["jobs"].to_list() == stock.get_model_vars_dataframe()["jobs"].tolist()
    assert measures["week"].to_list() == [0, 1, 2]


def test_columns_can_be_kept_less_often_than_measures():
    model = Workshop()
    collector = ColumnCollector({"jobs": Workshop.total_jobs}, {"makers": ["cash"]}, every=2)
    for week in range(5):
        collector.collect(model, week=week + 100)
    assert collector.model_frame()["week"].to_list() == [100, 101, 102, 103, 104]
    assert collector.agent_frame("makers")["week"].unique().to_list() == [100, 102, 104]


def test_a_model_with_its_own_week_is_dated_by_it():
    model = Workshop()
    model.week = 77
    collector = ColumnCollector(columns={"shops": None})
    collector.collect(model)
    frame = collector.agent_frame("shops")
    assert frame["week"].to_list() == [77] * 4
    assert {"employment", "floor", "cash"} < set(frame.columns)


def test_agents_that_have_left_are_not_collected():
    model = Workshop()
    model.populations["makers"].occupied[3] = False
    collector = ColumnCollector(columns={"makers": ["sector"]})
    collector.collect(model)
    assert 3 not in collector.agent_frame("makers")["unique_id"].to_list()


def test_what_does_not_exist_cannot_be_collected():
    model = Workshop()
    with pytest.raises(InputError, match="'makers'"):
        ColumnCollector(columns={"maker": None}).collect(model)
    with pytest.raises(InputError, match="'employment'"):
        ColumnCollector(columns={"makers": ["employmnt"]}).collect(model)
    with pytest.raises(InputError, match="keeps no columns"):
        ColumnCollector().agent_frame("makers")
    with pytest.raises(InputError, match="every 0"):
        ColumnCollector(every=0)
    assert ColumnCollector(columns={"makers": None}).agent_frame("makers").height == 0
