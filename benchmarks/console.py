"""How well one console process serves many, over loopback.

    python benchmarks/console.py                     # 50 observers of 500 tracks at 10 Hz, 20 s
    python benchmarks/console.py --run runs/may-2021 # also seeks in an eleven-day run

The observers run in a process of their own. Delivery counts from the moment a frame was due, so
a late start of the server's work counts as much as a late arrival. A seek counts from the command
to the arrival of the first frame of the new time. Memory is the most the server process ever held.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import websockets
import yaml

from mantlet.live.frames import JUMPED, unpack
from mantlet.scenario.bundled import bundled_paths

MANTLET = [sys.executable, "-m", "mantlet"]
OBSERVERS, RATE_HZ, TRACKS = 50, 10.0, 500
WATCHED_S = 20.0
SEEKS = 200


def crowded(folder: Path) -> Path:
    """A run folder with 500 tracks and more in the air for half a minute."""
    text = bundled_paths()["tutorial"]
    scenario = yaml.safe_load(text.read_text(encoding="utf-8"))
    for key, name in (("places", "tutorial-zones.geojson"), ("coast", "tutorial-coast.geojson")):
        (folder / name).write_bytes((text.parent / name).read_bytes())
        scenario[key] = {"file": name}
    scenario["epoch"] = "2030-06-01T09:00:00Z"
    scenario["raids"] = [
        {
            "kind": "volley",
            "id": "many",
            "at_s": 10.0,
            "duration_s": 20.0,
            "count": 560,
            "mixture": {"rocket-20": 1.0},
            "area": "valley",
            "toward": {"lat": -30.0, "lon": -119.99, "spread_km": 6.0},
        }
    ]
    path = folder / "crowded.yaml"
    path.write_text(yaml.safe_dump(scenario), encoding="utf-8")
    run = folder / "crowded"
    subprocess.run([*MANTLET, "run", str(path), "--out", str(run)], check=True, capture_output=True)
    return run


class Server:
    """A console process of its own."""

    def __init__(self, run: Path) -> None:
        arguments = ["serve", "--replay", str(run), "--port", "0"]
        start = time.perf_counter()
        self.process = subprocess.Popen([*MANTLET, *arguments], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        lines = (line for line in self.process.stdout if line.startswith("http"))
        self.address = next(lines).split()[0].removeprefix("http").rstrip("/")
        self.started_s = time.perf_counter() - start
        self.run = run.name

    @property
    def stream(self) -> str:
        """Where to watch the run."""
        return f"ws{self.address}/api/stream?run={self.run}"

    def peak_mib(self) -> float:
        """The most memory it has held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        held = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(held.split()[1]) / 1024

    def core_s(self) -> float:
        """Core seconds it has spent."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").split()
        return (int(fields[13]) + int(fields[14])) / 100

    def stop(self) -> None:
        """End it as Ctrl-C would."""
        self.process.send_signal(2)
        self.process.wait(10)


async def observe(stream: str, begin_s: float, delays: list[float], tracks: list[int]) -> None:
    """Watch for a while, from a moment of one's own; the first second is not counted."""
    await asyncio.sleep(random.random())
    async with websockets.connect(stream, compression=None, max_size=None) as socket:
        for command in (
            {"do": "rate", "hz": RATE_HZ},
            {"do": "seek", "time_s": begin_s + random.random()},
            {"do": "loop", "start_s": begin_s, "end_s": begin_s + 25.0},
            {"do": "play"},
        ):
            await socket.send(json.dumps(command))
        until = time.time() + WATCHED_S
        while time.time() < until:
            message = await socket.recv()
            now = time.time()
            if isinstance(message, bytes) and now > until - WATCHED_S + 1.0:
                frame = unpack(message)
                delays.append(now - frame.due_unix_s)
                tracks.append(len(frame.blocks["tracks"]["id"]))


async def many(stream: str, begin_s: float) -> tuple[list[float], list[int]]:
    """All observers at once."""
    delays: list[float] = []
    tracks: list[int] = []
    async with asyncio.TaskGroup() as tasks:
        for _ in range(OBSERVERS):
            tasks.create_task(observe(stream, begin_s, delays, tracks))
    return delays, tracks


async def seek(stream: str, run: Path) -> list[float]:
    """Seeks to random times in the run's intervals, one after the other."""
    from mantlet.tables import Tracks

    times = Tracks.read(run / "tracks.parquet").time_s
    delays, draw = [], random.Random(1)
    async with websockets.connect(stream, compression=None, max_size=None) as socket:
        for _ in range(SEEKS):
            wanted = float(times[draw.randrange(len(times))]) + 0.5
            start = time.perf_counter()
            await socket.send(json.dumps({"do": "seek", "time_s": wanted}))
            while True:
                message = await socket.recv()
                if isinstance(message, bytes):
                    frame = unpack(message)
                    if frame.flags & JUMPED and abs(frame.time_s - wanted) < 1e-6:
                        break
            delays.append(time.perf_counter() - start)
    return delays


def show(title: str, seconds: list[float]) -> None:
    """One line: percentiles in milliseconds."""
    p50, p99, most = np.percentile(seconds, [50, 99, 100]) * 1000
    print(f"{title:<24}p50 {p50:7.1f} ms   p99 {p99:7.1f} ms   most {most:7.1f} ms")


def busiest_s(run: Path) -> float:
    """The second from which on most tracks are reported."""
    from mantlet.tables import Tracks

    seconds = np.floor(Tracks.read(run / "tracks.parquet").time_s).astype(int)
    counts = np.convolve(np.bincount(seconds), np.ones(25), "valid")
    return float(np.argmax(counts))


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, help="a long run folder to seek in")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = crowded(Path(folder))
        server = Server(run)
        before = server.core_s()
        delays, tracks = asyncio.run(many(server.stream, busiest_s(run)))
        rate = len(delays) / OBSERVERS / (WATCHED_S - 1)
        print(
            f"{OBSERVERS} observers, {rate:.1f} frames/s each, "
            f"{np.median(tracks):.0f} tracks (median) in a frame"
        )
        show("delivery", delays)
        print(f"server: {server.core_s() - before:.1f} core-s in {WATCHED_S:.0f} s, "
              f"peak {server.peak_mib():.0f} MiB")  # fmt: skip
        server.stop()
    if asked.run is not None:
        server = Server(asked.run)
        show("seek", asyncio.run(seek(server.stream, asked.run)))
        print(f"server: ready after {server.started_s:.1f} s, peak {server.peak_mib():.0f} MiB")
        server.stop()


if __name__ == "__main__":
    main()
