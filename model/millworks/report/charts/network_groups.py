"""How the firms of a network are grouped: the ordered sector, other makers, shops, services."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from millworks.report import names

#: Sectors of makers with a disc of their own; the rest of the makers share one.
MOST_SECTORS = 9

SERVICES = "services"
SHOPS = "shops"
OTHER_MAKERS = "other"

_MAKERS = ("maker", "partner")


@dataclass(frozen=True)
class Group:
    """Firms that stand together: heading, what a member is called, rows in the node table."""

    key: str
    heading: str
    noun: str
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
    groups = [
        Group(
            code,
            f"{names.group_label(code)} makers" if code == ordered else names.group_label(code),
            "maker",
            np.flatnonzero(makers & (sector == code)),
        )
        for code in own
    ]
    rest = np.flatnonzero(makers & ~np.isin(sector, own))
    shops = np.flatnonzero(np.isin(kind, ("retailer", "chain")))
    services = np.flatnonzero(kind == "block")
    groups += [
        Group(OTHER_MAKERS, "Other makers", "maker", rest),
        Group(SHOPS, "Shops and chains", "shop", shops),
        Group(SERVICES, "Services", "sector", services),
    ]
    return [group for group in groups if len(group.rows)]


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
