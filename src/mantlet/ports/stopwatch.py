"""Where the time of a run goes, stage by stage."""

import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Adds up core seconds by stage; one run, one stopwatch.

    Core, not wall-clock: a machine that others use too stretches the one, hardly the other.
    """

    def __init__(self) -> None:
        self._stages: dict[str, int] = defaultdict(int)
        self._wall = time.perf_counter()
        self._cpu = time.process_time()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the body towards `name`."""
        start = time.process_time_ns()
        try:
            yield
        finally:
            self._stages[name] += time.process_time_ns() - start

    @staticmethod
    def now() -> int:
        """Core time so far [ns], for `add`."""
        return time.process_time_ns()

    def add(self, name: str, start_ns: int) -> int:
        """Count the time since `start_ns` towards `name` and return now: cheaper in inner loops."""
        now = time.process_time_ns()
        self._stages[name] += now - start_ns
        return now

    def report(self) -> dict[str, object]:
        """Wall and core seconds so far, peak memory of the process, core seconds by stage."""
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "wall_s": round(time.perf_counter() - self._wall, 3),
            "core_s": round(time.process_time() - self._cpu, 3),
            "peak_mib": round(peak_kib / 1024, 1),
            "stages_core_s": {
                name: round(ns / 1e9, 3) for name, ns in sorted(self._stages.items())
            },
        }
