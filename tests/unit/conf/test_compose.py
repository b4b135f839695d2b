"""From words on the command line and scenario files to a configuration, or to one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios, scenario_folders
from millworks.conf.schemas import SCHEMAS
from millworks.errors import InputError
from millworks.parameters import load_parameters, register

WRONG_FILES = sorted((Path(__file__).parents[2] / "wrong_input" / "world").glob("*.yaml"))


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def world_file(folder: Path, name: str, text: str) -> Path:
    (folder / "world").mkdir(parents=True, exist_ok=True)
    file = folder / "world" / f"{name}.yaml"
    file.write_text(text)
    return file


# A scenario has no defaults of its own without a policy: see test_scenarios.py.
@pytest.mark.parametrize("command", [command for command in SCHEMAS if command != "run"])
def test_the_defaults_in_the_files_are_those_of_the_schema(command):
    plain = compose(command).model_dump(exclude={"world"})
    assert plain == SCHEMAS[command]().model_dump(exclude={"world"})


def test_the_default_world_is_the_register():
    assert compose("multiplier").world.values() == load_parameters()


def test_linear_mode_switches_off_every_mechanism_that_can_be():
    values = compose("multiplier", overrides=["world=linear"]).world.values().as_dict()
    limits = {key: row.default if row.off is None else row.off for key, row in register().items()}
    assert values == limits


def test_options_and_words_reach_the_configuration():
    config = compose(
        "multiplier",
        {"district": "High Point", "sector": "furn", "seed": 7, "weeks": None},
        ["injection=1", "world.parameters.commuter_share=0.2", "world.regionalisation=slq"],
    )
    assert (config.district, config.sector, config.seed) == ("high_point", "FURN", 7)
    assert (config.weeks, config.injection) == (104, 1.0)
    assert config.world.regionalisation == "slq"
    assert config.world.values().commuter_share == 0.2


def test_a_word_wins_over_the_file_of_the_world():
    config = compose("multiplier", overrides=["world=linear", "world.parameters.alpha=0.2"])
    assert config.world.values().alpha == 0.2


def test_off_may_be_written_on_the_command_line():
    assert compose("multiplier", overrides=["world.parameters.ell0=off"]).world.values().ell0 == 1e9


def test_the_named_folder_wins_over_the_working_one_and_that_over_the_packaged(tmp_path):
    def title(scenarios=None):
        return compose("multiplier", overrides=["world=linear"], scenarios=scenarios).world.title

    packaged = title()
    world_file(tmp_path / "scenarios", "linear", "title: working folder\n")
    assert title() == "working folder" != packaged
    world_file(tmp_path / "mine, 'with' odd=letters", "linear", "title: named folder\n")
    assert title(tmp_path / "mine, 'with' odd=letters") == "named folder"


def test_a_world_may_build_on_another(tmp_path):
    text = "defaults:\n  - linear\n  - _self_\nparameters:\n  alpha: 0.2\n"
    world_file(tmp_path / "scenarios", "mine", text)
    values = compose("multiplier", overrides=["world=mine"]).world.values()
    assert (values.alpha, values.K_o) == (0.2, 0.0)


def test_an_empty_world_is_the_default_one(tmp_path):
    world_file(tmp_path / "scenarios", "empty", "")
    world = compose("multiplier", overrides=["world=empty"]).world
    assert world.values() == load_parameters()


def test_a_world_may_have_the_name_of_a_number(tmp_path):
    world_file(tmp_path / "scenarios", "2017", "title: a year\n")
    assert compose("multiplier", overrides=["world=2017"]).world.title == "a year"


def test_the_checkout_is_not_searched_twice(monkeypatch):
    monkeypatch.chdir(packaged_scenarios().parent)
    assert scenario_folders() == (Path("scenarios"),)


@pytest.mark.parametrize("file", WRONG_FILES, ids=lambda file: file.stem)
def test_a_wrong_file_is_refused_in_its_own_sentence(file, monkeypatch):
    monkeypatch.chdir(file.parents[1])
    header = f"# world/{file.name}"
    lines = file.read_text(errors="replace").splitlines()
    sentence = next(line for line in lines if line.startswith(header)).removeprefix("# ")
    with pytest.raises(InputError) as refused:
        compose("multiplier", overrides=[f"world={file.stem}"], scenarios=Path("."))
    assert str(refused.value) == sentence


WRONG_WORDS = {
    "alpha=.2": "alpha=.2: there is no setting 'alpha'. Did you mean 'world.parameters.alpha'?",
    "world.parameters.alfa=.2": "world.parameters.alfa=.2: there is no setting "
    "'world.parameters.alfa'. Did you mean 'world.parameters.alpha'?",
    "world.parameters.alpha=.9": "command line: alpha is 0.9; it must be between 0.05 and 0.3 "
    "(1/week).",
    "world.parameters.s_w=off": "command line: s_w cannot be switched off; it must be between 0.7 "
    "and 0.9 (share of gross pay).",
    "world.parameters=3": "world.parameters=3: there is no setting 'world.parameters'. Set one "
    "parameter at a time: world.parameters.KEY=value.",
    "world.regionalisation=slg": "command line: world.regionalisation is 'slg'; it must be "
    "flq_goods, flq or slq.",
    "year=2020": "command line: year is 2020; it must be 2017 or 2022.",
    "weeks=10": "command line: weeks is 10; it must be a whole number between 52 and 520.",
    "weeks=104.5": "command line: weeks is 104.5; it must be a whole number between 52 and 520.",
    "weeks=long": "command line: weeks is 'long'; it must be a whole number between 52 and 520.",
    "order_weeks=2": "command line: injection is 0.05 over 2 weeks, more than doubling weekly "
    "sales, for which makers' stocks of inputs do not reach; it must be at most 0.0385 with that "
    "order_weeks.",
    "order_weeks=200": "command line: order_weeks is 200; it must be at most weeks, which is 104.",
    "injection=0": "command line: injection is 0; it must be a number above 0 and at most 1.",
    "makers=0": "command line: makers is 0; it must be a whole number of 1 or more, or null.",
    "seed=-1": "command line: seed is -1; it must be a whole number from 0 to "
    "18446744073709551615.",
    "seed=true": "command line: seed is true; it must be a whole number from 0 to "
    "18446744073709551615.",
    "seed=1,2": "seed=1,2: give one value, not a list; quote it if the comma belongs to it.",
    "seed=[1": "seed=[1: this value cannot be read; write key=value, with quotes around spaces.",
    "sead=3": "sead=3: there is no setting 'sead'. Did you mean 'seed' or 'year'?",
    "+seed=3": "+seed=3: write key=value without '+'; keys cannot be added or removed.",
    "hydra.run.dir=x": "hydra.run.dir=x: there is no setting 'hydra.run.dir'.",
    "sector=FRN": "no sector 'FRN'. Did you mean 'FURN' (Furniture and related products)?",
    "seed=${weeks": "seed=${weeks: this value cannot be read; write key=value, with quotes around "
    "spaces.",
    "seed=${week}": "seed=${week}: Interpolation key 'week' not found.",
}


@pytest.mark.parametrize(("word", "sentence"), WRONG_WORDS.items(), ids=list(WRONG_WORDS))
def test_a_wrong_word_is_refused_in_its_own_sentence(word, sentence):
    with pytest.raises(InputError) as refused:
        compose("multiplier", overrides=[word])
    assert str(refused.value) == sentence


def test_an_unknown_world_names_the_folders_and_the_nearest_one(tmp_path):
    shutil.copytree(packaged_scenarios(), tmp_path / "scenarios")
    with pytest.raises(InputError) as refused:
        compose("multiplier", overrides=["world=liner"])
    assert str(refused.value).startswith("world=liner: there is no world/liner.yaml in scenarios, ")
    assert str(refused.value).endswith(" Did you mean 'linear'?")


def test_an_unknown_district_names_the_nearest_one():
    with pytest.raises(InputError, match=r"no district 'hikory'\. Did you mean 'hickory'\?"):
        compose("multiplier", {"district": "hikory"})


def test_more_makers_than_the_place_has_are_refused():
    with pytest.raises(InputError, match=r"100,000: .* has only"):
        compose("multiplier", {"makers": 100_000})


def test_a_setting_given_as_option_and_as_word_is_refused():
    with pytest.raises(InputError, match="seed=4: seed is given twice; give it once"):
        compose("multiplier", {"seed": 3}, ["seed=4"])


def test_a_named_folder_that_does_not_exist_is_refused():
    with pytest.raises(InputError, match="--scenarios nowhere: there is no such folder"):
        compose("multiplier", scenarios=Path("nowhere"))


def test_a_configuration_cannot_be_changed_afterwards():
    config = compose("multiplier")
    with pytest.raises(ValueError, match="frozen"):
        config.seed = 2
