"""What room costs: leased in whole steps, paid by the week, or a pallet stored elsewhere.

    need = 500 sq ft per worker + 14 per pallet       leased = whole steps of 5,000 sq ft
    rent a week = square feet · rate/52               deposit = 3 months of rent

Rates are asking rents of 2025 moved to 2022 by the GDP deflator (factor .915). Buildings below
100,000 sq ft ask 31 % more than *larger ones* (9.51 and 7.26 USD of 2025); the mean of all
buildings, 9.12, holds both, so the premium comes on top of 7.26 and not of 9.12. A tenant takes the
larger building once it is cheaper as a whole, from 76,300 sq ft on, so that rent never falls when
space grows. Storage by third parties is quoted in dollars of about 2022.

Source: `data/price_list.csv`; model specification §7.11. Left out: rents by place, which differ
severalfold, taxes and upkeep that tenants pay, the height of a building, break-up of leases.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from millworks.economy.freight import listed
from millworks.kernels import compiled


class SpacePrices(NamedTuple):
    """Prices and sizes of space, named as in `data/price_list.csv`, which gives their units.

    Money is in USD of 2022. A named tuple of floats, so that compiled rules can take it.
    """

    pounds_per_pallet: float
    square_feet_per_worker: float
    square_feet_per_pallet: float
    lease_step: float
    lease_step_small: float
    rent_large: float
    rent_small_premium: float
    small_building: float
    rent_mean: float
    lease_years: float
    deposit_months: float
    moving_weeks: float
    storage_per_pallet_month: float


@cache
def price_list() -> SpacePrices:
    """Return the prices of space of the embedded price list."""
    return SpacePrices(*(listed(key) for key in SpacePrices._fields))


@compiled
def pallets_of(pounds: float, prices: SpacePrices) -> float:
    """Pallets that goods of a weight fill, parts of a pallet included."""
    return pounds / prices.pounds_per_pallet


@compiled
def square_feet_needed(jobs: float, pallets: float, prices: SpacePrices) -> float:
    """Floor space in sq ft for people at work and pallets in stock."""
    return prices.square_feet_per_worker * jobs + prices.square_feet_per_pallet * pallets


@compiled
def leased(need: float, step: float) -> float:
    """Space in sq ft that covers a need in whole steps of `step` sq ft."""
    if need <= 0.0:
        return 0.0
    # A need that exceeds whole steps only by rounding is whole.
    return math.ceil(need / step * (1.0 - 1e-12)) * step


@compiled
def fitting(need: float, prices: SpacePrices) -> float:
    """Space in sq ft that a tenant leases: units of a divided building below one usual step."""
    if need < prices.lease_step:
        return leased(need, prices.lease_step_small)
    return leased(need, prices.lease_step)


@compiled
def rent_rate(square_feet: float, prices: SpacePrices) -> float:
    """Rent in USD per sq ft and year of a tenant of so much space, at the cheaper building."""
    small = prices.rent_large * (1.0 + prices.rent_small_premium)
    if square_feet <= 0.0:
        return small
    # In the larger building the tenant pays for its smallest size at least.
    return min(small, prices.rent_large * max(1.0, prices.small_building / square_feet))


@compiled
def rent_per_week(square_feet: float, rate: float) -> float:
    """Rent in USD a week at a rate in USD per sq ft and year."""
    return square_feet * rate / 52.0


@compiled
def deposit(square_feet: float, rate: float, prices: SpacePrices) -> float:
    """Deposit in USD at the start of a lease, at a rate in USD per sq ft and year."""
    return square_feet * rate / 12.0 * prices.deposit_months


@compiled
def storage_per_week(pallets: float, prices: SpacePrices) -> float:
    """Storage in USD a week of pallets kept at a third party, 52 weeks making 12 months."""
    return pallets * prices.storage_per_pallet_month * 12.0 / 52.0
