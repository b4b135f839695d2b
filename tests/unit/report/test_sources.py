"""The sources a page lists are the tables that a run reads, no more and no less."""

from __future__ import annotations

import subprocess
import sys

import pytest

from millworks.economy.embedded import read_rows
from millworks.report.sources import OURS, source_rows, tables_read

READING = """
import sys
from millworks.economy import embedded
read, give = set(), embedded.data_bytes
embedded.data_bytes = lambda name: read.add(name) or give(name)
from millworks.district_model import DistrictModel
DistrictModel("hickory", year=int(sys.argv[1]), makers=60)
print(*sorted(read))
"""


@pytest.mark.parametrize("year", [2017, 2022])
def test_the_tables_listed_are_those_a_founding_reads(year):
    done = subprocess.run(
        [sys.executable, "-c", READING, str(year)], capture_output=True, text=True, check=True
    )
    ours = {row["file"] for row in read_rows("sources.csv") if row["agency"] == OURS}
    read = set(done.stdout.split()) - ours
    assert read == tables_read(year), "set READ in report/sources.py right"


def test_a_table_that_no_run_reads_is_not_counted():
    rows = read_rows("sources.csv")
    for year in (2017, 2022):
        read = {(r["agency"], r["table"]) for r in rows if r["file"] in tables_read(year)}
        unread = {(r["agency"], r["table"]) for r in rows} - read
        assert unread
        assert {(r["agency"], r["table"]) for r in source_rows(year)} == read
        assert all(agency != OURS for agency, _ in read)
