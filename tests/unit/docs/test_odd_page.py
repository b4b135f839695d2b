"""odd.md says what the code declares: agents, columns, flows, stages, draws and symbols."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

from millworks.district_model import WEEK, DistrictModel
from millworks.economy.places import load_place
from millworks.parameters import register
from millworks.start.founding import AGENT_CLASSES
from millworks.world.accounts import HOLDERS
from millworks.world.columns import declared_columns
from millworks.world.matrices import transactions_flow
from millworks.world.purposes import PURPOSES

DOCS = Path(__file__).parents[3] / "docs"
sys.path.insert(0, str(DOCS))
odd = importlib.import_module("odd_tables")


def test_the_page_has_the_parts_of_the_protocol_in_order():
    page = (DOCS / "odd.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert headings == ["1. Overview", "2. Design concepts", "3. Details", "References"]
    concepts = re.findall(r"^### 2\.(\d+) ", page, re.MULTILINE)
    assert concepts == [str(number) for number in range(1, 11)]


def test_every_part_that_is_read_off_the_code_stands_in_the_page():
    page = (DOCS / "odd.md").read_text(encoding="utf-8")
    for name in odd.GENERATED:
        assert f"<!-- begin {name} -->" in page


def test_every_column_of_every_agent_is_listed_with_its_unit():
    text = odd.state_columns()
    for kind in AGENT_CLASSES.values():
        for name, column in declared_columns(kind).items():
            assert f"| `{name}` | {column.unit}" in text


def test_a_column_that_several_kinds_share_is_listed_once():
    text = odd.state_columns()
    headings = re.findall(r"^\*\*(\w+)\*\*", text, re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert text.count("| `uncleared` |") == 1


def test_every_holder_has_its_line_among_the_entities():
    assert [line.split("|")[1].strip() for line in odd.entities().splitlines()[2:]] == list(HOLDERS)


def test_stages_stand_in_the_order_of_the_week_with_their_first_lines():
    listed = [re.findall(r"`([^`]+)`", line)[0] for line in odd.stages().splitlines()[2:]]
    assert listed == [stage.name for stage in WEEK]
    assert "Stage 3" not in odd.stages()
    assert "payment waterfall" in odd.stages()


def test_every_stage_is_a_submodel_with_its_source():
    text = odd.submodels()
    sections = re.split(r"^#### ", text, flags=re.MULTILINE)[1:]
    assert len(sections) >= len(WEEK)
    for stage, section in zip(WEEK, sections, strict=False):
        assert section.startswith(f"{stage.number}. {stage.name} (`week/{stage.module}.py`)")
        assert section.count("```") % 2 == 0
    assert "exp(-(ℓ - ℓ_0)⁺ / τ)" in text


def test_every_purpose_of_a_draw_is_listed_with_the_file_that_draws_it():
    table = {line.split("`")[1]: line for line in odd.random_purposes().splitlines()[2:]}
    assert set(table) == set(PURPOSES)
    assert "`start/firms.py`" in table["maker_employment"]
    assert "`start/links.py`" in table["partner_supplier_choice"], "composed of two texts"


def test_every_symbol_of_the_register_leads_to_its_parameter_and_stages():
    text = odd.symbols()
    for key, row in register().items():
        if row.symbol != "-":
            assert f"| {row.symbol} | `{key}` |" in text
    assert re.search(r"^\| Y \| `Household.smoothed_income` .* consume \|$", text, re.MULTILINE)


def test_a_symbol_for_a_column_that_nobody_declares_is_an_error(monkeypatch):
    monkeypatch.setitem(odd.SYMBOLS, "K", "Producer.capacitty")
    with pytest.raises(LookupError, match=r"symbol K stands for Producer\.capacitty"):
        odd.symbols()


def test_the_signs_of_the_flow_matrix_are_those_of_running_weeks():
    """Whoever receives in a week may do so in the page's matrix, and whoever pays may pay."""
    heads = odd.flow_matrix().splitlines()[0].strip("|").split("|")[1:]
    documented = {}
    for line in odd.flow_matrix().splitlines()[2:]:
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        for head, cell in zip(heads, cells, strict=True):
            documented[name, head.strip().replace("ᵏ", " capital")] = cell
    model = DistrictModel(load_place("generic", 60))
    seen = 0
    for _ in range(30):
        model.step()
        matrix = transactions_flow(model)
        for row, values in zip(matrix.rows, matrix.values, strict=True):
            for column, value in zip(matrix.columns, values, strict=True):
                # Stocks rise and fall, and losses are reinvested too; other flows go one way.
                if row.startswith("Δ") or row == "Reinvested earnings":
                    assert documented[row, column] or value == 0.0, f"{row}, {column}: {value}"
                elif abs(value) > 1e-6:
                    seen += 1
                    wanted = "+" if value > 0.0 else "−"
                    assert documented[row, column] in (wanted, "±"), f"{row}, {column}: {value}"
    assert seen > 500
