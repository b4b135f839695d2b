"""`millworks sizes`: what a dollar of each policy does as the policy grows."""

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
from millworks.commands.stress import with_levers

if TYPE_CHECKING:
    from millworks.conf.studies import SizesConfig
    from millworks.study.size_results import SizesResult


def sizes(
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
    """What a dollar of each policy does as the policy grows, and where it saturates.

    Every lever, or those of policy=, at a quarter, a half, one, two and four times its size: the
    effect per dollar, that of the next dollar, and which limit binds where no more gain is seen.

    Example: millworks sizes policy=hub,modernization_support,household_rebate
    """
    from millworks.commands.screen import print_json, tell
    from millworks.commands.studies import composed, run_study, workers_of

    started = time.perf_counter()
    settings = {"study.pairs": pairs, "study.weeks": weeks, "seed": seed, "makers": makers}
    named = with_levers(words)
    config = cast("SizesConfig", composed("sizes", named, settings, scenarios))
    workers = workers_of(jobs, backend, scheduler)

    from millworks.report.sizes import print_sizes, write_report

    def report(result: SizesResult, folder: Path, run_id: str) -> None:
        write_report(result, folder, run_id, charts=config.report.charts)

    folder, result = run_study("sizes", config, out, workers, quiet, report)
    if as_json:
        from millworks.study.size_files import document

        print_json(document(result))
        tell(f"Written to {folder}", quiet)
    elif not quiet:
        from rich.console import Console

        print_sizes(result, folder, Console(highlight=False), time.perf_counter() - started)
