"""Service blocks: one aggregate per sector that is not manufacturing."""

from __future__ import annotations

from millworks.agents.firm import Firm
from millworks.world.columns import column, money


class ServiceBlock(Firm):
    """A sector of services, utilities, farms or mines in the district; it serves all who ask.

    It holds no stock: goods it buys are used up as they are invoiced. What it earns above two
    weeks of outflow goes to its owners, and what it lacks it calls from them.
    """

    price = column("float64", "ratio", "price over the base year's", default=1.0)
    household_sales = column("float64", "USD/week", "sold to district households")
    firm_sales = column("float64", "USD/week", "sold to district firms")
    margin_orders = column("float64", "USD/week", "trade and transport margins asked by shops")
    outside_sales = column("float64", "USD/week", "sold to buyers outside, at their demand")
    base_outside_sales = column("float64", "USD/week", "outside demand of the base year")
    government_sales = column("float64", "USD/week", "sold to the local government")

    services_receivable = money(
        "USD", "services invoiced and not yet paid", account="+trade credit"
    )
    rent_receivable = money("USD", "rent not yet paid", account="+trade credit")
    freight_receivable = money("USD", "freight not yet paid", account="+trade credit")
    lease_deposits_owed = money("USD", "deposits of tenants", account="-lease deposits")
