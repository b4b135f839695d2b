"""The documentation: generated parts are up to date, links lead somewhere, names exist."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

import millworks
from millworks.parameters import register
from millworks.world.accounts import GOODS_INVOICED, GOODS_PAID, HOLDERS
from millworks.world.postings import POSTINGS

DOCS = Path(__file__).parents[3] / "docs"
PAGES = sorted(DOCS.glob("*.md"))
PACKAGE = Path(millworks.__file__).parent

sys.path.insert(0, str(DOCS))
specification = importlib.util.spec_from_file_location("generate_docs", DOCS / "generate.py")
generate = importlib.util.module_from_spec(specification)
specification.loader.exec_module(generate)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_generated_parts_are_what_code_and_data_say(page):
    text = page.read_text(encoding="utf-8")
    assert generate.rendered(text) == text, "run: python docs/generate.py"


def test_every_generated_part_is_shown_once():
    shown = [name for page in PAGES for _, name, _ in generate.BLOCK.findall(page.read_text())]
    assert sorted(shown) == sorted(generate.GENERATED)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_pages(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (DOCS / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_parameters_that_are_named_exist(page):
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`([\w/]+\.(?:py|csv))`", text):
        # A file the page tells the reader to write.
        written_here = f"\n`{name}`:\n" in text or "NAME" in name
        assert written_here or (PACKAGE / name).exists() or (DOCS.parent / name).exists(), name
    for key in re.findall(r"world\.parameters\.([a-z_]\w*)", text):
        assert key in register()


def test_the_index_lists_every_page():
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    for page in PAGES:
        assert page.name == "README.md" or f"({page.name})" in index


def test_every_posting_and_parameter_is_documented():
    accounting = (DOCS / "accounting.md").read_text(encoding="utf-8")
    for name in [GOODS_INVOICED, GOODS_PAID, *(name.rpartition(" ")[0] for name in POSTINGS)]:
        assert f"\n| {name} |" in accounting
    parameters = (DOCS / "parameters.md").read_text(encoding="utf-8")
    for key in register():
        assert f"\n| `{key}`" in parameters


def test_pairs_on_links_are_those_that_trade():
    from millworks.district_model import DistrictModel
    from millworks.economy.places import load_place

    model = DistrictModel(load_place("generic", 60))
    model.step()
    traded = {f"{a}>{b}" for a, b in model.ledger.goods_flows[GOODS_INVOICED]}
    documented = set(generate.link_pairs("Goods") + generate.link_pairs("Services"))
    assert traded <= documented
    assert {pair[0] for pair in documented} <= set(HOLDERS)


def test_a_stale_page_is_named(tmp_path, capsys, monkeypatch):
    page = tmp_path / "accounting.md"
    page.write_text("<!-- begin postings -->\nold\n<!-- end postings -->\n", encoding="utf-8")
    monkeypatch.setattr(generate, "PAGES", tmp_path)
    assert generate.main(["--check"]) == 1
    assert "accounting.md: out of date" in capsys.readouterr().out
    assert generate.main([]) == 0
    assert "wages accrued" in page.read_text(encoding="utf-8")
    assert generate.main(["--check"]) == 0


@pytest.mark.parametrize("page", [DOCS / "generate.py", *PAGES], ids=lambda page: page.name)
def test_pages_name_no_machine(page):
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(home|tmp|work|opt|root)/", text)
