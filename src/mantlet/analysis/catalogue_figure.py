"""The catalogue drawn: each class's family of trajectories, side by side."""

import io
from collections.abc import Sequence

from mantlet.analysis.figures import INK, QUIET, drawing
from mantlet.threats.catalogue import CLASSES
from mantlet.threats.families import family

FORMATS = ("svg", "png", "pdf")
"""What `draw_families` can make."""

_ACROSS = 2
_PANEL_IN = (3.6, 1.9)


def draw_families(class_ids: Sequence[str], file_format: str) -> bytes:
    """A figure with one panel per class: height over distance [km], each on its own scale.

    Debris is left out: it has no flights of its own. Equal input gives equal bytes on one
    platform.
    """
    drawn = [name for name in class_ids if CLASSES[name].kind != "debris"]
    with drawing("catalogue"):
        from matplotlib.figure import Figure

        down = -(-len(drawn) // _ACROSS)
        figure = Figure(figsize=(_ACROSS * _PANEL_IN[0], down * _PANEL_IN[1]), layout="constrained")
        axes = figure.subplots(down, _ACROSS, squeeze=False).ravel()
        for axis, name in zip(axes, drawn, strict=False):
            for along_km, height_km in family(name):
                axis.plot(along_km, height_km, color=INK, linewidth=0.7, alpha=0.75)
            axis.set_title(CLASSES[name].title, loc="left", color=QUIET)
            axis.set(xlim=(0.0, None), ylim=(0.0, None), xlabel="km", ylabel="height, km")
            axis.grid(True)
        for axis in axes[len(drawn) :]:
            axis.set_axis_off()
        buffer = io.BytesIO()
        nothing = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(file_format)
        figure.savefig(buffer, format=file_format, metadata=nothing, dpi=100)
    return buffer.getvalue()
