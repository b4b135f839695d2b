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


@pytest.mark.parametrize("kind", ["policies", "shocks", "scenarios"])
def test_what_a_scenario_is_made_of_is_listed_on_a_narrow_screen(capsys, kind):
    assert run(["list", kind]) == 0
    shown = capsys.readouterr().out
    assert max(len(line) for line in shown.splitlines()) <= WIDTH
    assert run(["list", kind, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)[kind]
    assert len(rows) >= 2
    assert all(row["name"] in shown and row["title"] for row in rows)


def test_policies_are_listed_with_size_payer_and_what_they_leave_out(capsys):
    assert run(["list", "policies", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["policies"]}
    assert [row["comparator"] for row in rows.values()] == sorted(
        row["comparator"] for row in rows.values()
    )
    for row in rows.values():
        assert row["payer"] == "levy"
        assert row["size"]
        assert row["leaves_out"]
        assert row["settings"]["intensity"] == 1.0


def test_scenarios_are_listed_with_what_they_choose(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text(
        "title: mine\ndefaults:\n  - district: elkhart\n  - policy: placebo\n"
        "policies: {wage_subsidy: {}}\n"
    )
    assert run(["list", "scenarios", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["scenarios"]}
    assert rows["mine"]["policies"] == ["placebo", "wage_subsidy"]
    assert rows["mine"]["district"] == "elkhart"
    assert rows["hickory_recession"]["shocks"] == ["recession"]


@pytest.mark.parametrize(
    ("kind", "name"), [("policies", "partner_equity"), ("shocks", "recession")]
)
def test_one_of_them_is_shown_with_its_evidence_and_every_setting_on_a_narrow_screen(
    capsys, kind, name
):
    assert run(["list", kind, name]) == 0
    shown = capsys.readouterr().out
    assert max(len(line) for line in shown.splitlines()) <= WIDTH
    for head in ("What ", "Size 1", "Evidence", "Cost", "Left out", "Settings, as "):
        assert head in shown
    assert run(["list", kind, name, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert all(f"\n  {key} " in shown for key in row["settings"])


def test_every_lever_has_two_lines_at_most_but_for_long_sizes(capsys):
    assert run(["list", "policies"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 60
    assert run(["list", "shocks"]) == 0
    assert len(capsys.readouterr().out.splitlines()) <= 30


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["policies", "plcebo"], "there is no policy 'plcebo'. Did you mean 'placebo'?"),
        (["shocks", "recesion"], "there is no shock 'recesion'. Did you mean 'recession'"),
        (["districts", "hickory"], "only a policy or a shock can be asked for by name."),
    ],
)
def test_one_that_is_not_there_is_named_with_the_nearest(capsys, words, said):
    assert run(["list", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err
