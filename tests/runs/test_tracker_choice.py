"""Which tracker gets the plots, and how its settings are read from text."""

import pytest

from mantlet.runs.guest import Guest
from mantlet.runs.tracker_choice import tracker_for
from mantlet.tables import Plots
from mantlet.tables.errors import InputError
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings
from mantlet.tracking.tracker import Tracker
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site

RADARS = (RadarFigures("r", Site(31.6, 34.6, 60.0)),)


class Half:
    """Offers what the protocol asks for, badly."""

    def __init__(self, radars, air):
        pass

    def start(self):
        return {}

    def step(self, state, plots, radar, time_s):
        return state["x"]

    def report(self, state, time_s):
        return []


def test_mantlets_own_tracker_gets_the_settings():
    settings = TrackerSettings(association="jpda")
    for choice in (None, "mantlet", Tracker):
        assert tracker_for(choice, settings, RADARS, STANDARD_AIR).settings == settings


def test_ones_own_tuning_of_it_keeps_all_that_it_can_do():
    settings = TrackerSettings(gate=9.0)
    made = tracker_for(
        lambda radars, air: Tracker(radars, air, settings), DEFAULT_SETTINGS, RADARS, STANDARD_AIR
    )
    assert isinstance(made, Tracker)
    assert made.settings == settings


def test_settings_of_ours_are_not_for_others():
    with pytest.raises(InputError, match="leave out --set"):
        tracker_for(Half, TrackerSettings(gate=9.0), RADARS, STANDARD_AIR)


def test_what_fails_in_a_guest_is_told_with_its_call_and_line():
    guest = tracker_for(Half, DEFAULT_SETTINGS, RADARS, STANDARD_AIR)
    assert isinstance(guest, Guest)
    state = guest.start()
    with pytest.raises(InputError, match=r"Half: step at 3\.000 s: KeyError: 'x' \(test_tracker_"):
        guest.step(state, Plots.empty(), 0, 3.0)
    with pytest.raises(InputError, match=r"Half: report at 3\.000 s: .*list, not mantlet"):
        guest.report(state, 3.0)
    with pytest.raises(InputError, match="tracker fussy: making it: TypeError"):
        Guest.made(lambda: None, RADARS, STANDARD_AIR, "fussy")
