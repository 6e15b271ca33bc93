"""Relief from files: GeoTIFF (with the extra `geo`) and the tiles of SRTM (.hgt).

SRTM tiles: Shuttle Radar Topography Mission, "SRTM Topography", NASA/USGS, 2015: 16-bit big-endian
heights [m] over the EGM96 geoid, rows from north to south, named after the south-west corner.
"""

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.errors import InputError
from mantlet.world.terrain import Terrain

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

Floats = NDArray[np.float64]

MOST_POINTS = 30_000_000
"""Of a grid that is loaded whole: two SRTM tiles of one arc second, 240 MB in memory."""

DEGREES_WGS84 = (4326, 4979)
"""EPSG codes of latitude and longitude on WGS-84."""

HGT_VOID = -32768
HGT_SHAPES = {2 * n * m: (n, m) for n, m in ((1201, 1201), (3601, 3601), (3601, 1801))}
"""Rows and columns by file size [bytes]: 3", 1" and, poleward of 50 degrees, 1" by 2"."""

_HGT_NAME = re.compile(r"([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_IMPORT = "mantlet import terrain"


def read_terrain(path: Path, geoid_m: float = 0.0) -> Terrain:
    """The relief in a GeoTIFF or an SRTM tile (.hgt), whole.

    Parameters
    ----------
    path : Path
        A GeoTIFF of one band, heights in metres, latitude and longitude on WGS-84, north up; or a
        tile whose name says its corner, such as N31E034.hgt.
    geoid_m : float
        Height of the file's zero over the ellipsoid [m], added to every height. Files count from
        the sea; Mantlet from the ellipsoid.

    Raises
    ------
    InputError
        Naming the file, what is wrong and the fix: no such format, other coordinates, voids, too
        many points, or the extra `geo` is missing.
    """
    if path.suffix.lower() == ".hgt":
        south, west, heights, void = read_hgt(path)
        rows, columns = heights.shape
        north_step, east_step = 1.0 / (rows - 1), 1.0 / (columns - 1)
    else:
        south, west, north_step, east_step, heights, void = _read_geotiff(path)
    if void.any():
        raise InputError(
            f"{path}: {int(void.sum()):,} of {void.size:,} points are voids, without a height\n"
            f"    fix: fill them with `{_IMPORT} {path.name} --out filled.tif`"
        )
    try:
        return Terrain(south, west, north_step, heights + geoid_m, step_east_deg=east_step)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def read_hgt(path: Path) -> tuple[float, float, Floats, NDArray[np.bool_]]:
    """South and west edge [deg], heights from south to north [m], and which are voids."""
    found = _HGT_NAME.findall(path.stem)
    if not found:
        raise InputError(
            f"{path}: the name of a tile says its south-west corner\n"
            "    fix: name it like N31E034.hgt"
        )
    shape = HGT_SHAPES.get(path.stat().st_size)
    if shape is None:
        sizes = ", ".join(f"{size:,}" for size in HGT_SHAPES)
        raise InputError(
            f"{path}: {path.stat().st_size:,} bytes are no SRTM tile\n"
            f"    fix: unpack it first; a whole tile has {sizes} bytes"
        )
    raw = np.fromfile(path, dtype=">i2").reshape(shape)[::-1]
    (ns, lat, ew, lon) = found[-1]
    south = float(lat) * (1.0 if ns.upper() == "N" else -1.0)
    west = float(lon) * (1.0 if ew.upper() == "E" else -1.0)
    return south, west, raw.astype(np.float64), raw == HGT_VOID


def _read_geotiff(
    path: Path,
) -> tuple[float, float, float, float, Floats, NDArray[np.bool_]]:
    with open_geotiff(path) as file:
        _refuse_unfit(path, file)
        heights, void = heights_of(path, file)
        place = file.transform
        south, west = place.f + place.e * (file.height - 0.5), place.c + 0.5 * place.a
    return south, west, -place.e, place.a, heights[::-1], void[::-1]


def open_geotiff(path: Path) -> "DatasetReader":
    """The file, opened; its heights are not read yet."""
    with path.open("rb") as file:
        if file.read(4) not in _TIFF_STARTS:
            raise InputError(
                f"{path}: not a GeoTIFF\n    fix: give a GeoTIFF or an SRTM tile (.hgt, unpacked)"
            )
    rasterio = _rasterio(path)
    try:
        with warnings.catch_warnings():
            # A file that lies nowhere is refused by whoever asks for its place.
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            opened: DatasetReader = rasterio.open(path, driver="GTiff")
        return opened
    except rasterio.errors.RasterioIOError as error:
        raise InputError(
            f"{path}: cannot be read as a GeoTIFF ({error})\n    fix: fetch or export it again"
        ) from None


def heights_of(path: Path, file: "DatasetReader") -> tuple[Floats, NDArray[np.bool_]]:
    """Heights [m] in the file's own rows, and which of them are voids.

    Raises
    ------
    InputError
        If there are several bands, too many points, another unit than metres, or damage.
    """
    if file.count != 1:
        raise InputError(
            f"{path}: {file.count} bands, so these are not heights\n"
            "    fix: give an elevation file of one band"
        )
    if file.width * file.height > MOST_POINTS:
        raise InputError(
            f"{path}: {file.width:,} x {file.height:,} points are more than {MOST_POINTS:,}\n"
            f"    fix: cut it to the area, coarser if need be: `{_IMPORT} {path.name} "
            "--for SCENARIO --step 3 --out F`"
        )
    unit = (file.units[0] or "m").lower()
    if unit not in ("m", "metre", "metres", "meter", "meters"):
        raise InputError(f"{path}: heights in {unit}\n    fix: convert them to metres")
    try:
        with np.errstate(invalid="ignore"):  # a mark for voids that the numbers cannot hold
            read: Any = file.read(1, masked=True)
    except OSError as error:
        raise InputError(f"{path}: damaged ({error})\n    fix: fetch or export it again") from None
    heights = np.ma.filled(read.astype(np.float64), np.nan) * file.scales[0] + file.offsets[0]
    return heights, ~np.isfinite(heights)


def _refuse_unfit(path: Path, file: "DatasetReader") -> None:
    """What Mantlet itself does not convert."""
    refuse_placeless(path, file)
    if file.crs.to_epsg() not in DEGREES_WGS84:
        raise InputError(
            f"{path}: its coordinates are {name_of(file)}, not latitude and longitude on WGS-84\n"
            f"    fix: convert it: `{_IMPORT} {path.name} --out converted.tif`"
        )
    if file.transform.b or file.transform.d or file.transform.e >= 0 or file.transform.a <= 0:
        raise InputError(
            f"{path}: turned against north\n"
            f"    fix: convert it: `{_IMPORT} {path.name} --out converted.tif`"
        )


def refuse_placeless(path: Path, file: "DatasetReader") -> None:
    """Raise an InputError for a file that does not say where it lies."""
    if file.crs is None or file.transform.is_identity:
        raise InputError(
            f"{path}: does not say its coordinates\n"
            "    fix: georeference it (latitude and longitude on WGS-84, EPSG:4326)"
        )


def name_of(file: "DatasetReader") -> str:
    """The file's coordinate system in a word."""
    code = file.crs.to_epsg()
    return f"EPSG:{code}" if code else "a system of its own"


def _rasterio(path: Path) -> Any:
    try:
        import rasterio
    except ImportError:
        raise InputError(
            f"{path}: reading a GeoTIFF needs rasterio\n    fix: pip install mantlet[geo]"
        ) from None
    return rasterio
