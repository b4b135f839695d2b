"""How the firms of a network are grouped: the ordered sector, other makers, shops, services."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from millworks.report import names, rounding

#: Sectors of makers with a disc of their own; the rest of the makers share one.
MOST_SECTORS = 9

SERVICES = "services"
SHOPS = "shops"
OTHER_MAKERS = "other"

_MAKERS = ("maker", "partner")


@dataclass(frozen=True)
class Group:
    """Firms that stand together: heading, how many of which kind, rows in the node table."""

    key: str
    heading: str
    count: str
    rows: np.ndarray


def grouped(nodes: pl.DataFrame, ordered: str) -> list[Group]:
    """Sort firms into groups, the ordered sector first; groups without a firm are left out."""
    kind, sector = nodes["kind"].to_numpy(), nodes["sector"].to_numpy()
    makers = np.isin(kind, _MAKERS)
    ranked = (
        nodes.filter(pl.col("kind").is_in(_MAKERS))
        .group_by("sector")
        .agg(pl.col("received").sum())
        .sort("received", "sector", descending=[True, False])["sector"]
        .to_list()
    )
    own = [code for code in ranked if code == ordered]
    own += [code for code in ranked if code != ordered][:MOST_SECTORS]

    def group(key: str, heading: str, rows: np.ndarray, noun: str = "") -> Group:
        count = rounding.whole(len(rows), noun) if noun else _makers_and_partners(kind[rows])
        return Group(key, heading, count, rows)

    groups = [
        group(
            code,
            f"{names.group_label(code)} makers" if code == ordered else names.group_label(code),
            np.flatnonzero(makers & (sector == code)),
        )
        for code in own
    ]
    rest = np.flatnonzero(makers & ~np.isin(sector, own))
    shops = np.flatnonzero(np.isin(kind, ("retailer", "chain")))
    services = np.flatnonzero(kind == "block")
    groups += [
        group(OTHER_MAKERS, "Other makers", rest),
        group(SHOPS, "Shops and chains", shops, "shop"),
        group(SERVICES, "Services", services, "sector"),
    ]
    return [one for one in groups if len(one.rows)]


def _makers_and_partners(kinds: np.ndarray) -> str:
    """Count makers and partners apart: '12 makers, 1 partner'."""
    counted = [
        rounding.whole(number, kind) for kind in _MAKERS if (number := int((kinds == kind).sum()))
    ]
    return ", ".join(counted)


def service_name(nodes: pl.DataFrame, row: int) -> str:
    """Return the name of the service block on a row."""
    return names.group_label(nodes["sector"][row])


def ranking(
    nodes: pl.DataFrame, groups: list[Group], got: dict[str, float], ordered: str
) -> list[tuple[str, float]]:
    """Rank receivers beyond the ordered sector: makers by sector, shops, each service alone."""
    entries = [
        (group.heading, got[group.key])
        for group in groups
        if group.key not in (SERVICES, OTHER_MAKERS, ordered)
    ]
    for group in groups:
        if group.key == SERVICES:
            entries += [
                (service_name(nodes, row), float(nodes["received"][row]))
                for row in group.rows.tolist()
                if nodes["sector"][row] != ordered
            ]
    received = [entry for entry in entries if entry[1] > 0]
    return sorted(received, key=lambda entry: -entry[1])
