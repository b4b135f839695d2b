from __future__ import annotations

import pytest

from millworks.report.effect_numbers import relative, scale, tick_scale, yearly


@pytest.mark.parametrize(
    ("values", "half", "shown"),
    [
        ((18.4e6, 13.2e6, 23.6e6), 5.2e6, "+$18.4 million"),
        ((41.7e6, 29.6e6, 53.8e6), 12.1e6, "+$42 million"),
        ((999_600.0,), None, "+$1.00 million"),
        ((812_345.0,), 4_000.0, "+$812,345"),
        ((0.367,), 0.104, "+$0.37"),
        ((5.5e12,), 1.5e12, "+$5.5 trillion"),
    ],
)
def test_money_keeps_two_digits_of_the_interval_s_half(values, half, shown):
    assert scale("USD of 2022", values, half=half).shown(values[0], sign=True) == shown


def test_a_figure_and_its_interval_have_the_same_decimals():
    on = scale("USD a year", (18.4e6, 13.2e6, 23.6e6), half=5.2e6)
    assert {len(on.bare(value).partition(".")[2]) for value in (18e6, 13.2e6, 23.64e6)} == {1}


def test_more_than_four_digits_are_never_kept():
    assert scale("USD", [18.4567891e6], half=3.0).shown(18.4567891e6) == "$18.46 million"


def test_a_share_is_percent_and_its_change_points():
    assert scale("share of makers", [0.3124]).shown(0.3124) == "31.2%"
    changed = scale("share of makers", [-0.0412], half=0.0061, change=True)
    assert changed.shown(-0.0412, sign=True) == "-4.12 points"
    assert scale("share", [-0.04], half=0.01, change=True, short=True).shown(-0.04) == "-4.0 pt"


def test_counts_are_written_out_up_to_a_million():
    assert scale("jobs", [148_210.0]).shown(148_210.0) == "148,210"
    assert scale("jobs", [51.3e6], short=True).shown(51.3e6) == "51.3M"


def test_nothing_has_neither_sign_nor_size():
    on = scale("USD", [26.3e6], short=True)
    assert on.shown(0.0, sign=True) == "$0"
    assert scale("share", [0.3]).shown(0.0) == "0%"
    assert scale("jobs", [5.0, 0.0]).shown(0.0, sign=True) == "0"


def test_what_rounds_to_zero_has_no_sign():
    assert scale("jobs", [120.0]).shown(-0.2, sign=True) == "0"


def test_a_figure_too_small_to_write_out_has_an_exponent():
    assert scale("jobs", [3.4e-6], half=1e-6).shown(3.4e-6, sign=True) == "+3e-6"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("USD of 2022 a year", True),
        ("makers/year", True),
        ("USD of 2022", False),
        ("job-years per million USD of 2022", False),
    ],
)
def test_figures_per_year_are_told_from_others(unit, expected):
    assert yearly(unit) is expected


def test_a_change_in_percent_of_its_baseline():
    assert relative(18.4e6, 15.21e9) == "+0.12%"
    assert relative(-0.041, 0.312) == "-13%"
    assert relative(1e-9, 1.0) == "<0.001%"
    assert relative(0.0, 5.0) == "0%"
    assert relative(3.0, 0.0) == relative(3.0, None) == relative(None, 3.0) == "—"


def test_ticks_are_exact_and_have_no_needless_zeros():
    on = tick_scale("USD a year", [-1e6, 0.0, 1e6, 2e6])
    assert [on.shown(tick, sign=True) for tick in (-1e6, 0.0, 2e6)] == ["-$1M", "$0", "+$2M"]
    assert tick_scale("jobs", [0.0, 2.5]).shown(2.5) == "2.5"
