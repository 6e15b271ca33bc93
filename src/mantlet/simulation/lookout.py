"""What the radars see, worked out some looks ahead: one call then serves many scans.

Draws hang on who sees what in which scan, never on when they are asked for. So a look ahead is
right until something unforeseen happens: shots are fired, or a shot hits. What was worked out
for later looks is then forgotten and made anew.
"""

from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.interceptors import Flying
from mantlet.pipeline.schedule import Look
from mantlet.ports.draws import Draws
from mantlet.sensing.radar import Objects, Radar
from mantlet.simulation.consequences import Consequences
from mantlet.simulation.deliveries import Seen, joined
from mantlet.simulation.sky import Sky, interceptor_objects

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOOKS = 24
"""As many looks of a radar are worked out at a time, if nothing is known to happen before."""


class _Ahead(NamedTuple):
    """Some scans of one radar: the number of the first, and the rows of each."""

    scan: int
    rows: list[slice]
    seen: Seen


@dataclass
class Lookout:
    """The radars, with their faults, before the sky. Truth."""

    radars: tuple[Radar, ...]
    sky: Sky
    consequences: Consequences
    draws: Draws
    _ahead: dict[int, _Ahead] = field(default_factory=dict)

    def forget(self) -> None:
        """Something happened that looks ahead did not know of."""
        self._ahead.clear()

    def see(self, look: Look, flying: Flying) -> tuple[Seen, slice]:
        """Plots of some looks, not yet numbered, and the rows that are this look's."""
        ahead = self._ahead.get(look.radar)
        if ahead is None or look.scan - ahead.scan >= len(ahead.rows):
            ahead = self._ahead[look.radar] = self._look_ahead(look, flying)
        return ahead.seen, ahead.rows[look.scan - ahead.scan]

    def _look_ahead(self, look: Look, flying: Flying) -> _Ahead:
        radar = self.radars[look.radar]
        scan = np.arange(look.scan, look.scan + LOOKS)
        time_s = np.float64(radar.offset_s) + scan * np.float64(radar.period_s)
        foreseen = (time_s < self.consequences.next_s) & (time_s <= self.sky.until_s)
        foreseen[0] = True
        scan, time_s = scan[foreseen], time_s[foreseen]
        objects, begin = self._objects(time_s - radar.faults.bias_time_s, flying)
        plots, origins, first = radar.scans(
            objects, begin, scan=scan, time_s=time_s, draws=self.draws
        )
        ends = first.tolist()
        rows = [slice(*pair) for pair in pairwise(ends)]
        seen = Seen(plots, origins)
        if radar.faults.none:
            return _Ahead(look.scan, rows, seen)
        return _Ahead(look.scan, *self._befallen(radar, seen, rows, time_s.tolist()))

    def _befallen(
        self, radar: Radar, seen: Seen, rows: list[slice], time_s: list[float]
    ) -> tuple[list[slice], Seen]:
        """What the radar's faults leave of each scan."""
        left = [
            radar.faults.befall(*seen.take(scan), stream=radar.stream, time_s=at, draws=self.draws)
            for scan, at in zip(rows, time_s, strict=True)
        ]
        ends = accumulate((len(plots) for plots, _ in left), initial=0)
        return [slice(*pair) for pair in pairwise(ends)], joined([Seen(*scan) for scan in left])

    def _objects(self, times_s: Floats, flying: Flying) -> tuple[Objects, Ints]:
        """All there is to see at some times, one after the other, and where each begins."""
        objects, looks = self.sky.objects(times_s)
        if len(flying):
            keys = self.consequences.shot_keys(flying.shots.shot_id)
            own, theirs = interceptor_objects(flying, keys, times_s)
            looks = np.concatenate([looks, theirs])
            order = np.argsort(looks, kind="stable")  # at each time what flies, then our own
            objects, looks = objects.followed_by(own).take(order), looks[order]
        return objects, np.searchsorted(looks, np.arange(len(times_s) + 1))
