"""How many firms use what the policies of an arm offer, in an average week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from millworks.study.around import home_of
from millworks.study.take_up import taking_up

if TYPE_CHECKING:
    from millworks.district_model import DistrictModel
    from millworks.multi_district_model import MultiDistrictModel
    from millworks.study.arms import Arrays

USERS = "users"


class Users:
    """Counts the users of an arm, week by week: makers, partners and independent retailers.

    A firm that uses two policies counts twice. Make it when the arm's policies stand.
    """

    def __init__(self, world: DistrictModel | MultiDistrictModel, weeks: int) -> None:
        self._home, self._weeks, self._found = home_of(world), weeks, 0.0

    def record(self) -> None:
        """Read the week that has just ended."""
        for policy in self._home.measures.policies:
            for using in taking_up(self._home, policy).values():
                self._found += float(np.count_nonzero(using))

    def arrays(self) -> Arrays:
        """Return their mean number over the weeks, of what is simulated."""
        return {USERS: np.array([self._found / self._weeks])}
