"""Every policy by name, in canonical order: found in the files of this folder, listed nowhere."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any

from millworks import policies
from millworks.errors import InputError, nearest
from millworks.policies.base import PaidSettings, Policy


@cache
def levers() -> dict[str, type[Policy]]:
    """Return name -> class of every policy, comparators last, in canonical order."""
    found: list[type[Policy]] = []
    for module in pkgutil.iter_modules(policies.__path__):
        if module.name not in ("base", "registry"):
            content = vars(importlib.import_module(f"millworks.policies.{module.name}"))
            found += [
                kind
                for kind in content.values()
                if isinstance(kind, type)
                and issubclass(kind, Policy)
                and kind.__module__ == f"millworks.policies.{module.name}"
                and hasattr(kind, "name")
            ]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: (kind.order, kind.name))}


def comparators() -> tuple[str, ...]:
    """Names of the policies that others are compared with."""
    return tuple(name for name, kind in levers().items() if kind.comparator)


def lever(name: str, where: str = "policies") -> type[Policy]:
    """Return a policy's class; InputError with the nearest name if there is none."""
    if name not in levers():
        raise InputError(f"{where}: there is no policy {name!r}.{nearest(name, levers())}")
    return levers()[name]


def lever_settings(name: str, where: str = "policies") -> type[PaidSettings]:
    """Return the settings a policy has; InputError with the nearest name if there is none."""
    return lever(name, where).Settings


def make_policies(given: Mapping[str, Any]) -> list[Policy]:
    """Make policies from name -> settings, as a mapping or a settings object."""
    made = []
    for name, settings in given.items():
        kind = lever(name)
        chosen = settings if isinstance(settings, PaidSettings) else kind.Settings(**settings)
        made.append(kind(chosen))
    return made
