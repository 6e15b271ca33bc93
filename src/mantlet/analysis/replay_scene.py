"""What stands on the map of a replay: radars, batteries with their magazines, land and borders."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.replay_frame import Frame
from mantlet.engagement.battery import Battery
from mantlet.engagement.magazine import Magazines
from mantlet.sensing.radar import Radar
from mantlet.tables import Shots
from mantlet.world.earth import Site

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Outline:
    """Land as a filled ring, or a border as a line: longitude and latitude, shape (n, 2) [deg]."""

    points_deg: Floats
    land: bool = True


@dataclass(frozen=True)
class Scene:
    """The fixed part of a replay. `epoch` is ISO 8601 in UTC."""

    title: str
    epoch: str
    seed: int
    radars: tuple[Radar, ...]
    batteries: tuple[Battery, ...]
    outlines: tuple[Outline, ...] = ()

    @property
    def sites(self) -> dict[str, Site]:
        """Radar sites by identity."""
        return {radar.id: radar.site for radar in self.radars}

    def describe(self, frame: Frame) -> dict[str, Any]:
        """Radars and batteries on the map, as plain values."""
        return {
            "radars": [
                {
                    "id": radar.id,
                    "range": radar.range_max_m,
                    **_sector(radar),
                    **_spot(radar.site, frame),
                }
                for radar in self.radars
            ],
            "batteries": [
                {
                    "id": battery.id,
                    "range": battery.envelope.range_max_m,
                    "load": battery.interceptors,
                    "flyoutRange": battery.envelope.flyout_range_m,
                    "flyoutTime": battery.envelope.flyout_time_s,
                    **_spot(battery.site, frame),
                }
                for battery in self.batteries
            ],
        }


def _sector(radar: Radar) -> dict[str, list[float]]:
    """First and last azimuth [deg] of a radar that does not see all around."""
    half = 0.5 * radar.azimuth_width_deg
    if half >= 180.0:
        return {}
    return {"sector": [radar.azimuth_centre_deg - half, radar.azimuth_centre_deg + half]}


def _spot(site: Site, frame: Frame) -> dict[str, float]:
    east, north = frame.place(np.array(site.lat_deg), np.array(site.lon_deg))
    return {"x": round(float(east), 1), "y": round(float(north), 1), "height": site.height_m}


def scene_of(scenario: "Scenario", seed: int) -> Scene:
    """The scene of a scenario."""
    return Scene(
        title=scenario.title,
        epoch=scenario.epoch.isoformat().replace("+00:00", "Z"),
        seed=seed,
        radars=scenario.radars,
        batteries=scenario.batteries,
        outlines=tuple(Outline(ring) for ring in scenario.surface.rings),
    )


def magazine_history(batteries: tuple[Battery, ...], shots: Shots) -> tuple[Floats, Ints, Ints]:
    """When the load of a battery changed, which battery, and what it then held.

    Shots and the reloads they lead to, played through the batteries' own magazines. Starts with
    one row per battery at minus infinity: the full load.
    """
    magazines = Magazines.full(batteries)
    names = {battery.id: row for row, battery in enumerate(batteries)}
    held: list[tuple[float, int, int]] = [
        (-np.inf, row, battery.interceptors) for row, battery in enumerate(batteries)
    ]
    order = np.lexsort((shots.shot_id, shots.decision_time_s))
    tick, spare = np.nan, np.zeros(magazines.rounds.shape, dtype=bool)
    for shot in map(int, order):
        now = float(shots.decision_time_s[shot])
        held += _reloads(magazines, now)
        if now != tick:
            tick, spare = now, np.zeros_like(spare)
        row = names[shots.battery_id[shot]]
        magazines.take(row, float(shots.launch_time_s[shot]), spare)
        held.append((float(shots.launch_time_s[shot]), row, int(magazines.rounds[row].sum())))
    held += _reloads(magazines, np.inf)
    table = np.array(held, dtype=np.float64).reshape(-1, 3)
    return table[:, 0], table[:, 1].astype(np.int64), table[:, 2].astype(np.int64)


def _reloads(magazines: Magazines, until_s: float) -> list[tuple[float, int, int]]:
    """Finish the reloads due by a time, one after the other, and what the batteries then hold."""
    done = []
    due = np.unique(magazines.ready_s[np.isfinite(magazines.ready_s)])
    for ready_s in due[due <= until_s]:
        rows = np.unique(np.nonzero(magazines.ready_s == ready_s)[0])
        magazines.reload(float(ready_s))
        done += [(float(ready_s), int(row), int(magazines.rounds[row].sum())) for row in rows]
    return done
