"""From scenarios to the folders of their runs: pairs kept on the way, folders whole at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from millworks.study.pair_store import PairStore
from millworks.study.run_assembly import results_of
from millworks.study.run_files import write_precision, write_results
from millworks.study.run_record import run_name, write_manifest
from millworks.study.run_study import Progress, run_scenarios
from millworks.study.store import RunFolder, fingerprint

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.study.run_results import RunResult

WriteReport = Callable[["RunResult", Path, str], None]
"""Writes page and charts of a result into a folder, given the name of the run."""


@dataclass(frozen=True)
class Scenario:
    """A scenario to be run: its name as users know it, and its settings."""

    name: str
    config: RunConfig

    @property
    def run_id(self) -> str:
        """Name of its run's folder: the same settings have the same name."""
        return run_name("run", self.config, self.name)


@dataclass(frozen=True)
class Finished:
    """A run that stands in `folder`, with what it found."""

    scenario: Scenario
    result: RunResult
    folder: Path


def run_into_folders(
    scenarios: Sequence[Scenario],
    out: Path,
    jobs: int,
    progress: Progress,
    write_report: WriteReport,
) -> list[Finished]:
    """Run scenarios that share a world and leave a folder for each in `out`.

    Finished pairs are kept until all folders stand, so that a stopped command goes on where it was.
    Raises InputError for scenarios that do not fit together, OutputError where `out` cannot be
    written, `pair_store.Interrupted` on Ctrl-C.
    """
    names = [scenario.run_id for scenario in scenarios]
    kept = names[0] if len(names) == 1 else f"runs-{fingerprint({'runs': names})}"
    store = PairStore(out, kept)
    finished = []
    with ExitStack() as stack:
        folders = [stack.enter_context(RunFolder(out, name)) for name in names]
        stack.enter_context(store)
        configs = [scenario.config for scenario in scenarios]
        outcome = run_scenarios(configs, store, jobs, progress)
        progress(0, 1, "writing tables and charts")
        for scenario, folder, result in zip(scenarios, folders, results_of(outcome), strict=True):
            write_results(folder.path, scenario.name, result)
            write_precision(folder.path, result)
            write_report(result, folder.path, scenario.run_id)
            write_manifest(
                folder.path,
                "run",
                scenario.name,
                scenario.config,
                seeds=result.seeds,
                seconds=result.seconds,
            )
            finished.append(Finished(scenario, result, folder.final))
    store.discard()
    return finished
