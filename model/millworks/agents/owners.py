"""The quarterly test over many makers: columns in, columns out.

Costs per unit become the contribution, the working capital and the cash flow that the rules of
`agents.growth` ask for:

    contribution = p - inputs - vshare · pay                                         USD per unit
    EBITDA       = 52 ((p - inputs - pay) min(d̂, K) - rent)                          USD a year
    working capital = p (receivables - payables) / sales + cover in weeks of cost / 52

inputs: goods, services, taxes and freight per unit; d̂ accepted orders, smoothed; K capacity.
An owner carries out one project a quarter, or else adopts a technology (`agents.technology`).
Source: model specification §7.13, §7.14, §7.17.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from millworks.agents.grant import GrantTerms
from millworks.agents.growth import (
    Owner,
    Rules,
    quarterly_decision,
    simulated_offer,
    without_grant,
)
from millworks.agents.maker import LOANS
from millworks.agents.pricing import SMALLEST_STOCK
from millworks.agents.project import contribution, working_capital
from millworks.agents.stakes import EquityTerms
from millworks.agents.technology import (
    AdoptionRules,
    Gain,
    adoption_decision,
    gain_in_full,
    rules_at,
    worth_of_adoption,
)
from millworks.kernels import compiled
from millworks.world.columns import Population

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Owners(NamedTuple):
    """The makers tested this week, one row each; as `Owner`, before costs are weighed."""

    ambition: Flags
    capacity: Floats
    on_order: Floats
    potential: Floats
    demand: Floats
    orders: Floats
    refused: Floats
    refused_stock: Floats
    price: Floats
    inputs: Floats
    """Goods, services, taxes and freight, USD a unit."""
    labour: Floats
    """Pay, USD a unit."""
    rent: Floats
    receivable: Floats
    payable: Floats
    stock_weeks_cost: Floats
    own_money: Floats
    undrawn: Floats
    sales: Floats
    soft: Floats
    late_weeks: Floats
    capital: Floats
    debt: Floats
    service: Floats
    bank: Floats
    """Part of an offer that the own bank's capital allows."""
    equity_share: Floats
    """Part of a project's cost that its buyer offers."""
    equity_buyer: Ints
    """The partner's row, -1 for a customer outside."""
    stake: Floats
    equity: Floats
    grant_share: Floats
    """Part of a project's cost that a programme grants, up to `grant_most` USD."""
    grant_most: Floats
    opportunity: Flags
    """Whether there is a technology to adopt."""
    technology_price: Floats
    """What adopting it would cost, USD."""


class Findings(NamedTuple):
    """Answers of the test, one row each; as `growth.Decision`, with the simulated application."""

    gap: Floats
    wants: Flags
    constrained: Flags
    needed: Floats
    missing: Floats
    term: Ints
    indivisible: Flags
    discouraged: Flags
    capacity: Floats
    cost: Floats
    lender: Ints
    loan: Floats
    equity: Floats
    adoption: Floats
    """Paid for a technology, USD."""
    grant: Floats
    windfall: Floats
    """Part of the grant for what would have been bought without it, USD."""
    request: Floats
    offer: Floats


@compiled
def weigh_costs(
    rows: Ints,
    sector: Ints,
    input_factor: Floats,
    inventory: Floats,
    units: Floats,
    goods_rate: Floats,
    services_rate: Floats,
    tax: Floats,
    freight: Floats,
    pay_rate: Floats,
    labour_factor: Floats,
    productivity: Floats,
    wage: float,
    subsidy: Floats,
    goods: Floats,
    other: Floats,
    labour: Floats,
) -> None:
    """Costs of a unit of the makers `rows`, USD: goods; services, taxes and freight; pay.

    `goods_rate` units, `services_rate`, `tax`, `pay_rate` USD per unit by sector; `subsidy` part of
    pay that a programme bears. Goods cost what those on hand did, in the base year's price if none.
    """
    for i in range(rows.shape[0]):
        row, code = rows[i], sector[rows[i]]
        held = units[row] > SMALLEST_STOCK and inventory[row] > 0.0
        cost = inventory[row] / units[row] if held else 1.0
        goods[i] = goods_rate[code] * input_factor[row] * cost
        other[i] = services_rate[code] * input_factor[row] + tax[code] + freight[row]
        hours = pay_rate[code] * labour_factor[row] / productivity[row]
        labour[i] = hours * wage * (1.0 - subsidy[row])


@compiled
def add_of_loan(rows: Ints, owed: Floats, amount: Floats, total: Floats) -> None:
    """Add an amount of one kind of loan to the `total` of the makers `rows` who have not repaid."""
    for i in range(rows.shape[0]):
        if owed[rows[i]] > 0.0:
            total[i] += amount[rows[i]]


def of_loans(makers: Population, rows: Ints, what: str) -> Floats:
    """Sum of a column over the kinds of loan; nothing where the loan is paid off."""
    total = np.zeros(len(rows))
    for kind in LOANS:
        add_of_loan(rows, getattr(makers, f"{kind}_loan"), getattr(makers, f"{kind}_{what}"), total)
    return total


@compiled
def owner_at(
    owners: Owners, i: int, cdfi: float, online: float, most: float, fund: float, rules: Rules
) -> Owner:
    """Row `i` with its costs weighed; `most`, `fund` USD left of the buyer's equity, of grants."""
    per_sales = 1.0 / owners.sales[i] if owners.sales[i] > 0.0 else 0.0
    margin = owners.price[i] - owners.inputs[i] - owners.labour[i]
    sold = min(owners.demand[i], owners.capacity[i])
    return Owner(
        owners.ambition[i],
        owners.capacity[i],
        owners.on_order[i],
        owners.potential[i],
        owners.orders[i],
        owners.refused[i],
        owners.refused_stock[i],
        contribution(
            owners.price[i], owners.inputs[i], owners.labour[i], rules.project.pay_that_varies
        ),
        working_capital(
            owners.price[i],
            owners.receivable[i] * per_sales,
            owners.payable[i] * per_sales,
            owners.stock_weeks_cost[i],
        ),
        owners.own_money[i],
        owners.undrawn[i],
        52.0 * (margin * sold - owners.rent[i]),
        owners.sales[i],
        owners.soft[i],
        owners.late_weeks[i],
        owners.capital[i],
        owners.debt[i],
        owners.service[i],
        (owners.bank[i], cdfi, online),
        EquityTerms(owners.equity_share[i], most, owners.stake[i], owners.equity[i]),
        GrantTerms(owners.grant_share[i], owners.grant_most[i], fund),
    )


@compiled
def gain_at(owners: Owners, i: int, rules: Rules, adoption: AdoptionRules) -> Gain:
    """What a technology would bring the owner of row `i` in a year."""
    made = min(owners.demand[i], owners.capacity[i])
    room = owners.capacity[i] - made
    return gain_in_full(owners.labour[i], made, room, rules.project.pay_that_varies, adoption)


@compiled
def appraise_adoption(
    owners: Owners, fund: float, rules: Rules, adoption: AdoptionRules, worth: Floats
) -> None:
    """Write what adopting would be worth to each owner now, USD."""
    for i in range(worth.shape[0]):
        owner = owner_at(owners, i, 0.0, 0.0, 0.0, fund, rules)
        gain = gain_at(owners, i, rules, adoption)
        own = rules_at(adoption, owners.technology_price[i])
        worth[i] = worth_of_adoption(owner, gain, 0.0, own, rules.project)


@compiled
def decide_each_owner(
    owners: Owners,
    cdfi: float,
    online: float,
    purses: Floats,
    fund: Floats,
    rules: Rules,
    adoption: AdoptionRules,
    found: Findings,
) -> None:
    """Each owner's quarter: `cdfi`, `online` are the strengths of these lenders, 0 to 1.

    `purses` [1 + partners]: what buyers may still put in as equity, USD, all of them and each
    partner; `fund` [1]: what may still be granted, USD. Who is tested first is served first.
    """
    for i in range(owners.sales.shape[0]):
        buyer = owners.equity_buyer[i]
        most = purses[0] if buyer < 0 else min(purses[0], purses[1 + buyer])
        owner = owner_at(owners, i, cdfi, online, most, fund[0], rules)
        decision = quarterly_decision(owner, rules)
        found.gap[i] = decision.gap
        found.wants[i] = decision.wants
        found.constrained[i] = decision.constrained
        found.needed[i] = decision.needed
        found.missing[i] = decision.missing
        found.term[i] = decision.term
        found.indivisible[i] = decision.indivisible
        found.discouraged[i] = decision.discouraged
        found.capacity[i] = decision.capacity
        found.cost[i] = decision.cost
        found.adoption[i] = 0.0
        lender, loan = decision.lender, decision.loan
        equity, grant = decision.equity, decision.grant
        windfall = False
        if grant > 0.0:
            plain = quarterly_decision(without_grant(owner), rules)
            windfall = plain.capacity >= decision.capacity
        if decision.cost == 0.0 and owners.opportunity[i]:
            gain = gain_at(owners, i, rules, adoption)
            own = rules_at(adoption, owners.technology_price[i])
            taken = adoption_decision(owner, gain, rules, own)
            found.adoption[i] = taken.cost
            lender, loan = taken.lender, taken.loan
            equity, grant = taken.equity, taken.grant
            if grant > 0.0:
                alone = adoption_decision(without_grant(owner), gain, rules, own)
                windfall = alone.cost > 0.0
        found.lender[i] = lender
        found.loan[i] = loan
        found.equity[i] = equity
        found.grant[i] = grant
        found.windfall[i] = grant if windfall else 0.0
        purses[0] -= equity
        if buyer >= 0:
            purses[1 + buyer] -= equity
        fund[0] -= grant
        found.request[i] = rules.request * owner.sales
        found.offer[i] = simulated_offer(owner, rules)


@compiled
def begin_quarter(
    rows: Ints,
    wants: Flags,
    constrained: Flags,
    wanted: Flags,
    was_constrained: Flags,
    orders: Floats,
    refused: Floats,
) -> None:
    """The last four tests and quarters of the makers `rows` move on by one; the newest is first.

    `wants`, `constrained` [rows] of this test; `wanted`, `was_constrained` [makers, 4]; `orders`
    [makers, 4] and `refused` [makers, 4, reasons] units, which begin anew at zero.
    """
    quarters = orders.shape[1]
    for i in range(rows.shape[0]):
        row = rows[i]
        for ago in range(quarters - 1, 0, -1):
            wanted[row, ago] = wanted[row, ago - 1]
            was_constrained[row, ago] = was_constrained[row, ago - 1]
            orders[row, ago] = orders[row, ago - 1]
            for reason in range(refused.shape[2]):
                refused[row, ago, reason] = refused[row, ago - 1, reason]
        wanted[row, 0], was_constrained[row, 0], orders[row, 0] = wants[i], constrained[i], 0.0
        for reason in range(refused.shape[2]):
            refused[row, 0, reason] = 0.0


def no_findings(size: int) -> Findings:
    """Findings of `size` owners, not yet written."""
    return Findings(
        gap=np.zeros(size),
        wants=np.zeros(size, np.bool_),
        constrained=np.zeros(size, np.bool_),
        needed=np.zeros(size),
        missing=np.zeros(size),
        term=np.zeros(size, np.int64),
        indivisible=np.zeros(size, np.bool_),
        discouraged=np.zeros(size, np.bool_),
        capacity=np.zeros(size),
        cost=np.zeros(size),
        lender=np.zeros(size, np.int64),
        loan=np.zeros(size),
        equity=np.zeros(size),
        adoption=np.zeros(size),
        grant=np.zeros(size),
        windfall=np.zeros(size),
        request=np.zeros(size),
        offer=np.zeros(size),
    )
