"""What every firm has: an owner, a bank, books, and this week's decisions.

Decision columns hold what a stage decided; money columns hold balances, and only the ledger moves
them. A firm's deposit is in two parts: what has cleared can be spent, what arrived this week
clears at the opening of the next. Gains and losses that are no flows (write-offs, sales of capital
below book) gather in `revaluations` and are passed on to the owners at the week's close.
"""

from __future__ import annotations

from millworks.world.columns import column, money, offered
from millworks.world.handles import RowAgent

ACTIVE, CLOSING, FREE = range(3)
"""`Firm.status`: trading; closed and waiting for its customers to pay; a row nobody holds."""


class Firm(RowAgent):
    """Columns common to makers, partners, retailers, chains and service blocks."""

    sector = column("int64", "index", "sector of the table whose column of inputs it uses")
    lender = column("int64", "row", "lender that keeps its deposits")
    local_ownership = column("float64", "share", "equity and draws that belong to district owners")
    status = column("int64", "index", "0 active, 1 closing, 2 free")
    born = column("int64", "week", "week of its birth; 0 for firms of the start", default=0)
    output = column("float64", "base USD/week", "output of this week at base-year prices")
    last_output = column("float64", "base USD/week", "output of last week at base-year prices")
    base_output = column("float64", "base USD/week", "output of the base year, per week")
    tax_base = column("float64", "base USD", "output since taxes were last filed")
    jobs = column("float64", "jobs", "covered private jobs, head count")

    goods_ordered = column("float64", "base USD/week", "goods asked of suppliers this week")
    goods_diverted = column("float64", "USD/week", "goods taken from the sink of a closure run")
    goods_replaced = column("float64", "USD/week", "goods the sink orders in its place")
    goods_used = column("float64", "base USD/week", "goods used up this week, in units")

    cash_buffer = column("float64", "USD", "deposit the owner wants to keep")
    revolver_limit = column("float64", "USD", "credit line granted")
    late_weeks = column("int64", "weeks", "consecutive weeks in which something due went unpaid")
    profit_quarter = column("float64", "USD", "income before draws since taxes were last filed")

    wage_residents = column("float64", "USD/week", "gross pay of residents earned this week")
    wage_commuters = column("float64", "USD/week", "gross pay of in-commuters earned this week")
    services_local = column("float64", "USD/week", "services bought in the district this week")
    services_outside = column("float64", "USD/week", "services and raw inputs bought outside")
    tax_local = column("float64", "USD", "taxes filed this week, local government's part")
    tax_outside = column("float64", "USD", "taxes filed this week, federal and state part")
    draw_local = column("float64", "USD", "draws and dividends to owners in the district")
    draw_outside = column("float64", "USD", "draws and dividends to owners outside")
    called_local = column("float64", "USD/week", "equity paid in by district owners this week")
    called_outside = column("float64", "USD/week", "equity paid in by outside owners this week")
    reinvested_local = column("float64", "USD/week", "retained income, district owners' part")
    reinvested_outside = column("float64", "USD/week", "retained income, outside owners' part")
    revalued_local = column("float64", "USD/week", "revaluations, district owners' part")
    revalued_outside = column("float64", "USD/week", "revaluations, outside owners' part")
    tariff = column("float64", "USD/week", "duty charged on goods from abroad")
    levy = column("float64", "USD/week", "programme levy charged this week")
    subsidy = column("float64", "USD/week", "subsidies, grants and levy returned this week")
    revolver_drawn = column("float64", "USD/week", "credit line drawn (+) or repaid (-) this week")

    pay_wages_residents = column("float64", "USD/week", "payroll paid to residents")
    pay_wages_commuters = column("float64", "USD/week", "payroll paid to in-commuters")
    pay_taxes_local = column("float64", "USD/week", "taxes paid to the local government")
    pay_taxes_outside = column("float64", "USD/week", "taxes paid outside")
    pay_levy = column("float64", "USD/week", "programme levy paid")
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
    levy_due = money("USD", "programme levy charged, not yet paid", account="-taxes payable")
    revolver = money("USD", "credit line in use", account="-revolvers")
    equity = money("USD", "owners' equity: paid in and retained", account="-owners' equity")
    current_account = money(
        "USD", "this week's income less outlay, not yet closed", account="-net worth"
    )
    revaluations = money("USD", "this week's revaluations, not yet closed", account="-net worth")


class StockHolder(Firm):
    """A firm that holds inputs or goods for sale."""

    usage_forecast = column("float64", "base USD/week", "smoothed weekly use of stock (EWMA)")
    last_used = column("float64", "base USD/week", "goods used up last week, in units")
    units_on_hand = column("float64", "base USD", "stock on hand, in units")
    inputs_shipped = column("float64", "USD/week", "goods sent to it this week, at cost")
    inputs_received = column("float64", "USD/week", "goods that arrived this week, at cost")
    inputs_used_up = column("float64", "USD/week", "minus the cost of goods used up this week")
    inventory_devalued = column("float64", "USD/week", "minus the loss on stock sold off")
    inventory_sold = column("float64", "USD/week", "what a closing firm gets for its stock")

    inventory = money("USD", "stock on hand at cost", account="+inventories")
    in_transit = money("USD", "goods under way to it, at cost", account="+goods in transit")


class Borrower(StockHolder):
    """A small firm that can run out of cash, ask for credit, fail, and be followed by another."""

    soft_information = column(
        "float64", "score", "what lenders know beyond the books (mean 0, s.d. 1)"
    )
    annual_sales = column("float64", "USD/year", "sales of the last 52 weeks (moving average)")
    revolver_interest = column("float64", "USD/week", "interest charged on the credit line")
    private_limit = column("float64", "USD", "part of the credit line that is no programme's")
    programme_limit = column("float64", "USD", "part of the credit line under a programme")
    programme_credit = column("float64", "USD", "credit line in use under a programme")
    programme_rate = column("float64", "1/year", "interest on programme credit, as agreed")
    stock_advance = offered("float64", "share", "advance on stocks under a programme; 0: none")
    stock_credit_rate = offered("float64", "1/year", "interest on what is advanced so")
    revolver_written_off = column("float64", "USD/week", "credit line lost by its lender")
    wages_written_off_residents = column("float64", "USD/week", "pay of residents never paid")
    wages_written_off_commuters = column("float64", "USD/week", "pay of commuters never paid")
    taxes_written_off_local = column("float64", "USD/week", "local taxes never paid")
    taxes_written_off_outside = column("float64", "USD/week", "outside taxes never paid")
    levy_written_off = column("float64", "USD/week", "programme levy never paid")
    services_written_off_local = column("float64", "USD/week", "local services never paid")
    services_written_off_outside = column("float64", "USD/week", "outside services never paid")
    insolvent_quarters = column(
        "int64", "quarters", "quarterly tests in a row that found its book equity too low"
    )
    entry_margin = column(
        "float64", "share of price", "margin of its sector when the burn-in ended; 0 before"
    )
    weeks_closing = column("int64", "weeks", "weeks since it stopped trading")
    failed = column("bool", "yes or no", "whether it closed with debts unpaid")
