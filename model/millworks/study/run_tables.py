"""The tables of a study: paths by week, refusals by reason, where dollars went, every figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.agents.producer import REASONS
from millworks.economy.places import Place
from millworks.study.effects import estimate, student
from millworks.study.quantities import PATHS, RUN_QUANTITIES, SURVIVAL_OF_NEWCOMERS
from millworks.study.run_figures import FLOWS, WEEKS_OF_PERIOD, costs, figures, flows, ratio
from millworks.study.run_study import PairedArms
from millworks.world.accounts import HOLDERS
from millworks.world.postings import OUTLAYS, POSTINGS

if TYPE_CHECKING:
    import polars as pl

Floats = npt.NDArray[np.float64]

LEVEL, ALL = "level", "all"
FUND = "programme_fund"
OVER_THE_HORIZON = (
    "public_cost",
    "resource_cost",
    "job_years",
    "survival",
    *SURVIVAL_OF_NEWCOMERS,
)
"""Quantities that are sums over the whole horizon, and so are not given by quarter."""
ARMS = ("baseline", "policy")


# --- paths


def path_table(arms: PairedArms) -> pl.DataFrame:
    """Each quantity of `PATHS` week by week; flows are means of the last 13 weeks.

    The band of the effect is Student's interval week by week, not a band for the whole path.
    """
    import polars as pl

    before, after = arms.paths(0), arms.paths(1)
    frames = []
    for place, name in enumerate(PATHS):
        lines = [values[:, :, place] for values in (before, after)]
        if name in FLOWS:
            lines = [_smoothed(values) for values in lines]
        difference = lines[1] - lines[0]
        half = _half_width(difference, arms.config.study.confidence)
        effect = difference.mean(axis=0)
        none = np.full(arms.weeks, np.nan)
        for arm, mean, low, high in (
            ("baseline", lines[0].mean(axis=0), none, none),
            ("policy", lines[1].mean(axis=0), none, none),
            ("effect", effect, effect - half, effect + half),
        ):
            columns = {"mean": mean, "low": low, "high": high}
            frames.append(
                pl.DataFrame({"week": np.arange(arms.weeks), **columns})
                .with_columns(pl.lit(name).alias("quantity"), pl.lit(arm).alias("arm"))
                .select("week", "quantity", "arm", "mean", "low", "high")
            )
    return pl.concat(frames).with_columns(pl.col("mean", "low", "high").fill_nan(None))


def _smoothed(values: Floats) -> Floats:
    """Means [pairs, weeks] of the last 13 weeks, of fewer at the start."""
    sums = np.cumsum(values, axis=1)
    sums[:, WEEKS_OF_PERIOD:] -= sums[:, :-WEEKS_OF_PERIOD].copy()
    weeks = np.minimum(np.arange(values.shape[1]) + 1, WEEKS_OF_PERIOD)
    return np.asarray(sums / weeks, np.float64)


def _half_width(differences: Floats, confidence: float) -> Floats:
    """Half of Student's interval of each column's mean; nan with a single pair."""
    pairs = len(differences)
    if pairs < 2:
        return np.full(differences.shape[1], np.nan)
    quantile = student(0.5 + confidence / 2.0, pairs - 1)
    return np.asarray(quantile * differences.std(axis=0, ddof=1) / math.sqrt(pairs))


# --- why orders went unfilled, and where the dollars went


def unfilled_table(arms: PairedArms) -> pl.DataFrame:
    """Part of orders refused for each reason in each arm, mean over pairs."""
    import polars as pl

    rows = []
    for number, arm in enumerate(ARMS):
        window = arms.horizon(number)
        for reason in REASONS:
            shares = ratio(window.of(f"refused_{reason}"), window.of("orders"))
            rows.append((arm, reason, float(shares.mean())))
    return pl.DataFrame(rows, schema=["arm", "reason", "share"], orient="row")


def dollar_table(arms: PairedArms) -> tuple[pl.DataFrame, float]:
    """Payments of programmes over the horizon, and by how much they miss what policies cost.

    All run through the programme fund; support of shared facilities goes on to their operators, and
    with members' fees to whom they pay. Levies count when they are paid; notes issued less notes
    repaid are what bridges the time. What is left in the fund is the difference of both sides.
    """
    import polars as pl

    horizon = arms.horizon(1)
    moved = flows(horizon)
    rows: list[tuple[str, str, str, Floats]] = []
    for name, amounts in moved.items():
        posting = POSTINGS[name]
        payer, payee = (HOLDERS[letter].population for letter in (posting.payer, posting.payee))
        sides = (posting.payer, posting.payee)
        if not {"G", "O"} & set(sides) or posting.mode in ("accrue", "write off"):
            continue
        what = name.rpartition(" ")[0].removeprefix("programme ")
        if sides == ("G", "O"):
            rows.append((FUND, payee, what, amounts))
        elif "O" in sides:
            rows.append((payer, payee, what, amounts))
        elif what.startswith("levy"):
            rows.append((payer, FUND, "levy", amounts))
        elif posting.payer == "G":
            rows.append((FUND, payee, what, amounts))
        else:
            rows.append((payer, FUND, what, amounts))
    paid = np.sum([moved[name] for name in OUTLAYS], axis=0)
    cost = np.sum([*costs(horizon).values(), np.zeros(arms.pairs)], axis=0)
    miss = float(np.max(np.abs(paid - cost) / np.maximum(1.0, np.abs(cost))))
    table = []
    for payer, payee, what, amounts in rows:
        found = estimate(amounts, arms.config.study.confidence)
        if found is not None and np.any(amounts != 0.0):
            table.append((payer, payee, what, found.mean, found.low, found.high))
    names = ("payer", "payee", "what")
    schema: dict[str, Any] = {name: pl.String for name in names}
    schema |= {name: pl.Float64 for name in ("usd", "usd_low", "usd_high")}
    return pl.DataFrame(table, schema=schema, orient="row"), miss


# --- the tidy table


def tidy_table(arms: PairedArms, place: Place) -> pl.DataFrame:
    """One row per arm, pair and figure: over the horizon (no week), and by quarter (its last week).

    By quarter there are only figures of the whole place.
    """
    import polars as pl

    frames = []
    ends = np.minimum(
        np.arange(1, arms.periods(0).shape[1] + 1) * WEEKS_OF_PERIOD, arms.weeks
    ).astype(np.int64)
    for number, arm in enumerate(ARMS):
        for key, values in figures(arms.horizon(number)).items():
            frames.append(_tidy_rows(arms, arm, key, values[:, None], None))
        quarterly = figures(arms.by_period(number))
        for key, values in quarterly.items():
            if key[1] == ALL and key[0] not in OVER_THE_HORIZON:
                frames.append(_tidy_rows(arms, arm, key, values, ends))
    return pl.concat(frames).with_columns(
        pl.lit(place.slug).alias("district"),
        pl.lit(ALL).alias("sector"),
        pl.col("value").fill_nan(None),
    )


def _tidy_rows(
    arms: PairedArms,
    arm: str,
    key: tuple[str, str],
    values: Floats,
    weeks: npt.NDArray[np.int64] | None,
) -> pl.DataFrame:
    import polars as pl

    seeds = np.array([record.seed for record in arms.records], dtype=np.uint64)
    size = values.shape[1]
    return pl.DataFrame(
        {
            "pair": np.repeat(seeds, size),
            "week": pl.Series(
                [None] * len(seeds) if weeks is None else np.tile(weeks, len(seeds)), dtype=pl.Int64
            ),
            "value": np.asarray(values, np.float64).ravel(),
        }
    ).with_columns(
        pl.lit(arm).alias("arm"),
        pl.lit(key[0]).alias("quantity"),
        pl.lit(key[1]).alias("size_class"),
        pl.lit(LEVEL).alias("effect"),
        pl.lit(RUN_QUANTITIES[key[0]].unit).alias("unit"),
    )
