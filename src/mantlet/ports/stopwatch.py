"""Where the time of a run goes, stage by stage."""

import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

_SETTLE_NS = 50_000_000
"""After so long slices of time are turned into core time: asking for that costs a system call."""


class Stopwatch:
    """Adds up core seconds by stage; one run, one stopwatch.

    Core, not wall-clock: a machine that others use too stretches the one, hardly the other.
    `stage` reads the core clock itself. `now` and `add`, for inner loops, read the wall clock, a
    tenth of the cost; what they add up over some 50 ms is scaled by the core time of these.
    """

    def __init__(self) -> None:
        self._stages: dict[str, float] = defaultdict(float)
        self._slices: dict[str, int] = defaultdict(int)
        self._wall = time.perf_counter()
        self._cpu = time.process_time()
        self._settled = (time.perf_counter_ns(), time.process_time_ns())

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the body towards `name`."""
        start = time.process_time_ns()
        try:
            yield
        finally:
            self._stages[name] += time.process_time_ns() - start

    def now(self) -> int:
        """A time [ns] for `add`."""
        now = time.perf_counter_ns()
        if not self._slices:  # what passed before belongs to nobody
            self._settled = (now, time.process_time_ns())
        return now

    def add(self, name: str, start_ns: int) -> int:
        """Count the time since `start_ns` towards `name` and return now."""
        now = time.perf_counter_ns()
        self._slices[name] += now - start_ns
        if now - self._settled[0] > _SETTLE_NS:
            self._settle(now)
        return now

    def _settle(self, now: int) -> None:
        """Turn the slices since the last time into core time."""
        core = time.process_time_ns()
        wall_before, core_before = self._settled
        share = (core - core_before) / max(now - wall_before, 1)
        for name, wall in self._slices.items():
            self._stages[name] += wall * share
        self._slices.clear()
        self._settled = (now, core)

    def report(self) -> dict[str, object]:
        """Wall and core seconds so far, peak memory of the process, core seconds by stage."""
        self._settle(time.perf_counter_ns())
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "wall_s": round(time.perf_counter() - self._wall, 3),
            "core_s": round(time.process_time() - self._cpu, 3),
            "peak_mib": round(peak_kib / 1024, 1),
            "stages_core_s": {
                name: round(ns / 1e9, 3) for name, ns in sorted(self._stages.items())
            },
        }
