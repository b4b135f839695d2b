"""Retailers: independents one by one, and chains with online sellers as one aggregate."""

from __future__ import annotations

from millworks.agents.firm import Borrower, StockHolder
from millworks.world.columns import column


class Shop(StockHolder):
    """A seller of goods to households; its output is its margin."""

    forecast_deviation = column("float64", "base USD/week", "mean absolute error of its forecast")
    price = column("float64", "ratio", "price over the base year's", default=1.0)
    demanded = column("float64", "USD/week", "what households wanted to buy from it")
    sales = column("float64", "USD/week", "sales at purchaser prices this week")
    units_sold = column("float64", "base USD/week", "units sold, at base-year landed cost")
    supplies_used = column("float64", "base USD/week", "goods for its own use, used up this week")
    sales_share = column("float64", "share", "part of its kind's sales at base-year prices")
    planned_draw = column("float64", "USD/week", "payout planned in the base year")
    staff = column("float64", "base USD/week", "margin its staff can handle")


class Retailer(Shop, Borrower):
    """An independent retailer."""

    employment = column("float64", "jobs", "employees at the start of the world")


class Chain(Shop):
    """Chains and online sellers: one aggregate owned outside."""
