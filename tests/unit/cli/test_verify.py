"""`millworks verify`: a run is repeated from its manifest and compared with what it left."""

from __future__ import annotations

import errno
import hashlib
import importlib
import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

import millworks
from millworks.cli import run
from millworks.conf.schemas import SCHEMAS
from millworks.parameters import register
from millworks.study.run_record import SCHEMA_VERSION, source_sha256
from millworks.study.verify import SETTINGS_OF, STUDIES, read_record

CHANGED = "it was changed after the run; the run, repeated, gives what the manifest records"


@pytest.fixture
def folder(tmp_path, monkeypatch, engine, capsys):
    """A finished run of the stand-in study, in an otherwise empty working folder."""
    monkeypatch.chdir(tmp_path)
    line = "multiplier hickory --linear --sector FURN world.parameters.commuter_share=0.2"
    assert run(line.split()) == 0
    capsys.readouterr()
    return (tmp_path / "outputs" / "latest").resolve()


def edit(folder, **changes):
    """Change entries of the manifest; None removes one."""
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text()) | changes
    file.write_text(json.dumps({key: value for key, value in manifest.items() if value != "-"}))


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text())


def tables(folder):
    """How many files of a run are tables: all but the page."""
    return len([name for name in manifest_of(folder)["files_sha256"] if name != "report.html"])


def sentence(capsys, *words):
    """The one sentence a refused verification leaves on standard error."""
    assert run(["verify", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("millworks: ")
    assert err.count("\n") == 1
    return err.removeprefix("millworks: ").strip()


def test_a_run_that_nobody_touched_is_equal(folder, capsys):
    for word in ("latest", folder.name, str(folder), "outputs/latest"):
        assert run(["verify", word]) == 0
        assert capsys.readouterr().out == (
            f"{folder.name}: equal. {tables(folder)} files computed anew, "
            f"{tables(folder) + 1} compared with the manifest.\n"
        )


def test_the_run_is_repeated_with_the_recorded_settings_and_every_parameter(folder, engine):
    first = engine["config"]
    assert run(["verify", "latest", "--quiet"]) == 0
    again = engine["config"]
    assert again.world.values() == first.world.values()
    assert set(again.world.parameters) == set(register())
    assert again.world.values().commuter_share == 0.2
    assert again.model_copy(update={"world": first.world}) == first


def test_a_default_that_has_changed_since_does_not_change_the_repetition(folder, monkeypatch):
    key = next(key for key, row in register().items() if row.low < row.default < row.high)
    moved = replace(register()[key], default=register()[key].low)
    recorded = manifest_of(folder)["parameters"][key]
    changed = register() | {key: moved}
    monkeypatch.setattr("millworks.parameters.register", lambda: changed)
    assert read_record(folder).config.world.values()[key] == recorded != moved.default


def test_each_file_that_was_changed_gets_one_line_and_exit_code_1(folder, capsys):
    with (folder / "results.csv").open("a") as lines:
        lines.write("one more line\n")
    (folder / "report.html").write_text("<p>another</p>")
    (folder / "assumptions.csv").unlink()
    assert run(["verify", "latest"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "assumptions.csv: it is missing.",
        "report.html: it was changed after the run.",
        f"results.csv: {CHANGED}.",
    ]
    assert err == ""


def test_a_study_that_gives_other_figures_now_is_found_out(folder, capsys, monkeypatch, engine):
    study = importlib.import_module("millworks.study.linear_multiplier")
    before = study.run

    def otherwise(config, progress):
        result = before(config, progress)
        return replace(result, injection_usd=result.injection_usd + 1.0)

    monkeypatch.setattr(study, "run", otherwise)
    assert run(["verify", "latest"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["summary.json: the run, repeated, gives another content."]


def test_a_manifest_and_a_file_forged_together_are_found_out(folder, capsys):
    (folder / "summary.json").write_text("{}")
    forged = hashlib.sha256(b"{}").hexdigest()
    edit(folder, files_sha256=manifest_of(folder)["files_sha256"] | {"summary.json": forged})
    assert run(["verify", "latest"]) == 1
    assert capsys.readouterr().out == ("summary.json: the run, repeated, gives another content.\n")


def test_a_forged_manifest_cannot_blame_an_honest_file(folder, capsys):
    files = manifest_of(folder)["files_sha256"]
    edit(folder, files_sha256=files | {"summary.json": "0" * 64})
    assert run(["verify", "latest"]) == 1
    assert capsys.readouterr().out == (
        "summary.json: it is what the run, repeated, gives, but not what the manifest records.\n"
    )


def test_a_file_changed_in_a_run_that_cannot_be_repeated_says_both(folder, capsys):
    files = manifest_of(folder)["files_sha256"]
    edit(folder, files_sha256=files | {"summary.json": "0" * 64})
    (folder / "summary.json").write_text("{}")
    assert run(["verify", "latest"]) == 1
    assert "and the run, repeated, gives a third content" in capsys.readouterr().out


def test_a_table_the_manifest_does_not_list_is_named(folder, capsys):
    files = manifest_of(folder)["files_sha256"]
    edit(folder, files_sha256={name: h for name, h in files.items() if name != "summary.json"})
    assert run(["verify", "latest"]) == 1
    assert "summary.json: the run, repeated, writes it, but" in capsys.readouterr().out


def test_notes_of_the_user_in_the_folder_are_no_difference(folder):
    (folder / "notes.txt").write_text("mine")
    assert run(["verify", "latest", "--quiet"]) == 0


def test_all_sectors_are_repeated_as_all_sectors(tmp_path, monkeypatch, engine, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["multiplier", "hickory", "--linear", "--sector", "all", "-q"]) == 0
    assert run(["verify", "latest"]) == 0
    assert f"equal. {tables(tmp_path / 'outputs' / 'latest')} files" in capsys.readouterr().out


def test_another_library_is_told_with_a_difference_and_does_not_refuse(folder, capsys):
    edit(folder, versions=manifest_of(folder)["versions"] | {"numpy": "1.0"})
    assert run(["verify", "latest"]) == 0
    assert capsys.readouterr().err == ""
    (folder / "summary.json").unlink()
    assert run(["verify", "latest"]) == 1
    assert capsys.readouterr().err.startswith("Note: numpy was 1.0 and is ")


def test_a_changed_source_under_the_same_version_is_told_with_a_difference(folder, capsys):
    assert manifest_of(folder)["source_sha256"] == source_sha256()
    edit(folder, source_sha256="0" * 64)
    (folder / "summary.json").unlink()
    assert run(["verify", "latest"]) == 1
    assert capsys.readouterr().err == (
        f"Note: the source of millworks {millworks.__version__} has changed since the run.\n"
    )


def test_json_is_one_document_with_the_same_exit_code(folder, capsys):
    assert run(["verify", "latest", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document == {
        "run": folder.name,
        "equal": True,
        "repeated": tables(folder),
        "compared": tables(folder) + 1,
        "differences": [],
        "changed_since": [],
    }
    (folder / "report.html").unlink()
    assert run(["verify", "latest", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["differences"] == [{"file": "report.html", "what": "it is missing"}]
    assert document["equal"] is False


def test_a_run_that_is_not_there_is_named_with_the_nearest(folder, capsys):
    wrong = folder.name.replace("hickory", "hikory")
    assert sentence(capsys, wrong) == (
        f"{wrong}: there is no such run here or in outputs. Did you mean '{folder.name}'?"
    )
    assert sentence(capsys, "latest", "--out", "nowhere") == (
        "nowhere/latest: there is no run in nowhere yet."
    )


def test_a_folder_without_a_manifest_is_not_a_run(folder, capsys):
    (folder / "manifest.json").unlink()
    assert sentence(capsys, "latest") == (
        "outputs/latest: there is no manifest.json in it; it is not a run's folder."
    )


REFUSED = {
    "another format": (
        {"schema_version": 99},
        f"its schema_version is 99; this version of millworks verifies {SCHEMA_VERSION}.",
    ),
    "no format": (
        {"schema_version": "-"},
        f"its schema_version is null; this version of millworks verifies {SCHEMA_VERSION}.",
    ),
    "another study": ({"command": "multiplyer"}, "runs of 'multiplyer' cannot be repeated."),
    "an entry is missing": ({"config": "-"}, "config is missing or not a dict."),
    "an entry of another type": ({"seeds": 1}, "seeds is missing or not a list."),
    "other seeds": ({"seeds": [7]}, "seeds is [7], but config.seed is 1; the manifest was changed"),
    "another hash of results": ({"results_sha256": "0"}, "results_sha256 is not the hash it lists"),
    "another version": (
        {"versions": {"millworks": "9.9"}},
        f"the run is of millworks 9.9, this is {millworks.__version__}; install that version",
    ),
    "other data": (
        {"data_sha256": {}},
        "the run used other data than this installation has: ",
    ),
    "other parameters": (
        {"parameters": {"s_w": 0.8}},
        "is only in the register; the run is of another version of the model.",
    ),
}


@pytest.mark.parametrize(("changes", "said"), REFUSED.values(), ids=list(REFUSED))
def test_a_manifest_that_does_not_fit_is_refused_in_one_sentence(folder, capsys, changes, said):
    edit(folder, **changes)
    found = sentence(capsys, "latest")
    assert found.startswith(str(folder / "manifest.json"))
    assert said in found


def test_settings_that_do_not_fit_are_refused_in_one_sentence(folder, capsys):
    config = manifest_of(folder)["config"]
    edit(folder, config=config | {"weeks": "many"})
    assert "config.weeks: input should be a valid integer" in sentence(capsys, "latest")
    edit(folder, config=config | {"wekks": 104})
    assert "config.wekks: extra inputs are not permitted" in sentence(capsys, "latest")
    edit(folder, config=config | {"world": None})
    assert sentence(capsys, "latest").endswith("config.world is missing.")


def test_parameters_that_contradict_each_other_are_refused(folder, capsys):
    edit(folder, parameters=manifest_of(folder)["parameters"] | {"commuter_share": 0.3})
    assert "parameter commuter_share is 0.2 in config.world and 0.3 in" in sentence(
        capsys, "latest"
    )
    edit(folder, parameters=manifest_of(folder)["parameters"] | {"s_w": 7})
    assert "s_w is 7; it must be between" in sentence(capsys, "latest")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b""], ids=["half", "not text", "empty"])
def test_a_damaged_manifest_is_refused_in_one_sentence(folder, capsys, content):
    (folder / "manifest.json").write_bytes(content)
    assert sentence(capsys, "latest").endswith(
        "it is not JSON; the file was damaged after the run."
    )


def test_a_full_disk_is_one_sentence_and_leaves_nothing(folder, capsys, engine, monkeypatch):
    before = set(Path(tempfile.gettempdir()).glob("millworks-verify-*"))
    engine["raise"] = OSError(errno.ENOSPC, "No space left on device")
    assert sentence(capsys, "latest") == (
        f"{folder.name}: it could not be repeated: no space left on device; nothing is left of "
        "the attempt."
    )
    assert set(Path(tempfile.gettempdir()).glob("millworks-verify-*")) == before


def test_a_run_can_be_verified_where_it_was_moved_to(folder, tmp_path):
    moved = tmp_path / "elsewhere" / "kept"
    shutil.copytree(folder, moved)
    assert run(["verify", str(moved), "--quiet"]) == 0


@pytest.mark.parametrize("command", STUDIES)
def test_every_kind_of_run_has_settings_and_a_function_that_repeats_it(command):
    module, _, function = STUDIES[command].partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    assert SETTINGS_OF.get(command, command) in SCHEMAS
