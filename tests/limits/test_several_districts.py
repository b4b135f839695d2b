"""T3 and T19 with several districts: each gets what Leontief's block inverse says, and what one
district's makers win from another's changes nothing in the nation.

    x_A = R_A (A x_A + s (1-c) h' l'x_A) + φ_BA p_B + w_A          and B alike
    p_A = (1 - R_A) (A x_A) + s (1-c) (1 - r_A) h l'x_A            sought in the rest of the US
    x_U = A x_U + s h l'x_U + s c h l'(x_A + x_B) + (1 - φ_AB) p_A + (1 - φ_BA) p_B

R shares bought in the place, r those of households, φ parts of what is sought elsewhere that the
other district serves, c commuters. The equations are written out here by hand. Summed over A, B and
U everything but w cancels into x = A x + s h l'x + w: the national Type II multiplier, however many
districts are explicit.

Reference: model specification §9.2, §9.4, §12 (T3, T19); Miller and Blair (2009), ch. 3.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.economy.national import national_accounts
from millworks.economy.place_names import state_names
from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.economy.technology import RET, TRN, WHL
from millworks.multi_district_model import MultiDistrictModel
from millworks.world.order_programme import OrderProgramme
from worlds import linear, manufacturing, one_week_lags, output_by_sector

STEADY, EXACT = 1e-6, 1e-9
SOLD_IN_SHOPS = MANUFACTURING.copy()
SOLD_IN_SHOPS[[WHL, TRN]] = True
MAKERS = (60, 40, 50)


class Followed:
    """Output by district [n, 34] and in the rest of the US [34] after the last week, true size."""

    def __init__(self, model: MultiDistrictModel) -> None:
        parts = [output_by_sector(one) / one.scale for one in model.districts]
        self.districts = np.array(parts)
        self.rest = model.rest_of_us_output

    @property
    def national(self) -> np.ndarray:
        return self.districts.sum(axis=0) + self.rest


def world(*places: str, parameters=None, **settings) -> MultiDistrictModel:
    makers = list(MAKERS[: len(places)])
    rates = parameters or one_week_lags()
    return MultiDistrictModel(places, makers=makers, parameters=rates, check_every=26, **settings)


def follow(model: MultiDistrictModel, weeks: int, start: dict) -> Followed:
    model.load_state(start)
    for _ in range(weeks):
        model.step()
    return Followed(model)


def orders(model: MultiDistrictModel, number: int, weights: np.ndarray) -> float:
    """Orders that never end, at makers of one district; returns USD a week at true size."""
    district = model.districts[number]
    weekly = 0.02 * float(district.founding.flows_by_sector @ (weights > 0.0))
    district.programme = OrderProgramme(tuple(weights * weekly), 0, None)
    return weekly / district.scale


def by_hand(model: MultiDistrictModel, weights: list[np.ndarray]) -> np.ndarray:
    """Output [n + 1, 34] per USD of orders `weights` [34] in each district; U last."""
    national, rates = national_accounts(2022), model.home.parameters
    size = len(model.districts)
    c, s = rates.commuter_share, rates.s_w
    pay = np.outer(national.basket, national.compensation)
    inside, outside = [], []
    for district in model.districts:
        share = district.technology.regional_share[:, 0]
        basket = np.where(SOLD_IN_SHOPS, np.minimum(share, share[RET]), share)
        inside.append(share[:, None] * national.A + s * (1 - c) * basket[:, None] * pay)
        outside.append(
            (1 - share)[:, None] * national.A + s * (1 - c) * (1 - basket)[:, None] * pay
        )
    phi = model.exchange.shares
    blocks = np.zeros((size + 1, N_SECTORS, size + 1, N_SECTORS))
    for a in range(size):
        blocks[a, :, a] += inside[a]
        for b in range(size):
            blocks[b, :, a] += phi[a, b][:, None] * outside[a]
        left = 1.0 - phi[a].sum(axis=0)
        blocks[size, :, a] = left[:, None] * outside[a] + s * c * pay
    blocks[size, :, size] = national.A + s * pay
    demand = np.concatenate([*weights, np.zeros(N_SECTORS)])
    whole = (size + 1) * N_SECTORS
    rounds = blocks.reshape(whole, whole)
    return np.linalg.solve(np.eye(whole) - rounds, demand).reshape(size + 1, N_SECTORS)


def close_phi(size: int, part: float) -> np.ndarray:
    """A part of everything sought elsewhere comes from each other district."""
    phi = np.full((size, size, N_SECTORS), part)
    phi[np.arange(size), np.arange(size)] = 0.0
    return phi


def assert_block_inverse(model: MultiDistrictModel, weeks: int) -> None:
    """Orders in either district end at the block inverse in A, B and U, to 1e-6 of the whole."""
    start, size = model.state(), len(model.districts)
    before = follow(model, weeks, start)
    for number, district in enumerate(model.districts):
        weights = manufacturing(district.founding.flows_by_sector)
        weekly = orders(model, number, weights)
        after = follow(model, weeks, start)
        district.programme = OrderProgramme()
        here = [weights if n == number else np.zeros(N_SECTORS) for n in range(size)]
        known = by_hand(model, here)
        whole = known.sum()
        for n in range(size):
            found = (after.districts[n] - before.districts[n]) / weekly
            assert np.abs(found - known[n]).max() < STEADY * whole
            assert found.sum() > 0.0
        assert np.abs((after.rest - before.rest) / weekly - known[size]).max() < STEADY * whole
        table = national_accounts(2022).table
        national = table.type_ii("output", weights, respent=model.home.parameters.s_w)
        assert np.abs((after.national - before.national) / weekly - national).max() < (
            STEADY * whole
        )


@pytest.mark.parametrize(
    ("places", "part"),
    [
        (("hickory", "elkhart"), None),
        (("hickory", "elkhart"), 0.01),
        (("hickory", "elkhart", "brooklyn"), 0.005),
    ],
)
def test_districts_and_the_rest_of_the_us_return_the_block_inverse(places, part):
    """T3, several districts: A, B and U each against the solved blocks, 34 sectors."""
    shares = None if part is None else close_phi(len(places), part)
    model = world(*places, shares=shares)
    phi = model.exchange.shares
    assert phi.max() > (1e-3 if part is None else 0.9 * part)
    assert_block_inverse(model, 60)


@pytest.mark.slow
def test_districts_return_the_block_inverse_at_the_usual_lags():
    """T3, several districts, with stocks and smoothing as linear mode has them."""
    assert_block_inverse(world("hickory", "elkhart", parameters=linear()), 208)


@pytest.mark.parametrize("places", [("hickory", "elkhart"), ("hickory", "elkhart", "brooklyn")])
def test_the_nations_multiplier_does_not_depend_on_how_many_districts_are_explicit(places):
    """T3: a dollar in Hickory is worth the same in the nation; only where it is made changes."""
    found = {}
    for isolated in (True, False):
        shares = close_phi(len(places), 0.0) if isolated else None
        model = world(*places, shares=shares)
        start = model.state()
        before = follow(model, 60, start)
        weights = manufacturing(model.home.founding.flows_by_sector)
        weekly = orders(model, 0, weights)
        after = follow(model, 60, start)
        national = (after.national - before.national) / weekly
        others = (after.districts[1:] - before.districts[1:]).sum() / weekly
        found[isolated] = national, others
    assert np.abs(found[True][0] - found[False][0]).max() < STEADY
    assert found[True][1] == 0.0 < found[False][1]


@pytest.mark.parametrize("part", [1.0, 0.25])
def test_what_makers_win_from_another_districts_makers_nets_to_zero_in_the_nation(part):
    """T19, several districts: a dollar of outside demand moved from B's makers to A's, at equal
    price: national change 0, A up, B down; where B is a quarter of A's rivals it loses a quarter
    directly."""
    rivals = np.zeros((2, 2, N_SECTORS))
    rivals[0, 1, MANUFACTURING] = part
    model = world("hickory", "elkhart", rivals=rivals)
    home, other = model.districts
    made_by_both = np.zeros(N_SECTORS, dtype=bool)
    made_by_both[np.intersect1d(home.trade.sectors_made, other.trade.sectors_made)] = True
    start = model.state()
    before = follow(model, 100, start)
    trade = home.trade
    model.load_state(start)
    customers = trade.outside_customers
    moving = made_by_both[trade.sector[customers]]
    sellers = np.unique(trade.seller[customers[moving]])
    won = np.zeros(N_SECTORS)
    np.add.at(won, trade.sector[customers[moving]], 0.0005 * trade.base_order[customers[moving]])
    changed = model.state()
    changed["districts"][0]["trade"]["market_share"][sellers] += 0.0005
    after = follow(model, 100, changed)
    moved = won.sum() / home.scale
    change = after.districts - before.districts
    assert change[0].sum() > moved > 0.0
    assert change[1].sum() < -0.9 * part * moved
    assert np.abs(after.national - before.national).max() < EXACT * moved


def test_a_buyers_dollar_moved_to_its_own_makers_is_lost_by_district_and_rest_alike():
    """T19: A's buyers turn from sellers elsewhere in the US to A's makers: B and U lose, the
    nation nothing."""
    model = world("hickory", "elkhart", shares=close_phi(2, 0.01))
    start = model.state()
    before = follow(model, 100, start)
    model.load_state(start)
    trade = model.home.trade
    served = trade.group_end > trade.group_start
    share = np.where(served, 0.02 * trade.group_us, 0.0)
    trade.group_us -= share
    np.add.at(trade.share, trade.group_start[served], share[served])
    trade.refresh_outside_shares()
    after = follow(model, 100, model.state())
    change = after.districts - before.districts
    assert change[0].sum() > 0.0 > change[1].sum()
    assert (after.rest - before.rest).sum() < change[1].sum()
    assert np.abs(after.national - before.national).max() < EXACT * change[0].sum()


@pytest.mark.slow
def test_a_world_of_all_states_runs_half_a_year_and_balances_every_week():
    """Fifty states and the District of Columbia, 40 makers each: books of every district, and what
    crosses between them, every week; output stays where the base year has it."""
    states = list(state_names())
    assert len(states) == 51
    model = MultiDistrictModel(states, makers=40, check_every=1)

    def output() -> float:
        return sum(output_by_sector(one).sum() / one.scale for one in model.districts)

    base = output()
    for _ in range(26):
        model.step()
        assert model.worst_residual <= EXACT
    assert output() == pytest.approx(base, rel=0.02)
    served = np.array([one.others.bought_part for one in model.districts])
    makes = model.home.technology.national.output
    # States find most of what they seek elsewhere in each other; what none sells is elsewhere's.
    assert np.average(served.mean(axis=0), weights=makes) > 0.5
    assert (served <= 1.0 + 1e-12).all()
