"""Double entry holds only as a whole: leave anything out and an identity of the week breaks.

A district is put under stress so that every posting of the chart of accounts moves money at least
once (`stressed`). Then, in the week in which a posting moves most, it is left out whole, on one
side, and movement by movement; each time the week must end in an InvariantBreach. Reference: model
specification §3, §3.1 (I1 to I9); Godley and Lavoie (2007), ch. 2, on the quadruple entry.
"""

from __future__ import annotations

import pytest
from stressed import (
    GOODS,
    SIDES,
    Stress,
    is_posting,
    movements_nobody_missed,
    moving,
    nothing,
    one_side_only,
    stressed,
    without,
)

from millworks.world.accounts import HOLDERS, ONE_SIDED
from millworks.world.postings import POSTINGS

TWO_SIDED = [name for name, posting in POSTINGS.items() if posting.mode not in ONE_SIDED]
OF_EACH_MODE = {posting.mode: name for name, posting in POSTINGS.items()}
"""One posting of each mode: which accounts it moves is a matter of its mode."""


@pytest.fixture(scope="module")
def stress() -> Stress:
    return stressed()


def test_every_posting_moves_money_at_least_once_under_stress(stress):
    """Otherwise leaving it out would prove nothing."""
    idle = [name for name, amount in stress.largest.items() if amount < 1.0]
    assert not idle, f"no money moves by {idle}"


def test_every_posting_stands_between_holders_of_the_chart():
    """Payers and payees are letters of HOLDERS, amounts are columns that the stages decide."""
    for posting in POSTINGS.values():
        assert {posting.payer, posting.payee} <= set(HOLDERS)


def test_with_all_postings_the_busiest_weeks_keep_their_books(stress):
    """The weeks in which postings are left out below are sound by themselves."""
    assert set(stress.before) == {*POSTINGS, *GOODS}
    weeks = {id(state): name for name, state in stress.before.items()}
    for name in weeks.values():
        assert stress.breach(name) is None, f"the week of {name}"


@pytest.mark.parametrize("name", POSTINGS)
def test_leaving_out_a_posting_breaks_an_identity(stress, name):
    with without("book", is_posting(name)):
        assert stress.breach(name) is not None


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", TWO_SIDED)
def test_money_paid_but_not_received_or_received_but_not_paid_breaks_an_identity(
    stress, name, side
):
    with without("book", is_posting(name), lambda: moving(one_side_only(side))):
        assert stress.breach(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        name if name in OF_EACH_MODE.values() else pytest.param(name, marks=pytest.mark.slow)
        for name in POSTINGS
    ],
)
def test_leaving_out_any_one_account_of_a_posting_breaks_an_identity(stress, name):
    """Deposits, claims, incomes and the lenders' books, one movement at a time."""
    unnoticed, moves = movements_nobody_missed(stress, name, "book", is_posting(name))
    assert moves >= 2
    assert not unnoticed


@pytest.mark.parametrize("name", POSTINGS)
def test_a_flow_that_is_recorded_but_not_carried_out_breaks_an_identity(stress, name):
    """I4: every column of the flow matrix closes, from accumulators and from stocks.

    The flow is counted, as the decision says, but no balance moves on either side.
    """
    with without("book", is_posting(name), lambda: moving(nothing)):
        assert stress.breach(name) is not None
