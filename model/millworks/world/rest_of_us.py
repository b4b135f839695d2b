"""The rest of the US as explicit weekly rounds: what the district's purchases set in motion there.

    x(t) = A x(t-1) + h C(t) + purchases(t)
    C(t) = s Y(t),   Y(t) = Y(t-1) + w [pay(t-1) - Y(t-1)],   pay = l'x + in-commuters' pay

x output by sector, A domestic inputs, h basket of domestic goods, l pay per USD of output, s the
share of gross pay respent, w the weight of the newest week; USD per week. In a steady state this is
Leontief's x = (I - A - s h l')^-1 [purchases + s h (commuters' pay)]. Only output that the district
sets in motion is followed, so the level is not national output.

Left out: capacity, prices and stocks of the rest of the US, and its purchases from the district.
Reference: Miller and Blair (2009), ch. 3 (regions) and 6 (Type II).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.economy.national import NationalAccounts
from millworks.economy.sectors import sector_index
from millworks.world.closure import SPENDING, Closure
from millworks.world.sums import add_all, times_vector

CARRIERS = sector_index("TRN")

Floats = npt.NDArray[np.float64]


class RestOfUS:
    """State of the satellite; vectors are [34] in USD per week."""

    def __init__(self, national: NationalAccounts, *, respent: float, newest_weight: float) -> None:
        self.national, self.respent, self.newest_weight = national, respent, newest_weight
        self.output: Floats = np.zeros(len(national.output), dtype=np.float64)
        self.purchases = np.zeros_like(self.output)
        self.commuter_pay = 0.0
        self.pay = 0.0
        self.smoothed_pay = 0.0

    def start_steady(self, purchases: Floats, commuter_pay: float) -> None:
        """Put the satellite into the steady state of constant purchases and commuters' pay."""
        national = self.national
        spending = self.respent * national.basket
        demand = purchases + spending * commuter_pay
        closed = np.eye(len(demand)) - national.A - np.outer(spending, national.compensation)
        self.output = np.linalg.solve(closed, demand).astype(np.float64, copy=False)
        self.pay = self.smoothed_pay = float(national.compensation @ self.output) + commuter_pay

    def open_week(self) -> None:
        """Forget last week's purchases; the stages add this week's."""
        self.purchases[:] = 0.0
        self.commuter_pay = 0.0

    def add_freight(self, amount: float) -> None:
        """Freight that carriers of the rest of the US earn from the district, USD."""
        self.purchases[CARRIERS] += amount

    def step(self, week: int, closure: Closure) -> None:
        """One round: spend last week's pay, produce for all demand of the week."""
        self.smoothed_pay += self.newest_weight * (self.pay - self.smoothed_pay)
        desired = np.array([self.respent * self.smoothed_pay])
        consumption, _ = closure.route(SPENDING, "rest of US", week, desired)
        national = self.national
        self.output = (
            times_vector(national.A, self.output)
            + national.basket * consumption[0]
            + self.purchases
        )
        self.pay = add_all(national.compensation * self.output) + self.commuter_pay

    def state(self) -> dict[str, Floats]:
        """Copies of what changes from week to week."""
        scalars = np.array([self.commuter_pay, self.pay, self.smoothed_pay])
        return {
            "output": self.output.copy(),
            "purchases": self.purchases.copy(),
            "scalars": scalars,
        }

    def load_state(self, state: dict[str, Floats]) -> None:
        """Put back what `state` returned."""
        self.output, self.purchases = state["output"].copy(), state["purchases"].copy()
        self.commuter_pay, self.pay, self.smoothed_pay = (float(v) for v in state["scalars"])
