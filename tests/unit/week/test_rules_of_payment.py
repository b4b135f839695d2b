"""Who is paid, from what, in which order: stages settle, distribute, close; figures by hand, USD.

Reference: model specification §6 (payment waterfall), §7.12, §7.18.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.week.close import sweep_deposits
from millworks.week.distribute import draw_quarterly, file_taxes, owners_draw
from millworks.week.settle import CLASSES, line_drawn, paid_part, run_waterfall

UNLIMITED = float("inf")


def waterfall(due, cleared, *, line=0.0, limit=0.0, buffer=0.0):
    """Parts paid of each class, and the credit line drawn, of one firm."""
    part, drawn = np.zeros((CLASSES, 1)), np.zeros(1)
    column = [np.array([float(value)]) for value in (cleared, line, limit, buffer)]
    run_waterfall(np.array(due, dtype=float)[:, None], *column, part, drawn)
    return part[:, 0], drawn[0]


def test_a_firm_with_enough_money_pays_everything_and_draws_nothing():
    part, drawn = waterfall([100, 20, 30, 50], cleared=200)
    assert part.tolist() == [1, 1, 1, 1]
    assert drawn == 0.0


def test_payroll_comes_first_then_taxes_then_services_then_suppliers():
    """140 of means: payroll 100, taxes 20, 20 of 30 for services, nothing for suppliers."""
    part, drawn = waterfall([100, 20, 30, 50], cleared=140)
    np.testing.assert_allclose(part, [1, 1, 20 / 30, 0])
    assert drawn == 0.0


def test_a_payroll_that_cannot_be_met_is_paid_pro_rata_and_nobody_else_is_paid():
    part, _ = waterfall([100, 20, 30, 50], cleared=40)
    np.testing.assert_allclose(part, [0.4, 0, 0, 0])


def test_what_is_not_due_counts_as_paid_even_without_money():
    part, drawn = waterfall([0, 0, 0, 0], cleared=0)
    assert part.tolist() == [1, 1, 1, 1]
    assert drawn == 0.0


def test_the_credit_line_is_drawn_only_for_what_deposits_do_not_cover():
    part, drawn = waterfall([100, 20, 30, 50], cleared=140, limit=500)
    assert part.tolist() == [1, 1, 1, 1]
    assert drawn == 60.0


def test_a_credit_line_is_never_drawn_beyond_its_limit():
    part, drawn = waterfall([100, 20, 30, 50], cleared=140, line=20, limit=45)
    assert drawn == 25.0
    np.testing.assert_allclose(part, [1, 1, 1, 15 / 50])


def test_a_line_above_a_lowered_limit_cannot_be_drawn():
    part, drawn = waterfall([100, 0, 0, 0], cleared=60, line=80, limit=50)
    np.testing.assert_allclose(part[0], 0.6)
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


def test_taxes_are_filed_once_a_quarter_on_the_output_since_the_last_filing():
    """Firm 0 files in week 13 (13 + 0 is a multiple of 13), firm 1 in week 12."""
    local, outside, base = np.zeros(2), np.zeros(2), np.array([1300.0, 1300.0])
    identity, rate = np.array([0, 1]), np.array([0.04, 0.04])
    file_taxes(13, 13, identity, rate, base, 0.25, local, outside)
    assert local.tolist() == [13.0, 0.0]
    assert outside.tolist() == [39.0, 0.0]
    assert base.tolist() == [0.0, 1300.0]


def test_every_firm_files_exactly_once_in_any_thirteen_weeks():
    identity = np.arange(100)
    filed = np.zeros(100)
    for week in range(40, 53):
        local, outside, base = np.zeros(100), np.zeros(100), np.ones(100)
        file_taxes(week, 13, identity, np.ones(100), base, 0.5, local, outside)
        filed += local + outside
    assert filed.tolist() == [1.0] * 100


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


def test_a_draw_never_exceeds_deposits_and_is_split_by_ownership():
    local, outside = np.zeros(2), np.zeros(2)
    draw_quarterly(
        0,
        np.array([0, 13]),
        np.array([10.0, 10.0]),
        1.0,
        np.array([1000.0, 100.0]),
        np.zeros(2),
        0.0,
        np.array([0.9, 0.9]),
        local,
        outside,
    )
    np.testing.assert_allclose(local, [117.0, 90.0])
    np.testing.assert_allclose(outside, [13.0, 10.0])


def test_owners_draw_only_at_the_end_of_their_own_quarter():
    local, outside = np.full(1, 7.0), np.full(1, 7.0)
    draw_quarterly(
        5,
        np.array([0]),
        np.array([10.0]),
        1.0,
        np.array([1000.0]),
        np.zeros(1),
        0.6,
        np.ones(1),
        local,
        outside,
    )
    assert (local[0], outside[0]) == (0.0, 0.0)


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
