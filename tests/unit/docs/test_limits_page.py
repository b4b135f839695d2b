"""The page of limits names tests that exist, every T of the specification, and hides no miss."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
ROWS = dict(re.findall(r"^\| (T\d+) \|(.*)\|$", PAGE, re.MULTILINE))


def source(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(("file", "test"), sorted(set(NAMED)))
def test_every_test_that_is_named_exists(file, test):
    assert (ROOT / file).is_file()
    assert re.search(rf"^def {test or 'test_'}", source(file), re.MULTILINE)


def test_every_limit_of_the_specification_has_its_row_with_a_test():
    assert list(ROWS) == [f"T{number}" for number in range(1, 20)]
    for row in ROWS.values():
        assert re.search(r"`tests/[\w/]+\.py", row)


def test_a_test_that_is_called_slow_is_slow():
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)` \(slow\)", PAGE):
        before = source(file).split(f"\ndef {test}(")[0]
        assert "pytest.mark.slow" in before[before.rindex("\n\n\n") :]


def test_every_limit_that_is_met_in_part_has_its_paragraph():
    in_part = [name for name, row in ROWS.items() if row.split("|")[-1].strip() == "in part"]
    told = re.findall(r"^\*\*(T\d+),", PAGE, re.MULTILINE)
    assert set(in_part) == set(told)


def test_a_known_miss_in_the_tests_of_limits_is_told_on_the_page():
    """Whatever is marked as failing there has its figure on the page."""
    for file in sorted((ROOT / "tests" / "limits").glob("*.py")):
        for reason in re.findall(r'missed\("[^"]+", "-?0?(\d*\.\d+)', file.read_text()):
            assert reason in PAGE, f"{file.name}: {reason}"
        if "xfail" in file.read_text():
            assert f"tests/limits/{file.name}" in PAGE
