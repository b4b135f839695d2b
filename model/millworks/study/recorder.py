"""What a run is measured by: named series that are read off the world after each week.

A measure is declared once, with its unit and what it adds up; studies take differences of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millworks.district_model import DistrictModel
from millworks.economy.technology import RET
from millworks.world.accounts import FIRMS

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """One series: name, unit, meaning, and how to read a week's value off the world."""

    name: str
    unit: str
    meaning: str
    read: Callable[[DistrictModel], Floats]


def _sum(world: DistrictModel, *columns: str, kinds: str = FIRMS) -> float:
    return sum(
        float(getattr(world.population(letter), name).sum()) for letter in kinds for name in columns
    )


def _output_by_sector(world: DistrictModel) -> Floats:
    return sum(
        (world.by_sector(letter, world.population(letter).output) for letter in FIRMS),
        np.zeros(len(world.technology.wage)),
    )


def _value_added(world: DistrictModel) -> Floats:
    spent = _sum(world, "services_local", "services_outside")
    goods = _sum(world, "goods_used", kinds="MPS") + _sum(world, "supplies_used", kinds="RC")
    return np.array(_sum(world, "output") - goods - spent)


def _pay(world: DistrictModel) -> Floats:
    return np.array(_sum(world, "wage_residents", "wage_commuters"))


def _job_years(world: DistrictModel) -> Floats:
    return np.array(_sum(world, "jobs") / 52.0)


def _taxes(world: DistrictModel) -> Floats:
    """Taxes on production to [the local government, others]."""
    rate = world.technology.tax
    due = sum(
        float((rate[world.population(k).sector] * world.population(k).output).sum()) for k in FIRMS
    )
    here = due * world.parameters.tax_local_share
    return np.array([here, due - here])


def _outside_inputs(world: DistrictModel) -> Floats:
    """Inputs from [the rest of the US, abroad]: goods used and services bought."""
    recipe = world.technology
    us = abroad = 0.0
    for letter in "MPS":
        firms = world.population(letter)
        used = world.by_sector(letter, firms.goods_used)
        us += float(recipe.goods_us.sum(axis=0) @ used)
        abroad += float(recipe.goods_abroad @ used)
    for letter in "RC":
        sold = _sum(world, "units_sold", kinds=letter)
        supplies = _sum(world, "supplies_used", kinds=letter)
        us += float(world.founding.network.shop_mix[letter].sum()) * sold
        us += float(recipe.goods_us[:, RET].sum()) * supplies
        abroad += recipe.shop_abroad * sold + float(recipe.goods_abroad[RET]) * supplies
    for letter in FIRMS:
        outside = world.by_sector(letter, world.population(letter).services_outside)
        whole = recipe.services_us.sum(axis=0) + recipe.services_abroad
        part = np.divide(
            recipe.services_abroad, whole, out=np.zeros_like(whole), where=whole != 0.0
        )
        abroad += float(part @ outside)
        us += float((1.0 - part) @ outside)
    return np.array([us, abroad])


def _households(world: DistrictModel) -> Floats:
    """[spent outside the place, taxes to the local government, to others, saved by workers]."""
    people = world.population("H")
    outside = float((people.spent_shops_outside + people.spent_services_outside).sum())
    here, there = float(people.tax_local.sum()), float(people.tax_outside.sum())
    return np.array([outside, here, there, float(people.saving[0])])


def _surplus(world: DistrictModel) -> Floats:
    """Gross surplus of [owners in the place, owners outside]."""
    rate = world.technology.national.surplus
    here = there = 0.0
    for letter in FIRMS:
        firms = world.population(letter)
        earned = rate[firms.sector] * firms.output
        kept = float((earned * firms.local_ownership).sum())
        here, there = here + kept, there + float(earned.sum()) - kept
    return np.array([here, there])


def _commuters(world: DistrictModel) -> Floats:
    return np.array(_sum(world, "wage_commuters"))


def _rest_of_us_output(world: DistrictModel) -> Floats:
    return world.rest_of_us.output.copy()


MEASURES: tuple[Measure, ...] = (
    Measure("output", "USD/week", "gross output of the place by sector", _output_by_sector),
    Measure("value_added", "USD/week", "value added in the place", _value_added),
    Measure("labour_income", "USD/week", "gross pay of jobs in the place", _pay),
    Measure("jobs", "job-years/week", "covered private jobs in the place", _job_years),
    Measure("taxes", "USD/week", "taxes on production to local government, to others", _taxes),
    Measure("surplus", "USD/week", "gross surplus of owners here and outside", _surplus),
    Measure("commuters", "USD/week", "pay of in-commuters", _commuters),
    Measure(
        "outside_inputs", "USD/week", "inputs from the rest of the US, from abroad", _outside_inputs
    ),
    Measure(
        "households",
        "USD/week",
        "residents' spending outside, taxes to local government, to others, workers' saving",
        _households,
    ),
    Measure(
        "rest_of_us_output",
        "USD/week",
        "output in the rest of the US by sector",
        _rest_of_us_output,
    ),
)


class Recorder:
    """The series of one arm, and each agent's and link's total over the run.

    `series[name]`: [weeks, ...]; `agent_output` [agents] USD over the run by id on the network;
    `link_shipped` [links] USD over the run.
    """

    def __init__(self, world: DistrictModel, weeks: int) -> None:
        self.weeks = weeks
        self.series: dict[str, Floats] = {}
        self.agent_output = np.zeros(world.trade.agents)
        self.link_shipped = np.zeros(len(world.trade.buyer))
        self._week = 0

    def record(self, world: DistrictModel) -> None:
        """Read every measure off the week that has just ended."""
        for measure in MEASURES:
            value = measure.read(world)
            if measure.name not in self.series:
                self.series[measure.name] = np.zeros((self.weeks, *np.shape(value)))
            self.series[measure.name][self._week] = value
        for letter in FIRMS:
            self.agent_output[world.trade.spans[letter]] += world.population(letter).output
        self.link_shipped += world.trade.shipped
        self._week += 1
