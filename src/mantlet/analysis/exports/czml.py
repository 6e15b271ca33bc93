"""CZML: a run on a globe, with its clock (Cesium and what reads its format).

Tracks are sampled Earth-fixed positions, predicted impacts ellipses of 95 % that move and shrink,
interceptors straight lines; zones change colour while they are alerted.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from mantlet.analysis.exports.saved import Progress, SavedRun
from mantlet.analysis.exports.scene import (
    Alert,
    End,
    Flyout,
    ImpactPath,
    TrackPath,
    alerts_of,
    ends_of,
    flyouts,
    impact_paths,
    track_paths,
)
from mantlet.ports.files import whole_file
from mantlet.tables import Zones

Packet = dict[str, Any]

# Okabe and Ito's colours: told apart also by those who see few of them.
CALM, ALERTED = [86, 180, 233, 40], [213, 94, 0, 130]
TRACK, IMPACT, SHOT = [230, 159, 0, 255], [204, 121, 167, 90], [0, 158, 115, 255]
RADAR, BATTERY = [0, 114, 178, 255], [0, 158, 115, 255]
ENDS = {"intercepted": [240, 228, 66, 255], "hit zone": [213, 94, 0, 255]}
ELSEWHERE = [150, 150, 150, 255]

TRAIL_S = 30.0
SHOWN_S = 20.0
"""How long the place where a flight ended stays marked."""


def write_czml(run: SavedRun, out: Path, progress: Progress) -> dict[str, int]:
    """Write a CZML document; returns how many of each thing it holds.

    The window's clock starts at its beginning, in a loop. Plots are left out.
    """
    counts: dict[str, int] = defaultdict(int)
    with whole_file(out) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write("[\n" + _line(_document(run)))
        for what, packet in _packets(run, progress):
            counts[what] += 1
            file.write(",\n" + _line(packet))
        file.write("\n]\n")
    return dict(counts)


def _line(packet: Packet) -> str:
    return json.dumps(packet, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _document(run: SavedRun) -> Packet:
    return {
        "id": "document",
        "version": "1.0",
        "name": run.title,
        "clock": {
            "interval": _span(run, run.start_s, run.end_s),
            "currentTime": run.moment(run.start_s),
            "multiplier": 1 if run.end_s - run.start_s < 3600.0 else 10,
            "range": "LOOP_STOP",
            "step": "SYSTEM_CLOCK_MULTIPLIER",
        },
    }


def _packets(run: SavedRun, progress: Progress) -> Iterator[tuple[str, Packet]]:
    yield from (("zones", packet) for packet in _zones(run))
    yield from (("radars", packet) for packet in _radars(run))
    yield from (("batteries", packet) for packet in _batteries(run))
    yield from (("tracks", _track(run, path)) for path in track_paths(run, progress))
    yield from (("impact ellipses", _impact(run, path)) for path in impact_paths(run, progress))
    yield from (("interceptors", _flyout(run, one)) for one in flyouts(run))
    yield from (("ends of flights", _end(run, one)) for one in ends_of(run))


def _span(run: SavedRun, start_s: float, end_s: float) -> str:
    return "/".join(run.moments([start_s, end_s]))


def _colour(rgba: list[int]) -> Packet:
    return {"solidColor": {"color": {"rgba": rgba}}}


def _zones(run: SavedRun) -> Iterator[Packet]:
    zones = run.table(Zones)
    alerts: dict[int, list[Alert]] = defaultdict(list)
    for alert in alerts_of(run):
        alerts[alert.zone_id].append(alert)
    for k in range(len(zones)):
        identity = int(zones.zone_id[k])
        ring = shapely.get_coordinates(shapely.from_wkb(zones.polygon[k]).exterior)[:-1]
        corners = np.hstack([ring, np.zeros((len(ring), 1))])
        yield {
            "id": f"zone-{identity}",
            "name": f"EXERCISE zone {zones.name[k]}",
            "description": _told(run, alerts[identity], zones, k),
            "position": {"cartographicDegrees": [zones.lon_deg[k], zones.lat_deg[k], 0.0]},
            "polygon": {
                "positions": {"cartographicDegrees": corners.ravel().tolist()},
                "height": 0,
                "material": {"solidColor": {"color": _alerted(run, alerts[identity])}},
                "outline": True,
                "outlineColor": {"rgba": [*CALM[:3], 255]},
            },
        }


def _told(run: SavedRun, alerts: list[Alert], zones: Zones, row: int) -> str:
    """Plain text: names come from files, and viewers read descriptions as HTML."""
    people = f"{zones.population[row]:,.0f} people, {zones.shelter_time_s[row]:g} s to shelter."
    lines = [f"EXERCISE alert {a.alert_id} from {run.moment(a.start_s)}." for a in alerts[:50]]
    return " ".join([people, f"{len(alerts)} exercise alerts.", *lines])


def _alerted(run: SavedRun, alerts: list[Alert]) -> Any:
    """The zone's colour over the window: intervals that meet, without gaps."""
    edges = [(run.start_s, CALM)]
    for start_s, end_s in _merged(alerts):
        edges += [(start_s, ALERTED), (end_s, CALM)]
    starts = [min(max(at, run.start_s), run.end_s) for at, _ in edges]
    spans = zip(starts, [*starts[1:], run.end_s], [rgba for _, rgba in edges], strict=True)
    return [
        {"interval": _span(run, start, end), "rgba": rgba} for start, end, rgba in spans
        if end > start or len(edges) == 1
    ]  # fmt: skip


def _merged(alerts: list[Alert]) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    for alert in sorted(alerts, key=lambda a: a.start_s):
        if spans and alert.start_s <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], alert.end_s))
        else:
            spans.append((alert.start_s, alert.end_s))
    return spans


def _radars(run: SavedRun) -> Iterator[Packet]:
    for radar in run.scenario.radars:
        yield _stand(f"radar-{radar.id}", f"Radar {radar.id}", radar.site, RADAR, radar.range_max_m)


def _batteries(run: SavedRun) -> Iterator[Packet]:
    for one in run.scenario.batteries:
        words = f"Battery {one.id} (simulated)"
        yield _stand(f"battery-{one.id}", words, one.site, BATTERY, one.envelope.range_max_m)


def _stand(identity: str, name: str, site: Any, rgba: list[int], range_m: float) -> Packet:
    return {
        "id": identity,
        "name": name,
        "position": {"cartographicDegrees": [site.lon_deg, site.lat_deg, site.height_m]},
        "point": {"pixelSize": 10, "color": {"rgba": rgba}},
        "label": {
            "text": name,
            "font": "12px sans-serif",
            "pixelOffset": {"cartesian2": [0, -16]},
        },
        "ellipse": {
            "semiMajorAxis": range_m,
            "semiMinorAxis": range_m,
            "height": 0,
            "fill": False,
            "outline": True,
            "outlineColor": {"rgba": [*rgba[:3], 160]},
        },
    }


def _samples(time_s: Any, values: Any, digits: int) -> list[float]:
    """Times and values in turn, as CZML has them."""
    table = np.column_stack([np.round(time_s, 3), np.round(values, digits)])
    return [float(v) for v in table.ravel().tolist()]


def _track(run: SavedRun, path: TrackPath) -> Packet:
    return {
        "id": f"track-{path.track_id}",
        "name": f"EXERCISE track {path.track_id}",
        "availability": _span(run, path.time_s[0], path.time_s[-1]),
        "position": {
            "epoch": run.moment(0.0),
            "referenceFrame": "FIXED",
            "interpolationAlgorithm": "LINEAR",
            "cartesian": _samples(path.time_s, path.ecef_m, 1),
        },
        "point": {"pixelSize": 6, "color": {"rgba": TRACK}},
        "path": {"leadTime": 0, "trailTime": TRAIL_S, "width": 2, "material": _colour(TRACK)},
    }


def _impact(run: SavedRun, path: ImpactPath) -> Packet:
    epoch = run.moment(0.0)
    points = np.column_stack([path.lon_deg, path.lat_deg, np.zeros(len(path.lat_deg))])
    # A viewer draws no ellipse without width, and refuses one wider than it is long.
    minor = np.maximum(path.minor_m, 1.0)
    axes = (np.maximum(path.major_m, minor), minor)
    long, short, turn = (
        {"epoch": epoch, "number": _samples(path.time_s, values, digits)}
        for values, digits in zip((*axes, path.turn_rad), (1, 1, 4), strict=True)
    )
    return {
        "id": f"impact-{path.track_id}",
        "name": f"EXERCISE predicted impact of track {path.track_id} (95 %)",
        "availability": _span(run, path.time_s[0], path.time_s[-1]),
        "position": {
            "epoch": epoch,
            "interpolationAlgorithm": "LINEAR",
            "cartographicDegrees": _samples(path.time_s, points, 6),
        },
        "ellipse": {
            "semiMajorAxis": long,
            "semiMinorAxis": short,
            "rotation": turn,  # Cesium turns from east, whatever its manual says: we measured it
            "height": 0,
            "material": _colour(IMPACT),
        },
    }


def _flyout(run: SavedRun, one: Flyout) -> Packet:
    points = np.column_stack([one.lon_deg, one.lat_deg, one.height_m])
    return {
        "id": f"interceptor-{one.shot_id}",
        "name": f"EXERCISE interceptor {one.shot_id} of {one.battery_id} at track {one.track_id}",
        "availability": _span(run, *one.time_s),
        "position": {
            "epoch": run.moment(0.0),
            "interpolationAlgorithm": "LINEAR",
            "cartographicDegrees": _samples(one.time_s, points, 7),
        },
        "point": {"pixelSize": 5, "color": {"rgba": SHOT}},
        "path": {"leadTime": 0, "trailTime": TRAIL_S, "width": 2, "material": _colour(SHOT)},
    }


def _end(run: SavedRun, one: End) -> Packet:
    return {
        "id": f"end-{one.threat_id}",
        "name": f"EXERCISE {one.class_id} {one.threat_id}: {one.fate}",
        "availability": _span(run, one.time_s, one.time_s + SHOWN_S),
        "position": {"cartographicDegrees": [one.lon_deg, one.lat_deg, one.height_m]},
        "point": {"pixelSize": 12, "color": {"rgba": ENDS.get(one.fate, ELSEWHERE)}},
    }
