"""`millworks constraints`: which limit stops which orders, and what more of it is worth."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from millworks.commands.options import (
    Backend,
    Jobs,
    Json,
    Makers,
    Out,
    Quiet,
    Scenarios,
    Scheduler,
    Seed,
    Words,
)
from millworks.commands.run import Pairs, Weeks

if TYPE_CHECKING:
    from millworks.conf.studies import ConstraintsConfig
    from millworks.study.constraint_results import ConstraintsResult


def constraints(
    words: Words = None,
    pairs: Pairs = None,
    weeks: Weeks = None,
    makers: Makers = None,
    seed: Seed = None,
    jobs: Jobs = None,
    backend: Backend = "local",
    scheduler: Scheduler = None,
    out: Out = Path("outputs"),
    scenarios: Scenarios = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Which limit stops which orders, and what a little more of each limit is worth.

    Refused orders by reason and size of maker; then each limit is relaxed by a tenth (or
    relaxed=PART) for all makers, one at a time. Not a policy: nobody outside pays.

    Example: millworks constraints elkhart relaxed=0.2
    """
    from millworks.commands.screen import print_json, tell
    from millworks.commands.studies import composed, run_study, workers_of

    started = time.perf_counter()
    settings = {"study.pairs": pairs, "study.weeks": weeks, "seed": seed, "makers": makers}
    config = cast(
        "ConstraintsConfig", composed("constraints", words, settings, scenarios, policies=False)
    )
    workers = workers_of(jobs, backend, scheduler)

    from millworks.report.constraints import print_constraints, write_report

    def report(result: ConstraintsResult, folder: Path, run_id: str) -> None:
        write_report(result, folder, run_id, charts=config.report.charts)

    folder, result = run_study("constraints", config, out, workers, quiet, report)
    if as_json:
        from millworks.study.constraints import document

        print_json(document(result))
        tell(f"Written to {folder}", quiet)
    elif not quiet:
        from rich.console import Console

        print_constraints(result, folder, Console(highlight=False), time.perf_counter() - started)
