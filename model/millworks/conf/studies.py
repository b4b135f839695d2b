"""Settings of the studies that set many policies beside each other."""

from __future__ import annotations

from typing import ClassVar

from millworks.conf.schema import RunConfig
from millworks.settings import number, text


class ManyArmsConfig(RunConfig):
    """Settings of a study of many policies: `policies` are those that take part, each alone."""

    together: ClassVar[bool] = False


class RankConfig(ManyArmsConfig):
    """Settings of `millworks rank`."""

    budget: float | None = text(
        None, "a number above 0 and at most 1e+10, or null",
        "USD of present value over ten years at which policies are compared; null: two million for "
        "the default district, elsewhere by makers' sales",
        gt=0, le=1e10,
    )  # fmt: skip
    default_size: bool = text(
        True, "true or false", "whether policies are also run at their default size, in all pairs"
    )
    marginal: bool = text(True, "true or false", "whether half the budget is run too")
    tolerance: float = number(
        0.05, 0.005, 0.5, "part of the budget by which what a policy costs may miss it"
    )
    solving_pairs: int = number(2, 1, 100, "pairs by which the size that costs the budget is found")
    fewest_pairs: int = number(
        10, 2, 1000, "pairs below which nothing is said to work or to do harm"
    )
    draws: int = number(0, 0, 10_000, "draws of all free parameters, for the parameter band")
    seeds_of_draw: int = number(2, 1, 100, "pairs of runs for each draw")


class InteractionsConfig(ManyArmsConfig):
    """Settings of `millworks interactions`."""

    budget: float | None = text(
        None, "a number above 0 and at most 1e+10, or null",
        "USD of present value over ten years that the best package may cost; null: five times the "
        "common budget",
        gt=0, le=1e10,
    )  # fmt: skip
    pairwise: bool = text(True, "true or false", "whether every two policies are run together")
    factorial: bool = text(
        True, "true or false", "whether all combinations of the four groups are run"
    )
    largest_package: int = number(4, 2, 12, "policies that a package may have")


class StressConfig(ManyArmsConfig):
    """Settings of `millworks stress`; `shocks` are those that befall the district, one by one."""


class SizesConfig(ManyArmsConfig):
    """Settings of `millworks sizes`."""


class ConstraintsConfig(ManyArmsConfig):
    """Settings of `millworks constraints`."""

    relaxed: float = number(
        0.1, 0, 1, "part by which each limit is relaxed, one at a time", open_low=True
    )


class AdditionalityConfig(ManyArmsConfig):
    """Settings of `millworks additionality`."""
