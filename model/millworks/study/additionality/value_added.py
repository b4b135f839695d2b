"""Value added firm by firm and block by block, at prices of the base year, as runs measure it.

    value added = output - goods used - services / their price - rent, freight / their price

Sums over all firms, less what lenders' offices, deals and programmes use up, are the value added of
the district (`study.run_measures`). A service block's is split by who bought what it sold in the
week, since all buy at one price:

    firms        makers, partners, lenders, programmes and their operators, other blocks
    investment   makers' buildings and technology
    incomes      households, the local government, shops and the margins on what they sell
    outside      buyers outside the district

Source: model specification §9.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.study.income_sums import programmes_use
from millworks.world.accounts import BUILDER, CARRIER, LANDLORD, OFFICE

if TYPE_CHECKING:
    from millworks.district_model import DistrictModel

Floats = npt.NDArray[np.float64]

USES = ("firms", "investment", "incomes", "outside")
"""Who buys from service blocks."""
FIRMS_USE, INVESTMENT, INCOMES, OUTSIDE = range(len(USES))

DEDUCTED = ("lenders", "deals", "programmes")
"""What is used up and belongs to no firm: by lenders' offices, for stakes, by programmes."""


def of_producers(world: DistrictModel, letter: str) -> Floats:
    """Return the value added this week of each maker (M) or partner (P), base USD."""
    firms, price = world.population(letter), world.population("S").price
    used = firms.goods_used + firms.services_local / world.service_price[firms.sector]
    used = used + firms.services_outside + firms.rent / price[LANDLORD]
    used = used + firms.freight_local / price[CARRIER]
    used = used + firms.freight_outside - firms.freight_surcharge
    return np.asarray(firms.output - used, np.float64)


def of_shops_or_blocks(world: DistrictModel, letter: str) -> Floats:
    """Return the value added this week of each shop (R, C) or block (S), base USD."""
    firms = world.population(letter)
    used = firms.goods_used if letter == "S" else firms.supplies_used
    used = used + firms.services_local / world.service_price[firms.sector] + firms.services_outside
    return np.asarray(firms.output - used, np.float64)


def of_firms(world: DistrictModel, letter: str) -> Floats:
    """Return the value added this week of each firm of a letter, base USD."""
    return (of_producers if letter in "MP" else of_shops_or_blocks)(world, letter)


def ordered_capital(world: DistrictModel) -> tuple[float, float]:
    """Return what makers ordered here this week: building work, technology, USD.

    Blocks make it a week later.
    """
    makers = world.population("M")
    return float(makers.capital_ordered_local.sum()), float(makers.technology_local.sum())


def of_blocks_by_use(world: DistrictModel, invested: tuple[float, float]) -> Floats:
    """Return the value added this week of each block by who bought, [uses, blocks], base USD.

    `invested`: what `ordered_capital` found a week ago.
    """
    blocks = world.population("S")
    sales = np.zeros((len(USES), blocks.size))
    sales[INVESTMENT, BUILDER] += invested[0]
    sales[INVESTMENT, OFFICE] += invested[1]
    shops = sum(world.by_sector(letter, world.population(letter).services_local) for letter in "RC")
    bought_by_shops = world.services_by_block(np.asarray(shops, np.float64))
    sales[INCOMES] = blocks.household_sales + blocks.government_sales + blocks.margin_orders
    sales[INCOMES] += bought_by_shops
    sales[OUTSIDE] = blocks.outside_sales
    total = blocks.output * blocks.price
    share = np.divide(sales, total, out=np.zeros_like(sales), where=total > 0.0)
    share[FIRMS_USE] = 1.0 - share.sum(axis=0)
    return np.asarray(share * of_shops_or_blocks(world, "S"), np.float64)


def deducted(world: DistrictModel) -> Floats:
    """Return what is used up this week and belongs to no firm, in the order of `DEDUCTED`."""
    office = float(world.population("S").price[OFFICE])
    lenders = float(world.population("B").services.sum()) / office
    deals = float(world.population("P").deal_cost.sum()) / office
    return np.array([lenders, deals, programmes_use(world)])
