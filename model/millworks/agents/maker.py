"""Makers: manufacturers with fewer than 500 employees."""

from __future__ import annotations

from millworks.agents.firm import Borrower
from millworks.agents.producer import DELIVERY_WEEKS, Producer
from millworks.world.accounts import OPERATORS
from millworks.world.columns import column, money, offered

LOANS = ("bank", "cdfi", "online")
"""Kinds of term loan, by the lender that grants them; `LOANS[lender_kind]`."""


class Maker(Producer, Borrower):
    """A small manufacturer; its owner draws what the business does not need, and may want more.

    For each kind of term loan k of `LOANS` there are: `k_loan` (balance), `k_rate`, `k_payment`
    (level weekly payment), and this week's `k_interest`, `k_repaid`, `k_lent`, `k_written_off`.
    """

    fees = column("float64", "USD/week", "fees for shared facilities charged this week")
    fees_asked = column(
        "float64", "USD/week", "the same by operator, until charged", shape=(len(OPERATORS),)
    )
    fees_owed = column(
        "float64", "USD", "fees charged and not yet paid, by operator", shape=(len(OPERATORS),)
    )
    pay_fees = column("float64", "USD/week", "fees for shared facilities paid this week")
    fees_written_off = column("float64", "USD/week", "fees for shared facilities never paid")

    ambition = column("bool", "yes or no", "whether its owner wants to grow")

    # --- the quarterly test of the owner's wish to grow, and what stops it
    tested = column("int64", "week", "week of the last quarterly test", default=-1)
    gap = column("float64", "base USD/week", "demand above what it can make")
    wants = column("bool", "yes or no", "orders refused for want of means, or a project that pays")
    constrained = column("bool", "yes or no", "wants, and the money within reach does not suffice")
    wanted_year = column("bool", "yes or no", "wanted at the last four tests", shape=(4,))
    constrained_year = column("bool", "yes or no", "constrained at the last four tests", shape=(4,))
    money_needed = column("float64", "USD", "project and working capital it would take")
    money_missing = column("float64", "USD", "part of it that is out of reach")
    missing_term = column(
        "int64", "index", "term that binds the best offer (FINANCE_TERMS), -1 none", default=-1
    )
    indivisible = column("bool", "yes or no", "the project would pay if machines came smaller")
    discouraged = column("bool", "yes or no", "did not apply, expecting a refusal")
    pending_capacity = column(
        "float64",
        "base USD/week",
        "capacity on order by week of arrival",
        shape=(DELIVERY_WEEKS,),
    )
    pending_capital = column(
        "float64", "USD", "capital on order by week of arrival", shape=(DELIVERY_WEEKS,)
    )
    capital_ordered_local = column("float64", "USD/week", "capital goods ordered here, paid now")
    capital_ordered_outside = column("float64", "USD/week", "capital goods ordered outside")
    equity_invested = column("float64", "USD/week", "equity from outside, paid in for capacity")
    capital_installed = column("float64", "USD/week", "capital delivered this week")

    # --- a simulated application each quarter: what would lenders say to a request of 10 % of sales
    request = column("float64", "USD", "amount asked in the quarterly simulated application")
    offer = column("float64", "USD", "best offer to it")

    # --- technology: what it adopts, and what it is taught
    adopted_nearby = column("bool", "yes or no", "whether one it learns from has adopted")
    adoptions = column("int64", "technologies", "technologies it has adopted")
    technology_left = column("float64", "log points", "gain of the last one that is yet to come")
    technology_local = column("float64", "USD/week", "paid to consultants here for a technology")
    technology_outside = column("float64", "USD/week", "paid outside for a technology")
    technology_worn = column("float64", "USD/week", "minus the wear of what was paid for it")
    technology_devalued = column("float64", "USD/week", "minus what is lost of it on closing")
    engagements = column("int64", "engagements", "times that a programme has advised it")
    engaged_until = column(
        "int64", "week", "week before which a programme advises it; -1 never", default=-1
    )
    engagement_fee = column("float64", "USD/week", "its part of such advice")
    grant = column("float64", "USD/week", "grants for projects and technologies")
    grant_windfall = column("float64", "USD/week", "grants for what it would have bought anyway")

    # --- the stake of a large customer, by who holds it
    stake_holder = column(
        "int64", "row", "partner that holds its stake, -1 a customer outside", default=-1
    )
    stake_bought_partner = column("float64", "USD/week", "equity that a partner pays in")
    stake_bought_outside = column("float64", "USD/week", "equity that a customer outside pays in")
    stake_dividend_partner = column("float64", "USD/week", "dividend on a partner's stake")
    stake_dividend_outside = column("float64", "USD/week", "dividend on a stake held outside")
    stake_repaid_partner = column("float64", "USD/week", "a partner's stake, repaid on closing")
    stake_repaid_outside = column("float64", "USD/week", "a stake held outside, repaid on closing")
    stake_written_off_partner = column("float64", "USD/week", "a partner's stake that is lost")
    stake_written_off_outside = column("float64", "USD/week", "a stake held outside that is lost")

    # --- what policies offer
    equity_share = offered("float64", "share", "part of a project's cost offered as equity")
    equity_buyer = offered(
        "int64", "row", "partner that offers it, -1 a customer outside", default=-1
    )
    equity_deal_cost = offered("float64", "share of equity", "what the deal costs the buyer")
    first_loss = offered("float64", "share", "part of a lost stake that the programme bears")
    stopped = offered("bool", "yes or no", "whether it cannot work this week", default=False)
    pay_subsidy = offered("float64", "share of pay", "part of its pay that a programme bears")
    commitment_offered = offered("float64", "share", "part of last year's volume for a contract")
    commitment_weeks = offered("int64", "weeks", "length of such a contract")
    commitment_terms = offered("int64", "weeks", "trade credit under a contract; 0 as it was")
    commitment_fee = offered("float64", "1/year", "fee to the buyer, of the value under contract")

    hub = offered("int64", "index", "hub whose machines it may rent, -1 none", default=-1)
    hub_fee = offered("float64", "USD/week", "fee for a week's use of a USD of its machines")
    overhead_saving = offered("float64", "share", "saved on overheads that are pooled; 0 not open")
    knowledge_group = offered(
        "int64", "number", "makers of the same group learn from each other; -1 none", default=-1
    )

    pool_half = offered(
        "float64", "1/week", "shipments to a zone at which half share a truck; 0 no pool"
    )
    pool_price = offered("float64", "USD/pallet", "handling of shared shipments")
    pool_stop = offered("float64", "USD/stop", "stop of a shared truck at a door")
    pool_wait = offered("float64", "weeks", "by which shared shipments are longer under way")

    storage_fee = offered("float64", "USD/week", "fee for a pallet stored outside; 0 not open")
    flexible_rent = offered("float64", "ratio", "rent by the quarter over the usual; 0 not open")

    # --- space beside the usual lease
    pallets_asked = column("float64", "pallets", "pallets that it would store outside")
    pallets_stored = column("float64", "pallets", "pallets for which it has storage outside")
    flexible_rate = column(
        "float64", "USD/year", "rent of a sq ft of its floor if leased by the quarter, else 0"
    )
    space_fees = column("float64", "USD/week", "fees of storage and flexible floor this week")

    container_half = offered(
        "float64", "1/week", "shipments at which half share a container; 0 no pool"
    )
    container_price = offered("float64", "USD/pallet", "handling of shared containers")
    container_weeks = offered("float64", "weeks", "of imports in a shipment")

    # --- shared facilities
    container_member = column("bool", "yes or no", "whether it shares containers with others")
    import_saving = column("float64", "share", "of the price of imports that it saves so")
    import_handling = column("float64", "USD", "handling of a unit that it imports so")
    pool_member = column("bool", "yes or no", "whether it shares trucks with others")
    pool_merged = column("float64", "1/week", "shipments of it that a pool may be hoped to merge")
    pool_fee = column("float64", "USD/week", "handling of its shared shipments, and stops")
    hub_member = column("int64", "index", "hub in which it has a place, -1 none", default=-1)
    hub_week = column("int64", "week", "last week in which it rented hours, -1 none", default=-1)
    hours_asked = column("float64", "base USD/week", "output it would make at the hub")
    hours_rented = column("float64", "base USD/week", "output it may make at the hub this week")
    hours_usual = column("float64", "base USD/week", "the same, smoothed (EWMA)")
    overhead_member = column("bool", "yes or no", "whether it pools its overheads")

    grant_share = offered("float64", "share", "part of the cost of a project that is granted")
    grant_most = offered("float64", "USD", "largest grant for a project")
    engagement_cost = offered(
        "float64", "USD", "cost of advice on technology at the mean size; 0: not offered"
    )
    engagement_client = offered("float64", "share", "part of it that the maker pays")

    contract_stock = column(
        "float64", "USD", "contract orders that a programme advances on as stock"
    )

    bank_rate = column("float64", "1/year", "interest on its bank loans")
    bank_payment = column("float64", "USD/week", "level payment of its bank loans")
    bank_interest = column("float64", "USD/week", "interest charged on bank loans")
    bank_repaid = column("float64", "USD/week", "paid on bank loans")
    bank_lent = column("float64", "USD/week", "bank loans paid out")
    bank_written_off = column("float64", "USD/week", "bank loans lost by the lender")
    cdfi_rate = column("float64", "1/year", "interest on its community loans")
    cdfi_payment = column("float64", "USD/week", "level payment of its community loans")
    cdfi_interest = column("float64", "USD/week", "interest charged on community loans")
    cdfi_repaid = column("float64", "USD/week", "paid on community loans")
    cdfi_lent = column("float64", "USD/week", "community loans paid out")
    cdfi_written_off = column("float64", "USD/week", "community loans lost by the lender")
    online_rate = column("float64", "1/year", "interest on its online loans")
    online_payment = column("float64", "USD/week", "level payment of its online loans")
    online_interest = column("float64", "USD/week", "interest charged on online loans")
    online_repaid = column("float64", "USD/week", "paid on online loans")
    online_lent = column("float64", "USD/week", "online loans paid out")
    online_written_off = column("float64", "USD/week", "online loans lost by the lender")

    # --- the estate of a closing firm, and leases
    rent_written_off = column("float64", "USD/week", "rent never paid")
    freight_written_off = column("float64", "USD/week", "freight never paid")
    capital_sold = column("float64", "USD/week", "what a closing firm gets for its capital")
    capital_devalued = column("float64", "USD/week", "minus the loss on capital sold off")
    orders_devalued = column("float64", "USD/week", "minus capital on order that is lost")
    finished_sold = column("float64", "USD/week", "what a closing firm gets for finished goods")
    finished_devalued = column("float64", "USD/week", "minus the loss on finished goods sold off")
    deposit_paid = column("float64", "USD/week", "lease deposit paid this week")
    deposit_returned = column("float64", "USD/week", "lease deposit returned this week")
    deposit_forfeited = column("float64", "USD/week", "lease deposit kept by the landlord")

    bank_loan = money("USD", "bank loans outstanding", account="-term loans")
    cdfi_loan = money("USD", "community loans outstanding", account="-term loans")
    online_loan = money("USD", "online loans outstanding", account="-term loans")
    stake = money("USD", "equity of its buyer, at what was paid", account="-partner stakes")
    capital_on_order = money("USD", "capital paid for, not installed", account="+capital on order")
    technology = money("USD", "what adopted technologies cost, net", account="+fixed capital")
    fees_due = money("USD", "fees owed to operators", account="-trade credit")
    lease_deposit = money("USD", "deposit left with the landlord", account="+lease deposits")
