"""Runs beside each other and along a setting, by hand-made numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.errors import InputError
from millworks.study.compare import (
    StoredRun,
    combined,
    effects_beside,
    find_union,
    settings_that_differ,
    union_of,
)
from millworks.study.sweep import read_range


def config(*words: str):
    return compose(
        "run", {"makers": 40}, list(words), packaged_scenarios(), scenario="hickory_placebo"
    )


def run(name: str, effects: dict[int, float], *words: str) -> StoredRun:
    baseline = {"jobs": 1000.0, "output": 1e9}
    changes = {"jobs": effects, "output": effects}
    return StoredRun(name, Path(name), config(*words), changes, baseline)


PLACEBO = run("placebo", {1: 10.0, 2: 20.0, 3: 30.0})
REBATE = run("rebate", {1: 11.0, 2: 21.0, 3: 31.0}, "policy=household_rebate")
BOTH = run("both", {1: 25.0, 2: 45.0, 3: 65.0}, "policy=placebo,household_rebate")


def test_common_luck_cancels_in_the_difference():
    """Effects that vary by 10 a pair differ by one in each: the difference is sure."""
    found = combined([PLACEBO, REBATE], (-1, 1), "jobs")
    assert (found.mean, found.mcse, found.low, found.high) == (1.0, 0.0, 1.0, 1.0)
    rows = effects_beside([PLACEBO, REBATE])
    assert [row["scenario"] for row in rows[:3]] == ["A  placebo", "B  rebate", "B - A"]
    assert rows[0]["mcse"] > 5.0
    assert (rows[2]["mean"], rows[2]["low"], rows[2]["baseline"]) == (1.0, 1.0, None)
    assert rows[3]["baseline"] == 1000.0


def test_runs_without_common_seeds_have_no_difference():
    other = run("other", {8: 1.0, 9: 2.0})
    assert combined([PLACEBO, other], (-1, 1), "jobs") is None
    assert not any(" - " in row["scenario"] for row in effects_beside([PLACEBO, other]))


@pytest.mark.parametrize(
    "word", ["study.weeks=104", "makers=60", "district=elkhart", "world.parameters.s_w=0.75"]
)
def test_the_same_seed_in_another_world_is_not_the_same_luck(word):
    settings = {} if word.startswith("makers") else {"makers": 40}
    other = StoredRun(
        "other",
        Path("other"),
        compose("run", settings, [word], packaged_scenarios(), scenario="hickory_placebo"),
        PLACEBO.effects,
        PLACEBO.baseline,
    )
    assert combined([PLACEBO, other], (-1, 1), "jobs") is None
    assert not any(" - " in row["scenario"] for row in effects_beside([PLACEBO, other]))


def test_the_interaction_is_what_both_do_beyond_the_sum():
    assert find_union([PLACEBO, BOTH, REBATE]) == (BOTH, PLACEBO, REBATE)
    assert find_union([BOTH, PLACEBO, REBATE])[0] is BOTH
    rows = {
        row["scenario"]: row
        for row in effects_beside([PLACEBO, REBATE, BOTH])
        if row["quantity"] == "jobs"
    }
    # 25 - 10 - 11, 45 - 20 - 21, 65 - 30 - 31
    assert rows["C - A - B: interaction"]["mean"] == pytest.approx(4.0)


def test_three_runs_of_other_kinds_have_no_interaction():
    assert find_union([PLACEBO, REBATE, PLACEBO]) is None
    assert find_union([PLACEBO, REBATE]) is None


def test_what_differs_is_listed_setting_by_setting():
    other = run("other", {1: 0.0}, "policies.placebo.intensity=2", "study.weeks=104")
    rows = {row["key"]: row["values"] for row in settings_that_differ([PLACEBO, other])}
    assert rows == {"policies.placebo.intensity": [1.0, 2.0], "study.weeks": [520, 104]}


def test_both_policies_together_are_a_scenario():
    together = union_of(PLACEBO.config, REBATE.config)
    assert set(together.policies) == {"placebo", "household_rebate"}
    assert together.policies == BOTH.config.policies


def test_an_interaction_of_the_same_policy_or_in_two_worlds_is_refused():
    with pytest.raises(InputError, match="both have placebo"):
        union_of(PLACEBO.config, PLACEBO.config)
    with pytest.raises(InputError, match="differ in seed"):
        union_of(PLACEBO.config, config("policy=household_rebate", "seed=9"))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("study.weeks=26:52:13", (26, 39, 52)),
        ("world.parameters.s_w=0.1:0.3:0.1", (0.1, 0.2, 0.3)),
        ("policies.placebo.intensity=0:1:0.4", (0, 0.4, 0.8)),
    ],
)
def test_a_range_holds_both_ends_where_steps_reach_them(text, values):
    assert read_range(text).values == values


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("intensity", "write key=low:high:step"),
        ("a=1:2", "write key=low:high:step"),
        ("a=1:x:1", "1:x:1 is not three numbers"),
        ("a=2:1:1", "low must be below high"),
        ("a=1:2:0", "step above zero"),
        ("a=0:1:0.001", "these are 1001 values; at most 50"),
    ],
)
def test_a_range_that_is_none_is_said_in_a_sentence(text, sentence):
    with pytest.raises(InputError, match=sentence):
        read_range(text)
