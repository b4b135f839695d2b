"""A file of settings as it stands: which files of other folders it chooses, and what it sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from millworks.conf.levers import SINGULAR
from millworks.conf.scenarios import read_mapping
from millworks.errors import InputError, nearest

ONE_OF = ("district", "world", "study")
"""Folders of which a scenario chooses one file."""
SOME_OF = tuple(SINGULAR.values())
"""Folders of which it may choose several."""


@dataclass(frozen=True)
class ScenarioFile:
    """What a file says: `choices`, folder -> names of the files chosen; `body`, its settings."""

    file: Path
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


def read_scenario(file: Path) -> ScenarioFile:
    """Return what a scenario file says, nothing merged yet.

    Raises InputError for a list of `defaults` that cannot be read, and for a policy or a shock that
    is chosen twice.
    """
    body = read_mapping(file)
    choices = _choices(file, body.pop("defaults", None) or [])
    for kind in SINGULAR:
        if kind in body:
            body[kind] = _levers(file, kind, body[kind])
    return ScenarioFile(file, choices, body)


def _choices(file: Path, entries: Any) -> dict[str, tuple[str, ...]]:
    """Read the list under `defaults:`, one `- folder: file` a line."""
    if not isinstance(entries, list):
        raise InputError(f"{file}: defaults must be a list of lines '- folder: file'.")
    if entries and entries[-1] == "_self_":  # Hydra's word: a file's own settings come last
        entries = entries[:-1]
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if not isinstance(entry, dict) or len(entry) != 1:
            raise InputError(
                f"{file}: {_written(entry)} is not a choice; each line of defaults must be "
                "'- folder: file', as '- district: hickory'."
            )
        group, value = next(iter(entry.items()))
        names = [str(name) for name in value] if isinstance(value, list) else [str(value)]
        if group not in ONE_OF + SOME_OF:
            raise InputError(
                f"{file}: there is no folder {group!r} to choose from."
                f"{nearest(str(group), ONE_OF + SOME_OF)}"
            )
        if group in ONE_OF and (len(names) > 1 or group in found):
            raise InputError(f"{file}: {group} is chosen twice; choose it once.")
        found[group] = (*found.get(group, ()), *names)
    for group, chosen in found.items():
        refuse_twice(chosen, group, str(file))
    return found


def refuse_twice(names: tuple[str, ...] | list[str], group: str, where: str) -> None:
    """Refuse a policy or a shock that is named twice: its size is a setting, not its number."""
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(
            f"{where}: {group} {twice[0]!r} is chosen twice; choose it once and set its intensity."
        )


def _levers(file: Path, kind: str, value: Any) -> dict[str, dict[str, Any]]:
    """A mapping from names to settings; a name with nothing under it has its file's settings."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(
            f"{file}: {kind} must be a mapping from names to settings, as "
            f"'{kind}: {{NAME: {{intensity: 1}}}}'."
        )
    for name, settings in value.items():
        if settings is not None and not isinstance(settings, dict):
            raise InputError(
                f"{file}: {kind}.{name} must be a mapping from settings to values, as "
                f"'{name}: {{intensity: 1}}'."
            )
    return {str(name): dict(settings or {}) for name, settings in value.items()}


def _written(entry: Any) -> str:
    if isinstance(entry, Mapping):
        return ", ".join(f"{key}: {value}" for key, value in entry.items())
    return repr(entry)


def leaves(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return a nested mapping as dotted key -> value; an empty mapping has no leaves."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            found |= leaves(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found
