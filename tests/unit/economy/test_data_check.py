"""The embedded tables pass their own identities, and a planted error is found."""

import math

import pytest

from millworks.economy import embedded
from millworks.economy.data_check import WHAT_DOES_NOT_BALANCE, check_data
from millworks.economy.margins import margins
from millworks.economy.national import national_accounts


@pytest.fixture
def plant(monkeypatch):
    """Replace a text in an embedded file for one test; every cache is emptied around it."""

    def empty_caches():
        for cached in (embedded._parsed, national_accounts, margins):
            cached.cache_clear()

    original = embedded.data_bytes

    def replace(file, old, new):
        assert old.encode() in original(file)
        empty_caches()

        def read(name):
            content = original(name)
            return content.replace(old.encode(), new.encode(), 1) if name == file else content

        monkeypatch.setattr(embedded, "data_bytes", read)

    yield replace
    monkeypatch.undo()
    empty_caches()


def failed():
    return {check.id for check in check_data() if not check.passed}


def test_the_tables_pass_every_identity():
    checks = check_data()
    assert [check.id for check in checks if not check.passed] == []
    assert len({check.id for check in checks}) == len(checks) > 30
    assert all(math.isfinite(check.value) and check.note for check in checks)


def test_what_does_not_balance_is_said():
    assert any("negative imports" in sentence for sentence in WHAT_DOES_NOT_BALANCE)


def test_a_wrong_coefficient_is_found_by_columns_rows_and_multipliers(plant):
    plant("compact_2022_A_domestic.csv", "0.23935766", "0.33935766")
    found = failed()
    assert {
        "files unchanged",
        "2022 columns sum to one",
        "2022 rows balance",
        "2022 sectors T1_output",
    } <= found
    assert not any(name.startswith("2017") for name in found)


def test_a_changed_word_is_found_by_its_hash_alone(plant):
    plant("compact_sectors.csv", "Furniture and related", "Furnitures and related")
    assert failed() == {"files unchanged"}


def test_missing_jobs_of_an_area_are_found(plant):
    plant("area_sector_employment.csv", "2019,10100,AGR,16,", "2019,10100,AGR,96,")
    assert failed() == {"files unchanged", "areas: jobs by sector make the total"}


def test_a_file_that_cannot_be_read_is_a_failed_check_not_a_crash(plant):
    plant("compact_2017_A_domestic.csv", "0.23651538", "half")
    found = failed()
    assert "columns 2017 readable" in found
    assert not any("2022" in name for name in found)
