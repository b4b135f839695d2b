"""Whether a finished run can be repeated: its files against its manifest and against a rerun.

A manifest records the settings, every parameter, the seeds and a hash of each file. Verifying a
run takes three contents of each file and asks whether they are one: the hash *recorded* in the
manifest, the file *found* in the folder, and, for the tables, the file that the *repeated* run
writes. Charts and page are drawn from the tables; they are compared with the record only.

A kind of study joins by one line in `STUDIES`: the command that wrote the manifest, and the
function `(record, folder, progress) -> None` that writes the same tables into an empty folder. The
settings are read with the schema of that command (`millworks.conf.schemas.SCHEMAS`). A study that
lives in another package is named by its module all the same; it is imported only when needed.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import millworks
from millworks.economy.embedded import data_bytes, data_names
from millworks.errors import InputError, OutputError, nearest
from millworks.parameters import register
from millworks.study.run_record import SCHEMA_VERSION, seeds_of, source_sha256, versions
from millworks.study.store import LATEST, reason
from millworks.study.studies import WHERE

if TYPE_CHECKING:
    from millworks.conf.schema import DistrictConfig

MANIFEST = "manifest.json"
RESULTS = "results.csv"

STUDIES: dict[str, str] = {
    "multiplier": "millworks.study.verify:repeat_multiplier",
    "run": "millworks.study.verify:repeat_run",
    "sweep": "millworks.study.sweep:repeat_sweep",
    "validate": "millworks_calibration.repeat:repeat_validate",
    **dict.fromkeys(WHERE, "millworks.study.studies:repeat_study"),
}
"""Command that wrote a manifest -> `module:function` that writes its tables again."""

SETTINGS_OF = {"sweep": "run"}
"""Command -> the command whose schema its settings have, where that is not its own."""

NEEDED: dict[str, type] = {
    "command": str,
    "scenario": str,
    "config": dict,
    "parameters": dict,
    "seeds": list,
    "versions": dict,
    "data_sha256": dict,
    "files_sha256": dict,
}
"""Entries of a manifest without which a run cannot be repeated -> their type."""

Progress = Callable[[int, int, str], None]
Repeat = Callable[["Record", Path, Progress], None]


@dataclass(frozen=True)
class Record:
    """What a manifest says of a run, checked: all it takes to repeat it.

    `config` holds every parameter explicitly, so that a default changed since has no effect;
    `files`: name -> SHA-256; `notes`: what has changed around the run since, each a sentence;
    `varied`: key and values of a sweep.
    """

    folder: Path
    command: str
    scenario: str
    config: DistrictConfig
    files: Mapping[str, str]
    notes: tuple[str, ...]
    varied: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """One file that is not what it should be, and in which way."""

    file: str
    what: str


@dataclass(frozen=True)
class Verdict:
    """The outcome: files that differ, how many were written again, how many were compared."""

    differences: tuple[Difference, ...]
    repeated: int
    compared: int


def find_run(word: str, base: Path) -> Path:
    """Return the folder of a run: a path, `latest` or a name in `base`.

    Raises InputError with the nearest name if there is no such folder, or no manifest in it.
    """
    for folder in (Path(word), base / word):
        if (folder / MANIFEST).is_file():
            return folder.resolve()
    for folder in (Path(word), base / word):
        if folder.is_dir():
            raise InputError(f"{folder}: there is no {MANIFEST} in it; it is not a run's folder.")
    if word == LATEST:
        raise InputError(f"{base / LATEST}: there is no run in {base} yet.")
    runs = [file.parent.name for file in base.glob(f"*/{MANIFEST}")]
    raise InputError(f"{word}: there is no such run here or in {base}.{nearest(word, runs)}")


def read_record(folder: Path) -> Record:
    """Return what the manifest in `folder` says.

    Raises InputError for a manifest that cannot be read, that another version of the format or of
    millworks wrote, or whose data or parameters are not those of this installation.
    """
    file = folder / MANIFEST
    manifest = _read(file)
    command = manifest["command"]
    if command not in STUDIES:
        close = nearest(command, STUDIES)
        raise InputError(f"{file}: runs of {command!r} cannot be repeated.{close}")
    _check_versions(file, manifest)
    _check_parameters(file, manifest["parameters"])
    config = _config(file, manifest)
    if manifest["seeds"] != seeds_of(config, len(manifest["seeds"])):
        raise InputError(
            f"{file}: seeds is {manifest['seeds']}, but config.seed is {config.seed}; "
            "the manifest was changed after the run."
        )
    return Record(
        folder=folder,
        command=command,
        scenario=manifest["scenario"],
        config=config,
        files=manifest["files_sha256"],
        notes=tuple(_notes(manifest)),
        varied=manifest.get("varied") or {},
    )


def verify(record: Record, progress: Progress) -> Verdict:
    """Repeat a run in a temporary folder and compare every file of the record, by SHA-256."""
    module, _, function = STUDIES[record.command].partition(":")
    repeat: Repeat = getattr(importlib.import_module(module), function)
    with tempfile.TemporaryDirectory(prefix="millworks-verify-") as temporary:
        try:
            repeat(record, Path(temporary), progress)
            repeated = _hashes(Path(temporary))
        except OSError as error:
            raise OutputError(
                f"{record.folder.name}: it could not be repeated: {reason(error)}; nothing is "
                "left of the attempt."
            ) from None
    differences = []
    for name in sorted(set(record.files) | set(repeated)):
        what = _difference(record.files.get(name), _hash(record.folder / name), repeated.get(name))
        if what:
            differences.append(Difference(name, what))
    return Verdict(tuple(differences), len(repeated), len(record.files))


def repeat_multiplier(record: Record, folder: Path, progress: Progress) -> None:
    """Write the tables of `millworks multiplier` again, with frictions or without."""
    from millworks.conf.schema import MultiplierConfig
    from millworks.study import friction_files, friction_multiplier, linear_multiplier
    from millworks.study.run_record import write_results
    from millworks.study.workers import cores

    config = record.config
    assert isinstance(config, MultiplierConfig)
    if config.mode is not None:
        result = friction_multiplier.run(config, cores(), progress)
        friction_files.write_results(folder, record.scenario, result)
        return
    if config.sector == "all":
        results = linear_multiplier.run_all(config, progress)
    else:
        results = [linear_multiplier.run(config, progress)]
    write_results(folder, record.scenario, results)


def repeat_run(record: Record, folder: Path, progress: Progress) -> None:
    """Write the tables of `millworks run` again; pairs that another run kept are not looked at."""
    from millworks.conf.schema import RunConfig
    from millworks.study.pair_store import PairStore
    from millworks.study.run_assembly import results_of
    from millworks.study.run_files import write_results
    from millworks.study.run_study import run_scenarios
    from millworks.study.workers import cores

    config = record.config
    assert isinstance(config, RunConfig)
    with (
        tempfile.TemporaryDirectory(prefix="millworks-verify-") as temporary,
        PairStore(Path(temporary), "run") as store,
    ):
        outcome = run_scenarios([config], store, cores(), progress)
        write_results(folder, record.scenario, results_of(outcome)[0])


def _difference(recorded: str | None, found: str | None, repeated: str | None) -> str:
    """What is wrong with a file, by the hashes of its three contents; '' where nothing is.

    `recorded` is None for a file the manifest does not list, `found` for one that is missing,
    `repeated` for one that is not written again.
    """
    if recorded is None:
        return "the run, repeated, writes it, but the manifest does not list it"
    if found is None:
        return "it is missing"
    if found == recorded:
        return "" if repeated in (None, recorded) else "the run, repeated, gives another content"
    if repeated is None:
        return "it was changed after the run"
    if repeated == recorded:
        return "it was changed after the run; the run, repeated, gives what the manifest records"
    if repeated == found:
        return "it is what the run, repeated, gives, but not what the manifest records"
    return "it was changed after the run, and the run, repeated, gives a third content"


def _read(file: Path) -> dict[str, Any]:
    """The manifest as a mapping that has this version's format and every needed entry."""
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file}: it cannot be read: {reason(error)}.") from None
    except ValueError:
        raise InputError(f"{file}: it is not JSON; the file was damaged after the run.") from None
    version = manifest.get("schema_version") if isinstance(manifest, dict) else None
    if version != SCHEMA_VERSION:
        raise InputError(
            f"{file}: its schema_version is {json.dumps(version)}; "
            f"this version of millworks verifies {SCHEMA_VERSION}."
        )
    for key, kind in NEEDED.items():
        if not isinstance(manifest.get(key), kind):
            raise InputError(f"{file}: {key} is missing or not a {kind.__name__}.")
    listed = manifest["files_sha256"].get(RESULTS)
    if manifest.get("results_sha256") != listed:
        raise InputError(
            f"{file}: results_sha256 is not the hash it lists for {RESULTS}; "
            "the manifest was changed after the run."
        )
    return manifest


def _check_versions(file: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a run of another version of millworks or of other data: it cannot be the same."""
    version = manifest["versions"].get("millworks")
    if version != millworks.__version__:
        raise InputError(
            f"{file}: the run is of millworks {version}, this is {millworks.__version__}; "
            "install that version, or make the run again."
        )
    here = {name: hashlib.sha256(data_bytes(name)).hexdigest() for name in data_names()}
    recorded = manifest["data_sha256"]
    others = sorted(
        name for name in set(here) | set(recorded) if here.get(name) != recorded.get(name)
    )
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise InputError(
            f"{file}: the run used other data than this installation has: {others[0]}{more}."
        )


def _check_parameters(file: Path, recorded: Mapping[str, Any]) -> None:
    """Refuse a register with other parameters; their values are checked with the settings."""
    others = sorted(set(register()) ^ set(recorded))
    if others:
        where = "the register" if others[0] in register() else "the manifest"
        raise InputError(
            f"{file}: parameter {others[0]!r} is only in {where}; "
            "the run is of another version of the model."
        )


def _config(file: Path, manifest: Mapping[str, Any]) -> DistrictConfig:
    """The settings of the run with every parameter as recorded."""
    from pydantic import ValidationError

    from millworks.conf.schemas import SCHEMAS

    recorded = {**manifest["config"]}
    world = recorded.get("world")
    if not isinstance(world, dict):
        raise InputError(f"{file}: config.world is missing.")
    parameters = {
        key: register()[key].check(value, str(file))
        for key, value in manifest["parameters"].items()
    }
    for key, value in (world.get("parameters") or {}).items():
        if parameters.get(key) != value:
            raise InputError(
                f"{file}: parameter {key} is {value} in config.world and "
                f"{parameters.get(key)} in parameters; the manifest was changed after the run."
            )
    recorded["world"] = {**world, "parameters": parameters}
    try:
        command = manifest["command"]
        schema = SCHEMAS[SETTINGS_OF.get(command, command)]
        return schema.model_validate_json(json.dumps(recorded))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        message = first["msg"][:1].lower() + first["msg"][1:]
        raise InputError(f"{file}: config.{key}: {message}.") from None


def _notes(manifest: Mapping[str, Any]) -> list[str]:
    """What surrounds the run and has changed since; each may explain a difference."""
    now = versions()
    notes = [
        f"{name} was {then} and is {now.get(name, 'not installed')}"
        for name, then in manifest["versions"].items()
        if now.get(name) != then
    ]
    if manifest.get("source_sha256") not in (None, source_sha256()):
        notes.append(f"the source of millworks {millworks.__version__} has changed since the run")
    return notes


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def _hash(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None
