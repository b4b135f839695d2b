"""Stocks, order books and lots that theory gives in closed form: T5, T6, T7, T8 and T9.

    T5  backlog = accepted · mean wait;  stock = flow · time             Little's law, 1 %
    T6  order of a shop = √(2 K_o 52 d c / h) / c                        to a week's demand
    T7  P(no stock-out) = Φ(z);  newsvendor: z = Φ⁻¹(c_u / (c_u + c_o))  one point
    T8  work at the end of a week: W' = max(0, W + a - 1)                Lindley, 1e-12
    T9  lead time above capacity: ℓ* = ℓ_0 + τ ln(D/K)                   1 %

Worlds are linear mode with one mechanism switched on. Reference: model specification §12, §7.2,
§7.5, §7.6; Little (1961), Lindley (1952), Wilson's lot.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from millworks.district_model import DistrictModel
from millworks.economy.sectors import MANUFACTURING
from millworks.week.restock import order_up_to, reorder_point
from millworks.world.streams import Streams
from worlds import district, orders, run, world_parameters


def linear_but_for(**changes: float) -> DistrictModel:
    parameters = world_parameters("linear").replace(unchecked=True, **changes)
    return district(makers=40, parameters=parameters, seed=3, check_every=13)


def overloaded(extra: float, weeks: int) -> DistrictModel:
    """Makers at 78 % of capacity, asked for `extra` times their output on top, until it settles."""
    model = linear_but_for(
        utilisation=0.78, s_dk=0.01, ell0=3.0, tau_l=6.0, cover_in=30.0, ship_weeks=1.0
    )
    made = np.where(MANUFACTURING, model.founding.flows_by_sector, 0.0)
    model.programme = orders(made, extra)
    run(model, weeks)
    return model


@pytest.fixture(scope="module")
def busy() -> DistrictModel:
    return overloaded(0.6, 260)


def test_demand_above_capacity_settles_at_the_lead_time_customers_bear(busy):
    """T9: ℓ* = ℓ_0 + τ ln(D/K) for every maker asked for more than it can make."""
    for letter in "MP":
        firms = busy.population(letter)
        load = firms.orders / firms.capacity
        assert load.min() > 1.02
        lead = firms.backlog / firms.capacity
        rates = busy.parameters
        np.testing.assert_allclose(lead, rates.ell0 + rates.tau_l * np.log(load), rtol=0.01)
        np.testing.assert_allclose(firms.accepted * load, 1.0, rtol=0.01)


def test_the_order_book_is_what_is_accepted_a_week_times_the_mean_wait(busy):
    """T5: the wait is that of one week's orders, followed until they have left."""
    makers, trade = busy.population("M"), busy.trade
    accepted = makers.accepted * makers.orders
    left, wait = np.ones(makers.size), np.zeros(makers.size)
    for _ in range(104):
        before = trade.of_seller(trade.backlog)[trade.spans["M"]]
        taken = makers.accepted * makers.orders
        busy.step()
        made = trade.of_seller(trade.made)[trade.spans["M"]]
        left *= 1.0 - made / (before + taken)
        wait += left
    assert left.max() < 1e-3
    np.testing.assert_allclose(wait, makers.backlog / accepted, rtol=0.01)


@pytest.mark.parametrize("weeks", [1, 3, 6])
def test_goods_under_way_are_the_weekly_flow_times_the_weeks_under_way(weeks):
    """T5, in units and at cost, for every buyer."""
    model = linear_but_for(ship_weeks=float(weeks))
    run(model, 30)
    trade = model.trade
    flow = trade.by_buyer(trade.shipped)
    under_way = trade.by_buyer(trade.transit.sum(axis=0))
    np.testing.assert_allclose(under_way, weeks * flow, rtol=0.01)
    for letter in "MPRC":
        span = trade.spans[letter]
        np.testing.assert_allclose(
            model.population(letter).in_transit, weeks * flow[span], rtol=0.01
        )


def test_invoices_are_the_weekly_flow_times_the_weeks_of_credit():
    """T5: five weeks of sales to small buyers, eight to large ones, none paid late."""
    model = linear_but_for()
    run(model, 30)
    trade = model.trade
    assert set(trade.terms) == {5, 8}
    np.testing.assert_allclose(
        trade.outstanding(), trade.terms * trade.invoiced, rtol=0.01, atol=1e-6
    )


@pytest.mark.parametrize("cover", [2.0, 6.0])
def test_inputs_on_hand_are_the_weekly_use_times_the_cover(cover):
    """T5: counted when the week's output has been made, before the next delivery."""
    model = linear_but_for(cover_in=cover)
    run(model, 30)
    for letter in "MP":
        firms = model.population(letter)
        held = firms.units_on_hand + firms.goods_used
        np.testing.assert_allclose(held, cover * firms.goods_used, rtol=0.01)


def test_a_shop_orders_the_lot_that_balances_ordering_and_holding():
    """T6: every order is the economic lot, or up to a week's sales above it."""
    model = linear_but_for(K_o=600.0)
    shops = model.population("R")
    orders_placed = np.zeros(shops.size)
    run(model, 26)
    for _ in range(104):
        model.step()
        cost, demand = model.landed_cost("R"), shops.usage_forecast
        lot = np.sqrt(2.0 * 600.0 * 52.0 * demand * cost / model.parameters.h_c) / cost
        ordering = shops.goods_ordered > 0.0
        beyond = shops.goods_ordered - lot
        assert (beyond[ordering] > -0.01 * lot[ordering]).all()
        week = demand + shops.supplies_used
        assert (beyond[ordering] < 1.01 * week[ordering] + 0.01 * lot[ordering]).all()
        orders_placed += ordering
    gaps = 104.0 / orders_placed
    assert gaps.max() > 4.0
    np.testing.assert_array_less(np.abs(gaps - lot / demand), 1.5)


def stock_at_week_ends(lead: int, service: float, weeks: int, seed: int) -> np.ndarray:
    """Stock less what customers wait for, of a shop that orders up to its reorder point."""
    mean, sd = 100.0, 15.0
    level = reorder_point(mean, sd / 1.25, float(lead), 0.0, service)
    demand = mean + sd * Streams(seed).normal("test", np.arange(weeks))
    under_way = [mean] * lead
    held, path = level - mean * lead, np.empty(weeks)
    for week in range(weeks):
        ordered = order_up_to(held + sum(under_way), level, level)
        under_way.append(ordered)
        held += under_way.pop(0) - demand[week]
        path[week] = held
    return path


@pytest.mark.parametrize("lead", [1, 3])
@pytest.mark.parametrize("service", [0.0, 1.0, 1.645])
def test_base_stock_serves_the_promised_share_of_weeks(lead, service):
    """T7: demand N(d, σ²), fixed lead: P(no stock-out) = Φ(z)."""
    path = stock_at_week_ends(lead, service, 40_000, seed=7)
    assert (path >= 0.0).mean() == pytest.approx(NormalDist().cdf(service), abs=0.01)


def test_the_reorder_point_covers_deliveries_of_uncertain_length():
    """T7: lead 3 ± .7 weeks; demand of the whole and the broken weeks until delivery."""
    draws, mean, sd, service = 200_000, 100.0, 15.0, 1.645
    level = reorder_point(mean, sd / 1.25, 3.0, 0.7, service)
    streams, who = Streams(11), np.arange(draws)
    weeks = np.maximum(0.0, 4.0 + 0.7 * streams.normal("test", who))
    demand = mean * weeks + sd * np.sqrt(weeks) * streams.normal("test", who, draw=1)
    assert (demand <= level).mean() == pytest.approx(NormalDist().cdf(service), abs=0.01)


@pytest.mark.parametrize(("short", "over"), [(3.0, 1.0), (1.0, 1.0), (1.0, 4.0)])
def test_the_newsvendor_orders_the_quantity_at_the_critical_ratio(short, over):
    """T7, one period: the point of least cost is the rule's at z = Φ⁻¹(c_u / (c_u + c_o))."""
    mean, sd = 100.0, 15.0
    demand = mean + sd * Streams(13).normal("test", np.arange(100_000))
    quantities = np.linspace(60.0, 140.0, 321)
    cost = [
        (short * np.maximum(demand - q, 0.0) + over * np.maximum(q - demand, 0.0)).mean()
        for q in quantities
    ]
    best = quantities[int(np.argmin(cost))]
    ratio = NormalDist().inv_cdf(short / (short + over))
    assert reorder_point(mean, sd / 1.25, 0.0, 0.0, ratio) == pytest.approx(best, abs=1.0)


def queue(makers: int, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """Work asked for and work in hand at week ends, [weeks, makers], in weeks of full use.

    Outside customers are all there is; a maker is asked for Poisson(.8) jobs a week, each of
    exponential size with mean one, and takes every order. Plant does not wear.
    """
    parameters = world_parameters("linear").replace(
        unchecked=True, utilisation=0.8, s_dk=0.01, cover_in=30.0, dep=1e-300
    )
    model = district(
        makers=makers, parameters=parameters, seed=3, check_every=0, shares=np.zeros(34)
    )
    trade, firms = model.trade, model.population("M")
    first = {int(trade.seller[link]): row for row, link in enumerate(trade.outside_customers)}
    rows = np.array([first[seller] for seller in range(firms.size)])
    links = trade.outside_customers[rows]
    base = firms.base_output / trade.base_order[links]
    streams, who = Streams(17), np.arange(firms.size)
    usual = np.isin(trade.seller[trade.outside_customers], np.arange(firms.size))
    asked, work = np.empty((weeks, firms.size)), np.empty((weeks, firms.size))
    for week in range(weeks):
        jobs = streams.poisson("test", who, 0.8, week=week)
        sizes = np.zeros(firms.size)
        for job in range(int(jobs.max())):
            size = streams.exponential("test", who, week=week, draw=1 + job)
            sizes += np.where(job < jobs, size, 0.0)
        with np.errstate(divide="ignore"):
            trade.demand_state[usual] = -math.inf
            relative = sizes * firms.capacity / firms.base_output
            trade.demand_state[rows] = np.log(relative * base)
        model.step()
        asked[week] = firms.orders / firms.capacity
        work[week] = firms.backlog / firms.capacity
    return asked, work


def lindley(asked: np.ndarray, start: np.ndarray) -> np.ndarray:
    work, path = start.copy(), np.empty_like(asked)
    for week, arrivals in enumerate(asked):
        work = np.maximum(0.0, work + arrivals - 1.0)
        path[week] = work
    return path


def test_work_in_hand_follows_lindleys_recursion():
    """T8: the same arrivals through W' = max(0, W + a - 1), for every maker."""
    asked, work = queue(makers=40, weeks=104)
    assert asked.mean() == pytest.approx(0.8, abs=0.1)
    assert work.max() > 4.0
    np.testing.assert_allclose(work, lindley(asked, np.zeros(40)), rtol=0.0, atol=1e-12)


@pytest.mark.slow
def test_mean_work_in_hand_is_that_of_the_queue():
    """T8: 3.68 weeks at a load of .8; 2 %, after a year of warming up."""
    _, work = queue(makers=400, weeks=3000)
    assert work[52:].mean() == pytest.approx(3.68, rel=0.02)
