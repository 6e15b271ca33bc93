"""KML 2.2 with Google's tracks: a run in Earth viewers, with their time slider."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely
from numpy.typing import NDArray

from mantlet.analysis.exports.saved import Progress, SavedRun
from mantlet.analysis.exports.scene import (
    ImpactPath,
    alerts_of,
    ends_of,
    flyouts,
    impact_paths,
    track_paths,
)
from mantlet.ports.files import whole_file
from mantlet.tables import Zones

Floats = NDArray[np.float64]
Placemarks = Iterator[str]

_AREA = "<LineStyle><color>ff{0}</color></LineStyle><PolyStyle><color>{1}{0}</color></PolyStyle>"
_PATH = (
    "<IconStyle><scale>0.3</scale></IconStyle>"
    "<LineStyle><color>ff{0}</color><width>2</width></LineStyle>"
)
STYLES = {  # colours are blue, green, red; before them the opacity
    "zone": _AREA.format("e9b456", "28"),
    "alert": _AREA.format("005ed5", "82"),
    "impact": _AREA.format("a779cc", "5a"),
    "track": _PATH.format("009fe6"),
    "interceptor": _PATH.format("739e00"),
    "stand": "<IconStyle><scale>0.8</scale></IconStyle>",
    "end": "<IconStyle><scale>0.5</scale></IconStyle>",
}

SHOWN_S = 20.0
_CORNERS = np.linspace(0.0, 2.0 * np.pi, 25)[:, None]
_METRES_PER_DEGREE = 111_195.0


def write_kml(run: SavedRun, out: Path, progress: Progress) -> dict[str, int]:
    """Write a KML document; returns how many placemarks of each folder it holds.

    Heights are those of the run, above the ellipsoid; viewers take them for heights above the sea.
    Of a track's predicted impacts the last one is drawn, its ellipse of 95 %. Plots are left out.
    """
    counts: dict[str, int] = defaultdict(int)
    with whole_file(out) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(_head(run))
        for folder, marks in _folders(run, progress):
            file.write(f"<Folder><name>{escape(folder)}</name>\n")
            for mark in marks:
                counts[folder] += 1
                file.write(mark)
            file.write("</Folder>\n")
        file.write("</Document>\n</kml>\n")
    return dict(counts)


def _head(run: SavedRun) -> str:
    styles = "".join(f'<Style id="{key}">{style}</Style>\n' for key, style in STYLES.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">\n'
        f"<Document><name>{_text(run.title)}</name>\n{styles}"
    )


def _folders(run: SavedRun, progress: Progress) -> Iterator[tuple[str, Placemarks]]:
    yield "Zones", _zones(run)
    yield "EXERCISE alerts", _alerts(run)
    yield "Radars", _stands("Radar", run.scenario.radars)
    yield "Batteries (simulated)", _stands("Battery", run.scenario.batteries)
    yield "EXERCISE tracks", _tracks(run, progress)
    yield "EXERCISE predicted impacts", _impacts(run, progress)
    yield "EXERCISE interceptors", _flyouts(run)
    yield "EXERCISE ends of flights", _ends(run)


def _text(words: str) -> str:
    """Words as XML may hold them: without control characters, which no escape makes legal."""
    return escape("".join(letter for letter in words if letter.isprintable()))


def _mark(name: str, style: str, inside: str, when: str = "", told: str = "") -> str:
    words = f"<description>{_text(told)}</description>" if told else ""
    return (
        f"<Placemark><name>{_text(name)}</name>{words}{when}"
        f"<styleUrl>#{style}</styleUrl>{inside}</Placemark>\n"
    )


def _during(run: SavedRun, start_s: float, end_s: float) -> str:
    begin, end = run.moments([start_s, end_s])
    return f"<TimeSpan><begin>{begin}</begin><end>{end}</end></TimeSpan>"


def _point(lon: float, lat: float, height_m: float, mode: str = "absolute") -> str:
    place = f"{lon:.7f},{lat:.7f},{height_m:.1f}"
    return f"<Point><altitudeMode>{mode}</altitudeMode><coordinates>{place}</coordinates></Point>"


def _polygon(rings: list[Any]) -> str:
    """Outer ring first; [lon, lat] corners."""
    parts = []
    for k, ring in enumerate(rings):
        side = "innerBoundaryIs" if k else "outerBoundaryIs"
        corners = " ".join(f"{x:.7f},{y:.7f},0" for x, y in np.asarray(ring).tolist())
        parts.append(
            f"<{side}><LinearRing><coordinates>{corners}</coordinates></LinearRing></{side}>"
        )
    return f"<Polygon>{''.join(parts)}</Polygon>"


def _rings(polygon: bytes) -> list[Any]:
    shape = shapely.orient_polygons(shapely.from_wkb(polygon))
    return [shapely.get_coordinates(ring) for ring in (shape.exterior, *shape.interiors)]


def _zones(run: SavedRun) -> Placemarks:
    zones = run.table(Zones)
    alerts = Counter(alert.zone_id for alert in alerts_of(run))
    for k in range(len(zones)):
        told = (
            f"{zones.population[k]:,.0f} people, {zones.shelter_time_s[k]:g} s to shelter, "
            f"{alerts[int(zones.zone_id[k])]} exercise alerts"
        )
        yield _mark(str(zones.name[k]), "zone", _polygon(_rings(zones.polygon[k])), told=told)


def _alerts(run: SavedRun) -> Placemarks:
    zones = run.table(Zones)
    row_of = {int(number): row for row, number in enumerate(zones.zone_id)}
    for alert in alerts_of(run):
        row = row_of[alert.zone_id]
        yield _mark(
            f"EXERCISE alert {alert.alert_id}: {zones.name[row]}",
            "alert",
            _polygon(_rings(zones.polygon[row])),
            _during(run, alert.start_s, alert.end_s),
            f"Predicted impact {run.moment(alert.impact_time_s)}, "
            f"probability {alert.probability:.2f}",
        )


def _stands(word: str, members: Any) -> Placemarks:
    for one in members:
        site = one.site
        yield _mark(f"{word} {one.id}", "stand", _point(site.lon_deg, site.lat_deg, site.height_m))


def _moving(run: SavedRun, time_s: Any, lon: Any, lat: Any, height: Any) -> str:
    when = "".join(f"<when>{moment}</when>" for moment in run.moments(time_s))
    places = zip(
        *(np.asarray(v, dtype=np.float64).tolist() for v in (lon, lat, height)), strict=True
    )
    where = "".join(f"<gx:coord>{x:.7f} {y:.7f} {z:.1f}</gx:coord>" for x, y, z in places)
    return f"<gx:Track><altitudeMode>absolute</altitudeMode>{when}{where}</gx:Track>"


def _tracks(run: SavedRun, progress: Progress) -> Placemarks:
    for path in track_paths(run, progress):
        inside = _moving(run, path.time_s, path.lon_deg, path.lat_deg, path.height_m)
        yield _mark(f"EXERCISE track {path.track_id}", "track", inside)


def _impacts(run: SavedRun, progress: Progress) -> Placemarks:
    for path in impact_paths(run, progress):
        yield _mark(
            f"EXERCISE predicted impact of track {path.track_id} (95 %)",
            "impact",
            _polygon([_ellipse(path)]),
            _during(run, path.time_s[0], max(path.impact_time_s[-1], path.time_s[-1])),
            f"As predicted at {run.moment(path.time_s[-1])}",
        )


def _ellipse(path: ImpactPath) -> Floats:
    """The last prediction's outline, corners (25, 2) of lon, lat [deg]."""
    turn = path.turn_rad[-1]
    along = path.major_m[-1] * np.cos(_CORNERS) * [np.cos(turn), np.sin(turn)]
    across = path.minor_m[-1] * np.sin(_CORNERS) * [-np.sin(turn), np.cos(turn)]
    scale = _METRES_PER_DEGREE * np.array([np.cos(np.radians(path.lat_deg[-1])), 1.0])
    return np.asarray((along + across) / scale + [path.lon_deg[-1], path.lat_deg[-1]])


def _flyouts(run: SavedRun) -> Placemarks:
    for one in flyouts(run):
        inside = _moving(run, one.time_s, one.lon_deg, one.lat_deg, one.height_m)
        name = f"EXERCISE interceptor {one.shot_id} of {one.battery_id} at track {one.track_id}"
        yield _mark(name, "interceptor", inside)


def _ends(run: SavedRun) -> Placemarks:
    for one in ends_of(run):
        yield _mark(
            f"EXERCISE {one.class_id} {one.threat_id}: {one.fate}",
            "end",
            _point(one.lon_deg, one.lat_deg, one.height_m),
            _during(run, one.time_s, one.time_s + SHOWN_S),
        )
