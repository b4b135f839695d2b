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

from millworks.economy.technology import GOV, RET, SERVICE_SECTORS
from millworks.start.network import WorldNetwork
from millworks.start.steady_state import AgentFlows, BaseYear
from millworks.world.accounts import FIRMS, OWNERS, WORKERS
from millworks.world.rest_of_us import RestOfUS
from millworks.world.streams import Streams
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

QUARTER = 13
SHOPS = "RC"
BANKS = 6
LENDER_CAPITAL = 0.10
"""Equity of a lender over its loans at the start."""
LEAST_EQUITY = 0.10
"""Least equity of a firm over its assets at the start."""
LINKS_AS_STOCK = "MPRC"


def open_books(
    world: World, network: WorldNetwork, flows: AgentFlows, base: BaseYear, streams: Streams
) -> None:
    """Write every decision column of the week before the first, and every opening balance."""
    _choose_lenders(world, streams)
    _write_flows(world, network, flows, base)
    _open_trade(world, network, flows)
    for letter in FIRMS:
        _open_firm(world, letter, streams)
    _open_households(world, base)
    _open_government(world, base)
    _open_outside(world)
    _open_lenders(world)
    _open_rest_of_us(world, network, flows, base)


def _choose_lenders(world: World, streams: Streams) -> None:
    """Each customer banks with one of the banks, by a draw of its own."""
    for letter in "MPRCSHG":
        customers = world.population(letter)
        draw = streams.uniform("lender_choice", customers.identity)
        customers.lender[:] = np.minimum((draw * BANKS).astype(np.int64), BANKS - 1)


def _write_flows(world: World, network: WorldNetwork, flows: AgentFlows, base: BaseYear) -> None:
    """Decision columns as the week before the first would have left them."""
    recipe, rates = world.technology, world.parameters
    for letter in FIRMS:
        firms, span = world.population(letter), network.spans[letter]
        firms.sector[:] = network.sector_of[span]
        firms.output[:] = firms.last_output[:] = firms.base_output[:] = flows.output[span]
        firms.goods_ordered[:] = flows.goods[span]
        firms.goods_used[:] = flows.goods[span] + flows.supplies[span]
        firms.wage_residents[:] = (
            recipe.wage[firms.sector] * firms.output * (1.0 - rates.commuter_share)
        )
        firms.wage_commuters[:] = recipe.wage[firms.sector] * firms.output - firms.wage_residents
        firms.services_local[:] = recipe.services_local.sum(axis=0)[firms.sector] * firms.output
        outside = recipe.services_us.sum(axis=0) + recipe.services_abroad
        firms.services_outside[:] = outside[firms.sector] * firms.output
        firms.jobs[:] = recipe.jobs[firms.sector] * firms.output * 52.0
        firms.revolver_limit[:] = np.inf
        if letter in LINKS_AS_STOCK:
            firms.usage_forecast[:] = firms.goods_ordered
            firms.last_used[:] = firms.goods_used
        if letter in "MP":
            firms.accepted[:] = 1.0
            firms.capacity[:] = np.inf
            firms.orders[:] = firms.shipped[:] = firms.invoiced[:] = firms.output
            firms.base_capital[:] = rates.kc * firms.output * 52.0
        firms.tax_base[:] = _weeks_since_filing(world, letter) * firms.output
    blocks = world.population("S")
    blocks.base_outside_sales[:] = flows.outside_orders[network.spans["S"]]
    trade = network.trade
    customers = trade.outside_customers
    seller = trade.seller[customers]
    trade.base_order[customers] = flows.outside_orders[seller] * network.weight[customers]
    makes = np.bincount(
        trade.sector[customers],
        weights=flows.output[seller] * network.weight[customers],
        minlength=len(base.output),
    )
    trade.programme_share[:] = (
        flows.output[seller] * network.weight[customers] / makes[trade.sector[customers]]
    )


def _weeks_since_filing(world: World, letter: str) -> npt.NDArray[np.int64]:
    """Weeks of output not yet filed at the start: quarterly filers are staggered by identity."""
    firms = world.population(letter)
    if letter not in "MR":
        return np.zeros(firms.size, dtype=np.int64)
    return (firms.identity - 1) % QUARTER


def _open_trade(world: World, network: WorldNetwork, flows: AgentFlows) -> None:
    """Invoices and goods under way of weeks of unchanging business."""
    trade = network.trade
    flow = (
        trade.share * flows.goods[trade.buyer]
        + trade.supply_share * flows.supplies[trade.buyer]
        + trade.base_order
    )
    weeks = int(trade.terms.max())
    due = np.where(np.arange(weeks)[:, None] < trade.terms[None, :], flow[None, :], 0.0)
    world.ledger.open_trade(due)
    under_way = int(world.parameters.ship_weeks)
    trade.transit[:under_way] = flow
    owed = trade.by_holder(trade.by_buyer(trade.outstanding()))
    owned = trade.by_holder(trade.of_seller(trade.outstanding()))
    in_transit = trade.by_holder(trade.by_buyer(flow * under_way))
    for letter in "MPRCSX":
        world.ledger.open_account(letter, "goods_payable", owed[letter])
    for letter in "MPRCSX":
        world.ledger.open_account(letter, "goods_receivable", owned[letter])
    for letter in LINKS_AS_STOCK:
        world.ledger.open_account(letter, "in_transit", in_transit[letter])
        firms = world.population(letter)
        firms.units_on_hand[:] = _stock_aimed_at(world, letter) - in_transit[letter]
        world.ledger.open_account(letter, "inventory", firms.units_on_hand)


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
    profit = receipts - spent - tax - replaced
    filed = _weeks_since_filing(world, letter)
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
    ledger.open_account(letter, "services_payable_outside", firms.services_outside)
    if letter in "MP":
        ledger.open_account(letter, "fixed_capital", firms.base_capital)
    if letter == "S":
        _open_block_receivables(world)
    assets, owed = _books(world, letter)
    if letter == "M":
        debt = np.minimum(
            rates.debt_sales * firms.output * 52.0,
            np.maximum(0.0, (1.0 - LEAST_EQUITY) * assets - owed),
        )
        ledger.open_account(letter, "term_loan", debt)
        owed = owed + debt
    ledger.open_account(letter, "equity", assets - owed)


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


def _open_households(world: World, base: BaseYear) -> None:
    """Residents' deposits, pay to come, and the firms they own."""
    households, rates, ledger = world.population("H"), world.parameters, world.ledger
    pay, draws, held = 0.0, 0.0, 0.0
    for letter in FIRMS:
        firms = world.population(letter)
        pay += float(firms.wage_residents.sum())
        held += float((firms.equity * firms.local_ownership).sum())
        if letter in "MR":
            draws += float((firms.planned_draw * firms.local_ownership).sum())
    households.pay_received[WORKERS] = households.smoothed_income[WORKERS] = pay
    households.draws_received[OWNERS] = households.smoothed_income[OWNERS] = draws
    households.base_consumption[WORKERS] = base.consumption - rates.s_w * pay - rates.s_o * draws
    households.consumption[WORKERS] = base.consumption
    ledger.open_account(
        "H",
        "cleared",
        np.array([rates.household_weeks * base.consumption, rates.household_weeks * draws]),
    )
    ledger.open_account("H", "wages_receivable", np.array([pay, 0.0]))
    ledger.open_account("H", "equity_held", np.array([0.0, held]))
    world.population("X").transfers[0] = households.base_consumption[WORKERS]
    _close_net_worth(world, "H")


def _open_government(world: World, base: BaseYear) -> None:
    """The local government spends what it receives in the base year."""
    government, rates = world.population("G"), world.parameters
    taxes = sum(
        float((world.technology.tax[f.sector] * f.output).sum())
        for f in (world.population(letter) for letter in FIRMS)
    )
    pay = float(world.population("H").pay_received[WORKERS])
    receipts = rates.tax_local_share * (taxes + rates.tau_w * pay)
    world.population("S").government_sales[_gov_row()] = base.government
    government.purchases_local[0] = base.government
    government.purchases_outside[0] = receipts - base.government
    filed = sum(float(world.population(letter).taxes_due.sum()) for letter in FIRMS)
    world.ledger.open_account("G", "cleared", np.array([rates.government_weeks * receipts]))
    world.ledger.open_account("G", "taxes_receivable", np.array([filed * rates.tax_local_share]))
    _close_net_worth(world, "G")


def _gov_row() -> int:
    return int(np.searchsorted(SERVICE_SECTORS, GOV))


def _open_outside(world: World) -> None:
    """What the outside is owed and owns."""
    rates, ledger = world.parameters, world.ledger
    kinds_of_firm = [world.population(letter) for letter in FIRMS]
    services = sum(float(f.services_outside.sum()) for f in kinds_of_firm)
    wages = sum(float(f.wage_commuters.sum()) for f in kinds_of_firm)
    filed = sum(float(f.taxes_due.sum()) for f in kinds_of_firm)
    held = sum(float((f.equity * (1.0 - f.local_ownership)).sum()) for f in kinds_of_firm)
    one = np.ones(1)
    ledger.open_account("X", "services_receivable", services * one)
    ledger.open_account("X", "wages_receivable", wages * one)
    ledger.open_account("X", "taxes_receivable", filed * (1.0 - rates.tax_local_share) * one)
    ledger.open_account("X", "equity_held", held * one)


def _open_lenders(world: World) -> None:
    """Lenders owe deposits, are owed loans, and settle the difference with the outside."""
    lenders, ledger = world.population("B"), world.ledger
    lenders.lender_kind[:] = np.array([0] * BANKS + [1, 2])
    deposits, loans = np.zeros(lenders.size), np.zeros(lenders.size)
    for letter in "MPRCSHG":
        customers = world.population(letter)
        held = customers.cleared.copy()
        if "uncleared" in customers.declared:
            held += customers.uncleared
        deposits += np.bincount(customers.lender, weights=held, minlength=lenders.size)
    makers = world.population("M")
    loans += np.bincount(makers.lender, weights=makers.term_loan, minlength=lenders.size)
    equity = LENDER_CAPITAL * loans
    ledger.open_account("B", "deposits_owed", deposits)
    ledger.open_account("B", "term_loans", loans)
    ledger.open_account("B", "lender_equity", equity)
    ledger.open_account("B", "settlement", deposits + equity - loans)
    ledger.open_account(
        "X", "settlement_owed", np.array([float((deposits + equity - loans).sum())])
    )
    ledger.open_account("X", "lender_equity_held", np.array([float(equity.sum())]))
    _close_net_worth(world, "X")


def _close_net_worth(world: World, letter: str) -> None:
    """Net worth is what the other accounts leave."""
    population = world.population(letter)
    worth = np.zeros(population.size)
    for name, column in population.declared.items():
        if column.account and not column.account.endswith("net worth"):
            sign = 1.0 if column.account.startswith("+") else -1.0
            worth += sign * getattr(population, name)
    world.ledger.open_account(letter, "net_worth", worth)


def _open_rest_of_us(
    world: World, network: WorldNetwork, flows: AgentFlows, base: BaseYear
) -> None:
    """The satellite stands in the steady state of the district's purchases."""
    recipe, trade = world.technology, network.trade
    purchases = base.consumption * recipe.direct_us
    commuters = 0.0
    for letter in FIRMS:
        firms = world.population(letter)
        purchases = purchases + recipe.services_us @ world.by_sector(letter, firms.output)
        commuters += float(firms.wage_commuters.sum())
    bought = trade.by_holder(trade.bought_from_rest_of_us(trade.transit[0]))
    for letter in "MPS":
        purchases = purchases + world.mix_of_rest_of_us @ world.by_sector(letter, bought[letter])
    for letter in SHOPS:
        shops = world.population(letter)
        purchases = (
            purchases
            + world.shop_mix_of_rest_of_us[letter] * shops.goods_ordered.sum()
            + recipe.goods_us[:, RET] * flows.supplies[network.spans[letter]].sum()
        )
    satellite: RestOfUS = world.rest_of_us
    satellite.start_steady(purchases, commuters)
