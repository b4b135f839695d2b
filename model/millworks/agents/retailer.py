"""Retailers: independents one by one, and chains with online sellers as one aggregate."""

from __future__ import annotations

from millworks.agents.firm import StockHolder, SweptFirm
from millworks.world.columns import column


class Shop(StockHolder):
    """A seller of goods to households; its output is its margin."""

    forecast_deviation = column("float64", "USD/week", "mean absolute error of its forecast")
    sales = column("float64", "USD/week", "sales at purchaser prices this week")
    cost_of_sales = column("float64", "USD/week", "landed cost of the goods sold this week")
    supplies_used = column("float64", "USD/week", "goods for its own use, used up this week")
    sales_share = column("float64", "share", "part of its kind's sales at base-year prices")
    planned_draw = column("float64", "USD/week", "payout planned in the base year")


class Retailer(Shop):
    """An independent retailer."""

    employment = column("float64", "jobs", "employees at the start of the world")


class Chain(SweptFirm, Shop):
    """Chains and online sellers: one aggregate owned outside."""
