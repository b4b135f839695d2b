"""Several districts in one world, in step, with what passes between them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import mesa
import numpy as np
import numpy.typing as npt

from millworks.borders.exchange import Exchange, Payments
from millworks.borders.gravity import REACH_MILES
from millworks.district_model import DistrictModel
from millworks.economy.places import Place, load_place
from millworks.economy.sectors import N_SECTORS
from millworks.errors import InputError
from millworks.model_inputs import checked_seed
from millworks.parameters import Parameters
from millworks.world.streams import Streams

Floats = npt.NDArray[np.float64]


class MultiDistrictModel(mesa.Model):
    """Districts that trade with each other; the first is the home district.

    `places`: two or more, by name or as `Place`, none of which share a county. `makers`: how many
    are simulated, one number for all or one for each (None: all there are). Each district is a
    `DistrictModel` with its own labour market, households, government, lenders and accounts; `seed`
    is the home district's, whose draws are those it has alone, and the others' follow from it and
    their names. `shares` [n, n, 34]: parts of what each (first axis) buys elsewhere in the US that
    each other (second axis) serves in the base year, and `rivals` [n, n, 34] parts of the rivals of
    each that are makers of each other; by default by size and distance, over which
    trade falls by a factor of e every `reach` miles (`borders.gravity`).
    `regional`: for each district its regional purchase shares [34], or None.

    Raises InputError for fewer than two places, the same county twice, or shares that do not fit.
    """

    def __init__(
        self,
        places: Sequence[Place | str],
        *,
        year: int = 2022,
        seed: int = 1,
        parameters: Parameters | None = None,
        method: str = "flq_goods",
        makers: int | Sequence[int | None] | None = None,
        regional: Sequence[Floats | None] | None = None,
        shares: Floats | None = None,
        rivals: Floats | None = None,
        reach: float = REACH_MILES,
        check_every: int = 13,
    ) -> None:
        super().__init__(rng=checked_seed(seed))
        if isinstance(places, str | Place) or len(places) < 2:
            raise InputError(
                "places: a world of several districts needs a list of at least two places; a "
                "single one is a DistrictModel."
            )
        counts = _for_each("makers", makers, len(places))
        given = _for_each("regional", regional, len(places))
        if not reach > 0.0:
            raise InputError(f"reach = {reach}: it must be a number of miles above 0.")
        where = [
            load_place(place, count, year=year) if isinstance(place, str) else place
            for place, count in zip(places, counts, strict=True)
        ]
        _refuse_overlap(where)
        shares = _checked_shares("shares", shares, len(where))
        rivals = _checked_shares("rivals", rivals, len(where))
        self.districts: tuple[DistrictModel, ...] = tuple(
            DistrictModel(
                place,
                year=year,
                seed=seed if number == 0 else key_of(seed, place),
                parameters=parameters,
                method=method,
                makers=None if place.national_share is not None else count,
                shares=regional_shares,
                check_every=check_every,
            )
            for number, (place, count, regional_shares) in enumerate(
                zip(where, counts, given, strict=True)
            )
        )
        self.exchange = Exchange(self.districts, where, shares, rivals, reach)

    @property
    def home(self) -> DistrictModel:
        """The first district, where policies act."""
        return self.districts[0]

    @property
    def places(self) -> tuple[Place, ...]:
        """The places of the districts, in their order."""
        return tuple(district.founding.place for district in self.districts)

    @property
    def week(self) -> int:
        """The week that has just ended; -1 before the first."""
        return self.home.week

    @property
    def rest_of_us_output(self) -> Floats:
        """[34] USD a week that all districts together set in motion in the rest of the US."""
        parts = [model.rest_of_us.whole_output / model.scale for model in self.districts]
        return np.asarray(np.sum(parts, axis=0))

    @property
    def payments(self) -> Payments:
        """What trade between the districts was worth in the week that has just ended."""
        return self.exchange.payments()

    @property
    def worst_residual(self) -> float:
        """Largest residual of an identity seen so far, within districts and across borders."""
        return max(*(model.worst_residual for model in self.districts), self.exchange.worst)

    def forget_residuals(self) -> None:
        """Look for the largest residual anew."""
        for model in self.districts:
            model.forget_residuals()
        self.exchange.worst = 0.0

    def introduce(
        self,
        policies: Mapping[str, Any] | None = None,
        shocks: Mapping[str, Any] | None = None,
        *,
        start: int | None = None,
        levy: float | None = None,
    ) -> None:
        """Put policies in force in the home district, which pays for them, and shocks everywhere.

        As `DistrictModel.introduce`.
        """
        self.home.introduce(policies, shocks, start=start, levy=levy)
        for other in self.districts[1:]:
            other.introduce(None, shocks, start=start)

    def step(self) -> None:
        """Let one week pass in every district, then carry what crosses borders."""
        for district in self.districts:
            district.step()
        self.exchange.carry()

    def state(self) -> dict[str, Any]:
        """Everything that changes from week to week, as copies: enough to resume bit by bit."""
        return {
            "districts": [district.state() for district in self.districts],
            "exchange": self.exchange.state(),
        }

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Put back what `state` returned; policies and shocks must be introduced again."""
        for district, kept in zip(self.districts, state["districts"], strict=True):
            district.load_state(kept)
        self.exchange.load_state(state["exchange"])


def key_of(seed: int, place: Place) -> int:
    """Return the seed of a district beside the first: keyed by the world's seed and its name."""
    name = zlib.crc32(place.slug.encode())
    high, low = Streams(seed).words("district_key", [name])
    return int(high[0]) << 32 | int(low[0])


def _for_each(name: str, given: Any, places: int) -> list[Any]:
    """One entry per place: the same for all unless a sequence of the right length is given."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        return [given] * places
    if len(given) != places:
        raise InputError(
            f"{name}: {len(given)} entries for {places} places; give one for each, or one for all."
        )
    return list(given)


def _refuse_overlap(places: Sequence[Place]) -> None:
    """No county may stand in two districts: its firms would be there twice."""
    owner: dict[str, int] = {}
    for number, place in enumerate(places):
        for county in place.counties:
            first = owner.setdefault(county.fips, number)
            if first != number:
                raise InputError(
                    f"places: {places[first].name} and {place.name} both contain {county.name}; "
                    "the districts of a world must not overlap."
                )


def _checked_shares(name: str, shares: Any, places: int) -> Floats | None:
    """Shares [n, n, 34] of 0 or more that sum to at most one over other districts."""
    if shares is None:
        return None
    found = np.array(shares, dtype=np.float64)
    must = (places, places, N_SECTORS)
    if found.shape != must:
        raise InputError(f"{name}: its shape is {found.shape}; it must be {must}.")
    own = found[np.arange(places), np.arange(places)]
    if not np.all(found >= 0.0) or own.any() or not np.all(found.sum(axis=1) <= 1.0 + 1e-12):
        raise InputError(
            f"{name}: parts must be 0 or more, 0 from a district to itself, and add up to at most "
            "1 over the other districts."
        )
    return found
