"""Every policy and shock there is refuses what does not fit, in one sentence that says what does.

Nothing here names a policy: whoever is added is tested as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from annotated_types import Ge, Gt, Le

from millworks.conf.checks import checked, validated
from millworks.conf.levers import SINGULAR, excluded, lever_names, settings_of
from millworks.conf.plan import Plan
from millworks.conf.schema import RunConfig
from millworks.errors import InputError

LEVERS = [(kind, name) for kind in SINGULAR for name in lever_names(kind)]
MINE = Path("mine.yaml")


def refused(kind: str, name: str, **settings: Any) -> str:
    """What a scenario file with these settings is told."""
    tree = {"policies": {}, "shocks": {}, kind: {name: settings}, "study": {"weeks": 208}}
    plan = Plan(MINE)
    with pytest.raises(InputError) as error:
        checked(validated(RunConfig, tree, plan), plan)
    said = str(error.value)
    assert said.startswith("mine.yaml: ")
    assert said.endswith((".", "?"))
    assert "\n" not in said
    return said.removeprefix("mine.yaml: ")


WRONG: dict[str, list[tuple[Any, str]]] = {
    "intensity": [
        (value, "it must be a number between 0 and 4.")
        for value in (-0.1, 4.5, 1e300, float("nan"), float("inf"), "large", None, True)
    ],
    "start": [(value, "it must be a whole number between 0 and 5200.") for value in (-1, 0.5, 1e9)],
    "weeks": [
        (value, "it must be a whole number of 1 or more, or null.") for value in (0, -4, 1.5)
    ],
    "ramp": [
        (value, "it must be a whole number between 0 and 520.") for value in (-1, 521, "slow")
    ],
}


@pytest.mark.parametrize(("kind", "name"), LEVERS)
def test_absurd_sizes_and_times_are_refused_with_their_bounds(kind, name):
    for key, cases in WRONG.items():
        for value, must in cases:
            said = refused(kind, name, **{key: value})
            assert said.startswith(f"{kind}.{name}.{key} is ")
            assert said.endswith(must), said


@pytest.mark.parametrize(("kind", "name"), LEVERS)
def test_one_that_begins_after_the_study_is_refused(kind, name):
    assert refused(kind, name, start=208) == (
        f"{kind}.{name}.start is 208, after the study's end; it must be below study.weeks, which "
        "is 208."
    )


@pytest.mark.parametrize(("kind", "name"), LEVERS)
def test_a_misspelt_setting_gets_the_nearest_one(kind, name):
    said = refused(kind, name, intensty=1.0)
    assert said.startswith(f"there is no setting '{kind}.{name}.intensty'. Did you mean ")
    assert "'intensity'" in said


@pytest.mark.parametrize(("kind", "name"), LEVERS)
def test_sizes_and_sectors_that_do_not_exist_are_named_with_the_nearest(kind, name):
    fields = settings_of(kind, name).model_fields
    if "sizes" in fields:
        said = refused(kind, name, sizes=["5-99"])
        assert said.startswith(f"{kind}.{name}.sizes: there is no size '5-99'. Did you mean '5-9'")
        assert refused(kind, name, sizes=[]).endswith("name some, or write null for all.")
        assert refused(kind, name, sizes=["<5", "<5"]).endswith("names '<5' twice; name it once.")
    if "sectors" in fields and "sizes" in fields:
        said = refused(kind, name, sectors=["FURNN"])
        assert said.startswith(f"{kind}.{name}.sectors: there is no sector 'FURNN'. Did you mean ")


def bounds(kind: str, name: str) -> Iterator[tuple[str, float, str]]:
    """Every setting with a bound, a value just beyond it, and what is said to be allowed."""
    for key, field in settings_of(kind, name).model_fields.items():
        extra = field.json_schema_extra
        assert isinstance(extra, dict), f"{name}.{key} has no words for what is allowed"
        for bound in field.metadata:
            must = str(extra["must"])
            if isinstance(bound, Ge):
                yield key, bound.ge - 1, must  # type: ignore[operator]
            elif isinstance(bound, Gt):
                yield key, bound.gt, must  # type: ignore[misc]
            elif isinstance(bound, Le):
                yield key, bound.le + max(1, abs(bound.le)), must  # type: ignore[operator,arg-type]


@pytest.mark.parametrize(("kind", "name"), LEVERS)
def test_every_setting_says_its_bounds_when_a_value_lies_beyond_them(kind, name):
    tried = 0
    for key, value, must in bounds(kind, name):
        said = refused(kind, name, **{key: value})
        assert said.startswith(f"{kind}.{name}.{key} is ")
        assert said.endswith(f"; it must be {must}."), said
        tried += 1
    assert tried >= 6


EXCLUDED = [
    (name, other) for name in lever_names("policies") for other in excluded("policies", name)
]


def test_policies_that_exclude_each_other_name_policies_that_exist_and_say_why():
    for name, other in EXCLUDED:
        assert other in lever_names("policies")
        assert other != name
        assert excluded("policies", name)[other] == excluded("policies", other)[name]
        assert not excluded("policies", name)[other].endswith(".")


@pytest.mark.parametrize(("name", "other"), EXCLUDED)
def test_policies_that_exclude_each_other_are_refused_together_and_not_in_turn(name, other):
    tree = {"policies": {name: {}, other: {}}, "shocks": {}}
    plan = Plan(MINE)
    with pytest.raises(InputError, match="cannot be combined: "):
        checked(validated(RunConfig, tree, plan), plan)
    tree["policies"] = {name: {"weeks": 52}, other: {"start": 52}}
    assert set(checked(validated(RunConfig, tree, plan), plan).policies) == {name, other}
