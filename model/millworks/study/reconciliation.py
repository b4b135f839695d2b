"""From Leontief to the full week: what each mechanism takes off a dollar's effect, or adds.

Five mechanisms are switched on in all 32 subsets, by putting the parameters that drive them at
their `off` value or at that of the world asked for (`MECHANISMS`); v(S) is the effect of the same
orders with the subset S on. A mechanism's part is its Shapley value,

    φ_i = Σ_{S without i} |S|! (n - |S| - 1)! / n!  (v(S + i) - v(S))

the mean over all orders in which the mechanisms can be switched on, with the least and the most
that it does in any order. The parts add up exactly:

    full week = Leontief + horizon + detail + Σ φ_i

`horizon` is what linear agents have not yet done within the horizon, `detail` what stays when all
five are off and all else is on: recipes and mark-ups firm by firm, freight and rent, lots, seasons
and noise, spending out of profits. It comes first in every order, since it is no mechanism but the
district itself; what it does once the five are on cannot be told from them.

Each subset is a world of its own, founded and burnt in with the same seeds.

One mechanism cannot be told apart by itself: where money binds but capacity does not, no book is
ever too long, and a maker short of money takes orders, and hands, for goods it never makes. So each
part is given twice: over all 120 orders, and over the 60 in which capacity comes before credit
(Shapley values with a precedence: they add up as well). Report and screen show the second.

Reference: model specification §10.1; Shapley (1953); Faigle and Kern (1992) for precedences.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

import numpy as np

from millworks.parameters import Parameters, register
from millworks.study.effects import estimate
from millworks.study.friction_closures import SPENT, fork, run_arm
from millworks.study.friction_measures import QUANTITIES
from millworks.study.local_shares import founded
from millworks.world.closure import FreeClosure

if TYPE_CHECKING:
    from millworks.conf.schema import MultiplierConfig

Subset = frozenset[str]

MECHANISMS: dict[str, tuple[str, ...]] = {
    "capacity": ("utilisation", "ell0", "eta_h", "u0", "psi", "work_weeks"),
    "credit": (
        "cards",
        "rate_line",
        "rate_bank",
        "rate_cdfi",
        "rate_online",
        "debt_sales",
        "capital_pay",
        "cost_l",
        "late_p",
    ),
    "prices": ("gamma_p", "b_w", "mig", "zeta"),
    "displacement": ("q_sw",),
    "investment": (
        "expansion",
        "idle_use",
        "h_adopt",
        "adoption_scale",
        "theta_sp",
        "arrears",
        "insolvency",
        "hv0",
        "hv1",
    ),
}
"""Mechanism -> parameters of the register that are put at their `off` value to switch it off:
capacity, hands and stocks; money that binds; prices and wages; customers who change their supplier;
investment, technology and turnover."""

DETAIL: tuple[str, ...] = (
    "s_o",
    "chain_local",
    "K_o",
    "z_s",
    "draw",
    "draw_planned",
    "sigma0",
    "cv_o",
    "seasons",
    "cost_spread",
    "explicit_freight",
    "explicit_space",
    "government_speed",
    "sd_A",
    "m_sd",
    "tau_pi",
)
"""What else linear mode switches off: the district in detail, no mechanism of the bridge."""

PRECEDENCE = (("capacity", "credit"),)
"""Pairs (first, then) of mechanisms whose other order makes no sense."""

LINEAR = "linear"
"""The world with the detail off as well."""
REGIONS = ("local", "national")
TERMS = ("leontief", "horizon", "detail", *MECHANISMS)
"""Steps from Leontief to the full week, in the order in which they are shown."""


@dataclass(frozen=True)
class Step:
    """One step of the bridge per dollar ordered (jobs: per million).

    `value`: mean over the orders in which capacity comes before credit, `low`, `high` the least and
    the most in any of them, None for what has a fixed place; `shapley`, `lowest`, `highest`: the
    same over all orders. `mcse`: Monte-Carlo standard error of `value`, None with a single pair.
    """

    quantity: str
    region: str
    term: str
    value: float
    low: float | None
    high: float | None
    mcse: float | None
    shapley: float
    lowest: float | None
    highest: float | None


@dataclass(frozen=True)
class Bridge:
    """The steps for every quantity and region, their sums, and what the 32 worlds returned.

    `total`: (quantity, region) -> the full week; `worlds`: one row per quantity, region and subset;
    `gap`: largest difference between the sum of the steps and the full week.
    """

    steps: tuple[Step, ...]
    total: Mapping[tuple[str, str], float]
    worlds: tuple[dict[str, Any], ...]
    pairs: int
    gap: float

    def of(self, quantity: str, region: str) -> list[Step]:
        """The steps of one quantity and region, in their order."""
        return [s for s in self.steps if s.quantity == quantity and s.region == region]


def subsets(players: Sequence[str]) -> list[Subset]:
    """Return every subset, the small ones first."""
    return [
        frozenset(chosen)
        for size in range(len(players) + 1)
        for chosen in combinations(players, size)
    ]


def shapley(players: Sequence[str], worth: Mapping[Subset, float]) -> dict[str, float]:
    """Return each player's Shapley value in the game `worth`, which has every subset."""
    n = len(players)
    result = {}
    for player in players:
        total = 0.0
        for subset in subsets([other for other in players if other != player]):
            size = len(subset)
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            total += weight * (worth[subset | {player}] - worth[subset])
        result[player] = total
    return result


def over_orders(
    players: Sequence[str],
    worth: Mapping[Subset, float],
    precedence: Sequence[tuple[str, str]] = (),
) -> dict[str, tuple[float, float, float]]:
    """Return what each player adds: mean, least and most over the orders of joining.

    Only orders in which the first of each pair of `precedence` comes before the second. The means
    add up to the worth of all players together less that of none.
    """
    added: dict[str, list[float]] = {player: [] for player in players}
    for order in permutations(players):
        if any(order.index(first) > order.index(then) for first, then in precedence):
            continue
        joined: Subset = frozenset()
        for player in order:
            more = joined | {player}
            added[player].append(worth[more] - worth[joined])
            joined = more
    return {
        player: (math.fsum(values) / len(values), min(values), max(values))
        for player, values in added.items()
    }


def parameters_with(values: Parameters, on: Subset | None) -> Parameters:
    """Return `values` with every mechanism that is not in `on` off; None: the detail off as well.

    What is off in `values` stays off.
    """
    rows = register()
    off = {key for name, keys in MECHANISMS.items() if on is None or name not in on for key in keys}
    if on is None:
        off |= set(DETAIL)
    limits = {key: limit for key in off if (limit := rows[key].off) is not None}
    return Parameters(values.as_dict() | limits)


def bridge_tasks(config: MultiplierConfig) -> list[tuple[int, Subset | None]]:
    """Return (seed, mechanisms on) of every world of the bridge; None: the linear one."""
    worlds: list[Subset | None] = [None, *subsets(list(MECHANISMS))]
    return [(config.key_of(pair), on) for pair in range(config.bridge_pairs) for on in worlds]


def run_world(
    config: MultiplierConfig, seed: int, on: Subset | None
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return (region, quantity) -> effect in USD or job-years, and the dollars, of one world."""
    from millworks.economy.sectors import sector_index

    world = config.world
    chosen = parameters_with(world.values(), on).as_dict()
    world = world.model_copy(update={"parameters": chosen})
    sector = None if config.sector is None else sector_index(config.sector)
    model = founded(config.model_copy(update={"seed": seed, "world": world}))
    forked = fork(model, config.burn_in, sector)
    impulse = forked.impulse(SPENT, config.injection * forked.sales, sector)
    base = run_arm(forked, None, FreeClosure(), config.weeks).totals(config.weeks)
    after = run_arm(forked, impulse, FreeClosure(), config.weeks).totals(config.weeks)
    return {
        (region, quantity): (after[region, quantity] - base[region, quantity], impulse.usd)
        for region in REGIONS
        for quantity in QUANTITIES
    }


def bridge_of(
    config: MultiplierConfig,
    tasks: Sequence[tuple[int, Subset | None]],
    outcomes: Iterable[dict[tuple[str, str], tuple[float, float]]],
    known: Mapping[tuple[str, str], float],
) -> Bridge:
    """Put the worlds together; `known` are Leontief's figures by (region, quantity)."""
    found: dict[Subset | None, list[dict[tuple[str, str], tuple[float, float]]]] = {}
    for (_, on), outcome in zip(tasks, outcomes, strict=True):
        found.setdefault(on, []).append(outcome)
    steps: list[Step] = []
    total: dict[tuple[str, str], float] = {}
    rows: list[dict[str, Any]] = []
    gap = 0.0
    for quantity in QUANTITIES:
        for region in REGIONS:
            per_pair = {
                on: [_ratio(pair[region, quantity], quantity) for pair in pairs]
                for on, pairs in found.items()
            }
            worth = {
                on: _ratio(tuple(np.sum([p[region, quantity] for p in pairs], axis=0)), quantity)
                for on, pairs in found.items()
            }
            full = worth[frozenset(MECHANISMS)]
            mine = _steps(quantity, region, worth, per_pair, known[region, quantity], config)
            sums = sum(step.value for step in mine), sum(step.shapley for step in mine)
            gap = max(gap, *(abs(found - full) for found in sums))
            steps += mine
            total[quantity, region] = full
            rows += [
                {
                    "quantity": quantity,
                    "region": region,
                    "world": LINEAR if on is None else "+".join(m for m in MECHANISMS if m in on),
                    "value": value,
                }
                for on, value in worth.items()
            ]
    return Bridge(tuple(steps), total, tuple(rows), config.bridge_pairs, gap)


def _ratio(effect: tuple[float, ...], quantity: str) -> float:
    change, usd = effect
    return float(change / usd * (1e6 if quantity == "jobs" else 1.0))


def _steps(
    quantity: str,
    region: str,
    worth: Mapping[Subset | None, float],
    per_pair: Mapping[Subset | None, list[float]],
    known: float,
    config: MultiplierConfig,
) -> list[Step]:
    """The steps of one quantity in one region."""
    players = list(MECHANISMS)
    game = {on: value for on, value in worth.items() if on is not None}
    sound, every = over_orders(players, game, PRECEDENCE), over_orders(players, game)
    nothing: Subset = frozenset()

    def error(values: list[float]) -> float | None:
        found = estimate(np.array(values), config.confidence)
        return found.mcse if found else None

    linear, bare = per_pair[None], per_pair[nothing]
    pairs = range(len(bare))
    fixed = [
        ("leontief", known, None),
        ("horizon", worth[None] - known, error(linear)),
        ("detail", worth[nothing] - worth[None], error([bare[p] - linear[p] for p in pairs])),
    ]
    steps = [Step(quantity, region, term, v, None, None, e, v, None, None) for term, v, e in fixed]
    by_pair = [
        over_orders(
            players,
            {on: values[p] for on, values in per_pair.items() if on is not None},
            PRECEDENCE,
        )
        for p in pairs
    ]
    for player in players:
        mcse = error([added[player][0] for added in by_pair])
        value, low, high = sound[player]
        steps.append(Step(quantity, region, player, value, low, high, mcse, *every[player]))
    return steps
