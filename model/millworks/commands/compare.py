"""`millworks compare`: scenarios beside each other, what differs first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from millworks.commands.options import Jobs, Json, Makers, Out, Quiet, Scenarios, Seed
from millworks.commands.run import Pairs, Weeks, report_of
from millworks.errors import InputError

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.study.run_folder import Scenario

MANIFEST = "manifest.json"

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="A B... [KEY=VALUE]...",
        help="Scenarios or folders of their runs, or two folders of rankings; settings apply to "
        "the scenarios.",
        show_default=False,
    ),
]


def compare(
    words: Words = None,
    interaction: Annotated[
        bool,
        typer.Option("--interaction", help="Run A and B together, too, and say what that adds."),
    ] = False,
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
    """Set scenarios, or two rankings, beside each other.

    First what they are told to do differently, then their effects and the difference, pair by pair
    where they share seeds. Scenarios that have not been run are run; those of one world share their
    baseline. Of A, B, and A and B together the interaction is given. Of two folders of `millworks
    rank`: how far they agree.

    Example: millworks compare hickory_inventory_finance hickory_placebo
    """
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import print_json
    from millworks.study import compare as comparing
    from millworks.study.ranking.agreement import is_ranking
    from millworks.study.reuse import folders_of
    from millworks.study.workers import cores

    names = [word for word in words or () if "=" not in word]
    overrides = [word for word in words or () if "=" in word]
    if len(names) < 2:
        raise InputError("name two scenarios or runs at least: millworks compare A B.")
    if interaction and len(names) != 2:
        raise InputError(f"--interaction: it is that of two scenarios, and {len(names)} are named.")
    settings = {"study.pairs": pairs, "study.weeks": weeks, "seed": seed, "makers": makers}
    given = {key: value for key, value in settings.items() if value is not None}
    asked = [_find(name, out, given, overrides, scenarios) for name in names]
    if any(isinstance(one, Path) and is_ranking(one) for one in asked):
        if interaction or given or overrides:
            raise InputError("settings and --interaction are for scenarios; rankings are read.")
        _compare_rankings(names, asked, quiet, as_json)
        return
    if interaction:
        asked.append(_together(asked))
    to_run = [one for one in asked if not isinstance(one, Path)]
    with ProgressBar("getting ready", quiet) as progress:
        ran = iter(
            folders_of(to_run, out, jobs or cores(), progress, report_of(to_run[0].config))
            if to_run
            else ()
        )
    folders = [one if isinstance(one, Path) else next(ran) for one in asked]
    runs = [comparing.read_run(folder) for folder in folders]
    document = {
        "runs": [
            {"label": label, "scenario": run.name, "folder": str(run.folder)}
            for label, run in zip(comparing.labels_of(runs), runs, strict=True)
        ],
        "settings": comparing.settings_that_differ(runs),
        "effects": comparing.effects_beside(runs),
    }
    if as_json:
        print_json(document)
    elif not quiet:
        _print(document)


def _find(
    name: str, out: Path, given: dict[str, Any], overrides: list[str], scenarios: Path | None
) -> Scenario | Path:
    """The folder of a run, or a scenario to be run with the settings given."""
    from millworks.conf.compose import compose
    from millworks.study.paired import arms_of
    from millworks.study.run_folder import Scenario

    for folder in (Path(name), out / name):
        if (folder / MANIFEST).is_file():
            return folder.resolve()
        if folder.is_dir():
            raise InputError(f"{folder}: there is no {MANIFEST} in it; it is not a run's folder.")
    config = cast("RunConfig", compose("run", given, overrides, scenarios, scenario=name))
    arms_of(config)
    return Scenario(Path(name).stem, config)


def _compare_rankings(
    names: Sequence[str], asked: Sequence[Scenario | Path], quiet: bool, as_json: bool
) -> None:
    """Say how far two rankings agree."""
    from rich.console import Console

    from millworks.commands.screen import print_json
    from millworks.report.agreement import print_agreement
    from millworks.study.ranking.agreement import compare_rankings, read_ranking

    if len(asked) != 2:
        raise InputError(f"two rankings are compared at a time, and {len(asked)} are named.")
    rankings = []
    for name, one in zip(names, asked, strict=True):
        if not isinstance(one, Path):
            raise InputError(f"{name}: it is a scenario; a ranking is compared with a ranking.")
        rankings.append(read_ranking(one))
    document = compare_rankings(rankings[0], rankings[1])
    if as_json:
        print_json(document)
    elif not quiet:
        for one in document["rankings"]:
            first, last = one["seeds"][0], one["seeds"][-1]
            print(f"{one['label']}  {one['folder']} (seeds {first} to {last})")
        print()
        _print_settings(document["settings"], [one["label"] for one in document["rankings"]])
        print_agreement(document, Console(highlight=False))


def _together(asked: Sequence[Scenario | Path]) -> Scenario:
    """The scenario with the policies of both."""
    from millworks.study.compare import read_run, union_of
    from millworks.study.run_folder import Scenario

    both = []
    for one in asked:
        if isinstance(one, Path):
            run = read_run(one)
            one = Scenario(run.name, run.config)
        both.append(one)
    config = union_of(both[0].config, both[1].config)
    return Scenario(f"{both[0].name}_and_{both[1].name}", config)


def _print(document: dict[str, Any]) -> None:
    from rich.console import Console

    from millworks.report.study_tables import print_compare

    labels = [run["label"] for run in document["runs"]]
    for run in document["runs"]:
        print(f"{run['label']}  {run['scenario']} ({run['folder']})")
    print()
    _print_settings(document["settings"], labels)
    print_compare(document["effects"], Console(highlight=False))
    if not any(" - " in row["scenario"] for row in document["effects"]):
        print("These runs share no luck (other seeds, or another place, makers, world or weeks):")
        print("their difference has no interval, and is not given.")


def _print_settings(settings: Sequence[Mapping[str, Any]], labels: Sequence[str]) -> None:
    from millworks.commands.screen import table

    rows = [
        {"setting": row["key"]}
        | {label: _shown(value) for label, value in zip(labels, row["values"], strict=True)}
        for row in settings
    ]
    print(table(rows, ["setting", *labels]) if rows else "No setting differs.")
    print()


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)
