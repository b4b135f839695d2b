"""Plain Mesa shops, independent and chains: see `benchmarks.plain_agents`."""

from __future__ import annotations

from benchmarks.plain_agents import StockHolder, plain

from millworks.agents.firm import ACTIVE
from millworks.week import restock as rules_of_restock

reorder_point = plain(rules_of_restock.reorder_point)
economic_lot = plain(rules_of_restock.economic_lot)
order_up_to = plain(rules_of_restock.order_up_to)


class Shop(StockHolder):
    """A seller of goods to households."""

    def sell(self) -> None:
        """Use supplies, and sell what households want as far as the stock reaches."""
        model, before = self.model, self.units_on_hand
        self.supplies_used = self.units_sold = self.sales = 0.0
        if self.status == ACTIVE:
            need = model.goods_rate[self.sector] * self.last_output
            self.supplies_used = min(before, need)
            unit_price = (1.0 + model.retail_margin) * self.price
            wanted = self.demanded / unit_price
            left = before - self.supplies_used
            self.units_sold, self.sales = wanted, self.demanded
            if wanted > left:
                self.units_sold, self.sales = left, left * unit_price
            self.units_on_hand -= self.units_sold + self.supplies_used
        self.output = self.units_sold * model.retail_margin
        self.goods_used = self.units_sold + self.supplies_used
        cost = self.inventory / before if before > 0.0 else 1.0
        self.inputs_used_up = -min(self.goods_used * cost, self.inventory)
        self.inventory += self.inputs_used_up
        self.receive(self.sales)
        self.current_account += self.sales + self.inputs_used_up


class Retailer(Shop):
    """An independent retailer."""

    has_line = True

    def take_demand(self) -> None:
        """Sell to those who come, its part of all shoppers."""
        self.demanded = self.sales_share * self.model.to_independents
        self.sell()
        self.annual_sales += self.sales - self.annual_sales / 52.0
        self.model.sold_by_independents += self.sales

    def restock(self) -> None:
        """Order goods by a reorder point and an order-up-to level, as far as money reaches."""
        rates = self.model.rates
        position = self.units_on_hand + self.under_way + self.on_order
        used = self.demanded / ((1.0 + self.model.retail_margin) * self.price)
        cost = self.landed_cost()
        self.goods_ordered = 0.0
        if self.status != ACTIVE:
            return
        error = used - self.usage_forecast
        self.forecast_deviation += rates.alpha * (abs(error) - self.forecast_deviation)
        self.usage_forecast += rates.alpha * error
        demand, lead = self.usage_forecast, float(rates.ship_weeks)
        point = reorder_point(demand, self.forecast_deviation, lead, rates.lead_sd, rates.z_s)
        lot = economic_lot(demand, rates.K_o, rates.h_c, cost)
        wanted = order_up_to(position + self.supplies_used, point, point + lot)
        self.goods_ordered = max(0.0, min(wanted, self.spare_money() / cost))


class Chain(Shop):
    """Chains and online sellers: one aggregate."""

    def take_demand(self) -> None:
        """Sell to its customers and to those whom independents could not serve."""
        model = self.model
        missed = model.to_independents - model.sold_by_independents
        self.demanded = model.to_chains + max(0.0, missed)
        self.sell()
        model.sold_by_chains = self.sales

    def restock(self) -> None:
        """Keep a cover of weeks of sales."""
        rates = self.model.rates
        position = self.units_on_hand + self.under_way + self.on_order
        self.usage_forecast += rates.alpha * (self.units_sold - self.usage_forecast)
        cover = (rates.chain_cover + rates.ship_weeks) * self.usage_forecast
        self.goods_ordered = max(0.0, cover - position - self.supplies_used)
