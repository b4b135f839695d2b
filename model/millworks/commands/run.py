"""`millworks run`: a scenario against its baseline, in pairs of runs on the same draws."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from millworks.commands.options import (
    Jobs,
    Json,
    Makers,
    Out,
    Quiet,
    Scenarios,
    ScenarioWords,
    Seed,
    number,
    split_scenario,
)

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.study.run_results import RunResult


def part(text: Any) -> Any:
    """Return a part of one, also written as a percentage: '5%' is 0.05."""
    words = str(text).strip()
    if words.endswith("%"):
        share = number(words[:-1])
        return share / 100.0 if isinstance(share, int | float) else text
    return number(text)


Pairs = Annotated[
    int | None,
    typer.Option(metavar="N", parser=number, help="Pairs of runs; by default 20."),
]
Weeks = Annotated[
    int | None,
    typer.Option(metavar="N", parser=number, help="Weeks that are watched; by default 520."),
]
Precision = Annotated[
    float | None,
    typer.Option(
        metavar="P",
        parser=part,
        help="Add pairs until half the interval is this part of the effect: 5% or 0.05.",
    ),
]


def run(
    words: ScenarioWords = None,
    pairs: Pairs = None,
    weeks: Weeks = None,
    makers: Makers = None,
    seed: Seed = None,
    precision: Precision = None,
    gains: Annotated[
        bool,
        typer.Option("--gains", help="Say, too, what common draws gain, and what 5% takes."),
    ] = False,
    jobs: Jobs = None,
    out: Out = Path("outputs"),
    scenarios: Scenarios = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Run a scenario against its baseline.

    Pairs of runs share every random draw, so that their difference is the effect. Leaves a folder
    with tables, charts and a page. Stopped with Ctrl-C, the same command goes on where it was.

    Example: millworks run hickory_inventory_finance
    """
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import print_json, tell
    from millworks.conf.compose import compose

    started = time.perf_counter()
    scenario, overrides = split_scenario(words, "run")
    settings = {
        "study.pairs": pairs,
        "study.weeks": weeks,
        "study.precision": precision,
        "seed": seed,
        "makers": makers,
    }
    config = cast("RunConfig", compose("run", settings, overrides, scenarios, scenario=scenario))

    from millworks.study.paired import arms_of
    from millworks.study.run_files import document
    from millworks.study.run_folder import Scenario, run_into_folders
    from millworks.study.workers import cores

    arms_of(config)
    asked = Scenario(Path(scenario).stem, config)
    with ProgressBar("getting ready", quiet) as progress:
        done = run_into_folders([asked], out, jobs or cores(), progress, report_of(config))[0]
    if as_json:
        print_json(document(asked.name, done.result))
        tell(f"Written to {done.folder}", quiet)
    elif not quiet:
        from rich.console import Console

        from millworks.report.run import print_run
        from millworks.report.study_tables import print_precision
        from millworks.study.run_files import precision_rows

        seconds = time.perf_counter() - started
        console = Console(highlight=False)
        print_run(done.result, done.folder, console, seconds)
        if gains:
            console.print()
            print_precision(list(precision_rows(done.result)), console)


def report_of(config: RunConfig) -> Callable[[RunResult, Path, str], None]:
    """Return what draws the page and, unless switched off, the charts of a run."""
    from millworks.report.run import write_report

    def write(result: RunResult, folder: Path, run_id: str) -> None:
        write_report(result, folder, run_id, charts=config.report.charts)

    return write
