"""Producers: manufacturers, small (makers) and large (partners); what they make, with what, at what
price, and which limit binds them.
"""

from __future__ import annotations

from millworks.agents.firm import StockHolder
from millworks.world.columns import column, money, offered

REASONS = (
    "capacity",
    "cash",
    "inputs",
    "labour",
    "space",
    "shipping",
    "hub_queue",
    "forecast",
)
"""Why a unit that was ordered is not delivered: eight codes, and no remainder category."""
CAPACITY, CASH, INPUTS, LABOUR, SPACE, SHIPPING, HUB_QUEUE, FORECAST = range(len(REASONS))

DELIVERY_WEEKS = 27
"""Longest delivery of capital, 26 weeks, and the week itself."""


class Producer(StockHolder):
    """A manufacturer: takes orders, makes goods, ships them over the network."""

    size_class = column("int64", "index", "0 <5, 1 5-9, 2 10-19, 3 20-99, 4 100-499, 5 500+")
    employment = column("float64", "jobs", "employees at the start of the world")

    # --- costs and price
    input_factor = column(
        "float64", "ratio", "inputs per unit of output over its sector's", default=1.0
    )
    labour_factor = column(
        "float64", "ratio", "pay per unit of output over its sector's", default=1.0
    )
    jobs_factor = column(
        "float64", "ratio", "jobs per unit of output over its sector's", default=1.0
    )
    productivity = column("float64", "ratio", "output per hour over the start's", default=1.0)
    quality = column("float64", "ratio", "quality over the start's", default=1.0)
    markup = column("float64", "share of price", "net mark-up aimed at")
    price = column("float64", "ratio", "price over the base year's", default=1.0)
    unit_cost = column("float64", "USD", "full cost of a unit at normal use")

    # --- demand
    orders = column("float64", "base USD/week", "orders received this week")
    accepted = column("float64", "share", "part of this week's orders that was granted")
    refused = column("float64", "base USD/week", "orders refused, by reason", shape=(len(REASONS),))
    orders_year = column("float64", "base USD", "orders of the last four quarters", shape=(4,))
    refused_year = column(
        "float64", "base USD", "orders refused in four quarters, by reason", shape=(4, len(REASONS))
    )
    demand_forecast = column("float64", "base USD/week", "accepted orders, smoothed (EWMA)")
    potential_forecast = column("float64", "base USD/week", "orders with the refused, smoothed")
    spot_share = column("float64", "share", "part of orders that needs finished stock")
    backlog = column("float64", "base USD", "accepted orders not yet shipped")
    fill = column("float64", "share", "units delivered in time over units ordered, smoothed")
    fill_base = column("float64", "share", "the same at its start")
    market_share = column("float64", "ratio", "share of the outside market over the start's")

    input_supply = offered(
        "float64", "share", "part of its usual goods inputs that can be had", default=1.0
    )

    # --- production
    planned = column("float64", "base USD/week", "output planned this week")
    capacity = column("float64", "base USD/week", "most it can make in a week")
    staff = column("float64", "base USD/week", "most its staff can make in a week")
    hours = column("float64", "base USD/week", "what the hours paid this week could make")
    bind = column("int64", "index", "limit that bound the last plan, by number of REASONS; -1 none")
    inputs_cut = column("bool", "yes or no", "whether money cut its last order of inputs")
    stock_bind = column("int64", "index", "limit that cut its finished stock; -1 none")
    shipped = column("float64", "base USD/week", "units shipped this week")
    invoiced = column("float64", "USD/week", "goods invoiced this week")
    finished_units = column("float64", "base USD", "finished goods on hand, in units")
    finished_aim = column("float64", "base USD", "finished stock aimed at and afforded")
    order_part = column("float64", "share", "part of its output that is made to order")
    finished_cost = column("float64", "USD/week", "inputs and pay that went into the output")
    spot_served = column("float64", "base USD/week", "spot orders served from stock this week")
    finished_change = column("float64", "USD/week", "finished goods made less shipped, at cost")

    # --- freight and space
    freight_local = column("float64", "USD/week", "freight charged by local carriers")
    freight_outside = column("float64", "USD/week", "freight charged by outside carriers")
    freight_surcharge = column(
        "float64", "USD/week", "part of it by which freight is dearer than its list"
    )
    freight_units = column("float64", "USD", "freight per unit shipped, smoothed")
    floor_space = column("float64", "sq ft", "space leased")
    lease_end = column("int64", "week", "week in which the lease ends")
    moving_until = column("int64", "week", "week before which it is moving and stands still")
    rent = column("float64", "USD/week", "rent charged this week")
    pay_rent = column("float64", "USD/week", "rent paid this week")
    pay_freight = column("float64", "USD/week", "local freight paid this week")

    # --- capital
    planned_draw = column("float64", "USD/week", "payout planned in the base year")
    base_capital = column("float64", "USD", "book value of plant and equipment to be kept up")
    capital_per_unit = column(
        "float64", "USD per base USD a week", "capital that a unit of weekly capacity takes"
    )
    capital_worn = column("float64", "USD/week", "minus the wear of its capital this week")
    capital_replaced = column("float64", "USD/week", "capital bought to make good the wear")

    finished = money("USD", "finished goods at cost", account="+inventories")
    fixed_capital = money("USD", "plant and equipment at book value, net", account="+fixed capital")
    rent_due = money("USD", "rent owed", account="-trade credit")
    freight_due = money("USD", "freight owed to local carriers", account="-trade credit")
