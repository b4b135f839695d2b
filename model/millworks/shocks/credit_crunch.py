"""Credit crunch: lenders grow strict, lend against less, charge more, and have lost capital.

Source: model specification §8 (score -1, advances x .8, smallest loan x 2, rates +200 basis points,
lenders' capital -3 points of loans; 104 weeks). Left out: runs on deposits, lenders that fail
together, loans called before they are due.
"""

from __future__ import annotations

from typing import ClassVar

from millworks.settings import Timing, number, text
from millworks.shocks.base import Shock
from millworks.world.measures import Conditions, State

ADVANCES = ("adv_AR", "adv_IN", "adv_K")
RATES = ("rate_line", "rate_bank", "rate_cdfi", "rate_online")


class CreditCrunchSettings(Timing):
    """How strict lenders grow, at intensity 1."""

    weeks: int | None = text(
        104, "a whole number of 1 or more, or null", "how many weeks it lasts; null: to the end",
        ge=1,
    )  # fmt: skip
    score: float = number(1.0, 0.0, 2.0, "score that every applicant loses")
    advances: float = number(0.2, 0.0, 0.9, "part by which advances on stocks and capital fall")
    smallest_loan: float = number(1.0, 0.0, 9.0, "part by which the smallest bank loan grows")
    rates: float = number(0.02, 0.0, 0.2, "rise of interest, 1/year")
    capital: float = number(0.03, 0.0, 0.1, "capital that lenders lose as it sets in, of loans")


class CreditCrunch(Shock):
    """Tighter credit for a time."""

    name: ClassVar[str] = "credit_crunch"
    order: ClassVar[int] = 70
    title: ClassVar[str] = "Credit crunch: lenders grow strict, dear and short of capital"
    Settings: ClassVar[type[CreditCrunchSettings]] = CreditCrunchSettings
    settings: CreditCrunchSettings

    def apply(self, state: State, conditions: Conditions, strength: float) -> None:
        """Move what lenders go by; as it grows, they lose capital."""
        if strength <= 0.0:
            return
        given = self.settings
        moved = conditions.parameters
        moved["kappa_score"] = conditions.value("kappa_score") + given.score * strength
        for key in ADVANCES:
            moved[key] = conditions.value(key) * max(0.0, 1.0 - given.advances * strength)
        moved["minloan"] = conditions.value("minloan") * (1.0 + given.smallest_loan * strength)
        for key in RATES:
            moved[key] = conditions.value(key) + given.rates * strength
        grown = max(0.0, strength - self.strength(state.weeks_in - 1))
        conditions.population("B").capital_shock[:] += given.capital * grown
