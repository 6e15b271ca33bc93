"""The plan of a run: every salvo's time, count, mixture and direction, fixed before it begins."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mantlet.kernels.draws import RAID
from mantlet.ports.draws import Draws
from mantlet.tables import Intervals
from mantlet.threats.catalogue import CLASSES
from mantlet.threats.profiles import profile
from mantlet.threats.raids import Campaign, Listing, Mixture, Raid, Record, Toward, Volley

Weights = tuple[tuple[str, float], ...]

_MEDIAN_COUNT = 4.0
_COUNT_SPREAD = 0.9
_MOST_AT_ONCE = 137
"""The largest salvo that was published: 137 in five minutes, 11 May 2021 (S77)."""
_GAP_S = 300.0 / _MOST_AT_ONCE
# Classes whose longest flights lie within the same bounds are fired together: a salvo of short
# flights then needs a short stretch of simulated time.
_LONGEST_S = (90.0, 200.0, np.inf)
_RECORD_SPREAD_KM = 0.5


@dataclass(frozen=True)
class Salvo:
    """Flights that begin together.

    `count` flights at even odds at any moment of `duration_s` from `start_s` [s], each of a class
    drawn from `mixture`, from anywhere in `areas` (all there are, if empty). They head toward
    `toward`, or where that is None toward populated places in `towards`. `misfire_share`
    overrides the classes' own; with `short_at_home` misfires come down in `areas`, as "fell short"
    is counted; `scattered` adds the classes' dispersion. Draws are keyed by the raid's place in
    the scenario (`stream`) and the salvo's in the raid (`ordinal`).
    """

    stream: int
    ordinal: int
    start_s: float
    duration_s: float
    count: int
    mixture: Weights
    areas: tuple[str, ...]
    toward: Toward | None
    towards: tuple[str, ...] = ()
    misfire_share: float | None = None
    scattered: bool = True
    short_at_home: bool = False


def plan(raids: Sequence[Raid], draws: Draws) -> tuple[Salvo, ...]:
    """Every salvo of a scenario's raids, by start time.

    Depends on the raids and the seed alone; a raid's salvos do not change when raids are added
    after it.
    """
    salvos: list[Salvo] = []
    for stream, raid in enumerate(raids):
        if isinstance(raid, Campaign):
            salvos += _campaign(raid, stream, draws)
        elif isinstance(raid, Record):
            salvos += _record(raid, stream)
        else:
            volleys = raid.volleys if isinstance(raid, Listing) else (raid,)
            salvos += [_volley(volley, stream, k) for k, volley in enumerate(volleys)]
    return tuple(sorted(salvos, key=lambda salvo: (salvo.start_s, salvo.stream, salvo.ordinal)))


def intervals(salvos: Sequence[Salvo], warmup_s: float, tail_s: float) -> Intervals:
    """The stretches of time to simulate, merged, on whole seconds.

    From `warmup_s` before each salvo (never before the epoch) to `tail_s` after the longest
    flight that any of its classes can have.
    """
    merged: list[list[float]] = []
    for salvo in sorted(salvos, key=lambda salvo: salvo.start_s):
        longest = max(CLASSES[name].max_flight_s for name, _ in salvo.mixture)
        start = float(np.floor(max(salvo.start_s - warmup_s, 0.0)))
        end = float(np.ceil(salvo.start_s + salvo.duration_s + longest + tail_s))
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    times = np.array(merged, dtype=np.float64).reshape(-1, 2)
    return Intervals(
        interval_id=np.arange(len(times)), start_s=times[:, 0].copy(), end_s=times[:, 1].copy()
    )


def _weights(mixture: Mixture) -> Weights:
    return tuple((name, float(weight)) for name, weight in mixture.items() if weight > 0.0)


def _volley(volley: Volley, stream: int, ordinal: int) -> Salvo:
    return Salvo(
        stream,
        ordinal,
        volley.at_s,
        volley.duration_s,
        volley.count,
        _weights(volley.mixture),
        (volley.area,),
        volley.toward,
        misfire_share=volley.misfire_share,
    )


def _record(record: Record, stream: int) -> Iterator[Salvo]:
    for ordinal, fall in enumerate(record.falls):
        yield Salvo(
            stream,
            ordinal,
            fall.time_s,
            fall.duration_s,
            fall.count,
            ((fall.class_id, 1.0),),
            record.areas,
            Toward(fall.lat_deg, fall.lon_deg, _RECORD_SPREAD_KM),
            misfire_share=1.0 if fall.fate == "short" else 0.0,
            scattered=False,
            short_at_home=True,
        )


def _groups(mixture: Mixture) -> list[Weights]:
    """The mixture cut into classes of like flight time."""
    groups: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for name, weight in _weights(mixture):
        groups[int(np.searchsorted(_LONGEST_S, CLASSES[name].max_flight_s))].append((name, weight))
    return [tuple(groups[key]) for key in sorted(groups)]


def _campaign(campaign: Campaign, stream: int, draws: Draws) -> Iterator[Salvo]:
    """Salvos between the published counts, so that every count is met exactly.

    Sizes are log-normal (notional), cut at the largest published one; times are even between
    two counts.
    """
    series = profile(campaign.profile)
    groups = _groups(campaign.mixture)
    shares = np.cumsum([sum(weight for _, weight in group) for group in groups])
    ordinal = 0
    for k, left in enumerate(np.diff(series.launched).tolist()):
        begin, end = float(series.time_s[k]), float(series.time_s[k + 1])
        while left > 0:
            size = draws.normal(RAID, ordinal, stream=stream, scan=1)[0]
            wanted = round(_MEDIAN_COUNT * float(np.exp(_COUNT_SPREAD * size)))
            count = min(max(wanted, 1), _MOST_AT_ONCE, left)
            which, when, pace = draws.uniform(RAID, ordinal, stream=stream, count=3)
            duration = (0.5 + pace) * _GAP_S * count
            group = groups[int(np.searchsorted(shares, which * shares[-1]))]
            yield Salvo(
                stream,
                ordinal,
                begin + when * max(end - begin - duration, 0.0),
                duration,
                count,
                group,
                campaign.areas,
                None,
                campaign.towards,
                misfire_share=float(series.short_share[k]),
                short_at_home=True,
            )
            ordinal, left = ordinal + 1, left - count
