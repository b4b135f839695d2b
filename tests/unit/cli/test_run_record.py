"""The files of a run's folder keep the contract that users' scripts rely on."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace

import polars as pl
import pytest

from millworks.conf.compose import compose
from millworks.economy.embedded import data_names
from millworks.study.run_record import (
    ROW_KEYS,
    SCHEMA_VERSION,
    TIDY_COLUMNS,
    effect_name,
    linear_document,
    run_name,
    write_json,
    write_manifest,
    write_results,
)

CONTRACT = ["scenario", "arm", "pair", "week", "district", "size_class", "sector"]
CONTRACT += ["quantity", "effect", "value", "unit"]
EFFECT = ["quantity", "effect", "region", "size_class", "unit", "mean", "mcse", "low", "high"]
EFFECT += ["pairs"]


@pytest.fixture
def written(tmp_path, linear_result):
    folder = tmp_path / "run-1"
    folder.mkdir()
    config = compose("multiplier", {"sector": "FURN"}, ["world=linear"])
    write_results(folder, "multiplier_linear", [linear_result])
    write_manifest(folder, "multiplier", "multiplier_linear", config, [linear_result])
    return folder


def test_the_tidy_table_has_the_columns_of_the_contract_in_both_formats(written):
    parquet = pl.read_parquet(written / "results.parquet")
    text = pl.read_csv(written / "results.csv", infer_schema_length=None)
    assert parquet.columns == text.columns == list(TIDY_COLUMNS)
    assert parquet.columns[: len(CONTRACT)] == CONTRACT
    assert parquet["value"].to_list() == text["value"].to_list()
    assert parquet["schema_version"].unique().to_list() == [SCHEMA_VERSION]
    assert pl.read_parquet_metadata(written / "results.parquet")["schema_version"] == str(
        SCHEMA_VERSION
    )


def test_every_value_of_the_tidy_table_has_a_unit_and_its_own_key(written):
    table = pl.read_parquet(written / "results.parquet")
    assert table["unit"].null_count() == 0
    keys = [name for name in CONTRACT if name not in {"value", "unit"}] + ["table"]
    assert not table.select(keys).is_duplicated().any()


def test_all_figures_of_the_result_are_in_the_tidy_table(written, linear_result):
    table = pl.read_parquet(written / "results.parquet")
    figures = 2 * len(linear_result.rows)
    frames = linear_result.path, linear_result.recipients, linear_result.leakages
    assert table.height == figures + sum(frame.height for frame in frames)
    local = table.filter(
        (pl.col("district") == "hickory")
        & (pl.col("quantity") == "output")
        & (pl.col("effect") == "total")
        & (pl.col("arm") == "simulated")
        & (pl.col("table") == "type_ii")
    )
    assert local["value"].to_list() == [1.3]
    assert table.filter(pl.col("week") == 103).height == 6


def test_effects_of_the_two_tables_are_told_apart(written):
    effects = json.loads((written / "summary.json").read_text())["effects"]
    keys = [
        tuple(effect[key] for key in ("quantity", "effect", "region", "sector", "table"))
        for effect in effects
    ]
    assert len(set(keys)) == len(keys)
    assert {effect["table"] for effect in effects} == {"type_i", "type_ii"}


def test_a_dollar_that_came_to_rest_has_a_place(written):
    table = pl.read_parquet(written / "results.parquet").filter(pl.col("quantity") == "leakage")
    assert table.select("district", "effect", "value").rows() == [
        ("hickory", "other_value_added", 0.1),
        ("rest_of_us", "other_value_added", 0.5),
        ("abroad", "imports", 0.4),
    ]


def test_the_local_shares_of_the_place_stand_in_a_table(written):
    table = pl.read_csv(written / "local_shares.csv")
    assert table.columns == ["sector", "firms_share", "limited_by", "schema_version"]
    assert table.row(0) == ("FURN", 0.9, "cap of 0.9", SCHEMA_VERSION)


def test_totals_of_the_two_tables_have_different_names():
    assert effect_name({"effect": "total", "table": "type_i"}) == "direct_and_indirect"
    assert effect_name({"effect": "total", "table": "type_ii"}) == "total"
    assert effect_name({"effect": "induced", "table": "type_ii"}) == "induced"


def test_the_summary_has_effects_checks_and_no_verdict(written):
    summary = json.loads((written / "summary.json").read_text())
    assert summary["schema_version"] == SCHEMA_VERSION
    assert summary["verdict"] is None
    assert summary["checks"] == [
        {"id": "leontief", "passed": True, "value": 1e-4, "tolerance": 5e-4}
    ]
    for effect in summary["effects"]:
        assert list(effect)[: len(EFFECT)] == EFFECT
        assert [effect[key] for key in ("mcse", "low", "high", "pairs")] == [None] * 4


def test_the_document_on_screen_has_rows_of_the_contract_with_units_and_what_jobs_are(
    linear_result,
):
    document = linear_document([linear_result])
    assert list(document) == ["rows", "meanings", "settled", "schema_version"]
    assert all(tuple(row) == ROW_KEYS for row in document["rows"])
    units = {row["quantity"]: row["unit"] for row in document["rows"]}
    assert units["output"] == "USD per USD of orders"
    assert units["jobs"].startswith("covered private job-years per million USD")
    assert "no self-employed" in document["meanings"]["jobs"]
    assert not linear_document([replace(linear_result, settled=False)])["settled"]


def test_a_figure_that_is_not_finite_is_null_in_json(tmp_path, linear_result):
    row = {**linear_result.rows[0], "relative_difference": math.nan}
    document = linear_document([replace(linear_result, rows=[row])])
    assert document["rows"][0]["relative_difference"] is None
    write_json(tmp_path / "x.json", {"x": [math.inf, 1.0]})
    assert json.loads((tmp_path / "x.json").read_text()) == {
        "schema_version": SCHEMA_VERSION,
        "x": [None, 1.0],
    }


def test_the_manifest_says_all_it_takes_to_repeat_the_run(written):
    manifest = json.loads((written / "manifest.json").read_text())
    assert manifest["schema_version"] == SCHEMA_VERSION
    assert manifest["run"] == "run-1"
    assert manifest["config"]["district"] == "hickory"
    assert manifest["parameters"]["K_o"] == 0.0
    assert manifest["seeds"] == [1]
    assert {"millworks", "numpy", "numba", "mesa"} <= set(manifest["versions"])
    assert sorted(manifest["data_sha256"]) == data_names()
    results = (written / "results.csv").read_bytes()
    assert manifest["results_sha256"] == hashlib.sha256(results).hexdigest()
    files = {file.name for file in written.iterdir()} - {"manifest.json"}
    assert set(manifest["files_sha256"]) == files


def test_assumptions_are_a_table_with_one_row_each(written):
    table = pl.read_csv(written / "assumptions.csv")
    assert table.columns == ["key", "value", "meaning", "schema_version"]
    assert table.row(0) == ("s_w", 0.8, "consumption, out of pay", SCHEMA_VERSION)


def test_the_same_figures_give_the_same_bytes(tmp_path, linear_result):
    contents = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_results(tmp_path / name, "multiplier_linear", [linear_result])
        contents.append((tmp_path / name / "results.csv").read_bytes())
    assert contents[0] == contents[1]


def test_the_name_of_a_run_says_what_it_is_and_changes_with_every_setting():
    def name(*words):
        return run_name("multiplier", compose("multiplier", {}, ["world=linear", *words]))

    assert name("sector=FURN").startswith("multiplier-hickory-FURN-")
    assert name().rpartition("-")[0] == "multiplier-hickory"
    assert name() == name()
    names = {
        name(),
        name("seed=2"),
        name("year=2017"),
        name("makers=50"),
        name("weeks=208"),
        name("injection=0.1"),
        name("world.parameters.commuter_share=0.2"),
        name("world.regionalisation=flq"),
    }
    assert len(names) == 8
