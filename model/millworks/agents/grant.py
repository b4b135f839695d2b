"""A grant for a project: part of its cost, up to a cap, paid on the day it is ordered.

    grant = min(share · cost, most)     if the fund has all of it, else nothing
    worth = (1 - τ) grant               to the owner, USD

A grant is income of the firm and taxed as such, and what it helps to buy stands at full cost and is
deducted in full: since 2018 what governments give a US corporation is no tax-free contribution to
its capital. So it lowers what the owner must pay by the grant, and is worth a little less.

Source: model specification §8 (`modernization_support`); the tax is US law, from memory. Left out:
the cost of applying, grants that are paid after the work is done.
"""

from __future__ import annotations

from typing import NamedTuple

from millworks.kernels import compiled


class GrantTerms(NamedTuple):
    """What a programme offers for a project of a maker."""

    share: float
    """Part of the cost."""
    most: float
    """Largest grant, USD."""
    fund: float
    """What is left to be granted, USD."""


NO_GRANT = GrantTerms(0.0, 0.0, 0.0)


@compiled
def grant_for(cost: float, terms: GrantTerms) -> float:
    """Grant for a project of this cost, USD; who finds less than all of it in the fund waits."""
    wanted = min(terms.share * cost, terms.most)
    return wanted if 0.0 < wanted <= terms.fund else 0.0


@compiled
def worth_of_grant(cost: float, profit_tax: float, terms: GrantTerms) -> float:
    """What a grant is worth to an owner after tax on profit, USD."""
    return (1.0 - profit_tax) * grant_for(cost, terms)
