"""Nobody tells the tracker of the wind: the first flights do, and the next are not lied about."""

import numpy as np

from mantlet.kernels.untold import untold_share
from mantlet.tracking.tracker import Tracker
from mantlet.world.air import STANDARD_AIR, Air

WIND = Air(wind=((0.0, 10.0, 0.0), (12_000.0, 10.0, 0.0)))


def shares(flights, eye, air, **drag):
    """Share of the rough model by all tracks, second by second, and the state at the end."""
    sky = flights(40, seed=2, spread_s=40.0, air=air, **drag)
    radar = eye(seed=4, sigma_azimuth_rad=0.0015, sigma_elevation_rad=0.0015)
    tracker = Tracker((radar.figures,))
    state, found = tracker.start(), []
    for k in range(75):
        plots, _ = radar.look(sky.states(sky.alive(k), float(k))[:, :3], float(k))
        state = tracker.step(state, plots, 0, float(k))
        found.append(untold_share(state.tracks.rows))
    return np.array(found), state


def test_all_tracks_together_find_out_that_there_is_wind(flights, eye):
    windy, state = shares(flights, eye, WIND)
    assert windy[5] < 0.01
    assert windy[60:].min() > 0.5
    assert state.copy().tracks.verdict.tolist() == state.tracks.verdict.tolist()


def test_where_the_air_is_as_told_nothing_is_made_of_it(flights, eye):
    # Drag as the priors have it: who is told wrong of that is rightly unsure of more.
    still, _ = shares(flights, eye, STANDARD_AIR, beta=(3_500.0, 6_500.0))
    assert still.max() < 0.02
