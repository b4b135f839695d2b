"""A validation computed anew from its record, for `millworks verify`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from millworks_calibration.files import write_results
from millworks_calibration.validation import Progress, validate

if TYPE_CHECKING:
    from millworks.study.verify import Record


def repeat_validate(record: Record, folder: Path, progress: Progress) -> None:
    """Write the tables of `millworks validate` again into an empty folder."""
    from millworks.conf.schema import ValidateConfig

    config = record.config
    assert isinstance(config, ValidateConfig)
    write_results(folder, validate(config, os.cpu_count() or 1, progress))
