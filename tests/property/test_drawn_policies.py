"""Whatever policies and shocks are put together: nothing crashes, unbalances, or turns to NaN.

Any selection of all there are, each with settings anywhere its bounds allow, in a world of the
place, size and seed drawn, in whatever order they are named. Books are checked every week.
Examples are the same in every run.
"""

from __future__ import annotations

import types
import typing
from typing import Any, Literal, get_args, get_origin

import numpy as np
import pytest
from annotated_types import Ge, Gt, Le, Lt
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from arms import differences
from millworks.economy.places import list_places
from millworks.economy.sectors import MANUFACTURING, SECTORS
from millworks.economy.size_mix import SIZE_CLASSES
from millworks.policies.registry import incompatible, lever_settings, levers
from millworks.shocks.registry import shock_settings, shocks
from worlds import district, fingerprint, run, world_parameters

WEEKS = 30
LISTS = {
    "sizes": list(SIZE_CLASSES),
    "sectors": [code for code, made in zip(SECTORS, MANUFACTURING, strict=True) if made],
    "sites": [(0.0, 0.0), (12.0, 0.0), (0.0, -15.0), (400.0, 400.0)],
}
"""Values of the settings that are lists of names."""
SOON = {"start": 20, "weeks": 30, "ramp": 20}
"""Weeks beyond which a setting would not be seen in these runs."""
FIRST_FOUND = (Phase.explicit, Phase.generate)
"""Show the first failing world as drawn: making it smaller takes longer than reading it."""


def values_of(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    """A value that a setting allows."""
    kinds = get_args(field.annotation) if _is_union(field.annotation) else (field.annotation,)
    return st.one_of([_values_of_kind(name, kind, field) for kind in kinds])


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (typing.Union, types.UnionType)


def _values_of_kind(name: str, kind: Any, field: FieldInfo) -> st.SearchStrategy[Any]:
    if kind is type(None):
        return st.none()
    if kind is bool:
        return st.booleans()
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is list:
        chosen = st.lists(st.sampled_from(LISTS[name]), min_size=1, max_size=4, unique=True)
        return chosen.map(lambda some: [list(x) if isinstance(x, tuple) else x for x in some])
    low, high, open_low = _bounds(field)
    if kind is int:
        return st.integers(int(low), int(min(high, SOON.get(name, high))))
    if kind is float:
        return st.floats(low, high, exclude_min=open_low)
    raise TypeError(f"no values known for the setting {name} of kind {kind}")


def _bounds(field: FieldInfo) -> tuple[float, float, bool]:
    low, high, open_low = 0.0, 1e6, False
    for bound in field.metadata:
        if isinstance(bound, Ge):
            low = float(bound.ge)  # type: ignore[arg-type]
        elif isinstance(bound, Gt):
            low, open_low = float(bound.gt), True  # type: ignore[arg-type]
        elif isinstance(bound, Le):
            high = float(bound.le)  # type: ignore[arg-type]
        elif isinstance(bound, Lt):
            raise TypeError("bounds of settings include their upper end")
    return low, high, open_low


def settings_drawn(model: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Some settings of a policy or shock; the others keep their defaults."""
    fields = model.model_fields.items()
    return st.fixed_dictionaries({}, optional={name: values_of(name, f) for name, f in fields})


def selection(kinds: dict[str, Any]) -> st.SearchStrategy[dict[str, dict[str, Any]]]:
    """Any of them that go together, each with settings drawn, in an order drawn."""
    chosen = st.fixed_dictionaries(
        {}, optional={name: settings_drawn(kind) for name, kind in kinds.items()}
    )
    return chosen.map(compatible).flatmap(
        lambda some: st.permutations(list(some.items())).map(dict)
    )


def compatible(some: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Without the second of any two that exclude each other as they are set."""
    kept = dict(some)
    while clash := incompatible({n: POLICIES[n](**s) for n, s in kept.items() if n in POLICIES}):
        del kept[clash[1]]
    return kept


POLICIES = {name: lever_settings(name) for name in levers()}
SHOCKS = {name: shock_settings(name) for name in shocks()}


@st.composite
def worlds_drawn(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments of `worlds.district`."""
    return {
        "place": draw(st.sampled_from(list(list_places()))),
        "makers": draw(st.integers(19, 60)),
        "seed": draw(st.integers(0, 2**63 - 1)),
    }


def check(world: dict[str, Any], policies: dict[str, Any], shocks_: dict[str, Any]) -> None:
    """Run a drawn world under what was drawn, with every week's books checked."""
    model = district(parameters=world_parameters("default"), **world)
    run(model, 3)
    model.introduce(policies, shocks_)
    run(model, WEEKS)
    assert max(model.invariants.worst.values()) <= 1e-9
    for name, population in model.populations.items():
        for column, values in population.state().items():
            if column not in ("capacity", "revolver_limit"):
                assert np.isfinite(values).all(), f"{name}.{column} is not finite"
    # What was in force can be taken away in any week, and the books still close.
    model.introduce({}, {})
    run(model, 5)


@settings(max_examples=25, phases=FIRST_FOUND)
@given(world=worlds_drawn(), policies=selection(POLICIES), shocks_=selection(SHOCKS))
def test_drawn_policies_and_shocks_never_crash_never_unbalance(world, policies, shocks_):
    check(world, policies, shocks_)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@settings(max_examples=500, phases=FIRST_FOUND)
@given(world=worlds_drawn(), policies=selection(POLICIES), shocks_=selection(SHOCKS))
def test_five_hundred_drawn_policies_and_shocks_never_crash_never_unbalance(
    world, policies, shocks_
):
    check(world, policies, shocks_)


@pytest.mark.slow
@settings(max_examples=25, phases=FIRST_FOUND)
@given(world=worlds_drawn(), shocks_=selection(SHOCKS))
def test_everything_at_once_in_drawn_worlds_never_unbalances(world, shocks_):
    """All policies there are that go together, at their default size, whatever befalls them."""
    check(world, compatible({name: {} for name in POLICIES}), shocks_)


@settings(max_examples=6, phases=FIRST_FOUND)
@given(policies=selection(POLICIES), shocks_=selection(SHOCKS))
def test_the_order_in_which_they_are_named_changes_no_bit(policies, shocks_):
    model = district("hickory", 40, parameters=world_parameters("default"), seed=9)
    start = model.state()
    ends = []
    for order in (1, -1):
        model.load_state(start)
        model.introduce(dict(list(policies.items())[::order]), dict(list(shocks_.items())[::order]))
        run(model, 8)
        ends.append(model.state())
    assert differences(*ends) == []
    assert fingerprint(ends[0]) == fingerprint(ends[1])


@settings(max_examples=6, phases=FIRST_FOUND)
@given(data=st.data(), policies=selection(POLICIES), shocks_=selection(SHOCKS))
def test_taking_one_away_gives_the_world_that_never_had_it(data, policies, shocks_):
    """Before and after a run with it, the others alone give the same bits."""
    if not policies:
        return
    model = district("elkhart", 40, parameters=world_parameters("default"), seed=3)
    start = model.state()
    gone = data.draw(st.sampled_from(list(policies)))
    ends = []
    for taken_away in (True, False, True):
        model.load_state(start)
        in_force = {n: s for n, s in policies.items() if not (taken_away and n == gone)}
        model.introduce(in_force, shocks_)
        run(model, 8)
        ends.append(model.state())
    assert differences(ends[0], ends[2]) == []


@settings(max_examples=6, phases=FIRST_FOUND)
@given(data=st.data(), policies=selection(POLICIES), shocks_=selection(SHOCKS))
def test_one_of_size_zero_beside_any_others_changes_no_bit(data, policies, shocks_):
    name = data.draw(st.sampled_from(sorted(POLICIES)))
    others = {other: chosen for other, chosen in policies.items() if other != name}
    model = district("dalton", 40, parameters=world_parameters("default"), seed=3)
    start = model.state()
    ends = []
    for in_force in (others, others | {name: {"intensity": 0.0}}):
        model.load_state(start)
        model.introduce(in_force, shocks_)
        run(model, 8)
        ends.append(model.state())
    assert differences(*ends) == []
