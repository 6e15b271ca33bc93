"""A real alert record into the scenario `may-2021-record`, with nothing dropped in silence."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mantlet.scenario.bundled import bundled_paths
from mantlet.scenario.document import parse, read_text
from mantlet.scenario.importers import flights as drawn
from mantlet.scenario.importers.alert_rows import EPOCH, Alert, AlertRecord, read_alert_record
from mantlet.scenario.importers.alert_zones import (
    LIST,
    AlertZone,
    outlined,
    read_alert_zones,
    zones_geojson,
)
from mantlet.scenario.importers.flights import Flight, draw_flights, flights_csv
from mantlet.scenario.importers.landed import SEED, Landed, where_they_land
from mantlet.scenario.importers.outputs import ImportReport, publish
from mantlet.scenario.load import load_scenario
from mantlet.tables.errors import InputError
from mantlet.world import borders

NAME = "may-2021-record"
BASE = "may-2021"
"""The bundled scenario whose radars, batteries and policies are taken over."""

AREAS = ("gaza",)
"""Where the base scenario lets raids begin."""

SPREAD_S = 10.0
"""Notional: flights of one alert start within this time after it."""

_TAKEN_OVER = (
    "radars",
    "batteries",
    "warning",
    "engagement",
    "lethality",
    "observation",
    "air",
    "areas",
)


@dataclass(frozen=True)
class AlertImport:
    """What an import found and made; `bursts` are the usable ones, `landed` tells of `flights`."""

    record: AlertRecord
    bursts: tuple[tuple[Alert, ...], ...]
    zones: tuple[AlertZone, ...]
    flights: tuple[Flight, ...]
    landed: Landed


def import_alerts(file: Path, zones_dir: Path | None, out: Path) -> ImportReport:
    """Turn an alert record into a scenario.

    Parameters
    ----------
    file : Path
        CSV with the columns time_utc, name_he and category (others are ignored).
    zones_dir : Path or None
        Folder with `zones.csv` and `zones_polygons.geojson`; if None, it is looked for in the
        record's own folder and in `zones_israel` beside that.
    out : Path
        Scenario file to write (.yaml), or a folder for `may-2021-record.yaml`. The zones
        (.geojson) and the flights (.csv) go beside it under the same name.

    Raises
    ------
    InputError
        With every mistake in the files given; nothing is written then.
    """
    path = out if out.suffix in (".yaml", ".yml") else out / f"{NAME}.yaml"
    made = read_and_draw(file, zones_dir or _find_zones(file))
    lines = report_lines(made)
    files = publish(
        path.parent,
        {
            f"{path.stem}-zones.geojson": zones_geojson(made.zones),
            f"{path.stem}-flights.csv": flights_csv(made.flights, SPREAD_S),
            path.name: _scenario(path.stem, made),
        },
    )
    return ImportReport(files, lines)


def _find_zones(file: Path) -> Path:
    if not file.is_file():
        raise InputError(f"{file}: no such file\n    fix: check the path")
    tried = (file.parent, file.parent.parent / "zones_israel")
    for folder in tried:
        if (folder / LIST).is_file():
            return folder
    raise InputError(
        f"{file}: no {LIST} in {' or '.join(map(str, tried))}\n"
        "    fix: give its folder with --zones"
    )


def read_and_draw(file: Path, zones_dir: Path) -> AlertImport:
    """Everything an import does short of writing; errors as `import_alerts`."""
    listed = read_alert_zones(zones_dir)
    record = read_alert_record(file, listed)
    bursts = tuple(usable for burst in record.bursts() if (usable := _usable(burst)))
    if not bursts:
        raise InputError(
            f"{file}: no name matches a zone of {zones_dir / LIST}\n"
            "    fix: check that both files hold Hebrew names in UTF-8"
        )
    alerted = {alert.zone.zone_id for alert in record.alerts if alert.zone is not None}
    kept = [
        zone
        for zone in listed.values()
        if zone.zone_id in alerted or (zone.listed and zone.gaza_front)
    ]
    zones = outlined(kept)
    flights = draw_flights(bursts, zones, borders.bundled("levant"))
    landed = where_they_land(flights, SPREAD_S, zones, AREAS, load_scenario(BASE))
    return AlertImport(record, bursts, zones, flights, landed)


def _usable(burst: tuple[Alert, ...]) -> tuple[Alert, ...]:
    return tuple(alert for alert in burst if alert.zone is not None and not alert.northern)


def report_lines(made: AlertImport) -> tuple[str, ...]:
    """What to tell: counts, every name without a zone, what was set aside, the ledger."""
    record = made.record
    unmatched = record.unmatched
    matched = len(record.alerts) - unmatched.total()
    bursts = record.bursts()
    lines = [
        f"{record.rows:,} rows; {len(record.alerts):,} rocket alerts of 10 to 21 May 2021 (local); "
        f"{record.outside:,} of other days and {record.other_categories:,} of other kinds left out",
        f"{matched:,} of {len(record.alerts):,} rows and {len(record.names) - len(unmatched)} of "
        f"{len(record.names)} names match a zone",
        *[f"no zone for {name}: {rows} row(s)" for name, rows in sorted(unmatched.items())],
        *[
            f"set aside as fire from Lebanon: {name}: {rows} row(s)"
            for name, rows in sorted(record.northern.items())
        ],
        f"{len(bursts)} bursts (a national gap over 60 s ends one), {len(made.bursts)} of them "
        "with alerts in matched zones of the Gaza front",
        *_zone_lines(made.zones),
        *_ledger_lines(Counter(flight.fate for flight in made.flights)),
        *_landed_lines(made.landed),
    ]
    return tuple(lines)


def _zone_lines(zones: tuple[AlertZone, ...]) -> list[str]:
    shelter = Counter(zone.shelter_from for zone in zones)
    people = Counter(zone.population_from for zone in zones)
    outline = Counter(zone.outline_from for zone in zones)
    return [
        f"{len(zones)} zones: those alerted and those of the Gaza front listed in 2021 or 2022",
        *[
            f"  {what}: " + ", ".join(f"{name} {count}" for name, count in counted.most_common())
            for what, counted in (
                ("outline", outline),
                ("people", people),
                ("time to shelter", shelter),
            )
        ],
    ]


def _ledger_lines(fates: Counter[str]) -> list[str]:
    return [
        f"{fates.total():,} flights: {fates['zone']:,} toward alerted zones, {fates['short']} "
        f"falling short, {fates['sea']} into the sea, {fates['open']:,} toward open ground",
        f"the published parts make {drawn.DISCREPANCY} more than the {drawn.FIRED:,} fired "
        f"({drawn.IGNORED:,} ignored + {drawn.INTERCEPTED:,} intercepted + {drawn.MISSED} missed + "
        f"{drawn.SHORT} short + {drawn.SEA} sea); open ground was cut by that",
    ]


def _landed_lines(landed: Landed) -> list[str]:
    """What was drawn against where it comes down: a flight keeps to its point by kilometres."""
    words = (
        ("zone", "toward alerted zones"),
        ("short", "falling short"),
        ("sea", "into the sea"),
        ("open", "toward open ground"),
    )
    return [
        f"drawn to the kilometre, under seed {SEED} and with nothing stopped they land:",
        *[
            f"  {landed.counts[fate].total():,} {drawn_as}: {landed.of(fate)}"
            for fate, drawn_as in words
        ],
        f"  {landed.alerted:,} of {landed.counts['zone'].total():,} toward alerted zones land in "
        f"their zone or within {landed.margin_m:g} m of it, the margin of alerts",
    ]


def _notes(made: AlertImport) -> list[str]:
    """The method, for everybody who reads the scenario or its report (at most 200 each)."""
    unmatched = made.record.unmatched
    return [
        "In-sample: alerts. The raids were made from an alert record; agreement with those "
        "alerts in time and place confirms nothing.",
        f"Record: {len(made.record.alerts):,} Home Front Command rocket alerts of 10-21 May 2021, "
        f"{len(made.record.bursts())} bursts (a national gap over 60 s ends one).",
        f"{unmatched.total()} rows of {len(unmatched)} names match no zone; "
        f"{made.record.northern.total()} rows are set aside as fire from Lebanon.",
        "Alerts are threatened zones, not falls: flights start at the time of an alert, toward its "
        f"zone; {drawn.THREATENING:,} in all (1,450 intercepted + 160 missed, published, S65).",
        "They are shared out over the bursts in proportion to their alerts, at least one each, "
        "and evenly over a burst's alerts.",
        f"What nobody was alerted for is drawn at the times of bursts: {drawn.SHORT} fell short, "
        f"{drawn.SEA} at sea (S65), {drawn.OPEN:,} in open ground (the rest of {drawn.FIRED:,}).",
        "Published totals mix rockets and mortar bombs; no artillery shell was reported in May "
        "2021, so none is flown.",
        *[line.strip().replace("drawn to", "Drawn to") for line in _landed_lines(made.landed)],
        f"The published parts make {drawn.DISCREPANCY} more than were fired (1,963 + 1,450 + 160 + "
        "680 + 280 = 4,533); open ground was cut by that.",
        f"Notional: classes by distance, a quarter mortar bombs within {drawn.MORTAR_REACH_KM:g} "
        f"km; {SPREAD_S:g} s between alert and flight.",
        f"Notional: open falls some {drawn.OPEN_SPREAD_KM:g} km or more from an alerted zone, "
        f"their points at least {drawn.CLEARANCE_KM:g} km from every zone and from Gaza.",
        "Time to shelter: official list of 2022, else of 2021 (not its 60 s), else by distance "
        "from Gaza. Zones without an outline: a disc by population.",
        f"Radars, batteries and policies are those of the bundled {BASE}; sites are notional.",
    ]


def _scenario(stem: str, made: AlertImport) -> str:
    base_path = bundled_paths()[BASE]
    base = parse(read_text(base_path), str(base_path)).values
    values: dict[str, Any] = {
        "name": NAME,
        "title": "Eleven days of May 2021 after the alert record; sites are notional",
        "epoch": EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "notes": _notes(made),
        "places": {"file": f"{stem}-zones.geojson"},
        "coast": {"bundled": "levant"},
        **{key: base[key] for key in _TAKEN_OVER if key in base},
        "raids": [{"kind": "record", "file": f"{stem}-flights.csv", "areas": list(AREAS)}],
    }
    text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=1_000)
    return "# Made by `mantlet import alerts`; the method is in the notes.\n" + text
