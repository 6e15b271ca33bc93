"""The coverage of a scenario: a map at a height and the seconds left to its towns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.coverage.bands import bands
from mantlet.analysis.coverage.warning_time import WarningTimes, warning_times
from mantlet.scenario.model import Scenario
from mantlet.sensing.coverage import CoverageMap, coverage_map
from mantlet.sensing.radar import Radar
from mantlet.tables.errors import InputError
from mantlet.threats.catalogue import CLASSES
from mantlet.threats.raids import Campaign, Listing, Raid, Record

Floats = NDArray[np.float64]
Progress = Callable[[float, float, str], None]

SECONDS = 10.0
"""Detections are looked for within this time, on the combined map."""

_TIMES = (
    "time_of_flight_s",
    "first_detection_s",
    "confirmed_s",
    "detected",
    "confirmed",
    "warning_s",
    "warning_low_s",
)


@dataclass(frozen=True, eq=False)
class Coverage:
    """What the radars of a scenario see of a class, and what that leaves to its towns."""

    scenario: Scenario
    class_id: str
    seconds: float
    map: CoverageMap
    times: WarningTimes

    @property
    def combined(self) -> Floats:
        """Probability of a detection by any radar within `seconds`, (rows, columns)."""
        return self.map.within(self.seconds)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything as named arrays, as `numpy.savez` takes them."""
        zones = self.times.zones
        return {
            "lat_deg": self.map.grid.lat_deg,
            "lon_deg": self.map.grid.lon_deg,
            "radar_id": np.array([radar.id for radar in self.map.radars]),
            "probability_one_look": self.map.single,
            "probability_combined": self.combined,
            "height_m": np.array(self.map.height_m),
            "seconds": np.array(self.seconds),
            "zone_id": zones.zone_id,
            "zone_name": zones.name.astype(str),
            "flights": self.times.flights,
            **{name: getattr(self.times, name) for name in _TIMES},
        }

    def geojson(self) -> dict[str, Any]:
        """Contour bands (the combined map, then each radar) and towns, a FeatureCollection.

        Property `layer` tells them apart: "combined", "radar" (with its id as `radar`) and
        "town". Lengths and times in metres and seconds, shares from 0 to 1; null where there is
        no number.
        """
        features = bands(self.map.grid, self.combined, {"layer": "combined"} | self._facts)
        for radar, chance in zip(self.map.radars, self.map.single, strict=True):
            told = {"layer": "radar", "radar": radar.id} | _facts_of(self.map, self.class_id)
            features += bands(self.map.grid, chance, told)
        return _collection(features + _towns(self.times))

    @property
    def _facts(self) -> dict[str, Any]:
        return _facts_of(self.map, self.class_id) | {"seconds": self.seconds}


def coverage(
    scenario: Scenario,
    height_m: float,
    class_id: str | None = None,
    *,
    radars: Sequence[str] = (),
    seconds: float = SECONDS,
    progress: Progress | None = None,
) -> Coverage:
    """The coverage of a scenario at a height, and its warning times, for one class.

    Parameters
    ----------
    scenario : Scenario
        What it does not say (jamming, faults) is left out even if it does.
    height_m : float
        Of the map, over the ellipsoid [m].
    class_id : str, optional
        The commonest of the scenario's raids, if left out.
    radars : sequence of str
        Ids of the radars that count; all, if empty.
    seconds : float
        For the combined map [s].
    progress : callable, optional
        As `warning_times` calls it.

    Raises
    ------
    InputError
        Naming what is wrong and the fix: no such class or radar, a height or time that cannot be.
    """
    if not -500.0 <= height_m <= 1e6:
        raise InputError(f"height {height_m:g} m\n    fix: give metres, -500 to 1,000,000")
    if not 0.0 < seconds <= 86_400.0:
        raise InputError(f"seconds {seconds:g}\n    fix: give more than 0, at most a day")
    chosen = [_radar(scenario, name) for name in radars] or list(scenario.radars)
    name = class_id or usual_class(scenario)
    times = warning_times(scenario, name, radars=chosen, progress=progress)
    return Coverage(scenario, name, seconds, coverage_map(chosen, height_m, _rcs_m2(name)), times)


def coverage_geojson(
    scenario: Scenario, radar: Radar | str, height_m: float, class_id: str | None = None
) -> dict[str, Any]:
    """The contour bands of one radar alone, for a map on which it is being moved.

    Parameters
    ----------
    scenario : Scenario
        Whose raids say which class is the commonest.
    radar : Radar or str
        A radar as it stands in the editor, or the id of one of the scenario's.
    height_m : float
        Over the ellipsoid [m].
    class_id : str, optional
        Whose cross-section counts; that of the scenario's commonest class, if left out.

    Returns
    -------
    dict
        A GeoJSON FeatureCollection as `Coverage.geojson`, of the radar's layer only.
    """
    chosen = _radar(scenario, radar) if isinstance(radar, str) else radar
    name = class_id or usual_class(scenario)
    found = coverage_map([chosen], height_m, _rcs_m2(name))
    told = {"layer": "radar", "radar": chosen.id} | _facts_of(found, name)
    return _collection(bands(found.grid, found.single[0], told))


def usual_class(scenario: Scenario) -> str:
    """The class that most flights of a scenario's raids belong to, each raid counting alike."""
    weights: dict[str, float] = {}
    for raid in scenario.raids:
        mixture = _mixture(raid)
        total = sum(mixture.values())
        for name, weight in mixture.items():
            weights[name] = weights.get(name, 0.0) + weight / total
    return max(weights, key=lambda name: weights[name])


def _mixture(raid: Raid) -> dict[str, float]:
    if isinstance(raid, Campaign):
        return dict(raid.mixture)
    counts: dict[str, float] = {}
    if isinstance(raid, Record):
        for fall in raid.falls:
            counts[fall.class_id] = counts.get(fall.class_id, 0.0) + fall.count
        return counts
    for volley in raid.volleys if isinstance(raid, Listing) else (raid,):
        total = sum(volley.mixture.values())
        for name, weight in volley.mixture.items():
            counts[name] = counts.get(name, 0.0) + volley.count * weight / total
    return counts


def _radar(scenario: Scenario, name: str) -> Radar:
    for radar in scenario.radars:
        if radar.id == name:
            return radar
    known = ", ".join(radar.id for radar in scenario.radars)
    raise InputError(f"no radar {name!r}\n    fix: choose from: {known}")


def _rcs_m2(class_id: str) -> float:
    """The least cross-section of a class, whichever side shows: a map cannot know which."""
    if class_id not in CLASSES:
        raise InputError(f"no class {class_id!r}\n    fix: choose from: {', '.join(CLASSES)}")
    return min(CLASSES[class_id].rcs_m2)


def _facts_of(found: CoverageMap, class_id: str) -> dict[str, Any]:
    return {"height_m": found.height_m, "class_id": class_id, "rcs_m2": round(found.rcs_m2, 6)}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _towns(times: WarningTimes) -> list[dict[str, Any]]:
    """A point for each zone that flights of the class get to."""
    zones = times.zones
    return [
        {
            "type": "Feature",
            "properties": {
                "layer": "town",
                "zone_id": int(zones.zone_id[row]),
                "name": zones.name[row],
                "population": float(zones.population[row]),
                "shelter_time_s": float(zones.shelter_time_s[row]),
                "class_id": times.class_id,
                "flights": int(times.flights[row]),
                **{name: _number(getattr(times, name)[row]) for name in _TIMES},
                "enough": bool(times.enough[row]),
            },
            "geometry": {
                "type": "Point",
                "coordinates": [float(zones.lon_deg[row]), float(zones.lat_deg[row])],
            },
        }
        for row in np.flatnonzero(times.flights)
    ]


def _number(value: float) -> float | None:
    """To the hundredth; GeoJSON knows neither NaN nor infinity."""
    return round(float(value), 2) if np.isfinite(value) else None
