"""What is handed to a model in Python is refused in one sentence where it does not fit."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.economy.sectors import N_SECTORS, sector_index
from millworks.errors import InputError
from millworks.model_inputs import (
    checked_makers,
    checked_parameters,
    checked_seed,
    checked_shares,
    checked_weeks_between,
    checked_year,
)
from millworks.parameters import load_parameters

HALVES = [0.5] * N_SECTORS


def with_one(value: float) -> list[float]:
    shares = list(HALVES)
    shares[sector_index("FURN")] = value
    return shares


@pytest.mark.parametrize(
    ("check", "value", "sentence"),
    [
        (checked_seed, -1, "seed is -1; it must be a whole number from 0 to 18446744073709551615."),
        (checked_seed, 2**64, f"seed is {2**64}; it must be a whole number from 0 to {2**64 - 1}."),
        (checked_seed, 1.5, f"seed is 1.5; it must be a whole number from 0 to {2**64 - 1}."),
        (checked_seed, True, f"seed is true; it must be a whole number from 0 to {2**64 - 1}."),
        (checked_makers, 2.5, "makers is 2.5; it must be a whole number of 1 or more."),
        (checked_makers, 0, "makers is 0; it must be a whole number of 1 or more."),
        (checked_makers, "60", "makers is '60'; it must be a whole number of 1 or more."),
        (checked_weeks_between, -1, "check_every is -1; it must be a whole number of 0 or more."),
        (checked_year, "2022", "year is '2022'; it must be a whole number of 0 or more."),
    ],
)
def test_a_number_that_does_not_fit_is_named_with_its_bound(check, value, sentence):
    with pytest.raises(InputError) as refused:
        check(value)
    assert str(refused.value) == sentence


def test_numbers_that_fit_come_back_as_whole_numbers():
    assert checked_seed(np.uint64(7)) == 7
    assert checked_makers(None) is None
    assert type(checked_makers(np.int64(60))) is int
    assert checked_weeks_between(0) == 0


def test_parameters_that_are_a_mapping_are_refused():
    with pytest.raises(InputError, match=r"^parameters: dict is no set of parameters; make one"):
        checked_parameters({"alpha": 0.2})
    assert checked_parameters(load_parameters({"alpha": 0.2})).alpha == 0.2
    assert checked_parameters(None) is None


@pytest.mark.parametrize(
    ("shares", "households", "sentence"),
    [
        ([0.5] * 33, None, "shares: its shape is 33; it must be 34 or 34 by 34, in order of the "
         "sectors."),
        (0.5, None, "shares: its shape is a single number; it must be 34 or 34 by 34, in order of "
         "the sectors."),
        (with_one(np.nan), None, "shares: that of FURN is nan; it must be between 0 and 1."),
        (with_one(-0.1), None, "shares: that of FURN is -0.1; it must be between 0 and 1."),
        (with_one(1.5), None, "shares: that of FURN is 1.5; it must be between 0 and 1."),
        (["half"] * N_SECTORS, None, "shares: there is something in it that is no number, or rows "
         "of unequal length; it must be 34 or 34 by 34 numbers between 0 and 1."),
        (HALVES, [0.5], "household_shares: its shape is 1; it must be 34, in order "
         "of the sectors."),
        ([HALVES] * N_SECTORS, None, "household_shares: give them too where shares are by seller "
         "and buyer."),
        (None, HALVES, "household_shares: give shares too; alone they have no firms' shares."),
        ([HALVES] * (N_SECTORS - 1) + [with_one(2.0)], HALVES, "shares: that of GOV to FURN is 2; "
         "it must be between 0 and 1."),
    ],
)  # fmt: skip
def test_shares_that_do_not_fit_are_refused_in_one_sentence(shares, households, sentence):
    with pytest.raises(InputError) as refused:
        checked_shares(shares, households)
    assert str(refused.value) == sentence


def test_a_list_of_shares_becomes_an_array_of_its_own():
    given = np.array(HALVES)
    firms, households = checked_shares(given, HALVES)
    assert isinstance(households, np.ndarray)
    given[0] = 0.9
    assert firms[0] == 0.5
    assert checked_shares(None, None) == (None, None)
