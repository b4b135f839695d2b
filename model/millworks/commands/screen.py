"""Plain text and JSON on standard output, messages on standard error."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from millworks.study.store import OUT_OF_ROOM, reason

WIDTH = 80


def print_json(document: Any) -> None:
    """Print one JSON document on standard output; numbers that are not finite are a fault."""
    print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def tell(message: str, quiet: bool = False) -> None:
    """Print a message on standard error unless `quiet`."""
    if not quiet:
        print(message, file=sys.stderr)


def out_of_room(error: OSError) -> str | None:
    """Return a sentence on a device that is full or takes no more; None for any other error."""
    if error.errno not in OUT_OF_ROOM:
        return None
    return f"{error.filename or 'the answer'} could not be written: {reason(error)}."


def paragraph(text: str, indent: int = 0, hanging: str = "") -> str:
    """Fold `text` to the width of the screen; `hanging` stands before its first line only."""
    margin = " " * indent
    later = margin + " " * len(hanging)
    return textwrap.fill(text, WIDTH, initial_indent=margin + hanging, subsequent_indent=later)


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Set `rows` in aligned columns with a header; the last column is folded to the width."""
    cells = [[str(row[column]) for column in columns] for row in rows]
    widths = [
        max(len(line[position]) for line in [list(columns), *cells])
        for position in range(len(columns) - 1)
    ]
    start = sum(widths) + 2 * len(widths)
    lines = []
    for line in [list(columns), *cells]:
        head = "".join(cell.ljust(width + 2) for cell, width in zip(line, widths, strict=False))
        last = textwrap.wrap(line[-1], max(20, WIDTH - start)) or [""]
        lines.append(head + last[0])
        lines.extend(" " * start + more for more in last[1:])
    return "\n".join(line.rstrip() for line in lines)
