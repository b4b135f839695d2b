"""Opening books of those who are not firms: households, government, outside, lenders, rest of US.

Their claims and debts answer those of the firms, whose books stand already; net worth is what is
left. USD of 2022.

Source: model specification §2, §5.8. Left out: local owners of lenders; notes of the government.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.lender import BANKS
from millworks.economy.capital_goods import equipment
from millworks.economy.technology import GOV, RET, SERVICE_SECTORS, TRN
from millworks.start.costs import weekly_flow
from millworks.start.flows import SHOPS
from millworks.start.network import WorldNetwork
from millworks.start.steady_state import AgentFlows, BaseYear
from millworks.world.accounts import CDFI_ROW, FIRMS, ONLINE_ROW, OWNERS, WORKERS
from millworks.world.rest_of_us import RestOfUS
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

LENDER_CAPITAL = 0.10
"""Equity of a lender over its loans at the start."""


def open_institutions(
    world: World, network: WorldNetwork, flows: AgentFlows, base: BaseYear
) -> None:
    """Write the opening books of all who are not firms."""
    _open_households(world, base)
    _open_government(world, base)
    _open_outside(world)
    _open_lenders(world)
    _open_rest_of_us(world, network, flows, base)


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
        if letter == "S":
            draws += float(firms.draw_local.sum())
    households.pay_received[WORKERS] = households.smoothed_income[WORKERS] = pay
    households.draws_received[OWNERS] = households.smoothed_income[OWNERS] = draws
    households.base_consumption[WORKERS] = base.consumption - rates.s_w * pay - rates.s_o * draws
    households.consumption[WORKERS] = base.consumption
    ledger.open_account(
        "H",
        "cleared",
        np.array([base.consumption, max(0.0, draws)]) * rates.household_weeks,
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
    for letter in FIRMS:
        firms = world.population(letter)
        kept = firms.planned_draw if letter in "MR" else firms.draw_local + firms.draw_outside
        after_tax = float(np.maximum(0.0, kept).sum())
        taxes += after_tax * rates.tau_pi / (1.0 - rates.tau_pi)
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
    services = sum(float(f.services_payable_outside.sum()) for f in kinds_of_firm)
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
    loans += np.bincount(makers.lender, weights=makers.bank_loan, minlength=lenders.size)
    equity = LENDER_CAPITAL * loans
    # The community and the online lender have no book yet, but capital for one.
    book = world.parameters.book_other * float(makers.annual_sales.sum())
    equity[[CDFI_ROW, ONLINE_ROW]] += LENDER_CAPITAL * book
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
        used = firms.output * (firms.input_factor if letter in "MP" else 1.0)
        purchases = purchases + recipe.services_us @ world.by_sector(letter, used)
        commuters += float(firms.wage_commuters.sum())
    ordered = np.zeros(trade.agents)
    for letter in FIRMS:
        ordered[trade.spans[letter]] = world.population(letter).goods_ordered
    purchases = purchases + trade.bought_from_rest_of_us(ordered)
    granted = np.ones(trade.agents)
    for letter in "MP":
        granted[trade.spans[letter]] = world.population(letter).accepted
        freight = float(world.population(letter).freight_outside.sum())
        purchases = purchases + np.where(np.arange(len(purchases)) == TRN, freight, 0.0)
    trade.request[:] = weekly_flow(trade, flows)
    purchases = purchases + trade.refused_by_sector(granted)
    for letter in SHOPS:
        shops = world.population(letter)
        purchases = (
            purchases
            + world.shop_margins_of_rest_of_us[letter] * shops.goods_ordered.sum()
            + recipe.goods_us[:, RET] * flows.supplies[network.spans[letter]].sum()
        )
    satellite: RestOfUS = world.rest_of_us
    satellite.start_steady(purchases, commuters)
    worn = sum(float(world.population(letter).fixed_capital.sum()) for letter in "MP")
    lasting = world.parameters.dep * worn / 52.0 * equipment(recipe.national.year)
    lasting[GOV] += float(world.population("G").purchases_outside[0])
    satellite.capital.start_steady(lasting, 0.0)
