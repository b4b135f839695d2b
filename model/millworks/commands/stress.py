"""`millworks stress`: every policy under every shock."""

from __future__ import annotations

import time
from collections.abc import Sequence
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
    from millworks.conf.studies import StressConfig
    from millworks.study.stress_results import StressResult


def with_levers(words: Sequence[str] | None) -> list[str]:
    """Return the words of the line; where they name no policy, all but the comparators."""
    from millworks.conf.levers import is_comparator, lever_names

    given = list(words or ())
    if any(word.startswith("policy=") for word in given):
        return given
    levers = (name for name in lever_names("policies") if not is_comparator(name))
    return [*given, "policy=" + ",".join(levers)]


def stress(
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
    """Every policy under every shock: which soften it, and which still do what they did.

    Resilience is what a shock costs without the policy less what it costs with it. With neither
    policy= nor shock=, all levers and all seven shocks take part.

    Example: millworks stress shock=recession,credit_crunch policy=inventory_finance,hub
    """
    from millworks.commands.screen import print_json, tell
    from millworks.commands.studies import composed, run_study, workers_of

    started = time.perf_counter()
    settings = {"study.pairs": pairs, "study.weeks": weeks, "seed": seed, "makers": makers}
    named = with_levers(words)
    config = cast("StressConfig", composed("stress", named, settings, scenarios, shocks=True))
    workers = workers_of(jobs, backend, scheduler)

    from millworks.report.stress import print_stress, write_report

    def report(result: StressResult, folder: Path, run_id: str) -> None:
        write_report(result, folder, run_id, charts=config.report.charts)

    folder, result = run_study("stress", config, out, workers, quiet, report)
    if as_json:
        from millworks.study.stress import document

        print_json(document(result))
        tell(f"Written to {folder}", quiet)
    elif not quiet:
        from rich.console import Console

        print_stress(result, folder, Console(highlight=False), time.perf_counter() - started)
