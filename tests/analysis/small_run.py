"""Tiny tables, written by hand, in which every count can be checked on one's fingers."""

import numpy as np
import shapely

from mantlet.tables import (
    Alerts,
    Impacts,
    Outcomes,
    States,
    Threats,
    Tracks,
    Zones,
)
from mantlet.world.earth import ecef_from_degrees

LAT, LON = -30.0, -120.0
STEP_DEG = 0.02
"""Zones are squares of this size side by side, eastwards from (LAT, LON)."""


def words(*texts):
    return np.array(texts, dtype=object)


def square_zones(count=3, shelter_s=30.0):
    west = LON + STEP_DEG * np.arange(count)
    boxes = shapely.box(west, LAT, west + STEP_DEG, LAT + STEP_DEG)
    return Zones(
        zone_id=np.arange(10, 10 + count),
        name=words(*(f"zone {k}" for k in range(count))),
        names=words(*(["{}"] * count)),
        lat_deg=np.full(count, LAT + STEP_DEG / 2),
        lon_deg=west + STEP_DEG / 2,
        polygon=words(*shapely.to_wkb(boxes)),
        population=np.full(count, 1000.0),
        shelter_time_s=np.full(count, shelter_s),
    )


def centre(zone):
    """Latitude and longitude of a zone's centre; zone -1 is open ground, 10 km south."""
    if zone < 0:
        return LAT - 0.1, LON
    return LAT + STEP_DEG / 2, LON + STEP_DEG * (zone + 0.5)


def threats(falls, parents=None):
    """Threats from (zone, launch time, impact time); parent ids for debris."""
    n = len(falls)
    lat, lon = np.array([centre(zone) for zone, _, _ in falls]).reshape(-1, 2).T
    parent = np.full(n, -1) if parents is None else np.array(parents)
    return Threats(
        threat_id=np.arange(n),
        parent_id=parent,
        class_id=words(*(["rocket-20"] * n)),
        raid_id=np.zeros(n, np.int64),
        launch_time_s=np.array([launch for _, launch, _ in falls], float),
        launch_lat_deg=np.full(n, LAT + 0.1),
        launch_lon_deg=np.full(n, LON + 0.3),
        impact_time_s=np.array([impact for _, _, impact in falls], float),
        impact_lat_deg=lat,
        impact_lon_deg=lon,
        apogee_m=np.full(n, 5000.0),
        kind=np.where(parent < 0, words("rocket"), words("debris")),
    )


def outcomes(of, fates, ends=None, shots=None):
    """One fate per threat; zones of hits follow from where they fell."""
    n = len(of)
    zone = np.rint((of.impact_lon_deg - LON) / STEP_DEG - 0.5).astype(np.int64) + 10
    fate = words(*fates)
    return Outcomes(
        threat_id=np.arange(n),
        fate=fate,
        zone_id=np.where(fate == "hit zone", zone, -1),
        shot_id=np.full(n, -1) if shots is None else np.array(shots),
        time_s=of.impact_time_s if ends is None else np.array(ends, float),
    )


def alerts(*rows):
    """Messages from (alert id, kind, zone, time)."""
    n = len(rows)
    time_s = np.array([row[3] for row in rows], float)
    return Alerts(
        alert_id=np.array([row[0] for row in rows], np.int64),
        message_id=np.arange(n),
        kind=words(*(row[1] for row in rows)),
        zone_id=np.array([row[2] + 10 for row in rows], np.int64),
        time_s=time_s,
        impact_time_s=time_s + 30,
        lead_s=np.full(n, 27.0),
        probability=np.full(n, 0.5),
        track_ids=np.zeros((n, 1), np.int64),
    )


def position(zone, height_m=3000.0):
    return ecef_from_degrees(*centre(zone), height_m)[0]


def states(rows):
    """True states from (threat, time, position)."""
    where = np.array([row[2] for row in rows]).reshape(-1, 3)
    return States(
        threat_id=np.array([row[0] for row in rows], np.int64),
        time_s=np.array([row[1] for row in rows], float),
        position_m=where,
        velocity_mps=np.zeros_like(where),
    )


def tracks(rows):
    """Reports from (track, time, position[, status])."""
    n = len(rows)
    state = np.zeros((n, 7))
    state[:, :3] = np.array([row[2] for row in rows]).reshape(-1, 3)
    return Tracks(
        track_id=np.array([row[0] for row in rows], np.int64),
        time_s=np.array([row[1] for row in rows], float),
        status=words(*(row[3] if len(row) > 3 else "confirmed" for row in rows)),
        state=state,
        covariance=np.zeros((n, 28)),
        last_plot_id=np.zeros(n, np.int64),
        log_likelihood=np.zeros(n),
    )


def impacts(rows):
    """Predictions from (track, time, impact time, lat, lon)."""
    n = len(rows)
    column = [np.array([row[k] for row in rows], float) for k in range(5)]
    return Impacts(
        track_id=column[0].astype(np.int64),
        time_s=column[1],
        impact_time_s=column[2],
        impact_time_sigma_s=np.ones(n),
        lat_deg=column[3],
        lon_deg=column[4],
        covariance_m2=np.ones((n, 3)),
        status=words(*(["landed"] * n)),
    )
