"""`millworks list districts --near`: what lies around a place, on a narrow screen and as JSON."""

import json

import pytest

from millworks.cli import run
from millworks.commands.screen import WIDTH


def listed(capsys, *words):
    assert run(["list", "districts", *words]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize(
    "near", ["Hickory", "36061", "Los Angeles County, CA", "Bath County, VA", "AK"]
)
def test_the_list_fits_a_screen_of_eighty_columns(capsys, near):
    out = listed(capsys, "--near", near, "--first", "60")
    assert max(len(line) for line in out.splitlines()) <= WIDTH


def test_places_stand_by_distance_with_makers_jobs_leading_sector_and_quality(capsys):
    lines = listed(capsys, "--near", "Hickory").splitlines()
    assert lines[0].split() == [
        "miles",
        "say",
        "makers",
        "mfg",
        "jobs",
        "leads",
        "quality",
        "place",
    ]
    assert lines[1].split()[:6] == ["0", "hickory", "510", "42,017", "FURN", "own"]
    assert any(line.split()[:2] == ["13", "37035"] for line in lines)
    assert any(line.split()[1:5] == ["37109", "-", "-", "-"] for line in lines if "Lincoln" in line)
    assert any(line.startswith("withheld: ") and "not zero" in line for line in lines)


def test_json_has_null_where_makers_are_withheld(capsys):
    document = json.loads(listed(capsys, "--near", "37109", "--first", "3", "--json"))
    assert document["near"] == "lincoln_county_nc"
    first, *rest = document["districts"]
    assert (first["code"], first["miles"]) == ("37109", 0.0)
    assert first["makers"] is None
    assert first["manufacturing_jobs"] is None
    assert first["quality"] == "withheld"
    assert len(rest) == 2


def test_the_plain_list_has_the_named_districts_and_says_what_else_can_be_named(capsys):
    out = listed(capsys)
    assert "hickory" in out
    assert "--near" in out
    assert "37035" in out
    assert max(len(line) for line in out.splitlines()) <= WIDTH
    slugs = [row["slug"] for row in json.loads(listed(capsys, "--json"))["districts"]]
    assert len(slugs) == 14
    assert slugs[0] == "generic"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["parameters", "--near", "Hickory"], "only districts can be listed by distance"),
        (["districts", "--near", "Clay County"], "'Clay County' names 18 places"),
        (["districts", "--near", "generic"], "'generic' is nowhere on the map"),
        (["districts", "--near", "hickory", "--first", "0"], "first = 0"),
    ],
)
def test_wrong_words_get_one_sentence_and_exit_code_2(capsys, words, sentence):
    assert run(["list", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1
