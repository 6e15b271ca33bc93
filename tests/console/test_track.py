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
    ],
)
def test_what_cannot_be_tracked_is_refused_and_nothing_is_left(place, arguments, message):
    before = sorted(path.name for path in place.rglob("*"))
    done = mantlet(place, "track", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in place.rglob("*")) == before


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
