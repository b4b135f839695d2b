"""T19: demand moved from the rest of the US to makers changes nothing nationally; demand moved from
abroad is worth the whole multiplier.

    from the rest of the US:  Δ(x_local + x_RoUS) = 0
    from abroad:              Δ(x_local + x_RoUS) = (I - A - s h l')⁻¹ m   m USD moved

Linear mode, one-week lags, equal prices: buyers of the district order a part of their goods from
district makers instead. Reference: model specification §9.2, §12 (T19); tolerance 1e-9 of the
whole multiplier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from millworks.district_model import DistrictModel
from millworks.economy.national import national_accounts
from millworks.economy.sectors import N_SECTORS
from worlds import district, one_week_lags, output_by_sector, run

WEEKS = 130
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Outcome:
    """Output of district and rest of the US, and what was moved: [34] USD a week, by sector."""

    local: np.ndarray
    national: np.ndarray
    moved: np.ndarray


def nothing(model: DistrictModel) -> np.ndarray:
    return np.zeros(len(model.trade.group_us))


def divert(origin: str, part: float) -> Callable[[DistrictModel], np.ndarray]:
    """Move part of every group's purchases from `us` or `abroad` to its first maker; [groups]."""

    def move(model: DistrictModel) -> np.ndarray:
        trade = model.trade
        outside = getattr(trade, f"group_{origin}")
        served = trade.group_end > trade.group_start
        share = np.where(served, part * outside, 0.0)
        outside -= share
        np.add.at(trade.share, trade.group_start[served], share[served])
        trade.refresh_outside_shares()
        return share

    return move


def follow(model: DistrictModel, start: dict, change: Callable[..., np.ndarray]) -> Outcome:
    model.load_state(start)
    shares = change(model)
    run(model, WEEKS)
    trade = model.trade
    ordered = np.zeros(trade.agents)
    for letter in "MPRCS":
        ordered[trade.spans[letter]] = model.population(letter).goods_ordered
    dollars = shares * ordered[trade.group_buyer]
    local = output_by_sector(model)
    moved = np.bincount(trade.group_sector, weights=dollars, minlength=N_SECTORS)
    return Outcome(local, local + model.rest_of_us.output, moved)


@pytest.fixture(scope="module")
def world() -> tuple[DistrictModel, dict, Outcome]:
    model = district("hickory", 60, parameters=one_week_lags(), check_every=26)
    start = model.state()
    return model, start, follow(model, start, nothing)


@pytest.mark.parametrize("part", [0.001, 0.02])
def test_a_dollar_taken_from_the_rest_of_the_us_nets_to_zero_in_the_nation(world, part):
    model, start, before = world
    after = follow(model, start, divert("us", part))
    moved = after.moved.sum()
    assert (after.local - before.local).sum() > moved > 0.0
    assert np.abs(after.national - before.national).max() < TOLERANCE * moved


@pytest.mark.parametrize("part", [0.001, 0.02])
def test_a_dollar_taken_from_abroad_is_worth_the_whole_type_two_multiplier(world, part):
    model, start, before = world
    after = follow(model, start, divert("abroad", part))
    assert after.moved.sum() > 0.0
    table = national_accounts(2022).table
    known = table.type_ii("output", after.moved, respent=model.parameters.s_w)
    gained = after.national - before.national
    assert np.abs(gained - known).max() < TOLERANCE * known.sum()
    assert known.sum() > 2.0 * after.moved.sum()
