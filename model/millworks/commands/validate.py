"""`millworks validate`: a simulated baseline beside the data, misses first."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from millworks.commands.options import (
    Jobs,
    Json,
    Makers,
    Out,
    Quiet,
    Scenarios,
    Seed,
    Words,
    Year,
    number,
    split_words,
)

if TYPE_CHECKING:
    from millworks.conf.schema import ValidateConfig

SCENARIO = "baseline"


def validate(
    words: Words = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=number, help="Worlds, each with its own luck; by default 4."
        ),
    ] = None,
    years: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=number, help="Years watched after the burn-in; by default 10."
        ),
    ] = None,
    year: Year = None,
    seed: Seed = None,
    makers: Makers = None,
    jobs: Jobs = None,
    out: Out = Path("outputs"),
    scenarios: Scenarios = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Set a simulated baseline beside the data, misses first.

    Facts that the model should fit, facts held out, who lacks the money to grow, public claims as
    comparators, and the baseline's own health. Nothing is fitted. Leaves a folder with a chart
    and tables.

    Example: millworks validate hickory
    """
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import print_json, tell
    from millworks.conf.compose import compose
    from millworks.study.store import RunFolder

    started = time.perf_counter()
    district, overrides = split_words(words)
    settings = {
        "district": district,
        "seeds": seeds,
        "years": years,
        "year": year,
        "seed": seed,
        "makers": makers,
    }
    config = cast("ValidateConfig", compose("validate", settings, overrides, scenarios))

    from millworks.report.validation import print_validation, write_report
    from millworks.study.run_record import run_name, write_manifest
    from millworks_calibration.files import document, write_results
    from millworks_calibration.validation import validate as compared

    with (
        RunFolder(out, run_name("validate", config)) as folder,
        ProgressBar("getting ready", quiet) as progress,
    ):
        result = compared(config, jobs or os.cpu_count() or 1, progress)
        progress(0, 1, "writing tables and charts")
        write_results(folder.path, result)
        write_report(result, folder.path, folder.path.name)
        write_manifest(folder.path, "validate", SCENARIO, config, [])
    if as_json:
        print_json(document(result))
        tell(f"Written to {folder.final}", quiet)
    elif not quiet:
        from rich.console import Console

        seconds = time.perf_counter() - started
        print_validation(result, folder.final, Console(highlight=False), seconds)
