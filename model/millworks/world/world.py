"""What every stage of the week can see: one world, its populations, its books and its recipes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.economy.imports import export_share
from millworks.economy.sectors import N_SECTORS
from millworks.world.accounts import HOLDERS
from millworks.world.capital_programme import CapitalProgramme
from millworks.world.closure import Closure, FreeClosure
from millworks.world.columnar_model import ColumnarModel
from millworks.world.columns import Population
from millworks.world.labour_market import LabourMarket
from millworks.world.ledger import Ledger
from millworks.world.measures import Measures
from millworks.world.network import SupplyNetwork
from millworks.world.order_programme import OrderProgramme
from millworks.world.other_districts import OtherDistricts
from millworks.world.rest_of_us import RestOfUS
from millworks.world.streams import Streams
from millworks.world.sums import add_up, times_vector
from millworks.world.trade import TradeBook

if TYPE_CHECKING:
    from millworks.economy.technology import Technology
    from millworks.parameters import Parameters

Floats = npt.NDArray[np.float64]

SMALLEST_STOCK = 1e-6
"""Units below which a stock is what rounding left, and its cost per unit means nothing."""


class World(ColumnarModel):
    """A district and what surrounds it, as columns; `DistrictModel` adds the week.

    `week` counts from 0; during the first week it is 0, before it -1.
    """

    parameters: Parameters
    """Of this week: the base, with what shocks put in its place."""
    base_parameters: Parameters
    technology: Technology
    network: SupplyNetwork
    trade: TradeBook
    ledger: Ledger
    rest_of_us: RestOfUS
    programme: OrderProgramme
    capital_programme: CapitalProgramme
    closure: Closure
    streams: Streams
    labour: LabourMarket
    block_mix: Floats
    """[blocks, 34] part of local services of a sector that comes from each block."""
    shop_margins_of_rest_of_us: dict[str, Floats]
    """[34] per USD of goods for sale ordered by shops of a holder letter: trade and transport
    margins of the rest of the US, by selling sector."""
    place_x: Floats
    place_y: Floats
    """[agents] miles east and north of the district's centre."""
    outside_market_us: Floats
    """[34] units a week that rivals in the rest of the US sell, by sector."""
    pounds_per_unit: Floats
    """[34] weight of a unit of goods by sector, lb."""
    freight_scale: Floats
    """[34] factor of the freight tariff by sector."""
    carriers_local: Floats
    """[34] part of a sector's freight that carriers of the district earn."""
    service_price: Floats
    """[34] price of the local services a sector uses, over the base year's."""
    wage: float = 1.0
    """Wage index of the district, 1 in the base year."""
    chain_share: float
    """Chains' part of what residents spend in local shops."""
    scale: float = 1.0
    """Part of the place that is simulated: 1, or less in a scale model."""
    outside_demand: float = 1.0
    """Demand from outside over what it would be without a shock."""
    tariff: Floats
    """[34] part of the price of imports that buyers owe on top, as a duty."""
    exports: Floats
    """[34] what customers abroad order over what they would without a shock."""
    season: float = 1.0
    """Season of this week's outside orders, mean 1."""
    others: OtherDistricts | None = None
    """Other districts of the same world; None where this is the only one."""
    turned_outside_by_sector: Floats
    """[34] units that district buyers asked of the rest of the US after a refusal this week."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.week = -1
        self.programme = OrderProgramme()
        self.capital_programme = CapitalProgramme()
        self.closure = FreeClosure()
        self.turnover: Counter[str] = Counter()
        self.measures = Measures()
        self.tariff, self.exports = np.zeros(N_SECTORS), np.ones(N_SECTORS)

    NUMBERS = ("wage", "chain_share", "season", "outside_demand")
    """Single numbers that change from week to week."""

    def population(self, letter: str) -> Population:
        """Return the population of a holder letter of `accounts.HOLDERS`."""
        return self.populations[HOLDERS[letter].population]

    def miles_from_centre(self, letter: str) -> Floats:
        """Distance of each row of a holder letter with links from the district's centre, miles."""
        span = self.trade.spans[letter]
        return np.sqrt(self.place_x[span] ** 2 + self.place_y[span] ** 2)

    def by_sector(self, letter: str, values: Floats) -> Floats:
        """Sum a firm column by the sector whose recipe the firm uses, [34]."""
        size = len(self.technology.regional_share)
        sectors = self.population(letter).sector
        return add_up(sectors, values, size)

    def services_by_block(self, by_sector: Floats) -> Floats:
        """Split what firms pay for local services, by their sector [34], over the blocks [15]."""
        return times_vector(self.block_mix, by_sector)

    def goods_per_unit(self, letter: str) -> Floats:
        """Stocked goods that a unit of output takes, units, for each maker (M) or partner (P)."""
        firms = self.population(letter)
        return self.technology.goods_rate[firms.sector] * firms.input_factor

    def pay_per_unit(self, letter: str) -> Floats:
        """Gross pay that a unit of output takes now, USD, for each maker or partner."""
        firms = self.population(letter)
        hours = firms.labour_factor / firms.productivity
        return self.technology.wage[firms.sector] * hours * self.wage

    def pay_after_subsidy(self, letter: str) -> Floats:
        """What a unit of output costs its maker (M) or partner (P) in pay, USD."""
        pay = self.pay_per_unit(letter)
        return pay * (1.0 - self.population(letter).pay_subsidy) if letter == "M" else pay

    def capacity_at_hand(self, letter: str) -> Floats:
        """Units a week that makers (M) or partners (P) can make: in own works, in rented hours."""
        firms = self.population(letter)
        if letter == "M" and firms.hours_rented.any():
            return np.asarray(firms.capacity + firms.hours_rented, np.float64)
        return firms.capacity

    def landed_cost(self, letter: str) -> Floats:
        """Average cost of a unit of stock on hand, USD; of the base year where nothing is."""
        firms = self.population(letter)
        held = (firms.units_on_hand > SMALLEST_STOCK) & (firms.inventory > 0.0)
        return np.divide(firms.inventory, firms.units_on_hand, out=np.ones(firms.size), where=held)

    def set_block_prices(self, price: Floats) -> None:
        """Prices of the blocks [blocks] change, and with them what services cost each sector."""
        self.population("S").price[:] = price
        self.service_price = times_vector(self.block_mix.T.copy(), price)
        self.service_price[self.block_mix.sum(axis=0) <= 0.0] = 1.0

    def trade_abroad(self, price: Floats, tariff: Floats, exports: Floats) -> None:
        """Prices of imports, duties on them and orders from abroad hold from now on; all [34]."""
        self.tariff, self.exports = tariff, exports
        if not np.array_equal(self.trade.price_abroad, price):
            self.trade.price_abroad[:] = price
            self.trade.refresh_outside_shares()

    @property
    def outside_orders(self) -> Floats:
        """[34] orders from outside over what they would be if nothing had happened abroad.

        At home they go with what imports leave to domestic sellers; the rest are exports.
        """
        exported = export_share(self.technology.national)
        home = (1.0 - exported) * (self.trade.kept_from_imports - 1.0)
        return np.asarray(1.0 + home + exported * (self.exports - 1.0), np.float64)

    def state(self) -> dict[str, Any]:
        """Everything that changes from week to week, as copies: enough to resume bit by bit."""
        return {
            "week": self.week,
            "populations": {name: pop.state() for name, pop in self.populations.items()},
            "trade": self.trade.state(),
            "rest_of_us": self.rest_of_us.state(),
            "labour": self.labour.state(),
            "service_price": self.service_price.copy(),
            "numbers": {name: getattr(self, name) for name in self.NUMBERS},
        }

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Put back what `state` returned, so that several arms start from the same bytes.

        Policies and shocks are no state: none are in force until they are introduced again.
        """
        self.week = state["week"]
        self.measures, self.parameters = Measures(), self.base_parameters
        for name, columns in state["populations"].items():
            self.populations[name].load_state(columns)
        self.trade.load_state(state["trade"])
        self.rest_of_us.load_state(state["rest_of_us"])
        self.labour.load_state(state["labour"])
        self.service_price = state["service_price"].copy()
        for name in self.NUMBERS:
            setattr(self, name, state["numbers"][name])
        self.measures.begin(self)
