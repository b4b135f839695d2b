"""Import competition: goods from abroad grow cheaper, for good.

    p_W,s = max(1/4, 1 - intensity · fall)        in the sectors hit, reached over the ramp

over the base year's. It works in four ways, of which the first two hurt makers of these goods and
the last two help whoever uses them; which is larger in a district is the model's.

    buyers here      move to imports by the share rule, sector by sector
    markets outside  imports take from all domestic sellers by the same rule; rivals in the rest of
                     the US lower their price as they lose sales (ζ) and as their inputs get cheaper
    inputs           that come from abroad cost makers less, and rivals as well
    shops            sell what is imported for less, so that a dollar buys more

Without a list of sectors those are hit in which imports supply at least a third of the home market
(BEA 2022: textiles, apparel, machinery, computers, electrical goods, vehicles, furniture and
miscellaneous goods).

Source: model specification §7.3, §8 (-10 %, range 5 to 25 %; permanent). Rules:
`millworks.world.markets`. Left out: exports that meet the same rivals abroad, output that the rest
of the US loses to imports (it happens in every arm), goods that households buy outside shops here.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from millworks.economy.sectors import MANUFACTURING, sector_index
from millworks.settings import Timing, number, text
from millworks.shocks.base import Shock
from millworks.world.measures import Conditions, State

LEAST_PRICE = 0.25
"""Price of imports over the base year's below which it does not fall at any intensity."""
LARGE_SHARE = 1.0 / 3.0
"""Part of the home market from which imports count as large, where no sectors are named."""


class ImportCompetitionSettings(Timing):
    """How much cheaper imports become, of what, and how fast."""

    ramp: int = number(52, 0, 520, "weeks over which the price falls")
    fall: float = number(0.10, 0.0, 0.5, "fall of the price of imports at intensity 1, share")
    sectors: list[str] | None = text(
        None,
        "a list of sector codes, or null",
        "whose imports; null: of sectors in which imports are a third of the home market or more",
    )


class ImportCompetition(Shock):
    """Cheaper imports."""

    name: ClassVar[str] = "import_competition"
    order: ClassVar[int] = 10
    title: ClassVar[str] = "Import competition: goods from abroad grow cheaper for good"
    Settings: ClassVar[type[ImportCompetitionSettings]] = ImportCompetitionSettings
    settings: ImportCompetitionSettings

    def apply(self, state: State, conditions: Conditions, strength: float) -> None:
        """Lower the price of imports."""
        if strength <= 0.0:
            return
        hit = MANUFACTURING & (conditions.import_share >= LARGE_SHARE)
        if self.settings.sectors is not None:
            hit = np.zeros_like(hit)
            hit[[sector_index(code) for code in self.settings.sectors]] = True
        factor = max(LEAST_PRICE, 1.0 - self.settings.fall * strength)
        conditions.abroad_price[hit] *= factor
