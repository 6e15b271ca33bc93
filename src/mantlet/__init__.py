"""Mantlet: an open model of a short-range rocket and shell defence, for protection and analysis.

From Python::

    import mantlet as mt
    run = mt.run(mt.load_scenario("tutorial"), seed=1)
    run.summary["intercepted"], run.tracks.to_pandas()

    plots = mt.read_plots("mine.csv")
    tracked = mt.track(plots, mt.load_radars("radars.yaml"))

    seen = mt.coverage(mt.load_scenario("tutorial"), height_m=1_000)
    seen.times.warning_s, seen.geojson()
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from mantlet.analysis.coverage import coverage
    from mantlet.runs.plot_sources import load_radars, read_plots
    from mantlet.runs.run import Run, run
    from mantlet.runs.tracking import track
    from mantlet.scenario.load import load_scenario

__all__ = [
    "Run",
    "__version__",
    "coverage",
    "load_radars",
    "load_scenario",
    "read_plots",
    "run",
    "track",
]

_HOMES = {
    "coverage": "mantlet.analysis.coverage",
    "Run": "mantlet.runs.run",
    "run": "mantlet.runs.run",
    "load_scenario": "mantlet.scenario.load",
    "load_radars": "mantlet.runs.plot_sources",
    "read_plots": "mantlet.runs.plot_sources",
    "track": "mantlet.runs.tracking",
}


def __getattr__(name: str) -> Any:
    """Import on first use: `mantlet --help` must not wait for the numerics."""
    if name not in _HOMES:
        raise AttributeError(f"module 'mantlet' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
