from __future__ import annotations

import io

import pytest
from fake_run_result import fake_rows
from rich.console import Console

from millworks.report.study_tables import print_compare, print_precision, print_sweep


def lines(show, rows) -> list[str]:
    stream = io.StringIO()
    show(rows, Console(file=stream, width=80, highlight=False))
    return stream.getvalue().rstrip("\n").split("\n")


@pytest.mark.parametrize(("show", "kind"), [(print_compare, "scenario"), (print_sweep, "setting")])
def test_tables_fit_eighty_columns(show, kind):
    shown = lines(show, fake_rows(kind))
    assert max(map(len, shown)) <= 80
    assert "Not calibrated" in shown[-1]


def test_scenarios_stand_beside_each_other_by_quantity():
    shown = lines(print_compare, fake_rows("scenario"))
    assert shown[0].startswith("Value added a year")
    assert shown[1].split()[:5] == ["hickory_inventory_finance", "+$18.4M", "+13.2", "to", "+23.6"]
    assert shown[2].endswith("covers 0")
    assert [line.split("  ")[0] for line in shown if "change" in line] == [
        "Value added a year", "Gross output a year", "Jobs",
    ]  # fmt: skip


def test_a_sweep_names_the_values_of_its_setting():
    shown = lines(print_sweep, fake_rows("setting"))
    assert [line.split("  ")[0] for line in shown[1:6]] == [
        f"intensity {0.5 * k:g}" for k in range(5)
    ]
    assert shown[1].endswith("exactly 0")


def test_single_pairs_say_that_they_may_be_chance():
    rows = [{**row, "low": None, "high": None} for row in fake_rows("scenario")]
    assert "One pair has no interval: any difference may be chance." in lines(print_compare, rows)


def test_precision_sets_common_draws_beside_independent_seeds():
    row = {
        "quantity": "value_added",
        "gain": 38.2,
        "pairs_for_5_percent": 32,
        "seconds_for_5_percent": 24.1,
        "pairs_for_5_percent_independent": 1222.4,
        "seconds_for_5_percent_independent": None,
    }
    shown = lines(print_precision, [row])
    assert max(map(len, shown)) <= 80
    assert shown[2].split() == ["Value", "added", "38.2", "32", "24", "1,222", "—"]
