"""A county's jobs by sector: the mix of its surroundings, scaled to what is known of the county.

    jobs_s = m_s · J,   J in manufacturing, in retail trade and in all else

with m_s the mix of the county's area, of its state outside areas, or of its state
(`economy/areas.py`) and J the county's jobs of 2017 (Annual Business Survey). Where J is withheld:
retail trade has its part of the surroundings' other jobs; all else follows residents; and makers
whose number the user gives have the surroundings' jobs per maker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.areas import JOBS_YEAR, RETAIL, Surroundings, surroundings_of, withheld_part
from millworks.economy.counties import FIRMS_YEAR, Row, workers
from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.economy.size_mix import size_mix_of

MOST: Final[float] = 0.9
"""Manufacturing has at most this part of a county's jobs outside retail trade where its jobs are
not known, and retail trade of those outside manufacturing. Assumption."""


@dataclass(frozen=True, eq=False)
class CountyJobs:
    """Jobs [34] of a county, and in words whose mix they have and what is estimated.

    `manufacturing`: its manufacturing jobs. `mix_source`: a key of `places.MIX_SOURCES`.
    `estimated_share`: the estimated part of the mix, of manufacturing jobs.
    """

    jobs: NDArray[np.float64]
    manufacturing: float
    mix_source: str
    estimated_share: float
    quality: str
    notes: tuple[str, ...]


def county_jobs(row: Row, makers: int | None, made: float | None = None) -> CountyJobs:
    """Return the jobs of a county of `data/places.csv`; `makers` is read where it is withheld.

    `made`: its manufacturing jobs, where they are estimated elsewhere.
    """
    around = surroundings_of(row)
    notes = [_mix_sentence(around)]
    if made is None and row["mfg_firms_2017"]:
        made = float(row["mfg_employment_2017"])
    elif made is None:
        assert makers is not None
        made = _jobs_of_makers(row, around, makers)
    sold, other = _jobs_elsewhere(row, around, made, notes)
    is_retail = np.arange(N_SECTORS) == RETAIL
    is_other = ~MANUFACTURING & ~is_retail
    jobs = np.zeros(N_SECTORS)
    for mask, total in ((MANUFACTURING, made), (is_retail, sold), (is_other, other)):
        jobs[mask] = around.jobs[mask] * (total / around.jobs[mask].sum())
    return CountyJobs(
        jobs=jobs,
        manufacturing=made,
        mix_source="area" if around.kind in ("metro", "micro") else "state",
        estimated_share=float(around.estimated[MANUFACTURING].sum()),
        quality=_quality_of(around),
        notes=tuple(notes),
    )


def _jobs_of_makers(row: Row, around: Surroundings, makers: int) -> float:
    """Manufacturing jobs of a county with this many makers: at its surroundings' jobs per firm.

    At most `MOST` of what retail trade leaves of its jobs in all industries.
    """
    made = around.jobs[MANUFACTURING]
    firms = float(made.sum()) / around.jobs_per_firm
    per_maker = float(made.sum()) / size_mix_of(made, firms).small_firms
    room = MOST * (workers(row) - float(row["retail_employment_2017"] or 0))
    return min(makers * per_maker, room)


def _jobs_elsewhere(
    row: Row, around: Surroundings, made: float, notes: list[str]
) -> tuple[float, float]:
    """Jobs of a county in retail trade and in everything else; estimates are added to `notes`."""
    elsewhere = float(around.jobs[~MANUFACTURING].sum())
    rest = workers(row) - made
    if not row["all_employment_2017"]:
        # By residents, and so never below what manufacturing alone is known to have.
        rest = elsewhere / around.residents * float(row["population_acs"])
        notes.append(
            f"Its jobs in all industries are withheld: the {rest:,.0f} outside manufacturing are "
            f"an estimate by residents."
        )
    if row["retail_employment_2017"]:
        sold = min(float(row["retail_employment_2017"]), MOST * rest)
    else:
        sold = rest * float(around.jobs[RETAIL]) / elsewhere
        notes.append(f"Its jobs in retail trade are withheld: {sold:,.0f} are an estimate.")
    return sold, rest - sold


def _mix_sentence(around: Surroundings) -> str:
    """The sentence on whose mix of sectors a county has."""
    whose = {
        "metro": f"the metro mix of {around.name}",
        "micro": f"the micro mix of {around.name}",
        "non-metro": f"the non-metro mix of {around.name}, the state less its metro and micro "
        f"areas,",
        "state": f"the mix of all {around.name}",
    }[around.kind]
    scaled = (
        f"Jobs by sector are {whose}, scaled to the county's jobs of {FIRMS_YEAR} in "
        f"manufacturing, in retail trade and in all else."
    ).replace(",,", ",")
    return f"{scaled} The state stands in because {around.why}." if around.why else scaled


def _quality_of(around: Surroundings) -> str:
    if around.kind in ("metro", "micro"):
        share = float(around.estimated[MANUFACTURING].sum())
        return (
            f"Of the {around.kind} mix, not the county's own: its manufacturing jobs by sector "
            f"(County Business Patterns {JOBS_YEAR}), {withheld_part(share)}."
        )
    whole = around.kind == "state"
    part = "" if whole else " outside its metro and micro areas (the non-metro mix)"
    return (
        f"The sector mix is that of {around.name}{part}, {JOBS_YEAR}, not the county's own, and "
        f"all of it is an estimate."
    )
