"""Words, charts, page and screen of the study of interactions."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from fake_interactions_result import TOGETHER, fake_interactions
from rich.console import Console

from millworks.report import interactions_words as say
from millworks.report.charts import synergy_map
from millworks.report.drawing import Box
from millworks.report.interactions import interactions_charts, print_interactions, write_report
from millworks.report.interactions_page import interactions_page
from millworks.report.style import FRAMES, PAGE, PHONE
from millworks.study.interactions_files import document, pair_rows, verdict

FOUR = ("hub", "technology_transfer", "partner_equity", "modernization_support")
SLUGS = ("synergy-of-pairs", "groups-together", "best-package")


@pytest.fixture(scope="module")
def result():
    return fake_interactions()


@pytest.fixture(scope="module")
def few():
    return fake_interactions(pairs=4)


@pytest.fixture(scope="module")
def noisy():
    return fake_interactions(policies=FOUR, spread=9e7)


@pytest.fixture(scope="module")
def one():
    return fake_interactions(policies=FOUR, pairs=1)


@pytest.fixture(scope="module")
def apart():
    excludes = {"hub": {"technology_transfer": "both teach"}}
    return fake_interactions(policies=FOUR, apart=excludes)


@pytest.fixture(scope="module")
def bare():
    return fake_interactions(policies=FOUR, settings=("pairwise=false",))


# --- words


def test_the_headline_counts_both_signs_and_names_the_largest_with_its_interval(result):
    text = say.headline(result)
    assert "of 66 pairs of policies 3 do more for local value added together than apart" in text
    assert "1 less; the largest, partner equity\N{NO-BREAK SPACE}× technology transfer" in text
    assert "corrected 95% interval +$" in text


def test_the_study_tells_just_the_interactions_that_were_put_in(result):
    told = {frozenset(pair.members): pair.headline.told for pair in result.pairs}
    known = {frozenset(pair): (1 if value > 0 else -1) for pair, value in TOGETHER.items()}
    assert {pair: sign for pair, sign in told.items() if sign} == known


def test_with_too_few_pairs_of_runs_nothing_is_told_and_the_number_needed_is_named(few):
    assert "4 pairs of runs say too little, 10 are needed" in say.headline(few)
    assert "None of 11 interactions of groups is told from zero" in say.groups_finding(few)


def test_where_none_is_told_the_headline_says_what_may_have_been_missed(noisy):
    text = say.headline(noisy)
    assert "none of 6 pairs of policies is seen to do more or less" in text
    assert "with a chance of 80%, only from" in text
    sentence = say.interaction_sentence(noisy, noisy.pairs[0])
    assert "not told from zero" in sentence
    assert "would be found" in sentence


def test_a_policy_that_works_only_beside_another_is_called_so(result):
    assert say.only_with(result) == [
        "Flexible warehousing works only with inventory finance: alone its effect on local value "
        "added cannot be told from zero."
    ]
    assert say.only_with_none(result) == ""


def test_an_expected_sign_is_confirmed_contradicted_or_left_open(result):
    answers = {one.expected.members: one.answer for one in result.signs}
    assert answers["hub", "modernization_support"] == "confirmed"
    assert answers["small_batch_shipping", "shared_containers"] == "cannot be told"
    assert answers["finance", "technology"] == "confirmed"
    assert "Of 15 expected signs 5 are confirmed, 0 contradicted" in say.signs_finding(result)


def test_a_sign_against_the_expected_one_is_called_a_contradiction(monkeypatch):
    monkeypatch.setitem(TOGETHER, ("hub", "modernization_support"), 1.6e6)
    turned = fake_interactions(policies=FOUR)
    answers = {one.expected.members: one.answer for one in turned.signs}
    assert answers["hub", "modernization_support"] == "contradicted"
    assert "1 contradicted" in say.signs_finding(turned)


def test_what_was_foretold_never_stands_without_what_was_measured(result):
    text = say.package_finding(result)
    assert "Foretold +$" in text
    assert "measured on new seeds +$" in text
    assert "95% interval" in text
    assert "best single policy within the budget" in say.gain_sentence(result)
    assert re.search(r"the best in \d+% of resamples", say.optimism_sentence(result))


def test_a_package_that_costs_more_on_new_seeds_is_called_so(result):
    package = result.package
    assert package is not None
    assert say.overrun(result) == ""
    poor = replace(result, package=replace(package, allowed=1e6))
    assert "more than the $1 million" in say.overrun(poor)


def test_pairs_that_were_not_run_are_named_with_the_reason(apart):
    said = say.not_together(apart)
    assert "both teach" in said[0]
    rows = [row for row in pair_rows(apart) if row["not_run_because"]]
    assert [(row["first"], row["second"]) for row in rows] == [("hub", "technology_transfer")]
    assert apart.package is not None
    assert not {"hub", "technology_transfer"} <= set(apart.package.best.policies)


def test_without_pairs_there_is_no_package_and_the_headline_is_about_groups(bare):
    assert "interaction" in say.headline(bare)
    assert say.package_finding(bare).startswith("No package is foretold")
    assert [chart.slug for chart in interactions_charts(bare, "run")] == ["groups-together"]


def test_one_line_of_summary_json_counts_pairs_and_signs(result):
    assert verdict(result).startswith("of 66 pairs of policies 3 do more together than alone and 1")
    assert document(result)["verdicts"]["flexible_warehousing"] == (
        "works only with inventory_finance"
    )


# --- charts


def test_there_is_a_map_a_chart_of_groups_and_one_of_the_package(result):
    charts = interactions_charts(result, "interactions-0123")
    assert tuple(chart.slug for chart in charts) == SLUGS
    for chart in charts:
        assert "95% interval" in chart.title
        assert "interactions-0123" in chart.footer.text()
        assert len(chart.numbers) > 0


@pytest.mark.parametrize("kind", ["result", "few", "noisy", "one", "apart", "bare"])
def test_every_kind_of_result_can_be_laid_out_on_every_sheet(kind, request):
    for chart in interactions_charts(request.getfixturevalue(kind), "run"):
        for frame in FRAMES:
            drawing = chart.drawing(frame)
            for panel in drawing.panels:
                assert panel.width > 0
                assert panel.left + panel.width <= drawing.width + 1e-6
                assert panel.top + panel.height <= drawing.height + 1e-6
                assert panel.x.low < panel.x.high


@pytest.mark.parametrize("frame", [PAGE, PHONE])
def test_only_what_is_told_from_zero_is_coloured_and_every_cell_has_its_value(result, frame):
    chart = interactions_charts(result, "run")[0]
    cells = chart.layout(frame).panels[0]
    boxes = [mark for mark in cells.marks if isinstance(mark, Box)]
    assert len(boxes) == 66
    coloured = [box for box in boxes if box.colour != synergy_map.QUIET]
    assert len(coloured) == sum(pair.headline.told != 0 for pair in result.pairs) == 4
    # A value in each cell, and a name for each policy.
    assert len(cells.labels) == 66 + 12


def test_two_that_exclude_each_other_have_a_cell_without_a_figure(apart):
    cells = interactions_charts(apart, "run")[0].layout(PAGE).panels[0]
    assert sum(label.text == "apart" for label in cells.labels) == 1


# --- page and screen


def test_the_page_puts_cautions_before_sections_and_quiets_what_is_not_told(result):
    page = interactions_page(result)
    assert any("calibrated" in text for text in page.unknown)
    titles = [section.title for section in page.sections]
    assert titles == [
        "Two policies beside each other",
        "Groups of policies",
        "The best package under a budget",
        "What was expected",
    ]
    pairs = page.sections[0].tables[1]
    assert (len(pairs.rows), len(pairs.quiet)) == (66, 62)
    assert all(len(row) == len(pairs.heads) for row in pairs.rows)
    groups = page.sections[1].tables[0]
    assert groups.heading_of(4) == "Interactions"


@pytest.mark.parametrize("kind", ["result", "few", "noisy", "one", "apart", "bare"])
def test_the_screen_has_at_most_24_lines_of_80(kind, request):
    out = io.StringIO()
    print_interactions(request.getfixturevalue(kind), None, Console(file=out, width=80), 3.0)
    lines = out.getvalue().rstrip("\n").split("\n")
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "Not calibrated" in out.getvalue()


def test_a_folder_without_charts_has_a_page_all_the_same(noisy, tmp_path):
    written = write_report(noisy, tmp_path, "run", charts=False)
    assert [path.name for path in written] == ["report.html"]
    text = written[0].read_text()
    assert "What this does not tell" in text
    assert "is seen to do more or less" in text
