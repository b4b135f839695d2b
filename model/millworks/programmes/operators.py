"""The money of shared facilities: members' fees, what running them takes, and the public's part.

    support_o = (outlays_o - grant_o - deposit_o)⁺              USD a week, G>O
    wear_o    = cost of its capital / its life, until it is used up
    charge_o  = public capital · annuity(3 %, life) / 52        USD a week, for reports only

A policy lets its operator `incur` costs, `charge_fees` and `buy_capital` in the stages in which
they arise; everything is booked at the end of the stage `overhead`. Fees are owed until next week,
stand in the waterfall with rent and freight, and are lost with those who fail. Outlays are paid at
once: with fees received before, with what the outside grants, and by the programme for the rest.
Capital that a levy has to pay for is bridged by notes and falls to the levy in equal parts over its
life (`Government.capital_debt`).

Source: model specification §2 (operators), §8, §10.4 (public capital enters by its annuity).
Deviation: operators are non-profits with net worth of their own instead of belonging to the local
government. Left out: debts and failure of operators, replacement of what is worn.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import sector_index
from millworks.kernels import compiled
from millworks.programmes.outlays import spend
from millworks.world.accounts import BUILDER, CARRIER, LANDLORD, OFFICE, OPERATORS
from millworks.world.columns import CENT
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DISCOUNT = 0.03
"""Real rate at which public capital is charged, 1/year (model specification, §10.4)."""
SUPPLIES = sector_index("PBS")
"""Sector of the rest of the US that makes what operators buy outside."""
COSTS = ("pay", "services", "rent", "freight_local", "freight_outside", "purchases", "rent_outside")
"""Columns of what running a facility takes."""
CAPITAL = ("capital_local", "capital_outside")
WEEK_ONLY = (*COSTS, *CAPITAL, "capital_worn", "support", "granted", "returned")
"""Decisions that hold for one week."""
SOLD_BY = {"services": OFFICE, "rent": LANDLORD, "freight_local": CARRIER, "capital_local": BUILDER}
"""What operators buy here -> row of the block that makes it, a week later."""
OPEN_MATTERS = (
    "cleared",
    "fixed_capital",
    "debt_to_levy",
    "levied_weekly",
    "capital_charge",
    "others_charge",
)
"""Columns that are not zero while a facility still has or owes something."""
REMEMBERED = ("pay", *SOLD_BY)
PAYEES = {
    "pay": ("operator pay O>H",),
    "services": ("operator services O>S",),
    "rent": ("operator rent O>S", "operator rent O>X"),
    "freight": ("operator freight O>S", "operator freight O>X"),
    "purchases": ("operator purchases O>X",),
    "capital": ("operator capital O>S", "operator capital O>X"),
}
"""Postings of what operators pay."""


def row_of(policy: str) -> int:
    """Row of the operator that runs a policy's facility; ValueError for one that needs none."""
    return OPERATORS.index(policy)


def open_week(world: World) -> None:
    """Last week's purchases become sales of blocks and pay of households; the week is blank."""
    operators = world.population("O")
    for name in REMEMBERED:
        getattr(operators, f"last_{name}")[:] = getattr(operators, name)
    for name in WEEK_ONLY:
        getattr(operators, name)[:] = 0.0
    makers = world.population("M")
    if makers.fees.any():
        makers.fees[:] = 0.0
        makers.fees_asked[:] = 0.0


def charge_fees(world: World, policy: str, usd: Floats) -> None:
    """Makers owe the operator of a policy fees, USD per row, this week.

    To be called in stages up to `overhead`, where the fees of the week are booked.
    """
    makers = world.population("M")
    makers.fees_asked[:, row_of(policy)] += usd
    makers.fees[:] += usd


def incur(
    world: World,
    policy: str,
    *,
    pay: float = 0.0,
    services: float = 0.0,
    rent: float = 0.0,
    freight_local: float = 0.0,
    freight_outside: float = 0.0,
    purchases: float = 0.0,
    rent_outside: float = 0.0,
) -> None:
    """Running a policy's facility takes so much this week, USD: whom the operator pays."""
    operators, row = world.population("O"), row_of(policy)
    amounts = (pay, services, rent, freight_local, freight_outside, purchases, rent_outside)
    for name, usd in zip(COSTS, amounts, strict=True):
        getattr(operators, name)[row] += usd


def buy_capital(
    world: World,
    policy: str,
    *,
    local: float,
    outside: float,
    years: float,
    from_outside: float = 0.0,
) -> None:
    """The operator buys capital, USD from builders here and from outside, with a life in years.

    `from_outside`: USD of it that somebody outside grants. The public pays the rest.
    """
    operators, row = world.population("O"), row_of(policy)
    operators.capital_local[row] += local
    operators.capital_outside[row] += outside
    operators.granted[row] += from_outside
    operators.cost_of_capital[row] += local + outside
    operators.life_weeks[row] = 52.0 * years
    public = local + outside - from_outside
    operators.capital_charge[row] += public * DISCOUNT / (1.0 - (1.0 + DISCOUNT) ** -years) / 52.0
    world.measures.capital[policy] += public
    others = from_outside * DISCOUNT / (1.0 - (1.0 + DISCOUNT) ** -years) / 52.0
    operators.others_charge[row] += others
    if world.measures.by_name(policy).paid_by_levy:
        operators.debt_to_levy[row] += public
        operators.levied_weekly[row] += public / (52.0 * years)


def add_orders(world: World, sales: Floats) -> None:
    """Add what operators bought last week to the sales of the blocks, [blocks] USD."""
    operators = world.population("O")
    for name, block in SOLD_BY.items():
        sales[block] += add_all(getattr(operators, f"last_{name}"))


def run(world: World) -> None:
    """Charge the fees of the week, pay what facilities take, and let the programme fill up."""
    _book_fees(world)
    operators, government = world.population("O"), world.population("G")
    if not (world.measures.running or operators.fixed_capital.any()):
        return
    outlay = sum(
        (getattr(operators, name) for name in (*COSTS, *CAPITAL)), np.zeros(len(OPERATORS))
    )
    if not (outlay.any() or _at_work(world)):
        return
    # What the levy has paid back of public capital is no longer owed.
    owed = operators.debt_to_levy - operators.levied_weekly
    operators.debt_to_levy[:] = np.where(owed > CENT, owed, 0.0)
    operators.levied_weekly[operators.debt_to_levy == 0.0] = 0.0
    government.capital_debt[0] = add_all(operators.debt_to_levy)
    _retire(world)
    operators.support[:] = np.maximum(0.0, outlay - operators.granted - operators.cleared)
    world.ledger.book("operator granted X>O")
    world.ledger.book("programme support G>O")
    for policy in world.measures.policies:
        if policy.name in OPERATORS:
            row = row_of(policy.name)
            spend(world, policy.name, float(operators.support[row]))
            world.measures.charge[policy.name] += float(operators.capital_charge[row])
            world.measures.resource_cost[policy.name] += float(operators.others_charge[row])
    for names in PAYEES.values():
        for name in names:
            world.ledger.book(name)
    _return_surplus(world, outlay)
    _wear(world)
    world.rest_of_us.add_freight(add_all(operators.freight_outside))
    world.rest_of_us.purchases[SUPPLIES] += add_all(operators.purchases)


def _at_work(world: World) -> bool:
    """Whether a policy in force has a facility, or one that had left something to be settled."""
    operators = world.population("O")
    return any(policy.name in OPERATORS for policy in world.measures.policies) or any(
        getattr(operators, name).any() for name in OPEN_MATTERS
    )


def _retire(world: World) -> None:
    """Capital that is used up is charged to nobody any more."""
    operators = world.population("O")
    bought = operators.capital_local + operators.capital_outside
    gone = (operators.fixed_capital <= CENT) & (bought <= 0.0)
    operators.capital_charge[gone] = operators.others_charge[gone] = 0.0


def _return_surplus(world: World, outlay: Floats) -> None:
    """What a closed facility still has goes back to the programme's fund."""
    operators = world.population("O")
    closed = (outlay <= 0.0) & (_by_operator(world.population("M").fees_asked) <= 0.0)
    operators.returned[:] = np.where(closed, np.maximum(0.0, operators.cleared), 0.0)
    world.ledger.book("programme returned O>G")


def _wear(world: World) -> None:
    """Facilities wear in equal parts over their life."""
    operators = world.population("O")
    weekly = np.divide(
        operators.cost_of_capital,
        operators.life_weeks,
        out=np.zeros(operators.size),
        where=operators.life_weeks > 0.0,
    )
    operators.capital_worn[:] = 0.0 - np.minimum(weekly, operators.fixed_capital)
    world.ledger.book("capital worn O")


def _book_fees(world: World) -> None:
    makers = world.population("M")
    if makers.fees.any():
        makers.fees_owed[:] += makers.fees_asked
        world.ledger.book("operator fees M>O", _by_operator(makers.fees_asked))


def _by_operator(amounts: Floats) -> Floats:
    """Sum of [makers, operators] over makers."""
    total = np.zeros(amounts.shape[1])
    add_columns(amounts, total)
    return total


@compiled
def add_columns(amounts: Floats, total: Floats) -> None:
    """Add up each column of a matrix, row after row."""
    for row in range(amounts.shape[0]):
        for column in range(amounts.shape[1]):
            total[column] += amounts[row, column]


@compiled
def pay_by_operator(pay: Floats, owed: Floats, received: Floats) -> None:
    """Each maker's payment of fees is split in proportion to what it owes each operator, USD.

    `pay` [makers], which is rewritten as the sum of its parts: both ends book the same, whatever
    rounding does. `owed` [makers, operators] falls; `received` [operators].
    """
    for maker in range(pay.shape[0]):
        due = 0.0
        for operator in range(owed.shape[1]):
            due += owed[maker, operator]
        part = min(1.0, pay[maker] / due) if due > 0.0 else 0.0
        pay[maker] = 0.0
        for operator in range(owed.shape[1]):
            paid = owed[maker, operator] * part
            owed[maker, operator] -= paid
            pay[maker] += paid
            received[operator] += paid


def decide_fees(world: World, part: Floats) -> None:
    """Makers pay a part of the fees they owe, as of other services; `part` 0 to 1 per row."""
    makers = world.population("M")
    if makers.fees_due.any() or makers.pay_fees.any():
        makers.pay_fees[:] = part * makers.fees_due


def pay_fees(world: World) -> None:
    """Carry out the payments of fees."""
    makers = world.population("M")
    if not makers.pay_fees.any():
        return
    received = np.zeros(len(OPERATORS))
    pay_by_operator(makers.pay_fees, makers.fees_owed, received)
    world.ledger.book("operator fees paid M>O", received)


def write_off_fees(world: World, settled: Flags) -> None:
    """Fees that estates which are over still owe are lost to the operators."""
    makers = world.population("M")
    if not settled.any():
        makers.fees_written_off[:] = 0.0
        return
    makers.fees_written_off[:] = np.where(settled, makers.fees_due, 0.0)
    if makers.fees_written_off.any():
        lost = np.where(settled[:, None], makers.fees_owed, 0.0)
        world.ledger.book("operator fees written off M>O", _by_operator(lost))
    makers.fees_owed[settled] = 0.0
