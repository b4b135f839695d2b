"""Places that cannot be found or run: one sentence, whichever way they were asked for."""

from pathlib import Path

import pytest

from millworks.conf.compose import compose
from millworks.errors import InputError

LINES = (Path(__file__).parents[2] / "wrong_input" / "places.txt").read_text(encoding="utf-8")
WRONG = [tuple(line.split(" | ", 1)) for line in LINES.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(("name", "sentence"), WRONG, ids=[name for name, _ in WRONG])
def test_a_place_that_cannot_be_run_gets_one_sentence(name, sentence):
    for settings, words in ((None, [f"district={name}"]), ({"district": name}, [])):
        with pytest.raises(InputError) as caught:
            compose("multiplier", settings, words)
        assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "written", ["37035", "Catawba County, NC", "'Catawba County, NC'", "Catawba County", "catawba"]
)
def test_a_county_on_the_command_line_is_kept_under_its_short_name(written):
    assert compose("multiplier", None, [f"district={written}"]).district == "catawba_county_nc"


def test_a_code_that_a_file_reads_as_a_number_is_a_code():
    assert compose("multiplier", {"district": 37035}).district == "catawba_county_nc"
    assert compose("multiplier", {"district": 1001}).district == "autauga_county_al"


def test_makers_of_a_withheld_place_come_with_the_option():
    config = compose("multiplier", {"district": "Bath County, VA", "makers": 12})
    assert (config.district, config.makers) == ("bath_county_va", 12)


def test_a_place_given_twice_is_refused():
    with pytest.raises(InputError, match="district is given twice"):
        compose("multiplier", {"district": "hickory"}, ["district=dalton"])
