from __future__ import annotations

from dataclasses import replace

import pytest
from rank_results import KINDS, fake_rank

from millworks.report import rank_words
from millworks.report.rank_numbers import (
    budget_watched,
    column_scale,
    figure,
    found,
    judged,
    marginal,
    per_million,
    within,
)
from millworks.study.ranking.verdicts import Word


def lever(result, name):
    return next(entry for entry in result.entries if entry.name == name)


def test_the_headline_counts_verdicts_and_gives_the_first_effect_with_its_interval():
    assert rank_words.headline(fake_rank()) == (
        "In Hickory, NC, 3 of 12 policies raise local value added at the same cost of $2 million "
        "over 10 years; the most, technology transfer, by $1.92 million a year (corrected 95% "
        "interval +$0.96 to +$2.88 million); 1 lowers it, 1 does so only beside another, and of 7 "
        "no effect can be told from luck"
    )


def test_where_nothing_works_no_policy_is_named():
    said = rank_words.headline(fake_rank("nothing"))
    assert "none of 12 policies is seen to raise local value added" in said
    assert said.endswith("what they do cannot be told from luck")
    assert "technology transfer" not in said


def test_harm_alone_is_said():
    said = rank_words.headline(fake_rank("harms"))
    assert "none of 12 policies is seen to raise" in said
    assert "5 lower it" in said


@pytest.mark.parametrize(("kind", "pairs"), [("one", "1 pair"), ("few", "4 pairs")])
def test_too_few_pairs_say_nothing(kind, pairs):
    result = fake_rank(kind)
    assert f"nothing can be said of 12 policies from {pairs} of runs" in rank_words.headline(result)
    assert rank_words.best_sentence(result) == ""
    for entry in result.levers:
        assert "cannot be told from luck" in rank_words.verdict_sentence(result, entry)


def test_arms_that_are_the_same_change_nothing():
    result = fake_rank("zero")
    assert rank_words.headline(result).endswith("the arms of every pair are the same")
    assert rank_words.placebo_sentence(result).endswith("changes nothing at all.")
    assert "changes nothing" in rank_words.verdict_sentence(result, result.entries[0])
    assert "covers zero" not in rank_words.comparators_sentence(result)


def test_public_cost_is_named_only_where_the_public_pays_for_all():
    assert "the same cost of" in rank_words.headline(fake_rank())
    alone = rank_words.headline(fake_rank("alone"))
    assert "the one policy asked about raises" in alone
    assert "the same public cost of $2 million" in alone


@pytest.mark.parametrize("kind", KINDS)
def test_no_effect_is_named_without_its_interval(kind):
    result = fake_rank(kind)
    sentences = [rank_words.verdict_sentence(result, entry) for entry in result.entries]
    for said in [*sentences, rank_words.headline(result)]:
        if "a year" in said:
            assert "interval" in said, said


def test_a_short_study_is_held_to_its_part_of_the_ten_years_budget():
    short = replace(fake_rank(), weeks=104)
    # 234,000 a year for two years at 3 %.
    assert budget_watched(short) == pytest.approx(234e3 * (1 - 1.03**-2) / 0.03)
    assert "the same cost of $448,000 over 2 years" in rank_words.headline(short)
    assert "$2 million of present value over ten years" in rank_words.setting(short)
    assert budget_watched(fake_rank()) == 2e6


def test_too_few_pairs_have_no_ranks():
    for entry in fake_rank("few").levers:
        assert entry.places is not None
        assert rank_words.ranks(entry) == rank_words.first(entry) == "—"


def test_verdicts_in_sentences():
    result = fake_rank()
    said = {e.name: rank_words.verdict_sentence(result, e) for e in result.entries}
    assert said["technology_transfer"] == (
        "Technology transfer works: +$1.92 million a year (corrected 95% interval +$0.96 to +$2.88 "
        "million); for $2.00M, 86 job-years per $1M (54 to 118)"
    )
    assert said["ports_and_rail"].startswith("Ports and rail harms: -$0.83 million a year")
    assert said["hub"].startswith("Hub works only with technology transfer; alone +$0.18 million")
    assert said["flexible_real_estate"] == (
        "Flexible real estate: no detectable effect, +$0.11 million a year (corrected 95% interval "
        "-$0.35 to +$0.57 million); the smallest effect 20 pairs would find is $680,000 a year, "
        "with a chance of 80%"
    )


def test_a_pair_without_a_value_cannot_be_told():
    result = fake_rank()
    entry = result.entries[0]
    missing = replace(entry.verdict, word=Word.CANNOT_TELL, mean=None, low=None, high=None)
    said = rank_words.verdict_sentence(result, replace(entry, verdict=missing))
    assert said == "Technology transfer cannot be told: a pair has no value"


def test_several_partners_are_joined_by_or():
    result = fake_rank()
    entry = lever(result, "hub")
    both = replace(
        entry, verdict=replace(entry.verdict, partners=("technology_transfer", "partner_equity"))
    )
    assert rank_words.partners(result, both) == "technology transfer or partner equity"
    assert rank_words.verdict_text(result, both).startswith("works only with technology transfer")


def test_the_first_place_is_given_with_its_ranks_and_rivals():
    said = rank_words.best_sentence(fake_rank())
    assert said.startswith(
        "Technology transfer comes first in 93% of resampled pairs; its rank among 12 is 1 to 4"
    )
    assert "small-batch shipping may be first too" in said


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "—"),
        (0.0, "0%"),
        (0.001, "under 1%"),
        (0.37, "37%"),
        (0.999, "over 99%"),
        (1, "100%"),
    ],
)
def test_chances_are_whole_percent_and_never_rounded_to_certainty(share, text):
    assert rank_words.chance(share) == text


def test_comparators_are_set_beside_with_their_intervals():
    said = rank_words.comparators_sentence(fake_rank())
    assert said.startswith(
        "The same money without aim, with corrected 95% intervals: wage subsidy +$0.42 million a "
        "year (-$0.26 to +$1.09 million; covers zero)"
    )
    assert "placebo" not in said
    assert rank_words.comparators_sentence(fake_rank("levers_only")) == ""


def test_a_placebo_that_does_not_cover_zero_warns():
    result = fake_rank()
    assert "covers zero as it should" in rank_words.placebo_sentence(result)
    odd = tuple(
        replace(e, verdict=replace(e.verdict, mean=2e6, low=1e6, high=3e6))
        if e.name == "placebo"
        else e
        for e in result.entries
    )
    said = rank_words.placebo_sentence(replace(result, entries=odd))
    assert "does NOT cover zero" in said
    assert "not to be believed" in said


def test_saturated_and_lumpy_policies_say_why_they_are_not_at_the_budget():
    result = fake_rank("saturated")
    said = rank_words.unspent_sentences(result)
    assert len(said) == 3
    assert any("is saturated" in text and "59% of the budget" in text for text in said)
    assert any(text.startswith("Hub comes in whole pieces") for text in said)
    assert rank_words.saturated_short(result) == (
        "Small-batch shipping and shared containers cannot spend that much and stand at less."
    )
    assert rank_words.saturated_short(fake_rank()) == ""


def test_the_last_dollars_are_told_with_their_interval():
    said = rank_words.marginal_sentence(fake_rank())
    assert "86 job-years per $1M on average" in said
    assert "58 (95% interval 22 to 93)" in said
    assert rank_words.marginal_sentence(fake_rank("bare")) == ""


def test_a_column_has_one_scale_and_no_told_effect_reads_as_zero():
    result = fake_rank("dominated")
    effects = [judged(result, entry) for entry in result.entries]
    on = column_scale(effects)
    assert on is not None
    assert figure(effects[0], on) == "+38.40"
    for effect in effects:
        if effect.covers_zero is False:
            assert float(figure(effect, on)) != 0.0
    tiny = replace(effects[3], mean=1.0, low=0.5, high=1.5)
    assert column_scale([effects[0], tiny]) is None
    assert figure(tiny) == "+$1.00"


def test_intervals_in_cells():
    effect = judged(fake_rank(), fake_rank().entries[0])
    on = column_scale([effect])
    assert within(effect, on) == "+0.96 to +2.88"
    assert within(effect, on, plus=False) == "0.96 to 2.88"
    assert within(None) == ""
    assert within(judged(fake_rank("one"), fake_rank("one").entries[0])) == ""


def test_what_was_not_measured_is_none():
    entry = fake_rank("bare").entries[0]
    assert found(entry.equal, "lead_time") is None
    assert found(entry.default, "value_added") is None
    assert per_million(entry, entry.equal) is None
    assert marginal(entry, "job_years") is None


def test_dollars_of_partners_count_where_partners_pay():
    result = fake_rank()
    equity = per_million(lever(result, "partner_equity"), lever(result, "partner_equity").equal)
    assert equity is not None
    assert equity.quantity == "job_years_per_million_of_all"
