"""What a synthetic district was meant to add up to, and what it does add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from millworks.economy.sectors import MANUFACTURING, SECTORS
from millworks.economy.size_mix import CLASS_BOUNDS, N_SMALL, SIZE_CLASSES, national_sizes

if TYPE_CHECKING:
    from millworks.start.firms import SyntheticDistrict


@dataclass(frozen=True)
class Margin:
    """A total the synthetic district should reproduce: what, of whom, aimed at and reached."""

    quantity: str
    group: str
    target: float
    reproduced: float


def margins_of(district: SyntheticDistrict) -> list[Margin]:
    """Return the targets of the place, scaled, beside what the drawn firms add up to.

    Makers, jobs and sales (USD of 2022 a year) by sector; makers by size; partners; retailers.
    """
    place, scale = district.place, district.scale
    makers, partners = district.makers, district.partners
    made = np.flatnonzero(MANUFACTURING)
    mix = place.sizes.firms[:, :N_SMALL] * (len(makers) / place.sizes.small_firms)
    margins = []
    for row, s in enumerate(made):
        in_makers, in_partners = makers.sector == s, partners.sector == s
        jobs = makers.employment[in_makers].sum() + partners.employment[in_partners].sum()
        sales = makers.sales[in_makers].sum() + partners.sales[in_partners].sum()
        for quantity, target, reached in (
            ("makers", mix[row].sum(), in_makers.sum()),
            ("jobs", place.sector_employment[s] * scale, jobs),
            ("sales", district.sector_output[s], sales),
        ):
            margins.append(Margin(quantity, SECTORS[s], float(target), float(reached)))
    for k in range(N_SMALL):
        reached = float((makers.size_class == k).sum())
        margins.append(Margin("makers", SIZE_CLASSES[k], float(mix[:, k].sum()), reached))
    expected = place.sizes.large_jobs.sum() * scale / national_sizes().large_firm_jobs
    margins.append(Margin("partners", "all", float(expected), float(len(partners))))
    retailers = place.retail_firms * scale
    margins.append(Margin("retailers", "all", float(retailers), float(len(district.retailers))))
    return margins


def notes_on(district: SyntheticDistrict, moved: float) -> list[str]:
    """Return sentences on what whole numbers forced: sectors dropped, jobs moved.

    `moved`: jobs in plants of large firms that makers carry, for want of a partner.
    """
    jobs = np.where(MANUFACTURING, district.place.sector_employment * district.scale, 0.0)
    dropped = np.flatnonzero((jobs > 0) & (district.sector_jobs == 0))
    notes = []
    if len(dropped):
        names = ", ".join(f"{SECTORS[s]} ({jobs[s]:,.1f} jobs)" for s in dropped)
        notes.append(
            f"Too few jobs for one firm, so the district makes nothing in {names}; together "
            f"{100 * jobs[dropped].sum() / jobs.sum():.2f} % of manufacturing jobs."
        )
    if moved > 0:
        most = CLASS_BOUNDS[district.makers.size_class, 1]
        above = int((district.makers.employment > most).sum())
        notes.append(
            f"{moved:,.0f} jobs in plants of large firms, in sectors with too few of them for a "
            f"partner, are counted with those sectors' largest makers; {above} makers so have more "
            f"employees than their size class says."
        )
    return notes
