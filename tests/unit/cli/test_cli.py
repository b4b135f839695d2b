"""The command line: exit codes, one sentence per mistake, pure JSON, nothing half-written."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace

import pytest

import millworks
from millworks.cli import run
from millworks.commands.progress import ProgressBar
from millworks.commands.screen import WIDTH, table
from millworks.economy.sectors import SECTORS
from millworks.errors import InvariantBreach
from millworks.parameters import register
from millworks.study.results import Check

MULTIPLIER = ("multiplier", "hickory", "--linear", "--sector", "FURN")


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def visible(folder):
    return sorted(entry.name for entry in folder.iterdir())


WRONG_LINES = {
    "multiplier --linear --mode spent": "--mode: --linear has no frictions, one run and no pairs; "
    "leave one of the two away.",
    "multiplier --linear bridge_pairs=0": "bridge_pairs=0: --linear has no frictions, one run and "
    "no pairs; leave one of the two away.",
    "multiplier --mode lent": "command line: mode is 'lent'; it must be spent, invested or null.",
    "multiplier --pairs 0": "command line: pairs is 0; it must be a whole number between 1 and "
    "1000.",
    "multiplier --sector all": "sector is all; with frictions one sector or all makers together "
    "can be asked for, sector by sector only with --linear.",
    "multiplier --linear hikory seed=2": None,
    "multiplier --linear hickory dalton": "hickory dalton: name one district; settings are written "
    "key=value.",
    "multiplier --lineer": "there is no option --lineer. Did you mean --linear?",
    "multiplier --linear --seed x": "command line: seed is 'x'; it must be a whole number from 0 "
    "to 18446744073709551615.",
    "multiplier --linear --weeks 52.5": "command line: weeks is 52.5; it must be a whole number "
    "between 52 and 520.",
    "multiplier --linear --year abc": "command line: year is 'abc'; it must be 2017 or 2022.",
    "multiplier --linear --makers 2.5": "command line: makers is 2.5; it must be a whole number of "
    "1 or more, or null.",
    "multiplier --linear --out=": "--out: the name is empty; write . for the folder you are in.",
    "multiplier --linear --scenarios=": "--scenarios: the name is empty; write . for the folder "
    "you are in.",
    "multiplier --linear world=default": None,  # names the first mechanism of the register
    "multiplier --linear --seed": None,
    "multiplier --linear --seed -1": "command line: seed is -1; it must be a whole number from 0 "
    "to 18446744073709551615.",
    "multiplier --linear --year 2020": "command line: year is 2020; it must be 2017 or 2022.",
    "multiplier --linear --seed 3 seed=4": "seed=4: seed is given twice; give it once.",
    "multiplier --linear --scenarios nowhere": "--scenarios nowhere: there is no such folder.",
    "multiplier --linear --sector FRN": "no sector 'FRN'. Did you mean 'FURN' (Furniture and "
    "related products)?",
    "multiplier --linear --out file/outputs": "--out file/outputs: the folder cannot be written: "
    "not a directory.",
    "list": None,
    "list distrits": "there is no list of 'distrits'. Did you mean 'districts' or 'sectors'? The "
    "lists are districts, parameters, sources, sectors, policies, shocks, scenarios.",
    "multiplyer": "No such command 'multiplyer'. Did you mean 'multiplier'?",
    "data chek": "No such command 'chek'. Did you mean 'check'?",
    "accounts --week -1": "command line: week is -1; it must be a whole number between 0 and 1560.",
    "accounts --week one": "command line: week is 'one'; it must be a whole number between 0 and "
    "1560.",
    "shares hikory": None,
    "week --nonsense": None,
}


@pytest.mark.parametrize(("line", "sentence"), WRONG_LINES.items(), ids=list(WRONG_LINES))
def test_a_wrong_command_line_gets_one_sentence_and_exit_code_2(
    line, sentence, capsys, tmp_path, engine
):
    (tmp_path / "file").write_text("")
    assert run(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("millworks: ")
    assert err.count("\n") == 1
    if sentence is not None:
        assert err == f"millworks: {sentence}\n"
    assert visible(tmp_path) == ["file"]


def test_a_finished_run_leaves_its_folder_and_says_where(capsys, tmp_path, engine):
    assert run([*MULTIPLIER, "--out", "results"]) == 0
    out, err = capsys.readouterr()
    folder = (tmp_path / "results" / "latest").resolve()
    assert folder.name.startswith("multiplier-hickory-FURN-")
    assert folder.name in out
    assert "furniture" in out
    assert err == ""
    expected = ["assumptions.csv", "local_shares.csv", "manifest.json", "report.html"]
    expected += ["results.csv", "results.parquet", "summary.json"]
    assert visible(folder) == expected


def test_options_reach_the_study(engine):
    options = ["--year", "2017", "--seed", "9", "--weeks", "208", "--makers", "60"]
    assert run([*MULTIPLIER, *options, "injection=0.2", "--quiet"]) == 0
    config = engine["config"]
    assert (config.year, config.seed, config.weeks, config.makers) == (2017, 9, 208, 60)
    assert (config.sector, config.injection) == ("FURN", 0.2)
    assert config.world.values().z_s == register()["z_s"].off


def test_json_is_all_there_is_on_standard_output(capsys, engine):
    assert run([*MULTIPLIER, "--json"]) == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert list(document) == ["rows", "meanings", "settled", "schema_version"]
    assert document["rows"][0]["sector"] == "FURN"
    assert "no government" in document["meanings"]["jobs"]
    assert err.startswith("Written to outputs/multiplier-hickory-FURN-")


def test_all_sectors_come_in_one_document_and_one_folder(capsys, tmp_path, engine):
    assert run(["multiplier", "--linear", "--sector", "all", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {row["sector"] for row in rows} == {"FOOD", "FURN"}
    assert len(visible(tmp_path / "outputs")) == 2
    assert engine["reports"] == 0


def test_all_sectors_are_shown_in_one_table(capsys, engine):
    assert run(["multiplier", "--linear", "--sector", "all"]) == 0
    assert "all orders" in capsys.readouterr().out


def test_quiet_prints_nothing(capsys, engine):
    assert run([*MULTIPLIER, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_same_run_lands_in_the_same_folder(tmp_path, engine):
    for _ in range(2):
        assert run([*MULTIPLIER, "--quiet"]) == 0
    assert len(visible(tmp_path / "outputs")) == 2
    assert run([*MULTIPLIER, "--quiet", "--seed", "2"]) == 0
    assert len(visible(tmp_path / "outputs")) == 3


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "stopped"),
        (InvariantBreach("deposits differ by 3 USD in week 7."), 3, "deposits differ by 3 USD"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), 2, "no space left on device"),
    ],
    ids=["Ctrl-C", "breach", "full disk"],
)
def test_a_run_that_breaks_off_leaves_nothing(capsys, tmp_path, engine, fault, code, words):
    engine["raise"] = fault
    assert run([*MULTIPLIER, "--out", "results"]) == code
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err
    assert visible(tmp_path) == []


@pytest.mark.parametrize("quiet", [(), ("--quiet",)], ids=["shown", "quiet"])
def test_a_run_whose_checks_fail_leaves_its_folder_and_exits_1(
    capsys, tmp_path, engine, linear_result, quiet
):
    failed = Check("agents_equal_leontief", False, 0.02, 5e-4)
    engine["result"] = replace(linear_result, checks=[failed])
    assert run([*MULTIPLIER, *quiet]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith(
        "millworks: a check failed: agents_equal_leontief of FURN is 0.02, at most 0.0005 is "
        "allowed; do not use the figures in outputs/multiplier-hickory-FURN-"
    )
    assert "summary.json" in visible((tmp_path / "outputs" / "latest").resolve())


def test_linear_mode_beside_a_world_with_frictions_is_refused(capsys, tmp_path, engine):
    assert run(["multiplier", "--linear", "world=default"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("millworks: world=default: --linear switches every mechanism off, but in")
    assert err.endswith("leave the world away.\n")
    assert visible(tmp_path) == []


def test_linear_mode_may_be_asked_for_with_a_world_of_its_own(tmp_path, engine):
    (tmp_path / "scenarios" / "world").mkdir(parents=True)
    (tmp_path / "scenarios" / "world" / "mine.yaml").write_text(
        "defaults:\n  - linear\n  - _self_\ntitle: mine\nregionalisation: slq\n"
    )
    assert run([*MULTIPLIER, "--quiet", "world=mine"]) == 0
    assert engine["config"].world.regionalisation == "slq"


def test_the_screen_shows_the_seconds_of_the_whole_command(capsys, monkeypatch, engine):
    ticks = iter([100.0, 107.3])
    monkeypatch.setattr("millworks.commands.multiplier.time.perf_counter", lambda: next(ticks))
    assert run(MULTIPLIER) == 0
    assert "7.3 s" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["", "data"], ids=["millworks", "millworks data"])
def test_a_command_without_words_shows_its_help(capsys, line):
    assert run(line.split()) == 0
    bare = capsys.readouterr()
    assert run([*line.split(), "--help"]) == 0
    assert (bare.out, bare.err) == capsys.readouterr()
    assert bare.out.count("\n") > 8


def test_the_shares_of_a_place_fit_the_screen_and_come_as_json(capsys):
    assert run(["shares", "generic", "makers=60", "world.regionalisation=slq"]) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= WIDTH for line in out.splitlines())
    assert all(any(line.startswith(f"{code} ") for line in out.splitlines()) for code in SECTORS)
    assert "under slq (used)" in " ".join(out.split())
    assert run(["shares", "generic", "makers=60", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["sector"] for row in document["shares"]] == list(SECTORS)
    assert document["regionalisation"] == "flq_goods"
    assert document["local_output_by_method"]["flq"] < document["local_output_by_method"]["slq"]


def test_the_version_is_that_of_the_package(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"millworks {millworks.__version__}\n"


def test_help_fits_the_screen_and_names_every_command(capsys):
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= WIDTH for line in out.splitlines())
    for command in ("multiplier", "accounts", "week", "shares", "list", "data"):
        assert f"  {command} " in out


@pytest.mark.parametrize("kind", ["districts", "parameters", "sectors", "sources"])
def test_lists_fit_the_screen_and_come_as_json_too(capsys, kind):
    assert run(["list", kind]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= WIDTH for line in lines)
    assert run(["list", kind, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)[kind]
    assert len(rows) >= 14


def test_listed_parameters_are_those_of_the_register(capsys):
    assert run(["list", "parameters", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["parameters"]
    assert [row["key"] for row in listed] == list(register())


def test_the_data_check_passes_and_says_what_does_not_balance(capsys):
    assert run(["data", "check"]) == 0
    out = capsys.readouterr().out
    assert "FAILS" not in out
    assert all(len(line) <= WIDTH for line in out.splitlines())
    assert run(["data", "check", "--json"]) == 0
    assert all(check["passed"] for check in json.loads(capsys.readouterr().out)["checks"])


def test_a_table_folds_its_last_column():
    text = table([{"a": "x", "b": "word " * 30}], ["a", "b"])
    assert len(text.splitlines()) == 3
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_no_progress_is_drawn_off_the_terminal(capsys):
    with ProgressBar("working") as progress:
        progress._show()
        progress(1, 2, "half")
    assert capsys.readouterr() == ("", "")


def test_progress_shows_what_is_done_and_what_is_left(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with ProgressBar("getting ready") as progress:
        progress(5, 10, "weeks")
        progress._show()
    out, err = capsys.readouterr()
    assert out == ""
    assert "weeks" in err
    assert "50%" in err
    assert "left" in err
