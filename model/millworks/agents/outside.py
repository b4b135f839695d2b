"""The outside: the rest of the US, the rest of the world, federal and state government, owners."""

from __future__ import annotations

from millworks.world.columns import column, money, offered
from millworks.world.handles import RowAgent


class Outside(RowAgent):
    """One account for all that is not the district; it has no deposit but a settlement balance.

    What the rest of the US *produces* is followed by `millworks.world.rest_of_us`.
    """

    services_bought = column("float64", "USD/week", "services it buys from the district's blocks")
    transfers = column("float64", "USD/week", "transfers to the district's households")
    deal_cost = column("float64", "USD/week", "services bought here for deals over stakes")
    first_loss = column("float64", "USD/week", "lost stakes that a programme makes good")
    programme_purchases = column(
        "float64", "USD/week", "what a programme pays for, bought or invested by the outside"
    )
    pay_goods = column("float64", "USD/week", "goods invoices of the district's makers it pays")
    contract_fee = column("float64", "USD/week", "programme's fee for what customers must buy")

    # --- terms of transport, by policies and shocks (millworks.world.freight_terms)
    freight_rate = offered("float64", "ratio", "price of freight over its list", default=1.0)
    ocean_rate = offered("float64", "ratio", "price of ocean freight over its list", default=1.0)
    rail_rate = offered("float64", "ratio", "price of rail over its list", default=1.0)
    rail_reach = offered("float64", "share", "destinations that take rail by the pallet")
    rail_terminal = offered("float64", "miles", "from a terminal for pallets to its users")
    lead_added = offered("float64", "weeks", "by which goods are longer under way")
    lead_part = offered("float64", "ratio", "weeks under way over what they were", default=1.0)
    lead_sd_part = offered(
        "float64", "ratio", "standard deviation of delivery time over what it was", default=1.0
    )
    import_price = offered("float64", "ratio", "price of imports over what it was", default=1.0)
    freight_felt = column(
        "float64", "ratio", "price of freight that costs of rivals in the US reflect", default=1.0
    )

    engagement_part = column("float64", "USD/week", "federal part of advice on technology")

    goods_receivable = money(
        "USD", "goods sold to the district, not yet paid", account="+trade credit"
    )
    goods_payable = money(
        "USD", "goods bought in the district, not yet paid", account="-trade credit"
    )
    services_receivable = money(
        "USD", "services sold to the district, not yet paid", account="+trade credit"
    )
    wages_receivable = money("USD", "in-commuters' pay earned", account="+wages payable")
    taxes_receivable = money("USD", "taxes filed, not yet paid", account="+taxes payable")
    equity_held = money(
        "USD", "equity in firms of the district, at book value", account="+owners' equity"
    )
    stakes_held = money("USD", "stakes in makers, at what was paid", account="+partner stakes")
    lender_equity_held = money("USD", "equity in the district's lenders", account="+lender equity")
    outside_wealth_owed = money("USD", "what it owes to district savers", account="-outside wealth")
    settlement_owed = money(
        "USD", "settlement balance owed to the district's lenders, signed", account="-settlement"
    )
    notes_held = money("USD", "notes of the local government", account="+local notes")
    net_worth = money("USD", "net worth", account="-net worth")
    current_account = money(
        "USD", "this week's income less outlay, not yet closed", account="-net worth"
    )
    revaluations = money("USD", "this week's revaluations, not yet closed", account="-net worth")
