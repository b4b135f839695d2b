"""The two matrices: every row and column closes, each computed apart, and a hole shows."""

from __future__ import annotations

import numpy as np
import pytest
from small_district import district, scale_of

from millworks.world.accounts import HOLDERS, INSTRUMENTS
from millworks.world.matrices import (
    FLOW_ROWS,
    WITH_CAPITAL_ACCOUNT,
    balance_sheet,
    declared_accounts,
    flow_columns,
    transactions_flow,
)
from millworks.world.postings import POSTINGS

TOLERANCE = 1e-9
REAL = [label for label, kind in INSTRUMENTS.values() if kind == "real"]
ON_ORDER = INSTRUMENTS["capital on order"][0]
FINANCIAL = [name for name, (_, kind) in INSTRUMENTS.items() if kind == "financial"]


@pytest.fixture(params=[("default", 0), ("default", 1), ("default", 14), ("linear", 14)],
                ids=["opening", "first week", "after a quarter", "linear mode"])  # fmt: skip
def model(request):
    return district(*request.param)


def test_what_one_owes_another_owns(model):
    sheet = balance_sheet(model)
    owed = sheet.row_sums[sheet.closes]
    assert len(owed) == len(FINANCIAL)
    assert np.abs(owed).max() < TOLERANCE * scale_of(model)


def test_every_balance_sheet_closes(model):
    sheet = balance_sheet(model)
    assert sheet.columns == tuple(HOLDERS)
    assert np.abs(sheet.column_sums).max() < TOLERANCE * scale_of(model)


def test_net_worth_of_all_is_what_is_real(model):
    sheet = balance_sheet(model)
    sums = dict(zip(sheet.rows, sheet.row_sums, strict=True))
    assert sums["Net worth"] == pytest.approx(-sum(sums[row] for row in REAL), rel=TOLERANCE)
    assert all(sums[row] > 0.0 for row in REAL if row != ON_ORDER)
    assert sums[ON_ORDER] >= 0.0


def test_what_one_pays_another_receives_and_every_account_closes(model):
    flow = transactions_flow(model)
    assert flow.closes.all()
    assert flow.residual()[1] < TOLERANCE * scale_of(model)


def real_change(flow, letter: str) -> float:
    """What a week's flows and revaluations did to the real assets of a holder, USD."""
    capital = f"{letter} capital"
    change = flow.at("Change in inventories", letter) + flow.at("Capital consumption", letter)
    for row in ("Fixed investment", "Used capital", "Revaluations"):
        change -= flow.at(row, capital)
    return change


@pytest.mark.parametrize(
    ("world", "closes"),
    [("default", False), ("default", True), ("linear", False)],
    ids=["default", "a maker closes", "linear mode"],
)
def test_flows_explain_the_change_from_one_balance_sheet_to_the_next(world, closes):
    model = district(world, weeks=13)
    makers = model.population("M")
    before = balance_sheet(model)
    for stage in model.stages:
        if closes and stage.__name__ == "turnover":
            makers.late_weeks[np.argmax(makers.inventory)] = 10**6
        stage(model)
    change = balance_sheet(model).values - before.values
    flow = transactions_flow(model)
    close = TOLERANCE * scale_of(model)
    for instrument in FINANCIAL:
        row = change[before.rows.index(INSTRUMENTS[instrument][0])]
        for letter, moved in zip(before.columns, row, strict=True):
            column = f"{letter} capital" if letter in WITH_CAPITAL_ACCOUNT else letter
            assert flow.at(f"Δ {instrument}", column) == pytest.approx(-moved, abs=close)
    real = dict(zip(before.columns, change[: len(REAL)].sum(axis=0), strict=True))
    for letter in WITH_CAPITAL_ACCOUNT:
        assert real_change(flow, letter) == pytest.approx(real[letter], abs=close)
    sold_off = flow.at("Used capital", "M capital")
    lost = flow.at("Revaluations", "M capital")
    assert (sold_off > 1.0, lost > 1.0) == (closes, closes)


def test_stocks_move_when_frictions_are_on():
    flow = transactions_flow(district("default", weeks=14))
    assert all(abs(flow.at("Change in inventories", letter)) > 1.0 for letter in "MPRC")


def test_signs_are_those_of_ownership_and_of_receipts():
    model = district("default", weeks=1)
    sheet, flow = balance_sheet(model), transactions_flow(model)
    assert sheet.at("Deposits", "H") > 0.0 > sheet.at("Deposits", "B")
    assert sheet.at("Term loans", "B") > 0.0 > sheet.at("Term loans", "M")
    assert sheet.at("Wages payable", "H") > 0.0 > sheet.at("Wages payable", "M")
    assert sheet.at("Owners' equity", "H") > 0.0 > sheet.at("Owners' equity", "R")
    assert flow.at("Wages (gross)", "H") > 0.0 > flow.at("Wages (gross)", "S")
    assert flow.at("Retail sales (purchaser prices)", "C") > 0.0
    assert flow.at("Retail sales (purchaser prices)", "H") < 0.0
    assert flow.at("Fixed investment", "X") > 0.0 > flow.at("Fixed investment", "M capital")
    assert flow.at("Capital consumption", "M capital") > 0.0 > flow.at("Capital consumption", "M")
    assert flow.at("Loan interest", "B") > 0.0 > flow.at("Loan interest", "M")
    assert flow.at("Space: rent", "S") > 0.0 > flow.at("Space: rent", "M")
    assert flow.at("Freight", "S") > 0.0 > flow.at("Freight", "P")
    assert flow.at("Local taxes", "G") > 0.0
    assert flow.at("Outside taxes", "G") == 0.0


def test_margins_of_shops_are_services_and_not_goods():
    flow = transactions_flow(district("linear", weeks=1))
    assert flow.at("Goods", "S") < 0.0  # blocks buy goods and sell none
    assert flow.at("Goods", "R") < 0.0
    assert flow.at("Services", "R") < 0.0


def test_owners_are_paid_what_firms_lose_to_them():
    flow = transactions_flow(district("default", weeks=14))
    for letter in "MPRC":
        current = flow.values[:, flow.columns.index(letter)]
        before = current[flow.rows.index("Reinvested earnings")]
        assert before == pytest.approx(-(current.sum() - before), rel=1e-9)


@pytest.mark.parametrize("letter", ["M", "H", "B"])
def test_a_balance_that_was_written_without_a_posting_shows(letter):
    model = district("default", weeks=1)
    column = {"B": "deposits_owed"}.get(letter, "cleared")
    model.population(letter).writable(column)[0] += 1e6
    where, size = balance_sheet(model).residual()
    assert size == pytest.approx(1e6)
    assert where in ("row Deposits", f"column {letter}")


def test_a_flow_that_moved_no_balance_shows_in_both_columns():
    model = district("default", weeks=1)
    model.ledger.flows["wages accrued M>H"] += 1e6
    flow = transactions_flow(model)
    sums = dict(zip(flow.columns, flow.column_sums, strict=True))
    assert sums["M"] == pytest.approx(-1e6)
    assert sums["H"] == pytest.approx(1e6)
    assert np.abs(flow.row_sums).max() < TOLERANCE * scale_of(model)


def test_not_a_number_is_the_worst_residual():
    model = district()
    model.population("G").writable("cleared")[0] = np.nan
    assert np.isnan(balance_sheet(model).residual()[1])


def test_every_posting_and_every_account_has_its_row():
    income = {"cash", "accrue", "invest", "divest", "value"}
    for posting in POSTINGS.values():
        assert (posting.row in FLOW_ROWS) == (posting.mode in income), posting.name
    assert {instrument for _, instrument, _, _ in declared_accounts(district())} == set(INSTRUMENTS)


def test_only_holders_of_real_assets_have_a_capital_account():
    real = {name for name, (_, kind) in INSTRUMENTS.items() if kind == "real"}
    holders = {letter for letter, i, _, _ in declared_accounts(district()) if i in real}
    assert holders == set(WITH_CAPITAL_ACCOUNT)
    assert len(flow_columns()) == len(HOLDERS) + len(holders)


def test_reading_the_books_changes_nothing():
    model = district("default", weeks=2)
    before = {name: pop.state() for name, pop in model.populations.items()}
    flows = dict(model.ledger.flows)
    balance_sheet(model), transactions_flow(model)
    assert dict(model.ledger.flows) == flows
    for name, columns in before.items():
        for column, values in model.populations[name].state().items():
            assert np.array_equal(values, columns[column])


def test_an_entry_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError, match="Deposit"):
        balance_sheet(district()).at("Deposit", "M")
