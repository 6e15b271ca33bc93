"""Elevation files into one relief: joined, cut to an area, voids filled, latitude and longitude.

Needs the extra `geo`: rasterio (GDAL) reads and converts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.ports.files import DiskFiles
from mantlet.scenario.importers.outputs import ImportReport
from mantlet.scenario.load import load_scenario
from mantlet.scenario.relief import points_of
from mantlet.tables.errors import InputError
from mantlet.world.terrain_files import (
    MOST_POINTS,
    heights_of,
    name_of,
    open_geotiff,
    read_hgt,
    refuse_placeless,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MARGIN_DEG = 0.1
"""Around what a scenario holds: hills just outside hide things, too."""

MOST_FILLED = 0.05
"""Share of the covered points that may be filled from around them."""

_REACH_POINTS = 100.0
"""Voids are filled from heights at most so many points away."""

_ALIKE = 1e-3
"""Steps that differ by less than this share are the same."""


@dataclass(frozen=True)
class Box:
    """A piece of ground [deg]."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        wide = 0.0 < self.east - self.west <= 360.0
        if not (-90.0 <= self.south < self.north <= 90.0 and wide):
            raise InputError(
                f"box {self.south:g} {self.west:g} {self.north:g} {self.east:g}: no piece of "
                "ground\n    fix: give south, west, north, east in degrees"
            )


@dataclass(frozen=True, eq=False)
class _Source:
    """One file: heights from north to south, NaN in voids, and where they lie."""

    path: Path
    heights: Floats
    transform: Any
    crs: Any
    coordinates: str


@dataclass(frozen=True)
class _Target:
    """The grid made: points at whole multiples of the step."""

    south: int
    west: int
    rows: int
    columns: int
    step_deg: float

    @property
    def transform(self) -> Any:
        from rasterio.transform import Affine

        step = self.step_deg
        north = (self.south + self.rows - 0.5) * step
        return Affine(step, 0.0, (self.west - 0.5) * step, 0.0, -step, north)


def import_terrain(
    files: Sequence[Path],
    out: Path,
    *,
    scenario: str | None = None,
    box: Box | None = None,
    step_arcsec: float | None = None,
    sea: bool = False,
) -> ImportReport:
    """Join elevation files into one GeoTIFF that `terrain: {file: ...}` takes.

    Parameters
    ----------
    files : sequence of Path
        GeoTIFFs in any coordinates and SRTM tiles (.hgt); where two cover a point, the first one
        counts.
    out : Path
        GeoTIFF to write, whole or not at all: float32 heights [m], EPSG:4326.
    scenario : str, optional
        Cut to what this scenario holds, with a margin.
    box : Box, optional
        Cut to this instead. Without either: all that the files cover, without the slanted edges
        that other coordinates leave.
    step_arcsec : float, optional
        Spacing of the points ["], that of the finest file if left out; coarser means averaged.
    sea : bool
        What no file covers is sea, at height 0. Without it that is an error.

    Raises
    ------
    InputError
        Naming the file and the fix: not readable, no coordinates, nothing in the area, too many
        voids or points.
    """
    if out.suffix.lower() not in (".tif", ".tiff"):
        raise InputError(f"{out}: the relief is a GeoTIFF\n    fix: end the name with .tif")
    _need_rasterio()
    sources = [_read(path) for path in files]
    target = _target(sources, scenario, box, step_arcsec)
    heights, covered = _joined(sources, target)
    if box is None and scenario is None and any(source.coordinates for source in sources):
        heights, covered, target = _trimmed(heights, covered, target)
    heights, lines = _whole(heights, covered, sea, _extent_of(covered, target))
    DiskFiles().write(out, _geotiff(heights, target))
    return ImportReport((out,), (_size(heights, target), *_conversions(sources), *lines))


def _need_rasterio() -> None:
    try:
        import rasterio  # noqa: F401
    except ImportError:
        raise InputError(
            "joining elevation files needs rasterio\n    fix: pip install mantlet[geo]"
        ) from None


def _conversions(sources: list[_Source]) -> list[str]:
    return [f"{source.coordinates}, now EPSG:4326" for source in sources if source.coordinates]


def _read(path: Path) -> _Source:
    from rasterio.crs import CRS
    from rasterio.transform import from_bounds

    if not path.is_file():
        raise InputError(f"{path}: no such file\n    fix: give a GeoTIFF or an SRTM tile (.hgt)")
    if path.suffix.lower() == ".hgt":
        south, west, heights, void = read_hgt(path)
        rows, columns = heights.shape
        v, u = 0.5 / (rows - 1), 0.5 / (columns - 1)
        around = west - u, south - v, west + 1.0 + u, south + 1.0 + v
        heights = np.where(void, np.nan, heights)[::-1]
        place = from_bounds(*around, columns, rows)
        return _Source(path, heights, place, CRS.from_epsg(4326), "")
    with open_geotiff(path) as file:
        refuse_placeless(path, file)
        heights, void = heights_of(path, file)
        coordinates = "" if file.crs.to_epsg() == 4326 else f"{path.name} was {name_of(file)}"
        heights = np.where(void, np.nan, heights)
        return _Source(path, heights, file.transform, file.crs, coordinates)


def _target(
    sources: list[_Source], scenario: str | None, box: Box | None, step_arcsec: float | None
) -> _Target:
    step = step_arcsec / 3600.0 if step_arcsec else min(_step_deg(source) for source in sources)
    if step_arcsec is not None and not 0.1 <= step_arcsec <= 3600.0:
        raise InputError(f"step {step_arcsec:g}\n    fix: give arc seconds, 0.1 to 3600")
    if box is None:
        box = _box_of(scenario) if scenario else _union([_box(source) for source in sources])
    # A hair inwards: an edge computed from thousands of steps must not cost or add a row.
    south, west = (int(np.floor(edge / step + _ALIKE)) for edge in (box.south, box.west))
    north, east = (int(np.ceil(edge / step - _ALIKE)) for edge in (box.north, box.east))
    target = _Target(south, west, north - south + 1, east - west + 1, step)
    if target.rows * target.columns > MOST_POINTS:
        raise InputError(
            f"{target.rows:,} x {target.columns:,} points are more than {MOST_POINTS:,}\n"
            f"    fix: make it coarser (--step {3 * 3600 * step:.3g}) or smaller (--box)"
        )
    return target


def _bounds(source: _Source) -> tuple[float, float, float, float]:
    """West, south, east and north edge of the outermost points [deg]."""
    from rasterio.transform import array_bounds
    from rasterio.warp import transform_bounds

    rows, columns = source.heights.shape
    edges = array_bounds(rows, columns, source.transform)
    west, south, east, north = transform_bounds(source.crs, "EPSG:4326", *edges)
    v, u = 0.5 * (north - south) / rows, 0.5 * (east - west) / columns
    return west + u, south + v, east - u, north - v


def _step_deg(source: _Source) -> float:
    """The finer of both spacings [deg], in whole hundredths of an arc second."""
    west, south, east, north = _bounds(source)
    rows, columns = source.heights.shape
    step: float = min((north - south) / (rows - 1), (east - west) / (columns - 1))
    return round(step * 3600.0, 2) / 3600.0


def _box(source: _Source) -> Box:
    west, south, east, north = _bounds(source)
    return Box(south, west, north, east)


def _union(boxes: list[Box]) -> Box:
    return Box(
        min(box.south for box in boxes),
        min(box.west for box in boxes),
        max(box.north for box in boxes),
        max(box.east for box in boxes),
    )


def _box_of(name: str) -> Box:
    """What a scenario holds, with a margin."""
    scenario = load_scenario(name)
    held = {key: getattr(scenario, key) for key in ("radars", "batteries", "zones", "areas")}
    points = np.concatenate(list(points_of(held).values()))
    south, west = points.min(axis=0) - MARGIN_DEG
    north, east = points.max(axis=0) + MARGIN_DEG
    return Box(max(float(south), -90.0), float(west), min(float(north), 90.0), float(east))


def _joined(sources: list[_Source], target: _Target) -> tuple[Floats, Flags]:
    """Heights from north to south, NaN where none is known, and what some file covers."""
    from rasterio.warp import Resampling, reproject

    shape = target.rows, target.columns
    heights, covered = np.full(shape, np.nan, np.float32), np.zeros(shape, dtype=np.bool_)
    for source in sources:
        coarser = target.step_deg > 1.5 * _step_deg(source)
        place: dict[str, Any] = {
            "src_transform": source.transform,
            "src_crs": source.crs,
            "dst_transform": target.transform,
            "dst_crs": "EPSG:4326",
        }
        fresh, reach = np.full(shape, np.nan, np.float32), np.zeros(shape, np.float32)
        reproject(
            source.heights.astype(np.float32),
            fresh,
            src_nodata=np.nan,
            dst_nodata=np.nan,
            resampling=Resampling.average if coarser else Resampling.bilinear,
            **place,
        )
        reproject(np.ones(source.heights.shape, np.float32), reach, **place)
        heights = np.where(np.isnan(heights), fresh, heights)
        covered |= reach > 0.0
    if not np.isfinite(heights).any():
        names = ", ".join(source.path.name for source in sources)
        raise InputError(f"{names}: no height in the area\n    fix: give files that cover it")
    return heights.astype(np.float64), covered | np.isfinite(heights)


def _trimmed(heights: Floats, covered: Flags, target: _Target) -> tuple[Floats, Flags, _Target]:
    """Without edges that are not all covered: always the worst of the four goes first."""
    top, bottom, left, right = 0, target.rows, 0, target.columns
    while bottom - top > 2 and right - left > 2:
        rows, columns = slice(top, bottom), slice(left, right)
        edges = (
            covered[top, columns].mean(),
            covered[bottom - 1, columns].mean(),
            covered[rows, left].mean(),
            covered[rows, right - 1].mean(),
        )
        worst = int(np.argmin(edges))
        if edges[worst] == 1.0:
            break
        top, bottom = top + (worst == 0), bottom - (worst == 1)
        left, right = left + (worst == 2), right - (worst == 3)
    kept = slice(top, bottom), slice(left, right)
    south, west = target.south + target.rows - bottom, target.west + left
    smaller = _Target(south, west, bottom - top, right - left, target.step_deg)
    return heights[kept], covered[kept], smaller


def _extent_of(covered: Flags, target: _Target) -> str:
    """What of the grid is covered at all, in words."""
    rows, columns = (np.flatnonzero(covered.any(axis=axis)) for axis in (1, 0))
    step, last = target.step_deg, target.south + target.rows - 1
    return (
        f"{step * (last - rows[-1]):.4g} to {step * (last - rows[0]):.4g} north, "
        f"{step * (target.west + columns[0]):.4g} to {step * (target.west + columns[-1]):.4g} east"
    )


def _whole(
    heights: Floats, covered: Flags, sea: bool, extent: str
) -> tuple[Floats, tuple[str, ...]]:
    """No voids left, and what there is to say about those there were."""
    from rasterio.fill import fillnodata

    lines = []
    if not covered.all():
        share = 1.0 - covered.mean()
        if not sea:
            raise InputError(
                f"{share:.1%} of the area is in no file; they cover at most {extent}\n"
                "    fix: add files, cut with --box, or say --sea if that is sea"
            )
        heights = np.where(covered, heights, 0.0)
        lines.append(f"{share:.1%} of the area is in no file and taken for sea, 0 m")
    void = np.isnan(heights)
    if void.any():
        if void.mean() > MOST_FILLED:
            raise InputError(
                f"{void.mean():.1%} of the points are voids, too many to fill from around them\n"
                "    fix: give a second file that has heights there, after the first"
            )
        known = np.where(void, 0.0, heights).astype(np.float32)
        filled = fillnodata(known, mask=~void, max_search_distance=_REACH_POINTS)
        heights = np.where(void, filled, heights)
        lines.append(f"{int(void.sum()):,} voids filled from the heights around them")
    return heights, tuple(lines)


def _geotiff(heights: Floats, target: _Target) -> bytes:
    from rasterio.io import MemoryFile

    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            height=target.rows,
            width=target.columns,
            count=1,
            dtype="float32",
            crs="EPSG:4326",
            transform=target.transform,
            compress="deflate",
            predictor=3,
        ) as file:
            # Whole decimetres: no elevation file is better, and the rest would not compress.
            file.write(np.round(heights, 1).astype(np.float32), 1)
            file.units = ("m",)
        return bytes(memory.read())


def _size(heights: Floats, target: _Target) -> str:
    step, south, west = target.step_deg, target.south, target.west
    return (
        f"{target.rows:,} x {target.columns:,} points every {3600.0 * step:.4g} arc seconds, "
        f"{south * step:.4g} to {(south + target.rows - 1) * step:.4g} north, "
        f"{west * step:.4g} to {(west + target.columns - 1) * step:.4g} east, "
        f"heights {heights.min():.0f} to {heights.max():.0f} m over the zero of the files"
    )
