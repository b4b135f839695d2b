from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest
from fake_linear_result import fake_result

from millworks.errors import OutputError
from millworks.report import folder as folder_writer
from millworks.report import render, words
from millworks.report.linear import write_report
from millworks.report.style import PAGE

SLUGS = ("dollar-path", "where-it-went", "supply-network", "against-leontief")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A report drawn without a browser."""
    path = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWSER_PATH", "/nowhere/chromium")
        write_report(fake_result(), path, "hickory-0123abcd")
    return path


def without(monkeypatch, *modules):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name in modules else found(name)
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_every_chart_leaves_picture_numbers_and_text(folder, slug):
    for ending in ("svg", "png", "csv", "txt"):
        assert (folder / "charts" / f"{slug}.{ending}").stat().st_size > 300
    assert (folder / "charts" / f"{slug}.png").read_bytes().startswith(b"\x89PNG")
    assert len(pl.read_csv(folder / "charts" / f"{slug}.csv"))


def test_the_fallback_shows_the_same_title_as_the_browser_would(folder, charts):
    for slug in SLUGS:
        svg = (folder / "charts" / f"{slug}.svg").read_text("utf-8")
        shown = re.sub(r"<[^>]+>|\s+", "", svg).replace("&#x27;", "'").replace("&apos;", "'")
        assert "".join(charts[slug].title.split()) in shown


def test_a_machine_without_a_browser_says_so_and_draws(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    render.render([])
    assert capsys.readouterr().err == (
        "No Chromium found (BROWSER_PATH names one): matplotlib draws the charts.\n"
    )


def test_a_browser_that_breaks_is_replaced_with_a_plain_message(
    tmp_path, monkeypatch, capsys, charts
):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", str(broken))
    monkeypatch.setattr(render, "PATIENCE", 20.0)
    picture = render.Picture("a", charts["dollar-path"].drawing(PAGE), "svg")
    made = render.render([picture])
    assert made is not None
    assert b"<svg" in made[0]
    assert "did not draw the charts" in capsys.readouterr().err


def test_without_any_drawing_library_numbers_texts_and_page_are_written(
    tmp_path, monkeypatch, capsys, result
):
    without(monkeypatch, "kaleido", "matplotlib")
    written = {path.name for path in write_report(result, tmp_path, "run")}
    assert {"report.html", "dollar-path.csv", "dollar-path.txt"} <= written
    assert not any(name.endswith((".svg", ".png")) for name in written)
    assert "pip install" in capsys.readouterr().err


def test_without_jinja2_the_charts_are_written_and_the_page_is_not(
    tmp_path, monkeypatch, capsys, result
):
    without(monkeypatch, "kaleido", "matplotlib", "jinja2")
    written = {path.name for path in write_report(result, tmp_path, "run")}
    assert "report.html" not in written
    assert "dollar-path.csv" in written
    assert "needs jinja2" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch, result):
    monkeypatch.setattr(folder_writer, "render", lambda pictures: None)
    with pytest.raises(OutputError, match="cannot be written"):
        write_report(result, tmp_path / "missing", "run")


def test_the_page_fetches_nothing(folder):
    page = (folder / "report.html").read_text("utf-8")
    outside = re.findall(r"(?:src|href|url\()\s*=?\s*[\"']?(https?:[^\"')\s>]+)", page)
    assert outside == []
    assert len(page) < 5_000_000


def test_the_page_says_what_a_reader_must_not_forget(folder):
    page = (folder / "report.html").read_text("utf-8")
    for part in (
        "$1.46 of output in the district",
        "paid from outside the district",
        "not calibrated",
        "no government, no farm",
        "2.68",
        "US Bureau of Economic Analysis",
        "run hickory-0123abcd",
        "Leontief",
        "What this is, and what it is not",
    ):
        assert part in page.replace("&#39;", "'").replace("\N{NO-BREAK SPACE}", " "), part


def test_every_picture_on_the_page_has_its_text(folder, charts):
    page = (folder / "report.html").read_text("utf-8")
    plain = page.replace("&#39;", "'")
    for chart in charts.values():
        assert chart.alt in plain
        assert page.count(f'id="{chart.slug}"') == 1


def test_ids_on_the_page_are_unique(folder):
    page = (folder / "report.html").read_text("utf-8")
    found = re.findall(r'<(?:figure|section|h2|p)[^>]* id="([^"]+)"', page)
    assert len(found) == len(set(found))


def test_the_charts_links_lead_to_files_of_the_folder(folder):
    page = (folder / "report.html").read_text("utf-8")
    hrefs = set(re.findall(r'<a href="([^"]+)"', page))
    assert hrefs
    hrefs.remove("local_shares.csv")  # the record of the run writes it, beside the page
    assert all((folder / href).is_file() for href in hrefs)


def test_names_from_outside_cannot_break_the_page(tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    base = fake_result(nodes=30)
    evil = "</script><script>alert(1)</script>"
    result = replace(base, notes=[evil], nodes=base.nodes.with_columns(label=pl.lit(evil)))
    write_report(result, tmp_path, "run")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<script>alert" not in page


def test_a_failed_check_stands_at_the_top_of_the_page(tmp_path, monkeypatch, result):
    without(monkeypatch, "kaleido", "matplotlib")
    failed = replace(result.checks[0], passed=False)
    write_report(replace(result, checks=[failed, *result.checks[1:]]), tmp_path, "run")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "Checks FAILED: agents_equal_leontief. Do not use these figures." in page


def test_a_scale_model_says_so(tmp_path, monkeypatch, result):
    without(monkeypatch, "kaleido", "matplotlib")
    write_report(replace(result, makers=306, scale=0.5), tmp_path, "run")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "306 makers stand for about 612" in page


def test_the_page_lists_the_local_shares_and_what_hangs_on_them(folder, result):
    page = (folder / "report.html").read_text("utf-8")
    section = page[page.index('<section id="shares">') :].partition("</section>")[0]
    assert "$1.46 under flq_goods (used), $1.23 under flq and $1.88 under slq" in section
    assert section.count("<tr><td>") == len(result.local_shares) == 34
    assert "<tr><td>Furniture</td><td>0.38</td><td>0.25</td><td>0.12</td><td>0.90</td>" in section


def test_the_page_tells_by_place_where_the_dollar_came_to_rest(folder):
    page = (folder / "report.html").read_text("utf-8")
    section = page[page.index('<section id="leaks">') :].partition("</section>")[0]
    headings = re.findall(r"<h3>(.*?)</h3>", section)
    assert headings == [
        "Kept in the district, not spent again: 16¢",
        "Gone to the rest of the US: 71¢",
        "Gone abroad: 13¢",
    ]
    assert "These parts add up to $1.00" in section


def test_a_run_that_is_too_short_says_so_at_the_top_of_the_page(tmp_path, monkeypatch):
    without(monkeypatch, "kaleido", "matplotlib")
    write_report(fake_result(weeks=60), tmp_path, "run")
    head = (tmp_path / "report.html").read_text("utf-8").partition("<main>")[0]
    assert "within 60 weeks, NOT SETTLED." in head
    assert "Not settled after 60 weeks, 8 after the last order" in head


def test_the_figure_of_manufacturers_stands_on_pages_of_manufactures_only(tmp_path, monkeypatch):
    without(monkeypatch, "kaleido", "matplotlib")
    for sector, there in (("FURN", True), ("WHL", False)):
        write_report(fake_result(sector=sector), tmp_path, "run")
        page = (tmp_path / "report.html").read_text("utf-8")
        assert ("2.68" in page) is there


def test_the_number_of_makers_is_called_an_estimate(folder):
    page = (folder / "report.html").read_text("utf-8")
    assert words.MAKERS_ESTIMATED in page


def test_pictures_of_equal_results_are_equal_bytes(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    write_report(fake_result(), tmp_path, "hickory-0123abcd")
    for path in sorted(folder.rglob("*.svg")):
        assert path.read_bytes() == (tmp_path / path.relative_to(folder)).read_bytes()


def test_drawing_libraries_are_loaded_only_when_something_is_drawn():
    heavy = "plotly matplotlib kaleido jinja2 networkx scipy"
    code = (
        "import sys, millworks.report.linear, millworks.report.screen;"
        f"print([name for name in {heavy.split()} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
