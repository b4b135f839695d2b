"""Why firms close, what their goods fetch, who is born; figures by hand, USD.

Reference: model specification §7.15, §7.7, §7.16.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.agents import newcomer
from millworks.agents.estate import (
    ARREARS,
    INSOLVENT,
    STAYS,
    VOLUNTARY,
    decide_exits,
    estates_settled,
    exit_hazard,
    goods_sold_off,
    quarters_insolvent,
)
from millworks.agents.firm import ACTIVE, CLOSING, FREE
from millworks.errors import InputError
from millworks.world.cancellations import cancel_orders
from millworks.world.streams import Streams

NEVER = 1e9
"""The limit at which a bound of arrears or of equity binds nobody."""


def exits(
    n=1,
    *,
    week=0,
    status=ACTIVE,
    identity=None,
    generation=0,
    late=0,
    equity=0.0,
    sales=1000.0,
    insolvent=None,
    arrears=13.0,
    bound=-0.1,
    hazards=(0.0, 0.0),
    seed=1,
):
    """Reasons of `n` firms alike, and their counts of failed tests."""
    streams = Streams(seed)
    failed = np.zeros(n, np.int64) if insolvent is None else np.full(n, insolvent, np.int64)
    reason = np.full(n, -9, np.int64)
    decide_exits(
        week,
        np.full(n, status, np.int64),
        np.arange(n) if identity is None else np.full(n, identity),
        np.full(n, generation, np.int64),
        np.full(n, late, np.int64),
        np.full(n, float(equity)),
        np.full(n, float(sales)),
        failed,
        arrears,
        bound,
        *hazards,
        1.5e6,
        *streams.key,
        streams.code("voluntary_exit"),
        reason,
    )
    return reason, failed


def test_a_firm_closes_in_the_week_in_which_its_arrears_reach_the_limit():
    assert [exits(late=weeks)[0][0] for weeks in (0, 12, 13, 14)] == [
        STAYS,
        STAYS,
        ARREARS,
        ARREARS,
    ]


def test_book_equity_must_be_too_low_at_two_quarterly_tests_running():
    """Equity -150, sales 1,000 a year, bound -10 %: the first test counts, the second ends it."""
    reason, failed = exits(week=13, identity=0, equity=-150.0)
    assert (reason[0], failed[0]) == (STAYS, 1)
    reason, failed = exits(week=26, identity=0, equity=-150.0, insolvent=1)
    assert (reason[0], failed[0]) == (INSOLVENT, 2)


def test_between_its_quarters_a_firm_is_not_tested():
    assert exits(week=12, identity=0, equity=-150.0)[1][0] == 0


def test_a_quarter_with_enough_equity_clears_the_count():
    assert quarters_insolvent(1, -99.0, 1000.0, -0.1) == 0
    assert quarters_insolvent(1, -101.0, 1000.0, -0.1) == 2


def test_equity_of_a_firm_without_sales_is_not_measured_by_its_sales():
    assert quarters_insolvent(1, -5.0, 0.0, -0.1) == 0


def test_only_active_firms_close():
    for status in (CLOSING, FREE):
        assert exits(status=status, late=99)[0][0] == STAYS


def test_with_every_bound_at_its_limit_nobody_leaves():
    reason, _ = exits(500, week=0, late=400, equity=-1e6, arrears=NEVER, bound=-NEVER)
    assert not reason.any()


def test_owners_of_small_firms_give_up_more_often():
    """Hazard .004 + .03 exp(-sales/1.5M): .034 at no sales, .004 + .03/e at 1.5M."""
    assert exit_hazard(0.0, 0.004, 0.03, 1.5e6) == pytest.approx(0.034, rel=1e-15)
    assert exit_hazard(1.5e6, 0.004, 0.03, 1.5e6) == pytest.approx(0.004 + 0.03 / math.e)
    assert exit_hazard(1e9, 0.004, 0.03, 1.5e6) == pytest.approx(0.004, rel=1e-12)


def test_voluntary_exits_come_at_the_rate_of_the_hazard():
    """40,000 firms a week for a year at .052 a year: 2,080 exits, s.d. 45."""
    left = sum(
        int((exits(40_000, week=week, hazards=(0.052, 0.0))[0] == VOLUNTARY).sum())
        for week in range(52)
    )
    assert left == pytest.approx(0.001 * 40_000 * 52, abs=4 * 46)


def test_an_exit_under_a_low_hazard_is_an_exit_under_a_higher_one():
    """Same address, same luck: arms of a study share the exits they can share."""
    few = exits(20_000, hazards=(0.5, 0.0))[0] == VOLUNTARY
    more = exits(20_000, hazards=(1.5, 0.0))[0] == VOLUNTARY
    assert few.any()
    assert more[few].all()
    assert more.sum() > few.sum()


def test_a_successor_on_the_row_has_luck_of_its_own():
    first = exits(20_000, hazards=(2.0, 0.0))[0]
    second = exits(20_000, hazards=(2.0, 0.0), generation=1)[0]
    assert (first != second).any()


def sold_off(status, book, part):
    sold, devalued = np.full(len(book), 7.0), np.full(len(book), 7.0)
    goods_sold_off(np.array(status), np.array(book), part, sold, devalued)
    return sold, devalued


def test_a_closing_firm_sells_at_part_of_book_value_and_loses_the_rest():
    sold, devalued = sold_off([ACTIVE, CLOSING, FREE], [100.0, 100.0, 100.0], 0.45)
    assert sold.tolist() == [0.0, 45.0, 0.0]
    assert devalued.tolist() == [0.0, -55.0, 0.0]


def test_nothing_sold_off_stays_on_the_books_to_the_last_bit():
    book = np.random.default_rng(3).lognormal(10.0, 3.0, 5000)
    sold, devalued = sold_off([CLOSING] * 5000, book, 0.45)
    assert ((book - sold) + devalued == 0.0).all()


def settled(*, status=CLOSING, weeks=1, incoming=0.0, unfiled=0.0, debts=0.0, money=0.0):
    result = np.zeros(1, np.bool_)
    columns = (np.array([float(value)]) for value in (incoming, unfiled, debts, money))
    estates_settled(np.array([status]), np.array([weeks]), *columns, 40.0, result)
    return bool(result[0])


def test_an_estate_waits_for_its_customers():
    assert not settled(incoming=500.0, debts=100.0)
    assert settled(incoming=0.0, debts=100.0)


def test_an_estate_with_money_pays_its_debts_before_any_is_written_off():
    assert not settled(debts=100.0, money=50.0)
    assert settled(debts=100.0, money=0.0)
    assert settled(debts=0.0, money=50.0)


def test_an_estate_files_its_last_taxes():
    assert not settled(unfiled=1000.0)


def test_no_estate_waits_longer_than_the_limit():
    assert not settled(weeks=39, incoming=500.0)
    assert settled(weeks=40, incoming=500.0)


def test_firms_that_trade_have_no_estate():
    assert not settled(status=ACTIVE)
    assert not settled(status=FREE, weeks=99)


def two_sellers_two_buyers(closed):
    """Buyers 0, 1; sellers 2, 3; outside 4. Each buyer: links to 2, 3 and to the outside.

    Returns backlog, ready, cancelled by link; units that district buyers ask of the rest of the US
    instead, and units that the outside customer asks of rivals there, by sector.
    """
    buyer_start = np.array([0, 3, 6, 6, 6, 7])
    seller = np.array([2, 3, 4, 2, 3, 4, 2])
    sector = np.array([0, 1, 2, 0, 1, 2, 0])
    us_link = np.array([2, 5, -1, -1, -1])
    backlog = np.array([10.0, 20.0, 1.0, 30.0, 40.0, 2.0, 50.0])
    ready = np.array([5.0, 6.0, 0.0, 7.0, 8.0, 0.0, 9.0])
    cancelled, turned, to_rivals = np.zeros(7), np.zeros(3), np.zeros(3)
    flags = np.zeros(5, np.bool_)
    flags[closed] = True
    links = (buyer_start, seller, sector, us_link)
    cancel_orders(flags, *links, backlog, ready, cancelled, turned, to_rivals)
    return backlog, ready, cancelled, turned, to_rivals


def test_what_a_closed_seller_was_to_deliver_is_asked_of_the_rest_of_the_us():
    """Seller 2 closes: 15 units of buyer 0 and 37 of buyer 1, ready ones included, go outside."""
    backlog, ready, cancelled, turned, _ = two_sellers_two_buyers([2])
    assert backlog.tolist() == [0.0, 20.0, 16.0, 0.0, 40.0, 39.0, 0.0]
    assert ready.tolist() == [0.0, 6.0, 0.0, 0.0, 8.0, 0.0, 0.0]
    assert turned.tolist() == [52.0, 0.0, 0.0]
    assert cancelled.tolist() == [10.0, 0.0, -15.0, 30.0, 0.0, -37.0, 50.0]


def test_outside_customers_of_a_closed_seller_turn_to_rivals_there():
    """Its 50 units and the 9 that were ready: sales that rivals win and district buyers do not."""
    backlog, _, _, turned, to_rivals = two_sellers_two_buyers([2])
    assert backlog[6] == 0.0
    assert turned.sum() == 15.0 + 37.0
    assert to_rivals.tolist() == [59.0, 0.0, 0.0]


def test_what_a_closed_buyer_had_ordered_is_struck_and_what_is_ready_stays_with_its_maker():
    backlog, ready, cancelled, turned, to_rivals = two_sellers_two_buyers([0])
    assert backlog.tolist() == [0.0, 0.0, 0.0, 30.0, 40.0, 2.0, 50.0]
    assert ready.tolist() == [0.0, 0.0, 0.0, 7.0, 8.0, 0.0, 9.0]
    assert cancelled.tolist() == [10.0, 20.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    assert turned.sum() == to_rivals.sum() == 0.0


def test_births_equal_exits_when_the_rows_left_are_half_a_years_exits():
    """Two births a year per free row: 60 exits a year leave 30 rows free and bring 60 births."""
    assert 52 * newcomer.expected_births(2.0, 30.0, 0.05, 0.05, 0.3) == pytest.approx(60.0)


def test_births_rise_with_the_margin_of_the_sector():
    assert newcomer.expected_births(2.0, 52.0, 0.10, 0.05, 0.3) == pytest.approx(2.0 * 2.0**0.3)
    assert newcomer.expected_births(2.0, 52.0, -0.02, 0.05, 0.3) == 0.0


def test_before_margins_are_known_they_do_not_count():
    assert newcomer.expected_births(2.0, 52.0, 0.10, 0.0, 0.3) == 2.0


def test_a_newcomer_can_serve_part_of_its_market_at_normal_use():
    """45 of 100 units a week at 90 % use need capacity for 50."""
    assert newcomer.starting_capacity(100.0, 0.45, 0.9) == pytest.approx(50.0)
    assert newcomer.paid_in(1000.0, 45.0, 8.0) == 1360.0


def test_markups_have_the_median_aimed_at_and_keep_their_bounds():
    drawn = newcomer.markups(Streams(1), np.arange(20_000), np.zeros(20_000, np.int64), 0.055, 0.05)
    assert drawn.min() >= -0.05
    assert drawn.max() <= 0.20
    # Cut at 2.1 s.d. below and 2.9 above, the median moves up by less than a thousandth.
    assert np.median(drawn) == pytest.approx(0.056, abs=0.001)
    assert drawn.std() == pytest.approx(0.048, abs=0.002)


def test_a_markup_without_dispersion_is_the_mean():
    assert newcomer.markup_from_uniform(0.9, 0.055, 0.0) == 0.055


@pytest.mark.parametrize(("size", "share"), [(0, 0.6), (1, 0.8), (2, 0.8), (3, 1.0), (4, 1.0)])
def test_fewer_owners_of_very_small_firms_want_to_grow(size, share):
    """40 % of owners under five employees do not, half of it from 5 to 19, none above."""
    n = 20_000
    drawn = newcomer.ambitions(
        Streams(2), np.arange(n), np.zeros(n, np.int64), np.full(n, size), 0.4
    )
    assert drawn.mean() == pytest.approx(share, abs=0.015)


def test_the_median_owner_keeps_the_median_days_of_outflow():
    """27 days, of which a week's receipts stand anyway: 20 days of 700 a week are 2,000."""
    n = 20_001
    drawn = newcomer.cash_buffers(
        Streams(3), np.arange(n), np.zeros(n, np.int64), np.full(n, 700.0), 27.0, 0.7
    )
    assert np.median(drawn) == pytest.approx(2000.0, rel=0.05)
    assert drawn.min() == 0.0


def test_productivity_of_successors_does_not_drift():
    """The step is from the predecessor's own draw, so no lineage wanders off."""
    streams, ids = Streams(4), np.arange(5000)
    lineage = np.ones(5000)
    for generation in range(1, 6):
        lineage *= newcomer.productivity_steps(streams, ids, np.full(5000, generation), 0.2)
    first = streams.normal("maker_productivity", ids)
    last = streams.normal("maker_productivity", ids, generation=5)
    np.testing.assert_allclose(lineage, np.exp(0.2 * (last - first)), rtol=1e-12)


def test_present_orders_are_base_orders_times_the_state_of_demand():
    """Of outside customers (links 1, 3 and 4) only; agent 0 sells on links 1 to 3, agent 1 on 4."""
    orders = np.zeros(2)
    base = np.array([1.0, 10.0, 100.0, 1000.0, 7.0])
    by_seller, seller_start = np.array([1, 2, 3, 4, 0]), np.array([0, 3, 4, 5])
    state = np.array([0.0, math.log(1.5), 0.0])
    newcomer.present_orders(
        np.array([1, 0]), by_seller, seller_start, np.array([1, 3, 4]), base, state, orders
    )
    np.testing.assert_allclose(orders, [7.0, 1510.0])


def test_more_births_than_a_draw_can_give_are_refused_in_one_sentence():
    newcomer.require_few_births(700.0)
    for mean in (700.5, math.inf, math.nan):
        with pytest.raises(InputError, match="firms of one sector would be born in a week"):
            newcomer.require_few_births(mean)


def test_births_are_drawn_by_sector_from_the_rows_that_are_free():
    """The mean of many weeks is the expected number; a sector without free rows has none."""
    births, drawn = np.empty(3, dtype=np.int64), np.zeros(3)
    sector, usual = np.array([0] * 30 + [2] * 10), np.full(40, 0.05)
    margin = np.array([0.05, 0.05, 0.10])
    key0, key1 = Streams(4).key
    code = Streams(4).code("birth_count")
    for week in range(2000):
        most = newcomer.draw_births(sector, usual, margin, 2.0, 0.3, week, key0, key1, code, births)
        drawn += births
    expected = [newcomer.expected_births(2.0, n, m, 0.05, 0.3) for n, m in ((30, 0.05), (10, 0.1))]
    assert most == max(expected)
    assert drawn[1] == 0.0
    np.testing.assert_allclose(drawn[[0, 2]] / 2000, expected, rtol=0.08)


def test_margins_of_a_sector_are_weighted_with_the_sales_of_who_trades():
    margin = np.full(3, np.nan)
    newcomer.sector_margins(
        np.array([ACTIVE, ACTIVE, CLOSING, ACTIVE]),
        np.array([0, 0, 0, 1]),
        np.array([100.0, 300.0, 900.0, 0.0]),
        np.array([1.0, 2.0, 1.0, 1.0]),
        np.array([0.9, 1.0, 0.1, 0.5]),
        margin,
    )
    np.testing.assert_allclose(margin, [(100 * 0.1 + 300 * 0.5) / 400, 0.0, 0.0])


def test_inputs_of_a_newcomer_stay_within_bounds():
    """What fits is cut at .25 and 1.6; without a spread everybody has the sector's."""
    fitting = np.array([1.3, 1.9, -0.2])
    np.testing.assert_allclose(newcomer.input_factors(fitting, 1.0), [1.3, 1.6, 0.25])
    assert newcomer.input_factors(fitting, 0.0).tolist() == [1.0, 1.0, 1.0]
