"""Whole districts of the full week: any place, however small, any parameters, firms that leave.

Counties, areas, states and the nation's mix are drawn with populations from a single maker up, and
parameters anywhere the register allows. A district is refused in one sentence (InputError), or it
runs: no crash, no NaN, every identity in every week. Examples are the same in every run; linear
worlds and programmes of orders are drawn in `test_drawn_worlds.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from millworks.agents.firm import ACTIVE, CLOSING, FREE
from millworks.district_model import DistrictModel
from millworks.economy.place_names import all_places
from millworks.economy.places import GENERIC
from millworks.errors import InputError
from millworks.parameters import Parameters, ParameterSpec, register
from worlds import district, run, world_parameters

WEEKS = 30
"""Long enough for two quarters of every firm, seven ticks of prices and shares."""
TWO_YEARS = 104
FEWEST_GENERIC_MAKERS = 19
PLACES = sorted(place.slug for place in all_places() if place.slug != GENERIC)
UNBOUNDED = {"capacity", "revolver_limit"}
"""Columns whose limit value is infinite."""

FIRST_FOUND = (Phase.explicit, Phase.generate)
"""Show the first failing district as drawn: making it smaller takes longer than reading it."""


def values_of(spec: ParameterSpec) -> st.SearchStrategy[float]:
    """A value the register allows: at a bound, between its bounds, or off."""
    if spec.whole:
        inside: st.SearchStrategy[float] = st.integers(int(spec.low), int(spec.high)).map(float)
    else:
        inside = st.floats(spec.low, spec.high)
    corners = [spec.low, spec.high] + ([] if spec.off is None else [spec.off])
    return st.one_of(inside, st.sampled_from(corners))


def any_parameters() -> st.SearchStrategy[dict[str, float]]:
    """Any selection of parameters, each anywhere the register allows."""
    return st.fixed_dictionaries(
        {}, optional={key: values_of(spec) for key, spec in register().items()}
    )


@st.composite
def districts(draw: st.DrawFn, most: int = 60) -> dict[str, Any]:
    """Arguments of `worlds.district`: tiny ones are as likely as larger ones."""
    place = draw(st.one_of(st.just(GENERIC), st.sampled_from(PLACES)))
    fewest = FEWEST_GENERIC_MAKERS if place == GENERIC else 1
    return {
        "place": place,
        "makers": draw(st.one_of(st.integers(fewest, fewest + 5), st.integers(fewest, most))),
        "seed": draw(st.integers(0, 2**63 - 1)),
        "year": draw(st.sampled_from([2017, 2022])),
    }


def founded(rates: Parameters, arguments: dict[str, Any]) -> DistrictModel | None:
    """The district, or None if it was refused; a refusal is a sentence."""
    try:
        return district(parameters=rates, **arguments)
    except InputError as refused:
        sentence = str(refused)
    assert sentence.endswith("."), sentence
    return None


def check(model: DistrictModel, weeks: int) -> None:
    """Let weeks pass with the books checked in each; nothing is ever undefined."""
    run(model, weeks)
    assert max(model.invariants.worst.values()) <= 1e-9
    for name, population in model.populations.items():
        for column, values in population.state().items():
            known = ~np.isnan(values) if column in UNBOUNDED else np.isfinite(values)
            assert known.all(), f"{name}.{column} is not finite"
    for name, values in model.trade.state().items():
        # Hauls too short for rail have no price there: infinite, but never undefined.
        known = ~np.isnan(values) if name == "hauls" else np.isfinite(values)
        assert known.all(), f"trade.{name} is not finite"


@settings(max_examples=20, phases=FIRST_FOUND)
@given(changes=any_parameters(), arguments=districts())
def test_a_drawn_district_never_crashes_never_unbalances(changes, arguments):
    """T1, full week."""
    if model := founded(world_parameters("default").replace(**changes), arguments):
        check(model, WEEKS)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=300, phases=FIRST_FOUND)
@given(changes=any_parameters(), arguments=districts(most=120))
def test_many_drawn_districts_never_crash_never_unbalance(changes, arguments):
    """T1, full week, more examples."""
    if model := founded(world_parameters("default").replace(**changes), arguments):
        check(model, WEEKS)


@settings(max_examples=6, phases=FIRST_FOUND)
@given(arguments=districts(most=30), hazard=st.floats(0.5, 6.0))
def test_a_district_in_which_most_firms_leave_keeps_its_books(arguments, hazard):
    """Every firm closes about `hazard` times a year; rows are settled, freed and taken again."""
    rates = world_parameters("default").replace(
        unchecked=True, hv0=hazard, hv1=hazard, arrears=2.0, entry_rate=6.0
    )
    model = founded(rates, arguments)
    if model is None:
        return
    check(model, TWO_YEARS)
    status = np.concatenate([model.population(letter).status for letter in "MR"])
    assert set(np.unique(status)) <= {ACTIVE, CLOSING, FREE}
    assert max(model.population(letter).generation.max() for letter in "MR") >= 1
