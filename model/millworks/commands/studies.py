"""What the commands that study many policies have in common: settings, workers, the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from millworks.commands.options import split_words
from millworks.errors import InputError

if TYPE_CHECKING:
    from millworks.conf.studies import ManyArmsConfig
    from millworks.study.battery import Workers
    from millworks.study.studies import WriteReport

BACKENDS = ("local", "dask")


def composed(
    command: str,
    words: Sequence[str] | None,
    settings: Mapping[str, Any],
    scenarios: Path | None,
    *,
    shocks: bool = False,
    policies: bool = True,
) -> ManyArmsConfig:
    """Return the settings of a study: with every policy, unless `policy=` names some.

    With `shocks` every shock takes part likewise. Raises InputError as `conf.compose` does.
    """
    from millworks.conf.compose import compose
    from millworks.conf.levers import lever_names

    district, overrides = split_words(words)
    for wanted, kind, word in ((policies, "policies", "policy="), (shocks, "shocks", "shock=")):
        if wanted and not any(given.startswith(word) for given in overrides):
            overrides = [*overrides, word + ",".join(lever_names(kind))]
    named = {**settings, "district": district}
    return cast("ManyArmsConfig", compose(command, named, overrides, scenarios))


def workers_of(jobs: int | None, backend: str, scheduler: str | None) -> Workers:
    """Return who runs the arms; InputError for a backend that is not there."""
    from millworks.errors import nearest
    from millworks.study.battery import Workers
    from millworks.study.workers import cores

    if backend not in BACKENDS:
        raise InputError(
            f"--backend {backend}: it must be {' or '.join(BACKENDS)}.{nearest(backend, BACKENDS)}"
        )
    if backend == "dask":
        from millworks.study.dask_workers import on_cluster

        return on_cluster(scheduler, jobs)
    if scheduler is not None:
        raise InputError(f"--scheduler {scheduler}: only --backend dask has a scheduler.")
    return Workers(jobs or cores())


def run_study(
    command: str,
    config: ManyArmsConfig,
    out: Path,
    workers: Workers,
    quiet: bool,
    write_report: WriteReport,
) -> tuple[Path, Any]:
    """Run a study under a progress bar and leave its folder in `out`; return it and the result."""
    from millworks.commands.progress import ProgressBar
    from millworks.study.studies import study_into_folder

    with ProgressBar("getting ready", quiet) as progress:
        return study_into_folder(command, config, out, workers, progress, write_report)
