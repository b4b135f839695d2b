"""Local government and, later, the authority that runs programmes."""

from __future__ import annotations

from millworks.world.columns import column, money
from millworks.world.handles import RowAgent


class Government(RowAgent):
    """The district's local government: takes its part of taxes, buys from the blocks."""

    lender = column("int64", "row", "lender that keeps its deposits")
    purchases_local = column("float64", "USD/week", "spending on the district's blocks")
    purchases_outside = column("float64", "USD/week", "spending outside")

    cleared = money("USD", "deposit", account="+deposits")
    taxes_receivable = money("USD", "taxes filed, not yet paid", account="+taxes payable")
    net_worth = money("USD", "net worth", account="-net worth")
    current_account = money(
        "USD", "this week's income less outlay, not yet closed", account="-net worth"
    )
    revaluations = money("USD", "this week's revaluations, not yet closed", account="-net worth")
