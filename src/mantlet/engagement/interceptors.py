"""Own interceptors in flight: where the defence expects them, from its own orders."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.battery import Battery, Envelope
from mantlet.tables import Shots
from mantlet.world.earth import ecef_from_degrees

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Flying:
    """Shots on their way, with what their courses need at every scan worked out once."""

    shots: Shots
    site_m: Floats
    away_m: Floats
    """From site to aim point, (n, 3)."""
    range_m: Floats
    envelopes: tuple[tuple[Envelope, Bools], ...]
    """Each flyout table with the shots it holds for."""

    @classmethod
    def of(cls, shots: Shots, batteries: tuple[Battery, ...]) -> "Flying":
        """The courses of `shots`, fired by `batteries`."""
        index = {battery.id: row for row, battery in enumerate(batteries)}
        used = np.array([index[name] for name in shots.battery_id], np.int64)
        sites = np.array([battery.site_m for battery in batteries]).reshape(-1, 3)[used]
        aims = ecef_from_degrees(shots.aim_lat_deg, shots.aim_lon_deg, shots.aim_height_m)
        away = aims - sites
        envelopes = tuple((batteries[row].envelope, used == row) for row in np.unique(used))
        return cls(shots, sites, away, np.sqrt((away * away).sum(axis=1)), envelopes)

    @classmethod
    def none(cls) -> "Flying":
        """Nothing in flight."""
        return cls(Shots.empty(), np.empty((0, 3)), np.empty((0, 3)), np.empty(0), ())

    def __len__(self) -> int:
        return len(self.shots)

    def positions(self, time_s: float) -> Floats:
        """ECEF positions at one time, shape (n, 3) [m], in the order of the shots.

        A straight line from the battery to the aim point, run through as the flyout table says;
        at the launcher before launch, at the aim point after the intercept time.
        """
        return self._at(self._gone_m(time_s - self.shots.launch_time_s))

    def velocities(self, time_s: float) -> Floats:
        """ECEF velocities at one time, shape (n, 3) [m/s]: how `positions` change.

        Constant along each straight piece of the flyout table, that which begins where two
        meet; zero on the launcher and at the aim point.
        """
        return self.states(time_s)[1]

    def states(self, time_s: float | Floats) -> tuple[Floats, Floats]:
        """`positions` and `velocities`, for less than the two by themselves.

        For times of shape (m, 1) all of them at once, shape (m, n, 3).
        """
        elapsed = time_s - self.shots.launch_time_s
        gone = self._gone_m(elapsed)
        speed = np.zeros(elapsed.shape)
        for envelope, mine in self.envelopes:
            speed[..., mine] = envelope.speed_at_mps(elapsed[..., mine])
        speed[(elapsed <= 0.0) | (gone >= self.range_m)] = 0.0
        rate = speed / np.maximum(self.range_m, 1.0)
        return self._at(gone), np.asarray(rate[..., None] * self.away_m, np.float64)

    def _gone_m(self, elapsed_s: Floats) -> Floats:
        """How far each has come this long after its launch, as `elapsed_s` in shape [m]."""
        gone = np.zeros(elapsed_s.shape)
        for envelope, mine in self.envelopes:
            gone[..., mine] = envelope.range_at_m(elapsed_s[..., mine])
        gone[elapsed_s <= 0.0] = 0.0
        return gone

    def _at(self, gone_m: Floats) -> Floats:
        share = np.minimum(gone_m / np.maximum(self.range_m, 1.0), 1.0)
        return np.asarray(self.site_m + share[..., None] * self.away_m, np.float64)
