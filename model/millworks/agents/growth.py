"""An owner's quarter: whether to grow, whether the money is there, and who brings it.

    wants       = ambition and (project pays: NPV(r_h) > 0, or the orders refused for capacity, cash
                  or space in 52 weeks reach 3 % of all orders and a unit leaves something)
    need        = cost + wc 52 y if the project pays; else the stock to serve the orders refused for
                  cash or space
    within reach = own money + undrawn credit line + equity offered + best offer of a lender,
                  and the need falls by the grant offered for the project (`agents.grant`)
    constrained = wants and need > within reach

Own money is what deposits hold above half the buffer. An offer counts if the project still pays at
the higher of hurdle and the lender's rate; it counts here even if the owner would not ask for it.
Equity a buyer offers (`agents.stakes`) counts up to what own money leaves of the project's cost, if
the owner gains from the project on these terms.

A project is carried out with own money and the grant first, then with the equity offered, then
with one loan for the rest from the cheapest lender who lends all of it; if nobody does, with fewer
steps, down to one. An owner whose own estimate of the chance, Φ(score without u), is not above .25
does not ask: discouraged.

Source: model specification §7.13, §7.14, §7.17, §10.2. Left out: leasing, several loans for one
project, learning from refusals.
"""

from __future__ import annotations

from typing import NamedTuple

from millworks.agents.credit import (
    ADVANCE,
    ARREARS,
    BANK,
    CDFI,
    DISCOURAGED,
    KINDS,
    LENDERS_CAPITAL,
    NO_TERM,
    ONLINE,
    SCORE,
    Applicant,
    LendingRules,
    Triple,
    approval_score,
    best_offer,
    offer,
)
from millworks.agents.grant import NO_GRANT, GrantTerms, grant_for, worth_of_grant
from millworks.agents.project import (
    ProjectRules,
    annuity_factor,
    expansion_gap,
    lumps_wanted,
    net_present_value,
    project_cost,
    smallest_step,
)
from millworks.agents.stakes import NO_EQUITY, EquityTerms, equity_offer, owners_gain
from millworks.kernels import compiled

NO_LENDER = -1
FROM_ANY: Triple = (1.0, 1.0, 1.0)


class Rules(NamedTuple):
    """What owners and lenders go by."""

    project: ProjectRules
    lending: LendingRules
    expansion: float
    """Above zero owners carry out projects that pay; at zero none do."""
    refused: float
    """Orders refused over all orders from which on an owner wants to grow (.03)."""
    project_counted: float
    """Part of a project's earnings that lenders count (.5)."""
    asked_score: float
    """Score without soft information above which an owner asks: Φ⁻¹(.25)."""
    request: float
    """Request of a simulated application over the sales of a year (.10)."""


class Owner(NamedTuple):
    """A maker on the day of its quarterly test; USD, units a week."""

    ambition: bool
    capacity: float
    on_order: float
    """Capacity on order."""
    potential: float
    """Orders with the refused, smoothed."""
    orders: float
    """Units ordered in 52 weeks."""
    refused: float
    """Units refused in 52 weeks for capacity, cash or space."""
    refused_stock: float
    """Units refused in 52 weeks for cash or space."""
    contribution: float
    """USD a unit."""
    working_capital: float
    """USD per unit of annual output."""
    own_money: float
    undrawn: float
    """Room of the credit line."""
    cash_flow: float
    """EBITDA a year without a project."""
    sales: float
    """Of the last 52 weeks."""
    soft: float
    late_weeks: float
    capital: float
    """Fixed capital at book and on order."""
    debt: float
    service: float
    """Payments on present debt, a year."""
    strength: Triple
    """Part of an offer that the capital of each kind of lender allows."""
    equity: EquityTerms = NO_EQUITY
    grant: GrantTerms = NO_GRANT


class Decision(NamedTuple):
    """What the test found and what the owner does; USD, units a week."""

    gap: float
    wants: bool
    constrained: bool
    needed: float
    missing: float
    term: int
    """Number of the term of `FINANCE_TERMS` that binds, -1 if none."""
    indivisible: bool
    discouraged: bool
    capacity: float
    """Ordered now."""
    cost: float
    """Paid for it now."""
    lender: int
    """Kind of lender, -1 without a loan."""
    loan: float
    equity: float
    """Sold to the buyer for it now."""
    grant: float
    """Paid by a programme for it now."""


@compiled
def applicant(owner: Owner, cost: float, units: float, counted: float) -> Applicant:
    """The firm as lenders see it: with the project's capital and part of its earnings, if any."""
    return Applicant(
        owner.sales,
        owner.soft,
        owner.late_weeks,
        owner.capital + cost,
        owner.debt,
        owner.cash_flow + counted * 52.0 * owner.contribution * units,
        owner.service,
        cost,
        owner.strength,
    )


@compiled
def worth(owner: Owner, units: float, cost: float, rate: float, rules: ProjectRules) -> float:
    """Net present value of a project of this owner, USD."""
    alone = net_present_value(
        units, owner.contribution, owner.working_capital, cost, max(rate, rules.hurdle), rules
    )
    return alone + worth_of_grant(cost, rules.profit_tax, owner.grant)


@compiled
def equity_for(owner: Owner, units: float, cost: float, rules: ProjectRules) -> float:
    """Equity, USD, that an owner takes for a project: what is lacking, offered and worth it."""
    lacking = cost - owner.own_money - grant_for(cost, owner.grant)
    sold = equity_offer(cost, lacking, owner.equity)
    if sold <= 0.0:
        return 0.0
    earned = (1.0 - rules.profit_tax) * max(0.0, owner.cash_flow - owner.service)
    present = earned * annuity_factor(rules.hurdle, rules.life)
    gain = owners_gain(worth(owner, units, cost, 0.0, rules), present, sold, owner.equity)
    return sold if gain > 0.0 else 0.0


@compiled
def pays_at(owner: Owner, units: float, cost: float, rules: Rules) -> Triple:
    """For each kind of lender 1 if the project pays at its rate, else 0."""
    rate = rules.lending.rate
    bank = 1.0 if worth(owner, units, cost, rate[BANK], rules.project) > 0.0 else 0.0
    cdfi = 1.0 if worth(owner, units, cost, rate[CDFI], rules.project) > 0.0 else 0.0
    online = 1.0 if worth(owner, units, cost, rate[ONLINE], rules.project) > 0.0 else 0.0
    return (bank, cdfi, online)


@compiled
def steps_for(gap: float, lump: float, owner: Owner, rules: ProjectRules) -> int:
    """Number of steps of size `lump` that an owner orders for the gap; 0 if they do not pay."""
    steps = lumps_wanted(gap, lump)
    dearest = project_cost(steps * lump, rules)
    if steps > 0 and worth(owner, min(gap, steps * lump), dearest, 0.0, rules) > 0.0:
        return steps
    return 0


@compiled
def cheapest_lender(owner: Owner, request: float, units: float, cost: float, rules: Rules) -> int:
    """Kind of lender that lends all of the request at the lowest rate at which the project pays."""
    chosen = NO_LENDER
    firm = applicant(owner, cost, units, rules.project_counted)
    pays = pays_at(owner, units, cost, rules)
    for kind in range(KINDS):
        cheaper = chosen == NO_LENDER or rules.lending.rate[kind] < rules.lending.rate[chosen]
        lends_all = offer(kind, request, firm, rules.lending).amount >= request
        if pays[kind] > 0.0 and cheaper and lends_all:
            chosen = kind
    return chosen


@compiled
def asks_lenders(owner: Owner, rules: LendingRules, least: float) -> bool:
    """Whether an owner thinks it worth asking, knowing nothing of what lenders see in it."""
    return approval_score(owner.sales, 0.0, rules) > least


@compiled
def binding_term(found: int, pays: bool, asks: bool) -> int:
    """Term that stands between an owner and the money: `found` by lenders, unless it is nearer."""
    if pays:
        return found if asks else DISCOURAGED
    # For stock, whoever may borrow at all borrows on stock and receivables.
    return found if found in (SCORE, ARREARS, LENDERS_CAPITAL) else ADVANCE


@compiled
def quarterly_decision(owner: Owner, rules: Rules) -> Decision:
    """Test an owner's quarter, and say what it does: the rules of the module's first lines."""
    project = rules.project
    gap = expansion_gap(owner.potential, owner.capacity, owner.on_order, project)
    step = project.lump * owner.capacity
    lump = max(step, smallest_step(project))
    steps = 0
    indivisible = False
    if owner.ambition and gap > project.least_gap * owner.capacity:
        steps = steps_for(gap, lump, owner, project)
        if steps == 0 and step < lump:
            indivisible = steps_for(gap, step, owner, project) > 0
    pays = steps > 0
    turned_away = owner.orders > 0.0 and owner.refused >= rules.refused * owner.orders
    wants = owner.ambition and (pays or (turned_away and owner.contribution > 0.0))
    if not wants:
        return Decision(
            gap,
            False,
            False,
            0.0,
            0.0,
            NO_TERM,
            indivisible,
            False,
            0.0,
            0.0,
            NO_LENDER,
            0.0,
            0.0,
            0.0,
        )

    size = steps * lump if pays else 0.0
    cost = project_cost(size, project)
    units = min(gap, size)
    needed = owner.working_capital * owner.refused_stock
    within = FROM_ANY
    offered = 0.0
    granted = 0.0
    if pays:
        granted = grant_for(cost, owner.grant)
        offered = equity_for(owner, units, cost, project)
        needed = cost - granted + owner.working_capital * 52.0 * units
        within = pays_at(owner, units, cost, rules)
    asks = asks_lenders(owner, rules.lending, rules.asked_score)
    request = max(0.0, needed - owner.own_money - owner.undrawn - offered)
    firm = applicant(owner, cost, units, rules.project_counted)
    best = best_offer(request, firm, rules.lending, within)
    missing = max(0.0, request - best.amount)
    constrained = missing > 0.0
    term = binding_term(best.term, pays, asks) if constrained else NO_TERM
    discouraged = pays and not asks and owner.own_money + offered + granted < cost

    bought, paid, lender, loan, sold, given = 0.0, 0.0, NO_LENDER, 0.0, 0.0, 0.0
    if rules.expansion <= 0.0:
        steps = 0
    while steps > 0 and bought == 0.0:
        price = project_cost(steps * lump, project)
        equity = equity_for(owner, min(gap, steps * lump), price, project)
        grant = grant_for(price, owner.grant)
        short = price - owner.own_money - equity - grant
        if short > 0.0 and asks:
            lender = cheapest_lender(owner, short, min(gap, steps * lump), price, rules)
        if short <= 0.0 or lender != NO_LENDER:
            bought, paid, loan, sold = steps * lump, price, max(short, 0.0), equity
            given = grant
        steps -= 1
    return Decision(
        gap,
        True,
        constrained,
        needed,
        missing,
        term,
        indivisible,
        discouraged,
        bought,
        paid,
        lender,
        loan,
        sold,
        given,
    )


@compiled
def without_grant(owner: Owner) -> Owner:
    """The same owner to whom no programme offers a grant."""
    return Owner(
        owner.ambition,
        owner.capacity,
        owner.on_order,
        owner.potential,
        owner.orders,
        owner.refused,
        owner.refused_stock,
        owner.contribution,
        owner.working_capital,
        owner.own_money,
        owner.undrawn,
        owner.cash_flow,
        owner.sales,
        owner.soft,
        owner.late_weeks,
        owner.capital,
        owner.debt,
        owner.service,
        owner.strength,
        owner.equity,
        NO_GRANT,
    )


@compiled
def simulated_offer(owner: Owner, rules: Rules) -> float:
    """Best answer to a request of part of a year's sales without a project, USD.

    The larger of the undrawn credit line and the best loan; approvals are counted from it.
    """
    request = rules.request * owner.sales
    best = best_offer(request, applicant(owner, 0.0, 0.0, 0.0), rules.lending, FROM_ANY)
    return max(best.amount, min(request, owner.undrawn))
