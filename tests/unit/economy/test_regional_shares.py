"""What a place can buy from itself: location quotients by hand."""

import numpy as np
import pytest

from millworks.economy.input_output import InputOutputTable
from millworks.economy.national import national_accounts
from millworks.economy.regional import (
    CAP,
    flq,
    flq_by_seller,
    location_quotients,
    regional_shares,
    size_factor,
    slq,
    supply_limited,
)
from millworks.economy.sectors import GOODS, sector_index

NATION = np.array([100.0, 300.0, 600.0])
TOWN = np.array([2.0, 3.0, 5.0])


def test_location_quotients_by_hand():
    # The town has a hundredth of the nation's jobs: 2/1, 3/3 and 5/6 of what it would have.
    np.testing.assert_allclose(location_quotients(TOWN, NATION), [2.0, 1.0, 5 / 6])
    np.testing.assert_allclose(slq(TOWN, NATION), [1.0, 1.0, 5 / 6])


def test_fleggs_quotient_by_hand():
    factor = np.log2(1.01) ** 0.3
    assert size_factor(TOWN, NATION) == pytest.approx(factor)
    assert factor == pytest.approx(0.2800, abs=1e-4)
    expected = factor * np.array([[2.0, 2.0, 2.4], [0.5, 1.0, 1.2], [5 / 12, 5 / 6, 5 / 6]])
    np.testing.assert_allclose(flq(TOWN, NATION), expected)
    np.testing.assert_allclose(flq_by_seller(TOWN, NATION), factor * np.array([2, 1, 5 / 6]))


def test_the_whole_nation_would_buy_everything_at_home():
    assert size_factor(NATION, NATION) == 1.0
    np.testing.assert_array_equal(flq(NATION, NATION), np.ones((3, 3)))
    goods = [True, True, False]
    np.testing.assert_array_equal(regional_shares(NATION, NATION, goods=goods), np.full(3, CAP))


def test_goods_follow_flegg_and_services_the_simple_quotient():
    shares = regional_shares(TOWN, NATION, goods=[True, True, False])
    factor = size_factor(TOWN, NATION)
    np.testing.assert_allclose(shares, [2 * factor, factor, 5 / 6])
    np.testing.assert_allclose(
        regional_shares(TOWN, NATION, "flq"), factor * np.array([2, 1, 5 / 6])
    )
    np.testing.assert_allclose(regional_shares(TOWN, NATION, "slq"), [CAP, CAP, 5 / 6])


def test_even_a_cluster_buys_a_tenth_outside():
    shares = regional_shares([90.0, 5.0, 5.0], NATION, goods=[True] * 3)
    assert shares[0] == CAP
    assert shares.max() <= CAP


def test_a_sector_the_statistics_do_not_cover_is_as_in_the_nation():
    # Government has no covered jobs: quotient one, so the share is the cap.
    quotients = location_quotients([2.0, 3.0, 0.0], [100.0, 300.0, 0.0])
    assert quotients[2] == 1.0
    assert regional_shares([2.0, 3.0, 0.0], [100.0, 300.0, 0.0], "slq")[2] == CAP


def test_a_place_without_a_sector_buys_none_of_it_at_home():
    shares = regional_shares([0.0, 5.0, 5.0], NATION, goods=[True] * 3)
    assert shares[0] == 0.0
    assert np.isfinite(flq([0.0, 5.0, 5.0], NATION)).all()


def test_smaller_places_import_more():
    large = regional_shares(TOWN * 10, NATION, "flq")
    small = regional_shares(TOWN, NATION, "flq")
    assert (large > small).all()


def test_purchases_never_exceed_what_the_place_makes():
    shares = np.array([0.9, 0.8, 0.5])
    supply, requirement = np.array([10.0, 90.0, 50.0]), np.array([100.0, 100.0, 0.0])
    limited = supply_limited(shares, supply, requirement)
    np.testing.assert_allclose(limited, [0.1, 0.8, 0.5])
    assert (limited * requirement <= supply).all()
    by_pair = supply_limited(np.full((3, 3), 0.9), supply, requirement)
    np.testing.assert_allclose(by_pair, [[0.1] * 3, [0.9] * 3, [0.9] * 3])


def test_swapping_the_shares_of_two_districts_changes_the_multiplier():
    accounts = national_accounts(2022)
    furniture = accounts.employment / 1000
    furniture[sector_index("FURN")] *= 40
    food = accounts.employment / 1000
    food[sector_index("FOOD")] *= 40

    def multiplier(jobs):
        shares = regional_shares(jobs, accounts.employment)
        table = InputOutputTable(accounts.A, sectors=accounts.table.sectors, regional_share=shares)
        return table.type_i("output", "FOOD").sum()

    assert multiplier(food) > multiplier(furniture) + 0.03


def test_services_of_a_small_place_are_mostly_bought_at_home():
    accounts = national_accounts(2022)
    jobs = accounts.employment / 1000
    shares = regional_shares(jobs, accounts.employment)
    assert shares[~GOODS].min() == pytest.approx(CAP)
    assert shares[GOODS].max() < 0.2
