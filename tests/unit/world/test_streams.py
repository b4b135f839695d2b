"""Random draws: published answers, addresses, and the shapes of the distributions."""

import copy
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from millworks.errors import InputError
from millworks.world.keyed_draws import (
    exponential_from_uniform,
    keyed_uniform,
    lognormal_from_uniform,
    normal_from_uniform,
    poisson_from_uniform,
)
from millworks.world.keyed_draws import philox4x32 as compiled_philox
from millworks.world.philox import philox4x32, unit_from_words
from millworks.world.purposes import PURPOSES
from millworks.world.streams import Streams

ALL_ONES = 0xFFFFFFFF
# counter and key, and the words that the authors of Random123 publish for them
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ((ALL_ONES,) * 4, (ALL_ONES,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
@pytest.mark.parametrize("function", [philox4x32, compiled_philox], ids=["plain", "compiled"])
def test_generator_gives_the_published_answers(function, counter, key, answer):
    words = function(*counter, *key)
    assert " ".join(f"{int(word):08x}" for word in words) == answer


def test_generator_gives_the_published_answers_for_arrays():
    counters = np.array([counter for counter, _, _ in KNOWN_ANSWERS[:1]] * 3, np.uint64)
    words = philox4x32(*counters.T, 0, 0)
    assert all(len(word) == 3 for word in words)
    assert f"{int(words[3][2]):08x}" == "9b00dbd8"


def test_a_draw_depends_on_its_address_only():
    streams = Streams(11)
    alone = streams.normal("test", [517], week=30)
    in_a_crowd = streams.normal("test", np.arange(40_000), week=30)
    reversed_crowd = streams.normal("test", np.arange(40_000)[::-1], week=30)
    assert alone[0] == in_a_crowd[517] == reversed_crowd[-518]


@pytest.mark.parametrize("place", [0, 3, 7])
def test_an_agent_that_is_added_changes_nobody_elses_draws(place):
    """Wherever it stands among the others, and whether it ever trades or not."""
    ids = np.arange(7)
    with_one_more = np.insert(ids, place, 1_000)
    streams = Streams(5)
    for week in (0, 51):
        for draw in (streams.uniform, streams.normal):
            alone = draw("demand_shock", ids, week=week)
            beside = draw("demand_shock", with_one_more, week=week)
            assert np.delete(beside, place).tobytes() == alone.tobytes()


def test_another_address_is_another_draw():
    streams = Streams(3)
    base = streams.uniform("test", 5, week=1, generation=1, draw=1)
    others = [
        streams.uniform("test", 6, week=1, generation=1, draw=1),
        streams.uniform("test", 5, week=2, generation=1, draw=1),
        streams.uniform("test", 5, week=1, generation=2, draw=1),
        streams.uniform("test", 5, week=1, generation=1, draw=2),
        streams.uniform("bootstrap", 5, week=1, generation=1, draw=1),
        Streams(4).uniform("test", 5, week=1, generation=1, draw=1),
        Streams(3 + 2**32).uniform("test", 5, week=1, generation=1, draw=1),
    ]
    assert all(base != other for other in others)


def test_week_generation_and_draw_broadcast_against_ids():
    streams = Streams(3)
    ids = np.arange(4)
    table = streams.uniform("test", ids[:, None], draw=np.arange(3))
    assert table.shape == (4, 3)
    assert table[2, 1] == streams.uniform("test", 2, draw=1)
    by_week = streams.uniform("test", ids, week=[0, 1, 2, 3], generation=[1, 0, 0, 0])
    assert by_week[3] == streams.uniform("test", 3, week=3)
    assert by_week[0] == streams.uniform("test", 0, generation=1)


def test_no_agents_draw_nothing():
    streams = Streams(3)
    assert streams.uniform("test", []).shape == (0,)
    assert streams.poisson("test", np.array([], np.int64), 2.0).shape == (0,)


def test_every_purpose_has_its_own_code_and_says_what_it_is_for():
    codes = [purpose.code for purpose in PURPOSES.values()]
    assert len(set(codes)) == len(codes)
    assert all(0 < code < 2**16 for code in codes)
    assert all(purpose.meaning and purpose.drawn_for for purpose in PURPOSES.values())


def test_uniform_lies_strictly_between_zero_and_one():
    smallest = unit_from_words(np.uint64(0), np.uint64(0))
    largest = unit_from_words(np.uint64(ALL_ONES), np.uint64(ALL_ONES))
    assert 0.0 < smallest < 1e-15
    assert 1.0 - 1e-15 < largest < 1.0
    assert smallest == 1.0 - largest
    assert np.isfinite(normal_from_uniform(float(smallest)))
    assert np.isfinite(exponential_from_uniform(float(largest), 1.0))


def test_uniform_is_uniform_along_agents_and_along_weeks():
    streams = Streams(2022)
    along_agents = streams.uniform("test", np.arange(100_000), week=7)
    along_weeks = streams.uniform("test", 7, week=np.arange(100_000))
    for sample in (along_agents, along_weeks):
        assert stats.kstest(sample, "uniform").pvalue > 1e-3
        assert abs(np.corrcoef(sample[1:], sample[:-1])[0, 1]) < 0.012


def test_neighbouring_addresses_are_uncorrelated():
    streams = Streams(1)
    ids = np.arange(50_000)
    base = streams.normal("test", ids, week=10)
    for other in (
        streams.normal("test", ids, week=11),
        streams.normal("test", ids, week=10, generation=1),
        streams.normal("test", ids, week=10, draw=1),
        streams.normal("bootstrap", ids, week=10),
        Streams(2).normal("test", ids, week=10),
    ):
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.018


def test_normal_is_the_quantile_of_its_uniform():
    streams = Streams(5)
    ids = np.arange(100_000)
    u = streams.uniform("test", ids)
    assert np.allclose(streams.normal("test", ids), stats.norm.ppf(u), rtol=1e-13, atol=1e-15)
    far = np.array([1e-300, 1e-20, 1e-12, 2.0**-53, 1e-4, 0.075, 0.5, 0.925, 1 - 2.0**-53])
    ours = np.array([normal_from_uniform(x) for x in far])
    assert np.allclose(ours, stats.norm.ppf(far), rtol=1e-13, atol=0)


@pytest.mark.parametrize("cv", [0.1, 0.6, 1.5])
def test_lognormal_has_mean_one_and_the_asked_variation(cv):
    sample = Streams(5).lognormal("test", np.arange(400_000), cv)
    assert sample.mean() == pytest.approx(1.0, abs=5 * cv / np.sqrt(sample.size))
    assert sample.std() == pytest.approx(cv, rel=0.05)


def test_lognormal_without_variation_is_exactly_one():
    assert np.all(Streams(5).lognormal("test", np.arange(1000), 0.0) == 1.0)


def test_each_agent_may_have_its_own_variation_and_mean():
    streams = Streams(5)
    assert streams.lognormal("test", [1, 2], [0.0, 0.5])[0] == 1.0
    means = streams.exponential("test", [1, 1], [1.0, 3.0])
    assert means[1] == pytest.approx(3 * means[0], rel=1e-15)


def test_exponential_has_the_asked_mean_and_variation_one():
    sample = Streams(5).exponential("test", np.arange(200_000), 1.2)
    assert sample.mean() == pytest.approx(1.2, rel=0.01)
    assert sample.std() == pytest.approx(1.2, rel=0.02)
    assert sample.min() > 0.0


@pytest.mark.parametrize("mean", [0.0, 0.01, 0.7, 3.3, 40.0, 650.0])
def test_poisson_count_is_the_quantile_of_its_uniform(mean):
    streams = Streams(5)
    ids = np.arange(20_000)
    u = streams.uniform("test", ids)
    count = streams.poisson("test", ids, mean)
    assert count.dtype == np.int64
    # P(count - 1) <= u < P(count), up to the rounding of sums of several hundred chances
    assert np.all(u < stats.poisson.cdf(count, mean) + 1e-12)
    assert np.all(u > stats.poisson.cdf(count - 1, mean) - 1e-12)


def test_poisson_count_next_to_one_is_large_but_ends():
    assert 15 < poisson_from_uniform(1 - 2.0**-53, 3.0) < 40
    assert 800 < poisson_from_uniform(1 - 2.0**-53, 650.0) < 1200


def test_more_luck_never_gives_less():
    u = np.sort(Streams(9).uniform("test", np.arange(3000)))
    for transform in (
        normal_from_uniform,
        lambda x: lognormal_from_uniform(x, 0.6),
        lambda x: exponential_from_uniform(x, 2.0),
        lambda x: poisson_from_uniform(x, 6.0),
    ):
        assert np.all(np.diff([transform(x) for x in u]) >= 0)


def test_options_are_chosen_in_proportion_to_their_weights():
    weights = np.array([0.0, 2.0, 0.0, 5.0, 3.0, 0.0])
    chosen = Streams(5).choice_index("test", np.arange(100_000), weights.cumsum())
    shares = np.bincount(chosen, minlength=6) / chosen.size
    assert np.all(shares[weights == 0] == 0)
    assert np.allclose(shares, weights / weights.sum(), atol=0.006)


def test_options_may_differ_from_agent_to_agent():
    streams = Streams(5)
    rows = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 9.0], [0.0, 1.0, 1.0]])
    assert streams.choice_index("test", [8, 9, 10], rows).tolist() == [0, 2, 1]
    shared = streams.choice_index("test", [8, 9], [1.0, 3.0, 6.0])
    own = streams.choice_index("test", [8, 9], [[1.0, 3.0, 6.0]] * 2)
    assert shared.tolist() == own.tolist()


def test_compiled_and_vectorised_draws_are_the_same_bits():
    streams = Streams(2**63 + 12345)
    key0, key1 = streams.key
    ids = np.arange(0, 4_000_000_000, 40_000_001)
    uniforms = streams.uniform("test", ids, week=77, generation=3, draw=2)
    normals = streams.normal("test", ids, week=77, generation=3, draw=2)
    lognormals = streams.lognormal("test", ids, 0.6, week=77, generation=3, draw=2)
    code = streams.code("test")
    for i, identity in enumerate(ids):
        u = keyed_uniform(key0, key1, code, np.int64(identity), 3, 77, 2)
        assert u == uniforms[i]
        assert normal_from_uniform(u) == normals[i]
        assert lognormal_from_uniform(u, 0.6) == lognormals[i]


FINGERPRINT = """
import hashlib, numpy as np
from millworks.world.keyed_draws import keyed_uniform
from millworks.world.streams import Streams
s, ids = Streams(99), np.arange(3000)
parts = [s.uniform("test", ids), s.normal("test", ids), s.lognormal("test", ids, .6),
         s.exponential("test", ids, 1.2), s.poisson("test", ids, 4.).astype(float),
         np.array([keyed_uniform(*s.key, 250, i, 0, 5, 1) for i in range(50)])]
print(hashlib.sha256(b"".join(p.tobytes() for p in parts)).hexdigest())
"""


def test_uncompiled_draws_are_the_same_bits():
    def fingerprint(disabled: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", FINGERPRINT],
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert fingerprint("0") == fingerprint("1") != ""


def test_streams_survive_copying_and_pickling():
    streams = Streams(12)
    for twin in (copy.deepcopy(streams), pickle.loads(pickle.dumps(streams))):
        assert twin == streams
        assert twin.uniform("test", 1) == streams.uniform("test", 1)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "7", True, None])
def test_a_seed_that_is_not_a_whole_number_in_range_is_refused(seed):
    with pytest.raises(InputError, match="seed must"):
        Streams(seed)


def test_an_unknown_purpose_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="order_lumpiness"):
        Streams(1).uniform("order_lumpines", [1])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda s: s.uniform("test", [-1]), "each id between"),
        (lambda s: s.uniform("test", [2**32]), "each id between"),
        (lambda s: s.uniform("test", [0.5]), "whole numbers as id"),
        (lambda s: s.uniform("test", [1], week=-3), "each week between"),
        (lambda s: s.uniform("test", [1], draw=2**16), "each draw between"),
        (lambda s: s.lognormal("test", [1], -0.5), "cv of a random draw"),
        (lambda s: s.exponential("test", [1], np.nan), "mean of a random draw"),
        (lambda s: s.poisson("test", [1], 1e4), "above 700"),
        (lambda s: s.choice_index("test", [1], []), "no options"),
        (lambda s: s.choice_index("test", [1], [0.0, 0.0]), "must rise"),
        (lambda s: s.choice_index("test", [1], [2.0, 1.0]), "must rise"),
        (lambda s: s.choice_index("test", [1, 2], [[1.0, 2.0]]), "one row is needed"),
    ],
)
def test_a_draw_that_makes_no_sense_is_refused(call, sentence):
    with pytest.raises(InputError, match=sentence):
        call(Streams(1))
