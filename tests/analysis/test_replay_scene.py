import dataclasses

import numpy as np
import pytest
from replay_fixture import invented_run, scene

from mantlet.analysis.replay_frame import Frame
from mantlet.analysis.replay_scene import magazine_history
from mantlet.tables import Shots


def left_at(history, battery, time_s):
    times, rows, left = history
    return left[(rows == battery) & (times <= time_s)][-1]


def test_a_magazine_holds_its_load_less_the_shots_launched_so_far():
    run, batteries = invented_run(), scene().batteries
    history = magazine_history(batteries, run.shots)
    for row, battery in enumerate(batteries):
        mine = run.shots.launch_time_s[run.shots.battery_id == battery.id]
        for time_s in (0.0, 80.0, 120.0, 1e9):
            # Reloads come an hour later, after all of these but the last.
            launched = (mine <= time_s).sum()
            if time_s < 3_600:
                assert left_at(history, row, time_s) == battery.interceptors - launched


def test_an_emptied_launcher_is_full_again_after_its_reload():
    battery = dataclasses.replace(scene().batteries[0], launchers=1, interceptors=2, reload_min=1.0)
    shots = invented_run().shots.take(np.array([0, 1]))
    shots = dataclasses.replace(
        shots,
        battery_id=np.array(["b1", "b1"], dtype=object),
        decision_time_s=np.array([10.0, 20.0]),
        launch_time_s=np.array([11.0, 21.0]),
    )
    history = magazine_history((battery,), shots)
    assert [left_at(history, 0, time_s) for time_s in (0, 12, 22, 80, 82)] == [2, 1, 0, 0, 2]


def test_a_battery_that_never_fires_stays_full():
    times, rows, left = magazine_history(scene().batteries, Shots.empty())
    assert np.isneginf(times).all()
    assert dict(zip(rows, left, strict=True)) == {0: 20, 1: 9}


def test_no_batteries_no_magazines():
    assert [len(part) for part in magazine_history((), Shots.empty())] == [0, 0, 0]


def test_the_scene_names_its_radar_sites():
    assert scene().sites["north"].lat_deg == pytest.approx(-29.874, abs=1e-3)


def test_a_radar_that_sees_a_sector_says_which():
    town = scene()
    half = dataclasses.replace(town.radars[0], azimuth_centre_deg=350.0, azimuth_width_deg=120.0)
    frame = Frame(half.site.lat_deg, half.site.lon_deg)
    told = dataclasses.replace(town, radars=(half,)).describe(frame)["radars"]
    assert told[0]["sector"] == [290.0, 410.0]
    assert all("sector" not in radar for radar in town.describe(frame)["radars"])
