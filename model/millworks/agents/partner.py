"""Partners: manufacturers with 500 or more employees."""

from __future__ import annotations

from millworks.agents.producer import Producer
from millworks.world.columns import column, money


class Partner(Producer):
    """A large manufacturer owned outside; its parent takes or supplies cash every week."""

    contract_penalty = column("float64", "USD/week", "paid for committed orders not placed")
    contract_fee = column("float64", "USD/week", "programme's fee for what it is bound to buy")

    deal_cost = column("float64", "USD/week", "services bought here for deals over stakes")
    stake_dividend = column("float64", "USD/week", "dividends on stakes in makers")
    first_loss = column("float64", "USD/week", "lost stakes that a programme makes good")

    stakes_held = money("USD", "stakes in makers, at what was paid", account="+partner stakes")
