import pytest

from mantlet.tables.errors import InputError
from mantlet.threats.raids import Campaign, RecordedFall, Toward, Volley

TOWARD = Toward(31.6, 34.6)


def volley(**changes):
    given = {
        "id": "v", "at_s": 0.0, "duration_s": 10.0, "count": 3, "mixture": {"rocket-20": 1.0},
        "area": "a", "toward": TOWARD,
    }  # fmt: skip
    return Volley(**{**given, **changes})


@pytest.mark.parametrize(
    "mixture",
    [{}, {"rocket-20": 0.0}, {"rocket-20": -1.0}, {"rocket-21": 1.0}, {"debris": 1.0},
     {"rocket-20": float("nan")}],
)  # fmt: skip
def test_mixtures_of_nothing_or_of_unknown_classes_are_refused(mixture):
    with pytest.raises(InputError):
        volley(mixture=mixture)
    with pytest.raises(InputError):
        Campaign(("a",), mixture=mixture)


@pytest.mark.parametrize(
    "change", [{"count": 0}, {"at_s": -1.0}, {"duration_s": -1.0}, {"misfire_share": 1.2}]
)
def test_volleys_of_nothing_or_before_time_are_refused(change):
    with pytest.raises(InputError):
        volley(**change)


@pytest.mark.parametrize("change", [{"fate": "hit"}, {"count": 0}, {"class_id": "rocket"}])
def test_records_that_cannot_be_are_refused(change):
    given = {
        "time_s": 0.0, "duration_s": 5.0, "lat_deg": 31.6, "lon_deg": 34.6, "fate": "zone",
        "count": 1, "class_id": "rocket-20",
    }  # fmt: skip
    RecordedFall(**given)
    with pytest.raises(InputError):
        RecordedFall(**{**given, **change})
