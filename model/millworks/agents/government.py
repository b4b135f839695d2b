"""Local government, which also runs programmes and collects the levy that pays for them."""

from __future__ import annotations

from millworks.world.columns import column, money, offered
from millworks.world.handles import RowAgent


class Government(RowAgent):
    """The district's local government: takes taxes, buys from the blocks, runs programmes.

    A programme's outlays are paid by a levy unless the outside pays; `programme_fund` keeps the
    levies received less the outlays, and where it falls below zero, notes held outside bridge it.
    """

    lender = column("int64", "row", "lender that keeps its deposits")
    purchases_local = column("float64", "USD/week", "spending on the district's blocks")
    purchases_outside = column("float64", "USD/week", "spending outside")

    programme_pay = column("float64", "USD/week", "pay of those who run programmes")
    programme_services = column("float64", "USD/week", "services that running programmes takes")
    programme_outlay = column("float64", "USD/week", "all outlays of programmes this week")
    outlay_smoothed = column("float64", "USD/week", "outlays a levy pays for, smoothed (EWMA)")
    capital_debt = column("float64", "USD", "public capital that the levy has still to pay for")
    programme_fund = column("float64", "USD", "levies received and funds granted, less outlays")
    funded = column("float64", "USD/week", "outlays of programmes that the outside pays for")
    levy_base = column("float64", "USD/week", "income that a levy is charged on, smoothed (EWMA)")
    levy_rate = column("float64", "share of income", "programme levy of this week")
    levied = column("float64", "USD/week", "levy that reached the government this week")
    notes_issued = column("float64", "USD/week", "notes issued this week")
    notes_repaid = column("float64", "USD/week", "notes repaid this week")
    notes_interest = column("float64", "USD/week", "interest paid on notes this week")

    equity_budget = offered("float64", "USD/year", "stakes in makers that buyers offer a year")
    stakes_year = column("float64", "USD", "stakes bought in the last 52 weeks (moving sum)")

    grant_budget = offered("float64", "USD/year", "grants for projects in a year; 0: any sum")
    grant_fund = column("float64", "USD", "what of it may be granted now")
    engagement_rate = offered("float64", "engagements/week", "advice on technology that is offered")
    engagement_scale = offered("float64", "exponent", "growth of its cost with a maker's size")
    engagement_federal = offered("float64", "share", "part of its cost that somebody outside pays")
    engagement_places = column(
        "float64", "engagements", "advice not taken up yet; below 0: taken up early"
    )
    engagement_part = column("float64", "USD/week", "its part of advice on technology")

    cleared = money("USD", "deposit", account="+deposits")
    taxes_receivable = money("USD", "taxes filed, not yet paid", account="+taxes payable")
    levy_receivable = money("USD", "levy charged, not yet paid", account="+taxes payable")
    notes = money("USD", "notes outstanding", account="-local notes")
    net_worth = money("USD", "net worth", account="-net worth")
    current_account = money(
        "USD", "this week's income less outlay, not yet closed", account="-net worth"
    )
    revaluations = money("USD", "this week's revaluations, not yet closed", account="-net worth")
