"""Leontief's table: what a dollar of final demand sets in motion, by algebra.

Symbols (sectors i sell, j buy; all coefficients per USD of output of j):

    A_ij   technical coefficient            R_ij   share of that input bought inside the region
    w_j    labour income                    v_j    value added (pay + taxes + surplus)
    h_i    household basket per USD spent   r_i    share of it bought inside the region
    d      final demand (USD)               x      gross output it calls forth inside the region

    Type I     x = (I − R∘A)⁻¹ d                     direct + indirect
    Type II    x = (I − R∘A − s (r∘h) w')⁻¹ d        + induced; s of each USD of pay is respent
    Type SAM   Type II with s = resident share × (1 − household tax) × (1 − saving)

The effect on a quantity with coefficient q per USD of output is q∘x: it is given by sector and sums
to the multiplier for a unit demand. The textbook Type II respends pay wherever its earner lives.
Fixed prices, fixed coefficients, no limit of capacity: the result is an upper bound for orders that
meet limits. Reference: Miller and Blair, Input-Output Analysis, 2nd ed., 2009, chapters 2, 3, 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from millworks.economy import table_checks as check
from millworks.economy.sectors import nearest_sector
from millworks.errors import InputError, nearest

Vector = NDArray[np.float64]

QUANTITIES: Final[dict[str, str]] = {
    "output": "USD per USD of demand",
    "value_added": "USD per USD of demand",
    "labour_income": "USD per USD of demand",
    "jobs": "job-years per million USD of demand",
    "imports": "USD per USD of demand",
}
"""Quantity -> unit of its multiplier."""

ROUNDING: Final[float] = 1e-12
"""Relative difference below which a multiplier is Type I itself."""

CLOSURES: Final[tuple[str, ...]] = ("type_i", "type_ii", "type_sam")


class InputOutputTable:
    """An input-output table of a region as coefficients, and the multipliers that follow from it.

    Parameters
    ----------
    technical : [n, n], USD of row's goods per USD of column's output. Whatever is bought abroad is
        left out; it is the rest of the column, imports_j = 1 − Σ_i A_ij − v_j.
    sectors : n codes.
    regional_share : share of inputs bought in the region: one number, [n] by selling sector, or
        [n, n] by seller and buyer. One (the default) for a national table of domestic coefficients.
    household_regional_share : the same for the basket, number or [n]; by default `regional_share`.
    labour_income, value_added, taxes : [n] shares of output; `taxes` are part of value added.
    jobs : [n] jobs per million USD of output.
    basket : [n] what households spend on each sector's goods per USD spent, whatever their origin
        inside the country; what is missing to one is imported.
    resident_share, household_tax, saving : shares for Type SAM: of pay that goes to residents, of
        residents' pay that is taxed away, of the rest that is saved.
    output : [n] gross output in prices of the table, only needed by `aggregate`.

    Raises InputError in one sentence when shapes, ranges or columns do not fit, or when the table
    is not productive (an inverse with no negative entries does not exist). A table never changes:
    its arrays are read-only copies.

    >>> table = InputOutputTable([[0.2, 0.3], [0.4, 0.1]], sectors=["mill", "shop"])
    >>> [round(float(m), 3) for m in table.multipliers()]
    [2.167, 1.833]
    """

    def __init__(
        self,
        technical: ArrayLike,
        sectors: Sequence[str],
        *,
        regional_share: ArrayLike = 1.0,
        household_regional_share: ArrayLike | None = None,
        labour_income: ArrayLike | None = None,
        value_added: ArrayLike | None = None,
        taxes: ArrayLike | None = None,
        jobs: ArrayLike | None = None,
        basket: ArrayLike | None = None,
        resident_share: float | None = None,
        household_tax: float | None = None,
        saving: float | None = None,
        output: ArrayLike | None = None,
    ) -> None:
        self.sectors = check.checked_sectors(sectors)
        n = self.size
        self.technical = check.square("technical", technical, self.sectors)
        self.regional_share = check.shares("regional_share", regional_share, self.sectors, (n, n))
        self.labour_income = check.not_negative("labour_income", labour_income, self.sectors)
        self.value_added = check.by_sector("value_added", value_added, self.sectors)
        self.taxes = check.by_sector("taxes", taxes, self.sectors)
        self.jobs = check.not_negative("jobs", jobs, self.sectors)
        self.basket = check.basket(basket, self.sectors)
        self.output = check.not_negative("output", output, self.sectors)
        self.household_regional_share = self._household_share(
            household_regional_share, regional_share
        )
        self.resident_share = check.share("resident_share", resident_share)
        self.household_tax = check.share("household_tax", household_tax)
        self.saving = check.share("saving", saving)
        self.imports = (
            None
            if self.value_added is None
            else check.import_coefficients(self.technical, self.value_added, self.sectors)
        )
        self.regional = self.regional_share * self.technical
        check.refuse_unproductive(self.regional)
        for array in vars(self).values():
            if isinstance(array, np.ndarray):
                array.flags.writeable = False

    # Multipliers

    def leontief(self, households: float | None = None) -> Vector:
        """Return the inverse [n, n]: output of row per USD of final demand for column.

        `households` is the share of pay that is respent; None leaves households out (Type I).
        """
        inverse = np.linalg.inv(np.eye(self.size) - self.closed_matrix(households))
        return np.asarray(inverse, dtype=np.float64)

    def closed_matrix(self, respent: float | None = None) -> Vector:
        """Return R∘A + s (r∘h) w' [n, n], what one round of spending calls forth; s = `respent`."""
        if not respent:
            return self.regional.copy()
        pay = self._given("labour_income", "households that respend")
        local_basket = self._local_basket("households that respend")
        check.refuse_runaway(respent, float(pay @ self.leontief() @ local_basket))
        return self.regional + respent * np.outer(local_basket, pay)

    def type_i(self, quantity: str, demand: ArrayLike | str) -> Vector:
        """Return direct and indirect effect by sector [n]; `demand` is [n] USD or a sector code."""
        return self.effect(quantity, demand, None)

    def type_ii(self, quantity: str, demand: ArrayLike | str, respent: float = 1.0) -> Vector:
        """Return direct, indirect and induced effect by sector [n]; `respent` of pay is spent."""
        return self.effect(quantity, demand, respent)

    def type_sam(self, quantity: str, demand: ArrayLike | str) -> Vector:
        """Return the effect by sector [n] when residents spend what tax and saving leave them."""
        return self.effect(quantity, demand, self.sam_respent())

    def sam_respent(self) -> float:
        """Return resident share × (1 − household tax) × (1 − saving), the share SAM respends."""
        resident_share, household_tax, saving = (
            self._given(name, "type_sam") for name in ("resident_share", "household_tax", "saving")
        )
        return float(resident_share * (1.0 - household_tax) * (1.0 - saving))

    def effect(self, quantity: str, demand: ArrayLike | str, respent: float | None) -> Vector:
        """Return the effect on a quantity by sector [n], for any share of pay respent.

        Imports that households buy are booked at the sector whose pay buys them.
        """
        coefficient = self._coefficient(quantity, respent)
        matrix = np.eye(self.size) - self.closed_matrix(respent)
        return coefficient * np.linalg.solve(matrix, self.demand(demand))

    def multipliers(self, quantity: str = "output", respent: float | None = None) -> Vector:
        """Return [n]: the whole effect of one USD of demand for each sector in turn."""
        return self._coefficient(quantity, respent) @ self.leontief(respent)

    def rounds(self, demand: ArrayLike | str, n: int, respent: float | None = None) -> Vector:
        """Return output after each round of spending, [n + 1, sectors]: row k is Σ_{m≤k} Aᵐ d.

        Row 0 is the demand itself; the rows converge to `effect("output", demand, respent)`.
        """
        matrix = self.closed_matrix(respent)
        steps = [self.demand(demand)]
        for _ in range(n):
            steps.append(matrix @ steps[-1])
        return np.cumsum(steps, axis=0)

    def respending_share(self, multiplier: float, weights: ArrayLike | str) -> float:
        """Return the s at which Type II output for a unit demand `weights` is `multiplier`.

        By Sherman and Morrison M(s) = M_I + s b / (1 − s c) with c = w'L(r∘h) and
        b = 1'L(r∘h) · w'L d, hence s = g / (b + g c), g = M − M_I.
        InputError below Type I, where no share does it.
        """
        pay = self._given("labour_income", "a respending share")
        demand = self.demand(weights)
        inverse = self.leontief()
        spread = inverse @ self._local_basket("a respending share")
        type_i = inverse @ demand
        gap = multiplier * demand.sum() - type_i.sum()
        if abs(gap) <= ROUNDING * type_i.sum():
            return 0.0
        if gap < 0:
            raise InputError(
                f"no respending share gives a multiplier of {multiplier}: it is below Type I, "
                f"{type_i.sum() / demand.sum():.4f}."
            )
        gain = spread.sum() * (pay @ type_i)
        if gain <= 0:
            raise InputError("no respending share: pay or the basket is zero, so nothing is spent.")
        return float(gap / (gain + gap * (pay @ spread)))

    def leakages(
        self, demand: ArrayLike | str, closure: str = "type_sam", respent: float = 1.0
    ) -> dict[str, float]:
        """Return where each USD of demand ends up, as shares that sum to one.

        Every dollar that enters leaves the rounds of spending once: as `imports`, `rest_of_us`
        (inputs and goods from outside the region), `taxes_on_production` (0 if not given) and
        `other_value_added`; pay leaves as `labour_income` (Type I), `labour_income_kept` (Type II,
        the share 1 − respent), or `commuters`, `household_tax` and `saving` (Type SAM).
        """
        if closure not in CLOSURES:
            raise InputError(f"no closure {closure!r}.{nearest(closure, CLOSURES)}")
        labour_income = self._given("labour_income", "leakages")
        value_added = self._given("value_added", "leakages")
        share = {"type_i": 0.0, "type_ii": respent}.get(closure)
        share = self.sam_respent() if share is None else share
        demand = self.demand(demand)
        if abs(demand.sum()) < 1e-300:
            raise InputError("leakages are shares of a demand, and this demand adds up to zero.")
        output = self.effect("output", demand, share)
        pay = float(labour_income @ output)
        spending = share * pay
        taxes = self.taxes if self.taxes is not None else np.zeros(self.size)
        outside = ((1.0 - self.regional_share) * self.technical).sum(axis=0)
        imports, rest_of_us = self._given("imports", "leakages") @ output, outside @ output
        if self.basket is not None:
            imports += spending * (1.0 - self.basket.sum())
            rest_of_us += spending * ((1.0 - self.household_regional_share) @ self.basket)
        parts = {
            "imports": imports,
            "rest_of_us": rest_of_us,
            "taxes_on_production": taxes @ output,
            "other_value_added": (value_added - labour_income - taxes) @ output,
        }
        if closure == "type_i":
            parts["labour_income"] = pay
        elif closure == "type_ii":
            parts["labour_income_kept"] = (1.0 - respent) * pay
        else:
            residents = float(self._given("resident_share", "type_sam")) * pay
            taxed = float(self._given("household_tax", "type_sam")) * residents
            parts["commuters"] = pay - residents
            parts["household_tax"] = taxed
            parts["saving"] = float(self._given("saving", "type_sam")) * (residents - taxed)
        return {name: float(value / demand.sum()) for name, value in parts.items()}

    # Other tables

    @classmethod
    def from_flows(cls, Z: ArrayLike, x: ArrayLike, **accounts: Any) -> InputOutputTable:
        """Return the table of flows Z [n, n] and outputs x [n]; see `table_builders.from_flows`."""
        from millworks.economy.table_builders import from_flows

        return from_flows(Z, x, **accounts)

    @classmethod
    def from_make_use(
        cls, make: ArrayLike, use: ArrayLike, imports: ArrayLike | None = None, **accounts: Any
    ) -> InputOutputTable:
        """Return the table of Make, Use and import matrices; see `table_builders`."""
        from millworks.economy.table_builders import from_make_use

        return from_make_use(make, use, imports, **accounts)

    def aggregate(
        self, mapping: Mapping[str, str], output: ArrayLike | None = None
    ) -> InputOutputTable:
        """Return the table of fewer sectors; see `table_builders.aggregate`."""
        from millworks.economy.table_builders import aggregate

        return aggregate(self, mapping, output)

    # Reading what the user gave

    @property
    def size(self) -> int:
        """Return the number of sectors."""
        return len(self.sectors)

    def demand(self, demand: ArrayLike | str) -> Vector:
        """Return final demand as [n] USD: a sector's code means one USD of its goods."""
        if isinstance(demand, str):
            matching = [k for k, code in enumerate(self.sectors) if code.lower() == demand.lower()]
            if not matching:
                names = {code: code for code in self.sectors}
                raise InputError(f"no sector {demand!r}.{nearest_sector(demand, names)}")
            return np.eye(self.size)[matching[0]]
        vector = check.by_sector("demand", demand, self.sectors)
        assert vector is not None
        return vector

    def _household_share(self, household: ArrayLike | None, inputs: ArrayLike) -> Vector:
        """Where nothing else is given, households buy in the region as firms do."""
        if household is None:
            if np.ndim(inputs) == 2 and self.basket is not None:
                raise InputError(
                    "household_regional_share: give it beside a regional_share by seller and buyer."
                )
            household = inputs if np.ndim(inputs) < 2 else 1.0
        return check.shares("household_regional_share", household, self.sectors, (self.size,))

    def _given(self, name: str, purpose: str) -> Vector:
        """Return a coefficient array, or InputError where the user did not give it."""
        values = getattr(self, name)
        if values is None:
            needed = "value_added" if name == "imports" else name
            raise InputError(
                f"{purpose}: {needed} is missing, give {needed}=… to InputOutputTable."
            )
        return np.asarray(values, dtype=np.float64)

    def _local_basket(self, purpose: str) -> Vector:
        return self.household_regional_share * self._given("basket", purpose)

    def _coefficient(self, quantity: str, respent: float | None) -> Vector:
        """Return q [n], the quantity per USD of each sector's output."""
        if quantity not in QUANTITIES:
            raise InputError(f"no quantity {quantity!r}.{nearest(quantity, QUANTITIES)}")
        if quantity == "output":
            return np.ones(self.size)
        coefficient = self._given(quantity, f"quantity {quantity!r}")
        if quantity == "imports" and respent:
            pay = self._given("labour_income", "households that respend")
            imported = 1.0 - self._given("basket", "households that respend").sum()
            coefficient = coefficient + respent * imported * pay
        return coefficient
