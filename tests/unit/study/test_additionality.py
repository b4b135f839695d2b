"""Additionality by hand: two makers, their suppliers and their projects, with known answers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millworks.study.additionality.counterfactual import (
    finance_of_treated,
    matched,
    projects_of_treated,
)
from millworks.study.additionality.identity import (
    DYNAMIC,
    INDIRECT,
    INDUCED,
    MAKER_CELLS,
    SUMS,
    TREATED,
    by_sign,
    residual,
    split,
)
from millworks.study.additionality.value_added import FIRMS_USE, INCOMES, INVESTMENT, OUTSIDE

BLOCKS = 15
WEEKS = 104


def arm(years: int = 2, makers: int = 2, partners: int = 1, shops: int = 1):
    """An arm in which nobody does anything: every firm trades to the end, nobody is treated."""
    found = {
        "blocks": np.zeros((years, 4, BLOCKS)),
        "chains": np.zeros(years),
        "deducted": np.zeros((years, 3)),
        "to_makers": np.zeros((0, 3)),
        "projects": np.zeros((0, 4)),
    }
    for letter, rows in (("M", makers), ("P", partners), ("R", shops)):
        found |= {
            f"{letter}_value_added": np.zeros((years, rows)),
            f"{letter}_newcomers": np.zeros(years),
            f"{letter}_until": np.full(rows, WEEKS),
            f"{letter}_taken_up": np.full(rows, -1),
            f"{letter}_sector": np.zeros(rows, int),
            f"{letter}_size": np.zeros(rows, int),
            f"{letter}_shipped": np.zeros(rows),
        }
        for name in ("private", "programme", "stake", "grant", "windfall"):
            found[f"{letter}_{name}"] = np.zeros(rows)
    return found


def test_two_makers_one_treated_that_takes_the_others_customers():
    """The treated one wins 100 a year, 60 of it from its rival in the same market: net 40."""
    before, after = arm(), arm()
    before["M_value_added"][:] = 500.0
    after["M_value_added"][:] = (600.0, 440.0)
    after["M_taken_up"][0] = 3
    found = split(before, after, WEEKS)
    assert found.sums[TREATED].tolist() == [100.0, 100.0]
    assert found.untreated.sum(axis=1).tolist() == [-60.0, -60.0]
    assert not any(found.sums[name].any() for name in (INDIRECT, INDUCED, DYNAMIC))
    assert found.net.tolist() == [40.0, 40.0]
    spillover, displacement, _ = by_sign(found.untreated.sum(axis=0)[None])
    assert (spillover.item(), displacement.item()) == (0.0, 120.0)


def test_what_an_untreated_maker_sells_to_the_treated_is_indirect():
    """A quarter, then half of what it ships goes to the treated maker; the rest stands with it."""
    before, after = arm(), arm()
    after["M_taken_up"][0] = 0
    before["M_value_added"][:, 1], after["M_value_added"][:, 1] = 400.0, 600.0
    for one, units in ((before, 25.0), (after, 50.0)):
        one["M_shipped"][1] = 100.0
        one["to_makers"] = np.array([[1.0, 0.0, units], [1.0, 1.0, 7.0]])
    found = split(before, after, WEEKS)
    assert found.sums[INDIRECT].tolist() == [200.0, 200.0]
    assert found.untreated.sum(axis=1).tolist() == [0.0, 0.0]


def test_a_large_maker_that_supplies_the_treated_is_found_by_its_place_after_the_small_ones():
    before, after = arm(), arm()
    after["M_taken_up"][0] = 0
    after["P_value_added"][:, 0] = 80.0
    after["P_shipped"][0], before["P_shipped"][0] = 10.0, 10.0
    after["to_makers"] = np.array([[2.0, 0.0, 10.0]])
    assert split(before, after, WEEKS).sums[INDIRECT].tolist() == [80.0, 80.0]


def test_serving_the_treated_is_taken_off_what_they_add():
    before, after = arm(), arm()
    after["M_taken_up"][0] = 0
    after["M_value_added"][0, 0] = 50.0
    after["deducted"][0] = (3.0, 4.0, 20.0)
    found = split(before, after, WEEKS)
    assert found.sums[TREATED].tolist() == [26.0, 0.0]
    assert found.serving.tolist() == [24.0, 0.0]
    assert found.sums[INDIRECT].tolist() == [-3.0, 0.0]


def test_services_go_by_who_bought_them():
    before, after = arm(), arm()
    for use, value in ((FIRMS_USE, 1.0), (INVESTMENT, 2.0), (INCOMES, 4.0), (OUTSIDE, -8.0)):
        after["blocks"][1, use, 5] = value
    after["chains"][1] = 16.0
    found = split(before, after, WEEKS)
    assert [found.sums[name][1] for name in (INDIRECT, DYNAMIC, INDUCED)] == [1.0, 2.0, 20.0]
    assert found.untreated[1, MAKER_CELLS + 5] == -8.0


def test_an_untreated_firm_that_closes_in_one_arm_only_is_turnover_from_that_year_on():
    before, after = arm(), arm()
    before["M_value_added"][:, 1] = 100.0
    after["M_value_added"][:, 1] = (90.0, 0.0)
    after["M_until"][1] = 52
    found = split(before, after, WEEKS)
    assert found.untreated.sum(axis=1).tolist() == [-10.0, 0.0]
    assert found.sums[DYNAMIC].tolist() == [0.0, -100.0]


def test_a_treated_firm_that_survives_keeps_all_it_makes():
    before, after = arm(), arm()
    before["M_until"][0] = 10
    after["M_value_added"][:, 0] = 70.0
    after["M_taken_up"][0] = 0
    found = split(before, after, WEEKS)
    assert found.sums[TREATED].tolist() == [70.0, 70.0]
    assert found.survival.tolist() == [70.0, 70.0]
    assert not found.sums[DYNAMIC].any()


def test_newcomers_are_turnover_whatever_they_use():
    before, after = arm(), arm()
    before["M_newcomers"][:] = 5.0
    after["M_newcomers"][:], after["R_newcomers"][:] = 9.0, 2.0
    assert split(before, after, WEEKS).sums[DYNAMIC].tolist() == [6.0, 6.0]


def test_treated_shops_stand_with_the_treated_and_others_with_incomes():
    before, after = arm(shops=2), arm(shops=2)
    after["R_value_added"][:] = (3.0, 4.0)
    after["R_taken_up"][0] = 1
    found = split(before, after, WEEKS)
    assert found.sums[TREATED].tolist() == [3.0, 3.0]
    assert found.sums[INDUCED].tolist() == [4.0, 4.0]
    assert found.firms == {"M": 0, "P": 0, "R": 1}


def test_an_arm_that_is_the_baseline_leaves_nothing_anywhere():
    same = arm()
    same["M_value_added"][:] = 123.0
    same["M_taken_up"][0] = 2
    found = split(same, same, WEEKS)
    assert not found.untreated.any()
    assert not any(values.any() for values in found.sums.values())
    assert residual([found], np.zeros(1)) == 0.0


numbers = st.integers(-(10**6), 10**6).map(float)


def drawn(draw, years=2, makers=4, partners=2, shops=3):
    """An arm with anything in it."""
    found = arm(years, makers, partners, shops)

    def values(shape):
        size = math.prod(shape)
        flat = draw(st.lists(numbers, min_size=size, max_size=size))
        return np.array(flat).reshape(shape)

    for name in ("blocks", "chains", "deducted"):
        found[name] = values(found[name].shape)
    for letter, rows in (("M", makers), ("P", partners), ("R", shops)):
        for name in ("value_added", "newcomers"):
            key = f"{letter}_{name}"
            found[key] = values(found[key].shape)
        whole = st.lists(st.integers(0, WEEKS), min_size=rows, max_size=rows)
        found[f"{letter}_until"] = np.array(draw(whole))
        found[f"{letter}_taken_up"] = np.array(draw(whole)) - WEEKS // 2
        found[f"{letter}_shipped"] = np.abs(values((rows,)))
    links = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=6))
    found["to_makers"] = np.array([(s, b, 10.0) for s, b in set(links)]).reshape(-1, 3)
    return found


def value_added(found):
    """Value added of the district, year by year, without a thought of who is treated."""
    firms = sum(
        found[f"{k}_value_added"].sum(axis=1) + found[f"{k}_newcomers"] for k in ("M", "P", "R")
    )
    return (
        firms + found["blocks"].sum(axis=(1, 2)) + found["chains"] - found["deducted"].sum(axis=1)
    )


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_terms_add_up_to_the_net_effect_whatever_happens(data):
    before, after = drawn(data.draw), drawn(data.draw)
    found = split(before, after, WEEKS)
    net = value_added(after) - value_added(before)
    assert found.net == pytest.approx(net, abs=1e-6)
    terms = sum(found.sums[name] for name in SUMS) + found.untreated.sum(axis=1)
    assert terms == pytest.approx(net, abs=1e-6)
    assert residual([found], np.array([net.sum()])) < 1e-6
    assert found.treated.sum() - found.serving.sum() == pytest.approx(
        found.sums[TREATED].sum(), abs=1e-6
    )


def test_signs_are_taken_of_means_and_not_of_single_pairs():
    """Two pairs in which a cell falls and rises by the same: nobody is displaced."""
    spillover, displacement, luck = by_sign(np.array([[5.0, -3.0], [-5.0, -1.0]]))
    assert displacement.mean() == 2.0
    assert spillover.mean() == 0.0
    assert (spillover - displacement).tolist() == [2.0, -6.0]
    assert luck == pytest.approx((5.0 + 1.0) / math.sqrt(2.0 * math.pi))


def test_luck_alone_displaces_about_what_is_said():
    cells = np.random.default_rng(1).normal(size=(20, 2000))
    spillover, displacement, luck = by_sign(cells)
    assert displacement.mean() == pytest.approx(luck, rel=0.1)
    assert spillover.mean() == pytest.approx(luck, rel=0.1)


def test_one_pair_has_no_level_of_luck():
    assert math.isnan(by_sign(np.array([[1.0, -1.0]]))[2])


def projects(*rows):
    return np.array(rows, float).reshape(-1, 4)


def test_deadweight_is_what_the_same_maker_does_anyway_within_half_a_year():
    before, after = arm(), arm()
    after["M_taken_up"][0] = 10
    after["projects"] = projects(
        (5, 0, 0, 7.0),  # before it takes part
        (40, 0, 0, 100.0),  # comes anyway, 26 weeks later
        (40, 0, 1, 30.0),  # a technology that it would not have
        (90, 0, 0, 50.0),  # comes anyway, but 27 weeks later
        (40, 1, 0, 900.0),  # by a maker that does not take part
    )
    before["projects"] = projects((66, 0, 0, 80.0), (117, 0, 0, 60.0), (40, 1, 0, 900.0))
    found = projects_of_treated(before, after)
    assert (found.number, found.usd) == (3, 180.0)
    assert (found.anyway, found.anyway_usd) == (1, 100.0)
    assert (found.baseline, found.baseline_usd) == (2, 140.0)


def test_a_project_of_the_baseline_stands_for_one_only():
    mine = projects((10, 0, 0, 1.0), (20, 0, 0, 1.0))
    assert matched(mine, projects((15, 0, 0, 1.0))).tolist() == [True, False]
    assert matched(mine, projects((0, 0, 0, 1.0), (44, 0, 0, 1.0))).tolist() == [True, True]


def test_no_projects_are_no_deadweight():
    found = projects_of_treated(arm(), arm())
    assert (found.number, found.anyway, found.baseline) == (0, 0, 0)


def test_private_credit_that_is_given_up_is_found_on_the_treated_alone():
    before, after = arm(), arm()
    after["M_taken_up"][0] = 0
    before["M_private"][:], after["M_private"][:] = (100.0, 40.0), (70.0, 0.0)
    after["M_programme"][:], after["M_stake"][0] = (60.0, 0.0), 5.0
    found = finance_of_treated(before, after)
    assert found.private_baseline - found.private == 30.0
    assert (found.programme, found.stakes) == (60.0, 5.0)
