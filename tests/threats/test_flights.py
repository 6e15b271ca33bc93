import dataclasses

import numpy as np
import pytest
import shapely

from mantlet.kernels.geodesy import height_of
from mantlet.ports.draws import Draws
from mantlet.tables import Threats, Zones
from mantlet.tables.errors import InputError
from mantlet.threats.catalogue import CLASSES
from mantlet.threats.flights import draw_threats
from mantlet.threats.raids import Area, Campaign, Listing, Record, RecordedFall, Toward, Volley
from mantlet.threats.salvos import plan
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.earth import degrees_from_ecef, ecef_from_degrees, ground_distance_m
from mantlet.world.terrain import Terrain
from mantlet.world.trajectories import Trajectories

STRIP = Area(
    "strip", (np.array([[-30.1, -120.0], [-30.1, -119.9], [-29.9, -119.9], [-29.9, -120.0]]),)
)
FAR = Area("far", (STRIP.rings[0] + [0.0, 1.0],))
AREAS = {"strip": STRIP, "far": FAR}
TOWN = Toward(-30.0, -120.12, 1.0)  # 11 to 21 km from the strip
MIXTURE = {"rocket-20": 1.0, "shell-155": 1.0}
VOLLEY = Volley("v", 100.0, 20.0, 60, MIXTURE, "strip", TOWN)
CAMPAIGN = Campaign(
    ("strip",), mixture={"rocket-10": 3, "rocket-20": 4, "mortar-120": 1, "rocket-40": 2}
)
FALL = RecordedFall(500.0, 30.0, -30.0, -120.12, "zone", 20, "rocket-20")


def zones():
    """Four places west of the strip and one inside it."""
    lat, lon = (
        np.array([-30.0, -30.05, -29.95, -30.1, -30.0]),
        np.array([-120.08, -120.15, -120.2, -120.3, -119.95]),
    )
    discs = [shapely.Point(x, y).buffer(0.01) for x, y in zip(lon, lat, strict=True)]
    return Zones(
        zone_id=np.arange(5), name=np.array(list("abcde"), object), names=np.full(5, "{}", object),
        lat_deg=lat, lon_deg=lon, polygon=np.array([shapely.to_wkb(d) for d in discs], object),
        population=np.array([1e3, 1e4, 1e5, 5e3, 1e6]), shelter_time_s=np.full(5, 30.0),
    )  # fmt: skip


ZONES = zones()


def drawn(*raids, seed=1, air=STANDARD_AIR, terrain=None):
    draws = Draws(seed)
    return draw_threats(plan(raids, draws), AREAS, ZONES, draws, air, terrain)


@pytest.fixture(scope="module")
def barrage():
    return drawn(CAMPAIGN)


# -- what every barrage is ---------------------------------------------------------------------


def test_rows_are_the_flights_planned_in_launch_order(barrage):
    threats = barrage.threats
    assert len(threats) == len(barrage.trajectories) == len(barrage.rcs_m2) == 4360
    assert (np.diff(threats.launch_time_s) >= 0.0).all()
    assert np.array_equal(threats.threat_id, np.arange(4360))
    assert (threats.parent_id == -1).all()
    counts = [salvo.count for salvo in plan([CAMPAIGN], Draws(1))]
    assert np.array_equal(np.bincount(threats.raid_id), counts)


def test_impacts_are_those_of_the_flights(barrage):
    threats, flights = barrage.threats, barrage.trajectories
    assert np.array_equal(flights.start_time_s, threats.launch_time_s)
    assert np.array_equal(flights.end_time_s, threats.impact_time_s)
    end = flights.knots[flights.offsets[1:] - 1, 1:4]
    there = ecef_from_degrees(threats.impact_lat_deg, threats.impact_lon_deg)
    assert np.abs(end - there).max() < 1e-2


def test_flights_begin_on_the_ground_of_their_area(barrage):
    threats = barrage.threats
    assert ((threats.launch_lat_deg > -30.1) & (threats.launch_lat_deg < -29.9)).all()
    assert ((threats.launch_lon_deg > -120.0) & (threats.launch_lon_deg < -119.9)).all()
    begin = barrage.trajectories.knots[barrage.trajectories.offsets[:-1], 1:4]
    assert max(abs(height_of(*point)) for point in begin[::100]) < 1e-6


def test_no_flight_lasts_longer_than_its_class_may(barrage):
    longest = np.array([CLASSES[name].max_flight_s for name in barrage.threats.class_id])
    assert (barrage.threats.impact_time_s - barrage.threats.launch_time_s < longest).all()


def test_kind_drag_and_cross_section_are_those_of_the_class(barrage):
    for name in CAMPAIGN.mixture:
        rows = barrage.threats.class_id == name
        kind = CLASSES[name]
        assert (barrage.threats.kind[rows] == kind.kind).all()
        assert (barrage.family[rows] == kind.family).all()
        assert (barrage.rcs_m2[rows] == kind.rcs_m2).all()
        assert np.median(barrage.drag_m2kg[rows]) == pytest.approx(kind.drag_m2kg, rel=0.01)


def test_classes_come_as_often_as_the_mixture_says(barrage):
    share = (barrage.threats.class_id == "rocket-20").mean()
    # Salvos of like classes: some 700 draws of a group, so 4 % standard deviation at most.
    assert share == pytest.approx(0.4, abs=0.12)


def test_no_column_holds_launch_settings():
    columns = set(Threats.columns()) | {f.name for f in dataclasses.fields(type(drawn(VOLLEY)))}
    words = ("elevation", "climb", "heading", "bearing", "boost", "burn", "speed", "velocity")
    assert not [name for name in columns for word in words if word in name]


# -- where they fall -----------------------------------------------------------------------------


def test_most_falls_of_a_campaign_lie_near_places_and_none_near_the_one_inside(barrage):
    threats = barrage.threats
    to_places = np.array(
        [ground_distance_m(threats.impact_lat_deg, threats.impact_lon_deg, lat, lon)
         for lat, lon in zip(ZONES.lat_deg, ZONES.lon_deg, strict=True)]
    )  # fmt: skip
    nearest = to_places[:4].min(axis=0)
    # A sixth are misfires; dispersion is a kilometre or two at these ranges.
    assert np.median(nearest) < 3_000.0
    assert (to_places[4] < 3_000.0).mean() < 0.1


def in_strip(threats):
    return (np.abs(threats.impact_lat_deg + 30.0) < 0.1) & (
        np.abs(threats.impact_lon_deg + 119.95) < 0.05
    )


def test_misfires_of_a_campaign_come_down_where_they_were_launched(barrage):
    stated = np.array([salvo.misfire_share for salvo in plan([CAMPAIGN], Draws(1))])
    share = stated[barrage.threats.raid_id]
    # Three standard deviations of the draw; the shortest class lands beyond the strip as a rule,
    # so that next to nothing else falls there.
    within = 3.0 * np.sqrt((share * (1.0 - share)).sum())
    assert abs(in_strip(barrage.threats).sum() - share.sum()) < within


def test_nearly_all_short_rows_of_a_record_fall_at_home():
    falls = [
        RecordedFall(500.0, 30.0, -30.0, -120.0 - away, "short", 200, name)
        for name, away in (("rocket-10", 0.06), ("rocket-40", 0.3), ("rocket-160", 1.2))
    ]
    threats = drawn(Record(tuple(falls), ("strip",))).threats
    assert in_strip(threats).mean() > 0.95


def test_misfires_of_a_volley_may_cross_the_border():
    failed = dataclasses.replace(VOLLEY, misfire_share=1.0, mixture={"rocket-20": 1.0}, count=300)
    assert 0.05 < in_strip(drawn(failed).threats).mean() < 0.95


def test_about_the_stated_share_falls_short(barrage):
    threats = barrage.threats
    flown = ground_distance_m(
        threats.launch_lat_deg,
        threats.launch_lon_deg,
        threats.impact_lat_deg,
        threats.impact_lon_deg,
    )
    least = np.array([1000.0 * CLASSES[name].range_min_km for name in threats.class_id])
    rockets = threats.kind == "rocket"
    # Published: 660 of 4,360; some misfires still reach the shortest range of their class.
    assert (flown < 0.95 * least)[rockets].mean() == pytest.approx(0.15, abs=0.05)


def test_a_volley_falls_round_its_point_with_its_spread_and_its_classes_dispersion():
    exact = dataclasses.replace(VOLLEY, count=600, mixture={"shell-155": 1.0})
    threats = drawn(exact).threats
    north = (threats.impact_lat_deg - TOWN.lat_deg) * 111.2
    east = (threats.impact_lon_deg - TOWN.lon_deg) * 96.3
    assert abs(np.median(north)) < 0.3
    assert abs(np.median(east)) < 0.3
    # Spread 1 km, dispersion 1.5 % of about 16 km, rounding to the kilometre.
    assert np.percentile(np.abs(north), 68) == pytest.approx(1.0, rel=0.3)


def test_record_rows_fall_within_kilometres_of_their_point():
    threats = drawn(Record((FALL,), ("strip",))).threats
    off = ground_distance_m(
        threats.impact_lat_deg, threats.impact_lon_deg, FALL.lat_deg, FALL.lon_deg
    )
    assert np.median(off) < 1_500.0
    assert off.max() < 4_000.0


def test_short_rows_of_a_record_fall_short():
    threats = drawn(Record((dataclasses.replace(FALL, fate="short"),), ("strip",))).threats
    off = ground_distance_m(
        threats.impact_lat_deg, threats.impact_lon_deg, FALL.lat_deg, FALL.lon_deg
    )
    assert off.min() > 5_000.0


def test_a_record_without_areas_begins_where_its_class_reaches():
    # The far area is some 90 km away: no flight of the class comes from there.
    threats = drawn(Record((FALL,))).threats
    assert (threats.launch_lon_deg < -119.8).all()


def test_named_targets_confine_a_campaign():
    west = Area(
        "west", (np.array([[-30.2, -120.4], [-30.2, -120.18], [-29.8, -120.18], [-29.8, -120.4]]),)
    )
    raid = dataclasses.replace(CAMPAIGN, towards=("west",), mixture={"rocket-40": 1.0})
    draws = Draws(1)
    threats = draw_threats(
        plan([raid], draws), {**AREAS, "west": west}, ZONES, draws, STANDARD_AIR
    ).threats
    assert np.median(threats.impact_lon_deg) < -120.15


# -- independence and air --------------------------------------------------------------------------


def same_flights(a, rows_a, b, rows_b):
    for name in ("launch_time_s", "impact_time_s", "impact_lat_deg", "impact_lon_deg", "apogee_m"):
        assert np.array_equal(getattr(a, name)[rows_a], getattr(b, name)[rows_b])


def test_same_seed_same_flights_and_another_seed_others():
    one, again, other = drawn(VOLLEY), drawn(VOLLEY), drawn(VOLLEY, seed=2)
    same_flights(one.threats, slice(None), again.threats, slice(None))
    assert np.array_equal(one.trajectories.knots, again.trajectories.knots)
    assert not np.array_equal(one.threats.impact_lat_deg, other.threats.impact_lat_deg)


def test_a_raid_added_later_changes_no_earlier_flight():
    alone = drawn(VOLLEY).threats
    both = drawn(VOLLEY, dataclasses.replace(VOLLEY, id="w", at_s=105.0, count=30)).threats
    same_flights(alone, slice(None), both, both.raid_id == 0)


def test_more_flights_in_a_salvo_leave_the_first_ones_alone():
    few = drawn(dataclasses.replace(VOLLEY, count=10)).threats
    many = drawn(VOLLEY).threats
    assert np.isin(few.impact_lat_deg, many.impact_lat_deg).all()


def test_wind_carries_the_flights():
    wind = Air(wind=((0.0, 10.0, 0.0), (10_000.0, 20.0, 0.0)))
    still, blown = drawn(VOLLEY).threats, drawn(VOLLEY, air=wind).threats
    assert np.median(blown.impact_lon_deg - still.impact_lon_deg) > 0.0005


def test_trajectories_hold_every_flight():
    barrage = drawn(VOLLEY)
    assert isinstance(barrage.trajectories, Trajectories)
    middle = 0.5 * (barrage.threats.launch_time_s[7] + barrage.threats.impact_time_s[7])
    assert np.isfinite(barrage.trajectories.states_at(np.array([7]), float(middle))).all()


def test_no_salvo_gives_no_threat():
    nothing = drawn()
    assert len(nothing.threats) == len(nothing.trajectories) == len(nothing.family) == 0
    assert len(drawn(Listing(())).threats) == 0


# -- refusals --------------------------------------------------------------------------------------


def test_an_area_that_is_not_defined_is_named():
    with pytest.raises(InputError, match="nowhere"):
        drawn(dataclasses.replace(VOLLEY, area="nowhere"))


def test_a_campaign_without_any_place_outside_is_refused():
    draws = Draws(1)
    inside = ZONES.take(np.array([4]))
    with pytest.raises(InputError, match="populated"):
        draw_threats(plan([CAMPAIGN], draws), AREAS, inside, draws, STANDARD_AIR)


def test_over_relief_flights_begin_and_end_on_it():
    lat, lon = -31.0 + 0.01 * np.arange(201), -121.0 + 0.01 * np.arange(221)
    hills = 400.0 + 300.0 * np.sin(60.0 * lat[:, None]) * np.cos(50.0 * lon)
    relief = Terrain(-31.0, -121.0, 0.01, hills)
    barrage = drawn(VOLLEY, terrain=relief)
    threats, flights = barrage.threats, barrage.trajectories
    starts = flights.knots[flights.offsets[:-1], 1:4]
    ends = flights.knots[flights.offsets[1:] - 1, 1:4]
    for points in (starts, ends):
        lat_deg, lon_deg, height_m = degrees_from_ecef(points)
        assert height_m == pytest.approx(relief.heights_m(lat_deg, lon_deg), abs=0.2)
        assert np.ptp(height_m) > 100.0
    # The same draws as over the ellipsoid: only where the ground is differs.
    level = drawn(VOLLEY).threats
    assert threats.launch_lat_deg == pytest.approx(level.launch_lat_deg, abs=1e-9)
    assert np.abs(threats.impact_time_s - level.impact_time_s).max() > 1.0
