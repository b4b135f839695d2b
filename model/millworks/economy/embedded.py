"""Read the tables that travel inside the package, wherever it is installed.

Every table is a CSV file of `millworks/data`; `data/sources.csv` says where each comes from. The
standard library reads them, so that asking for a sector's name does not load a data-frame engine.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from millworks.errors import InputError, nearest


def data_names() -> list[str]:
    """Return the names of all embedded tables, sorted."""
    folder = files("millworks") / "data"
    return sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".csv"))


def data_bytes(name: str) -> bytes:
    """Return the content of an embedded file; InputError with the nearest name if there is none."""
    entry = files("millworks") / "data" / name
    if not entry.is_file():
        raise InputError(f"no embedded table {name!r}.{nearest(name, data_names())}")
    return entry.read_bytes()


@cache
def _parsed(name: str) -> tuple[tuple[str, ...], tuple[dict[str, str], ...]]:
    reader = csv.DictReader(io.StringIO(data_bytes(name).decode("utf-8"), newline=""))
    rows = tuple(reader)
    return tuple(reader.fieldnames or ()), rows


def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of an embedded table as dictionaries of text (cached: do not change them)."""
    return _parsed(name)[1]


@cache
def rows_by(name: str, column: str) -> dict[str, tuple[dict[str, str], ...]]:
    """Return the rows of an embedded table by their text in a column (cached: do not change)."""
    groups: dict[str, list[dict[str, str]]] = {}
    for row in read_rows(name):
        groups.setdefault(row[column], []).append(row)
    return {key: tuple(rows) for key, rows in groups.items()}


def read_column(name: str, column: str) -> NDArray[np.float64]:
    """Return one numeric column of an embedded table in file order; empty cells become nan."""
    header, rows = _parsed(name)
    if column not in header:
        raise InputError(f"{name}: no column {column!r}.{nearest(column, header)}")
    return np.array([float(row[column]) if row[column] else np.nan for row in rows])


def read_matrix(name: str) -> tuple[tuple[str, ...], tuple[str, ...], NDArray[np.float64]]:
    """Return (row labels, column labels, values) of a table whose first column labels its rows."""
    header, rows = _parsed(name)
    labels = tuple(row[header[0]] for row in rows)
    values = np.array([[float(row[c]) for c in header[1:]] for row in rows])
    return labels, header[1:], values
