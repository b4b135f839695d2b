"""Studies of many policies: one frame for all, from settings to a folder that can be verified.

A study is a function from settings to a result, and one from a result to tables. What it runs is
kept arm by arm until its folder stands, so that it goes on where it was stopped.
"""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millworks.study.battery import Workers
from millworks.study.pair_store import PairStore
from millworks.study.run_record import run_name, write_manifest
from millworks.study.run_study import Progress
from millworks.study.store import RunFolder
from millworks.study.workers import cores

if TYPE_CHECKING:
    from millworks.conf.studies import ManyArmsConfig
    from millworks.study.verify import Record

Run = Callable[[Any, PairStore, Workers, Progress], Any]
Write = Callable[[Path, Any], None]
WriteReport = Callable[[Any, Path, str], Any]
"""Writes page and charts of a result into a folder, given the name of the run."""


@dataclass(frozen=True)
class Study:
    """A kind of study: `run` makes its result from (settings, store, workers, progress), `write`
    leaves the result's tables in a folder. A result has at least `seeds` and `seconds`."""

    command: str
    run: Run
    write: Write


WHERE = {
    "rank": "millworks.study.ranking.rank",
    "interactions": "millworks.study.interactions",
    "stress": "millworks.study.stress",
    "sizes": "millworks.study.size_curve",
    "constraints": "millworks.study.constraints",
    "additionality": "millworks.study.additionality.study",
}
"""Command -> the module whose `STUDY` it is; imported only when it is asked for."""


def study_of(command: str) -> Study:
    """Return a kind of study; KeyError for an unknown command."""
    found: Study = importlib.import_module(WHERE[command]).STUDY
    return found


def study_into_folder(
    command: str,
    config: ManyArmsConfig,
    out: Path,
    workers: Workers,
    progress: Progress,
    write_report: WriteReport,
) -> tuple[Path, Any]:
    """Run a study and leave its folder in `out`; return it and the result.

    Raises OutputError where `out` cannot be written, `pair_store.Interrupted` on Ctrl-C.
    """
    study, run_id = study_of(command), run_name(command, config)
    store = PairStore(out, run_id)
    with RunFolder(out, run_id) as folder, store:
        result = study.run(config, store, workers, progress)
        progress(0, 1, "writing tables and charts")
        study.write(folder.path, result)
        write_report(result, folder.path, run_id)
        write_manifest(
            folder.path,
            command,
            config.district,
            config,
            seeds=result.seeds,
            seconds=result.seconds,
        )
    store.discard()
    return folder.final, result


def repeat_study(record: Record, folder: Path, progress: Progress) -> None:
    """Write the tables of a study again; what another run kept is not looked at."""
    study = study_of(record.command)
    with (
        tempfile.TemporaryDirectory(prefix="millworks-verify-") as temporary,
        PairStore(Path(temporary), "run") as store,
    ):
        study.write(folder, study.run(record.config, store, Workers(cores()), progress))
