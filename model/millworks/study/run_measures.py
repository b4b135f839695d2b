"""What a paired study reads off a world after each week: one row of a table [weeks, columns].

Reading must cost next to nothing beside the week itself. Manufacturers are added up by size class
and by sector in two compiled loops (`study.producer_sums`), where values added are at prices of the
base year; incomes, prices and what programmes hand over are in `study.income_sums`; here they are
joined by the sums of the whole district, of lenders and of public cost. What the week's book
keeping values at current prices (`millworks.world.identities.flows.value_added`) is another figure.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.district_model import DistrictModel
from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.study.income_sums import OF_INCOMES, income_sums, programmes_use, residents_income
from millworks.study.producer_sums import (
    AGES,
    BY_GROUP,
    BY_SECTOR,
    GROUP_COLUMNS,
    GROUP_OF_CLASS,
    GROUPS,
    JOBS,
    OF_NEWCOMERS,
    OUTPUT,
    PAY,
    SECTOR_COLUMNS,
    STARTED,
    VALUE_ADDED,
    add_producers,
    add_tests,
)
from millworks.world.accounts import CARRIER, LANDLORD, OFFICE
from millworks.world.freight_terms import weeks_under_way
from millworks.world.measures import Measures
from millworks.world.postings import POSTINGS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

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
to the first week of the study; `resource_cost_present` that with what others than the public pay
into what a policy offers (clients' and federal parts of advice, stakes, an investor's part of a
building), less what comes back of it. Fees for services used and what makers invest themselves are
not in it: what they earn is in the effect (specification, §10.4)."""

DISCOUNT = 0.03
"""Real rate of interest a year at which public costs are discounted (specification, §10.4)."""
WEEKS_OF_YEAR = 52
SMALLEST_COST = 1e4
"""Cost over the horizon, USD, below which nothing is put in relation to it."""

COST, FLOW = "cost: ", "flow: "
PROGRAMME_FLOWS = tuple(
    name
    for name in POSTINGS
    if name.startswith(("programme", "levy", "notes", "losses elsewhere", "operator"))
)
"""Postings of programmes: who pays them, who is paid, and how they are bridged."""


def columns_of(levers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the columns of a table: sums by group first, then by sector."""
    costs = (COST + name for name in levers)
    followed = (FLOW + name for name in PROGRAMME_FLOWS)
    sums = (*GROUP_COLUMNS, *SECTOR_COLUMNS, *OF_NEWCOMERS)
    return (*sums, *OF_DISTRICT, *OF_INCOMES, *costs, *followed)


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
        self._of_sector = np.zeros((N_SECTORS, len(BY_SECTOR)))
        self._newcomers = np.zeros((len(AGES), 2))
        makers = world.population("M")
        self._group = {kind: GROUP_OF_CLASS[world.population(kind).size_class] for kind in "MP"}
        self._was_active: Flags = makers.status == ACTIVE
        trading = self._group["M"][self._was_active]
        self._started = np.bincount(trading, minlength=GROUPS).astype(float)
        self._age: Ints = np.zeros(makers.size, dtype=np.int64)
        self._generation: Ints = makers.generation.copy()
        self._wage = world.wage
        self._week = 0

    def record(self, world: DistrictModel) -> None:
        """Read the week that has just ended."""
        producers = (self._sums, self._of_sector, self._newcomers)
        for sums in producers:
            sums[:] = 0.0
        self._sums[:, STARTED] = self._started
        self._add_makers(world)
        for kind in "MP":
            self._add_producers(world, kind)
        made = self._of_sector[MANUFACTURING]
        parts = [self._sums.ravel(), made.ravel(), self._newcomers.ravel()]
        rest = self._district(world)
        flows = world.ledger.flows
        rest += [world.measures.cost[name] for name in self._levers]
        rest += [flows.get(name, 0.0) for name in PROGRAMME_FLOWS]
        np.concatenate([*parts, rest], out=self.values[self._week])
        # Wages move at the end of a week, when its pay has been earned.
        self._wage = world.wage
        self._week += 1

    def _add_makers(self, world: DistrictModel) -> None:
        makers = world.population("M")
        add_tests(
            self._group["M"],
            makers.status,
            makers.generation,
            self._was_active,
            self._generation,
            self._age,
            AGES,
            makers.tested,
            makers.wants,
            makers.constrained,
            makers.wanted_year,
            makers.constrained_year,
            makers.money_missing,
            makers.capital_ordered_local,
            makers.capital_ordered_outside,
            self._sums,
            self._newcomers,
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
            firms.freight_outside,
            firms.freight_surcharge,
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
            firms.backlog,
            world.trade.ready_at_seller[world.trade.spans[kind]],
            firms.shipped,
            weeks_under_way(world, world.parameters.ship_weeks),
            firms.refused,
            self._sums,
            self._of_sector,
        )

    def _district(self, world: DistrictModel) -> list[float]:
        """Sums over the district, in the order of `OF_DISTRICT` and `OF_INCOMES`."""
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
        pay += float(lenders.pay.sum())
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
            pay,
            residents_income(world, flows),
            float(lenders.lender_equity.sum()),
            sum(flows.get(name, 0.0) for name in LEVIED),
            outlay,
            (cost - own) * present,
            (cost - own + sum(world.measures.resource_cost.values()) - others) * present,
            *income_sums(world, self._wage, pay),
        ]


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
