"""The common budget: what every comparator costs, so that policies can be set beside it.

Two million dollars of present value over ten years for the default district, in proportion to what
its makers sell for every other (model specification, §10.4).
"""

from __future__ import annotations

from millworks.policies.base import annuity
from millworks.world.measures import State
from millworks.world.sums import add_all

PRESENT_VALUE = 2e6
"""USD of 2022, for the default district."""
SALES_OF_DEFAULT = 5.394e9
"""Base-year sales of the makers of Hickory, the default district, USD a year."""


def common_budget(sales: float) -> float:
    """USD of present value over ten years for a place whose makers sell `sales` USD a year."""
    return PRESENT_VALUE * sales / SALES_OF_DEFAULT


def weekly_budget(yearly: float | None, state: State) -> float:
    """USD a week: of `yearly` USD if given, else the common budget scaled to the district.

    In a scale model both are the part that falls to the makers simulated.
    """
    if yearly is not None:
        return yearly * state.scale / 52.0
    sales = 52.0 * add_all(state.population("M").base_output)
    return annuity(common_budget(sales)) / 52.0
