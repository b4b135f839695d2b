"""The register of parameters: every number a rule may use, as data in `parameters.csv`.

The table is the only place where a parameter is declared. Range checks, the scenario schema,
`millworks list parameters` and the record of a run are made from it. A parameter may lie in
[low, high], or at its `off` value: the limit at which its mechanism does nothing. A world in
which mechanisms are off (`scenarios/world/linear.yaml`) is therefore only a set of values; no
rule asks whether it is off.
"""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from millworks.errors import InputError, nearest

REGISTER_FILE = Path(__file__).with_name("parameters.csv")


@dataclass(frozen=True)
class ParameterSpec:
    """One row of the register; numbers are in `unit`, money in USD of 2022.

    `off` is None where no value switches the mechanism off. `fixed` marks a convention: it has
    no prior and is varied in robustness checks only. `stage` lists the stages of the week (or
    `start`) that read it, `used_in_rule` the section of the specification that defines it.
    """

    key: str
    symbol: str
    default: float
    low: float
    high: float
    off: float | None
    unit: str
    meaning: str
    source: str
    confidence: str
    identified_by: str
    used_in_rule: str
    stage: str
    fixed: bool

    @property
    def whole(self) -> bool:
        """Whether only whole numbers have a meaning (places in a ring of weeks)."""
        return self.unit.startswith("whole ")

    def bounds(self) -> str:
        """Say which values are allowed, in words for an error message or a table."""
        whole = "a whole number " if self.whole else ""
        unit = self.unit.removeprefix("whole ")
        text = f"{whole}between {self.low:g} and {self.high:g} ({unit})"
        return text if self.off is None else f"{text}, or 'off' ({self.off:g})"

    def check(self, value: Any, where: str) -> float:
        """Return `value` as a number allowed here; 'off' (in YAML: off) stands for `self.off`.

        Raises InputError, which names `where`, the key and its bounds.
        """
        if value is False or (isinstance(value, str) and value.lower() == "off"):
            if self.off is None:
                raise InputError(
                    f"{where}: {self.key} cannot be switched off; it must be {self.bounds()}."
                )
            return self.off
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(
                f"{where}: {self.key} is {as_written(value)}, which is not a number; "
                f"it must be {self.bounds()}."
            )
        number = float(value)
        inside = self.low <= number <= self.high and not (self.whole and number % 1)
        if not (inside or number == self.off):
            raise InputError(f"{where}: {self.key} is {value}; it must be {self.bounds()}.")
        return number


def as_written(value: Any) -> str:
    """Show a value as a user writes it in a settings file: null, true, 'text', 0.5."""
    words = {None: "null", True: "true", False: "false"}
    return words[value] if value is None or isinstance(value, bool) else repr(value)


@cache
def register() -> dict[str, ParameterSpec]:
    """Return the register, key to row, in the order of the file."""
    with REGISTER_FILE.open(encoding="utf-8", newline="") as lines:
        return {row["key"]: _specification(row) for row in csv.DictReader(lines)}


def _specification(row: Mapping[str, str]) -> ParameterSpec:
    text = {
        name: row[name]
        for name in ("key", "symbol", "unit", "meaning", "source", "confidence")
        + ("identified_by", "used_in_rule", "stage")
    }
    return ParameterSpec(
        default=float(row["default"]),
        low=float(row["low"]),
        high=float(row["high"]),
        off=float(row["off"]) if row["off"] else None,
        fixed=bool(row["fixed"]),
        **text,
    )


def specification(key: str, where: str = "parameters") -> ParameterSpec:
    """Return the row of `key`; raises InputError with the nearest key if there is none."""
    try:
        return register()[key]
    except KeyError:
        raise InputError(
            f"{where}: there is no parameter {key!r}.{nearest_parameter(str(key))}"
        ) from None


def nearest_parameter(key: str) -> str:
    """Return ' Did you mean X?' with the one closest key, or '' where none is close."""
    return nearest(key, difflib.get_close_matches(key, register(), n=1, cutoff=0.5))


class Parameters:
    """An immutable set of values for every parameter, read as attributes: `parameters.s_w`.

    Example
    -------
    >>> load_parameters({"alpha": 0.2}).alpha
    0.2
    """

    _values: dict[str, float]

    def __init__(self, values: Mapping[str, float]) -> None:
        # The rules read a few hundred values a week: they stand where attributes do.
        self.__dict__.update(values, _values=dict(values))

    def __getattr__(self, key: str) -> float:
        if key.startswith("_"):
            raise AttributeError(key)
        raise AttributeError(f"there is no parameter {key!r}.{nearest_parameter(key)}")

    def __setattr__(self, key: str, value: Any) -> None:
        raise AttributeError("parameters are immutable; use .replace(key=value)")

    def __getitem__(self, key: str) -> float:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parameters) and self._values == other._values

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        moved = ", ".join(
            f"{key}={value:g}"
            for key, value in self._values.items()
            if value != register()[key].default
        )
        return f"Parameters({moved})"

    def __reduce__(self) -> tuple[type[Parameters], tuple[dict[str, float]]]:
        return Parameters, (self._values,)

    def as_dict(self) -> dict[str, float]:
        """Return a copy of all values, key to number."""
        return dict(self._values)

    def replace(self, *, unchecked: bool = False, **changes: Any) -> Parameters:
        """Return a copy with `changes`; the same checks as `load_parameters`."""
        return Parameters(self._values | _checked(changes, "parameters", unchecked))


def load_parameters(
    overrides: Mapping[str, Any] | None = None,
    *,
    where: str = "parameters",
    unchecked: bool = False,
) -> Parameters:
    """Return the defaults of the register with `overrides` put in their place.

    Each override must be a number within its bounds, or 'off'. `where` (a file, an option)
    begins the message of the InputError that is raised otherwise. `unchecked` lets tests of
    limits go beyond the bounds; unknown keys are refused even then.
    """
    values = {key: row.default for key, row in register().items()}
    return Parameters(values | _checked(overrides or {}, where, unchecked))


def _checked(changes: Mapping[str, Any], where: str, unchecked: bool) -> dict[str, float]:
    checked = {}
    for key, value in changes.items():
        row = specification(key, where)
        checked[key] = float(value) if unchecked else row.check(value, where)
        if math.isnan(checked[key]):
            raise InputError(f"{where}: {key} is not a number; it must be {row.bounds()}.")
    return checked
