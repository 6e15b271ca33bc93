"""The smoother beside the filter on a bench scene: `python benchmarks/smoother.py [CASE]`.

Errors of the same tracks at the instants of their plots, and NEES over its degrees of freedom
(position and velocity: 6). CASE is a scene of `mantlet bench` (default `dense`, seed 1). Both take
the air as standard: of wind and of thicker air nobody tells them here.
"""

import sys

import numpy as np

from mantlet.analysis.bench.cases import CASES
from mantlet.analysis.bench.running import run_tracker
from mantlet.analysis.measures import covariances, errors, nees, pair
from mantlet.tables import Plots
from mantlet.tracking.smoother import smooth_tracks
from mantlet.tracking.tracker import Tracker
from mantlet.world.air import STANDARD_AIR


def main(case: str = "dense") -> None:
    scene = CASES[case].make(1)
    tracks = run_tracker(lambda radars, _: Tracker(radars, STANDARD_AIR), scene).tracks
    plots = Plots.concat([scan for scan in scene.plots if scan is not None])
    smoothed = smooth_tracks(tracks, plots, scene.radars, STANDARD_AIR)
    instants = set(zip(smoothed.track_id.tolist(), smoothed.time_s.tolist(), strict=True))
    there = zip(tracks.track_id.tolist(), tracks.time_s.tolist(), strict=True)
    filtered = tracks.take(np.array([at in instants for at in there]))
    for name, some in (("filtered", filtered), ("smoothed", smoothed)):
        pairs = pair(some, scene.truth)
        found, squares = errors(pairs), nees(pairs, covariances(some))
        print(
            f"{case} {name}: position RMS {found.position_rms_m:.1f} m, velocity RMS "
            f"{found.velocity_rms_mps:.1f} m/s, NEES {np.nanmean(squares) / 6.0:.2f}, "
            f"{len(pairs)} rows"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
