"""GeoJSON in, with every mistake found before any is reported."""

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.errors import InputError

Floats = NDArray[np.float64]

MAX_BYTES = 64 << 20


@dataclass(frozen=True)
class FeatureProblem:
    """One thing to correct; `feature` counts from 0, -1 where the whole file is meant."""

    feature: int
    field: str
    problem: str
    fix: str

    def __str__(self) -> str:
        place = f"feature {self.feature}, {self.field}: " if self.feature >= 0 else ""
        return f"{place}{self.problem}\n    fix: {self.fix}"


class FeatureErrors(InputError):  # noqa: N818 - it is a list of them
    """A GeoJSON file that cannot be used, with the complete list of what is wrong."""

    def __init__(self, path: Path, problems: list[FeatureProblem]) -> None:
        self.path = path
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{path}: {problem}" for problem in self.problems))


@dataclass(frozen=True)
class Feature:
    """One feature: its properties and its rings (k, 2) lon, lat by polygon.

    There is no polygon where the outline is faulty: its properties can still be checked.
    """

    index: int
    properties: dict[str, Any]
    polygons: tuple[tuple[Floats, ...], ...]

    @property
    def shape(self) -> Any:
        """As a shapely polygon, or a multipolygon if there are several or none."""
        import shapely

        shapes = [shapely.Polygon(outer, holes) for outer, *holes in self.polygons]
        return shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapes)


@dataclass
class FeatureFile:
    """A feature collection being read, and the problems met so far."""

    path: Path
    features: list[Feature] = field(default_factory=list)
    problems: list[FeatureProblem] = field(default_factory=list)

    def problem(self, feature: int, name: str, problem: str, fix: str) -> None:
        """Note a problem."""
        self.problems.append(FeatureProblem(feature, name, problem, fix))

    def settle(self) -> None:
        """Raise FeatureErrors with everything noted, if anything was."""
        if self.problems:
            raise FeatureErrors(self.path, self.problems)

    def number(self, feature: Feature, name: str, low: float, high: float) -> float:
        """A required number between `low` and `high`; 0 and a problem if it is not one."""
        value = feature.properties.get(name)
        place = f"properties.{name}"
        if value is None:
            self.problem(feature.index, place, "missing", f'add "{name}": ...')
        elif isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(feature.index, place, f"{value!r} is no number", "write a bare number")
        elif not low <= value <= high:  # NaN fails here as well
            fix = f"write a value from {low:g} to {high:g}"
            self.problem(feature.index, place, f"{value:g} is out of range", fix)
        else:
            return float(value)
        return 0.0

    def text(self, feature: Feature, name: str) -> str:
        """A required, non-empty line of text."""
        value = feature.properties.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        problem = "missing" if value is None else f"{value!r} is no text"
        self.problem(feature.index, f"properties.{name}", problem, f'add "{name}": "..."')
        return ""


def read_features(path: Path, *, multipolygons: bool, crossings: bool = False) -> FeatureFile:
    """Read a GeoJSON FeatureCollection of polygons (WGS-84, lon/lat degrees).

    A faulty outline is noted and its feature given without polygons, so that the caller checks
    every feature's properties, adds its own problems and then calls `settle`. With `crossings`,
    outlines that cross themselves are let through, for callers that repair them.

    Raises
    ------
    FeatureErrors
        At once, if the file is missing, too large, not UTF-8, not JSON or no FeatureCollection.
    """
    file = FeatureFile(path)
    for index, raw in enumerate(_collection(file)):
        geometry = raw.get("geometry") if isinstance(raw, dict) else None
        properties = raw.get("properties") if isinstance(raw, dict) else None
        polygons = _polygons(file, index, geometry, multipolygons)
        if polygons and not crossings and not _is_sound(file, Feature(index, {}, polygons)):
            polygons = ()
        if not isinstance(properties, dict):
            file.problem(index, "properties", "missing", 'add "properties": {...}')
        else:
            file.features.append(Feature(index, properties, polygons))
    return file


def _collection(file: FeatureFile) -> list[Any]:
    text = _text(file)
    try:
        document = json.loads(text)
    except ValueError as error:
        line = f" on line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        file.problem(-1, "", f"not JSON{line}", "write a GeoJSON FeatureCollection")
    except RecursionError:
        file.problem(-1, "", "nested too deeply", "write a GeoJSON FeatureCollection")
    else:
        features = document.get("features") if isinstance(document, dict) else None
        if isinstance(features, list) and features:
            return features
        file.problem(-1, "", "no features in it", "write a GeoJSON FeatureCollection")
    raise FeatureErrors(file.path, file.problems)


def _text(file: FeatureFile) -> str:
    try:
        if file.path.stat().st_size > MAX_BYTES:
            file.problem(-1, "", f"larger than {MAX_BYTES >> 20} MiB", "simplify the outlines")
        else:
            return file.path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = f"line {line} is not UTF-8 (byte 0x{error.object[error.start]:02x})"
        file.problem(-1, "", problem, "save the file as UTF-8")
    except OSError as error:
        file.problem(-1, "", (error.strerror or "cannot be read").lower(), "check the path")
    raise FeatureErrors(file.path, file.problems)


def _polygons(
    file: FeatureFile, index: int, geometry: Any, multipolygons: bool
) -> tuple[tuple[Floats, ...], ...]:
    """The rings of a geometry, or nothing (with problems noted)."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in (("Polygon", "MultiPolygon") if multipolygons else ("Polygon",)):
        fix = "give each part its own feature" if kind == "MultiPolygon" else "write a Polygon"
        file.problem(index, "geometry.type", f"{kind!r} is not used here", fix)
        return ()
    parts = geometry.get("coordinates")
    parts = [parts] if kind == "Polygon" else parts
    if not isinstance(parts, list) or not parts or not all(isinstance(p, list) for p in parts):
        file.problem(index, "geometry.coordinates", "not lists of rings", "see RFC 7946")
        return ()
    polygons = tuple(
        tuple(_ring(file, index, f"geometry.coordinates[{k}]", ring) for k, ring in enumerate(part))
        for part in parts
    )
    if not all(part and all(len(ring) for ring in part) for part in polygons):
        if not all(polygons):
            file.problem(index, "geometry.coordinates", "no rings", "see RFC 7946")
        return ()
    return polygons


def _ring(file: FeatureFile, index: int, place: str, ring: Any) -> Floats:
    """A checked ring (k, 2), or an empty array (with problems noted)."""
    if not isinstance(ring, list) or not all(_is_position(point) for point in ring):
        file.problem(index, place, "not a list of [lon, lat] numbers", "see RFC 7946")
        return np.empty((0, 2))
    points = np.array([point[:2] for point in ring], dtype=np.float64).reshape(-1, 2)
    bad = ~((np.abs(points[:, 0]) <= 180.0) & (np.abs(points[:, 1]) <= 90.0))
    if bad.any():
        lon, lat = points[bad.argmax()]
        fix = "write degrees, longitude first: -180 to 180, then latitude: -90 to 90"
        file.problem(index, place, f"[{lon:g}, {lat:g}] is not on the Earth", fix)
    elif len(points) < 4 or (points[0] != points[-1]).any():
        fix = "give at least three corners and repeat the first at the end"
        file.problem(index, place, "not a closed ring", fix)
    else:
        return points
    return np.empty((0, 2))


def _is_position(point: Any) -> bool:
    return (
        isinstance(point, list)
        and len(point) in (2, 3)
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in point)
    )


def _is_sound(file: FeatureFile, feature: Feature) -> bool:
    import shapely

    shape = feature.shape
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape).replace("[", " at [", 1)
        file.problem(
            feature.index,
            "geometry",
            f"the outline crosses itself or its parts overlap: {reason}",
            "draw an outline that does not cross itself",
        )
    elif math.isclose(shape.area, 0.0, abs_tol=1e-12):
        file.problem(feature.index, "geometry", "no area", "draw a polygon with an inside")
    else:
        return True
    return False
