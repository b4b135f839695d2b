"""What may be set for each command: strict pydantic models, the last gate before a run.

Each setting is declared once, with its bounds and meaning; `must` is the phrase that ends the
sentence a user reads when a value does not fit.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from millworks.conf.levers import SINGULAR, checked_settings, title_of
from millworks.conf.scenarios import packaged_scenarios, read_mapping
from millworks.parameters import Parameters, load_parameters
from millworks.settings import Strict, number, text

LARGEST_SEED = 2**64 - 1


class WorldConfig(Strict):
    """Beliefs about the world, shared by all arms of a study: a file in `scenarios/world/`."""

    title: str = text("", "a line of text", "what this world is, in a line")
    regionalisation: Literal["flq_goods", "flq", "slq"] = text(
        "flq_goods", "flq_goods, flq or slq", "how shares bought within the district are estimated"
    )
    parameters: dict[str, float] = text(
        {}, "a mapping from parameters to numbers", "parameters that differ from the register"
    )

    def values(self) -> Parameters:
        """Return every parameter: the register's defaults with this world's in their place."""
        return load_parameters(self.parameters)


class DistrictConfig(Strict):
    """What every command that builds a district needs to know."""

    district: str = text("hickory", "the name or code of a place", "see millworks list districts")
    year: Literal[2017, 2022] = text(2022, "2017 or 2022", "year of the input-output table")
    seed: int = text(
        1, f"a whole number from 0 to {LARGEST_SEED}", "key of every draw", ge=0, le=LARGEST_SEED
    )
    makers: int | None = text(
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

    sector: str | None = text(None, "a sector code, 'all' or null", "see millworks list sectors")
    weeks: int = number(104, 52, 520, "weeks over which the orders are followed")
    order_weeks: int = number(52, 1, 520, "weeks over which the orders come in")
    injection: float = number(
        0.05, 0, 1, "orders as a share of the annual sales of the sectors ordered", open_low=True
    )
    mode: Literal["spent", "invested"] | None = text(
        None, "spent, invested or null", "what the dollars do, with frictions; null: linear mode"
    )
    pairs: int = number(20, 1, 1000, "pairs of runs with frictions; a single one has no interval")
    burn_in: int = number(156, 0, 1560, "weeks left alone before, with frictions")
    horizons: list[int] = text(
        [26, 52, 104, 208, 520],
        "a list of whole numbers between 1 and 1560",
        "weeks after which the effect is read, with frictions",
    )
    injections: list[float] = text(
        [0.001, 0.01, 0.05, 0.2],
        "a list of numbers above 0 and at most 1",
        "sizes whose effects are set side by side, as shares of annual sales, with frictions",
    )
    bridge_pairs: int = number(
        2, 0, 1000, "pairs of runs of each world of the bridge from Leontief; 0: no bridge"
    )
    confidence: float = number(0.95, 0.5, 0.999, "how sure an interval is to hold the effect")

    @field_validator("horizons", "injections")
    @classmethod
    def _within(cls, value: list[float], info: Any) -> list[float]:
        """Bounds of the entries, and each once and in order."""
        most = 1560 if info.field_name == "horizons" else 1
        if not value or any(not 0 < entry <= most for entry in value):
            raise ValueError("an entry is out of bounds")
        return sorted(set(value))

    @property
    def seeds_used(self) -> tuple[int, ...]:
        """Keys of the draws: of each pair with frictions, of the one run without."""
        return tuple(map(self.key_of, range(1 if self.mode is None else self.pairs)))

    def key_of(self, pair: int) -> int:
        """Return the key of the draws of pair 0, 1, …"""
        return (self.seed + pair) % (LARGEST_SEED + 1)


class AccountsConfig(DistrictConfig):
    """Settings of `millworks accounts`."""

    week: int = number(1, 0, 1560, "week whose books are printed; 0: the opening balance sheet")


class SharesConfig(DistrictConfig):
    """Settings of `millworks shares`."""


class ValidateConfig(DistrictConfig):
    """Settings of `millworks validate`."""

    seeds: int = number(4, 1, 1000, "worlds that are run, with draws of their own each")
    years: int = number(10, 1, 100, "years that are watched after the burn-in")
    burn_in: int = number(156, 0, 1560, "weeks left alone before the years are watched")

    @property
    def seeds_used(self) -> tuple[int, ...]:
        """Keys of the draws: `seed` and those after it, starting again at 0 after the largest."""
        return tuple((self.seed + offset) % (LARGEST_SEED + 1) for offset in range(self.seeds))


class StudyConfig(Strict):
    """How a scenario is set against its baseline: a file in `scenarios/study/`."""

    pairs: int = number(20, 1, 1000, "pairs of runs; a single one gives no interval")
    weeks: int = number(520, 26, 1560, "weeks that are watched, from the first week of a policy")
    burn_in: int = number(156, 0, 1560, "weeks left alone before, the same for both arms")
    precision: float | None = text(
        None,
        "a number above 0 and at most 1, or null",
        "half the interval of the headline effect, relative to the effect, at which pairs end",
        gt=0,
        le=1,
    )
    most_pairs: int = number(200, 2, 10_000, "pairs at which a study with a precision gives up")
    confidence: float = number(0.95, 0.5, 0.999, "how sure an interval is to hold the effect")
    headline: Literal["value_added", "output", "labour_income", "jobs"] = text(
        "value_added",
        "value_added, output, labour_income or jobs",
        "the effect that comes first, and whose precision counts",
    )


class ReportConfig(Strict):
    """What is made of the results."""

    charts: bool = text(True, "true or false", "whether charts are drawn")


class Paper(Strict):
    """What a policy or a shock is, in words: the head of its file."""

    title: str = text("", "a line of text", "what it is called in reports")
    what: str = text("", "a text", "what it does, in words")
    size: str = text("", "a line of text", "what intensity 1 is")
    evidence: str = text("", "a text", "what is known, with the source; or 'assumption'")
    cost: str = text("", "a text", "what a unit costs, with the source")
    leaves_out: str = text("", "a text", "what the model leaves out of it")


def packaged_paper(kind: str, name: str) -> Paper:
    """Return what the file that came with millworks says of a policy or a shock."""
    file = packaged_scenarios() / SINGULAR[kind] / f"{name}.yaml"
    content = read_mapping(file) if file.is_file() else {}
    words = {key: content[key] for key in Paper.model_fields if key in content}
    return Paper(**{"title": title_of(kind, name)} | words)


class RunConfig(DistrictConfig):
    """Settings of `millworks run`: a scenario against its baseline.

    `policies` and `shocks` map names to settings, every one of them explicit, in the order in which
    they are applied. `papers` holds what their files say of them. `together`: whether its policies
    are in force at the same time.
    """

    together: ClassVar[bool] = True

    title: str = text("", "a line of text", "what the scenario is, in a line")
    about: str = text("", "a text", "what the scenario asks")
    policies: dict[str, dict[str, Any]] = text(
        {}, "a mapping from policies to their settings", "what is offered, to whom, who pays"
    )
    shocks: dict[str, dict[str, Any]] = text(
        {},
        "a mapping from shocks to their settings",
        "what befalls the policy arm and its baseline",
    )
    ring: bool = text(
        False, "true or false", "whether the neighbouring counties are a district of the world too"
    )
    ring_miles: float = number(
        40.0, 5, 500, "a county is in the ring if its centre is so near one of the district's"
    )
    ring_reach: float = number(
        500.0, 25, 5000, "miles over which trade between district and ring falls by a factor of e"
    )
    ring_makers: int | None = text(
        None,
        "a whole number of 1 or more, or null",
        "makers of the ring that are simulated; null: as many as the district's, or all it has",
        ge=1,
    )
    papers: dict[str, Paper] = Field(default_factory=dict)
    study: StudyConfig = StudyConfig()
    report: ReportConfig = ReportConfig()

    @field_validator("policies", "shocks")
    @classmethod
    def _explicit(cls, value: dict[str, dict[str, Any]], info: Any) -> dict[str, dict[str, Any]]:
        """Write every setting out, so that two ways to say the same thing are the same run."""
        checked = checked_settings(info.field_name, value)
        return {name: settings.model_dump() for name, settings in checked.items()}

    def lever_settings(self) -> dict[str, Any]:
        """Return policy -> its settings as an object, in the order in which they are applied."""
        return dict(checked_settings("policies", self.policies))

    def shock_settings(self) -> dict[str, Any]:
        """Return shock -> its settings as an object, in the order in which they are applied."""
        return dict(checked_settings("shocks", self.shocks))

    def policy_papers(self) -> dict[str, dict[str, str]]:
        """Return policy -> what its file says: title, what, size, evidence, cost, leaves_out."""
        return {name: self._paper("policies", name) for name in self.policies}

    def shock_papers(self) -> dict[str, dict[str, str]]:
        """Return shock -> what its file says: title, what, size, evidence, cost, leaves_out."""
        return {name: self._paper("shocks", name) for name in self.shocks}

    def _paper(self, kind: str, name: str) -> dict[str, str]:
        return (self.papers.get(name) or packaged_paper(kind, name)).model_dump()

    def seed_of(self, pair: int) -> int:
        """Return the key of the draws of pair 0, 1, …: `seed` and those after it."""
        return (self.seed + pair) % (LARGEST_SEED + 1)
