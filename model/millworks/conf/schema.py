"""What may be set for each command: strict pydantic models, the last gate before a run.

Each setting is declared once, with its bounds and meaning; `must` is the phrase that ends the
sentence a user reads when a value does not fit.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from millworks.parameters import Parameters, load_parameters

LARGEST_SEED = 2**64 - 1


def _number(default: Any, low: float, high: float, meaning: str, *, open_low: bool = False) -> Any:
    """Declare a number within [low, high], or (low, high] with `open_low`."""
    kind = "a whole number" if isinstance(default, int) else "a number"
    span = f"above {low:g} and at most {high:g}" if open_low else f"between {low:g} and {high:g}"
    lower = {"gt": low} if open_low else {"ge": low}
    return _text(default, f"{kind} {span}", meaning, le=high, **lower)


def _text(default: Any, must: str, meaning: str, **constraints: Any) -> Any:
    """Declare a setting whose allowed values are put in words by `must`."""
    return Field(default, description=meaning, json_schema_extra={"must": must}, **constraints)


class Strict(BaseModel):
    """A model that refuses unknown keys, silent conversions and later changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class WorldConfig(Strict):
    """Beliefs about the world, shared by all arms of a study: a file in `scenarios/world/`."""

    title: str = _text("", "a line of text", "what this world is, in a line")
    regionalisation: Literal["flq_goods", "flq", "slq"] = _text(
        "flq_goods", "flq_goods, flq or slq", "how shares bought within the district are estimated"
    )
    parameters: dict[str, float] = _text(
        {}, "a mapping from parameters to numbers", "parameters that differ from the register"
    )

    def values(self) -> Parameters:
        """Return every parameter: the register's defaults with this world's in their place."""
        return load_parameters(self.parameters)


class DistrictConfig(Strict):
    """What every command that builds a district needs to know."""

    district: str = _text("hickory", "the name or code of a place", "see millworks list districts")
    year: Literal[2017, 2022] = _text(2022, "2017 or 2022", "year of the input-output table")
    seed: int = _text(
        1, f"a whole number from 0 to {LARGEST_SEED}", "key of every draw", ge=0, le=LARGEST_SEED
    )
    makers: int | None = _text(
        None, "a whole number of 1 or more, or null", "makers to simulate; null: all", ge=1
    )
    world: WorldConfig = WorldConfig()

    @field_validator("district", mode="before")
    @classmethod
    def _code_as_text(cls, value: Any) -> Any:
        """A county's FIPS code looks like a number in a file; its first zero may be lost."""
        return f"{value:05d}" if type(value) is int and value > 0 else value


class MultiplierConfig(DistrictConfig):
    """Settings of `millworks multiplier`."""

    sector: str | None = _text(None, "a sector code, 'all' or null", "see millworks list sectors")
    weeks: int = _number(104, 52, 520, "weeks over which the orders are followed")
    order_weeks: int = _number(52, 1, 520, "weeks over which the orders come in")
    injection: float = _number(
        0.05, 0, 1, "orders as a share of the annual sales of the sectors ordered", open_low=True
    )


class AccountsConfig(DistrictConfig):
    """Settings of `millworks accounts`."""

    week: int = _number(1, 0, 1560, "week whose books are printed; 0: the opening balance sheet")


class SharesConfig(DistrictConfig):
    """Settings of `millworks shares`."""


class ValidateConfig(DistrictConfig):
    """Settings of `millworks validate`."""

    seeds: int = _number(4, 1, 1000, "worlds that are run, with draws of their own each")
    years: int = _number(10, 1, 100, "years that are watched after the burn-in")
    burn_in: int = _number(156, 0, 1560, "weeks left alone before the years are watched")

    @property
    def seeds_used(self) -> tuple[int, ...]:
        """Keys of the draws: `seed` and those after it, starting again at 0 after the largest."""
        return tuple((self.seed + offset) % (LARGEST_SEED + 1) for offset in range(self.seeds))


SCHEMAS: dict[str, type[DistrictConfig]] = {
    "multiplier": MultiplierConfig,
    "accounts": AccountsConfig,
    "shares": SharesConfig,
    "validate": ValidateConfig,
}
