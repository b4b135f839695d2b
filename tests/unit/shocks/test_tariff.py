"""Tariff: who owes the duty, where the dollar goes, and what it protects and costs.

Reference: model specification §3 (row Tariffs), §8: +10 % for 104 weeks.
"""

from __future__ import annotations

import numpy as np
import pytest

from arms import arms
from millworks.economy.imports import export_share
from millworks.economy.sectors import MANUFACTURING, SECTORS, sector_index
from millworks.shocks.registry import make_shocks
from millworks.world.matrices import transactions_flow
from millworks.world.measures import Conditions, State
from worlds import district, run, world_parameters

NAME = "tariff"
FURN = sector_index("FURN")
PAYERS = "MPRCS"


def conditions_in(week: int, **settings) -> Conditions:
    """What the shock writes in a week of the study."""
    shock = make_shocks({NAME: settings})[0]
    study = arms()
    study.follow(0)
    conditions = Conditions(study.model)
    shock.apply(State(study.model, study.model.week - week), conditions, shock.strength(week))
    return conditions


def test_it_is_a_tenth_on_all_manufactures_and_costs_a_tenth_of_their_exports():
    moved = conditions_in(0)
    np.testing.assert_allclose(moved.tariff, np.where(MANUFACTURING, 0.10, 0.0))
    np.testing.assert_allclose(moved.exports, np.where(MANUFACTURING, 0.90, 1.0))
    assert moved.abroad_price.tolist() == [1.0] * len(SECTORS)
    assert moved.parameters == {}


@pytest.mark.parametrize(
    ("settings", "week", "rate", "exports"),
    [
        ({}, 103, 0.10, 0.90),
        ({}, 104, 0.0, 1.0),
        ({"rate": 0.5}, 0, 0.5, 0.90),
        ({"intensity": 2.0}, 0, 0.2, 0.80),
        ({"retaliation": 0.0}, 0, 0.10, 1.0),
        ({"retaliation": 1.0, "intensity": 4.0}, 0, 0.4, 0.0),
        ({"ramp": 4}, 0, 0.025, 0.975),
        ({"start": 2}, 1, 0.0, 1.0),
        ({"weeks": None}, 400, 0.10, 0.90),
        ({"sectors": ["PMET"]}, 0, 0.0, 1.0),
    ],
)
def test_height_length_and_answer_can_be_set(settings, week, rate, exports):
    moved = conditions_in(week, **settings)
    assert moved.tariff[FURN] == pytest.approx(rate)
    assert moved.exports[FURN] == pytest.approx(exports)


def test_every_buyer_owes_a_tenth_of_what_it_is_invoiced_from_abroad():
    study = arms()

    def seen(model):
        trade = model.trade
        abroad = np.zeros(trade.agents)
        buyers = trade.abroad_link >= 0
        abroad[buyers] = trade.invoiced[trade.abroad_link[buyers]]
        by_holder = trade.by_holder(abroad)
        return [
            (model.ledger.flows[f"tariffs charged {k}>X"], float(by_holder[k].sum()))
            for k in PAYERS
        ]

    weeks = study.follow(5, shocks={NAME: {"weeks": 3}}, each=seen)
    for week in weeks[:3]:
        for charged, invoiced in week:
            assert charged == pytest.approx(0.10 * invoiced, rel=1e-9)
        assert sum(charged for charged, _ in week) > 0.0
    assert all(charged == 0.0 for week in weeks[3:] for charged, _ in week)


def test_the_duty_stands_in_the_row_tariffs_and_all_of_it_reaches_the_outside():
    study = arms()
    study.follow(2, shocks={NAME: {}})
    flows = transactions_flow(study.model)
    paid = [-flows.at("Tariffs", letter) for letter in PAYERS]
    assert min(paid) >= 0.0
    assert flows.at("Tariffs", "X") == pytest.approx(sum(paid), rel=1e-12)
    assert sum(paid) > 0.0


def test_a_buyer_owes_the_duty_with_its_services_and_pays_it_a_week_later():
    study = arms()
    ones = study.follow(
        3,
        shocks={NAME: {"weeks": 1, "retaliation": 0.0}},
        each=lambda m: (
            float(m.population("C").tariff[0]),
            float(m.population("C").services_payable_outside[0]),
            float(m.population("C").pay_services_outside[0]),
            float(m.population("C").services_outside[0]),
        ),
    )
    duty, owed, _, services = ones[0]
    assert duty > 0.0
    assert owed == pytest.approx(duty + services, rel=1e-9)
    assert ones[1][2] == pytest.approx(owed, rel=1e-9)
    assert ones[1][1] == pytest.approx(ones[1][3], rel=1e-9)


def test_goods_are_worth_what_they_cost_landed():
    """A unit under way costs more by the duty on its imported part, and by nothing else."""
    study = arms(q_sw=0.0, gamma_p=0.0)
    cost = [
        study.follow(1, shocks=shock, each=lambda m: float(m.population("C").inputs_shipped[0]))[0]
        for shock in ({}, {NAME: {"retaliation": 0.0}})
    ]
    assert cost[1] - cost[0] == pytest.approx(float(study.model.population("C").tariff[0]))


def test_what_shops_sell_becomes_dearer_and_inputs_cost_makers_and_rivals_more():
    def seen(model):
        trading = model.population("M").capacity > 0.0
        return float(model.population("C").price[0]), float(
            model.population("M").unit_cost[trading].mean()
        )

    study = arms(q_sw=0.0)
    calm = study.follow(50, each=seen)
    dear = study.follow(50, shocks={NAME: {"retaliation": 0.0}}, each=seen)
    assert dear[-1][0] > calm[-1][0] + 0.005
    assert dear[-1][1] > calm[-1][1]
    cost = study.model.trade.us_cost
    assert cost[MANUFACTURING].min() > 1.0
    assert cost[~MANUFACTURING].tolist() == [1.0] * int((~MANUFACTURING).sum())


def test_it_moves_buyers_from_imports_to_domestic_sellers():
    study = arms()
    calm = study.follow(30, each=lambda m: float(m.trade.group_abroad.sum()))
    taxed = study.follow(30, shocks={NAME: {}}, each=lambda m: float(m.trade.group_abroad.sum()))
    assert taxed[-1] < 0.97 * calm[-1]
    assert study.model.trade.kept_from_imports[FURN] > 1.01


def test_retaliation_alone_costs_orders_from_outside_in_the_very_week():
    """A duty of nothing that is answered: a tenth of exports of furniture is lost, 5 % of sales."""
    study = arms()

    def seen(model):
        trade = model.trade
        mine = trade.sector[trade.outside_customers] == FURN
        return float(trade.customer_demand[mine].sum())

    calm = study.follow(1, each=seen)[0]
    hit = study.follow(1, shocks={NAME: {"rate": 0.0}}, each=seen)[0]
    exported = export_share(study.model.technology.national)[FURN]
    assert hit / calm == pytest.approx(1.0 - 0.1 * exported, rel=1e-9)


def test_it_ends_after_two_years_and_costs_return():
    study = arms()

    def seen(model):
        return float(model.trade.us_cost[FURN]), model.trade.kept_from_imports[FURN]

    weeks = study.follow(120, shocks={NAME: {"weeks": 40}}, each=seen)
    assert weeks[39][0] > weeks[119][0] > 1.0
    assert weeks[39][1] > weeks[119][1] > 1.0


@pytest.mark.parametrize("settings", [{}, {"intensity": 4.0, "rate": 0.5}])
def test_books_close_for_sixty_weeks_and_after_it_with_firms_that_fail_under_duties(settings):
    hard = world_parameters("default").replace(unchecked=True, hv0=0.4)
    model = district("hickory", 60, parameters=hard, seed=7)
    run(model, 3)
    model.introduce({}, {NAME: {"weeks": 40} | settings})
    closed = 0
    for _ in range(65):
        model.step()
        closed += int((model.population("M").status == 1).any())
    assert closed > 0
    assert max(model.invariants.worst.values()) <= 1e-9
    assert not any(model.population(letter).tariff.any() for letter in PAYERS)
