"""Two rankings beside each other, by folders made by hand."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from millworks.cli import run
from millworks.commands.studies import composed
from millworks.errors import InputError
from millworks.report.agreement import print_agreement, sentences, short_verdict
from millworks.study.ranking.agreement import (
    Ranked,
    apart,
    compare_rankings,
    correlation,
    read_ranking,
)
from millworks.study.run_record import write_manifest, write_table

LEVERS = {
    # verdict, mean, low, high of the corrected interval, standard error
    "hub": ("works", 9.0, 5.0, 13.0, 2.0),
    "partner_equity": ("no detectable effect", 3.0, -1.0, 7.0, 2.0),
    "inventory_finance": ("no detectable effect", 1.0, -3.0, 5.0, 2.0),
    "ports_and_rail": ("harms", -8.0, -12.0, -4.0, 2.0),
    "placebo": ("no detectable effect", 0.0, -4.0, 4.0, 2.0),
}
PAIRS = 20


def folder_of(
    folder: Path,
    levers: dict = LEVERS,
    *words: str,
    seed: int = 1,
    command: str = "rank",
    place: str = "hickory",
) -> Path:
    """A folder of `millworks rank` with this ranking and nothing else in it."""
    config = composed(command, [place, *words], {"seed": seed}, None)
    folder.mkdir()
    ranking, effects = [], []
    quantity = config.study.headline
    for name, (verdict, mean, low, high, error) in levers.items():
        ranking.append(
            {
                "policy": name,
                "comparator": name == "placebo",
                "verdict": verdict,
                "quantity": quantity,
                "unit": "USD of 2022 a year",
                "mean": mean * 1e6,
                "low": low * 1e6,
                "high": high * 1e6,
                "pairs": PAIRS,
            }
        )
        for sizing, size, factor in (
            ("equal_cost", "all", 1.0),
            ("equal_cost", "<5", 9.0),
            ("default", "all", 5.0),
        ):
            effects.append(
                {
                    "policy": name,
                    "sizing": sizing,
                    "quantity": quantity,
                    "effect": "level",
                    "size_class": size,
                    "mcse": factor * error * 1e6,
                }
            )
    write_table(folder / "ranking.csv", ranking)
    write_table(folder / "effects.csv", effects)
    write_table(folder / "results.csv", [{"value": 1.0}])
    seeds = [config.seed_of(pair) for pair in range(PAIRS)]
    write_manifest(folder, command, "hickory", config, seeds=seeds, seconds={})
    return folder


def compared(tmp_path: Path, levers: dict, *words: str, **changes: str) -> dict:
    """The first ranking beside another one, of a block of seeds of its own."""
    one = read_ranking(folder_of(tmp_path / "one"))
    other = read_ranking(folder_of(tmp_path / "other", levers, *words, seed=1001, **changes))
    return compare_rankings(one, other)


def test_a_ranking_agrees_with_itself_in_everything(tmp_path):
    found = compared(tmp_path, LEVERS)["agreement"]
    assert (found["levers"], found["told_in_one"]) == (4, 2)
    assert found["verdicts_agree"] == found["verdicts_agree_of_told"] == 1.0
    assert found["signs_agree"] == 1.0
    assert found["rank_correlation"]["r"] == pytest.approx(1.0)
    # Of 24 orders of four levers one is the same and one is its reverse.
    assert found["rank_correlation"]["p"] == pytest.approx(2 / 24)
    assert (found["opposed"], found["apart"]) == ([], [])


def test_what_differs_between_two_rankings_is_counted_lever_by_lever(tmp_path):
    other = LEVERS | {
        "hub": ("harms", -9.0, -13.0, -5.0, 2.0),
        "inventory_finance": ("works", 6.0, 2.0, 10.0, 2.0),
        "placebo": ("works", 50.0, 40.0, 60.0, 2.0),
    }
    document = compared(tmp_path, other)
    found = document["agreement"]
    assert found["verdicts_agree"] == 2 / 4
    assert (found["told_in_one"], found["verdicts_agree_of_told"]) == (3, 1 / 3)
    assert found["signs_agree"] == 3 / 4
    assert found["opposed"] == ["hub"]
    assert found["apart"] == ["hub"]
    assert [row["apart"] for row in document["policies"]] == [True, False, False, False, True]
    # Ranks 4 3 2 1 against 1 3 4 2: 1 - 6 (9 + 0 + 4 + 1) / (4 · 15)
    assert found["rank_correlation"]["r"] == pytest.approx(1.0 - 6.0 * 14.0 / 60.0)


def test_what_they_were_told_to_do_differently_comes_first(tmp_path):
    document = compared(tmp_path, LEVERS, "study.weeks=260", "policies.hub.intensity=2")
    assert {row["key"]: row["values"] for row in document["settings"]} == {
        "seed": [1, 1001],
        "study.weeks": [520, 260],
        "policies.hub.intensity": [1.0, 2.0],
    }


def test_other_seeds_are_independent_and_the_same_seeds_are_not(tmp_path):
    document = compared(tmp_path, LEVERS | {"hub": ("works", 12.0, 8.0, 16.0, 1.5)})
    hub = document["policies"][0]
    assert document["common_seeds"] == []
    assert hub["difference"] == pytest.approx(3e6)
    # The error is that of the whole effect at equal cost: not of a size class, nor of size one.
    assert hub["difference_error"] == pytest.approx(2.5e6)
    twice = compare_rankings(*2 * [read_ranking(tmp_path / "one")])
    assert len(twice["common_seeds"]) == PAIRS
    assert twice["policies"][0]["difference_error"] is None
    assert any("share 20 seeds" in sentence for sentence in sentences(twice))


def test_a_policy_in_one_ranking_only_is_named(tmp_path):
    fewer = {name: row for name, row in LEVERS.items() if name != "hub"}
    document = compared(tmp_path, fewer)
    assert document["only_in_one"] == ["hub"]
    assert document["agreement"]["levers"] == 3
    assert "In one ranking only: hub." in sentences(document)


def test_rankings_that_tell_nothing_are_not_said_to_agree_in_a_finding(tmp_path):
    nothing = {name: ("no detectable effect", *row[1:]) for name, row in LEVERS.items()}
    one = read_ranking(folder_of(tmp_path / "a", nothing))
    other = read_ranking(folder_of(tmp_path / "b", nothing, seed=1001))
    document = compare_rankings(one, other)
    assert document["agreement"]["verdicts_agree"] == 1.0
    assert document["agreement"]["verdicts_agree_of_told"] is None
    assert any("agree in telling nothing" in sentence for sentence in sentences(document))


def test_a_correlation_is_that_of_ranks_with_a_known_interval():
    one = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0])
    other = np.array([2.0, 1.0, 4.0, 3.0, 6.0, 5.0, 8.0, 7.0, 10.0, 900.0])
    found = correlation(one, np.exp(other / 100.0))
    # 1 - 6 Σd² / (n (n² - 1)) with Σd² = 8, whatever rises with the values
    assert found.r == pytest.approx(1.0 - 48.0 / 990.0)
    half = 1.959963984540054 * math.sqrt((1.0 + found.r**2 / 2.0) / 7.0)
    assert math.atanh(found.high) - math.atanh(found.r) == pytest.approx(half)
    assert math.atanh(found.r) - math.atanh(found.low) == pytest.approx(half)
    assert found.p < 0.001


def test_a_permutation_of_ten_unrelated_effects_is_no_rare_one():
    found = correlation(np.arange(10.0), np.array([5.0, 1, 8, 2, 9, 0, 7, 3, 6, 4]))
    assert abs(found.r) < 0.3
    assert 0.4 < found.p <= 1.0


def test_ties_share_their_rank_and_effects_without_an_order_have_no_correlation():
    assert correlation(np.zeros(5), np.arange(5.0)) is None
    assert correlation(np.arange(2.0), np.arange(2.0)) is None
    tied = correlation(np.array([1.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]))
    assert tied.r == pytest.approx(1.0)
    assert (tied.low, tied.high) == (None, None)


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(5.0, 6.0, False), (5.1, 6.0, True), (None, None, None)]
)
def test_intervals_that_touch_overlap(low, high, expected):
    one = Ranked("hub", False, "works", 3.0, 1.0, 5.0, 1.0)
    assert apart(one, Ranked("hub", False, "works", 5.5, low, high, 1.0)) is expected
    assert apart(Ranked("hub", False, "works", 5.5, low, high, 1.0), one) is expected


def test_verdicts_that_name_partners_are_short_in_a_column():
    assert short_verdict("works only with hub or ports_and_rail") == "only with…"
    assert short_verdict("works") == "works"
    assert short_verdict("no detectable effect") == "none"


def test_no_line_on_the_screen_is_longer_than_eighty_characters(tmp_path, capsys):
    document = compared(tmp_path, LEVERS | {"hub": ("harms", -123.456, -200.0, -50.0, 9.0)})
    print_agreement(document, Console(highlight=False, width=200))
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= 80
    [hub] = [line for line in lines if line.startswith("hub")]
    assert hub.split() == ["hub", "+9", "works", "-123", "harms", "apart"]


def test_the_command_prints_rankings_and_reads_nothing_else(tmp_path, capsys):
    one = folder_of(tmp_path / "one")
    other = folder_of(tmp_path / "other", seed=1001)
    assert run(["compare", str(one), str(other), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["settings"] == [{"key": "seed", "values": [1, 1001]}]
    assert run(["compare", str(one), str(other)]) == 0
    said = capsys.readouterr().out
    assert said.index("seed") < said.index("Rank correlation")
    assert "Verdicts agree for 4 of 4 levers." in said


@pytest.fixture(scope="module")
def some_folders(tmp_path_factory):
    """A ranking, and folders that cannot be set beside it: each is what its name says."""
    base = tmp_path_factory.mktemp("folders")
    folder_of(base / "one")
    folder_of(base / "elkhart", place="elkhart")
    folder_of(base / "earlier", LEVERS, "year=2017")
    format_of = folder_of(base / "format") / "manifest.json"
    manifest = json.loads(format_of.read_text())
    format_of.write_text(json.dumps(manifest | {"schema_version": 1}))
    (base / "empty").mkdir()
    folder_of(base / "sized", command="sizes")
    older = folder_of(base / "older") / "manifest.json"
    manifest = json.loads(older.read_text())
    manifest["versions"] = manifest["versions"] | {"millworks": "0.0.1"}
    older.write_text(json.dumps(manifest))
    cut = folder_of(base / "cut") / "ranking.csv"
    rows = list(csv.reader(cut.open()))
    cut.write_text(",".join(rows[0][:-3]) + "\n" + ",".join(rows[1][:-3]) + "\n")
    return base


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["one", "sized"], "sized: it is the folder of millworks sizes; a ranking is compared"),
        (["sized", "one"], "sized: it is the folder of millworks sizes; a ranking is compared"),
        (["one", "hickory_placebo"], "hickory_placebo: it is a scenario; a ranking is compared"),
        (["one", "one", "one"], "two rankings are compared at a time, and 3 are named"),
        (["one", "one", "--pairs", "4"], "settings and --interaction are for scenarios"),
        (["one", "older"], "older/manifest.json: "),
        (["one", "format"], "format/manifest.json: "),
        (["format", "one"], "format/manifest.json: "),
        (["one", "empty"], "empty: there is no manifest.json in it; it is not a run's folder."),
        (["one", "elkhart"], "elkhart in 2022; rankings of the same place and year are compared."),
        (["one", "earlier"], "hickory in 2017; rankings of the same place and year are compared."),
        (["one", "cut"], "cut/ranking.csv: it cannot be read; the folder was changed"),
    ],
)
def test_what_is_no_ranking_is_refused_with_one_sentence(
    words, sentence, some_folders, monkeypatch, capsys
):
    monkeypatch.chdir(some_folders)
    assert run(["compare", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert sentence in err


def test_rankings_by_other_quantities_are_not_compared(tmp_path):
    one = read_ranking(folder_of(tmp_path / "one"))
    other = read_ranking(folder_of(tmp_path / "other", LEVERS, "study.headline=jobs"))
    with pytest.raises(InputError, match=r"ranks by value_added, .* by jobs"):
        compare_rankings(one, other)
