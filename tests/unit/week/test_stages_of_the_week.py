"""The week as data, and what each stage must leave behind in a running district."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.district_model import WEEK
from millworks.world.accounts import FIRMS, OWNERS, WORKERS
from millworks.world.postings import POSTINGS
from millworks.world.trade import TRANSIT_WEEKS
from worlds import district, linear, one_sector, orders, run, world_parameters

ROUNDING = 1e-6
"""USD that additions of a week leave in a deposit."""


@pytest.fixture(scope="module")
def model():
    """A district in linear mode after three weeks with some extra orders."""
    model = district(makers=40, parameters=linear(ship_weeks=1), seed=6)
    model.programme = orders(one_sector("FURN"), 1e5)
    run(model, 3)
    return model


def test_stages_are_numbered_in_the_order_of_the_specification():
    """Spec §6: 16 stages; those without a rule in linear mode are missing, none is out of order."""
    numbers = [stage.number for stage in WEEK]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= set(range(1, 17))
    assert {stage.name for stage in WEEK} >= {
        "open",
        "settle",
        "consume",
        "order",
        "produce",
        "ship",
        "close",
    }


@pytest.mark.parametrize("stage", WEEK, ids=lambda stage: stage.name)
def test_every_stage_says_what_it_does_and_what_it_leaves_out(stage):
    """Each file opens with the number and name of its stage."""
    module = __import__(f"millworks.week.{stage.module}", fromlist=["_"])
    assert module.__doc__.startswith(f"Stage {stage.number}, {stage.name}:") or (
        module.__doc__.startswith(f"Stage {stage.number},")
    )
    assert callable(stage.run)


def test_the_week_counts_from_zero():
    model = district(makers=19)
    assert model.week == -1
    model.step()
    assert model.week == 0


def test_households_spend_all_they_decided_to_spend(model):
    """Consumption is spread over shops, blocks and the outside without remainder."""
    people = model.population("H")
    spread = (
        people.spent_independents
        + people.spent_chains
        + people.spent_shops_outside
        + people.spent_services
        + people.spent_services_outside
    )
    np.testing.assert_allclose(spread, people.consumption, rtol=1e-12)


def test_gross_pay_is_spent_saved_or_withheld(model):
    """s_w + τ_w + saving = 1: taxes and saving never reduce consumption twice."""
    people, rates = model.population("H"), model.parameters
    pay = people.pay_received[WORKERS]
    withheld = people.tax_local[WORKERS] + people.tax_outside[WORKERS]
    assert rates.s_w * pay + withheld + people.saving[WORKERS] == pytest.approx(pay)


def test_owners_do_not_spend_out_of_draws_in_linear_mode(model):
    """Spec §9.4: s_o = 0, draws are frozen at the base year."""
    assert model.population("H").consumption[OWNERS] == 0.0


def test_pay_follows_output_in_the_same_week(model):
    """Pay earned = pay per USD of output of the sector times output, residents and commuters."""
    for letter in FIRMS:
        firms = model.population(letter)
        pay = model.technology.wage[firms.sector] * firms.output
        np.testing.assert_allclose(firms.wage_residents + firms.wage_commuters, pay, rtol=1e-12)


def test_every_order_is_made_and_shipped_in_its_week_in_linear_mode(model):
    """K unbounded, every order accepted, nothing made for stock: no backlog at the week's end."""
    for letter in "MP":
        firms = model.population(letter)
        assert (firms.accepted == 1.0).all()
        np.testing.assert_allclose(firms.output, firms.orders, rtol=1e-12)
        np.testing.assert_allclose(firms.backlog, 0.0, atol=1e-6)


def test_what_is_on_the_links_of_a_seller_adds_up_to_its_output(model):
    shipped = model.trade.by_holder(model.trade.of_seller(model.trade.shipped))
    for letter in "MP":
        np.testing.assert_allclose(shipped[letter], model.population(letter).output, rtol=1e-12)


@pytest.mark.parametrize("weeks", [1, 2])
def test_goods_arrive_as_many_weeks_after_shipment_as_they_are_under_way(weeks):
    """Units shipped in week t are in the buyer's stock in week t + ship_weeks, not before."""
    model = district(makers=19, parameters=linear(ship_weeks=weeks, cover_in=6, chain_cover=10))
    model.programme = orders(one_sector("FURN"), 1e4, 1)
    shipped = []
    for _ in range(6):
        model.step()
        shipped.append(model.trade.shipped.copy())
        if len(shipped) > weeks:
            np.testing.assert_allclose(model.trade.arriving, shipped[-1 - weeks], rtol=1e-12)
    assert len(model.trade.transit) == TRANSIT_WEEKS


def test_an_invoice_is_paid_when_its_terms_are_over_and_not_before():
    """Trade credit: five weeks for small buyers, eight for large ones."""
    model = district(makers=30, parameters=linear())
    trade = model.trade
    extra = []
    for week in range(10):
        model.programme = orders(one_sector("FURN"), 1e5 if week == 0 else 0.0)
        model.step()
        extra.append(trade.paid[trade.outside_customers].copy())
    customers = trade.outside_customers
    terms = trade.terms[customers]
    bought = np.flatnonzero(
        (trade.sector[customers] == int(np.argmax(one_sector("FURN")))) & (terms == 5)
    )
    before, due = extra[4][bought], extra[5][bought]
    assert due.sum() > before.sum() + 1e3
    np.testing.assert_allclose(extra[6][bought], before, rtol=1e-9)


def test_receipts_of_a_firm_can_be_spent_a_week_later():
    """What arrived last week has cleared, what arrives this week has not."""
    model = district(makers=19)
    run(model, 2)
    landed = {letter: np.array(model.population(letter).uncleared) for letter in "MPRC"}
    cleared = {letter: np.array(model.population(letter).cleared) for letter in "MPRC"}
    model.stages[0](model)
    for letter in "MPRC":
        firms = model.population(letter)
        np.testing.assert_array_equal(firms.uncleared, np.zeros(firms.size))
        np.testing.assert_allclose(firms.cleared, cleared[letter] + landed[letter], rtol=1e-12)


@pytest.mark.parametrize("world", ["linear", "default"])
def test_owners_never_pay_in_by_drawing_less_than_nothing(world):
    """Draws are zero or more; money from owners is equity paid in, another posting.

    A deposit that rounding left a hair below zero is drawn with its sign.
    """
    model = district("hickory", 80, parameters=world_parameters(world), year=2017)
    for _ in range(26):
        model.step()
        for letter in FIRMS:
            firms = model.population(letter)
            assert (firms.draw_local >= -ROUNDING).all()
            assert (firms.draw_outside >= -ROUNDING).all()


def test_flows_of_a_week_are_those_of_the_chart_of_accounts(model):
    assert set(model.ledger.flows) <= set(POSTINGS)
