"""Operators of shared facilities: one non-profit for each policy that runs something."""

from __future__ import annotations

from millworks.world.columns import column, money, offered
from millworks.world.handles import RowAgent


class Operator(RowAgent):
    """A non-profit that runs a hub, a pool, a warehouse or a port for a policy.

    Members pay it fees; what it lacks the programme pays; what is left over it keeps for worse
    weeks. Its net worth is its own.
    """

    member_setup = offered("float64", "USD", "what a place takes when it is first filled")
    member_running = offered("float64", "USD/week", "what running a place takes while it is filled")
    members_most = column("float64", "firms", "most members at once so far")
    pool_zones = offered(
        "int64", "number", "markets outside among which shipments spread", default=1
    )
    pool_shipments = column(
        "float64", "1/week", "shipments that members have for trucks, by kind of zone", shape=(4,)
    )
    pool_pounds = column("float64", "lb", "their mean weight, by kind of zone", shape=(4,))

    lender = column("int64", "row", "lender that keeps its deposits")

    # --- what policies pay for
    facility = offered("float64", "USD", "what its facility costs when new")
    facility_granted = offered("float64", "share", "part of that which the outside grants")
    facility_life = offered("float64", "years", "life of the facility", default=1)
    running = offered("float64", "USD/week", "what running it takes, used or not")
    machines = offered("float64", "USD", "machines open to members, at each site")
    sites = offered("int64", "number", "sites of the facility", default=1)
    places = offered("int64", "firms", "members that it can take, at each site")
    pallets = offered("float64", "pallets", "pallets that its warehouse has room for")
    handling = offered("float64", "USD/week", "pay for handling a pallet that is stored")
    floor = offered("float64", "sq ft", "floor to be let by the quarter")
    floor_pay = offered("float64", "USD/week", "pay for running a sq ft of it")
    facility_weeks = offered("float64", "weeks", "time over which it is built", default=1)
    facility_private = offered("float64", "share", "part of its cost that an investor puts in")

    pay = column("float64", "USD/week", "pay of those who run it")
    services = column("float64", "USD/week", "services it buys here")
    rent = column("float64", "USD/week", "rent of the space it lets out or works in")
    rent_outside = column("float64", "USD/week", "rent to an investor outside")
    freight_local = column("float64", "USD/week", "freight it pays to local carriers")
    freight_outside = column("float64", "USD/week", "freight it pays to carriers outside")
    purchases = column("float64", "USD/week", "other supplies, bought outside")
    capital_local = column("float64", "USD/week", "building work for its facility, done here")
    capital_outside = column("float64", "USD/week", "equipment for its facility, bought outside")
    capital_worn = column("float64", "USD/week", "minus the wear of its capital this week")
    support = column("float64", "USD/week", "what the programme pays it this week")
    returned = column("float64", "USD/week", "what a closed facility gives back this week")
    granted = column("float64", "USD/week", "what the outside grants it this week")

    last_pay = column("float64", "USD/week", "its pay of last week")
    last_services = column("float64", "USD/week", "its services of last week")
    last_rent = column("float64", "USD/week", "its rent of last week")
    last_freight_local = column("float64", "USD/week", "its local freight of last week")
    last_capital_local = column("float64", "USD/week", "its building work of last week")

    life_weeks = column("float64", "weeks", "life of its capital")
    cost_of_capital = column("float64", "USD", "what its capital cost when it was bought")
    debt_to_levy = column("float64", "USD", "public capital that the levy has still to pay for")
    levied_weekly = column("float64", "USD/week", "part of it that falls to the levy each week")
    others_charge = column("float64", "USD/week", "annuity of what others paid for its capital")
    capital_charge = column(
        "float64", "USD/week", "annuity of what the public paid for its capital"
    )

    cleared = money("USD", "deposit", account="+deposits")
    fees_receivable = money("USD", "fees of members not yet paid", account="+trade credit")
    fixed_capital = money("USD", "its facility at book value", account="+fixed capital")
    net_worth = money("USD", "net worth", account="-net worth")
    current_account = money(
        "USD", "this week's income less outlay, not yet closed", account="-net worth"
    )
    revaluations = money("USD", "this week's revaluations, not yet closed", account="-net worth")
