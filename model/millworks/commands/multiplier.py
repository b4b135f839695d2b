"""`millworks multiplier`: what a dollar of orders does in a district."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from millworks.commands.options import (
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
from millworks.errors import InputError

if TYPE_CHECKING:
    from millworks.conf.schema import MultiplierConfig
    from millworks.study.linear_multiplier import Progress
    from millworks.study.results import LinearResult

SCENARIO = "multiplier_linear"
CHECKS_FAILED = 1


def multiplier(
    words: Words = None,
    linear: Annotated[
        bool, typer.Option("--linear", help="Switch every friction off: agents against Leontief.")
    ] = False,
    sector: Annotated[
        str | None,
        typer.Option(metavar="CODE|all", help="Whose orders (see: millworks list sectors)."),
    ] = None,
    year: Year = None,
    seed: Seed = None,
    weeks: Annotated[
        int | None,
        typer.Option(metavar="N", parser=number, help="How long the orders are followed."),
    ] = None,
    makers: Makers = None,
    out: Out = Path("outputs"),
    scenarios: Scenarios = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """What a dollar of orders does in a district.

    Who got it, how much stayed, how much went elsewhere, week by week; the agents' answer beside
    Leontief's. Leaves a folder with a report, charts and tables. Exit code 1 if a check of the run
    fails: its folder is there, but its figures are not to be used.

    Example: millworks multiplier hickory --linear --sector FURN
    """
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import print_json, tell
    from millworks.conf.compose import compose
    from millworks.study.store import RunFolder

    started = time.perf_counter()
    district, overrides = split_words(words)
    if not linear:
        raise InputError(
            "the multiplier with frictions is not available yet; add --linear for the one without."
        )
    named = [word for word in overrides if word.partition("=")[0].strip() == "world"]
    if named:
        _refuse_frictions(named, scenarios)
    else:
        overrides.append("world=linear")
    settings = {
        "district": district,
        "sector": sector,
        "year": year,
        "seed": seed,
        "weeks": weeks,
        "makers": makers,
    }
    config = cast("MultiplierConfig", compose("multiplier", settings, overrides, scenarios))

    from millworks.study.run_record import linear_document, run_name

    with (
        RunFolder(out, run_name("multiplier", config)) as folder,
        ProgressBar("getting ready", quiet) as progress,
    ):
        results = _simulate(config, progress)
        progress(0, 1, "writing tables and charts")
        _write(folder.path, config, results)
    if as_json:
        print_json(linear_document(results))
        tell(f"Written to {folder.final}", quiet)
    elif not quiet:
        _show(results, folder.final, time.perf_counter() - started)
    _end_by_checks(results, folder.final)


def _refuse_frictions(named: list[str], scenarios: Path | None) -> None:
    """Refuse a world that has a mechanism at work beside --linear, which switches all off."""
    from millworks.conf.compose import compose
    from millworks.parameters import register

    values = compose("multiplier", {}, named, scenarios).world.values()
    for key, row in register().items():
        if row.off is not None and values[key] != row.off:
            raise InputError(
                f"{named[0]}: --linear switches every mechanism off, but in this world {key} is "
                f"{values[key]:g}, not 'off' ({row.off:g}); leave the world away."
            )


def _end_by_checks(results: Sequence[LinearResult], folder: Path) -> None:
    """End with exit code 1 and one line, also under --quiet, if a check of a run failed."""
    from millworks.commands.screen import tell

    failed = [
        f"{check.id} of {run.sector} is {check.value:.2g}, at most {check.tolerance:g} is allowed"
        for run in results
        for check in run.checks
        if not check.passed
    ]
    if failed:
        more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
        tell(f"millworks: a check failed: {failed[0]}{more}; do not use the figures in {folder}.")
        raise typer.Exit(CHECKS_FAILED)


def _simulate(config: MultiplierConfig, progress: Progress) -> list[LinearResult]:
    from millworks.study import linear_multiplier

    if config.sector == "all":
        return linear_multiplier.run_all(config, progress)
    return [linear_multiplier.run(config, progress)]


def _write(folder: Path, config: MultiplierConfig, results: list[LinearResult]) -> None:
    from millworks.report.linear import write_report
    from millworks.study.run_record import write_manifest, write_results

    write_results(folder, SCENARIO, results)
    if config.sector != "all":  # the page tells the story of one order, not of thirty-four
        write_report(results[0], folder, folder.name)
    write_manifest(folder, "multiplier", SCENARIO, config, results)


def _show(results: list[LinearResult], folder: Path, seconds: float) -> None:
    from rich.console import Console

    from millworks.report.screen import print_all, print_linear

    console = Console(highlight=False)
    if len(results) == 1:
        print_linear(results[0], folder, console, seconds)
    else:
        print_all(results, folder, console, seconds)
