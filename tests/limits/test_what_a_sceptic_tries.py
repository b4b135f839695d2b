"""What a sceptical economist tries first, where the answer is known.

In linear mode a rebate of a dollar a week, for ever and paid from outside, is worth

    Δx = s_w (I - R∘A - s_w (1-c) (r∘h) l')⁻¹ (r∘h)     output by sector a week

of which s_w is spent, out of pay as out of gifts, R and r are bought in the place, and c of new pay
leaves with commuters. Everything is linear: a rebate that ends is a rebate less a later one, one
paid by a levy is a rebate and a levy, and a placebo is nothing but the first week's pay, missed
once. The same studies with frictions, where no answer is known, stand in docs/sceptics.md.

References: model specification §8 (comparators), §9.2, §10; Miller and Blair (2009), ch. 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from arms import arms
from millworks.district_model import DistrictModel
from millworks.economy.sectors import MANUFACTURING
from millworks.economy.technology import RET, TRN, WHL
from millworks.policies.registry import levers
from millworks.world.columns import MEASURES
from worlds import district, linear, output_by_sector, run

BEFORE, WEEKS, PAID = 30, 156, 52
YEARLY = 1e6
"""USD a year of the whole place."""
REBATE = {"household_rebate": {"budget": YEARLY}}
FREE = {"household_rebate": {"budget": YEARLY, "payer": "outside"}}
HARDLY_ANYTHING = {"household_rebate": {"budget": 1e-6}}
"""So small a rebate that the levy is all there is of it."""
PLACES = [("generic", 40), ("hickory", 60)]

Settings = Mapping[str, Mapping[str, Any]]
Floats = np.ndarray


class Followed:
    """A district of linear mode; `gain`: output gained by each week [weeks], per USD a week."""

    def __init__(self, place: str, makers: int) -> None:
        self.model = district(place, makers, parameters=linear(), check_every=13)
        run(self.model, BEFORE)
        self.start = self.model.state()
        self.weekly = YEARLY * self.model.founding.district.scale / 52.0
        self.baseline = self._path({}, None)

    def gain(self, policies: Settings, levy: float | None = None) -> Floats:
        return (self._path(policies, levy) - self.baseline) / self.weekly

    def _path(self, policies: Settings, levy: float | None) -> Floats:
        model = self.model
        model.load_state(self.start)
        model.introduce(policies, {}, levy=levy)
        path = np.zeros(WEEKS)
        for week in range(WEEKS):
            model.step()
            path[week] = output_by_sector(model).sum()
        return path


@cache
def followed(place: str, makers: int) -> Followed:
    return Followed(place, makers)


def worth_of_a_rebate(model: DistrictModel) -> float:
    """Output per USD of rebates that never end, by the formula above."""
    rates, shares = model.parameters, model.technology.regional_share[:, 0]
    in_shops = MANUFACTURING.copy()
    in_shops[[WHL, TRN]] = True
    here = np.where(in_shops, np.minimum(shares, shares[RET]), shares)
    table = model.technology.regional_table(rates.commuter_share)
    respent = rates.s_w * (1.0 - rates.commuter_share)
    bought = here * model.technology.national.basket
    return rates.s_w * float(table.type_ii("output", bought, respent=respent).sum())


@pytest.mark.parametrize(("place", "makers"), PLACES)
def test_free_money_for_households_is_worth_what_the_places_table_says(place, makers):
    study = followed(place, makers)
    known = worth_of_a_rebate(study.model)
    assert 0.5 < known < 1.5
    assert study.gain(FREE)[-1] == pytest.approx(known, rel=1e-6)


@pytest.mark.parametrize(("place", "makers"), PLACES)
def test_a_rebate_that_ends_leaves_nothing_and_was_worth_its_weeks(place, makers):
    """A lever and its undoing: a year of it, then two years to see it go."""
    study = followed(place, makers)
    gain = study.gain({"household_rebate": FREE["household_rebate"] | {"weeks": PAID}})
    known = worth_of_a_rebate(study.model)
    assert gain[PAID] > 0.99 * known
    assert np.abs(gain[-1]) < 1e-5
    assert gain.sum() == pytest.approx(PAID * known, rel=1e-5)


@pytest.mark.parametrize(("place", "makers"), PLACES)
def test_a_rebate_that_is_levied_is_a_free_one_and_a_levy(place, makers):
    study = followed(place, makers)
    free, levied = study.gain(FREE), study.gain(REBATE, YEARLY)
    levy = study.gain(HARDLY_ANYTHING, YEARLY)
    assert np.abs(levied - free - levy).max() < 1e-4
    # A part of the levy is taken from owners' draws and profits, which are not spent here.
    assert 0.2 * free[-1] < -levy[-1] < 0.7 * free[-1]


@pytest.mark.parametrize(("place", "makers"), PLACES)
def test_a_placebo_costs_the_first_weeks_spending_once_and_then_nothing(place, makers):
    """The levy is spent a week late: over all weeks that is one week of what a levy takes."""
    study = followed(place, makers)
    placebo = study.gain({"placebo": {"budget": YEARLY}}, YEARLY)
    levy = study.gain(HARDLY_ANYTHING, YEARLY)
    assert placebo.sum() == pytest.approx(levy[-1], rel=1e-3)
    assert np.abs(placebo[PAID:]).max() < 1e-3


@pytest.mark.parametrize(("place", "makers"), PLACES)
def test_twice_as_many_makers_give_the_same_effect_of_a_dollar(place, makers):
    """Not to the bit: makers come in whole numbers, and the mix of sectors moves with rounding."""
    one, two = followed(place, makers), followed(place, 2 * makers)
    # The generic place is as large as its makers; a scale model of Hickory is Hickory.
    size = two.model.founding.flows_by_sector.sum() / one.model.founding.flows_by_sector.sum()
    assert size == pytest.approx(2.0, rel=0.05)
    assert two.gain(FREE)[-1] == pytest.approx(one.gain(FREE)[-1], rel=0.01)
    assert two.gain(REBATE, YEARLY)[-1] == pytest.approx(one.gain(REBATE, YEARLY)[-1], rel=0.01)


OUTLIVE = {
    "partner_equity": {"first_loss"},
    "inventory_finance": {"first_loss"},
    "flexible_real_estate": {"floor_pay", "facility_private"},
}
"""What stays of a policy that ended: guarantees given are kept, floors once let stand and earn."""
LEVER_WEEKS, AFTER = 16, 20


def offered(model: DistrictModel) -> dict[str, bytes]:
    """Everything that policies offer, column by column."""
    return {
        f"{name}.{column}": getattr(population, column).tobytes()
        for name, population in model.populations.items()
        for column, declared in population.declared.items()
        if declared.writer == MEASURES
    }


def offered_and_entitled(model: DistrictModel) -> tuple[dict[str, bytes], float]:
    """The same, and USD of grants that are planned."""
    entitled = sum(float(np.abs(one.amounts).sum()) for one in model.measures.entitlements)
    return offered(model), entitled


@pytest.mark.parametrize("name", levers())
def test_what_a_lever_offers_is_taken_back_when_it_ends(name):
    """With frictions: after the last week every offer is the baseline's again, to the bit, and
    nothing is entitled; only what was promised for longer stays."""
    weeks = LEVER_WEEKS + AFTER
    baseline = _baseline_of_offers(weeks)
    path = arms().follow(weeks, {name: {"weeks": LEVER_WEEKS}}, each=offered_and_entitled)
    during = [offers != baseline[week] for week, (offers, _) in enumerate(path)]
    entitled = [amount for _, amount in path]
    assert any(during[:LEVER_WEEKS]) or max(entitled[:LEVER_WEEKS]) > 0.0
    for week in (LEVER_WEEKS, weeks - 1):
        offers = path[week][0]
        left = {key.partition(".")[2] for key in offers if offers[key] != baseline[week][key]}
        assert left <= OUTLIVE.get(name, set())
        assert entitled[week] == 0.0


@cache
def _baseline_of_offers(weeks: int) -> list[dict[str, bytes]]:
    return arms().follow(weeks, each=offered)
