import numpy as np
import pytest
import shapely
from engagement_range import AIR, launch, make_zones

from mantlet.engagement.debris import COEFFICIENT_KGM2, PIECES, RCS_M2, break_up
from mantlet.engagement.outcomes import FATES, assess_outcomes
from mantlet.ports.draws import Draws
from mantlet.tables import Threats, Zones
from mantlet.world.zones import ZoneMap


class Map:
    """Sea west of 34.5, one territory east of 34.7, another between."""

    def is_sea(self, lat_deg, lon_deg):
        return lon_deg < 34.5

    def territory(self, lat_deg, lon_deg):
        names = np.array(["sea side", "far side"], object)[(lon_deg > 34.7).astype(int)]
        names[lon_deg < 34.5] = ""
        return names


def town_map() -> ZoneMap:
    """Houses around 34.60 and empty fields around 34.65, both at latitude 31.6."""
    table = make_zones()
    columns = {key: getattr(table, key) for key in table.columns()}
    columns["polygon"] = np.array(
        [shapely.box(lon - 0.01, 31.59, lon + 0.01, 31.61).wkb for lon in (34.60, 34.65)], object
    )
    return ZoneMap(Zones(**columns))


def fallen(lon_deg: list[float]) -> Threats:
    flights = launch(np.zeros(len(lon_deg)))
    columns = {key: getattr(flights.threats, key) for key in Threats.columns()}
    n = len(lon_deg)
    columns |= {"impact_lat_deg": np.full(n, 31.6), "impact_lon_deg": np.array(lon_deg)}
    return Threats(**columns)


def fates(threats: Threats, killing_shot: list[int]):
    shots = np.array(killing_shot)
    return assess_outcomes(threats, shots, threats.impact_time_s, town_map(), Map())


def test_every_threat_has_exactly_one_fate_by_where_it_fell():
    # Launched at 34.77, on the far side.
    outcomes = fates(fallen([34.60, 34.60, 34.45, 34.72, 34.55, 34.65]), [-1, 9, -1, -1, -1, -1])
    assert outcomes.fate.tolist() == [
        "hit zone",
        "intercepted",
        "sea",
        "fell short",
        "open ground",
        "open ground",  # fields without people
    ]
    assert outcomes.zone_id.tolist() == [70, -1, -1, -1, -1, -1]
    assert outcomes.shot_id.tolist() == [-1, 9, -1, -1, -1, -1]
    assert outcomes.threat_id.tolist() == list(range(6))
    assert set(outcomes.fate) <= set(FATES)


def pieces_of(flights, rows, seed=1, first_id=None):
    rows = np.array(rows, np.int64)
    return break_up(
        flights.threats,
        rows,
        np.full(len(rows), 40.0),
        flights.trajectories,
        len(flights) if first_id is None else first_id,
        AIR,
        Draws(seed),
    )


def test_debris_starts_where_its_threat_broke_up_and_falls_steeply():
    flights = launch([0.0, 5.0, 9.0])
    debris = pieces_of(flights, [0, 2])
    table = debris.threats
    assert table.parent_id.tolist() == [0] * PIECES + [2] * PIECES
    assert table.threat_id.tolist() == list(range(3, 3 + 2 * PIECES))
    assert set(table.kind) == {"debris"}
    starts = debris.trajectories.states_at(np.arange(len(table)), 40.0)
    parents = flights.trajectories.states_at(np.asarray(table.parent_id), 40.0)
    assert starts[:, :3] == pytest.approx(parents[:, :3], abs=1e-6)
    # High drag: the pieces come down later and far short of the undisturbed impact.
    assert (table.impact_time_s > flights.impact_s[table.parent_id]).all()
    assert (table.impact_lon_deg > flights.threats.impact_lon_deg[table.parent_id] + 0.01).all()
    assert (debris.rcs_m2 >= RCS_M2[0]).all() and (debris.rcs_m2 <= RCS_M2[1]).all()
    assert COEFFICIENT_KGM2[1] < 1000.0


def test_debris_of_one_threat_is_unmoved_by_that_of_another():
    flights = launch([0.0, 5.0])
    alone, both = pieces_of(flights, [1]), pieces_of(flights, [0, 1])
    assert both.threats.impact_lat_deg[PIECES:].tolist() == alone.threats.impact_lat_deg.tolist()
    assert both.rcs_m2[PIECES:].tolist() == alone.rcs_m2.tolist()


def test_debris_joins_the_account_with_a_fate_of_its_own():
    flights = launch([0.0])
    debris = pieces_of(flights, [0])
    together = Threats.concat([flights.threats, debris.threats])
    outcomes = fates(together, [4] + [-1] * PIECES)
    assert outcomes.fate[0] == "intercepted"
    assert (outcomes.fate[1:] != "intercepted").all()
    assert len(outcomes) == 1 + PIECES


def test_nothing_breaks_up_into_nothing():
    flights = launch([0.0])
    assert len(pieces_of(flights, []).threats) == 0
