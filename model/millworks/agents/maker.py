"""Makers: manufacturers with fewer than 500 employees."""

from __future__ import annotations

from millworks.agents.firm import Borrower
from millworks.agents.producer import DELIVERY_WEEKS, Producer
from millworks.world.columns import column, money, offered

LOANS = ("bank", "cdfi", "online")
"""Kinds of term loan, by the lender that grants them; `LOANS[lender_kind]`."""


class Maker(Producer, Borrower):
    """A small manufacturer; its owner draws what the business does not need, and may want more.

    For each kind of term loan k of `LOANS` there are: `k_loan` (balance), `k_rate`, `k_payment`
    (level weekly payment), and this week's `k_interest`, `k_repaid`, `k_lent`, `k_written_off`.
    """

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
    pay_subsidy = offered("float64", "share of pay", "part of its pay that a programme bears")
    commitment_offered = offered("float64", "share", "part of last year's volume for a contract")
    commitment_weeks = offered("int64", "weeks", "length of such a contract")
    commitment_terms = offered("int64", "weeks", "trade credit under a contract; 0 as it was")
    commitment_fee = offered("float64", "1/year", "fee to the buyer, of the value under contract")

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
    lease_deposit = money("USD", "deposit left with the landlord", account="+lease deposits")
