"""Where the numbers come from, for footers and for the list at the end of a page."""

from __future__ import annotations

from millworks.economy.embedded import read_rows

#: What the footer of every picture names; the full list is `data/sources.csv`.
SOURCE_LINE = (
    "US Bureau of Economic Analysis, input-output accounts; US Census Bureau, County Business "
    "Patterns, Annual Business Survey, Statistics of US Businesses."
)


def source_rows() -> list[dict[str, str]]:
    """Return agency, table, year, what was done and what is estimated, for each distinct table."""
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for row in read_rows("sources.csv"):
        key = (row["agency"], row["table"])
        if key in seen:
            years = seen[key]["year"].split(", ")
            if row["year"] not in years:
                seen[key] = {**seen[key], "year": ", ".join(sorted([*years, row["year"]]))}
            continue
        seen[key] = {name: row[name] for name in ("agency", "table", "year", "estimated")}
    return sorted(seen.values(), key=lambda row: (row["agency"], row["table"]))
