"""The shared check passes our tracker, and refuses trackers that break the protocol."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from mantlet.tables import Tracks
from mantlet.tracking.conformance import NonconformingError, check_tracker
from mantlet.tracking.tracker import Tracker


def test_our_tracker_conforms():
    check_tracker(Tracker)


@dataclass(frozen=True)
class Altered(Tracker):
    """Ours, with something done to every report."""

    def altered(self, tracks: Tracks) -> Tracks:
        return tracks

    def report(self, state: Any, time_s: float) -> Tracks:
        return self.altered(super().report(state, time_s))


class LateClock(Altered):
    def altered(self, tracks):
        return replace(tracks, time_s=tracks.time_s - 1.0)


class OneName(Altered):
    def altered(self, tracks):
        return replace(tracks, track_id=np.zeros(len(tracks), dtype=np.int64))


class NoDoubt(Altered):
    def altered(self, tracks):
        return replace(tracks, covariance=np.zeros((len(tracks), 28)))


class OwnWords(Altered):
    def altered(self, tracks):
        return replace(tracks, status=np.array(["alive"] * len(tracks), dtype=object))


class Blind(Altered):
    def altered(self, tracks):
        return tracks.take(np.zeros(len(tracks), dtype=bool))


class Shifted(Altered):
    def altered(self, tracks):
        state = tracks.state.copy()
        state[:, :3] += 1_000.0
        return replace(tracks, state=state)


@dataclass(frozen=True)
class Restless(Tracker):
    """Keeps a count in itself: a second state gets other names."""

    calls: list[int] = field(default_factory=list)

    def report(self, state: Any, time_s: float) -> Tracks:
        tracks = super().report(state, time_s)
        self.calls.append(1)
        return replace(tracks, track_id=tracks.track_id + 1_000 * len(self.calls))


class Immortal(Tracker):
    def step(self, state, plots, radar, time_s):
        return super().step(state, plots, radar, time_s) if len(plots) else state


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (LateClock, "time_s"),
        (OneName, "stands twice"),
        (NoDoubt, "covariance"),
        (OwnWords, "status 'alive'"),
        (Blind, "0 tracks within"),
        (Shifted, "0 tracks within"),
        (Restless, "second report"),
        (Immortal, "still live"),
    ],
)
def test_a_tracker_that_breaks_the_protocol_is_refused_with_the_reason(broken, words):
    with pytest.raises(NonconformingError, match=words):
        check_tracker(broken)
