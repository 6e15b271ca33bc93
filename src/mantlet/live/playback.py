"""An observer's clock: which moment of a run is shown at which moment of the wall clock."""

from dataclasses import dataclass, field

SLOWEST, FASTEST = 0.1, 3600.0


@dataclass
class Playback:
    """Plays, pauses, steps, seeks and loops between two times of a run. Times in seconds.

    `wall_s` is handed in by the caller and never goes back. The loop, if there is one, bounds
    what is played, not what can be sought.
    """

    start_s: float
    end_s: float
    playing: bool = False
    speed: float = 1.0
    loop: tuple[float, float] | None = None
    _shown_s: float = field(init=False)
    _wall_s: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._shown_s = self.start_s

    @property
    def shown_s(self) -> float:
        """The time shown when it was last asked for."""
        return self._shown_s

    def at(self, wall_s: float) -> float:
        """The time shown; brings the clock up to the present."""
        if self.playing:
            self._shown_s += self.speed * max(0.0, wall_s - self._wall_s)
            if self.loop is not None and self._shown_s >= self.loop[1]:
                low, high = self.loop
                self._shown_s = low + (self._shown_s - high) % (high - low)
            elif self._shown_s >= self.end_s:
                self._shown_s, self.playing = self.end_s, False
        self._wall_s = wall_s
        return self._shown_s

    def play(self, wall_s: float) -> None:
        """Go on; from the end, start again."""
        shown = self.at(wall_s)
        if shown >= self.end_s and self.loop is None:
            self._shown_s = self.start_s
        self.playing = True

    def pause(self, wall_s: float) -> None:
        """Stand still."""
        self.at(wall_s)
        self.playing = False

    def seek(self, wall_s: float, time_s: float) -> None:
        """Show another time, within the run."""
        self.at(wall_s)
        self._shown_s = min(max(time_s, self.start_s), self.end_s)

    def step(self, wall_s: float, seconds: float) -> None:
        """Pause on a whole second, this many from the one shown."""
        self.pause(wall_s)
        whole = self._shown_s // 1.0 if seconds > 0 else -(-self._shown_s // 1.0)
        self.seek(wall_s, whole + seconds)

    def set_speed(self, wall_s: float, speed: float) -> None:
        """Run seconds per wall second from now on.

        Raises
        ------
        ValueError
            If it lies outside 0.1 to 3,600.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed {speed:g}: choose from {SLOWEST:g} to {FASTEST:g}")
        self.at(wall_s)
        self.speed = speed

    def set_loop(self, wall_s: float, start_s: float | None, end_s: float | None) -> None:
        """Repeat a stretch of at least a second; with None, none.

        Raises
        ------
        ValueError
            If only one end is given or the stretch is shorter.
        """
        self.at(wall_s)
        if start_s is None and end_s is None:
            self.loop = None
            return
        if start_s is None or end_s is None or not end_s - start_s >= 1.0:
            raise ValueError("a loop needs start_s and end_s, at least one second apart")
        low, high = max(start_s, self.start_s), min(end_s, self.end_s)
        if high - low < 1.0:
            raise ValueError("the loop lies outside the run")
        self.loop = (low, high)
        if not low <= self._shown_s < high:
            self._shown_s = low
