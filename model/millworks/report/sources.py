"""Where the numbers come from, for footers and for the list at the end of a page."""

from __future__ import annotations

from millworks.economy.embedded import read_rows

#: What the footer of every picture names; the full list is `data/sources.csv`.
SOURCE_LINE = (
    "US Bureau of Economic Analysis, input-output accounts; US Census Bureau, County Business "
    "Patterns, Annual Business Survey, Statistics of US Businesses."
)

#: Embedded tables from which a district is founded, whatever the year of its table …
READ = (
    "abs_2017_sector_by_size_and_age.csv",
    "area_sector_employment.csv",
    "areas.csv",
    "deflators.csv",
    "dollar_year.csv",
    "margins_2017_manufactured_goods.csv",
    "places.csv",
    "size_by_sector.csv",
    "utilization.csv",
    "value_density.csv",
)

#: … and those that belong to one year: `compact_2022_A_domestic.csv`.
READ_OF_YEAR = (
    "A_domestic",
    "final_demand_domestic",
    "final_demand_imported",
    "households_and_totals",
    "import_coefficients",
    "value_added",
)

#: Read for one year only.
READ_FOR = {2017: ("employment_2017.csv",)}

#: Groupings and labels of our own, which are no public table.
OURS = "Millworks"


def tables_read(year: int) -> set[str]:
    """Return the embedded tables of public agencies that a run with the table of `year` reads."""
    of_year = [f"compact_{year}_{name}.csv" for name in READ_OF_YEAR]
    return {*READ, *of_year, *READ_FOR.get(year, ())}


def source_rows(year: int) -> list[dict[str, str]]:
    """Return agency, table, year and what is estimated, for each distinct table a run reads."""
    read = tables_read(year)
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for row in read_rows("sources.csv"):
        if row["file"] not in read:
            continue
        key = (row["agency"], row["table"])
        if key in seen:
            years = seen[key]["year"].split(", ")
            if row["year"] not in years:
                seen[key] = {**seen[key], "year": ", ".join(sorted([*years, row["year"]]))}
            continue
        seen[key] = {name: row[name] for name in ("agency", "table", "year", "estimated")}
    return sorted(seen.values(), key=lambda row: (row["agency"], row["table"]))
