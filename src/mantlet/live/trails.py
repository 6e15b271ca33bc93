"""Where the tracks of a moment have been, for a page that has just jumped there."""

from typing import Any

import numpy as np

from mantlet.live.shows import Show

STEP_S = 2.0
"""Between two points of a trail; reports come each second."""


def trails(show: Show, time_s: float, seconds: float) -> dict[str, Any]:
    """Past places of every track reported at `time_s`, over so many seconds before.

    Returns
    -------
    dict
        `trails`: lists of [time_s, longitude_deg, latitude_deg, height_m] by track_id as text,
        oldest first.
    """
    tracks = show.recording["tracks"]
    tick = show.snapshots.tick_s(min(time_s, show.edge_s))
    if np.isnan(tick):
        return {"trails": {}}
    now = show.snapshots.rows_at("tracks", tick)
    first = int(np.searchsorted(tracks["clock_s"], tick - seconds))
    span = slice(first, now.stop)
    clock, whose = np.array(tracks["clock_s"][span]), np.array(tracks["track_id"][span])
    due = np.abs(np.remainder(tick - clock + 0.5 * STEP_S, STEP_S) - 0.5 * STEP_S) < 0.25 * STEP_S
    wanted = np.nonzero(due & np.isin(whose, tracks["track_id"][now]))[0]
    places = np.round(tracks["place"][span][wanted].astype(float), 6)
    points = np.column_stack([clock[wanted], places]).tolist()
    found: dict[str, list[list[float]]] = {}
    for track, point in zip(whose[wanted].tolist(), points, strict=True):
        found.setdefault(str(track), []).append(point)
    return {"trails": found}
