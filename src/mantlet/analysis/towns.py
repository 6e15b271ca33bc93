"""The run place by place, for planners: what came down, who was told, and how early."""

import csv
import io
import math

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.alert_quality import AlertQuality, Falls, rows_of_zones
from mantlet.analysis.intervals import median_ranks
from mantlet.tables import Outcomes, Threats, Towns, Zones
from mantlet.warning.lead import shelter_margin_s

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOWNS_FILE = "towns.csv"

_DECIMALS = {"lat_deg": 5, "lon_deg": 5, "population": 0}


def towns_of(
    quality: AlertQuality, falls: Falls, threats: Threats, outcomes: Outcomes, zones: Zones
) -> Towns:
    """Sum up each populated zone; `quality` and `falls` are those of the whole run."""
    places = len(zones)

    def count(zone: Ints) -> Ints:
        return np.bincount(zone, minlength=places)

    warning = _warnings(quality, places)
    early = shelter_margin_s(quality.lead_s, quality.shelter_time_s) >= 0
    headed = count(falls.zone)
    pieces = (threats.parent_id >= 0) & (outcomes.fate == "hit zone")
    columns = {
        "zone_id": zones.zone_id,
        "name": zones.name,
        "lat_deg": zones.lat_deg,
        "lon_deg": zones.lon_deg,
        "population": zones.population,
        "shelter_time_s": zones.shelter_time_s,
        "headed": headed,
        "landed": count(falls.zone[quality.fall_landed]),
        "unwarned": count(falls.zone[quality.fall_missed]),
        "debris": count(rows_of_zones(outcomes.zone_id[pieces], zones)),
        "alerts": count(quality.alert_zone),
        "needless": count(quality.alert_zone[~quality.needed]),
        "timed": count(quality.lead_zone),
        "in_time": count(quality.lead_zone[early]),
        "warning_median_s": warning[:, 0],
        "warning_low_s": warning[:, 1],
        "warning_high_s": warning[:, 2],
        "warning_p10_s": warning[:, 3],
    }
    order = np.lexsort((zones.zone_id, -zones.population, -headed))
    return Towns(**columns).take(order[zones.population[order] > 0])


def _warnings(quality: AlertQuality, places: int) -> Floats:
    """Median, its interval and the 10th percentile of each zone's warnings (places, 4)."""
    found = np.full((places, 4), np.nan)
    if not len(quality.lead_s):
        return found
    order = np.lexsort((quality.lead_s, quality.lead_zone))
    zone, lead_s = quality.lead_zone[order], quality.lead_s[order]
    names, firsts = np.unique(zone, return_index=True)
    for place, mine in zip(names, np.split(lead_s, firsts[1:]), strict=True):
        found[place, 0], found[place, 3] = np.percentile(mine, (50, 10))
        ranks = median_ranks(len(mine))
        if ranks is not None:
            found[place, 1:3] = mine[list(ranks)]
    return found


def towns_csv(towns: Towns) -> str:
    """The table as CSV text (UTF-8, a heading, empty where nothing is known)."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    names = list(Towns.columns())
    writer.writerow(names)
    columns = [[_shown(name, x) for x in getattr(towns, name).tolist()] for name in names]
    writer.writerows(zip(*columns, strict=True))
    return file.getvalue()


def _shown(name: str, value: object) -> object:
    if not isinstance(value, float):
        return value
    return "" if math.isnan(value) else f"{value:.{_DECIMALS.get(name, 1)}f}"
