"""A maker, its owner and its lenders for tests of credit and projects, with the usual figures.

The maker sells 1.5 million USD a year from a capacity of 20,000 units a week; its score is the
level of the formula. Figures are those of the register on the day the tests were written, so that
what is worked out by hand stays true when a default moves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.agents.credit import Applicant, LendingRules
from millworks.agents.growth import Owner, Rules
from millworks.agents.project import ProjectRules

NO_BOUND = 1e300

LENDING = LendingRules(
    score_level=0.2,
    score_slope=0.17,
    reference_sales=1.5e6,
    tightness=0.0,
    shift=(0.0, -0.4, -0.8),
    rate=(0.094, 0.08, 0.35),
    weeks=(312.0, 312.0, 52.0),
    smallest=(50_000.0, 0.0, 0.0),
    largest=(NO_BOUND, 500_000.0, NO_BOUND),
    largest_of_sales=(NO_BOUND, NO_BOUND, 0.1),
    late_weeks=4.0,
    advance_fixed=0.55,
    coverage=1.25,
    down=0.2,
    advance_receivable=0.8,
    advance_stock=0.4,
    cards=0.02,
)

PROJECT = ProjectRules(
    use=0.88,
    least_gap=0.05,
    lump=0.12,
    smallest=50_000.0,
    capital_cost=0.4,
    life=1.0 / 0.07,
    delivery=13.0,
    hurdle=0.15,
    profit_tax=0.26,
    pay_that_varies=0.75,
    tax_life=7.0,
)

RULES = Rules(
    project=PROJECT,
    lending=LENDING,
    expansion=1.0,
    refused=0.03,
    project_counted=0.5,
    asked_score=-0.6744897501960817,
    request=0.1,
)


def applicant(**changes: Any) -> Applicant:
    """A firm that any lender would lend 100,000 USD to, with changes."""
    usual = Applicant(
        sales=1.5e6,
        soft=0.0,
        late_weeks=0.0,
        capital=400_000.0,
        debt=0.0,
        cash_flow=150_000.0,
        service=0.0,
        project=0.0,
        strength=(1.0, 1.0, 1.0),
    )
    return usual._replace(**changes)


def owner(**changes: Any) -> Owner:
    """An ambitious owner, demand 2,400 units above use, a project that pays, and no spare money."""
    usual = Owner(
        ambition=True,
        capacity=20_000.0,
        on_order=0.0,
        potential=20_000.0,
        orders=1e6,
        refused=0.0,
        refused_stock=0.0,
        contribution=0.20,
        working_capital=0.15,
        own_money=0.0,
        undrawn=0.0,
        cash_flow=100_000.0,
        sales=1.5e6,
        soft=0.0,
        late_weeks=0.0,
        capital=400_000.0,
        debt=100_000.0,
        service=20_000.0,
        strength=(1.0, 1.0, 1.0),
    )
    return usual._replace(**changes)


def columns(*values: float) -> npt.NDArray[np.float64]:
    """A column of firms."""
    return np.array(values, dtype=np.float64)
