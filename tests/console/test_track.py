"""`mantlet track` from outside: files in, a folder and a table out, exit codes."""

import json
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime

import numpy as np
import pytest

from mantlet.sensing.asterix import encode
from mantlet.tables import Impacts, Tracks

RADARS = "radars:\n  - {id: north, site: {lat: 31.6, lon: 34.6, height_m: 60}}\n"
MINE = ("mine.csv", "--radar", "radars.yaml")
TRACKERS = """
class Half:
    def __init__(self, radars, air): ...
    def start(self): return {}
    def step(self, state, plots, radar, time_s): return state

class Fails(Half):
    def step(self, state, plots, radar, time_s): return state["x"]
    def report(self, state, time_s): ...
"""
HEADER = "time_s,range_m,azimuth_rad,elevation_rad"


def mantlet(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "mantlet", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture
def place(tmp_path):
    """A folder with radars and the plots of one falling object, a second apart."""
    (tmp_path / "radars.yaml").write_text(RADARS)
    (tmp_path / "radars.py").write_text(TRACKERS)
    t = np.arange(0.0, 15.0)
    east, north, up = 9_000 - 150 * t, 4_000 + 20 * t, 2_500 + 60 * t - 4.9 * t**2
    level = np.hypot(east, north)
    rows = np.transpose([t, np.hypot(level, up), np.arctan2(east, north), np.arctan2(up, level)])
    lines = [",".join(f"{number:.6f}" for number in row) for row in rows]
    (tmp_path / "mine.csv").write_text("\n".join([HEADER, *lines, "soon,1,2,3"]) + "\n")
    return tmp_path


def test_a_csv_becomes_tracks_and_impacts(place):
    done = mantlet(place, "track", "mine.csv", "--radar", "radars.yaml")
    assert done.returncode == 0, done.stderr
    assert "1 confirmed tracks, 1 predicted impacts. Exercise." in done.stdout
    assert "time_s is no finite number (first: row 16)" in done.stderr
    folder = place / "runs/mine-tracks"
    assert set(Tracks.read(folder / "tracks.parquet").track_id) == {0}
    assert "landed" in Impacts.read(folder / "impacts.parquet").status


def test_json_is_one_document_with_the_same_findings(place):
    done = mantlet(place, "track", "mine.csv", "--radar", "radars.yaml", "--out", "o", "--json")
    told = json.loads(done.stdout)
    assert (told["folder"], told["plots"], told["tracks"], told["impacts"]) == ("o", 15, 1, 1)
    assert told["lost"] == {"time_s is no finite number": 1}
    [row] = told["track_list"]
    assert row["impact"]["ellipse_90"]["major_m"] > row["impact"]["ellipse_90"]["minor_m"] > 0
    assert json.loads((place / "o/summary.json").read_text())["track_list"] == [row]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.csv", "--radar", "radars.yaml"), "none.csv: No such file"),
        (("mine.csv",), "--radar radars.yaml"),
        (("mine.csv", "--radar", "none.yaml"), "none.yaml"),
        (("radars.yaml", "--radar", "radars.yaml"), "not one usable plot"),
        (("mine.csv", "--radar", "radars.yaml", "--out", "radars.yaml"), "is not a folder"),
        ((".", "--radar", "radars.yaml"), "not a run folder"),
        (("none.parquet", "--radar", "radars.yaml"), "none.parquet: No such file"),
        ((*MINE, "--set", "asociation=jpda"), "did you mean association?"),
        ((*MINE, "--tracker", "none.py:Mine"), "no file none.py"),
        (
            (*MINE, "--tracker", "radars.py:Fails"),
            "step at 0.000 s: KeyError: 'x' (radars.py, line",
        ),
        (("mine.csv", "tcp://127.0.0.1:9", "--radar", "radars.yaml"), "a live source among other"),
        (("tcp://127.0.0.1:9", "--radar", "radars.yaml", "--correct"), "--correct: a live source"),
    ],
)
def test_what_cannot_be_tracked_is_refused_and_nothing_is_left(place, arguments, message):
    before = left_in(place)
    done = mantlet(place, "track", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert left_in(place) == before


def left_in(place):
    """Every file and folder but what Python leaves beside a module that it imports."""
    return sorted(path for path in place.rglob("*") if "__pycache__" not in str(path))


TWO_RADARS = """
radars:
  - {id: north, site: {lat: 31.6, lon: 34.6, height_m: 60}}
  - {id: south, site: {lat: 31.5, lon: 34.66, height_m: 80}, offset_s: 0.4}
"""


@pytest.fixture
def pair(tmp_path):
    """Plots of six falling objects by two radars, the second turned by half a degree."""
    from mantlet.world.earth import Site

    (tmp_path / "two.yaml").write_text(TWO_RADARS)
    sites = {"north": Site(31.6, 34.6, 60.0), "south": Site(31.5, 34.66, 80.0)}
    rng, lines = np.random.default_rng(5), ["radar_id," + HEADER]
    starts, speeds = rng.uniform(-4_000, 4_000, (6, 2)), rng.uniform(-150, 150, (6, 2))
    for second in range(40):
        for radar, site in sites.items():
            t = second + (0.4 if radar == "south" else 0.0)
            level = starts + speeds * t
            height = 3_000 + 180 * t - 4.9 * t**2
            local = np.column_stack([level, np.full(6, height)])
            ecef = sites["north"].ecef_m + local @ sites["north"].axes
            e, n, u = site.axes @ (ecef - site.ecef_m).T
            seen = np.column_stack([np.hypot(np.hypot(e, n), u), np.arctan2(e, n),
                                    np.arctan2(u, np.hypot(e, n))])  # fmt: skip
            seen += rng.normal(0.0, [10.0, 0.002, 0.002], (6, 3))
            seen[:, 1] += np.radians(0.5) if radar == "south" else 0.0
            lines += [f"{radar},{t:.3f}," + ",".join(f"{x:.6f}" for x in row) for row in seen]
    (tmp_path / "pair.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_a_turned_radar_raises_an_alarm_with_what_to_do(pair):
    done = mantlet(pair, "track", "pair.csv", "--radar", "two.yaml", "--out", "plain")
    assert done.returncode == 0, done.stderr
    [told] = [line for line in done.stdout.splitlines() if line.startswith("  south - north: ")]
    assert "azimuth +0.5" in told or "azimuth +0.4" in told
    assert "ALARM" in done.stdout and "in azimuth by +0." in done.stdout
    assert "fix: set the radar right, or track once more with --correct" in done.stdout
    assert (pair / "plain/registrations.parquet").is_file()
    assert not (pair / "plain/smoothed.parquet").exists()


def test_the_bias_is_taken_off_and_tracks_are_smoothed_if_asked(pair):
    lines = (pair / "pair.csv").read_text().splitlines()
    for name in ("north", "south"):
        mine = [line for line in lines if line.startswith((name, "radar_id"))]
        (pair / f"{name}.csv").write_text("\n".join(mine) + "\n")
    arguments = (
        "north.csv",
        "south.csv",
        "--radar",
        "two.yaml",
        "--correct",
        "--smooth",
        "--out",
        "done",
    )
    done = mantlet(pair, "track", *arguments, "--set", "association=jpda")
    assert done.returncode == 0, done.stderr
    assert "corrected  the tracks of the corrected plots raise no alarm" in done.stdout
    assert "done/smoothed.parquet" in done.stdout
    manifest = json.loads((pair / "done/manifest.json").read_text())
    assert {*manifest["sources"]} == {"north.csv", "south.csv", "two.yaml"}
    smoothed = Tracks.read(pair / "done/smoothed.parquet")
    tracks = Tracks.read(pair / "done/tracks.parquet")
    assert {*smoothed.track_id} == {*tracks.track_id} and len({*tracks.track_id}) == 6
    assert abs(smoothed.time_s.min()) < 0.02  # the first plot, its clock corrected


@pytest.mark.slow
def test_stone_soup_may_be_asked_for_by_name(place):
    pytest.importorskip("stonesoup")
    done = mantlet(place, "track", *MINE, "--tracker", "stonesoup", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tracks"] == 1


def finals(folder):
    """Place [deg], 1-sigma radius [m], time [s] of each track's last prediction, if it is sharp."""
    impacts = Impacts.read(folder / "impacts.parquet")
    rows = np.nonzero(impacts.status == "landed")[0]
    last = {int(impacts.track_id[row]): row for row in rows}
    for row in last.values():
        sigma_m = float(np.sqrt(impacts.covariance_m2[row, [0, 2]].sum()))
        if sigma_m < 100.0:
            place = np.array([impacts.lat_deg[row], impacts.lon_deg[row]])
            yield place, sigma_m, float(impacts.impact_time_s[row])


@pytest.mark.slow
def test_an_exported_run_is_tracked_from_outside_as_it_was_inside(tmp_path):
    commands = (
        ("run", "tutorial", "--out", "run"),
        ("export", "run", "--to", "asterix", "--out", "run.pcap"),
        ("track", "run.pcap", "--radar", "run/scenario.yaml", "--out", "out"),
        ("track", "run", "--out", "again"),
    )
    for command in commands:
        done = mantlet(tmp_path, *command)
        assert done.returncode == 0, done.stderr
    since_s = 9 * 3600.0  # the scenario begins at nine, a recording's clock at midnight
    inside, outside = list(finals(tmp_path / "run")), list(finals(tmp_path / "out"))
    assert len(inside) > 15
    near = 0
    for place, sigma_m, time_s in inside:
        apart = [
            np.hypot(*((other - place) * (111_000, 96_000)))
            for other, _, when_s in outside
            if abs(when_s - since_s - time_s) < 1.0
        ]
        near += min(apart, default=np.inf) < 2 * sigma_m + 10.0
    # Rounding may now and then decide which plot is whose; and own interceptors, which the run
    # knew of, are nobody's to a tracker from outside.
    assert near >= 0.85 * len(inside)
    assert len(list(finals(tmp_path / "again"))) >= 0.9 * len(inside)


def test_a_live_stream_is_tracked_until_it_ends(place):
    """A server of this machine sends a second of a radar's blocks and hangs up."""
    now = datetime.now(UTC)
    second = (now - now.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
    columns = {"010/SIC": 1.0, "140": second // 1, "040/RHO": 5.0, "040/THETA": 9.0, "110/3DH": 3e3}
    block = encode(48, columns, 1).blocks().octets.tobytes()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            theirs, _ = server.accept()
            with theirs:
                theirs.sendall(block + b"\x30\x00\x02")

        thread = threading.Thread(target=serve)
        thread.start()
        source = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        done = mantlet(place, "track", source, "--radar", "radars.yaml", "--json")
        thread.join()
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["plots"], told["tracks"], told["folder"]) == (1, 0, "runs/live-tracks")
    assert told["lost"] == {"block length below 3": 1}


def test_a_source_that_is_none_is_refused(place):
    done = mantlet(place, "track", "http://127.0.0.1:1", "--radar", "radars.yaml")
    assert done.returncode == 2 and "udp://GROUP:PORT" in done.stderr
