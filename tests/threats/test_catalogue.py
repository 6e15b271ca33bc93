import math

import pytest

from mantlet.threats.catalogue import CLASSES, FAMILIES, GRADES, rows_of, sources

FLYING = [kind for name, kind in CLASSES.items() if name != "debris"]
NUMBERS = [number for kind in CLASSES.values() for number in kind.numbers]


def test_the_classes_are_the_generic_ones():
    assert list(CLASSES) == [
        "rocket-10", "rocket-20", "rocket-40", "rocket-75", "rocket-160",
        "mortar-60", "mortar-81", "mortar-120", "shell-105", "shell-155", "debris",
    ]  # fmt: skip
    assert {kind.kind for kind in CLASSES.values()} == set(FAMILIES)


def test_every_number_names_a_known_source_or_says_that_it_is_notional():
    known = sources()
    for number in NUMBERS:
        assert number.grade in GRADES
        assert (number.grade == "notional") == (not number.source)
        assert all(source in known for source in number.source), number


def test_every_number_has_a_unit_and_all_but_bounds_and_noughts_an_uncertainty():
    for number in NUMBERS:
        assert number.unit
        assert math.isfinite(number.value)
        # A bound has none, nor has what a class does without (a shell's motor, debris' range).
        exact = number.quantity == "max_flight_s" or number.value == 0.0
        assert (number.uncertainty == 0.0) == exact, number


def test_every_class_has_every_number_once():
    quantities = [number.quantity for number in CLASSES["rocket-10"].numbers]
    assert len(set(quantities)) == len(quantities)
    for kind in CLASSES.values():
        assert [number.quantity for number in kind.numbers] == quantities


def test_launch_settings_are_no_numbers_of_the_catalogue():
    words = ("elevation", "angle", "burn-out", "burnout", "muzzle", "velocity", "speed", "mps")
    columns = " ".join(number.quantity for number in NUMBERS)
    assert not [word for word in words if word in columns]


def test_sources_are_named_dated_or_linked():
    for source in sources().values():
        assert source.title
        assert source.link.startswith("http") or source.source_id in ("S170", "P1")


def test_no_source_is_listed_for_nothing():
    used = {source for number in NUMBERS for source in number.source}
    used |= {s for row in rows_of("published-2021.csv") for s in row["source"].split(";")}
    assert set(sources()) <= used


@pytest.mark.parametrize("kind", FLYING, ids=lambda kind: kind.class_id)
def test_bands_and_shares_make_sense(kind):
    assert 0.0 < kind.range_min_km < kind.range_max_km <= 160.0
    assert 0.0 <= kind.misfire_share < 0.5
    assert 0.0 < kind.dispersion_cross <= kind.dispersion_range <= 0.1
    # Sectional density: shells above mortar bombs of the same size, all of a few t/m2 at most.
    assert 300.0 < 1.0 / kind.drag_m2kg < 20_000.0


def test_drag_is_area_times_form_over_mass():
    shell = CLASSES["shell-155"]
    assert shell.drag_m2kg == pytest.approx(math.pi * 0.155**2 / 4 / 43.0)


def test_cross_section_in_square_metres_is_the_decibels():
    assert CLASSES["rocket-75"].rcs_m2 == pytest.approx((10**-1.2, 10**-0.6, 10**-0.9))


@pytest.mark.parametrize("kind", FLYING, ids=lambda kind: kind.class_id)
def test_bodies_show_most_from_the_side_and_debris_is_alike_from_everywhere(kind):
    nose, side, tail = kind.rcs_m2
    assert nose < tail < side
    assert len(set(CLASSES["debris"].rcs_m2)) == 1
