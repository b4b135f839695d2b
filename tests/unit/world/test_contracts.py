"""The contract book: what is remembered, what is asked under contract, how contracts end.

Figures by hand; reference: model specification §7.4, §7.17.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, CLOSING
from millworks.world.contracts import ask_outside, ask_partners, remember_deliveries
from worlds import district, run, world_parameters


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


# --- what a link usually delivers


def remembered(deliveries: list[float], status: int = ACTIVE, seller: int = 0):
    """Weeks known, units of the quarters, and volume after deliveries from week 0 on."""
    known, quarters, volume = ints(0), np.zeros((1, 5)), floats(0.0)
    for week, units in enumerate(deliveries):
        remember_deliveries(
            ints(1), ints(0, seller), 0, ints(status), ACTIVE, week, floats(99.0, units), known,
            quarters, volume,
        )  # fmt: skip
    return int(known[0]), quarters[0].tolist(), float(volume[0])


def test_last_years_volume_is_that_of_the_last_four_full_quarters():
    """Quarters of 1 to 5 units a week; as the sixth begins, 2, 3, 4 and 5 have been the year."""
    weeks = [float(1 + week // 13) for week in range(66)]
    known, _, volume = remembered(weeks)
    assert known == 66
    assert volume == pytest.approx((2.0 + 3.0 + 4.0 + 5.0) / 4.0, rel=1e-14)


def test_within_a_quarter_the_volume_stands_still():
    weeks = [2.0] * 65
    assert remembered([*weeks, 50.0])[2] == remembered([*weeks, *[50.0] * 13])[2] == 2.0
    assert remembered([*weeks, *[50.0] * 14])[2] == pytest.approx((3 * 2.0 + 50.0) / 4.0)


def test_a_maker_that_does_not_trade_has_no_past():
    known, _, volume = remembered([4.0] * 70, CLOSING)
    assert (known, volume) == (1, 0.0)


def test_a_seller_that_is_no_maker_is_remembered_too():
    assert remembered([3.0] * 66, CLOSING, seller=7)[2] == 3.0


# --- customers outside


def outside_order(committed: float, part: float, season: float, **changes: float):
    """One customer that would ask 100 · .8 · e^.1 · 1.5; order, demand and what is committed."""
    usual = 100.0 * 0.8 * math.exp(0.1) * 1.5
    request, demand, asked = floats(usual + changes.get("extra", 0.0)), floats(200.0), floats(0.0)
    ask_outside(
        ints(0), ints(0), floats(committed), floats(part), season, ints(0), floats(100.0),
        floats(0.8), floats(0.1), floats(1.5), request, demand, asked,
    )  # fmt: skip
    return usual, request[0], demand[0], asked[0]


def test_a_committed_order_takes_the_place_of_part_of_the_usual_one():
    usual, request, _, asked = outside_order(50.0, 0.6, 1.0)
    assert asked == 50.0
    assert request == pytest.approx(50.0 + 0.4 * usual, rel=1e-14)


def test_the_season_moves_a_committed_order_and_nothing_else_does():
    _, _, _, asked = outside_order(50.0, 0.6, 1.2)
    assert asked == pytest.approx(60.0, rel=1e-14)


def test_what_a_customer_asks_of_rivals_stays_what_it_was():
    usual, request, demand, _ = outside_order(50.0, 0.6, 1.0)
    assert demand - request == pytest.approx(200.0 - usual, rel=1e-13)


def test_orders_of_a_programme_are_not_replaced():
    _, without, _, _ = outside_order(50.0, 0.6, 1.0)
    _, request, _, _ = outside_order(50.0, 0.6, 1.0, extra=7.0)
    assert request - without == pytest.approx(7.0, rel=1e-12)


def test_a_customer_without_contract_asks_what_it_did():
    usual, request, demand, asked = outside_order(0.0, 0.0, 1.2)
    assert (request, demand, asked) == (usual, 200.0, 0.0)


# --- partners


def partner_orders(committed: list[float], ordered: float):
    """A partner with two suppliers of a sector (shares .2 and .1), .5 from the rest of the US.

    The rest, .2, is another sector's from there as well. f is .6.
    """
    share = floats(0.2, 0.1, 0.7)
    request = share * ordered
    asked, from_us = np.zeros(2), np.zeros(34)
    part = np.where(np.array(committed) > 0.0, 0.6, 0.0)
    ask_partners(
        ints(0, 1), ints(0, 0), np.array(committed), part, ints(0), ints(5), floats(0.5), ints(2),
        share, floats(ordered), request, asked, from_us,
    )  # fmt: skip
    return request, asked, from_us


def test_at_its_usual_orders_a_contract_changes_nothing_for_others():
    """f of .2 · 1000 is committed: 120 and the free .4 of 200 are the 200 it always asks."""
    request, asked, from_us = partner_orders([120.0, 0.0], 1000.0)
    assert asked.tolist() == [120.0, 0.0]
    assert request == pytest.approx([200.0, 100.0, 700.0], rel=1e-14)
    assert from_us == pytest.approx(np.zeros(34), abs=1e-12)


def test_a_partner_that_orders_less_asks_less_of_the_rest_of_the_us_instead():
    """At 800: committed 120, free .4 · 160 = 64; the rest of the US loses 24 of its 560."""
    request, asked, from_us = partner_orders([120.0, 0.0], 800.0)
    assert asked[0] == 120.0
    assert request == pytest.approx([184.0, 80.0, 536.0], rel=1e-14)
    assert from_us[5] == pytest.approx(-24.0, rel=1e-13)
    assert request.sum() == pytest.approx(800.0, rel=1e-14)


def test_a_partner_that_orders_more_asks_more_of_the_rest_of_the_us():
    request, _, from_us = partner_orders([120.0, 0.0], 1500.0)
    assert request == pytest.approx([240.0, 150.0, 1110.0], rel=1e-14)
    assert from_us[5] == pytest.approx(60.0, rel=1e-13)


def test_what_a_partner_cannot_order_in_all_falls_short_in_proportion():
    """At 100: .6 · (20 + 10) + 50 from the rest of the US = 68 of the 180 committed."""
    request, asked, _ = partner_orders([120.0, 60.0], 100.0)
    assert asked == pytest.approx([120.0 * 68.0 / 180.0, 60.0 * 68.0 / 180.0], rel=1e-14)
    assert request.sum() == pytest.approx(100.0, rel=1e-13)
    assert request[2] == pytest.approx(20.0, rel=1e-12)


def test_a_partner_that_orders_nothing_asks_nothing():
    request, asked, _ = partner_orders([120.0, 60.0], 0.0)
    assert request.tolist() == [0.0, 0.0, 0.0]
    assert asked.tolist() == [0.0, 0.0]


# --- the book


@pytest.fixture
def model():
    model = district(makers=60, parameters=world_parameters("default"), seed=3)
    run(model, 14)
    return model


def sign_first(model, number: int = 3) -> np.ndarray:
    """Contracts on the first links of makers with a volume; their places in the book."""
    trade = model.trade
    book = trade.contracts
    makers = trade.spans["M"]
    seller = trade.seller[book.links]
    places = np.flatnonzero((seller >= makers.start) & (seller < makers.stop) & (book.volume > 0.0))
    places = places[-number:]
    ends = np.full(number, model.week + 8)
    book.sign(
        trade, places, 0.6 * book.volume[places], np.full(number, 0.6), ends, np.full(number, 4)
    )
    return places


def test_the_book_holds_links_with_partners_and_large_customers(model):
    trade = model.trade
    book = trade.contracts
    partners = trade.spans["P"]
    buyer = trade.buyer[book.links]
    of_partners = (buyer >= partners.start) & (buyer < partners.stop)
    assert (of_partners | trade.large[book.links]).all()
    assert trade.large.sum() == (~of_partners).sum() > 0
    assert np.array_equal(trade.group_buyer[book.group[of_partners]], buyer[of_partners])


def test_volumes_are_what_links_deliver(model):
    """One quarter is over: a quarter of the year's volume is known, and the next one grows."""
    book = model.trade.contracts
    before = book.quarters[:, 1].copy()
    np.testing.assert_allclose(book.volume, book.quarters[:, 0] / 52.0, rtol=1e-12)
    run(model, 1)
    shipped = model.trade.shipped[book.links]
    trading = book.known == 15
    np.testing.assert_allclose((before + shipped)[trading], book.quarters[trading, 1], rtol=1e-12)
    assert shipped[trading].sum() > 0.0


def test_signing_shortens_terms_and_the_end_restores_them(model):
    trade = model.trade
    places = sign_first(model)
    links = trade.contracts.links[places]
    assert (trade.terms[links] == 4).all()
    run(model, 10)
    assert not trade.contracts.committed.any()
    assert (trade.terms[links] == trade.contracts.usual_terms[places]).all()
    assert (trade.contracts.usual_terms[places] == 8).all()


def test_committed_orders_are_taken_whole_and_wait_as_contract_stock(model):
    trade, makers = model.trade, model.population("M")
    places = sign_first(model)
    book = trade.contracts
    links, season = book.links[places], 0.0
    run(model, 1)
    season = model.season
    outside = book.customer[places] >= 0
    expected = np.where(outside, season * book.committed[places], book.asked[places])
    np.testing.assert_allclose(book.asked[places], expected, rtol=1e-12)
    assert (trade.taken[links] >= book.asked[places] * (1.0 - 1e-12)).all()
    assert (book.due <= trade.backlog[book.links] * (1.0 + 1e-12)).all()
    rows = trade.seller[links] - trade.spans["M"].start
    by_hand = sum(book.due[place] for place in places if trade.seller[book.links[place]]
                  - trade.spans["M"].start == rows[0]) * makers.unit_cost[rows[0]]  # fmt: skip
    assert makers.contract_stock[rows[0]] == pytest.approx(by_hand, rel=1e-12)
    assert makers.contract_stock.sum() > 0.0


def test_a_maker_that_closes_has_no_contracts_any_more(model):
    trade = model.trade
    places = sign_first(model)
    closed = np.zeros(trade.agents, dtype=np.bool_)
    closed[trade.seller[trade.contracts.links[places[0]]]] = True
    gone = closed[trade.seller[trade.contracts.links]]
    trade.contracts.end_of_closed(trade, closed)
    assert not trade.contracts.committed[gone].any()
    assert trade.contracts.committed[places].any() != gone[places].all()


def test_a_link_given_to_another_seller_forgets(model):
    trade = model.trade
    places = sign_first(model)
    link = trade.contracts.links[places[:1]]
    trade.contracts.forget(trade, link)
    at = places[0]
    assert trade.contracts.volume[at] == trade.contracts.known[at] == 0
    assert trade.contracts.committed[at] == 0.0
    assert trade.contracts.committed[places[1:]].all()


def test_a_state_with_contracts_resumes_bit_by_bit(model):
    sign_first(model)
    run(model, 3)
    saved = model.state()
    run(model, 5)
    one = model.state()["trade"]
    model.load_state(saved)
    assert model.trade.contracts.open
    run(model, 5)
    for name, values in model.state()["trade"].items():
        assert np.array_equal(values, one[name]), name


def test_a_book_without_contracts_closes_after_its_last_orders(model):
    sign_first(model)
    assert model.trade.contracts.open
    run(model, 40)
    assert not model.trade.contracts.open
    assert not model.population("M").contract_stock.any()
    assert not model.population("P").contract_penalty.any()
