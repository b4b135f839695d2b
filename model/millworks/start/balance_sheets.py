"""Opening balances: books that fit the flows of the base year, so that nothing has to settle down.

Receivables, payables, goods under way and taxes stand where weeks of unchanging business would have
left them; stocks are the covers their owners aim at. Deposits of makers and retailers are a buffer
of `buf` days of outflow times a lognormal draw, plus what has gathered since their last draw.
Capital is `kc` times annual output, debt `debt_sales` times annual sales, both at book. Equity is
what is left; debt is cut where that would leave less than a tenth of the assets.

Source: model specification §5.6; days of cash: JPMorgan Chase Institute (2016). USD of 2022.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.credit import loan_for_payment
from millworks.agents.lender import BANKS
from millworks.economy import space
from millworks.start.costs import weekly_flow
from millworks.start.flows import (
    LINKS_AS_STOCK,
    QUARTER,
    SHOPS,
    weeks_since_filing,
    write_flows,
)
from millworks.start.institutions import open_institutions
from millworks.start.network import WorldNetwork
from millworks.start.steady_state import AgentFlows, BaseYear
from millworks.world.accounts import CARRIER, FIRMS, LANDLORD
from millworks.world.columns import CENT
from millworks.world.streams import Streams
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

LOAN_WEEKS = 312.0
"""Longest time that loans of the start still run: six years."""
LEAST_EQUITY = 0.10
"""Least equity of a firm over its assets at the start."""


def open_books(
    world: World,
    network: WorldNetwork,
    flows: AgentFlows,
    base: BaseYear,
    overload: dict[str, Floats],
    usual: float,
) -> None:
    """Write every decision column of the week before the first, and every opening balance."""
    streams = world.streams
    _choose_lenders(world, streams)
    write_flows(world, network, flows, base, overload, usual)
    _open_trade(world, network, flows)
    for letter in FIRMS:
        _open_firm(world, letter, streams)
    open_institutions(world, network, flows, base)


def _choose_lenders(world: World, streams: Streams) -> None:
    """Each customer banks with one of the banks, by a draw of its own."""
    for letter in "MPRCSHG":
        customers = world.population(letter)
        draw = streams.uniform("lender_choice", customers.identity)
        customers.lender[:] = np.minimum((draw * BANKS).astype(np.int64), BANKS - 1)


def _open_trade(world: World, network: WorldNetwork, flows: AgentFlows) -> None:
    """Invoices, backlogs and goods under way of weeks of unchanging business."""
    trade = network.trade
    asked = weekly_flow(trade, flows)
    part = np.ones(trade.agents)
    backlog = np.zeros(trade.agents)
    for letter in "MP":
        firms = world.population(letter)
        part[trade.spans[letter]] = firms.accepted
        backlog[trade.spans[letter]] = firms.backlog
    flow = asked * part[trade.seller]
    refused = trade.by_buyer(asked - flow)
    buyers = trade.us_link >= 0
    flow[trade.us_link[buyers]] += refused[buyers]
    sold = trade.of_seller(flow)
    weeks_in_hand = np.divide(backlog, sold, out=np.zeros(trade.agents), where=sold > 0.0)
    trade.backlog[:] = flow * weeks_in_hand[trade.seller]
    # Goods that wait for their next shipment, as many weeks as have passed since the last.
    waiting = (np.arange(len(flow)) - 1) % trade.interval
    trade.ready[:] = flow * waiting
    weeks = int(trade.terms.max())
    due = np.where(np.arange(weeks)[:, None] < trade.terms[None, :], flow[None, :], 0.0)
    world.ledger.open_trade(due)
    under_way = int(world.parameters.ship_weeks)
    trade.transit[:under_way] = flow
    bought = trade.by_buyer(flow)
    trade.transit_cost[:under_way] = bought
    trade.on_order[:] = trade.by_buyer(trade.backlog) + trade.by_buyer(trade.ready)
    owed = trade.by_holder(trade.by_buyer(trade.outstanding()))
    owned = trade.by_holder(trade.of_seller(trade.outstanding()))
    in_transit = trade.by_holder(bought * under_way)
    on_order = trade.by_holder(trade.on_order)
    made_to_order = trade.by_holder(trade.of_seller(trade.backlog))
    for letter in "MPRCSX":
        world.ledger.open_account(letter, "goods_payable", owed[letter])
    for letter in "MPRCSX":
        world.ledger.open_account(letter, "goods_receivable", owned[letter])
    for letter in LINKS_AS_STOCK:
        world.ledger.open_account(letter, "in_transit", in_transit[letter])
        firms = world.population(letter)
        aim = _stock_aimed_at(world, letter)
        # What is on order shortens the stock that is kept, but never below a week's use.
        least = np.minimum(aim - in_transit[letter], firms.goods_used)
        firms.units_on_hand[:] = np.maximum(least, aim - in_transit[letter] - on_order[letter])
        world.ledger.open_account(letter, "inventory", firms.units_on_hand)
    for letter in "MP":
        firms = world.population(letter)
        firms.backlog[:] = made_to_order[letter]
        firms.finished_aim[:] = firms.finished_units
        firms.finished_units[:] += trade.by_holder(trade.of_seller(trade.ready))[letter]
        goods = world.goods_per_unit(letter) + world.pay_per_unit(letter)
        world.ledger.open_account(letter, "finished", firms.finished_units * goods)


def _stock_aimed_at(world: World, letter: str) -> Floats:
    """Stock on hand and under way at the end of a week, at cost."""
    firms, rates = world.population(letter), world.parameters
    if letter == "R":
        point = (rates.ship_weeks + 1.0) + rates.z_s * rates.lead_sd
        lot = np.sqrt(2.0 * rates.K_o * 52.0 * firms.goods_ordered / rates.h_c)
        return point * firms.goods_ordered + lot
    if letter == "C":
        return (rates.chain_cover + rates.ship_weeks) * firms.goods_ordered
    return (rates.cover_in + rates.ship_weeks - 1.0) * firms.goods_used


def _open_firm(world: World, letter: str, streams: Streams) -> None:
    """Claims, deposits, capital, debt and equity of one kind of firm."""
    firms, rates = world.population(letter), world.parameters
    ledger, recipe = world.ledger, world.technology
    wages = firms.wage_residents + firms.wage_commuters
    tax = recipe.tax[firms.sector] * firms.output
    services = firms.services_local + firms.services_outside
    receipts, goods_paid = _weekly_cash(world, letter)
    replaced = _replacement(world, letter)
    spent = wages + services + goods_paid
    if letter in "MP":
        spent = spent + firms.rent + firms.freight_local + firms.freight_outside
    earned = receipts - spent - tax - replaced
    tax = tax + rates.tau_pi * np.maximum(0.0, earned)
    profit = receipts - spent - tax - replaced
    filed = weeks_since_filing(world, letter)
    firms.profit_quarter[:] = filed * earned
    if letter in "MR":
        just_filed = filed == 0
        firms.planned_draw[:] = profit
        gathered = filed * (profit + tax) + np.where(just_filed, QUARTER * tax, 0.0)
        days = rates.buf * np.exp(
            rates.buf_sd * streams.normal("maker_cash_buffer", firms.identity)
        )
        firms.cash_buffer[:] = np.maximum(0.0, days / 7.0 * spent - receipts)
        cleared, uncleared = firms.cash_buffer + gathered, receipts
        taxes_due = np.where(just_filed, QUARTER * tax, 0.0)
    else:
        firms.draw_local[:] = profit * _local_ownership(world, letter)
        firms.draw_outside[:] = profit - firms.draw_local
        taxes_due = tax
        kept = rates.sweep_weeks * (spent + tax)
        uncleared = np.zeros(firms.size) if letter == "S" else receipts
        cleared = kept - uncleared
    firms.local_ownership[:] = _local_ownership(world, letter)
    ledger.open_account(letter, "cleared", cleared)
    ledger.open_account(letter, "uncleared", uncleared)
    ledger.open_account(letter, "wages_due", wages)
    ledger.open_account(letter, "taxes_due", taxes_due)
    ledger.open_account(letter, "services_payable_local", firms.services_local)
    outside = firms.services_outside
    if letter in "MP":
        outside = outside + firms.freight_outside
        ledger.open_account(letter, "fixed_capital", firms.base_capital)
        ledger.open_account(letter, "rent_due", firms.rent)
        ledger.open_account(letter, "freight_due", firms.freight_local)
    ledger.open_account(letter, "services_payable_outside", outside)
    if letter == "M":
        _open_lease_deposits(world)
    if letter == "S":
        _open_block_receivables(world)
    assets, owed = _books(world, letter)
    if letter == "M":
        most = np.maximum(0.0, (1.0 - LEAST_EQUITY) * assets - owed)
        owed = owed + _open_loans(world, most, streams)
    ledger.open_account(letter, "equity", assets - owed)


def _open_loans(world: World, most: Floats, streams: Streams) -> Floats:
    """Bank loans of every age: a level payment of which some weeks are left; USD owed.

    All makers pay the same part of sales, such that debt is `debt_sales` of sales on average;
    `most` [makers] is what the books of a maker can carry.
    """
    makers, rates = world.population("M"), world.parameters
    weeks = np.arange(1.0, LOAN_WEEKS + 1.0)
    worth = np.array([loan_for_payment(1.0, rates.rate_bank, left) for left in weeks])
    payment = rates.debt_sales * makers.output * 52.0 / worth.mean()
    left = np.ceil(LOAN_WEEKS * streams.uniform("stage_start", makers.identity, draw=1))
    debt = payment * worth[left.astype(np.int64) - 1]
    part = np.minimum(1.0, np.divide(most, debt, out=np.ones_like(debt), where=debt > CENT))
    makers.bank_payment[:] = part * payment
    makers.bank_rate[:] = rates.rate_bank
    world.ledger.open_account("M", "bank_loan", part * debt)
    return np.asarray(part * debt, np.float64)


def _open_lease_deposits(world: World) -> None:
    """Months of rent that tenants have left with the landlord."""
    makers, prices = world.population("M"), space.price_list()
    held = np.array(
        [space.deposit(size, space.rent_rate(size, prices), prices) for size in makers.floor_space]
    )
    world.ledger.open_account("M", "lease_deposit", held)


def _weekly_cash(world: World, letter: str) -> tuple[Floats, Floats]:
    """Receipts and payments for goods of a week of unchanging business, USD per row."""
    trade = world.trade
    flow = np.where(trade.is_sink, 0.0, trade.transit[0])
    firms = world.population(letter)
    bought = trade.by_holder(trade.by_buyer(flow))[letter]
    if letter in SHOPS:
        return firms.output + firms.goods_ordered, bought
    if letter == "S":
        return firms.output.copy(), bought
    return trade.by_holder(trade.of_seller(flow))[letter], bought


def _replacement(world: World, letter: str) -> Floats:
    firms = world.population(letter)
    if letter not in "MP":
        return np.zeros(firms.size)
    return world.parameters.dep * firms.base_capital / 52.0


def _local_ownership(world: World, letter: str) -> float:
    """Part of a kind of firm that belongs to residents: none of partners and chains."""
    rates = world.parameters
    return {"M": rates.owners_local, "R": rates.owners_local, "S": rates.blocks_local}.get(
        letter, 0.0
    )


def _open_block_receivables(world: World) -> None:
    """What each block is owed for last week's services."""
    owed = np.zeros(world.population("S").size)
    for letter in FIRMS:
        firms = world.population(letter)
        owed += world.services_by_block(world.by_sector(letter, firms.services_local))
    world.ledger.open_account("S", "services_receivable", owed)
    rent, freight, deposits = (np.zeros(len(owed)) for _ in range(3))
    for letter in "MP":
        rent[LANDLORD] += float(world.population(letter).rent_due.sum())
        freight[CARRIER] += float(world.population(letter).freight_due.sum())
    deposits[LANDLORD] = float(world.population("M").lease_deposit.sum())
    world.ledger.open_account("S", "rent_receivable", rent)
    world.ledger.open_account("S", "freight_receivable", freight)
    world.ledger.open_account("S", "lease_deposits_owed", deposits)


def _books(world: World, letter: str) -> tuple[Floats, Floats]:
    """Assets and debts per row of a population, from its declared accounts."""
    population = world.population(letter)
    assets, owed = np.zeros(population.size), np.zeros(population.size)
    for name, column in population.declared.items():
        if column.account and not column.account.endswith(("equity", "net worth")):
            if column.account.startswith("+"):
                assets += getattr(population, name)
            else:
                owed += getattr(population, name)
    return assets, owed
