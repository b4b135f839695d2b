"""What the multiplier with frictions hands to report and files: plain data, no engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from millworks.economy.places import Place
    from millworks.study.reconciliation import Bridge
    from millworks.study.results import Check

ORDERED, DELIVERED, INVESTED = "ordered", "delivered", "invested"
"""What a figure is per dollar of."""


@dataclass(frozen=True)
class FrictionRow:
    """One figure with its interval over pairs.

    `quantity`: output, value_added, labour_income (USD per USD), jobs (job-years per million USD),
    delivered, levied or invested (USD per USD); `region`: local, rest_of_us, national (net of the
    sales that the rest of the US loses) or displaced (that part of it); `effect`: direct, indirect,
    induced, dynamic or total; `per`: dollar ordered, net delivered or invested; `weeks` after the
    first dollar; `injection`: share of annual sales; `payer`: outside or levy. `mcse`, `low`,
    `high` are None with a single pair, all four where the dollars below are not told from zero.
    """

    quantity: str
    region: str
    effect: str
    per: str
    weeks: int
    injection: float
    payer: str
    mean: float | None
    mcse: float | None
    low: float | None
    high: float | None
    pairs: int

    @property
    def covers_zero(self) -> bool:
        """Whether the interval holds zero; so it does where there is none."""
        return self.low is None or self.high is None or self.low <= 0.0 <= self.high


@dataclass(frozen=True)
class FrictionResult:
    """The multiplier of a dollar spent or invested in a district, with frictions.

    `weeks`, `injection`: the headline's horizon and size; `usd`: its dollars, mean over pairs;
    `sales`: annual sales of the makers meant, USD. `leontief`: (region, quantity) -> Type II of the
    table for the same orders, an infinite horizon and no frictions; None for dollars invested,
    which no table answers. `path`: frame (week, region, effect, value): output accumulated since
    the first dollar, USD per USD, mean over pairs. `tidy`: what each pair left, the frame of
    results.parquet without scenario and table; arms are named for the closures (direct D, indirect
    I, induced P', dynamic P), for the payer, or for the size. `bridge`: from Leontief to here, None
    where it was not asked for. `facts`: numbers that the words need, declared in
    `friction_multiplier`.
    """

    place: Place
    year: int
    mode: str
    sector: str | None
    seeds: tuple[int, ...]
    weeks: int
    burn_in: int
    injection: float
    usd: float
    sales: float
    confidence: float
    makers: int
    scale: float
    counts: dict[str, int]
    rows: list[FrictionRow]
    path: pl.DataFrame
    tidy: pl.DataFrame
    leontief: dict[tuple[str, str], float] | None
    bridge: Bridge | None
    facts: dict[str, float]
    checks: list[Check]
    worst_residual: float
    seconds: dict[str, float]
    assumptions: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)

    @property
    def per(self) -> str:
        """What the headline is per dollar of."""
        return ORDERED if self.mode == "spent" else INVESTED

    def find(
        self,
        quantity: str,
        region: str,
        effect: str = "total",
        *,
        per: str | None = None,
        weeks: int | None = None,
        injection: float | None = None,
        payer: str = "outside",
    ) -> FrictionRow:
        """Return one figure, by default the headline's; KeyError if the study has none such."""
        wanted = (
            quantity,
            region,
            effect,
            per or self.per,
            weeks or self.weeks,
            injection or self.injection,
            payer,
        )
        for row in self.rows:
            if (
                row.quantity,
                row.region,
                row.effect,
                row.per,
                row.weeks,
                row.injection,
                row.payer,
            ) == wanted:
                return row
        raise KeyError(wanted)
