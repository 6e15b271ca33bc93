"""Where the flights of the bundled May 2021 come down, before anything is stopped."""

import numpy as np
import pytest

from mantlet.ports.draws import Draws
from mantlet.scenario.load import load_scenario
from mantlet.threats.flights import draw_threats
from mantlet.threats.salvos import plan
from mantlet.world.zones import ZoneMap

MAY = load_scenario("may-2021")
SALVOS = plan(MAY.raids, Draws(1))


@pytest.fixture(scope="module")
def threats():
    return draw_threats(SALVOS, MAY.areas, MAY.zones, Draws(1), MAY.air).threats


def territory(threats):
    return MAY.surface.territory(threats.impact_lat_deg, threats.impact_lon_deg)


def test_as_many_fall_short_as_were_published(threats):
    share = np.array([salvo.misfire_share for salvo in SALVOS])[threats.raid_id]
    # Published: 640, 660 or 680. Three standard deviations of the draw are 66.
    assert share.sum() == pytest.approx(660, abs=25)
    within = 3.0 * np.sqrt((share * (1.0 - share)).sum())
    assert abs((territory(threats) == "Gaza").sum() - share.sum()) < within


def test_between_half_and_three_quarters_of_what_crosses_land_in_no_zone(threats):
    """Facts T12."""
    crossing = (territory(threats) != "Gaza") & (territory(threats) != "")
    zone = ZoneMap(MAY.zones).locate(threats.impact_lat_deg, threats.impact_lon_deg)
    assert 0.5 < (zone[crossing] < 0).mean() < 0.75


def test_no_artillery_is_flown_and_the_notes_say_so(threats):
    assert set(threats.kind) == {"rocket", "mortar"}
    assert any("no artillery shell" in note for note in MAY.notes)
