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


def _policies() -> list[dict[str, Any]]:
    return _levers("policies")


def _shocks() -> list[dict[str, Any]]:
    return _levers("shocks")


def _levers(kind: str) -> list[dict[str, Any]]:
    """What the files of the scenario folders say of each, and their settings."""
    from millworks.conf.compose import compose
    from millworks.conf.levers import SINGULAR, is_comparator, lever_names

    rows = []
    config: Any = compose("run", {}, [f"{SINGULAR[kind]}={','.join(lever_names(kind))}"])
    papers = config.policy_papers() if kind == "policies" else config.shock_papers()
    for name, settings in getattr(config, kind).items():
        row = {"name": name, **papers[name], "settings": settings}
        if kind == "policies":
            row |= {"payer": settings["payer"], "comparator": is_comparator(name)}
        rows.append(row)
    return rows


def _scenarios() -> list[dict[str, Any]]:
    from millworks.conf.scenario_file import read_scenario
    from millworks.conf.scenarios import find_scenario, scenario_folders, scenario_names

    rows = []
    folders = scenario_folders()
    for name in scenario_names(folders):
        scenario = read_scenario(find_scenario(name, folders))
        chosen, body = scenario.choices, scenario.body
        rows.append(
            {
                "name": name,
                "title": str(body.get("title", "")),
                "about": " ".join(str(body.get("about", "")).split()),
                "district": str(body.get("district", "".join(chosen.get("district", ())))),
                "policies": [
                    *dict.fromkeys([*chosen.get("policy", ()), *body.get("policies", {})])
                ],
                "shocks": [*dict.fromkeys([*chosen.get("shock", ()), *body.get("shocks", {})])],
                "file": str(scenario.file),
            }
        )
    return rows


KINDS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "districts": _districts,
    "parameters": _parameters,
    "sources": _sources,
    "sectors": _sectors,
    "policies": _policies,
    "shocks": _shocks,
    "scenarios": _scenarios,
}


def list_known(
    kind: Annotated[str, typer.Argument(metavar="|".join(KINDS), show_default=False)],
    near: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE",
            help="With districts: districts, areas and counties by distance from any place.",
        ),
    ] = None,
    first: Annotated[
        int, typer.Option(metavar="N", help="With --near: how many places to show.")
    ] = 15,
    as_json: Json = False,
) -> None:
    """List the names that other commands understand."""
    from millworks.commands.screen import print_json

    if kind not in KINDS:
        raise InputError(
            f"there is no list of {kind!r}.{nearest(kind, KINDS)} The lists are {', '.join(KINDS)}."
        )
    if near is not None:
        if kind != "districts":
            raise InputError(f"list {kind} --near: only districts can be listed by distance.")
        _list_near(near, first, as_json)
        return
    rows = KINDS[kind]()
    if as_json:
        print_json({kind: rows})
    else:
        print(_SHOW[kind](rows))


def _list_near(near: str, first: int, as_json: bool) -> None:
    """Print what lies around a place, nearest first."""
    from millworks.commands.screen import paragraph, print_json, table
    from millworks.economy.nearby import QUALITY, nearby
    from millworks.economy.place_names import find_place
    from millworks.economy.sectors import SECTOR_NAMES

    found = nearby(near, first)
    if as_json:
        districts = [
            {
                "slug": row.place.slug,
                "code": row.place.code,
                "kind": row.place.kind,
                "name": row.place.name,
                "miles": round(row.miles, 1),
                "makers": row.makers,
                "manufacturing_jobs": (
                    None if row.manufacturing_jobs is None else round(row.manufacturing_jobs, 1)
                ),
                "leading_sector": row.leading_sector,
                "quality": row.quality,
            }
            for row in found
        ]
        print_json({"near": find_place(near).slug, "districts": districts})
        return
    shown = [
        {
            "miles": f"{row.miles:.0f}".rjust(5),
            "say": row.place.slug if row.place.known_for else row.place.code,
            "makers": ("-" if row.makers is None else f"{row.makers:,}").rjust(6),
            "mfg jobs": (
                "-" if row.manufacturing_jobs is None else f"{row.manufacturing_jobs:,.0f}"
            ).rjust(8),
            "leads": row.leading_sector or "-",
            "quality": row.quality,
            "place": row.place.name,
        }
        for row in found
    ]
    print(table(shown, ["miles", "say", "makers", "mfg jobs", "leads", "quality", "place"]))
    print()
    for mark in dict.fromkeys(row.quality for row in found):
        print(paragraph(QUALITY[mark], hanging=f"{mark}: "))
    leads = dict.fromkeys(row.leading_sector for row in found if row.leading_sector)
    named = "; ".join(f"{code} {SECTOR_NAMES[code]}" for code in leads)
    print(paragraph(named, hanging="leads: "))


def _show_districts(rows: list[dict[str, Any]]) -> str:
    from millworks.commands.screen import paragraph, table

    shown = [{**row, "known for": row["known_for"]} for row in rows]
    more = (
        "Any other US county, metro or micro area or state can be named too: by its code (37035), "
        "by its name ('Catawba County, NC'). What lies where: millworks list districts --near "
        "PLACE"
    )
    return f"{table(shown, ['slug', 'name', 'known for'])}\n\n{paragraph(more)}"


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


def _show_policies(rows: list[dict[str, Any]]) -> str:
    from millworks.commands.screen import paragraph, table

    shown = [{**row, "at intensity 1": row["size"]} for row in rows]
    blocks = []
    for comparator, head in ((False, "Levers"), (True, "Comparators, to set levers beside")):
        some = [row for row in shown if row["comparator"] is comparator]
        if some:
            blocks.append(f"{head}\n{table(some, ['name', 'payer', 'at intensity 1'])}")
    more = (
        "What each does, its evidence and what it leaves out stand in its file, "
        "scenarios/policy/NAME.yaml, and in millworks list policies --json"
    )
    return "\n\n".join([*blocks, paragraph(more)])


def _show_shocks(rows: list[dict[str, Any]]) -> str:
    from millworks.commands.screen import table

    shown = [{**row, "at intensity 1": row["size"]} for row in rows]
    return table(shown, ["name", "at intensity 1"])


def _show_scenarios(rows: list[dict[str, Any]]) -> str:
    from millworks.commands.screen import paragraph, table

    more = "Say what one does before it runs: millworks check NAME. Make one: millworks new NAME"
    return f"{table(rows, ['name', 'title'])}\n\n{paragraph(more)}"


_SHOW: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "districts": _show_districts,
    "parameters": _show_parameters,
    "sources": _show_sources,
    "sectors": _show_sectors,
    "policies": _show_policies,
    "shocks": _show_shocks,
    "scenarios": _show_scenarios,
}
