"""Run one world and keep what moments need: the panel of a seed.

A world is founded, left alone for the burn-in, then watched. Nothing is written into it. Flows of
firms are added up every week and kept each quarter; a maker's quarterly test falls into every
quarter once, whatever its week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

import numpy as np

from millworks.agents.credit import FINANCE_TERMS
from millworks.agents.firm import ACTIVE
from millworks.agents.maker import LOANS
from millworks.agents.producer import REASONS
from millworks.district_model import DistrictModel
from millworks.world.accounts import FIRMS, GOODS_INVOICED
from millworks.world.columns import Population
from millworks_calibration.panel import (
    KEPT,
    WEEKS_OF_QUARTER,
    Column,
    Firms,
    Floats,
    Panel,
)

LETTERS = {"makers": "M", "partners": "P", "retailers": "R"}
OUTFLOW = (
    "pay_wages_residents",
    "pay_wages_commuters",
    "pay_taxes_local",
    "pay_taxes_outside",
    "pay_services_local",
    "pay_services_outside",
    "pay_goods",
)
"""What any firm pays for running its business; owners' draws and capital goods are left out."""
OUTFLOW_OF_MAKERS = ("pay_rent", "pay_freight", *(f"{kind}_repaid" for kind in LOANS))
LOCAL_GOODS = "MPS"
"""Sellers in the district on the links of shops."""

Read = Callable[[Population, int], Column]


def _sum(firms: Population, *names: str) -> Floats:
    """Add columns that this kind of firm has."""
    parts = [getattr(firms, name) for name in names if name in firms.declared]
    return np.sum(parts, axis=0) if parts else np.zeros(firms.size)


READERS: dict[str, Read] = {
    "active": lambda firms, week: firms.status == ACTIVE,
    "debt": lambda firms, week: _sum(firms, "revolver", *(f"{kind}_loan" for kind in LOANS)),
    "inventories": lambda firms, week: _sum(firms, "inventory", "finished"),
    "capital": lambda firms, week: firms.fixed_capital.copy(),
    "tested": lambda firms, week: (
        (firms.status == ACTIVE)
        & (firms.tested > week - WEEKS_OF_QUARTER)
        & (firms.tested >= firms.born)
    ),
    "deposit_weeks": lambda firms, week: _sum(firms, "cleared", "uncleared"),
    "outflow": lambda firms, week: _sum(firms, *OUTFLOW, *OUTFLOW_OF_MAKERS),
    # What is reinvested is what is left after draws.
    "income": lambda firms, week: _sum(
        firms, "reinvested_local", "reinvested_outside", "draw_local", "draw_outside"
    ),
    "invested": lambda firms, week: _sum(
        firms, "capital_replaced", "capital_ordered_local", "capital_ordered_outside"
    ),
}
"""How a column of the panel is read off a population at the end of `week`; a column without an
entry is the population's column of the same name."""

FLOW_NAMES = ("deposit_weeks", "outflow", "income", "invoiced", "invested")


def record(model: DistrictModel, burn_in: int, years: int, seed: int) -> Panel:
    """Let `burn_in` weeks pass, then watch for `years` of 52 weeks; return the panel."""
    for _ in range(burn_in):
        model.step()
    watcher = _Watcher(model)
    watcher.snapshot()
    for week in range(1, 52 * years + 1):
        model.step()
        watcher.week()
        if week % WEEKS_OF_QUARTER == 0:
            watcher.snapshot()
    return watcher.panel(seed)


class _Watcher:
    """Reads a model after each week and gathers columns."""

    def __init__(self, model: DistrictModel) -> None:
        self.model = model
        self.firms = {kind: model.population(letter) for kind, letter in LETTERS.items()}
        self.kept: dict[str, dict[str, list[Column]]] = {
            kind: {name: [] for name in names} for kind, names in KEPT.items()
        }
        self.flows = {
            (kind, name): np.zeros(self.firms[kind].size)
            for kind, names in KEPT.items()
            for name in names
            if name in FLOW_NAMES
        }
        self.weekly: dict[str, list[float | Floats]] = defaultdict(list)
        self.weeks: list[int] = []
        self._remember_makers()

    def week(self) -> None:
        """Add this week's flows of firms and keep the district's sums."""
        for (kind, name), total in self.flows.items():
            total += self._read(kind, name)
        for values in (self._sums(), self._turnover(), self._shops()):
            for name, value in values.items():
                self.weekly[name].append(value)

    def snapshot(self) -> None:
        """Keep what firms are now and what has flowed since the snapshot before."""
        self.weeks.append(self.model.week)
        for kind, columns in self.kept.items():
            for name, values in columns.items():
                flow = self.flows.get((kind, name))
                if flow is None:
                    values.append(np.array(self._read(kind, name)))
                else:
                    values.append(flow.copy())
                    flow[:] = 0.0

    def panel(self, seed: int) -> Panel:
        """Return what was gathered."""
        residuals = self.model.invariants.worst.values()
        return Panel(
            seed=seed,
            scale=self.model.founding.district.scale,
            national_mix=self.model.founding.place.national_share is not None,
            weeks=np.array(self.weeks),
            weekly={name: np.array(values) for name, values in self.weekly.items()},
            terms=FINANCE_TERMS,
            reasons=REASONS,
            worst_residual=max(residuals, default=0.0),
            **{
                kind: Firms({name: np.array(values) for name, values in columns.items()})
                for kind, columns in self.kept.items()
            },
        )

    def _read(self, kind: str, name: str) -> Column:
        firms = self.firms[kind]
        read = READERS.get(name)
        return getattr(firms, name) if read is None else read(firms, self.model.week)

    def _sums(self) -> Mapping[str, float | Floats]:
        makers, partners = self.firms["makers"], self.firms["partners"]
        lenders = self.model.population("B")
        made = float(makers.output.sum())
        capacity = np.where(makers.status == ACTIVE, makers.capacity, 0.0)
        return {
            "output": sum(float(self.model.population(kind).output.sum()) for kind in FIRMS),
            "price": float((makers.price * makers.output).sum()) / made if made else np.nan,
            "made": made + float(partners.output.sum()),
            "capacity": float(capacity.sum()) + float(partners.capacity.sum()),
            "maker_output": made,
            "maker_jobs": float(makers.jobs.sum()),
            "partner_output": float(partners.output.sum()),
            "partner_jobs": float(partners.jobs.sum()),
            "receivable": float(makers.goods_receivable.sum()),
            "invoiced": float(makers.invoiced.sum()),
            "orders": float(makers.orders.sum()) + float(partners.orders.sum()),
            "refused": makers.refused.sum(axis=0) + partners.refused.sum(axis=0),
            "lender_equity": float(lenders.lender_equity.sum()),
            "insured": float(lenders.insured.sum()),
            "insured_lenders": float(np.count_nonzero(lenders.insured > 0.0)),
        }

    def _turnover(self) -> Mapping[str, float]:
        """Count makers that came and went since last week."""
        makers = self.firms["makers"]
        active, renewed = makers.status == ACTIVE, makers.generation != self._generation
        gone = self._active & (~active | renewed)
        counts = {
            "makers_active": float(active.sum()),
            "births": float((active & renewed).sum()),
            "exits": float(gone.sum()),
            "failures": float((makers.failed & ~self._failed).sum()),
        }
        self._remember_makers()
        return counts

    def _remember_makers(self) -> None:
        makers = self.firms["makers"]
        self._active = makers.status == ACTIVE
        self._generation = makers.generation.copy()
        self._failed = makers.failed.copy()

    def _shops(self) -> Mapping[str, float]:
        """Sales of shops and the part that stays here; income belongs to owners, drawn or not."""
        invoiced = self.model.ledger.goods_flows[GOODS_INVOICED]
        values = {}
        for letter, name in (("R", "retail"), ("C", "chain")):
            shops = self.model.population(letter)
            own = _sum(shops, "wage_residents", "services_local", "draw_local", "reinvested_local")
            goods = sum(invoiced.get((letter, seller), 0.0) for seller in LOCAL_GOODS)
            values[f"{name}_sales"] = float(shops.sales.sum())
            values[f"{name}_returned"] = float(own.sum()) + float(goods)
        return values
