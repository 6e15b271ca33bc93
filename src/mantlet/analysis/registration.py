"""Registration for people: estimates as a table, as plain values and as sentences."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.intervals import rounded
from mantlet.pipeline.registering import Estimate, register
from mantlet.sensing import Faults
from mantlet.tables import Intervals, Registrations
from mantlet.tables.run import RunTables
from mantlet.tracking.registration import Registrar, Registration
from mantlet.tracking.tracker import Tracker

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario

Floats = NDArray[np.float64]

WORDS = ("range", "azimuth", "elevation", "time")
"""Of `tracking.registration.COMPONENTS`."""

_UNITS = ("m", "deg", "deg", "s")
_SCALES = np.array([1.0, np.degrees(1.0), np.degrees(1.0), 1.0])
_VALUES = ("range_m", "azimuth_rad", "elevation_rad", "delay_s")
_SIGMAS = ("range_sigma_m", "azimuth_sigma_rad", "elevation_sigma_rad", "delay_sigma_s")
_KEYS = ("range_m", "azimuth_deg", "elevation_deg", "delay_s")

NEAR_S = 30.0
"""Of estimates nearer in time than this the earlier is left out."""


def table_of(estimates: Sequence[Estimate]) -> Registrations:
    """A row per estimate and radar, and per estimate and two radars that saw tracks together."""
    return Registrations.concat([_rows(*estimate) for estimate in _apart(estimates)])


def _apart(estimates: Sequence[Estimate]) -> list[Estimate]:
    """Those that are not replaced by another soon after."""
    times_s = np.array([time_s for time_s, _ in estimates])
    apart_s = np.diff(times_s, append=np.inf)
    return [estimates[k] for k in np.nonzero(apart_s > NEAR_S)[0].tolist()]


def _rows(time_s: float, found: Registration) -> Registrations:
    ids = found.radar_ids
    pairs = [pair for pair in found.pairs if pair.seen]
    names = [(radar, "") for radar in ids]
    names += [(ids[pair.radar], ids[pair.against]) for pair in pairs]
    bias = np.vstack([found.bias, *(pair.bias for pair in pairs)])
    sigma = np.vstack([found.sigma, *(pair.sigma for pair in pairs)])
    alarm = np.vstack([found.alarm, *(pair.alarm for pair in pairs)])
    values: dict[str, Any] = dict(zip(_VALUES, bias.T, strict=True))
    values |= zip(_SIGMAS, sigma.T, strict=True)
    return Registrations(
        time_s=np.full(len(names), time_s),
        radar_id=np.array([radar for radar, _ in names], dtype=object),
        against=np.array([other for _, other in names], dtype=object),
        alarm=np.array([",".join(_words(row)) for row in alarm], dtype=object),
        **values,
    )


def _words(alarm: NDArray[np.bool_]) -> list[str]:
    return [word for word, is_on in zip(WORDS, alarm, strict=True) if is_on]


def registration_summary(table: Registrations) -> dict[str, Any] | None:
    """The last estimate as plain JSON values, and every alarm as a sentence; None without any.

    Angles are in degrees. `radars` holds each radar against the law of motion, `pairs` every two
    that saw something together; `alarms` what stands at the end, `past_alarms` what did before
    where nothing does now.
    """
    if not len(table):
        return None
    last = table.time_s == table.time_s[-1]
    rows = [_values(table, k) for k in np.nonzero(last)[0].tolist()]
    pairs = [row for row in rows if row["against"]]
    alone = [row for row in rows if not row["against"]]
    alarms = _alarms(alone, pairs)
    return {
        "at_s": float(table.time_s[-1]),
        "radars": [{k: v for k, v in row.items() if k != "against"} for row in alone],
        "pairs": pairs,
        "alarms": alarms,
        "past_alarms": [] if alarms else _past(table),
    }


def alarms_of(estimates: Sequence[Estimate]) -> tuple[str, ...]:
    """Sentences for what the last of some estimates alarms of."""
    found = registration_summary(table_of(estimates))
    return tuple(found["alarms"]) if found else ()


SAMPLE_S = 120.0
"""So much of a run is tracked once more to check its radars."""


def registration_of_run(tables: RunTables, scenario: "Scenario") -> dict[str, Any] | None:
    """What the recorded plots alone say of the radars; None unless a bias is set on one of several.

    Tracks the busiest two minutes once more: others would pay for being told that nothing is wrong.
    `set` holds the biases of the scenario, by radar, in the units of the estimates.
    """
    radars = scenario.radars
    given = {radar.id: _set_biases(radar.faults) for radar in radars}
    if len(radars) < 2 or not any(any(biases.values()) for biases in given.values()):
        return None
    span = _busiest(tables)
    plots = tables.plots.take(_within(tables.plots.time_s, span))
    registrar = Registrar(scenario.figures, scenario.air)
    found = register(plots, lambda radars: Tracker(radars, scenario.air), registrar, span)
    summary = registration_summary(table_of(found.estimates))
    return None if summary is None else summary | {"set": given}


def _set_biases(faults: Faults) -> dict[str, float]:
    values = (
        faults.bias_range_m, faults.bias_azimuth_deg, faults.bias_elevation_deg, faults.bias_time_s,
    )  # fmt: skip
    return dict(zip(_KEYS, values, strict=True))


def _within(time_s: Floats, span: Intervals) -> NDArray[np.bool_]:
    return np.asarray((time_s >= span.start_s[0]) & (time_s <= span.end_s[0]), np.bool_)


def _busiest(tables: RunTables) -> Intervals:
    """The stretch with the most plots, as an interval of its own."""
    time_s = np.sort(tables.plots.time_s)
    most = np.searchsorted(time_s, time_s + SAMPLE_S) - np.arange(len(time_s))
    start_s = np.floor(time_s[int(most.argmax())]) if len(time_s) else 0.0
    return Intervals(
        interval_id=np.zeros(1, dtype=np.int64),
        start_s=np.array([start_s]),
        end_s=np.array([start_s + SAMPLE_S]),
    )


def _values(table: Registrations, k: int) -> dict[str, Any]:
    found: dict[str, Any] = {"radar": str(table.radar_id[k]), "against": str(table.against[k])}
    for key, value, sigma, scale in zip(_KEYS, _VALUES, _SIGMAS, _SCALES, strict=True):
        name, unit = key.rsplit("_", 1)
        found[key] = rounded(float(getattr(table, value)[k] * scale), 5)
        found[f"{name}_sigma_{unit}"] = rounded(float(getattr(table, sigma)[k] * scale), 3)
    found["alarm"] = [word for word in str(table.alarm[k]).split(",") if word]
    return found


def _alarms(alone: list[dict[str, Any]], pairs: list[dict[str, Any]]) -> list[str]:
    """A sentence for each radar to blame, and for each disagreement that nobody is blamed for."""
    blamed = {(row["radar"], word) for row in alone for word in row["alarm"]}
    told = [_sentence(row, word) for row in alone for word in row["alarm"]]
    for row in pairs:
        both = (row["radar"], row["against"])
        told += [
            _sentence(row, word)
            for word in row["alarm"]
            if not any((radar, word) in blamed for radar in both)
        ]
    return told


def _sentence(row: dict[str, Any], word: str) -> str:
    value, sigma, unit = _figure(row, WORDS.index(word))
    told = f"by {value} {unit} (1 sigma: {sigma})"
    if row["against"]:
        return f"{row['radar']} and {row['against']} disagree in {word} {told}"
    return f"{row['radar']} is off in {word} {told}, judging by all tracks"


def _figure(row: dict[str, Any], component: int) -> tuple[str, str, str]:
    """Value and sigma, both to the sigma's second digit, and the unit."""
    key = _KEYS[component]
    name, unit = key.rsplit("_", 1)
    sigma = row[f"{name}_sigma_{unit}"]
    digits = max(0, 1 - math.floor(math.log10(sigma)))
    return f"{row[key]:+.{digits}f}", f"{sigma:.{digits}f}", unit


def described(row: dict[str, Any]) -> str:
    """All four components of a radar or a pair in one line."""
    told = (_figure(row, component) for component in range(len(WORDS)))
    return ", ".join(
        f"{word} {value} {unit} ({sigma})"
        for word, (value, sigma, unit) in zip(WORDS, told, strict=True)
    )


def set_words(biases: dict[str, float]) -> str:
    """What a scenario sets a radar off by, in words."""
    told = [
        f"{word} {biases[key]:+g} {key.rsplit('_', 1)[1]}"
        for word, key in zip(WORDS, _KEYS, strict=True)
        if biases[key]
    ]
    return ", ".join(told) or "nothing"


def _past(table: Registrations) -> list[dict[str, Any]]:
    """What each radar or pair alarmed of, from the first to the last estimate that did."""
    spans: dict[tuple[str, str, str], tuple[float, float]] = {}
    for k in np.nonzero(table.alarm != "")[0].tolist():
        for word in str(table.alarm[k]).split(","):
            key = (str(table.radar_id[k]), str(table.against[k]), word)
            first_s, _ = spans.get(key, (float(table.time_s[k]), 0.0))
            spans[key] = (first_s, float(table.time_s[k]))
    return [
        {
            "what": f"{radar}{f' and {other} disagreed' if other else ' was off'} in {word}",
            "from_s": first_s,
            "until_s": last_s,
        }
        for (radar, other, word), (first_s, last_s) in spans.items()
    ]
