"""`millworks multiplier`: what a dollar of orders does in a district."""

from __future__ import annotations

import time
from collections.abc import Sequence
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
from millworks.errors import InputError

if TYPE_CHECKING:
    from millworks.conf.schema import MultiplierConfig
    from millworks.study.friction_results import FrictionResult
    from millworks.study.linear_multiplier import Progress
    from millworks.study.results import LinearResult

SCENARIO = "multiplier_linear"
CHECKS_FAILED = 1
SPENT = "spent"
FRICTION_KEYS = (
    "mode",
    "pairs",
    "burn_in",
    "horizons",
    "injections",
    "bridge_pairs",
    "confidence",
)
"""Settings that only a run with frictions reads."""


def multiplier(
    words: Words = None,
    linear: Annotated[
        bool, typer.Option("--linear", help="Switch every friction off: agents against Leontief.")
    ] = False,
    mode: Annotated[
        str | None,
        typer.Option(
            metavar="spent|invested",
            help="With frictions: dollars spent on makers (the default), or invested in them.",
        ),
    ] = None,
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
    pairs: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=number, help="With frictions: pairs of runs; by default 20."
        ),
    ] = None,
    makers: Makers = None,
    jobs: Jobs = None,
    out: Out = Path("outputs"),
    scenarios: Scenarios = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """What a dollar of orders does in a district.

    With frictions: what of it is made, here and in the US net of sales that others lose, direct,
    indirect, induced and dynamic, over horizons and sizes, with intervals, and step by step from
    Leontief. With --linear: who got it and how much stayed, the agents' answer beside Leontief's.
    Leaves a folder with a report, charts and tables. Exit code 1 if a check of the run fails: its
    folder is there, but its figures are not to be used.

    Example: millworks multiplier hickory --mode spent
    """
    from millworks.conf.compose import compose

    started = time.perf_counter()
    district, overrides = split_words(words)
    named = [word for word in overrides if word.partition("=")[0].strip() == "world"]
    if linear:
        _refuse_keys_of_frictions(overrides, mode, pairs, jobs)
        if named:
            _refuse_frictions(named, scenarios)
        else:
            overrides.append("world=linear")
    elif mode is None and not any(w.partition("=")[0].strip() == "mode" for w in overrides):
        mode = SPENT
    settings = {
        "district": district,
        "sector": sector,
        "year": year,
        "seed": seed,
        "weeks": weeks,
        "makers": makers,
        "mode": mode,
        "pairs": pairs,
    }
    config = cast("MultiplierConfig", compose("multiplier", settings, overrides, scenarios))
    if config.mode is not None:
        _with_frictions(config, jobs, out, started, quiet, as_json)
    else:
        _linear(config, out, started, quiet, as_json)


def _with_frictions(
    config: MultiplierConfig,
    jobs: int | None,
    out: Path,
    started: float,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run, write and show the multiplier with frictions."""
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import print_json, tell
    from millworks.study import friction_files, friction_multiplier
    from millworks.study.run_record import run_name, write_manifest
    from millworks.study.store import RunFolder
    from millworks.study.workers import cores

    scenario = f"multiplier_{config.mode}"
    friction_multiplier.check(config)
    with (
        RunFolder(out, run_name("multiplier", config)) as folder,
        ProgressBar("getting ready", quiet) as progress,
    ):
        result = friction_multiplier.run(config, jobs or cores(), progress)
        progress(0, 1, "writing tables and charts")

        from millworks.report.friction import print_friction, write_report

        friction_files.write_results(folder.path, scenario, result)
        write_report(result, folder.path, folder.path.name)
        write_manifest(folder.path, "multiplier", scenario, config, seconds=result.seconds)
    if as_json:
        print_json(friction_files.document(scenario, result))
        tell(f"Written to {folder.final}", quiet)
    elif not quiet:
        from rich.console import Console

        seconds = time.perf_counter() - started
        print_friction(result, folder.final, Console(highlight=False), seconds)
    _end_by_friction_checks(result, folder.final)


def _end_by_friction_checks(result: FrictionResult, folder: Path) -> None:
    """End with exit code 1 and one line, also under --quiet, if a check failed."""
    from millworks.commands.screen import tell
    from millworks.report.friction_words import failures

    if said := failures(result):
        tell(f"millworks: {said}: {folder}.")
        raise typer.Exit(CHECKS_FAILED)


def _linear(
    config: MultiplierConfig, out: Path, started: float, quiet: bool, as_json: bool
) -> None:
    """Run, write and show the multiplier of linear mode."""
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import print_json, tell
    from millworks.study.run_record import linear_document, run_name
    from millworks.study.store import RunFolder

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


def _refuse_keys_of_frictions(
    overrides: list[str], mode: str | None, pairs: int | None, jobs: int | None
) -> None:
    """Refuse beside --linear what only runs with frictions know: they have nothing to draw."""
    given = [name for name, value in (("--mode", mode), ("--pairs", pairs)) if value is not None]
    given += ["--jobs"] if jobs is not None else []
    given += [word for word in overrides if word.partition("=")[0].strip() in FRICTION_KEYS]
    if given:
        raise InputError(
            f"{given[0]}: --linear has no frictions, one run and no pairs; leave one of the two "
            "away."
        )


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
