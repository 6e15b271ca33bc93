"""Polygons cut up by a grid of cells, so that a point is looked up in nanoseconds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import polygons as kernels

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_CELLS = 1_000_000
_SLACK = 1e-9  # of a cell: an edge on the line between two cells is kept in both


@dataclass(frozen=True)
class CellIndex:
    """Packed polygons; the arrays are described in `kernels.polygons`."""

    polygons: int
    grid: Floats
    first: Ints
    owner: Ints
    inside: Ints
    start: Ints
    edges: Floats

    @property
    def arrays(self) -> tuple[Floats, Ints, Ints, Ints, Ints, Floats]:
        """In the order the kernels take them."""
        return self.grid, self.first, self.owner, self.inside, self.start, self.edges

    def locate(self, lat_deg: Floats, lon_deg: Floats) -> Ints:
        """Number of the first polygon that holds each point, shape (n,); -1 where none does."""
        lon = np.require(lon_deg, np.float64, ["C", "W"])
        lat = np.require(lat_deg, np.float64, ["C", "W"])
        return kernels.locate(lon, lat, *self.arrays)


def index_rings(
    rings: list[Floats] | tuple[Floats, ...], owners: Ints, polygons: int, cell_deg: float = 0.005
) -> CellIndex:
    """Build the index.

    Parameters
    ----------
    rings : arrays (k, 2)
        Longitude, latitude [deg], each closed (last point = first). All rings of a polygon, outer
        ones and holes alike: a point is inside when it is inside an odd number of them.
    owners : (len(rings),)
        The polygon each ring belongs to, 0 to `polygons` - 1.
    polygons : int
        How many there are.
    cell_deg : float
        Size of a cell; enlarged where the grid would pass a million cells.
    """
    ends = [_ends(ring) for ring in rings]
    edges = np.concatenate([np.empty((0, 4)), *ends])
    owner = np.repeat(np.asarray(owners, dtype=np.int64), [len(e) for e in ends])
    grid = _grid_over(edges, cell_deg)
    rows = _rows_of(edges, grid)
    keys, pair_edges, offsets = _crossed_cells(edges, owner, grid, *rows, polygons)
    held = _held_centres(edges, owner, grid, *rows, polygons)
    every = np.union1d(keys, held)
    counts = np.zeros(len(every), dtype=np.int64)
    counts[np.searchsorted(every, keys)] = np.diff(offsets)
    columns = int(grid[3] * grid[4])
    return CellIndex(
        polygons,
        grid,
        np.searchsorted(every // max(polygons, 1), np.arange(columns + 1)).astype(np.int64),
        every % max(polygons, 1),
        np.isin(every, held, assume_unique=True).astype(np.int64),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.ascontiguousarray(edges[pair_edges]),
    )


def _ends(ring: Floats) -> Floats:
    """Edges x1, y1, x2, y2, the smaller end first so that neighbours share them to the bit."""
    a, b = ring[:-1], ring[1:]
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    return np.where(swap[:, None], np.hstack([b, a]), np.hstack([a, b]))


def _grid_over(edges: Floats, cell: float) -> Floats:
    if not len(edges):
        return np.array([0.0, 0.0, cell, 0.0, 0.0])
    x0, x1 = edges[:, [0, 2]].min() - cell, edges[:, [0, 2]].max() + cell
    y0, y1 = edges[:, [1, 3]].min() - cell, edges[:, [1, 3]].max() + cell
    cell = max(cell, float(np.sqrt((x1 - x0) * (y1 - y0) / _MOST_CELLS)))
    # An offset no map uses keeps cell centres off the outlines' own round numbers.
    x0, y0 = x0 - cell / np.pi, y0 - cell / np.e
    return np.array([x0, y0, cell, np.ceil((x1 - x0) / cell) + 1, np.ceil((y1 - y0) / cell) + 1])


def _expand(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """(index, value) for every whole value from `low` to `high` inclusive, index by index."""
    counts = np.maximum(high - low + 1, 0)
    index = np.repeat(np.arange(len(low)), counts)
    begin = np.cumsum(counts) - counts
    return index, np.arange(len(index)) - begin[index] + low[index]


def _rows_of(edges: Floats, grid: Floats) -> tuple[Ints, Ints]:
    low = (np.minimum(edges[:, 1], edges[:, 3]) - grid[1]) / grid[2]
    high = (np.maximum(edges[:, 1], edges[:, 3]) - grid[1]) / grid[2]
    return _expand(_floor(low - _SLACK), _floor(high + _SLACK))


def _floor(values: Floats) -> Ints:
    return np.floor(values).astype(np.int64)


def _key(cell: Ints, owner: Ints, polygons: int) -> Ints:
    return cell * max(polygons, 1) + owner


def _crossed_cells(
    edges: Floats, owner: Ints, grid: Floats, edge: Ints, row: Ints, polygons: int
) -> tuple[Ints, Ints, Ints]:
    """Sorted keys of (cell, polygon) pairs with edges; those edges; offsets by pair."""
    x1, y1, x2, y2 = edges[edge].T
    v1, v2 = (y1 - grid[1]) / grid[2], (y2 - grid[1]) / grid[2]
    flat = v1 == v2
    span = np.where(flat, 1.0, v2 - v1)
    ends = [
        np.where(flat, end, np.clip((bound - v1) / span, 0.0, 1.0))
        for bound, end in ((row - _SLACK, 0.0), (row + 1 + _SLACK, 1.0))
    ]
    u = [(x1 + t * (x2 - x1) - grid[0]) / grid[2] for t in ends]
    pair, column = _expand(_floor(np.minimum(*u) - _SLACK), _floor(np.maximum(*u) + _SLACK))
    keys = _key(row[pair] * int(grid[3]) + column, owner[edge[pair]], polygons)
    order = np.lexsort((edge[pair], keys))
    keys, begin = np.unique(keys[order], return_index=True)
    return keys, edge[pair][order], np.append(begin, len(order)).astype(np.int64)


def _held_centres(
    edges: Floats, owner: Ints, grid: Floats, edge: Ints, row: Ints, polygons: int
) -> Ints:
    """Keys of (cell, polygon) pairs whose cell centre is inside the polygon."""
    x1, y1, x2, y2 = edges[edge].T
    cy = grid[1] + (row + 0.5) * grid[2]
    cut = (y1 <= cy) != (y2 <= cy)
    x1, y1, x2, y2, cy, row, who = (a[cut] for a in (x1, y1, x2, y2, cy, row, owner[edge]))
    at = x1 + (cy - y1) * (x2 - x1) / (y2 - y1)
    order = np.lexsort((at, row, who))
    u = ((at - grid[0]) / grid[2] - 0.5)[order]
    # Along a row's centre line the polygon lies between crossings 0-1, 2-3, ...
    pair, column = _expand(_floor(u[0::2]) + 1, _floor(u[1::2]))
    chosen = order[0::2][pair]
    return np.unique(_key(row[chosen] * int(grid[3]) + column, who[chosen], polygons))
