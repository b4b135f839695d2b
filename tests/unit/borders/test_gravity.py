"""How trade is split between districts: by what they sell, and how near they are."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from millworks.borders.gravity import MOST_SOLD, limited, nearness, shares_of_rivals
from millworks.economy.nearby import miles_between
from millworks.economy.places import load_place
from millworks.economy.rings import ring_of


def test_nearness_is_the_exponential_of_the_distance_over_500_miles():
    places = [load_place("hickory"), load_place("elkhart")]
    between, rest = nearness(places)
    a, b = places
    miles = miles_between((a.latitude, a.longitude), (b.latitude, b.longitude))
    assert 450 < miles < 550
    assert between[0, 1] == between[1, 0] == pytest.approx(exp(-miles / 500), rel=1e-12)
    assert between[0, 0] == between[1, 1] == 0.0
    # The middle of American manufacturing is nearer to Elkhart than to Hickory.
    assert 0.1 < rest[0] < rest[1] < 0.8


def test_a_place_nowhere_is_as_far_from_all_as_from_the_rest():
    between, rest = nearness([load_place("generic", 40), load_place("hickory")])
    assert between[0, 1] == rest[0] == 1.0
    assert between[1, 0] == rest[1] < 1.0


def test_shares_and_the_rest_of_the_us_split_by_weight_by_hand():
    between = np.array([[0.0, 0.5, 0.25], [0.5, 0.0, 0.1], [0.25, 0.1, 0.0]])
    rest = np.array([0.4, 0.4, 0.4])
    sold = np.tile([[10.0], [20.0], [40.0]], (1, 34))
    shares = shares_of_rivals(between, rest, sold, np.full(34, 100.0))
    # Of what the first buys elsewhere: 20 x .5 and 40 x .25 against 100 x .4.
    assert shares[0, 1] == pytest.approx(10.0 / 60.0)
    assert shares[0, 2] == pytest.approx(10.0 / 60.0)
    assert not shares[[0, 1, 2], [0, 1, 2]].any()
    nearer = shares_of_rivals(between * np.array([1.0, 2.0, 1.0]), rest, sold, np.full(34, 100.0))
    assert (nearer[0, 1] > shares[0, 1]).all()
    assert (nearer[0, 2] < shares[0, 2]).all()


def test_without_a_rest_of_the_us_the_other_districts_have_everything():
    between = np.ones((3, 3)) - np.eye(3)
    shares = shares_of_rivals(between, np.ones(3), np.ones((3, 34)), np.zeros(34))
    assert shares.sum(axis=1) == pytest.approx(1.0)


def test_no_district_is_asked_for_more_than_it_sells_outside():
    shares = np.zeros((3, 3, 34))
    shares[0, 2], shares[1, 2] = 0.5, 0.25
    sought = np.tile([[100.0], [40.0], [0.0]], (1, 34))
    sold = np.full((3, 34), 30.0)
    kept = limited(shares, sought, sold)
    # 60 are asked for where at most 28.5 may be: all shrink alike.
    assert (kept * sought[:, None, :]).sum(axis=0)[2] == pytest.approx(MOST_SOLD * 30.0)
    assert kept[0, 2] / kept[1, 2] == pytest.approx(2.0)
    assert np.array_equal(limited(shares, sought, 10.0 * sold), shares)


def test_the_shorter_trade_reaches_the_more_of_it_stays_among_neighbours():
    home = load_place("hickory")
    places = [home, ring_of(home)]
    sold, elsewhere = np.full((2, 34), 1.0), np.full(34, 50.0)
    parts = [
        shares_of_rivals(*nearness(places, reach), sold, elsewhere)[0, 1, 0]
        for reach in (2000.0, 500.0, 200.0, 100.0)
    ]
    assert parts == sorted(parts)
    assert parts[-1] > 3.0 * parts[1]
