"""The rest of the US as explicit weekly rounds: what the district sets in motion there.

    x(t) = A x(t-1) + h C(t) + demand(t)
    C(t) = s Y(t),   Y(t) = Y(t-1) + w [pay(t-1) - Y(t-1)],   pay = l'x + in-commuters' pay

x output by sector, A domestic inputs, h basket of domestic goods, l pay per USD of output, s the
share of gross pay respent, w the weight of the newest week; USD per week. In a steady state this is
Leontief's x = (I - A - s h l')^-1 [demand + s h (commuters' pay)]. Three demands are followed
apart, which changes no sum, for the rounds are linear:

    purchases   what the district and its residents buy there for current use
    capital     capital goods, and what the local government buys there
    sales       sales to customers outside the district that its makers lose to the rest of the
                US: what such customers want less what the district's makers take on; where
                makers win customers, the rest of the US loses them

Only output that the district sets in motion is followed, so the level is not national output, and
output set in motion by `sales` may be negative.

Left out: capacity, prices and stocks of the rest of the US, and its purchases from the district.
Sales won in markets outside are all taken from the rest of the US: what rivals abroad lose there is
not known, so a national effect is rather too small.
Reference: model specification §9.2; Miller and Blair (2009), ch. 3 (regions) and 6 (Type II).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.economy.national import NationalAccounts
from millworks.economy.sectors import sector_index
from millworks.world.closure import ORDERS, SPENDING, Closure
from millworks.world.sums import add_all, times_vector

CARRIERS = sector_index("TRN")

Floats = npt.NDArray[np.float64]


class Rounds:
    """The rounds that one demand sets in motion; vectors are [34] in USD per week.

    `purchases` is the demand of the week, `output` what is made for it and all it leads to;
    `name` is how a closure is asked about the inputs and the spending of those who are paid for it.
    """

    def __init__(
        self, national: NationalAccounts, name: str, *, respent: float, newest_weight: float
    ) -> None:
        self.national, self.name = national, name
        self.respent, self.newest_weight = respent, newest_weight
        self.output: Floats = np.zeros(len(national.output), dtype=np.float64)
        self.purchases = np.zeros_like(self.output)
        self.commuter_pay = 0.0
        self.pay = 0.0
        self.smoothed_pay = 0.0

    def start_steady(self, purchases: Floats, commuter_pay: float) -> None:
        """Put the rounds into the steady state of constant purchases and commuters' pay."""
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

    def step(self, week: int, closure: Closure) -> None:
        """One round: spend last week's pay, produce for all demand of the week."""
        self.smoothed_pay += self.newest_weight * (self.pay - self.smoothed_pay)
        desired = np.array([self.respent * self.smoothed_pay])
        consumption = closure.path(SPENDING, self.name, week, desired)
        national = self.national
        used = times_vector(national.A, self.output)
        inputs = closure.path(ORDERS, self.name, week, used)
        self.output = inputs + national.basket * consumption[0] + self.purchases
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


class RestOfUS(Rounds):
    """The satellite: itself the rounds of current purchases, with those of `capital` and `sales`.

    `output` is what current purchases set in motion; `whole_output` adds the other two.
    """

    def __init__(self, national: NationalAccounts, *, respent: float, newest_weight: float) -> None:
        super().__init__(national, "rest of US", respent=respent, newest_weight=newest_weight)
        self.capital, self.sales = (
            Rounds(national, name, respent=respent, newest_weight=newest_weight)
            for name in ("rest of US, capital goods", "rest of US, sales")
        )

    @property
    def whole_output(self) -> Floats:
        """[34] output of the rest of the US that the district sets in motion, USD per week."""
        return self.output + self.capital.output + self.sales.output

    def open_week(self) -> None:
        """Forget last week's demand; the stages add this week's."""
        super().open_week()
        self.capital.open_week()
        self.sales.open_week()

    def add_freight(self, amount: float) -> None:
        """Freight that carriers of the rest of the US earn from the district, USD."""
        self.purchases[CARRIERS] += amount

    def step(self, week: int, closure: Closure) -> None:
        """One round of each."""
        super().step(week, closure)
        self.capital.step(week, closure)
        self.sales.step(week, closure)

    def state(self) -> dict[str, Floats]:
        """Copies of what changes from week to week."""
        state = super().state()
        for part in (self.capital, self.sales):
            state |= {f"{part.name}: {key}": value for key, value in part.state().items()}
        return state

    def load_state(self, state: dict[str, Floats]) -> None:
        """Put back what `state` returned."""
        super().load_state(state)
        for part in (self.capital, self.sales):
            part.load_state({key: state[f"{part.name}: {key}"] for key in part.state()})
