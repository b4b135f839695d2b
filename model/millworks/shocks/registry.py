"""Every shock by name, in canonical order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from millworks import shocks as folder
from millworks.discovery import OwnFile, own, own_files, packaged
from millworks.errors import InputError, nearest
from millworks.settings import Timing
from millworks.shocks.base import Shock


def shocks() -> dict[str, type[Shock]]:
    """Return name -> class of every shock, in canonical order.

    Those that came with millworks and the user's own; InputError for a file of his that does not
    fit.
    """
    return dict(_shocks(own_files("shock")))


@cache
def _shocks(files: tuple[OwnFile, ...]) -> dict[str, type[Shock]]:
    found: dict[str, type[Shock]] = {kind.name: kind for kind in packaged(folder, Shock)}
    for file in files:
        if file.path.stem in found:
            raise InputError(
                f"{file.path}: a shock of this name came with millworks; choose another name."
            )
        found[file.path.stem] = own(file, Shock, Timing)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def shock(name: str, where: str = "shocks") -> type[Shock]:
    """Return a shock's class; InputError with the nearest name if there is none."""
    known = shocks()
    if name not in known:
        raise InputError(f"{where}: there is no shock {name!r}.{nearest(name, known)}")
    return known[name]


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
