"""`mantlet new`: a scenario for any region of the world, ready to run and to be edited."""

import re
import sys
import unicodedata
from pathlib import Path

from mantlet.console.progress import progress_bar
from mantlet.tables.errors import InputError

_NUMBER = r"\s*([-+]?\d+(?:\.\d*)?)\s*"
_POINT = re.compile(rf"{_NUMBER},{_NUMBER}")
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
RADIUS_KM = 20.0


def new(
    name: str | None, centre: str | None, radius_km: float | None, out: Path | None, force: bool
) -> None:
    """Write a scenario; what is missing is asked for on a terminal, and an error elsewhere."""
    from mantlet.scenario.starting import RADIUS_LEAST_KM, RADIUS_MOST_KM

    centre = centre or _ask("--centre", "Centre (a town's name, or LAT,LON)", None)
    radius = radius_km if radius_km is not None else _radius()
    if not RADIUS_LEAST_KM <= radius <= RADIUS_MOST_KM:
        fix = f"give {RADIUS_LEAST_KM:g} to {RADIUS_MOST_KM:g} km"
        raise InputError(f"--radius-km {radius:g} is out of range\n    fix: {fix}")
    if out is not None:
        _check_free(out, force)
    _write(name, centre, radius, out, force)


def _write(name: str | None, centre: str, radius_km: float, out: Path | None, force: bool) -> None:
    from mantlet.ports.files import DiskFiles
    from mantlet.scenario.importers.geonames import gazetteer
    from mantlet.scenario.importers.region import region
    from mantlet.scenario.starting import Start, scenario_text

    with progress_bar("new") as report:
        report(0.0, 1.0, "reading the places of GeoNames")
        every, version = gazetteer()
    place, lat, lon = _centre(every, centre)
    name = name or _slug(place)
    out = out or Path(f"{name}.yaml")
    _check_free(out, force)
    found = region(every, lat, lon, radius_km)
    title = f"{place}: the places within {radius_km:g} km, and a notional exercise"
    text = scenario_text(Start(name, title[:200], lat, lon, radius_km), found, version)
    _check(text, out)
    DiskFiles().write(out, text.encode())
    people = sum(zone["population"] for zone in found.zones)
    many = "1 place" if len(found.zones) == 1 else f"{len(found.zones):,} places"
    print(f"{place}: {many} with {people:,} people within {radius_km:g} km")
    for line in found.lines:
        print(f"  {line}")
    print(f"wrote {out}\nrun it with: mantlet run {out}")


def _check(text: str, out: Path) -> None:
    from mantlet.scenario.drafts import load_draft

    load_draft(text, out.parent, file=str(out))


def _centre(every: list[object], text: str) -> tuple[str, float, float]:
    """Words, latitude and longitude [deg] of a centre given as a point or by a name."""
    from mantlet.scenario.importers.geonames import find, near

    if (point := _POINT.fullmatch(text)) is None:
        place = find(every, text)
        if place.others:
            print(
                f"{place.name}, {place.country}: the largest of {place.others + 1} places of that "
                "name (say `Name, CC` for one in another country)"
            )
        return f"{place.name}, {place.country}", place.lat_deg, place.lon_deg
    lat, lon = float(point[1]), float(point[2])
    if abs(lat) > 89.0 or abs(lon) > 180.0:
        fix = "write latitude (-89 to 89), longitude (-180 to 180)"
        raise InputError(f"--centre {text.strip()}: not there on the Earth\n    fix: {fix}")
    nearby = near(every, lat, lon, 25.0)
    words = f"Round {lat:g}, {lon:g}"
    return (
        (f"{words} ({nearby[0]['name']}, {nearby[0]['countrycode']})" if nearby else words),
        lat,
        lon,
    )


def _radius() -> float:
    if not _on_terminal():
        return RADIUS_KM
    import typer

    return float(typer.prompt("Radius in km", default=RADIUS_KM, type=float))


def _ask(option: str, words: str, default: str | None) -> str:
    if not _on_terminal():
        raise InputError(f"{option} is missing\n    fix: {option} 'Name' or {option}=LAT,LON")
    import typer

    return str(typer.prompt(words, default=default))


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _check_free(out: Path, force: bool) -> None:
    if out.suffix not in (".yaml", ".yml"):
        raise InputError(f"{out}: a scenario's file ends in .yaml\n    fix: --out NAME.yaml")
    if out.is_dir() or (out.exists() and not force):
        fix = "another --out" + ("" if out.is_dir() else ", or --force to replace it")
        raise InputError(f"{out}: is there already\n    fix: {fix}")


def _slug(words: str) -> str:
    """An identifier out of a place's name; plain `scenario` where none of its letters is Latin."""
    plain = unicodedata.normalize("NFKD", words.split(" (")[0]).encode("ascii", "ignore").decode()
    return _NOT_A_NAME.sub("-", plain.lower()).strip("-")[:60].strip("-") or "scenario"
