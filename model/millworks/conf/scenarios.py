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


def scenario_folders(explicit: Path | None = None) -> tuple[Path, ...]:
    """Return the folders that are searched, first match first.

    The order is: the folder the user names, `./scenarios`, the packaged copy. Raises InputError
    where the named folder does not exist.
    """
    if explicit is not None and not explicit.is_dir():
        raise InputError(f"--scenarios {explicit}: there is no such folder.")
    found: dict[Path, Path] = {}
    for folder in (explicit, Path("scenarios"), packaged_scenarios()):
        if folder is not None and folder.is_dir():
            # In the checkout `./scenarios` is the packaged copy: the first name is kept.
            found.setdefault(folder.resolve(), folder)
    return tuple(found.values())


def world_names(folders: Sequence[Path]) -> tuple[str, ...]:
    """Return the names of all worlds that can be chosen, sorted."""
    return tuple(sorted({file.stem for folder in folders for file in folder.glob("world/*.yaml")}))


def find_world(name: str, folders: Sequence[Path]) -> Path:
    """Return the file of world `name`; raises InputError with the nearest name."""
    for folder in folders:
        file = folder / "world" / f"{name}.yaml"
        if file.is_file():
            return file
    valid = world_names(folders)
    raise InputError(
        f"world={name}: there is no world/{name}.yaml in "
        f"{', '.join(str(folder) for folder in folders)}.{nearest(name, valid)}"
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
