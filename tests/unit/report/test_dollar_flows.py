from __future__ import annotations

import polars as pl
import pytest
from fake_run_result import fake_run

from millworks.report.dollar_flows import flows, paid_by

COLUMNS = ("payer", "payee", "what", "usd", "usd_low", "usd_high")


def paid(*rows: tuple[object, ...]) -> pl.DataFrame:
    schema = {name: pl.String if place < 3 else pl.Float64 for place, name in enumerate(COLUMNS)}
    return pl.DataFrame([[*row, *[None] * (6 - len(row))] for row in rows], schema, orient="row")


def total(sides) -> float:
    return sum(side.usd for side in sides)


def test_both_sides_add_up_to_the_same_sum():
    found = flows(fake_run().dollars)
    assert total(found.payers) == pytest.approx(total(found.payees))
    assert found.total == pytest.approx(27.8e6)


def test_what_is_left_in_a_fund_stands_with_the_payees():
    found = flows(fake_run().dollars)
    assert found.payees[-1].label == "Left in the fund at the end"
    assert found.payees[-1].usd == pytest.approx(1.5e6)
    assert found.funds == ["Programme fund"]
    assert found.links == []


def test_what_a_fund_paid_out_beyond_what_it_got_was_in_it():
    found = flows(
        paid(
            ("households", "programme_fund", "levy", 3.0),
            ("programme_fund", "makers", "grant", 5.0),
        )
    )
    assert [side.label for side in found.payers] == ["Households", "In the fund at the start"]
    assert total(found.payers) == total(found.payees) == 5.0


def test_notes_that_were_repaid_are_no_payment():
    found = flows(fake_run().dollars)
    assert not any("notes" in side.label.lower() for side in found.payers)
    assert [side.label for side in found.payees if "notes" in side.label] == [
        "Outside the district: interest on notes"
    ]


@pytest.mark.parametrize(
    ("issued", "repaid", "label"),
    [(5.0, 2.0, "Notes still owed at the end"), (2.0, 5.0, "Notes from before repaid")],
)
def test_of_notes_only_what_is_owed_is_shown(issued, repaid, label):
    found = flows(
        paid(
            ("households", "programme_fund", "levy", 10.0),
            ("outside", "programme_fund", "notes issued", issued),
            ("programme_fund", "outside", "notes repaid", repaid),
            ("programme_fund", "makers", "subsidy", 10.0 + issued - repaid),
        )
    )
    assert total(found.payers) == total(found.payees)
    assert [side.usd for side in (*found.payers, *found.payees) if side.label == label] == [3.0]


def test_the_largest_payers_are_named_and_the_others_summed():
    assert paid_by(flows(fake_run().dollars)) == "households 67%, local services 22% and others 11%"
    assert paid_by(flows(fake_run("placebo").dollars)) == "households"
    three = flows(
        paid(
            *((who, "lenders", "", usd) for who, usd in (("one", 5.0), ("two", 3.0), ("six", 2.0)))
        )
    )
    assert paid_by(three, "paid") == "one paid 50%, two 30% and six 20%"


def test_payments_without_a_fund_keep_their_payer_and_payee():
    found = flows(
        paid(
            ("outside", "makers", "grant", 4.0),
            ("partners", "makers", "stakes", 1.0),
            ("outside", "services", "overhead", 2.0),
        )
    )
    assert found.funds == []
    assert sum(usd for _, _, usd in found.links) == found.total == 7.0
    names = {(found.payers[a].label, found.payees[b].label): usd for a, b, usd in found.links}
    assert names["Outside the district", "Makers: grant"] == 4.0


def test_households_that_pay_and_are_paid_stand_on_both_sides():
    found = flows(fake_run("placebo").dollars)
    assert [side.label for side in found.payers] == ["Households"]
    assert [side.label for side in found.payees] == ["Households: money returned or rebated"]


def test_a_payment_that_ran_back_changes_sides():
    found = flows(paid(("makers", "lenders", "losses", -2.0, -3.0, -1.0)))
    assert (found.payers[0].label, found.payees[0].label) == ("Lenders", "Makers: losses")
    assert (found.payees[0].usd, found.payees[0].low, found.payees[0].high) == (2.0, 1.0, 3.0)


def test_an_interval_is_kept_for_one_payment_and_not_for_a_sum():
    found = flows(fake_run().dollars)
    lenders = next(side for side in found.payees if side.label.startswith("Lenders"))
    assert (lenders.low, lenders.high) == (20.0e6, 23.8e6)
    several = flows(paid(("a", "c", "x", 1.0, 0.5, 1.5), ("a", "d", "y", 2.0, 1.5, 2.5)))
    assert several.payers[0].low is None


def test_no_payment_is_no_flow():
    found = flows(fake_run("free").dollars)
    assert found.total == 0.0
    assert found.payers == found.payees == []
