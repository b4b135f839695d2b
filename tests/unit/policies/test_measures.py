"""What policies and shocks may touch, in which order, and what is left when they are gone.

Reference: model specification §8; design of the model, §8.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from arms import arms, differences
from millworks.policies.registry import make_policies
from millworks.world.accounts import HOLDERS
from millworks.world.columns import MEASURES
from millworks.world.measures import Conditions, Measures, Offers, State

WEEKS = 20
ALL = ("inventory_finance", "placebo", "untargeted_grant", "wage_subsidy", "household_rebate")


@pytest.fixture
def world():
    study = arms()
    study.follow(0)
    return study.model


class Meddler:
    """A policy that does in `offer` whatever a test wants."""

    name, order = "meddler", 1
    paid_by_levy, has_overhead = True, False

    def __init__(self, act: Any = None, eligible: Any = None) -> None:
        self.act, self.ask = act, eligible

    def strength(self, weeks_in: int) -> float:
        return 1.0

    def eligible(self, state: State) -> dict[str, Any]:
        if self.ask is not None:
            self.ask(state)
        return {}

    def offer(self, state: State, offers: Offers, eligible: Any, strength: float) -> None:
        if self.act is not None:
            self.act(state, offers)


def introduce(world: Any, policy: Meddler) -> None:
    world.measures = Measures([policy], [], world.week + 1)  # type: ignore[list-item]


@pytest.mark.parametrize("letter", HOLDERS)
def test_a_policy_sees_every_column_and_can_write_none(world, letter):
    state = State(world, 0)
    seen = state.population(letter)
    for name, column in world.population(letter).declared.items():
        if column.writer == MEASURES:
            continue
        values = getattr(seen, name)
        assert not values.flags.writeable, name
        with pytest.raises(ValueError, match="read-only"):
            values[...] = 0


def test_a_policy_cannot_open_the_trade_book(world):
    trade = State(world, 0).trade
    with pytest.raises(ValueError, match="read-only"):
        trade.share[:] = 0.0
    with pytest.raises(AttributeError, match="is a method"):
        trade.outstanding()


def test_what_a_policy_was_shown_cannot_be_made_writable(world):
    seen = State(world, 0).population("M").output
    with pytest.raises(ValueError, match="WRITEABLE"):
        seen.flags.writeable = True


@pytest.mark.parametrize("name", ["output", "cleared", "revolver_limit", "price", "identity"])
def test_a_policy_that_writes_an_outcome_or_money_fails_in_its_first_week(world, name):
    def meddle(state: State, offers: Offers) -> None:
        getattr(offers.population("M"), name)[:] = 1.0

    introduce(world, Meddler(meddle))
    with pytest.raises(AttributeError, match=f"{name} is not what policies may offer"):
        world.step()


def test_a_policy_that_writes_through_the_state_fails_in_its_first_week(world):
    def meddle(state: State, offers: Offers) -> None:
        state.population("M").output[:] = 0.0

    introduce(world, Meddler(meddle))
    with pytest.raises(ValueError, match="read-only"):
        world.step()


def test_a_shock_can_write_parameters_and_offers_but_no_outcome(world):
    conditions = Conditions(world)
    conditions.population("B").capital_shock[:] = 0.0
    with pytest.raises(AttributeError, match="lender_equity is not what policies may offer"):
        conditions.population("B").lender_equity[:] = 0.0


@pytest.mark.parametrize("name", ["stock_advance", "pay_subsidy"])
def test_eligibility_cannot_rest_on_what_another_policy_offers(world, name):
    introduce(world, Meddler(eligible=lambda state: getattr(state.population("M"), name)))
    with pytest.raises(AttributeError, match="eligibility cannot rest on it"):
        world.step()


def test_eligibility_of_all_is_read_before_any_has_written(world):
    asked: list[str] = []
    measures = [
        Meddler(lambda s, o: asked.append("offer"), lambda s: asked.append("eligible"))
        for _ in range(2)
    ]
    world.measures = Measures(measures, [], world.week + 1)  # type: ignore[arg-type]
    world.step()
    assert asked == ["eligible", "eligible", "offer", "offer"]


def test_policies_named_in_any_order_give_the_same_bits():
    study = arms()
    shocks = ("recession", "credit_crunch")
    forward = study.end(WEEKS, {name: {} for name in ALL}, {name: {} for name in shocks})
    backward = study.end(
        WEEKS, {name: {} for name in reversed(ALL)}, {name: {} for name in reversed(shocks)}
    )
    assert differences(forward, backward) == []


@pytest.mark.parametrize("name", ALL)
def test_taking_one_policy_away_gives_the_world_that_never_had_it(name):
    study = arms()
    others = {other: {} for other in ALL if other != name}
    never = study.end(WEEKS, others)
    study.end(WEEKS, others | {name: {}})
    assert differences(never, study.end(WEEKS, others)) == []


def test_eligibility_is_the_same_whatever_else_is_in_force(world):
    finance = make_policies({"inventory_finance": {}})[0]
    alone = finance.eligible(State(world, world.week + 1))
    world.introduce({name: {} for name in ALL})
    world.measures.open_week(world)
    beside = finance.eligible(State(world, world.week + 1))
    for letter in "MR":
        np.testing.assert_array_equal(alone[letter], beside[letter])


def test_a_policy_that_is_replaced_leaves_no_offer_and_keeps_its_books(world):
    """Levy still owed is paid and notes are repaid: identities hold in every week after it."""
    world.introduce({"wage_subsidy": {}, "placebo": {}}, {"credit_crunch": {}, "recession": {}})
    for _ in range(8):
        world.step()
    assert world.parameters is not world.base_parameters
    owed = float(world.population("G").levy_receivable[0])
    assert owed > 0.0
    world.introduce({})
    for _ in range(30):
        world.step()
    assert world.parameters is world.base_parameters
    assert world.outside_demand == 1.0
    assert not world.population("M").pay_subsidy.any()
    assert not world.population("M").subsidy.any()
    assert float(world.population("G").levy_receivable[0]) < 0.05 * owed


def test_a_state_saved_under_measures_comes_back_without_them(world):
    world.introduce({"wage_subsidy": {}}, {"recession": {}})
    for _ in range(3):
        world.step()
    saved = world.state()
    assert world.population("M").pay_subsidy.any()
    world.load_state(saved)
    for population in world.populations.values():
        for name, column in population.declared.items():
            if column.writer == MEASURES:
                assert (getattr(population, name) == column.default).all(), name
    world.step()
    assert not world.population("M").pay_subsidy.any()
    assert world.outside_demand == 1.0
    assert world.parameters is world.base_parameters


def test_a_run_under_measures_resumes_bit_for_bit(world):
    policies, shocks = {name: {} for name in ALL}, {"recession": {}, "credit_crunch": {}}
    first = world.week + 1
    world.introduce(policies, shocks)
    for _ in range(5):
        world.step()
    saved = world.state()
    for _ in range(5):
        world.step()
    end = world.state()
    world.load_state(saved)
    world.introduce(policies, shocks, start=first)
    for _ in range(5):
        world.step()
    assert differences(end, world.state()) == []


@pytest.mark.parametrize(
    ("settings", "sizes"),
    [
        ({}, [1, 1, 1, 1, 1]),
        ({"intensity": 2.5}, [2.5] * 5),
        ({"start": 2}, [0, 0, 1, 1, 1]),
        ({"start": 1, "weeks": 2}, [0, 1, 1, 0, 0]),
        ({"ramp": 4}, [0.25, 0.5, 0.75, 1, 1]),
        ({"intensity": 2.0, "start": 1, "ramp": 2}, [0, 1, 2, 2, 2]),
    ],
)
def test_the_size_of_a_policy_follows_its_weeks(settings, sizes):
    policy = make_policies({"placebo": settings})[0]
    assert [policy.strength(week) for week in range(5)] == pytest.approx(sizes)
