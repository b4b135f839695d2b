"""Benefits and costs of a policy arm against its baseline: to residents, and to the nation.

    residents' benefit = PV[ (1-ω) w ΔL + L_B Δw          pay after tax, at what time is worth
                             + Δ owners' income           after their firms' taxes
                             - ΔP Q_B                     cheaper goods
                             + Δ handed to households     rebates
                             + Δ local tax ]              all before any levy
    benefit over cost  = benefit / [ K + mcf · (part of K that a levy pays for) ]

L residents' labour at wages of the base year, w pay after tax for a unit of it, P price of
residents' basket and Q_B what they buy of it in the baseline; K net public cost; PV at 3 % a year
to the first week. ω is what the time of a newly employed resident is worth to them otherwise, as a
part of pay, and mcf what raising a dollar of levy costs beyond that dollar: both are *evaluation
parameters*, they change no run. Owners bear what their firms lose on what they own, and gain what
is written off of their debts.

Three versions: `local` sets residents' benefit against public cost; `of_all` sets it against what
all payers put in (partners, adopters, federal programmes); `national` sets against that what the
nation gains,

    PV[ Δ value added + Δ programmes' pay and purchases - Δ members' fees - Δ wear of capital
        + Δ money handed over - ω Δ labour ]     of the district and of the rest of the US

where sales that makers win from the rest of the US count as lost there (`world.rest_of_us`). That
takes no ring; with one, what `study.around` measured replaces the rest of the US.

Source: model specification §10.4; opportunity cost of labour and marginal cost of funds are
assumptions with a range. Left out: who gains among residents; wear of capital in the rest of the
US; the use of time by those who lose work.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError
from millworks.study.effects import Estimate, estimate, ratio_estimate
from millworks.study.quantities import BENEFIT_QUANTITIES
from millworks.study.run_figures import Window, costs
from millworks.study.run_measures import SMALLEST_COST
from millworks.study.run_results import Effect

Floats = npt.NDArray[np.float64]

LOCAL, OF_ALL, NATIONAL = "local", "of_all", "national"
QUANTITY = {
    LOCAL: "benefit_cost",
    OF_ALL: "benefit_cost_of_all",
    NATIONAL: "benefit_cost_national",
}
"""Version -> the quantity that is its ratio."""

AROUND_VALUE_ADDED, AROUND_LABOUR = 1, 2
"""Places in `study.around.QUANTITIES`, which follows four of the ring and four of the rest."""


@dataclass(frozen=True)
class EvaluationParameter:
    """A number that values results and changes none: `default` with the range `low` to `high`."""

    key: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str


EVALUATION: dict[str, EvaluationParameter] = {
    parameter.key: parameter
    for parameter in (
        EvaluationParameter(
            "omega",
            0.45,
            0.3,
            0.6,
            "share of pay",
            "what the time of the newly employed is worth to them otherwise (ω)",
            "assumption",
        ),
        EvaluationParameter(
            "mcf",
            0.25,
            0.0,
            0.5,
            "USD per USD",
            "what raising a dollar of levy costs beyond that dollar (marginal cost of funds)",
            "assumption",
        ),
    )
}


@dataclass(frozen=True)
class Evaluation:
    """Values of the evaluation parameters; InputError for one outside its range."""

    omega: float = EVALUATION["omega"].default
    mcf: float = EVALUATION["mcf"].default

    def __post_init__(self) -> None:
        """Hold each value against its range."""
        for key, spec in EVALUATION.items():
            value = getattr(self, key)
            if not spec.low <= value <= spec.high:
                raise InputError(
                    f"{key} = {value:g}: it must lie between {spec.low:g} and {spec.high:g}."
                )


USUAL = Evaluation()


@dataclass(frozen=True, eq=False)
class BenefitCost:
    """One version: present values over the horizon, USD of the whole place, [pairs].

    `parts` add up to `benefit`; `ratio` is that of the means, None where the cost is below
    `SMALLEST_COST` or cannot be told from nothing.
    """

    parts: dict[str, Floats]
    benefit: Floats
    cost: Floats
    ratio: Estimate | None


def benefit_cost(
    policy: Window,
    baseline: Window,
    confidence: float,
    values: Evaluation = USUAL,
    around: tuple[Floats, Floats] | None = None,
) -> dict[str, BenefitCost]:
    """Return the versions `local`, `of_all` and `national` for windows [pairs, periods].

    Windows are those of all periods of a horizon, for they are discounted. With a ring give
    `around`, the sums [pairs, periods, 8] of the policy arm and of the baseline (`study.around`).
    """
    public, everybody = costs_with_funds(policy, baseline, values)
    residents = residents_parts(policy, baseline, values)
    nation = national_parts(policy, baseline, values, around)
    return {
        LOCAL: _set_against(residents, public, confidence),
        OF_ALL: _set_against(residents, everybody, confidence),
        NATIONAL: _set_against(nation, everybody, confidence),
    }


def _set_against(parts: dict[str, Floats], cost: Floats, confidence: float) -> BenefitCost:
    benefit: Floats = np.sum(list(parts.values()), axis=0)
    clear = float(cost.mean()) >= SMALLEST_COST
    ratio = ratio_estimate(benefit, cost, confidence) if clear else None
    return BenefitCost(parts, benefit, cost, ratio)


def residents_parts(policy: Window, baseline: Window, values: Evaluation) -> dict[str, Floats]:
    """Return what residents gain, by kind, USD of present value [pairs]."""
    labour = policy.of("labour_residents"), baseline.of("labour_residents")
    wage = _net_wage(policy), _net_wage(baseline)
    price, base_price = _price(policy), _price(baseline)

    def gained(name: str) -> Floats:
        return policy.present(policy.of(name) - baseline.of(name))

    return {
        "new_work": policy.present((1.0 - values.omega) * wage[0] * (labour[0] - labour[1])),
        "better_pay": policy.present(labour[1] * (wage[0] - wage[1])),
        "owners": gained("owners_income"),
        "prices": policy.present((base_price - price) * baseline.of("consumption_base")),
        "handed_over": gained("rebates"),
        "local_tax": gained("local_tax"),
    }


def _net_wage(window: Window) -> Floats:
    """Residents' pay after tax per USD of their labour at wages of the base year."""
    net = window.of("pay_residents") - window.of("pay_taxes")
    return _over(net, window.of("labour_residents"))


def _price(window: Window) -> Floats:
    """Price of residents' basket over the base year's."""
    return _over(window.of("consumption"), window.of("consumption_base"))


def _over(top: Floats, bottom: Floats) -> Floats:
    """The ratio, 0 where there is nothing to divide by: it then weighs nothing."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0.0)


def national_parts(
    policy: Window,
    baseline: Window,
    values: Evaluation,
    around: tuple[Floats, Floats] | None = None,
) -> dict[str, Floats]:
    """Return what the nation gains, by kind, USD of present value [pairs]."""

    def gained(*names: str) -> Floats:
        changes = [policy.of(name) - baseline.of(name) for name in names]
        return policy.present(np.sum(changes, axis=0))

    if around is None:
        added, labour = gained("us_value_added"), gained("us_labour")
    else:
        change = (around[0] - around[1]) * policy.scale  # what is around has its true size
        places = change.reshape(*change.shape[:-1], 2, -1).sum(axis=-2)
        added = policy.present(places[..., AROUND_VALUE_ADDED])
        labour = policy.present(places[..., AROUND_LABOUR])
    return {
        "made_here": gained("district_value_added", "programme_income") - gained("wear"),
        "made_elsewhere": added,
        "time": -values.omega * (gained("labour") + labour),
        "handed_over": gained("programme_transfers"),
    }


def costs_with_funds(
    policy: Window, baseline: Window, values: Evaluation = USUAL
) -> tuple[Floats, Floats]:
    """Return what the public and what all payers put in, with the cost of raising levies, [pairs].

    USD of present value; of capital the annuity over its life (`study.run_measures`).
    """
    funds = values.mcf * (_paid_by_levy(policy) - _paid_by_levy(baseline))
    public, everybody = (
        (policy.of(name) - baseline.of(name)).sum(axis=-1) / policy.scale
        for name in ("cost_present", "resource_cost_present")
    )
    return public + funds, everybody + funds


def _paid_by_levy(window: Window) -> Floats:
    """The part of net public cost that a levy pays for, as of what policies paid out, [pairs]."""
    paid = np.sum([part.sum(axis=-1) for part in costs(window).values()], axis=0)
    by_levy = window.of("outlay_by_levy").sum(axis=-1) / window.scale
    part = _over(by_levy, paid + np.zeros_like(by_levy))
    return np.asarray(part * window.of("cost_present").sum(axis=-1) / window.scale)


def range_of_ratio(
    policy: Window,
    baseline: Window,
    confidence: float,
    version: str = LOCAL,
    around: tuple[Floats, Floats] | None = None,
) -> tuple[float, float] | None:
    """Return the least and the largest ratio of means over the ranges of `EVALUATION`.

    Both parameters move the ratio one way each, so its extremes are at the corners. None where a
    corner has no ratio.
    """
    found = []
    ends = [(spec.low, spec.high) for spec in EVALUATION.values()]
    for corner in itertools.product(*ends):
        values = Evaluation(**dict(zip(EVALUATION, corner, strict=True)))
        ratio = benefit_cost(policy, baseline, confidence, values, around)[version].ratio
        if ratio is None:
            return None
        found.append(ratio.mean)
    return min(found), max(found)


def benefit_effects(
    policy: Window,
    baseline: Window,
    confidence: float,
    around: tuple[Floats, Floats] | None = None,
) -> list[Effect]:
    """Return the quantities of `BENEFIT_QUANTITIES` as effects, at the usual evaluation."""
    found = benefit_cost(policy, baseline, confidence, USUAL, around)
    benefit = found[LOCAL].benefit
    effects = [_effect("benefit", "level", LOCAL, estimate(benefit, confidence), benefit.size)]
    for version, quantity in QUANTITY.items():
        region = NATIONAL if version == NATIONAL else LOCAL
        effects.append(_effect(quantity, "ratio", region, found[version].ratio, benefit.size))
    return effects


def _effect(quantity: str, kind: str, region: str, found: Estimate | None, pairs: int) -> Effect:
    return Effect(
        quantity=quantity,
        effect=kind,
        region=region,
        size_class="all",
        unit=BENEFIT_QUANTITIES[quantity].unit,
        baseline=None,
        mean=found.mean if found else None,
        mcse=found.mcse if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        pairs=pairs,
        detectable=found.detectable if found else None,
    )


def evaluation_rows(values: Evaluation = USUAL) -> list[dict[str, Any]]:
    """Return the evaluation parameters as rows of a study's assumptions."""
    return [
        {
            "key": key,
            "value": getattr(values, key),
            "unit": spec.unit,
            "meaning": spec.meaning,
            "source": spec.source,
        }
        for key, spec in EVALUATION.items()
    ]
