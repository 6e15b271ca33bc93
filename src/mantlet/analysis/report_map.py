"""The report's map: coast and borders, alerted zones, where things came down or were stopped."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mantlet.analysis.figures import COLOURS, INK, LAND, QUIET, SEA, WIDTH_IN, blank, drawing, svg
from mantlet.tables import Zones
from mantlet.tables.run import RunTables
from mantlet.world.borders import Surface
from mantlet.world.earth import Site

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_METRES_PER_DEGREE = 111_195.0

MARKS = {
    "open ground": ("o", 2.4),
    "sea": ("o", 2.4),
    "fell short": ("v", 3.4),
    "intercepted": ("x", 4.2),
    "hit zone": ("D", 3.4),
}
"""Marker and size of each fate, drawn in this order."""

CROWD = 400
"""Of more launches than this, markers shrink so that the map stays readable."""

MOST_MARKS = 1_500
"""Of each fate; beyond this many, every second, third, ... is drawn, and the legend says so."""

NAMED_ZONES = 7
LETTER, LINE = 0.021, 0.049
"""Width of a letter and height of a line of those names, as shares of the map: a rough guide."""


@dataclass(frozen=True)
class View:
    """The piece of ground shown: longitude and latitude limits [deg]."""

    west: float
    east: float
    south: float
    north: float

    @property
    def aspect(self) -> float:
        """Height over width on the ground."""
        return (self.north - self.south) / ((self.east - self.west) * self.shrink)

    @property
    def shrink(self) -> float:
        """Length of a degree of longitude over one of latitude."""
        return float(np.cos(np.radians((self.south + self.north) / 2)))

    def holds(self, rings: list[Floats]) -> Flags:
        """Which rings (k, 2) of lon, lat reach into the view."""
        boxes = np.array([[*r.min(axis=0), *r.max(axis=0)] for r in rings]).reshape(-1, 4)
        return (
            (boxes[:, 0] < self.east)
            & (boxes[:, 2] > self.west)
            & (boxes[:, 1] < self.north)
            & (boxes[:, 3] > self.south)
        )


def ground_map(tables: RunTables, surface: Surface, sites: dict[str, list[Site]]) -> str:
    """Draw the map. `sites` by the word for the legend; their positions are notional."""
    view = view_of(tables, sites)
    with drawing("map"):
        height_in = float(np.clip(0.96 * WIDTH_IN * view.aspect, 2.4, 7.5))
        figure, (axes,) = blank(height_in + 0.62)
        figure.subplots_adjust(left=0.02, right=0.98, top=0.995, bottom=0.58 / (height_in + 0.62))
        draw_ground(axes, view, surface)
        _zones(axes, view, tables)
        shrink = _shrink(tables)
        entries = _fates(axes, tables, shrink)
        entries += [_sites(axes, words, held) for words, held in sites.items() if held]
        finish_map(axes, view)
        axes.legend(handles=entries, loc="upper center", bbox_to_anchor=(0.5, -0.005), ncols=3,
                    handletextpad=0.2, columnspacing=1.0, borderaxespad=0.1)  # fmt: skip
        return svg(figure, "Map of impacts, intercepts and alerted zones")


def view_of(tables: RunTables, sites: dict[str, list[Site]]) -> View:
    """Limits that hold all sites and nearly all impacts, with a margin."""
    launched = tables.threats.parent_id < 0
    lat = [s.lat_deg for held in sites.values() for s in held]
    lon = [s.lon_deg for held in sites.values() for s in held]
    if launched.any():
        # One stray flight must not shrink everything else.
        lat += list(np.percentile(tables.threats.impact_lat_deg[launched], (0.5, 99.5)))
        lon += list(np.percentile(tables.threats.impact_lon_deg[launched], (0.5, 99.5)))
    if not lat:
        lat, lon = list(tables.zones.lat_deg) or [0.0], list(tables.zones.lon_deg) or [0.0]
    pad = 0.06 * max(max(lat) - min(lat), max(lon) - min(lon)) + 0.01
    return View(min(lon) - pad, max(lon) + pad, min(lat) - pad, max(lat) + pad)


def draw_ground(axes: "Axes", view: View, surface: Surface) -> None:
    """Land on a blue sea, with the borders."""
    from matplotlib.collections import PolyCollection

    axes.axvspan(view.west, view.east, color=SEA, lw=0)
    rings = list(surface.rings)
    if rings:
        kept = [ring for ring, near in zip(rings, view.holds(rings), strict=True) if near]
        axes.add_collection(PolyCollection(kept, facecolors=LAND, edgecolors=QUIET, linewidths=0.6))


def _zones(axes: "Axes", view: View, tables: RunTables) -> None:
    """Alerted zones, darker the more often; the others faint; the largest alerted ones named."""
    from matplotlib.collections import PolyCollection

    zones, alerts = tables.zones, tables.alerts
    if not len(zones):
        return
    order = np.argsort(zones.zone_id, kind="stable")
    begun = alerts.zone_id[alerts.kind == "alert"]
    at = order[np.searchsorted(zones.zone_id[order], begun)]
    times = np.bincount(at, minlength=len(zones))
    outer = shapely.get_exterior_ring(shapely.get_geometry(shapely.from_wkb(zones.polygon), 0))
    outer = np.where(shapely.is_missing(outer), shapely.get_exterior_ring(
        shapely.from_wkb(zones.polygon)), outer)  # fmt: skip
    rings = [shapely.get_coordinates(ring) for ring in outer]
    near = view.holds(rings)
    level = times / max(times.max(), 1)
    faces = [(0.90, 0.62, 0.0, 0.15 + 0.6 * s) if s else (0, 0, 0, 0.04) for s in level[near]]
    kept = [ring for ring, inside in zip(rings, near, strict=True) if inside]
    axes.add_collection(
        PolyCollection(kept, facecolors=faces, edgecolors="#00000038", linewidths=0.3)
    )
    named = np.argsort(-zones.population * (times > 0) * near, kind="stable")
    name_zones(axes, view, zones, named[times[named] > 0])


def name_zones(axes: "Axes", view: View, zones: Zones, rows: Ints) -> None:
    """Name the first few of `rows` that have room for it."""
    taken: list[tuple[float, float, float]] = []
    for row in rows:
        x = (zones.lon_deg[row] - view.west) / (view.east - view.west)
        y = (zones.lat_deg[row] - view.south) / (view.north - view.south)
        length = LETTER * len(zones.name[row])
        leftward = x > 0.75
        left = x - length if leftward else x
        free = all(left + length < a or a + n < left or abs(y - b) > LINE for a, b, n in taken)
        if not (free and 0.0 < left < 1.0 - length and LINE < y < 1.0 - LINE):
            continue
        spot = (zones.lon_deg[row], zones.lat_deg[row])
        axes.annotate(zones.name[row], spot, (-3 if leftward else 3, 3), fontsize=7,
                      textcoords="offset points", ha="right" if leftward else "left")  # fmt: skip
        taken.append((left, y, length))
        if len(taken) == NAMED_ZONES:
            return


def _shrink(tables: RunTables) -> float:
    launches = int((tables.threats.parent_id < 0).sum())
    return float(min((CROWD / max(launches, 1)) ** 0.25, 1.0))


def _fates(axes: "Axes", tables: RunTables, shrink: float) -> list[Any]:
    launched = tables.threats.parent_id < 0
    lat, lon = tables.threats.impact_lat_deg.copy(), tables.threats.impact_lon_deg.copy()
    stopped = np.flatnonzero(tables.outcomes.shot_id >= 0)
    if len(stopped):
        shots = tables.shots
        order = np.argsort(shots.shot_id, kind="stable")
        row = order[np.searchsorted(shots.shot_id[order], tables.outcomes.shot_id[stopped])]
        lat[stopped], lon[stopped] = shots.aim_lat_deg[row], shots.aim_lon_deg[row]
    entries = []
    for fate, (marker, size) in MARKS.items():
        rows = np.flatnonzero(launched & (tables.outcomes.fate == fate))
        if not len(rows):
            continue
        every = -(-len(rows) // MOST_MARKS)
        look: dict[str, Any] = {
            "marker": marker,
            "ls": "",
            "color": COLOURS[fate],
            "mew": float(marker == "x"),
        }
        axes.plot(lon[rows[::every]], lat[rows[::every]], ms=shrink * size, alpha=0.85, **look)
        words = fate if every == 1 else f"{fate} (1 in {every})"
        entries += axes.plot([], [], ms=size, label=words, **look)  # the legend at full size
    return entries


def _sites(axes: "Axes", words: str, held: list[Site]) -> Any:
    marker = "^" if "radar" in words else "s"
    lon, lat = [s.lon_deg for s in held], [s.lat_deg for s in held]
    return axes.plot(lon, lat, marker, ms=4.5, mfc="white", mec=INK, mew=1.0, label=words)[0]


def finish_map(axes: "Axes", view: View) -> None:
    """Limits, true proportions, no frame, a scale bar."""
    axes.set_xlim(view.west, view.east)
    axes.set_ylim(view.south, view.north)
    axes.set_aspect(1 / view.shrink)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    _scale_bar(axes, view)


def _scale_bar(axes: "Axes", view: View) -> None:
    width_km = (view.east - view.west) * view.shrink * _METRES_PER_DEGREE / 1000
    length_km = next(k for k in (100, 50, 20, 10, 5, 2, 1, 0.5) if k < width_km / 3 or k == 0.5)
    degrees = length_km * 1000 / (_METRES_PER_DEGREE * view.shrink)
    x = view.west + 0.04 * (view.east - view.west)
    y = view.south + 0.03 * (view.north - view.south)
    axes.plot([x, x + degrees], [y, y], color=INK, lw=1.5, solid_capstyle="butt")
    axes.annotate(f"{length_km:g} km", (x + degrees / 2, y), (0, 3), ha="center",
                  textcoords="offset points", fontsize=7.5)  # fmt: skip
