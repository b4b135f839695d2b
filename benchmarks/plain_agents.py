"""Plain Mesa agents of the district: every fact a Python attribute, every link a Python object.

Written as a Mesa model is usually written: `mesa.Agent` subclasses whose methods are the stages of
their week, called through `AgentSet.do`. The decisions are those of `millworks.week` and
`millworks.agents`, as the Python functions they were written as (`plain`); what loops over columns
there is a method here. Attributes bear the names of the columns. Money moves payment by payment,
on both sides and at the banks of both. See `benchmarks.plain_world` for what is covered.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import mesa

from millworks.agents import liquidity
from millworks.agents.firm import ACTIVE
from millworks.agents.liquidity import HORIZON
from millworks.week import settle as rules_of_settle
from millworks.week.settle import CLASSES, DEBTS, GOODS, PAYROLL, SERVICES, SETTLED, TAXES
from millworks.world.columns import CENT
from millworks.world.trade import RING_WEEKS, TRANSIT_WEEKS
from millworks.world.world import SMALLEST_STOCK

_plain: dict[Any, Callable[..., Any]] = {}


def plain(rule: Any) -> Callable[..., Any]:
    """A compiled rule as the Python function it was written as, and so the rules it calls."""
    source = getattr(rule, "py_func", rule)
    if source not in _plain:
        scope = dict(source.__globals__)
        made = FunctionType(source.__code__, scope, source.__name__, source.__defaults__)
        _plain[source] = made
        for name in source.__code__.co_names:
            if hasattr(scope.get(name), "py_func"):
                scope[name] = plain(scope[name])
    return _plain[source]


paid_part = plain(rules_of_settle.paid_part)
line_drawn = plain(rules_of_settle.line_drawn)
spare = plain(liquidity.spare)


class Link:
    """A trade relation: what is asked, on order, ready, under way and owed between two agents."""

    __slots__ = (
        "abroad",
        "asked",
        "backlog",
        "base_order",
        "buyer",
        "demand_state",
        "interval",
        "invoiced",
        "late",
        "lies",
        "ltl",
        "number",
        "overdue",
        "parcel",
        "rail",
        "ready",
        "ring",
        "sector",
        "seller",
        "share",
        "shipped",
        "sink",
        "supply_share",
        "terms",
        "too_small",
        "transit",
        "truck",
        "us",
        "wanted",
    )

    def __init__(self, number: int, buyer: Trader) -> None:
        self.number, self.buyer = number, buyer
        self.us = self.abroad = self.lies = self.sink = False
        self.asked = self.shipped = self.invoiced = self.demand_state = self.wanted = 0.0
        self.late = 0


class Holder(mesa.Agent):
    """Whoever holds accounts; a deposit is its bank's debt, and settles between banks."""

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.bank: Any = None

    def spend(self, amount: float) -> None:
        """Pay out of the deposit."""
        self.cleared -= amount
        self.bank.deposits_owed -= amount
        self.bank.settlement -= amount

    def gain(self, amount: float) -> None:
        """Have spendable money come in."""
        self.cleared += amount
        self.bank.deposits_owed += amount
        self.bank.settlement += amount

    def receive(self, amount: float) -> None:
        """Take a payment."""
        self.gain(amount)


class Lender(Holder):
    """A bank, the community lender or the online lender."""

    def spend(self, amount: float) -> None:
        self.settlement -= amount

    def receive(self, amount: float) -> None:
        self.settlement += amount


class Trader(Holder):
    """Whoever stands on links, as buyer or seller."""

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.suppliers: list[Link] = []
        self.customers: list[Link] = []
        self.us_link: Link | None = None
        self.sourcing: list[tuple[int, float]] = []
        self.transit_cost: list[float] = []
        self.us_price = self.abroad_price = self.reach = 1.0
        self.goods_ordered = self.supplies_used = 0.0
        self.turned_outside = self.on_order = self.under_way = 0.0
        self.price = self.granted = self.goods_part = 1.0

    def arrive(self) -> None:
        """Take in what arrives, and see what else is coming."""
        slot = self.model.week % TRANSIT_WEEKS
        self.arrived = on_order = under_way = 0.0
        for link in self.suppliers:
            self.arrived += link.transit[slot]
            link.transit[slot] = 0.0
            on_order += link.backlog + link.ready
            under_way += sum(link.transit)
        self.on_order, self.under_way = on_order, under_way
        self.cost_of_arrived = self.transit_cost[slot]
        self.transit_cost[slot] = 0.0

    def pay_invoices(self) -> None:
        """Pay the part of goods invoices that can be paid; the rest is overdue."""
        slot, part, total = self.model.week % RING_WEEKS, self.goods_part, 0.0
        for link in self.suppliers:
            due = link.ring[slot] + link.overdue
            amount = due * part
            link.overdue = due - amount
            link.ring[slot] = 0.0
            if amount != 0.0:
                total += amount
                link.seller.receive(amount)
                link.seller.goods_receivable -= amount
        self.spend(total)
        self.goods_payable -= total

    def ask(self) -> None:
        """Split the orders over the links."""
        ordered, supplies = self.goods_ordered, self.supplies_used
        for link in self.suppliers:
            if link.sink:
                link.asked = 0.0
            else:
                link.asked = link.share * ordered + link.supply_share * supplies

    def collect(self) -> None:
        """Read what was granted; ask the rest of the US for what was refused.

        Who has no link there is a customer outside: rivals serve it.
        """
        refused, turned, outside = 0.0, self.model.turned, self.us_link
        for link in self.suppliers:
            part = 0.0 if link.too_small else link.seller.granted
            link.backlog += link.asked * part
            if outside is None:
                self.model.to_rivals[link.sector] += link.wanted - link.asked * part
            if part < 1.0:
                lost = link.asked * (1.0 - part)
                refused += lost
                if outside is not None:
                    turned[link.sector] += lost
        self.turned_outside = 0.0
        if outside is not None and refused > 0.0:
            self.turned_outside = refused
            outside.backlog += refused

    def send(self) -> None:
        """Make goods ready, ship what is due to leave, pay the carrier, invoice the buyers."""
        model, part, price = self.model, self.reach, self.price_of_goods()
        week, slot, total = model.week, model.slot_of_arrival, 0.0
        for link in self.customers:
            units = link.backlog * part
            link.backlog -= units
            link.ready += units
            link.shipped = 0.0
            if link.interval == 1 or (week + link.number) % link.interval == 0:
                link.shipped = link.ready
                link.transit[slot] += link.ready
                link.ready = 0.0
            buyer = link.buyer
            if link.us:
                units = link.shipped + model.premium * buyer.turned_outside
                link.invoiced = units * buyer.us_price
            elif link.abroad:
                link.invoiced = link.shipped * buyer.abroad_price
            else:
                link.invoiced = link.shipped * price
            if link.lies:
                link.late = model.lateness(link.number)
            due = (week + link.terms + link.late) % RING_WEEKS
            link.ring[due] += link.invoiced
            total += link.invoiced
        self.goods_receivable += total
        self.current_account += total

    def price_of_goods(self) -> float:
        """Price at which it invoices goods; blocks and the outside ask that of the base year."""
        return 1.0

    def enter_invoices(self) -> None:
        """Enter what it was invoiced."""
        self.sent = 0.0
        for link in self.suppliers:
            self.sent += link.invoiced
        self.goods_payable += self.sent
        self.current_account -= self.sent
        self.transit_cost[self.model.slot_of_arrival] = self.sent


class Outside(Trader):
    """The rest of the world: one account without a deposit."""

    def spend(self, amount: float) -> None:
        self.settlement_owed += amount

    def receive(self, amount: float) -> None:
        self.settlement_owed -= amount


class Firm(Trader):
    """What every firm does: pay what is due in order, use services, owe pay."""

    has_line = False

    def receive(self, amount: float) -> None:
        """A customer's payment clears next week."""
        self.uncleared += amount
        self.bank.deposits_owed += amount
        self.bank.settlement += amount

    def charge_interest(self) -> None:
        """A week's interest joins the credit line."""
        if self.has_line:
            self.revolver_interest = self.revolver * self.model.rates.rate_line / 52.0
            self.revolver += self.revolver_interest
            self.current_account -= self.revolver_interest
            self.bank.revolvers += self.revolver_interest
            self.bank.current_account += self.revolver_interest

    def loans_due(self) -> float:
        """What it must pay on its loans this week."""
        return 0.0

    def other_services_due(self) -> float:
        """Rent and freight due."""
        return 0.0

    def reckon(self) -> None:
        """Decide what to pay of what is due, in order of rank."""
        slot, goods = self.model.week % RING_WEEKS, 0.0
        for link in self.suppliers:
            goods += link.ring[slot] + link.overdue
        trading = self.status == ACTIVE
        interest = self.revolver_interest if self.has_line else 0.0
        due = [0.0] * CLASSES
        due[PAYROLL], due[TAXES] = self.wages_due, self.taxes_due
        due[DEBTS] = self.loans_due() + interest
        due[SERVICES] = self.services_payable_local + self.services_payable_outside
        due[SERVICES] += self.other_services_due()
        due[GOODS] = goods
        room = max(0.0, (self.revolver_limit if trading else 0.0) - self.revolver)
        means, total = self.cleared + room, 0.0
        part = [1.0] * CLASSES
        for kind in range(CLASSES):
            part[kind] = paid_part(due[kind], means)
            amount = part[kind] * due[kind]
            means -= amount
            total += amount
        repaid = part[DEBTS] * interest
        buffer = self.cash_buffer if trading else 0.0
        self.revolver_drawn = (
            line_drawn(total, self.cleared, self.revolver - repaid, buffer) - repaid
        )
        rates = self.model.rates
        wages, taxes = part[PAYROLL] * self.wages_due, part[TAXES] * self.taxes_due
        residents = 1.0 - rates.commuter_share
        self.pay_wages_residents = wages * residents
        self.pay_wages_commuters = wages * (1.0 - residents)
        self.pay_taxes_local = taxes * rates.tax_local_share
        self.pay_taxes_outside = taxes * (1.0 - rates.tax_local_share)
        self.pay_services_local = part[SERVICES] * self.services_payable_local
        self.pay_services_outside = part[SERVICES] * self.services_payable_outside
        self.pay_goods = part[GOODS] * goods
        self.goods_part = part[GOODS]
        self.repay(part[DEBTS], part[SERVICES])
        if self.has_line:
            late = any(p < SETTLED and d > CENT for p, d in zip(part, due, strict=True))
            self.late_weeks = self.late_weeks + 1 if late else 0

    def repay(self, loans: float, services: float) -> None:
        """Decide payments that only some firms have."""

    def pay_dues(self) -> None:
        """Carry out the payments, the credit line first."""
        model = self.model
        workers, government, outside = model.workers, model.government, model.outside
        self.bank.settlement -= self.revolver_drawn
        self.bank.revolvers += self.revolver_drawn
        self.gain(self.revolver_drawn)
        self.revolver += self.revolver_drawn
        # One by one and in the order of the columns: what a payment leaves must round alike.
        self.settle_claim("wages_due", "wages_receivable", self.pay_wages_residents, workers)
        self.settle_claim("wages_due", "wages_receivable", self.pay_wages_commuters, outside)
        self.settle_claim("taxes_due", "taxes_receivable", self.pay_taxes_local, government)
        self.settle_claim("taxes_due", "taxes_receivable", self.pay_taxes_outside, outside)
        self.spend(self.pay_services_local)
        self.services_payable_local -= self.pay_services_local
        model.services_paid[self.sector] += self.pay_services_local
        self.settle_claim(
            "services_payable_outside", "services_receivable", self.pay_services_outside, outside
        )

    def settle_claim(self, owed: str, claimed: str, amount: float, payee: Any) -> None:
        """Pay what is owed to one payee."""
        self.spend(amount)
        setattr(self, owed, getattr(self, owed) - amount)
        payee.receive(amount)
        setattr(payee, claimed, getattr(payee, claimed) - amount)

    def order_services(self) -> None:
        """Services and raw inputs for last week's output, at the blocks' prices."""
        model, sector = self.model, self.sector
        basis = self.last_output * self.services_factor()
        local, outside = model.local_services[sector], model.outside_services[sector]
        self.services_local = local * basis * model.service_price[sector]
        self.services_outside = outside * basis
        model.basis_of_services[sector] += basis

    def services_factor(self) -> float:
        """Services per unit over those of the sector."""
        return 1.0

    def invoice_services(self) -> None:
        """Owe the blocks and the outside what they served."""
        model = self.model
        self.services_payable_local += self.services_local
        self.services_payable_outside += self.services_outside
        self.current_account -= self.services_local + self.services_outside
        model.services_taken[self.sector] += self.services_local
        model.outside.services_receivable += self.services_outside
        model.outside.current_account += self.services_outside

    def pay_earned(self) -> float:
        """Gross pay of the week; writes the jobs."""
        model, sector = self.model, self.sector
        self.jobs = model.jobs[sector] * self.output * 52.0
        return model.wages[sector] * self.output * model.wage

    def earn(self) -> None:
        """Owe this week's pay until the next."""
        model, pay = self.model, self.pay_earned()
        commuters = model.rates.commuter_share
        self.wage_residents = pay * (1.0 - commuters)
        self.wage_commuters = pay * commuters
        self.tax_base += self.output
        model.commuter_pay += self.wage_commuters
        self.wages_due += self.wage_residents
        self.wages_due += self.wage_commuters
        self.current_account -= self.wage_residents + self.wage_commuters
        model.workers.wages_receivable += self.wage_residents
        model.workers.current_account += self.wage_residents
        model.outside.wages_receivable += self.wage_commuters
        model.outside.current_account += self.wage_commuters

    def buy_from_rest_of_us(self) -> None:
        """Add what it ordered there to the orders of the rest of the US, by sector."""
        bought, ordered = self.model.bought, self.goods_ordered
        for sector, part in self.sourcing:
            bought[sector] += part * ordered


class Block(Firm):
    """A service block: serves all who ask, holds no stock."""

    def receive(self, amount: float) -> None:
        """Blocks wait for no clearing."""
        self.gain(amount)

    def order_goods(self) -> None:
        """Goods are used as they come."""
        self.goods_ordered = self.model.goods_rate[self.sector] * self.last_output
        self.goods_diverted = 0.0

    def enter_invoices(self) -> None:
        """Goods that are sent to a block are used up."""
        super().enter_invoices()
        self.goods_used = 0.0
        for link in self.suppliers:
            self.goods_used += link.shipped


class StockHolder(Firm):
    """A firm with inputs or goods for sale."""

    def arrive(self) -> None:
        """What arrives joins the stock, at its cost."""
        super().arrive()
        self.units_on_hand += self.arrived
        self.inputs_received = self.cost_of_arrived
        self.in_transit -= self.cost_of_arrived
        self.inventory += self.cost_of_arrived

    def enter_invoices(self) -> None:
        """What is under way belongs to the buyer."""
        super().enter_invoices()
        self.inputs_shipped = self.sent
        self.in_transit += self.sent
        self.current_account += self.sent

    def landed_cost(self) -> float:
        """Average cost of a unit of stock."""
        if self.units_on_hand > SMALLEST_STOCK and self.inventory > 0.0:
            return self.inventory / self.units_on_hand
        return 1.0

    def weekly_costs(self) -> float:
        """Pay and services of a week."""
        weekly = self.wage_residents + self.wage_commuters
        return weekly + self.services_local + self.services_outside

    def unpaid(self) -> float:
        """Pay, taxes and services left unpaid at the last settlement."""
        owed = self.wages_due + self.taxes_due
        return owed + self.services_payable_local + self.services_payable_outside

    def loans_ahead(self, weeks: int) -> float:
        """What its loans take over so many weeks."""
        return 0.0

    def spare_money(self) -> float:
        """Money that can be committed now."""
        now = self.model.week % RING_WEEKS
        slots = [(now + ahead) % RING_WEEKS for ahead in range(1, HORIZON + 1)]
        goods = 0.0
        for link in self.suppliers:
            ring, due = link.ring, link.overdue
            for slot in slots:
                due += ring[slot]
            goods += due
        dues = goods + HORIZON * self.weekly_costs() + self.unpaid() + self.loans_ahead(HORIZON)
        deposits, receipts = self.cleared + self.uncleared, self.annual_sales / 52.0
        return spare(deposits, self.revolver, self.revolver_limit, receipts, dues)
