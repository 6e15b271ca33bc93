"""Drawing for the report: one look for all figures, and the same bytes for the same data.

Figures are sized for a phone and scaled up on wider screens, so their text stays readable at 390
pixels. matplotlib is imported only when something is drawn, without its windowing part.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN = 3.6

INK, QUIET, FAINT = "#1d2733", "#5b6875", "#d8dee4"
LAND, SEA = "#f4f1ea", "#dce9f2"
COLOURS = {
    "intercepted": "#009e73",
    "hit zone": "#d55e00",
    "open ground": "#8a8f98",
    "sea": "#3a87c2",
    "fell short": "#a3568f",
    "launch": "#3d4b5a",
    "alert": "#e69f00",
}
"""After Okabe and Ito: told apart by people with colour-blindness, and in grey print by shape."""

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 8.5,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8.5,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "path.simplify": True,
}

_UNUSED_ID = re.compile(r' id="(?!m[0-9a-f]{10}|p[0-9a-f]{10}|C\d|h[0-9a-f])[^"]*"')
_SIZE = re.compile(r'(<svg[^>]*?) height="[^"]*"([^>]*?) width="[^"]*"', re.S)


@contextmanager
def drawing(name: str) -> Iterator[None]:
    """The house style, and identifiers that depend on the figure's name and content only."""
    import matplotlib

    style: Any = {**_STYLE, "svg.hashsalt": name}
    with matplotlib.rc_context(style):
        yield


def blank(height_in: float, rows: int = 1, **options: Any) -> tuple["Figure", list["Axes"]]:
    """An empty figure of the common width with `rows` axes, one under the other."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_IN, height_in))
    axes = figure.subplots(rows, 1, squeeze=False, **options)
    return figure, list(axes[:, 0])


def svg(figure: "Figure", label: str) -> str:
    """The figure as an inline SVG element that scales to its container."""
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(buffer, format="svg", transparent=True, metadata=nothing)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = _SIZE.sub(r"\1\2", text, count=1)
    text = _UNUSED_ID.sub("", text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{_quoted(label)}" ', 1)


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
