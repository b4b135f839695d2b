"""Packages of policies against sums worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.errors import InputError
from millworks.study.ranking.package import Terms, best_packages
from millworks.world.streams import Streams

SAME = np.ones(12)
"""Pairs that all say the same: sums are exact."""


def terms(together: dict | None = None, **alone: float) -> Terms:
    return Terms(
        {name: value * SAME for name, value in alone.items()},
        {tuple(pair): value * SAME for pair, value in (together or {}).items()},
    )


NO_SURPLUS = {"ab": 0.0, "ac": 0.0, "bc": 0.0}


def test_without_interactions_the_package_is_a_knapsack():
    found = best_packages(
        terms(NO_SURPLUS, a=10.0, b=7.0, c=6.0), terms(a=5.0, b=3.0, c=3.0), budget=6.0, most=3
    )
    assert found.best[0].policies == ("b", "c")
    assert found.best[0].effect.mean == 13.0
    assert found.best[0].cost == 6.0
    # a, b, c, and b with c
    assert found.considered == 4
    assert [package.policies for package in found.best[1:]] == [("a",), ("b",), ("c",)]


def test_synergy_makes_and_undoes_packages():
    costs = terms(a=1.0, b=1.0, c=1.0)
    joined = best_packages(
        terms({"ab": 5.0, "ac": 0.0, "bc": 0.0}, a=1.0, b=-2.0, c=3.0), costs, 2.0, 3
    )
    assert joined.best[0].policies == ("a", "b")
    assert joined.best[0].effect.mean == 4.0
    rivals = best_packages(
        terms({"ab": -9.0, "ac": -1.0, "bc": -9.0}, a=4.0, b=5.0, c=3.0), costs, 9.0, 3
    )
    assert rivals.best[0].policies == ("a", "c")


def test_costs_interact_too():
    effects = terms(NO_SURPLUS, a=4.0, b=4.0, c=1.0)
    shared = terms({"ba": -3.0}, a=4.0, b=4.0, c=1.0)
    assert best_packages(effects, shared, 5.0, 3).best[0].policies == ("a", "b")
    assert best_packages(effects, terms(a=4.0, b=4.0, c=1.0), 5.0, 3).best[0].policies in (
        ("a", "c"),
        ("b", "c"),
    )


def test_exclusions_and_the_number_of_policies_bind():
    effects, costs = terms(NO_SURPLUS, a=4.0, b=3.0, c=1.0), terms(a=0.0, b=0.0, c=0.0)
    assert best_packages(effects, costs, 1.0, 3).best[0].policies == ("a", "b", "c")
    assert best_packages(effects, costs, 1.0, 1).best[0].policies == ("a",)
    apart = best_packages(effects, costs, 1.0, 3, exclusive=[("b", "a")])
    assert apart.best[0].policies == ("a", "c")
    assert all({"a", "b"} - set(package.policies) for package in apart.best)


def test_two_that_were_never_run_together_are_not_guessed():
    found = best_packages(
        terms({"ab": 0.0, "bc": 0.0}, a=4.0, b=3.0, c=2.0), terms(a=0.0, b=0.0, c=0.0), 1.0, 3
    )
    assert found.best[0].policies == ("a", "b")
    assert found.untried == 2


def test_all_subsets_of_twelve_are_looked_at():
    names = "abcdefghijkl"
    streams = Streams(4)
    single = streams.normal("test", np.arange(12))
    pairs = {x + y: 0.0 for at, x in enumerate(names) for y in names[at + 1 :]}
    found = best_packages(
        terms(pairs, **dict(zip(names, single, strict=True))),
        terms(**dict.fromkeys(names, 1.0)),
        12.0,
        12,
    )
    assert found.considered == 4095
    assert found.best[0].effect.mean == pytest.approx(single[single > 0.0].sum())


def test_the_error_of_a_package_is_that_of_its_sum():
    """An interaction that takes back what the single effect gave by luck leaves no luck."""
    luck = Streams(4).normal("test", np.arange(12))
    effects = Terms({"a": 5.0 + luck, "b": SAME}, {("a", "b"): 1.0 - luck})
    found = best_packages(effects, terms(a=0.0, b=0.0), 1.0, 2).best[0]
    assert found.policies == ("a", "b")
    assert found.effect.mean == pytest.approx(7.0)
    assert found.effect.mcse == pytest.approx(0.0, abs=1e-12)


def test_the_luckiest_of_many_equals_is_overstated():
    """Sixty-three sets of idle policies: the best foretold is above zero, and optimism says so."""
    names = "abcdef"
    streams = Streams(12)
    alone = {name: streams.normal("test", np.arange(20), week=at) for at, name in enumerate(names)}
    together = {(x, y): np.zeros(20) for at, x in enumerate(names) for y in names[at + 1 :]}
    found = best_packages(
        Terms(alone, together), Terms({name: np.zeros(20) for name in names}, {}), 1.0, 6
    )
    assert found.best[0].effect.mean > 0.0
    assert found.optimism > 0.3 * found.best[0].effect.mean
    assert found.best[0].chosen < 0.9
    assert "before believing it" in found.warning


def test_a_sure_best_has_no_optimism():
    found = best_packages(terms(NO_SURPLUS, a=4.0, b=3.0, c=1.0), terms(a=1, b=1, c=1), 1.0, 3)
    assert found.best[0].chosen == 1.0
    assert found.optimism == pytest.approx(0.0, abs=1e-12)


def test_nothing_affordable_is_an_empty_answer():
    found = best_packages(terms(NO_SURPLUS, a=4.0, b=3.0, c=1.0), terms(a=9, b=9, c=9), 1.0, 3)
    assert (found.best, found.considered, found.optimism) == ((), 0, None)
    assert best_packages(Terms({}, {}), Terms({}, {}), 1.0, 3).best == ()


def test_terms_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match=r"b has no cost"):
        best_packages(terms(a=1.0, b=1.0), terms(a=1.0), 1.0, 2)
    with pytest.raises(InputError, match=r"a with x: x has no effect of its own"):
        best_packages(terms({"ax": 1.0}, a=1.0), terms(a=1.0), 1.0, 2)
    with pytest.raises(InputError, match="same pairs"):
        best_packages(Terms({"a": np.ones(3)}, {}), Terms({"a": np.ones(4)}, {}), 1.0, 1)
    with pytest.raises(InputError, match="a value in every pair"):
        best_packages(Terms({"a": np.full(3, np.nan)}, {}), Terms({"a": np.ones(3)}, {}), 1.0, 1)
    many = {f"p{at}": 1.0 for at in range(15)}
    with pytest.raises(InputError, match="15 policies"):
        best_packages(terms(**many), terms(**many), 1.0, 2)
