"""`millworks check` and `millworks new`: a scenario in words, and a file to start from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from millworks.cli import run
from millworks.commands.screen import WIDTH
from millworks.conf.scenarios import packaged_scenarios

SMALL = ("makers=40", "policies.placebo.start=52", "study.pairs=2")


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def sentence(capsys, *words: str) -> str:
    assert run(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("millworks: ")
    assert err.count("\n") == 1
    return err.removeprefix("millworks: ").strip()


def test_check_says_what_a_scenario_does_on_a_narrow_screen(capsys):
    assert run(["check", "hickory_placebo", *SMALL]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    *text, command = out.splitlines()  # the command is one line, to be copied
    assert max(len(line) for line in text) <= WIDTH
    assert command.startswith("Run it: ")
    for words in (
        "District    Hickory-Lenoir-Morganton, NC: 40 of 510 makers, table of 2022",
        "when      from week 53 to the end",
        "paid by   a levy on the incomes",
        "left out  The cost of collecting.",
        "2 pairs (seeds 1 to 2)",
        "Time        about ",
        "Run it: millworks run hickory_placebo makers=40 policies.placebo.start=52",
    ):
        assert words in out


def test_check_leaves_nothing_and_answers_in_json_too(capsys, tmp_path):
    assert run(["check", "hickory_recession", "makers=40", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["scenario", "config", "makers_reached", "eligible", "seconds"]
    assert document["config"]["makers"] == 40
    assert document["seconds"] > 0.0
    assert list(tmp_path.iterdir()) == []


def test_check_refuses_a_policy_for_nobody_in_the_district(capsys):
    target = ["policies.wage_subsidy.sizes=[500+]", "makers=40"]
    said = sentence(capsys, "check", "hickory_recession", *target)
    assert said.startswith("policies.wage_subsidy is for nobody in hickory: no maker there is of ")


def test_a_study_with_more_processes_is_said_to_be_done_sooner(capsys):
    seconds = []
    for jobs in ("1", "20"):
        words = ["check", "hickory_placebo", "makers=40", "--json", "--jobs", jobs]
        assert run(words) == 0
        seconds.append(json.loads(capsys.readouterr().out)["seconds"])
    assert seconds[0] > 4.0 * seconds[1]


def test_check_wants_one_scenario(capsys):
    assert sentence(capsys, "check").startswith("name a scenario: millworks check SCENARIO")
    said = sentence(capsys, "check", "hickory_placebo", "hickory_recession")
    assert said.startswith("hickory_placebo hickory_recession: name one scenario; settings are ")


def test_a_new_scenario_can_be_checked_as_it_stands(capsys):
    words = ["--policy", "wage_subsidy", "--shock", "recession", "--district", "Catawba County, NC"]
    assert run(["new", "mine", *words]) == 0
    assert capsys.readouterr().out == "Written to scenarios/mine.yaml; next: millworks check mine\n"
    text = Path("scenarios/mine.yaml").read_text()
    assert "title: Wage subsidy and recession in Catawba County, NC" in text
    assert "#budget: null" in text
    assert run(["check", "mine", "makers=30", "--json"]) == 0
    config = json.loads(capsys.readouterr().out)["config"]
    assert config["district"] == "catawba_county_nc"
    assert (list(config["policies"]), list(config["shocks"])) == (["wage_subsidy"], ["recession"])


def test_a_new_scenario_overwrites_nothing(capsys):
    assert run(["new", "mine", "--policy", "placebo", "--quiet"]) == 0
    before = Path("scenarios/mine.yaml").read_bytes()
    said = sentence(capsys, "new", "mine", "--policy", "wage_subsidy")
    assert said == "scenarios/mine.yaml: there is such a file already; choose another name."
    assert Path("scenarios/mine.yaml").read_bytes() == before
    said = sentence(capsys, "new", "hickory_placebo", "--policy", "placebo")
    assert said.endswith("a scenario of this name came with millworks; choose another name.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["../mine"], "../mine: a scenario's name must be of letters, digits, _ and -"),
        (["mine", "--policy", "placbo"], "there is no policy 'placbo'. Did you mean 'placebo'?"),
        (["mine", "--shock", "recesion"], "there is no shock 'recesion'. Did you mean 'recession'"),
        (["mine", "--district", "hikory"], "no district 'hikory'. Did you mean 'hickory'?"),
        (["mine", "--policy", "placebo", "--policy", "placebo"], "'placebo' is chosen twice"),
    ],
)
def test_a_scenario_that_could_not_run_is_not_written(capsys, tmp_path, words, said):
    assert said in sentence(capsys, "new", *words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_one_sentence(capsys, tmp_path):
    tmp_path.chmod(0o500)
    assert "permission denied" in sentence(capsys, "new", "mine", "--policy", "placebo")


def test_a_file_in_place_of_the_folder_is_one_sentence(capsys):
    Path("scenarios").write_text("")
    said = sentence(capsys, "new", "mine", "--policy", "placebo")
    assert said == "scenarios/mine.yaml: it cannot be written: file exists."


def test_the_packaged_scenarios_are_not_written_to():
    assert not (packaged_scenarios() / "mine.yaml").exists()
