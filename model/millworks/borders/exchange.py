"""What crosses borders each week: orders, and sales won from one another; how shares move.

Once all districts have closed week t, what buyers of district A sought in the rest of the US in it
becomes orders of week t + 1 in the others, and the rest of the US is asked for what remains:

    orders at B = Σ_A φ_AB sought_A + Σ_A λ_AB (left to rivals - usual)_A       true-size units

φ_AB share of B in what A seeks, λ_AB the part of the rivals of A's sellers that are B's: what A's
makers win from rivals outside, B's lose in this proportion and the rest of the US the remainder, so
that what is moved is told from what is made. Every four weeks shares of manufactures follow the one
share rule of all markets (`millworks.world.markets`), the rest of the US with its price among them:

    φ_B → φ°_B v_B / (φ°_U v_U + Σ_C φ°_C v_C),   φ ← φ + q (aim - φ),   v_U = p_U^(-ε)

v_B pull of B's sellers, weighted with their base sales outside and relative to the start. A's own
buyers meet the mean pull and price of all who sell to them from elsewhere in the US:

    pull over that of U = 1 + Σ φ°_B (v_B/v_U - 1),   price over p_U = 1 + Σ φ_B (p_B/p_U - 1)

Districts may be scale models: what crosses is divided by the part of A that is simulated and
multiplied by that of B. Money follows each side's own books: A pays the outside account on its
terms at that mean price, the outside account pays B's sellers their own prices for what they ship
(`payments`); both settle in their lenders' settlement balances.

Source: model specification §5.4, §7.3, §9.2. Left out: prices and shares of services between
districts (shares stay), and the rest of the US as a customer of its own suppliers' customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.borders.gravity import REACH_MILES, limited, nearness, shares_of_rivals
from millworks.economy.places import Place
from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.economy.technology import SERVICE_SECTORS
from millworks.errors import InvariantBreach
from millworks.world.markets import write_outside_pull, write_pull
from millworks.world.other_districts import OtherDistricts
from millworks.world.rest_of_us import Rounds
from millworks.world.sums import add_up
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

TICK_WEEKS = 4
TOLERANCE = 1e-9
"""Of all that districts seek elsewhere in a week, by which an identity across borders may miss."""


@dataclass(frozen=True, eq=False)
class Payments:
    """Trade with other districts in one week, by selling district [n], true size.

    `ordered`, `taken`: units that others order, and that sellers take on (the remainder is made by
    the rest of the US); `paid`: USD that buyers pay for what is ordered; `charged`: USD that
    sellers charge for what is taken.
    """

    ordered: Floats
    taken: Floats
    paid: Floats
    charged: Floats


class Exchange:
    """Carries orders between the districts of one world.

    `base` [n, n, 34]: φ° by buyer, seller and sector; `shares`: φ now; `rivals`: λ. `worst`: the
    largest residual of the identity across borders so far, relative to what is sought elsewhere.
    """

    def __init__(
        self,
        worlds: Sequence[World],
        places: Sequence[Place],
        base: Floats | None = None,
        rivals: Floats | None = None,
        reach: float = REACH_MILES,
    ) -> None:
        self.worlds = tuple(worlds)
        self.scale = np.array([world.scale for world in worlds])[:, None]
        sought = np.array([_sought(world) for world in worlds]) / self.scale
        sold = np.array([_sold_outside(world) for world in worlds]) / self.scale
        made = np.array([_output(world) for world in worlds]) / self.scale
        elsewhere = worlds[0].technology.national.output / 52.0 - made.sum(axis=0)
        gravity = shares_of_rivals(*nearness(places, reach), sold, np.maximum(0.0, elsewhere))
        self.rivals = np.where(MANUFACTURING, gravity, 0.0) if rivals is None else rivals.copy()
        self.base = limited(gravity if base is None else base, sought, sold)
        self.shares = self.base.copy()
        self.worst = 0.0
        self._crossing = np.zeros(N_SECTORS)
        self._pull_at_start = np.array([offered(world)[0] for world in worlds])
        served = (self.base * sought[:, None, :]).sum(axis=0)
        part = np.divide(served, sold, out=np.zeros_like(sold), where=sold > 0.0)
        for number, world in enumerate(self.worlds):
            world.others = OtherDistricts(_usual_rivals(world))
            world.others.sold_part[:] = part[number]
            world.others.rivals_part[:] = self.rivals[number].sum(axis=0)
            world.others.orders[:] = served[number] * self.scale[number]
        self._crossing[:] = served.sum(axis=0)
        self._write_shares()

    @property
    def others(self) -> tuple[OtherDistricts, ...]:
        """What each district knows of the others."""
        found = tuple(world.others for world in self.worlds)
        return tuple(one for one in found if one is not None)

    def carry(self) -> None:
        """After all districts have closed a week: check what crossed, carry the next orders."""
        self.check()
        sought = np.array([one.sought for one in self.others]) / self.scale
        lost = np.array([one.lost for one in self.others]) / self.scale
        crossing = self.shares * sought[:, None, :] + self.rivals * lost[:, None, :]
        for number, one in enumerate(self.others):
            one.orders[:] = crossing[:, number].sum(axis=0) * self.scale[number]
        self._crossing = self._sent()
        if self.worlds[0].week % TICK_WEEKS == 0:
            self._move_shares()

    def check(self) -> None:
        """Compare what left districts last week with what has reached the others this week.

        What left is what the rest of the US was not asked for; what has arrived stands on sellers'
        links, or went back to the rest of the US. Raises InvariantBreach where they differ.
        """
        miss = self._arrived() - self._crossing
        sought = np.array([one.sought for one in self.others]) / self.scale
        whole = max(1.0, float(sought.sum()))
        residual = float(np.abs(miss).max()) / whole
        self.worst = max(self.worst, residual)
        if not residual <= TOLERANCE:
            raise InvariantBreach(
                f"borders: orders that left districts miss those that reached others by "
                f"{residual * whole:.6g} base USD in week {self.worlds[0].week}."
            )

    def payments(self) -> Payments:
        """Return what trade between districts was worth in the week that has just ended."""
        price = np.array([offered(world)[1] for world in self.worlds])
        sizes = len(self.worlds)
        ordered, taken, paid, charged = (np.zeros(sizes) for _ in range(4))
        for number, (world, one) in enumerate(zip(self.worlds, self.others, strict=True)):
            units = one.asked / self.scale[number]
            part, dearer = _accepted(world)
            ordered[number] = units.sum()
            taken[number] = (units * part).sum()
            paid[number] = (units * price[number]).sum()
            charged[number] = (units * part * dearer).sum()
        return Payments(ordered, taken, paid, charged)

    def state(self) -> dict[str, Any]:
        """Copies of what changes from week to week; the districts keep their own."""
        return {
            "shares": self.shares.copy(),
            "crossing": self._crossing.copy(),
            "others": [one.state() for one in self.others],
            "pull": [world.trade.pull_elsewhere.copy() for world in self.worlds],
            "price": [world.trade.price_elsewhere.copy() for world in self.worlds],
        }

    def load_state(self, state: dict[str, Any]) -> None:
        """Put back what `state` returned."""
        self.shares, self._crossing = state["shares"].copy(), state["crossing"].copy()
        for number, (world, one) in enumerate(zip(self.worlds, self.others, strict=True)):
            one.load_state(state["others"][number])
            world.trade.pull_elsewhere[:] = state["pull"][number]
            world.trade.price_elsewhere[:] = state["price"][number]

    def _sent(self) -> Floats:
        """True-size units by sector that the rest of the US was not asked for this week, [34]."""
        sent = np.zeros(N_SECTORS)
        for world, one in zip(self.worlds, self.others, strict=True):
            rest = world.rest_of_us
            left = one.sought - rest.purchases - rest.capital.purchases
            sent += (left + one.rivals_part * one.lost) / world.scale
        return sent

    def _arrived(self) -> Floats:
        """True-size units by sector asked of sellers this week, or handed back by them, [34]."""
        arrived = np.zeros(N_SECTORS)
        for world, one in zip(self.worlds, self.others, strict=True):
            missed = one.usual_rivals + one.lost * (1.0 - one.rivals_part)
            back = world.rest_of_us.sales.purchases - missed
            arrived += (one.asked + back) / world.scale
        return arrived

    def _move_shares(self) -> None:
        """The share rule, for all at once; nothing moves where q is zero."""
        offers = [offered(world) for world in self.worlds]
        now = np.array([pull for pull, _ in offers])
        price = np.array([price for _, price in offers])
        start = self._pull_at_start
        pull = np.divide(now, start, out=np.ones_like(now), where=start > 0.0)
        for number, world in enumerate(self.worlds):
            rates, trade = world.parameters, world.trade
            own = np.zeros(N_SECTORS)
            write_outside_pull(trade.price_us, rates.eps, own)
            ratio = np.where(MANUFACTURING, pull / own, 1.0)
            base, shares = self.base[number], self.shares[number]
            mean = 1.0 + (base * (ratio - 1.0)).sum(axis=0)
            aim = np.divide(base * ratio, mean, out=base.copy(), where=mean > 0.0)
            shares += rates.q_sw * (aim - shares)
            dearer = np.where(MANUFACTURING, price / trade.price_us, 1.0)
            trade.pull_elsewhere[:] = mean
            trade.price_elsewhere[:] = 1.0 + (shares * (dearer - 1.0)).sum(axis=0)
        self._write_shares()

    def _write_shares(self) -> None:
        for number, one in enumerate(self.others):
            one.bought_part[:] = self.shares[number].sum(axis=0)


def offered(world: World) -> tuple[Floats, Floats]:
    """Return pull and price [34] of a district's sellers, weighted with base sales outside.

    A seller that has left pulls nobody and has no price; a sector without sellers has price one.
    """
    trade, rates = world.trade, world.parameters
    usual = trade.of_seller(trade.base_order)
    weights, pulls, sold, prices = (np.zeros(N_SECTORS) for _ in range(4))
    for letter in "MP":
        firms, weight = world.population(letter), usual[trade.spans[letter]]
        trading, attraction = firms.status == ACTIVE, np.zeros(firms.size)
        write_pull(
            trading,
            firms.fill,
            firms.fill_base,
            firms.price,
            firms.quality,
            rates.beta_rel,
            rates.eps,
            attraction,
        )
        present = np.where(trading, weight, 0.0)
        weights += add_up(firms.sector, weight, N_SECTORS)
        pulls += add_up(firms.sector, weight * attraction, N_SECTORS)
        sold += add_up(firms.sector, present, N_SECTORS)
        prices += add_up(firms.sector, present * firms.price, N_SECTORS)
    pull = np.divide(pulls, weights, out=np.ones(N_SECTORS), where=weights > 0.0)
    return pull, np.divide(prices, sold, out=np.ones(N_SECTORS), where=sold > 0.0)


def _accepted(world: World) -> tuple[Floats, Floats]:
    """Part of outside orders that sellers took on this week, and their mean price, [34]."""
    trade = world.trade
    customers = trade.outside_customers
    sector, price = trade.sector[customers], np.ones(trade.agents)
    for letter in "MP":
        price[trade.spans[letter]] = world.population(letter).price
    asked = add_up(sector, trade.request[customers], N_SECTORS)
    taken = add_up(sector, trade.taken[customers], N_SECTORS)
    worth = add_up(sector, trade.taken[customers] * price[trade.seller[customers]], N_SECTORS)
    blocks = np.ones(N_SECTORS)
    blocks[SERVICE_SECTORS] = world.population("S").price
    return (
        np.divide(taken, asked, out=np.ones(N_SECTORS), where=asked > 0.0),
        np.divide(worth, taken, out=blocks, where=taken > 0.0),
    )


def _sought(world: World) -> Floats:
    """What the district seeks in the rest of the US in a week of the base year, [34]."""
    return _demand(world.rest_of_us) + _demand(world.rest_of_us.capital)


def _demand(rounds: Rounds) -> Floats:
    """The constant demand whose rounds stand in their steady state, [34] USD a week."""
    national = rounds.national
    spent = national.basket * (rounds.respent * rounds.smoothed_pay)
    return np.maximum(0.0, rounds.output - national.A @ rounds.output - spent)


def _sold_outside(world: World) -> Floats:
    """What makers, partners and blocks sell outside in a week of the base year, [34]."""
    trade, blocks = world.trade, world.population("S")
    customers = trade.outside_customers
    sold = add_up(trade.sector[customers], trade.base_order[customers], N_SECTORS)
    sold[SERVICE_SECTORS] += blocks.base_outside_sales
    return sold


def _output(world: World) -> Floats:
    made = (world.by_sector(x, world.population(x).output) for x in "MPRCS")
    return np.sum(list(made), axis=0)


def _usual_rivals(world: World) -> Floats:
    """What outside customers want and do not get here in a week of the base year, [34]."""
    trade, granted = world.trade, np.ones(world.trade.agents)
    for letter in "MP":
        granted[trade.spans[letter]] = world.population(letter).accepted
    customers = trade.outside_customers
    seller = trade.seller[customers]
    kept = trade.market_share[seller] * granted[seller]
    missed = trade.base_order[customers] * (1.0 - kept)
    return add_up(trade.sector[customers], missed, N_SECTORS)
