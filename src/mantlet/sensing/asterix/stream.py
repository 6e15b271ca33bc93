"""Plots of a live source: payload by payload, in memory that no payload can make grow."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.asterix.contents import chunks
from mantlet.sensing.asterix.loss import Loss
from mantlet.sensing.asterix.plots_in import usable_plots
from mantlet.sensing.asterix.recording import Recording
from mantlet.sensing.asterix.stations import Sources, Station
from mantlet.sensing.asterix.walking import needed_bits
from mantlet.tables import Plots

Floats = NDArray[np.float64]

PIECE = 128
"""Records read in one go: what they need beside the payload is bounded, however long that is."""

NEEDED = needed_bits({34: ("010", "030"), 48: ("010", "140", "040", "110"), 62: ("-",)})
"""Without these a record is no plot and no marker, and not worth unpacking (CAT062: none is)."""


@dataclass
class PlotStream:
    """Turns payloads into plots as they come, and keeps count of everything not used.

    Parameters
    ----------
    radars : sequence of radars (`Radar`, `RadarFigures` or alike)
    epoch : datetime
        00:00 UTC of the day that times of the plots count from. Their own day follows from when
        each payload was received: clocks must agree within half a day.
    sources : mapping of (SAC, SIC) to radar id, optional
        As for `read_plots`.
    """

    radars: Sequence[Station]
    epoch: datetime
    sources: Sources | None = None
    plots: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    octets_lost: int = 0
    skipped: Counter[int] = field(default_factory=Counter)
    first_loss: Loss | None = None

    def feed(self, payload: bytes, received_s: float) -> Iterator[tuple[Plots, Floats]]:
        """Plots, and times of CAT034 messages, of one payload; in pieces of `PIECE` records.

        `received_s` is the time of reception since the epoch [s]. What is wrong is counted,
        never raised. `first_loss` has its offset in the payload.
        """
        data = np.frombuffer(payload, dtype=np.uint8).copy()
        unix_s = np.array([received_s + self.epoch.timestamp()])
        held = Recording(data, np.array([0]), np.array([data.size]), unix_s, "live")
        for part in chunks(held, PIECE, NEEDED):
            self.lost.update(part.counts)
            self.octets_lost += part.octets_lost
            if part.bare:
                self.lost["record of less than a plot"] += part.bare
            self.skipped.update(part.skipped)
            if self.first_loss is None and part.losses:
                self.first_loss = part.losses[0]
            if not any(map(len, part.records.values())):
                continue
            plots, left_out, markers_s = usable_plots(
                held, part, self.radars, self.sources, self.epoch, self.plots
            )
            self.plots += len(plots)
            self.lost.update(left_out)
            yield plots, markers_s
