"""The page on a policy of one's own: its files, copied out of it, make a project that works."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from millworks.cli import run
from millworks.conf.schema import Paper
from millworks.policies.registry import lever_settings, levers

PAGE = Path(__file__).parents[3] / "docs" / "write_your_own_policy.md"
TEXT = PAGE.read_text(encoding="utf-8")
FILE = re.compile(r"^`([\w/]+\.(?:py|yaml))`[^\n]*\n+```(?:python|yaml)\n(.*?)^```", re.M | re.S)
NAME = "new_jobs_credit"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The folder that a reader of the page ends with."""
    for name, content in files_of_the_page().items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files_of_the_page() -> dict[str, str]:
    """Path within the project -> content, of every block that follows a path or a heading."""
    return {match.group(1): match.group(2) for match in FILE.finditer(TEXT)}


def test_the_page_has_every_file_that_its_tree_shows():
    tree = re.findall(r"^ +(?:(policy)/)?(\w+\.(?:py|yaml)) +\d", TEXT, re.MULTILINE)
    shown = {name for _, name in tree}
    assert shown == {Path(name).name for name in files_of_the_page()}
    assert len(shown) == 4


def test_the_test_of_the_page_passes_in_the_project_of_the_page(project):
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    assert "5 passed" in found.stdout


def test_the_policy_of_the_page_is_listed_checked_and_run(project, capsys):
    assert NAME in levers()
    for words in (["list", "policies"], ["list", "policies", NAME]):
        assert run(words) == 0
        assert NAME in capsys.readouterr().out
    small = ["makers=40", "study.pairs=2", "study.weeks=26", "study.burn_in=26"]
    assert run(["check", "hickory_new_jobs", *small]) == 0
    assert "half the pay of jobs beyond 102 %" in " ".join(capsys.readouterr().out.split())
    assert run(["run", "hickory_new_jobs", *small, "report.charts=false", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["scenario"] == "hickory_new_jobs"
    costs = [row for row in document["effects"] if row["quantity"] == "public_cost"]
    assert max(row["mean"] for row in costs) > 0.0
    assert not list(project.rglob("scenarios/**/*.pyc")), "nothing is written beside one's files"


def test_the_description_of_the_page_has_the_defaults_of_its_rule(project):
    content = yaml.safe_load((project / f"scenarios/policy/{NAME}.yaml").read_text())
    assert all(content.pop(key) for key in Paper.model_fields)
    assert content == lever_settings(NAME)().model_dump()


def test_what_the_rule_and_its_description_say_on_the_page_is_understood(project, capsys):
    """Every command of the page names commands, scenarios and policies that there are."""
    lines = re.findall(r"^millworks (.+)$", TEXT, re.MULTILINE)
    assert {line.split()[0] for line in lines} == {"list", "check", "run", "compare"}
    for line in lines:
        command, *words = shlex.split(line)
        if command in ("run", "compare"):
            for scenario in words:
                assert run(["check", scenario, "makers=30", "--quiet"]) == 0
        else:
            assert run([command, *words]) == 0
    capsys.readouterr()


def test_a_policy_is_gone_when_its_file_is(project):
    (project / f"scenarios/policy/{NAME}.py").unlink()
    assert NAME not in levers()


def test_a_policy_is_read_again_when_its_file_changes(project):
    file = project / f"scenarios/policy/{NAME}.py"
    file.write_text(file.read_text().replace("number(0.5, 0, MOST", "number(0.25, 0, MOST"))
    assert lever_settings(NAME)().model_dump()["credit"] == 0.25
