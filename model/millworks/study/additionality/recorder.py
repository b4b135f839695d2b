"""What one arm leaves of every firm, so that it can be set beside the same firm in another arm.

A firm is a row together with the one who holds it when the arms part; whoever takes the row later
is a newcomer. Arrays by the letter of the holder (M makers, P partners, R retailers), all of the
part of the place that is simulated:

    {letter}_value_added [years, rows]  of firms of the start, base USD
    {letter}_newcomers [years]          value added of all newcomers
    {letter}_until [rows]               weeks for which it trades
    {letter}_taken_up [rows]            first week in which it uses what policies offer, -1 never
    {letter}_newcomers_treated [1]      newcomers that use it
    {letter}_sector, _size [rows]       index of sector, of reported size class
    M_, R_private, _programme [rows]    mean debt to private lenders, and under programmes, USD
    M_stake, _grant, _windfall [rows]   mean stake; grants paid, part that was a windfall; USD
    M_, P_shipped [rows]                units shipped by firms of the start
    to_makers [links, 3]                seller, buyer, units: between firms of the start
    projects [projects, 4]              week, maker, kind, USD: capacity 0, technology 1
    blocks [years, uses, blocks]        value added of service blocks by who bought
    chains [years], deducted [years, 3] of chains; `value_added.DEDUCTED`
    ring [years, 34, 8]                 value added by sector, and size class, shops, services
    rest_of_us [years, 3, 34]           value added there by `DEMANDS` and sector

Ring and rest of the US are at their true size, with what both districts set in motion.

Left out: partners' and retailers' projects, loans of retailers' own (they have credit lines only).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.maker import LOANS
from millworks.economy.sectors import N_SECTORS
from millworks.study.additionality.value_added import (
    DEDUCTED,
    USES,
    deducted,
    of_blocks_by_use,
    of_firms,
    ordered_capital,
)
from millworks.study.around import home_of
from millworks.study.producer_sums import GROUP_OF_CLASS, GROUPS, NEWCOMERS
from millworks.study.take_up import FOLLOWED, taking_up
from millworks.world.accounts import OFFICE

if TYPE_CHECKING:
    from millworks.district_model import DistrictModel
    from millworks.multi_district_model import MultiDistrictModel
    from millworks.world.rest_of_us import Rounds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

YEAR = 52
DEMANDS = ("purchases", "capital", "sales")
"""What sets output in motion in the rest of the US (`millworks.world.rest_of_us`)."""
CAPACITY, TECHNOLOGY = range(2)
"""Kinds of project."""
SHOPS, SERVICES = GROUPS, GROUPS + 1
RING_COLUMNS = GROUPS + 2
BORROWERS = "MR"
SELLERS = "MP"


class FirmRecords:
    """The records of one arm: make it when the arm's policies stand, `record` after each week."""

    def __init__(self, world: DistrictModel | MultiDistrictModel, weeks: int) -> None:
        self.world, self.weeks = world, weeks
        self.home = home_of(world)
        self._week, years = 0, -(-weeks // YEAR)
        self.found: dict[str, npt.NDArray[Any]] = {}
        self._born: dict[str, Ints] = {}
        self._counted: dict[str, Ints] = {}
        for letter in FOLLOWED:
            firms = self.home.population(letter)
            rows = firms.size
            self._born[letter] = firms.generation.copy()
            self._counted[letter] = firms.generation.copy()
            size = GROUP_OF_CLASS[firms.size_class] if letter in SELLERS else np.zeros(rows, int)
            self.found |= {
                f"{letter}_value_added": np.zeros((years, rows)),
                f"{letter}_newcomers": np.zeros(years),
                f"{letter}_until": np.zeros(rows, np.int64),
                f"{letter}_taken_up": np.full(rows, -1, np.int64),
                f"{letter}_newcomers_treated": np.zeros(1),
                f"{letter}_sector": firms.sector.astype(np.int16),
                f"{letter}_size": size.astype(np.int16),
            }
            names = ["private", "programme"] if letter in BORROWERS else []
            names += ["stake", "grant", "windfall"] if letter == "M" else []
            names += ["shipped"] if letter in SELLERS else []
            self.found |= {f"{letter}_{name}": np.zeros(rows) for name in names}
        self.found |= {
            "blocks": np.zeros((years, len(USES), self.home.population("S").size)),
            "chains": np.zeros(years),
            "deducted": np.zeros((years, len(DEDUCTED))),
            "ring": np.zeros((years, N_SECTORS, RING_COLUMNS)),
            "rest_of_us": np.zeros((years, len(DEMANDS), N_SECTORS)),
        }
        self._projects: list[tuple[float, float, float, float]] = []
        self._adoptions: Ints = self.home.population("M").adoptions.copy()
        self._invested = ordered_capital(self.home)
        self._ring_born = [
            {letter: ring.population(letter).generation.copy() for letter in SELLERS}
            for ring in self._districts()[1:]
        ]
        self._follow_links()

    def record(self) -> None:
        """Read the week that has just ended."""
        year = self._week // YEAR
        first = {
            letter: self.home.population(letter).generation == self._born[letter]
            for letter in FOLLOWED
        }
        for letter in FOLLOWED:
            self._firms(letter, first[letter], year)
        self._credit(first)
        self._take_up(first)
        self._links(first)
        self._new_projects(first["M"])
        self._others(year)
        self._around(year)
        self._week += 1

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return everything by name, once the last week is recorded."""
        found = dict(self.found)
        for name in ("M_private", "M_programme", "M_stake", "R_private", "R_programme"):
            found[name] = found[name] / self.weeks
        found["projects"] = np.array(self._projects).reshape(-1, 4)
        self._let_go(np.ones(len(self._mine), np.bool_))
        found["to_makers"] = _summed(np.concatenate(self._gone))
        return found

    def _districts(self) -> tuple[DistrictModel, ...]:
        return getattr(self.world, "districts", (self.home,))

    def _firms(self, letter: str, first: Flags, year: int) -> None:
        """Value added of firms of the start and of newcomers, and who still trades."""
        firms, added = self.home.population(letter), of_firms(self.home, letter)
        self.found[f"{letter}_value_added"][year] += np.where(first, added, 0.0)
        self.found[f"{letter}_newcomers"][year] += added[~first].sum()
        trading = first & (firms.status == ACTIVE)
        unbroken = self.found[f"{letter}_until"] == self._week
        self.found[f"{letter}_until"] += trading & unbroken
        if letter in SELLERS:
            self.found[f"{letter}_shipped"] += np.where(first, firms.shipped, 0.0)

    def _credit(self, first: dict[str, Flags]) -> None:
        """Debt under programmes and to private lenders, stakes and grants."""
        for letter in BORROWERS:
            firms = self.home.population(letter)
            private = firms.revolver - firms.programme_credit
            if letter == "M":
                private = private + sum(getattr(firms, f"{kind}_loan") for kind in LOANS)
                for name, column in (
                    ("stake", firms.stake),
                    ("grant", firms.grant),
                    ("windfall", firms.grant_windfall),
                ):
                    self.found[f"M_{name}"] += np.where(first["M"], column, 0.0)
            self.found[f"{letter}_private"] += np.where(first[letter], private, 0.0)
            programme = np.where(first[letter], firms.programme_credit, 0.0)
            self.found[f"{letter}_programme"] += programme

    def _take_up(self, first: dict[str, Flags]) -> None:
        """Note the week in which a firm first uses what is offered, and newcomers that do."""
        for policy in self.home.measures.policies:
            for letter, using in taking_up(self.home, policy).items():
                since = self.found[f"{letter}_taken_up"]
                since[using & first[letter] & (since < 0)] = self._week
                generation = self.home.population(letter).generation
                fresh = using & ~first[letter] & (self._counted[letter] != generation)
                self._counted[letter][fresh] = generation[fresh]
                self.found[f"{letter}_newcomers_treated"] += fresh.sum()

    def _follow_links(self) -> None:
        """Links on which makers buy; a link may pass from one seller to another."""
        trade = self.home.trade
        makers = trade.spans["M"]
        bought = (trade.buyer >= makers.start) & (trade.buyer < makers.stop)
        self._mine = np.flatnonzero(bought)
        self._buyer = trade.buyer[self._mine]
        self._seller = trade.seller[self._mine].copy()
        self._units = np.zeros(len(self._mine))
        self._gone = [np.zeros((0, 3))]

    def _links(self, first: dict[str, Flags]) -> None:
        trade = self.home.trade
        of_start = np.zeros(trade.agents + 1, np.bool_)
        for letter in SELLERS:
            of_start[trade.spans[letter]] = first[letter]
        # Sellers outside stand after all agents.
        seller = np.minimum(self._seller, trade.agents)
        both = of_start[seller] & of_start[self._buyer]
        self._units += np.where(both, trade.shipped[self._mine], 0.0)
        moved = trade.seller[self._mine] != self._seller
        if moved.any():
            self._let_go(moved)
            self._seller = trade.seller[self._mine].copy()

    def _let_go(self, links: Flags) -> None:
        """Put away what these links have brought, and begin anew."""
        sold = links & (self._units > 0.0)
        parts = (self._seller[sold], self._buyer[sold], self._units[sold])
        self._gone.append(np.stack(parts, axis=1).astype(float))
        self._units[links] = 0.0

    def _new_projects(self, first: Flags) -> None:
        """Note capacity ordered and technology adopted this week by firms of the start."""
        makers = self.home.population("M")
        ordered = makers.capital_ordered_local + makers.capital_ordered_outside
        bought = makers.technology_local + makers.technology_outside
        adopted = makers.adoptions > self._adoptions
        self._adoptions = makers.adoptions.copy()
        for kind, flags, usd in (
            (CAPACITY, ordered > 0.0, ordered),
            (TECHNOLOGY, adopted, bought),
        ):
            rows = np.flatnonzero(flags & first)
            self._projects += [
                (float(self._week), float(row), float(kind), float(usd[row])) for row in rows
            ]

    def _others(self, year: int) -> None:
        """Service blocks by use, chains, and what belongs to no firm."""
        self.found["blocks"][year] += of_blocks_by_use(self.home, self._invested)
        self._invested = ordered_capital(self.home)
        self.found["chains"][year] += of_firms(self.home, "C").sum()
        self.found["deducted"][year] += deducted(self.home)

    def _around(self, year: int) -> None:
        """Value added in the ring and in the rest of the US, at true size."""
        ring = self.found["ring"][year]
        for district, born in zip(self._districts()[1:], self._ring_born, strict=True):
            for letter in SELLERS:
                firms = district.population(letter)
                group = GROUP_OF_CLASS[firms.size_class]
                group = np.where(firms.generation != born[letter], NEWCOMERS, group)
                added = of_firms(district, letter) / district.scale
                np.add.at(ring, (firms.sector, group), added)
            for letter, column in (("R", SHOPS), ("C", SHOPS), ("S", SERVICES)):
                firms = district.population(letter)
                added = of_firms(district, letter) / district.scale
                np.add.at(ring[:, column], firms.sector, added)
            office = district.population("S").sector[OFFICE]
            ring[office, SERVICES] -= deducted(district).sum() / district.scale
        rest = self.found["rest_of_us"][year]
        for district in self._districts():
            rate = district.technology.national.value_added
            satellite = district.rest_of_us
            demands: tuple[Rounds, ...] = (satellite, satellite.capital, satellite.sales)
            for row, rounds in enumerate(demands):
                rest[row] += rate * rounds.output / district.scale


def _summed(triples: Floats) -> Floats:
    """Add up the units of equal (seller, buyer)."""
    if not len(triples):
        return triples
    pairs, place = np.unique(triples[:, :2], axis=0, return_inverse=True)
    units = np.bincount(place.ravel(), weights=triples[:, 2], minlength=len(pairs))
    return np.column_stack([pairs, units])
