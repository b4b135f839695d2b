"""What a dollar of orders does in a district in linear mode, by agents and by Leontief.

One model is founded, one baseline run; then, for each sector asked for, the nested closures of the
same orders (`millworks.study.closures`). The analytic twin is the table of the place
(`Technology.regional_table`) and the national table; the rest of the US is their difference.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import (
    N_SECTORS,
    SECTOR_NAMES,
    SECTORS,
    sector_index,
)
from millworks.errors import InputError
from millworks.parameters import register
from millworks.study.breakdown import leakages, neighbourhood, recipients, weekly_path
from millworks.study.closures import HELD, Baseline, run_arms, run_baseline
from millworks.study.local_shares import (
    founded,
    local_output,
    own_mix,
    recipes_by_method,
    share_table,
)
from millworks.study.recorder import Recorder
from millworks.study.results import Check, LinearResult
from millworks.world.order_programme import OrderProgramme

if TYPE_CHECKING:
    from millworks.conf.schema import MultiplierConfig

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int, str], None]

QUANTITIES = ("output", "value_added", "labour_income", "jobs")
REGIONS = ("local", "rest_of_us", "national")
TOLERANCE = 5e-4
"""Largest relative difference between agents' and Leontief's output, in the district and in the
US, once the rounds have died away (model specification, T2 and T3)."""
FULL_HORIZON = 104
"""Weeks that must be followed for that, at least: the rounds of household spending are slow."""
WEEKS_AFTER_ORDERS = 52
"""Weeks that must be left after the last order."""


def run(config: MultiplierConfig, progress: Progress) -> LinearResult:
    """Return the multiplier of `config.sector`, or of the district's own mix of makers."""
    return _Study(config, progress).multiplier(config.sector)


def run_all(config: MultiplierConfig, progress: Progress) -> list[LinearResult]:
    """Return the multiplier of every sector that the district has."""
    study = _Study(config, progress)
    made = study.model.founding.base.output > 0.0
    codes = [code for code, here in zip(SECTORS, made, strict=True) if here]
    study.total = config.weeks * (1 + len(HELD) * len(codes))
    return [study.multiplier(code) for code in codes]


class _Study:
    """A founded model and its baseline, from which the orders of any sector can be followed."""

    def __init__(self, config: MultiplierConfig, progress: Progress) -> None:
        self.config, self.progress = config, progress
        self.total = config.weeks * (1 + len(HELD))
        self.done = 0
        self.seconds: dict[str, float] = {}
        started = time.perf_counter()
        progress(0, self.total, "founding the district")
        self.parameters = config.world.values()
        self.model = founded(config)
        self.recipes = recipes_by_method(config, self.model)
        self.seconds["founding"] = time.perf_counter() - started
        started = time.perf_counter()
        self.baseline: Baseline = run_baseline(self.model, config.weeks, self._tick("baseline"))
        self.seconds["baseline"] = time.perf_counter() - started

    def multiplier(self, sector: str | None) -> LinearResult:
        """Follow the orders of one sector, or of all manufacturing by output."""
        config, model = self.config, self.model
        weights = self._weights(sector)
        label = sector or "manufacturing"
        sales = float(model.founding.flows_by_sector @ (weights > 0.0)) * 52.0
        amount = config.injection * sales
        programme = OrderProgramme(
            tuple(weights * amount / config.order_weeks), 0, config.order_weeks
        )
        started = time.perf_counter()
        arms = run_arms(model, self.baseline, programme, config.weeks, self._tick(label))
        self.seconds["closures"] = time.perf_counter() - started
        base = self.baseline.record
        rows = self._rows(arms, base, weights, amount, sector or "MFG")
        nodes, edges = neighbourhood(model, arms["induced"], base, amount)
        return LinearResult(
            place=model.founding.place,
            year=config.year,
            sector=sector or "MFG",
            seed=config.seed,
            horizon_weeks=config.weeks,
            order_weeks=config.order_weeks,
            injection_usd=amount,
            makers=model.populations["makers"].size,
            scale=model.founding.district.scale,
            counts={name: population.size for name, population in model.populations.items()},
            rows=rows,
            path=weekly_path(arms, base, amount),
            recipients=recipients(model, arms["induced"], base, amount),
            leakages=leakages(arms["induced"], base, amount, model),
            nodes=nodes,
            edges=edges,
            checks=self._checks(rows),
            settled=self._settled,
            worst_residual=max(model.invariants.worst.values()),
            seconds=dict(self.seconds),
            assumptions=self._assumptions(),
            regionalisation=config.world.regionalisation,
            local_shares=share_table(model, config.world.regionalisation, self.recipes),
            local_output_by_method=local_output(self.recipes, weights, self.parameters),
            notes=list(model.founding.place.notes) + list(model.founding.district.notes),
        )

    def _tick(self, label: str) -> Callable[[str], None]:
        def tick(arm: str) -> None:
            self.done += 1
            self.progress(self.done, self.total, label if arm == label else f"{label}: {arm}")

        return tick

    def _weights(self, sector: str | None) -> Floats:
        """[34] shares of the orders by sector; InputError for a sector that makes nothing here."""
        if sector is None:
            return own_mix(self.model)
        output = self.model.founding.flows_by_sector
        index = sector_index(sector)
        if output[index] <= 0.0:
            made = [code for code, value in zip(SECTORS, output, strict=True) if value > 0.0]
            raise InputError(
                f"sector {sector} ({SECTOR_NAMES[sector]}): nobody makes it in"
                f" {self.model.founding.place.name}; choose one of {', '.join(made)}."
            )
        return np.eye(N_SECTORS)[index]

    def _rows(
        self,
        arms: dict[str, Recorder],
        base: Recorder,
        weights: Floats,
        amount: float,
        sector: str,
    ) -> list[dict[str, object]]:
        """One row per quantity, region, effect and table: agents beside Leontief."""
        simulated = {arm: self._simulated(record, base, amount) for arm, record in arms.items()}
        type_i, type_ii = self._analytic(weights)
        direct = self._direct(weights)
        rows: list[dict[str, object]] = []
        for quantity in QUANTITIES:
            for region in REGIONS:
                key = quantity, region
                d, i, p = (simulated[arm][key] for arm in HELD)
                first, closed, begun = type_i[key], type_ii[key], direct[key]
                for table, effect, found, known in (
                    ("type_i", "direct", d, begun),
                    ("type_i", "indirect", i - d, first - begun),
                    ("type_i", "total", i, first),
                    ("type_ii", "direct", d, begun),
                    ("type_ii", "indirect", i - d, first - begun),
                    ("type_ii", "induced", p - i, closed - first),
                    ("type_ii", "total", p, closed),
                ):
                    rows.append(
                        {
                            "year": self.config.year,
                            "sector": sector,
                            "quantity": quantity,
                            "region": region,
                            "effect": effect,
                            "table": table,
                            "simulated": found,
                            "analytic": known,
                            "relative_difference": _relative(found, known),
                        }
                    )
        return rows

    def _simulated(
        self, record: Recorder, base: Recorder, amount: float
    ) -> dict[tuple[str, str], float]:
        """Totals over the horizon per USD of orders (jobs: job-years per million USD)."""
        national = self.model.technology.national
        there = (record.series["rest_of_us_output"] - base.series["rest_of_us_output"]).sum(axis=0)
        coefficients = {
            "output": np.ones(N_SECTORS),
            "value_added": national.value_added,
            "labour_income": national.compensation,
            "jobs": self.model.technology.jobs,
        }
        result = {}
        for quantity in QUANTITIES:
            per = 1e6 / amount if quantity == "jobs" else 1.0 / amount
            here = float((record.series[quantity] - base.series[quantity]).sum()) * per
            outside = float(coefficients[quantity] @ there) * per
            result[quantity, "local"] = here
            result[quantity, "rest_of_us"] = outside
            result[quantity, "national"] = here + outside
        return result

    def _analytic(
        self, weights: Floats
    ) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
        """Leontief's Type I and Type II by quantity and region."""
        rates = self.parameters
        local = self.model.technology.regional_table(rates.commuter_share)
        national = self.model.technology.national.table
        respent = rates.s_w * (1.0 - rates.commuter_share)
        type_i: dict[tuple[str, str], float] = {}
        type_ii: dict[tuple[str, str], float] = {}
        for quantity in QUANTITIES:
            for table, here, whole in (
                (type_i, local.type_i(quantity, weights), national.type_i(quantity, weights)),
                (
                    type_ii,
                    local.type_ii(quantity, weights, respent=respent),
                    national.type_ii(quantity, weights, respent=rates.s_w),
                ),
            ):
                table[quantity, "local"] = float(here.sum())
                table[quantity, "national"] = float(whole.sum())
                table[quantity, "rest_of_us"] = float(whole.sum() - here.sum())
        return type_i, type_ii

    def _direct(self, weights: Floats) -> dict[tuple[str, str], float]:
        """The direct effect: what the ordered goods themselves take."""
        national = self.model.technology.national
        per_dollar = {
            "output": 1.0,
            "value_added": float(national.value_added @ weights),
            "labour_income": float(national.compensation @ weights),
            "jobs": float(national.jobs_per_million @ weights),
        }
        return {
            (quantity, region): 0.0 if region == "rest_of_us" else per_dollar[quantity]
            for quantity in QUANTITIES
            for region in REGIONS
        }

    @property
    def _settled(self) -> bool:
        """Whether the run is long enough for the rounds of spending to have died away."""
        weeks, orders = self.config.weeks, self.config.order_weeks
        return weeks >= FULL_HORIZON and weeks - orders >= WEEKS_AFTER_ORDERS

    def _checks(self, rows: list[dict[str, object]]) -> list[Check]:
        """Health of the run: identities, and agents against Leontief."""
        worst = max(
            abs(float(row["relative_difference"]))  # type: ignore[arg-type]
            for row in rows
            if row["effect"] == "total"
            and row["quantity"] == "output"
            and row["region"] != "rest_of_us"
        )
        residual = max(self.model.invariants.worst.values())
        checks = [Check("accounting_identities", residual <= 1e-9, residual, 1e-9)]
        if self._settled:
            checks.append(Check("agents_equal_leontief", worst <= TOLERANCE, worst, TOLERANCE))
        return checks

    def _assumptions(self) -> list[dict[str, object]]:
        """Every parameter the run read, with its source."""
        return [
            {
                "key": key,
                "value": self.parameters[key],
                "unit": spec.unit,
                "meaning": spec.meaning,
                "source": spec.source,
            }
            for key, spec in register().items()
        ]


def _relative(found: float, known: float) -> float | None:
    """Relative difference; None where Leontief's figure is zero and the agents' is not."""
    if known == 0.0:
        return 0.0 if abs(found) < 1e-12 else None
    return found / known - 1.0
