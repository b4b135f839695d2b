from __future__ import annotations

import numpy as np
import pytest

from millworks.world.capital_programme import TESTS, WEEKS, CapitalProgramme

FIRST = np.zeros(3, np.int64)


def programme() -> CapitalProgramme:
    return CapitalProgramme(np.array([400.0, 0.0, 80.0]), FIRST.copy(), start=10)


def test_nobody_is_paid_before_or_after_the_programme_or_without_one():
    tested = np.ones(3, np.bool_)
    assert CapitalProgramme().paid(10, FIRST, tested) is None
    assert programme().paid(9, FIRST, tested) is None
    assert programme().paid(10 + WEEKS, FIRST, tested) is None


def test_each_is_paid_in_four_parts_at_its_tests():
    paid = programme().paid(10, FIRST, np.array([True, True, False]))
    assert paid == pytest.approx([400.0 / TESTS, 0.0, 0.0])


def test_four_quarterly_tests_fall_within_the_programme_and_pay_the_whole():
    given = np.zeros(3)
    for week in range(0, 100):
        tested = (week + np.arange(3)) % 13 == 0
        given += 0.0 if (paid := programme().paid(week, FIRST, tested)) is None else paid
    assert given == pytest.approx([400.0, 0.0, 80.0])


def test_who_takes_a_row_after_the_firm_that_was_meant_gets_nothing():
    paid = programme().paid(10, np.array([1, 0, 0]), np.ones(3, np.bool_))
    assert paid == pytest.approx([0.0, 0.0, 80.0 / TESTS])
