"""Whom a policy is meant for: sizes and sectors that exist, and firms that the district has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import MANUFACTURING, SECTOR_NAMES, SECTORS, nearest_sector
from millworks.economy.size_mix import SIZE_CLASSES
from millworks.errors import InputError, nearest

MAKING = tuple(code for code, made in zip(SECTORS, MANUFACTURING, strict=True) if made)
"""Sectors whose firms are agents; the others are one block each, and no policy is for them."""


def check_target(prefix: str, settings: Mapping[str, Any], where: Callable[[str], str]) -> None:
    """Refuse sizes and sectors that do not exist, or a list that leaves nobody.

    `prefix`: the policy's dotted key; `where` says which file set a key.
    """
    for key, valid in (("sizes", SIZE_CLASSES), ("sectors", MAKING)):
        chosen = settings.get(key)
        if chosen is None:
            continue
        full = f"{prefix}.{key}"
        if not chosen:
            raise InputError(
                f"{where(full)}: {full} is an empty list, which is for nobody; name some, or write "
                "null for all."
            )
        for name in chosen:
            if name not in valid:
                raise InputError(f"{where(full)}: {full}: {_no_such(key, name, valid)}")
            if chosen.count(name) > 1:
                raise InputError(f"{where(full)}: {full} names {name!r} twice; name it once.")


def _no_such(key: str, name: str, valid: tuple[str, ...]) -> str:
    """What is wrong with a size or sector that does not exist, and the nearest that does."""
    if key == "sizes":
        return (
            f"there is no size {name!r}.{nearest(name, valid)} Sizes are numbers of jobs: "
            f"{', '.join(valid)}."
        )
    if name in SECTORS:
        return (
            f"{name} ({SECTOR_NAMES[name]}) has no makers, so the policy would reach nobody; name "
            "sectors of manufacturing, see millworks list sectors."
        )
    close = nearest_sector(name, {code: SECTOR_NAMES[code] for code in valid})
    return f"there is no sector {name!r}.{close} See millworks list sectors."


def count_reached(
    policies: Mapping[str, Mapping[str, Any]],
    district: str,
    sector: npt.NDArray[np.int64],
    size_class: npt.NDArray[np.int64],
    away: npt.NDArray[np.float64] | None = None,
) -> dict[str, int]:
    """Return policy -> makers of the sizes, sectors and place it is for, in a founded district.

    `policies`: name to settings; `sector`, `size_class`: of its makers, as their columns have
    them; `away`: miles from the district's centre. Age is not counted: firms are still to be born.
    Whether a maker is eligible besides, and takes the offer, is seen in the run. Raises
    InputError, which says what the district has instead, for a policy that is for nobody there.
    """
    counts = {}
    for name, settings in policies.items():
        right = np.ones(len(sector), np.bool_)
        of_size = right.copy()
        if settings.get("sizes") is not None:
            of_size = np.isin(size_class, [SIZE_CLASSES.index(k) for k in settings["sizes"]])
        if settings.get("sectors") is not None:
            right = np.isin(sector, [SECTORS.index(code) for code in settings["sectors"]])
        counts[name] = int((right & of_size).sum())
        if not counts[name]:
            raise InputError(
                f"policies.{name} is for nobody in {district}: "
                f"{_instead(settings, sector, size_class, right, of_size)}"
            )
        miles = settings.get("miles")
        if miles is not None and away is not None:
            counts[name] = int((right & of_size & (away <= miles)).sum())
            if not counts[name]:
                closest = away[right & of_size].min()
                raise InputError(
                    f"policies.{name}.miles is {miles:g}, and no maker of {district} that it is for"
                    f" is so near its centre; the nearest is {closest:.1f} miles away."
                )
    return counts


def _instead(
    settings: Mapping[str, Any],
    sector: npt.NDArray[np.int64],
    size_class: npt.NDArray[np.int64],
    right: npt.NDArray[np.bool_],
    of_size: npt.NDArray[np.bool_],
) -> str:
    """What a district has nearest to a target that it does not have."""
    if not of_size.any():
        found = ", ".join(SIZE_CLASSES[k] for k in np.unique(size_class))
        wanted = ", ".join(settings["sizes"])
        return f"no maker there is of size {wanted}; the sizes it has are {found}."
    if right.any():
        found = ", ".join(SIZE_CLASSES[k] for k in np.unique(size_class[right]))
        wanted, sizes = ", ".join(settings["sectors"]), ", ".join(settings["sizes"])
        return f"no maker of {wanted} is of size {sizes}; the sizes it has in them are {found}."
    codes, firms = np.unique(sector[of_size], return_counts=True)
    largest = codes[np.argsort(-firms, kind="stable")]
    found = ", ".join(SECTORS[k] for k in largest[:6])
    wanted = ", ".join(settings["sectors"])
    return f"it has no maker of {wanted}; most makers are in {found}."
