"""Where a change comes from: inside the district, in its ring, in the rest of the US, the nation.

One table for the screen and one for the page; what cannot be told from zero is marked.
"""

from __future__ import annotations

from millworks.report import names, run_words
from millworks.study.run_results import Effect, RunResult

REGIONS = {"local": "inside", "ring": "ring", "rest_of_us": "rest of US", "national": "nation"}
"""Region -> what its column is called."""
QUANTITIES = ("output", "value_added", "jobs")
NAME, WIDTH = 21, 14
UNSURE = "?"
"""Marks a change whose interval covers zero."""


def around_rows(result: RunResult) -> list[tuple[str, list[Effect]]]:
    """Return for output, value added and jobs the effect in each region; none without a ring."""
    rows = []
    for quantity in QUANTITIES:
        here = run_words.found(result, quantity)
        there = {one.region: one for one in result.around if one.quantity == quantity}
        if here is not None and there:
            found = {"local": here, **there}
            rows.append((quantity, [found[region] for region in REGIONS]))
    return rows


def shown(effect: Effect) -> str:
    """Return a change as it stands in a cell."""
    if run_words.exactly_nothing(effect):
        return "0"
    mark = UNSURE if effect.covers_zero else ""
    return f"{run_words.moved(effect, short=True)}{mark}"


def around_lines(result: RunResult) -> list[tuple[str, str]]:
    """Return lines for the screen with their style; none without a ring."""
    rows = around_rows(result)
    if not rows:
        return []
    head = "".join(f"{name:>{WIDTH}}" for name in REGIONS.values())
    lines = [(f"{'Change by region':<{NAME}}{head}", "bold")]
    for quantity, effects in rows:
        cells = "".join(f"{shown(effect):>{WIDTH}}" for effect in effects)
        lines.append((f"{names.run_label(quantity):<{NAME}}{cells}", ""))
    lines.append((f"{UNSURE} marks a change that cannot be told from zero.", "dim"))
    return lines
