"""From options, `key=value` words and scenario files to one checked configuration.

Hydra's compose API merges the files; every key is checked against the schema before Hydra sees
it, so that a typing error gets one sentence with the nearest name and never Hydra's advice to
append `+`. Values are checked by the register (parameters) and by pydantic (everything else).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millworks.conf.scenarios import (
    find_world,
    first_line,
    read_mapping,
    scenario_folders,
)
from millworks.errors import InputError, nearest
from millworks.parameters import as_written, nearest_parameter, register, specification

if TYPE_CHECKING:
    from pydantic import ValidationError

    from millworks.conf.schema import DistrictConfig

COMMAND_LINE = "command line"
WORLD_PARAMETERS = "world.parameters."


def compose(
    command: str,
    settings: Mapping[str, Any] | None = None,
    overrides: Sequence[str] = (),
    scenarios: Path | None = None,
) -> DistrictConfig:
    """Return the checked configuration of `command` (a key of `schema.SCHEMAS`).

    `settings` are values of options (None means not given), `overrides` words `key=value`
    where `world=NAME` chooses a file, `scenarios` an explicit scenario folder. Raises InputError
    with one sentence for anything that does not fit; nothing is half-applied.
    """
    from millworks.conf.schema import SCHEMAS

    schema = SCHEMAS[command]
    given = {key: value for key, value in (settings or {}).items() if value is not None}
    words = _split(overrides, given, _settable(schema))
    if "district" in words:  # a place's name may hold a comma, which Hydra would read as a list
        given["district"] = _unquoted(words.pop("district"))
    folders = scenario_folders(scenarios)
    world = _unquoted(words.pop("world", "")) or _own_world(command)
    world_file = find_world(world, folders)
    _check_world_keys(world_file)
    tree = _merge(command, world, list(words.values()), folders, world_file) | given
    if isinstance(tree.get("world"), dict):
        tree["world"] = _resolve_parameters(tree["world"], world_file, set(words))
    config = _validate(schema, tree, world_file, set(words) | set(given))
    return _check_names(config)


def _settable(schema: type[DistrictConfig]) -> list[str]:
    """Every key that may stand before `=` on the command line."""
    from millworks.conf.schema import WorldConfig

    fields = [f"world.{name}" for name in WorldConfig.model_fields if name != "parameters"]
    parameters = [WORLD_PARAMETERS + key for key in register()]
    return [*schema.model_fields, *fields, *parameters]


def _split(words: Sequence[str], given: Mapping[str, Any], valid: list[str]) -> dict[str, str]:
    """Return key to word, every key known and given once."""
    found: dict[str, str] = {}
    for word in words:
        key = word.partition("=")[0].strip()
        if key.startswith(("+", "~")):
            raise InputError(
                f"{word}: write key=value without '{key[0]}'; keys cannot be added or removed."
            )
        if key not in valid:
            raise InputError(f"{word}: there is no setting {key!r}.{_nearest_key(key, valid)}")
        if key in found or key in given:
            raise InputError(f"{word}: {key} is given twice; give it once.")
        found[key] = word
    return found


def _nearest_key(key: str, valid: Iterable[str]) -> str:
    """The nearest settable key; a bare parameter name points to its full path."""
    if key in register():
        return f" Did you mean {WORLD_PARAMETERS + key!r}?"
    if key == "world.parameters":
        return f" Set one parameter at a time: {WORLD_PARAMETERS}KEY=value."
    if key.startswith(WORLD_PARAMETERS):
        close = nearest_parameter(key.removeprefix(WORLD_PARAMETERS))
        return close.replace("'", f"'{WORLD_PARAMETERS}", 1)
    return nearest(key, valid)


def _own_world(command: str) -> str:
    """The world a command's own defaults name."""
    defaults = read_mapping(Path(__file__).with_name(f"{command}.yaml"))["defaults"]
    return next(str(entry["world"]) for entry in defaults if isinstance(entry, dict))


def _check_world_keys(file: Path) -> None:
    """Refuse keys a world file may not have, before composition loses track of the file."""
    from millworks.conf.schema import WorldConfig

    content = read_mapping(file)
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


def _merge(
    command: str, world: str, words: list[str], folders: Sequence[Path], world_file: Path
) -> dict[str, Any]:
    """Let Hydra compose defaults, the world's file and the words; return plain data."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_module
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    # Every key is known by now; `++` only lets a parameter be set that the file leaves alone.
    forced = [f"++{word}" if word.startswith(WORLD_PARAMETERS) else word for word in words]
    places = ",".join(_quoted(f"file://{folder.resolve()}") for folder in folders)
    with initialize_config_module(config_module="millworks.conf", version_base="1.3"):
        try:
            groups = [f"world={_quoted(world)}", f"hydra.searchpath=[{places}]"]
            tree = hydra_compose(command, overrides=[*groups, *forced])
            plain = OmegaConf.to_container(tree, resolve=True)
        except (HydraException, OmegaConfBaseException) as error:
            raise InputError(_hydra_sentence(error, words, world_file)) from None
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items()}


def _unquoted(word: str) -> str:
    """The value of `key=value` without the quotes a shell may have left around it."""
    return word.partition("=")[2].strip().strip("'\"")


def _quoted(text: str) -> str:
    """A word for Hydra that stays text, whatever characters or numbers are in it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${")
    return f"'{escaped}'"


def _hydra_sentence(error: Exception, words: list[str], world_file: Path) -> str:
    """Put Hydra's complaint in one sentence that names the word or the file at fault."""
    from hydra.errors import OverrideParseException

    if isinstance(error, OverrideParseException):
        word = error.override.removeprefix("++")
        return f"{word}: this value cannot be read; write key=value, with quotes around spaces."
    message = first_line(error)
    for word in words:
        key, _, value = word.partition("=")
        if message.startswith("Ambiguous value") and f"'{word}'" in message:
            return f"{word}: give one value, not a list; quote it if the comma belongs to it."
        if "${" in value or f"override {key}" in message:
            return f"{word}: {message}"
    return f"{world_file}: {message}"


def _resolve_parameters(
    world: Mapping[str, Any], world_file: Path, words: set[str]
) -> dict[str, Any]:
    """Check each parameter in its own name, so that the sentence says where it was set."""
    checked = {}
    for key, value in (world.get("parameters") or {}).items():
        where = COMMAND_LINE if WORLD_PARAMETERS + key in words else str(world_file)
        checked[key] = specification(key, where).check(value, where)
    return {**world, "parameters": checked}


def _validate(
    schema: type[DistrictConfig], tree: Mapping[str, Any], world_file: Path, given: set[str]
) -> DistrictConfig:
    from pydantic import ValidationError

    try:
        return schema.model_validate(tree)
    except ValidationError as error:
        raise InputError(_validation_sentence(schema, error, world_file, given)) from None


def _validation_sentence(
    schema: type[DistrictConfig], error: ValidationError, world_file: Path, given: set[str]
) -> str:
    from millworks.conf.schema import WorldConfig

    first = error.errors()[0]
    path = [str(part) for part in first["loc"]]
    key = ".".join(path[:2] if path[0] == "world" else path[:1])
    where = COMMAND_LINE if key in given else str(world_file)
    fields = WorldConfig.model_fields if path[0] == "world" else schema.model_fields
    field = fields.get(path[1] if path[0] == "world" and len(path) > 1 else path[0])
    if field is None:
        return f"{where}: there is no setting {key!r}.{nearest(key, fields)}"
    extra = field.json_schema_extra
    must = extra["must"] if isinstance(extra, dict) else "a mapping"
    return f"{where}: {key} is {as_written(first['input'])}; it must be {must}."


def _check_names(config: DistrictConfig) -> DistrictConfig:
    """Refuse names that no table knows, and settings that do not fit together."""
    from millworks.conf.schema import MultiplierConfig
    from millworks.economy.places import load_place
    from millworks.economy.sectors import sector_index

    changes: dict[str, Any] = {"district": load_place(config.district, config.makers).slug}
    if isinstance(config, MultiplierConfig):
        if config.order_weeks > config.weeks:
            raise InputError(
                f"{COMMAND_LINE}: order_weeks is {config.order_weeks}; "
                f"it must be at most weeks, which is {config.weeks}."
            )
        if config.injection * 52.0 > config.order_weeks:
            most = config.order_weeks / 52.0
            raise InputError(
                f"{COMMAND_LINE}: injection is {config.injection:g} over {config.order_weeks} "
                "weeks, more than doubling weekly sales, for which makers' stocks of inputs do "
                f"not reach; it must be at most {most:.3g} with that order_weeks."
            )
        if config.sector is not None:
            if config.sector.lower() == "all":
                changes["sector"] = "all"
            else:
                changes["sector"] = config.sector.upper()
                sector_index(changes["sector"])
    return config.model_copy(update=changes)
