"""The official tables as the model reads them: every dollar has one place."""

import numpy as np
import pytest

from millworks.economy.margins import BUYERS, margins
from millworks.economy.national import JOBS_COVERAGE_NOTE, YEARS, national_accounts
from millworks.economy.prices import general_price_ratio, in_base_dollars, sector_price_ratios
from millworks.economy.sectors import (
    GOODS,
    MANUFACTURING,
    MANUFACTURING_SECTORS,
    N_SECTORS,
    SECTORS,
    sector_index,
)


def test_nineteen_of_thirty_four_sectors_make_goods_in_factories():
    assert (N_SECTORS, MANUFACTURING.sum(), GOODS.sum()) == (34, 19, 21)
    assert MANUFACTURING_SECTORS[0] == "FOOD"
    assert sector_index("furn") == SECTORS.index("FURN")


@pytest.mark.parametrize("year", YEARS)
def test_every_dollar_of_output_is_spent_once(year):
    a = national_accounts(year)
    total = a.A.sum(axis=0) + a.import_share + a.compensation + a.taxes + a.surplus
    np.testing.assert_allclose(total, 1.0, atol=1e-15)
    np.testing.assert_allclose(a.import_by_commodity.sum(axis=0), a.import_share, atol=1e-15)
    assert np.abs(a.rounding).max() < 2e-4


@pytest.mark.parametrize(("year", "domestic"), [(2017, 0.937), (2022, 0.935)])
def test_households_buy_mostly_domestic_goods(year, domestic):
    a = national_accounts(year)
    assert a.basket.sum() == pytest.approx(domestic, abs=5e-4)
    assert a.basket.sum() + a.basket_imported.sum() == pytest.approx(1.0, abs=1e-14)
    assert (a.basket_imported >= 0).all()


@pytest.mark.parametrize("year", YEARS)
def test_output_is_what_is_used(year):
    a = national_accounts(year)
    to_base = sector_price_ratios(year)
    final = sum(a.final_demand.values()) / to_base
    used = a.A @ a.table.output + final
    np.testing.assert_allclose(used, a.table.output, rtol=6e-5)
    np.testing.assert_allclose(a.table.output * to_base, a.output, rtol=1e-14)


def test_levels_of_2017_are_lifted_to_dollars_of_2022():
    a = national_accounts(2017)
    furniture = sector_index("FURN")
    assert a.output[furniture] / a.table.output[furniture] == pytest.approx(1.2673, abs=0.1)
    assert general_price_ratio(2017, index="gdp") == pytest.approx(118.012 / 99.995)
    assert in_base_dollars(100.0, 2017, "pce") == pytest.approx(116.1)
    assert in_base_dollars(100.0, 2022, "FURN") == 100.0


def test_government_has_output_but_no_covered_jobs():
    a = national_accounts(2022)
    government = sector_index("GOV")
    assert a.jobs_per_million[government] == 0.0
    assert a.output[government] > 4e12
    assert "government" in JOBS_COVERAGE_NOTE


@pytest.mark.parametrize(("year", "millions"), [(2017, 11.71), (2022, 12.19)])
def test_manufacturing_employs_about_twelve_million(year, millions):
    a = national_accounts(year)
    assert a.employment[MANUFACTURING].sum() / 1e6 == pytest.approx(millions, abs=0.01)
    np.testing.assert_array_equal(a.jobs_per_million, a.table.jobs)


def test_accounts_are_shared_and_cannot_be_changed():
    assert national_accounts(2022) is national_accounts(2022)
    a = national_accounts(2022)
    for array in (a.A, a.output, a.final_demand["exports"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


@pytest.mark.parametrize("buyer", BUYERS)
def test_the_buyers_price_is_shared_out_completely(buyer):
    m = margins(buyer)
    np.testing.assert_allclose(m.producer + m.transport + m.wholesale + m.retail, 1.0, atol=1e-15)
    assert (m.retail >= 0).all()


def test_shops_keep_more_of_a_sofa_than_makers_do():
    m = margins()
    sofa = sector_index("FURN")
    assert m.retail[sofa] == pytest.approx(0.4406, abs=1e-4)
    assert m.retail[sofa] > m.producer[sofa]
    assert (m.producer[~MANUFACTURING] == 1.0).all()
