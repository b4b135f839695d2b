"""`millworks interactions`: what policies do together that they do not do alone."""

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
    from millworks.conf.studies import InteractionsConfig
    from millworks.study.interactions_results import InteractionsResult


def interactions(
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
    """What policies do together: by twos, by groups, and the best package under a budget.

    Says which are complements and which take each other's place, with intervals corrected for how
    many are asked about. The best package is foretold, then run. Stopped with Ctrl-C, the same
    command goes on where it was.

    Example: millworks interactions elkhart policy=hub,technology_transfer,partner_equity
    """
    from millworks.commands.screen import print_json, tell
    from millworks.commands.studies import composed, run_study, workers_of

    started = time.perf_counter()
    settings = {
        "study.pairs": pairs,
        "study.weeks": weeks,
        "seed": seed,
        "makers": makers,
    }
    config = cast("InteractionsConfig", composed("interactions", words, settings, scenarios))
    workers = workers_of(jobs, backend, scheduler)

    from millworks.report.interactions import write_report

    def report(result: InteractionsResult, folder: Path, run_id: str) -> None:
        write_report(result, folder, run_id, charts=config.report.charts)

    folder, result = run_study("interactions", config, out, workers, quiet, report)
    if as_json:
        from millworks.study.interactions_files import document

        print_json(document(result))
        tell(f"Written to {folder}", quiet)
    elif not quiet:
        from rich.console import Console

        from millworks.report.interactions import print_interactions

        print_interactions(result, folder, Console(highlight=False), time.perf_counter() - started)
