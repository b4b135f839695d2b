"""Jobs by sector of areas and states, and the mix a county takes from what surrounds it.

Nobody publishes a county's jobs by manufacturing sector. A county takes the mix

* of its metropolitan or micropolitan area (County Business Patterns 2019), or
* outside them, of its state less all its areas (`data/state_sector_employment.csv`): totals of
  the state and of the nation are published, the split is fitted, so all of it is an estimate.

What the areas leave over is a small difference of large numbers. Where it is less than half of the
manufacturing jobs that the counties outside areas themselves report (six states, Washington's 35
jobs against 1,109 the worst), it says nothing about them, and the whole state's mix stands in.

Left out: differences between the counties of one area, or of one remainder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.counties import Row
from millworks.economy.embedded import rows_by
from millworks.economy.place_names import state_names
from millworks.economy.sectors import MANUFACTURING, N_SECTORS, SECTORS, sector_index

LEAST_REMAINDER: Final[float] = 0.5
"""A remainder below this part of the jobs its own counties report is not used. Assumption."""

JOBS_YEAR: Final[int] = 2019
RETAIL: Final[int] = sector_index("RET")
_STATES: Final[str] = "state_sector_employment.csv"
_AREAS: Final[str] = "area_sector_employment.csv"

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What a county without a mix of its own is taken to be like.

    `kind`: metro, micro, non-metro or state. `jobs` [34]: covered jobs by sector, 2019.
    `estimated` [34]: the withheld and estimated part of each, as a share of manufacturing jobs.
    `residents`: people there. `jobs_per_firm`: manufacturing jobs per firm in the disclosed
    counties, 2017. `name`: for readers. `why`: a sentence where the nearer choice failed.
    """

    kind: str
    name: str
    jobs: Vector
    estimated: Vector
    residents: float
    jobs_per_firm: float
    why: str = ""

    def usable(self) -> bool:
        """Whether the mix has manufacturing, retail trade and something else."""
        other = self.jobs.sum() - self.jobs[MANUFACTURING].sum() - self.jobs[RETAIL]
        return bool(self.jobs[MANUFACTURING].sum() > 0 and self.jobs[RETAIL] > 0 and other > 0)


def area_jobs(code: str) -> tuple[Vector, Vector]:
    """Jobs [34] of an area, and the estimated part of each as a share of manufacturing jobs."""
    jobs, estimated = np.zeros(N_SECTORS), np.zeros(N_SECTORS)
    for r in rows_by(_AREAS, "cbsa_code").get(code, ()):
        if r["sector"] in SECTORS and r["sector"] != "GOV":
            at = sector_index(r["sector"])
            jobs[at] = float(r["employment"] or 0)
            estimated[at] = float(r["employment_estimated_part"] or 0)
    made = jobs[MANUFACTURING].sum()
    return jobs, estimated / made if made > 0 else np.zeros(N_SECTORS)


def state_jobs(state: str) -> tuple[Vector, Vector]:
    """Jobs [34] of a state, and what of them lies outside its areas (fitted, not observed)."""
    jobs, outside = np.zeros(N_SECTORS), np.zeros(N_SECTORS)
    for r in rows_by(_STATES, "state")[state]:
        at = sector_index(r["sector"])
        jobs[at] = float(r["employment"] or 0)
        outside[at] = float(r["outside_cbsa_estimated"] or 0)
    return jobs, outside


def surroundings_of(county: Row) -> Surroundings:
    """Return whose mix a county takes: its area's, its state's outside areas, or its state's."""
    found = _area(county["cbsa_code"]) if county["cbsa_code"] else _remainder(county["state"])
    return found if found.usable() else _state(county["state"], found.why or _too_thin(found))


@cache
def _area(code: str) -> Surroundings:
    jobs, estimated = area_jobs(code)
    rows = rows_by("places.csv", "cbsa_code")[code]
    per_firm = _jobs_per_firm(rows) or _jobs_per_firm(_counties(rows[0]["state"]))
    return Surroundings(
        kind=rows[0]["cbsa_type"],
        name=rows[0]["cbsa_title"],
        jobs=jobs,
        estimated=estimated,
        residents=_residents(rows),
        jobs_per_firm=per_firm,
    )


@cache
def _remainder(state: str) -> Surroundings:
    outside = state_jobs(state)[1]
    rows = [r for r in _counties(state) if not r["cbsa_code"]]
    reported = sum(float(r["mfg_employment_2017"] or 0) for r in rows)
    left = float(outside[MANUFACTURING].sum())
    why = ""
    if left < LEAST_REMAINDER * reported:
        why = (
            f"what its areas leave over for the counties outside them ({left:,.0f} manufacturing "
            f"jobs) is less than half of what those counties report ({reported:,.0f}), so there is "
            f"no non-metro mix to use"
        )
        outside = np.zeros(N_SECTORS)
    return Surroundings(
        kind="non-metro",
        name=state_names()[state],
        jobs=outside,
        estimated=_shares(outside),
        residents=_residents(rows),
        jobs_per_firm=_jobs_per_firm(rows) or _jobs_per_firm(_counties(state)),
        why=why,
    )


def _state(state: str, why: str) -> Surroundings:
    jobs, outside = state_jobs(state)
    rows = _counties(state)
    made = jobs[MANUFACTURING].sum()
    return Surroundings(
        kind="state",
        name=state_names()[state],
        jobs=jobs,
        estimated=outside / made,
        residents=_residents(rows),
        jobs_per_firm=_jobs_per_firm(rows),
        why=why,
    )


def _too_thin(found: Surroundings) -> str:
    return f"{found.name} has too few jobs in some sectors to lend its mix"


def _shares(jobs: Vector) -> Vector:
    made = jobs[MANUFACTURING].sum()
    return jobs / made if made > 0 else np.zeros(N_SECTORS)


def _counties(state: str) -> tuple[dict[str, str], ...]:
    return rows_by("places.csv", "state")[state]


def _residents(rows: Sequence[Row]) -> float:
    return sum(float(r["population_acs"]) for r in rows)


def _jobs_per_firm(rows: Sequence[Row]) -> float:
    """Manufacturing jobs per firm in the disclosed counties among `rows`, 0 if there are none."""
    shown = [r for r in rows if r["mfg_firms_2017"]]
    firms = sum(float(r["mfg_firms_2017"]) for r in shown)
    return sum(float(r["mfg_employment_2017"]) for r in shown) / firms if shown else 0.0


def withheld_part(share: float) -> str:
    """Return "2.1 % were withheld and are estimated", for that share of manufacturing jobs."""
    if share == 0:
        return "none were withheld"
    part = "less than 0.1 %" if share < 0.0005 else f"{100 * share:.1f} %"
    return f"{part} were withheld and are estimated"
