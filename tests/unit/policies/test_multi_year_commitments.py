"""Multi-year commitments: who signs, what it changes, what it costs, and that nothing else moves.

Reference: model specification §7.17, §8; T15 (size zero, before its start, nobody eligible).
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.agents.commitment import RELIABLE, choose_contracts
from millworks.agents.firm import ACTIVE, CLOSING
from millworks.policies.multi_year_commitments import LARGEST_PART, NET_30
from millworks.week.accept import take_committed
from worlds import district, fingerprint, run, world_parameters

NAME = "multi_year_commitments"
BEFORE = 66
"""Weeks until every link has four full quarters behind it."""


@pytest.fixture(scope="module")
def started():
    """A district of 60 makers after `BEFORE` weeks, and its state."""
    model = district("hickory", 60, parameters=world_parameters("default"), seed=5)
    run(model, BEFORE)
    return model, model.state()


@pytest.fixture
def model(started):
    model, state = started
    model.load_state(state)
    return model


def introduce(model, **settings):
    model.introduce({NAME: settings})
    return model


def after(model, weeks: int, **settings) -> str:
    introduce(model, **settings)
    run(model, weeks)
    return fingerprint(model.state())


# --- who signs


def signed(**changes) -> tuple[float, float]:
    """Units that two links of a maker sign: volumes 100 and 50, f .6, room for 80 more units."""
    usual = {
        "maker": [0, 0],
        "known": [80, 80],
        "committed": [0.0, 0.0],
        "too_small": [False, False],
        "reviews": True,
        "offered": 0.6,
        "fill": 0.95,
        "backlog": 200.0,
        "capacity": 100.0,
        "room": 80.0,
    } | changes
    out = np.full(2, 7.0)
    choose_contracts(
        np.array(usual["maker"], np.int64),
        np.array(usual["known"], np.int64),
        np.array([100.0, 50.0]),
        np.array(usual["committed"]),
        np.array(usual["too_small"]),
        np.array([usual["reviews"]]),
        np.array([usual["offered"]]),
        np.array([usual["fill"]]),
        np.array([usual["backlog"]]),
        np.array([usual["capacity"]]),
        np.array([usual["room"]]),
        3.0,
        out,
    )
    return float(out[0]), float(out[1])


def test_a_maker_signs_for_its_part_of_last_years_volume():
    assert signed(room=1000.0) == (60.0, 30.0)


def test_a_maker_binds_itself_to_no_more_than_it_can_make():
    assert signed() == (60.0, 0.0)
    assert signed(room=59.0) == (0.0, 30.0)


@pytest.mark.parametrize(
    "change",
    [
        {"reviews": False},
        {"offered": 0.0},
        {"fill": RELIABLE},
        {"backlog": 300.1},
        {"known": [64, 64]},
        {"too_small": [True, True]},
        {"committed": [1.0, 1.0]},
        {"maker": [-1, -1]},
        {"room": 0.0},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whoever_fails_one_condition_signs_nothing(change):
    assert signed(**change) == (0.0, 0.0)


def test_contracts_stay_within_what_makers_can_make_at_normal_use(model):
    introduce(model, share=0.9)
    run(model, 26)
    trade, makers = model.trade, model.population("M")
    row = trade.seller[trade.contracts.links] - trade.spans["M"].start
    total = np.zeros(makers.size)
    np.add.at(total, row[row < makers.size], trade.contracts.committed[row < makers.size])
    signed_by = total > 0.0
    assert signed_by.sum() > 5
    # Capacity may have worn since it signed.
    assert (total <= 1.05 * model.parameters.use_target * makers.capacity)[signed_by].all()


# --- what it changes


def test_committed_orders_come_first_and_are_taken_whole():
    """Of 40 others a half was granted: 100 are asked, 60 + 20 taken, 6 of 12 from stock."""
    orders, accepted = np.array([40.0]), np.array([0.5])
    spot, year, backlog = np.array([6.0]), np.zeros((1, 4)), np.array([20.0])
    take_committed(np.array([60.0]), np.array([6.0]), orders, accepted, spot, year, backlog)
    assert orders[0] == 100.0
    assert accepted[0] == pytest.approx(0.8)
    assert spot[0] == 12.0
    assert year[0, 0] == 60.0
    assert backlog[0] == 80.0


def weekly_orders(model, weeks: int, **settings):
    """Orders on the book's links by week, and which were under contract throughout."""
    introduce(model, **settings)
    run(model, 14)
    book = model.trade.contracts
    held = book.committed > 0.0
    asked = []
    for _ in range(weeks):
        run(model, 1)
        held &= book.committed > 0.0
        asked.append(model.trade.request[book.links].copy())
    return np.array(asked), held & (book.customer >= 0)


def test_the_spread_of_a_customers_orders_falls_by_the_part_under_contract(model, started):
    """The free part is 1 - f of what it was; the committed one moves with the season only."""
    with_it, held = weekly_orders(model, 40, share=0.6, fee=0.0)
    model.load_state(started[1])
    without, _ = weekly_orders(model, 40, intensity=0.0)
    assert held.sum() >= 5
    usual, now = without[:, held], with_it[:, held]
    # Market shares hardly move in a year, so what is free is .4 of what would have been asked.
    steady = now - 0.4 * usual
    spread = steady.std(axis=0) / steady.mean(axis=0)
    assert np.median(spread) < 0.15
    ratio = (now.std(axis=0) / now.mean(axis=0)) / (usual.std(axis=0) / usual.mean(axis=0))
    assert 0.3 < np.median(ratio) < 0.6


def test_a_committed_order_does_not_fall_in_a_recession(model):
    introduce(model)
    run(model, 13)
    book = model.trade.contracts
    outside = (book.committed > 0.0) & (book.customer >= 0)
    model.introduce({NAME: {}}, {"recession": {}})
    run(model, 1)
    still = outside & (book.ends > model.week)
    expected = model.season * book.committed[still]
    assert still.any()
    assert model.outside_demand < 1.0
    np.testing.assert_allclose(book.asked[still], expected, rtol=1e-12)


def test_net_30_shortens_the_terms_of_committed_customers_only(model):
    introduce(model)
    run(model, 13)
    trade = model.trade
    book = trade.contracts
    held = book.committed > 0.0
    assert (trade.terms[book.links[held]] == NET_30).all()
    assert (trade.terms[book.links[~held]] == book.usual_terms[~held]).all()


def test_without_net_30_terms_stay_what_they_were(model):
    terms = model.trade.terms.copy()
    introduce(model, net30=False)
    run(model, 13)
    assert model.trade.contracts.committed.any()
    assert np.array_equal(model.trade.terms, terms)


def test_demand_is_conserved_with_contracts(model):
    """I7 and I10 among all identities, every week, here over the whole of the contracts' year."""
    introduce(model, years=1, share=0.9)
    run(model, 70)
    assert max(model.invariants.worst.values()) <= 1e-9


def test_contracts_end_after_their_years_and_are_renewed_while_the_programme_lasts(model):
    introduce(model, years=1)
    run(model, 66)
    assert model.trade.contracts.committed.any()


def test_none_is_signed_after_the_programme_and_all_end(model):
    introduce(model, years=1, weeks=13)
    run(model, 13)
    book = model.trade.contracts
    signed_then = book.committed.copy()
    assert signed_then.any()
    run(model, 20)
    assert ((book.committed == signed_then) | (book.committed == 0.0)).all()
    assert book.committed.any()
    run(model, 34)
    assert not book.committed.any()


def test_books_balance_while_committed_makers_fail(model):
    """Makers with contracts are made to close: their contracts go, and every identity holds."""
    introduce(model)
    run(model, 13)
    trade, makers = model.trade, model.population("M")
    book = trade.contracts
    row = trade.seller[book.links] - trade.spans["M"].start
    doomed = np.unique(row[book.committed > 0.0])[:5]
    makers.late_weeks[doomed] = 500
    makers.cash_buffer[doomed] = 0.0
    makers.revolver_limit[doomed] = 0.0
    closed = np.zeros(makers.size, dtype=bool)
    for _ in range(60):
        makers.late_weeks[doomed] = 400
        makers.insolvent_quarters[doomed] = 4
        makers.annual_sales[doomed] = 1e9
        run(model, 1)
        closed |= makers.status == CLOSING
        held = (row >= 0) & (row < makers.size) & (book.committed > 0.0)
        assert (makers.status[row[held]] == ACTIVE).all()
    assert closed[doomed].sum() >= 3
    assert max(model.invariants.worst.values()) <= 1e-9


def test_a_partner_that_stops_ordering_pays_half_the_value(model):
    """Partners' stocks are doubled, so that they order less; who has the money pays in full."""
    trade, makers, partners = model.trade, model.population("M"), model.population("P")
    introduce(model)
    run(model, 13)
    book = trade.contracts
    assert ((book.committed > 0.0) & (book.customer < 0)).any()
    partners.units_on_hand[:] *= 2.0
    row = trade.seller[book.links] - trade.spans["M"].start
    # What was bound when this week's orders were placed, and at which prices.
    committed, price = book.committed.copy(), makers.price[np.clip(row, 0, makers.size - 1)]
    run(model, 1)
    short = np.where(book.group >= 0, committed - book.asked, 0.0)
    owed = np.zeros(trade.agents)
    np.add.at(owed, trade.buyer[book.links], 0.5 * short * price)
    owed = owed[trade.spans["P"]]
    paid = partners.contract_penalty
    in_full = np.isclose(paid, owed, rtol=1e-9)
    assert (paid <= owed * (1.0 + 1e-12)).all()
    assert paid[in_full].sum() > 0.5 * owed.sum() > 0.0
    assert model.ledger.flows["contract penalty P>M"] == pytest.approx(paid.sum(), rel=1e-12)


# --- what it costs


def test_every_dollar_of_the_fee_has_a_payer_and_a_payee(model):
    introduce(model, fee=0.02)
    run(model, 14)
    trade, makers = model.trade, model.population("M")
    book = trade.contracts
    flows = model.ledger.flows
    row = trade.seller[book.links] - trade.spans["M"].start
    price = makers.price[np.clip(row, 0, makers.size - 1)]
    # Prices of the week stand at its end, for they move before fees are paid.
    owed = 0.02 * float((book.committed * price).sum())
    paid = flows["programme fee G>P"] + flows["programme fee G>X"]
    assert paid > 0.0
    assert paid == pytest.approx(owed, rel=1e-9)
    overhead = 1.0 + model.parameters.programme_overhead
    assert model.measures.cost[NAME] == pytest.approx(paid * overhead, rel=1e-12)


def test_the_levy_pays_by_default_and_the_outside_if_it_is_named(model, started):
    introduce(model)
    run(model, 30)
    assert model.ledger.flows["levy withheld H>G"] > 0.0
    assert model.ledger.flows["programme funded X>G"] == 0.0
    model.load_state(started[1])
    introduce(model, payer="outside")
    run(model, 30)
    assert model.ledger.flows["levy withheld H>G"] < 1e-6
    assert model.ledger.flows["programme funded X>G"] == pytest.approx(model.measures.cost[NAME])


def test_without_a_fee_it_costs_the_public_nothing(model):
    introduce(model, fee=0.0)
    run(model, 20)
    assert model.trade.contracts.committed.any()
    assert model.measures.cost[NAME] == 0.0
    assert model.population("G").levy_rate[0] == 0.0


# --- nothing else moves


def test_size_zero_changes_not_a_bit(model, started):
    nothing = after(model, 20, intensity=0.0)
    model.load_state(started[1])
    model.introduce({})
    run(model, 20)
    assert nothing == fingerprint(model.state())


def test_before_its_start_it_changes_not_a_bit(model, started):
    waiting = after(model, 20, start=20)
    model.load_state(started[1])
    assert waiting == after(model, 20, intensity=0.0)


def test_a_share_of_nothing_changes_not_a_bit(model, started):
    nothing = after(model, 20, share=0.0)
    model.load_state(started[1])
    assert nothing == after(model, 20, intensity=0.0)


def test_with_nobody_eligible_nothing_but_the_offer_is_there(model, started):
    nobody = after(model, 20, sectors=[], fee=0.0)
    model.load_state(started[1])
    assert nobody == after(model, 20, intensity=0.0)


def test_more_than_nine_tenths_are_never_committed(model):
    introduce(model, intensity=4.0)
    run(model, 1)
    offered = model.population("M").commitment_offered
    assert offered.max() == LARGEST_PART


def test_only_makers_with_a_large_buyer_are_offered_a_contract(model):
    introduce(model)
    run(model, 1)
    trade, makers = model.trade, model.population("M")
    offered = makers.commitment_offered > 0.0
    large = np.zeros(trade.agents, dtype=bool)
    large[trade.seller[trade.large]] = True
    partners = trade.spans["P"]
    bought = (trade.buyer >= partners.start) & (trade.buyer < partners.stop) & (trade.share > 0.0)
    large[trade.seller[bought]] = True
    assert np.array_equal(offered, large[trade.spans["M"]] & (makers.status == ACTIVE))
    assert 0 < offered.sum() < makers.size
