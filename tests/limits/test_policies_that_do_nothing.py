"""T15 of the model specification (§12): what does nothing changes nothing, to the last bit.

For every policy and shock there is: size zero, a start that never comes, nobody eligible, every
setting and every parameter given its default by hand.
"""

from __future__ import annotations

from typing import Any

import pytest

from arms import Arms, arms, differences
from millworks.district_model import DistrictModel
from millworks.economy.sectors import MANUFACTURING, SECTORS
from millworks.parameters import register
from millworks.policies.registry import lever_settings, levers
from millworks.shocks.registry import shock_settings, shocks
from millworks.world.columns import MEASURES
from worlds import district, fingerprint, run, world_parameters

WEEKS = 14
"""Three settings of credit lines, every maker tested once, every tax filed once."""
KINDS = [("policies", name) for name in levers()] + [("shocks", name) for name in shocks()]
TARGETED = [name for name in levers() if "sizes" in lever_settings(name).model_fields]
NO_MAKER = ["500+"]
"""A size that no maker has, and no independent retailer of the districts tested."""


def defaults(kind: str, name: str) -> dict[str, Any]:
    """Every setting of a policy or shock with its default."""
    settings = lever_settings(name) if kind == "policies" else shock_settings(name)
    return settings().model_dump()


def unanswered(model: DistrictModel) -> set[str]:
    """Columns that policies write: terms offered to nobody are no outcome."""
    return {
        f"/populations/{name}/{column}"
        for name, population in model.populations.items()
        for column, declared in population.declared.items()
        if declared.writer == MEASURES
    }


def changed_by(study: Arms, kind: str, name: str, settings: dict[str, Any]) -> list[str]:
    """What a policy or shock changed in the world, column by column."""
    baseline = study.end(WEEKS)
    return differences(baseline, study.end(WEEKS, **{kind: {name: settings}}))


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_of_size_zero_it_changes_no_bit(kind, name):
    assert changed_by(arms(), kind, name, {"intensity": 0.0}) == []


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_before_its_start_it_changes_no_bit(kind, name):
    assert changed_by(arms(), kind, name, {"start": WEEKS}) == []


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_of_its_default_size_it_changes_something(kind, name):
    """Otherwise the tests of this file would prove nothing."""
    study = arms()
    assert set(changed_by(study, kind, name, {})) - unanswered(study.model)


@pytest.mark.parametrize("name", TARGETED)
def test_with_nobody_eligible_it_changes_no_outcome(name):
    study = arms()
    assert study.model.population("R").employment.max() < 500.0
    changed = changed_by(study, "policies", name, {"sizes": NO_MAKER})
    assert set(changed) <= unanswered(study.model)


@pytest.mark.parametrize("name", TARGETED)
def test_for_a_sector_that_the_district_lacks_it_changes_no_outcome(name):
    study = arms()
    here = set(study.model.population("M").sector.tolist())
    absent = [c for i, c in enumerate(SECTORS) if MANUFACTURING[i] and i not in here]
    assert absent, "the scale model has no maker of some sector"
    changed = changed_by(study, "policies", name, {"sectors": absent[:1]})
    assert set(changed) <= unanswered(study.model)


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_every_setting_given_its_default_changes_no_bit(kind, name):
    study = arms()
    plain = study.end(WEEKS, **{kind: {name: {}}})
    assert differences(plain, study.end(WEEKS, **{kind: {name: defaults(kind, name)}})) == []


@pytest.mark.parametrize("name", levers())
def test_an_idle_policy_beside_another_changes_no_bit(name):
    other = "untargeted_grant" if name != "untargeted_grant" else "wage_subsidy"
    alone = arms().end(WEEKS, {other: {}})
    beside = arms().end(WEEKS, {name: {"intensity": 0.0}, other: {}})
    assert differences(alone, beside) == []


def test_every_parameter_overridden_with_its_default_changes_no_bit():
    ends = []
    plain = world_parameters("default")
    for parameters in (plain, plain.replace(**{key: plain[key] for key in register()})):
        model = district("hickory", 60, parameters=parameters, seed=5)
        run(model, 4)
        model.introduce({name: {} for name in levers()}, {name: {} for name in shocks()})
        run(model, 6)
        ends.append(fingerprint(model.state()))
    assert ends[0] == ends[1]
