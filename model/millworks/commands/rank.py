"""`millworks rank`: what works, every policy compared."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

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
from millworks.commands.run import Pairs, Precision, Weeks

if TYPE_CHECKING:
    from millworks.conf.studies import RankConfig
    from millworks.study.ranking.results import RankResult

QUICK = {
    "study": "first_look",
    "default_size": "false",
    "marginal": "false",
    "tolerance": "0.1",
}
"""Settings of `--quick`: sizes are searched to within ten per cent of the budget."""


def rank(
    words: Words = None,
    pairs: Pairs = None,
    weeks: Weeks = None,
    makers: Makers = None,
    seed: Seed = None,
    precision: Precision = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="A first look: ten pairs, three years, equal cost only."),
    ] = False,
    jobs: Jobs = None,
    backend: Backend = "local",
    scheduler: Scheduler = None,
    out: Out = Path("outputs"),
    scenarios: Scenarios = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """What works: every policy alone, compared at equal public cost.

    All policies share each seed's burn-in, baseline and draws. Says which work, which do harm and
    of which nothing can be told, with intervals corrected for their number. Stopped with Ctrl-C,
    the same command goes on where it was.

    Example: millworks rank elkhart policy=hub,partner_equity,placebo
    """
    from millworks.commands.screen import print_json, tell
    from millworks.commands.studies import composed, run_study, workers_of

    started = time.perf_counter()
    settings = {
        "study.pairs": pairs,
        "study.weeks": weeks,
        "study.precision": precision,
        "seed": seed,
        "makers": makers,
    }
    words = [*(words or ()), *(_quickly(words) if quick else ())]
    config = cast("RankConfig", composed("rank", words, settings, scenarios))
    workers = workers_of(jobs, backend, scheduler)

    from millworks.report.rank import write_report

    def report(result: RankResult, folder: Path, run_id: str) -> None:
        write_report(result, folder, run_id, charts=config.report.charts)

    folder, result = run_study("rank", config, out, workers, quiet, report)
    if as_json:
        from millworks.study.ranking.rank_files import document

        print_json(document(result))
        tell(f"Written to {folder}", quiet)
    elif not quiet:
        from rich.console import Console

        from millworks.report.rank import print_rank

        print_rank(result, folder, Console(highlight=False), time.perf_counter() - started)


def _quickly(words: Sequence[str] | None) -> list[str]:
    """The settings of a first look that the command line leaves open."""
    given = {word.partition("=")[0] for word in words or ()}
    return [f"{key}={value}" for key, value in QUICK.items() if key not in given]
