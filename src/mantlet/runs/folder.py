"""The run folder: written under a temporary name and renamed, so one that exists is whole."""

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mantlet
from mantlet.analysis.replay import write_replay
from mantlet.analysis.report import write_report
from mantlet.kernels import SOURCES_HASH
from mantlet.ports.files import DiskFiles
from mantlet.ports.stopwatch import Stopwatch
from mantlet.runs.run import Run
from mantlet.runs.target import MANIFEST, UNREPRODUCIBLE, check_target
from mantlet.tables import SCHEMA_VERSION


def write_run(run: Run, folder: Path, watch: Stopwatch) -> dict[str, Any]:
    """Write the run folder of a finished run; nothing is left behind if that fails.

    An earlier run folder in that place is replaced; anything else there is an InputError.
    Returns what `performance.json` holds.
    """
    check_target(folder)
    with DiskFiles().whole_folder(folder, replace=True) as temporary:
        with watch.stage("tables to disk"):
            run.tables.write(temporary)
            _write(temporary / "scenario.yaml", run.scenario.resolved_yaml())
            for name, content in run.scenario.files.items():
                (temporary / name).write_bytes(content)
            _write_json(temporary / "summary.json", run.summary)
        with watch.stage("report"):
            write_report(run.tables, run.scenario, run.summary, run.seed, temporary / "report.html")
        with watch.stage("replay"):
            write_replay(run.tables, run.scenario, run.seed, temporary / "replay.html")
        _write_json(temporary / MANIFEST, _manifest(run, temporary))
        performance = watch.report()
        _write_json(temporary / UNREPRODUCIBLE, performance)
    return performance


def _manifest(run: Run, folder: Path) -> dict[str, Any]:
    return {
        "mantlet": mantlet.__version__,
        "schema": SCHEMA_VERSION,
        "scenario": run.scenario.name,
        "epoch": run.scenario.epoch.isoformat().replace("+00:00", "Z"),
        "seed": run.seed,
        "exercise": True,
        "kernels": SOURCES_HASH,
        "platform": {
            "machine": platform.machine(),
            "system": platform.system(),
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "numba", "pyarrow")},
        },
        "sha256": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.iterdir())
        },
    }


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_json(path: Path, content: dict[str, Any]) -> None:
    _write(path, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
