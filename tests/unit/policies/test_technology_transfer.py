"""Technology transfer: whose turn it is, who pays, what it brings, and that nothing else moves.

Rules by hand: `tests/unit/agents/test_technology.py`. Reference: model specification §7.17, §8;
T15 (size zero, before its start, nobody eligible).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from millworks.agents.adoption import adoption_price, size_factor
from millworks.agents.firm import ACTIVE
from millworks.policies.budgets import PRESENT_VALUE, SALES_OF_DEFAULT
from millworks.policies.technology_transfer import CIRCLE
from millworks.programmes import engagements
from worlds import district, fingerprint, run, world_parameters

NAME = "technology_transfer"
BEFORE = 30
MAKERS = 80
MANY = {"engagements": 1_000.0}
"""More than the owners of the district would take."""


@pytest.fixture(scope="module")
def started():
    """A district after `BEFORE` weeks in which nobody meets an opportunity by itself."""
    rates = world_parameters("default").replace(h_adopt=0.0)
    model = district("hickory", MAKERS, parameters=rates, seed=3)
    run(model, BEFORE)
    return model, model.state()


@pytest.fixture
def model(started):
    found, state = started
    found.load_state(state)
    return found


@pytest.fixture(scope="module")
def failing():
    """A district whose makers close early and in debt."""
    hard = world_parameters("default").replace(
        unchecked=True, hv0=0.4, recov=0.02, stock_resale=0.02, buf=6.0
    )
    model = district("hickory", MAKERS, parameters=hard, seed=3)
    run(model, 8)
    return model, model.state()


def follow(model, weeks: int, **settings) -> Counter:
    """Introduce the policy, let weeks pass with all identities checked, and add up the flows."""
    model.introduce({NAME: settings})
    total: Counter = Counter()
    for _ in range(weeks):
        model.step()
        total.update(model.ledger.flows)
        total["public"] += model.measures.cost[NAME]
        total["others"] += model.measures.resource_cost[NAME]
    return total


def after(model, weeks: int, **settings) -> str:
    follow(model, weeks, **settings)
    return fingerprint(model.state())


def engaged(model) -> int:
    return int(model.population("M").engagements.sum())


# --- places and the queue


def test_places_come_up_at_an_even_rate_and_the_scale_model_has_its_part(model):
    follow(model, 52, engagements=20.0 / model.scale, engagement_scale=0)
    assert engaged(model) == pytest.approx(20, abs=1)


def test_places_are_those_of_a_maker_of_the_mean_size_and_cost_as_many_dollars(model):
    """Of twenty places all that is not open has been paid for: 4,000 USD of the programme each."""
    total = follow(model, 52, engagements=20.0 / model.scale)
    left = float(model.population("G").engagement_places[0])
    assert total["programme engagements G>S"] / 4_000.0 + left == pytest.approx(20.0)
    assert engaged(model) > 10


def test_an_engagement_costs_by_the_square_root_of_the_makers_size(model):
    """Employees of its usual volume over 21.2; whoever has fewer than one counts as one."""
    makers, rows = model.population("M"), np.arange(MAKERS)
    model.introduce({NAME: MANY})
    model.step()
    new = np.flatnonzero(makers.engagement_fee > 0.0)
    made = np.minimum(makers.demand_forecast, makers.capacity)
    people = 52.0 * made * model.technology.jobs[makers.sector] * makers.jobs_factor
    share = np.sqrt(np.maximum(1.0, people) / 21.2)
    assert makers.engagement_fee[new] == pytest.approx(4_000.0 * share[new])
    assert size_factor(model, rows, 1.0) == pytest.approx(share**2)
    assert share.max() / share.min() > 4.0


def test_a_large_maker_uses_up_places_that_are_still_to_come(model):
    """A place a week, and makers of more than a hundred take two or three: the next one waits."""
    model.introduce({NAME: {"engagements": 52.0 / model.scale, "sizes": ["100-499"]}})
    served, open_places = [], []
    for _ in range(12):
        before = engaged(model)
        model.step()
        served.append(engaged(model) - before)
        open_places.append(float(model.population("G").engagement_places[0]))
    assert max(served) == 1
    assert 2 <= sum(served) <= 6
    assert min(open_places) < -0.5


def test_the_common_budget_buys_what_it_pays_at_all_but_the_makers_part(model):
    """2 million over ten years at 3 % are 234,461 a year: 29.3 of 8,000 USD in all of Hickory."""
    model.introduce({NAME: {}})
    model.step()
    sales = 52.0 * float(model.population("M").base_output.sum())
    yearly = PRESENT_VALUE * 0.03 / (1.0 - 1.03**-10) * sales / SALES_OF_DEFAULT
    weekly = float(model.population("G").engagement_rate[0])
    assert weekly == pytest.approx(yearly / 8_000.0 / 52.0)
    all_of_hickory = PRESENT_VALUE * 0.03 / (1.0 - 1.03**-10) / 8_000.0
    assert all_of_hickory == pytest.approx(29.3, abs=0.02)


def test_who_was_advised_least_comes_first_and_then_the_place_in_the_queue(model):
    makers = model.population("M")
    model.introduce({NAME: {"engagements": 52.0 / model.scale}})
    model.step()
    rows = np.arange(MAKERS)
    makers.engagements[rows] = rows % 2
    queue = engagements._queue(model, lambda asked: np.full(len(asked), 1e9))
    luck = model.streams.uniform("engagement_queue", makers.identity, generation=makers.generation)
    places = list(zip(makers.engagements[queue].tolist(), luck[queue].tolist(), strict=True))
    assert places == sorted(places)
    assert len(places) > 10


def test_a_maker_applies_only_if_it_can_pay_and_would_gain(model):
    makers, rates = model.population("M"), model.parameters
    model.introduce({NAME: MANY})
    model.step()
    free = makers.cleared - rates.buffer_kept * makers.cash_buffer
    fee = 4_000.0 * size_factor(model, np.arange(MAKERS), 0.5)
    idle = (makers.engaged_until <= model.week) & (makers.technology_left <= 0.0)
    able = np.flatnonzero(idle & (makers.status == ACTIVE) & (free >= fee))
    worth = np.where(np.arange(MAKERS) % 3 == 0, 1.25 * fee, 0.9999 * fee)
    queue = engagements._queue(model, lambda asked: worth[asked])
    assert sorted(queue.tolist()) == [row for row in able.tolist() if row % 3 == 0]
    assert 0 < len(queue) < len(able) < MAKERS


def test_advice_lasts_a_year_and_nobody_has_two_at_a_time(model):
    makers = model.population("M")
    model.introduce({NAME: MANY})
    since, count = np.full(MAKERS, -100), makers.engagements.copy()
    for _ in range(110):
        model.step()
        new = makers.engagements > count
        assert (model.week - since[new] >= engagements.LASTS).all()
        since[new], count = model.week, makers.engagements.copy()
    assert count.max() >= 1


def test_a_place_that_nobody_takes_stays_open_for_a_quarter(model):
    model.introduce({NAME: {"engagements": 52.0 / model.scale, "engagement_cost": 100_000.0}})
    model.population("M").cash_buffer[:] = 1e12
    run(model, 40)
    assert model.population("G").engagement_places[0] == pytest.approx(13.0)
    assert engaged(model) == 0


# --- what it brings


def test_without_advice_nobody_adopts_here_and_with_it_only_those_advised_do(model):
    follow(model, 60, engagements=60.0 / model.scale)
    makers = model.population("M")
    assert makers.adoptions.sum() > 0
    assert (makers.engagements[makers.adoptions > 0] > 0).all()
    assert makers.adoptions.sum() <= engaged(model)


def test_advice_helps_nobody_where_no_technology_pays(model):
    """At a price at which nobody would gain, nobody applies and nothing is paid."""
    model.base_parameters = model.base_parameters.replace(unchecked=True, adoption_cost=1e9)
    model.load_state(model.state())
    total = follow(model, 30, **MANY)
    model.base_parameters = model.base_parameters.replace(unchecked=True, adoption_cost=80_000.0)
    assert engaged(model) == 0
    assert total["public"] == 0.0


def test_more_places_than_takers_are_not_used(model):
    """The policy is saturated: a thousand engagements a year bring no more than two thousand."""
    state = model.state()
    follow(model, 52, **MANY)
    first = engaged(model)
    model.load_state(state)
    follow(model, 52, engagements=2_000.0)
    assert engaged(model) == first < MAKERS


def test_those_advised_are_one_circle_while_it_lasts(model):
    model.introduce({NAME: MANY | {"weeks": 30}})
    run(model, 20)
    makers = model.population("M")
    advised = (makers.engagements > 0) & (makers.engaged_until < model.week + engagements.LASTS)
    assert (makers.knowledge_group[advised & (makers.status == ACTIVE)] == CIRCLE).all()
    assert (makers.knowledge_group[makers.engagements == 0] == -1).all()
    run(model, 12)
    assert (makers.knowledge_group == -1).all()


def test_output_per_hour_of_those_advised_rises_and_they_ask_for_less_for_it(model):
    state = model.state()
    run(model, 156)
    makers = model.population("M")
    price = makers.price.copy()
    model.load_state(state)
    follow(model, 156, engagements=100.0 / model.scale)
    done = (makers.adoptions > 0) & (makers.status == ACTIVE)
    assert done.sum() > 5
    assert np.log(makers.productivity[done]).mean() > 0.01
    assert (makers.price[done] / price[done]).mean() < 1.0


def test_technology_costs_by_size_and_the_same_for_all_only_where_the_scale_is_off(model):
    """80,000 for 21.2 people; 0.8 as exponent, so ten times the people pay 6.3 times as much."""
    rows, rates = np.arange(MAKERS), model.parameters
    price, people = adoption_price(model, rows), 21.2 * size_factor(model, rows, 1.0)
    assert price == pytest.approx(80_000.0 * (people / 21.2) ** 0.8)
    assert price.min() < 20_000.0 < 200_000.0 < price.max()
    model.parameters = rates.replace(adoption_scale=0.0)
    assert adoption_price(model, rows) == pytest.approx(np.full(MAKERS, 80_000.0))
    model.parameters = rates


# --- who pays whom


def test_each_engagement_is_paid_in_three_parts_to_advisers_here(model):
    overhead = model.parameters.programme_overhead
    total = follow(model, 60, engagements=60.0 / model.scale, engagement_scale=0)
    cost = 12_000.0 * engaged(model)
    parts = [total[f"{name}>S"] for name in ("engagements M", "engagements X")]
    programme = total["programme engagements G>S"]
    assert engaged(model) > 10
    assert [*parts, programme] == pytest.approx([cost / 3.0] * 3)
    assert total["public"] == pytest.approx((1.0 + overhead) * programme)
    assert total["others"] == pytest.approx(sum(parts))
    assert total["levy withheld H>G"] > 0.0
    assert total["programme funded X>G"] == 0.0


def test_the_parts_are_what_the_settings_say(model):
    total = follow(
        model,
        30,
        engagements=60.0 / model.scale,
        engagement_cost=20_000.0,
        engagement_scale=0,
        client_share=0.1,
        federal_share=0,
    )
    cost = 20_000.0 * engaged(model)
    assert total["engagements M>S"] == pytest.approx(0.1 * cost)
    assert total["engagements X>S"] == 0.0
    assert total["programme engagements G>S"] == pytest.approx(0.9 * cost)


def test_somebody_outside_may_pay_instead_of_a_levy(model):
    total = follow(model, 30, engagements=60.0 / model.scale, payer="outside")
    assert total["programme funded X>G"] == pytest.approx(total["public"])
    assert total["levy withheld H>G"] == 0.0


def test_the_books_close_every_week_while_advised_firms_fail(failing):
    model, state = failing
    model.load_state(state)
    total = follow(model, 70, **MANY)
    assert total["technology devalued M"] < 0.0
    assert engaged(model) > 0


# --- nothing else moves


@pytest.mark.parametrize(
    "settings",
    [{"intensity": 0.0}, {"start": 1000}, {"sectors": ["PAPR"], "sizes": ["<5"]}],
    ids=["size zero", "before its start", "nobody eligible"],
)
def test_where_nothing_is_offered_not_a_bit_changes(model, settings):
    makers = model.population("M")
    state = model.state()
    run(model, 20)
    alone = fingerprint(model.state())
    model.load_state(state)
    if "sectors" in settings:
        from millworks.economy.sectors import sector_index

        small = (makers.sector == sector_index("PAPR")) & (makers.size_class == 0)
        assert not small.any()
    assert after(model, 20, **settings) == alone


def test_a_setting_at_its_default_changes_no_bit(model):
    state = model.state()
    usual = after(model, 20)
    model.load_state(state)
    same = {"engagement_cost": 12_000.0, "engagement_scale": 0.5, "client_share": 1.0 / 3.0}
    assert after(model, 20, **same) == usual
