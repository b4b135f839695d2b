"""Whatever productive table is drawn: Leontief's algebra keeps its identities.

References: Miller and Blair (2009), ch. 2 (inverse, power series), 4.9 (aggregation), 6
(multipliers); design of the model, §16 (contract of `InputOutputTable`).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from millworks.economy.input_output import CLOSURES, InputOutputTable
from millworks.errors import InputError

TIGHT = 1e-9


@st.composite
def tables(draw: st.DrawFn, most: float = 0.95) -> InputOutputTable:
    """A table of two to seven sectors whose columns sum to one: inputs, imports, value added."""
    n = draw(st.integers(2, 7))
    shares = st.floats(0.0, 1.0)
    raw = np.array(draw(st.lists(shares, min_size=n * n, max_size=n * n))).reshape(n, n)
    used = np.array(draw(st.lists(st.floats(0.05, most), min_size=n, max_size=n)))
    technical = raw / np.maximum(raw.sum(axis=0), 1e-3) * used
    added = (1.0 - technical.sum(axis=0)) * np.array(
        draw(st.lists(st.floats(0.3, 1.0), min_size=n, max_size=n))
    )
    basket = np.array(draw(st.lists(shares, min_size=n, max_size=n)))
    assume(basket.sum() > 0.1)
    return InputOutputTable(
        technical,
        sectors=[f"S{k}" for k in range(n)],
        regional_share=np.array(draw(st.lists(shares, min_size=n, max_size=n))),
        value_added=added,
        labour_income=added * draw(st.floats(0.2, 0.8)),
        taxes=0.05 * added,
        jobs=10.0 * added,
        basket=basket / basket.sum() * draw(st.floats(0.5, 1.0)),
        resident_share=draw(shares),
        household_tax=draw(shares),
        saving=draw(shares),
        output=100.0 * np.ones(n),
    )


demands = st.lists(st.floats(0.0, 10.0), min_size=7, max_size=7)


def demand_for(table: InputOutputTable, drawn: list[float]) -> np.ndarray:
    demand = np.array(drawn[: table.size])
    assume(demand.sum() > 0.01)
    return demand


@given(table=tables())
def test_the_inverse_undoes_what_production_uses_up(table):
    """(I - A) L = I, and L has no negative entries (Hawkins and Simon)."""
    for respent in (None, 0.5):
        identity = (np.eye(table.size) - table.closed_matrix(respent)) @ table.leontief(respent)
        np.testing.assert_allclose(identity, np.eye(table.size), atol=TIGHT)
        assert (table.leontief(respent) >= -TIGHT).all()


@given(table=tables(), drawn=demands)
def test_rounds_of_spending_never_fall_and_end_at_the_multiplier(table, drawn):
    demand = demand_for(table, drawn)
    rounds = table.rounds(demand, 60, 0.4)
    effect = table.effect("output", demand, 0.4)
    assert (np.diff(rounds, axis=0) >= 0.0).all()
    assert (rounds[-1] <= effect * (1 + TIGHT) + TIGHT).all()
    remaining = np.linalg.matrix_power(table.closed_matrix(0.4), 61) @ effect
    np.testing.assert_allclose(rounds[-1] + remaining, effect, rtol=1e-7, atol=1e-9)


@given(table=tables(), drawn=demands)
def test_every_dollar_of_demand_leaks_out_once(table, drawn):
    """Leakages are shares of the demand; they sum to one in every closure, none is negative."""
    demand = demand_for(table, drawn)
    for closure in CLOSURES:
        parts = table.leakages(demand, closure, respent=0.7)
        assert sum(parts.values()) == pytest.approx(1.0, abs=TIGHT)
        assert min(parts.values()) >= -TIGHT


@given(table=tables(), drawn=demands)
def test_each_response_that_is_let_through_adds_to_the_multiplier(table, drawn):
    """demand ≤ Type I ≤ Type SAM ≤ Type II with all pay respent, sector by sector."""
    demand = demand_for(table, drawn)
    steps = [
        demand,
        table.type_i("output", demand),
        table.type_sam("output", demand),
        table.type_ii("output", demand),
    ]
    for smaller, larger in pairwise(steps):
        assert (larger >= smaller * (1 - TIGHT) - TIGHT).all()


@given(table=tables(), drawn=demands, scale=st.floats(0.01, 100.0))
def test_effects_are_proportional_and_add_up(table, drawn, scale):
    demand = demand_for(table, drawn)
    whole = table.type_ii("jobs", scale * demand, respent=0.6)
    one_by_one = sum(
        table.type_ii("jobs", np.eye(table.size)[k] * demand[k], respent=0.6)
        for k in range(table.size)
    )
    np.testing.assert_allclose(whole, scale * np.asarray(one_by_one), rtol=1e-9, atol=1e-12)


@given(table=tables(), drawn=demands)
def test_buying_more_in_the_region_never_lowers_its_multiplier(table, drawn):
    demand = demand_for(table, drawn)
    closed = InputOutputTable(
        table.technical, table.sectors, labour_income=table.labour_income, basket=table.basket
    )
    respent = 0.5
    local = table.type_ii("output", demand, respent)
    national = closed.type_ii("output", demand, respent)
    assert (local <= national * (1 + TIGHT) + TIGHT).all()


@given(table=tables(), drawn=demands, share=st.floats(0.01, 0.9))
def test_the_respending_share_is_found_from_the_multiplier_it_makes(table, drawn, share):
    demand = demand_for(table, drawn)
    multiplier = table.type_ii("output", demand, share).sum() / demand.sum()
    gain = table.type_ii("output", demand, 0.9).sum() - table.type_i("output", demand).sum()
    assume(gain > 1e-3 * demand.sum())
    assert table.respending_share(multiplier, demand) == pytest.approx(share, abs=1e-6)


@settings(phases=(Phase.explicit, Phase.generate))
@given(table=tables(), drawn=demands)
def test_the_type_i_multiplier_is_made_by_respending_nothing(table, drawn):
    demand = demand_for(table, drawn)
    multiplier = table.type_i("output", demand).sum() / demand.sum()
    assume(table.type_ii("output", demand, 0.9).sum() / demand.sum() > multiplier + 1e-3)
    assert table.respending_share(multiplier, demand) == pytest.approx(0.0, abs=1e-9)


@given(table=tables())
def test_a_table_made_of_its_own_flows_is_the_same_table(table):
    """A = Z / x takes back what Z = A x put in."""
    output = np.linspace(50.0, 300.0, table.size)
    again = InputOutputTable.from_flows(
        table.technical * output,
        output,
        sectors=table.sectors,
        value_added=table.value_added * output,
        labour_income=table.labour_income * output,
    )
    np.testing.assert_allclose(again.technical, table.technical, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(again.imports, table.imports, atol=1e-12)


@given(table=tables())
def test_renaming_and_reordering_sectors_changes_no_multiplier(table):
    """Aggregation one to one, in reverse order."""
    order = np.arange(table.size)[::-1]
    turned = InputOutputTable(
        table.technical[np.ix_(order, order)],
        [table.sectors[k] for k in order],
        regional_share=table.regional_share[order, 0],
        labour_income=table.labour_income[order],
        basket=table.basket[order],
    )
    np.testing.assert_allclose(
        turned.multipliers("output", 0.5)[order], table.multipliers("output", 0.5), rtol=1e-9
    )


@settings(max_examples=50)
@given(
    n=st.integers(1, 6),
    values=st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=36, max_size=36),
)
def test_any_numbers_give_a_productive_table_or_one_sentence(n, values):
    """Never a crash: a table that makes no sense is refused in a sentence."""
    technical = np.array(values[: n * n]).reshape(n, n)
    sentence = ""
    try:
        table = InputOutputTable(technical, sectors=[f"S{k}" for k in range(n)])
    except InputError as refused:
        sentence = str(refused)
    if sentence:
        assert sentence.endswith(".")
        return
    assert np.isfinite(table.leontief()).all()
    assert (table.multipliers() >= 1.0 - TIGHT).all()
