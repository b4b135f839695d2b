"""What a unit costs each manufacturer at the start: the price of one is spent to the last cent.

Reference: model specification §5.2, §5.3, §7.10, §7.11.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.economy import freight, space
from millworks.economy.national import national_accounts
from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.economy.technology import TRN, make_technology
from millworks.start.costs import (
    LEAST_INPUTS,
    MOST_INPUTS,
    RRE,
    choose_intervals,
    set_costs,
    without_explicit_rows,
)
from worlds import district, linear, world_parameters


@pytest.fixture(scope="module")
def recipe():
    return make_technology(national_accounts(2022), np.full(N_SECTORS, 0.3))


@pytest.fixture(scope="module")
def model(recipe):
    """Hickory with 300 of its makers, whose costs are set for their output as it stands."""
    model = district("hickory", 300, parameters=world_parameters("default"))
    set_costs(model, model.founding.flows, recipe)
    return model


@pytest.fixture(scope="module")
def plain():
    """The same in linear mode."""
    return district("hickory", 300, parameters=linear())


def inputs_per_unit(recipe) -> np.ndarray:
    """Goods and services per unit of output of each sector, USD [34]."""
    services = recipe.services_local.sum(axis=0) + recipe.services_us.sum(axis=0)
    return recipe.goods_rate + services + recipe.services_abroad


@pytest.mark.parametrize(("row", "key"), [(TRN, "explicit_freight"), (RRE, "explicit_space")])
def test_freight_and_rent_leave_manufacturers_columns_where_they_are_explicit(recipe, row, key):
    """And only there: shops and blocks go on buying them by the table."""
    off = {"explicit_freight": 0.0, "explicit_space": 0.0}
    rates = world_parameters("default").replace(unchecked=True, **(off | {key: 1.0}))
    changed = without_explicit_rows(recipe, rates)
    for name in ("services_local", "services_us"):
        before, after = getattr(recipe, name), getattr(changed, name)
        assert before[row, MANUFACTURING].sum() > 0.0
        assert (after[row, MANUFACTURING] == 0.0).all()
        assert np.array_equal(after[:, ~MANUFACTURING], before[:, ~MANUFACTURING])
        others = np.delete(np.arange(N_SECTORS), row)
        assert np.array_equal(after[others], before[others])


def test_in_linear_mode_the_table_stays_whole_to_the_bit(recipe):
    same = without_explicit_rows(recipe, linear())
    assert np.array_equal(same.services_local, recipe.services_local)
    assert np.array_equal(same.services_us, recipe.services_us)


@pytest.mark.parametrize("letter", ["M", "P"])
def test_cost_and_mark_up_make_up_the_price(model, letter):
    """Pay, inputs, taxes, freight and, at 80 % of capacity, rent, wear and interest, by hand."""
    firms, recipe, rates = model.population(letter), model.technology, model.parameters
    np.testing.assert_allclose(firms.unit_cost + firms.markup, 1.0, rtol=1e-12)
    cost = recipe.wage[firms.sector] * firms.labour_factor + recipe.tax[firms.sector]
    cost = cost + inputs_per_unit(recipe)[firms.sector] * firms.input_factor + firms.freight_units
    fixed = 52.0 * firms.rent + rates.dep * firms.base_capital
    if letter == "M":
        fixed = fixed + rates.debt_sales * firms.output * 52.0 * rates.rate_bank
    cost = cost + fixed / 52.0 / (0.8 * firms.capacity)
    np.testing.assert_allclose(firms.unit_cost, cost, rtol=1e-9)


def test_inputs_stay_within_their_bounds(model):
    for letter in "MP":
        factor = model.population(letter).input_factor
        assert factor.min() >= LEAST_INPUTS
        assert factor.max() <= MOST_INPUTS
    assert model.population("M").input_factor.std() > 0.01


def test_partners_take_what_makers_leave_of_a_sectors_inputs(model):
    """Where no bound bites, makers and partners together use what the column says."""
    makers, partners = model.population("M"), model.population("P")
    both = model.by_sector("M", makers.output) + model.by_sector("P", partners.output)
    used = model.by_sector("M", makers.output * makers.input_factor)
    used = used + model.by_sector("P", partners.output * partners.input_factor)
    free = np.zeros(N_SECTORS, dtype=bool)
    inside = (partners.input_factor > LEAST_INPUTS) & (partners.input_factor < MOST_INPUTS)
    free[partners.sector[inside]] = True
    assert free.sum() >= 2
    np.testing.assert_allclose(used[free], both[free], rtol=1e-12)


def test_freight_of_the_start_is_what_the_table_pays_carriers(model, recipe):
    """Row TRN of the column, by sector: the tariff's factor is set so."""
    carriers = (recipe.services_local + recipe.services_us)[TRN]
    made, paid = np.zeros(N_SECTORS), np.zeros(N_SECTORS)
    for letter in "MP":
        firms = model.population(letter)
        made += model.by_sector(letter, firms.output)
        paid += model.by_sector(letter, firms.output * firms.freight_units)
    making = made > 0.0
    # Weeks between shipments are whole numbers and may answer to the last change of the factor.
    np.testing.assert_allclose(paid[making], (carriers * made)[making], rtol=0.05)


def test_carriers_of_the_district_get_a_part_of_each_sectors_freight(model):
    assert (model.carriers_local >= 0.0).all()
    assert (model.carriers_local <= 1.0).all()
    assert model.carriers_local[MANUFACTURING].max() > 0.0


@pytest.mark.parametrize("letter", ["M", "P"])
def test_floors_hold_people_and_goods_and_come_in_steps(model, letter):
    firms, prices = model.population(letter), space.price_list()
    assert (firms.floor_space >= prices.square_feet_per_worker * firms.jobs).all()
    assert (firms.floor_space % prices.lease_step_small == 0.0).all()
    rate = np.array([space.rent_rate(size, prices) for size in firms.floor_space])
    np.testing.assert_allclose(firms.rent, firms.floor_space * rate / 52.0, rtol=1e-12)
    assert (firms.lease_end >= 0).all()
    assert (firms.lease_end <= 52 * prices.lease_years).all()


def test_in_linear_mode_every_firm_has_its_sectors_column_and_no_freight_or_rent(plain):
    for letter in "MP":
        firms = plain.population(letter)
        for name in ("input_factor", "labour_factor", "jobs_factor"):
            np.testing.assert_allclose(getattr(firms, name), 1.0, rtol=1e-15)
        for name in ("freight_units", "rent", "floor_space"):
            assert (getattr(firms, name) == 0.0).all()


def intervals(flow, *, sold=True, holding=0.25, miles=500.0):
    """Weeks between shipments and freight a week of one link; 2 lb a unit, tariff as listed."""
    tariff = freight.price_list()
    interval, cost = np.array([9]), np.array([-1.0])
    choose_intervals(
        np.array([float(flow)]),
        np.array([sold]),
        np.zeros(1, dtype=np.int64),
        np.array([2.0]),
        np.array([1.0]),
        *freight.distance_factors([miles], tariff),
        freight.rail_costs([miles], tariff),
        tariff,
        holding,
        interval,
        cost,
    )
    return int(interval[0]), float(cost[0])


def test_small_customers_are_sent_goods_every_fourth_week_and_large_ones_every_week():
    """Five units a week are one parcel's fixed price a month; 60,000 fill trucks anyhow."""
    weeks, cost = intervals(5)
    tariff = freight.price_list()
    assert weeks == 4
    assert cost == pytest.approx((tariff.parcel_fixed + 40 * tariff.parcel_per_pound) / 4)
    assert intervals(60_000)[0] == 1


def test_dear_waiting_brings_shipments_forward():
    assert intervals(5, holding=50.0)[0] < intervals(5)[0]


@pytest.mark.parametrize(("flow", "sold"), [(0, True), (100, False)])
def test_links_without_goods_of_manufacturers_cost_no_freight(flow, sold):
    assert intervals(flow, sold=sold) == (1, 0.0)
