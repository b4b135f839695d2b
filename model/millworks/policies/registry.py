"""Every policy by name, in canonical order, and which of them cannot be in force together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from millworks import policies
from millworks.discovery import OwnFile, own, own_files, packaged
from millworks.errors import InputError, nearest
from millworks.policies.base import PaidSettings, Policy


def levers() -> dict[str, type[Policy]]:
    """Return name -> class of every policy, comparators last, in canonical order.

    Those that came with millworks and the user's own; InputError for a file of his that does not
    fit.
    """
    return dict(_levers(own_files("policy")))


@cache
def _levers(files: tuple[OwnFile, ...]) -> dict[str, type[Policy]]:
    found: dict[str, type[Policy]] = {kind.name: kind for kind in packaged(policies, Policy)}
    for file in files:
        if file.path.stem in found:
            raise InputError(
                f"{file.path}: a policy of this name came with millworks; choose another name."
            )
        found[file.path.stem] = own(file, Policy, PaidSettings)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def comparators() -> tuple[str, ...]:
    """Names of the policies that others are compared with."""
    return tuple(name for name, kind in levers().items() if kind.comparator)


def lever(name: str, where: str = "policies") -> type[Policy]:
    """Return a policy's class; InputError with the nearest name if there is none."""
    known = levers()
    if name not in known:
        raise InputError(f"{where}: there is no policy {name!r}.{nearest(name, known)}")
    return known[name]


def lever_settings(name: str, where: str = "policies") -> type[PaidSettings]:
    """Return the settings a policy has; InputError with the nearest name if there is none."""
    return lever(name, where).Settings


def incompatible(given: Mapping[str, PaidSettings]) -> tuple[str, str, str] | None:
    """Return two policies that exclude each other as they are set, and why; None if all fit.

    Policies of size zero are not there, and two that never meet in a week do not exclude each
    other.
    """
    known = levers()
    for name, settings in given.items():
        for other, reason in known[name].excludes.items():
            if other in given and settings.meets(given[other]):
                return name, other, reason
    return None


def make_policies(given: Mapping[str, Any]) -> list[Policy]:
    """Make policies from name -> settings, as a mapping or a settings object.

    Raises InputError for an unknown name, and for two that exclude each other.
    """
    chosen = {}
    for name, settings in given.items():
        kind = lever(name)
        made = isinstance(settings, PaidSettings)
        chosen[name] = settings if made else kind.Settings(**settings)
    clash = incompatible(chosen)
    if clash:
        raise InputError("policies.{} and policies.{} cannot be combined: {}.".format(*clash))
    return [lever(name)(settings) for name, settings in chosen.items()]
