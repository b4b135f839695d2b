"""Runs that are there already: found by their name, which is made from their settings."""

from __future__ import annotations

import json
from pathlib import Path

from millworks.study.run_folder import Finished, Scenario, WriteReport, run_into_folders
from millworks.study.run_record import source_sha256
from millworks.study.run_study import Progress, shared_world
from millworks.study.verify import MANIFEST


def folders_of(
    scenarios: list[Scenario], out: Path, jobs: int, progress: Progress, write_report: WriteReport
) -> list[Path]:
    """Return the folder of each scenario's run in `out`, running those that are not there yet.

    A run of the same settings counts if the same source made it. Scenarios of one world are run
    together and share each seed's burn-in and equal arms.
    """
    found = {scenario.run_id: out / scenario.run_id for scenario in scenarios}
    missing = {s.run_id: s for s in scenarios if not _stands(found[s.run_id])}
    while missing:
        first = next(iter(missing.values()))
        group = [
            scenario
            for scenario in missing.values()
            if shared_world(scenario.config) == shared_world(first.config)
        ]
        done: list[Finished] = run_into_folders(group, out, jobs, progress, write_report)
        for finished in done:
            del missing[finished.scenario.run_id]
    return [found[scenario.run_id] for scenario in scenarios]


def _stands(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("source_sha256") == source_sha256()
