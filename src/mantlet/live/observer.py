"""One observer of one run, or of two under one clock: what to send, whatever carries it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mantlet.live.events import KINDS, TRUTH
from mantlet.live.frames import AT_EDGE, JUMPED, PLAYING, QUIET, Frame, pack_blocks, pack_header
from mantlet.live.frames import TRUTH as WITH_TRUTH
from mantlet.live.playback import Playback
from mantlet.live.scores import DEFAULT, DEFINITIONS
from mantlet.live.shows import Show

VERSION = 1

RECENT = 200
"""Events that are told again after a jump."""

MOST_EVENTS = 5_000
"""Events in one message."""

SCENE_S = 10.0
"""Between two notices that the scene of a run that goes on has changed [s of the wall clock]."""

SCORE_S = 0.5
"""Between two scores [s of the wall clock]."""

RATES_HZ = (1.0, 30.0)

Message = dict[str, Any]

_UNIX_S = time.time() - time.monotonic()


@dataclass
class Parcel:
    """What one tick has for an observer: messages in order, then frames."""

    messages: list[Message] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)


class Observer:
    """Its clock, what it wants to see, and how far it has been told.

    With a run that goes on it starts at the edge, where play, pause, step and speed steer the
    run itself; after a seek it has a clock of its own until it reaches the edge again.
    """

    def __init__(self, shows: list[Show], wall_s: float, time_s: float | None = None) -> None:
        self.shows = shows
        start_s = min(show.recording.start_s for show in shows)
        self.clock = Playback(start_s, self._end_s())
        self.at_edge = time_s is None and len(shows) == 1 and shows[0].engine is not None
        self.clock.seek(wall_s, start_s if time_s is None else time_s)
        self.clock.playing = False
        self.rate_hz = 10.0
        self.truth = self.plots = False
        self.skips = True
        self.definition = DEFAULT
        self._scores: dict[int, tuple[float, Message]] = {}
        self._scenes = [(wall_s, len(show.events)) for show in shows]
        self._told = [0] * len(shows)
        self._sequence = 0
        engine = shows[0].engine
        self._skips_told = 0 if engine is None else len(engine.skips)
        self._jumped = True
        self._last: tuple[Any, ...] = ()
        self._last_clock: Message = {}

    def _end_s(self) -> float:
        return max(show.edge_s for show in self.shows)

    # What the page asks for.

    def command(self, message: Message, wall_s: float) -> None:
        """Do what a page asks.

        Raises
        ------
        ValueError
            If it asks for nothing known or for something out of bounds, in words.
        """
        do = message.get("do")
        handle = _COMMANDS.get(do) if isinstance(do, str) else None
        if handle is None:
            raise ValueError(f"do: choose from {', '.join(_COMMANDS)}")
        handle(self, message, wall_s)

    def _steered(self, message: Message) -> bool:
        """Whether the run itself took the command, because this observer is at its edge."""
        engine = self.shows[0].engine
        if not self.at_edge or engine is None or engine.state in ("finished", "failed"):
            return False
        engine.steer(message)
        return True

    def _play(self, message: Message, wall_s: float) -> None:
        if not self._steered(message):
            before = self.clock.at(wall_s)
            self.clock.end_s = self._end_s()
            self.clock.play(wall_s)
            self._jumped |= self.clock.at(wall_s) < before
            self.at_edge = False

    def _pause(self, message: Message, wall_s: float) -> None:
        if not self._steered(message):
            self.clock.pause(wall_s)

    def _step(self, message: Message, wall_s: float) -> None:
        ticks = _number(message, "ticks", -3600.0, 3600.0, 1.0)
        if ticks > 0 and self._steered({"do": "step", "ticks": ticks}):
            return
        self._leave_edge(wall_s)
        self.clock.step(wall_s, ticks)
        self._jumped |= ticks < 0

    def _speed(self, message: Message, wall_s: float) -> None:
        speed = _number(message, "speed", 0.1, 3600.0)
        self.clock.set_speed(wall_s, speed)
        self._steered({"do": "speed", "speed": speed})

    def _seek(self, message: Message, wall_s: float) -> None:
        time_s = _number(message, "time_s", -1e12, 1e12)
        self._leave_edge(wall_s)
        self.clock.end_s = self._end_s()
        self.clock.seek(wall_s, time_s)
        self._jumped = True

    def _loop(self, message: Message, wall_s: float) -> None:
        ends = [message.get(key) for key in ("start_s", "end_s")]
        if any(end is not None for end in ends):
            ends = [_number(message, key, -1e12, 1e12) for key in ("start_s", "end_s")]
            self._leave_edge(wall_s)
        before = self.clock.at(wall_s)
        self.clock.set_loop(wall_s, *ends)
        self._jumped |= self.clock.at(wall_s) != before

    def _live(self, message: Message, wall_s: float) -> None:
        if len(self.shows) != 1 or self.shows[0].engine is None:
            raise ValueError("live: only a run that goes on has an edge to follow")
        self.clock.loop, self.at_edge, self._jumped = None, True, True

    def _rate(self, message: Message, wall_s: float) -> None:
        self.rate_hz = _number(message, "hz", *RATES_HZ)

    def _show(self, message: Message, wall_s: float) -> None:
        truth = _flag(message, "truth", self.truth)
        self._jumped |= truth != self.truth
        self.truth, self.plots = truth, _flag(message, "plots", self.plots)

    def _skip(self, message: Message, wall_s: float) -> None:
        self.skips = _flag(message, "on", self.skips)

    def _score(self, message: Message, wall_s: float) -> None:
        definition = message.get("definition")
        if not isinstance(definition, str) or definition not in DEFINITIONS:
            raise ValueError(f"definition: choose from {'; '.join(DEFINITIONS)}")
        self.definition = definition
        self._scores = {}

    def _leave_edge(self, wall_s: float) -> None:
        if self.at_edge:
            engine = self.shows[0].engine
            assert engine is not None
            self.clock.end_s = self._end_s()
            self.clock.seek(wall_s, engine.time_s())
            self.clock.playing, self.at_edge = engine.state == "running", False

    # What it is told.

    def hello(self, wall_s: float) -> Message:
        """The first message."""
        return {
            "type": "hello",
            "version": VERSION,
            "exercise": True,
            "runs": [show.identity for show in self.shows],
            "time_s": self.time_s(wall_s),
            "clock": self._clock(self.time_s(wall_s)),
        }

    def time_s(self, wall_s: float) -> float:
        """The time shown now."""
        engine = self.shows[0].engine
        if self.at_edge and engine is not None:
            return engine.time_s()
        self.clock.end_s = self._end_s()
        return self.clock.at(wall_s)

    def tick(self, wall_s: float) -> Parcel:
        """Whatever is new since the last tick."""
        before = self.clock.shown_s
        time_s = self.time_s(wall_s)
        parcel = Parcel()
        if self.at_edge:
            self._tell_skips(parcel)
        else:
            self._jumped |= time_s < before
            time_s = self._skip_quiet(time_s, wall_s, parcel)
            self._join_edge(time_s)
        clock = self._clock(time_s)
        if {**clock, "time_s": 0} != {**self._last_clock, "time_s": 0} or self._jumped:
            parcel.messages.append(clock)
            self._last_clock = clock
        for source, show in enumerate(self.shows):
            self._tell_events(source, show, time_s, parcel)
            self._tell_score(source, show, time_s, wall_s, parcel)
            self._tell_scene(source, show, wall_s, parcel)
        if self._jumped:
            for show in self.shows:
                show.recording.forget()
        self._frames(time_s, clock, wall_s, parcel)
        self._jumped = False
        return parcel

    def _skip_quiet(self, time_s: float, wall_s: float, parcel: Parcel) -> float:
        if not (self.skips and self.clock.playing):
            return time_s
        until = self._quiet_until(time_s)
        if until is None or until - time_s < 1.0:
            return time_s
        if self.clock.loop is not None and until >= self.clock.loop[1]:
            until = self.clock.loop[0]
        until = min(until, self.clock.end_s)
        parcel.messages.append({"type": "skip", "from_s": time_s, "to_s": until})
        self._jumped |= until < time_s
        self.clock.seek(wall_s, until)
        return until

    def _tell_skips(self, parcel: Parcel) -> None:
        """Quiet time that the run itself has left out."""
        engine = self.shows[0].engine
        skips = [] if engine is None else engine.skips
        for from_s, to_s in skips[self._skips_told :][-1:]:
            parcel.messages.append({"type": "skip", "from_s": from_s, "to_s": to_s})
        self._skips_told = len(skips)

    def _join_edge(self, time_s: float) -> None:
        """An observer that has caught up with a run that goes on follows it."""
        engine = self.shows[0].engine
        caught_up = time_s >= self.clock.end_s and self._last_clock.get("playing", False)
        if len(self.shows) == 1 and engine is not None and caught_up:
            self.at_edge = engine.state in ("running", "paused")

    def _quiet_until(self, time_s: float) -> float | None:
        until = [show.quiet_until(time_s) for show in self.shows]
        known = [end for end in until if end is not None]
        return min(known) if len(known) == len(until) else None

    def _clock(self, time_s: float) -> Message:
        show = self.shows[0]
        engine = show.engine if self.at_edge else None
        return {
            "type": "clock",
            "time_s": time_s,
            "playing": self.clock.playing if engine is None else engine.state == "running",
            "speed": self.clock.speed if engine is None else engine.speed,
            "live": self.at_edge,
            "loop": self.clock.loop,
            "end_s": self._end_s(),
            "state": show.state,
            "quiet_until_s": self._quiet_until(time_s),
            "error": None if show.engine is None else show.engine.error,
        }

    def _tell_events(self, source: int, show: Show, time_s: float, parcel: Parcel) -> None:
        passed = show.events.passed(time_s)
        kinds = [kind for kind in KINDS if self.truth or kind not in TRUTH]
        if self._jumped:
            events = show.events.latest(passed, kinds, RECENT)
        else:
            events = show.events.select(self._told[source], passed, kinds, MOST_EVENTS)
            if len(events) == MOST_EVENTS:
                passed = events[-1]["seq"] + 1
        self._told[source] = passed
        if events or self._jumped:
            parcel.messages.append(
                {"type": "events", "source": source, "reset": self._jumped, "events": events}
            )

    def _tell_score(
        self, source: int, show: Show, time_s: float, wall_s: float, parcel: Parcel
    ) -> None:
        told_s, told = self._scores.get(source, (-SCORE_S, {}))
        if wall_s < told_s + SCORE_S:
            return
        score = show.scores.at(time_s, self.definition)
        if score != told:
            parcel.messages.append({"type": "score", "source": source, "time_s": time_s, **score})
        self._scores[source] = (wall_s, score)

    def _tell_scene(self, source: int, show: Show, wall_s: float, parcel: Parcel) -> None:
        """A run that goes on has more events than its density showed."""
        told_s, events = self._scenes[source]
        if show.engine is not None and wall_s >= told_s + SCENE_S and len(show.events) > events:
            parcel.messages.append({"type": "scene", "source": source})
            self._scenes[source] = (wall_s, len(show.events))

    def _frames(self, time_s: float, clock: Message, wall_s: float, parcel: Parcel) -> None:
        """A frame of each run, unless nothing has changed since the last."""
        state = (time_s, self.truth, self.plots, clock["playing"], self._end_s())
        if state == self._last and not self._jumped:
            return
        self._last = state
        flags = PLAYING * clock["playing"] | AT_EDGE * self.at_edge | JUMPED * self._jumped
        flags |= WITH_TRUTH * self.truth
        for source, show in enumerate(self.shows):
            blocks = show.snapshots.blocks(time_s, truth=self.truth, plots=self.plots)
            quiet = QUIET * (show.quiet_until(time_s) is not None)
            counts, body = pack_blocks(blocks)
            frame = Frame(
                time_s,
                {},
                self._sequence,
                source,
                flags | quiet,
                float(clock["speed"]),
                wall_s + _UNIX_S,
            )
            self._sequence += 1
            parcel.frames.append(pack_header(frame, counts) + body)


_COMMANDS: dict[str, Callable[[Observer, Message, float], None]] = {
    "play": Observer._play,
    "pause": Observer._pause,
    "step": Observer._step,
    "speed": Observer._speed,
    "seek": Observer._seek,
    "loop": Observer._loop,
    "live": Observer._live,
    "rate": Observer._rate,
    "show": Observer._show,
    "skip": Observer._skip,
    "score": Observer._score,
}


def _number(
    message: Message, key: str, low: float, high: float, default: float | None = None
) -> float:
    value = message.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{key}: give a number from {low:g} to {high:g}")
    return float(value)


def _flag(message: Message, key: str, default: bool) -> bool:
    value = message.get(key, default)
    if not isinstance(value, bool):
        raise ValueError(f"{key}: give true or false")
    return value
