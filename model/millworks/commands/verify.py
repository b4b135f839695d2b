"""`millworks verify`: whether a run can be repeated, file by file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from millworks.commands.options import Json, Quiet

DIFFERENT = 1
Run = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's folder, its name in --out, or latest.")
]
Base = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Where the folders of runs are looked for.")
]


def verify(
    run: Run, out: Base = Path("outputs"), quiet: Quiet = False, as_json: Json = False
) -> None:
    """Repeat a run and compare it with what it left.

    The run is computed anew from its manifest, with the same settings, parameters and seeds, and
    every file is compared with its recorded hash. One line for each file that differs; exit code
    0 if none does, 1 otherwise.

    Example: millworks verify latest
    """
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import print_json, tell
    from millworks.study.verify import find_run, read_record
    from millworks.study.verify import verify as compare

    record = read_record(find_run(run, out))
    with ProgressBar("getting ready", quiet) as progress:
        verdict = compare(record, progress)
    if as_json:
        print_json(
            {
                "run": record.folder.name,
                "equal": not verdict.differences,
                "repeated": verdict.repeated,
                "compared": verdict.compared,
                "differences": [
                    {"file": item.file, "what": item.what} for item in verdict.differences
                ],
                "changed_since": list(record.notes),
            }
        )
    else:
        for item in verdict.differences:
            print(f"{item.file}: {item.what}.")
        if not verdict.differences and not quiet:
            print(
                f"{record.folder.name}: equal. {verdict.repeated} files computed anew, "
                f"{verdict.compared} compared with the manifest."
            )
    if verdict.differences:
        for note in record.notes:
            tell(f"Note: {note}.", quiet)
        raise typer.Exit(DIFFERENT)
