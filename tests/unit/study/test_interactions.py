"""What policies do together: known contrasts, tiny worlds, and pairs that exclude each other."""

from __future__ import annotations

import csv
import json
from itertools import combinations

import numpy as np
import pytest

from millworks.conf.compose import compose
from millworks.conf.levers import group_of, lever_names
from millworks.conf.scenarios import packaged_scenarios
from millworks.errors import InputError
from millworks.policies import registry
from millworks.policies.base import GROUPS
from millworks.policies.registry import comparators
from millworks.study import factorial
from millworks.study.battery import BASELINE, Workers, run_battery
from millworks.study.expected_signs import EXPECTED
from millworks.study.interactions import STUDY, corrected, group_terms, synergy, without_rounding
from millworks.study.interactions_design import arm_name, arms_of, design_of
from millworks.study.interactions_package import foretold
from millworks.study.interactions_results import CONFIRMED, CONTRADICTED, NOT_RUN, UNTOLD
from millworks.study.pair_store import PairStore
from millworks.study.ranking.package import Terms
from millworks.study.ranking.verdicts import Rules

LEVERS = ("hub", "inventory_finance", "technology_transfer")
SILENT = lambda done, total, label: None  # noqa: E731


def config(policies: tuple[str, ...] = LEVERS, *more: str):
    small = {"makers": 40, "study.pairs": 2, "study.weeks": 26, "study.burn_in": 10}
    words = [f"policy={','.join(policies)}", *more]
    return compose("interactions", small, words, packaged_scenarios())


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The study of three policies and the placebo, with its arms and its tables."""
    asked = config((*LEVERS, "placebo"))
    folder = tmp_path_factory.mktemp("interactions")
    with PairStore(tmp_path_factory.mktemp("store"), "run") as store:
        result = STUDY.run(asked, store, Workers(), SILENT)
        arms = arms_of(asked, design_of(asked))
        battery = run_battery(asked, arms, store, Workers(), SILENT)
    STUDY.write(folder, result)
    return result, battery, folder


# --- contrasts


def test_the_terms_of_a_factorial_are_the_known_ones():
    """Two switches: 10 without any, +3 by the first, +5 by the second, +2 by both together."""
    found = factorial.terms(np.array([[10.0], [13.0], [15.0], [20.0]]))
    assert factorial.settings(("a", "b")) == [(), ("a",), ("b",), ("a", "b")]
    assert found[:, 0].tolist() == [14.5, 4.0, 6.0, 2.0]


def test_a_term_of_three_switches_is_the_difference_of_interactions():
    outcomes = np.zeros((8, 1))
    outcomes[7] = 6.0
    found = factorial.terms(outcomes)[:, 0]
    # A and B do 6 more together where C is on, nothing where it is off: 3 on average.
    assert found[3] == 3.0
    assert found[7] == 6.0


def test_all_contrasts_added_up_give_every_arm_back():
    """f(S) = sum over T of term(T) times ±½ for each switch of T: by hand and by the transform."""
    outcomes = np.random.default_rng(4).normal(size=(16, 5))
    found = factorial.terms(outcomes)
    assert factorial.outcomes(found) == pytest.approx(outcomes, abs=1e-14)
    for number in range(16):
        total = sum(
            found[term]
            * np.prod([0.5 if number >> t & 1 else -0.5 for t in range(4) if term >> t & 1])
            for term in range(16)
        )
        assert total == pytest.approx(outcomes[number], abs=1e-14)


def test_a_factorial_of_an_odd_number_of_outcomes_is_refused():
    with pytest.raises(ValueError, match="2\\^k"):
        factorial.terms(np.zeros((6, 2)))


def test_what_rounding_leaves_is_no_interaction_and_what_is_larger_stays():
    values = without_rounding(np.array([3e-5, 3e-1]), np.array([1e8, 1e8]), np.array([7.0, 7.0]))
    assert values.tolist() == [0.0, 0.3]


# --- design


def test_every_lever_has_a_group_and_no_comparator_has_one():
    for name in lever_names("policies"):
        assert (group_of(name) == "") == (name in comparators())
        assert group_of(name) in (*GROUPS, "")
    assert {group_of(name) for name in lever_names("policies")} == {*GROUPS, ""}


def test_twelve_policies_make_sixty_six_pairs_and_sixteen_combinations():
    asked = config(tuple(lever_names("policies")))
    design = design_of(asked)
    assert len(design.policies) == 12
    assert len(design.pairs) == 66
    assert len(design.combinations) == 16
    assert sorted(name for group in design.groups.values() for name in group) == sorted(
        design.policies
    )
    arms = arms_of(asked, design)
    # Both policies of technology are a pair and a combination: one arm. No comparator takes part.
    assert len(arms) == 1 + 12 + 66 + 15 - 1
    assert not any(set(arm.policies) & set(comparators()) for arm in arms.values())


def test_pairs_that_exclude_each_other_are_left_out_and_said_so(monkeypatch):
    known = registry.levers()
    hub = type("Hub", (known["hub"],), {"excludes": {"technology_transfer": "both teach"}})
    monkeypatch.setattr(registry, "levers", lambda: known | {"hub": hub})
    design = design_of(config())
    assert [(one.first, one.second, one.reason) for one in design.apart] == [
        ("hub", "technology_transfer", "both teach")
    ]
    assert ("hub", "technology_transfer") not in design.pairs
    assert len(design.pairs) == 2
    # In the factorial the later of both is left out of its group, which is empty then.
    assert design.groups == {"finance": ("inventory_finance",), "place": ("hub",)}
    assert design.left_out == (
        ("technology_transfer", "it cannot be combined with hub: both teach"),
    )


def test_without_pairs_or_factorial_their_arms_are_not_run():
    bare = config(LEVERS, "pairwise=false", "factorial=false")
    design = design_of(bare)
    assert (design.pairs, design.groups, design.combinations) == ((), {}, [])
    assert list(arms_of(bare, design)) == [BASELINE, *design.policies]


@pytest.mark.parametrize(
    ("policies", "said"), [(("hub", "placebo"), "only hub"), (("placebo",), "there is none")]
)
def test_fewer_than_two_policies_are_refused(policies, said):
    with pytest.raises(InputError, match=said):
        design_of(config(policies))


def test_expected_signs_name_levers_and_groups_that_there_are():
    levers = set(lever_names("policies")) - set(comparators())
    for one in EXPECTED:
        assert set(one.members) <= (set(GROUPS) if one.groups else levers)
        assert one.sign in (1, -1)
    assert len({frozenset(one.members) for one in EXPECTED}) == len(EXPECTED)


# --- tests of signs


def test_few_pairs_tell_no_sign_however_clear():
    clear = {"x": np.full(9, 2.0) + np.arange(9) * 1e-6}
    assert corrected(clear, "jobs", Rules(), "interaction")["x"].told == 0
    enough = {"x": np.full(10, 2.0) + np.arange(10) * 1e-6, "y": np.arange(10.0) - 4.5}
    found = corrected(enough, "jobs", Rules(), "interaction")
    assert (found["x"].told, found["y"].told) == (1, 0)
    assert found["x"].effect.low is not None
    assert found["x"].effect.low > 0.0
    assert found["x"].confidence == pytest.approx(1.0 - 0.05 / 2.0)


# --- tiny worlds


def test_an_interaction_is_what_both_do_less_what_each_does(study):
    result, battery, _ = study
    for pair in combinations(battery.config.policies, 2):
        if "placebo" in pair:
            assert result.pair(*pair) is None
            continue
        both = battery.difference(arm_name(pair), "value_added")
        apart = [battery.difference(name, "value_added") for name in pair]
        by_hand = both - apart[0] - apart[1]
        assert synergy(battery, pair, "value_added") == pytest.approx(by_hand, abs=0.1)
        found = result.pair(*pair)
        assert found is not None
        assert found.headline.effect.mean == pytest.approx(by_hand.mean(), abs=0.1)
        quantities = [one.effect.quantity for one in found.figures]
        assert quantities == ["value_added", "jobs", "public_cost", "resource_cost"]


def test_the_factorial_of_three_groups_agrees_with_its_arms(study):
    result, battery, _ = study
    assert list(result.groups) == ["finance", "place", "technology"]
    assert len(result.combinations) == 8
    assert (len(result.main_effects), len(result.interactions)) == (3, 4)
    design = design_of(battery.config)
    values = group_terms(battery, design, "value_added")
    # The highest term has no others to be averaged over: the alternating sum of all arms.
    by_hand = sum(
        (-1.0) ** (3 - len(arm.groups))
        * battery.figures(arm_name(arm.policies))["value_added", "all"]
        for arm in result.combinations
    )
    highest = values["finance", "place", "technology"]
    assert highest == pytest.approx(by_hand, abs=0.1)
    assert result.terms[-1].headline.effect.mean == pytest.approx(highest.mean(), abs=0.1)


def test_two_pairs_of_runs_tell_nothing(study):
    result, _, _ = study
    assert {single.verdict.text for single in result.singles} == {"cannot be told"}
    assert {one.headline.told for one in (*result.pairs, *result.terms)} == {0}
    answers = {tuple(one.expected.members): one.answer for one in result.signs}
    assert answers["hub", "technology_transfer"] == UNTOLD
    assert answers["finance", "technology"] == UNTOLD
    assert answers["partner_equity", "technology_transfer"] == NOT_RUN
    assert CONFIRMED not in answers.values()
    assert CONTRADICTED not in answers.values()
    assert any("10 are needed" in note for note in result.notes)


def test_the_package_is_run_and_on_seeds_that_it_was_not_picked_on(study):
    result, battery, _ = study
    package = result.package
    assert package is not None
    assert not set(package.fresh_seeds) & set(result.seeds)
    measured = battery.difference(arm_name(package.best.policies), "value_added").mean()
    assert package.best.measured[0].mean == pytest.approx(measured, abs=1e-3)
    cost = package.best.foretold[1].mean
    assert cost is not None
    assert cost <= package.allowed
    if len(package.best.policies) < 3:
        assert package.best.surprise[0].mean == pytest.approx(0.0, abs=1e-3)


def test_a_package_is_foretold_from_terms_of_one_and_of_two():
    terms = Terms(
        {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 3.0]), "c": np.array([0.0, 1.0])},
        {("a", "b"): np.array([-1.0, 0.0]), ("a", "c"): np.array([0.5, 0.5]),
         ("b", "c"): np.array([9.0, 9.0])},
    )  # fmt: skip
    assert foretold(terms, ("a",)).tolist() == [1.0, 2.0]
    assert foretold(terms, ("a", "b")).tolist() == [3.0, 5.0]
    assert foretold(terms, ("a", "b", "c")).tolist() == [12.5, 15.5]


def test_a_budget_that_nothing_fits_into_gives_no_package_and_says_so(tmp_path):
    asked = config(("hub", "technology_transfer"), "budget=0.01", "factorial=false")
    with PairStore(tmp_path, "run") as store:
        result = STUDY.run(asked, store, Workers(), SILENT)
    assert result.package is None
    assert "budget" in result.no_package


def test_the_folder_has_its_tables_with_units_and_version(study):
    result, _, folder = study
    rows = {}
    for name in ("pairs", "factorial", "package", "expectations", "effects", "results"):
        with (folder / f"{name}.csv").open(newline="") as lines:
            rows[name] = list(csv.DictReader(lines))
        assert rows[name]
        assert {row["schema_version"] for row in rows[name]} == {rows["pairs"][0]["schema_version"]}
    assert len(rows["pairs"]) == 3 * 4
    assert len(rows["factorial"]) == 8 * 4
    assert {row["answer"] for row in rows["expectations"]} == {UNTOLD, NOT_RUN}
    assert "placebo" not in {row["policies"] for row in rows["effects"]}
    summary = json.loads((folder / "summary.json").read_text())
    assert {"effects", "checks", "verdict", "pairs", "factorial", "run"} <= set(summary)
    assert "3 pairs of policies" in summary["verdict"]
    assert summary["run"]["arms"] == result.arms
