from __future__ import annotations

import itertools

import numpy as np
import pytest

from millworks.report.drawing import steps
from millworks.report.style import (
    EFFECT_COLOURS,
    EFFECT_ORDER,
    FILE,
    INK,
    MUTED,
    PAPER,
    channels,
    mix,
    sequential,
    spread_labels,
)

#: Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> np.ndarray:
    part = np.array(channels(colour)) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ np.clip(rgb, 0, 1)
        / np.array([0.9505, 1.0, 1.089])
    )
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def apart(one: str, two: str, matrix: np.ndarray) -> float:
    return float(np.linalg.norm(lab(matrix @ linear(one)) - lab(matrix @ linear(two))))


def contrast(one: str, two: str) -> float:
    shine = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) + 0.05 for colour in (one, two))
    return shine[1] / shine[0]


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_colour_blind_readers_tell_effects_and_places_apart(blindness):
    matrix = BLINDNESS[blindness]
    shown = [key for key in EFFECT_COLOURS if key != ("direct", "rest_of_us")]
    for one, two in itertools.combinations(shown, 2):
        assert apart(EFFECT_COLOURS[one], EFFECT_COLOURS[two], matrix) > 12, (one, two)


def test_labels_in_the_colour_of_an_effect_can_be_read_on_white():
    for effect in EFFECT_ORDER:
        assert contrast(mix(EFFECT_COLOURS[effect, "local"], INK, 0.35), PAPER) > 4.5
    assert contrast(MUTED, PAPER) > 4.5


def test_the_sequential_scale_darkens_evenly():
    lightness = [lab(linear(sequential(place)))[0] for place in np.linspace(0, 1, 21)]
    assert all(a > b for a, b in itertools.pairwise(lightness))


def test_labels_stand_apart_and_stay_on_the_sheet():
    placed = spread_labels([10, 12, 13, 60, 61], 10, 0, 100)
    assert all(b - a >= 10 - 1e-9 for a, b in itertools.pairwise(placed))
    assert placed[0] >= 0
    assert placed[-1] <= 100
    assert spread_labels([10, 50, 90], 10, 0, 100) == [10, 50, 90]


def test_labels_pushed_against_an_end_do_not_overlap():
    placed = spread_labels([96, 97, 98, 99], 10, 0, 100)
    assert placed == pytest.approx([70, 80, 90, 100])
    assert spread_labels([1, 2, 3], 10, 0, 100) == pytest.approx([0, 10, 20])


def test_labels_without_enough_room_are_spaced_evenly():
    assert spread_labels([1, 2, 3], 10, 0, 10) == [0, 5, 10]
    assert spread_labels([], 10, 0, 10) == []


def test_lines_of_a_title_are_about_equally_long():
    lines = FILE.wrap("word " * 40, 20, 1000)
    assert max(map(len, lines)) - min(map(len, lines)) <= 15


@pytest.mark.parametrize("high", [0.0005, 0.07, 1.0, 2.82, 17.0, 9400.0])
def test_ticks_are_round_and_few(high):
    ticks = steps(high)
    assert ticks[0] == 0
    assert ticks[-1] <= high * (1 + 1e-9)
    assert 3 <= len(ticks) <= 7
