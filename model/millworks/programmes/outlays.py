"""What programmes pay out, what running them costs, and the notes that bridge the time.

Each week the entitlements that policies opened are paid: a flat sum, a part of pay, a part of the
levy paid. Running a programme costs a share of its outlays, half pay, half services bought here.
The fund keeps levies received, less outlays; where it is below zero, notes held outside fill it:

    fund  ← fund + levy + funded by the outside - outlays - interest on notes
    notes = max(0, -fund)

Source: model specification §2, §7.18, §8 (overhead 8 % of outlays, spent on local wages and
services). Left out: defaults of the local government.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.programmes import levy
from millworks.world.accounts import FIRMS
from millworks.world.measures import Entitlement
from millworks.world.postings import OUTLAYS
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

PAY_OF_OVERHEAD = 0.5
"""Part of the cost of running a programme that is pay."""
OUTLAY_WEEKS = 13.0
"""Weeks over which outlays nobody planned are smoothed."""


def pay_entitlements(world: World) -> None:
    """Pay what policies owe by a rule, to firms and households."""
    if not world.measures.running:
        return
    paid = {letter: world.population(letter).subsidy for letter in FIRMS}
    paid["H"] = world.population("H").rebate
    paid["X"] = world.population("X").programme_purchases
    for amounts in paid.values():
        amounts[:] = 0.0
    if not world.measures.entitlements:
        return
    for owed in world.measures.entitlements:
        amounts = owed.amounts * _basis(world, owed)
        paid[owed.letter][:] += amounts
        if owed.basis == "levy" and owed.letter in FIRMS:
            # The levy was not deductible; what comes back of it is no profit either.
            world.population(owed.letter).profit_quarter[:] -= amounts
        spend(world, owed.policy, add_all(amounts))
    world.ledger.book("programme rebate G>H")
    world.ledger.book("programme purchases G>X")
    for letter in FIRMS:
        world.ledger.book(f"programme subsidy G>{letter}")


def spend(world: World, policy: str, amount: float) -> None:
    """Note what a policy pays out, USD; what running it costs is added at the week's end."""
    world.measures.cost[policy] += amount


def _basis(world: World, owed: Entitlement) -> Floats | float:
    """What an entitlement is a share of, USD by row."""
    holder = world.population(owed.letter)
    if owed.basis == "pay":
        pay: Floats = holder.wage_residents + holder.wage_commuters
        return pay
    if owed.basis == "levy":
        paid: Floats = holder.levy if owed.letter == "H" else holder.pay_levy
        return _part_of_levy(world, owed.policy) * paid
    return 1.0


def _part_of_levy(world: World, policy: str) -> float:
    """Part of the levy raised for what a policy announces; 1 if it is the only one with costs."""
    planned, needed = world.measures.planned, world.measures.levy
    if needed is None:
        announced = sum(planned[p.name] for p in world.measures.policies if p.paid_by_levy)
        needed = announced + float(world.population("G").outlay_smoothed[0])
    # Of an even levy no more can come back than was levied.
    return min(1.0, planned[policy] / needed) if needed > 0.0 else 0.0


def close_week(world: World) -> None:
    """Pay for running programmes, let the outside pay its part, and bridge the rest by notes."""
    measures = world.measures
    if not measures.running:
        return
    government, book = world.population("G"), world.ledger.book
    _pay_overhead(world)
    outlay = sum(world.ledger.flows[name] for name in OUTLAYS)
    government.programme_outlay[0] = outlay
    government.funded[0] = sum(
        measures.cost[p.name] for p in measures.policies if not p.paid_by_levy
    )
    book("programme funded X>G")
    unplanned = sum(
        measures.cost[p.name] - measures.capital[p.name]
        for p in measures.policies
        if p.paid_by_levy and p.name not in measures.planned
    )
    government.outlay_smoothed[0] += (unplanned - government.outlay_smoothed[0]) / OUTLAY_WEEKS
    government.notes_interest[:] = government.notes * world.parameters.rate_notes / 52.0
    book("notes interest G>X")
    government.levied[0] = levy.received(world)
    gained = government.levied + government.funded - outlay - government.notes_interest
    gained += add_all(world.population("O").returned)
    government.programme_fund[:] += gained
    _bridge(world)


def _pay_overhead(world: World) -> None:
    """Running a policy costs a share of what it paid out this week."""
    government, measures = world.population("G"), world.measures
    share, total = world.parameters.programme_overhead, 0.0
    for policy in measures.policies:
        if policy.has_overhead:
            cost = share * measures.cost[policy.name]
            measures.cost[policy.name] += cost
            total += cost
    government.programme_pay[0] = PAY_OF_OVERHEAD * total
    government.programme_services[0] = total - government.programme_pay[0]
    world.ledger.book("programme pay G>H")
    world.ledger.book("programme services G>S")


def _bridge(world: World) -> None:
    """Issue notes for a hole in the fund, repay them as it closes."""
    government = world.population("G")
    change = np.maximum(0.0, -government.programme_fund) - government.notes
    # Adding zero makes a negative zero a plain one.
    government.notes_issued[:] = np.maximum(0.0, change) + 0.0
    government.notes_repaid[:] = np.maximum(0.0, -change) + 0.0
    world.ledger.book("notes issued X>G")
    world.ledger.book("notes repaid G>X")
