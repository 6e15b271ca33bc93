"""The state of a run at one time, as the blocks of a frame."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.replay_frame import plot_positions
from mantlet.analysis.replay_scene import magazine_history
from mantlet.engagement.interceptors import Flying
from mantlet.live.alerting import Spells
from mantlet.live.frames import BLOCKS, Block
from mantlet.live.kept import Kept
from mantlet.live.places import axes_at, carried, placed, turned
from mantlet.live.recording import Recording
from mantlet.live.verdicts import Verdicts
from mantlet.pipeline.schedule import DECISION_PERIOD_S
from mantlet.tables import Shots

Array = NDArray[Any]

LONGEST_FLIGHT_S = 600.0
"""No interceptor flies longer between decision and intercept."""

SAME_TICK_S = 1e-3


@dataclass(frozen=True)
class _Moving:
    """Objects at one decision: where, how fast, and columns that stay until the next."""

    place: Array
    velocity: Array
    fixed: Block

    def carried(self, seconds: float) -> Block:
        """All columns some time after the decision."""
        return {**self.fixed, **_moving(carried(self.place, self.velocity, seconds), self.velocity)}


class Snapshots:
    """Blocks of frames from a recording, whatever the time asked for."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.verdicts = Verdicts(recording)
        self.spells = Spells(recording)
        self._magazines: tuple[int, tuple[Array, Array, Array]] = (-1, _NO_HISTORY)
        self._moving: Kept[_Moving] = Kept()
        self._loads: Kept[tuple[Array, Array]] = Kept()
        self._courses: Kept[Flying] = Kept()

    def tick_s(self, time_s: float) -> float:
        """The latest decision at a time; NaN in the quiet between intervals."""
        if self.recording.interval_at(time_s) < 0:
            return np.nan
        tick = np.floor(time_s / DECISION_PERIOD_S + 1e-9) * DECISION_PERIOD_S
        return float(min(tick, self.recording.edge_s))

    def blocks(
        self, time_s: float, *, truth: bool = False, plots: bool = False
    ) -> dict[str, Block]:
        """The blocks at a time: the latest decision, carried on by its velocities."""
        found = {"zones": self._zones(time_s), "batteries": self._batteries(time_s)}
        found["interceptors"] = self._interceptors(time_s)
        tick = self.tick_s(time_s)
        if np.isnan(tick):
            return found
        found["tracks"] = self._tracks(tick, time_s)
        if truth:
            found["truth"] = self._truth(tick, time_s)
        if plots:
            found["plots"] = self._plots(time_s)
        return found

    def rows_at(self, name: str, tick_s: float) -> slice:
        """Rows of a table written at one decision."""
        clock = self.recording[name]["clock_s"]
        return slice(
            int(np.searchsorted(clock, tick_s - SAME_TICK_S)),
            int(np.searchsorted(clock, tick_s + SAME_TICK_S)),
        )

    def _tracks(self, tick: float, time_s: float) -> Block:
        found = self._moving.get(("tracks", tick), lambda: self._tracks_at(tick))
        block = found.carried(time_s - tick)
        block["impact_time_s"] = found.fixed["impact_time_s"] - time_s
        return block

    def _tracks_at(self, tick: float) -> "_Moving":
        tracks, rows = self.recording["tracks"], self.rows_at("tracks", tick)
        identity, ellipse = np.array(tracks["track_id"][rows]), tracks["ellipse"][rows].T
        warning, engagement, probability = self.verdicts.at(identity, tick)
        fixed = {
            "id": identity,
            "status": np.array(tracks["status"][rows]),
            **dict(zip(("major_m", "minor_m", "angle_rad"), np.array(ellipse), strict=True)),
            **self._predicted(identity, tick),
            "warning": warning,
            "engagement": engagement,
            "probability": probability,
        }
        return _Moving(
            tracks["place"][rows].astype(float), tracks["velocity"][rows], _packed("tracks", fixed)
        )

    def _predicted(self, identity: Array, tick: float) -> Block:
        """The impact predicted for each track at a decision; NaN where none was."""
        impacts, rows = self.recording["impacts"], self.rows_at("impacts", tick)
        whose = impacts["track_id"][rows]
        filled = np.full((6, len(identity)), np.nan)
        order = np.argsort(whose, kind="stable")
        at = np.minimum(np.searchsorted(whose, identity, sorter=order), max(len(whose) - 1, 0))
        if len(whose):
            row = order[at]
            known = (whose[row] == identity) & (impacts["status"][rows][row] == 0)
            row = row[known]
            filled[0:2, known] = impacts["place"][rows][row].T
            filled[2, known] = impacts["impact_time_s"][rows][row]
            filled[3:6, known] = impacts["ellipse"][rows][row].T
        return dict(zip(_IMPACT_COLUMNS, filled, strict=True))

    def _truth(self, tick: float, time_s: float) -> Block:
        found = self._moving.get(("truth", tick), lambda: self._truth_at(tick))
        return found.carried(time_s - tick)

    def _truth_at(self, tick: float) -> "_Moving":
        states, threats = self.recording["states"], self.recording["threats"]
        rows = self.rows_at("states", tick)
        identity = np.array(states["threat_id"][rows])
        fixed = {
            "id": identity,
            "kind": threats["kind"][identity],
            "impact_lon": threats["impact_lon_deg"][identity],
            "impact_lat": threats["impact_lat_deg"][identity],
        }
        return _Moving(
            states["place"][rows].astype(float), states["velocity"][rows], _packed("truth", fixed)
        )

    def _plots(self, time_s: float) -> Block:
        clock = self.recording["plots"]["clock_s"]
        low, high = np.searchsorted(clock, [time_s - 1.0, time_s], side="right")
        place = self.plot_places(slice(int(low), int(high)))
        return {
            "lon": place[:, 0],
            "lat": place[:, 1],
            "height_m": place[:, 2],
            "plot_id": self.recording["plots"]["plot_id"][low:high],
        }

    def plot_places(self, rows: slice | Array) -> Array:
        """Longitude, latitude and height of plots, shape (n, 3)."""
        plots = self.recording["plots"]
        polar, radar = plots["polar"][rows].astype(float), plots["radar"][rows]
        points = np.full((len(polar), 3), np.nan)
        for row, known in enumerate(self.recording.scenario.radars):
            mine = radar == row
            if mine.any():
                points[mine] = plot_positions(known.site, *polar[mine].T)
        return placed(points) if len(points) else points

    def _flying(self, time_s: float) -> Array:
        """Rows of the shots in the air at a time."""
        shots = self.recording["shots"]
        decided = shots["decision_time_s"]
        low, high = np.searchsorted(decided, [time_s - LONGEST_FLIGHT_S, time_s], side="right")
        launch_s, end_s = shots["launch_time_s"][low:high], shots["intercept_time_s"][low:high]
        return np.asarray(low + np.flatnonzero((launch_s <= time_s) & (end_s > time_s)))

    def _shots(self, rows: Array) -> Shots:
        shots, words = self.recording["shots"], self.recording.words["batteries"].texts
        columns = {key: shots[key][rows] for key in Shots.columns()}
        columns["battery_id"] = np.array(words, object)[columns["battery_id"]]
        return Shots.trusted(**columns)

    def _interceptors(self, time_s: float) -> Block:
        rows = self._flying(time_s)
        if not len(rows):
            return _NO_INTERCEPTORS
        course = self._courses.get(rows.tobytes(), lambda: self._course(rows))
        shots, place = course.shots, placed(course.positions(time_s))
        return {
            "id": shots.shot_id,
            **_moving(place, turned(axes_at(place), course.velocities(time_s))),
            "track_id": shots.track_id,
            "battery": self.recording["shots"]["battery_id"][rows],
            "seconds_left": shots.intercept_time_s - time_s,
            "aim_lon": shots.aim_lon_deg,
            "aim_lat": shots.aim_lat_deg,
        }

    def _course(self, rows: Array) -> Flying:
        return Flying.of(self._shots(rows), self.recording.scenario.batteries)

    def _zones(self, time_s: float) -> Block:
        return self.spells.block(time_s)

    def _batteries(self, time_s: float) -> Block:
        times = self.magazines()[0]
        passed = int(np.searchsorted(times, time_s, side="right"))
        held, reload_s = self._loads.get((len(times), passed), lambda: self._loaded(passed))
        return {"row": np.arange(len(held)), "left": held, "reload_s": reload_s - time_s}

    def _loaded(self, passed: int) -> tuple[Array, Array]:
        """What each battery holds after so many changes, and when it is reloaded next."""
        times, battery, left = self.magazines()
        batteries = self.recording.scenario.batteries
        held = np.zeros(len(batteries), np.int64)
        reload_s = np.full(len(batteries), np.nan)
        for row in range(len(batteries)):
            mine = np.flatnonzero(battery == row)
            now = int(np.searchsorted(mine, passed)) - 1
            held[row] = left[mine[now]]
            rises = np.flatnonzero(np.diff(left[mine[now:]]) > 0)
            if len(rises):
                reload_s[row] = times[mine[now + 1 + rises[0]]]
        return held, reload_s

    def magazines(self) -> tuple[Array, Array, Array]:
        """When the load of a battery changed, which battery, and what it then held."""
        count = len(self.recording["shots"])
        if self._magazines[0] != count:
            shots = self._shots(np.arange(count))
            history = magazine_history(self.recording.scenario.batteries, shots)
            order = np.argsort(history[0], kind="stable")
            times, battery, left = (column[order] for column in history)
            self._magazines = (count, (times, battery, left))
        return self._magazines[1]

    @cached_property
    def zone_rows(self) -> dict[int, int]:
        """Row of each zone by its identity."""
        zone_id = self.recording.scenario.zones.zone_id.tolist()
        return {identity: row for row, identity in enumerate(zone_id)}


_IMPACT_COLUMNS = (
    "impact_lon",
    "impact_lat",
    "impact_time_s",
    "impact_major_m",
    "impact_minor_m",
    "impact_angle_rad",
)
_NO_HISTORY = (np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64))


def _packed(name: str, fixed: Block) -> Block:
    """Columns as a frame holds them, so that packing need not convert them again and again."""
    kinds = dict(BLOCKS[name])
    return {
        key: np.ascontiguousarray(column, kinds[key]) if key != "impact_time_s" else column
        for key, column in fixed.items()
    }


def _moving(place: Array, velocity: Array) -> Block:
    columns = np.concatenate([place.T, velocity.T])
    return dict(zip(("lon", "lat", "height_m", "ve", "vn", "vu"), columns, strict=True))


_NO_INTERCEPTORS = {
    **_moving(np.empty((0, 3)), np.empty((0, 3))),
    **{
        key: np.empty(0)
        for key in ("id", "track_id", "battery", "seconds_left", "aim_lon", "aim_lat")
    },
}
