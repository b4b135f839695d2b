"""What every stage of the week can see: one world, its populations, its books and its recipes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.world.accounts import HOLDERS
from millworks.world.closure import Closure, FreeClosure
from millworks.world.columnar_model import ColumnarModel
from millworks.world.columns import Population
from millworks.world.ledger import Ledger
from millworks.world.network import SupplyNetwork
from millworks.world.order_programme import OrderProgramme
from millworks.world.rest_of_us import RestOfUS
from millworks.world.sums import add_up
from millworks.world.trade import TradeBook

if TYPE_CHECKING:
    from millworks.economy.technology import Technology
    from millworks.parameters import Parameters

Floats = npt.NDArray[np.float64]


class World(ColumnarModel):
    """A district and what surrounds it, as columns; `DistrictModel` adds the week.

    `week` counts from 0; during the first week it is 0, before it -1.
    """

    parameters: Parameters
    technology: Technology
    network: SupplyNetwork
    trade: TradeBook
    ledger: Ledger
    rest_of_us: RestOfUS
    programme: OrderProgramme
    closure: Closure
    block_mix: Floats
    """[blocks, 34] part of local services of a sector that comes from each block."""
    mix_of_rest_of_us: Floats
    """[34, 34] part of a sector's goods from the rest of the US made by each selling sector."""
    shop_mix_of_rest_of_us: dict[str, Floats]
    """[34] per USD of goods for sale ordered by shops of a holder letter: made in the rest of the
    US, by selling sector."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.week = -1
        self.programme = OrderProgramme()
        self.closure = FreeClosure()

    def population(self, letter: str) -> Population:
        """Return the population of a holder letter of `accounts.HOLDERS`."""
        return self.populations[HOLDERS[letter].population]

    def by_sector(self, letter: str, values: Floats) -> Floats:
        """Sum a firm column by the sector whose recipe the firm uses, [34]."""
        size = len(self.technology.regional_share)
        sectors = self.population(letter).sector
        return add_up(sectors, values, size)

    def services_by_block(self, by_sector: Floats) -> Floats:
        """Split what firms pay for local services, by their sector [34], over the blocks [15]."""
        return self.block_mix @ by_sector

    def state(self) -> dict[str, Any]:
        """Everything that changes from week to week, as copies: enough to resume bit by bit."""
        return {
            "week": self.week,
            "populations": {name: pop.state() for name, pop in self.populations.items()},
            "trade": self.trade.state(),
            "rest_of_us": self.rest_of_us.state(),
        }

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Put back what `state` returned, so that several arms start from the same bytes."""
        self.week = state["week"]
        for name, columns in state["populations"].items():
            self.populations[name].load_state(columns)
        self.trade.load_state(state["trade"])
        self.rest_of_us.load_state(state["rest_of_us"])
