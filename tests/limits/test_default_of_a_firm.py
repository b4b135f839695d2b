"""What a closing firm leaves behind: T17 of the model specification (§12), and births after it.

In each world the firms named close and nobody else does; books are checked every week. Tolerance
1e-9 of the sums compared.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest

from millworks.agents.estate import QUARTERS_INSOLVENT
from millworks.agents.firm import ACTIVE, CLOSING, FREE
from millworks.district_model import DistrictModel
from millworks.world.accounts import LOANS
from millworks.world.columns import Population
from worlds import district, run, world_parameters

LONGEST = 60
"""Weeks within which an estate of the default world is settled: 40, and a margin."""

NOBODY_LEAVES = {"hv0": 0.0, "hv1": 0.0, "arrears": 1e9, "insolvency": -1e9}

INDEBTED = {"debt_sales": 0.25, "recov": 0.3, "stock_resale": 0.3}
"""Loans worth a quarter of sales and little to sell, so that lenders feel a default."""

LENDER_DEBTS = ("revolver", *(f"{kind}_loan" for kind in LOANS))
LOST = ("revolver_written_off", *(f"{kind}_written_off" for kind in LOANS))
ADDED = ("revolver_interest", *(f"{kind}_interest" for kind in LOANS))
PAID = tuple(f"{kind}_repaid" for kind in LOANS)


def closing_world(**changes: float) -> DistrictModel:
    """A small district after half a year, in which nobody leaves by himself."""
    model = district(
        makers=60,
        parameters=world_parameters("default").replace(**NOBODY_LEAVES, **(INDEBTED | changes)),
    )
    run(model, 26)
    return model


def debts(firms: Population, row: int) -> float:
    """What a firm owes, USD."""
    return sum(
        float(getattr(firms, name)[row])
        for name, column in firms.declared.items()
        if (column.account or "").startswith("-")
        and not column.account.endswith(("equity", "net worth"))
    )


def find_insolvent(model: DistrictModel, letter: str, row: int) -> None:
    """Let the stage find that a firm has failed its last two quarterly tests."""
    firms = model.population(letter)
    if (model.week + 1 + firms.identity[row]) % 13 == 0:
        run(model, 1)
    firms.insolvent_quarters[row] = QUARTERS_INSOLVENT


@dataclass
class Estate:
    """A firm's last weeks: what lenders were owed when it closed, and what happened since."""

    model: DistrictModel
    letter: str
    row: int
    owed_to_lenders: float
    weeks: int
    flows: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    deposits_moved_by_write_offs: float = 0.0

    @property
    def firms(self) -> Population:
        return self.model.population(self.letter)

    @property
    def id(self) -> int:
        return self.model.trade.spans[self.letter].start + self.row

    def total(self, names: tuple[str, ...]) -> float:
        return sum(self.flows[name] for name in names)


def follow(model: DistrictModel, letter: str, row: int) -> Estate:
    """Close a firm and let weeks pass until its row is free."""
    firms = model.population(letter)
    lenders = model.population("B")
    find_insolvent(model, letter, row)
    run(model, 1)
    assert firms.status[row] == CLOSING
    owed = sum(float(getattr(firms, n)[row]) for n in LENDER_DEBTS if n in firms.declared)
    estate = Estate(model, letter, row, owed, 0)
    stages = model.stages

    def turnover_watched(world: DistrictModel) -> None:
        before = lenders.deposits_owed.copy()
        stages[turnover_at](world)
        sold = sum(
            float(getattr(firms, name).sum())
            for name in ("inventory_sold", "finished_sold", "capital_sold")
            if name in firms.declared
        )
        moved = float(np.abs(lenders.deposits_owed - before).sum())
        estate.deposits_moved_by_write_offs += abs(moved - sold)

    turnover_at = next(i for i, stage in enumerate(stages) if stage.__name__ == "turnover")
    model.stages = (*stages[:turnover_at], turnover_watched, *stages[turnover_at + 1 :])
    while firms.status[row] == CLOSING:
        estate.weeks += 1
        assert estate.weeks <= LONGEST, "an estate that never ends"
        run(model, 1)
        for name in (*LOST, *ADDED, *PAID, "revolver_drawn", "draw_local", "draw_outside"):
            if name in firms.declared:
                estate.flows[name] += float(getattr(firms, name)[row])
    model.stages = stages
    return estate


def most_indebted(model: DistrictModel) -> int:
    """The maker whose goods would fetch least of what it owes."""
    makers, recov = model.population("M"), model.parameters.recov
    fetched = makers.cleared + makers.goods_receivable + recov * makers.fixed_capital
    gap = [debts(makers, row) - fetched[row] for row in range(makers.size)]
    assert max(gap) > 0.0, "somebody is to default"
    return int(np.argmax(gap))


@cache
def defaulted() -> Estate:
    """A maker that owes more than its goods fetch."""
    model = closing_world(recov=0.3, entry_rate=1.0)
    return follow(model, "M", most_indebted(model))


@cache
def gave_up() -> Estate:
    """A retailer with more than it owes."""
    model = closing_world(entry_rate=1.0)
    shops = model.population("R")
    return follow(model, "R", int(np.argmax(shops.equity)))


def test_a_defaulted_firm_leaves_no_claims():
    """T17: the ring is empty, and nobody owes it or is owed by it."""
    estate = defaulted()
    trade = estate.model.trade
    mine = (trade.buyer == estate.id) | (trade.seller == estate.id)
    assert np.abs(trade.outstanding()[trade.buyer == estate.id]).max() == 0.0
    assert trade.outstanding()[mine].max() <= 0.01
    assert trade.backlog[mine].max() == 0.0
    assert trade.transit[:, trade.buyer == estate.id].max() == 0.0
    for name, column in estate.firms.declared.items():
        if column.is_money:
            assert abs(getattr(estate.firms, name)[estate.row]) <= 0.01, name


def test_lenders_lose_the_balance_less_what_they_recovered():
    """T17: loss = L + V (with interest charged since) - recoveries."""
    estate = defaulted()
    recovered = estate.total(PAID) - estate.flows["revolver_drawn"]
    left = estate.owed_to_lenders + estate.total(ADDED) - recovered
    assert estate.total(LOST) == pytest.approx(left, rel=1e-9, abs=1e-6)
    assert estate.total(LOST) > 0.0
    assert recovered > 0.0
    assert estate.firms.failed[estate.row]


def test_write_offs_leave_deposits_as_they_are():
    """T17: only the proceeds of what was sold off move deposits in the stage of turnover."""
    for estate in (defaulted(), gave_up()):
        scale = float(estate.model.population("B").deposits_owed.sum())
        assert estate.deposits_moved_by_write_offs <= 1e-9 * scale


def test_owners_of_a_firm_in_default_get_nothing_before_its_lenders():
    estate = defaulted()
    assert estate.flows["draw_local"] + estate.flows["draw_outside"] == 0.0


def test_owners_of_a_solvent_firm_get_what_is_left():
    estate = gave_up()
    assert estate.total(("revolver_written_off",)) == pytest.approx(0.0, abs=0.01)
    assert estate.flows["draw_local"] + estate.flows["draw_outside"] > 0.0


def test_a_closed_firm_makes_and_sells_nothing():
    firms = defaulted().firms
    row = defaulted().row
    for name in ("output", "staff", "capacity", "planned", "base_capital", "floor_space"):
        assert getattr(firms, name)[row] == 0.0, name


def test_every_identity_holds_in_every_week_of_an_estate():
    for estate in (defaulted(), gave_up()):
        assert max(estate.model.invariants.worst.values()) <= 1e-9


def test_births_follow_exits_on_the_same_rows_and_conserve_each_market():
    """A district that loses a fifth of its makers gets them back; markets are those of before."""
    model = closing_world(entry_rate=4.0)
    makers, trade = model.population("M"), model.trade
    market = trade.base_order.copy()
    span = trade.spans["M"]
    served = trade.by_holder(trade.of_seller(market))["M"]
    rows = np.flatnonzero(served > 0.0)[::5]
    makers.insolvent_quarters[rows] = QUARTERS_INSOLVENT
    run(model, 1)
    closed = rows[makers.status[rows] == CLOSING]
    assert len(closed) >= len(rows) - len(rows[(model.week + makers.identity[rows]) % 13 == 0])
    born = 0
    for _ in range(104):
        run(model, 1)
        born += model.turnover["births M"]
        new = closed[makers.born[closed] == model.week]
        np.testing.assert_array_equal(makers.generation[new], 1)
        paid = makers.called_local[new] + makers.called_outside[new]
        assert (paid > makers.base_capital[new]).all()
    assert born == len(closed)
    assert (makers.status[closed] == ACTIVE).all()
    np.testing.assert_array_equal(trade.base_order, market)
    assert trade.of_seller(trade.base_order)[span][closed].min() > 0.0


def test_with_every_bound_at_its_limit_no_firm_leaves_and_none_is_born():
    model = closing_world()
    before = {letter: model.population(letter).generation.copy() for letter in "MR"}
    run(model, 13)
    for letter in "MR":
        firms = model.population(letter)
        assert (firms.status == ACTIVE).all()
        np.testing.assert_array_equal(firms.generation, before[letter])
        assert not firms.called_local.any()
    assert FREE not in model.population("M").status
