from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from fake_run_result import LEVER, RECESSION, fake_run

from millworks.report import run_cautions, run_words
from millworks.study.results import Check


def test_an_effect_is_named_with_its_interval():
    assert run_words.verdict(fake_run()) == (
        "Inventory finance raised value added in Hickory, NC, by $18.4 million a year, +0.12% of "
        "its baseline (95% interval +$13.2 to +$23.6 million)"
    )


def test_a_negative_effect_is_said_to_lower():
    said = run_words.verdict(fake_run("negative"))
    assert "lowered value added" in said
    assert "(95% interval -$23.6 to -$13.2 million)" in said


def test_an_interval_that_covers_zero_is_no_detectable_effect():
    assert run_words.verdict(fake_run("covers")) == (
        "No detectable effect of inventory finance on value added in Hickory, NC: -$1.8 million a "
        "year (95% interval -$7.0 to +$3.4 million); the smallest effect 20 pairs would find is "
        "$7.3 million a year"
    )


def test_one_pair_has_no_interval_and_may_be_chance():
    said = run_words.verdict(fake_run("one"))
    assert said.startswith("In one pair of runs inventory finance raised value added")
    assert said.endswith("one pair has no interval, so this may be chance")
    assert "%  interval" not in said


def test_arms_that_are_the_same_are_said_to_be():
    assert run_words.verdict(fake_run("zero")) == (
        "Inventory finance changed nothing in Hickory, NC: the arms of all 20 pairs are the same "
        "to the last bit"
    )


def test_a_study_of_shocks_alone_is_named_by_them():
    result = fake_run("shock")
    assert run_words.verdict(result).startswith("Recession lowered value added")
    assert run_words.arm_name(result) == "shock"
    assert run_words.public_cost(result) == run_words.job_years(result) == ""


def test_shocks_of_both_arms_are_named():
    assert "in Hickory, NC, with recession in both arms, by $18.4" in run_words.verdict(
        fake_run("both")
    )
    negligible = replace(fake_run("covers"), shocks=[RECESSION])
    assert "in Hickory, NC, with recession in both arms: -$1.8" in run_words.verdict(negligible)


def test_several_levers_are_listed():
    second = {**LEVER, "name": "partner_equity", "title": "Partner equity"}
    said = run_words.verdict(replace(fake_run(), levers=[LEVER, second]))
    assert said.startswith("Inventory finance and partner equity raised value added")


@pytest.mark.parametrize("text", ["", "raises value added", "Anything at all."])
def test_a_study_without_effects_gives_its_own_words(text):
    said = run_words.verdict(replace(fake_run(), effects=[], verdict=text))
    assert said == (text.rstrip(".") or "This study reports no effect")


def test_cost_names_its_payers():
    assert run_words.public_cost(fake_run()) == (
        "Net public cost over 10 years: $26.3M (95% interval $24.2M to $28.4M), paid by households "
        "67%, local services 22% and others 11%"
    )
    assert run_words.public_cost(fake_run("free")).endswith("no public dollar is spent")


def test_fees_of_users_are_no_part_of_the_net_public_cost():
    rows = [
        ("makers", "operators", "operator fees paid", 95.0),
        ("operators", "services", "operator rent", 95.0),
        ("households", "programme_fund", "levy", 5.0),
        ("programme_fund", "services", "programme services", 5.0),
    ]
    columns = ("payer", "payee", "what", "usd", "usd_low", "usd_high")
    dollars = pl.DataFrame([(*row, None, None) for row in rows], schema=columns, orient="row")
    said = run_words.public_cost(replace(fake_run(), dollars=dollars))
    assert said.endswith(
        "; of all that runs through it, users' fees too, makers paid 95% and households 5.0%"
    )


def test_job_years_per_million_or_the_reason_why_not():
    assert run_words.job_years(fake_run()).endswith("65 (95% interval 44 to 86)")
    assert "covers zero" in run_words.job_years(fake_run("covers"))
    assert run_words.job_years(fake_run("free")).endswith("no public dollar is spent")


@pytest.mark.parametrize(
    ("mean", "low", "high", "reason"),
    [
        (2e6, -1e6, 5e6, "cannot be told from zero"),
        (-2e6, -3e6, -1e6, "the public purse gains"),
        (50.0, 40.0, 60.0, "too near zero"),
    ],
)
def test_why_there_are_no_job_years_per_million(mean, low, high, reason):
    effects = [
        replace(effect, mean=mean, low=low, high=high)
        if effect.quantity == "public_cost"
        else replace(effect, mean=None)
        if effect.quantity == "job_years_per_million"
        else effect
        for effect in fake_run().effects
    ]
    assert reason in run_words.job_years(replace(fake_run(), effects=effects))


def test_a_placebo_is_called_so_and_judged():
    assert "as it should" in run_cautions.comparator_note(fake_run("placebo"))
    moved = replace(fake_run(), levers=fake_run("placebo").levers)
    assert "excludes zero" in run_cautions.comparator_note(moved)
    assert "This one has" in run_cautions.placebo_short(moved)
    assert run_cautions.comparator_note(fake_run()) == run_cautions.placebo_short(fake_run()) == ""


def test_comparators_say_what_they_are_for():
    for name in ("household_rebate", "untargeted_grant", "wage_subsidy"):
        result = replace(fake_run(), levers=[{**LEVER, "name": name}])
        assert "This is a comparator" in run_cautions.comparator_note(result)


def test_failed_checks_say_what_they_found_and_what_that_means():
    drift = Check("baseline_price_trend", False, 0.02, 0.01, "prices drift by +2 % a year")
    result = replace(fake_run(), checks=[*fake_run().checks, drift])
    assert run_cautions.failures(result) == "1 CHECK FAILED of 5: prices drift by +2 % a year"
    assert "with care" in run_cautions.what_failures_mean(result)
    books = Check("accounting_identities", False, 1.0, 1e-9)
    assert "do not use" in run_cautions.what_failures_mean(replace(result, checks=[drift, books]))
    assert run_cautions.what_failures_mean(fake_run()) == ""


def test_the_size_with_the_largest_sure_effect_is_named():
    sizes = ["<5", "20-99", "newcomers"]
    said = run_words.size_finding(fake_run(), "value_added", sizes)
    assert said.startswith(
        "The largest effect on value added that can be told from zero is in firms with 20 to 99"
    )
    assert "interval" in said
    assert "In no size class is there a detectable" in run_words.size_finding(
        fake_run("covers"), "value_added", sizes
    )
    assert "change at all" in run_words.size_finding(fake_run("zero"), "value_added", sizes)


def test_settings_of_a_lever_leave_nothings_out():
    said = dict(run_words.settings_of({"settings": {"budget": 2.5e6, "sizes": ["<5"], "x": None}}))
    assert said == {"budget": "2,500,000", "sizes": "<5"}


def test_where_buyers_put_in_more_than_the_public_jobs_are_set_against_all_of_it():
    """$20,000 of public money beside $40 million of buyers' would flatter every job."""
    result = fake_run("usual")
    jobs = next(one for one in result.effects if one.quantity == "job_years_per_million")
    cost = next(one for one in result.effects if one.quantity == "public_cost")
    every = [
        replace(cost, quantity="resource_cost", mean=10.0 * (cost.mean or 0.0)),
        replace(jobs, quantity="job_years_per_million_of_all", mean=18.0, low=10.0, high=25.0),
    ]
    said = run_words.job_years(replace(result, effects=[*result.effects, *every]))
    assert said == (
        "Net job-years per $1M of all resources ($263.0M, buyers' money too): 18.0"
        " (95% interval 10.0 to 25.0)"
    )
    little = replace(every[0], mean=1.5 * (cost.mean or 0.0))
    usual = run_words.job_years(replace(result, effects=[*result.effects, little, every[1]]))
    assert usual == run_words.job_years(result)


def test_both_ends_of_a_short_interval_carry_their_letter():
    """'$117 to $254k' would read as 117 dollars."""
    cost = run_words.found(fake_run("usual"), run_words.COST)
    assert run_words.ends(cost, short=True) == "$24.2M to $28.4M"
    assert run_words.ends(cost) == "$24.2 to $28.4 million"


def test_a_precision_that_is_not_reached_is_said_in_the_line_of_the_setting():
    result = replace(fake_run("usual"), stopped="most pairs allowed (200) run; 20 % not reached")
    said = run_words.setting_short(result)
    assert "; precision not reached" in said
    assert len(said) <= 80
    assert "not reached" not in run_words.setting_short(fake_run("usual"))
