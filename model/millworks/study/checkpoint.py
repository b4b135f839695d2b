"""The state of a world as a file: what `world.state()` returned, bit by bit.

A state is made of mappings and lists of arrays and single numbers. Arrays go into the members of an
npz archive; the rest is written as JSON, in which a number of 64 bits keeps every bit.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

FORM = "form"
ARRAY = "array"


def write_state(file: Path, state: Mapping[str, Any]) -> None:
    """Write a state: whole, or not at all. Raises OSError where the folder cannot be written."""
    arrays: list[np.ndarray] = []
    form = json.dumps(_form(state, arrays))
    handle, name = tempfile.mkstemp(dir=file.parent, prefix="part-")
    with os.fdopen(handle, "wb") as out:
        named: dict[str, Any] = {str(place): array for place, array in enumerate(arrays)}
        np.savez(out, **named, form=np.array(form))
    os.replace(name, file)


def read_state(file: Path) -> dict[str, Any] | None:
    """Return the state in a file; None if it is not there or was cut off in the writing."""
    try:
        with np.load(file, allow_pickle=False) as content:
            state: dict[str, Any] = _filled(json.loads(str(content[FORM])), content)
            return state
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _form(part: Any, arrays: list[np.ndarray]) -> Any:
    """The part without its arrays, which are put into `arrays`; each leaves its place behind."""
    if isinstance(part, np.ndarray):
        arrays.append(part)
        return {ARRAY: len(arrays) - 1}
    if isinstance(part, Mapping):
        return {"map": {str(key): _form(value, arrays) for key, value in part.items()}}
    if isinstance(part, list | tuple):
        return {"list": [_form(value, arrays) for value in part]}
    return part.item() if isinstance(part, np.generic) else part


def _filled(form: Any, content: Mapping[str, Any]) -> Any:
    if not isinstance(form, Mapping):
        return form
    if ARRAY in form:
        return content[str(form[ARRAY])]
    if "map" in form:
        return {key: _filled(value, content) for key, value in form["map"].items()}
    return [_filled(value, content) for value in form["list"]]
