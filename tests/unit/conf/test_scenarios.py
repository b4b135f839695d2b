"""Scenarios: which files make one, what wins over what, and what the library hands to a study."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from millworks.conf.compose import compose
from millworks.conf.levers import SINGULAR, lever_names, settings_of
from millworks.conf.scenarios import option_names, packaged_scenarios, scenario_names
from millworks.conf.schema import Paper, RunConfig, StudyConfig
from millworks.conf.template import scenario_text
from millworks.errors import InputError

PACKAGED = (packaged_scenarios(),)
LEVERS = [(kind, name) for kind in SINGULAR for name in lever_names(kind)]


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def scenario(folder: Path, text: str, name: str = "mine") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.yaml"
    file.write_text(text)
    return file


def refused(*words: str, scenario: str | Path | None = "hickory_placebo", **settings) -> str:
    with pytest.raises(InputError) as error:
        compose("run", settings, words, scenario=scenario)
    return str(error.value)


@pytest.mark.parametrize("name", scenario_names(PACKAGED))
def test_every_scenario_that_comes_with_millworks_is_complete(name):
    config = compose("run", scenario=name)
    assert config.title
    assert config.about
    assert config.policies or config.shocks
    assert name.startswith(config.district)


@pytest.mark.parametrize(("kind", "name"), LEVERS)
def test_every_policy_and_shock_has_a_file_with_its_words_and_its_defaults(kind, name):
    one = SINGULAR[kind]
    content = yaml.safe_load((PACKAGED[0] / one / f"{name}.yaml").read_text(encoding="utf-8"))
    words = {key: content.pop(key) for key in Paper.model_fields}
    assert all(words.values())
    assert content == settings_of(kind, name)().model_dump()


@pytest.mark.parametrize("kind", SINGULAR)
def test_every_file_is_of_a_policy_or_shock_that_exists(kind):
    assert set(option_names(SINGULAR[kind], PACKAGED)) <= set(lever_names(kind))


def test_the_usual_study_is_the_one_of_the_schema():
    assert compose("run", scenario="hickory_placebo").study == StudyConfig()


def test_without_a_scenario_words_make_one():
    config = compose("run", overrides=["policies.placebo.intensity=1"])
    assert list(config.policies) == ["placebo"]
    assert config.model_dump(exclude={"policies", "papers"}) == RunConfig().model_dump(
        exclude={"policies", "papers"}
    ) | {"world": config.world.model_dump()}


def test_settings_of_the_scenario_win_over_files_and_words_over_both(tmp_path):
    text = (
        "defaults:\n  - policy: placebo\n  - study: quick\nmakers: 60\n"
        "policies: {placebo: {start: 10, weeks: 52}}\nstudy: {pairs: 6}\n"
    )
    file = scenario(tmp_path, text)
    config = compose(
        "run", {"weeks": 104}, ["policies.placebo.start=3", "district=elkhart"], scenario=file
    )
    assert (config.district, config.makers) == ("elkhart", 60)
    assert (config.study.pairs, config.study.weeks, config.study.burn_in) == (6, 104, 156)
    placebo = config.policies["placebo"]
    assert (placebo["start"], placebo["weeks"], placebo["intensity"]) == (3, 52, 1.0)


def test_two_ways_to_say_the_same_are_the_same_run(tmp_path):
    by_choice = scenario(tmp_path, "defaults:\n  - policy: [wage_subsidy, placebo]\n", "one")
    by_setting = scenario(
        tmp_path, "policies:\n  placebo:\n    intensity: 1\n  wage_subsidy: {ramp: 0}\n", "two"
    )
    one, two = compose("run", scenario=by_choice), compose("run", scenario=by_setting)
    assert list(one.policies) == list(two.policies) == ["placebo", "wage_subsidy"]
    assert one == two


def test_a_policy_can_be_added_replaced_and_left_out_on_the_command_line():
    added = compose("run", {}, ["policies.wage_subsidy.intensity=0.5"], scenario="hickory_placebo")
    assert set(added.policies) == {"placebo", "wage_subsidy"}
    assert added.policies["wage_subsidy"]["intensity"] == 0.5
    replaced = compose("run", {}, ["policy=wage_subsidy"], scenario="hickory_placebo")
    assert list(replaced.policies) == ["wage_subsidy"]
    shocked = compose("run", {}, ["policy=none", "shock=recession"], scenario="hickory_placebo")
    assert (shocked.policies, list(shocked.shocks)) == ({}, ["recession"])


def test_a_policy_of_size_zero_stays_in_the_scenario():
    config = compose("run", {}, ["policies.placebo.intensity=0"], scenario="hickory_placebo")
    assert config.policies["placebo"]["intensity"] == 0.0


def test_a_parameter_and_a_world_may_be_set_for_a_scenario():
    words = ["world.parameters.alpha=0.2", "world=linear"]
    config = compose("run", {}, words, scenario="hickory_placebo")
    assert config.world.parameters["alpha"] == 0.2
    assert config.world.values().K_o == 0.0


def test_lists_of_sizes_and_sectors_are_written_as_one_would():
    words = ["policies.wage_subsidy.sizes=[<5,20-99]", "policies.wage_subsidy.sectors=FURN"]
    subsidy = compose("run", overrides=words).policies["wage_subsidy"]
    assert (subsidy["sizes"], subsidy["sectors"]) == (["<5", "20-99"], ["FURN"])
    words[0] = "policies.wage_subsidy.sizes=null"
    assert compose("run", overrides=words).policies["wage_subsidy"]["sizes"] is None


def test_a_place_without_a_file_is_a_place_all_the_same(tmp_path):
    file = scenario(
        tmp_path, 'defaults:\n  - district: "Catawba County, NC"\n  - policy: placebo\n'
    )
    assert compose("run", scenario=file).district == "catawba_county_nc"
    config = compose("run", {}, ["district=Elkhart-Goshen, IN"], scenario=file)
    assert config.district == "elkhart"
    assert compose("run", {"district": "17031"}, scenario=file).district == "cook_county_il"


def test_the_file_of_a_district_may_set_its_scale(tmp_path):
    (tmp_path / "scenarios" / "district").mkdir(parents=True)
    own = tmp_path / "scenarios" / "district" / "small.yaml"
    own.write_text("district: hickory\nmakers: 60\n")
    config = compose("run", {}, ["district=small"], scenario="hickory_placebo")
    assert (config.district, config.makers) == ("hickory", 60)


def test_files_beside_a_scenario_elsewhere_are_found(tmp_path):
    text = (PACKAGED[0] / "policy" / "placebo.yaml").read_text().replace("ramp: 0 ", "ramp: 26 ")
    (tmp_path / "away" / "policy").mkdir(parents=True)
    (tmp_path / "away" / "policy" / "placebo.yaml").write_text(text)
    file = scenario(tmp_path / "away", "defaults:\n  - policy: placebo\n")
    assert compose("run", scenario=file).policies["placebo"]["ramp"] == 26
    assert compose("run", scenario="hickory_placebo").policies["placebo"]["ramp"] == 0


def test_a_scenario_of_the_working_folder_wins_over_a_packaged_one(tmp_path):
    scenario(
        tmp_path / "scenarios", "title: mine\ndefaults:\n  - policy: placebo\n", "hickory_placebo"
    )
    assert compose("run", scenario="hickory_placebo").title == "mine"


def test_what_the_files_say_of_a_policy_reaches_the_report(tmp_path):
    paper = compose("run", scenario="hickory_placebo").policy_papers()["placebo"]
    assert list(paper) == ["title", "what", "size", "evidence", "cost", "leaves_out"]
    assert paper["title"] == "Placebo"
    assert "collecting" in paper["leaves_out"]
    # A configuration made by hand has the words that came with millworks.
    made = RunConfig(policies={"placebo": {}}, shocks={"recession": {}})
    assert made.policy_papers()["placebo"] == paper
    assert made.shock_papers()["recession"]["title"] == "Recession"


def test_a_configuration_survives_json():
    config = compose("run", {}, ["policies.wage_subsidy.sizes=[5-9]"], scenario="hickory_placebo")
    assert RunConfig.model_validate(json.loads(config.model_dump_json())) == config


def test_settings_are_handed_over_as_objects():
    config = compose("run", {}, ["shock=recession"], scenario="hickory_placebo")
    assert config.lever_settings()["placebo"].strength(0) == 1.0
    assert config.shock_settings()["recession"].fall == 0.15


def test_seeds_go_on_from_the_first():
    config = compose("run", {"seed": 2**64 - 1}, scenario="hickory_placebo")
    assert [config.seed_of(pair) for pair in range(3)] == [2**64 - 1, 0, 1]


WRONG_FILES = sorted((Path(__file__).parents[2] / "wrong_input" / "scenario").glob("*.yaml"))


@pytest.mark.parametrize("file", WRONG_FILES, ids=lambda file: file.stem)
def test_a_wrong_scenario_is_refused_in_its_own_sentence(file, monkeypatch):
    monkeypatch.chdir(file.parents[1])
    sentence = file.read_text().splitlines()[0].removeprefix("# ")
    assert sentence.startswith(f"scenario/{file.name}")
    assert refused(scenario=f"scenario/{file.name}") == sentence


WRONG_WORDS = {
    "policies.plasebo.intensity=1": "policies.plasebo.intensity=1: there is no policy 'plasebo'. "
    "Did you mean 'placebo'?",
    "policies.placebo.x=1": "policies.placebo.x=1: policy placebo has no setting 'x'. It has ",
    "policies.placebo=1": "policies.placebo=1: policies.placebo holds settings; set one at a time: "
    "policies.placebo.KEY=value.",
    "policies=placebo": "policies=placebo: policies holds settings; set one at a time: "
    "policies.NAME.KEY=value.",
    "placebo.start=1": "placebo.start=1: there is no setting 'placebo.start'. Did you mean "
    "'policies.placebo.start'?",
    "pairs=4": "pairs=4: there is no setting 'pairs'. Did you mean 'study.pairs'?",
    "charts=false": "charts=false: there is no setting 'charts'. Did you mean 'report.charts'?",
    "alpha=0.1": "alpha=0.1: there is no setting 'alpha'. Did you mean 'world.parameters.alpha'?",
    "policy=plcebo": "policy=plcebo: there is no policy 'plcebo'. Did you mean 'placebo'? See "
    "millworks list policies.",
    "policy=placebo,placebo": "command line: policy 'placebo' is chosen twice; choose it once and "
    "set its intensity.",
    "policy=none": "there is neither a policy nor a shock to study",
    "policies.household_rebate.payer=null": "command line: policies.household_rebate.payer is "
    "null, but somebody must pay for a policy; it must be levy or outside.",
    "policies.placebo.start=520": "command line: policies.placebo.start is 520, after the study's "
    "end; it must be below study.weeks, which is 520.",
    "policies.wage_subsidy.sizes=5": "command line: policies.wage_subsidy.sizes: there is no size "
    "'5'. Did you mean '<5' or '5-9'? Sizes are numbers of jobs: <5, 5-9, 10-19, 20-99, 100-499, "
    "500+.",
    "study.headline=gdp": "command line: study.headline is 'gdp'; it must be value_added, output, "
    "labour_income or jobs.",
    "district=hikory": "no district 'hikory'. Did you mean 'hickory'?",
    "study.pairs=1,2": "study.pairs=1,2: give one value, not a list; quote it if the comma belongs "
    "to it.",
    "makers=100000": "makers = 100,000: Hickory-Lenoir-Morganton, NC has only 510 makers; ask for "
    "that many or fewer, or for the district 'generic'.",
    "policies.partner_equity.budget=1e6 policies.partner_equity.sales_share=.002": "command line: "
    "policies.partner_equity.sales_share is 0.002, but policies.partner_equity.budget says how "
    "much already; give one of them.",
    "study=qick": "study=qick: there is no study/qick.yaml in ",
}


@pytest.mark.parametrize(("word", "sentence"), WRONG_WORDS.items(), ids=list(WRONG_WORDS))
def test_a_wrong_word_is_refused_in_its_own_sentence(word, sentence):
    said = refused(*word.split(" "))
    assert sentence in said
    assert str(Path.cwd()) not in said


def test_a_precision_given_as_an_option_is_named_as_such():
    said = refused("study.pairs=1", precision=0.05)
    assert said.startswith("command line: study.precision needs an interval")
    assert "study.pairs=3: study.pairs is given twice" in refused("study.pairs=3", pairs=4)


def test_an_unknown_scenario_names_the_nearest(tmp_path):
    said = refused(scenario="hickory_placbo")
    assert said.startswith("there is no scenario 'hickory_placbo' in ")
    assert "Did you mean 'hickory_placebo' or " in said
    assert said.endswith("? See millworks list scenarios.")
    shutil.copytree(PACKAGED[0], tmp_path / "scenarios")
    assert refused(scenario="scenarios/hickory_placbo.yaml").startswith(
        "scenarios/hickory_placbo.yaml: there is no such file. Did you mean "
        "'scenarios/hickory_placebo.yaml'"
    )


def test_a_file_that_a_scenario_chooses_is_named_with_its_own_mistake(tmp_path):
    folder = tmp_path / "scenarios"
    for group in ("policy", "study", "district"):
        (folder / group).mkdir(parents=True)
    (folder / "policy" / "placebo.yaml").write_text("intensty: 1\n")
    said = refused()
    assert said.startswith(
        "scenarios/policy/placebo.yaml: there is no key 'intensty'. Did you mean 'intensity'?"
    )
    (folder / "policy" / "placebo.yaml").write_text("title: 3\n")
    assert refused() == (
        "scenarios/policy/placebo.yaml: policies.placebo.title is 3; it must be a line of text."
    )
    (folder / "policy" / "placebo.yaml").write_text("intensity: 9\n")
    assert refused() == (
        "scenarios/policy/placebo.yaml: policies.placebo.intensity is 9; it must be a number "
        "between 0 and 4."
    )
    (folder / "policy" / "placebo.yaml").unlink()
    (folder / "study" / "mine.yaml").write_text("pairs: many\n")
    assert refused("study=mine") == (
        "scenarios/study/mine.yaml: study.pairs is 'many'; it must be a whole number between 1 and "
        "1000."
    )
    (folder / "district" / "mine.yaml").write_text("district: hickory\nfirms: 3\n")
    assert refused("district=mine") == "scenarios/district/mine.yaml: there is no key 'firms'."


@pytest.mark.parametrize(("kind", "name"), LEVERS)
def test_a_new_scenario_runs_as_it_stands_and_with_every_comment_taken_away(tmp_path, kind, name):
    chosen = {"policies": [], "shocks": []} | {kind: [name]}
    text = scenario_text("mine", "hickory", "Hickory", chosen["policies"], chosen["shocks"])
    assert max(len(line) for line in text.splitlines()) <= 100
    plain = compose("run", scenario=scenario(tmp_path, text))
    taken_away = re.sub(r"^( *)#( *\w+:)", r"\1\2", text, flags=re.MULTILINE)
    explicit = compose("run", scenario=scenario(tmp_path, taken_away))
    assert explicit == plain
    assert list(getattr(plain, kind)) == [name]


def test_the_file_of_a_policy_bears_the_name_that_its_code_has():
    from millworks.conf.levers import lever_names, title_of
    from millworks.conf.scenarios import packaged_scenarios

    for kind, folder in (("policies", "policy"), ("shocks", "shock")):
        for name in lever_names(kind):
            text = (packaged_scenarios() / folder / f"{name}.yaml").read_text("utf-8")
            assert text.splitlines()[0] == f"title: {title_of(kind, name).split(':')[0]}"
