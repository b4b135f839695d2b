"""Operators of shared facilities: who pays what, and that every dollar of it is found again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from millworks.district_model import DistrictModel
from millworks.policies.base import Flags, Policy
from millworks.programmes import operators
from millworks.world.accounts import OPERATORS
from millworks.world.measures import Measures, Offers, State
from worlds import district, world_parameters

POLICY = "hub"
ROW = OPERATORS.index(POLICY)
FEE = 40.0
"""USD a week of each maker."""
RUNNING = {
    "pay": 9_000.0,
    "services": 3_000.0,
    "rent": 2_000.0,
    "freight_local": 800.0,
    "freight_outside": 400.0,
    "purchases": 1_000.0,
}
BUILDING, MACHINES, YEARS, GRANT = 300_000.0, 700_000.0, 20.0, 250_000.0
HARSH = {"buf": 6, "cards": 0.05, "arrears": 3, "hv0": 0.3, "hv1": 0.5, "estate_weeks": 4}


class Facility(Policy):
    """A stand-in: a policy whose facility costs and charges what the test says."""

    name: ClassVar[str] = POLICY
    order: ClassVar[int] = 1
    title: ClassVar[str] = "A facility"
    has_overhead: ClassVar[bool] = False

    def eligible(self, state: State) -> Mapping[str, Flags]:
        return {}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        return


def opened(fee: float = FEE, **rates: Any) -> DistrictModel:
    """A district with a facility, bought in its third week."""
    parameters = world_parameters("default").replace(unchecked=True, **rates)
    model = district("hickory", 60, parameters=parameters, seed=3)

    def use(world: DistrictModel) -> None:
        operators.incur(world, POLICY, **RUNNING)
        makers = world.population("M")
        operators.charge_fees(world, POLICY, np.where(makers.status == 0, fee, 0.0))
        if world.week == 2:
            operators.buy_capital(
                world,
                POLICY,
                local=BUILDING,
                outside=MACHINES,
                years=YEARS,
                from_outside=GRANT,
            )

    opening, *stages = model.stages
    model.stages = (opening, use, *stages)
    model.measures = Measures([Facility(Facility.Settings())], (), 0)
    model.measures.begin(model)
    return model


def test_books_balance_every_week_while_members_fail_and_owe_fees() -> None:
    model = opened(**HARSH)
    lost = 0.0
    for _ in range(80):
        model.step()  # the identities are checked every week
        lost += model.ledger.flows.get("operator fees written off M>O", 0.0)
    assert lost > 0.0
    assert max(model.invariants.worst.values()) < 1e-9


def test_the_programme_pays_what_fees_and_grants_do_not() -> None:
    model = opened()
    running = sum(RUNNING.values())
    supported = fees = 0.0
    for week in range(40):
        model.step()
        flows = model.ledger.flows
        fees += flows.get("operator fees paid M>O", 0.0)
        supported += flows["programme support G>O"]
        assert flows["operator granted X>O"] == (GRANT if week == 2 else 0.0)
    spent = 40 * running + BUILDING + MACHINES
    left = float(model.population("O").cleared[ROW])
    assert left == 0.0
    assert supported == pytest.approx(spent - GRANT - fees, rel=1e-12)
    assert float(model.measures.cost[POLICY]) == model.ledger.flows["programme support G>O"]


def test_fees_reach_the_operator_a_week_after_they_are_charged() -> None:
    model = opened()
    charged: list[float] = []
    for week in range(12):
        model.step()
        flows = model.ledger.flows
        charged.append(flows.get("operator fees M>O", 0.0))
        paid = flows.get("operator fees paid M>O", 0.0)
        if week:
            assert 0.9 * charged[week - 1] < paid <= 1.1 * charged[week - 1]
        owed = float(model.population("M").fees_due.sum())
        assert owed == pytest.approx(float(model.population("O").fees_receivable[ROW]), rel=1e-12)


def test_a_facility_that_earns_more_than_it_takes_needs_no_support() -> None:
    model = opened(fee=400.0)
    for _ in range(30):
        model.step()
    assert model.ledger.flows["programme support G>O"] == 0.0
    assert float(model.population("O").cleared[ROW]) > 0.0


def test_public_cost_counts_capital_by_its_annuity() -> None:
    model = opened()
    for week in range(6):
        model.step()
        measures, supported = model.measures, model.ledger.flows["programme support G>O"]
        public = BUILDING + MACHINES - GRANT if week == 2 else 0.0
        charge = (BUILDING + MACHINES - GRANT) * 0.03 / (1.0 - 1.03**-YEARS) / 52.0
        expected = supported - public + (charge if week >= 2 else 0.0)
        assert measures.public_cost(POLICY) == pytest.approx(expected, rel=1e-12)


def test_capital_wears_over_its_life_and_falls_to_the_levy_in_equal_parts() -> None:
    model = opened()
    for _ in range(3):
        model.step()
    book = float(model.population("O").fixed_capital[ROW])
    debt = float(model.population("G").capital_debt[0])
    for _ in range(10):
        model.step()
    weekly = (BUILDING + MACHINES) / (52.0 * YEARS)
    assert book - float(model.population("O").fixed_capital[ROW]) == pytest.approx(10 * weekly)
    levied = (BUILDING + MACHINES - GRANT) / (52.0 * YEARS)
    assert debt - float(model.population("G").capital_debt[0]) == pytest.approx(10 * levied)


def test_what_operators_buy_here_is_sold_and_earned_a_week_later() -> None:
    model = opened(fee=0.0)
    blank = opened(fee=0.0)
    blank.stages = tuple(stage for stage in blank.stages if stage.__name__ != "use")
    for _ in range(2):
        model.step()
        blank.step()
    more = model.population("S").firm_sales - blank.population("S").firm_sales
    bought = RUNNING["services"] + RUNNING["rent"] + RUNNING["freight_local"]
    assert float(more.sum()) == pytest.approx(bought, rel=1e-2)
    pay = model.population("H").pay_received - blank.population("H").pay_received
    assert float(pay.sum()) == pytest.approx(RUNNING["pay"], rel=1e-2)


def test_a_closed_facility_gives_what_it_has_back_to_the_fund() -> None:
    model = opened(fee=900.0)
    for _ in range(40):
        model.step()
    assert float(model.population("O").cleared[ROW]) > 0.0
    model.stages = tuple(stage for stage in model.stages if stage.__name__ != "use")
    returned = 0.0
    for _ in range(6):
        model.step()  # the identity of the programme's fund is checked every week
        returned += model.ledger.flows["programme returned O>G"]
    assert returned > 0.0
    assert float(model.population("O").cleared[ROW]) == 0.0


def test_capital_that_is_used_up_is_charged_no_more() -> None:
    model = opened()
    operator, government = model.population("O"), model.population("G")
    for _ in range(4):
        model.step()
    operator.life_weeks[ROW] = 8.0
    operator.levied_weekly[ROW] = operator.debt_to_levy[ROW] / 5.0
    for _ in range(12):
        model.step()
    assert model.measures.charge[POLICY] == 0.0
    assert float(operator.levied_weekly[ROW]) == 0.0
    assert float(government.capital_debt[0]) == 0.0
