"""First losses on programme credit, borne by the local government.

A programme bears what lenders lose on lines under it until its account with a lender is full:

    borne = min(lost, (first_loss · outstanding - borne before)⁺)                          USD

lost: programme credit written off this week; outstanding: what is in use of it at that lender,
this loss included; borne before: all it has paid to that lender so far. So the programme never
pays more than the share `first_loss` of the credit that is out; the rest is the lender's loss.
It pays in the week of the write-off, also for credit that was granted before the programme ended.

Reference: model specification §8 (`inventory_finance`: first loss 10 % of outstanding, losses are
realised, not priced). Left out: fees for the guarantee, recoveries after a write-off.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.programmes.outlays import spend
from millworks.world.sums import add_all, add_up
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

POLICY = "inventory_finance"
"""The policy under whose name these outlays stand."""


def losses_borne(lost: Floats, outstanding: Floats, before: Floats, first_loss: Floats) -> Floats:
    """Part of each lender's loss that the programme bears, USD [lenders]."""
    left = np.maximum(0.0, first_loss * outstanding - before)
    return np.asarray(np.minimum(lost, left), np.float64)


def bear_losses(world: World) -> None:
    """Pay lenders the first losses of this week's write-offs of lines under a programme."""
    lenders = world.population("B")
    lenders.guaranteed[:] = 0.0
    lost, outstanding = np.zeros(lenders.size), np.zeros(lenders.size)
    for letter in "MR":
        firms = world.population(letter)
        if not firms.programme_limit.any():
            continue
        outstanding += add_up(firms.lender, firms.programme_credit, lenders.size)
        gone = firms.revolver_written_off > 0.0
        lost += add_up(firms.lender, np.where(gone, firms.programme_credit, 0.0), lenders.size)
        firms.programme_credit[gone] = 0.0
    if not (world.measures.policies and lost.any()):
        return
    lenders.guaranteed[:] = losses_borne(
        lost, outstanding, lenders.guaranteed_before, lenders.first_loss
    )
    lenders.guaranteed_before[:] += lenders.guaranteed
    world.ledger.book("programme guarantee G>B")
    spend(world, POLICY, add_all(lenders.guaranteed))
