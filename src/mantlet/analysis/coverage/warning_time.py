"""How soon flights towards each place are detected and tracked, and what is left to warn in.

The flights are those that the scenario's own raids could have: a class's notional flights from
the areas where raids start, kilometre-coarse towards each place. Nothing is aimed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.chance_of_track import CONFIRMED, FIRST, track_chances
from mantlet.ports.draws import Draws
from mantlet.scenario.model import Scenario
from mantlet.sensing.radar import Radar
from mantlet.tables import Zones
from mantlet.tables.errors import InputError
from mantlet.threats.catalogue import CLASSES
from mantlet.threats.flights import Barrage, draw_threats
from mantlet.threats.raids import Campaign, Listing, Raid, Record, RecordedFall
from mantlet.threats.salvos import plan
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings
from mantlet.world.earth import ground_distance_m

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[float, float, str], None]

FLIGHTS = 12
"""Flights towards each place."""

NEAR_M = 3_000.0
"""A flight counts for its place if it comes down so near to the centre."""

SPREAD_S = 60.0
"""Launches are spread over this time: no scan of any radar falls at a special moment of them."""

LOW = 0.1
"""`warning_low_s` is missed by this share of the flights."""

SEED = 1


@dataclass(frozen=True, eq=False)
class WarningTimes:
    """What people in each zone can hope for, one row a zone. NaN where no flight gets there.

    `flights` (n,) how many came down near; `time_of_flight_s` their median [s];
    `first_detection_s` and `confirmed_s` the median time from launch [s] until the first
    detection and until the track is confirmed; `detected` and `confirmed` the shares that ever
    are. `warning_s` the median time [s] from hearing the alert to the impact, `warning_low_s` what
    nine in ten flights leave; below zero for an alert that comes after the impact, minus infinity
    where at least that share is never tracked.
    """

    zones: Zones
    class_id: str
    flights: Ints
    time_of_flight_s: Floats
    first_detection_s: Floats
    confirmed_s: Floats
    detected: Floats
    confirmed: Floats
    warning_s: Floats
    warning_low_s: Floats

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Whether the median warning is long enough to reach shelter, (n,); False where NaN."""
        return np.asarray(self.warning_s >= self.zones.shelter_time_s)


def warning_times(
    scenario: Scenario,
    class_id: str,
    *,
    radars: Sequence[Radar] | None = None,
    flights: int = FLIGHTS,
    progress: Progress | None = None,
) -> WarningTimes:
    """The seconds that are left to each zone when a flight of a class comes its way.

    Parameters
    ----------
    scenario : Scenario
        Its radars, zones, areas where raids start, air, relief and warning policy.
    class_id : str
        One of the catalogue, not debris.
    radars : sequence of Radar, optional
        Instead of all of the scenario's.
    flights : int
        Flights towards each zone.
    progress : callable, optional
        Called with seconds of flight done, seconds in all and a few words.

    Returns
    -------
    WarningTimes
        A track counts as confirmed by the tracker's rule (so many hits in so many looks of radars
        that should see it); the alert goes out `confirm_s` later and is heard after another
        `delivery_s`. Exact for these flights: chances of detection are carried along look by
        look, nothing is drawn. Left out: gates that fail, false tracks, merged plots, jamming,
        faults, and that an impact must be predicted well enough.

    Raises
    ------
    InputError
        If there is no such class, no area where raids start, or no zone.
    """
    if class_id not in CLASSES or class_id == "debris":
        known = ", ".join(name for name in CLASSES if name != "debris")
        raise InputError(f"no class {class_id!r}\n    fix: choose from: {known}")
    if not len(scenario.zones):
        raise InputError("the scenario has no zones to warn")
    barrage, zone = _flights(scenario, class_id, flights)
    offsets, time_s, chance = _looks(barrage, tuple(radars or scenario.radars), progress)
    settings: TrackerSettings = DEFAULT_SETTINGS
    by_then = track_chances(offsets, chance, settings.confirm_hits, settings.confirm_window)
    delay_s = scenario.policy.confirm_s + scenario.policy.delivery_s
    return _summed_up(scenario.zones, class_id, barrage, zone, offsets, time_s, by_then, delay_s)


def launch_areas(raids: Sequence[Raid]) -> tuple[str, ...]:
    """The areas where a scenario's raids start, in its order."""
    return tuple(dict.fromkeys(name for raid in raids for name in _areas_of(raid)))


def _areas_of(raid: Raid) -> Iterator[str]:
    if isinstance(raid, Campaign | Record):
        yield from raid.areas
    else:
        for volley in raid.volleys if isinstance(raid, Listing) else (raid,):
            yield volley.area


def _flights(scenario: Scenario, class_id: str, count: int) -> tuple[Barrage, Ints]:
    """Flights towards every zone, and the zone (row) that each comes down near; -1 for none."""
    zones = scenario.zones
    falls = [
        RecordedFall(0.0, SPREAD_S, float(lat), float(lon), "zone", count, class_id)
        for lat, lon in zip(zones.lat_deg, zones.lon_deg, strict=True)
    ]
    draws = Draws(SEED)
    salvos = plan((Record(tuple(falls), launch_areas(scenario.raids)),), draws)
    barrage = draw_threats(salvos, scenario.areas, zones, draws, scenario.air, scenario.terrain)
    toward = np.array([salvo.ordinal for salvo in salvos])[barrage.threats.raid_id]
    off_m = ground_distance_m(
        zones.lat_deg[toward],
        zones.lon_deg[toward],
        barrage.threats.impact_lat_deg,
        barrage.threats.impact_lon_deg,
    )
    return barrage, np.where(off_m <= NEAR_M, toward, -1)


def _looks(
    barrage: Barrage, radars: tuple[Radar, ...], progress: Progress | None
) -> tuple[Ints, Floats, Floats]:
    """Every look at every flight by a radar that could see it, flight by flight in time order.

    Offsets (n + 1,), times [s] and chances of detection of the looks.
    """
    launch_s, impact_s = barrage.threats.launch_time_s, barrage.threats.impact_time_s
    end_s = float(impact_s.max(initial=0.0))
    looks = sorted(
        (radar.offset_s + k * radar.period_s, index)
        for index, radar in enumerate(radars)
        for k in range(int(max(end_s - radar.offset_s, 0.0) / radar.period_s) + 1)
    )
    flight, time_s, chance = [np.empty(0, np.int64)], [np.empty(0)], [np.empty(0)]
    for time, index in looks:
        rows = np.flatnonzero((launch_s <= time) & (impact_s > time))
        states = barrage.trajectories.states_at(rows, time)
        odds = radars[index].detection_probabilities(
            states[:, :3], states[:, 3:], barrage.rcs_m2[rows]
        )
        seen = odds > 0.0
        flight.append(rows[seen])
        time_s.append(np.full(int(seen.sum()), time))
        chance.append(odds[seen])
        if progress is not None:
            progress(time, end_s, f"{len(rows):,} flights in the air")
    whose = np.concatenate(flight)
    order = np.argsort(whose, kind="stable")
    offsets = np.searchsorted(whose[order], np.arange(len(launch_s) + 1))
    return offsets, np.concatenate(time_s)[order], np.concatenate(chance)[order]


@dataclass(frozen=True, eq=False)
class _Moments:
    """When something has happened, by the odds: one row for each look that may bring it.

    `zone` (k,), `value_s` (k,) and `odds` (k,) of it happening at that look; the odds of a flight
    for which it never happens stand with an infinite value.
    """

    zone: Ints
    value_s: Floats
    odds: Floats

    def quantile(self, zones: int, share: float, counts: Ints) -> Floats:
        """The value that this share of a zone's flights is at or below, (zones,); NaN for none."""
        order = np.lexsort((self.value_s, self.zone))
        zone, value_s = self.zone[order], self.value_s[order]
        total = np.cumsum(self.odds[order])
        found = np.full(zones, np.nan)
        ends = np.searchsorted(zone, np.arange(zones + 1))
        for row in np.flatnonzero(counts):
            first, last = ends[row], ends[row + 1]
            before = total[first - 1] if first else 0.0
            at = np.searchsorted(total[first:last], before + share * counts[row] * (1 - 1e-9))
            found[row] = value_s[min(first + at, last - 1)]
        return found


def _summed_up(
    zones: Zones, class_id: str, barrage: Barrage, zone: Ints, offsets: Ints, time_s: Floats,
    by_then: Floats, delay_s: float,
) -> WarningTimes:  # fmt: skip
    n, near = len(zones), zone >= 0
    counts = np.bincount(zone[near], minlength=n)
    launch_s, impact_s = barrage.threats.launch_time_s, barrage.threats.impact_time_s
    whose = np.repeat(np.arange(len(zone)), np.diff(offsets))

    def moments(column: int, value_s: Floats, never_s: float) -> _Moments:
        """Of the first detection or the confirmation, with `value_s` (k,) at each look."""
        begin = np.zeros(len(whose), dtype=np.bool_)
        begin[offsets[:-1][np.diff(offsets) > 0]] = True
        before = np.where(begin, 0.0, np.concatenate([[0.0], by_then[:-1, column]]))
        never = 1.0 - _at_end(by_then[:, column], offsets)
        kept = near[whose]
        return _Moments(
            np.concatenate([zone[whose[kept]], zone[near]]),
            np.concatenate([value_s[kept], np.full(int(near.sum()), never_s)]),
            np.concatenate([(by_then[:, column] - before)[kept], never[near]]),
        )

    since_s, left_s = time_s - launch_s[whose], impact_s[whose] - time_s - delay_s
    first, confirmed = (moments(column, since_s, np.inf) for column in (FIRST, CONFIRMED))
    warning = moments(CONFIRMED, left_s, -np.inf)
    flown = _Moments(zone[near], (impact_s - launch_s)[near], np.ones(int(near.sum())))
    return WarningTimes(
        zones,
        class_id,
        counts,
        flown.quantile(n, 0.5, counts),
        first.quantile(n, 0.5, counts),
        confirmed.quantile(n, 0.5, counts),
        _share(_at_end(by_then[:, FIRST], offsets), zone, counts),
        _share(_at_end(by_then[:, CONFIRMED], offsets), zone, counts),
        warning.quantile(n, 0.5, counts),
        warning.quantile(n, LOW, counts),
    )


def _at_end(by_then: Floats, offsets: Ints) -> Floats:
    """The last value of each flight, 0 for one that nobody looks at."""
    last = np.zeros(len(offsets) - 1)
    looked = np.diff(offsets) > 0
    last[looked] = by_then[offsets[1:][looked] - 1]
    return last


def _share(odds: Floats, zone: Ints, counts: Ints) -> Floats:
    near = zone >= 0
    total = np.bincount(zone[near], weights=odds[near], minlength=len(counts))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(counts > 0, total / np.maximum(counts, 1), np.nan))
