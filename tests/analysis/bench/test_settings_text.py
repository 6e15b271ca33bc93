"""Settings of the tracker as people write them."""

import pytest

from mantlet.analysis.bench.settings_text import settings_from
from mantlet.tables.errors import InputError
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings


def test_settings_are_read_by_name_as_what_they_are():
    read = settings_from(["association=jpda", " gate = 12.5 ", "confirm_hits=4"])
    assert read == TrackerSettings(association="jpda", gate=12.5, confirm_hits=4)
    assert settings_from([]) == DEFAULT_SETTINGS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("asociation=jpda", "no setting 'asociation'\n    fix: did you mean association?"),
        ("association=psychic", "'psychic': must be gnn or jpda"),
        ("gate=wide", "'wide' is not a finite number\n    fix: give one: 16.3"),
        ("gate=nan", "'nan' is not a finite number"),
        ("gate=-1", "--set: gate -1.0: must be positive"),
        ("confirm_hits=2.5", "'2.5' is not a whole number\n    fix: give one: 3"),
        ("jpda", "write it like association=jpda"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named_with_a_fix(text, message):
    with pytest.raises(InputError) as error:
        settings_from([text])
    assert message in str(error.value)


def test_a_complaint_begins_with_where_the_text_comes_from():
    with pytest.raises(InputError, match=r"^--set gate=wide: "):
        settings_from(["gate=wide"])
    with pytest.raises(InputError, match=r"^tracker mantlet: gate=wide: "):
        settings_from(["gate=wide"], "tracker mantlet:")
