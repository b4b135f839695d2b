"""Options that several commands share, declared once, and how words on the line are told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from millworks.errors import InputError


def number(text: Any) -> Any:
    """Return the number a text is, else the text: the schema has the words to refuse either."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def folder(option: str) -> Callable[[Any], Path]:
    """Return the reader of an option that names a folder; an empty name would mean here."""

    def read(text: Any) -> Path:
        if not str(text).strip():
            raise InputError(f"{option}: the name is empty; write . for the folder you are in.")
        return Path(text)

    return read


def processes(text: Any) -> int:
    """Return the number of processes that an option asks for; InputError if it is none."""
    count = number(text)
    if not isinstance(count, int) or count < 1:
        raise InputError(f"--jobs {text}: it must be a whole number of 1 or more.")
    return count


Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DISTRICT] [KEY=VALUE]...",
        help="A district (see: millworks list districts) and settings to change.",
        show_default=False,
    ),
]
ScenarioWords = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SCENARIO [KEY=VALUE]...",
        help="A scenario (see: millworks list scenarios) or its file, and settings to change.",
        show_default=False,
    ),
]
Year = Annotated[
    int | None,
    typer.Option(metavar="2017|2022", parser=number, help="Year of the input-output table."),
]
Seed = Annotated[
    int | None, typer.Option(metavar="N", parser=number, help="Key of every random draw.")
]
Makers = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=number,
        help="Simulate fewer makers than the place has (a scale model).",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(metavar="N", parser=processes, help="Processes; by default one per core."),
]
Backend = Annotated[
    str,
    typer.Option(metavar="local|dask", help="Where runs are made: here, or on a Dask cluster."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Scheduler of the Dask cluster, as tcp://host:8786."),
]
Out = Annotated[
    Path,
    typer.Option(
        metavar="DIR",
        parser=folder("--out"),
        help="Where the folder of the run is put.",
        show_default=True,
    ),
]
Scenarios = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        parser=folder("--scenarios"),
        help="Look for scenario files here before ./scenarios.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on standard output, nothing else.")
]


def split_words(words: Sequence[str] | None) -> tuple[str | None, list[str]]:
    """Return the district (None if not named) and the `key=value` words.

    Raises InputError if two words could be the district.
    """
    districts = [word for word in words or () if "=" not in word]
    if len(districts) > 1:
        raise InputError(
            f"{' '.join(districts)}: name one district; settings are written key=value."
        )
    return (districts[0] if districts else None), [word for word in words or () if "=" in word]


def split_scenario(words: Sequence[str] | None, command: str) -> tuple[str, list[str]]:
    """Return the scenario and the `key=value` words.

    Raises InputError unless one scenario is named.
    """
    names = [word for word in words or () if "=" not in word]
    if not names:
        raise InputError(
            f"name a scenario: millworks {command} SCENARIO, a name of millworks list scenarios or "
            "a file."
        )
    if len(names) > 1:
        raise InputError(
            f"{' '.join(names)}: name one scenario; settings are written key=value, and scenarios "
            "are set beside one another by millworks compare."
        )
    return names[0], [word for word in words or () if "=" in word]
