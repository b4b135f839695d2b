"""`millworks list`: the names that other commands understand, read from the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from millworks.commands.options import Json
from millworks.errors import InputError, nearest


def _districts() -> list[dict[str, Any]]:
    from millworks.economy.embedded import read_rows

    return [dict(row) for row in read_rows("districts.csv")]


def _sectors() -> list[dict[str, Any]]:
    from millworks.economy.sectors import MANUFACTURING, SECTOR_NAICS, SECTOR_NAMES, SECTORS

    return [
        {
            "code": code,
            "makers": bool(made),
            "naics": SECTOR_NAICS[code],
            "name": SECTOR_NAMES[code],
        }
        for code, made in zip(SECTORS, MANUFACTURING, strict=True)
    ]


def _parameters() -> list[dict[str, Any]]:
    from dataclasses import asdict

    from millworks.parameters import register

    return [asdict(row) for row in register().values()]


def _sources() -> list[dict[str, Any]]:
    from millworks.economy.embedded import read_rows

    return [dict(row) for row in read_rows("sources.csv")]


KINDS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "districts": _districts,
    "parameters": _parameters,
    "sources": _sources,
    "sectors": _sectors,
}


def list_known(
    kind: Annotated[
        str, typer.Argument(metavar="districts|parameters|sources|sectors", show_default=False)
    ],
    as_json: Json = False,
) -> None:
    """List districts, parameters, sources or sectors."""
    from millworks.commands.screen import print_json

    if kind not in KINDS:
        raise InputError(
            f"there is no list of {kind!r}.{nearest(kind, KINDS)} The lists are {', '.join(KINDS)}."
        )
    rows = KINDS[kind]()
    if as_json:
        print_json({kind: rows})
    else:
        print(_SHOW[kind](rows))


def _show_districts(rows: list[dict[str, Any]]) -> str:
    from millworks.commands.screen import table

    shown = [{**row, "known for": row["known_for"]} for row in rows]
    return table(shown, ["slug", "name", "known for"])


def _show_sectors(rows: list[dict[str, Any]]) -> str:
    from millworks.commands.screen import table

    shown = [{**row, "agents": "makers" if row["makers"] else "one block"} for row in rows]
    return table(shown, ["code", "agents", "name"])


def _show_parameters(rows: list[dict[str, Any]]) -> str:
    from millworks.commands.screen import paragraph

    blocks = []
    for row in rows:
        off = "" if row["off"] is None else f", off {row['off']:g}"
        head = f"{row['key']:<17}{row['default']:<6g} {row['low']:g} to {row['high']:g}{off}"
        blocks.append(f"{head}  [{row['unit']}]")
        blocks.append(paragraph(f"{row['meaning']}. Source: {row['source']}.", indent=4))
    return "\n".join(blocks)


def _show_sources(rows: list[dict[str, Any]]) -> str:
    from millworks.commands.screen import paragraph

    blocks = []
    for row in rows:
        facts = "; ".join(
            f"{key}: {value}" for key, value in list(row.items())[1:] if value and key != "sha256"
        )
        blocks += [next(iter(row.values())), paragraph(facts, indent=4)]
    return "\n".join(blocks)


_SHOW: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "districts": _show_districts,
    "parameters": _show_parameters,
    "sources": _show_sources,
    "sectors": _show_sectors,
}
