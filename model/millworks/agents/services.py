"""Service blocks: one aggregate per sector that is not manufacturing."""

from __future__ import annotations

from millworks.agents.firm import SweptFirm
from millworks.world.columns import column, money


class ServiceBlock(SweptFirm):
    """A sector of services, utilities, farms or mines in the district; it serves all who ask.

    It holds no stock: goods it buys are used up as they are invoiced. What it earns above two
    weeks of outflow goes to its owners, and what it lacks it calls from them.
    """

    household_sales = column("float64", "USD/week", "sold to district households")
    firm_sales = column("float64", "USD/week", "sold to district firms")
    margin_orders = column("float64", "USD/week", "trade and transport margins asked by shops")
    outside_sales = column("float64", "USD/week", "sold to buyers outside, at their demand")
    base_outside_sales = column("float64", "USD/week", "outside demand of the base year")
    government_sales = column("float64", "USD/week", "sold to the local government")

    services_receivable = money(
        "USD", "services invoiced and not yet paid", account="+trade credit"
    )
