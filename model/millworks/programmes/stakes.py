"""The money of stakes: bought, paid dividends, repaid, written off, and the public's first loss.

    bought       P>M, X>M  equity for a project; the buyer also pays `equity_deal_cost` of it for
                           services here, P>S, X>S
    dividends    M>P, M>X  the stake's part of what a maker distributes
    repaid       M>P, M>X  its part of what a closed maker leaves
    written off            what then is missing; the programme bears `first_loss` of it, G>P, G>X

Buyers together put in at most the yearly sum on offer (a moving sum of 52 weeks), and a partner at
most its deposits, which its parent fills up again in the weekly sweep.

Source: model specification §2, §3, §7.17, §8. Rules: `millworks.agents.stakes`. Left out: a
partner that borrows for a stake.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.programmes.outlays import spend
from millworks.world.sums import add_all, add_up
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

POLICY = "partner_equity"
OUTSIDE = -1
"""`Maker.stake_holder` and `Maker.equity_buyer`: a customer outside, not a partner's row."""
WEEKS = 52.0


def purses(world: World) -> Floats:
    """What may still be put in, USD: by all buyers this week, then by each partner."""
    government, makers = world.population("G"), world.population("M")
    room = max(0.0, float(government.equity_budget[0] - government.stakes_year[0]))
    if room <= 0.0:
        return np.zeros(1 + world.population("P").size)
    dearest = 1.0 + float(makers.equity_deal_cost.max(initial=0.0))
    deposits = np.maximum(0.0, world.population("P").cleared) / dearest
    return np.concatenate([[room], deposits])


def any_were_bought(world: World) -> bool:
    """Whether a stake was ever bought here; without, no week has any of this file's payments."""
    return bool(world.population("G").stakes_year[0] > 0.0)


def buy(world: World, rows: Ints, equity: Floats) -> None:
    """Buyers pay `equity` USD to the makers `rows`, and the cost of the deals."""
    if not (equity.any() or any_were_bought(world)):
        return
    makers, government = world.population("M"), world.population("G")
    bought = np.zeros(makers.size)
    bought[rows] = equity
    government.stakes_year[:] += add_all(bought) - government.stakes_year / WEEKS
    makers.stake_holder[:] = np.where(bought > 0.0, makers.equity_buyer, makers.stake_holder)
    cost = makers.equity_deal_cost * bought
    _move(world, "stakes bought {}>M", "stake_bought", bought)
    _write_on_holders(world, "deal_cost", cost)
    world.ledger.book("deal costs P>S")
    world.ledger.book("deal costs X>S")
    world.measures.resource_cost[POLICY] += add_all(bought) + add_all(cost)


def pay_out(world: World, dividend: Floats, repaid: Floats) -> None:
    """Makers pay dividends on stakes, or repay them as they leave; USD per maker."""
    world.population("P").stake_dividend[:] = _by_partner(world, dividend)
    _move(world, "stake dividends M>{}", "stake_dividend", dividend)
    _move(world, "stakes repaid M>{}", "stake_repaid", repaid)
    world.measures.resource_cost[POLICY] -= add_all(repaid) + add_all(dividend)


def write_off(world: World, over: Flags) -> None:
    """Stakes in makers that are `over` are lost, and the public makes good a part of them."""
    if not any_were_bought(world):
        return
    makers = world.population("M")
    lost = np.where(over, makers.stake, 0.0)
    _move(world, "stakes written off M>{}", "stake_written_off", lost)
    covered = makers.first_loss * lost if world.measures.policies else np.zeros(makers.size)
    _write_on_holders(world, "first_loss", covered)
    if covered.any():
        world.ledger.book("programme first loss G>P")
        world.ledger.book("programme first loss G>X")
        spend(world, POLICY, add_all(covered))
        # Public money that replaces the buyers' own is no further resource.
        world.measures.resource_cost[POLICY] -= add_all(covered)


def _move(world: World, posting: str, column: str, amounts: Floats) -> None:
    """Write amounts per maker by who holds the stake, and book them."""
    makers = world.population("M")
    outside = np.where(makers.stake_holder == OUTSIDE, amounts, 0.0)
    getattr(makers, f"{column}_outside")[:] = outside
    getattr(makers, f"{column}_partner")[:] = amounts - outside
    world.ledger.book(posting.format("P"), _by_partner(world, amounts))
    world.ledger.book(posting.format("X"))


def _write_on_holders(world: World, column: str, amounts: Floats) -> None:
    """Write amounts per maker into a column of those who hold the stakes."""
    outside = world.population("M").stake_holder == OUTSIDE
    getattr(world.population("P"), column)[:] = _by_partner(world, amounts)
    getattr(world.population("X"), column)[0] = add_all(np.where(outside, amounts, 0.0))


def _by_partner(world: World, amounts: Floats) -> Floats:
    """Sum amounts per maker over the makers in which each partner holds the stake, USD."""
    holder = world.population("M").stake_holder
    held = np.where(holder == OUTSIDE, 0.0, amounts)
    return add_up(np.maximum(holder, 0), held, world.population("P").size)
