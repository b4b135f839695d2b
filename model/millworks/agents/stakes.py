"""Stakes: equity that a maker's buyer puts into a project, and what it gets for it.

    offered  = min(share · cost, what the buyer may still put in, what the owner lacks)    USD
    e        = E / (E + EO⁺)               part of distributions that goes to the stake
    taken if   (1 - e') NPV > (e' - e) (V - B)⁺

E stake and EO owners' equity at book, B = E + EO⁺; e' the part with the new money, which enters at
book value. NPV is the project's at the owner's hurdle rate. V is what the present business is worth
to the owner, valued like a project: its cash flow after debt service and tax for the life of a
machine. Where V is above book, a buyer at book also buys into earnings that are already there,
and the owner takes the money only if his part of the project makes up for them.

A stake keeps the value that was paid for it: it does not grow with retained earnings, so its part
of distributions falls as owners leave profits in the firm. It is no debt. When a maker closes, what
its creditors leave is split in the same parts, and the stake is repaid from its part; what then is
missing is written off.

Source: model specification §7.13, §7.17 ("buyer of stake E gets E/(E+EO) of distributions"); the
comparison with present earnings is ours. Left out: rights of control, resale of stakes, a second
holder beside the first. What a maker learns from its buyer: `agents.technology`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class EquityTerms(NamedTuple):
    """What a maker's buyer offers, and who owns the maker now; USD."""

    share: float
    """Part of a project's cost that is offered."""
    most: float
    """What the buyer may still put in."""
    stake: float
    """Stake outstanding."""
    owners: float
    """Owners' equity at book."""


NO_EQUITY = EquityTerms(0.0, 0.0, 0.0, 0.0)


@compiled
def stake_share(stake: float, owners: float) -> float:
    """Part of distributions that goes to a stake; `owners`: their equity at book, USD."""
    if stake <= 0.0:
        return 0.0
    return stake / (stake + max(0.0, owners))


@compiled
def equity_offer(cost: float, lacking: float, terms: EquityTerms) -> float:
    """Equity that a buyer offers for a project of this cost, USD; never more than is lacking."""
    return max(0.0, min(terms.share * cost, terms.most, lacking))


@compiled
def owners_gain(project: float, present: float, sold: float, terms: EquityTerms) -> float:
    """What owners gain from a project whose equity of `sold` USD is a buyer's, USD.

    `project`: its net present value; `present`: worth of the business as it is.
    """
    before = stake_share(terms.stake, terms.owners)
    after = stake_share(terms.stake + sold, terms.owners)
    book = terms.stake + max(0.0, terms.owners)
    return (1.0 - after) * project - (after - before) * max(0.0, present - book)


@compiled
def share_out(
    stake: Floats,
    owners: Floats,
    leaves: Flags,
    draw_local: Floats,
    draw_outside: Floats,
    dividend: Floats,
    returned: Floats,
) -> None:
    """Split what each firm distributes between its stake and its owners, whose draws fall.

    `leaves`: firms that have closed; their stake is repaid rather than paid a dividend. USD.
    """
    for firm in range(stake.shape[0]):
        dividend[firm] = 0.0
        returned[firm] = 0.0
        amount = draw_local[firm] + draw_outside[firm]
        if stake[firm] > 0.0 and amount > 0.0:
            part = stake_share(stake[firm], owners[firm]) * amount
            if leaves[firm]:
                part = min(part, stake[firm])
                returned[firm] = part
            else:
                dividend[firm] = part
            kept = 1.0 - part / amount
            draw_local[firm] *= kept
            draw_outside[firm] *= kept
