"""Hours at a hub by hand: what is asked, what can be given, who has a place.

Reference: model specification §7.8, §8.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, CLOSING
from millworks.agents.shared_equipment import (
    NOBODY,
    ask_for_hours,
    grant_hours,
    hand_out_places,
    hours_wanted,
    in_turn,
    machines_given,
)


@pytest.mark.parametrize(
    ("want", "hands", "inputs", "gain", "asked"),
    [
        (130, 200, 1e9, 0.1, 30),  # all that exceeds its own 100
        (90, 200, 1e9, 0.1, 0),  # own works suffice
        (130, 200, 1e9, 0.0, 0),  # nothing is left after the fee
        (130, 110, 1e9, 0.1, 13),  # 110 hands and 15 % of the 20 that are missing
        (130, 60, 1e9, 0.1, 0),  # own works are not manned yet
        (130, 200, 104, 0.1, 4),  # inputs for 104
        (130, 200, 50, 0.1, 0),
    ],
)
def test_a_maker_asks_for_what_it_could_make_beyond_its_own_works(want, hands, inputs, gain, asked):
    values = (float(v) for v in (want, 100, hands))
    assert hours_wanted(*values, 0.15, float(inputs), gain) == pytest.approx(asked)


def test_up_to_85_percent_of_its_machines_a_hub_gives_what_is_asked():
    for asked in (0.0, 40.0, 85.0):
        assert machines_given(asked, 100.0) == asked


def test_beyond_it_there_is_a_queue_and_never_more_than_all_machines():
    given = [machines_given(asked, 100.0) for asked in (86.0, 100.0, 130.0, 1e4)]
    assert given[1] == pytest.approx(85.0 + 15.0 * (1.0 - math.exp(-1.0)))
    assert given == sorted(given)
    assert given[0] < 86.0
    assert given[-1] <= 100.0


def test_a_hub_without_machines_gives_nothing():
    assert machines_given(50.0, 0.0) == 0.0


def test_near_the_queue_the_last_hour_is_given_whole():
    """The rule has no kink: just above 85 % nearly all of an additional hour is given."""
    step = machines_given(85.001, 100.0) - machines_given(85.0, 100.0)
    assert step == pytest.approx(0.001, rel=1e-3)


def test_members_of_a_full_hub_get_the_same_part_and_those_of_another_all():
    granted, total = np.zeros(4), np.zeros(2)
    member = np.array([0, 0, 1, NOBODY])
    asked = np.array([3.0, 9.0, 2.0, 5.0])
    grant_hours(member, asked, np.full(4, 20.0), np.full(2, 100.0), total, granted)
    assert total == pytest.approx([240.0, 40.0])
    part = machines_given(240.0, 100.0) / 240.0
    assert granted == pytest.approx([3.0 * part, 9.0 * part, 2.0, 0.0])


def test_only_makers_near_a_hub_that_trade_and_do_not_move_ask():
    asked = np.full(4, 99.0)
    ask_for_hours(
        np.array([ACTIVE, CLOSING, ACTIVE, ACTIVE]),
        np.array([False, False, True, False]),
        np.array([0, 0, 0, NOBODY]),
        np.full(4, 240.0),
        np.zeros(4),
        np.zeros(4),
        np.zeros(4),
        np.zeros(4),
        np.full(4, 100.0),
        np.full(4, 200.0),
        np.full(4, math.inf),
        np.full(4, 0.1),
        2.0,
        0.15,
        asked,
    )
    assert asked.tolist() == [20.0, 0.0, 0.0, 0.0]


def test_who_has_a_place_keeps_it_and_the_others_take_theirs_by_lot():
    sitting = np.array([False, True, False, False, False])
    lots = np.array([0.9, 0.99, 0.1, 0.5, 0.2])
    order = in_turn(sitting, lots, np.arange(5))
    assert order.tolist() == [1, 2, 4, 3, 0]
    member = np.zeros(5, np.int64)
    wishes = np.array([0, 0, NOBODY, 0, 1])
    hand_out_places(order, wishes, np.array([2, 1]), member)
    assert member.tolist() == [NOBODY, 0, NOBODY, 0, 1]
