"""`millworks new`: a commented scenario file to start from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from millworks.commands.options import Quiet
from millworks.errors import InputError

FOLDER = Path("scenarios")
FIRST = "inventory_finance"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name: letters, digits, _ and -.")
    ],
    policy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help=f"A policy; may be repeated. By default {FIRST}.",
            show_default=False,
        ),
    ] = None,
    shock: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A shock; may be repeated.", show_default=False),
    ] = None,
    district: Annotated[
        str, typer.Option(metavar="PLACE", help="See millworks list districts.")
    ] = "hickory",
    quiet: Quiet = False,
) -> None:
    """Write a scenario file into ./scenarios, to be edited and run.

    It runs as it stands, and holds every setting with its default and meaning. A file that is there
    already is left alone.

    Example: millworks new mine --policy wage_subsidy --district elkhart
    """
    from millworks.conf.compose import compose
    from millworks.conf.scenarios import packaged_scenarios
    from millworks.conf.template import scenario_text
    from millworks.economy.places import load_place

    if not NAME.fullmatch(name):
        raise InputError(
            f"{name}: a scenario's name must be of letters, digits, _ and -, as hickory_2."
        )
    file = FOLDER / f"{name}.yaml"
    policies = list(policy or ([] if shock else [FIRST]))
    shocks = list(shock or [])
    words = [f"policy={','.join(policies) or 'none'}", f"shock={','.join(shocks) or 'none'}"]
    place = load_place(compose("run", {"district": district}, words).district)
    if file.exists():
        raise InputError(f"{file}: there is such a file already; choose another name.")
    if (packaged_scenarios() / file.name).exists():
        raise InputError(
            f"{name}: a scenario of this name came with millworks; choose another name."
        )
    text = scenario_text(name, district, place.name, policies, shocks)
    try:
        FOLDER.mkdir(exist_ok=True)
        with file.open("x", encoding="utf-8") as target:
            target.write(text)
    except OSError as error:
        raise InputError(
            f"{file}: it cannot be written: {(error.strerror or str(error)).lower()}."
        ) from None
    if not quiet:
        print(f"Written to {file}; next: millworks check {name}")
