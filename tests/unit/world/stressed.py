"""A district in which every posting moves money, and ways to leave part of a posting out.

Firms have little cash, small credit lines and little patience; owners give up often, estates fetch
next to nothing and are wound up within weeks, and new firms follow. What even this does not bring
about is brought about by `upset`: larger firms get a line for a while, a chain is forgiven what it
owes, estates are wound up at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from millworks.district_model import DistrictModel
from millworks.errors import InvariantBreach
from millworks.world.accounts import GOODS_INVOICED, GOODS_PAID, GOODS_WRITTEN_OFF
from millworks.world.ledger import Ledger
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

GOODS = (GOODS_INVOICED, GOODS_PAID, GOODS_WRITTEN_OFF)


def upset(world: DistrictModel) -> None:
    """What happens to the stressed district at the opening of each week."""
    on_line = world.week in LINES_OF_LARGE_FIRMS
    for letter in "PCS":
        world.population(letter).revolver_limit[:] = 1e12 if on_line else 0.0
    if world.week == WEEK_OF_RUSH:
        for letter in "RC":
            world.population(letter).usage_forecast[:] *= 5.0
    world.parameters = world.parameters.replace(
        unchecked=True,
        sweep_weeks=0.0 if on_line else CASH_OF_LARGE_FIRMS,
        estate_weeks=0 if world.week in ESTATES_END_AT_ONCE else HARSH["estate_weeks"],
    )


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

    def breach(self, name: str) -> str | None:
        """Run the busiest week of a posting, and a few more; return what broke."""
        self.model.load_state(self.before[name])
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
    model.stages = (opening, upset, forgive, *stages)
    found = Stress(model, dict.fromkeys((*POSTINGS, *GOODS), 0.0), {})
    for _ in range(WEEKS):
        before = model.state()
        model.step()
        goods = model.ledger.goods_flows
        flows = dict(model.ledger.flows) | {name: sum(goods[name].values()) for name in GOODS}
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


def nothing(self: Ledger, *given: Any, **named: Any) -> None:
    """Move no money."""


@contextmanager
def without(method: str, when: Callable[..., bool], **inside: Callable[..., Any]) -> Iterator[None]:
    """Replace methods only inside those calls of `method` for which `when` holds.

    With nothing to replace inside, the call itself is left out.
    """
    original = getattr(Ledger, method)

    def changed(self: Ledger, *given: Any, **named: Any) -> Any:
        if not when(*given):
            return original(self, *given, **named)
        if not inside:
            return None
        with replaced(**inside):
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
        self.original = Ledger._add

    def __call__(self, ledger: Ledger, letter: str, column: str, amounts: np.ndarray) -> None:
        if np.abs(amounts).sum() > 1.0:
            self.moves += 1
            if self.number is not None and self.moves - 1 == self.number:
                self.left_out = f"{letter} {column}"
                return
        self.original(ledger, letter, column, amounts)

    def method(self) -> Callable[..., None]:
        """The method that stands in for `Ledger._add`."""
        return lambda ledger, letter, column, amounts: self(ledger, letter, column, amounts)


def movements_nobody_missed(
    stress: Stress, flow: str, method: str, when: Callable[..., bool]
) -> tuple[list[str], int]:
    """Leave out each single movement in turn; return the accounts whose gap went unnoticed."""
    counter = MovementLeftOut(None)
    with without(method, when, _add=counter.method()):
        stress.model.load_state(stress.before[flow])
        stress.model.step()
    unnoticed = []
    for number in range(counter.moves):
        gap = MovementLeftOut(number)
        with without(method, when, _add=gap.method()):
            if stress.breach(flow) is None:
                unnoticed.append(gap.left_out)
    return unnoticed, counter.moves
