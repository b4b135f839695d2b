"""Flexible warehousing: what it makes possible, who pays whom, and that nothing else moves.

Rules by hand: `tests/unit/programmes/test_storage.py`, `test_leases.py`. Reference: model
specification §7.6, §7.11, §8; T15 (size zero, before its start, nobody eligible).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from millworks.agents.firm import FREE
from millworks.agents.producer import SPACE
from millworks.economy import space
from millworks.programmes.rented_space import STORAGE_ROW
from worlds import district, fingerprint, run, world_parameters

NAME = "flexible_warehousing"
BEFORE = 52
PLENTY = {"pallets_per_million": 50.0}
FEE = 12.0 * 12.0 / 52.0
"""USD per pallet and week."""


@pytest.fixture(scope="module")
def started():
    """A district of 120 makers after `BEFORE` weeks, and its state."""
    model = district("hickory", 120, parameters=world_parameters("default"), seed=1)
    run(model, BEFORE)
    return model, model.state()


@pytest.fixture
def model(started):
    model, state = started
    model.load_state(state)
    return model


def follow(model, weeks: int, **settings) -> Counter:
    """Introduce the policy, let weeks pass with all identities checked, and add up the flows."""
    model.introduce({NAME: settings})
    makers, total = model.population("M"), Counter()
    for _ in range(weeks):
        model.step()
        total.update(model.ledger.flows)
        total["public"] += model.measures.cost[NAME]
        total["stored"] += makers.pallets_stored.sum()
        total["asked"] += makers.pallets_asked.sum()
        total["short of space"] += np.count_nonzero(makers.stock_bind == SPACE)
    return total


# --- what it does


def test_makers_short_of_room_aim_at_more_stock_and_the_others_do_as_before(model):
    """One week from the same books: who stores nothing plans what it would have planned."""
    makers, state = model.population("M"), model.state()
    model.introduce({})
    model.step()
    aim, bind = makers.finished_aim.copy(), makers.stock_bind.copy()
    planned = makers.planned.copy()
    model.load_state(state)
    model.introduce({NAME: PLENTY})
    model.step()
    stores = makers.pallets_asked > 0.0
    short = bind == SPACE
    assert short.any()
    assert (makers.finished_aim[~stores] == aim[~stores]).all()
    assert (makers.planned[~stores] == planned[~stores]).all()
    assert (makers.finished_aim >= aim).all()
    helped = short & stores
    assert (makers.finished_aim[helped] > aim[helped]).all()
    assert (makers.stock_bind[helped] != SPACE).all()


def test_with_room_for_all_hardly_anybody_is_short_of_space(model):
    state = model.state()
    alone = follow(model, 52, intensity=0.0)
    model.load_state(state)
    plenty = follow(model, 52, **PLENTY)
    assert plenty["short of space"] < 0.1 * alone["short of space"]


def test_makers_that_never_lack_room_and_whose_leases_run_on_store_nothing(model):
    """The sign that the mechanism alone gives: who has room gains nothing from storage."""
    makers = model.population("M")
    makers.floor_space[:] *= 10.0
    makers.lease_end[:] = 10_000
    total = follow(model, 30, **PLENTY)
    assert total["stored"] == 0.0
    assert total["operator fees M>O"] == 0.0


def test_a_lease_that_ends_may_be_followed_by_a_smaller_one_and_storage(model):
    state = model.state()
    floors = []
    for settings in ({"intensity": 0.0}, PLENTY):
        model.load_state(state)
        model.population("M").lease_end[:] = 0
        follow(model, 60, **settings)
        floors.append(float(model.population("M").floor_space.sum()))
    assert floors[1] < floors[0]


def test_goods_too_cheap_for_the_fee_are_not_stored(model):
    model.population("M").price[:] *= 0.3
    model.introduce({NAME: PLENTY})
    model.step()
    assert (model.population("M").pallets_stored == 0.0).all()


def test_a_full_warehouse_has_a_queue_and_who_came_first_stays(model):
    model.introduce({NAME: {"pallets_per_million": 0.3}})
    makers, full = model.population("M"), 0
    for _ in range(40):
        before = makers.pallets_stored.copy()
        model.step()
        capacity = float(model.population("O").pallets[STORAGE_ROW])
        stored = float(makers.pallets_stored.sum())
        assert stored <= capacity * (1.0 + 1e-9)
        kept = np.minimum(before, makers.pallets_asked)
        # What a review of leases adds comes on top of what the week's plan granted.
        assert (makers.pallets_stored >= kept * (1.0 - 1e-9)).all()
        if makers.pallets_asked.sum() > 1.01 * capacity:
            full += 1
            assert stored == pytest.approx(capacity)
            short = makers.pallets_stored < 0.99 * makers.pallets_asked
            assert (makers.stock_bind[short] == SPACE).any()
    assert full > 5


def test_beyond_what_makers_ask_for_more_space_is_not_used(model):
    state = model.state()
    stored = []
    for size in (0.5, 1.0, 50.0, 100.0):
        model.load_state(state)
        stored.append(follow(model, 52, pallets_per_million=size)["stored"])
    assert stored[0] < stored[1] < stored[2]
    assert stored[3] == pytest.approx(stored[2], rel=0.05)


def test_when_it_ends_nothing_is_stored_and_nothing_owed_for_it(model):
    model.introduce({NAME: PLENTY | {"weeks": 26}})
    run(model, 26)
    assert (model.population("M").pallets_stored > 0.0).any()
    run(model, 4)
    makers = model.population("M")
    assert (makers.pallets_stored == 0.0).all()
    assert (makers.space_fees == 0.0).all()
    assert model.ledger.flows["operator rent O>S"] == 0.0


def test_its_size_is_that_of_the_place_and_of_the_intensity(model):
    output = 52.0 * float(model.population("M").base_output.sum())
    operator = model.population("O")
    for settings, pallets in (
        ({}, 2.0 * output / 1e6),
        ({"intensity": 0.5}, output / 1e6),
        ({"pallets": 9_000.0}, 9_000.0 * model.scale),
    ):
        model.introduce({NAME: settings})
        model.step()
        assert operator.pallets[STORAGE_ROW] == pytest.approx(pallets)
        assert (operator.pallets[:STORAGE_ROW] == 0.0).all()


# --- who pays whom


def test_every_dollar_has_a_payer_and_a_payee(model):
    model.introduce({NAME: {}})
    makers, operator, prices = model.population("M"), model.population("O"), space.price_list()
    for _ in range(30):
        held, owed = float(operator.cleared[STORAGE_ROW]), float(makers.fees_due.sum())
        model.step()
        flows = model.ledger.flows
        stored = float(makers.pallets_stored[makers.status == 0].sum())
        floor = 14.0 * float(operator.pallets[STORAGE_ROW])
        rent = floor * space.rent_rate(floor / model.scale, prices) / 52.0
        assert flows["operator fees M>O"] == pytest.approx(FEE * stored, rel=1e-6, abs=1e-6)
        assert flows["operator rent O>S"] == pytest.approx(rent)
        pay = 1.85 * 12.0 / 52.0 * float(makers.pallets_stored.sum())
        assert flows["operator pay O>H"] == pytest.approx(pay, rel=1e-2, abs=1e-6)
        spent = flows["operator rent O>S"] + flows["operator pay O>H"]
        paid = flows["operator fees paid M>O"]
        assert paid <= owed + 1e-6
        # Fees clear when they are paid, before the week's cost falls due.
        assert flows["programme support G>O"] == pytest.approx(
            max(0.0, spent - paid - held), abs=1e-6
        )
        assert float(model.measures.cost[NAME]) == flows["programme support G>O"]


def test_the_public_bears_the_rent_of_what_stands_empty(model):
    """With the default fee for handling, use costs what it earns: 12.00 and 1.85 + 10.15."""
    small = {"pallets_per_million": 0.5, "sizes": ["<5", "5-9", "10-19"]}
    follow(model, 20, **small)
    total = Counter()
    for _ in range(40):
        model.step()
        total.update(model.ledger.flows)
        capacity = float(model.population("O").pallets[STORAGE_ROW])
        empty = 1.0 - float(model.population("M").pallets_stored.sum()) / capacity
        total["empty"] += empty * model.ledger.flows["operator rent O>S"]
        assert 0.0 < empty < 1.0
    assert 0.1 < total["empty"] / total["operator rent O>S"] < 0.9
    assert total["programme support G>O"] == pytest.approx(total["empty"], rel=0.03)


def test_fees_that_fail_with_their_makers_are_lost_to_the_operator_and_books_balance(started):
    hard = world_parameters("default").replace(
        unchecked=True, hv0=0.4, hv1=0.4, recov=0.02, stock_resale=0.02, arrears=3, estate_weeks=4
    )
    model = district("hickory", 120, parameters=hard, seed=3)
    run(model, 8)
    total = follow(model, 78, **PLENTY)
    makers = model.population("M")
    gone = makers.status == FREE
    assert gone.any()
    assert (makers.pallets_stored[gone] == 0.0).all()
    assert total["operator fees written off M>O"] > 0.0
    assert max(model.invariants.worst.values()) < 1e-9


def test_a_levy_pays_unless_somebody_outside_does(model):
    state = model.state()
    local = follow(model, 40)
    model.load_state(state)
    other = follow(model, 40, payer="outside")
    assert local["public"] > 0.0
    assert local["levy withheld H>G"] > 0.0
    assert local["programme funded X>G"] == 0.0
    assert other["levy withheld H>G"] == 0.0
    assert other["programme funded X>G"] == pytest.approx(other["public"])


# --- nothing else moves


@pytest.mark.parametrize(
    "settings",
    [{"intensity": 0.0}, {"start": 1000}, {"sectors": []}],
    ids=["size zero", "before its start", "nobody eligible"],
)
def test_where_nothing_is_offered_not_a_bit_changes(model, settings):
    state = model.state()
    follow(model, 30, intensity=0.0)
    alone = fingerprint(model.state())
    model.load_state(state)
    run(model, 30)
    assert fingerprint(model.state()) == alone
    model.load_state(state)
    follow(model, 30, **settings)
    assert fingerprint(model.state()) == alone
