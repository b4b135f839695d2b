"""Whatever the numbers: words follow intervals, and every answer is one that was measured."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from millworks.study.ranking.best import places
from millworks.study.ranking.draws import even_points, free_parameters, parameter_draws
from millworks.study.ranking.equal_cost import Search, solve_equal_costs
from millworks.study.ranking.holm import holm, holm_adjusted
from millworks.study.ranking.verdicts import Rules, Word, verdicts

amounts = st.integers(-1000, 1000).map(float)


@st.composite
def studies(draw: st.DrawFn) -> dict[str, np.ndarray]:
    """Return differences of one to eight policies over two to fourteen pairs, many of them tied."""
    pairs, policies = draw(st.integers(2, 14)), draw(st.integers(1, 8))
    table = draw(arrays(float, (policies, pairs), elements=amounts))
    return {f"p{at}": row for at, row in enumerate(table)}


@settings(deadline=None, max_examples=60)
@given(studies(), st.floats(0.001, 0.5))
def test_an_interval_excludes_zero_if_and_only_if_holm_rejects(values, alpha):
    for tested in holm(values, alpha).values():
        assert tested.rejected == (tested.low > 0.0 or tested.high < 0.0)
        assert tested.low <= tested.mean <= tested.high
        # At the very edge rounding decides, and either is right.
        if abs(tested.adjusted - alpha) > 1e-9:
            assert tested.rejected == (tested.adjusted < alpha)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30))
def test_correction_keeps_the_order_and_never_helps(p_values):
    adjusted = holm_adjusted(p_values)
    assert all(p <= q <= 1.0 for p, q in zip(p_values, adjusted, strict=True))
    order = np.argsort(p_values, kind="stable")
    assert np.all(np.diff(np.array(adjusted)[order]) >= 0.0)


@settings(deadline=None, max_examples=40)
@given(studies(), st.floats(0.01, 0.2))
def test_words_follow_intervals_and_turn_with_the_sign(values, alpha):
    rules = Rules(alpha, 2)
    found = verdicts(values, rules=rules)
    mirrored = verdicts({name: -sample for name, sample in values.items()}, rules=rules)
    for name, verdict in found.items():
        assert (verdict.word is Word.WORKS) == (verdict.low > 0.0)
        assert (verdict.word is Word.HARMS) == (verdict.high < 0.0)
        other = mirrored[name]
        if abs(verdict.p - alpha) > 1e-9:
            assert (verdict.word is Word.WORKS) == (other.word is Word.HARMS)


@settings(deadline=None, max_examples=40)
@given(studies())
def test_chances_of_being_best_add_up_to_one(values):
    found = places(values, 0.95)
    assert abs(sum(place.best for place in found.values()) - 1.0) < 1e-9
    for place in found.values():
        assert 1 <= place.low <= place.high <= len(values)
    assert any(place.rank == 1 for place in found.values())


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.tuples(st.floats(0.001, 100.0), st.floats(-5.0, 20.0)), min_size=1, max_size=8),
    st.floats(1.0, 100.0),
    st.integers(0, 6),
)
def test_whatever_the_cost_the_answer_was_measured_and_its_flags_are_true(points, most, calls):
    """Costs jump at will at up to eight places: falling, negative, stepped."""
    steps = sorted(points)
    asked = []

    def cost(intensity: float) -> float:
        asked.append(intensity)
        return 1.0 + sum(jump for at, jump in steps if at <= intensity) + 0.01 * intensity

    first = (1.0, cost(1.0))
    asked.clear()
    searches = {"it": Search(10.0, [first], most, calls=calls)}
    found = solve_equal_costs(searches, lambda wanted: {"it": cost(wanted["it"])})["it"]
    assert len(asked) == len(set(asked)) <= calls
    assert all(0.0 < x <= most and x == float(f"{x:.3g}") for x in asked)
    assert (found.intensity, found.cost) in found.tries
    assert found.reached == (abs(found.cost - 10.0) <= 0.5)
    assert not (found.reached and (found.saturated or found.lumpy))
    if found.saturated:
        assert max(price for _, price in found.tries) < 9.5
    costs = [price for _, price in sorted(found.tries)]
    if np.all(np.diff(costs) >= 0.0):
        assert found.monotone


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**64 - 1), st.integers(1, 70), st.integers(0, 70))
def test_draws_are_inside_their_ranges_and_do_not_depend_on_their_number(seed, count, first):
    free = free_parameters()
    drawn = parameter_draws(count, seed, first)
    assert drawn == parameter_draws(first + count, seed)[first:]
    assert all(
        row.low <= draw[key] <= row.high and not (row.whole and draw[key] % 1)
        for draw in drawn
        for key, row in free.items()
    )


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**64 - 1), st.integers(0, 8))
def test_every_doubling_is_a_latin_hypercube(seed, level):
    points = even_points(["a", "b", "c"], 2**level, seed)
    assert all(
        sorted((points[:, at] * 2**level).astype(int)) == list(range(2**level)) for at in range(3)
    )
