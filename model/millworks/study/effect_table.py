"""Effects of the arms of a battery, and their figures pair by pair in one tidy frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from millworks.study.battery import BASELINE, Battery
from millworks.study.quantities import RUN_QUANTITIES
from millworks.study.run_assembly import effects_of, sector_effects_of
from millworks.study.run_record import SCHEMA_VERSION, TIDY_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from millworks.economy.places import Place
    from millworks.study.run_results import Effect


def effects_of_arm(battery: Battery, name: str, against: str = BASELINE) -> tuple[Effect, ...]:
    """Return every effect of an arm: those of the whole place first, then by size class."""
    return tuple(effects_of(battery.paired(name, against)))


def sector_effects_of_arm(battery: Battery, name: str) -> tuple[Effect, ...]:
    """Return the effects of an arm on manufacturers by sector, which stands as their size class."""
    return tuple(sector_effects_of(battery.paired(name)))


def baseline_levels(battery: Battery) -> dict[str, float]:
    """Return the mean over pairs of every figure of the baseline, where all pairs have it."""
    return {
        quantity: float(values.mean())
        for (quantity, size), values in battery.figures(BASELINE).items()
        if size == "all" and np.isfinite(values).all()
    }


def tidy_of_arms(battery: Battery, scenario: str, place: Place) -> pl.DataFrame:
    """Return one row per arm, pair and figure over the horizon; baseline among the arms."""
    import polars as pl

    seeds = np.array([record.seed for record in battery.records], dtype=np.uint64)
    frames = []
    for arm in battery.names:
        for (quantity, size), values in battery.figures(arm).items():
            frames.append(
                pl.DataFrame({"pair": seeds, "value": values}).with_columns(
                    pl.lit(arm).alias("arm"),
                    pl.lit(quantity).alias("quantity"),
                    pl.lit(size).alias("size_class"),
                    pl.lit(RUN_QUANTITIES[quantity].unit).alias("unit"),
                )
            )
    return (
        pl.concat(frames)
        .with_columns(
            pl.lit(scenario).alias("scenario"),
            pl.lit(place.slug).alias("district"),
            pl.lit("all").alias("sector"),
            pl.lit("level").alias("effect"),
            pl.lit(None, dtype=pl.Int64).alias("week"),
            pl.lit(None, dtype=pl.String).alias("table"),
            pl.lit(SCHEMA_VERSION, dtype=pl.Int64).alias("schema_version"),
            pl.col("value").fill_nan(None),
        )
        .select(TIDY_COLUMNS)
    )


def write_tidy(folder: Path, tidy: pl.DataFrame) -> None:
    """Write results.csv and results.parquet."""
    tidy.write_csv(folder / "results.csv")
    tidy.write_parquet(folder / "results.parquet", metadata={"schema_version": str(SCHEMA_VERSION)})


def settings_at(settings: Mapping[str, object], intensity: float) -> dict[str, object]:
    """Return a policy's settings at another size, in proportion to its own."""
    own = settings["intensity"]
    assert isinstance(own, int | float)
    return {**settings, "intensity": own * intensity}
