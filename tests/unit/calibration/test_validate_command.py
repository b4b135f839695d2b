"""The command: what it refuses, in one sentence, and its settings."""

from __future__ import annotations

import pytest

from millworks.cli import run
from millworks.conf.schema import LARGEST_SEED, ValidateConfig

WRONG_LINES = {
    "validate --jobs 0": "--jobs 0: it must be a whole number of 1 or more.",
    "validate --jobs two": "--jobs two: it must be a whole number of 1 or more.",
    "validate --seeds 0": "command line: seeds is 0; it must be a whole number between 1 and 1000.",
    "validate --years x": "command line: years is 'x'; it must be a whole number between 1 and "
    "100.",
    "validate burn_in=-1": "command line: burn_in is -1; it must be a whole number between 0 and "
    "1560.",
    "validate hikory": None,
    "validate --seed 3 seed=4": "seed=4: seed is given twice; give it once.",
}


@pytest.mark.parametrize(("line", "sentence"), WRONG_LINES.items(), ids=list(WRONG_LINES))
def test_a_wrong_line_gets_one_sentence_and_exit_code_2(
    line, sentence, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert run(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    if sentence is not None:
        assert err == f"millworks: {sentence}\n"
    assert list(tmp_path.iterdir()) == []


def test_the_help_names_the_defaults(capsys):
    assert run(["validate", "--help"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert f"each with its own luck; by default {ValidateConfig().seeds}." in out
    assert f"watched after the burn-in; by default {ValidateConfig().years}." in out


def test_worlds_use_the_seed_and_the_numbers_after_it():
    assert ValidateConfig(seed=5, seeds=3).seeds_used == (5, 6, 7)
    assert ValidateConfig(seed=LARGEST_SEED, seeds=2).seeds_used == (LARGEST_SEED, 0)
