"""Who runs which arms: pieces of work, and the processes of this machine that do them.

A piece is some arms of one seed. Pieces shrink towards the end, to single arms, so that no process
is left to work alone: each takes half its part of what is still to do (guided self-scheduling,
Polychronopoulos and Kuck 1987). What is found does not depend on how work was cut.
"""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from millworks.study.arms import ArmRun, Plan, run_arms
from millworks.study.pair_store import PairStore


@dataclass(frozen=True)
class Piece:
    """Arms of one seed, by their places in the plan, that one process runs after another."""

    seed: int
    places: tuple[int, ...]


Backend = Callable[[Plan, Sequence[Piece], PairStore, int], Iterator[Piece]]
"""Runs pieces with so many workers, keeps every arm in the store, yields pieces as they end."""


def pieces_of(missing: Mapping[int, Sequence[int]], workers: int) -> list[Piece]:
    """Cut the arms missing of each seed into pieces, in the order in which they are handed out."""
    left = sum(len(places) for places in missing.values())
    pieces = []
    for seed, places in missing.items():
        rest = list(places)
        while rest:
            size = len(rest) if workers <= 1 else max(1, left // (2 * workers))
            pieces.append(Piece(seed, tuple(rest[:size])))
            left -= len(pieces[-1].places)
            rest = rest[size:]
    return pieces


def run_piece(plan: Plan, piece: Piece, store: PairStore) -> Piece:
    """Run a piece; every arm is kept as it ends."""
    runs = run_arms(plan, piece.seed, piece.places, store, store.tick)
    for place, run in zip(piece.places, runs, strict=True):
        store.keep(piece.seed, plan.arms[place].key, run)
    return piece


def on_this_machine(
    plan: Plan, pieces: Sequence[Piece], store: PairStore, workers: int
) -> Iterator[Piece]:
    """Run pieces in this process, or in several of this machine."""
    if workers <= 1 or len(pieces) <= 1:
        for piece in pieces:
            yield run_piece(plan, piece, store)
        return
    from joblib import Parallel, delayed

    # A worker that has imported the engine looks to joblib as if it lost memory; it is replaced,
    # which is no news to whoever waits for a study.
    warnings.filterwarnings("ignore", message="A worker stopped while some jobs")
    pool = Parallel(n_jobs=workers, return_as="generator_unordered", batch_size=1)
    # Workers take no notice of Ctrl-C themselves: it reaches the whole group of processes, and the
    # one that started them ends them. They inherit that from the moment they start.
    with _deaf_to_ctrl_c():
        ended = pool(delayed(run_piece)(plan, piece, store) for piece in pieces)
    try:
        yield from ended
    except BaseException:
        _end_workers()
        raise


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Ignore the signal of Ctrl-C inside; only the main thread of a process may ask for that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    earlier = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, earlier)


def _end_workers() -> None:
    """End the processes that this one started for its pieces; what they were at is lost."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True, kill_workers=True)


def cores() -> int:
    """Return how many processes this machine runs at a time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def records_of_piece(plan: Plan, piece: Piece) -> list[ArmRun]:
    """Run a piece on a machine that cannot reach the store; what was found is handed back."""
    return list(run_arms(plan, piece.seed, piece.places))
