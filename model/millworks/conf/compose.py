"""From options, `key=value` words and scenario files to one checked configuration.

Hydra's compose API merges the files; every key is checked against the schema before Hydra sees
it, so that a typing error gets one sentence with the nearest name and never Hydra's advice to
append `+`. Values are checked by the register (parameters) and by pydantic (everything else).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millworks.conf.plan import COMMAND_LINE, Plan, make_plan
from millworks.conf.scenarios import first_line, scenario_folders
from millworks.errors import InputError
from millworks.parameters import specification

if TYPE_CHECKING:
    from millworks.conf.keys import Keys
    from millworks.conf.schema import DistrictConfig

WORLD_PARAMETERS = "world.parameters."
PRIMARY = "millworks_settings"
BASE = "millworks_command"
LISTS = ("sizes", "sectors")
"""Settings that are lists of names."""


def compose(
    command: str,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str] = (),
    scenarios: Path | None = None,
    scenario: str | Path | None = None,
) -> DistrictConfig:
    """Return the checked configuration of `command` (a key of `schemas.SCHEMAS`).

    `settings` are values of options (None means not given), by dotted key; those of the study may
    stand without `study.`. `overrides` are words `key=value`, where `world=NAME` and, for a
    scenario, `study=NAME`, `policy=NAME,NAME` and `shock=NAME` choose files; a policy or a shock
    that a word sets is added to the scenario. `scenarios` is an explicit scenario folder,
    `scenario` a name in the scenario folders or a path. Raises InputError with one sentence for
    anything that does not fit; nothing is half-applied.
    """
    from millworks.conf.checks import checked, validated
    from millworks.conf.keys import Keys
    from millworks.conf.schemas import SCHEMAS

    keys = Keys(SCHEMAS[command])
    given = {keys.full(key): value for key, value in (settings or {}).items() if value is not None}
    words = _split(overrides, given, keys)
    folders = scenario_folders(scenarios, scenario)
    values = {key: word.partition("=")[2] for key, word in words.items()}
    if isinstance(given.get("district"), str):
        values["district"] = given.pop("district")
    plan = make_plan(command, keys, values, folders, scenario)
    plan.sources |= dict.fromkeys([*values, *given], COMMAND_LINE)
    tree = _merge(plan, [_listed(key, words[key]) for key in values], folders)
    for key, value in given.items():
        _put(tree, key, value)
    if isinstance(tree.get("world"), dict):
        tree["world"] = _resolve_parameters(tree["world"], plan)
    return checked(validated(keys.schema, tree, plan), plan)


def _split(words: Sequence[str], given: Mapping[str, Any], keys: Keys) -> dict[str, str]:
    """Return key to word, every key known and given once."""
    found: dict[str, str] = {}
    for word in words:
        key = word.partition("=")[0].strip()
        if key.startswith(("+", "~")):
            raise InputError(
                f"{word}: write key=value without '{key[0]}'; keys cannot be added or removed."
            )
        refused = keys.refusal(key, word=True)
        if refused:
            raise InputError(f"{word}: {refused}")
        if key in found or key in given:
            raise InputError(f"{word}: {key} is given twice; give it once.")
        found[key] = word
    return found


def _listed(key: str, word: str) -> str:
    """Write a list of names so that Hydra reads it, whatever signs are in them: [<5,5-9]."""
    name = key.rpartition(".")[2]
    value = word.partition("=")[2].strip()
    if name not in LISTS or value == "null":
        return word
    parts = [part.strip().strip("'\"") for part in value.strip("[]").split(",")]
    return f"{key}=[{','.join(_quoted(part) for part in parts if part)}]"


def _merge(plan: Plan, words: list[str], folders: Sequence[Path]) -> dict[str, Any]:
    """Let Hydra compose the files of the plan and the words; return plain data."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_module
    from hydra.core.config_store import ConfigStore
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    places = ",".join(_quoted(f"file://{folder.resolve()}") for folder in folders)
    # Every key is known by now; `++` only lets one be set that the files leave alone.
    forced = [f"++{word}" for word in words]
    store = ConfigStore.instance()
    with initialize_config_module(config_module="millworks.conf", version_base="1.3"):
        try:
            store.store(BASE, plan.base)
            store.store(PRIMARY, {"defaults": [BASE, *plan.groups, "_self_"], **plan.body})
            tree = hydra_compose(PRIMARY, overrides=[f"hydra.searchpath=[{places}]", *forced])
            plain = OmegaConf.to_container(tree, resolve=True)
        except (HydraException, OmegaConfBaseException) as error:
            raise InputError(_hydra_sentence(error, words, plan)) from None
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items()}


def _quoted(text: str) -> str:
    """A word for Hydra that stays text, whatever characters or numbers are in it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${")
    return f"'{escaped}'"


def _hydra_sentence(error: Exception, words: list[str], plan: Plan) -> str:
    """Put Hydra's complaint in one sentence that names the word or the file at fault."""
    from hydra.errors import OverrideParseException

    if isinstance(error, OverrideParseException):
        word = error.override.removeprefix("++")
        return f"{word}: this value cannot be read; write key=value, with quotes around spaces."
    message = first_line(error)
    for word in words:
        key, _, value = word.partition("=")
        if message.startswith("Ambiguous value") and f"{word}'" in message:
            return f"{word}: give one value, not a list; quote it if the comma belongs to it."
        if "${" in value or f"override {key}" in message:
            return f"{word}: {message}"
    found = re.search(r"full_key: (\S+)", str(error)) or re.search(r"In '([^']+)'", message)
    return f"{plan.where(found.group(1) if found else '')}: {message}"


def _put(tree: dict[str, Any], key: str, value: Any) -> None:
    """Set a dotted key in a nested mapping."""
    *parents, last = key.split(".")
    for parent in parents:
        tree = tree.setdefault(parent, {})
    tree[last] = value


def _resolve_parameters(world: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """Check each parameter in its own name, so that the sentence says where it was set."""
    checked = {}
    for key, value in (world.get("parameters") or {}).items():
        where = plan.where(WORLD_PARAMETERS + key)
        checked[key] = specification(key, where).check(value, where)
    return {**world, "parameters": checked}
