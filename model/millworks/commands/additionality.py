"""`millworks additionality`: what policies add beyond what would have happened anyway."""

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
    from millworks.conf.studies import AdditionalityConfig
    from millworks.study.additionality.results import AdditionalityResult


def additionality(
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
    """What policies add: every firm beside itself without the policy.

    Takes each policy's net effect apart into what firms that take part add, what others gain and
    lose, suppliers' orders, incomes spent, entry and exit; the terms add up exactly. Says what
    would have happened anyway, which credit is replaced, and what is lost elsewhere (with ring=true
    next door, too).

    Example: millworks additionality hickory policy=hub,modernization_support ring=true
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
    config = cast("AdditionalityConfig", composed("additionality", words, settings, scenarios))
    workers = workers_of(jobs, backend, scheduler)

    from millworks.report.additionality import write_report

    def report(result: AdditionalityResult, folder: Path, run_id: str) -> None:
        write_report(result, folder, run_id, charts=config.report.charts)

    folder, result = run_study("additionality", config, out, workers, quiet, report)
    if as_json:
        from millworks.study.additionality.files import document

        print_json(document(result))
        tell(f"Written to {folder}", quiet)
    elif not quiet:
        from rich.console import Console

        from millworks.report.additionality import print_additionality

        print_additionality(result, folder, Console(highlight=False), time.perf_counter() - started)
