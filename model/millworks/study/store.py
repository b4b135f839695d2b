"""A run's folder: complete under its final name, or not there at all.

A run writes into a temporary folder beside its final place, which is renamed at the end, so that
an error, Ctrl-C, a kill or a full disk leaves nothing under the final name. A killed run cannot
clean up behind itself; its temporary folder is recognised by a lock that nobody holds any more
and removed by the next run.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from millworks.errors import OutputError

try:
    import fcntl
except ImportError:  # a system without file locks keeps the temporary folders of killed runs
    fcntl = None  # type: ignore[assignment]

PARTIAL = ".partial"
LOCK = "lock"
LATEST = "latest"
SECONDS_TO_LOCK = 60
ATTEMPTS = 5
TAKEN = {errno.ENOTEMPTY, errno.EEXIST}
OUT_OF_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return ten hexadecimal digits that depend on `content` (plain data) and nothing else."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:10]


class RunFolder:
    """Context in which a run's files are written; renamed to `base/name` when it ends well.

    `path` is the folder to write into, already called `name` but inside a temporary folder;
    `final` is where it will stand. `base/latest` becomes a relative link to it, and a run of the
    same name is replaced. Raises OutputError with one sentence where `base` cannot be written
    (at once, before any work) or the disk is full. A run that fails leaves no folder, not even an
    empty `base`.

    Example
    -------
    >>> with RunFolder(Path("outputs"), "multiplier-hickory") as folder:  # doctest: +SKIP
    ...     (folder.path / "summary.json").write_text("{}")
    """

    def __init__(self, base: Path, name: str) -> None:
        self.base = base
        self.final = base / name
        self.path = self.final
        self._temporary: Path | None = None
        self._lock: int | None = None
        self._made: list[Path] = []

    def __enter__(self) -> RunFolder:
        latest = self.base / LATEST
        try:
            self._temporary = self._make_temporary()
            if latest.exists() and not latest.is_symlink():
                raise OutputError(f"{latest} is not a link made by millworks; move it elsewhere.")
            self._lock = _take_lock(self._temporary / LOCK)
            self.path = self._temporary / self.final.name
            self.path.mkdir()
        except OutputError:
            self._discard()
            raise
        except OSError as error:
            self._discard()
            raise OutputError(
                f"--out {self.base}: the folder cannot be written: {reason(error)}."
            ) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._publish()
        except OSError as failure:
            raise self._write_failure(failure) from None
        finally:
            self._discard()
        # A writer may have put the system's error in words of its own, about a folder that is gone.
        fault = error.__cause__ if isinstance(error, OutputError) else error
        if isinstance(fault, OSError) and self._is_ours(fault):
            raise self._write_failure(fault) from None

    def _make_temporary(self) -> Path:
        """Make the base, noting which folders are new, and a temporary folder in it."""
        for attempt in range(ATTEMPTS):
            self._made = [f for f in (self.base, *self.base.parents) if not f.exists()]
            try:
                self.base.mkdir(parents=True, exist_ok=True)
                remove_stale(self.base)
                made = tempfile.mkdtemp(
                    dir=self.base, prefix=f".{self.final.name}.", suffix=PARTIAL
                )
                return Path(made)
            except FileNotFoundError:
                # Another run that failed took the empty base away in between: make it anew.
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    def _publish(self) -> None:
        """Put the finished folder under its final name; an earlier one returns if that fails."""
        assert self._temporary is not None
        # The link is made before anything is renamed, so that a full disk is met first.
        link = self._temporary / LATEST
        link.symlink_to(self.final.name)
        for attempt in range(ATTEMPTS):
            earlier = self._temporary / f"replaced-{attempt}"
            with contextlib.suppress(FileNotFoundError):
                self.final.rename(earlier)
            try:
                self.path.rename(self.final)
                break
            except BaseException as error:
                taken = isinstance(error, OSError) and error.errno in TAKEN
                if earlier.exists() and not self.final.exists():
                    earlier.rename(self.final)
                # Another run of the same name came in between: replace it in turn.
                if not taken or attempt == ATTEMPTS - 1:
                    raise
        try:
            link.replace(self.base / LATEST)
        except OSError:
            self.final.rename(self.path)
            if earlier.exists():
                earlier.rename(self.final)
            raise

    def _discard(self) -> None:
        """Remove the temporary folder, what was made only for it, and give up its lock."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None
        # A run that left nothing leaves no empty folder for results either; what others have put
        # there stays.
        for folder in self._made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        self._made = []
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _is_ours(self, error: OSError) -> bool:
        """Whether an error came from writing the run, not from reading something else."""
        names = [str(name) for name in (error.filename, error.filename2) if name is not None]
        return _number(error) in OUT_OF_ROOM or any(str(self.path) in name for name in names)

    def _write_failure(self, error: OSError) -> OutputError:
        return OutputError(
            f"{self.final}: the result could not be written: {reason(error)}; nothing is left of "
            "this run."
        )


def remove_stale(base: Path) -> list[Path]:
    """Remove the temporary folders of killed runs in `base` and return them.

    A run that is alive holds the lock in its folder; a kill gives the lock up.
    """
    removed = []
    for folder in base.glob(f".*{PARTIAL}"):
        if folder.is_dir() and not folder.is_symlink() and not _is_alive(folder):
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


def reason(error: OSError) -> str:
    """Return the system's words for an error, in lower case and without its number."""
    number = _number(error)
    text = str(error) if number is None else os.strerror(number)
    return text[:1].lower() + text[1:].rstrip(".")


def _number(error: OSError) -> int | None:
    """The system's number of an error; polars writes it into the message instead."""
    told = re.search(r"\(os error (\d+)\)", str(error))
    return int(told.group(1)) if error.errno is None and told else error.errno


def _take_lock(file: Path) -> int:
    handle = os.open(file, os.O_CREAT | os.O_RDWR)
    if fcntl is not None:
        fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _is_alive(folder: Path) -> bool:
    """Whether a process still works in `folder`; without file locks it is taken to."""
    if fcntl is None:
        return True
    try:
        handle = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        # A run that starts this very moment has its folder, but no lock in it yet.
        return time.time() - folder.stat().st_mtime < SECONDS_TO_LOCK
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
