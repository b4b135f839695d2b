"""What a paired study reads off a world after each week: sums by size class and of the district.

Reading must cost next to nothing beside the week itself, so manufacturers are added up in two
compiled loops, one pass each, and everything is written into one row of a table [weeks, columns].
Values added are at prices of the base year, each input deflated by its own price:

    value added = output - goods used - services / their price - rent, freight / their price

so that a cheaper input is not taken for more product (model specification, §9.1). What the week's
book keeping values at current prices (`millworks.world.identities.flows.value_added`) is another
figure. Manufacturers stand in the size class they had when the study began; whoever is born later
is a newcomer.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.producer import REASONS
from millworks.district_model import DistrictModel
from millworks.kernels import compiled
from millworks.programmes.engagements import advice
from millworks.study.quantities import SIZE_CLASSES
from millworks.world.accounts import BUILDER, CARRIER, FIRMS, LANDLORD, LOCALLY_OWNED, OFFICE
from millworks.world.measures import Measures
from millworks.world.postings import POSTINGS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

GROUPS = len(SIZE_CLASSES)
PARTNERS, NEWCOMERS = GROUPS - 2, GROUPS - 1
GROUP_OF_CLASS = np.array((0, 1, 1, 2, 3, PARTNERS))
"""Group of each `Producer.size_class`."""

BY_GROUP = (
    "output",
    "value_added",
    "jobs",
    "labour_income",
    "orders",
    "fill_orders",
    "capacity",
    "price_output",
    "investment",
    *(f"refused_{reason}" for reason in REASONS),
    "active",
    "births",
    "exits",
    "tested",
    "wants",
    "constrained",
    "constrained_any",
    "wanted_any",
    "constrained_always",
    "money_missing",
)
"""Sums of a week by group of manufacturers: base USD, USD, jobs, makers. `fill_orders` and
`price_output` are a rate times its weight; from `active` on only makers count."""

(OUTPUT, VALUE_ADDED, JOBS, PAY, ORDERS, FILL, CAPACITY, PRICE, INVESTMENT) = range(9)
REFUSED = 9
(MAKERS, BIRTHS, EXITS, TESTED, WANTS, HELD, HELD_ANY, WANTED_ANY, HELD_ALL, MISSING) = range(
    REFUSED + len(REASONS), len(BY_GROUP)
)

OF_DISTRICT = (
    "district_output",
    "district_value_added",
    "district_jobs",
    "district_labour_income",
    "income",
    "lender_equity",
    "levy",
    "cost",
    "cost_present",
    "resource_cost_present",
)
"""Sums of a week over the district, USD or base USD, jobs. `cost` is the outlay of programmes less
what comes back; `cost_present` the same with an annuity in place of outlays on capital, discounted
to the first week of the study; `resource_cost_present` that with what others than the public put
in."""

DISCOUNT = 0.03
"""Real rate of interest a year at which public costs are discounted (specification, §10.4)."""
WEEKS_OF_YEAR = 52

COST, FLOW = "cost: ", "flow: "
PROGRAMME_FLOWS = tuple(
    name
    for name in POSTINGS
    if name.startswith(("programme", "levy", "notes", "losses elsewhere", "operator"))
)
"""Postings of programmes: who pays them, who is paid, and how they are bridged."""


@compiled
def add_producers(
    group: Ints,
    sector: Ints,
    output: Floats,
    goods_used: Floats,
    services_local: Floats,
    services_outside: Floats,
    rent: Floats,
    freight_local: Floats,
    freight_outside: Floats,
    service_price: Floats,
    rent_price: float,
    freight_price: float,
    jobs: Floats,
    pay_residents: Floats,
    pay_commuters: Floats,
    orders: Floats,
    fill: Floats,
    capacity: Floats,
    price: Floats,
    replaced: Floats,
    refused: Floats,
    sums: Floats,
) -> None:
    """Add each manufacturer of one kind to the sums [groups, len(BY_GROUP)] of its group."""
    for i in range(group.shape[0]):
        row = sums[group[i]]
        used = goods_used[i] + services_local[i] / service_price[sector[i]] + services_outside[i]
        used += rent[i] / rent_price + freight_local[i] / freight_price + freight_outside[i]
        row[OUTPUT] += output[i]
        row[VALUE_ADDED] += output[i] - used
        row[JOBS] += jobs[i]
        row[PAY] += pay_residents[i] + pay_commuters[i]
        row[ORDERS] += orders[i]
        row[FILL] += fill[i] * orders[i]
        row[CAPACITY] += capacity[i]
        row[PRICE] += price[i] * output[i]
        row[INVESTMENT] += replaced[i]
        for reason in range(refused.shape[1]):
            row[REFUSED + reason] += refused[i, reason]


@compiled
def add_tests(
    group: Ints,
    status: Ints,
    generation: Ints,
    was_active: Flags,
    last_generation: Ints,
    tested: Ints,
    wants: Flags,
    constrained: Flags,
    wanted_year: Flags,
    constrained_year: Flags,
    missing: Floats,
    bought_local: Floats,
    bought_outside: Floats,
    sums: Floats,
) -> None:
    """Count makers, their births and exits, and what their last tests found.

    `was_active`, `last_generation` hold last week's state and are brought up to date. A row whose
    generation changes belongs to a newcomer from then on.
    """
    for i in range(group.shape[0]):
        active = status[i] == ACTIVE
        renewed = generation[i] != last_generation[i]
        if was_active[i] and (renewed or not active):
            sums[group[i], EXITS] += 1.0
        if renewed:
            group[i] = NEWCOMERS
        row = sums[group[i]]
        row[INVESTMENT] += bought_local[i] + bought_outside[i]
        if active:
            row[MAKERS] += 1.0
            if renewed or not was_active[i]:
                row[BIRTHS] += 1.0
            if tested[i] >= 0:
                any_held = False
                any_wanted = False
                all_held = True
                for quarter in range(constrained_year.shape[1]):
                    any_held = any_held or constrained_year[i, quarter]
                    any_wanted = any_wanted or wanted_year[i, quarter]
                    all_held = all_held and constrained_year[i, quarter]
                row[TESTED] += 1.0
                row[WANTS] += 1.0 if wants[i] else 0.0
                row[HELD] += 1.0 if constrained[i] else 0.0
                row[HELD_ANY] += 1.0 if any_held else 0.0
                row[WANTED_ANY] += 1.0 if any_wanted else 0.0
                row[HELD_ALL] += 1.0 if all_held else 0.0
                row[MISSING] += missing[i] if constrained[i] else 0.0
        was_active[i] = active
        last_generation[i] = generation[i]


def columns_of(levers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the columns of a table: sums by group first, one per group."""
    groups = (f"{name}@{group}" for group in SIZE_CLASSES for name in BY_GROUP)
    costs = (COST + name for name in levers)
    return (*groups, *OF_DISTRICT, *costs, *(FLOW + name for name in PROGRAMME_FLOWS))


class RunMeasures:
    """The table of one arm: `values` [weeks, columns], one row written by each `record`.

    `levers`: names of the policies whose cost is followed. Make it when the arm's start is loaded:
    who trades then is the base of births and exits, the first week is that of present values.
    """

    def __init__(self, world: DistrictModel, weeks: int, levers: tuple[str, ...]) -> None:
        self.columns = columns_of(levers)
        self.values = np.zeros((weeks, len(self.columns)))
        self._levers = levers
        self._sums = np.zeros((GROUPS, len(BY_GROUP)))
        makers = world.population("M")
        self._group = {kind: GROUP_OF_CLASS[world.population(kind).size_class] for kind in "MP"}
        self._was_active: Flags = makers.status == ACTIVE
        self._generation: Ints = makers.generation.copy()
        self._week = 0

    def record(self, world: DistrictModel) -> None:
        """Read the week that has just ended."""
        sums, row = self._sums, self.values[self._week]
        sums[:] = 0.0
        self._add_makers(world)
        for kind in "MP":
            self._add_producers(world, kind)
        row[: sums.size] = sums.ravel()
        rest = self._district(world)
        flows = world.ledger.flows
        rest += [world.measures.cost[name] for name in self._levers]
        rest += [flows.get(name, 0.0) for name in PROGRAMME_FLOWS]
        row[sums.size :] = rest
        self._week += 1

    def _add_makers(self, world: DistrictModel) -> None:
        makers = world.population("M")
        add_tests(
            self._group["M"],
            makers.status,
            makers.generation,
            self._was_active,
            self._generation,
            makers.tested,
            makers.wants,
            makers.constrained,
            makers.wanted_year,
            makers.constrained_year,
            makers.money_missing,
            makers.capital_ordered_local,
            makers.capital_ordered_outside,
            self._sums,
        )

    def _add_producers(self, world: DistrictModel, kind: str) -> None:
        firms, block_price = world.population(kind), world.population("S").price
        add_producers(
            self._group[kind],
            firms.sector,
            firms.output,
            firms.goods_used,
            firms.services_local,
            firms.services_outside,
            firms.rent,
            firms.freight_local,
            firms.freight_outside - firms.freight_surcharge,
            world.service_price,
            float(block_price[LANDLORD]),
            float(block_price[CARRIER]),
            firms.jobs,
            firms.wage_residents,
            firms.wage_commuters,
            firms.orders,
            firms.fill,
            world.capacity_at_hand(kind),
            firms.price,
            firms.capital_replaced,
            firms.refused,
            self._sums,
        )

    def _district(self, world: DistrictModel) -> list[float]:
        """Sums over the district, in the order of `OF_DISTRICT`."""
        output, added, jobs, pay = (
            float(self._sums[:, field].sum()) for field in (OUTPUT, VALUE_ADDED, JOBS, PAY)
        )
        for kind in "RCS":
            firms = world.population(kind)
            made = float(firms.output.sum())
            used = float((firms.goods_used if kind == "S" else firms.supplies_used).sum())
            used += float((firms.services_local / world.service_price[firms.sector]).sum())
            output += made
            added += made - used - float(firms.services_outside.sum())
            jobs += float(firms.jobs.sum())
            pay += float(firms.wage_residents.sum()) + float(firms.wage_commuters.sum())
        lenders = world.population("B")
        # What lenders make is not counted as output, so what they buy here is not final; nor is
        # what partners pay here for their deals.
        office = float(lenders.services.sum()) + float(world.population("P").deal_cost.sum())
        added -= office / float(world.population("S").price[OFFICE])
        # Members' fees are not taken off what they add. What running programmes and facilities
        # takes is a cost and no product of the district, built or bought.
        added -= programmes_use(world)
        flows = world.ledger.flows
        outlay, cost = net_outlay_and_cost(world.measures, flows)
        present = (1.0 + DISCOUNT) ** (-self._week / WEEKS_OF_YEAR)
        # What is still there at the end of the horizon is no cost of it.
        last = self._week == len(self.values) - 1
        own = float(world.population("O").cleared.sum()) if last else 0.0
        others = float(world.population("M").stake.sum()) if last and self._levers else 0.0
        return [
            output,
            added,
            jobs,
            pay + float(lenders.pay.sum()),
            residents_income(world),
            float(lenders.lender_equity.sum()),
            sum(flows.get(name, 0.0) for name in LEVIED),
            outlay,
            (cost - own) * present,
            (cost - own + sum(world.measures.resource_cost.values()) - others) * present,
        ]


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


def residents_income(world: DistrictModel) -> float:
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
    flows = world.ledger.flows
    for name, sign in TO_RESIDENTS.items():
        income += sign * flows.get(name, 0.0)
    return income


TO_RESIDENTS = {
    "transfers X>H": 1.0,
    "programme rebate G>H": 1.0,
    "programme pay G>H": 1.0,
    "operator pay O>H": 1.0,
    "levy withheld H>G": -1.0,
}
"""Postings that add to residents' income besides pay and profits, with their sign."""


def net_outlay_and_cost(measures: Measures, flows: Mapping[str, float]) -> tuple[float, float]:
    """Return what all policies pay out this week, and what they cost the public, USD.

    Both less what policies bring back; of capital the cost is this week's annuity.
    """
    back = sum(flows.get(name, 0.0) for name in BROUGHT_BACK)
    cost = sum(measures.public_cost(policy.name) for policy in measures.policies)
    return sum(measures.cost.values()) - back, cost - back


LEVIED = tuple(name for name in PROGRAMME_FLOWS if name.startswith(("levy charged", "levy with")))
"""Postings that charge the levy; what is paid later is not counted again."""

BROUGHT_BACK = tuple(
    name
    for name in PROGRAMME_FLOWS
    if name.startswith("programme") and POSTINGS[name].payee == "G" and POSTINGS[name].payer != "X"
)
"""Fees and repayments that programmes receive from those they serve."""
