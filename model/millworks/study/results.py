"""What a study hands to the report and the command line: plain data, no engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from millworks.economy.places import Place


@dataclass(frozen=True)
class Check:
    """One test of a run's health: `value` must stay within `tolerance`; `meaning` in words."""

    id: str
    passed: bool
    value: float
    tolerance: float
    meaning: str = ""


@dataclass(frozen=True)
class LinearResult:
    """The multiplier of one dollar of orders in linear mode, by agents and by Leontief.

    `rows`: one dict per figure with the keys of the contract (`year, sector, quantity, region,
    effect, table, simulated, analytic, relative_difference`); money quantities are USD per USD
    of orders, `jobs` are job-years (covered private jobs) per million USD of 2022.
    `path`: frame (week, effect direct|indirect|induced, region local|rest_of_us, value): gross
    output in USD per USD of orders in that week, week 0 = first week of the orders.
    `recipients`: frame (group, region local|rest_of_us, quantity, value): USD per USD of orders:
    who produced (quantity "output", groups are the size classes of makers, partners, retailers,
    each service block; region says where), who was paid by producers in the district ("income";
    region says where the paid are; sums to the value added of the district) and by producers in the
    rest of the US ("income_elsewhere"; sums to the value added there).
    `leakages`: frame (region local|rest_of_us|abroad|under_way, leakage, value): where the dollar
    came to rest, and as what; "local" is what stays in the district but is not spent again.
    Sums to one.
    `neighbourhood`: frames `nodes` (id, kind, label, sector, size_class, sales, received) and
    `edges` (buyer, seller, kind, sector, base_sales, received) of the supply network, with what
    each received over the horizon per USD of orders.
    `settled`: whether the run is long enough for the rounds of spending to have died away.
    `regionalisation`: the quotient that estimated local shares; `local_shares`: one dict per sector
    (see `study.local_shares.share_table`); `local_output_by_method`: Leontief's output in the
    district under every quotient for the same orders, USD per USD.
    """

    place: Place
    year: int
    sector: str
    seed: int
    horizon_weeks: int
    order_weeks: int
    injection_usd: float
    makers: int
    scale: float
    counts: dict[str, int]
    rows: list[dict[str, Any]]
    path: pl.DataFrame
    recipients: pl.DataFrame
    leakages: pl.DataFrame
    nodes: pl.DataFrame
    edges: pl.DataFrame
    checks: list[Check]
    worst_residual: float
    seconds: dict[str, float]
    assumptions: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)
    settled: bool = True
    regionalisation: str = ""
    local_shares: list[dict[str, Any]] = field(default_factory=list)
    local_output_by_method: dict[str, float] = field(default_factory=dict)
