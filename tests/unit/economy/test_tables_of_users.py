"""Tables a user brings: flows, Make and Use, merged sectors."""

import numpy as np
import pytest
from fixtures_of_tables import three_sectors

from millworks.economy.input_output import InputOutputTable
from millworks.economy.national import national_accounts
from millworks.economy.sectors import MANUFACTURING, SECTORS

FLOWS = [[150.0, 500.0], [200.0, 100.0]]
OUTPUT = [1000.0, 2000.0]


def test_flows_come_back_from_their_table():
    table = InputOutputTable.from_flows(FLOWS, OUTPUT, sectors=["one", "two"])
    np.testing.assert_allclose(table.technical * table.output, FLOWS, rtol=1e-15)
    final = np.array(OUTPUT) - np.array(FLOWS).sum(axis=1)
    np.testing.assert_allclose(table.type_i("output", final), OUTPUT, rtol=1e-13)


def test_flows_give_shares_of_output_and_jobs_per_million():
    table = InputOutputTable.from_flows(
        FLOWS,
        OUTPUT,
        sectors=["one", "two"],
        labour_income=[300.0, 800.0],
        value_added=[500.0, 1200.0],
        jobs=[4000, 30000],
        household_purchases=[100.0, 600.0],
        household_spending=1000.0,
        usd_per_unit=1e6,
    )
    np.testing.assert_allclose(table.labour_income, [0.3, 0.4])
    np.testing.assert_allclose(table.jobs, [4.0, 15.0])
    np.testing.assert_allclose(table.basket, [0.1, 0.6])
    np.testing.assert_allclose(table.imports, [0.15, 0.1])


def test_make_and_use_of_single_product_industries_are_plain_flows():
    use, imports = np.array(FLOWS) + 10.0, np.full((2, 2), 10.0)
    made = InputOutputTable.from_make_use(np.diag(OUTPUT), use, imports, sectors=["one", "two"])
    plain = InputOutputTable.from_flows(FLOWS, OUTPUT, sectors=["one", "two"])
    np.testing.assert_allclose(made.technical, plain.technical, rtol=1e-14)


def test_an_industry_keeps_its_market_share_of_a_commodity():
    # Industry two makes a fifth of commodity one: it serves a fifth of each use of it.
    table = InputOutputTable.from_make_use(
        [[80.0, 0.0], [20.0, 100.0]],
        [[10.0, 30.0], [0.0, 0.0]],
        np.zeros((2, 2)),
        sectors=["one", "two"],
    )
    np.testing.assert_allclose(table.technical, [[8 / 80, 24 / 120], [2 / 80, 6 / 120]])


def test_merging_sectors_keeps_total_output_at_the_years_own_demand():
    table = national_accounts(2022).table
    mapping = {
        code: "MFG" if made else code for code, made in zip(SECTORS, MANUFACTURING, strict=True)
    }
    merged = table.aggregate(mapping)
    assert merged.size == 16
    final = table.output - table.technical @ table.output
    summed = np.array(
        [
            sum(f for c, f in zip(SECTORS, final, strict=True) if mapping[c] == new)
            for new in merged.sectors
        ]
    )
    assert merged.type_i("output", summed).sum() == pytest.approx(table.output.sum(), rel=1e-12)
    assert merged.basket.sum() == pytest.approx(table.basket.sum())
    for quantity in ("value_added", "labour_income", "jobs"):
        whole = getattr(table, quantity) @ table.output
        assert getattr(merged, quantity) @ merged.output == pytest.approx(whole)


def test_merging_all_manufacturing_moves_its_multiplier_a_little():
    accounts = national_accounts(2022)
    table = accounts.table
    mapping = {c: "MFG" if m else c for c, m in zip(SECTORS, MANUFACTURING, strict=True)}
    fine = table.type_i("output", accounts.manufacturing_weights).sum()
    coarse = table.aggregate(mapping).type_i("output", "MFG").sum()
    assert coarse != pytest.approx(fine, rel=1e-6)
    assert coarse == pytest.approx(fine, rel=0.03)


def test_merging_one_to_one_changes_nothing():
    table = three_sectors()
    same = table.aggregate({c: c for c in table.sectors}, output=[3.0, 4.0, 5.0])
    np.testing.assert_allclose(same.leontief(0.5), table.leontief(0.5), rtol=1e-14)
    assert same.type_sam("jobs", "maker").sum() == pytest.approx(6.860, abs=5e-4)


def test_merging_keeps_what_is_bought_in_the_region():
    table = three_sectors()
    output = np.array([3.0, 4.0, 5.0])
    merged = table.aggregate(
        {"maker": "goods", "retail": "goods", "service": "service"}, output=output
    )
    bought = (table.regional * output).sum()
    assert (merged.regional * merged.output).sum() == pytest.approx(bought)
    spent = (table.household_regional_share * table.basket).sum()
    assert (merged.household_regional_share * merged.basket).sum() == pytest.approx(spent)


def test_a_table_keeps_its_numbers_whatever_happens_to_the_users_arrays():
    coefficients = np.array([[0.2, 0.3], [0.4, 0.1]])
    table = InputOutputTable(coefficients, sectors=["one", "two"])
    before = table.leontief()
    coefficients[:] = 0.0
    np.testing.assert_array_equal(table.leontief(), before)
    with pytest.raises(ValueError, match="read-only"):
        table.technical[0, 0] = 0.5
