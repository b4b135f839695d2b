"""`millworks list`: the names that other commands understand, read from the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from millworks.commands.options import Json
from millworks.errors import InputError, nearest

NOTES = 27
"""Column at which what is said of a name or of a setting begins."""


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
    from millworks.conf.levers import (
        SINGULAR,
        excluded,
        is_comparator,
        lever_names,
        own_file,
        title_of,
    )

    rows = []
    groups: list[list[str]] = []
    for name in lever_names(kind):
        others = excluded(kind, name)
        beside = next((group for group in groups if not set(group) & set(others)), None)
        if beside is None:
            groups.append(beside := [])
        beside.append(name)
    configs: list[Any] = [compose("run", {}, [f"{SINGULAR[kind]}={','.join(g)}"]) for g in groups]
    for name in lever_names(kind):
        config = next(found for found in configs if name in getattr(found, kind))
        papers = config.policy_papers() if kind == "policies" else config.shock_papers()
        settings = getattr(config, kind)[name]
        row = {
            "name": name,
            "does": title_of(kind, name).partition(": ")[2] or title_of(kind, name),
            **papers[name],
            "settings": settings,
            "own": own_file(kind, name),
        }
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
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="With policies or shocks: all that is known of one of them.",
            show_default=False,
        ),
    ] = None,
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
    if name is not None:
        _list_one(kind, name, as_json)
        return
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


def _list_one(kind: str, name: str, as_json: bool) -> None:
    """Print what is known of one policy or shock: its paper, and every setting."""
    from millworks.commands.screen import print_json
    from millworks.conf.levers import SINGULAR

    if kind not in SINGULAR:
        raise InputError(f"list {kind} {name}: only a policy or a shock can be asked for by name.")
    rows = {row["name"]: row for row in KINDS[kind]()}
    if name not in rows:
        raise InputError(f"there is no {SINGULAR[kind]} {name!r}.{nearest(name, rows)}")
    print_json(rows[name]) if as_json else print(_show_one(kind, rows[name]))


PAPER = {
    "what": "What",
    "size": "Size 1",
    "evidence": "Evidence",
    "cost": "Cost",
    "leaves_out": "Left out",
}
"""What a file says of a policy or a shock -> how it is headed on the screen."""


def _show_one(kind: str, row: dict[str, Any]) -> str:
    from millworks.commands.screen import paragraph
    from millworks.conf.levers import SINGULAR, excluded, settings_of
    from millworks.parameters import as_written

    name = row["name"]
    lines = [paragraph(f"{name}: {row['title']}")]
    for key, head in PAPER.items():
        if row[key]:
            lines.append(paragraph(" ".join(row[key].split()), hanging=head.ljust(10)))
    for other, reason in excluded(kind, name).items():
        lines.append(paragraph(f"with {other}: {reason}", hanging="Not".ljust(10)))
    lines += ["", f"Settings, as {kind}.{name}.KEY=value"]
    for key, field in settings_of(kind, name).model_fields.items():
        extra = field.json_schema_extra
        must = f"; {extra['must']}" if isinstance(extra, dict) else ""
        head = f"  {key} {as_written(row['settings'][key])}"
        words = f"{field.description}{must}"
        if len(head) < NOTES:
            lines.append(paragraph(words, hanging=head.ljust(NOTES)))
        else:
            lines += [head, paragraph(words, indent=NOTES)]
    lines += ["", f"Make a scenario of it: millworks new NAME --{SINGULAR[kind]} {name}"]
    return "\n".join(lines)


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
    from millworks.commands.screen import paragraph

    levers = [row for row in rows if not row["comparator"]]
    beside = [row for row in rows if row["comparator"]]
    blocks = [
        _described(levers, "Levers"),
        _described(beside, "Comparators: the same dollars without an aim, to set levers beside"),
        paragraph(
            "A levy on local incomes pays, unless payer says otherwise. Evidence, cost, settings "
            "and what is left out: millworks list policies NAME"
        ),
    ]
    return "\n\n".join(block for block in blocks if block)


def _show_shocks(rows: list[dict[str, Any]]) -> str:
    from millworks.commands.screen import paragraph

    more = (
        "A shock hits the policy arm and its baseline alike. Evidence, settings and what is left "
        "out: millworks list shocks NAME"
    )
    return f"{_described(rows, 'Shocks')}\n\n{paragraph(more)}"


def _described(rows: list[dict[str, Any]], head: str) -> str:
    """What each does in a line, and below it what an intensity of 1 is."""
    from millworks.commands.screen import paragraph

    if not rows:
        return ""
    lines = [head]
    for row in rows:
        own = f" (your own, {row['own']})" if row["own"] else ""
        lines.append(paragraph(f"{row['does']}{own}", hanging=f"  {row['name']}".ljust(NOTES)))
        if row["size"]:
            lines.append(paragraph(f"size 1: {row['size']}", indent=NOTES))
    return "\n".join(lines)


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
