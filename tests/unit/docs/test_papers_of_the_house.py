"""CITATION.cff and CONTRIBUTING.md speak of this version, of files and of targets that exist."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

import millworks
from millworks.study.verify import STUDIES
from millworks.world.accounts import INSTRUMENTS
from millworks.world.matrices import FLOW_ROWS

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_citation_names_this_version_and_licence():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert str(citation["version"]) == millworks.__version__
    assert citation["license"] == "MIT"


def test_files_and_folders_that_the_guide_names_exist():
    named = re.findall(r"`((?:model|docs|tests|scenarios|calibration)(?:/[\w./]+)?)`", GUIDE)
    named += re.findall(r"\]\(([^)#]+)\)", GUIDE)
    assert len(named) > 15
    missing = [name for name in named if not (ROOT / name).exists()]
    assert not missing


def test_targets_of_make_that_the_guide_names_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in re.findall(r"make ((?:[a-z-]+ ?)+)", "\n".join(re.findall(r"`+[^`]+`+", GUIDE))):
        for target in line.split():
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_tables_that_the_guide_points_to_are_there():
    assert {"STUDIES", "INSTRUMENTS", "FLOW_ROWS"} <= set(re.findall(r"`([A-Z_]+)`", GUIDE))
    assert "multiplier" in STUDIES
    assert "deposits" in INSTRUMENTS
    assert "Wages (gross)" in FLOW_ROWS
