"""The register of parameters: what it declares and what it refuses."""

from __future__ import annotations

import pickle

import pytest

from millworks.errors import InputError
from millworks.parameters import Parameters, load_parameters, register

STAGES = {"start", "open", "arrive", "settle", "consume", "restock", "order", "accept", "plan"}
STAGES |= {"produce", "ship", "overhead", "adjust", "invest", "distribute", "turnover", "close"}


@pytest.mark.parametrize("row", register().values(), ids=lambda row: row.key)
def test_every_parameter_says_what_it_is_and_where_it_comes_from(row):
    assert row.unit
    assert row.meaning
    assert row.source
    assert row.confidence in {"low", "medium", "high"}
    assert row.used_in_rule
    assert set(row.stage.split()) <= STAGES
    assert row.stage


@pytest.mark.parametrize("row", register().values(), ids=lambda row: row.key)
def test_every_default_and_every_limit_value_is_allowed(row):
    assert row.check(row.default, "here") == row.default
    assert row.check(row.low, "here") == row.low
    assert row.check(row.high, "here") == row.high
    if row.off is not None:
        assert row.check("off", "here") == row.check(False, "here") == row.off


def test_without_overrides_every_parameter_has_its_default():
    values = load_parameters().as_dict()
    assert values == {key: row.default for key, row in register().items()}


def test_a_value_between_the_range_and_the_limit_value_is_refused():
    # 0.01 is smaller than the low end of alpha and is not its limit value 0 either.
    with pytest.raises(InputError, match=r"alpha is 0\.01; it must be between 0\.05 and 0\.3"):
        load_parameters({"alpha": 0.01})


def test_an_unknown_parameter_names_the_nearest_one():
    with pytest.raises(InputError, match="Did you mean 'alpha'"):
        load_parameters({"alfa": 0.1})
    with pytest.raises(InputError, match="Did you mean 'alpha'"):
        load_parameters({"alfa": 0.1}, unchecked=True)
    with pytest.raises(AttributeError, match="Did you mean 'alpha'"):
        _ = load_parameters().alfa


def test_the_message_begins_with_where_the_value_stands():
    with pytest.raises(InputError, match=r"^mine\.yaml: buf is 1;"):
        load_parameters({"buf": 1}, where="mine.yaml")


def test_tests_of_limits_may_leave_the_range():
    assert load_parameters({"alpha": 1.0}, unchecked=True).alpha == 1.0
    assert load_parameters().replace(alpha=1.0, unchecked=True).alpha == 1.0


def test_not_a_number_is_refused_even_unchecked():
    with pytest.raises(InputError, match="alpha"):
        load_parameters({"alpha": float("nan")}, unchecked=True)


def test_parameters_cannot_be_changed_in_place():
    parameters = load_parameters()
    with pytest.raises(AttributeError, match="immutable"):
        parameters.alpha = 0.2
    parameters.as_dict()["alpha"] = 0.2
    assert parameters.alpha == register()["alpha"].default


def test_a_changed_copy_leaves_the_original_alone():
    parameters = load_parameters()
    changed = parameters.replace(alpha=0.2)
    assert (parameters.alpha, changed.alpha) == (register()["alpha"].default, 0.2)
    assert changed != parameters
    assert changed == load_parameters({"alpha": 0.2})
    assert hash(changed) == hash(load_parameters({"alpha": 0.2}))
    assert repr(changed) == "Parameters(alpha=0.2)"


def test_parameters_travel_to_other_processes():
    parameters = load_parameters({"alpha": 0.2})
    assert isinstance(copy := pickle.loads(pickle.dumps(parameters)), Parameters)
    assert copy == parameters


def test_weeks_that_index_a_ring_are_whole():
    with pytest.raises(InputError, match="a whole number between 1 and 13"):
        load_parameters({"terms_small": 2.5})
