"""Usual lease, part stored outside, or a floor by the quarter: what a maker takes; by hand.

Reference: model specification §7.11, §8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, CLOSING
from millworks.economy import space
from millworks.programmes import leases
from millworks.week.overhead import review_leases

PRICES = space.price_list()
RENT = space.rent_rate(5_000.0, PRICES)
"""USD per sq ft and year of a small tenant."""
RULES = leases.LeaseRules(reserve=0.0, interest=0.08)


@dataclass
class Result:
    """A maker's lease after its review, and what was vacant then."""

    floor: float
    rate: float
    end: int
    moving: int
    stored: float
    paid: float
    returned: float
    pallets_vacant: float
    floor_vacant: float


def review(
    *,
    jobs=6.0,
    pallets=0.0,
    floor=5_000.0,
    rate=0.0,
    held=0.0,
    cash=1e9,
    stop=0.0,
    fee=0.0,
    ratio=0.0,
    vacant=(0.0, 0.0),
    stored=0.0,
    lease_end=0,
    week=52,
    status=ACTIVE,
    rules=RULES,
) -> Result:
    """Review the lease of one maker, whose year is over in week 52 and whose quarter in 65."""
    columns = {
        name: np.array([float(value)])
        for name, value in (
            ("jobs", jobs),
            ("pallets", pallets),
            ("cash", cash),
            ("stop", stop),
            ("fee", fee),
            ("ratio", ratio),
            ("floor", floor),
            ("rate", rate),
            ("held", held),
            ("stored", stored),
            ("paid", -1.0),
            ("returned", -1.0),
        )
    }
    end, moving, free = np.array([lease_end]), np.array([0]), np.array(vacant, dtype=float)
    leases.review_all_leases(
        week,
        np.array([0]),
        np.array([0]),
        np.array([status]),
        *(columns[name] for name in ("jobs", "pallets", "cash", "stop", "fee", "ratio")),
        free,
        rules,
        PRICES,
        *(columns[name] for name in ("floor", "rate", "held")),
        end,
        moving,
        *(columns[name] for name in ("stored", "paid", "returned")),
    )
    values = {name: float(columns[name][0]) for name in columns}
    return Result(
        values["floor"],
        values["rate"],
        int(end[0]),
        int(moving[0]),
        values["stored"],
        values["paid"],
        values["returned"],
        float(free[0]),
        float(free[1]),
    )


def test_without_an_offer_everybody_does_as_under_usual_leases():
    draw = np.random.default_rng(1)
    number = 4_000
    jobs, pallets = draw.lognormal(2.0, 1.5, number), draw.lognormal(3.0, 2.0, number)
    start = {
        "floor": np.array([space.fitting(f, PRICES) for f in draw.lognormal(9.0, 1.5, number)]),
        "held": draw.lognormal(9.0, 1.0, number),
        "end": draw.integers(0, 300, number),
        "moving": np.zeros(number, np.int64),
    }
    cash, status = draw.normal(2e4, 3e4, number), draw.integers(0, 2, number)
    identity = np.arange(number)
    found = []
    for usual in (True, False):
        floor, held, end, moving = (values.copy() for values in start.values())
        paid, returned = np.full(number, -1.0), np.full(number, -1.0)
        common = (floor, held, end, moving, paid, returned)
        if usual:
            need = 500.0 * jobs + 14.0 * pallets
            review_leases(150, identity, status, need * 1.15, cash, *common, PRICES)
        else:
            zero = np.zeros(number)
            leases.review_all_leases(
                150, identity[::-1].copy(), identity, status, jobs, pallets, cash, zero + 1e5,
                zero, zero.copy(), np.zeros(2), leases.LeaseRules(0.15, 0.08), PRICES,
                floor, zero.copy(), held, end, moving, zero.copy(), paid, returned,
            )  # fmt: skip
        found.append(common)
    moved = found[0][0] != start["floor"]
    assert 10 < np.count_nonzero(moved) < 200
    for one, other in zip(*found, strict=True):
        assert one.tobytes() == other.tobytes()


# --- part of the goods stored outside


def test_a_step_that_holds_few_pallets_is_given_up_for_storage():
    """5,000 sq ft of people and 100 pallets: 1,200 USD a month for pallets or 3,626 for a step."""
    got = review(jobs=10, pallets=100, floor=10_000, held=2e4, fee=12 * 12 / 52, vacant=(150, 0))
    assert (got.floor, got.stored, got.pallets_vacant) == (5_000.0, 100.0, 50.0)
    assert got.returned == pytest.approx(2e4 - 5_000 * RENT / 4)
    assert got.moving == 52 + 1 + 2


def test_a_step_that_is_full_of_pallets_is_kept():
    got = review(jobs=10, pallets=357, floor=10_000, fee=12 * 12 / 52, vacant=(500, 0))
    assert (got.floor, got.stored) == (10_000.0, 0.0)


@pytest.mark.parametrize(
    "why",
    [{"vacant": (99.0, 0.0)}, {"lease_end": 53}, {"stop": 4 * 40_000.0}, {"fee": 50.0}],
    ids=["no room there", "its lease runs on", "moving costs more", "too dear"],
)
def test_it_is_kept_also_where_storage_cannot_be_had_or_does_not_pay(why):
    settings = {"fee": 12 * 12 / 52, "vacant": (150.0, 0.0)} | why
    assert review(jobs=10, pallets=100, floor=10_000, **settings).floor == 10_000.0


def test_who_has_grown_may_store_instead_of_moving():
    """A move to 10,000 sq ft would cost 43,512 of rent, 870 of interest and a quarter of a stop."""
    offer = {"fee": 12 * 12 / 52, "vacant": (400.0, 0.0), "stop": 4e4, "held": 5_000 * RENT / 4}
    got = review(jobs=9, pallets=320, floor=5_000, lease_end=150, **offer)
    assert (got.floor, got.moving) == (5_000.0, 0)
    got = review(jobs=9, pallets=380, floor=5_000, lease_end=150, **(offer | {"stop": 0.0}))
    assert (got.floor, got.stored) == (10_000.0, 0.0)


# --- a floor by the quarter


def test_a_floor_that_fits_is_cheaper_than_a_step_that_does_not():
    """5,500 sq ft at 1.2 times the rent for 10,000 at the rent; the deposit comes back."""
    got = review(jobs=11, floor=10_000, held=9_000, ratio=1.2, vacant=(0, 20_000))
    assert (got.floor, got.floor_vacant) == (5_500.0, 14_500.0)
    assert got.rate == pytest.approx(1.2 * RENT)
    assert (got.returned, got.paid, got.moving, got.end) == (9_000.0, 0.0, 0, 65)


@pytest.mark.parametrize(
    "why",
    [
        {"jobs": 20.0},
        {"vacant": (0, 5_000)},
        {"lease_end": 53},
        {"ratio": 0.0},
        {"ratio": 1.9},
        {"status": CLOSING},
        {"week": 60},
    ],
    ids=["full step", "full building", "lease runs on", "no offer", "too dear", "closing", "date"],
)
def test_a_maker_stays_on_its_usual_lease_if(why):
    settings = {"jobs": 11.0, "ratio": 1.2, "vacant": (0, 20_000), "held": 10_000 * RENT / 4} | why
    got = review(floor=10_000, **settings)
    assert (got.floor, got.rate, got.paid, got.returned) == (10_000.0, 0.0, 0.0, 0.0)


def test_who_has_grown_looks_every_quarter_and_may_come_before_its_lease_ends():
    offer = {"jobs": 11, "floor": 5_000, "lease_end": 150, "vacant": (0, 20_000), "week": 65}
    assert review(**offer, ratio=1.2).floor == 5_500.0
    got = review(**offer, ratio=0.0)
    assert (got.floor, got.rate) == (5_000.0, 0.0)  # the usual lease waits for the year


def test_who_lacks_the_deposit_may_come_without_one():
    """9,000 sq ft by the quarter cost more than 10,000 usual ones, unless a move stops much."""
    short = {"jobs": 18, "floor": 5_000, "cash": 100.0, "vacant": (0, 20_000), "ratio": 1.2}
    assert review(**short).floor == 5_000.0
    assert review(**short, stop=4 * 20_000.0).floor == 9_000.0


def test_a_tenant_changes_its_floor_by_small_steps_as_far_as_there_is_room():
    tenant = {"floor": 5_500, "rate": 1.2 * RENT, "ratio": 1.2, "week": 65, "cash": 0.0}
    got = review(jobs=12.9, vacant=(0, 2_000), **tenant)
    assert (got.floor, got.floor_vacant) == (6_500.0, 1_000.0)
    assert review(jobs=12.9, vacant=(0, 700), **tenant).floor == 6_000.0
    assert review(jobs=12.9, vacant=(0, -3_000), **tenant).floor == 5_500.0
    got = review(jobs=10.5, vacant=(0, 0), **tenant)
    assert (got.floor, got.floor_vacant) == (5_500.0, 0.0)
    got = review(jobs=10.5, vacant=(0, 0), **(tenant | {"floor": 8_000}))
    assert (got.floor, got.floor_vacant) == (5_500.0, 2_500.0)


def test_a_tenant_who_fills_a_step_goes_back_if_it_has_the_deposit():
    tenant = {"jobs": 20, "floor": 9_500, "rate": 1.2 * RENT, "ratio": 1.2, "vacant": (0, 9_000)}
    got = review(**tenant)
    assert (got.floor, got.rate, got.floor_vacant) == (10_000.0, 0.0, 18_500.0)
    assert got.paid == pytest.approx(10_000 * RENT / 4)
    assert got.moving == 52 + 1 + 2
    assert review(**tenant, cash=100.0).floor == 10_000.0  # another 500 sq ft by the quarter
    assert review(**tenant, cash=100.0).rate == pytest.approx(1.2 * RENT)


@pytest.mark.parametrize("cash", [-50.0, 300.0, 1e9])
def test_a_tenant_whose_floor_is_offered_no_more_leaves_with_the_deposit_it_has(cash):
    got = review(jobs=11, floor=5_500, rate=1.2 * RENT, ratio=0.0, week=65, cash=cash)
    assert (got.floor, got.rate, got.floor_vacant) == (10_000.0, 0.0, 5_500.0)
    assert got.paid == pytest.approx(min(max(0.0, cash), 10_000 * RENT / 4))


def test_a_newcomer_takes_what_is_cheaper_and_free():
    assert leases.start_on_flexible(5_400.0, 10_000.0, 1.2, 9_000.0, PRICES) == 5_500.0
    assert leases.start_on_flexible(5_400.0, 10_000.0, 1.2, 5_000.0, PRICES) == 0.0
    assert leases.start_on_flexible(9_900.0, 10_000.0, 1.2, 99_000.0, PRICES) == 0.0
    assert leases.start_on_flexible(5_400.0, 10_000.0, 0.0, 9_000.0, PRICES) == 0.0
