"""A district whose weekly trade is driven by plain Mesa agents instead of columns.

Covered by plain agents: the stages 2 to 10 of the week, arrive to ship, which run for every firm in
every week: goods arrive, firms pay in order of rank, households spend, shops restock, producers
order, sellers grant, plan, make and ship, with every link, payment and balance that they touch.
Left to the columns, and never part of a comparison: the opening of the week, the stages 11 to 16
(overhead to close), founding, closure runs and order programmes. What the ledger adds up for the
audit (flows by posting, movements by account) the plain agents do not keep. Numbers are drawn by
the compiled generator on both sides, so that the luck is the same.
"""

from __future__ import annotations

import gc
import math
import time
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
from benchmarks.plain_agents import (
    Block,
    Holder,
    Lender,
    Link,
    Outside,
    Trader,
    plain,
)
from benchmarks.plain_exchange import load, store
from benchmarks.plain_producers import Maker, Partner
from benchmarks.plain_shops import Chain, Retailer

from millworks.agents import customers
from millworks.agents.customers import LEAST_ORDERS, WEEK_OF_YEAR
from millworks.district_model import WEEK, DistrictModel
from millworks.economy import freight, space
from millworks.economy.technology import SERVICE_SECTORS
from millworks.week import consume, ship
from millworks.week.accept import TICK_WEEKS
from millworks.week.ship import LONGEST_DELAY
from millworks.world import keyed_draws
from millworks.world.accounts import (
    BUILDER,
    CARRIER,
    FIRMS,
    LANDLORD,
    OFFICE,
    OWNERS,
    WORKERS,
)
from millworks.world.averages import newest_weight

COVERED = ("arrive", "settle", "consume", "restock", "order", "accept", "plan", "produce", "ship")
"""Stages that plain agents carry out."""

next_purchases = plain(consume.next_purchases)
next_state = plain(customers.next_state)
lognormal = plain(keyed_draws.lognormal_from_uniform)
weeks_late = plain(ship.weeks_late)
normal = plain(keyed_draws.normal_from_uniform)

KINDS: dict[str, type[Holder]] = {
    "M": Maker,
    "P": Partner,
    "R": Retailer,
    "C": Chain,
    "S": Block,
    "B": Lender,
    "X": Outside,
    "H": Holder,
    "G": Holder,
}


class PlainDistrict(mesa.Model):
    """The agents of a `DistrictModel` as Python objects; `columns` does what they do not."""

    def __init__(self, columns: DistrictModel) -> None:
        super().__init__(rng=1)
        self.columns = columns
        self.holders = {
            letter: [kind(self) for _ in range(columns.population(letter).size)]
            for letter, kind in KINDS.items()
        }
        trade = columns.trade
        self.traders: list[Trader] = []
        for letter in trade.spans:
            self.traders += self.holders[letter]  # type: ignore[arg-type]
        self.links: list[Link] = []
        for number, buyer in enumerate(trade.buyer.tolist()):
            self.links.append(Link(number, self.traders[buyer]))
            self.traders[buyer].suppliers.append(self.links[-1])
        self.lenders: list[Any] = self.holders["B"]
        self.workers, self.owners = (self.holders["H"][row] for row in (WORKERS, OWNERS))
        (self.government,), (self.outside,) = self.holders["G"], self.holders["X"]
        self.landlord, self.carrier = (self.holders["S"][row] for row in (LANDLORD, CARRIER))
        for link in np.flatnonzero(trade.is_sink):
            self.links[link].sink = True
        self.customers = [self.links[link] for link in trade.outside_customers]
        self.firms = [firm for letter in FIRMS for firm in self.holders[letter]]
        self.sets = {
            kind: mesa.agent.AgentSet(agents, random=self.random)
            for kind, agents in {
                "traders": self.traders,
                "firms": self.firms,
                "shops": self.holders["R"] + self.holders["C"],
                "producers": self.holders["M"] + self.holders["P"],
                "buyers": self.holders["M"] + self.holders["P"] + self.holders["S"],
            }.items()
        }
        self._take_recipe()

    def _take_recipe(self) -> None:
        """Parameters and coefficients as plain numbers and lists."""
        world = self.columns
        recipe = world.technology
        self.rates = SimpleNamespace(**world.parameters.as_dict())
        self.retail_margin = float(recipe.retail_margin)
        self.goods_rate, self.wages = recipe.goods_rate.tolist(), recipe.wage.tolist()
        self.jobs, self.taxes = recipe.jobs.tolist(), recipe.tax.tolist()
        self.local_services = recipe.services_local.sum(axis=0).tolist()
        outside = recipe.services_us.sum(axis=0) + recipe.services_abroad
        self.outside_services = outside.tolist()
        self.pounds_per_unit = world.pounds_per_unit.tolist()
        self.freight_scale = world.freight_scale.tolist()
        self.carriers_local = world.carriers_local.tolist()
        self.tariff, self.space = freight.price_list(), space.price_list()
        self.premium = self.rates.prem

    # --- the week

    def step(self) -> None:
        """Let one week pass: columns open it, plain agents trade, columns do the rest."""
        self.timed_step()

    def timed_step(self) -> float:
        """Let one week pass; return the seconds that the plain agents took for their stages."""
        stages = dict(zip((stage.name for stage in WEEK), self.columns.stages, strict=True))
        names = list(stages)
        for name in names[: names.index(COVERED[0])]:
            stages[name](self.columns)
        # Now and then the collector would count what `load` has left as the agents' time.
        gc.disable()
        load(self)
        begin = time.perf_counter()
        self.trade_week()
        seconds = time.perf_counter() - begin
        store(self)
        gc.enable()
        for name in names[names.index(COVERED[-1]) + 1 :]:
            stages[name](self.columns)
        return seconds

    def trade_week(self) -> None:
        """The stages `COVERED`, by plain agents."""
        everyone, firms = self.sets["traders"], self.sets["firms"]
        everyone.do("arrive")
        firms.do("charge_interest")
        firms.do("reckon")
        firms.do("pay_dues")
        everyone.do("pay_invoices")
        self._share_out_services(self.services_paid, "services_receivable", paid=True)
        self._pay_households()
        self._consume()
        self.sets["shops"].do("restock")
        self.sets["buyers"].do("order_goods")
        firms.do("order_services")
        everyone.do("ask")
        self._outside_demand()
        if self.week % TICK_WEEKS == 0 and self.rates.explicit_freight > 0.0:
            self.sets["producers"].do("review_customers")
        self.sets["producers"].do("grant_orders")
        everyone.do("collect")
        self.blocks_asked = [sum(link.asked for link in b.customers) for b in self.holders["S"]]
        self.sets["producers"].do("plan")
        self.sets["producers"].do("make")
        firms.do("invoice_services")
        self._serve()
        firms.do("earn")
        everyone.do("send")
        everyone.do("enter_invoices")
        firms.do("buy_from_rest_of_us")

    def _share_out_services(self, by_sector: list[float], owed: str, *, paid: bool) -> list[float]:
        """What blocks get of the services of firms, by the firms' recipes."""
        amounts = self.columns.services_by_block(np.array(by_sector)).tolist()
        for block, amount in zip(self.holders["S"], amounts, strict=True):
            if paid:
                block.receive(amount)
                setattr(block, owed, getattr(block, owed) - amount)
            else:
                setattr(block, owed, getattr(block, owed) + amount)
                block.current_account += amount
        return amounts

    def _transfer(self, payer: Any, payee: Any, amount: float) -> None:
        """A payment at once, income of the one and outlay of the other."""
        payer.spend(amount)
        payer.current_account -= amount
        payee.receive(amount)
        payee.current_account += amount

    def _pay_households(self) -> None:
        """Withhold taxes on pay; pay transfers."""
        workers, rates = self.workers, self.rates
        pay = sum(lender.pay for lender in self.lenders)
        pay += sum(firm.pay_wages_residents for firm in self.firms)
        workers.pay_received = pay
        workers.tax_local = pay * rates.tau_w * rates.tax_local_share
        workers.tax_outside = pay * rates.tau_w * (1.0 - rates.tax_local_share)
        for household in self.holders["H"]:
            self._transfer(household, self.government, household.tax_local)
            self._transfer(household, self.outside, household.tax_outside)
        self._transfer(self.outside, workers, self.outside.transfers)

    def _consume(self) -> None:
        """Households and government decide, shops and blocks sell."""
        recipe, rates, households = self.columns.technology, self.rates, self.holders["H"]
        weight = newest_weight(rates.income_half_life)
        for household, income, propensity in (
            (self.workers, self.workers.pay_received, rates.s_w),
            (self.owners, self.owners.draws_received, rates.s_o),
        ):
            household.smoothed_income += weight * (income - household.smoothed_income)
            wanted = propensity * household.smoothed_income + household.base_consumption
            household.consumption = min(wanted, max(0.0, household.cleared))
        self._govern()
        here = [h.consumption * recipe.shop_spending * recipe.shop_local_part for h in households]
        total = sum(here)
        self.to_chains = total * self.columns.chain_share
        self.to_independents = total - self.to_chains
        self.sold_by_independents = self.sold_by_chains = 0.0
        self.sets["shops"].do("take_demand")
        direct = float(recipe.direct_local.sum())
        for household, spent in zip(households, here, strict=True):
            part = spent / total if total > 0.0 else 0.0
            household.spent_independents = part * self.sold_by_independents
            household.spent_chains = part * self.sold_by_chains
            in_shops = household.consumption * recipe.shop_spending
            shopped = household.spent_independents + household.spent_chains
            household.spent_shops_outside = in_shops - shopped
            household.spent_services = household.consumption * direct
            household.spent_services_outside = (
                household.consumption - household.spent_services - in_shops
            )
            household.spend(shopped + household.spent_services)
            household.current_account -= shopped + household.spent_services
            elsewhere = household.spent_shops_outside + household.spent_services_outside
            self._transfer(household, self.outside, elsewhere)
        everything = sum(household.consumption for household in households)
        for block, sector in zip(self.holders["S"], SERVICE_SECTORS, strict=True):
            block.household_sales = everything * float(recipe.direct_local[sector])
            block.receive(block.household_sales)
            block.current_account += block.household_sales
        self.bought = (everything * recipe.direct_us).tolist()

    def _govern(self) -> None:
        government, rates = self.government, self.rates
        receipts = sum(household.tax_local for household in self.holders["H"])
        receipts += sum(firm.pay_taxes_local for firm in self.firms)
        spent = government.purchases_local + government.purchases_outside
        spending = next_purchases(
            spent, receipts, government.cleared, rates.government_weeks, rates.government_speed
        )
        if spent > 0.0 and spending != spent:
            part = spending / spent
            government.purchases_local *= part
            government.purchases_outside *= part
            for block in self.holders["S"]:
                block.government_sales *= part

    def _outside_demand(self) -> None:
        """Each outside customer's demand wanders, and its order is lumpy."""
        rates, week, season = self.rates, self.columns.week, self.columns.season
        shock, lump = self.address["demand_shock"], self.address["order_lumpiness"]
        draw = keyed_draws.keyed_uniform
        for link in self.customers:
            lumps = 1.0
            if rates.sigma0 > 0.0:
                noise = normal(draw(*shock, link.number, 0, week, 0))
                link.demand_state = next_state(
                    link.demand_state, noise, rates.sigma0, rates.kappa_G, WEEK_OF_YEAR
                )
            if rates.cv_o > 0.0 and link.base_order > 0.0:
                orders = max(LEAST_ORDERS, link.base_order / rates.order_size)
                luck = draw(*lump, link.number, 0, week, 0)
                lumps = lognormal(luck, rates.cv_o / math.sqrt(orders))
            usual = link.base_order * link.seller.market_share
            link.asked = usual * math.exp(link.demand_state) * (lumps * season)
            link.wanted = link.base_order * math.exp(link.demand_state) * (lumps * season)
        for block in self.holders["S"]:
            block.outside_sales = block.base_outside_sales

    def lateness(self, link: int) -> int:
        """Weeks that a large payer lets this week's invoice lie."""
        rates = self.rates
        if rates.late_p <= 0.0:
            return self.links[link].late
        address = (*self.address["payment_lateness"], link, 0, self.week)
        if keyed_draws.keyed_uniform(*address, 0) >= rates.late_p:
            return 0
        luck = keyed_draws.keyed_uniform(*address, 1)
        return min(LONGEST_DELAY, weeks_late(luck, rates.late_w))

    def _serve(self) -> None:
        """Blocks serve all who ask; the government and the outside pay at once."""
        sold = self._share_out_services(self.services_taken, "services_receivable", paid=False)
        makers, partners = self.holders["M"], self.holders["P"]
        for block, amount, asked in zip(self.holders["S"], sold, self.blocks_asked, strict=True):
            block.firm_sales, block.margin_orders = amount, asked
        producers = makers + partners
        self.landlord.firm_sales += sum(firm.rent for firm in producers)
        self.carrier.firm_sales += sum(firm.freight_local for firm in producers)
        builder, office = self.holders["S"][BUILDER], self.holders["S"][OFFICE]
        builder.firm_sales += sum(firm.capital_ordered_local for firm in makers)
        office.firm_sales += sum(firm.technology_local for firm in makers)
        office.firm_sales += sum(lender.services for lender in self.lenders)
        self.outside.services_bought = sum(block.outside_sales for block in self.holders["S"])
        for block in self.holders["S"]:
            self._transfer(self.outside, block, block.outside_sales)
            block.receive(block.government_sales)
            block.current_account += block.government_sales
            sales = block.household_sales + block.firm_sales + block.margin_orders
            block.output = (sales + block.government_sales + block.outside_sales) / block.price
        government = self.government
        government.spend(government.purchases_local)
        government.current_account -= government.purchases_local
        self._transfer(government, self.outside, government.purchases_outside)
