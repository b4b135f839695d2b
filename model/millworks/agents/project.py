"""Projects: what more capacity would cost, sell and be worth to an owner.

    gap   = (potential demand - .88 (K + capacity on order))⁺
    lump  = max(lump K, MES / (52 kc)),   dK = max(1, round(gap / lump)) lump,   y = min(gap, dK)
    cost  = 52 kc dK
    cm    = p - goods - services - taxes - freight - vshare · labour                USD per unit
    wc    = trade cycle of the firm's own terms and covers             USD per unit of annual output
    NPV(r)= (1-τ) 52 cm y a(r, 1/δ) (1+r)^(-deliv/52) + τ cost/7 a(r, 7)
            + wc 52 y ((1+r)^(-1/δ) - 1) - cost,           a(r, n) = (1 - (1+r)^-n) / r

K capacity in units a week, MES price of the smallest piece of equipment, kc USD of capital per unit
of annual output, τ tax on profit, δ wear a year, deliv weeks of delivery. Part of the pay is fixed
in an owner's appraisal, so that more output costs only vshare of it.

Source: model specification §7.13. Taxes on production and services are inputs here: both are paid
on every unit. Left out: risk, options to wait, rivals' projects, used machines.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from millworks.kernels import compiled


class ProjectRules(NamedTuple):
    """What owners go by when they judge a project."""

    use: float
    """Part of capacity beyond which demand calls for more (.88)."""
    least_gap: float
    """Least gap over capacity that is worth a thought (.05)."""
    lump: float
    """Size of a capacity step over capacity."""
    smallest: float
    """Price of the smallest piece of equipment (MES), USD."""
    capital_cost: float
    """Capital per unit of annual output (kc), USD."""
    life: float
    """Years a machine lasts (1/δ)."""
    delivery: float
    """Weeks from order to installation."""
    hurdle: float
    """Return an owner asks for, 1/year."""
    profit_tax: float
    pay_that_varies: float
    """Part of the pay that rises with output in an appraisal (vshare)."""
    tax_life: float
    """Years over which equipment is deducted from taxed profit (7)."""


@compiled
def annuity_factor(rate: float, years: float) -> float:
    """Present value of one dollar at the end of each of `years`, at `rate` a year."""
    if rate == 0.0:
        return years
    return -math.expm1(-years * math.log1p(rate)) / rate


@compiled
def discount(rate: float, years: float) -> float:
    """Present value of one dollar after `years`, at `rate` a year."""
    return math.exp(-years * math.log1p(rate))


@compiled
def expansion_gap(potential: float, capacity: float, on_order: float, rules: ProjectRules) -> float:
    """Demand above the used part of capacity, units a week."""
    return max(0.0, potential - rules.use * (capacity + on_order))


@compiled
def smallest_step(rules: ProjectRules) -> float:
    """Capacity of the smallest piece of equipment, units a week."""
    return rules.smallest / (52.0 * rules.capital_cost)


@compiled
def lumps_wanted(gap: float, lump: float) -> int:
    """Number of capacity steps that come nearest to the gap, at least one."""
    if lump <= 0.0:
        return 0
    return max(1, math.floor(gap / lump + 0.5))


@compiled
def project_cost(capacity: float, rules: ProjectRules) -> float:
    """Price of more capacity (units a week), USD."""
    return 52.0 * rules.capital_cost * capacity


@compiled
def contribution(price: float, inputs: float, labour: float, pay_that_varies: float) -> float:
    """What one more unit leaves, USD: `inputs` are goods, services, taxes and freight per unit."""
    return price - inputs - pay_that_varies * labour


@compiled
def working_capital(
    price: float, receivable_share: float, payable_share: float, stock_weeks_cost: float
) -> float:
    """Money tied up per unit of annual output, USD, not below zero.

    `receivable_share`, `payable_share`: receivables and payables over a year's sales;
    `stock_weeks_cost`: weeks of cover times the cost of what is held per unit, USD weeks.
    """
    return max(0.0, price * (receivable_share - payable_share) + stock_weeks_cost / 52.0)


@compiled
def net_present_value(
    units: float,
    contribution: float,
    working_capital: float,
    cost: float,
    rate: float,
    rules: ProjectRules,
) -> float:
    """Worth of a project to its owner today, USD, at a rate a year.

    `units` a week that it will sell; `contribution` USD a unit; `working_capital` USD per unit of
    annual output; `cost` USD.
    """
    annual = 52.0 * units
    earned = annual * contribution * annuity_factor(rate, rules.life)
    earned *= (1.0 - rules.profit_tax) * discount(rate, rules.delivery / 52.0)
    saved_tax = rules.profit_tax * cost / rules.tax_life * annuity_factor(rate, rules.tax_life)
    tied_up = working_capital * annual * (discount(rate, rules.life) - 1.0)
    return earned + saved_tax + tied_up - cost
