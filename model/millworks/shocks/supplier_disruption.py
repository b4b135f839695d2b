"""Supplier disruption: some makers stand still for a quarter, or an input from outside is rationed.

makers    A part of makers, drawn by key and the same in all arms, make nothing. Their hands stay
          and are paid as far as money reaches; they take orders until their books are full, serve
          from stock, and then refuse (reason capacity). Who buys from them waits, or is refused and
          turns outside at a premium; who runs out of inputs makes less (reason inputs).
inputs    Goods of a sector can be had from outside the district in a part only. A maker or partner
          for whom they are at least `critical` of all its goods orders no more of anything than

              a_b g_b d̂_b,    a_b = least over rationed goods s of 1 - (1 - part) o_b,s

          for inputs are needed in fixed proportion: g_b goods per unit of output, d̂_b its
          forecast of orders, o_b,s the part of its s that comes from outside. Stocks bridge the
          first weeks; then it makes less. What is not ordered waits: after the shock stocks are
          filled up again.

Source: model specification §7.8, §8 (20 % of makers, or an input rationed to 50 %; 12 weeks, range
4 to 26); which inputs count as critical is an assumption. Left out: damage to capital, hands sent
home, shops (they sell something else), stocks held against it, and what makers here gain while
rivals outside lack the input.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import N_SECTORS, sector_index
from millworks.settings import Timing, number, text
from millworks.shocks.base import Shock
from millworks.world.measures import Conditions, State

Floats = npt.NDArray[np.float64]


class SupplierDisruptionSettings(Timing):
    """Who is hit, how hard, and for how long."""

    weeks: int | None = text(
        12, "a whole number of 1 or more, or null", "how many weeks it lasts; null: to the end",
        ge=1,
    )  # fmt: skip
    mode: Literal["makers", "inputs"] = text(
        "makers", "makers or inputs", "makers stand still, or an input from outside is rationed"
    )
    share: float = number(0.20, 0.0, 1.0, "part of makers that stand still at intensity 1")
    missing: float = number(0.50, 0.0, 1.0, "part of the input that is missing at intensity 1")
    critical: float = number(
        0.05, 0.0, 1.0, "part of a firm's goods from which it cannot do without an input"
    )
    sectors: list[str] | None = text(
        None,
        "a list of sector codes, or null",
        "which makers, or which inputs; null: all makers, or the input most bought from outside",
    )


class SupplierDisruption(Shock):
    """Makers that stand still, or an input that is rationed."""

    name: ClassVar[str] = "supplier_disruption"
    order: ClassVar[int] = 60
    title: ClassVar[str] = "Supplier disruption: makers stand still, or an input is rationed"
    Settings: ClassVar[type[SupplierDisruptionSettings]] = SupplierDisruptionSettings
    settings: SupplierDisruptionSettings

    def apply(self, state: State, conditions: Conditions, strength: float) -> None:
        """Stop makers, or say what part of their usual inputs firms can have."""
        if strength <= 0.0:
            return
        if self.settings.mode == "makers":
            self._stop(state, conditions, strength)
        else:
            self._ration(state, conditions, strength)

    def _stop(self, state: State, conditions: Conditions, strength: float) -> None:
        chosen = state.luck("disruption", "M") < self.settings.share * strength
        if self.settings.sectors is not None:
            chosen &= np.isin(state.population("M").sector, self._named())
        conditions.population("M").stopped[:] = chosen

    def _ration(self, state: State, conditions: Conditions, strength: float) -> None:
        """Firms get what the scarcest of the inputs that are critical to them allows."""
        trade, missing = state.trade, min(1.0, self.settings.missing * strength)
        outside = trade.group_us_base + trade.group_abroad_base
        whole = outside + trade.group_local_base
        rationed = self._named() if self.settings.sectors else [self._most_bought(state, outside)]
        hit = np.isin(trade.group_sector, rationed) & (whole > 0.0)
        hit &= whole >= self.settings.critical
        lacking = np.divide(outside, whole, out=np.zeros_like(whole), where=whole > 0.0)
        supply = np.ones(int(trade.group_buyer.max()) + 1)
        np.minimum.at(supply, trade.group_buyer[hit], 1.0 - missing * lacking[hit])
        for letter in "MP":
            conditions.population(letter).input_supply[:] = supply[trade.spans[letter]]

    def _most_bought(self, state: State, outside: Floats) -> int:
        """The sector of whose goods producers here buy most from outside in the base year."""
        trade = state.trade
        bought = np.zeros(int(trade.group_buyer.max()) + 1)
        for letter in "MP":
            firms = state.population(letter)
            bought[trade.spans[letter]] = firms.base_output * firms.input_factor
        units = outside * bought[trade.group_buyer]
        return int(np.argmax(np.bincount(trade.group_sector, units, minlength=N_SECTORS)))

    def _named(self) -> list[int]:
        return [sector_index(code) for code in self.settings.sectors or ()]
