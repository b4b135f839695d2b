"""Stage 13, invest: what makers could sell beyond their capacity, what it would be worth, who pays.

Every maker is tested once a quarter, staggered by identity (`agents.growth` has the rule): does its
owner want to grow, is the money within reach, and if the project pays, is it bought with own money
above half the buffer, then a buyer's equity (`agents.stakes`), then a loan for the rest? What is
ordered is paid at once, a part `local` to builders here, the rest outside, and arrives `deliv`
weeks later. A new loan joins the old one of its kind: the payments add up, the rate is weighted by
size.

    contribution cm = p - goods - services - taxes - freight - vshare · pay          USD per unit
    EBITDA          = 52 ((p - goods - services - taxes - freight - pay) min(d̂, K) - rent)
    wc              = p (receivables - payables) / sales
                      + ((cover_in + weeks under way) goods + cover_f ψ unit cost) / 52

Every four weeks lenders hear news of each firm and set the limits of credit lines:

    u ← φ u + √(1 - φ²) n,    φ = 2^(-4 / half-life),   n standard normal

The same day each tested maker makes a simulated application for a tenth of a year's sales; approval
rates are counted from `request` and `offer`, never from the score.

An owner without a project may adopt a technology instead (`agents.technology`), paid for alike.

Source: model specification §7.13, §7.14, §7.17, §10.2. Left out: local makers of capital goods.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from millworks.agents.adoption import adopt, adoption_price, adoption_rules, opportunities
from millworks.agents.credit import (
    CDFI,
    NO_TERM,
    ONLINE,
    LendingRules,
    Triple,
    add_loans,
    fill_strengths,
    set_limits,
)
from millworks.agents.firm import ACTIVE
from millworks.agents.growth import Rules
from millworks.agents.maker import LOANS
from millworks.agents.owners import (
    Findings,
    Owners,
    appraise_adoption,
    begin_quarter,
    decide_each_owner,
    no_findings,
    of_loans,
    weigh_costs,
)
from millworks.agents.producer import CAPACITY, CASH, DELIVERY_WEEKS, HUB_QUEUE, SPACE
from millworks.agents.programme_credit import extend_lines, line_interest
from millworks.agents.project import ProjectRules
from millworks.economy.technology import SERVICE_SECTORS
from millworks.parameters import Parameters
from millworks.programmes import engagements, grants, stakes
from millworks.programmes.shared_equipment import earned_at_hub
from millworks.world.accounts import CDFI_ROW, ONLINE_ROW
from millworks.world.closure import INVESTMENT
from millworks.world.columns import Population
from millworks.world.freight_terms import input_cover, weeks_under_way
from millworks.world.keyed_draws import normal_from_uniform
from millworks.world.pooled_overheads import saved_per_unit
from millworks.world.sums import add_all, add_up, times_vector
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

QUARTER = 13
TICK = 4
"""Weeks between two settings of credit lines."""
NO_CEILING = 1e15


def invest(world: World) -> None:
    """Set credit lines, test the owners whose quarter it is, order and pay capital, lend."""
    makers, rules = world.population("M"), _rules(world.parameters)
    strength = _strengths(world)
    if world.week % TICK == 0:
        for letter in "MR":
            _hear_news(world, letter)
            _set_credit_lines(world, letter, strength, rules.lending)
    fund, adoption = grants.open_fund(world), adoption_rules(world)

    def worth(rows: Ints) -> Floats:
        """What adopting a technology would be worth to the owners of `rows`, USD."""
        value = np.zeros(len(rows))
        appraise_adoption(_owners(world, rows, strength, rules), fund[0], rules, adoption, value)
        return value

    engagements.engage(world, worth)
    due = (makers.status == ACTIVE) & ((world.week + makers.identity) % QUARTER == 0)
    rows = np.flatnonzero(due)
    found = no_findings(len(rows))
    cdfi = strength[CDFI_ROW] if _lends_this_year(world) else 0.0
    decide_each_owner(
        _owners(world, rows, strength, rules),
        cdfi,
        strength[ONLINE_ROW],
        stakes.purses(world),
        fund,
        rules,
        adoption,
        found,
    )
    _remember(makers, rows, found, world.week)
    _follow_closure(world, rows, found)
    stakes.buy(world, rows, found.equity)
    grants.pay(world, rows, found.grant, found.windfall)
    _pay_in(world, due, rows, found)
    _lend(world, rows, found, rules.lending)
    _order_capital(world, rows, found)
    adopt(world, rows, found.adoption)


@lru_cache(maxsize=8)
def _rules(rates: Parameters) -> Rules:
    """The parameters that owners and lenders go by."""
    project = ProjectRules(
        use=rates.use_target,
        least_gap=rates.gap_least,
        lump=rates.lump,
        smallest=rates.MES,
        capital_cost=rates.kc,
        life=1.0 / rates.dep,
        delivery=rates.deliv,
        hurdle=rates.r_h,
        profit_tax=rates.tau_pi,
        pay_that_varies=rates.vshare,
        tax_life=rates.tax_life,
    )
    years = 52.0 * rates.loan_years
    shift: Triple = (0.0, rates.shift_cdfi, rates.shift_online)
    rate: Triple = (rates.rate_bank, rates.rate_cdfi, rates.rate_online)
    lending = LendingRules(
        score_level=rates.a0,
        score_slope=rates.a_size,
        reference_sales=rates.sales_ref,
        tightness=rates.kappa_score,
        shift=shift,
        rate=rate,
        weeks=(years, years, rates.online_weeks),
        smallest=(rates.minloan, 0.0, 0.0),
        largest=(NO_CEILING, rates.cdfi_limit, NO_CEILING),
        largest_of_sales=(NO_CEILING, NO_CEILING, rates.online_sales),
        late_weeks=rates.late_limit,
        advance_fixed=rates.adv_K,
        coverage=rates.dscr,
        down=rates.down,
        advance_receivable=rates.adv_AR,
        advance_stock=rates.adv_IN,
        cards=rates.cards,
    )
    return Rules(
        project=project,
        lending=lending,
        expansion=rates.expansion,
        refused=rates.refused_least,
        project_counted=rates.project_counted,
        asked_score=normal_from_uniform(rates.belief_least),
        request=rates.request_share,
    )


def _strengths(world: World) -> Floats:
    """Part of an offer that each lender's capital allows, [lenders]."""
    lenders, rates = world.population("B"), world.parameters
    strength = np.empty(lenders.size)
    fill_strengths(
        lenders.lender_equity,
        lenders.term_loans,
        lenders.revolvers,
        rates.capital_stop,
        rates.capital_full,
        strength,
    )
    return strength


def _lends_this_year(world: World) -> bool:
    """Whether the community lender has not lent its year's volume yet."""
    volume = world.parameters.book_other * add_all(world.population("M").annual_sales)
    return bool(world.population("B").lent_year[CDFI_ROW] < volume)


def _hear_news(world: World, letter: str) -> None:
    """What lenders know beyond the books drifts; it has mean 0 and s.d. 1 in the long run."""
    firms = world.population(letter)
    kept = 0.5 ** (TICK / (52.0 * world.parameters.soft_half_life))
    news = world.streams.normal(
        "soft_information", firms.identity, week=world.week, generation=firms.generation
    )
    moved = kept * firms.soft_information + np.sqrt(1.0 - kept * kept) * news
    firms.soft_information[:] = np.where(firms.status == ACTIVE, moved, firms.soft_information)


def _set_credit_lines(world: World, letter: str, strength: Floats, rules: LendingRules) -> None:
    """Limits from receivables not overdue and stocks on hand, of makers or retailers."""
    firms, trade = world.population(letter), world.trade
    overdue = trade.by_holder(trade.of_seller(trade.overdue))[letter]
    stock = firms.inventory + firms.finished if letter == "M" else firms.inventory
    set_limits(
        firms.status == ACTIVE,
        firms.goods_receivable - overdue,
        stock,
        firms.annual_sales,
        firms.soft_information,
        firms.revolver,
        strength[firms.lender],
        rules,
        firms.revolver_limit,
    )
    _extend_credit_lines(world, letter, strength, rules)


def _extend_credit_lines(world: World, letter: str, strength: Floats, rules: LendingRules) -> None:
    """Limits where a programme advances more on stocks, or where its credit is not yet repaid."""
    firms, trade = world.population(letter), world.trade
    if not (firms.stock_advance.any() or firms.programme_limit.any()):
        return
    overdue = trade.by_holder(trade.of_seller(trade.overdue))[letter]
    maker = letter == "M"
    # Who is offered nothing any more keeps the rate that was agreed.
    firms.programme_rate[:] = np.where(
        firms.stock_advance > 0.0, firms.stock_credit_rate, firms.programme_rate
    )
    extend_lines(
        firms.status,
        firms.goods_receivable - overdue,
        firms.inventory + firms.finished if maker else firms.inventory,
        firms.contract_stock if maker else np.zeros(firms.size),
        firms.annual_sales,
        firms.soft_information,
        firms.revolver,
        strength[firms.lender],
        firms.stock_advance,
        rules,
        world.parameters.rate_line,
        firms.programme_rate,
        firms.programme_credit,
        firms.private_limit,
        firms.programme_limit,
        firms.revolver_limit,
    )


def _owners(world: World, rows: Ints, strength: Floats, rules: Rules) -> Owners:
    """What the test of the makers `rows` rests on."""
    makers, rates = world.population("M"), world.parameters
    goods, other, labour = _costs_per_unit(world, rows)
    earned = earned_at_hub(world)
    refused = makers.refused_year[rows].sum(axis=1)
    held = makers.cleared[rows] - rates.buffer_kept * makers.cash_buffer[rows]
    cover = input_cover(world, rates.cover_in, rates.z_s, rates.lead_sd)
    stock = (cover + weeks_under_way(world, rates.ship_weeks)) * goods
    stock += rates.cover_f * makers.spot_share[rows] * makers.unit_cost[rows]
    return Owners(
        ambition=makers.ambition[rows],
        capacity=makers.capacity[rows],
        # Hours that can be rented do what machines of its own would do.
        on_order=makers.pending_capacity[rows].sum(axis=1) + makers.hours_usual[rows],
        potential=makers.potential_forecast[rows],
        demand=makers.demand_forecast[rows],
        orders=makers.orders_year[rows].sum(axis=1),
        refused=refused[:, CAPACITY] + refused[:, CASH] + refused[:, SPACE] + refused[:, HUB_QUEUE],
        refused_stock=refused[:, CASH] + refused[:, SPACE],
        price=makers.price[rows],
        inputs=goods + other,
        labour=labour,
        rent=makers.rent[rows] + makers.space_fees[rows] - earned[rows],
        receivable=makers.goods_receivable[rows],
        payable=makers.goods_payable[rows],
        stock_weeks_cost=stock,
        own_money=np.maximum(0.0, held),
        undrawn=np.maximum(0.0, makers.revolver_limit[rows] - makers.revolver[rows]),
        sales=makers.annual_sales[rows],
        soft=makers.soft_information[rows],
        late_weeks=makers.late_weeks[rows].astype(np.float64),
        capital=(makers.fixed_capital + makers.capital_on_order + makers.technology)[rows],
        debt=of_loans(makers, rows, "loan"),
        service=52.0 * of_loans(makers, rows, "payment")
        + line_interest(
            makers.revolver[rows],
            makers.programme_credit[rows],
            rates.rate_line,
            makers.programme_rate[rows],
        ),
        bank=strength[makers.lender[rows]],
        equity_share=makers.equity_share[rows],
        equity_buyer=makers.equity_buyer[rows],
        stake=makers.stake[rows],
        equity=makers.equity[rows],
        grant_share=makers.grant_share[rows],
        grant_most=makers.grant_most[rows],
        opportunity=opportunities(world, rows),
        technology_price=adoption_price(world, rows),
    )


def _costs_per_unit(world: World, rows: Ints) -> tuple[Floats, Floats, Floats]:
    """Goods; services, taxes and freight; pay: USD per unit of makers `rows`."""
    makers, recipe = world.population("M"), world.technology
    price = np.ones(len(recipe.tax))
    price[SERVICE_SECTORS] = world.population("S").price
    services = times_vector(np.ascontiguousarray(recipe.services_local.T), price)
    services += recipe.services_us.sum(axis=0) + recipe.services_abroad
    goods, other, labour = (np.empty(len(rows)) for _ in range(3))
    weigh_costs(
        rows,
        makers.sector,
        makers.input_factor,
        makers.inventory,
        makers.units_on_hand,
        recipe.goods_rate,
        services,
        recipe.tax,
        makers.freight_units,
        recipe.wage,
        makers.labour_factor,
        makers.productivity,
        world.wage,
        makers.pay_subsidy,
        goods,
        other,
        labour,
    )
    saved = saved_per_unit(world)
    return goods, other if isinstance(saved, float) else other - saved[rows], labour


def _remember(makers: Population, rows: Ints, found: Findings, week: int) -> None:
    """Write what the test found; a firm that has left wants nothing."""
    gone = np.flatnonzero(makers.status != ACTIVE)
    if gone.size:
        for name in ("gap", "money_needed", "money_missing", "request", "offer"):
            getattr(makers, name)[gone] = 0.0
        for name in ("wants", "constrained", "wanted_year", "constrained_year"):
            getattr(makers, name)[gone] = False
        makers.discouraged[gone] = makers.indivisible[gone] = False
        makers.missing_term[gone] = NO_TERM
    makers.tested[rows] = week
    makers.gap[rows] = found.gap
    makers.wants[rows] = found.wants
    makers.constrained[rows] = found.constrained
    makers.money_needed[rows] = found.needed
    makers.money_missing[rows] = found.missing
    makers.missing_term[rows] = found.term
    makers.indivisible[rows] = found.indivisible
    makers.discouraged[rows] = found.discouraged
    makers.request[rows] = found.request
    makers.offer[rows] = found.offer
    begin_quarter(
        rows,
        found.wants,
        found.constrained,
        makers.wanted_year,
        makers.constrained_year,
        makers.orders_year,
        makers.refused_year,
    )


def _follow_closure(world: World, rows: Ints, found: Findings) -> None:
    """Where a closure holds investment, owners carry out the projects of its path.

    What their cash does not reach for is paid in from outside.
    """
    makers = world.population("M")
    makers.equity_invested[:] = 0.0
    held = (found.capacity, found.cost, found.loan, found.lender, found.adoption)
    own = np.zeros((len(held), makers.size))
    for number, values in enumerate(held):
        own[number, rows] = values
    path = world.closure.path(INVESTMENT, "projects", world.week, own)
    if path is not own:
        for number, values in enumerate(held):
            values[:] = path[number, rows]
        for programme in (found.equity, found.grant, found.windfall):
            programme[:] = 0.0
        cost = found.cost + found.adoption
        lacking = cost - found.loan - makers.cleared[rows]
        makers.equity_invested[rows] = np.where(cost > 0.0, np.maximum(0.0, lacking), 0.0)


def _pay_in(world: World, due: Flags, rows: Ints, found: Findings) -> None:
    """Book equity from outside; what a programme gives buys capacity at once."""
    makers = world.population("M")
    given = world.capital_programme.paid(world.week, makers.generation, due)
    if given is not None:
        makers.equity_invested += given
        found.cost[:] += given[rows]
        found.capacity[:] += given[rows] / (52.0 * world.parameters.kc)
    if makers.equity_invested.any():
        world.ledger.book("equity invested X>M")


def _lend(world: World, rows: Ints, found: Findings, rules: LendingRules) -> None:
    """Pay out the loans that were taken, by kind of lender."""
    makers, lenders = world.population("M"), world.population("B")
    lent_by, borrowed = np.zeros(lenders.size), found.loan.any()
    for kind, name in enumerate(LOANS):
        lent = getattr(makers, f"{name}_lent")
        lent[:] = 0.0
        if borrowed:
            lent[rows] = np.where(found.lender == kind, found.loan, 0.0)
            add_loans(
                lent,
                getattr(makers, f"{name}_loan"),
                rules.rate[kind],
                rules.weeks[kind],
                getattr(makers, f"{name}_rate"),
                getattr(makers, f"{name}_payment"),
            )
            row = {CDFI: CDFI_ROW, ONLINE: ONLINE_ROW}.get(kind)
            lender = makers.lender if row is None else np.full(makers.size, row)
            lent_by += add_up(lender, lent, lenders.size)
        world.ledger.book(f"{name} loan lent B>M")
    lenders.lent_year[:] += lent_by - lenders.lent_year / 52.0


def _order_capital(world: World, rows: Ints, found: Findings) -> None:
    """Order and pay what was decided; it arrives after the weeks of delivery."""
    makers, rates = world.population("M"), world.parameters
    for name in ("capital_ordered_local", "capital_ordered_outside"):
        getattr(makers, name)[:] = 0.0
    if found.cost.any() or found.capacity.any():
        local = rates.capital_local * found.cost
        makers.capital_ordered_local[rows] = local
        makers.capital_ordered_outside[rows] = found.cost - local
        arrival = (world.week + int(rates.deliv)) % DELIVERY_WEEKS
        makers.pending_capacity[rows, arrival] += found.capacity
        makers.pending_capital[rows, arrival] += found.cost
    world.ledger.book("capital ordered M>S")
    world.ledger.book("capital ordered M>X")
