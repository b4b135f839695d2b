"""T1: a planted breach is named: which check, which account, which week, how many dollars.

Balances are altered behind the ledger's back, through `Population.writable`, which only the ledger
may call. Every money column of every population is tried. A change during the week is a balance
that moved without a posting (I2); a change between weeks leaves no trace in the week's movements
and is found because the books no longer fit each other (I1, I3, I5).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from millworks.agents.firm import FREE
from millworks.district_model import DistrictModel
from millworks.errors import InvariantBreach
from millworks.start.founding import AGENT_CLASSES
from millworks.world.accounts import HOLDERS, INSTRUMENTS
from millworks.world.columns import ReadOnlyColumnError, declared_columns
from millworks.world.identities.balances import free_rows
from worlds import district, linear, run

PLANTED = 1234.5
WEEK = 3

MONEY = [
    (letter, name)
    for letter in HOLDERS
    for name, column in declared_columns(AGENT_CLASSES[letter]).items()
    if column.is_money
]


@pytest.fixture(scope="module")
def founded() -> DistrictModel:
    model = district(makers=30, parameters=linear())
    run(model, WEEK)
    return model


@pytest.fixture
def model(founded):
    """The same district in the same week, however it was spoilt before."""
    before = founded.state()
    yield founded
    founded.load_state(before)


def plant(model: DistrictModel, letter: str, name: str, amount: float = PLANTED) -> None:
    """Add USD to the last row of a balance, past the ledger."""
    model.population(letter).writable(name)[-1] += amount


def week_with(model: DistrictModel, letter: str, name: str, amount: float = PLANTED) -> None:
    """One week with the books checked, in which a balance is altered after the last stage."""
    model.invariants.open_week()
    for stage in model.stages:
        stage(model)
    plant(model, letter, name, amount)
    model.invariants.check()


def named(breach: pytest.ExceptionInfo[InvariantBreach]) -> tuple[str, str, float, int]:
    """Check, account, size and week out of a breach's sentence."""
    found = re.match(
        r"(I\d+): (.+) is off by ([-+.\de]+) USD in week (\d+)\b.*tolerance", str(breach.value)
    )
    assert found, f"the sentence does not name check, account, size and week: {breach.value}"
    return found[1], found[2], float(found[3]), int(found[4])


@pytest.mark.parametrize(("letter", "name"), MONEY)
def test_a_balance_that_moves_without_a_posting_is_named(model, letter, name):
    """T1, I2: the account's own name, or that of the deposits and lenders' books it belongs to."""
    with pytest.raises(InvariantBreach) as breach:
        week_with(model, letter, name)
    check, account, size, week = named(breach)
    assert check in {"I1", "I2"}
    assert week == WEEK
    assert size == pytest.approx(PLANTED)
    deposit = model.population(letter).declared[name].account == "+deposits"
    assert account == f"{letter} {name}" or (
        "deposits" in account if deposit else letter == "B" and "lenders" in account
    )


@pytest.mark.parametrize(("letter", "name"), MONEY)
def test_a_balance_altered_between_weeks_is_named_by_its_line_of_the_balance_sheet(
    model, letter, name
):
    """T1, I1, I3, I5: the line that no longer closes, or the holder whose books do not."""
    plant(model, letter, name)
    with pytest.raises(InvariantBreach) as breach:
        model.step()
    check, account, size, week = named(breach)
    assert check in {"I1", "I3", "I4", "I5"}
    assert week == WEEK
    assert size == pytest.approx(PLANTED, rel=1e-3)
    instrument = model.population(letter).declared[name].account[1:]
    line = INSTRUMENTS[instrument][0]
    assert account.lower() in {
        line.lower(),
        f"{letter} balance sheet".lower(),
        "deposits of customers",
        "lenders' balance sheet",
    }


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_breach_just_above_the_tolerance_is_found_and_one_below_is_not(model, sign):
    """T1: tolerance 1e-9 of all deposits."""
    deposits = float(model.populations["lenders"].deposits_owed.sum())
    week_with(model, "H", "net_worth", 0.5e-9 * sign * deposits)
    with pytest.raises(InvariantBreach):
        week_with(model, "H", "net_worth", 2e-9 * sign * deposits)


def test_not_a_number_in_a_balance_is_a_breach(model):
    with pytest.raises(InvariantBreach):
        week_with(model, "M", "cleared", np.nan)


def test_an_invoice_on_one_link_is_found(model):
    """I3: what a firm owes is the sum over its links."""
    model.trade._overdue[5] += PLANTED
    with pytest.raises(InvariantBreach, match="I3"):
        model.step()


def week_altered(model: DistrictModel, before_stage: str, change: Callable[[], None]) -> None:
    """One week with the books checked, in which something happens just before a stage."""
    model.invariants.open_week()
    for stage in model.stages:
        if stage.__name__ == before_stage:
            change()
        stage(model)
    model.invariants.check()


def test_goods_that_appear_on_the_road_are_found(model):
    """I6: units under way change by what is shipped and what arrives, link by link."""

    def appear() -> None:
        model.trade.transit[(model.week + 3) % len(model.trade.transit), 5] += PLANTED

    with pytest.raises(InvariantBreach, match=r"I6: units under way is off by 1234\.5"):
        week_altered(model, "close", appear)


def test_a_cost_on_the_road_that_nobody_was_invoiced_is_found(model):
    """I6: goods in transit at cost are what was invoiced and has not arrived."""
    model.trade.transit_cost[:, 5] += PLANTED
    with pytest.raises(InvariantBreach, match=r"I6: . in transit"):
        model.step()


@pytest.mark.parametrize("name", ["units_on_hand", "finished_units"])
def test_goods_that_appear_in_a_stock_are_found(model, name):
    """I6: stocks change by what is made, used, shipped and received."""

    def appear() -> None:
        getattr(model.population("M"), name)[3] += PLANTED

    sentence = rf"I6: M {name.replace('_', ' ')} is off by 1234\.5 .*row 3"
    with pytest.raises(InvariantBreach, match=sentence):
        week_altered(model, "close", appear)


@pytest.mark.parametrize("part", [1, -1])
def test_an_order_that_appears_or_vanishes_is_found(model, part):
    """I7: Δ backlog = accepted - shipped - cancelled, altered here between accept and ship."""

    def alter() -> None:
        link = int(np.argmax(model.trade.backlog))
        change = part * 0.5 * model.trade.backlog[link]
        model.trade.backlog[link] += change
        seller = int(model.trade.seller[link])
        for letter in "MP":
            span = model.trade.spans[letter]
            if span.start <= seller < span.stop:
                model.population(letter).backlog[seller - span.start] += change

    with pytest.raises(InvariantBreach, match="I7"):
        week_altered(model, "plan", alter)


def test_a_refusal_without_a_reason_is_found(model):
    """I7: what is refused is the sum of its reasons, firm by firm."""

    def forget() -> None:
        makers = model.population("M")
        makers.accepted[2] = 0.5
        makers.orders[2] = PLANTED

    with pytest.raises(InvariantBreach, match=r"I7: M orders refused is off by .*row 2"):
        week_altered(model, "close", forget)


def test_a_share_of_orders_that_goes_nowhere_is_found(model):
    """I10: a buyer's shares add up to one, however small the slip."""

    def forget() -> None:
        makers = model.trade.spans["M"]
        link = int(model.trade.us_link[makers][4])
        model.trade.share[link] -= 1e-6

    with pytest.raises(InvariantBreach, match=r"I10: shares of each buyer's orders .*row 4"):
        week_altered(model, "close", forget)


def test_a_person_counted_twice_is_found(model):
    """I14: residents at work are the jobs of all employers less in-commuters'."""

    def count_twice() -> None:
        model.labour.employed += 1.0

    with pytest.raises(InvariantBreach, match=r"I14: residents at work is off by 1 persons"):
        week_altered(model, "close", count_twice)


def leave(model: DistrictModel, row: int) -> None:
    """Declare a maker's row free, whatever it still owns and owes."""
    model.population("M").status[row] = FREE


def test_a_row_that_is_free_and_still_has_claims_is_found(model):
    """I12: the first account of the firm that has gone and is not empty is named."""
    with pytest.raises(InvariantBreach, match=r"I12: free M cleared is off by .*row 1"):
        week_altered(model, "close", lambda: leave(model, 1))


def test_orders_that_still_go_to_a_free_row_are_found_at_the_next_tick(model):
    """I12, in the week of a tick; the shares of the row are put back behind the rule's back."""
    books = model.invariants
    model.week += -model.week % 4
    books.open_week()
    model.ledger.open_week()
    books.books.close()
    seller = model.trade.seller[model.trade.buyer_start[model.trade.spans["M"].start]]
    letter = "M" if seller < model.trade.spans["M"].stop else "P"
    row = int(seller) - model.trade.spans[letter].start
    model.population(letter).status[row] = FREE
    books.books.status[letter][row] = FREE
    shares = [f for f in free_rows(books.books) if f.account == "shares of free rows"]
    assert shares[0].largest() > 1e-4
    model.trade.share[model.trade.seller == seller] = 0.0
    shares = [f for f in free_rows(books.books) if f.account == "shares of free rows"]
    assert shares[0].largest() == 0.0


def test_after_a_breach_the_run_does_not_go_on(model):
    """A breach stops the run in its week; the state before it can be loaded again."""
    before = model.state()
    plant(model, "G", "cleared")
    with pytest.raises(InvariantBreach):
        run(model, 5)
    assert model.week == WEEK
    model.load_state(before)
    run(model, 2)
    assert model.week == WEEK + 1


def test_money_cannot_be_written_past_the_ledger_by_mistake(model):
    """Money columns are read-only views; nothing has to be checked that cannot happen."""
    makers = model.population("M")
    with pytest.raises(ValueError, match="read-only"):
        makers.cleared[0] += PLANTED
    with pytest.raises(ReadOnlyColumnError, match="only the ledger moves money"):
        makers.cleared = np.zeros(makers.size)
    with pytest.raises(ReadOnlyColumnError, match="only the ledger moves money"):
        model.makers[0].cleared = 0.0


def test_an_account_is_opened_once(model):
    """Opening balances are written at the start of the world and never again."""
    with pytest.raises(ValueError, match="open already"):
        model.ledger.open_account("H", "cleared", np.ones(2))


def test_a_posting_that_is_not_declared_cannot_be_booked(model):
    with pytest.raises(KeyError):
        model.ledger.book("alms H>M")
