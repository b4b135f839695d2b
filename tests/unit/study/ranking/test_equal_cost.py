"""The intensity that meets a budget, on costs of known shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from millworks.errors import InputError
from millworks.study.ranking.equal_cost import (
    EqualCost,
    Search,
    Try,
    rounded,
    solve_equal_costs,
)

BUDGET = 2.0e6


class Meter:
    """A cost that remembers where it was measured."""

    def __init__(self, cost: Callable[[float], float]) -> None:
        self.cost, self.asked = cost, []

    def __call__(self, intensity: float) -> float:
        self.asked.append(intensity)
        return self.cost(intensity)


def solve_equal_cost(
    cost: Callable[[float], float], budget: float, known: Sequence[Try], most: float, **settings
) -> EqualCost:
    searches = {"it": Search(budget, known, most, **settings)}
    return solve_equal_costs(searches, lambda asked: {"it": cost(asked["it"])})["it"]


def solved(cost: Callable[[float], float], most: float = 20.0, **settings) -> EqualCost:
    meter = Meter(cost)
    found = solve_equal_cost(meter, BUDGET, [(1.0, cost(1.0))], most, **settings)
    assert len(meter.asked) <= settings.get("calls", 4)
    assert [x for x, _ in found.tries] == [1.0, *meter.asked]
    assert (found.intensity, found.cost) in found.tries
    return found


def test_cost_in_proportion_takes_one_call():
    found = solved(lambda x: 7.0e5 * x)
    assert found.intensity == 2.86
    assert len(found.tries) == 2
    assert found.reached
    assert (found.saturated, found.lumpy) == (False, False)


def test_a_policy_that_costs_the_budget_already_is_not_measured_again():
    found = solved(lambda x: 1.96e6 * x)
    assert (found.intensity, len(found.tries), found.reached) == (1.0, 1, True)


@pytest.mark.parametrize(
    "cost",
    [
        lambda x: 4.0e5 + 3.0e5 * x,
        lambda x: 4.0e5 * x**0.6,
        lambda x: 1.0e5 * x**2,
        lambda x: 3.0e6 * (1.0 - math.exp(-x / 4.0)),
        lambda x: 6.0e6 * x**0.5,
        lambda x: 1.2e6 + 3.0e6 * x,
        lambda x: 9.0e5 * x - 1.5e6,
    ],
    ids=["overhead", "falling", "rising", "saturating", "dear", "dear overhead", "earns at first"],
)
def test_smooth_costs_are_met_within_four_calls(cost: Callable[[float], float]):
    found = solved(cost)
    assert found.reached
    assert abs(found.cost - BUDGET) <= 0.05 * BUDGET
    assert found.monotone


def test_what_is_reported_is_what_was_run():
    found = solved(lambda x: 4.0e5 + 3.0e5 * x)
    assert all(x == float(f"{x:.3g}") for x, _ in found.tries)
    assert found.cost == 4.0e5 + 3.0e5 * found.intensity


def test_a_policy_that_cannot_spend_the_budget_is_saturated_at_its_largest():
    found = solved(lambda x: 1.0e6 * min(x, 1.5), most=4.0)
    assert (found.intensity, found.cost) == (4.0, 1.5e6)
    assert found.saturated
    assert not found.reached


@pytest.mark.parametrize("cost", [lambda x: 0.0, lambda x: -1000.0 * x])
def test_a_policy_that_costs_nothing_or_earns_is_saturated(cost: Callable[[float], float]):
    found = solved(cost, most=5.0)
    assert found.saturated
    assert found.intensity == 5.0
    assert len(found.tries) == 2


def test_slow_costs_end_with_the_question_what_the_largest_costs():
    found = solved(lambda x: 1.0e6 * (1.0 + 0.01 * math.log(x)), most=1000.0)
    assert found.saturated
    assert found.intensity == 1000.0


def test_whole_facilities_stay_within_the_budget_and_are_called_lumpy():
    found = solved(lambda x: 1.3e6 * math.ceil(x - 1e-9))
    assert found.lumpy
    assert not found.reached
    assert found.cost == 1.3e6


def test_one_facility_that_costs_too_much_is_shown_at_its_cheapest():
    found = solved(lambda x: 5.68e6)
    assert found.lumpy
    assert (found.reached, found.saturated) == (False, False)
    assert found.cost > found.budget


def test_a_leap_between_neighbouring_intensities_is_a_step():
    found = solve_equal_cost(
        lambda x: 1.0e6 * x if x < 1.5 else 3.0e6 * x,
        BUDGET,
        [(1.0, 1.0e6), (1.49, 1.49e6), (1.5, 4.5e6)],
        20.0,
    )
    assert (found.intensity, found.lumpy, len(found.tries)) == (1.49, True, 3)


def test_cost_that_falls_while_intensity_rises_is_said():
    known = {1.0: 1.0e6, 2.0: 0.5e6}
    found = solved(lambda x: known.get(x, 1.0e6 * x / 2.0))
    assert not found.monotone
    assert not found.saturated
    assert abs(found.cost - BUDGET) == min(abs(cost - BUDGET) for _, cost in found.tries)
    crossing = solve_equal_cost(lambda x: 4.0e6 / x, BUDGET, [(1.0, 4.0e6), (4.0, 1.0e6)], 4.0)
    assert crossing.reached
    assert not crossing.monotone
    assert not crossing.saturated


def test_too_few_calls_leave_the_nearest_and_say_so():
    found = solved(lambda x: 4.0e5 + 3.0e5 * x, calls=1)
    assert not found.reached
    assert found.cost == min((cost for _, cost in found.tries), key=lambda c: abs(c - BUDGET))


def test_a_study_that_was_stopped_goes_on_with_the_same_intensities():
    def cost(x: float) -> float:
        return 3.0e5 * x**0.6 + 2.0e5

    whole = solved(cost)
    assert len(whole.tries) >= 3
    resumed = solve_equal_cost(cost, BUDGET, whole.tries[:2], 20.0, calls=3)
    assert resumed == whole


def test_policies_that_still_search_are_measured_together():
    costs = {"even": lambda x: 7.0e5 * x, "met": lambda x: 2.0e6, "slow": lambda x: 3e5 * x**0.5}
    rounds = []

    def measure(asked: dict[str, float]) -> dict[str, float]:
        rounds.append(set(asked))
        return {name: costs[name](x) for name, x in asked.items()}

    searches = {name: Search(BUDGET, [(1.0, cost(1.0))], 50.0) for name, cost in costs.items()}
    found = solve_equal_costs(searches, measure)
    assert rounds[0] == {"even", "slow"}
    assert all(asked == {"slow"} for asked in rounds[1:])
    for name, cost in costs.items():
        assert found[name] == solve_equal_cost(cost, BUDGET, [(1.0, cost(1.0))], 50.0)


def test_where_more_of_it_buys_nothing_more_the_largest_is_tried_next():
    found = solved(lambda x: 9.0e5, most=4.0)
    assert [x for x, _ in found.tries] == [1.0, 2.22, 4.0]
    assert found.saturated


def test_the_largest_intensity_is_never_passed():
    assert rounded(3.3355, 3.3355) == 3.33
    assert rounded(0.99996, 0.99996) == 0.999
    assert rounded(7.0, 2.5) == 2.5
    assert rounded(0.123456, 1.0) == 0.123
    assert solved(lambda x: 1.0e5 * x, most=3.3355).intensity == 3.33


def test_what_no_intensity_could_solve_is_refused():
    with pytest.raises(InputError, match="budget is 0"):
        solve_equal_cost(lambda x: x, 0.0, [(1.0, 1.0)], 2.0)
    with pytest.raises(InputError, match=r"at most 0\.5"):
        solve_equal_cost(lambda x: x, 1.0, [(1.0, 1.0)], 0.5)
    with pytest.raises(InputError, match="at least one intensity"):
        solve_equal_cost(lambda x: x, 1.0, [], 2.0)
    with pytest.raises(InputError, match="tolerance is 5"):
        solve_equal_cost(lambda x: x, 1.0, [(1.0, 1.0)], 2.0, tolerance=5.0)
    with pytest.raises(InputError, match="cost at intensity 10 is nan"):
        solve_equal_cost(lambda x: math.nan, 10.0, [(1.0, 1.0)], 20.0)
