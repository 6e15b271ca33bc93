import dataclasses

import numpy as np
import pytest

from mantlet.engagement.draw_keys import (
    FIRST_INTERCEPTOR,
    FIRST_PIECE,
    MOST_THREATS,
    PIECES,
    piece_keys,
    shot_keys,
)
from mantlet.tables import Shots


def ordered(battery_ids: list[str], decided_s: float, first_id: int = 0) -> Shots:
    n = len(battery_ids)
    return Shots(
        shot_id=np.arange(first_id, first_id + n),
        battery_id=np.array(battery_ids, object),
        track_id=np.arange(n),
        decision_time_s=np.full(n, decided_s),
        launch_time_s=np.full(n, decided_s + 1.0),
        intercept_time_s=np.full(n, decided_s + 20.0),
        aim_lat_deg=np.full(n, 31.0),
        aim_lon_deg=np.full(n, 34.0),
        aim_height_m=np.full(n, 3000.0),
        kill_probability=np.full(n, 0.8),
        wave=np.zeros(n, np.int64),
    )


def test_pieces_of_a_threat_have_the_same_keys_whatever_else_broke_up():
    alone = piece_keys(np.array([7]))
    assert len(set(alone)) == PIECES
    assert piece_keys(np.array([3, 7, 9]))[PIECES : 2 * PIECES].tolist() == alone.tolist()


def test_keys_of_threats_pieces_and_interceptors_never_meet_and_stay_below_2_to_the_32():
    assert MOST_THREATS <= FIRST_PIECE
    pieces = piece_keys(np.array([0, 1, MOST_THREATS - 1]))
    assert len(set(pieces)) == 3 * PIECES
    assert pieces.min() == FIRST_PIECE and pieces.max() == FIRST_INTERCEPTOR - 1
    names = [f"battery {k}" for k in range(200)]
    for decided_s in (0.0, 1e6, 1e12):
        shots = shot_keys(ordered(names, decided_s))
        assert shots.min() >= FIRST_INTERCEPTOR and shots.max() < 2**32


@pytest.mark.parametrize("threat", [-1, MOST_THREATS])
def test_threat_that_leaves_no_room_is_refused(threat):
    with pytest.raises(ValueError, match="threat identities"):
        piece_keys(np.array([threat]))


def test_keys_of_shots_ignore_their_numbers_and_the_other_batteries():
    shots = ordered(["a", "b", "a"], 40.0)
    keys = shot_keys(shots)
    assert shot_keys(dataclasses.replace(shots, shot_id=shots.shot_id + 900)).tolist() == (
        keys.tolist()
    )
    assert shot_keys(ordered(["a", "a"], 40.0)).tolist() == keys[[0, 2]].tolist()


def test_shots_of_one_battery_have_keys_of_their_own():
    ticks = [shot_keys(ordered(["a"] * 20, float(t))) for t in range(100)]
    assert len(np.unique(np.concatenate(ticks))) == 2000


def test_no_shots_no_keys():
    assert shot_keys(Shots.empty()).shape == piece_keys(np.empty(0, np.int64)).shape == (0,)
