"""The fee that a programme may pay customers for the volume they are bound to buy.

    fee of a contract = rate · committed units a week · price of the seller        USD a week

The rate is a share of the value bought in a year. It is offered with the contract and paid while
the programme lasts; the contract lasts longer.

Source: model specification §8 (1 % a year, optional). Left out: fees that must be paid back.
"""

from __future__ import annotations

import numpy as np

from millworks.programmes.outlays import spend
from millworks.world.sums import add_all, add_up
from millworks.world.world import World

POLICY = "multi_year_commitments"


def pay_commitment_fees(world: World) -> None:
    """Pay this week's fee to partners and to customers outside."""
    trade = world.trade
    if not trade.contracts.open:
        return
    makers, partners, outside = (world.population(letter) for letter in "MPX")
    per_unit = np.zeros(trade.agents)
    if world.measures.policies:
        per_unit[trade.spans["M"]] = makers.commitment_fee * makers.price
    links = trade.contracts.links
    fees = trade.contracts.committed * per_unit[trade.seller[links]]
    by_buyer = trade.by_holder(add_up(trade.buyer[links], fees, trade.agents))
    partners.contract_fee[:] = by_buyer["P"]
    outside.contract_fee[0] = add_all(by_buyer["X"])
    world.ledger.book("programme fee G>P")
    world.ledger.book("programme fee G>X")
    spend(world, POLICY, add_all(partners.contract_fee) + float(outside.contract_fee[0]))
