"""Options that several commands share, declared once, and how words on the line are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from millworks.errors import InputError

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DISTRICT] [KEY=VALUE]...",
        help="A district (see: millworks list districts) and settings to change.",
        show_default=False,
    ),
]
Year = Annotated[
    int | None, typer.Option(metavar="2017|2022", help="Year of the input-output table.")
]
Seed = Annotated[int | None, typer.Option(metavar="N", help="Key of every random draw.")]
Makers = Annotated[
    int | None,
    typer.Option(metavar="N", help="Simulate fewer makers than the place has (a scale model)."),
]
Out = Annotated[
    Path, typer.Option(metavar="DIR", help="Where the folder of the run is put.", show_default=True)
]
Scenarios = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Look for scenario files here before ./scenarios."),
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
