"""What a dollar spent on makers, or invested in them, does in a district with frictions.

    M_q,r(H) = mean over pairs of Σ_{t0}^{t0+H} (q_P - q_B) / Σ X

q output, value added, labour income or job-years, r the district or the nation, net of the sales
that the rest of the US loses. Per dollar *ordered*: every order counts, whether it is served or
not; per dollar *net delivered*: what the district's manufacturers ship outside in P less in B, so
that customers they lose are taken off (a ratio of means, for both are outcomes). A dollar accepted
is an outcome too, and divides nothing. Σ X is the same part of base-year sales for every seed, so
the mean is the ratio of means where all makers of a place are simulated.

Each pair is one seed: founding, burn-in, then all arms from the same bytes. Intervals are those of
the paired bootstrap (`study.effects`). Horizons beyond 208 weeks are shown with 200 pairs or more.

Reference: model specification §10.1.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.economy.places import load_place
from millworks.errors import InputError
from millworks.parameters import register
from millworks.study.effects import ratio_estimate
from millworks.study.friction_closures import EFFECTS, LEVY, OUTSIDE, SPENT, TOTAL
from millworks.study.friction_measures import QUANTITIES, REGIONS
from millworks.study.friction_pairs import FACTS, PairRecord, horizons_shown, run_pair
from millworks.study.friction_results import (
    DELIVERED,
    INVESTED,
    ORDERED,
    FrictionResult,
    FrictionRow,
)
from millworks.study.local_shares import founded
from millworks.study.results import Check

if TYPE_CHECKING:
    import polars as pl

    from millworks.conf.schema import MultiplierConfig
    from millworks.study.reconciliation import Bridge

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int, str], None]

CHANGE = "total"
"""Name of the effect of everything together."""


def run(config: MultiplierConfig, jobs: int, progress: Progress) -> FrictionResult:
    """Run every pair, and the bridge if it is asked for, in `jobs` processes.

    The result does not depend on `jobs`. Raises InputError for a sector that nobody makes.
    """
    from millworks.study.reconciliation import bridge_of, bridge_tasks, run_world

    check(config)
    started = time.perf_counter()
    bridging = config.mode == SPENT and config.bridge_pairs > 0
    worlds = bridge_tasks(config) if bridging else []
    calls: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (run_pair, (config, seed)) for seed in config.seeds_used
    ]
    calls += [(run_world, (config, *task)) for task in worlds]
    progress(0, len(calls), "pairs of runs")
    found: dict[int, Any] = {}
    for done, (place, outcome) in enumerate(_run_all(calls, jobs), start=1):
        found[place] = outcome
        progress(done, len(calls), "pairs of runs" if done < config.pairs else "worlds between")
    pairs = [found[place] for place in range(config.pairs)]
    rest = [found[place] for place in range(config.pairs, len(calls))]
    known = leontief(config, pairs) if config.mode == SPENT else None
    bridge = bridge_of(config, worlds, rest, known) if bridging and known else None
    result = assembled(config, pairs, known, bridge)
    result.seconds["study"] = time.perf_counter() - started
    return result


def check(config: MultiplierConfig) -> None:
    """Refuse what only linear mode can answer; InputError."""
    if config.sector == "all":
        raise InputError(
            "sector is all; with frictions one sector or all makers together can be asked for, "
            "sector by sector only with --linear."
        )
    if config.order_weeks != 52:
        raise InputError(
            f"order_weeks is {config.order_weeks}; with frictions the dollars come over 52 weeks."
        )


def _run_all(
    calls: list[tuple[Callable[..., Any], tuple[Any, ...]]], jobs: int
) -> Iterator[tuple[int, Any]]:
    """Yield (place in the list, outcome) as calls end, in this process or in several."""
    workers = min(jobs, len(calls))
    if workers == 1:
        for place, (function, arguments) in enumerate(calls):
            yield place, function(*arguments)
        return
    from joblib import Parallel, delayed

    pool = Parallel(n_jobs=workers, return_as="generator_unordered", batch_size=1)
    yield from pool(delayed(_placed)(place, *call) for place, call in enumerate(calls))


def _placed(
    place: int, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> tuple[int, Any]:
    return place, function(*arguments)


def assembled(
    config: MultiplierConfig,
    pairs: list[PairRecord],
    known: dict[tuple[str, str], float] | None,
    bridge: Bridge | None,
) -> FrictionResult:
    """Put what the pairs left together."""
    place = load_place(config.district, config.makers, year=config.year)
    assert config.mode is not None
    usd = float(np.mean([pair.usd[config.injection] for pair in pairs]))
    residual = max(pair.residual for pair in pairs)
    parameters = config.world.values()
    model_facts = {name: float(np.mean([pair.facts[name] for pair in pairs])) for name in FACTS}
    for name in ("paid_in", "lacking", "levied"):
        model_facts[name] = model_facts[name] / usd if usd else 0.0
    return FrictionResult(
        place=place,
        year=config.year,
        mode=config.mode,
        sector=config.sector,
        seeds=config.seeds_used,
        weeks=config.weeks,
        burn_in=config.burn_in,
        injection=config.injection,
        usd=usd,
        sales=float(np.mean([pair.sales for pair in pairs])),
        confidence=config.confidence,
        makers=pairs[0].counts["makers"],
        scale=pairs[0].scale,
        counts=pairs[0].counts,
        rows=list(_rows(config, pairs)),
        path=_path(config, pairs),
        tidy=_tidy(config, place.slug, pairs),
        leontief=known,
        bridge=bridge,
        facts=model_facts,
        checks=_checks(pairs, residual, bridge),
        worst_residual=residual,
        seconds={},
        assumptions=[
            {
                "key": key,
                "value": parameters[key],
                "unit": spec.unit,
                "meaning": spec.meaning,
                "source": spec.source,
            }
            for key, spec in register().items()
        ],
        notes=list(place.notes),
    )


def _rows(config: MultiplierConfig, pairs: list[PairRecord]) -> Iterator[FrictionRow]:
    """Every figure: the headline's effects, then horizons, sizes, payers, and net delivered."""
    size, weeks = config.injection, config.weeks
    per = ORDERED if config.mode == SPENT else INVESTED
    before: str | None = None
    for effect in EFFECTS:
        yield from _figures(config, pairs, effect, before, effect, per, weeks, size, OUTSIDE)
        before = effect
    for horizon in horizons_shown(config):
        yield from _figures(config, pairs, TOTAL, None, CHANGE, per, horizon, size, OUTSIDE)
        if config.mode == SPENT:
            yield from _figures(
                config, pairs, TOTAL, None, CHANGE, DELIVERED, horizon, size, OUTSIDE
            )
    for other in pairs[0].usd:
        if other != size:
            arm = OUTSIDE, other
            yield from _figures(config, pairs, arm, None, CHANGE, per, weeks, other, OUTSIDE)
    arm = LEVY, size
    yield from _figures(config, pairs, arm, None, CHANGE, per, weeks, size, LEVY)


def _figures(
    config: MultiplierConfig,
    pairs: list[PairRecord],
    arm: Any,
    less: Any,
    effect: str,
    per: str,
    weeks: int,
    size: float,
    payer: str,
) -> Iterator[FrictionRow]:
    """Figures of one arm less another (None: the baseline), for all quantities and regions.

    Pairs into which nothing could be put, because nobody lacked money, count for nothing.
    """
    pairs = [pair for pair in pairs if pair.usd[size] > 0.0]

    def change(key: Any) -> Floats:
        return np.array(
            [
                pair.arms[arm][weeks][key]
                - (pair.base[weeks] if less is None else pair.arms[less][weeks])[key]
                for pair in pairs
            ]
        )

    usd = np.array([pair.usd[size] for pair in pairs])
    # Dollars put in are known; what they are divided by has an error only per net delivered dollar.
    below = change("delivered") / usd if per == DELIVERED else np.ones(len(pairs))
    keys: list[tuple[str, str, Floats]] = [
        (quantity, region, change((region, quantity)))
        for quantity in QUANTITIES
        for region in REGIONS
    ]
    if per != DELIVERED:
        keys.append(("delivered", "local", change("delivered")))
    for quantity, region, tops in keys:
        tops = tops / usd * (1e6 if quantity == "jobs" else 1.0)
        found = ratio_estimate(tops, below, config.confidence) if pairs else None
        yield FrictionRow(
            quantity,
            region,
            effect,
            per,
            weeks,
            size,
            payer,
            found.mean if found else None,
            found.mcse if found else None,
            found.low if found else None,
            found.high if found else None,
            len(pairs),
        )


def _path(config: MultiplierConfig, pairs: list[PairRecord]) -> pl.DataFrame:
    """Output accumulated since the first dollar, by effect and region, USD per USD."""
    import polars as pl

    size = config.injection
    each = [pair.path / pair.usd[size] for pair in pairs if pair.usd[size] > 0.0]
    summed = np.mean(each or [np.zeros_like(pairs[0].path)], axis=0).cumsum(axis=2)
    rows = []
    for number, effect in enumerate(EFFECTS):
        before = summed[number - 1] if number else np.zeros_like(summed[0])
        for region, values, less in zip(("local", "national"), summed[number], before, strict=True):
            rows += [
                (week, region, effect, float(value))
                for week, value in enumerate(values - less, start=1)
            ]
    return pl.DataFrame(rows, schema=["week", "region", "effect", "value"], orient="row")


def _tidy(config: MultiplierConfig, slug: str, pairs: list[PairRecord]) -> pl.DataFrame:
    """What each pair left: totals over the weeks, arm less baseline, and the dollars."""
    import polars as pl

    rows: list[tuple[Any, ...]] = []
    for number, pair in enumerate(pairs):
        for arm, by_week in pair.arms.items():
            size = arm[1] if isinstance(arm, tuple) else config.injection
            name = arm if isinstance(arm, str) else _arm_name(*arm)
            for weeks, totals in by_week.items():
                rows.append((name, number, weeks, slug, "dollars", "total", pair.usd[size], "USD"))
                for key, value in totals.items():
                    region, quantity = key if isinstance(key, tuple) else ("local", key)
                    change = value - pair.base[weeks][key]
                    unit = {"jobs": "job-years", "active": "maker-weeks"}.get(quantity, "USD")
                    where = slug if region == "local" else region
                    rows.append((name, number, weeks, where, quantity, "total", change, unit))
    schema = ["arm", "pair", "week", "district", "quantity", "effect", "value", "unit"]
    frame = pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None)
    return frame.with_columns(
        size_class=pl.lit("all"), sector=pl.lit(config.sector or "MFG"), value=pl.col("value") + 0.0
    )


def _arm_name(payer: str, size: float) -> str:
    return payer if payer == LEVY else f"{size:g} of annual sales"


def leontief(config: MultiplierConfig, pairs: Iterable[PairRecord]) -> dict[tuple[str, str], float]:
    """Type II of the table for the same orders: infinite horizon, no frictions, (region, quantity).

    Households respend s of gross pay, as in linear mode.
    """
    rates = config.world.values()
    weights = np.mean([pair.weights for pair in pairs], axis=0)
    technology = founded(config).technology
    local = technology.regional_table(rates.commuter_share)
    national = technology.national.table
    respent = rates.s_w * (1.0 - rates.commuter_share)
    found: dict[tuple[str, str], float] = {}
    for quantity in QUANTITIES:
        here = float(local.type_ii(quantity, weights, respent=respent).sum())
        whole = float(national.type_ii(quantity, weights, respent=rates.s_w).sum())
        found["local", quantity], found["national", quantity] = here, whole
        found["rest_of_us", quantity] = whole - here
    return found


def _checks(pairs: list[PairRecord], residual: float, bridge: Bridge | None) -> list[Check]:
    """Health of the run."""
    late = max(pair.facts["late_births"] for pair in pairs)
    makers = pairs[0].counts["makers"]
    checks = [
        Check("accounting_identities", residual <= 1e-9, residual, 1e-9, "books balance"),
        Check(
            "turnover_held",
            late <= 0.02 * makers,
            late,
            0.02 * makers,
            "makers in business that differ from the path while turnover is held",
        ),
    ]
    if bridge is not None:
        checks.append(
            Check("bridge_adds_up", bridge.gap <= 1e-9, bridge.gap, 1e-9, "steps of the bridge")
        )
    return checks
