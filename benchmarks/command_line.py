"""How long the command line takes to answer when nothing is simulated."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping

BARE = "python, nothing imported"
HELP = "millworks --help"
MISTAKE = "millworks multiplier --linear hikory (refused)"
BUDGET_OF_HELP = 0.4


def cases() -> dict[str, Callable[[], object]]:
    """Separate processes, as a user starts them."""

    def process(*words: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *words], capture_output=True, check=False)

    return {
        BARE: process("-c", "pass"),
        HELP: process("-m", "millworks", "--help"),
        MISTAKE: process("-m", "millworks", "multiplier", "--linear", "hikory"),
    }


def figures(medians: Mapping[str, float]) -> dict[str, float]:
    """Shares of the budget (0.4 s for help) and ratios to a bare interpreter."""
    return {
        "help: share of its budget of 0.4 s": medians[HELP] / BUDGET_OF_HELP,
        "help: ratio to a bare interpreter": medians[HELP] / medians[BARE],
        "a refused district: ratio to help": medians[MISTAKE] / medians[HELP],
    }
