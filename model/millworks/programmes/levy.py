"""The levy: what programmes cost is charged on the incomes of those who live and trade here.

    needed = planned outlays + outlays smoothed - fund / n        USD a week, not below zero
    rate   = needed / income                                      share of income
    levy   = rate · (gross pay | draws | profit⁺ since the last filing)

Planned are outlays a policy announces for the week; what others pay out is smoothed over a quarter
and a surplus or a hole of the fund is worked off in n weeks. A study may ask for the same sum every
week instead, whatever is paid out. Income is smoothed over half a year.
Households pay when they are paid, firms when they file taxes, a week later; it is not deductible.

Source: model specification §7.18, §8 ("paid by a levy on income of households and firms unless the
scenario names another payer"). Left out: exemptions, and levies on property or on sales.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.world.accounts import FIRMS
from millworks.world.columns import CENT
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

INCOME_WEEKS = 26.0
"""Weeks over which the income that is liable is smoothed."""
LARGEST_RATE = 0.25
"""No levy takes more of an income; what is missing is bridged by notes."""


def set_rate(world: World) -> None:
    """Set this week's rate from what programmes need and what incomes are."""
    government, measures = world.population("G"), world.measures
    government.levy_rate[0] = 0.0
    if not measures.running:
        return
    needed = weekly_need(world) if measures.levy is None else measures.levy
    income = float(government.levy_base[0])
    if needed > 0.0 and income > 0.0:
        government.levy_rate[0] = min(LARGEST_RATE, needed / income)


def weekly_need(world: World) -> float:
    """USD that the outlays of the week and the state of the fund ask for; negative if too full."""
    government, measures = world.population("G"), world.measures
    planned = sum(measures.planned[p.name] for p in measures.policies if p.paid_by_levy)
    fund = float(government.programme_fund[0] + government.capital_debt[0])
    if abs(fund) < CENT:
        fund = 0.0  # what rounding left is nobody's debt
    weeks = world.parameters.levy_weeks
    return planned + float(government.outlay_smoothed[0]) - fund / weeks


def withhold(world: World) -> None:
    """Households pay the levy on the pay and draws of the week."""
    if not world.measures.running:
        return
    households = world.population("H")
    rate = float(world.population("G").levy_rate[0])
    households.levy[:] = rate * (households.pay_received + households.draws_received)
    world.ledger.book("levy withheld H>G")


def charge_firms(world: World, letter: str, liable: Floats) -> None:
    """Firms that file are charged on the profit they file, `liable` USD per row.

    The levy is not deductible: it is added back to the profit that is taxed next.
    """
    government, firms = world.population("G"), world.population(letter)
    government.levy_base[0] += add_all(liable) / _weeks_remembered(world)
    if not world.measures.running:
        return
    firms.levy[:] = float(government.levy_rate[0]) * liable
    firms.profit_quarter[:] += firms.levy
    world.ledger.book(f"levy charged {letter}>G")


def remember_income(world: World) -> None:
    """Smooth the income that is liable: pay and draws now, profits as they are filed."""
    government, households = world.population("G"), world.population("H")
    income = add_all(households.pay_received) + add_all(households.draws_received)
    government.levy_base[0] += (income - government.levy_base[0]) / _weeks_remembered(world)


def _weeks_remembered(world: World) -> float:
    """Weeks over which income is smoothed: all there are until there are enough."""
    return min(INCOME_WEEKS, world.week + 1.0)


def received(world: World) -> float:
    """What reached the government this week, USD."""
    paid = add_all(world.population("H").levy)
    for letter in FIRMS:
        paid += add_all(world.population(letter).pay_levy)
    return paid
