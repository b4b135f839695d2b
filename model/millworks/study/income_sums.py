"""Sums of a week over those who live, own, spend and tax in the district, and over programmes.

Benefits are put together from them (`millworks.study.benefit_cost`; model specification, §10.4):
residents' pay and what is withheld of it, what local owners earn, what residents' basket costs,
what the local government takes in; and for a national account all pay, the wear of capital, what
programmes buy and hand over, and what the district sets in motion in the rest of the US.

    labour     = pay / w                  pay at wages of the base year, w wage index of the week
    basket     = USD spent / price        residents' consumption at prices of the base year
    final sales = shops' sales + services and goods sold to residents, government, investors and
                  buyers elsewhere        all at prices of the base year

Left out: taxes on owners' income beyond those of their firms, and on transfers, of which the model
has none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from millworks.district_model import DistrictModel
from millworks.programmes.engagements import advice
from millworks.world.accounts import BUILDER, CARRIER, FIRMS, LANDLORD, LOCALLY_OWNED, OFFICE
from millworks.world.postings import POSTINGS
from millworks.world.sums import add_all

Floats = npt.NDArray[np.float64]

OF_INCOMES = (
    "pay_residents",
    "pay_taxes",
    "labour_residents",
    "owners_income",
    "rebates",
    "consumption",
    "consumption_base",
    "local_tax",
    "outlay_by_levy",
    "final_sales",
    "labour",
    "programme_income",
    "programme_transfers",
    "wear",
    "us_value_added",
    "us_labour",
)
"""Sums of a week, USD, or base USD where prices or wages of the base year are meant.

`pay_taxes` is withheld from residents' pay, `owners_income` local owners' before any levy;
`outlay_by_levy` what policies paid by a levy pay out; `labour` all pay at base-year wages, staff of
lenders and programmes too; `programme_income` what programmes and facilities pay for work and
goods, less fees of members; `us_…` what the district sets in motion in the rest of the US.
"""

TO_RESIDENTS = {
    "transfers X>H": 1.0,
    "programme rebate G>H": 1.0,
    "programme pay G>H": 1.0,
    "operator pay O>H": 1.0,
    "levy withheld H>G": -1.0,
}
"""Postings that add to residents' income besides pay and profits, with their sign."""

STAFF_PAY = ("programme pay G>H", "operator pay O>H")
REBATE = "programme rebate G>H"
TRANSFERS = tuple(
    name
    for name, posting in POSTINGS.items()
    if name.startswith("programme")
    and posting.payer == "G"
    and posting.row in ("Subsidies and grants", "Guarantees")
    and posting.payee != "O"
)
"""Postings with which programmes hand over money for no work and no goods."""


def income_sums(world: DistrictModel, wage: float, labour_income: float) -> list[float]:
    """Return the sums of the week in the order of `OF_INCOMES`.

    `wage`: index that the week's pay was earned at; `labour_income`: pay of firms and lenders, USD.
    """
    flows, households = world.ledger.flows, world.population("H")
    national, made = world.technology.national, world.rest_of_us.whole_output
    staff = sum(flows.get(name, 0.0) for name in STAFF_PAY)
    residents = residents_pay(world) + staff
    spent, base = basket(world)
    local_tax = add_all(households.tax_local)
    for kind in FIRMS:
        local_tax += add_all(world.population(kind).pay_taxes_local)
    by_levy = (p.name for p in world.measures.policies if p.paid_by_levy)
    worn = add_all(world.population("M").capital_worn) + add_all(world.population("P").capital_worn)
    return [
        residents,
        add_all(households.tax_local) + add_all(households.tax_outside),
        residents / wage,
        owners_income(world),
        flows.get(REBATE, 0.0),
        spent,
        base,
        local_tax,
        sum(world.measures.cost[name] for name in by_levy),
        final_sales(world),
        (labour_income + staff) / wage,
        programmes_use(world) + staff - add_all(world.population("M").fees),
        sum(flows.get(name, 0.0) for name in TRANSFERS),
        -worn,
        float(national.value_added @ made),
        float(national.compensation @ made),
    ]


def residents_pay(world: DistrictModel) -> float:
    """Return residents' gross pay by firms and lenders this week, USD."""
    pay: float = add_all(world.population("B").pay)
    for kind in FIRMS:
        pay += add_all(world.population(kind).wage_residents)
    return pay


def owners_income(world: DistrictModel) -> float:
    """Return what local owners earned this week before any levy, USD.

    Their part of what firms earn after their taxes, drawn or kept, and of what firms gain or lose
    on what they own and owe; the part of a levy that fell on it is put back.
    """
    income = 0.0
    for kind in LOCALLY_OWNED:
        firms = world.population(kind)
        income += add_all(firms.draw_local) + add_all(firms.reinvested_local)
        income += add_all(firms.revalued_local)
        if world.measures.running:
            income += add_all(firms.levy * firms.local_ownership)
    return income


def basket(world: DistrictModel) -> tuple[float, float]:
    """Return what residents spent this week, USD, and the same at prices of the base year.

    Shops' goods are put at their landed cost and margin of the base year, services of blocks at
    their price; what is bought outside keeps its price.
    """
    households, blocks = world.population("H"), world.population("S")
    base = add_all(households.spent_shops_outside) + add_all(households.spent_services_outside)
    base += add_all(blocks.household_sales / blocks.price)
    return add_all(households.consumption), base + _shop_sales(world)


def final_sales(world: DistrictModel) -> float:
    """Return what firms here sold to final buyers and to buyers elsewhere this week, base USD.

    Residents' shopping and services, purchases of the local government, capital goods and
    technology bought here, goods and services sold outside the district; not what programmes buy.
    """
    blocks, trade, makers = world.population("S"), world.trade, world.population("M")
    price = blocks.price
    services = blocks.household_sales + blocks.government_sales + blocks.outside_sales
    sold = _shop_sales(world) + add_all(services / price)
    sold += add_all(makers.capital_ordered_local) / float(price[BUILDER])
    sold += add_all(makers.technology_local) / float(price[OFFICE])
    return sold + add_all(trade.shipped[trade.outside_customers])


def _shop_sales(world: DistrictModel) -> float:
    """Sales of shops at landed costs and margins of the base year, USD."""
    sold = 0.0
    for kind in "RC":
        shops = world.population(kind)
        sold += add_all(shops.units_sold) + add_all(shops.output)
    return sold


def programmes_use(world: DistrictModel) -> float:
    """Return what programmes and their operators use up or build here this week, base USD."""
    operators, price = world.population("O"), world.population("S").price
    office = float(operators.services.sum()) + advice(world)
    office += float(world.population("G").programme_services.sum())
    used = office / float(price[OFFICE])
    used += float(operators.rent.sum()) / float(price[LANDLORD])
    used += float(operators.freight_local.sum()) / float(price[CARRIER])
    used += float(operators.capital_local.sum()) / float(price[BUILDER])
    return used + float(operators.freight_outside.sum()) + float(operators.purchases.sum())


def residents_income(world: DistrictModel, flows: Mapping[str, float]) -> float:
    """Return residents' income of the week before taxes on income, USD at current prices.

    Pay of residents by firms, lenders and programmes, local owners' part of firms' earnings, drawn
    or kept, transfers and programme payments, less the levy withheld from them.
    """
    income = float(world.population("B").pay.sum())
    for kind in FIRMS:
        income += float(world.population(kind).wage_residents.sum())
    for kind in LOCALLY_OWNED:
        firms = world.population(kind)
        income += float(firms.draw_local.sum()) + float(firms.reinvested_local.sum())
    for name, sign in TO_RESIDENTS.items():
        income += sign * flows.get(name, 0.0)
    return income
