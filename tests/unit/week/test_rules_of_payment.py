"""Who is paid, from what, in which order: stages settle and close; figures by hand, USD.

Reference: model specification §6 (payment waterfall), §7.12, §7.14.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, CLOSING
from millworks.week.close import sweep_deposits
from millworks.week.settle import CLASSES, DEBTS, line_drawn, paid_part, run_waterfall, settle
from worlds import district, run, world_parameters


def waterfall(due, cleared, *, line=0.0, limit=0.0, buffer=0.0, interest=0.0):
    """Parts paid of each class, and the credit line drawn, of one firm.

    `due`: payroll, taxes, loans and interest, services, goods; `line` includes `interest`.
    """
    part, drawn = np.zeros((CLASSES, 1)), np.zeros(1)
    column = [np.array([float(value)]) for value in (cleared, line, limit, buffer, interest)]
    run_waterfall(np.array(due, dtype=float)[:, None], *column, part, drawn)
    return part[:, 0], drawn[0]


def test_a_firm_with_enough_money_pays_everything_and_draws_nothing():
    part, drawn = waterfall([100, 20, 10, 30, 50], cleared=210)
    assert part.tolist() == [1, 1, 1, 1, 1]
    assert drawn == 0.0


def test_payroll_comes_first_then_taxes_then_loans_then_services_then_suppliers():
    """150 of means: payroll 100, taxes 20, loans 10, 20 of 30 for services, no supplier."""
    part, drawn = waterfall([100, 20, 10, 30, 50], cleared=150)
    np.testing.assert_allclose(part, [1, 1, 1, 20 / 30, 0])
    assert drawn == 0.0


@pytest.mark.parametrize(
    ("means", "paid"),
    [
        (50, [0.5, 0, 0, 0, 0]),
        (110, [1, 0.5, 0, 0, 0]),
        (125, [1, 1, 0.5, 0, 0]),
        (145, [1, 1, 1, 0.5, 0]),
        (185, [1, 1, 1, 1, 0.5]),
    ],
)
def test_each_class_is_paid_in_full_before_the_next_and_pro_rata_where_money_runs_out(means, paid):
    part, _ = waterfall([100, 20, 10, 30, 50], cleared=means)
    np.testing.assert_allclose(part, paid)


def test_a_payroll_that_cannot_be_met_is_paid_pro_rata_and_nobody_else_is_paid():
    part, _ = waterfall([100, 20, 10, 30, 50], cleared=40)
    np.testing.assert_allclose(part, [0.4, 0, 0, 0, 0])


def test_what_is_not_due_counts_as_paid_even_without_money():
    part, drawn = waterfall([0, 0, 0, 0, 0], cleared=0)
    assert part.tolist() == [1, 1, 1, 1, 1]
    assert drawn == 0.0


def test_the_credit_line_is_drawn_only_for_what_deposits_do_not_cover():
    part, drawn = waterfall([100, 20, 0, 30, 50], cleared=140, limit=500)
    assert part.tolist() == [1, 1, 1, 1, 1]
    assert drawn == 60.0


def test_a_credit_line_is_never_drawn_beyond_its_limit():
    part, drawn = waterfall([100, 20, 0, 30, 50], cleared=140, line=20, limit=45)
    assert drawn == 25.0
    np.testing.assert_allclose(part, [1, 1, 1, 1, 15 / 50])


def test_a_line_above_a_lowered_limit_cannot_be_drawn():
    part, drawn = waterfall([100, 0, 0, 0, 0], cleared=60, line=80, limit=50)
    np.testing.assert_allclose(part[0], 0.6)
    assert drawn == 0.0


def test_interest_that_is_paid_comes_off_the_line_and_what_is_unpaid_stays_on_it():
    """A line of 100 of which 2 is this week's interest; nothing else is due or spare."""
    _, drawn = waterfall([0, 0, 2, 0, 0], cleared=2, line=100, limit=100, interest=2)
    assert drawn == -2.0
    _, drawn = waterfall([0, 0, 2, 0, 0], cleared=0, line=100, limit=100, interest=2)
    assert drawn == 0.0


def test_interest_paid_with_the_line_itself_leaves_the_line_as_it_was():
    """Room of 50: the 2 of interest are drawn and at once repaid; the firm's cash stays."""
    part, drawn = waterfall([0, 0, 2, 0, 0], cleared=0, line=100, limit=150, interest=2)
    assert part[DEBTS] == 1.0
    assert drawn == 0.0


def test_payments_never_exceed_means():
    draws = np.random.default_rng(1)
    for _ in range(200):
        due = draws.exponential(100, CLASSES)
        cleared, line, room = draws.exponential(150, 3)
        part, drawn = waterfall(due, cleared, line=line, limit=line + room, buffer=50)
        paid = float(part @ due)
        assert paid <= cleared + room + 1e-9
        assert cleared - paid + drawn >= -1e-9
        assert -line <= drawn <= room + 1e-9


@pytest.mark.parametrize(
    ("due", "means", "part"),
    [(100, 100, 1), (100, 250, 1), (100, 25, 0.25), (100, 0, 0), (100, -5, 0), (0, 0, 1)],
)
def test_the_part_of_a_class_that_is_paid_is_means_over_dues_between_zero_and_one(due, means, part):
    assert paid_part(float(due), float(means)) == part


@pytest.mark.parametrize(
    ("paid", "cleared", "line", "buffer", "drawn"),
    [
        (80, 50, 0, 0, 30),  # 30 short
        (50, 200, 100, 60, -90),  # 150 left, 60 kept, 90 repaid
        (50, 200, 40, 60, -40),  # the whole line repaid
        (50, 100, 40, 60, 0),  # below the buffer: nothing repaid
        (50, 200, 0, 60, 0),  # no line, nothing to repay
    ],
)
def test_deposits_above_the_buffer_repay_the_line(paid, cleared, line, buffer, drawn):
    values = (float(v) for v in (paid, cleared, line, buffer))
    assert line_drawn(*values) == drawn


def sweep(cleared, uncleared, paid, weeks=2.0, local=0.5):
    """[drawn locally, drawn outside, called locally, called outside] of one firm."""
    results = [np.zeros(1) for _ in range(4)]
    given = (np.array([float(v)]) for v in (cleared, uncleared, paid))
    sweep_deposits(*given, weeks, np.array([local]), *results)
    return [float(result[0]) for result in results]


def test_deposits_above_two_weeks_of_payments_go_to_the_owners():
    assert sweep(cleared=300, uncleared=50, paid=100) == [75.0, 75.0, 0.0, 0.0]


def test_deposits_below_two_weeks_of_payments_are_called_from_the_owners():
    assert sweep(cleared=100, uncleared=40, paid=100) == [0.0, 0.0, 30.0, 30.0]


def test_money_that_has_not_cleared_cannot_be_swept():
    assert sweep(cleared=30, uncleared=300, paid=100, local=0.0) == [0.0, 30.0, 0.0, 0.0]


# --- firms that close, in a running district


@pytest.fixture
def model():
    model = district(makers=30, parameters=world_parameters("default"), seed=2)
    run(model, 2)
    return model


def indebted(model) -> int:
    """A maker whose deposits outlast payroll and taxes, but do not reach to repay its loan."""
    makers = model.population("M")
    left = makers.cleared - makers.wages_due - makers.taxes_due
    fitting = np.flatnonzero((left > 100.0) & (left < makers.bank_loan))
    return int(fitting[np.argmax(makers.bank_loan[fitting])])


def test_a_firm_that_trades_owes_only_the_payment_of_the_week(model):
    makers, row = model.population("M"), indebted(model)
    loan, payment = float(makers.bank_loan[row]), float(makers.bank_payment[row])
    assert 0.0 < payment < loan / 10
    assert (makers.late_weeks[row], makers.status[row]) == (0, ACTIVE)
    model.ledger.open_week()
    settle(model)
    assert 0.0 < makers.bank_repaid[row] <= payment


def test_a_firm_that_closes_owes_its_loans_at_once_and_has_neither_line_nor_buffer(model):
    """What its deposits leave after payroll and taxes goes to its lenders, none is kept."""
    makers, row = model.population("M"), indebted(model)
    makers.status[row] = CLOSING
    makers.cash_buffer[row] = 1e9
    makers.revolver_limit[row] = 1e9
    line = float(makers.revolver[row])
    first = float(makers.wages_due[row] + makers.taxes_due[row])
    deposits = float(makers.cleared[row])
    model.ledger.open_week()
    settle(model)
    repaid = sum(getattr(makers, f"{kind}_repaid")[row] for kind in ("bank", "cdfi", "online"))
    interest = float(makers.revolver_interest[row])
    assert repaid + interest >= (deposits - first) * (1.0 - 1e-9)
    assert makers.revolver[row] <= line + interest
    assert makers.pay_goods[row] == 0.0
    assert makers.cleared[row] == pytest.approx(0.0, abs=1e-6)


def test_a_firm_counts_the_weeks_in_a_row_in_which_something_stays_unpaid(model):
    makers = model.population("M")
    makers.late_weeks[:] = 4
    able = np.array(makers.cleared) > 0.0
    assert able.any()
    model.ledger.open_week()
    settle(model)
    left = makers.wages_due + makers.taxes_due + makers.services_payable_local
    late = left > 0.01
    assert (makers.late_weeks[late] == 5).all()
    assert (makers.late_weeks[~late & (makers.rent_due < 0.01)] == 0).any()
