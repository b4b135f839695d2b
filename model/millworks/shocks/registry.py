"""Every shock by name, in canonical order: found in the files of this folder, listed nowhere."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any

from millworks import shocks as folder
from millworks.errors import InputError, nearest
from millworks.settings import Timing
from millworks.shocks.base import Shock


@cache
def shocks() -> dict[str, type[Shock]]:
    """Return name -> class of every shock, in canonical order."""
    found: list[type[Shock]] = []
    for module in pkgutil.iter_modules(folder.__path__):
        if module.name not in ("base", "registry"):
            content = vars(importlib.import_module(f"millworks.shocks.{module.name}"))
            found += [
                kind
                for kind in content.values()
                if isinstance(kind, type) and issubclass(kind, Shock) and hasattr(kind, "name")
            ]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: (kind.order, kind.name))}


def shock(name: str, where: str = "shocks") -> type[Shock]:
    """Return a shock's class; InputError with the nearest name if there is none."""
    if name not in shocks():
        raise InputError(f"{where}: there is no shock {name!r}.{nearest(name, shocks())}")
    return shocks()[name]


def shock_settings(name: str, where: str = "shocks") -> type[Timing]:
    """Return the settings a shock has; InputError with the nearest name if there is none."""
    return shock(name, where).Settings


def make_shocks(given: Mapping[str, Any]) -> list[Shock]:
    """Make shocks from name -> settings, as a mapping or a settings object."""
    made = []
    for name, settings in given.items():
        kind = shock(name)
        chosen = settings if isinstance(settings, Timing) else kind.Settings(**settings)
        made.append(kind(chosen))
    return made
