"""Lenders: banks that keep deposits and lend, a community lender, an online lender."""

from __future__ import annotations

from millworks.world.columns import column, money, offered
from millworks.world.handles import RowAgent

BANKS = 6
"""Banks of a district; the community lender (CDFI) and the online lender stand behind them."""
CDFI_ROW, ONLINE_ROW = BANKS, BANKS + 1


class Lender(RowAgent):
    """A bank, a community lender (CDFI) or an online lender.

    Its settlement balance is what it is owed by, or owes to, the rest of the banking system.
    """

    lender_kind = column("int64", "index", "0 bank, 1 CDFI, 2 online")
    pay = column("float64", "USD/week", "wages it pays")
    services = column("float64", "USD/week", "services it buys here")
    dividend = column("float64", "USD/week", "dividend to its owners")
    insured = column("float64", "USD/week", "hole in its capital filled by deposit insurance")
    reinvested = column("float64", "USD/week", "retained income")
    revalued = column("float64", "USD/week", "revaluations of the week, borne by its capital")
    lost_elsewhere = column("float64", "USD/week", "losses on business outside the district")
    guaranteed = column("float64", "USD/week", "losses on programme credit borne by the programme")
    guaranteed_before = column("float64", "USD", "losses the programme has borne until now")
    first_loss = offered(
        "float64", "share", "part of programme credit whose loss a programme bears"
    )
    capital_shock = offered("float64", "share of loans", "capital lost elsewhere this week")
    lent_year = column("float64", "USD", "loans of the last 52 weeks (moving average)")

    term_loans = money("USD", "term loans to firms", account="+term loans")
    revolvers = money("USD", "credit lines in use", account="+revolvers")
    deposits_owed = money("USD", "deposits of its customers", account="-deposits")
    settlement = money("USD", "settlement balance with the outside, signed", account="+settlement")
    lender_equity = money("USD", "its own capital", account="-lender equity")
    current_account = money(
        "USD", "this week's income less outlay, not yet closed", account="-net worth"
    )
    revaluations = money("USD", "this week's revaluations, not yet closed", account="-net worth")
