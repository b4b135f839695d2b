"""Who files which taxes, who draws, what lenders pay out: stage distribute; figures by hand, USD.

Reference: model specification §7.12, §7.14, §7.18.
"""

from __future__ import annotations

import numpy as np
import pytest

from finance import columns
from millworks.week.distribute import draw_quarterly, file_taxes, lender_dividend, owners_draw


def filed(week, identity, *, rate=0.0, base=0.0, profit_rate=0.0, profit=0.0, closed=False,
          local_share=0.25, every=13):  # fmt: skip
    """(local tax, outside tax, output left to file, profit left to file) of one firm."""
    left, earned, local, outside = columns(base), columns(profit), columns(-1.0), columns(-1.0)
    file_taxes(
        week,
        every,
        np.array([identity]),
        np.array([closed]),
        columns(rate),
        left,
        profit_rate,
        earned,
        local_share,
        local,
        outside,
    )
    return float(local[0]), float(outside[0]), float(left[0]), float(earned[0])


def test_taxes_are_filed_once_a_quarter_on_the_output_since_the_last_filing():
    """1,300 of output at 4 %: 52, a quarter of it local. Week 13 is the week of identity 0."""
    assert filed(13, 0, rate=0.04, base=1300.0) == (13.0, 39.0, 0.0, 0.0)
    assert filed(13, 1, rate=0.04, base=1300.0) == (0.0, 0.0, 1300.0, 0.0)


def test_profit_of_the_quarter_is_taxed_and_a_loss_is_not():
    # The tax lowers the income of the week it is filed in; it is not deducted from its own base.
    assert filed(13, 0, profit_rate=0.26, profit=1000.0) == (65.0, 195.0, 0.0, 260.0)
    assert filed(13, 0, profit_rate=0.26, profit=-1000.0) == (0.0, 0.0, 0.0, 0.0)


def test_profit_waits_for_the_week_of_filing():
    assert filed(12, 0, profit_rate=0.26, profit=1000.0) == (0.0, 0.0, 0.0, 1000.0)


def test_without_a_tax_on_profit_the_tax_on_output_keeps_its_bits():
    rate, base = 0.0371, 1234.5678
    local, outside, *_ = filed(0, 0, rate=rate, base=base, profit=-77.7, local_share=1.0 / 3.0)
    assert (local, outside) == (
        rate * base * (1.0 / 3.0),
        rate * base - rate * base * (1.0 / 3.0),
    )


def test_a_closed_firm_files_at_once():
    assert filed(12, 0, rate=0.04, base=1300.0, closed=True) == (13.0, 39.0, 0.0, 0.0)


def test_every_firm_files_exactly_once_in_any_thirteen_weeks():
    identity, total = np.arange(100), np.zeros(100)
    for week in range(40, 53):
        local, outside = np.zeros(100), np.zeros(100)
        file_taxes(
            week,
            13,
            identity,
            np.zeros(100, dtype=bool),
            np.ones(100),
            np.ones(100),
            0.0,
            np.zeros(100),
            0.5,
            local,
            outside,
        )
        total += local + outside
    assert total.tolist() == [1.0] * 100


@pytest.mark.parametrize(
    ("planned", "deposits", "buffer", "share", "drawn"),
    [
        (100, 500, 200, 0.0, 100),  # what was planned, whatever is left
        (0, 500, 200, 0.6, 180),  # 0.6 of the 300 above the buffer
        (100, 500, 200, 0.5, 200),  # planned, and half of the 200 that then stand above it
        (0, 150, 200, 0.6, 0),  # below the buffer nothing
    ],
)
def test_owners_draw_what_was_planned_and_a_share_of_spare_cash(
    planned, deposits, buffer, share, drawn
):
    assert owners_draw(*(float(v) for v in (planned, deposits, buffer, share))) == drawn


def drawn(week=0, *, may=True, waits=False, leaves=False, planned=0.0, planned_part=0.0,
          cleared=1000.0, buffer=200.0, share=0.5, local=0.9):  # fmt: skip
    """(draw to local owners, draw to outside owners) of the firm with identity 0."""
    draw_local, draw_outside = columns(-1.0), columns(-1.0)
    draw_quarterly(
        week,
        np.array([0]),
        np.array([may]),
        np.array([waits]),
        np.array([leaves]),
        columns(planned),
        planned_part,
        columns(cleared),
        columns(buffer),
        share,
        columns(local),
        draw_local,
        draw_outside,
    )
    return float(draw_local[0]), float(draw_outside[0])


def test_a_draw_is_split_by_ownership():
    assert drawn() == (pytest.approx(360.0), pytest.approx(40.0))


def test_owners_draw_only_at_the_end_of_their_own_quarter():
    assert drawn(week=5) == (0.0, 0.0)
    assert sum(drawn(week=26)) == pytest.approx(400.0)


def test_a_planned_draw_is_thirteen_weeks_of_it_and_never_more_than_deposits():
    assert sum(drawn(planned=10.0, planned_part=1.0, share=0.0)) == pytest.approx(130.0)
    short = drawn(planned=10.0, planned_part=1.0, share=0.0, cleared=100.0)
    assert sum(short) == pytest.approx(100.0)


def test_nobody_draws_while_something_due_is_unpaid():
    assert drawn(may=False, planned=10.0, planned_part=1.0) == (0.0, 0.0)


def test_spare_cash_stays_in_the_firm_while_a_project_waits_but_what_was_planned_is_paid():
    assert drawn(waits=True) == (0.0, 0.0)
    assert sum(drawn(waits=True, planned=10.0, planned_part=1.0)) == pytest.approx(130.0)


def test_a_closed_firm_that_owes_nothing_hands_over_everything_in_any_week():
    assert drawn(week=5, may=False, leaves=True) == (pytest.approx(900.0), pytest.approx(100.0))


@pytest.mark.parametrize(
    ("capital", "loans", "book", "dividend"),
    [
        (150, 1000, 0, 50),
        (90, 1000, 0, 0),
        (-20, 1000, 0, 0),
        (150, 0, 0, 150),
        (150, 0, 1200, 30),  # an online lender without loans keeps capital for its book
    ],
)
def test_a_lender_pays_out_capital_above_a_tenth_of_its_loans_or_of_the_book_it_is_for(
    capital, loans, book, dividend
):
    found = lender_dividend(float(capital), float(loans), float(book), 0.10)
    assert found == pytest.approx(dividend)


def test_a_lender_that_keeps_capital_without_bound_pays_nothing():
    assert lender_dividend(150.0, 1000.0, 0.0, 1e9) == 0.0
