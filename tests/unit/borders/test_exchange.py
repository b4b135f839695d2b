"""Several districts in a world: what crosses borders, who loses what others win, who is paid."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.district_model import DistrictModel
from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.economy.technology import SERVICE_SECTORS
from millworks.errors import InvariantBreach
from millworks.multi_district_model import MultiDistrictModel, key_of
from millworks.world.sums import add_up
from worlds import fingerprint, output_by_sector

NOTHING = np.zeros((2, 2, N_SECTORS))


def between(part: float) -> np.ndarray:
    """A part of everything from each of two districts to the other."""
    shares = np.full((2, 2, N_SECTORS), part)
    shares[[0, 1], [0, 1]] = 0.0
    return shares


def world(places=("hickory", "elkhart"), makers=40, check_every=1, **settings):
    return MultiDistrictModel(places, makers=makers, check_every=check_every, **settings)


def run(model, weeks: int) -> None:
    for _ in range(weeks):
        model.step()


def asked_by_usual_customers(district) -> np.ndarray:
    """What outside customers would ask by sector if they were all there were, [34]."""
    trade = district.trade
    customers = trade.outside_customers
    return add_up(trade.sector[customers], trade.request[customers], N_SECTORS)


def test_districts_without_trade_are_the_same_bits_as_alone():
    """With no shares and no common rivals nothing of the single-district model changes."""
    together = world(shares=NOTHING, rivals=NOTHING)
    places = together.places
    alone = [
        DistrictModel("hickory", makers=40, seed=1, check_every=1),
        DistrictModel("elkhart", makers=40, seed=key_of(1, places[1]), check_every=1),
    ]
    run(together, 30)
    for model in alone:
        run(model, 30)
    for one, other in zip(together.districts, alone, strict=True):
        assert fingerprint(one.state()) == fingerprint(other.state())


def test_the_home_district_has_the_draws_it_has_alone():
    together, alone = world(), DistrictModel("hickory", makers=40)
    assert together.home.streams == alone.streams
    assert np.array_equal(together.home.population("M").sector, alone.population("M").sector)
    assert np.array_equal(together.home.trade.base_order, alone.trade.base_order)
    assert together.districts[1].streams != alone.streams
    assert together.districts[1].streams == world(seed=1).districts[1].streams
    assert together.districts[1].streams != world(seed=2).districts[1].streams


def test_what_is_sought_elsewhere_is_served_once():
    """Orders at B and demand on the rest of the US add up to what A sought, at true size."""
    model = world(("hickory", "elkhart"), makers=[40, 30], shares=between(0.02), rivals=NOTHING)
    run(model, 3)
    home, other = model.districts
    sought = home.others.sought.copy()
    served = sought - home.rest_of_us.purchases - home.rest_of_us.capital.purchases
    # Elkhart does not make everything: where it sells nothing, nothing is asked of it.
    assert (served >= -1e-9 * sought.sum()).all()
    assert 0.0 < served.sum() <= 0.02 * sought.sum() * (1 + 1e-12)
    ordered = other.others.orders / other.scale
    np.testing.assert_allclose(ordered, served / home.scale, atol=1e-9 * sought.sum())
    before = other.others.orders.copy()
    model.step()
    np.testing.assert_allclose(other.others.asked, before, atol=1e-9 * before.sum())


def test_orders_of_other_districts_stand_on_sellers_links_and_at_the_blocks():
    """More orders from A, and B's outside customers and blocks ask for exactly that much more."""
    model = world(shares=between(0.02), rivals=NOTHING)
    run(model, 4)
    start = model.state()
    other = model.districts[1]

    def asked(extra: float) -> np.ndarray:
        model.load_state(start)
        other.others.orders *= 1.0 + extra
        other.step()
        total = asked_by_usual_customers(other)
        total[SERVICE_SECTORS] += other.population("S").outside_sales
        return total

    more = asked(0.5) - asked(0.0)
    model.load_state(start)
    np.testing.assert_allclose(more, 0.5 * other.others.orders, rtol=1e-6, atol=1e-6)
    assert (more[MANUFACTURING] > 0.0).sum() > 5


def test_usual_customers_and_other_districts_together_are_the_base_years():
    """W is the part of outside demand that other districts make up: nothing is ordered twice."""
    model = world(shares=between(0.02))
    for district in model.districts:
        one, trade = district.others, district.trade
        customers = trade.outside_customers
        sold = add_up(trade.sector[customers], trade.base_order[customers], N_SECTORS)
        sold[SERVICE_SECTORS] += district.population("S").base_outside_sales
        np.testing.assert_allclose(one.sold_part * sold, one.orders, rtol=1e-9, atol=1e-9)
        assert 0.0 < one.sold_part.max() <= 0.95 + 1e-12


def test_what_one_districts_makers_win_another_loses_in_proportion():
    rivals = NOTHING.copy()
    rivals[0, 1, MANUFACTURING] = 0.3
    model = world(shares=NOTHING, rivals=rivals)
    run(model, 4)
    home, other = model.districts
    np.testing.assert_allclose(
        other.others.orders / other.scale,
        np.where(MANUFACTURING, 0.3, 0.0) * home.others.lost / home.scale,
        rtol=1e-12,
    )
    start = model.state()

    def follow(won: float) -> tuple[float, float, float]:
        model.load_state(start)
        home.trade.market_share += won
        model.step()
        rest = sum(m.rest_of_us.sales.purchases.sum() / m.scale for m in model.districts)
        ordered = other.others.orders.sum() / other.scale
        return rest, ordered, home.others.lost.sum() / home.scale

    (rest0, ordered0, lost0), (rest1, ordered1, lost1) = follow(0.0), follow(0.1)
    won = lost0 - lost1
    assert won > 0.0
    assert ordered1 - ordered0 == pytest.approx(-0.3 * won)
    assert rest1 - rest0 == pytest.approx(-0.7 * won)


def test_orders_lost_to_another_districts_makers_are_never_more_than_there_are():
    """What would be won beyond a district's usual orders is won from the rest of the US."""
    model = world(shares=NOTHING)
    run(model, 2)
    other = model.districts[1]
    usual = add_up(
        other.trade.sector[other.trade.outside_customers],
        other.trade.base_order[other.trade.outside_customers],
        N_SECTORS,
    )
    other.others.orders[:] = -100.0 * usual
    other.step()
    assert (other.trade.request >= 0.0).all()
    assert (other.others.asked[MANUFACTURING] >= other.others.orders[MANUFACTURING]).all()
    assert other.others.asked.sum() > -2.0 * usual.sum()


def test_a_dearer_district_loses_its_share_and_its_buyers_meet_the_mean_price():
    """The share rule: φ → φ° v / Σ φ° v, with speed q, for goods only."""
    model = world(shares=between(0.05), rivals=NOTHING)
    home, other = model.districts
    rates, exchange = home.parameters, model.exchange
    base = exchange.base[0, 1].copy()
    for letter in "MP":
        other.population(letter).price[:] = 1.1
    exchange._move_shares()
    pull = 1.1**-rates.eps
    aim = base * pull / (1.0 + base * (pull - 1.0))
    known = np.where(MANUFACTURING, base + rates.q_sw * (aim - base), base)
    np.testing.assert_allclose(exchange.shares[0, 1], known, rtol=1e-12)
    made = MANUFACTURING & (base > 0.0)
    assert (exchange.shares[0, 1][made] < base[made]).all()
    np.testing.assert_allclose(
        home.trade.pull_elsewhere, np.where(MANUFACTURING, 1.0 + base * (pull - 1.0), 1.0)
    )
    np.testing.assert_allclose(
        home.trade.price_elsewhere, np.where(MANUFACTURING, 1.0 + known * 0.1, 1.0)
    )
    np.testing.assert_allclose(exchange.others[0].bought_part, exchange.shares[0, 1])


def test_at_base_prices_and_reliability_no_share_moves():
    model = world(shares=between(0.05))
    model.exchange._move_shares()
    assert np.array_equal(model.exchange.shares, model.exchange.base)
    assert (model.home.trade.pull_elsewhere == 1.0).all()
    assert (model.home.trade.price_elsewhere == 1.0).all()


def test_what_buyers_pay_and_sellers_charge_differs_by_price_and_by_what_is_refused():
    model = world(makers=60)
    run(model, 26)
    found = model.payments
    assert (found.taken > 0.0).all()
    assert (found.taken <= found.ordered).all()
    # Nobody is charged for what was refused; prices are near those of the base year.
    assert found.charged / found.taken == pytest.approx(1.0, abs=0.05)
    assert found.paid / found.ordered == pytest.approx(1.0, abs=0.05)


def test_a_world_resumes_bit_by_bit():
    model = world()
    run(model, 6)
    kept = model.state()
    run(model, 9)
    once = fingerprint(model.state())
    model.load_state(kept)
    run(model, 9)
    assert fingerprint(model.state()) == once


def test_policies_act_at_home_and_shocks_everywhere():
    model = world(makers=60)
    start = model.state()
    run(model, 12)
    before = [output_by_sector(one).sum() for one in model.districts]
    model.load_state(start)
    model.introduce({}, {"recession": {}})
    run(model, 12)
    assert all(
        output_by_sector(one).sum() < 0.99 * usual
        for one, usual in zip(model.districts, before, strict=True)
    )
    model.load_state(start)
    model.introduce({"wage_subsidy": {}})
    assert [len(one.measures.policies) for one in model.districts] == [1, 0]
    run(model, 12)
    assert model.home.ledger.flows.get("levy withheld H>G", 0.0) > 0.0
    assert model.districts[1].ledger.flows.get("levy withheld H>G", 0.0) == 0.0


def test_a_policy_of_size_zero_changes_no_bit_in_any_district():
    model = world()
    start = model.state()
    run(model, 8)
    without = fingerprint(model.state())
    model.load_state(start)
    model.introduce({"wage_subsidy": {"intensity": 0.0}})
    run(model, 8)
    assert fingerprint(model.state()) == without


def test_an_order_that_is_lost_on_the_border_is_noticed():
    model = world(shares=between(0.02))
    run(model, 2)
    model.districts[1].others.orders *= 0.999
    with pytest.raises(InvariantBreach, match="borders: orders that left districts miss"):
        run(model, 1)
