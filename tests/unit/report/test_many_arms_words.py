"""Words and figures that reports of many arms share."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from fake_many_arms import SHARE, YEARLY, effect, fake_constraints, fake_sizes
from rich.console import Console

from millworks.report import many_arms
from millworks.report.constraints import print_constraints
from millworks.report.study_page import UNSURE
from millworks.study.many_arms import ONE_PAIR


def test_what_would_round_to_zero_is_not_written_as_zero():
    tiny = effect(2e-6, 1e-6, SHARE)
    assert many_arms.change(tiny) == "<0.001 points"
    assert many_arms.cell(tiny) == "<0.001 pt"
    assert many_arms.cell(effect(1e-6, 2e-6, SHARE)) == f"{UNSURE}<0.001 pt"
    assert many_arms.cell(effect(0.0, 0.0, SHARE)) == "exactly 0"


def test_a_figure_that_shows_has_its_interval():
    assert many_arms.change(effect(4e-5, 2e-5, SHARE)) == "+0.004 points (+0.002 to +0.006 points)"
    assert many_arms.change(effect(1.2e6, 0.8e6, YEARLY)).endswith(
        "a year (+$0.40 to +$2.00 million)"
    )


@pytest.mark.parametrize(
    ("mean", "half", "shown"),
    [(16e6, 8e6, "+$16M"), (-2.2e6, 1.7e6, "-$2.2M"), (4e6, 2e6, "+$4.0M"), (0.0, 0.0, "0")],
)
def test_a_brief_figure_has_six_characters_at_most(mean, half, shown):
    assert many_arms.brief(effect(mean, half)) == shown
    assert len(shown) <= 6


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0%"), (2e-5, "<0.01%"), (0.0048, "0.48%"), (0.016, "1.6%"), (None, "—")],
)
def test_a_share_is_written_with_what_it_needs(share, shown):
    assert many_arms.share_text(effect(share, None, SHARE)) == shown


def test_few_makers_and_few_pairs_are_said_to_be_few():
    usual = fake_sizes()
    assert many_arms.too_few(usual) == ()
    small = many_arms.too_few(replace(usual, makers=60, seeds=(1, 2, 3)))
    assert small[0].startswith("60 makers: so few")
    assert small[1].startswith("3 pairs of runs: ")
    assert many_arms.too_few(replace(usual, seeds=(1,))) == ()


def test_the_screen_says_what_is_in_force_in_every_arm():
    note = "In force in every arm, the baseline too: hub."
    out = io.StringIO()
    result = replace(fake_constraints(), notes=(ONE_PAIR, note))
    print_constraints(result, None, Console(file=out, width=200), 12.0)
    lines = out.getvalue().splitlines()
    assert note in lines
    assert ONE_PAIR not in lines
