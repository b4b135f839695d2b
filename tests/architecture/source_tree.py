"""The source of Millworks as data: modules, what they import, what they call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "model" / "millworks"


@dataclass(frozen=True)
class Source:
    """One file of the package: its dotted name without `millworks.`, and its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def room(self) -> str:
        """The part of the house the file stands in: week, world, …, or the module itself."""
        return self.name.split(".")[0]


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
        if parts[-1] == "__init__" and len(parts) > 1:
            parts.pop()
        found.append(Source(".".join(parts), path, ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


def imports(source: Source) -> Iterator[str]:
    """Modules of our own that a file imports, anywhere in it, as dotted names."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "millworks":
            module = str(node.module).partition(".")[2]
            for name in node.names:
                yield module or name.name
        elif isinstance(node, ast.Import):
            for name in node.names:
                top, _, rest = name.name.partition(".")
                if top == "millworks" and rest:
                    yield rest


def outside_imports(source: Source) -> Iterator[str]:
    """Modules of others that a file imports, as dotted names."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def attributes(source: Source) -> Iterator[ast.Attribute]:
    """Every `something.name` in a file."""
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Attribute))
