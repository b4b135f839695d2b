"""Lenders: banks that keep deposits and lend."""

from __future__ import annotations

from millworks.world.columns import column, money
from millworks.world.handles import RowAgent


class Lender(RowAgent):
    """A bank, a community lender (CDFI) or an online lender.

    Its settlement balance is what it is owed by, or owes to, the rest of the banking system.
    """

    lender_kind = column("int64", "index", "0 bank, 1 CDFI, 2 online")

    term_loans = money("USD", "term loans to firms", account="+term loans")
    revolvers = money("USD", "credit lines in use", account="+revolvers")
    deposits_owed = money("USD", "deposits of its customers", account="-deposits")
    settlement = money("USD", "settlement balance with the outside, signed", account="+settlement")
    lender_equity = money("USD", "its own capital", account="-lender equity")
