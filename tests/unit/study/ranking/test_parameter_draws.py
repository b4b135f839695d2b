"""Draws of parameters: inside their bounds, evenly spread, and the same for ever."""

from __future__ import annotations

import dataclasses
import zlib

import numpy as np
import pytest

from millworks.errors import InputError
from millworks.parameters import load_parameters, register
from millworks.study.ranking.draws import (
    ROOM,
    even_points,
    free_parameters,
    parameter_draws,
    value_at,
)


def test_a_longer_study_continues_a_shorter_one():
    long = parameter_draws(50, seed=4)
    assert parameter_draws(20, seed=4) == long[:20]
    assert parameter_draws(30, seed=4, first=20) == long[20:]
    assert parameter_draws(20, seed=5) != long[:20]
    assert parameter_draws(0, seed=4) == []


@pytest.mark.parametrize("count", [1, 2, 16, 64])
def test_a_power_of_two_of_draws_has_one_in_each_slice(count: int):
    points = even_points(list("abcdefg"), count, seed=9)
    slices = np.sort((points * count).astype(int), axis=0)
    assert np.array_equal(slices, np.repeat(np.arange(count)[:, None], 7, axis=1))


def test_points_lie_inside_and_do_not_repeat():
    points = even_points(["a", "b"], 5000, seed=1)
    assert 0.0 < points.min() < points.max() < 1.0
    assert len(np.unique(points[:, 0])) == 5000


def test_a_parameter_added_moves_no_other():
    assert np.array_equal(
        even_points(["a", "b"], 40, seed=1), even_points(["a", "new", "b"], 40, seed=1)[:, [0, 2]]
    )
    names = [zlib.crc32(key.encode()) for key in register()]
    assert len(set(names)) == len(names)


def test_no_two_parameters_move_together():
    """Independent columns of 100 have correlations of .1; the largest of 2,700 pairs near .4."""
    points = even_points(list(free_parameters()), 100, seed=1)
    correlations = np.corrcoef(points.T)[np.triu_indices(points.shape[1], 1)]
    assert np.abs(correlations).max() < 0.5
    assert correlations.std() < 0.12


def test_draws_are_what_the_register_allows():
    free = free_parameters()
    for draw in parameter_draws(64, seed=2):
        assert set(draw) == set(free)
        load_parameters(draw)
        assert all(free[key].low <= value <= free[key].high for key, value in draw.items())


def test_conventions_are_not_drawn():
    assert not any(row.fixed for row in free_parameters().values())
    assert "commuter_share" not in free_parameters()
    assert "alpha" in free_parameters()


def test_whole_numbers_are_equally_likely_and_include_both_ends():
    whole = [key for key, row in free_parameters().items() if row.whole]
    assert whole
    row = register()[whole[0]]
    drawn = [draw[row.key] for draw in parameter_draws(512, seed=3)]
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == list(range(int(row.low), int(row.high) + 1))
    assert counts.max() - counts.min() <= 2


def test_a_range_of_a_factor_of_ten_is_even_in_its_logarithm():
    row = dataclasses.replace(register()["alpha"], low=1.0, high=100.0)
    assert value_at(row, 100.0, 0.5) == pytest.approx(10.0)
    assert value_at(dataclasses.replace(row, high=9.0), 9.0, 0.5) == 5.0
    assert value_at(dataclasses.replace(row, low=-100.0), 100.0, 0.5) == 0.0


def test_pay_spent_and_taxed_never_exceeds_pay():
    draws = parameter_draws(256, seed=6)
    for key, (other, total) in ROOM.items():
        assert register()[key].high + register()[other].high > total
        assert max(draw[key] + draw[other] for draw in draws) <= total + 1e-12
        assert max(draw[key] for draw in draws) > 0.95 * register()[key].high


def test_draws_beyond_all_sense_are_refused():
    with pytest.raises(InputError, match="65536"):
        parameter_draws(2**16, seed=1, first=1)
    with pytest.raises(InputError, match="seed"):
        parameter_draws(1, seed=-1)
