"""Technology that a maker adopts and what it learns from others; how both fade.

An owner who meets an opportunity counts what it would bring once it works in full, at today's
output and price, and pays for it like a project (`agents.growth`):

    saved  = 52 vshare · pay · y (1 - exp(-(1-q) θ))                                  USD a year
    sold   = min(ε q θ y, (K - y)⁺)                                              units a week
    NPV(r) = [(1-τ)(saved + 52 cm sold) - ρ wc 52 sold] · f + τ cost/7 a(r, 7) + (1-τ) grant - cost
    f      = (1 - exp(-ρ T)) / (ρ T (ρ + δ)),   ρ = ln(1 + r)
    cost   = c (max(1, n)/n̄)^k                                                    USD, once

n people whom the maker's usual volume takes, n̄ the national mean; what it brings is in proportion
to size, so what it costs has to grow with size too (`adoption_scale` is k, `adoption_size` n̄).

θ gain in log points, q its part in quality, T years over which it comes in, δ its fading a year; y
units a week now, K capacity, ε elasticity of a supplier's share, cm contribution and wc working
capital per unit. f is the present value of a gain that rises over T years and fades all the while.

    d ln A = (1-q) θ/T  + θ_sp max(0, max_j ln A_j - ln A) - δ ln A                   1/year
    d ln Q =     q θ/T                                     - δ ln Q

A output per hour and Q quality, both over the start's. One learns from makers of the same circle
(`knowledge_group`), from a partner one supplies, and from a partner that holds a stake. What is
compared is what was *acquired* since the start: how firms differed then is drawn, and nobody copies
it. A partner stands at the frontier, where one adoption in full leaves a maker: its start already
contains what it has adopted, and its parent keeps it up.

One technology at a time: while its gain comes in, an owner takes up no other. Whoever leaves takes
what was acquired along.

Source: model specification §7.17 (dynamics); the owner's appraisal, the cost by size (0.8: machines
grow by about the 0.7th power of capacity, people by the first), the frontier and one at a time are
ours. Left out: sectors in which technology is dearer; rivals that adopt as well and prices that
follow costs down, as the owner sees it; workers who move and take knowledge along; technologies
that fail.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from millworks.agents.credit import KINDS, Applicant, offer
from millworks.agents.grant import grant_for, worth_of_grant
from millworks.agents.growth import NO_LENDER, Owner, Rules, asks_lenders
from millworks.agents.project import ProjectRules, annuity_factor
from millworks.agents.stakes import equity_offer, owners_gain
from millworks.kernels import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NO_CIRCLE = -1
"""`Maker.knowledge_group` of a maker that belongs to none."""


class AdoptionRules(NamedTuple):
    """What adopting a technology costs and brings."""

    cost: float
    """USD; of a maker of the mean size until `rules_at` has put its own there."""
    productivity: float
    """Gain in output per hour in all, log points: (1-q) θ."""
    quality: float
    """Gain in quality in all, log points: q θ."""
    years: float
    """Years over which it comes in."""
    fading: float
    """1/year."""
    elasticity: float
    """Of a supplier's share of its market in its quality (ε)."""


class Gain(NamedTuple):
    """What a technology brings in a year, once it works in full and before it fades."""

    saved: float
    """Pay, USD a year."""
    sold: float
    """Units a week that are sold besides."""


class Adoption(NamedTuple):
    """What an owner does about an opportunity; USD, all zero if nothing."""

    cost: float
    lender: int
    """Kind of lender, -1 without a loan."""
    loan: float
    equity: float
    """Sold to the buyer for it."""
    grant: float


@compiled
def fill_sizes(employees: Floats, mean: float, scale: float, factor: Floats) -> None:
    """Write what something costs makers of so many `employees` over what it costs the `mean` one.

    `scale` exponent: 0 the same for all, 1 in proportion to size. Nobody is less than one person.
    """
    for i in range(factor.shape[0]):
        factor[i] = (max(1.0, employees[i]) / mean) ** scale


@compiled
def rules_at(rules: AdoptionRules, cost: float) -> AdoptionRules:
    """The rules for a maker whose technology costs `cost` USD."""
    return AdoptionRules(
        cost, rules.productivity, rules.quality, rules.years, rules.fading, rules.elasticity
    )


@compiled
def gain_in_full(
    pay: float, units: float, room: float, pay_that_varies: float, rules: AdoptionRules
) -> Gain:
    """What a technology brings a maker of `units` a week; `pay` USD a unit, `room` units a week."""
    saved = 52.0 * pay_that_varies * pay * units * -math.expm1(-rules.productivity)
    return Gain(saved, min(rules.elasticity * rules.quality * units, max(0.0, room)))


@compiled
def earnings(gain: Gain, contribution: float) -> float:
    """What the gain leaves before tax, USD a year."""
    return gain.saved + 52.0 * contribution * gain.sold


@compiled
def present_factor(rate: float, rules: AdoptionRules) -> float:
    """Present value of a gain that in full is one dollar a year, at `rate` a year."""
    force = math.log1p(rate)
    slope = force * rules.years
    rising = -math.expm1(-slope) / slope if slope > 0.0 else 1.0
    return rising / (force + rules.fading)


@compiled
def worth_of_adoption(
    owner: Owner, gain: Gain, rate: float, adoption: AdoptionRules, rules: ProjectRules
) -> float:
    """Net present value of adopting, USD, at the higher of hurdle and `rate` a year."""
    rate = max(rate, rules.hurdle)
    tax = rules.profit_tax
    yearly = (1.0 - tax) * earnings(gain, owner.contribution)
    yearly -= math.log1p(rate) * owner.working_capital * 52.0 * gain.sold
    saved_tax = tax * adoption.cost / rules.tax_life * annuity_factor(rate, rules.tax_life)
    granted = worth_of_grant(adoption.cost, tax, owner.grant)
    return yearly * present_factor(rate, adoption) + saved_tax + granted - adoption.cost


@compiled
def _equity_taken(
    owner: Owner, worth: float, lacking: float, adoption: AdoptionRules, rules: ProjectRules
) -> float:
    """Equity, USD, that an owner takes: what is lacking, offered, and worth it."""
    sold = equity_offer(adoption.cost, lacking, owner.equity)
    if sold <= 0.0:
        return 0.0
    earned = (1.0 - rules.profit_tax) * max(0.0, owner.cash_flow - owner.service)
    present = earned * annuity_factor(rules.hurdle, rules.life)
    return sold if owners_gain(worth, present, sold, owner.equity) > 0.0 else 0.0


@compiled
def _lender_for(owner: Owner, gain: Gain, request: float, rules: Rules, new: AdoptionRules) -> int:
    """Kind of lender that lends all of the request at the lowest rate at which it still pays."""
    firm = Applicant(
        owner.sales,
        owner.soft,
        owner.late_weeks,
        owner.capital + new.cost,
        owner.debt,
        owner.cash_flow + rules.project_counted * earnings(gain, owner.contribution),
        owner.service,
        new.cost,
        owner.strength,
    )
    chosen = NO_LENDER
    for kind in range(KINDS):
        rate = rules.lending.rate[kind]
        cheaper = chosen == NO_LENDER or rate < rules.lending.rate[chosen]
        if not cheaper or worth_of_adoption(owner, gain, rate, new, rules.project) <= 0.0:
            continue
        if offer(kind, request, firm, rules.lending).amount >= request:
            chosen = kind
    return chosen


@compiled
def adoption_decision(owner: Owner, gain: Gain, rules: Rules, adoption: AdoptionRules) -> Adoption:
    """Take an opportunity if it pays and can be funded: own money, grant, equity, then a loan."""
    nothing = Adoption(0.0, NO_LENDER, 0.0, 0.0, 0.0)
    worth = worth_of_adoption(owner, gain, 0.0, adoption, rules.project)
    if rules.expansion <= 0.0 or worth <= 0.0:
        return nothing
    grant = grant_for(adoption.cost, owner.grant)
    short = adoption.cost - owner.own_money - grant
    equity = _equity_taken(owner, worth, short, adoption, rules.project)
    short -= equity
    if short <= 0.0:
        return Adoption(adoption.cost, NO_LENDER, 0.0, equity, grant)
    if not asks_lenders(owner, rules.lending, rules.asked_score):
        return nothing
    lender = _lender_for(owner, gain, short, rules, adoption)
    if lender == NO_LENDER:
        return nothing
    return Adoption(adoption.cost, lender, short, equity, grant)


@compiled
def see_others(
    buyer: Ints,
    seller: Ints,
    share: Floats,
    first_maker: int,
    first_partner: int,
    last_partner: int,
    trading: Flags,
    adopted: Flags,
    learns_from_partner: Flags,
    circle: Ints,
    circles: int,
    frontier: float,
    productivity: Floats,
    best: Floats,
    linked: Flags,
) -> None:
    """Write the best each maker can learn from, and whether one it learns from has adopted.

    Links by agent [links]: `buyer`, `seller`, `share` (0: closed). Makers' columns: `trading`,
    `adopted` (ever), `learns_from_partner` (a partner holds a stake), `circle` (0 to `circles` - 1,
    -1 none), `productivity` (A). Makers are agents from `first_maker` on, partners those from
    `first_partner` to before `last_partner`; they stand at `frontier` and have adopted.
    """
    makers = productivity.shape[0]
    top = np.zeros(circles)
    adopters = np.zeros(circles)
    for i in range(makers):
        level = math.log(productivity[i])
        best[i] = level
        linked[i] = learns_from_partner[i]
        if learns_from_partner[i]:
            best[i] = max(best[i], frontier)
        if circle[i] >= 0 and trading[i]:
            top[circle[i]] = max(top[circle[i]], level)
            adopters[circle[i]] += 1.0 if adopted[i] else 0.0
    for link in range(share.shape[0]):
        if share[link] <= 0.0:
            continue
        supplier = seller[link] - first_maker
        if 0 <= supplier < makers and first_partner <= buyer[link] < last_partner:
            best[supplier] = max(best[supplier], frontier)
            linked[supplier] = True
    for i in range(makers):
        if circle[i] >= 0:
            best[i] = max(best[i], top[circle[i]])
            others = adopters[circle[i]] - (1.0 if adopted[i] and trading[i] else 0.0)
            linked[i] |= others > 0.0


@compiled
def move_technology(
    trading: Flags,
    best: Floats,
    gain: float,
    quality_part: float,
    years: float,
    catching_up: float,
    fading: float,
    weeks: float,
    left: Floats,
    productivity: Floats,
    quality: Floats,
) -> None:
    """Move makers' productivity and quality over `weeks`; `left` is the gain still to come in.

    `gain` log points in all over `years`; `catching_up`, `fading` 1/year; `best` ln A that can be
    learned from.
    """
    span = weeks / 52.0
    kept = math.exp(-fading * span)
    step = gain * span / years
    for i in range(left.shape[0]):
        if not trading[i]:
            continue
        known = math.log(productivity[i])
        # What rounding leaves of the last step comes with it.
        now = left[i] if left[i] < step * 1.000001 else step
        left[i] -= now
        learned = catching_up * max(0.0, best[i] - known) * span
        productivity[i] = math.exp(known * kept + (1.0 - quality_part) * now + learned)
        quality[i] = math.exp(math.log(quality[i]) * kept + quality_part * now)
