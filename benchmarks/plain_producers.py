"""Plain Mesa makers and partners: see `benchmarks.plain_agents`."""

from __future__ import annotations

import math

from benchmarks.plain_agents import Link, StockHolder, plain

from millworks.agents import credit
from millworks.agents.firm import ACTIVE
from millworks.agents.producer import (
    CAPACITY,
    DELIVERY_WEEKS,
    FORECAST,
    REASONS,
    SHIPPING,
    SPACE,
)
from millworks.economy import freight
from millworks.economy.sectors import N_SECTORS
from millworks.week import accept as rules_of_accept
from millworks.week import plan as rules_of_plan
from millworks.week import produce as rules_of_produce
from millworks.week.accept import STOCK_REACHED
from millworks.week.plan import STOCK_WEEKS
from millworks.week.ship import DUST, MEMORY
from millworks.world.accounts import CDFI_ROW, LOANS, ONLINE_ROW
from millworks.world.trade import RING_WEEKS

accepted_part = plain(rules_of_accept.accepted_part)
weeks_of_work = plain(rules_of_accept.weeks_of_work)
stock_aimed_at = plain(rules_of_plan.stock_aimed_at)
next_hands = plain(rules_of_plan.next_hands)
least_limit = plain(rules_of_plan.least_limit)
producible = plain(rules_of_produce.producible)
domestic_cost = plain(freight.domestic_cost)
weekly_interest = plain(credit.weekly_interest)


class Producer(StockHolder):
    """A manufacturer."""

    def other_services_due(self) -> float:
        return self.rent_due + self.freight_due

    def repay(self, loans: float, services: float) -> None:
        self.pay_rent = services * self.rent_due
        self.pay_freight = services * self.freight_due

    def pay_dues(self) -> None:
        """Rent and freight go to the blocks that let space and carry goods."""
        super().pay_dues()
        landlord, carrier = self.model.landlord, self.model.carrier
        self.settle_claim("rent_due", "rent_receivable", self.pay_rent, landlord)
        self.settle_claim("freight_due", "freight_receivable", self.pay_freight, carrier)

    def services_factor(self) -> float:
        return self.input_factor

    def goods_per_unit(self) -> float:
        """Stocked goods that a unit of output takes."""
        return self.model.goods_rate[self.sector] * self.input_factor

    def pay_per_unit(self) -> float:
        """Gross pay that a unit of output takes."""
        hours = self.labour_factor / self.productivity
        return self.model.wages[self.sector] * hours * self.model.wage

    def affordable_inputs(self) -> float:
        """Units of inputs for which there is money; a parent bridges what is short."""
        return math.inf

    def order_goods(self) -> None:
        """Order inputs up to a cover."""
        rates = self.model.rates
        self.goods_ordered = self.goods_diverted = 0.0
        self.inputs_cut = False
        if self.status != ACTIVE:
            return
        position = self.units_on_hand + self.under_way + self.on_order
        self.usage_forecast += rates.alpha * (self.last_used - self.usage_forecast)
        cover = (rates.cover_in + rates.ship_weeks) * self.usage_forecast
        wanted = max(0.0, cover - position)
        self.goods_ordered = max(0.0, min(wanted, self.affordable_inputs()))
        self.inputs_cut = self.goods_ordered < wanted

    def review_customers(self) -> None:
        """See whose orders are worth less than their freight, even gathered for some weeks."""
        model, sector = self.model, self.sector
        services = model.local_services[sector] + model.outside_services[sector]
        worth = self.price - self.goods_per_unit() * self.landed_cost()
        worth -= services * self.input_factor
        worth -= model.taxes[sector] + model.rates.vshare * self.pay_per_unit()
        for link in self.customers:
            link.too_small = False
            if link.asked > 0.0:
                units = freight.MOST_WEEKS * link.asked
                link.too_small = self.freight_of(link, units) > units * worth

    def freight_of(self, link: Link, units: float) -> float:
        """Cost of a shipment, USD."""
        model = self.model
        pounds = units * model.pounds_per_unit[link.sector]
        return model.freight_scale[link.sector] * domestic_cost(
            pounds, link.parcel, link.ltl, link.truck, model.tariff, link.rail
        )

    def grant_orders(self) -> None:
        """Decide what part of the orders to take, and why not the rest."""
        rates = self.model.rates
        orders = ready = too_small = 0.0
        for link in self.customers:
            orders += link.asked
            ready += link.ready
            if link.too_small:
                too_small += link.asked
        self.orders, self.ready = orders, ready
        self.refused = [0.0] * len(REASONS)
        self.accepted, self.granted, self.spot_served = 1.0, 1.0, 0.0
        if self.status != ACTIVE:
            self.accepted = self.granted = 0.0
            self.refused[CAPACITY] = orders
            return
        if orders <= 0.0:
            return
        wanted = orders - too_small
        spot = self.spot_share * wanted
        made = wanted - spot
        free_stock = self.finished_units - ready
        served = min(spot, max(0.0, free_stock))
        weeks = weeks_of_work(self.backlog, self.capacity)
        part = accepted_part(weeks, rates.ell0, rates.tau_l)
        taken = served + part * made
        self.accepted = 1.0 if taken >= orders else taken / orders
        self.granted = 1.0 if taken >= wanted else taken / wanted
        self.spot_served = served
        if taken < orders:
            why_made = CAPACITY if self.bind < 0 else self.bind
            why_spot = self.stock_bind
            if why_spot < 0:
                short = free_stock < (1.0 - STOCK_REACHED) * self.finished_aim
                why_spot = why_made if short and self.bind >= 0 else FORECAST
            self.refused[SHIPPING] += too_small
            self.refused[why_spot] += spot - served
            self.refused[why_made] += made - part * made
        self.orders_year[0] += orders
        for reason, units in enumerate(self.refused):
            self.refused_year[0][reason] += units
        self.backlog += self.accepted * orders

    def means_of_plan(self) -> tuple[float, float, float]:
        """Money for stock, money for pay (USD), and room for stock (units)."""
        return math.inf, math.inf, math.inf

    def plan(self) -> None:
        """Forecast, hire, and decide how much to make."""
        model, rates = self.model, self.model.rates
        self.planned = self.hours = 0.0
        self.bind = self.stock_bind = -1
        if self.status != ACTIVE:
            self.staff = self.finished_aim = 0.0
            return
        taken = self.accepted * self.orders
        self.demand_forecast += rates.alpha * (taken - self.demand_forecast)
        self.potential_forecast += rates.alpha * (self.orders - self.potential_forecast)
        money, payable, room = self.means_of_plan()
        stock = self.finished_units - self.ready - self.spot_served
        aim = rates.cover_f * self.spot_share * self.potential_forecast * model.season_ahead
        self.finished_aim, self.stock_bind = stock_aimed_at(aim, stock, self.unit_cost, money, room)
        due = (self.backlog - self.spot_served) / rates.work_weeks
        usual = self.spot_share * self.demand_forecast
        for_stock = max(0.0, usual + (self.finished_aim - stock) / STOCK_WEEKS)
        want = due + for_stock
        self.order_part = due / want if want > 0.0 else 1.0
        self.staff = next_hands(self.staff, min(want, self.capacity), rates.eta_h, model.hiring)
        self.hours = self.staff
        affordable, pay = math.inf, self.pay_per_unit()
        if pay > 0.0:
            affordable = max(0.0, payable / pay)
        self.hours = min(self.hours, affordable)
        if self.moving_until > model.week:
            self.bind = SPACE
            return
        rate = self.goods_per_unit()
        inputs = self.units_on_hand / rate if rate > 0.0 else math.inf
        self.planned, self.bind = least_limit(
            want, self.capacity, self.staff, inputs, affordable, self.inputs_cut
        )

    def make(self) -> None:
        """Make what is planned; draw inputs at their average cost."""
        rate = self.goods_per_unit()
        self.output = producible(self.planned, self.units_on_hand, rate)
        self.goods_used = min(rate * self.output, self.units_on_hand)
        cost = 0.0
        if self.units_on_hand > 0.0:
            per_unit = self.inventory / self.units_on_hand
            cost = min(self.goods_used * per_unit, self.inventory)
        self.units_on_hand -= self.goods_used
        self.inputs_used_up = -cost
        self.inventory -= cost
        self.current_account -= cost
        self.finished_units += self.output
        self.finished_cost = cost + self.pay_per_unit() * self.hours

    def pay_earned(self) -> float:
        per_unit = self.model.jobs[self.sector] * self.jobs_factor / self.productivity
        self.jobs = per_unit * self.hours * 52.0
        return self.pay_per_unit() * self.hours

    def price_of_goods(self) -> float:
        return self.price

    def send(self) -> None:
        """Ship what was made for orders and served from stock; pay freight; value the stock."""
        self.reach = 1.0
        to_order = self.backlog - self.spot_served
        stock = self.finished_units - self.ready - self.output - self.spot_served
        beyond = max(0.0, stock - self.finished_aim)
        available = self.spot_served + min(to_order, self.order_part * self.output + beyond)
        if self.backlog > available:
            self.reach = max(0.0, available / self.backlog)
        self.backlog -= self.reach * self.backlog
        super().send()
        self.shipped = self.invoiced = 0.0
        for link in self.customers:
            self.shipped += link.shipped
            self.invoiced += link.invoiced
        self.charge_freight()
        before, value = self.finished_units, self.finished + self.finished_cost
        self.finished_units = max(0.0, before - self.shipped)
        part = self.finished_units / before if before > 0.0 else 0.0
        self.finished_change = value * part - self.finished
        self.finished += self.finished_change
        self.current_account += self.finished_change

    def charge_freight(self) -> None:
        """Owe the carriers for every shipment of the week."""
        model, cost = self.model, 0.0
        if model.rates.explicit_freight > 0.0:
            for link in self.customers:
                if link.shipped > DUST and link.sector < N_SECTORS:
                    cost += self.freight_of(link, link.shipped)
        self.freight_local = cost * model.carriers_local[self.sector]
        self.freight_outside = cost - self.freight_local
        self.freight_due += self.freight_local
        self.services_payable_outside += self.freight_outside
        self.current_account -= self.freight_local + self.freight_outside
        model.carrier.freight_receivable += self.freight_local
        model.carrier.current_account += self.freight_local
        model.outside.services_receivable += self.freight_outside
        model.outside.current_account += self.freight_outside
        model.freight_outside += self.freight_outside
        if self.potential_forecast > 0.0:
            error = cost - self.freight_units * self.shipped
            usual = self.freight_units + MEMORY * error / self.potential_forecast
            self.freight_units = max(0.0, usual)


class Partner(Producer):
    """A large manufacturer: its parent takes or supplies cash."""


class Maker(Producer):
    """A small manufacturer: what it can pay for limits it."""

    has_line = True

    def arrive(self) -> None:
        """Capital on order is installed as well."""
        super().arrive()
        slot = self.model.week % DELIVERY_WEEKS
        self.capital_installed = self.pending_capital[slot]
        self.capacity += self.pending_capacity[slot]
        self.base_capital += self.pending_capital[slot]
        self.pending_capital[slot] = self.pending_capacity[slot] = 0.0
        self.capital_on_order -= self.capital_installed
        self.fixed_capital += self.capital_installed

    def lender_of(self, kind: str) -> object:
        """Who lent it that kind of loan."""
        lenders = self.model.lenders
        return {"cdfi": lenders[CDFI_ROW], "online": lenders[ONLINE_ROW]}.get(kind, self.bank)

    def charge_interest(self) -> None:
        super().charge_interest()
        for kind in LOANS:
            balance, lender = getattr(self, f"{kind}_loan"), self.lender_of(kind)
            interest = weekly_interest(balance, getattr(self, f"{kind}_rate"))
            setattr(self, f"{kind}_interest", interest)
            setattr(self, f"{kind}_loan", balance + interest)
            self.current_account -= interest
            lender.term_loans += interest
            lender.current_account += interest

    def loan_due(self, kind: str) -> float:
        """What it must pay on one kind of loan."""
        owed = getattr(self, f"{kind}_loan")
        return min(owed, getattr(self, f"{kind}_payment")) if self.status == ACTIVE else owed

    def loans_due(self) -> float:
        return sum(self.loan_due(kind) for kind in LOANS)

    def repay(self, loans: float, services: float) -> None:
        super().repay(loans, services)
        for kind in LOANS:
            setattr(self, f"{kind}_repaid", loans * self.loan_due(kind))

    def pay_dues(self) -> None:
        super().pay_dues()
        for kind in LOANS:
            repaid, lender = getattr(self, f"{kind}_repaid"), self.lender_of(kind)
            self.spend(repaid)
            setattr(self, f"{kind}_loan", getattr(self, f"{kind}_loan") - repaid)
            lender.settlement += repaid
            lender.term_loans -= repaid

    def weekly_costs(self) -> float:
        return super().weekly_costs() + self.rent + self.freight_local + self.freight_outside

    def unpaid(self) -> float:
        return super().unpaid() + self.rent_due + self.freight_due

    def loans_ahead(self, weeks: int) -> float:
        """What its loans take over so many weeks: no more than is owed."""
        return sum(
            min(weeks * getattr(self, f"{kind}_payment"), getattr(self, f"{kind}_loan"))
            for kind in ("bank", "cdfi", "online")
        )

    def affordable_inputs(self) -> float:
        return self.spare_money() / self.landed_cost()

    def means_of_plan(self) -> tuple[float, float, float]:
        money = self.spare_money() - 0.5 * self.cash_buffer
        return money, self.payable(), self.room()

    def payable(self) -> float:
        """Pay of this week that it can meet next week after all else that falls due."""
        slot, goods = (self.model.week + 1) % RING_WEEKS, 0.0
        for link in self.suppliers:
            goods += link.ring[slot] + link.overdue
        running = self.services_local + self.services_outside
        running += self.rent + self.freight_local + self.freight_outside
        dues = goods + self.loans_ahead(1) + running + self.unpaid()
        room = max(0.0, self.revolver_limit - self.revolver)
        return self.cleared + self.uncleared + room - dues

    def room(self) -> float:
        """Units of finished goods for which the floor still has room."""
        model = self.model
        if model.rates.explicit_space <= 0.0:
            return math.inf
        prices, weight = model.space, model.pounds_per_unit[self.sector]
        spare_floor = self.floor_space - prices.square_feet_per_worker * self.jobs
        pounds = spare_floor / prices.square_feet_per_pallet * prices.pounds_per_pallet
        held = (self.units_on_hand + self.finished_units) * weight
        return (pounds - held) / weight

    def send(self) -> None:
        super().send()
        self.annual_sales += self.invoiced - self.annual_sales / 52.0
