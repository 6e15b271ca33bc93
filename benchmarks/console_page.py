"""The map page in headless Chromium without a graphics card: frames/s, first paint, seeking.

    python benchmarks/console_page.py RUN [--tracks 500] [--seconds 8] [--size 1920x1080]

Serves RUN (a run folder) on loopback, opens the page, and hands it frames of that many moving
tracks with trails, ellipses and predictions in place of the run's own, ten a second, as the server
would send them. First paint is the browser's own mark; a seek is timed from the request to the
first changed frame on the page, over the real stream.
"""

import argparse
import json
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from mantlet.live.app import Service
from mantlet.live.folders import open_run
from mantlet.live.frames import BLOCKS, PLAYING, Frame, pack
from mantlet.live.server import address_of, bind, make_server

HZ = 10.0
SEEKS = 12


def synthetic(tracks: int, tick: int, view: list[float]) -> bytes:
    """Tracks that fly in circles over the middle of the view."""
    blocks = {
        name: {column: np.zeros(0, kind) for column, kind in cols} for name, cols in BLOCKS.items()
    }
    rng = np.random.default_rng(7)
    west, south, east, north = view
    turn = rng.uniform(0, 2 * np.pi, tracks) + 0.05 * tick / HZ
    radius = rng.uniform(0.1, 0.5, tracks)
    values = {column: np.ones(tracks) for column, _ in BLOCKS["tracks"]}
    values |= {
        "id": np.arange(tracks),
        "lon": (west + east) / 2 + radius * np.cos(turn) * (east - west),
        "lat": (south + north) / 2 + radius * np.sin(turn) * (north - south),
        "height_m": rng.uniform(500, 9000, tracks),
        "ve": -radius * np.sin(turn) * 0.05 * (east - west) * 96_000,
        "vn": radius * np.cos(turn) * 0.05 * (north - south) * 111_000,
        "impact_lon": rng.uniform(west, east, tracks),
        "impact_lat": rng.uniform(south, north, tracks),
        "impact_time_s": rng.uniform(5, 60, tracks),
        "impact_major_m": rng.uniform(100, 900, tracks),
        "impact_minor_m": rng.uniform(50, 200, tracks),
        "impact_angle_rad": rng.uniform(0, 3, tracks),
    }
    blocks["tracks"] = {c: np.asarray(values[c]).astype(k) for c, k in BLOCKS["tracks"]}
    return pack(Frame(20.0 + tick / HZ, blocks, tick + 1, 0, PLAYING, 1.0, time.time()))


def frame_rate(context, address: str, tracks: int, seconds: float) -> tuple[float, str]:
    """Frames drawn per second by the page's animation loop, and what the page says itself."""
    page = context.new_page()
    scene = context.request.get(f"{address}/api/runs").json()[0]["id"]
    view = context.request.get(f"{address}/api/runs/{scene}/scene").json()["view"]
    sockets = []
    page.route_web_socket("**/api/stream*", lambda socket: sockets.append(socket))
    page.goto(address)
    while not sockets:
        page.wait_for_timeout(50)
    clock = {"type": "clock", "time_s": 20.0, "playing": True, "speed": 1, "live": False}
    sockets[0].send(json.dumps(clock | {"loop": None, "end_s": 300, "state": "ready"}))
    warm, begun, tick = int(4 * HZ), time.perf_counter(), 0
    page.evaluate(
        "globalThis.drawn = []; const step = (now) => { globalThis.drawn.push(now);"
        " requestAnimationFrame(step); }; requestAnimationFrame(step); 0"
    )
    while tick < warm + seconds * HZ:
        sockets[0].send(synthetic(tracks, tick, view))
        tick += 1
        page.wait_for_timeout(max(0.0, 1000 * (begun + tick / HZ - time.perf_counter())))
    marks = np.array(page.evaluate("globalThis.drawn"))
    marks = marks[marks > marks[-1] - 1000 * seconds]
    said = page.inner_text("#frames")
    page.close()
    return float(1000 * (len(marks) - 1) / (marks[-1] - marks[0])), said


def first_paint_ms(context, address: str) -> float:
    """The browser's mark of the first contentful paint."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_timeout(1500)
    marks = page.evaluate("performance.getEntriesByType('paint').map((e) => [e.name, e.startTime])")
    page.close()
    return dict(marks)["first-contentful-paint"]


def seeks_ms(context, address: str) -> list[float]:
    """From asking for a time to a clock on the page that shows it, paused."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_timeout(2500)
    page.keyboard.press(" ")
    page.wait_for_timeout(500)
    took = page.evaluate(
        """async (count) => {
          const slider = document.getElementById('slider');
          const clock = document.getElementById('clock');
          const [low, high] = [Number(slider.min), Number(slider.max)], took = [];
          for (let at = 0; at < count; at += 1) {
            const before = clock.textContent, begun = performance.now();
            slider.value = low + (high - low) * ((0.137 + at * 0.618) % 0.95);
            slider.dispatchEvent(new Event('change'));
            while (clock.textContent === before && performance.now() - begun < 5000)
              await new Promise(requestAnimationFrame);
            took.push(performance.now() - begun);
            await new Promise((done) => setTimeout(done, 150));
          }
          return took;
        }""",
        SEEKS,
    )
    page.close()
    return took


def measure(address: str, tracks: int, seconds: float, size: str) -> dict[str, object]:
    """All figures of one page."""
    width, height = map(int, size.split("x"))
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        context = browser.new_context(viewport={"width": width, "height": height})
        paints = [first_paint_ms(context, address) for _ in range(3)]
        took = seeks_ms(context, address)
        rate, said = frame_rate(context, address, tracks, seconds)
        browser.close()
    return {
        "first_paint_ms": [round(paint) for paint in paints],
        "seek_ms": {"median": round(float(np.median(took))), "worst": round(max(took))},
        "tracks": tracks,
        "frames_per_s": round(rate, 1),
        "page_says": said,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--tracks", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--size", default="1920x1080")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as spool:
        service = Service()
        service.shows.add("run", open_run(given.run, Path(spool)))
        listening = bind("127.0.0.1", 0, None)
        server = make_server(service, listening)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            address = address_of(listening).rstrip("/")
            print(json.dumps(measure(address, given.tracks, given.seconds, given.size), indent=1))
        finally:
            server.should_exit = True
            thread.join()
            for show in service.shows:
                service.shows.drop(show.identity)


if __name__ == "__main__":
    main()
