"""An alert record into a scenario: on invented rows, and (marked) on the real record."""

import csv
import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantlet.ports.draws import Draws
from mantlet.scenario.importers.alert_zones import matching_name, read_alert_zones
from mantlet.scenario.importers.alerts import import_alerts, read_and_draw, report_lines
from mantlet.scenario.importers.flights import (
    CLEARANCE_KM,
    DISCREPANCY,
    FIRED,
    OPEN,
    THREATENING,
    apportion,
)
from mantlet.scenario.importers.landed import SEED
from mantlet.scenario.importers.shelter import distance_km, shelter_time_s
from mantlet.scenario.load import load_scenario
from mantlet.tables.errors import InputError
from mantlet.threats.flights import draw_threats
from mantlet.threats.salvos import plan
from mantlet.world.borders import bundled
from mantlet.world.places import read_zones
from mantlet.world.zones import ZoneMap

ZONES = [
    # id, name, lat, lon, listed 2021, raw 2021, 2022, km Gaza, km Lebanon, people 2021, 2026
    (1, "שדרות", 31.525, 34.597, 1, "15", "15", 3.4, 170, "30000", "35000"),
    (2, 'בני עי"ש', 31.786, 34.751, 1, "60", "", 33.0, 140, "", "7000"),
    (3, "ראש העין, מזרח", 32.09, 34.97, 1, "60", "90", 70.0, 110, "50000", ""),
    (4, "עכו", 32.93, 35.08, 1, "30", "30", 160.0, 17.0, "48000", ""),
    (5, "ניר עוז", 31.31, 34.40, 0, "", "", 2.0, 180, "", ""),
    (6, "נתיבות", 31.42, 34.59, 1, "30", "", 9.8, 180, "36000", ""),
]
HEADER = (
    *("zone_id", "name_he", "lat", "lon", "in_2021", "countdown_2021_raw_s", "countdown_2022_s"),
    *("dist_gaza_km", "dist_lebanon_km", "population_2021", "population_2026"),
    *("name_en", "in_2022"),
)


def write_zones(folder, rows=ZONES, outlined=(1, 3, 4, 5)):
    folder.mkdir(exist_ok=True)
    with (folder / "zones.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *[[*row, f"Zone {row[0]}", 0] for row in rows]])
    features = [
        {
            "type": "Feature",
            "properties": {"zone_id": row[0]},
            "geometry": {"type": "Polygon", "coordinates": [box(row[3], row[2])]},
        }
        for row in rows
        if row[0] in outlined
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "zones_polygons.geojson").write_text(text, encoding="utf-8")
    return folder


def box(lon, lat, half=0.01):
    return [
        [round(lon + x * half, 5), round(lat + y * half, 5)]
        for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ]


def write_alerts(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("time_utc", "name_he", "category", "rid"), *rows])
    return path


ROWS = [
    ("2021-05-09T20:59:59Z", "שדרות", 1, 1),  # the day before
    ("2021-05-10T15:00:00Z", "שדרות", 1, 2),
    ("2021-05-10T15:01:00Z", "בני עי''ש", 1, 3),  # 60 s: the same burst; other quote marks
    ("2021-05-10T15:02:01Z", "ראש  העין, מזרח", 1, 4),  # 61 s: the next one; two spaces
    ("2021-05-10T15:02:01Z", "אין כזה", 1, 5),  # a name in no list
    ("2021-05-19T13:00:00Z", "עכו", 1, 6),  # fire from Lebanon
    ("2021-05-20T01:00:00Z", "שדרות", 10, 7),  # another kind of alert
    ("2021-05-20T02:00:00Z", "שדרות", 1, 8),
    ("2021-05-20T02:00:00Z", "שדרות", 1, 9),  # a repeated row counts twice
    ("2021-05-21T20:59:59Z", "ניר עוז", 1, 10),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The small record read and drawn."""
    folder = tmp_path_factory.mktemp("small")
    zones = write_zones(folder / "zones_israel")
    return read_and_draw(write_alerts(folder / "alerts.csv", ROWS), zones)


def test_names_match_without_quote_marks_and_double_spaces():
    assert matching_name("בני עי''ש") == matching_name('בני עי"ש') == matching_name("בני עי״ש")
    assert matching_name(" ראש  העין, מזרח\u200f") == "ראש העין, מזרח"
    assert matching_name("אל־עזי") == matching_name("אל-עזי")
    assert matching_name("שדרות") != matching_name("שדרות, איבים")


def test_every_row_is_accounted_for(small):
    record = small.record
    assert (record.rows, record.outside, record.other_categories) == (10, 1, 1)
    assert len(record.alerts) == 8
    assert record.unmatched == {"אין כזה": 1}
    assert record.northern == {"Zone 4": 1}
    lines = "\n".join(report_lines(small))
    assert "no zone for אין כזה: 1 row" in lines
    assert "fire from Lebanon: Zone 4: 1 row" in lines
    assert "7 of 8 rows and 5 of 6 names match" in lines


def test_a_gap_over_sixty_seconds_ends_a_burst(small):
    assert [len(burst) for burst in small.record.bursts()] == [2, 2, 1, 2, 1]
    assert [len(burst) for burst in small.bursts] == [2, 1, 2, 1]


def test_the_ledger_of_flights_is_the_published_one(small):
    fates = Counter(flight.fate for flight in small.flights)
    assert fates == {"zone": 1_610, "short": 680, "sea": 280, "open": OPEN}
    assert fates.total() == FIRED == 4_360
    assert DISCREPANCY == 173


def test_threatening_flights_follow_the_alerts(small):
    sent = Counter((f.time_s, f.lat_deg) for f in small.flights if f.fate == "zone")
    # Six alerts: 1,610 flights, in equal shares by alert, the larger remainders first.
    assert sent[(64_800.0, 31.525)] + sent[(64_860.0, 31.786)] in (536, 537)
    assert sent[(64_921.0, 32.09)] in (268, 269)
    assert sent[(882_000.0, 31.525)] in (536, 537)
    assert sum(sent.values()) == THREATENING


def test_open_falls_are_outside_all_zones_and_sea_falls_at_sea(small, tmp_path):
    zones = read_zones(made_zones(small, tmp_path))
    points = {
        fate: np.array([(f.lat_deg, f.lon_deg) for f in small.flights if f.fate == fate]).T
        for fate in ("open", "sea")
    }
    surface = bundled("levant")
    assert (ZoneMap(zones).locate(*points["open"]) == -1).all()
    assert (surface.territory(*points["open"]) == "Israel").all()
    assert surface.is_sea(*points["sea"]).all()


def test_open_falls_keep_their_distance_from_zones_and_from_gaza(small, tmp_path):
    points = np.array([(f.lat_deg, f.lon_deg) for f in small.flights if f.fate == "open"]).T
    # Points are written to 100 m.
    near = ZoneMap(read_zones(made_zones(small, tmp_path))).grown(1_000.0 * CLEARANCE_KM - 100.0)
    assert (near.locate(*points) == -1).all()
    assert distance_km(bundled("levant"), "Gaza", *points).min() > CLEARANCE_KM - 0.1


def mostly_where_stated(landed):
    """Short ones in Gaza, open ones outside populated zones; the rest is the scatter's."""
    short, ground = landed.counts["short"], landed.counts["open"]
    return (
        short["in Gaza"] >= 0.95 * short.total()
        and ground["in populated zones"] <= 0.1 * ground.total()
    )


def test_flights_land_where_they_are_said_to_and_the_import_says_where(small):
    landed = small.landed
    assert mostly_where_stated(landed)
    assert {fate: landed.counts[fate].total() for fate in landed.counts} == {
        "zone": THREATENING, "short": 680, "sea": 280, "open": OPEN,
    }  # fmt: skip
    lines = "\n".join(report_lines(small))
    for fate in landed.counts:
        assert landed.of(fate) in lines
    assert f"{landed.alerted:,} of 1,610 toward alerted zones land in their zone" in lines


def made_zones(small, folder):
    from mantlet.scenario.importers.alert_zones import zones_geojson

    path = folder / "zones.geojson"
    path.write_text(zones_geojson(small.zones), encoding="utf-8")
    return path


def test_classes_reach_from_gaza_to_where_they_go(small):
    from mantlet.threats.catalogue import CLASSES

    lat, lon = np.array([(f.lat_deg, f.lon_deg) for f in small.flights]).T
    away = distance_km(bundled("levant"), "Gaza", lat, lon)
    reach = np.array([CLASSES[flight.class_id].range_max_km for flight in small.flights])
    assert (away < reach).all()
    assert {"rocket-10", "rocket-40", "rocket-75", "mortar-120"} <= {
        flight.class_id for flight in small.flights
    }


def test_zones_keep_people_shelter_and_outline_with_where_each_comes_from(small, tmp_path):
    zones = {zone.zone_id: zone for zone in small.zones}
    assert sorted(zones) == [1, 2, 3, 4, 5, 6]
    assert [zones[k].shelter_time_s for k in (1, 2, 3, 5, 6)] == [15, 60, 90, 15, 30]
    assert zones[2].shelter_from == "distance from Gaza"  # the 60 of that list may be 90
    assert zones[6].shelter_from == "countdown_2021_raw_s"
    assert [zones[k].population for k in (1, 2, 5)] == [30_000, 7_000, 0]
    assert [zones[k].outline_from for k in (1, 2)] == ["given", "disc by population"]
    read = read_zones(made_zones(small, tmp_path))
    assert ZoneMap(read).locate(
        np.array([31.525, 31.786]), np.array([34.597, 34.751])
    ).tolist() == [
        0,
        1,
    ]


def test_the_order_of_the_rows_in_the_file_changes_nothing(small, tmp_path):
    zones = write_zones(tmp_path / "zones")
    again = read_and_draw(write_alerts(tmp_path / "alerts.csv", ROWS[::-1]), zones)
    assert again.flights == small.flights


def test_the_scenario_loads_and_says_how_it_was_made(tmp_path):
    write_zones(tmp_path / "zones_israel")
    (tmp_path / "alerts").mkdir()
    file = write_alerts(tmp_path / "alerts" / "alerts.csv", ROWS)
    report = import_alerts(file, None, tmp_path / "out")  # the zones are found beside the record
    assert [path.name for path in report.files] == [
        "may-2021-record-zones.geojson",
        "may-2021-record-flights.csv",
        "may-2021-record.yaml",
    ]
    scenario = load_scenario(tmp_path / "out" / "may-2021-record.yaml")
    assert scenario.name == "may-2021-record"
    assert scenario.batteries == load_scenario("may-2021").batteries
    (raid,) = scenario.raids
    assert sum(fall.count for fall in raid.falls) == FIRED
    assert raid.areas == ("gaza",)
    assert scenario.notes[0].startswith("In-sample: alerts")
    assert any("173" in note for note in scenario.notes)
    assert any("no artillery shell" in note for note in scenario.notes)
    # The notes tell what a run under their seed draws.
    threats, row = drawn_threats(scenario)
    at_home = scenario.surface.territory(threats.impact_lat_deg, threats.impact_lon_deg) == "Gaza"
    fate = np.array([fall.fate for fall in raid.falls])[row]
    short = (at_home & (fate == "short")).sum()
    assert any(note.startswith("680 falling short") and f"{short} in Gaza" in note
               for note in scenario.notes)  # fmt: skip


def drawn_threats(scenario):
    draws = Draws(SEED)
    salvos = plan(scenario.raids, draws)
    threats = draw_threats(salvos, scenario.areas, scenario.zones, draws, scenario.air).threats
    return threats, np.array([salvo.ordinal for salvo in salvos])[threats.raid_id]


def test_importing_twice_gives_the_same_bytes(tmp_path):
    zones = write_zones(tmp_path / "zones")
    file = write_alerts(tmp_path / "alerts.csv", ROWS)
    first = import_alerts(file, zones, tmp_path / "a" / "mine.yaml")
    second = import_alerts(file, zones, tmp_path / "b" / "mine.yaml")
    assert [p.read_bytes() for p in first.files] == [p.read_bytes() for p in second.files]
    assert first.files[-1].name == "mine.yaml"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("yesterday", "שדרות", 1, 1)], "alerts.csv:2: time_utc: 'yesterday' is no UTC time"),
        ([("2021-05-10T15:00:00", "שדרות", 1, 1)], "is no UTC time"),
        ([("2021-05-10T15:00:00Z", "", 1, 1)], "alerts.csv:2: name_he: empty"),
        ([("2021-05-10T15:00:00Z", "שדרות", "x", 1)], "alerts.csv:2: category: expected a whole"),
        ([("2021-05-10T15:00:00Z", "שדרות")], "alerts.csv:2: 2 cells under 4 columns"),
        ([("2022-05-10T15:00:00Z", "שדרות", 1, 1)], "no rocket alert from 2021-05-09"),
        ([], "no rows"),
        ([("2021-05-10T15:00:00Z", "אין כזה", 1, 1)], "no name matches a zone"),
    ],
)
def test_a_bad_record_is_refused_with_file_line_and_field(tmp_path, rows, says):
    zones = write_zones(tmp_path / "zones")
    file = write_alerts(tmp_path / "alerts.csv", rows)
    with pytest.raises(InputError) as caught:
        import_alerts(file, zones, tmp_path / "out")
    assert says in str(caught.value).replace(f"{tmp_path}/", "")
    assert "fix:" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_all_mistakes_of_a_record_come_at_once(tmp_path):
    zones = write_zones(tmp_path / "zones")
    rows = [("soon", "", "x", 1), ("2021-05-10T15:00:00Z", "שדרות", 1, 2), ("later", "a", 1, 3)]
    with pytest.raises(InputError) as caught:
        import_alerts(write_alerts(tmp_path / "alerts.csv", rows), zones, tmp_path / "out")
    places = [(m.line, m.field) for m in caught.value.mistakes]
    assert places == [(2, "category"), (2, "name_he"), (2, "time_utc"), (4, "time_utc")]


def test_missing_columns_files_and_encodings_are_named(tmp_path):
    zones = write_zones(tmp_path / "zones")
    file = tmp_path / "alerts.csv"
    for content, says in (
        (b"time_utc,name\n", "name_he: column is missing"),
        (b"time_utc,name_he,category\n\xff\n", "not UTF-8"),
        (None, "no such file"),
    ):
        file.unlink(missing_ok=True)
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(InputError, match=says):
            import_alerts(file, zones, tmp_path / "out")
    with pytest.raises(InputError, match="no such file"):
        import_alerts(file, None, tmp_path / "out")
    with pytest.raises(InputError, match="--zones"):
        import_alerts(write_alerts(file, ROWS), None, tmp_path / "out")


def test_two_zones_of_one_name_or_number_are_refused(tmp_path):
    rows = [*ZONES, (6, "שדרות", 31.5, 34.6, 1, "", "", 3, 170, "", "")]
    zones = write_zones(tmp_path / "zones", rows)
    with pytest.raises(InputError) as caught:
        import_alerts(write_alerts(tmp_path / "a.csv", ROWS), zones, tmp_path / "out")
    places = [(m.line, m.field) for m in caught.value.mistakes]
    assert places == [(2, "name_he"), (7, "zone_id"), (8, "name_he"), (8, "zone_id")]


@given(st.lists(st.integers(1, 300), min_size=1, max_size=200))
def test_shares_add_up_with_one_for_each_and_within_one_of_proportion(weights):
    total = 1_000
    shares = np.array(apportion(weights, total))
    assert shares.sum() == total
    assert shares.min() >= 1
    large = shares > 1
    if large.any():
        left = total - (~large).sum()
        exact = np.array(weights)[large] * left / np.array(weights)[large].sum()
        assert (np.abs(shares[large] - exact) < 1.0 + len(weights) / total).all()


def test_more_bursts_than_flights_are_refused():
    with pytest.raises(InputError, match="3 bursts"):
        apportion([1, 1, 1], 2)


@pytest.mark.record
def test_the_real_record_matches_as_stated(record_data, tmp_path):
    """Counts of the data set's own description, for 10 to 21 May 2021 (local days)."""
    file = record_data / "alerts_israel" / "alerts_2021-05.csv"
    report = import_alerts(file, record_data / "zones_israel", tmp_path)
    lines = "\n".join(report.lines)
    assert "7,062 rows; 7,055 rocket alerts" in lines
    assert "7,030 of 7,055 rows and 467 of 471 names match a zone" in lines
    assert lines.count("no zone for") == 4
    assert "814 bursts" in lines
    scenario = load_scenario(tmp_path / "may-2021-record.yaml")
    assert sum(fall.count for fall in scenario.raids[0].falls) == FIRED
    threatening = [fall for fall in scenario.raids[0].falls if fall.fate == "zone"]
    assert sum(fall.count for fall in threatening) == THREATENING
    places = ZoneMap(scenario.zones)
    aimed = places.locate(
        np.array([fall.lat_deg for fall in threatening]),
        np.array([fall.lon_deg for fall in threatening]),
    )
    # Centres of crescent-shaped or geocoded zones may lie just outside their outline.
    assert (aimed >= 0).mean() > 0.9


@pytest.mark.record
def test_the_flights_of_the_real_record_land_where_it_says(record_data):
    file = record_data / "alerts_israel" / "alerts_2021-05.csv"
    landed = read_and_draw(file, record_data / "zones_israel").landed
    assert mostly_where_stated(landed)
    # Whole kilometres and half a kilometre of scatter, against zones a kilometre or two across.
    assert 0.3 < landed.alerted / THREATENING < 0.6


@pytest.mark.record
def test_every_burst_of_the_record_has_a_flight_toward_one_of_its_zones(record_data):
    file = record_data / "alerts_israel" / "alerts_2021-05.csv"
    made = read_and_draw(file, record_data / "zones_israel")
    threatening = [flight for flight in made.flights if flight.fate == "zone"]
    held = {(f.time_s, f.lat_deg, f.lon_deg) for f in threatening}
    for burst in made.bursts:
        wanted = {(a.time_s, round(a.zone.lat_deg, 3), round(a.zone.lon_deg, 3)) for a in burst}
        assert wanted & held


@pytest.mark.record
def test_time_to_shelter_by_distance_agrees_with_the_official_list(record_data):
    """Facts T5: at least 95 %, areas with a stated time (2026), Gaza front, south of 32.3 N."""
    path = record_data / "zones_israel" / "zones.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["countdown_2026_s"]]
    front = [
        row
        for row in rows
        if float(row["lat"]) < 32.3 and float(row["dist_gaza_km"]) < float(row["dist_lebanon_km"])
    ]
    assert len(front) == 384
    stated = np.array([float(row["countdown_2026_s"]) for row in front])
    given_km = np.array([float(row["dist_gaza_km"]) for row in front])
    assert np.mean(shelter_time_s(given_km) == stated) >= 0.95
    lat, lon = (np.array([float(row[key]) for row in front]) for key in ("lat", "lon"))
    own_km = distance_km(bundled("levant"), "Gaza", lat, lon)
    assert np.mean(shelter_time_s(own_km) == stated) >= 0.95
    assert len(read_alert_zones(path.parent)) == 1_642
