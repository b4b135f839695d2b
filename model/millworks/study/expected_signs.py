"""Which policies the specification expects to help or to hinder each other, before anything is run.

Each row is a sentence of the column "Interactions expected" of the table of levers (model
specification, §8), read as a sign: +1 where two are to do more together than the sum of each, -1
where one is to take the other's place. Where it names no partner ("deadweight", "may lock out
others") or leaves the sign open (ports and imports), nothing is expected here.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "model specification §8, column 'Interactions expected'"


@dataclass(frozen=True)
class Expected:
    """An expected sign: of two policies, or of two groups of policies; `because` as it is said."""

    first: str
    second: str
    sign: int
    because: str
    groups: bool = False

    @property
    def members(self) -> tuple[str, str]:
        """Both names, in the order of the specification's table."""
        return self.first, self.second


EXPECTED = (
    Expected("hub", "technology_transfer", 1, "hub: + transfer"),
    Expected("hub", "flexible_real_estate", 1, "flexible real estate: + hub"),
    Expected("hub", "modernization_support", -1, "hub: substitutes modernisation"),
    Expected("hub", "shared_facility_costs", -1, "shared facility costs: overlaps hub"),
    Expected("small_batch_shipping", "shared_containers", 1, "small-batch shipping: + containers"),
    Expected(
        "small_batch_shipping", "inventory_finance", 1, "small-batch shipping: + inventory finance"
    ),
    Expected(
        "flexible_warehousing", "inventory_finance", 1,
        "flexible warehousing: stock needs space and cash",
    ),
    Expected("ports_and_rail", "shared_containers", 1, "shared containers: + ports"),
    Expected("partner_equity", "multi_year_commitments", 1, "partner equity: + commitments"),
    Expected("partner_equity", "technology_transfer", 1, "partner equity: + transfer"),
    Expected(
        "multi_year_commitments", "inventory_finance", 1,
        "multi-year commitments: + inventory finance",
    ),
    Expected(
        "shared_facility_costs", "flexible_real_estate", -1,
        "shared facility costs: overlaps real estate",
    ),
    Expected(
        "flexible_real_estate", "modernization_support", 1, "flexible real estate: + modernisation"
    ),
    Expected(
        "technology_transfer", "modernization_support", 1, "modernization support: + transfer"
    ),
    Expected("finance", "technology", 1, "technology transfer: needs finance", groups=True),
)  # fmt: skip
