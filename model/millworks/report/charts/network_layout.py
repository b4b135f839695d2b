"""Where the firms of a supply network stand on the sheet: packed by sector, no chance involved.

Firms of a sector are packed into a disc, largest in the middle; the sector that got the orders
stands in the centre, the others around it. A force layout of a few hundred firms gives a ball of
wool in which no reader finds a sector; this one can be labelled and is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_GOLDEN = np.pi * (3 - np.sqrt(5))


def pack(radii: Sequence[float], gap: float = 1.2, rounds: int = 120) -> Points:
    """Return centres [n, 2] of circles packed around the origin, in the units of the radii.

    Circles are laid on a sunflower spiral, largest first, then pushed apart where they overlap
    and drawn gently to the middle. Equal input gives equal output.
    """
    size = np.asarray(radii, dtype=float) + gap / 2
    count = len(size)
    if count == 0:
        return np.zeros((0, 2))
    order = np.argsort(-size, kind="stable")
    size = size[order]
    reach = np.sqrt(np.concatenate(([0.0], np.cumsum(size[:-1] ** 2 * 1.3))))
    angle = np.arange(count) * _GOLDEN
    points = np.stack((reach * np.cos(angle), reach * np.sin(angle)), axis=1)
    room = size[:, None] + size[None, :]
    for step in range(rounds):
        if step < rounds - 40:
            points *= 0.985
        apart = points[:, None, :] - points[None, :, :]
        distance = np.sqrt((apart**2).sum(axis=2)) + np.eye(count)
        overlap = np.clip(room - distance, 0, None)
        np.fill_diagonal(overlap, 0)
        # Small circles give way to large ones.
        give = size[None, :] ** 2 / (size[:, None] ** 2 + size[None, :] ** 2)
        push = apart / np.maximum(distance, 1e-9)[:, :, None] * (overlap * give)[:, :, None]
        points = points + push.sum(axis=1) * 0.6
    points -= (points.max(axis=0) + points.min(axis=0)) / 2
    back = np.empty_like(points)
    back[order] = points
    return back


def place_around(
    boxes: Sequence[tuple[float, float]], width: float, height: float, rounds: int = 400
) -> tuple[Points, float]:
    """Place boxes (width, height) in a sheet, the first in the middle, the others around it.

    Returns the centres [n, 2] and the largest overlap left between two boxes (pixels): zero when
    everything fits.
    """
    sizes = np.asarray(boxes, dtype=float)
    count = len(sizes)
    centre = np.array([width / 2, height / 2])
    points = np.tile(centre, (count, 1))
    others = count - 1
    if others:
        share = np.sqrt(sizes[1:].prod(axis=1))
        turn = (np.cumsum(share) - share / 2) / share.sum() * 2 * np.pi
        points[1:, 0] += np.cos(turn + np.pi) * width * 0.4
        points[1:, 1] += np.sin(turn + np.pi) * height * 0.4
    low, high = sizes / 2, np.array([width, height]) - sizes / 2
    worst = 0.0
    for _ in range(rounds):
        apart = points[:, None, :] - points[None, :, :]
        overlap = (sizes[:, None, :] + sizes[None, :, :]) / 2 - np.abs(apart)
        hit = (overlap > 0).all(axis=2) & ~np.eye(count, dtype=bool)
        worst = float(np.where(hit, overlap.min(axis=2), 0).max(initial=0))
        if worst < 0.5:
            break
        along = overlap[:, :, 0] < overlap[:, :, 1]
        push = np.zeros_like(apart)
        direction = np.where(apart >= 0, 1.0, -1.0)
        push[:, :, 0] = np.where(hit & along, direction[:, :, 0] * overlap[:, :, 0], 0)
        push[:, :, 1] = np.where(hit & ~along, direction[:, :, 1] * overlap[:, :, 1], 0)
        points = points + push.sum(axis=1) * 0.35
        points = np.clip(points, np.minimum(low, high), np.maximum(low, high))
        points[0] = centre
    return points, worst


def curve(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    pull: NDArray[np.float64],
    points: int = 14,
) -> Points:
    """Return a bent line [points, 2] from start to end, drawn towards the point `pull`."""
    share = np.linspace(0, 1, points)[:, None]
    return (1 - share) ** 2 * start + 2 * share * (1 - share) * pull + share**2 * end
