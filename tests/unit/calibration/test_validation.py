"""Targets as data, verdicts, the order of the table, and the files of a run."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import fields, replace

import polars as pl
import pytest

from millworks.study.run_record import SCHEMA_VERSION, TIDY_COLUMNS
from millworks_calibration.files import document, moment_row, write_results
from millworks_calibration.intervals import Interval
from millworks_calibration.moments import MOMENTS
from millworks_calibration.results import Comparison
from millworks_calibration.targets import Claim, Target, load_claims, load_targets
from millworks_calibration.validation import CREDIT_OF_2015, TODAY, with_credit_of_2015

CONTRACT = ["id", "use", "value", "low", "high", "model", "model_low", "model_high", "inside"]


def by_id(result) -> dict[str, Comparison]:
    return {row.target.id: row for row in result.comparisons}


def test_every_target_says_what_it_is_and_where_it_comes_from():
    for target in load_targets():
        for text in ("id", "moment", "name", "definition", "denominator", "source", "identifies"):
            assert getattr(target, text), (target.id, text)
        assert target.use in {"fit", "held-out"}
        assert target.world in ({TODAY, CREDIT_OF_2015} if target.measure else {""})
        if target.measure:
            assert target.unit
            assert target.low <= target.value <= target.high
            assert target.low < target.high


def test_every_moment_of_the_specification_has_a_row():
    moments = {target.moment for target in load_targets()}
    assert moments == {f"M{n}" for n in range(1, 15)} | {f"H{n}" for n in range(1, 9)}
    assert all((target.use == "fit") == (target.moment[0] == "M") for target in load_targets())


def test_a_band_is_two_standard_errors_unless_the_source_gives_a_range():
    targets = {target.id: target for target in load_targets()}
    assert (targets["M1a"].low, targets["M1a"].high) == (21.0, 33.0)
    assert (targets["H7a"].low, targets["H7a"].high) == (0.32, 0.55)
    assert math.isnan(targets["H1"].value)


def test_a_claim_has_nothing_to_be_scored_by():
    """Comparators carry no error and no band, and none is among the targets."""
    names = {field.name for field in fields(Claim)}
    assert not names & {"se", "low", "high", "use"}
    assert {claim.id for claim in load_claims()} == {
        "lacks_capital",
        "half_as_productive",
        "dollar_multiplier",
        "gdp_gap",
    }
    assert not {claim.measure for claim in load_claims() if claim.measure} & set(MOMENTS)


def test_a_moment_is_inside_if_its_interval_meets_the_band():
    target = next(target for target in load_targets() if target.id == "M6")  # .76 to .80
    assert isinstance(target, Target)
    assert target.overlaps(0.70, 0.761)
    assert not target.overlaps(0.70, 0.759)
    assert target.miss(0.70, 0.74) == pytest.approx(1.0)
    assert target.miss(0.79, 0.90) == 0.0


def test_misses_stand_first_and_the_farthest_on_top(result):
    verdicts = [row.inside for row in result.comparisons]
    assert verdicts == sorted(verdicts, key=[False, True, None].index)
    untold = [row.alone for row in result.comparisons if row.inside is None]
    assert untold == sorted(untold, reverse=True)
    loose = [row.loose for row in result.comparisons if row.inside]
    assert loose == sorted(loose, reverse=True)
    misses = [row.miss for row in result.of_use("fit") if row.inside is False]
    assert misses == sorted(misses, reverse=True)
    assert len(misses) > 1


def test_what_has_no_mechanism_yet_says_what_it_waits_for(result):
    rows = by_id(result)
    for name in ("H1", "H4", "H5", "H8"):
        assert rows[name].inside is None
        assert rows[name].reason.startswith("waits for ")
    assert rows["H2"].reason == "needs 5 years of observation; this run has 2"


def test_facts_of_2015_are_held_against_the_worlds_of_2015(result):
    approved = {seed.world: seed.moments for seed in result.by_seed}
    assert "approved_all" in approved[TODAY]
    assert "approved_all" not in approved[CREDIT_OF_2015]
    assert "approved_below_100k" in approved[CREDIT_OF_2015]
    assert by_id(result)["M2a"].model.mean == 1.0


def test_the_credit_of_2015_differs_in_tightness_alone():
    from millworks.conf.schema import WorldConfig

    world = WorldConfig(parameters={"kappa_score": 0.5, "s_w": 0.85})
    assert with_credit_of_2015(world).parameters == {"kappa_score": 0.0, "s_w": 0.85}


def test_the_document_keeps_the_contract(result):
    said = document(result)
    assert list(said["moments"][0])[:10] == [*CONTRACT, "source"]
    assert len(said["moments"]) == len(load_targets())
    text = json.dumps(said, allow_nan=False)
    absent = [row for row in json.loads(text)["moments"] if row["model"] is None]
    assert all(row["inside"] is None and row["not_available"] for row in absent)


def test_the_verdict_counts_what_the_table_shows(result):
    inside = sum(row.inside is True for row in result.of_use("fit"))
    judged = sum(row.inside is not None for row in result.of_use("fit"))
    loose = sum(row.loose for row in result.of_use("fit"))
    assert loose > 0
    assert result.verdict.startswith(f"{inside - loose} of {judged} facts to fit ")
    every_loose = sum(row.loose for row in result.comparisons)
    outside = sum(row.inside is False for row in result.comparisons)
    assert f"; {every_loose} more only because" in result.verdict
    assert f"; {outside} lie outside; " in result.verdict


def seen(low: float, mean: float, high: float, seeds: int = 4) -> Comparison:
    """Utilisation, whose band is .76 to .80, in a simulation."""
    target = next(target for target in load_targets() if target.id == "M6")
    return Comparison(target, Interval(mean, low, high, seeds))


def test_an_interval_wider_than_the_band_saves_no_fact():
    assert (seen(0.77, 0.78, 0.79).inside, seen(0.77, 0.78, 0.79).loose) == (True, False)
    assert seen(0.70, 0.78, 0.86).loose  # mean in the middle of the band, but by luck
    assert seen(0.75, 0.755, 0.765).loose  # narrow, but the mean lies outside
    assert not seen(0.60, 0.65, 0.70).loose


def test_one_world_tells_nothing():
    for value in (0.78, 0.5):
        row = seen(value, value, value, seeds=1)
        assert (row.inside, row.loose, row.alone) == (None, False, True)
        assert row.verdict == "cannot be told: one world"
        assert moment_row(row)["not_available"] == "cannot be told: one world"
    assert seen(0.78, 0.78, 0.78).verdict == "inside"


def test_a_validation_of_one_world_meets_no_fact(result):
    comparisons = tuple(
        replace(row, model=row.model and replace(row.model, seeds=1)) for row in result.comparisons
    )
    alone = replace(result, comparisons=comparisons)
    count = sum(row.model is not None for row in comparisons)
    assert alone.verdict.startswith(
        f"no fact can be told inside or outside; {count} are seen in one world only; "
    )


def test_the_document_says_what_was_run(result):
    said = document(result)
    assert said["place"] == {"slug": "hickory", "name": result.place.name}
    assert (said["seeds"], said["years"], said["burn_in"]) == ((1, 2, 3), 2, 156)
    assert (said["scale"], said["agents"]["makers"]) == (1.0, 6)
    assert said["counts"]["fit"] == result.tally("fit")
    assert sum(said["counts"]["held-out"].values()) - said["counts"]["held-out"][
        "inside_by_width_alone"
    ] == len(result.of_use("held-out"))
    assert said["notes"][0] == result.place.mix_quality


def test_claims_stand_beside_the_model_without_a_verdict(result):
    rows = {row["id"]: row for row in document(result)["claims"]}
    assert rows["half_as_productive"]["model"] == pytest.approx(0.4)
    assert rows["dollar_multiplier"]["model"] is None
    assert not {"inside", "verdict"} & set(rows["lacks_capital"])


def test_the_folder_has_every_table_in_the_format_of_all_runs(result, tmp_path):
    write_results(tmp_path, result)
    for name in ("moments", "claims", "health", "constrained", "results", "assumptions"):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert rows, name
        assert {row["schema_version"] for row in rows} == {str(SCHEMA_VERSION)}, name
    tidy = pl.read_csv(tmp_path / "results.csv", infer_schema_length=None)
    assert tidy.columns == list(TIDY_COLUMNS)
    assert set(tidy["arm"]) == {TODAY, CREDIT_OF_2015}
    assert set(tidy["pair"]) == {1, 2, 3}
    assert pl.read_parquet(tmp_path / "results.parquet").height == tidy.height
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert {"effects", "checks", "verdict", "moments", "schema_version"} <= set(summary)


def test_files_do_not_depend_on_how_fast_the_run_was(result, tmp_path):
    slower = replace(
        result,
        seconds=99.0,
        by_seed=tuple(replace(seed, seconds=9.0) for seed in result.by_seed),
    )
    folders = [tmp_path / "fast", tmp_path / "slow"]
    for folder, one in zip(folders, (result, slower), strict=True):
        folder.mkdir()
        write_results(folder, one)
    for file in folders[0].iterdir():
        assert file.read_bytes() == (folders[1] / file.name).read_bytes()


def test_a_repeated_validation_writes_the_same_tables(result, tmp_path, monkeypatch):
    from types import SimpleNamespace

    from millworks.conf.schema import ValidateConfig
    from millworks_calibration import repeat

    asked = []

    def again(config, jobs, progress):
        asked.append(config)
        return result

    monkeypatch.setattr(repeat, "validate", again)
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
    write_results(folders[0], result)
    config = ValidateConfig(seeds=3, years=2)
    repeat.repeat_validate(SimpleNamespace(config=config), folders[1], lambda *state: None)
    assert asked == [config]
    for file in folders[0].iterdir():
        assert file.read_bytes() == (folders[1] / file.name).read_bytes()
