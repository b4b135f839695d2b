"""A new scenario file, commented, made from what policies and shocks say of their settings."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import yaml

from millworks.conf.levers import settings_of
from millworks.conf.schema import StudyConfig

NOTE_COLUMN = 30
WIDTH = 96


def scenario_text(
    name: str, district: str, place: str, policies: Sequence[str], shocks: Sequence[str]
) -> str:
    """Return the text of a scenario file that runs as it stands.

    Settings stand in it as comments with their defaults; taking its `#` away sets one. `place` is
    the name of `district` in words.
    """
    chosen = [*policies, *shocks]
    title = f"{_words(chosen)} in {place}"
    title = _plain(title[0].upper() + title[1:])
    lines = [
        f"# Read it first:   millworks check {name}",
        f"# Run it:          millworks run {name}",
        f"title: {title}",
        "about: >-",
        "  What this scenario asks, in a sentence or two.",
        "",
        "defaults:                     # where settings start from: a file of each folder",
        f"  - district: {_plain(district)}",
    ]
    if policies:
        lines.append(f"  - policy: [{', '.join(policies)}]")
    if shocks:
        lines.append(f"  - shock: [{', '.join(shocks)}]")
    lines += [
        "  - study: default            # or quick, for a first look; headline, to be quoted",
        "",
        "# Every setting with its default. Take the # before a setting away to change it; what",
        "# stands here wins over the files above.",
    ]
    for kind, names in (("policies", policies), ("shocks", shocks)):
        if names:
            lines.append(f"{kind}:")
        for lever in names:
            lines.append(f"  {lever}:")
            lines += _setting("    intensity", 1.0, "0 is off, 1 its default size")
            for key, field in settings_of(kind, lever).model_fields.items():
                if key != "intensity":
                    lines += _setting(f"    #{key}", field.default, field.description or "")
    lines += ["", "#study:"]
    for key, field in StudyConfig.model_fields.items():
        lines += _setting(f"#  {key}", field.default, field.description or "")
    return "\n".join(lines) + "\n"


def _words(names: Sequence[str]) -> str:
    return " and ".join(name.replace("_", " ") for name in names)


def _setting(key: str, value: Any, meaning: str) -> list[str]:
    """A setting with its meaning behind it, or above it where the line would grow long."""
    setting = f"{key}: {_plain(value)}"
    line = f"{setting.ljust(NOTE_COLUMN - 2)}  # {meaning}"
    if len(line) <= WIDTH:
        return [line]
    margin = setting[: len(setting) - len(setting.lstrip(" #"))].replace("#", "")
    return [
        *textwrap.wrap(
            meaning, WIDTH, initial_indent=f"{margin}# ", subsequent_indent=f"{margin}# "
        ),
        setting,
    ]


def _plain(value: Any) -> str:
    """A value as YAML writes it, on one line."""
    return yaml.safe_dump(value, width=10_000).removesuffix("...\n").strip()
