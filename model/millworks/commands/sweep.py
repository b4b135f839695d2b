"""`millworks sweep`: a scenario at several values of one setting."""

from __future__ import annotations

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
    ScenarioWords,
    Seed,
    split_scenario,
)
from millworks.commands.run import Pairs, Weeks
from millworks.errors import InputError

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.study.run_results import RunResult
    from millworks.study.sweep import Sweep

SHOWN = ("value_added", "jobs", "constrained_any", "public_cost")
"""Effects on the screen; the folder has all of them."""


def sweep(
    words: ScenarioWords = None,
    vary: Annotated[
        str | None,
        typer.Option(metavar="KEY=LOW:HIGH:STEP", help="The setting and the values it takes."),
    ] = None,
    pairs: Pairs = None,
    weeks: Weeks = None,
    makers: Makers = None,
    seed: Seed = None,
    jobs: Jobs = None,
    out: Out = Path("outputs"),
    scenarios: Scenarios = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Run a scenario at several values of a setting.

    One line per value with its interval. Values share their seeds, and their burn-ins and baseline
    where the setting allows. Stopped with Ctrl-C, the same command goes on where it was.

    Example: millworks sweep hickory_placebo --vary policies.placebo.intensity=0:2:1
    """
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import print_json, tell
    from millworks.conf.compose import compose
    from millworks.study.paired import arms_of
    from millworks.study.sweep import Sweep, document, read_range, run_sweep
    from millworks.study.workers import cores

    scenario, overrides = split_scenario(words, "sweep")
    if vary is None:
        raise InputError("--vary: say which setting takes which values: key=low:high:step.")
    varied = read_range(vary)
    settings = {"study.pairs": pairs, "study.weeks": weeks, "seed": seed, "makers": makers}
    configs = []
    for value in varied.values:
        changed = [*overrides, f"{varied.key}={value}"]
        config = compose("run", settings, changed, scenarios, scenario=scenario)
        configs.append(cast("RunConfig", config))
        arms_of(configs[-1])
    asked = Sweep(Path(scenario).stem, varied, tuple(configs))
    with ProgressBar("getting ready", quiet) as progress:
        folder, results = run_sweep(asked, out, jobs or cores(), progress)
    if as_json:
        print_json(document(asked, results))
        tell(f"Written to {folder}", quiet)
    elif not quiet:
        _print(asked, results)
        print(f"All effects: {folder / 'sweep.csv'}")


def _print(asked: Sweep, results: Sequence[RunResult]) -> None:
    from rich.console import Console

    from millworks.report.study_tables import print_sweep
    from millworks.study.sweep import sweep_rows

    first = results[0]
    print(f"{asked.scenario} in {first.place.name}: {asked.varied.key}")
    print(f"{len(first.seeds)} pairs, {first.weeks} weeks; {100 * first.confidence:g} % intervals")
    print()
    rows = sweep_rows(asked, results)
    shown = [row for quantity in SHOWN for row in rows if row["quantity"] == quantity]
    print_sweep(shown, Console(highlight=False))
    failed = sorted({c.id for result in results for c in result.checks if not c.passed})
    if failed:
        print(f"Checks that fail at some value: {', '.join(failed)}.")
