"""A district in which every posting moves money, and ways to leave part of a posting out.

Firms have little cash, small credit lines and little patience; owners give up often, estates fetch
next to nothing and are wound up within weeks, and new firms follow. What even this does not bring
about is brought about by `upset`: larger firms get a line for a while, a chain is forgiven what it
owes, estates are wound up at once.

All policies and shocks are in force from the first week, most paid for by a levy, one by the
outside, so that programmes levy, pay, guarantee and borrow too. Makers are held to be reliable now
and then, so that partners and large customers sign contracts and put in equity; partners then break
the contracts. Some makers are given capacity from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

import numpy as np
import pytest

from millworks.district_model import DistrictModel
from millworks.errors import InvariantBreach
from millworks.policies.registry import levers, make_policies
from millworks.shocks.registry import make_shocks, shocks
from millworks.study.friction_closures import ProgrammeLevy
from millworks.world import carry_out as rules
from millworks.world import ledger as ledger_module
from millworks.world.accounts import GOODS_INVOICED, GOODS_PAID, GOODS_WRITTEN_OFF
from millworks.world.capital_programme import CapitalProgramme
from millworks.world.carry_out import (
    PAID,
    PAID_BY_LENDER,
    RECEIVED,
    RECEIVED_BY_LENDER,
    SOURCE,
)
from millworks.world.ledger import Ledger
from millworks.world.measures import Measures
from millworks.world.postings import POSTINGS
from worlds import district, world_parameters

MAKERS = 60
WEEKS = 90
PATIENCE = 4
"""Weeks within which a missing posting must be noticed."""

HARSH = {
    "buf": 6,
    "cards": 0.05,
    "arrears": 3,
    "insolvency": 0.2,
    "hv0": 0.3,
    "hv1": 0.5,
    "entry_rate": 20,
    "recov": 0.05,
    "stock_resale": 0.05,
    "estate_weeks": 4,
    "a0": 3,
    "shift_cdfi": 0,
    "shift_online": 0.5,
    "minloan": 100_000,
    "cdfi_limit": 60_000,
    "online_sales": 0.5,
    "rate_online": 0.09,
    "MES": 25_000,
}
"""Little cash and patience, many exits and births, and loans of all three kinds of lender."""

LINES_OF_LARGE_FIRMS = range(10, 20)
"""Weeks in which partners, chains and blocks have a line, and their owners take all their cash."""
CASH_OF_LARGE_FIRMS = 2.0
"""Weeks of payments that they keep at other times; what lacks afterwards their owners pay in."""
WEEK_OF_FORGIVENESS = 0
"""Week, before any estate ends, in which chains are forgiven invoices: their one revaluation."""
WEEK_OF_RUSH = 6
"""Week in which shops order far too much; invoices fall due while chains live on their line."""
ESTATES_END_AT_ONCE = (*range(11, 20), *range(50, 90))
"""Weeks in which estates are wound up at once, so that even pay, taxes and lines are lost."""
NO_DEBT_HAS_TO_GO = (WEEK_OF_FORGIVENESS, *ESTATES_END_AT_ONCE)
"""Weeks in which debts for goods could as well stay: debtors go on, or still have money."""

POLICIES: dict[str, dict[str, Any]] = {name: {} for name in levers()} | {
    "inventory_finance": {"advance": 0.9, "first_loss": 1.0},
    "multi_year_commitments": {"share": 0.9, "fee": 0.03},
    "partner_equity": {
        "start": 5,
        "payer": "outside",
        "share": 0.9,
        "sales_share": 0.1,
        "least_sales": 0.0,
        "least_weeks": 0,
        "least_fill": 0.0,
    },
    "shared_facility_costs": {"weeks": 70},
}
"""All policies there are; those for stakes and contracts on terms that many can meet.

One facility closes before the end, so that what its operator still has is returned.
"""
SHOCKS: dict[str, dict[str, Any]] = {name: {} for name in shocks()} | {
    "credit_crunch": {"start": 30, "weeks": 20, "ramp": 4}
}
"""All shocks there are; credit first has to be given before lenders can grow strict."""
PURCHASES = 20_000.0
"""USD a week that a programme spends outside."""
CAPITAL_GIVEN = 100_000.0
"""USD that each tenth maker is given for capacity; with it under way an owner draws nothing."""
WEEKS_OF_TRUST = range(66, 80)
"""Weeks in which every maker counts as reliable, so that contracts are signed."""
WEEK_OF_BREACH = 84
"""Week in which partners order next to nothing, whatever they have bound themselves to."""

GOODS = (GOODS_INVOICED, GOODS_PAID, GOODS_WRITTEN_OFF)
Stage = Callable[[DistrictModel], None]


def upset(world: DistrictModel) -> None:
    """What happens to the stressed district at the opening of each week."""
    on_line = world.week in LINES_OF_LARGE_FIRMS
    for letter in "PCS":
        world.population(letter).revolver_limit[:] = 1e12 if on_line else 0.0
    if world.week == WEEK_OF_RUSH:
        for letter in "RC":
            world.population(letter).usage_forecast[:] *= 5.0
    if world.week in WEEKS_OF_TRUST:
        world.population("M").fill[:] = 1.0
    if world.week == WEEK_OF_BREACH:
        world.population("P").usage_forecast[:] = 0.0
    world.parameters = world.parameters.replace(
        unchecked=True,
        sweep_weeks=0.0 if on_line else CASH_OF_LARGE_FIRMS,
        estate_weeks=0 if world.week in ESTATES_END_AT_ONCE else HARSH["estate_weeks"],
    )


def lavish(distribute: Stage) -> Stage:
    """The stage `distribute`, in which makers with a customer's stake distribute from the buffer
    they keep for bad weeks: lines, machines and projects have had all there is above it.
    """

    @wraps(distribute)
    def stage(world: DistrictModel) -> None:
        makers = world.population("M")
        kept = makers.cash_buffer.copy()
        makers.cash_buffer[makers.stake > 0.0] = 0.0
        distribute(world)
        makers.cash_buffer[:] = kept

    return stage


def put_in_force(world: DistrictModel) -> None:
    """Introduce all policies and shocks, counted from the first week, and purchases outside."""
    policies = [*make_policies(POLICIES), ProgrammeLevy(PURCHASES)]
    world.measures = Measures(policies, make_shocks(SHOCKS), 0)
    world.measures.begin(world)


def forgive(world: DistrictModel) -> None:
    """In one week the suppliers of a chain lose what it owes them."""
    if world.week == WEEK_OF_FORGIVENESS:
        chain = np.zeros(world.trade.agents, dtype=np.bool_)
        chain[world.trade.spans["C"]] = True
        world.ledger.write_off_goods(chain)


@dataclass
class Stress:
    """A stressed run: largest flow of each posting, and the state before that week, USD."""

    model: DistrictModel
    largest: dict[str, float]
    before: dict[str, dict[str, Any]]

    def load(self, name: str) -> None:
        """Go back to the busiest week of a posting.

        The tables of postings and modes may have been altered since the ledger looked them up.
        """
        self.model.load_state(self.before[name])
        put_in_force(self.model)
        self.model.ledger._plans.clear()
        self.model.ledger._bookings.clear()

    def breach(self, name: str) -> str | None:
        """Run the busiest week of a posting, and a few more; return what broke."""
        self.load(name)
        for _ in range(PATIENCE):
            try:
                self.model.step()
            except InvariantBreach as breach:
                return str(breach)
        return None


@cache
def stressed() -> Stress:
    """Follow the stressed district, its books checked every week."""
    rates = world_parameters("default").replace(unchecked=True, **HARSH)
    model = district(makers=MAKERS, parameters=rates, seed=1, check_every=1)
    opening, *stages = model.stages
    stages = [lavish(stage) if stage.__name__ == "distribute" else stage for stage in stages]
    model.stages = (opening, upset, forgive, *stages)
    makers = model.population("M")
    given = np.zeros(makers.size)
    given[::10] = CAPITAL_GIVEN
    model.capital_programme = CapitalProgramme(given, makers.generation.copy())
    put_in_force(model)
    found = Stress(model, dict.fromkeys((*POSTINGS, *GOODS), 0.0), {})
    for _ in range(WEEKS):
        before = model.state()
        model.step()
        goods = model.ledger.goods_flows
        flows = dict(model.ledger.flows) | {name: sum(goods[name].values()) for name in GOODS}
        if model.week in NO_DEBT_HAS_TO_GO:
            del flows[GOODS_WRITTEN_OFF]
        for name, amount in flows.items():
            if abs(amount) > found.largest[name]:
                found.largest[name], found.before[name] = abs(amount), before
    return found


@contextmanager
def replaced(**methods: Callable[..., Any]) -> Iterator[None]:
    """Replace methods of the ledger for a while."""
    before = {name: getattr(Ledger, name) for name in methods}
    try:
        for name, method in methods.items():
            setattr(Ledger, name, method)
        yield
    finally:
        for name, method in before.items():
            setattr(Ledger, name, method)


@contextmanager
def moving(move: Callable[..., None]) -> Iterator[None]:
    """Let another function than `move` add what a posting moves to the balances."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "move", move)
        patch.setattr(ledger_module, "move", move)
        patch.setattr(ledger_module, "carry_out", plain(rules.carry_out))
        yield


def plain(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return the Python function behind a compiled rule; it calls what its module holds now."""
    python: Callable[..., Any] = getattr(rule, "py_func", rule)
    return python


def nothing(*_: Any) -> None:
    """Move no money."""


SIDES = {"payer": (PAID, PAID_BY_LENDER), "payee": (RECEIVED, RECEIVED_BY_LENDER)}


def one_side_only(missing: str) -> Callable[..., None]:
    """Stand in for `move`, and leave out what it does to one side and the books of its lenders."""
    original = rules.move

    def move(*given: Any) -> None:
        *places, movements, paid, received, moved = given
        kept = movements[~np.isin(movements[:, SOURCE], SIDES[missing])]
        original(*places, kept, paid, received, moved)

    return move


Inside = Callable[[], AbstractContextManager[None]]


@contextmanager
def without(method: str, when: Callable[..., bool], inside: Inside | None = None) -> Iterator[None]:
    """Put something else in force inside those calls of a ledger's `method` for which `when` holds.

    With nothing to put in force, the call itself is left out.
    """
    original = getattr(Ledger, method)

    def changed(self: Ledger, *given: Any, **named: Any) -> Any:
        if not when(*given):
            return original(self, *given, **named)
        if inside is None:
            return None
        with inside():
            return original(self, *given, **named)

    with replaced(**{method: changed}):
        yield


def is_posting(name: str) -> Callable[..., bool]:
    """Whether `Ledger.book` is called for this posting."""
    return lambda booked, *_: booked == name


def always(*_: Any) -> bool:
    """Every call."""
    return True


class MovementLeftOut:
    """Counts the movements of one posting that move anything and leaves out the one numbered."""

    def __init__(self, number: int | None) -> None:
        self.number, self.moves, self.left_out = number, 0, ""
        self.move, self.add = rules.move, Ledger._add

    def leaves_out(self, amounts: np.ndarray, account: str) -> bool:
        """Count a movement; whether it is the one to be left out."""
        if np.abs(amounts).sum() <= 1.0:
            return False
        self.moves += 1
        if self.moves - 1 != self.number:
            return False
        self.left_out = account
        return True

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Stand in for the two ways in which the ledger changes a balance."""

        def add(ledger: Ledger, letter: str, column: str, amounts: np.ndarray) -> None:
            if not self.leaves_out(amounts, f"{letter} {column}"):
                self.add(ledger, letter, column, amounts)

        def move(*given: Any) -> None:
            *places, movements, paid, received, moved = given
            kept = [
                row
                for row in movements
                if not self.leaves_out(
                    paid if row[SOURCE] in SIDES["payer"] else received, f"movement {row}"
                )
            ]
            table = np.array(kept, dtype=np.int64).reshape(-1, movements.shape[1])
            self.move(*places, table, paid, received, moved)

        with replaced(_add=add), moving(move):
            yield


def movements_nobody_missed(
    stress: Stress, flow: str, method: str, when: Callable[..., bool]
) -> tuple[list[str], int]:
    """Leave out each single movement in turn; return the accounts whose gap went unnoticed."""
    counter = MovementLeftOut(None)
    with without(method, when, counter.in_force):
        stress.load(flow)
        stress.model.step()
    unnoticed = []
    for number in range(counter.moves):
        gap = MovementLeftOut(number)
        with without(method, when, gap.in_force):
            if stress.breach(flow) is None:
                unnoticed.append(gap.left_out)
    return unnoticed, counter.moves
