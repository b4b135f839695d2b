"""The two kinds of things a scenario sets at work: policies and shocks, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from millworks.discovery import own_files
from millworks.settings import Strict

SINGULAR: dict[str, str] = {"policies": "policy", "shocks": "shock"}
"""Key of a scenario -> folder of its files, which is also what one of them is called."""


def _classes(kind: str) -> Mapping[str, Any]:
    if kind == "policies":
        from millworks.policies.registry import levers

        return levers()
    from millworks.shocks.registry import shocks

    return shocks()


def lever_names(kind: str) -> tuple[str, ...]:
    """Return the names of all policies or shocks, in the order in which they are applied."""
    return tuple(_classes(kind))


def settings_of(kind: str, name: str) -> type[Strict]:
    """Return the settings a policy or a shock has, each with its bounds and meaning."""
    settings: type[Strict] = _classes(kind)[name].Settings
    return settings


def title_of(kind: str, name: str) -> str:
    """Return the title that the code gives a policy or a shock."""
    return str(_classes(kind)[name].title)


def is_comparator(name: str) -> bool:
    """Whether a policy only serves to set others beside it."""
    return bool(_classes("policies")[name].comparator)


def group_of(name: str) -> str:
    """Return what a policy helps with, one of `millworks.policies.base.GROUPS`; '' if none."""
    return str(_classes("policies")[name].group)


def own_file(kind: str, name: str) -> str | None:
    """Return the user's file that a policy or a shock stands in; None if it is not his own."""
    found = {file.path.stem: str(file.path) for file in own_files(SINGULAR[kind])}
    return found.get(name)


def excluded(kind: str, name: str) -> dict[str, str]:
    """Return the policies that cannot be in force together with one, each with the reason."""
    known = _classes(kind)
    found = dict(getattr(known[name], "excludes", {}))
    for other, kept in known.items():
        excluded_there = getattr(kept, "excludes", {})
        if name in excluded_there:
            found[other] = excluded_there[name]
    return found


def incompatible(given: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return two policies that exclude each other as they are set, and why; None if all fit."""
    from millworks.policies import registry

    return registry.incompatible(given)


def checked_settings(kind: str, given: Mapping[str, Any]) -> dict[str, Strict]:
    """Return name -> settings in the order in which they are applied.

    Raises ValueError for a name that does not exist and for settings that do not fit.
    """
    unknown = sorted(set(given) - set(lever_names(kind)) if given else ())
    if unknown:
        raise ValueError(f"there is no {SINGULAR[kind]} {unknown[0]!r}")
    return {
        name: settings_of(kind, name).model_validate(given[name])
        for name in (lever_names(kind) if given else ())
        if name in given
    }
