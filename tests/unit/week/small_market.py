"""A market small enough to follow by hand: a few buyers, sellers and links, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from millworks.world.links import close_links, open_links
from millworks.world.markets import move_shares
from millworks.world.streams import Streams


@dataclass
class SmallMarket:
    """One group per buyer, `links` links each, in sector 0; sellers come after the buyers.

    `local`, `us`, `abroad`: base parts of each buyer's goods.
    """

    buyers: int = 1
    links: int = 3
    sellers: int = 3
    local: float = 0.3
    us: float = 0.6
    abroad: float = 0.1
    theta: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        groups, links = self.buyers, self.buyers * self.links
        each = self.theta or [self.local / self.links] * self.links
        self.group_buyer = np.arange(groups)
        self.group_sector = np.zeros(groups, dtype=np.int64)
        self.group_start = np.arange(groups) * self.links
        self.group_end = self.group_start + self.links
        self.local_base = np.full(groups, sum(each))
        self.us_base, self.abroad_base = np.full(groups, self.us), np.full(groups, self.abroad)
        self.group_us, self.group_abroad = self.us_base.copy(), self.abroad_base.copy()
        self.seller = groups + np.arange(links) % self.sellers
        self.share_base = np.tile(np.array(each), groups)
        self.share = self.share_base.copy()
        self.supply_share = np.zeros(links)
        agents = groups + self.sellers
        self.pull = np.ones(agents)
        self.trading = np.ones(agents, dtype=np.bool_)
        self.spare = np.zeros(agents)
        self.spare[groups:] = 1.0
        self.x, self.y = np.zeros(agents), np.zeros(agents)
        self.backlog, self.ready, self.overdue = (np.zeros(links) for _ in range(3))
        self.transit, self.ring = np.zeros((8, links)), np.zeros((20, links))

    def totals(self) -> np.ndarray:
        """Present shares of each buyer, all suppliers together, [buyers]."""
        per_buyer = self.share.reshape(self.buyers, self.links).sum(axis=1)
        return per_buyer + self.group_us + self.group_abroad

    def local_base_parts(self) -> np.ndarray:
        """Base shares of each buyer's open local links, [buyers]."""
        return self.share_base.reshape(self.buyers, self.links).sum(axis=1)

    def move(self, speed: float, us_pull: float = 1.0, abroad_pull: float = 1.0) -> None:
        """One tick of the share rule."""
        move_shares(
            self.group_start,
            self.group_end,
            self.group_sector,
            self.local_base,
            self.us_base,
            self.abroad_base,
            self.seller,
            self.share_base,
            self.pull,
            np.array([us_pull]),
            np.array([abroad_pull]),
            speed,
            self.share,
            self.group_us,
            self.group_abroad,
        )

    def close(self, floor: float = 0.02, part: float = 0.5) -> int:
        """Close links that have lost their seller or most of their orders."""
        return close_links(
            self.group_start,
            self.group_end,
            self.local_base,
            self.us_base,
            self.abroad_base,
            self.seller,
            self.trading,
            floor,
            part,
            self.share,
            self.share_base,
            self.supply_share,
            self.group_us,
        )

    def open(self, chance: float, week: int = 0, seed: int = 1) -> int:
        """Look for suppliers of closed links, and give the links to those found."""
        streams = Streams(seed)
        key0, key1 = streams.key
        links, sellers = (np.zeros(self.buyers, dtype=np.int64) for _ in range(2))
        able = self.buyers + np.flatnonzero(self.trading[self.buyers :])
        found = open_links(
            key0,
            key1,
            streams.code("new_link"),
            week,
            np.arange(len(self.trading)),
            self.group_buyer,
            self.group_sector,
            self.group_start,
            self.group_end,
            self.local_base,
            self.trading,
            self.seller,
            self.backlog,
            self.ready,
            self.transit,
            self.ring,
            self.overdue,
            able,
            np.array([0, len(able)]),
            self.spare,
            self.x,
            self.y,
            50.0,
            chance,
            self.share,
            self.share_base,
            self.supply_share,
            self.group_us,
            links,
            sellers,
        )
        self.seller[links[:found]] = sellers[:found]
        return found
