"""Whom a policy reaches in a founded district, and a scenario in words."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.conf import explain
from millworks.conf.schema import RunConfig, StudyConfig
from millworks.conf.targets import count_reached
from millworks.economy.sectors import sector_index
from millworks.errors import InputError

SECTOR = np.array([sector_index(code) for code in ("FURN", "FURN", "TEXT", "FOOD")])
SIZE = np.array([0, 3, 1, 0])
TIMES = {"intensity": 1.0, "start": 0, "weeks": None, "ramp": 0}


def reached(**target) -> dict[str, int]:
    config = RunConfig(policies={"wage_subsidy": target, "placebo": {}})
    return count_reached(config.policies, config.district, SECTOR, SIZE)


def test_makers_are_counted_by_size_and_sector():
    assert reached() == {"placebo": 4, "wage_subsidy": 4}
    assert reached(sizes=["<5"])["wage_subsidy"] == 2
    assert reached(sectors=["FURN", "TEXT"])["wage_subsidy"] == 3
    assert reached(sizes=["20-99"], sectors=["FURN"])["wage_subsidy"] == 1


NOBODY = {
    "a size that is not there": (
        {"sizes": ["100-499", "500+"]},
        "no maker there is of size 100-499, 500+; the sizes it has are <5, 5-9, 20-99.",
    ),
    "a sector that is not there": (
        {"sectors": ["COMP"]},
        "it has no maker of COMP; most makers are in FURN, FOOD, TEXT.",
    ),
    "a size its sector does not have": (
        {"sizes": ["5-9"], "sectors": ["FURN"]},
        "no maker of FURN is of size 5-9; the sizes it has in them are <5, 20-99.",
    ),
}


@pytest.mark.parametrize(("target", "instead"), NOBODY.values(), ids=list(NOBODY))
def test_a_policy_for_nobody_is_refused_with_what_the_district_has(target, instead):
    with pytest.raises(InputError) as refused:
        reached(**target)
    assert str(refused.value) == f"policies.wage_subsidy is for nobody in hickory: {instead}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "from the first week to the end"),
        ({"start": 52}, "from week 53 to the end"),
        ({"weeks": 52}, "from the first week for 52 weeks (1 year)"),
        ({"start": 10, "weeks": 510}, "from week 11 to the end"),
        ({"ramp": 26}, "from the first week to the end, growing to its size over 26 weeks"),
        (
            {"weeks": 1, "ramp": 26},
            "from the first week for 1 week, growing over 26 weeks, so that "
            "it gets to 4% of its size",
        ),
    ],
)
def test_when_a_policy_is_in_force_is_said_in_words(changes, words):
    assert explain.when(TIMES | changes, 520).startswith(words)


def test_a_policy_of_size_zero_is_said_to_be_off():
    off = explain.how_strong(TIMES | {"intensity": 0.0}, "something")
    assert off == "0: it is switched off, and its effect must be exactly zero"
    assert explain.how_strong(TIMES, "") == "intensity 1"
    assert explain.how_strong(TIMES, "half") == "intensity 1 (1 is: half)"
    assert explain.size({"budget": 2e5}, "half") == "a budget of 200,000 USD a year"


def test_settings_of_one_policy_only_are_said_as_one_writes_them():
    assert explain.others(TIMES | {"share": 0.6, "net30": True}) == "share 0.6, net30 true"
    assert explain.others(TIMES) == ""


def test_the_arms_are_said_in_words():
    policy, shock = {"placebo": {}}, {"recession": {}}
    assert "with placebo, against without" in explain.arms(RunConfig(policies=policy))
    assert "with recession, against without" in explain.arms(RunConfig(shocks=shock))
    both = explain.arms(RunConfig(policies=policy, shocks=shock))
    assert both.startswith("recession with placebo, against recession alone")


def test_the_study_is_said_in_words():
    config = RunConfig(seed=5, policies={"placebo": {}}, study=StudyConfig(pairs=3, precision=0.05))
    words = explain.study(config)
    assert words.startswith("3 pairs (seeds 5 to 7): 156 weeks (3 years) left alone, then 520 ")
    assert words.endswith("until half the interval of value_added is 0.05 of the effect")
    one = explain.study(RunConfig(policies={"placebo": {}}, study=StudyConfig(pairs=1)))
    assert one.startswith("1 pair (seed 1): ")
    assert one.endswith("a single pair gives no interval")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "about 1 second"), (40.4, "about 40 seconds"), (100, "about 2 minutes"),
     (5399, "about 90 minutes"), (7000, "about 2 hours")],
)  # fmt: skip
def test_a_length_of_time_is_said_as_people_say_it(seconds, words):
    assert explain.duration(seconds) == words


def test_who_is_eligible_is_said_by_kind_of_firm():
    assert explain.eligible({"M": 12, "R": 1_400}) == (
        "12 makers and 1,400 independent shops, as the district stands"
    )
    assert explain.eligible({"M": 0}).startswith("nobody, as the district stands")
    assert explain.eligible({"H": 1}) is None


def test_the_time_is_said_with_the_processes_and_with_the_pairs_it_is_for():
    config = RunConfig(policies={"placebo": {}}, study=StudyConfig(pairs=3, precision=0.05))
    assert explain.time_taken(40.0, 2, config) == (
        "about 40 seconds for the first 3 pairs on this machine with 2 processes"
    )
    plain = RunConfig(policies={"placebo": {}})
    assert explain.time_taken(40.0, 1, plain) == "about 40 seconds on this machine with one process"
