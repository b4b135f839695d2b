"""What every firm has: an owner, a bank, books, and this week's decisions.

Decision columns hold what a stage decided; money columns hold balances, and only the ledger moves
them. A firm's deposit is in two parts: what has cleared can be spent, what arrived this week
clears at the opening of the next.
"""

from __future__ import annotations

from millworks.world.columns import column, money
from millworks.world.handles import RowAgent


class Firm(RowAgent):
    """Columns common to makers, partners, retailers, chains and service blocks."""

    sector = column("int64", "index", "sector of the table whose column of inputs it uses")
    lender = column("int64", "row", "lender that keeps its deposits")
    local_ownership = column("float64", "share", "equity and draws that belong to district owners")
    output = column("float64", "base USD/week", "output of this week at base-year prices")
    last_output = column("float64", "base USD/week", "output of last week at base-year prices")
    base_output = column("float64", "base USD/week", "output of the base year, per week")
    tax_base = column("float64", "base USD", "output since taxes were last filed")
    jobs = column(
        "float64", "jobs", "covered private jobs at its sector's jobs per dollar, head count"
    )

    goods_ordered = column("float64", "USD/week", "goods asked of suppliers this week")
    goods_diverted = column("float64", "USD/week", "goods taken from the sink of a closure run")
    goods_used = column("float64", "USD/week", "goods used up this week, at cost")

    cash_buffer = column("float64", "USD", "deposit the owner wants to keep")
    revolver_limit = column("float64", "USD", "credit line granted")

    wage_residents = column("float64", "USD/week", "gross pay of residents earned this week")
    wage_commuters = column("float64", "USD/week", "gross pay of in-commuters earned this week")
    services_local = column("float64", "USD/week", "services bought in the district this week")
    services_outside = column("float64", "USD/week", "services and raw inputs bought outside")
    tax_local = column("float64", "USD", "taxes filed this week, local government's part")
    tax_outside = column("float64", "USD", "taxes filed this week, federal and state part")
    draw_local = column("float64", "USD", "draws and dividends to owners in the district")
    draw_outside = column("float64", "USD", "draws and dividends to owners outside")
    reinvested_local = column("float64", "USD/week", "retained income, district owners' part")
    reinvested_outside = column("float64", "USD/week", "retained income, outside owners' part")
    revolver_drawn = column("float64", "USD/week", "credit line drawn (+) or repaid (-) this week")

    pay_wages_residents = column("float64", "USD/week", "payroll paid to residents")
    pay_wages_commuters = column("float64", "USD/week", "payroll paid to in-commuters")
    pay_taxes_local = column("float64", "USD/week", "taxes paid to the local government")
    pay_taxes_outside = column("float64", "USD/week", "taxes paid outside")
    pay_services_local = column("float64", "USD/week", "services paid in the district")
    pay_services_outside = column("float64", "USD/week", "services paid outside")
    pay_goods = column("float64", "USD/week", "goods invoices paid")

    cleared = money("USD", "deposit that can be spent", account="+deposits")
    uncleared = money("USD", "deposit received this week, clears next week", account="+deposits")
    goods_receivable = money("USD", "invoiced goods not yet paid", account="+trade credit")
    goods_payable = money(
        "USD", "goods received or under way, not yet paid", account="-trade credit"
    )
    services_payable_local = money("USD", "services owed in the district", account="-trade credit")
    services_payable_outside = money("USD", "services owed outside", account="-trade credit")
    wages_due = money("USD", "pay earned and not yet paid", account="-wages payable")
    taxes_due = money("USD", "taxes filed and not yet paid", account="-taxes payable")
    revolver = money("USD", "credit line in use", account="-revolvers")
    equity = money("USD", "owners' equity: paid in and retained", account="-owners' equity")
    current_account = money(
        "USD", "this week's income less outlay, not yet closed", account="-net worth"
    )


class SweptFirm(Firm):
    """A firm whose owners take or supply cash every week, so that it keeps a float."""

    called_local = column("float64", "USD/week", "equity called from district owners this week")
    called_outside = column("float64", "USD/week", "equity called from outside owners this week")


class StockHolder(Firm):
    """A firm that holds inputs or goods for sale."""

    usage_forecast = column("float64", "USD/week", "smoothed weekly use of stock (EWMA)")
    last_used = column("float64", "USD/week", "goods used up last week, at cost")
    units_on_hand = column("float64", "base USD", "stock on hand, at base-year cost")
    inputs_shipped = column("float64", "USD/week", "goods sent to it this week, at cost")
    inputs_received = column("float64", "USD/week", "goods that arrived this week, at cost")
    inputs_used_up = column("float64", "USD/week", "minus the cost of goods used up this week")

    inventory = money("USD", "stock on hand at cost", account="+inventories")
    in_transit = money("USD", "goods under way to it, at cost", account="+goods in transit")


class Producer(StockHolder):
    """A manufacturer: takes orders, makes goods, ships them over the network."""

    size_class = column("int64", "index", "0 <5, 1 5-9, 2 10-19, 3 20-99, 4 100-499, 5 500+")
    employment = column("float64", "jobs", "employees at the start of the world")
    annual_sales = column("float64", "USD/year", "sales the firm was founded with")
    orders = column("float64", "base USD/week", "orders received this week")
    accepted = column("float64", "share", "part of this week's orders that was accepted")
    planned = column("float64", "base USD/week", "output planned this week")
    capacity = column("float64", "base USD/week", "most it can make in a week")
    backlog = column("float64", "base USD", "accepted orders not yet shipped")
    shipped = column("float64", "base USD/week", "units shipped this week")
    invoiced = column("float64", "USD/week", "goods invoiced this week")
    planned_draw = column("float64", "USD/week", "payout planned in the base year")
    base_capital = column("float64", "USD", "book value of plant and equipment to be kept up")
    capital_worn = column("float64", "USD/week", "minus the wear of its capital this week")
    capital_replaced = column("float64", "USD/week", "capital bought to make good the wear")

    fixed_capital = money("USD", "plant and equipment at book value, net", account="+fixed capital")
    term_loan = money("USD", "term loans outstanding", account="-term loans")
