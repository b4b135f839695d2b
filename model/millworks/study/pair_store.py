"""Finished arms on disk, so that a study that is stopped or killed goes on where it was.

Every arm of every seed writes a file of its own the moment it ends, under a hidden folder beside
the run's final place, and so does every seed's world at the end of its burn-in, for as long as arms
of that seed are missing. The name of the folder is that of the run, which is made from its settings
and the version of millworks; inside, the hash of the source is kept too. Arms of other rules are
thrown away, never mixed in. The folder goes when the run's own folder stands.
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from millworks.errors import InputError, MillworksError, OutputError
from millworks.study.checkpoint import read_state, write_state
from millworks.study.run_figures import ArmRecord
from millworks.study.run_record import source_sha256
from millworks.study.store import reason

if TYPE_CHECKING:
    from millworks.study.arms import ArmRun

try:
    import fcntl
except ImportError:  # a system without file locks cannot tell that another process is at it
    fcntl = None  # type: ignore[assignment]

PAIRS, EXTRA = ".pairs", "extra: "
GUARD, PROGRESS, LOCK = "rules.sha256", "weeks", "lock"
BURN_IN = "burn-in"


class Interrupted(MillworksError):
    """A study was stopped by the user; the message says what is kept and how to go on."""

    exit_code = 130


class PairStore:
    """The finished arms of the run `name` in `base`, one file each.

    `planned`: how many there will be, for the sentence that tells how far a stopped study was.

    Use it as a context: inside, no other process may work on the same run (InputError). On the way
    out an interruption becomes `Interrupted` with its sentence; `discard` removes everything.

    It can be sent to another process, which may `keep` and `tick`.
    """

    def __init__(self, base: Path, name: str) -> None:
        self.base = base
        self.folder = base / f".{name}{PAIRS}"
        self.planned = 0
        self._world = ""
        self._lock: int | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_lock": None}

    def __enter__(self) -> PairStore:
        made = [folder for folder in (self.base, *self.base.parents) if not folder.exists()]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            self._check_guard()
            (self.folder / PROGRESS).write_bytes(b"")
        except OSError as error:
            for folder in (self.folder, *made):
                with contextlib.suppress(OSError):
                    folder.rmdir()
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
        kept = len(self)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        if error is not None and kept == 0:
            self.discard()
        if isinstance(error, KeyboardInterrupt):
            raise Interrupted(self._sentence(kept)) from None

    def _sentence(self, kept: int) -> str:
        if kept == 0:
            return "stopped before the first run was finished; nothing is kept."
        of = f" of {self.planned}" if self.planned >= kept else ""
        runs = "run is" if kept == 1 and not of else "runs are"
        return (
            f"stopped; {kept}{of} {runs} kept in {self.folder}, and the same command goes on "
            "from there."
        )

    def of_world(self, label: str) -> PairStore:
        """Return the same store for another world of the same study, whose files are told apart."""
        other = copy.copy(self)
        other._world, other._lock = f"{label}-", None
        return other

    def __len__(self) -> int:
        """Number of finished arms of all seeds and worlds."""
        return len(list(self.folder.glob("*seed-*.npz")))

    def has(self, seed: int, key: str) -> bool:
        """Whether an arm is kept."""
        return self._file(seed, key).exists()

    def read(self, seed: int, key: str) -> ArmRun | None:
        """Return an arm of a seed, None if it is not there or was cut off in the writing."""
        from millworks.study.arms import ArmRun

        try:
            with np.load(self._file(seed, key), allow_pickle=False) as content:
                facts = json.loads(str(content["facts"]))
                around = content["around"] if facts.pop("ring") else None
                record = ArmRecord(content["periods"], content["paths"])
                followed = [name for name in content.files if name.startswith(EXTRA)]
                extra = {name.removeprefix(EXTRA): content[name] for name in followed}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        return ArmRun(record=record, around=around, extra=extra, **facts)

    def keep(self, seed: int, key: str, run: ArmRun) -> None:
        """Write an arm of a seed: whole, or not at all."""
        facts = {
            "ring": run.around is not None,
            "counts": run.counts,
            "scale": run.scale,
            "residual": run.residual,
        }
        arrays: dict[str, Any] = {"periods": run.record.periods, "paths": run.record.paths}
        if run.around is not None:
            arrays["around"] = run.around
        arrays |= {f"{EXTRA}{name}": values for name, values in run.extra.items()}
        try:
            handle, name = tempfile.mkstemp(dir=self.folder, prefix="part-")
            with os.fdopen(handle, "wb") as file:
                np.savez_compressed(file, facts=np.array(json.dumps(facts)), **arrays)
            os.replace(name, self._file(seed, key))
        except OSError as error:
            raise OutputError(
                f"{self.folder}: a finished run could not be kept: {reason(error)}."
            ) from None

    def has_start(self, seed: int) -> bool:
        """Whether the world of a seed at the end of its burn-in is kept."""
        return self._start(seed).exists()

    def read_start(self, seed: int) -> dict[str, Any] | None:
        """Return the state of a seed's world at the end of its burn-in, None if it is not there."""
        return read_state(self._start(seed))

    def keep_start(self, seed: int, state: Mapping[str, Any]) -> None:
        """Write the state of a seed's world at the end of its burn-in; a full disk is no harm."""
        with contextlib.suppress(OSError):
            write_state(self._start(seed), state)

    def forget_start(self, seed: int) -> None:
        """Remove the world of a seed, once all its arms are there."""
        self._start(seed).unlink(missing_ok=True)
        self._start(seed).with_suffix(f".{LOCK}").unlink(missing_ok=True)

    @contextmanager
    def only_one(self, seed: int) -> Iterator[None]:
        """Let one process at a time work on the burn-in of a seed."""
        if fcntl is None:
            yield
            return
        with self._start(seed).with_suffix(f".{LOCK}").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def tick(self, weeks: int) -> None:
        """Note that some process has passed so many more weeks (at most 255)."""
        # One byte, added at the end in one go, is never torn between processes.
        with contextlib.suppress(OSError), (self.folder / PROGRESS).open("ab") as file:
            file.write(bytes([weeks]))

    def weeks_passed(self) -> int:
        """Return how many weeks all processes have passed since this context was entered."""
        with contextlib.suppress(OSError):
            return sum((self.folder / PROGRESS).read_bytes())
        return 0

    def discard(self) -> None:
        """Remove what is kept, and the folder it is in."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _file(self, seed: int, key: str) -> Path:
        return self.folder / f"{self._world}seed-{seed}-{key}.npz"

    def _start(self, seed: int) -> Path:
        return self.folder / f"{self._world}{BURN_IN}-{seed}.npz"

    def _check_guard(self) -> None:
        """Throw away what other rules left, and half-written files of killed processes."""
        guard, rules = self.folder / GUARD, source_sha256()
        if guard.exists() and guard.read_text(encoding="utf-8") != rules:
            for file in self.folder.glob("*.npz"):
                file.unlink()
        for file in self.folder.glob("part-*"):
            file.unlink()
        guard.write_text(rules, encoding="utf-8")

    def _take_lock(self) -> None:
        handle = os.open(self.folder / LOCK, os.O_CREAT | os.O_RDWR)
        self._lock = handle
        if fcntl is None:
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            self._lock = None
            raise InputError(
                f"{self.folder}: the same run is under way in another process; wait for it, or "
                "name another --out."
            ) from None
