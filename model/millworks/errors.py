"""Errors a user can cause, each one sentence that says how to mend it.

The command line prints the sentence and exits with `exit_code`; nothing is left half-written.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class MillworksError(Exception):
    """Base of every error that is meant to be read by the user, not by a debugger."""

    exit_code = 2


class InputError(MillworksError):
    """Something the user gave does not fit; the message names file, key, bound and nearest name."""


class OutputError(MillworksError):
    """A result could not be written; nothing stands under its final name."""


class InvariantBreach(MillworksError):
    """An accounting identity broke; the message names account, week and size.

    A breach is a fault of the model, never of the user, hence its own exit code.
    """

    exit_code = 3


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return ' Did you mean X?' with the closest valid names, or '' where none is close."""
    matches = difflib.get_close_matches(name.lower(), [str(v) for v in valid], n=3, cutoff=0.5)
    if not matches:
        return ""
    return f" Did you mean {' or '.join(repr(m) for m in matches)}?"
