"""Which polygons hold a point: a grid of cells, each with the few edges that cross it.

Every cell knows, for every polygon that touches it, whether the cell's *centre* is inside and
which of the polygon's edges cross the cell. A point is then inside when the path from it to the
centre of its cell (first straight up or down, then sideways) crosses those edges an odd number of
times, or an even number if the centre is inside. A handful of edges is looked at, never a whole
outline. Points exactly on an edge count as if moved a hair to the right and up, so neighbours
that share an edge never both hold a point.

`world.cells` builds the index; here it arrives as plain arrays:

- grid: x0, y0, cell size [all deg], columns, rows (float64, 5)
- first: offsets of each cell's entries, row by row (int64, columns x rows + 1)
- owner, inside: the polygon of each entry, and 1 where it holds the cell's centre (int64)
- start: offsets of each entry's edges (int64)
- edges: x1, y1, x2, y2 [deg]

Reference: E. Haines, "Point in polygon strategies", Graphics Gems IV, 1994 (grid method).
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.borrowed import borrowed, outlive
from mantlet.kernels.compiled import kernel
from mantlet.kernels.geodesy import ECC2, SEMI_MAJOR_M

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def cell_of(x: float, y: float, grid: Floats) -> int:
    """Number of the cell that holds the point, -1 outside the grid (and for NaN)."""
    column = (x - grid[0]) / grid[2]
    row = (y - grid[1]) / grid[2]
    if not (0.0 <= column < grid[3] and 0.0 <= row < grid[4]):
        return -1
    return int(row) * int(grid[3]) + int(column)


@kernel
def _crossings(
    x: float, y: float, cx: float, cy: float, edges: Floats, begin: int, end: int
) -> int:
    count = 0
    for k in range(begin, end):
        x1, y1, x2, y2 = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        if (x1 <= x) != (x2 <= x):
            at = y1 + (x - x1) * (y2 - y1) / (x2 - x1)
            if (at > y) != (at > cy):
                count += 1
        if (y1 <= cy) != (y2 <= cy):
            at = x1 + (cy - y1) * (x2 - x1) / (y2 - y1)
            if (at > x) != (at > cx):
                count += 1
    return count


@kernel
def centre_of(cell: int, grid: Floats) -> tuple[float, float]:
    """Longitude and latitude of a cell's centre [deg]."""
    columns = int(grid[3])
    row = cell // columns
    column = cell - row * columns
    return grid[0] + (column + 0.5) * grid[2], grid[1] + (row + 0.5) * grid[2]


@kernel
def entry_holds(
    x: float,
    y: float,
    cx: float,
    cy: float,
    entry: int,
    inside: Ints,
    start: Ints,
    edges: Floats,
) -> bool:
    """True if the polygon of `entry`, one of a cell with its centre at cx, cy, holds its point."""
    begin, end = start[entry], start[entry + 1]
    if begin == end:  # no outline crosses the cell
        return bool(inside[entry] == 1)
    crossed = _crossings(x, y, cx, cy, edges, begin, end)
    return bool((crossed + inside[entry]) % 2 == 1)


@kernel
def locate(
    lon: Floats,
    lat: Floats,
    grid: Floats,
    first: Ints,
    owner: Ints,
    inside: Ints,
    start: Ints,
    edges: Floats,
) -> Ints:
    """Lowest polygon number that holds each point (n) [deg], -1 where none does."""
    out = np.full(lon.size, -1, dtype=np.int64)
    for i in range(lon.size):
        cell = cell_of(lon[i], lat[i], grid)
        if cell < 0 or first[cell] == first[cell + 1]:
            continue
        cx, cy = centre_of(cell, grid)
        for entry in range(first[cell], first[cell + 1]):
            if entry_holds(lon[i], lat[i], cx, cy, entry, inside, start, edges):
                out[i] = owner[entry]
                break
    return out


@kernel
def degrees_per_metre(lat_deg: float) -> tuple[float, float]:
    """Degrees of latitude and of longitude in one metre of northing and easting (WGS-84)."""
    lat = math.radians(lat_deg)
    w2 = 1.0 - ECC2 * math.sin(lat) ** 2
    east = SEMI_MAJOR_M / math.sqrt(w2)
    north = east * (1.0 - ECC2) / w2
    return math.degrees(1.0 / north), math.degrees(1.0 / (east * max(math.cos(lat), 1e-9)))


@kernel
def _clamped(value: float, most: float) -> int:
    return int(min(max(value, 0.0), most))


@kernel
def _deserted(
    lon: float, lat: float, reach_lon: float, reach_lat: float, grid: Floats, first: Ints
) -> bool:
    """True if no polygon touches any cell within so many degrees of a point."""
    columns = int(grid[3])
    left = _clamped((lon - reach_lon - grid[0]) / grid[2], grid[3])
    right = _clamped((lon + reach_lon - grid[0]) / grid[2], grid[3] - 1.0)
    low = _clamped((lat - reach_lat - grid[1]) / grid[2], grid[4])
    high = _clamped((lat + reach_lat - grid[1]) / grid[2], grid[4] - 1.0)
    for row in range(low, high + 1):
        if first[row * columns + left] < first[row * columns + right + 1]:
            return False
    return True


@kernel
def _root(value: float) -> float:
    return math.sqrt(value) if value > 0.0 else 0.0


@kernel
def _largest(lattice: Floats) -> float:
    largest = 0.0
    for k in range(lattice.shape[0]):
        largest = max(largest, abs(lattice[k, 0]), abs(lattice[k, 1]))
    return largest


@kernel
def count_points(
    lon: float,
    lat: float,
    ee: float,
    en: float,
    nn: float,
    lattice: Floats,
    farthest: float,
    counts: Ints,
    touched: Ints,
    grid: Floats,
    first: Ints,
    owner: Ints,
    inside: Ints,
    start: Ints,
    edges: Floats,
) -> int:
    """Count by polygon how many lattice points of one Gaussian fall in it.

    `counts` (a zero per polygon) is added to; `touched` receives the polygons hit, and their
    number is returned. `farthest` is no less than any coordinate of the lattice. The covariance
    [m2] goes through its Cholesky factor.
    """
    to_lat, to_lon = degrees_per_metre(lat)
    a = _root(ee)
    b = en / a if a > 0.0 else 0.0
    c = _root(nn - b * b)
    hit = 0
    reach_lon, reach_lat = farthest * a * to_lon, farthest * (abs(b) + c) * to_lat
    if _deserted(lon, lat, reach_lon, reach_lat, grid, first):
        return hit
    for k in range(lattice.shape[0]):
        x = lon + a * lattice[k, 0] * to_lon
        y = lat + (b * lattice[k, 0] + c * lattice[k, 1]) * to_lat
        cell = cell_of(x, y, grid)
        if cell < 0 or first[cell] == first[cell + 1]:
            continue
        cx, cy = centre_of(cell, grid)
        for entry in range(first[cell], first[cell + 1]):
            if entry_holds(x, y, cx, cy, entry, inside, start, edges):
                who = owner[entry]
                if counts[who] == 0:
                    touched[hit] = who
                    hit += 1
                counts[who] += 1
    return hit


@kernel
def _sort(values: Ints, count: int) -> None:
    """Insertion sort of the first `count`: a handful, where numba's own sort costs compile time."""
    for i in range(1, count):
        value = values[i]
        k = i
        while k > 0 and values[k - 1] > value:
            values[k] = values[k - 1]
            k -= 1
        values[k] = value


@kernel
def odds(
    lon: Floats,
    lat: Floats,
    covariance: Floats,
    usable: NDArray[np.bool_],
    lattice: Floats,
    polygons: int,
    grid: Floats,
    first: Ints,
    owner: Ints,
    inside: Ints,
    start: Ints,
    edges: Floats,
) -> Ints:
    """Row, polygon and number of lattice points in it, shape (m, 3), sorted by row then polygon.

    `lon`, `lat` (n) [deg], `covariance` (n, 3) east-east, east-north, north-north [m2]; rows that
    are not `usable` or hold a NaN give nothing.
    """
    lattice, grid, first, owner = (
        borrowed(lattice),
        borrowed(grid),
        borrowed(first),
        borrowed(owner),
    )
    inside, start, edges = borrowed(inside), borrowed(start), borrowed(edges)
    out = np.empty((64, 3), dtype=np.int64)
    hits = np.zeros((2, polygons), dtype=np.int64)
    counts, touched = borrowed(hits[0]), borrowed(hits[1])
    used = 0
    farthest = _largest(lattice) * (1.0 + 1e-9)  # the last bit of a product may round up
    for i in range(lon.size):
        ee, en, nn = covariance[i, 0], covariance[i, 1], covariance[i, 2]
        if not usable[i] or not math.isfinite(lon[i] + lat[i] + ee + en + nn):
            continue
        hit = count_points(
            lon[i], lat[i], ee, en, nn, lattice, farthest, counts, touched,
            grid, first, owner, inside, start, edges,
        )  # fmt: skip
        _sort(touched, hit)
        if used + hit > out.shape[0]:
            longer = np.empty((2 * (used + hit), 3), dtype=np.int64)
            for k in range(used):
                for column in range(3):  # a slice here costs four seconds of compiling
                    longer[k, column] = out[k, column]
            out = longer
        for k in range(hit):
            out[used, 0] = i
            out[used, 1] = touched[k]
            out[used, 2] = counts[touched[k]]
            counts[touched[k]] = 0
            used += 1
    outlive(hits)
    return out[:used]
