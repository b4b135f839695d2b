"""Capacity, reliability, pay and jobs of each manufacturer at the start; figures by hand.

Reference: model specification §5.2, §5.5.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.economy.sectors import MANUFACTURING, sector_index
from millworks.start.producers import (
    USUAL_USE,
    cost_factors,
    draw_overload,
    mean_overload,
    reliability,
    spot_share,
    use_of_capacity,
    weeks_in_hand,
)
from millworks.world.streams import Streams
from worlds import world_parameters

RATES, LINEAR = world_parameters("default"), world_parameters("linear")
FURN, FMET = sector_index("FURN"), sector_index("FMET")


def test_the_mean_of_demand_over_capacity_is_that_of_the_specification():
    """§5.5: at s = .20 and 78 % of use, m = -.255."""
    assert mean_overload(0.78, 0.20) == pytest.approx(-0.255, abs=0.001)


@pytest.mark.parametrize(("use", "spread"), [(0.6, 0.1), (0.78, 0.2), (0.9, 0.3)])
def test_with_that_mean_capacity_is_used_as_much_as_measured(use, spread):
    """E[min(D, K)]/E[K] with K = 1, by a million draws of a generator of its own."""
    z = np.random.default_rng(8).standard_normal(1_000_000)
    served = np.minimum(np.exp(mean_overload(use, spread) + spread * z), 1.0)
    assert served.mean() == pytest.approx(use, abs=0.001)


def test_use_of_capacity_is_measured_for_sectors_of_manufacturing_only():
    measured = use_of_capacity()
    assert 0.6 < min(measured.values()) <= max(measured.values()) < 0.95
    assert all(MANUFACTURING[sector_index(code)] for code in measured)


def overloads(parameters, firms=4000, seed=1):
    sector = np.full(firms, FURN)
    return draw_overload({"M": sector}, {"M": np.arange(firms)}, parameters, Streams(seed))["M"]


def test_demand_over_capacity_is_drawn_around_its_sectors_mean():
    found = overloads(RATES)
    use = use_of_capacity().get("FURN", USUAL_USE) * RATES.utilisation / USUAL_USE
    assert found.mean() == pytest.approx(mean_overload(use, RATES.s_dk), abs=0.02)
    assert found.std() == pytest.approx(RATES.s_dk, rel=0.05)


def test_a_busier_world_has_more_firms_above_their_capacity():
    usual = (overloads(RATES) > 0.0).mean()
    assert (overloads(RATES.replace(utilisation=0.9)) > 0.0).mean() > 1.5 * usual > 0.0


def test_in_linear_mode_capacity_has_no_bound():
    assert (overloads(LINEAR) == -np.inf).all()


def test_work_in_hand_settles_at_the_lead_time_customers_bear():
    """T9: ℓ_0 + τ ln(D/K) = 3 + 6 · .1 for demand ten per cent (log) above capacity."""
    rates = RATES.replace(ell0=3, tau_l=6)
    weeks = weeks_in_hand(np.array([-0.5, 0.1]), rates)
    assert weeks.tolist() == [0.0, pytest.approx(3.6)]


def test_reliability_is_what_is_taken_times_what_comes_in_time():
    """e^-.1 of orders is taken; 3 of 3.6 weeks of waiting are those nobody minds."""
    rates = RATES.replace(ell0=3, tau_l=6)
    found = reliability(np.array([-0.5, 0.1]), rates)
    assert found.tolist() == [1.0, pytest.approx(math.exp(-0.1) * 3.0 / 3.6)]


def factors(parameters, firms=3000):
    """(output, sector, size, pay, jobs) of makers and partners of two sectors, joined."""
    draws = np.random.default_rng(5)
    output, sector, size, keys = {}, {}, {}, {}
    for letter, count, sizes, first in (("M", firms, 5, 0), ("P", 20, 1, firms)):
        output[letter] = draws.exponential(1e4, count)
        sector[letter] = draws.choice([FURN, FMET], count)
        size[letter] = draws.integers(0, sizes, count) + (5 if letter == "P" else 0)
        keys[letter] = first + np.arange(count)
    found = cost_factors(output, sector, size, keys, parameters, Streams(2), 2022)
    joined = (output, sector, size)
    pay, jobs = (np.concatenate([found[letter][i] for letter in "MP"]) for i in (0, 1))
    return (*(np.concatenate([part[letter] for letter in "MP"]) for part in joined), pay, jobs)


@pytest.mark.parametrize("code", [FURN, FMET])
def test_pay_and_jobs_per_unit_average_to_the_sectors_column(code):
    output, sector, _, pay, jobs = factors(RATES)
    of = sector == code
    for factor in (pay, jobs):
        assert np.average(factor[of], weights=output[of]) == pytest.approx(1.0, rel=1e-12)
        assert factor[of].std() > 0.1


def test_small_firms_need_more_hands_per_unit():
    output, sector, size, _, jobs = factors(RATES)
    of = sector == FURN
    mean = [np.average(jobs[of & (size == k)], weights=output[of & (size == k)]) for k in (2, 5)]
    assert mean[0] > 1.3 * mean[1]


def test_without_dispersion_every_firm_has_its_sectors_column_to_the_bit():
    *_, pay, jobs = factors(LINEAR)
    assert (pay == 1.0).all()
    assert (jobs == 1.0).all()


def test_consumer_goods_are_sold_from_stock_twice_as_often():
    share = spot_share(np.array([FURN, FMET, sector_index("RET")]), RATES)
    assert share.tolist() == [RATES.psi, 0.5 * RATES.psi, 0.0]
    assert (spot_share(np.array([FURN, FMET]), LINEAR) == 0.0).all()
