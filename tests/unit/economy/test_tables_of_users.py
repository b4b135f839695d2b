"""Tables a user brings: flows, Make and Use, merged sectors."""

import bea_tables
import numpy as np
import pytest
from fixtures_of_tables import three_sectors

from millworks.economy.embedded import read_matrix, read_rows
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


REPORTED = {
    2017: {
        "type_i": 1.920,
        "type_ii_80": 2.667,
        "type_ii_100": 2.996,
        "gdp": 0.812,
        "share": 0.809,
    },
    2022: {
        "type_i": 1.900,
        "type_ii_80": 2.583,
        "type_ii_100": 2.876,
        "gdp": 0.806,
        "share": 0.872,
    },
}
"""Manufacturing, 71 industries, output weights: figures recorded when the tables were collected."""


@pytest.mark.parametrize("year", REPORTED)
def test_the_summary_tables_give_the_reported_multipliers_of_manufacturing(year):
    table = bea_tables.table(year)
    weights = bea_tables.manufacturing(table)
    found = {
        "type_i": table.type_i("output", weights).sum(),
        "type_ii_80": table.type_ii("output", weights, respent=0.8).sum(),
        "type_ii_100": table.type_ii("output", weights).sum(),
        "gdp": table.type_i("value_added", weights).sum(),
        "share": table.respending_share(2.68, weights),
    }
    assert found == pytest.approx(REPORTED[year], abs=6e-4)


@pytest.mark.parametrize("year", REPORTED)
def test_every_industrys_multiplier_is_the_one_on_record(year):
    """The record has them by compact sector, as averages of its industries by output."""
    table = bea_tables.table(year)
    industries = {
        r["sector"]: r["bea_summary_codes"].split() for r in read_rows("compact_sectors.csv")
    }
    for column, respent in (("T1_output_full71", None), ("T2_wage_s80_full71", 0.8)):
        each = dict(zip(table.sectors, table.multipliers("output", respent), strict=True))
        output = dict(zip(table.sectors, table.output, strict=True))
        for row in read_rows(f"compact_{year}_multipliers.csv"):
            codes = industries[row["sector"]]
            mean = sum(each[c] * output[c] for c in codes) / sum(output[c] for c in codes)
            # The record kept the one negative use, a sale by the government.
            tolerance = 3e-4 if row["sector"] == "GOV" else 5e-5
            assert mean == pytest.approx(float(row[column]), abs=tolerance), (row["sector"], column)


@pytest.mark.parametrize("year", REPORTED)
def test_make_and_use_merged_to_34_sectors_are_the_embedded_table(year):
    industries, _ = bea_tables.codes(year)
    rows = read_rows("compact_sectors.csv")
    S = np.array([[float(i in r["bea_summary_codes"].split()) for i in industries] for r in rows])
    C = np.zeros((36, 73))
    C[:34, :71], C[34, 71], C[35, 72] = S, 1.0, 1.0
    given = bea_tables.given(year)
    merged = InputOutputTable.from_make_use(
        S @ given["make"] @ C.T,
        C @ given["use"] @ S.T,
        C @ given["imports"] @ S.T,
        sectors=SECTORS,
        commodities=[*SECTORS, *bea_tables.NO_PRODUCER],
        no_producer=bea_tables.NO_PRODUCER,
        household_use=C @ given["household_use"],
        household_imports=C @ given["household_imports"],
    )
    _, _, embedded = read_matrix(f"compact_{year}_A_domestic.csv")
    np.testing.assert_allclose(merged.technical, embedded, atol=1e-6)
    np.testing.assert_allclose(merged.basket, national_accounts(year).basket, atol=2e-6)


@pytest.mark.parametrize("year", REPORTED)
def test_a_column_of_the_bea_is_inputs_imports_and_value_added(year):
    """What is left of a column is its imports and, as a leakage, the scrap it buys."""
    table, given = bea_tables.table(year), bea_tables.given(year)
    leaks = np.where(np.isin(given["commodities"], bea_tables.NO_PRODUCER)[:, None], 1.0, 0.0)
    bought = (given["imports"] * (1 - leaks) + given["use"] * leaks).sum(axis=0)
    # Cells are rounded to a million, and the smallest industry has 29,000 of them.
    np.testing.assert_allclose(table.imports, bought / table.output, atol=2e-3)
    assert 1 - table.basket.sum() == pytest.approx({2017: 0.063042, 2022: 0.065326}[year], abs=1e-6)


def test_without_imports_all_inputs_count_as_made_at_home():
    open_table, closed = bea_tables.table(2022), bea_tables.table(2022, imports=None)
    assert (closed.multipliers() > open_table.multipliers() - 1e-12).all()
    assert closed.multipliers().mean() > open_table.multipliers().mean() + 0.1


def test_an_imported_share_by_commodity_is_the_matrix_it_stands_for():
    make, use = np.diag(OUTPUT), np.array(FLOWS)
    share = np.array([0.2, 0.5])
    settings = {"sectors": ["one", "two"], "household_use": [100.0, 300.0]}
    by_share = InputOutputTable.from_make_use(make, use, share, **settings)
    by_cell = InputOutputTable.from_make_use(
        make,
        use,
        share[:, None] * use,
        household_imports=share * [100.0, 300.0],
        **settings,
    )
    np.testing.assert_allclose(by_share.technical, by_cell.technical, rtol=1e-15)
    np.testing.assert_allclose(by_share.basket, [80 / 400, 150 / 400])
    np.testing.assert_allclose(by_cell.basket, by_share.basket)


def test_scrap_calls_forth_no_output_and_its_sale_is_part_of_its_sellers_output():
    make = [[80.0, 0.0, 20.0], [0.0, 100.0, 0.0]]
    use = [[10.0, 30.0], [5.0, 5.0], [0.0, 15.0]]
    settings = {"sectors": ["mill", "shop"], "commodities": ["goods", "trade", "scrap"]}
    leaking = InputOutputTable.from_make_use(make, use, None, no_producer=["scrap"], **settings)
    np.testing.assert_allclose(leaking.output, [100.0, 100.0])
    np.testing.assert_allclose(leaking.technical, [[0.10, 0.30], [0.05, 0.05]])
    selling = InputOutputTable.from_make_use(make, use, None, **settings)
    np.testing.assert_allclose(selling.technical, [[0.10, 0.45], [0.05, 0.05]])


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
