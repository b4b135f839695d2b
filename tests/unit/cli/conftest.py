"""A result as the study hands it over, small and made by hand: no engine is needed."""

from __future__ import annotations

import sys
import types
from dataclasses import replace

import polars as pl
import pytest

from millworks.economy.places import load_place
from millworks.study.results import Check, LinearResult

VALUES = {"direct": 1.0, "indirect": 0.2, "induced": 0.1}


def _rows(sector: str) -> list[dict[str, object]]:
    rows = []
    for quantity in ("output", "value_added", "labour_income", "jobs"):
        for region in ("local", "rest_of_us", "national"):
            effects = [("direct", "type_i", 1.0), ("indirect", "type_i", 0.2)]
            effects += [(effect, "type_ii", value) for effect, value in VALUES.items()]
            effects += [("total", "type_i", 1.2), ("total", "type_ii", 1.3)]
            for effect, table, value in effects:
                rows.append(
                    {
                        "year": 2022,
                        "sector": sector,
                        "quantity": quantity,
                        "region": region,
                        "effect": effect,
                        "table": table,
                        "simulated": value,
                        "analytic": value * 1.0001,
                        "relative_difference": -1e-4,
                    }
                )
    return rows


@pytest.fixture(scope="session")
def linear_result() -> LinearResult:
    path = [
        {"week": week, "effect": effect, "region": region, "value": value / 104}
        for week in range(104)
        for effect, value in VALUES.items()
        for region in ("local", "rest_of_us")
    ]
    recipients = [
        {"group": "maker_lt5", "region": "local", "quantity": "output", "value": 0.4},
        {"group": "partner", "region": "local", "quantity": "output", "value": 0.6},
        {"group": "workers", "region": "local", "quantity": "income", "value": 0.3},
    ]
    leakages = [
        {"region": "local", "leakage": "other_value_added", "value": 0.1},
        {"region": "rest_of_us", "leakage": "other_value_added", "value": 0.5},
        {"region": "abroad", "leakage": "imports", "value": 0.4},
    ]
    nodes = {
        "id": [0, 1],
        "kind": ["maker", "outside"],
        "label": ["Maker 0", "Outside"],
        "sector": ["FURN", ""],
        "size_class": ["maker_lt5", ""],
        "sales": [1e6, 0.0],
        "received": [0.5, 0.0],
    }
    edges = {
        "buyer": [1],
        "seller": [0],
        "kind": ["outside"],
        "sector": ["FURN"],
        "base_sales": [1e6],
        "received": [1.0],
    }
    return LinearResult(
        place=load_place("hickory"),
        year=2022,
        sector="FURN",
        seed=1,
        horizon_weeks=104,
        order_weeks=52,
        injection_usd=1e6,
        makers=1,
        scale=1.0,
        counts={"makers": 1},
        rows=_rows("FURN"),
        path=pl.DataFrame(path),
        recipients=pl.DataFrame(recipients),
        leakages=pl.DataFrame(leakages),
        nodes=pl.DataFrame(nodes),
        edges=pl.DataFrame(edges),
        checks=[Check("leontief", True, 1e-4, 5e-4)],
        worst_residual=1e-15,
        seconds={"simulate": 1.0},
        assumptions=[{"key": "s_w", "value": 0.8, "meaning": "consumption, out of pay"}],
        regionalisation="flq_goods",
        local_shares=[{"sector": "FURN", "firms_share": 0.9, "limited_by": "cap of 0.9"}],
        local_output_by_method={"flq_goods": 1.3, "flq": 1.1, "slq": 1.5},
    )


@pytest.fixture
def engine(monkeypatch, linear_result):
    """The study and the report replaced by stand-ins; returns what they were called with."""
    calls: dict[str, object] = {"reports": 0}

    def run(config, progress):
        calls["config"] = config
        progress(1, 2, "half")
        if "raise" in calls:
            raise calls["raise"]
        return calls.get("result", linear_result)

    def run_all(config, progress):
        return [
            replace(run(config, progress), sector=code, rows=_rows(code))
            for code in ("FOOD", "FURN")
        ]

    def write_report(result, folder, run_id):
        calls["reports"] += 1
        assert run_id == folder.name
        (folder / "report.html").write_text("<p>report</p>")

    study = types.ModuleType("millworks.study.linear_multiplier")
    study.run, study.run_all = run, run_all
    report = types.ModuleType("millworks.report.linear")
    report.write_report = write_report
    screen = types.ModuleType("millworks.report.screen")
    screen.print_linear = lambda result, folder, console, seconds: console.print(
        "furniture orders", folder, f"{seconds:.1f} s"
    )
    screen.print_all = lambda results, folder, console, seconds: console.print("all orders", folder)
    for module in (study, report, screen):
        package, _, name = module.__name__.rpartition(".")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(f"{package}.{name}", module, raising=False)
    return calls
