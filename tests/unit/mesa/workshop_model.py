"""The same small economy twice: as rows of populations, and as stock Mesa agents."""

import mesa
import numpy as np

from millworks.world.columnar_model import ColumnarModel
from millworks.world.columns import Population, column, money
from millworks.world.handles import RowAgent

SIZE = 12
EMPLOYMENT = [3.0, 7.5, 3.0, 40.0, 12.0, 250.0, 1.0, 7.5, 90.0, 3.0, 18.0, 5.0]
SECTOR = [4, 1, 4, 2, 1, 1, 4, 2, 2, 1, 4, 4]


class Firm(RowAgent):
    """Declares what makers and shops share."""

    cash = money("USD of 2022", "deposit at its bank", account="+deposits")
    employment = column(float, "jobs", "people employed")
    sector = column(int, "index", "row of the input-output table", default=-1)
    exports = column(bool, "yes or no", "whether it sells abroad")

    @property
    def is_small(self) -> bool:
        return self.employment < 20

    def hire(self, number: float = 1.0) -> float:
        self.employment += number
        return self.employment


class Maker(Firm):
    stock = column(float, "base dollars", "stocks by age in weeks", shape=(3,))
    capacity = column(float, "base dollars a week", "output at full use", default=1.5)


class Shop(Firm):
    floor = column(int, "square feet", "room to sell in")


class Workshop(ColumnarModel):
    """Twelve makers and four shops."""

    def __init__(self, rng=1, trace=None):
        super().__init__(rng=rng)
        makers = self.register("makers", Population(Maker, SIZE, self))
        makers.employment[:] = EMPLOYMENT
        makers.sector[:] = SECTOR
        makers.writable("cash")[:] = 100.0 * np.arange(SIZE)
        shops = self.register("shops", Population(Shop, 4, self))
        shops.employment[:] = [2.0, 4.0, 6.0, 8.0]
        shops.sector[:] = 25

    def total_jobs(self):
        return float(self.makers.agg("employment", sum))

    def step(self):
        self.populations["makers"].employment[:] *= 1.1
        self.agents.shuffle_do("hire", 0.5)


class StockMaker(mesa.Agent):
    def __init__(self, model, employment, sector):
        super().__init__(model)
        self.employment = employment
        self.sector = sector
        self.exports = False

    @property
    def is_small(self):
        return self.employment < 20

    def hire(self, number=1.0):
        self.employment += number
        return self.employment


class StockWorkshop(mesa.Model):
    def __init__(self, rng=1):
        super().__init__(rng=rng)
        StockMaker.create_agents(self, SIZE, EMPLOYMENT, SECTOR)

    @property
    def makers(self):
        return self.agents
