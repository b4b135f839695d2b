"""Multipliers by algebra against answers worked out by hand or known beforehand."""

import numpy as np
import pytest
from fixtures_of_tables import three_sectors

import millworks
from millworks.economy.input_output import CLOSURES, InputOutputTable
from millworks.economy.national import national_accounts
from millworks.economy.sectors import SECTORS, sector_index

ONE_DOLLAR = [1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("quantity", "type_i", "type_ii", "type_sam"),
    [
        ("output", 1.2423, 1.6902, 1.5080),
        ("value_added", 0.6615, 0.9392, 0.8262),
        ("jobs", 4.693, 8.346, 6.860),
    ],
)
def test_a_dollar_of_maker_demand_in_the_three_sector_district(quantity, type_i, type_ii, type_sam):
    table = three_sectors()
    places = 4 if quantity != "jobs" else 3
    assert round(table.type_i(quantity, ONE_DOLLAR).sum(), places) == type_i
    assert round(table.type_ii(quantity, ONE_DOLLAR).sum(), places) == type_ii
    assert round(table.type_sam(quantity, ONE_DOLLAR).sum(), places) == type_sam


def test_two_sector_textbook_table_worked_by_hand():
    # A = [[.15, .25], [.20, .05]]; determinant of I - A = .85 x .95 - .25 x .20 = .7575.
    table = InputOutputTable([[0.15, 0.25], [0.20, 0.05]], sectors=["one", "two"])
    by_hand = np.array([[0.95, 0.25], [0.20, 0.85]]) / 0.7575
    np.testing.assert_allclose(table.leontief(), by_hand, rtol=1e-14)
    np.testing.assert_allclose(table.type_i("output", [600, 1500]), by_hand @ [600, 1500])
    np.testing.assert_allclose(table.multipliers(), [1.15 / 0.7575, 1.10 / 0.7575], rtol=1e-14)


def test_two_sector_table_closed_to_households_by_hand():
    # One sector of everything: x = 1 / (1 - a - s h w) with a = .3, w = .5, h = .8, s = .5.
    table = InputOutputTable(
        [[0.3]], sectors=["all"], labour_income=[0.5], value_added=[0.6], basket=[0.8]
    )
    assert table.type_ii("output", [1.0], respent=0.5).sum() == pytest.approx(1 / (1 - 0.3 - 0.2))
    assert table.type_ii("labour_income", [1.0], respent=0.5).sum() == pytest.approx(1.0)
    # Imports: .1 of output as inputs, and a fifth of the half of pay that is spent.
    expected = 2.0 * (0.1 + 0.5 * 0.5 * 0.2)
    assert table.type_ii("imports", "all", respent=0.5).sum() == pytest.approx(expected)


def test_textbook_type_ii_ignores_where_earners_live():
    at_home, abroad = three_sectors(resident_share=1.0), three_sectors(resident_share=0.1)
    for quantity in ("output", "jobs"):
        np.testing.assert_array_equal(
            at_home.type_ii(quantity, ONE_DOLLAR), abroad.type_ii(quantity, ONE_DOLLAR)
        )
    assert at_home.type_sam("output", "maker").sum() > abroad.type_sam("output", "maker").sum()


def test_type_ii_without_respending_is_type_i():
    table = three_sectors()
    np.testing.assert_array_equal(
        table.type_ii("output", ONE_DOLLAR, respent=0.0), table.type_i("output", ONE_DOLLAR)
    )


def test_a_sector_code_is_one_dollar_of_its_goods():
    table = three_sectors()
    np.testing.assert_array_equal(
        table.type_i("jobs", "retail"), table.type_i("jobs", [0.0, 1.0, 0.0])
    )


def test_effects_are_proportional_to_demand_and_add_up():
    table = three_sectors()
    twice = table.type_sam("output", [2.0, 0.0, 3.0])
    parts = 2 * table.type_sam("output", "maker") + 3 * table.type_sam("output", "service")
    np.testing.assert_allclose(twice, parts, rtol=1e-14)


@pytest.mark.parametrize("closure", CLOSURES)
@pytest.mark.parametrize("demand", ["maker", [0.2, 0.5, 0.3], [5.0, 1.0, 0.0]])
def test_every_dollar_leaks_once(closure, demand):
    table = three_sectors(taxes=(0.02, 0.10, 0.05))
    leaks = table.leakages(demand, closure, respent=0.7)
    assert sum(leaks.values()) == pytest.approx(1.0, abs=1e-14)
    assert min(leaks.values()) >= 0.0


def test_pay_of_commuters_leaks_before_tax_and_saving():
    table = three_sectors()
    leaks = table.leakages("maker", "type_sam")
    pay = table.type_sam("labour_income", "maker").sum()
    assert leaks["commuters"] == pytest.approx(0.12 * pay)
    assert leaks["household_tax"] == pytest.approx(0.88 * 0.18 * pay)
    assert leaks["saving"] == pytest.approx(0.88 * 0.82 * 0.06 * pay)


def test_a_nation_buys_nothing_from_the_rest_of_the_nation():
    accounts = national_accounts(2022)
    leaks = accounts.table.leakages(accounts.manufacturing_weights, "type_ii", respent=0.8)
    assert leaks["rest_of_us"] == 0.0
    assert sum(leaks.values()) == pytest.approx(1.0, abs=1e-14)
    imports = accounts.table.type_ii("imports", accounts.manufacturing_weights, respent=0.8)
    assert leaks["imports"] == pytest.approx(imports.sum(), rel=1e-12)


@pytest.mark.parametrize("respent", [None, 0.5])
def test_rounds_of_spending_converge_to_the_inverse(respent):
    table = three_sectors()
    rounds = table.rounds("maker", 200, respent)
    assert rounds.shape == (201, 3)
    np.testing.assert_array_equal(rounds[0], ONE_DOLLAR)
    np.testing.assert_array_equal(rounds[1], ONE_DOLLAR + table.closed_matrix(respent)[:, 0])
    assert (np.diff(rounds, axis=0) >= 0).all()
    np.testing.assert_allclose(rounds[-1], table.leontief(respent)[:, 0], rtol=1e-12)


@pytest.mark.parametrize(
    ("year", "type_i", "type_ii", "share"),
    [(2022, 1.882, 2.565, 0.884), (2017, 1.908, 2.656, 0.816)],
)
def test_manufacturing_multipliers_of_the_official_tables(year, type_i, type_ii, share):
    accounts = national_accounts(year)
    table, weights = accounts.table, accounts.manufacturing_weights
    assert table.type_i("output", weights).sum() == pytest.approx(type_i, abs=6e-4)
    assert table.type_ii("output", weights, respent=0.80).sum() == pytest.approx(type_ii, abs=6e-4)
    found = table.respending_share(2.68, weights)
    assert found == pytest.approx(share, abs=5e-4)
    assert table.type_ii("output", weights, respent=found).sum() == pytest.approx(2.68, abs=1e-12)


SUBSECTORS_2022 = {
    "FOOD": (2.31, 3.03, 3.34),
    "TEXT": (1.93, 2.78, 3.15),
    "APPL": (1.49, 2.45, 2.88),
    "WOOD": (2.03, 2.77, 3.10),
    "PAPR": (2.00, 2.73, 3.05),
    "PRNT": (1.75, 2.66, 3.05),
    "PETR": (1.87, 2.20, 2.35),
    "CHEM": (1.63, 2.12, 2.33),
    "PLAS": (1.97, 2.72, 3.05),
    "NMET": (1.84, 2.63, 2.98),
    "PMET": (1.84, 2.40, 2.64),
    "FMET": (1.88, 2.75, 3.13),
    "MACH": (1.81, 2.65, 3.01),
    "COMP": (1.32, 2.35, 2.80),
    "ELEC": (1.76, 2.60, 2.96),
    "MOTV": (2.07, 2.74, 3.03),
    "OTRN": (1.67, 2.49, 2.85),
    "FURN": (1.87, 2.82, 3.24),
    "MISC": (1.64, 2.59, 3.00),
}


@pytest.mark.parametrize("code", SUBSECTORS_2022)
def test_subsector_multipliers_of_2022(code):
    table = national_accounts(2022).table
    found = [table.multipliers("output", s)[sector_index(code)] for s in (None, 0.8, 1.0)]
    assert found == pytest.approx(SUBSECTORS_2022[code], abs=0.0051)


def test_gdp_per_dollar_of_manufactures_is_about_one_fifth_above_one():
    accounts = national_accounts(2022)
    gdp = accounts.table.type_ii("value_added", accounts.manufacturing_weights, respent=0.8).sum()
    assert 1.18 < gdp < 1.21


def test_regional_shares_scale_inputs_and_basket():
    table = three_sectors()
    shares = np.array([0.45, 0.80, 0.70])
    respent = 0.5
    expected = shares[:, None] * table.technical + respent * np.outer(
        shares * table.basket, table.labour_income
    )
    np.testing.assert_allclose(table.closed_matrix(respent), expected, rtol=1e-15)


def test_goods_bought_outside_shops_can_have_their_own_household_share():
    table = three_sectors(household_regional_share=(0.30, 0.80, 0.70))
    assert table.type_ii("output", "maker").sum() < three_sectors().type_ii("output", "maker").sum()
    assert table.type_i("output", "maker").sum() == pytest.approx(1.24234, abs=1e-5)


def test_shares_by_seller_and_buyer_equal_shares_by_seller_when_rows_repeat():
    by_pair = np.repeat(np.array([[0.45], [0.80], [0.70]]), 3, axis=1)
    table = three_sectors(regional_share=by_pair, household_regional_share=(0.45, 0.80, 0.70))
    np.testing.assert_array_equal(table.leontief(0.6), three_sectors().leontief(0.6))


def test_the_package_offers_the_table_at_its_top():
    assert millworks.InputOutputTable is InputOutputTable


def test_a_table_needs_only_coefficients_and_sectors():
    accounts = national_accounts(2022)
    table = InputOutputTable(accounts.A, sectors=SECTORS)
    np.testing.assert_array_equal(table.leontief(), accounts.table.leontief())
