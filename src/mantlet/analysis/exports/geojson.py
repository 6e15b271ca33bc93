"""GeoJSON: a run as features for GIS, one collection (RFC 7946)."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mantlet.analysis.exports.saved import Progress, SavedRun
from mantlet.analysis.exports.scene import (
    TrackPath,
    alerts_of,
    ends_of,
    flyouts,
    impact_paths,
    track_paths,
)
from mantlet.ports.files import whole_file
from mantlet.tables import Zones

Feature = dict[str, Any]
Floats = NDArray[np.float64]


def write_geojson(run: SavedRun, out: Path, progress: Progress) -> dict[str, int]:
    """Write a FeatureCollection; returns how many features of each `kind` it holds.

    Every feature has `kind` and `exercise`. Tracks are lines with heights and, in `time_s`, the
    time of every vertex. Of a track's predicted impacts the last one is kept. Plots are left out.
    """
    counts: dict[str, int] = defaultdict(int)
    with whole_file(out) as temporary, temporary.open("w", encoding="utf-8") as file:
        head = json.dumps({"title": run.title, "epoch": run.moment(0.0)}, ensure_ascii=False)
        file.write(f'{{"type": "FeatureCollection", {head[1:-1]}, "features": [')
        for k, feature in enumerate(_features(run, progress)):
            kind = feature["properties"]["kind"]
            counts[kind] += 1
            text = json.dumps(feature, ensure_ascii=False, allow_nan=False)
            file.write(("\n" if k == 0 else ",\n") + text)
        file.write("\n]}\n")
    return dict(counts)


def _feature(kind: str, identity: str, geometry: Feature, **properties: Any) -> Feature:
    values = {"kind": kind, "exercise": True, **properties}
    return {
        "type": "Feature",
        "id": f"{kind.replace(' ', '-')}-{identity}",
        "geometry": geometry,
        "properties": values,
    }


def _point(lon: float, lat: float, height_m: float) -> Feature:
    place = [round(float(lon), 7), round(float(lat), 7), round(float(height_m), 1)]
    return {"type": "Point", "coordinates": place}


def _features(run: SavedRun, progress: Progress) -> Iterator[Feature]:
    yield from _zones(run)
    for radar in run.scenario.radars:
        at = _point(radar.site.lon_deg, radar.site.lat_deg, radar.site.height_m)
        yield _feature("radar", radar.id, at, name=radar.id, range_max_m=radar.range_max_m)
    for one in run.scenario.batteries:
        at = _point(one.site.lon_deg, one.site.lat_deg, one.site.height_m)
        yield _feature("battery", one.id, at, name=one.id, interceptors=one.interceptors)
    yield from (_track(run, path) for path in track_paths(run, progress))
    yield from _impacts(run, progress)
    yield from _shots(run)
    yield from _ends(run)


def _zones(run: SavedRun) -> Iterator[Feature]:
    zones = run.table(Zones)
    alerts = Counter(alert.zone_id for alert in alerts_of(run))
    for k in range(len(zones)):
        identity = int(zones.zone_id[k])
        shape = shapely.orient_polygons(shapely.from_wkb(zones.polygon[k]))
        yield _feature(
            "zone",
            str(identity),
            {"type": "Polygon", "coordinates": [_corners(ring) for ring in _rings(shape)]},
            name=str(zones.name[k]),
            names=json.loads(zones.names[k] or "{}"),
            population=float(zones.population[k]),
            shelter_time_s=float(zones.shelter_time_s[k]),
            exercise_alerts=alerts[identity],
        )


def _rings(shape: Any) -> list[Any]:
    return [shape.exterior, *shape.interiors]


def _corners(ring: Any) -> list[list[float]]:
    return [[float(x), float(y)] for x, y in shapely.get_coordinates(ring).tolist()]


def _track(run: SavedRun, path: TrackPath) -> Feature:
    points = np.column_stack(
        [np.round(path.lon_deg, 7), np.round(path.lat_deg, 7), np.round(path.height_m, 1)]
    )
    start, end = run.moments([path.time_s[0], path.time_s[-1]])
    return _feature(
        "track",
        str(path.track_id),
        _line(points),
        track_id=path.track_id,
        start=start,
        end=end,
        time_s=np.round(path.time_s, 3).tolist(),
    )


def _line(points: Floats) -> Feature:
    """A line; cut where it crosses the 180th meridian; a point where it has no length."""
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0].tolist()}
    parts: list[list[list[float]]] = [[points[0].tolist()]]
    for before, after in pairwise(points):
        if abs(after[0] - before[0]) > 180.0:
            edge, other = _crossing(before, after)
            parts[-1].append(edge)
            parts.append([other])
        parts[-1].append(after.tolist())
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


def _crossing(before: Floats, after: Floats) -> tuple[list[float], list[float]]:
    """The point of the 180th meridian between two points, as on either side of it."""
    side = 180.0 if before[0] > 0.0 else -180.0
    there = after + np.array([2.0 * side, 0.0, 0.0])
    share = (side - before[0]) / (there[0] - before[0])
    _, lat, height = (before + share * (there - before)).tolist()
    return [side, lat, height], [-side, lat, height]


def _impacts(run: SavedRun, progress: Progress) -> Iterator[Feature]:
    for path in impact_paths(run, progress):
        yield _feature(
            "predicted impact",
            str(path.track_id),
            _point(path.lon_deg[-1], path.lat_deg[-1], 0.0),
            track_id=path.track_id,
            predicted=run.moment(path.time_s[-1]),
            impact=run.moment(path.impact_time_s[-1]),
            semi_major_95_m=round(float(path.major_m[-1]), 1),
            semi_minor_95_m=round(float(path.minor_m[-1]), 1),
            turn_from_east_deg=round(float(np.degrees(path.turn_rad[-1]) % 180.0), 1),
        )


def _shots(run: SavedRun) -> Iterator[Feature]:
    for one in flyouts(run):
        points = np.round(np.column_stack([one.lon_deg, one.lat_deg, one.height_m]), 7)
        launch, intercept = run.moments(one.time_s)
        yield _feature(
            "interceptor",
            str(one.shot_id),
            _line(points),
            battery=one.battery_id,
            track_id=one.track_id,
            start=launch,
            end=intercept,
        )


def _ends(run: SavedRun) -> Iterator[Feature]:
    for one in ends_of(run):
        yield _feature(
            "end of flight",
            str(one.threat_id),
            _point(one.lon_deg, one.lat_deg, one.height_m),
            threat_class=one.class_id,
            fate=one.fate,
            time=run.moment(one.time_s),
        )
