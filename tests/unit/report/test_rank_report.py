from __future__ import annotations

import re
from dataclasses import replace

import polars as pl
import pytest
from rank_results import KINDS, fake_rank

from millworks.report import folder as folder_writer
from millworks.report.rank import write_report
from millworks.report.study_page import Section, StudyPage, Table, write_study_report
from millworks.study.results import Check

OTHERS = {"summary.json", "results.csv", "ranking.csv", "effects.csv", "precision.csv", "sizes.csv"}
"""Files that the record of the study writes beside the page."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A report drawn without a browser."""
    path = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWSER_PATH", "/nowhere/chromium")
        write_report(fake_rank(sectors=True), path, "rank-hickory-0123abcd")
    return path


def plain(page: str) -> str:
    page = page.replace("&#39;", "'").replace("\N{NO-BREAK SPACE}", " ").replace("&lt;", "<")
    return re.sub(r"\s+", " ", page)


def page_of(result, folder, monkeypatch) -> str:
    """The page of a result, without pictures."""
    monkeypatch.setattr(folder_writer, "render", lambda pictures: None)
    write_report(result, folder, "rank-hickory-0123abcd")
    return plain((folder / "report.html").read_text("utf-8"))


def section(page: str, name: str) -> str:
    return page[page.index(f'<section id="part-{name}">') :].partition("</section>")[0]


@pytest.mark.parametrize(
    "slug", ["what-works", "effect-against-cost", "who-gains", "who-gains-by-sector"]
)
def test_every_chart_leaves_picture_numbers_and_text(folder, slug):
    for ending in ("svg", "png", "csv", "txt"):
        assert (folder / "charts" / f"{slug}.{ending}").stat().st_size > 200
    assert len(pl.read_csv(folder / "charts" / f"{slug}.csv"))


def test_the_page_fetches_nothing_and_its_links_lead_to_files(folder):
    page = (folder / "report.html").read_text("utf-8")
    assert re.findall(r"(?:src|href|url\()\s*=?\s*[\"']?(https?:[^\"')\s>]+)", page) == []
    hrefs = set(re.findall(r'<a href="([^"]+)"', page))
    assert len(hrefs - OTHERS) == 12
    assert all((folder / href).is_file() for href in hrefs - OTHERS)


def test_ids_on_the_page_are_unique(folder):
    page = (folder / "report.html").read_text("utf-8")
    found = re.findall(r'<(?:figure|section|h2|h3|p)[^>]* id="([^"]+)"', page)
    assert len(found) == len(set(found)) > 12


def test_the_page_leads_with_the_verdict_its_rivals_and_what_it_does_not_tell(folder):
    head = plain((folder / "report.html").read_text("utf-8")).partition("<main>")[0]
    for part in (
        "In Hickory, NC, 3 of 12 policies raise local value added at the same cost of $2 million",
        "(corrected 95% interval +$0.96 to +$2.88 million)",
        "What lowers it: ports and rail -$0.83 million a year (corrected 95% interval",
        "1 does so only beside another, and of 7 no effect can be told",
        "comes first in 93% of resampled pairs; its rank among 12 is 1 to 4",
        "The same money without aim",
        "covers zero as it should",
        "Nothing is calibrated",
        "How the ranking moves with them was not run",
        "so a local effect is not a national one",
    ):
        assert part in head, part


def test_the_ranking_has_every_policy_with_verdict_ranks_intervals_and_cost(folder):
    table = section(
        plain((folder / "report.html").read_text("utf-8")), "what-works-at-the-same-cost"
    )
    row = table[table.index("Technology transfer<small>works") :].partition("</tr>")[0]
    cells = re.findall(r"<td[^>]*>([^<]*)(?:<small>([^<]*)</small>)?</td>", row)
    assert cells[:4] == [
        ("1 to 4", "first: 93%"),
        ("+1.92", "+0.96 to +2.88"),
        ("+17.3", "+10.9 to +23.7"),
        ("2.00", "1.88 to 2.12"),
    ]
    assert len(cells) == 7
    assert "Hub<small>works only with technology transfer" in table
    assert "Comparators: the same money without aim" in table
    quiet = re.findall(r'<tr class="zero"><th scope="row">([^<]*)<', table)
    assert "Flexible real estate" in quiet
    assert "Technology transfer" not in quiet


def test_with_too_few_pairs_every_row_is_quiet_and_has_no_rank(tmp_path, monkeypatch):
    page = page_of(fake_rank("few"), tmp_path, monkeypatch)
    table = section(page, "what-works-at-the-same-cost")
    rows = re.findall(r'<tr[^>]*><th scope="row">.*?</tr>', table)
    assert len(rows) == len(fake_rank("few").entries)
    assert all(row.startswith('<tr class="zero">') for row in rows)
    assert all('chance to be first">—</td>' in row for row in rows)


def test_figures_that_cover_zero_are_marked_and_the_table_says_how(folder):
    page = plain((folder / "report.html").read_text("utf-8"))
    for name in ("what-works-at-the-same-cost", "what-else-moves-at-the-same-cost"):
        part = section(page, name)
        assert "~ and grey: the interval covers zero." in part
        for low, high, mark in re.findall(
            r"<td([^>]*)>[^<]*<small>([+-][\d.,]+) to ([+-][\d.,]+)</small>", part
        ):
            covers = float(high.replace(",", "")) <= 0.0 <= float(mark.replace(",", ""))
            assert ('class="unsure"' in low) == covers


def test_every_part_of_the_ranking_stands_on_the_page(folder):
    page = plain((folder / "report.html").read_text("utf-8"))
    for part in (
        "Every policy in a sentence",
        "At its own default size",
        "Value added by size of firm",
        "Jobs by sector",
        "Without any policy",
        "Orders filled in time",
        "Weeks to delivery",
        "A levy on local incomes".lower(),
        "by public cost alone they would look nearly free",
        "32 sizes tried to meet the budget",
        "Hub comes in whole pieces",
        "Luck: other draws of the same world",
        "What is not known",
        "USD that the facility of a site costs",
        "6,000,000",
        "all 2 checks passed",
        "Why the study ended: all 20 pairs run",
        "run rank-hickory-0123abcd · seeds 1 to 20",
    ):
        assert part in page, part


def test_the_band_of_parameters_stands_apart_from_that_of_luck(tmp_path, monkeypatch):
    page = page_of(fake_rank("banded"), tmp_path, monkeypatch)
    part = section(page, "how-sure")
    assert part.count("<table") == 2
    assert "100 draws of all free parameters" in part
    assert "kappa_c (-0.61)" in part
    assert "s_w" not in part
    assert "are never made one" in page.partition("<main>")[0]
    bare = section(page_of(fake_rank(), tmp_path, monkeypatch), "how-sure")
    assert bare.count("<table") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_result_has_a_page(kind, tmp_path, monkeypatch):
    page = page_of(fake_rank(kind), tmp_path, monkeypatch)
    assert "What works at the same cost" in page
    assert "nan" not in re.findall(r">(nan|None)<", page)


def test_a_result_without_optional_quantities_leaves_their_parts_out(tmp_path, monkeypatch):
    page = page_of(fake_rank("bare"), tmp_path, monkeypatch)
    for part in ("At its own default size", "Who gains<", "What else moves", "benefit per $"):
        assert part not in page


def test_failed_checks_stand_at_the_top_of_the_page(tmp_path, monkeypatch):
    failed = Check("accounting_identities", False, 1.0, 1e-9, "largest residual")
    page = page_of(replace(fake_rank(), checks=[failed]), tmp_path, monkeypatch)
    assert "do not use these figures" in page.partition("<main>")[0]


def test_charts_can_be_switched_off(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_writer, "render", lambda pictures: None)
    written = write_report(fake_rank(), tmp_path, "run", charts=False)
    assert [path.name for path in written] == ["report.html"]


def study(**changes) -> StudyPage:
    table = Table("A table", "", ("name", "effect"), (("Hub", "~+1\n-1 to +3"), ("Grant", "+2")))
    page = StudyPage(
        title="A finding (95% interval 1 to 2).",
        short_title="A study",
        setting="Two pairs.",
        lead=("One more thing.",),
        unknown=("Nothing is calibrated.",),
        sections=(Section("First <part>", ("A paragraph.",), ("gone",), (table,), ("A point.",)),),
        year=2022,
        seeds=(3, 5),
        seconds=1.4,
    )
    return replace(page, **changes)


def html_of(page: StudyPage, tmp_path, monkeypatch) -> str:
    monkeypatch.setattr(folder_writer, "render", lambda pictures: None)
    write_study_report(page, [], tmp_path, "study-01")
    return plain((tmp_path / "report.html").read_text("utf-8"))


def test_any_study_has_the_same_page(tmp_path, monkeypatch):
    page = html_of(study(), tmp_path, monkeypatch)
    for part in (
        "A finding (95% interval 1 to 2).",
        "One more thing.",
        "A point.",
        '<td class="unsure" data-head="effect">~+1<small>-1 to +3</small></td>',
        "seeds 3, 5",
        "public tables read",
    ):
        assert part in page, part
    # What a study does not give has no empty part on the page.
    assert "Checks of the baseline" not in page
    assert "Further charts" not in page


def test_text_of_a_study_cannot_open_an_element(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_writer, "render", lambda pictures: None)
    write_study_report(study(), [], tmp_path, "study-01")
    assert "First &lt;part&gt;" in (tmp_path / "report.html").read_text("utf-8")


def test_tables_can_be_folded_headed_and_made_of_words(tmp_path, monkeypatch):
    rows = (("a", "1"), ("b", "2"))
    table = Table("Folded", "why", ("x", "y"), rows, frozenset({1}), {1: "Below"}, True, True)
    page = html_of(study(sections=(Section("Part", tables=(table,)),)), tmp_path, monkeypatch)
    assert "<details><summary>Folded</summary>" in page
    assert 'class="plain stack"' in page
    assert page.index(">Below<") < page.index('<tr class="zero">')


def test_a_chart_that_no_section_asks_for_is_shown_all_the_same(tmp_path, monkeypatch):
    from millworks.report.rank import rank_charts

    monkeypatch.setattr(folder_writer, "render", lambda pictures: None)
    chart = rank_charts(fake_rank(), "run")[0]
    write_study_report(study(), [chart], tmp_path, "study-01")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "Further charts" in page
    assert f'<figure id="{chart.slug}"' in page
