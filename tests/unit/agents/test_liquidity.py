"""What a small firm can spend at its own discretion; figures by hand, USD.

Reference: model specification §7.2, §7.6.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.agents.liquidity import HORIZON, fill_spare, spare, spare_money
from millworks.world.trade import RING_WEEKS
from worlds import district, run, world_parameters


@pytest.mark.parametrize(
    ("deposits", "line", "limit", "receipts", "dues", "money"),
    [
        (100, 0, 0, 0, 30, 70),
        (100, 20, 50, 0, 30, 100),  # and 30 that the line still gives
        (100, 80, 50, 0, 30, 70),  # a line above a lowered limit gives nothing, and takes nothing
        (100, 0, 0, 25, 30, 170),  # four weeks of receipts
        (10, 0, 0, 0, 30, -20),
    ],
)
def test_spare_money_is_cash_the_rest_of_the_line_and_receipts_less_dues(
    deposits, line, limit, receipts, dues, money
):
    assert spare(*(float(v) for v in (deposits, line, limit, receipts, dues))) == money


def test_money_that_is_still_clearing_counts_and_sales_of_a_year_are_spread_over_its_weeks():
    money = np.zeros(1)
    fill_spare(*(np.array([v]) for v in (60.0, 40.0, 0.0, 0.0, 520.0, 30.0)), money)
    assert money[0] == 60.0 + 40.0 + HORIZON * 10.0 - 30.0


@pytest.fixture
def model():
    model = district(makers=30, parameters=world_parameters("default"), seed=3)
    run(model, 6)
    return model


@pytest.mark.parametrize("letter", ["M", "R"])
@pytest.mark.parametrize(("ahead", "counts"), [(1, True), (4, True), (5, False)])
def test_invoices_due_within_four_weeks_lower_spare_money_and_later_ones_do_not(
    model, letter, ahead, counts
):
    before = spare_money(model, letter)
    row = 2
    link = int(model.trade.buyer_start[model.trade.spans[letter].start + row])
    model.trade._ring[(model.week + ahead) % RING_WEEKS, link] += 500.0
    change = spare_money(model, letter) - before
    assert change[row] == pytest.approx(-500.0 * counts, abs=1e-6)
    assert np.abs(np.delete(change, row)).max() == 0.0


def test_what_is_overdue_must_be_paid_too(model):
    before = spare_money(model, "M")
    link = int(model.trade.buyer_start[model.trade.spans["M"].start + 2])
    model.trade._overdue[link] += 500.0
    assert (spare_money(model, "M") - before)[2] == pytest.approx(-500.0)


@pytest.mark.parametrize("column", ["wage_residents", "services_local", "rent", "bank_payment"])
def test_what_is_paid_every_week_counts_for_four_weeks(model, column):
    before = spare_money(model, "M")
    getattr(model.population("M"), column)[2] += 100.0
    assert (spare_money(model, "M") - before)[2] == pytest.approx(-400.0)
