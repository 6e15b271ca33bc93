"""The runs that are being served, by their ids."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

import numpy as np

from mantlet.live.coverage import coverage_features
from mantlet.live.events import KINDS, Events, as_json
from mantlet.live.kept import Kept
from mantlet.live.recording import Recording
from mantlet.live.scene import describe, land_geojson, zone_features
from mantlet.live.scores import Scores
from mantlet.live.snapshot import Snapshots
from mantlet.world.zones import ZoneMap

State = Literal["running", "paused", "finished", "failed", "ready"]


class Engine(Protocol):
    """What makes a run go on while it is watched (see `live.engine`)."""

    @property
    def state(self) -> State: ...  # noqa: D102
    @property
    def error(self) -> str | None: ...  # noqa: D102
    @property
    def speed(self) -> float: ...  # noqa: D102
    @property
    def skips(self) -> list[tuple[float, float]]: ...  # noqa: D102
    def time_s(self) -> float: ...  # noqa: D102
    def steer(self, command: dict[str, Any]) -> None: ...  # noqa: D102
    def stop(self) -> None: ...  # noqa: D102


@dataclass
class Show:
    """One run as it is served: a replay, or with an engine a run that goes on."""

    identity: str
    recording: Recording
    engine: Engine | None = None
    snapshots: Snapshots = field(init=False)
    events: Events = field(init=False)
    scores: Scores = field(init=False)

    def __post_init__(self) -> None:
        self.snapshots = Snapshots(self.recording)
        self.events = Events(self.recording)
        self.scores = Scores(self.recording)
        self._coverage: Kept[dict[str, Any]] = Kept(8)

    @property
    def kind(self) -> str:
        """Live or replay."""
        return "replay" if self.engine is None else "live"

    @property
    def state(self) -> State:
        """Whether it goes on."""
        return "ready" if self.engine is None else self.engine.state

    @property
    def edge_s(self) -> float:
        """The last time there is anything to show of."""
        return self.recording.edge_s

    def facts(self) -> dict[str, Any]:
        """The run in a list of runs."""
        scenario = self.recording.scenario
        return {
            "id": self.identity,
            "title": scenario.title,
            "scenario": scenario.name,
            "seed": self.recording.seed,
            "kind": self.kind,
            "epoch": scenario.epoch.isoformat().replace("+00:00", "Z"),
            "start_s": self.recording.start_s,
            "end_s": self.recording.end_s,
            "state": self.state,
            "error": None if self.engine is None else self.engine.error,
        }

    def prepare(self) -> None:
        """Work out once what the first to ask would otherwise wait for."""
        fired_s = self.recording["shots"]["launch_time_s"]
        time_s = float(fired_s[0]) if len(fired_s) else self.recording.start_s
        self.snapshots.blocks(time_s + 0.5, truth=True, plots=True)
        self.events.latest(self.events.passed(time_s), KINDS, 1)
        self.scores.at(time_s)
        self.recording.forget()

    def scene(self) -> dict[str, Any]:
        """What stands still on its map."""
        return describe(self.recording, self.kind, self.identity)

    @cached_property
    def zones(self) -> str:
        """Its zones as GeoJSON."""
        return as_json(zone_features(self.recording.scenario.zones))

    @cached_property
    def zone_map(self) -> ZoneMap:
        """Its zones, to be looked up."""
        return ZoneMap(self.recording.scenario.zones)

    def coverage(self, height_m: float, rcs_m2: float) -> dict[str, Any]:
        """Where its radars see, as GeoJSON."""
        radars = self.recording.scenario.radars
        return self._coverage.get(
            (height_m, rcs_m2), lambda: coverage_features(radars, height_m, rcs_m2)
        )

    @cached_property
    def land(self) -> str:
        """Its land as GeoJSON."""
        return land_geojson(self.recording.scenario)

    def quiet_until(self, time_s: float) -> float | None:
        """When the next interval begins, if nothing flies at a time; None in an interval."""
        if self.recording.interval_at(time_s) >= 0:
            return None
        starts = self.recording.starts_s
        row = int(np.searchsorted(starts, time_s, side="right"))
        return float(starts[row]) if row < len(starts) else self.recording.end_s


class Shows:
    """Runs by id. Ids come from names, hold nothing of a path and are never given twice."""

    def __init__(self) -> None:
        self._held: dict[str, Show] = {}
        self._used: set[str] = set()

    def __iter__(self) -> Iterator[Show]:
        return iter(list(self._held.values()))

    def __len__(self) -> int:
        return len(self._held)

    def get(self, identity: str) -> Show | None:
        """The run of an id, if there is one."""
        return self._held.get(identity)

    def add(self, name: str, recording: Recording, engine: Engine | None = None) -> Show:
        """Serve a run from now on."""
        show = Show(self._free(name), recording, engine)
        self._held[show.identity] = show
        self._used.add(show.identity)
        return show

    def drop(self, identity: str) -> None:
        """Serve a run no longer; one that goes on is stopped."""
        show = self._held.pop(identity)
        if show.engine is not None:
            show.engine.stop()

    def _free(self, name: str) -> str:
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "run"
        names = (plain if k == 1 else f"{plain}-{k}" for k in range(1, len(self._used) + 2))
        return next(name for name in names if name not in self._used)
