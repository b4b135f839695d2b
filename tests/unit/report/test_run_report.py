from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest
from fake_run_result import LEVER, fake_run

from millworks.errors import OutputError
from millworks.parameters import register
from millworks.report import folder as folder_writer
from millworks.report.run import write_report
from millworks.study.results import Check


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A report drawn without a browser."""
    path = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWSER_PATH", "/nowhere/chromium")
        write_report(fake_run(), path, "hickory-0123abcd")
    return path


def page_of(result, folder, monkeypatch) -> str:
    """The page of a result, without pictures."""
    monkeypatch.setattr(folder_writer, "render", lambda pictures: None)
    write_report(result, folder, "hickory-0123abcd")
    return plain((folder / "report.html").read_text("utf-8"))


def plain(page: str) -> str:
    return page.replace("&#39;", "'").replace("\N{NO-BREAK SPACE}", " ").replace("&lt;", "<")


@pytest.mark.parametrize(
    "slug", ["effect-over-time", "effect-by-size", "why-unfilled", "where-dollars-went"]
)
def test_every_chart_leaves_picture_numbers_and_text(folder, slug):
    for ending in ("svg", "png", "csv", "txt"):
        assert (folder / "charts" / f"{slug}.{ending}").stat().st_size > 200
    assert len(pl.read_csv(folder / "charts" / f"{slug}.csv"))


def test_the_page_fetches_nothing(folder):
    page = (folder / "report.html").read_text("utf-8")
    assert re.findall(r"(?:src|href|url\()\s*=?\s*[\"']?(https?:[^\"')\s>]+)", page) == []


def test_the_page_leads_with_the_verdict_and_what_it_does_not_tell(folder):
    head = plain((folder / "report.html").read_text("utf-8")).partition("<main>")[0]
    for part in (
        "Inventory finance raised value added in Hickory, NC, by $18.4 million a year",
        "Nothing is calibrated",
        "It does not say how far wrong the assumptions may be",
        "What rivals elsewhere lose is not taken off",
        "+171",
    ):
        assert part in head


def test_the_table_has_every_effect_with_every_column(folder):
    page = (folder / "report.html").read_text("utf-8")
    section = page[page.index('<section id="effects">') :].partition("</section>")[0]
    whole = [effect for effect in fake_run().effects if effect.size_class == "all"]
    assert section.count('data-head="interval"') == len(whole)
    for head in ("baseline", "standard error", "smallest found", "pairs", "gain"):
        assert f'<th scope="col">{head}</th>' in section
    row = section[section.index("Value added a year") :].partition("</tr>")[0]
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", row)
    assert cells[:4] == ["+$18.4M", "+$13.2M to +$23.6M", "$15.2B", "+0.12%"]
    assert cells[5:] == ["$7.3M", "20", "38"]
    assert len(re.findall(r"<td[^>]*>[^<]*covers zero", section)) == 3


def test_papers_cost_payers_and_checks_stand_on_the_page(folder):
    page = plain((folder / "report.html").read_text("utf-8"))
    for part in (
        "What it leaves out",
        "Fraud, audits, and that warehouses must keep the stock.",
        "75 cents lent on a dollar of stock, not 40.",
        "advance <b>0.75</b>",
        "A levy on local incomes.",
        "$18.6 million (67%)",
        "Left in the fund at the end",
        "Output drifts by +0.04 % a year",
        "Why the study ended: all 20 pairs run.",
        "run hickory-0123abcd · seeds 1 to 20",
    ):
        assert part in page, part


def test_ids_on_the_page_are_unique(folder):
    page = (folder / "report.html").read_text("utf-8")
    found = re.findall(r'<(?:figure|section|h2|p)[^>]* id="([^"]+)"', page)
    assert len(found) == len(set(found)) > 8


def test_links_to_charts_lead_to_files_of_the_folder(folder):
    hrefs = set(re.findall(r'<a href="([^"]+)"', (folder / "report.html").read_text("utf-8")))
    hrefs -= {"summary.json", "results.csv"}  # the record of the run writes them, beside the page
    assert len(hrefs) == 12
    assert all((folder / href).is_file() for href in hrefs)


def test_parameters_that_the_scenario_moves_stand_first(tmp_path, monkeypatch):
    default = register()["s_w"].default
    rows = [
        {"key": "s_w", "value": default / 2, "unit": "share", "meaning": "m", "source": "s"},
        {"key": "kappa", "value": None, "unit": "", "meaning": "m", "source": "scenario"},
    ]
    page = page_of(replace(fake_run(), assumptions=rows), tmp_path, monkeypatch)
    assert "Parameters that this scenario moves" in page
    assert f"<td>{default / 2:g}</td>" in page
    assert f"<td>{default:g}</td>" in page
    kept = [{**rows[0], "value": default}]
    page = page_of(replace(fake_run(), assumptions=kept), tmp_path, monkeypatch)
    assert "No parameter differs from the register's default" in page


def test_failed_checks_stand_at_the_top_of_the_page(tmp_path, monkeypatch):
    failed = Check("accounting_identities", False, 1.0, 1e-9, "largest residual")
    page = page_of(replace(fake_run(), checks=[failed]), tmp_path, monkeypatch)
    head = page.partition("<main>")[0]
    assert "1 CHECK FAILED of 1: largest residual. The books" in head
    assert "do not use these figures" in head


@pytest.mark.parametrize("kind", ["covers", "one", "free", "shock", "both", "placebo", "zero"])
def test_every_kind_of_result_has_a_page(kind, tmp_path, monkeypatch):
    page = page_of(fake_run(kind), tmp_path, monkeypatch)
    assert "<h1>" in page
    assert "nan" not in re.sub(r"[a-z]nan|nan[a-z]", "", page.lower())
    assert "None" not in page
    expected = {
        "covers": "no detectable effect",
        "one": "One pair of runs has no interval",
        "free": "no public dollar is spent",
        "shock": "The baseline has none of them.",
        "both": "Both arms have them.",
        "placebo": "This is a placebo",
        "zero": "exactly zero",
    }
    assert expected[kind] in page


def test_names_from_outside_cannot_break_the_page(tmp_path, monkeypatch):
    evil = "</script><script>alert(1)</script>"
    result = replace(fake_run(), notes=[evil], title=evil, levers=[{**LEVER, "title": evil}])
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    write_report(result, tmp_path, "run")
    assert "<script>alert" not in (tmp_path / "report.html").read_text("utf-8")


def test_charts_can_be_left_out(tmp_path):
    written = {path.name for path in write_report(fake_run(), tmp_path, "run", charts=False)}
    assert written == {"report.html"}


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_writer, "render", lambda pictures: None)
    with pytest.raises(OutputError, match="cannot be written"):
        write_report(fake_run(), tmp_path / "missing", "run")


def test_drawing_libraries_are_loaded_only_when_something_is_drawn():
    heavy = "plotly matplotlib kaleido jinja2 networkx scipy"
    code = (
        "import sys, millworks.report.run, millworks.report.study_tables;"
        f"print([name for name in {heavy.split()} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
