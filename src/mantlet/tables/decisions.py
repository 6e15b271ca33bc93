"""What the defence knows and does: plots in, tracks, predictions, alerts and shots out."""

from dataclasses import dataclass

import numpy as np

from mantlet.tables.base import Array, Table, column


@dataclass(frozen=True)
class Plots(Table):
    """Radar detections, in the order they reach the tracker."""

    plot_id: Array = column("identity, in file order", dtype=np.int64)
    radar_id: Array = column("which radar", dtype=str)
    scan: Array = column("scan number of that radar since the epoch", dtype=np.int64)
    time_s: Array = column("measurement time, scenario clock", "s")
    range_m: Array = column("slant range", "m")
    azimuth_rad: Array = column("clockwise from true north, at the radar", "rad")
    elevation_rad: Array = column("above the radar's local horizontal", "rad")
    range_rate_mps: Array = column("range rate, positive away; NaN if none", "m/s")
    snr_db: Array = column("signal to noise ratio", "dB")
    arrival_s: Array = column(
        "when it reached the tracker, if after its scan; without the column or NaN: with its scan",
        "s",
        optional=True,
    )


@dataclass(frozen=True)
class Tracks(Table):
    """Estimated states, one row per reported track and decision time."""

    track_id: Array = column("stable for the life of the track", dtype=np.int64)
    time_s: Array = column("when the state holds, scenario clock", "s")
    status: Array = column("tentative, confirmed, coasting or closed", dtype=str)
    state: Array = column(
        "ECEF position, velocity, natural log of the ballistic coefficient in kg/m2",
        "m, m/s, 1",
        (7,),
    )
    covariance: Array = column("of state: upper triangle, row by row", "products", (28,))
    last_plot_id: Array = column("latest plot used", dtype=np.int64)
    log_likelihood: Array = column("accumulated log likelihood ratio against clutter", "1")


@dataclass(frozen=True)
class Impacts(Table):
    """Where and when each track is predicted to land, and how sure that is."""

    track_id: Array = column("whose impact", dtype=np.int64)
    time_s: Array = column("when the prediction was made", "s")
    impact_time_s: Array = column("predicted time of impact", "s")
    impact_time_sigma_s: Array = column("standard deviation of that time", "s")
    lat_deg: Array = column("predicted latitude, WGS-84", "deg")
    lon_deg: Array = column("predicted longitude, WGS-84", "deg")
    covariance_m2: Array = column("of the point: east-east, east-north, north-north", "m2", (3,))
    status: Array = column("landed, aloft (no landing found) or invalid", dtype=str)


@dataclass(frozen=True)
class Zones(Table):
    """Places with people in them, and the seconds they need to reach shelter."""

    zone_id: Array = column("identity", dtype=np.int64)
    name: Array = column("name to show", dtype=str)
    names: Array = column("names by language, JSON object", dtype=str)
    lat_deg: Array = column("latitude of the centre", "deg")
    lon_deg: Array = column("longitude of the centre", "deg")
    polygon: Array = column("outline, WKB polygon, lon/lat degrees", dtype=bytes)
    population: Array = column("residents", "persons")
    shelter_time_s: Array = column("seconds needed to reach shelter", "s")


@dataclass(frozen=True)
class Alerts(Table):
    """Messages to zones. Every one is an Exercise."""

    alert_id: Array = column("the alert a message belongs to", dtype=np.int64)
    message_id: Array = column("identity of the message", dtype=np.int64)
    kind: Array = column("alert, update, cancel or all-clear", dtype=str)
    zone_id: Array = column("zone addressed", dtype=np.int64)
    time_s: Array = column("when decided", "s")
    impact_time_s: Array = column("earliest predicted impact the message is about", "s")
    lead_s: Array = column("seconds from the message to that impact", "s")
    probability: Array = column("predicted probability of impact in the zone", "1")
    track_ids: Array = column("tracks it rests on", shape=(-1,), dtype=np.int64, ragged=True)


@dataclass(frozen=True)
class Shots(Table):
    """Simulated interceptors sent to a point a track is predicted to pass."""

    shot_id: Array = column("identity", dtype=np.int64)
    battery_id: Array = column("whose magazine", dtype=str)
    track_id: Array = column("at which track", dtype=np.int64)
    decision_time_s: Array = column("when decided", "s")
    launch_time_s: Array = column("when it leaves", "s")
    intercept_time_s: Array = column("when it reaches the point", "s")
    aim_lat_deg: Array = column("predicted point, latitude", "deg")
    aim_lon_deg: Array = column("predicted point, longitude", "deg")
    aim_height_m: Array = column("predicted point, ellipsoid height", "m")
    kill_probability: Array = column("assumed by the planner", "1")
    wave: Array = column("0 first shot at the track, 1 second, ...", dtype=np.int64)


@dataclass(frozen=True)
class Assessments(Table):
    """Kill observations as the defence receives them: possibly wrong."""

    shot_id: Array = column("which shot", dtype=np.int64)
    time_s: Array = column("when the observation arrives", "s")
    observed: Array = column("hit, miss or unknown", dtype=str)


@dataclass(frozen=True)
class Decisions(Table):
    """Why each track was or was not alerted or engaged: one row whenever the verdict changes."""

    time_s: Array = column("when", "s")
    track_id: Array = column("about which track", dtype=np.int64)
    stage: Array = column("warning or engagement", dtype=str)
    verdict: Array = column("short code of the verdict", dtype=str)
    zone_id: Array = column("zone that mattered most, -1 if none", dtype=np.int64)
    battery_id: Array = column("battery concerned, empty if none", dtype=str)
    shot_id: Array = column("shot fired, -1 if none", dtype=np.int64)
    probability: Array = column("probability the verdict rests on", "1")
    threshold: Array = column("threshold it was held against; NaN if none", "1")
