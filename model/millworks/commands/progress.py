"""A progress bar with time left, on standard error, for work that takes more than a moment."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SECONDS_BEFORE_IT_SHOWS = 1.0


class ProgressBar:
    """Callable `(done, total, label)` that draws a bar once the work has taken a second.

    A timer draws it, so that it also shows while the first step is long (compiling, say). Nothing
    is drawn when `quiet`, or when standard error is not a terminal.
    """

    def __init__(self, label: str, quiet: bool = False) -> None:
        self._state: tuple[int, int, str] = (0, 1, label)
        self._enabled = not quiet and sys.stderr.isatty()
        self._guard = threading.Lock()
        self._timer = threading.Timer(SECONDS_BEFORE_IT_SHOWS, self._show)
        self._timer.daemon = True
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, done: int, total: int, label: str) -> None:
        """Say that `done` of `total` steps are finished; `label` names the present one."""
        with self._guard:
            self._state = (done, total, label)
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=done, total=total, description=label)

    def __enter__(self) -> ProgressBar:
        if self._enabled:
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._guard:
            self._enabled = False
            self._timer.cancel()
            if self._bar is not None:
                self._bar.stop()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=Console(stderr=True),
            transient=True,
        )
        with self._guard:
            if not self._enabled:
                return
            done, total, label = self._state
            self._task = bar.add_task(label, completed=done, total=total)
            self._bar = bar
            bar.start()
