"""Which tracker gets the plots: Mantlet's own with settings of the user's, or anybody's."""

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from mantlet.analysis.bench.trackers import tracker_named
from mantlet.pipeline.tracking import PlotTracker
from mantlet.runs.guest import Guest
from mantlet.scenario.errors import suggest
from mantlet.tables.errors import InputError
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.protocol import TrackerMaker
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings
from mantlet.tracking.tracker import Tracker
from mantlet.world.air import Air

EXAMPLE = "--set association=jpda"


def tracker_for(
    choice: TrackerMaker | str | None,
    settings: TrackerSettings,
    radars: tuple[RadarFigures, ...],
    air: Air,
) -> PlotTracker:
    """Mantlet's tracker, or the chosen one behind the same calls.

    Raises
    ------
    InputError
        If the name names none, or settings are given to a tracker that is not Mantlet's.
    """
    maker = tracker_named(choice) if isinstance(choice, str) else choice
    if maker is None or maker is Tracker:
        return Tracker(radars, air, settings)
    if settings != DEFAULT_SETTINGS:
        raise InputError(
            "settings: only Mantlet's own tracker has them\n"
            "    fix: leave out --set (settings=), or the other tracker"
        )
    name = choice if isinstance(choice, str) else getattr(choice, "__name__", "tracker")
    guest = Guest.made(maker, radars, air, name)
    # Mantlet's own, tuned by somebody's maker, can do more than the protocol asks for.
    return guest.tracker if isinstance(guest.tracker, Tracker) else guest


def settings_from(texts: Sequence[str]) -> TrackerSettings:
    """The tracker's settings with each `NAME=VALUE` written in.

    Raises
    ------
    InputError
        Naming the setting, if it does not exist or the value is not of its kind.
    """
    known, changed = asdict(DEFAULT_SETTINGS), {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            raise InputError(f"--set {text}: no NAME=VALUE\n    fix: write it like {EXAMPLE}")
        if name not in known:
            raise InputError(f"--set {text}: no such setting\n    fix: {suggest(name, [*known])}")
        changed[name] = _read(text, value, known[name])
    try:
        return replace(DEFAULT_SETTINGS, **changed)
    except ValueError as error:
        raise InputError(f"--set: {error}") from None


def _read(text: str, value: str, default: object) -> Any:
    """The value as the kind that the default is of."""
    if isinstance(default, str):
        return value
    kind = "a whole number" if isinstance(default, int) else "a finite number"
    try:
        number = int(value) if isinstance(default, int) else float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"--set {text}: {value!r} is not {kind}\n    fix: give one: {default}")
    return number
