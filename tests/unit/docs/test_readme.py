"""What the first page tells a newcomer to type is understood, and what it shows is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from millworks.commands.options import split_scenario
from millworks.conf.compose import compose

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = re.findall(r"^millworks ([^#\n]+)", README, re.MULTILINE)
OF_SCENARIOS = ("run", "check", "compare", "sweep")


def test_the_page_names_commands():
    assert {line.split()[0] for line in LINES} >= {*OF_SCENARIOS, "list", "multiplier", "verify"}


@pytest.mark.parametrize("line", LINES)
def test_commands_on_the_page_exist(line):
    assert (
        (ROOT / "model/millworks/commands")
        .joinpath({"list": "listing"}.get(line.split()[0], line.split()[0]) + ".py")
        .is_file()
    )


@pytest.mark.parametrize("line", [line for line in LINES if line.split()[0] in OF_SCENARIOS])
def test_scenarios_and_settings_on_the_page_are_understood(line):
    command, *words = shlex.split(line)
    options = {word for word in words if word.startswith("-")}
    plain = [
        word
        for before, word in zip([command, *words], words, strict=False)
        if not word.startswith("-") and not (before in options and before != "--interaction")
    ]
    names = [word for word in plain if "=" not in word]
    settings = [word for word in plain if "=" in word]
    for name in names:
        scenario, _ = split_scenario([name], command)
        config = compose("run", {}, settings, ROOT / "scenarios", scenario=scenario)
        assert config.policies or config.shocks


def test_pictures_on_the_page_are_there():
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_links_on_the_page_lead_somewhere():
    missing = [
        target
        for target in re.findall(r"(?<!!)\[[^]]+\]\(([^)#:]+)\)", README)
        if not (ROOT / target).exists()
    ]
    assert not missing
