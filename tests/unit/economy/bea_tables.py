"""The BEA's summary Make, Use and import tables, as a user who holds them would read them."""

import csv
from functools import cache
from pathlib import Path

import numpy as np

from millworks.economy.input_output import InputOutputTable

FOLDER = Path(__file__).parents[2] / "data" / "bea"
NO_PRODUCER = ("Used", "Other")


@cache
def flows(kind, year):
    """Row code -> column code -> million USD of a file of tests/data/bea."""
    with open(FOLDER / f"{kind}_{year}.csv", newline="") as file:
        lines = [dict(line) for line in csv.DictReader(file)]
    return {line.pop("code"): {c: float(v or 0) for c, v in line.items()} for line in lines}


def codes(year):
    """The 71 industries and the 73 commodities."""
    return list(flows("make", year)), list(flows("imports", year))


def matrix(kind, year, rows, columns):
    table = flows(kind, year)
    return np.array([[table[r][c] for c in columns] for r in rows])


def given(year):
    """The arguments of `from_make_use` for the whole table."""
    industries, commodities = codes(year)
    pay, taxes, surplus = matrix("use", year, ["V001", "V002", "V003"], industries)
    return {
        "make": matrix("make", year, industries, commodities),
        "use": matrix("use", year, commodities, industries),
        "imports": matrix("imports", year, commodities, industries),
        "sectors": industries,
        "commodities": commodities,
        "no_producer": NO_PRODUCER,
        "household_use": matrix("use", year, commodities, ["F010"])[:, 0],
        "household_imports": matrix("imports", year, commodities, ["F010"])[:, 0],
        "negative_use": "zero",
        "labour_income": pay,
        "taxes": taxes,
        "value_added": pay + taxes + surplus,
        "usd_per_unit": 1e6,
    }


def table(year, **changes):
    return InputOutputTable.from_make_use(**(given(year) | changes))


def manufacturing(national):
    """Shares of the manufacturing industries (NAICS 31-33) in their output."""
    output = np.where([code.startswith("3") for code in national.sectors], national.output, 0.0)
    return output / output.sum()
