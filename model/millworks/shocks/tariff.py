"""Tariff: buyers owe a duty on imports for two years, and customers abroad order less.

    duty = intensity · rate · price of the import       owed by who buys it, paid a week later to
                                                        the federal government (outside)
    exports of these goods = 1 - intensity · retaliation     over what they would be

The whole duty falls on buyers: the price before duty stays. It protects makers of these goods (the
share rule moves buyers here and in markets outside from imports to domestic sellers), makes dearer
what makers, rivals and shops import, and costs exports; the sum is the model's. Stocks are worth
what they cost landed, duty included, so that it reaches prices as the goods are used or sold. All
manufactures pay unless sectors are named.

Source: model specification §3, §8 (+10 %, range 5 to 50 %; 104 weeks). That buyers bear all of it,
and the tenth of exports lost to retaliation, are what studies of the US tariffs of 2018 found
(literature, from memory). Rules: `millworks.world.markets`, `week/ship.py`. Left out: what the
federal government does with the revenue, imports that households buy outside shops here, exports
that grow dear because their inputs do, goods brought in ahead of the duty.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from millworks.economy.sectors import MANUFACTURING, sector_index
from millworks.settings import Timing, number, text
from millworks.shocks.base import Shock
from millworks.world.measures import Conditions, State


class TariffSettings(Timing):
    """How high the duty is, on what, and what it costs exporters."""

    weeks: int | None = text(
        104, "a whole number of 1 or more, or null", "weeks in force; null: to the end", ge=1
    )
    rate: float = number(0.10, 0.0, 1.0, "duty at intensity 1, share of the price of the import")
    retaliation: float = number(
        0.10, 0.0, 1.0, "part of exports of these goods that is lost to retaliation at intensity 1"
    )
    sectors: list[str] | None = text(
        None, "a list of sector codes, or null", "on whose imports; null: all manufactures"
    )


class Tariff(Shock):
    """A duty on imports, and retaliation."""

    name: ClassVar[str] = "tariff"
    order: ClassVar[int] = 20
    title: ClassVar[str] = "Tariff: a duty on imports for two years, and retaliation"
    Settings: ClassVar[type[TariffSettings]] = TariffSettings
    settings: TariffSettings

    def apply(self, state: State, conditions: Conditions, strength: float) -> None:
        """Charge the duty and lose exports."""
        if strength <= 0.0:
            return
        given = self.settings
        hit = MANUFACTURING.copy()
        if given.sectors is not None:
            hit = np.zeros_like(hit)
            hit[[sector_index(code) for code in given.sectors]] = True
        conditions.tariff[hit] += given.rate * strength
        conditions.exports[hit] *= max(0.0, 1.0 - given.retaliation * strength)
