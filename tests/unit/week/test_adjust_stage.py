"""The stage as a whole, on a small district: neutral when nothing moves, conserving when all does.

Reference: model specification §6 (stage 12), §7.3, §7.7, §9.4.
"""

from __future__ import annotations

import numpy as np
import pytest

from arms import differences
from millworks.agents.firm import CLOSING
from millworks.district_model import DistrictModel
from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.week.adjust import adjust
from worlds import district, world_parameters

TICK, NO_TICK = 4, 5
WEEKS_REMEMBERED = "/trade/contracts.known"
"""Weeks of deliveries that each large customer's link remembers: one more every week."""


def founded(world: str) -> DistrictModel:
    """A district of 60 makers in the week of a tick, its jobs as at the start."""
    model = district(makers=60, parameters=world_parameters(world))
    model.week = TICK
    return model


def placed(model: DistrictModel) -> np.ndarray:
    """Parts of its order that each buyer places, [agents without the outside]."""
    return model.trade.by_buyer(model.trade.share)[: model.trade.spans["X"].start]


def upset(model: DistrictModel) -> None:
    """A dear maker, a cheap one, one that is late and one that has closed; dearer imports."""
    makers = model.population("M")
    makers.price[0], makers.price[1] = 1.3, 0.8
    makers.fill[2] = 0.5 * makers.fill_base[2]
    makers.status[3] = CLOSING
    model.trade.price_abroad[MANUFACTURING] = 1.2


def outside_sales(model: DistrictModel) -> np.ndarray:
    """Base orders of outside customers times market shares, by sector of those that trade."""
    trade, total = model.trade, np.zeros(N_SECTORS)
    sales = trade.of_seller(trade.base_order) * trade.market_share
    for letter in "MP":
        firms = model.population(letter)
        own = np.where(firms.status == 0, sales[trade.spans[letter]], 0.0)
        np.add.at(total, firms.sector, own)
    return total


def moved_by_the_stage(model: DistrictModel) -> set[str]:
    """Every part of the state in which the stage changes a bit."""
    before = model.state()
    adjust(model)
    return set(differences(before, model.state()))


def test_in_linear_mode_a_tick_leaves_every_bit_of_trade_and_prices():
    model = founded("linear")
    adjust(model)
    model.week += 4
    assert moved_by_the_stage(model) == {WEEKS_REMEMBERED}


def test_in_linear_mode_everything_stays_at_its_base():
    model = founded("linear")
    share = model.trade.share.copy()
    adjust(model)
    np.testing.assert_allclose(model.trade.share, share, rtol=0.0, atol=1e-15)
    assert model.wage == 1.0
    assert (model.population("M").price == 1.0).all()
    np.testing.assert_allclose(model.service_price, 1.0, rtol=1e-14)
    assert (model.trade.market_share == 1.0).all()


def test_between_ticks_only_reliability_and_what_is_remembered_move():
    model = founded("default")
    model.week = NO_TICK
    upset(model)
    assert moved_by_the_stage(model) == {"/populations/makers/fill", WEEKS_REMEMBERED}


def test_ten_ticks_of_upheaval_move_shares_and_lose_no_order():
    model = founded("default")
    upset(model)
    share = model.trade.share.copy()
    for _ in range(10):
        adjust(model)
        model.week += 4
        np.testing.assert_allclose(placed(model), 1.0, rtol=0.0, atol=1e-12)
    assert np.abs(model.trade.share - share).max() > 0.001


def test_buyers_leave_dear_late_and_closed_makers_for_cheap_ones():
    model = founded("default")
    upset(model)
    trade, makers = model.trade, model.population("M")
    before = trade.of_seller(trade.share)[trade.spans["M"]]
    outside = makers.market_share.copy()
    adjust(model)
    after = trade.of_seller(trade.share)[trade.spans["M"]]
    assert before[:4].min() > 0.0
    # Some inherit customers of the one that has closed; who is dear or late gains least.
    change = after[:3] / before[:3]
    assert change[1] > 1.0
    assert change[0] < change[1]
    assert change[2] < change[1]
    assert after[3] == 0.0
    assert makers.market_share[0] < outside[0]
    assert makers.market_share[1] > outside[1]


def test_in_the_market_outside_rivals_get_what_makers_lose():
    model = founded("default")
    model.trade.market_share[:] = 1.0  # as before reliability had moved any customer
    upset(model)
    model.trade.price_abroad[:] = 1.0  # dearer imports would leave more to both
    model.parameters = model.parameters.replace(unchecked=True, zeta=1.0)
    start = outside_sales(model)
    adjust(model)
    gained = start - outside_sales(model)
    rivals = model.outside_market_us * model.trade.price_us
    closed = model.trade.of_seller(model.trade.base_order)[3]
    expected = model.outside_market_us + gained
    expected[model.population("M").sector[3]] += closed
    made = model.outside_market_us > 0.0
    np.testing.assert_allclose(rivals[made], expected[made], rtol=1e-12)


def test_links_of_a_closed_maker_go_to_others_that_trade():
    model = founded("default")
    model.parameters = model.parameters.replace(unchecked=True, q_sw=1.0)
    gone = model.population("M").status
    gone[3] = CLOSING
    trade = model.trade
    # Until its orders are shipped and paid, a link stays in the books of the firm that has left.
    held = trade.seller == 3
    local = held & (trade.kind < 4)
    trade.backlog[held] = trade.ready[held] = 0.0
    trade.transit[:, held] = 0.0
    adjust(model)
    owed = trade.outstanding() > 0.0
    assert not ((trade.seller == 3) & local & (trade.share_base > 0.0)).any()
    assert ((trade.seller == 3) & local & ~owed & (trade.share > 0.0)).sum() == 0
    np.testing.assert_allclose(placed(model), 1.0, rtol=0.0, atol=1e-12)


def test_scarce_labour_makes_services_dearer():
    model = founded("default")
    for letter in "MPRCS":
        model.population(letter).jobs[:] *= 1.03
    adjust(model)
    assert model.wage > 1.0
    assert (model.population("S").price >= 1.0).all()
    assert model.population("S").price.max() > 1.0


@pytest.mark.parametrize("letter", ["R", "C"])
def test_shops_pass_on_what_their_goods_cost(letter):
    model = founded("default")
    shops = model.population(letter)
    shops.units_on_hand[:] /= 1.5
    adjust(model)
    assert (shops.price[shops.inventory > 0.0] > 1.0).all()
    assert (shops.price < 1.5).all()
