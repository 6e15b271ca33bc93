"""Coverage drawn: the map at a height, and the seconds each town has."""

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from mantlet.analysis.coverage.bands import LEVELS
from mantlet.analysis.coverage.product import Coverage
from mantlet.analysis.figures import INK, QUIET, drawing
from mantlet.analysis.report_map import View, draw_ground, finish_map, name_zones
from mantlet.threats.catalogue import CLASSES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("svg", "png", "pdf")
"""What the figures can be made as."""

_SIZE_IN = 5.6
_BLUES = ("#dbe9f6", "#a9cbe6", "#6aa7d2", "#3380b8", "#155a93")
_SECONDS = (0.0, 15.0, 30.0, 45.0, 60.0, 90.0)
_WARM = ("#7b1f1f", "#c8432b", "#e9893a", "#f3c55c", "#9ec98a", "#4c9a6a", "#1d6b55")
"""From no warning at all to plenty; told apart in grey by their order of lightness, too."""


def draw_coverage(found: Coverage, file_format: str) -> bytes:
    """The combined map: probability of a detection within the stated time, at the height."""
    grid = found.map.grid
    lon, lat = grid.lon_deg, grid.lat_deg
    with drawing("coverage"):
        view = View(float(lon[0]), float(lon[-1]), float(lat[0]), float(lat[-1]))
        figure, axes = _page(view)
        draw_ground(axes, view, found.scenario.surface)
        filled = axes.contourf(lon, lat, found.combined, (*LEVELS, 1.0), colors=_BLUES, alpha=0.75)
        for radar, chance in zip(found.map.radars, found.map.single, strict=True):
            if (chance > 0.5).any():
                axes.contour(lon, lat, chance, (0.5,), colors=QUIET, linewidths=0.7)
            axes.annotate(
                radar.id, (radar.site.lon_deg, radar.site.lat_deg), (4, 4),
                textcoords="offset points", fontsize=7,
            )  # fmt: skip
        _sites(axes, found)
        finish_map(axes, view)
        bar = figure.colorbar(filled, ax=axes, shrink=0.6, pad=0.02)
        bar.set_label(f"probability of a detection within {found.seconds:g} s")
        axes.set_title(
            f"{CLASSES[found.class_id].title} at {found.map.height_m:,.0f} m; "
            "lines: one look at 0.5",
            loc="left",
        )
        return _saved(figure, file_format)


def draw_warning_times(found: Coverage, file_format: str) -> bytes:
    """Median seconds from hearing the alert to the impact, town by town."""
    times, zones = found.times, found.times.zones
    rows = np.flatnonzero(times.flights)
    with drawing("warning time"):
        from matplotlib.colors import BoundaryNorm, ListedColormap

        view = _view(found, rows)
        figure, axes = _page(view)
        draw_ground(axes, view, found.scenario.surface)
        seconds = np.clip(times.warning_s[rows], -999.0, 999.0)
        # The smallest last, on top: a dot that is covered tells nothing.
        order = np.argsort(-zones.population[rows], kind="stable")
        size = 10.0 + 8.0 * np.log10(np.maximum(zones.population[rows], 100.0) / 100.0)
        norm = BoundaryNorm(_SECONDS, len(_WARM), extend="both")
        dots = axes.scatter(
            zones.lon_deg[rows][order], zones.lat_deg[rows][order], size[order],
            seconds[order], cmap=ListedColormap(list(_WARM)), norm=norm, linewidths=0.0,
        )  # fmt: skip
        late = rows[~times.enough[rows]]
        told: dict[str, Any] = {"label": "less than it takes to reach shelter"} if len(late) else {}
        axes.scatter(
            zones.lon_deg[late], zones.lat_deg[late], 46, facecolors="none", edgecolors=INK,
            linewidths=0.8, **told,
        )  # fmt: skip
        name_zones(axes, view, zones, rows[np.argsort(-zones.population[rows], kind="stable")])
        _sites(axes, found)
        finish_map(axes, view)
        bar = figure.colorbar(dots, ax=axes, shrink=0.6, pad=0.02)
        bar.set_label("seconds of warning, median")
        towns = "1 town" if len(rows) == 1 else f"{len(rows)} towns"
        axes.set_title(f"{CLASSES[found.class_id].title}, {towns} in reach", loc="left")
        figure.legend(loc="outside lower left", ncols=2)
        return _saved(figure, file_format)


def _page(view: View) -> tuple["Figure", "Axes"]:
    from matplotlib.figure import Figure

    height_in = float(np.clip(_SIZE_IN * 0.82 * view.aspect, 3.0, 9.0)) + 0.6
    figure = Figure(figsize=(_SIZE_IN, height_in), layout="constrained")
    return figure, figure.subplots()


def _view(found: Coverage, rows: Any) -> View:
    """What holds all towns in reach and the radars, with a margin."""
    zones, sites = found.times.zones, [radar.site for radar in found.map.radars]
    lat = [*zones.lat_deg[rows], *(site.lat_deg for site in sites)]
    lon = [*zones.lon_deg[rows], *(site.lon_deg for site in sites)]
    pad = 0.06 * max(max(lat) - min(lat), max(lon) - min(lon)) + 0.02
    return View(min(lon) - pad, max(lon) + pad, min(lat) - pad, max(lat) + pad)


def _sites(axes: "Axes", found: Coverage) -> None:
    lon = [radar.site.lon_deg for radar in found.map.radars]
    lat = [radar.site.lat_deg for radar in found.map.radars]
    axes.plot(lon, lat, "^", ms=5, mfc="white", mec=INK, mew=1.0, label="radars (notional)")


def _saved(figure: "Figure", file_format: str) -> bytes:
    buffer = io.BytesIO()
    nothing = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(file_format)
    figure.savefig(buffer, format=file_format, metadata=nothing, dpi=140)
    return buffer.getvalue()
