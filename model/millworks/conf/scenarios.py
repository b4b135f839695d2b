"""Where scenario files are found, and what stands in them before Hydra composes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from millworks.errors import InputError, nearest

PACKAGE = Path(__file__).resolve().parents[1]


def packaged_scenarios() -> Path:
    """Return the scenarios that came with millworks: in the wheel, else beside the checkout."""
    in_wheel = PACKAGE / "scenarios"
    return in_wheel if in_wheel.is_dir() else PACKAGE.parents[1] / "scenarios"


GROUPS = ("world", "study", "district", "policy", "shock")
"""Folders within a scenario folder, one for each kind of file that a scenario chooses."""


def is_path(word: str | Path) -> bool:
    """Whether a scenario is given as a file, not by its name."""
    path = Path(word)
    return path.suffix in (".yaml", ".yml") or len(path.parts) > 1


def scenario_folders(
    explicit: Path | None = None, scenario: str | Path | None = None
) -> tuple[Path, ...]:
    """Return the folders that are searched, first match first.

    The order is: the folder the user names, the folder a scenario's file lies in if it has folders
    of such files, `./scenarios`, the packaged copy. Raises InputError where the named folder does
    not exist.
    """
    if explicit is not None and not explicit.is_dir():
        raise InputError(f"--scenarios {explicit}: there is no such folder.")
    found: dict[Path, Path] = {}
    beside = Path(scenario).parent if scenario is not None and is_path(scenario) else None
    if beside is not None and not any((beside / group).is_dir() for group in GROUPS):
        beside = None
    for folder in (explicit, beside, Path("scenarios"), packaged_scenarios()):
        if folder is not None and folder.is_dir():
            # In the checkout `./scenarios` is the packaged copy: the first name is kept.
            found.setdefault(folder.resolve(), folder)
    return tuple(found.values())


def option_names(group: str, folders: Sequence[Path]) -> tuple[str, ...]:
    """Return the names of all files of `group` (world, policy, …) that can be chosen, sorted."""
    found = {file.stem for folder in folders for file in folder.glob(f"{group}/*.yaml")}
    return tuple(sorted(found))


def find_option(group: str, name: str, folders: Sequence[Path], where: str = "") -> Path:
    """Return the file of option `name` of `group`; raises InputError with the nearest name."""
    for folder in folders:
        file = folder / group / f"{name}.yaml"
        if file.is_file():
            return file
    valid = option_names(group, folders)
    raise InputError(
        f"{where or f'{group}={name}'}: there is no {group}/{name}.yaml in "
        f"{', '.join(str(folder) for folder in folders)}.{nearest(name, valid)}"
    )


def scenario_names(folders: Sequence[Path]) -> tuple[str, ...]:
    """Return the names of all scenarios that can be run, sorted."""
    return tuple(sorted({file.stem for folder in folders for file in folder.glob("*.yaml")}))


def find_scenario(word: str, folders: Sequence[Path]) -> Path:
    """Return the file of a scenario: a path, or a name in one of the folders.

    Raises InputError with the nearest name.
    """
    path = Path(word)
    if is_path(word):
        if path.is_file():
            return path
        valid = [str(file) for file in sorted(path.parent.glob("*.y*ml"))]
        raise InputError(f"{word}: there is no such file.{nearest(word, valid)}")
    for folder in folders:
        file = folder / f"{word}.yaml"
        if file.is_file():
            return file
    valid = [*scenario_names(folders)]
    raise InputError(
        f"there is no scenario {word!r} in {', '.join(str(folder) for folder in folders)}."
        f"{nearest(word, valid)} See millworks list scenarios."
    )


def read_mapping(file: Path) -> dict[str, Any]:
    """Return the top level of a YAML file of settings as it stands, nothing resolved.

    Raises InputError naming the file and, where YAML knows it, the line. Hydra's directive that
    moves a file's keys elsewhere is refused: what a file sets must be seen from where it stands.
    """
    import yaml
    from omegaconf import DictConfig, OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        text = file.read_text(encoding="utf-8")
        content = OmegaConf.load(file)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise InputError(f"{file}{line}: this is not valid YAML: {error.problem}.") from None
    except (yaml.YAMLError, OmegaConfBaseException) as error:
        raise InputError(f"{file}: this is not valid YAML: {first_line(error)}") from None
    except UnicodeDecodeError:
        raise InputError(f"{file}: this is not a text file in UTF-8.") from None
    except OSError as error:
        raise InputError(f"{file}: the file cannot be read: {error.strerror or error}.") from None
    if re.search(r"^#\s*@package", text, re.MULTILINE):
        raise InputError(f"{file}: the line '# @package' must go; a file sets its own keys only.")
    if not isinstance(content, DictConfig):
        raise InputError(f"{file}: it must be a mapping of 'key: value' lines.")
    mapping = OmegaConf.to_container(content, resolve=False)
    assert isinstance(mapping, dict)
    return {str(key): value for key, value in mapping.items()}


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message as a sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(". ") + "."
