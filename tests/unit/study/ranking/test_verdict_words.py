"""What intervals let one say of a policy, case by case."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.errors import InputError
from millworks.study.effects import detectable
from millworks.study.ranking.verdicts import Rules, Word, verdicts
from millworks.world.streams import Streams

PAIRS = 20
NOISE = Streams(5).normal("test", np.arange(6 * PAIRS)).reshape(6, PAIRS)
NOISE -= NOISE.mean(axis=1, keepdims=True)
"""Luck whose mean is exactly nothing: what is added to it is the effect."""


def test_an_interval_above_zero_works_and_one_below_harms():
    found = verdicts({"good": 3.0 + NOISE[0], "bad": NOISE[1] - 3.0, "idle": NOISE[2]})
    assert [verdict.word for verdict in found.values()] == [
        Word.WORKS,
        Word.HARMS,
        Word.NO_EFFECT,
    ]
    assert found["good"].low > 0.0
    assert found["bad"].high < 0.0
    assert found["idle"].low < 0.0 < found["idle"].high
    assert found["good"].text == "works"


def test_no_detectable_effect_says_what_would_have_been_detected():
    found = verdicts({"idle": NOISE[0], "good": 3.0 + NOISE[1]})["idle"]
    error = NOISE[0].std(ddof=1) / np.sqrt(PAIRS)
    # The last step of two: the level of one hypothesis.
    assert found.confidence == 0.95
    assert found.detectable == pytest.approx(detectable(error, PAIRS, 0.95))


def test_a_policy_works_only_with_those_it_does_more_beside():
    effects = {"a": NOISE[0], "b": NOISE[1], "c": NOISE[2], "d": 3.0 + NOISE[3]}
    interactions = {
        ("a", "b"): 2.0 + NOISE[4],
        ("c", "a"): 4.0 + NOISE[5],
        ("b", "c"): NOISE[3],
        ("c", "d"): NOISE[4] - 5.0,
    }
    found = verdicts(effects, interactions)
    assert found["a"].word is Word.ONLY_WITH
    assert found["a"].partners == ("c", "b")
    assert found["a"].text == "works only with c or b"
    assert found["b"].partners == found["c"].partners == ("a",)
    assert found["d"].word is Word.WORKS
    assert found["d"].partners == ()


def test_a_surplus_that_leaves_the_sum_below_zero_is_not_called_working():
    loss = 4.0 * NOISE[0] - 1.5
    found = verdicts({"a": loss, "b": NOISE[1]}, {("a", "b"): 1.0 + 0.1 * NOISE[2]})
    assert found["a"].word is Word.NO_EFFECT
    assert found["b"].word is Word.ONLY_WITH


def test_a_harmful_policy_stays_so_whatever_it_does_beside_others():
    found = verdicts({"a": NOISE[0] - 3.0, "b": NOISE[1]}, {("a", "b"): 9.0 + NOISE[2]})
    assert found["a"].word is Word.HARMS
    assert found["a"].partners == ()


def test_many_interactions_tried_make_each_harder_to_believe():
    one = {("a", "b"): 0.55 + NOISE[0]}
    effects = {"a": NOISE[1], "b": NOISE[2], "c": NOISE[3]}
    assert verdicts(effects, one)["a"].word is Word.ONLY_WITH
    more = one | {("a", "c"): NOISE[4], ("b", "c"): NOISE[5]}
    assert verdicts(effects, more)["a"].word is Word.NO_EFFECT


def test_too_few_pairs_tell_nothing():
    few = {"a": 100.0 + NOISE[0][:4]}
    assert verdicts(few)["a"].word is Word.CANNOT_TELL
    assert verdicts(few)["a"].low > 0.0
    assert verdicts(few, rules=Rules(fewest_pairs=4))["a"].word is Word.WORKS
    single = verdicts({"a": np.array([3.0])}, rules=Rules(fewest_pairs=2))["a"]
    assert (single.word, single.low, single.p, single.detectable) == (
        Word.CANNOT_TELL,
        None,
        None,
        None,
    )
    gap = verdicts({"a": np.where(np.arange(PAIRS) == 3, np.nan, 5.0)})["a"]
    assert (gap.word, gap.mean) == (Word.CANNOT_TELL, None)


def test_a_policy_that_changes_nothing_has_no_effect_at_all():
    found = verdicts({"idle": np.zeros(PAIRS)})["idle"]
    assert (found.word, found.low, found.high, found.p) == (Word.NO_EFFECT, 0.0, 0.0, 1.0)


def test_interactions_of_strangers_are_refused():
    with pytest.raises(InputError, match=r"freight_pol has no effect.*'freight_pool'"):
        verdicts(
            {"freight_pool": NOISE[0], "credit": NOISE[1]}, {("credit", "freight_pol"): NOISE[2]}
        )
    with pytest.raises(InputError, match="paired with itself"):
        verdicts({"a": NOISE[0]}, {("a", "a"): NOISE[1]})
    with pytest.raises(InputError, match="fewest_pairs is 1"):
        Rules(fewest_pairs=1)
    with pytest.raises(InputError, match="alpha is 2"):
        Rules(alpha=2.0)
