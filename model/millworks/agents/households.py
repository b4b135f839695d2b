"""Households: the district's workers and owners, as two aggregates."""

from __future__ import annotations

from millworks.world.columns import column, money
from millworks.world.handles import RowAgent


class Household(RowAgent):
    """A cohort of residents: row 0 lives from pay and transfers, row 1 from draws."""

    lender = column("int64", "row", "lender that keeps its deposits")
    pay_received = column("float64", "USD/week", "gross pay received this week")
    draws_received = column("float64", "USD/week", "draws and dividends received last week")
    smoothed_income = column("float64", "USD/week", "gross pay or draws, smoothed")
    base_consumption = column("float64", "USD/week", "spending out of transfers, constant")
    consumption = column("float64", "USD/week", "what it spends this week")
    spent_independents = column("float64", "USD/week", "spent at independent retailers")
    spent_chains = column("float64", "USD/week", "spent at chains and online sellers here")
    spent_shops_outside = column("float64", "USD/week", "spent in shops outside the district")
    spent_services = column("float64", "USD/week", "spent on services in the district")
    spent_services_outside = column("float64", "USD/week", "spent on services outside, imports")
    tax_local = column("float64", "USD/week", "taxes withheld for the local government")
    tax_outside = column("float64", "USD/week", "taxes withheld for federal and state")
    levy = column("float64", "USD/week", "programme levy withheld this week")
    rebate = column("float64", "USD/week", "rebates and levy returned this week")
    saving = column("float64", "USD/week", "moved to outside wealth this week")

    cleared = money("USD", "deposit", account="+deposits")
    wages_receivable = money("USD", "pay earned, paid next week", account="+wages payable")
    equity_held = money(
        "USD", "equity in firms of the district, at book value", account="+owners' equity"
    )
    outside_wealth = money("USD", "claims on the rest of the economy", account="+outside wealth")
    net_worth = money("USD", "net worth", account="-net worth")
    current_account = money(
        "USD", "this week's income less outlay, not yet closed", account="-net worth"
    )
    revaluations = money("USD", "this week's revaluations, not yet closed", account="-net worth")
