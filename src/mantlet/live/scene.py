"""What stands still on the map of a run: radars, batteries, zones, land, when things happen."""

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mantlet.live.events import as_json
from mantlet.live.recording import FATES, KINDS, MESSAGES, STATUS, Recording
from mantlet.live.scores import DEFINITIONS
from mantlet.tables import Zones

if TYPE_CHECKING:
    from mantlet.engagement.battery import Battery
    from mantlet.scenario.model import Scenario
    from mantlet.sensing.radar import Radar
    from mantlet.world.borders import Surface

Array = NDArray[Any]

BINS = 1000
"""Density of events is counted in at most this many steps of time."""

OUTLINE_DEG = 5
"""Decimals of outlines: a metre."""


def describe(recording: Recording, kind: str, identity: str) -> dict[str, Any]:
    """The scene of a run, as the protocol words it."""
    scenario = recording.scenario
    return {
        "id": identity,
        "title": scenario.title,
        "name": scenario.name,
        "epoch": scenario.epoch.isoformat().replace("+00:00", "Z"),
        "seed": recording.seed,
        "exercise": True,
        "kind": kind,
        "notes": list(scenario.notes),
        "start_s": recording.start_s,
        "end_s": recording.end_s,
        "view": view(scenario),
        "intervals": np.stack([recording.starts_s, recording.ends_s], axis=1).tolist(),
        "density": density(recording),
        "radars": [radar_facts(radar) for radar in scenario.radars],
        "batteries": [battery_facts(battery) for battery in scenario.batteries],
        "areas": areas(scenario),
        "zones": len(scenario.zones),
        "policy": {
            key: getattr(scenario.policy, key)
            for key in ("threshold", "margin_m", "delivery_s", "hold_s")
        },
        "codes": codes(recording),
        "definitions": [{"name": name, "meaning": words} for name, words in DEFINITIONS.items()],
        "truth": True,
    }


def codes(recording: Recording) -> dict[str, list[str]]:
    """What the numbers in frames stand for. Verdicts of both stages share one list."""
    verdicts = list(recording.words["decisions.verdict"].texts)
    return {
        "status": list(STATUS),
        "kind": list(KINDS),
        "fate": list(FATES),
        "message": list(MESSAGES),
        "warning": verdicts,
        "engagement": verdicts,
    }


def radar_facts(radar: "Radar") -> dict[str, Any]:
    """A radar, for the map."""
    return {
        "id": radar.id,
        "lon": radar.site.lon_deg,
        "lat": radar.site.lat_deg,
        "height_m": radar.site.height_m,
        "range_m": radar.range_max_m,
        "range_min_m": radar.range_min_m,
        "azimuth_centre_deg": radar.azimuth_centre_deg,
        "azimuth_width_deg": radar.azimuth_width_deg,
        "elevation_min_deg": radar.elevation_min_deg,
        "elevation_max_deg": radar.elevation_max_deg,
        "period_s": radar.period_s,
    }


def battery_facts(battery: "Battery") -> dict[str, Any]:
    """A battery, for the map."""
    envelope = battery.envelope
    return {
        "id": battery.id,
        "lon": battery.site.lon_deg,
        "lat": battery.site.lat_deg,
        "height_m": battery.site.height_m,
        "range_m": envelope.range_max_m,
        "range_min_m": envelope.range_min_m,
        "height_min_m": envelope.height_min_m,
        "height_max_m": envelope.height_max_m,
        "interceptors": battery.interceptors,
        "launchers": battery.launchers,
        "reload_min": battery.reload_min,
    }


def areas(scenario: "Scenario") -> list[dict[str, Any]]:
    """Launch areas with their outlines."""
    return [
        {"id": area.id, "geometry": polygon([ring[:, ::-1] for ring in area.rings])}
        for area in scenario.areas.values()
    ]


def polygon(rings: list[Array]) -> dict[str, Any]:
    """Rings of lon, lat as one geometry; a ring inside another is a hole."""
    shape = shapely.Polygon()
    for ring in rings:
        shape = shape.symmetric_difference(shapely.make_valid(shapely.Polygon(ring)))
    return geometry(shape)


def geometry(shape: Any) -> dict[str, Any]:
    """A shape as GeoJSON, to a metre."""
    found: dict[str, Any] = _rounded(json.loads(shapely.to_geojson(shape)))
    return found


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, OUTLINE_DEG)
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value


def view(scenario: "Scenario") -> list[float]:
    """West, south, east and north of zones, radars and batteries, with a little room [deg]."""
    sites = [radar.site for radar in scenario.radars]
    sites += [battery.site for battery in scenario.batteries]
    lon = np.concatenate([scenario.zones.lon_deg, [site.lon_deg for site in sites]])
    lat = np.concatenate([scenario.zones.lat_deg, [site.lat_deg for site in sites]])
    room = 0.05 * max(float(np.ptp(lon)), float(np.ptp(lat)), 0.1)
    return [lon.min() - room, lat.min() - room, lon.max() + room, lat.max() + room]


def density(recording: Recording) -> dict[str, Any]:
    """How much happens when: counts of launches, alerts, shots and hits per step."""
    span = max(recording.end_s - recording.start_s, 1.0)
    step_s = max(1.0, float(np.ceil(span / BINS)))
    bins = int(np.ceil(span / step_s))
    edges = recording.start_s + step_s * np.arange(bins + 1)
    alerts, outcomes = recording["alerts"], recording["outcomes"]
    launches = recording["launches"]
    launched = recording["threats"]["parent_id"][launches["threat_id"]] < 0
    moments = {
        "launches": launches["clock_s"][launched],
        "alerts": alerts["clock_s"][alerts["kind"] == 0],
        "shots": recording["shots"]["clock_s"],
        "hits": outcomes["time_s"][outcomes["fate"] == 0],
    }
    counts = {key: np.histogram(times, edges)[0].tolist() for key, times in moments.items()}
    return {"start_s": recording.start_s, "step_s": step_s, **counts}


def zone_features(zones: Zones) -> dict[str, Any]:
    """Zones as a GeoJSON FeatureCollection, in the order of their table."""
    shapes = shapely.from_wkb(zones.polygon)
    features = [
        {
            "type": "Feature",
            "id": int(zones.zone_id[row]),
            "geometry": geometry(shapes[row]),
            "properties": {
                "row": row,
                "zone_id": int(zones.zone_id[row]),
                "name": zones.name[row],
                "names": json.loads(zones.names[row]),
                "population": float(zones.population[row]),
                "shelter_s": float(zones.shelter_time_s[row]),
            },
        }
        for row in range(len(zones))
    ]
    return {"type": "FeatureCollection", "features": features}


def land_geojson(scenario: "Scenario") -> str:
    """The territories around the scenario as a GeoJSON FeatureCollection."""
    return as_json(land_features(scenario.surface))


def land_features(surface: "Surface") -> dict[str, Any]:
    """Territories as a GeoJSON FeatureCollection."""
    features = [
        {
            "type": "Feature",
            "geometry": polygon(
                [r for r, o in zip(surface.rings, surface.owners, strict=True) if o == row]
            ),
            "properties": {"name": name},
        }
        for row, name in enumerate(surface.names)
    ]
    return {"type": "FeatureCollection", "features": features}
