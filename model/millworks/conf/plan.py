"""Which files a configuration is made of, in the order in which they win over one another.

From weakest to strongest: the command's own defaults, the files a scenario chooses (world, study,
district, policies, shocks), the scenario's own settings, the command line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from millworks.conf.keys import PAPER_KEYS, Keys
from millworks.conf.levers import SINGULAR, lever_names, settings_of
from millworks.conf.scenario_file import ScenarioFile, leaves, read_scenario, refuse_twice
from millworks.conf.scenarios import find_option, find_scenario, option_names, read_mapping
from millworks.conf.schema import StudyConfig, WorldConfig
from millworks.errors import InputError, nearest
from millworks.parameters import register, specification

COMMAND_LINE = "command line"
NOBODY = "none"
"""`policy=none` and `shock=none` leave out those a scenario has."""
OF_A_DISTRICT = ("district", "year", "makers")
"""Keys a file of `district/` may set."""


@dataclass
class Plan:
    """Files and settings to be merged.

    `base`: settings of the command; `groups`: Hydra's list of files, each with the place its keys
    go to; `body`: the scenario's own settings; `sources`: dotted key or prefix -> the file that set
    it last, to be named in a complaint; `main`: the file a complaint names if nothing is nearer.
    """

    main: Path
    base: dict[str, Any] = field(default_factory=dict)
    groups: list[dict[str, str]] = field(default_factory=list)
    body: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def add(self, group: str, package: str, file: Path, content: Mapping[str, Any]) -> None:
        """Choose `file`, whose keys go to `package` ('' for the top)."""
        self.groups.append({f"{group}@{package or '_global_'}": file.stem})
        prefix = f"{package}." if package else ""
        self.sources |= {prefix + key: str(file) for key in leaves(content)}
        # What a file takes over from another one is blamed on the first.
        self.sources |= {package: str(file), f"{group}/{file.stem}": str(file)}

    def where(self, key: str) -> str:
        """Return the file that set a dotted key, or the command line."""
        while key:
            if key in self.sources:
                return self.sources[key]
            key = key.rpartition(".")[0]
        return str(self.main)


def make_plan(
    command: str,
    keys: Keys,
    words: dict[str, str],
    folders: Sequence[Path],
    scenario: str | Path | None,
) -> Plan:
    """Read and check every file that a command line asks for.

    `words` maps keys to the values on the command line, as written; those that choose files are
    taken out of it, and so is `district`, which may name a place or a file.
    """
    base = read_scenario(Path(__file__).with_name(f"{command}.yaml"))
    if scenario is None:
        chosen, file = dict(base.choices), None
    else:
        file = read_scenario(find_scenario(str(scenario), folders))
        _check_body(file, keys)
        chosen = base.choices | file.choices
    body = dict(file.body) if file else {}
    on_line = {group: words.pop(group) for group in keys.choices if group in words}
    chosen |= {group: _names(value, group) for group, value in on_line.items()}
    plan = Plan(main=file.file if file else Path(COMMAND_LINE), base=base.body, body=body)
    for group, model in (("world", WorldConfig), ("study", StudyConfig)):
        if group in keys.choices:
            by_file = str(file.file) if file and group not in on_line else ""
            option = find_option(group, chosen[group][0], folders, by_file)
            content = read_mapping(option)
            if group == "world":
                _check_world(option, content)
                if not (file or keys.has_study):
                    plan.main = option
            else:
                _check_option(option, content, tuple(model.model_fields))
            plan.add(group, group, option, content)
    _add_district(plan, chosen, words, folders)
    if keys.has_study:
        for kind, one in SINGULAR.items():
            if one in on_line:  # those of the scenario go, with its settings for them
                kept = {name: plan.body.get(kind, {}).get(name, {}) for name in chosen[one]}
                plan.body[kind] = kept
            _add_levers(plan, kind, chosen.get(one, ()), words, folders)
    if file:
        plan.sources |= {key: str(file.file) for key in leaves(plan.body)}
    return plan


def _names(value: str, group: str) -> tuple[str, ...]:
    """The names in `policy=a,b`; `none` is no name."""
    inside = value.strip().strip("'\"").strip("[]")
    names = tuple(name.strip().strip("'\"") for name in inside.split(",") if name.strip())
    for kind, one in SINGULAR.items():
        if group == one:
            names = () if names == (NOBODY,) else names
            refuse_twice(names, group, COMMAND_LINE)
            for name in names:
                _check_lever(kind, name, f"{group}={value}")
            return names
    return (inside.strip(),) if inside.strip() else ("default",)


def _check_body(scenario: ScenarioFile, keys: Keys) -> None:
    """Refuse keys that a scenario may not set, and mappings that are none."""
    file, body = scenario.file, scenario.body
    tops = [key for key in keys.schema.model_fields if key != "papers"]
    for key in body:
        if key not in (*tops, *SINGULAR.values()) and key not in register():
            raise InputError(f"{file}: there is no key {key!r}.{nearest(key, [*tops, 'defaults'])}")
    for key in ("world", "study", "report"):
        if key in body and not isinstance(body[key], dict):
            if body[key] is None:
                del body[key]
                continue
            raise InputError(
                f"{file}: {key} must be a mapping from settings to values{_chosen(key, body[key])}"
            )
    for group in SINGULAR.values():
        if group in body:
            raise InputError(f"{file}: there is no key {group!r}{_chosen(group, body[group])}")
    for kind in SINGULAR:
        for name in body.get(kind, {}):
            _check_lever(kind, name, str(file))
    for key in leaves(body):
        if key in ("policies", "shocks", "world.parameters"):
            continue
        if key.startswith("world.parameters."):
            specification(key.removeprefix("world.parameters."), str(file))
            continue
        refused = keys.refusal(key, word=False)
        if refused:
            raise InputError(f"{file}: {refused}")


def _chosen(group: str, value: Any) -> str:
    """The end of a sentence for one who meant to choose a file."""
    if isinstance(value, str) and group != "report":
        return f"; a file is chosen under 'defaults:', as '- {group}: {value}'."
    return "."


def _check_lever(kind: str, name: str, where: str) -> None:
    if name not in lever_names(kind):
        one = SINGULAR[kind]
        raise InputError(
            f"{where}: there is no {one} {name!r}.{nearest(name, lever_names(kind))} "
            f"See millworks list {kind}."
        )


def _add_district(
    plan: Plan,
    chosen: Mapping[str, tuple[str, ...]],
    words: dict[str, str],
    folders: Sequence[Path],
) -> None:
    """Choose a district's file; a name without a file is a place of the statistics."""
    name = words.pop("district", "").strip().strip("'\"")
    on_line = bool(name)
    if not on_line:
        if "district" in plan.body or "district" not in chosen:
            return
        name = chosen["district"][0]
    if name in option_names("district", folders):
        file = find_option("district", name, folders)
        content = read_mapping(file)
        _check_option(file, content, OF_A_DISTRICT)
        plan.add("district", "", file, content)
        plan.body.pop("district", None)
    else:
        # A place's name may hold a comma, which Hydra would read as a list on the command line.
        plan.body["district"] = name
        plan.sources["district"] = COMMAND_LINE if on_line else str(plan.main)


def _add_levers(
    plan: Plan,
    kind: str,
    chosen: tuple[str, ...],
    words: Mapping[str, str],
    folders: Sequence[Path],
) -> None:
    """Choose the file of every policy or shock that is chosen, or set, or named in a word."""
    one = SINGULAR[kind]
    body = plan.body.get(kind, {})
    for name in chosen:
        _check_lever(kind, name, str(plan.main))
    named = [key.split(".")[1] for key in words if key.startswith(f"{kind}.")]
    names = {*chosen, *body, *named}
    settings: dict[str, Any] = {}
    for name in lever_names(kind):
        if name not in names:
            continue
        settings[name] = dict(body.get(name, {}))
        if name in option_names(one, folders):
            file = find_option(one, name, folders)
            content = read_mapping(file)
            _check_option(
                file, content, (*PAPER_KEYS, *settings_of(kind, name).model_fields), f"{one} {name}"
            )
            plan.add(one, f"{kind}.{name}", file, content)
    plan.body[kind] = settings


def _check_option(
    file: Path, content: Mapping[str, Any], valid: Sequence[str], what: str = ""
) -> None:
    """Refuse keys a chosen file may not have."""
    for key in content:
        if key not in valid and key != "defaults":
            more = f" {what} has {', '.join(valid)}." if what else ""
            raise InputError(f"{file}: there is no key {key!r}.{nearest(key, valid)}{more}")


def _check_world(file: Path, content: Mapping[str, Any]) -> None:
    """Refuse keys a world file may not have, before composition loses track of the file."""
    for key in content:
        if key not in WorldConfig.model_fields and key != "defaults":
            close = nearest(key, WorldConfig.model_fields)
            if key in register():
                close = f" Parameters stand under 'parameters:', as '  {key}: …'."
            raise InputError(f"{file}: there is no key {key!r}.{close}")
    parameters = content.get("parameters")
    if not isinstance(parameters, dict | None):
        raise InputError(f"{file}: parameters must be a mapping from parameters to numbers.")
    for key in parameters or {}:
        specification(str(key), str(file))
