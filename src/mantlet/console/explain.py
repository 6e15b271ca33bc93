"""`mantlet explain catalogue`: every number of the threats, and where it comes from."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mantlet.threats.catalogue import Number, Source, ThreatClass

WIDTH = 80

_DERIVED = "derived   its own flights"

_WORDS = {
    "range_min_km": "range, shortest",
    "range_max_km": "range, longest",
    "mass_kg": "mass",
    "calibre_mm": "calibre",
    "form_factor": "drag over the curve's",
    "boost_s": "motor burns for",
    "dispersion_range": "scatter along, of range",
    "dispersion_cross": "scatter across, of range",
    "misfire_share": "motor or charge fails",
    "rcs_nose_dbsm": "cross-section, nose",
    "rcs_side_dbsm": "cross-section, side",
    "rcs_tail_dbsm": "cross-section, tail",
    "max_flight_s": "flight, longest (bound)",
}


def catalogue(class_ids: Sequence[str], figure: Path | None) -> None:
    """Print the classes asked for (all, if none is named), and draw their flights."""
    from mantlet.tables.errors import InputError
    from mantlet.threats.catalogue import CLASSES

    unknown = [name for name in class_ids if name not in CLASSES]
    if unknown:
        raise InputError(f"no class {unknown[0]!r}\n    fix: choose from: {', '.join(CLASSES)}")
    wanted = tuple(class_ids) or tuple(CLASSES)
    if figure is not None:
        _draw(wanted, figure)
    for line in _lines(wanted, whole=not class_ids):
        print(line)


def _draw(class_ids: Sequence[str], path: Path) -> None:
    from mantlet.analysis.catalogue_figure import FORMATS, draw_families
    from mantlet.ports.files import DiskFiles
    from mantlet.tables.errors import InputError

    ending = path.suffix.lower().lstrip(".")
    if ending not in FORMATS:
        raise InputError(f"--figure {path}\n    fix: end the name with .{', .'.join(FORMATS)}")
    if not [name for name in class_ids if name != "debris"]:
        raise InputError("--figure: debris has no flights of its own\n    fix: name other classes")
    DiskFiles().write(path, draw_families(class_ids, ending))


def _lines(class_ids: Sequence[str], *, whole: bool) -> Iterator[str]:
    from mantlet.threats.catalogue import CLASSES, sources

    known, used = sources(), dict[str, None]()
    yield from wrap(
        "Generic classes of threat. Rounded numbers; uncertainty is one standard deviation. "
        "Grade: official, press or academic where a source is named, else notional: an "
        "assumption of this project. Flights come from a bank of notional ones.",
        WIDTH,
    )
    for name in class_ids:
        yield from ("", *_class_lines(CLASSES[name]))
        used |= dict.fromkeys(s for number in CLASSES[name].numbers for s in number.source)
    if whole:
        yield from ("", *_curve_lines())
        yield from ("", *_mixture_lines())
        series, named = _series_lines()
        yield from ("", *series)
        used |= dict.fromkeys(named)
    yield from ("", "Sources")
    for source in sorted((known[name] for name in used), key=_source_key):
        yield from _source_lines(source)


def _class_lines(kind: "ThreatClass") -> Iterator[str]:
    from mantlet.threats.families import time_in_air_s

    yield f"{kind.class_id}  {kind.title} (drag curve: {kind.kind})"
    yield f"  {'':26}{'value':>8} {'+-':>8}  {'unit':6}{'grade':10}source"
    for number in kind.numbers:
        yield f"  {_WORDS[number.quantity]:26}{_row(number)}"
    if kind.kind != "debris":
        shortest, _, longest = time_in_air_s(kind.class_id)
        yield f"  {'in the air':26}{f'{shortest:.0f}-{longest:.0f}':>8} {'-':>8}  s     {_DERIVED}"


def _row(number: "Number") -> str:
    unit = "" if number.unit == "1" else number.unit
    source = " ".join(number.source) or "-"
    doubt = f"{number.uncertainty:g}" if number.uncertainty else "-"
    return f"{number.value:8g} {doubt:>8}  {unit:6}{number.grade:10}{source}"


def _curve_lines() -> Iterator[str]:
    """The drag curves' numbers, all of them notional."""
    from mantlet.kernels.dynamics import DRAG_CURVES
    from mantlet.world.drag import FAMILIES

    yield "Drag coefficient by Mach number (notional shapes, no munition's data)"
    yield "            subsonic   at Mach 1  far above   decay  rise at   width"
    for name, family in FAMILIES.items():
        below, at_one, far, decay, centre, width = DRAG_CURVES[family]
        yield (
            f"  {name:8}{below:10g}{at_one:12g}{far:11g}{decay:8g}{centre:9g}{width:8g}   notional"
        )


def _mixture_lines() -> Iterator[str]:
    """How often each class is taken where a campaign states no mixture; notional."""
    from mantlet.threats.raids import CAMPAIGN_MIXTURE

    yield "Share of each class in a campaign that states none (notional)"
    for name, share in CAMPAIGN_MIXTURE.items():
        yield f"  {name:12}{share:6.2f}"


def _series_lines() -> tuple[list[str], list[str]]:
    """The published series of launches behind `profile: published-2021`, and its sources."""
    from mantlet.threats.catalogue import rows_of

    lines = ["Launches of May 2021, cumulative (profile published-2021)"]
    lines.append(f"  {'until (UTC)':18}{'launched':>9}{'short':>7}  {'grade':10}source")
    named = list[str]()
    for row in rows_of("published-2021.csv"):
        given = [name for name in row["source"].split(";") if name != "notional"]
        named += given
        source = " ".join(given) or "-"
        time, short = row["time_utc"][:16].replace("T", " "), row["fell_short"] or "-"
        lines.append(f"  {time:18}{row['launched']:>9}{short:>7}  {row['grade']:10}{source}")
        lines += wrap(row["note"], WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return lines, named


def _source_key(source: "Source") -> tuple[str, int]:
    return source.source_id[0], int(source.source_id[1:])


def _source_lines(source: "Source") -> Iterator[str]:
    text = f"{source.source_id:5} {source.title} ({source.date})"
    yield from wrap(text, WIDTH - 2, initial_indent="  ", subsequent_indent=" " * 8)
    # Never broken: a link must stay one piece for copying, even where it is longer than the line.
    yield f"        {source.link}"
