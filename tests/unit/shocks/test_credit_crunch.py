"""Credit crunch: what lenders go by, its weeks, and what follows from it alone.

Reference: model specification §8: score -1, advances x .8, smallest loan x 2, rates +200 basis
points, lenders' capital -3 points, 104 weeks.
"""

from __future__ import annotations

import numpy as np
import pytest

from arms import arms
from millworks.parameters import register
from millworks.shocks.registry import make_shocks
from millworks.world.measures import Conditions, State

ADVANCES = ("adv_AR", "adv_IN", "adv_K")
RATES = ("rate_line", "rate_bank", "rate_cdfi", "rate_online")


def conditions_in(week: int, **settings: float) -> Conditions:
    """What the shock writes in a week of the study."""
    shock = make_shocks({"credit_crunch": settings})[0]
    study = arms()
    study.follow(0)
    conditions = Conditions(study.model)
    state = State(study.model, study.model.week - week)
    shock.apply(state, conditions, shock.strength(week))
    return conditions


def test_it_moves_the_seven_terms_of_credit_by_the_figures_of_the_specification():
    base = arms().model.base_parameters
    moved = conditions_in(0).parameters
    assert moved.pop("kappa_score") == pytest.approx(base["kappa_score"] + 1.0)
    assert moved.pop("minloan") == pytest.approx(2.0 * base["minloan"])
    for key in ADVANCES:
        assert moved.pop(key) == pytest.approx(0.8 * base[key])
    for key in RATES:
        assert moved.pop(key) == pytest.approx(base[key] + 0.02)
    assert moved == {}


def test_every_term_it_moves_is_one_of_the_register():
    assert set(conditions_in(0).parameters) <= set(register())


@pytest.mark.parametrize(
    ("settings", "week", "extra"),
    [
        ({}, 103, 1.0),
        ({}, 104, 0.0),
        ({"start": 5}, 4, 0.0),
        ({"start": 5}, 5, 1.0),
        ({"weeks": 2}, 2, 0.0),
        ({"weeks": None}, 300, 1.0),
        ({"intensity": 0.5}, 0, 0.5),
        ({"ramp": 4}, 1, 0.5),
        ({"score": 2.0}, 0, 2.0),
    ],
)
def test_it_lasts_for_its_weeks_at_its_size(settings, week, extra):
    base = arms().model.base_parameters["kappa_score"]
    moved = conditions_in(week, **settings).parameters.get("kappa_score", base)
    assert moved == pytest.approx(base + extra)


def test_advances_never_fall_below_nothing():
    moved = conditions_in(0, intensity=4.0, advances=0.9).parameters
    assert [moved[key] for key in ADVANCES] == [0.0, 0.0, 0.0]


def test_lenders_lose_capital_as_it_sets_in_and_not_again():
    """Three per cent of loans in its first week; with a ramp in equal parts over its weeks."""

    def seen(model):
        lenders = model.population("B")
        return model.ledger.flows["losses elsewhere B>X"], float(
            (lenders.term_loans + lenders.revolvers).sum()
        )

    weeks = arms().follow(6, shocks={"credit_crunch": {"start": 2}}, each=seen)
    lost = [week[0] for week in weeks]
    assert lost[:2] == [0.0, 0.0]
    assert lost[2] == pytest.approx(0.03 * weeks[2][1], rel=0.02)
    assert lost[3:] == [0.0, 0.0, 0.0]
    ramped = arms().follow(6, shocks={"credit_crunch": {"ramp": 4}}, each=seen)
    parts = [week[0] / week[1] for week in ramped]
    assert parts[:4] == pytest.approx([0.0075] * 4, rel=0.05)
    assert parts[4:] == [0.0, 0.0]


def test_interest_and_credit_lines_follow_at_once_and_come_back():
    """Two years of it, here eight weeks; lines are set every four weeks."""

    def seen(model):
        makers = model.population("M")
        owed = float(makers.revolver.sum())
        rate = 52.0 * float(makers.revolver_interest.sum()) / owed if owed > 0.0 else 0.0
        return model.parameters.rate_line, rate, float(makers.revolver_limit.sum())

    study = arms()
    nothing = study.follow(20, each=seen)
    crunch = study.follow(20, shocks={"credit_crunch": {"weeks": 8}}, each=seen)
    base = study.model.base_parameters.rate_line
    assert [week[0] for week in crunch[:8]] == pytest.approx([base + 0.02] * 8)
    assert [week[0] for week in crunch[8:]] == pytest.approx([base] * 12)
    assert crunch[7][2] < 0.85 * nothing[7][2]
    assert crunch[19][2] > 0.9 * nothing[19][2]


def test_lenders_say_no_to_more_makers():
    """Simulated applications over a quarter, in which every maker asks once."""

    def seen(model):
        makers = model.population("M")
        asked = (makers.tested == model.week) & (makers.request > 0.0)
        return int(asked.sum()), int((asked & (makers.offer >= makers.request)).sum())

    study = arms()
    calm = np.sum(study.follow(13, each=seen), axis=0)
    crunch = np.sum(study.follow(13, shocks={"credit_crunch": {}}, each=seen), axis=0)
    assert crunch[1] / crunch[0] < 0.8 * calm[1] / calm[0]
