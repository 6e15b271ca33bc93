"""Where a run folder may go: never over anything that is not a run folder, and nothing else."""

import json
import os
from pathlib import Path

from mantlet.tables.errors import InputError

UNREPRODUCIBLE = "performance.json"
"""The one file of a run folder that differs between two equal runs."""

MANIFEST = "manifest.json"


def check_target(folder: Path) -> None:
    """Refuse a place that cannot be written, or that holds anything but an earlier run.

    Raises
    ------
    InputError
        Before any work is done, with what to do instead.
    """
    fix = "choose another place with --out"
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputError(f"{folder}: is not a folder\n    fix: {fix}")
    if folder.exists() and not _is_only_a_run(folder):
        raise InputError(
            f"{folder}: holds more than a run folder, so it is left alone\n    fix: {fix}"
        )
    parent = next(place for place in folder.absolute().parents if place.exists())
    if not (parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)):
        raise InputError(f"{folder}: nothing can be written in {parent}\n    fix: {fix}")


def _is_only_a_run(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()}
    if not names:
        return True
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = {*manifest["sha256"], MANIFEST, UNREPRODUCIBLE}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return "mantlet" in manifest and names <= known
