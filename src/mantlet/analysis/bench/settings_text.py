"""Settings of Mantlet's own tracker as people write them: NAME=VALUE."""

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from mantlet.scenario.errors import suggest
from mantlet.tables.errors import InputError
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings

EXAMPLE = "association=jpda"


def settings_from(texts: Sequence[str], said: str = "--set") -> TrackerSettings:
    """The tracker's settings with each `NAME=VALUE` written in.

    `said` begins every complaint: where the texts come from.

    Raises
    ------
    InputError
        Naming the setting, if it does not exist or the value is not of its kind.
    """
    known, changed = asdict(DEFAULT_SETTINGS), {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            raise InputError(f"{said} {text}: no NAME=VALUE\n    fix: write it like {EXAMPLE}")
        if name not in known:
            fix = suggest(name, [*known])
            raise InputError(f"{said} {text}: no setting {name!r}\n    fix: {fix}")
        changed[name] = _read(f"{said} {text}", value, known[name])
    try:
        return replace(DEFAULT_SETTINGS, **changed)
    except ValueError as error:
        raise InputError(f"{said}: {error}") from None


def _read(place: str, value: str, default: object) -> Any:
    """The value as the kind that the default is of."""
    if isinstance(default, str):
        return value
    kind = "a whole number" if isinstance(default, int) else "a finite number"
    try:
        number = int(value) if isinstance(default, int) else float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{place}: {value!r} is not {kind}\n    fix: give one: {default}")
    return number
