"""What a user may hand to `DistrictModel`, checked before anything is founded.

On the command line the settings of a run are checked by `millworks.conf`; here are the same bounds
for those who build a model in Python. Each function returns its input in the form the model works
with, or raises InputError with one sentence that names the argument and what it must be.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import N_SECTORS, SECTORS
from millworks.errors import InputError
from millworks.parameters import Parameters, as_written

Floats = npt.NDArray[np.float64]

LARGEST_SEED = 2**64 - 1


def checked_seed(seed: Any) -> int:
    """Return the key of all draws, a whole number from 0 to 2**64 - 1."""
    return _whole("seed", seed, 0, LARGEST_SEED)


def checked_makers(makers: Any) -> int | None:
    """Return how many makers to simulate, None for all; the place says how many there are."""
    return None if makers is None else _whole("makers", makers, 1, None)


def checked_weeks_between(check_every: Any) -> int:
    """Return the weeks between checks of the accounting identities, 0 for never."""
    return _whole("check_every", check_every, 0, None)


def checked_year(year: Any) -> int:
    """Return the year of the input-output table; whether there is one, the tables say."""
    return _whole("year", year, 0, None)


def checked_parameters(parameters: Any) -> Parameters | None:
    """Return a set of parameters, None for the register's."""
    if parameters is None or isinstance(parameters, Parameters):
        return parameters
    raise InputError(
        f"parameters: {type(parameters).__name__} is no set of parameters; make one with"
        " load_parameters({key: value})."
    )


def checked_shares(shares: Any, household_shares: Any) -> tuple[Floats | None, Floats | None]:
    """Return regional purchase shares as arrays: [34] or [34, 34], and [34] of households.

    Both are None where a method of regionalisation estimates them. Shares lie between 0 and 1.
    """
    if shares is None:
        if household_shares is not None:
            raise InputError("household_shares: give shares too; alone they have no firms' shares.")
        return None, None
    firms = _shares("shares", shares, ((N_SECTORS,), (N_SECTORS, N_SECTORS)))
    if household_shares is None:
        if firms.ndim == 2:
            raise InputError(
                "household_shares: give them too where shares are by seller and buyer."
            )
        return firms, None
    return firms, _shares("household_shares", household_shares, ((N_SECTORS,),))


def _whole(name: str, value: Any, low: int, high: int | None) -> int:
    span = f"of {low} or more" if high is None else f"from {low} to {high}"
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):
        raise InputError(f"{name} is {as_written(value)}; it must be a whole number {span}.")
    return int(value)


def _shares(name: str, given: Any, shapes: tuple[tuple[int, ...], ...]) -> Floats:
    must = " or ".join(" by ".join(str(length) for length in shape) for shape in shapes)
    try:
        shares = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            f"{name}: there is something in it that is no number, or rows of unequal"
            f" length; it must be {must} numbers between 0 and 1."
        ) from None
    if shares.shape not in shapes:
        found = " by ".join(str(length) for length in shares.shape) or "a single number"
        raise InputError(
            f"{name}: its shape is {found}; it must be {must}, in order of the sectors."
        )
    wrong = np.argwhere(~((shares >= 0.0) & (shares <= 1.0)))
    if len(wrong):
        at = tuple(int(index) for index in wrong[0])
        where = " to ".join(SECTORS[index] for index in at)
        raise InputError(f"{name}: that of {where} is {shares[at]:g}; it must be between 0 and 1.")
    return shares
