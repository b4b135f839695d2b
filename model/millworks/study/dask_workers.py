"""Arms on the machines of a Dask cluster: the same study, the same bytes.

Pieces of work go to the workers of a scheduler that is already there; what they find is handed back
and kept here, so that a study can change between this machine and a cluster and goes on where it
was. Workers need millworks installed in the same version and no access to this disk. A piece whose
worker is lost runs again on another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from millworks.errors import InputError
from millworks.study.arms import Plan
from millworks.study.battery import Workers
from millworks.study.pair_store import PairStore
from millworks.study.workers import Piece, records_of_piece

SECONDS_TO_CONNECT = 10
RETRIES = 5
"""How often a piece is given out again after its worker failed."""


def on_cluster(scheduler: str | None, jobs: int | None = None) -> Workers:
    """Return the workers of a Dask cluster.

    `scheduler`: its address; `jobs`: for how many workers work is cut, by default as many as the
    cluster has. Raises InputError where dask is not installed, no address is given, nobody answers
    there, there are no workers, or theirs is another millworks.
    """
    if scheduler is None:
        raise InputError(
            "--backend dask: say where its scheduler is, as --scheduler tcp://host:8786; one is "
            "started by: dask scheduler."
        )
    client = _connected(scheduler)
    try:
        versions = client.run(_source)
    finally:
        client.close()
    if not versions:
        raise InputError(
            f"--scheduler {scheduler}: it has no workers yet; start some by: dask worker "
            f"{scheduler}."
        )
    for worker, found in versions.items():
        if found != _source():
            raise InputError(
                f"--scheduler {scheduler}: its worker {worker} has another millworks than this "
                "one; install the same version there."
            )

    def backend(
        plan: Plan, pieces: Sequence[Piece], store: PairStore, workers: int
    ) -> Iterator[Piece]:
        yield from _on_dask(scheduler, plan, pieces, store, workers)

    return Workers(jobs or len(versions), backend)


def _source() -> str:
    """Hash of the rules of the millworks that runs here."""
    from millworks.study.run_record import source_sha256

    return source_sha256()


def _connected(scheduler: str):  # type: ignore[no-untyped-def]
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "--backend dask: dask is not installed; pip install 'millworks[cluster]'."
        ) from None
    try:
        return Client(scheduler, timeout=SECONDS_TO_CONNECT)
    except (OSError, ValueError) as error:
        said = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise InputError(f"--scheduler {scheduler}: nobody answers there: {said}.") from None


def _on_dask(
    scheduler: str, plan: Plan, pieces: Sequence[Piece], store: PairStore, workers: int
) -> Iterator[Piece]:
    """Hand out pieces, keep what comes back, yield pieces as they end."""
    if not pieces:
        return
    from distributed import as_completed

    client = _connected(scheduler)
    try:
        sent = client.scatter(plan, broadcast=True, hash=False)
        futures = {
            client.submit(records_of_piece, sent, piece, retries=RETRIES, pure=False): piece
            for piece in pieces
        }
        for future in as_completed(list(futures)):
            piece = futures.pop(future)
            burn_in = plan.burn_in
            for place, run in zip(piece.places, future.result(), strict=True):
                store.keep(piece.seed, plan.arms[place].key, run)
                _tick(store, plan.weeks + burn_in)
                burn_in = 0
            yield piece
    finally:
        client.close()


def _tick(store: PairStore, weeks: int) -> None:
    for start in range(0, weeks, 255):
        store.tick(min(255, weeks - start))
