"""Policies and shocks are found in files and listed nowhere: those of millworks, and one's own.

A user's own stand beside his scenarios: `scenarios/policy/NAME.py` or `scenarios/shock/NAME.py` in
the folder in which millworks is called, each next to the NAME.yaml that describes it. A file whose
name begins with `_` or `test_` is left alone. What stands in such a file runs; it can no more touch
an outcome than the ones that came with millworks.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
import types
from pathlib import Path
from typing import Any, NamedTuple

from millworks.errors import InputError
from millworks.settings import Strict

FOLDER = Path("scenarios")
GROUPS = ("policy", "shock")
HOME = "millworks_own"
"""Package under whose name the modules of a user's files are known to Python."""
NAME = re.compile(r"[a-z][a-z0-9_]*")


class OwnFile(NamedTuple):
    """A file of the user's; `stamp` changes when it is written again."""

    path: Path
    place: str
    stamp: tuple[int, int]


def own_files(group: str) -> tuple[OwnFile, ...]:
    """Return the user's files of policies (`policy`) or shocks (`shock`), by name."""
    found = []
    for path in sorted((FOLDER / group).glob("*.py")):
        if not path.name.startswith(("_", "test_")):
            known = path.stat()
            found.append(OwnFile(path, str(path.absolute()), (known.st_mtime_ns, known.st_size)))
    return tuple(found)


def packaged(package: types.ModuleType, base: type) -> list[Any]:
    """Return every class derived from `base` that a file of a package of millworks declares."""
    found: list[Any] = []
    for module in pkgutil.iter_modules(package.__path__):
        found += _declared(importlib.import_module(f"{package.__name__}.{module.name}"), base)
    return found


def own(file: OwnFile, base: type, settings: type[Strict]) -> Any:
    """Return the class that a user's file declares, derived from `base`.

    `settings`: what its settings derive from. Raises InputError with one sentence for a file that
    is not Python, that fails, or in which something that is needed is not declared.
    """
    path, what = file.path, base.__name__.lower()
    if not NAME.fullmatch(path.stem):
        raise InputError(
            f"{path}: {path.stem!r} cannot be the name of a {what}; a file's name must be of small "
            "letters, digits and _, as first_orders.py."
        )
    found = _declared(_executed(path), base)
    if len(found) != 1:
        number = "no" if not found else str(len(found))
        raise InputError(
            f"{path}: there must be one {what} in it, a class derived from {base.__name__} that "
            f"has a name; there {'is' if len(found) < 2 else 'are'} {number}."
        )
    _check(path, found[0], what, settings)
    return found[0]


def _declared(module: types.ModuleType, base: type) -> list[Any]:
    return [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, base)
        and kind.__module__ == module.__name__
        and hasattr(kind, "name")
    ]


def _executed(path: Path) -> types.ModuleType:
    """Run a file as a module of its own; nothing is written beside it."""
    name = f"{HOME}.{path.parent.name}.{path.stem}"
    module = types.ModuleType(name)
    module.__file__ = str(path)
    # Settings look their annotations up by the name of the module.
    sys.modules[name] = module
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), vars(module))
    except SyntaxError as error:
        del sys.modules[name]
        raise InputError(
            f"{path}, line {error.lineno}: this is not valid Python: {error.msg}."
        ) from None
    except Exception as error:
        del sys.modules[name]
        why = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
        raise InputError(f"{path}{_line(error, path)}: it cannot be loaded: {why}.") from None
    return module


def _line(error: Exception, path: Path) -> str:
    """The line of a file at which it failed, as ', line 3'."""
    lines = [t.tb_lineno for t in _frames(error) if t.tb_frame.f_code.co_filename == str(path)]
    return f", line {lines[-1]}" if lines else ""


def _frames(error: Exception) -> list[types.TracebackType]:
    found, step = [], error.__traceback__
    while step is not None:
        found.append(step)
        step = step.tb_next
    return found


def _check(path: Path, kind: type, what: str, settings: type[Strict]) -> None:
    """Refuse a class that lacks what every policy or shock declares."""
    needed = {"name": str, "order": int, "title": str}
    for key, wanted in needed.items():
        if not isinstance(getattr(kind, key, None), wanted):
            words = "a whole number" if wanted is int else "a text"
            raise InputError(f"{path}: {kind.__name__}.{key} must be {words}.")
    if getattr(kind, "name", "") != path.stem:
        raise InputError(
            f"{path}: the {what} in it is called {getattr(kind, 'name', '')!r}; name and file must "
            "be the same."
        )
    if inspect.isabstract(kind):
        lacking = " and ".join(sorted(getattr(kind, "__abstractmethods__", ())))
        raise InputError(f"{path}: {kind.__name__} lacks {lacking}; every {what} has it.")
    model = getattr(kind, "Settings", None)
    if not (isinstance(model, type) and issubclass(model, settings)):
        raise InputError(
            f"{path}: {kind.__name__}.Settings must be derived from {settings.__name__}."
        )
    for key, field in model.model_fields.items():
        extra = field.json_schema_extra
        if field.is_required() or not (isinstance(extra, dict) and "must" in extra):
            raise InputError(
                f"{path}: setting {key} has no default or no bounds; declare it with number(…) or "
                "text(…) of millworks.settings."
            )
