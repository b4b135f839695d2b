"""A validation made by hand: three worlds of today and three of 2015, no engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hand_made_panel import panel, set_flow

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks_calibration.results import ValidationResult
from millworks_calibration.validation import CREDIT_OF_2015, TODAY, compare, measure


def measured(seed: int, world: str):
    """Measures of a small world; the seed moves utilisation, approvals and the constrained."""
    made = panel(
        2,
        makers=6,
        made=75.0 + seed,
        capacity=100.0,
        output=1000.0 + seed,
        price=1.0,
        lender_equity=40.0,
        orders=100.0,
        receivable=700.0,
        invoiced=100.0,
        maker_output=20.0,
        maker_jobs=10.0,
        partner_output=50.0,
        partner_jobs=10.0,
        makers_active=6.0,
        exits=0.01,
    )
    made.weekly["refused"][:] = [2.0, 1.0]
    makers = made.makers.columns
    makers["tested"][:] = True
    makers["jobs"][:] = [3.0, 7.0, 15.0, 30.0, 60.0, 200.0]
    makers["annual_sales"][:] = [5e4, 5e5, 2e6, 5e6, 9e6, 4e7]
    makers["request"][:] = makers["annual_sales"] * 0.1
    makers["offer"][:, : 3 + seed % 2] = makers["request"][:, : 3 + seed % 2]
    makers["wants"][:, :3] = True
    makers["constrained"][seed:, 1] = True
    makers["money_missing"][:, 1] = 1e6
    set_flow(made.makers, "invoiced", 1e5)
    set_flow(made.makers, "income", 1e4)
    return measure(replace(made, seed=seed), world)


def make_result() -> ValidationResult:
    config = compose("validate", {"seeds": 3, "years": 2}, (), packaged_scenarios())
    worlds = [measured(seed, world) for world in (TODAY, CREDIT_OF_2015) for seed in (1, 2, 3)]
    return compare(config, worlds, 1.0)


@pytest.fixture(scope="session")
def result() -> ValidationResult:
    return make_result()
